--- Which actions recur every year, such as the sales day and the business surveys, and which years have been met?
--- difkit run examples/recurring.lua --with examples/data/illustrative
local difkit = require "difkit"
local db = assert(difkit.open())

local rows = {}
for action in db:actions{recurs = "annual"} do
   local met, years = 0, 0
   for step in db:target_status{id = action.id, as_of = "2025-12-31"}:rows() do
      years = years + 1
      if step.state == "met" then met = met + 1 end
   end
   rows[#rows + 1] = {action.id, action.topic_title, ("%d of %d years"):format(met, years)}
end
return difkit.table({"id", "topic", "reported as done in"}, rows)
