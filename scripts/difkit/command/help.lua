--- `difkit help WORD`: prints what the annotations of the library say.
local core = require "difkit.core"

---`given`: the word as first of `arguments`; `near`, where it is a near miss of a command or a script.
return function(given)
   local help, word = require "difkit.script.help", given.arguments[1]
   local found = help.find(word)
   -- A near miss goes before words that are merely mentioned.
   local first = found[1]
   local named = first and (first.member == word or first.name == word or first.signature:match "^[^(]+" == word)
   if #found == 0 or given.near and not named then
      core.raise("usage", ('no help on "%s"'):format(word),
         given.near or "`difkit --help` lists the commands, `difkit scripts` the scripts")
   end
   print(help.text(word))
end
