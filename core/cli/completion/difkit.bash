# Completion of difkit for bash: the program itself says what can follow.
_difkit() {
    local IFS=$'\n' current="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=($("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _difkit difkit
