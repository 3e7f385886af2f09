--- `difkit new`: writes a commented start that runs.
local core = require "difkit.core"

---`given`: kind and name as `arguments`, the folder `in`, `dry_run`.
return function(given)
   local kind, name = given.arguments[1], given.arguments[2]
   if not name then
      core.raise("usage", "new: what, and under which name?",
         "usage: difkit new script|framework|index NAME, or words LANGUAGE")
   end
   require("difkit.script.new").write{kind = kind, name = name, folder = given["in"], dry_run = given.dry_run}
end
