--- `difkit migrate`: brings a database of an older difkit up to date.
local core = require "difkit.core"
local check = require("difkit.script.run").check

---`given`: the file as first of `arguments`.
return function(given)
   local path = given.arguments[1]
   local done = check(core.migrate(path))
   if done.backup then
      print(("migrated %s from version %d (difkit %s) to version %d; as it was, it is %s"):format(path, done.from,
         done.release, done.to, done.backup))
   else
      print(("unchanged %s: its tables are of version %d already"):format(path, done.to))
   end
end
