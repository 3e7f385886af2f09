--- `difkit run SCRIPT --help`: prints the help of a script.
local check = require("difkit.script.run").check

---`given`: the `text` of the script, its `name`, and the `command` that runs it.
return function(given)
   local script = require "difkit.script"
   local header = check(script.header(given.text, given.name))
   print(script.usage(header, given.command))
   print "\nOptions of every script (--db, --format, --output …): `difkit run --help`."
end
