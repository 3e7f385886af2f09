--- Delimited text of any kind: as a table, and as what an office has.
local difkit = require "difkit"

return {ending = ".csv", read = function(path, text)
   difkit.table.parse_csv(text, {separator = ","})
   difkit.table.read_csv(path)
   difkit.import(path)
end}
