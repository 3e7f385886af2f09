--- `difkit diff`: compares two states of the data and prints the differences.
local core = require "difkit.core"
local check = require("difkit.script.run").check

---`given`: both as `arguments`, `index`, `json`, `all`, `quiet`. Gives whether they hold the same.
return function(given)
   local old, new = given.arguments[1], given.arguments[2]
   local diff = check(require("difkit").diff(old, new, {index = given.index}))
   if given.json then print(diff:json())
   elseif not given.quiet then core.write_output(diff:text{limit = given.all and 0 or nil} .. "\n") end
   return diff:same()
end
