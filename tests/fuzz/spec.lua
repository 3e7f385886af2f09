--- The specification of an index, computed where it is one.
local difkit = require "difkit"
local db = assert(difkit.open())

return {ending = ".yaml", read = function(path)
   local index = difkit.index.open(path)
   if index then index:compute(db) end
end}
