# Completion of difkit for fish: the program itself says what can follow; file names are offered as well.
complete -c difkit -a '(difkit __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
