--- Which actions of the Action Plan does the Recovery Framework take over, and in which words? (Inheritance.)
local difkit = require "difkit"
local db = assert(difkit.open())

return difkit.succession.actions(db, "DIFAP", "ACRF")
   :where(function(row) return row.became == "carried" or row.became == "changed" end)
   :select("id", "became", "to", "differences")
