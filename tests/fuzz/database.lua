--- A database file.
local difkit = require "difkit"

return {ending = ".db", read = function(path)
   local db = difkit.open(path)
   if not db then return end
   db:actions():rows()
   db:query "SELECT count(*) FROM observation":value()
   db:close()
end}
