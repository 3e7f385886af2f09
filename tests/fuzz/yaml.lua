--- A framework in YAML: loaded, and asked for what it holds.
local difkit = require "difkit"

return {ending = ".yaml", read = function(path)
   local db = difkit.open(path)
   if not db then return end
   db:actions():rows()
   db:close()
end}
