--- `difkit help WORD`: prints what the annotations of the library say.
local core = require "difkit.core"

---`given`: the word as first of `arguments`.
return function(given)
   local help, word = require "difkit.script.help", given.arguments[1]
   if #help.find(word) == 0 then
      core.raise("usage", ('no help on "%s"'):format(word),
         "`difkit --help` lists the commands, `difkit scripts` the scripts")
   end
   print(help.text(word))
end
