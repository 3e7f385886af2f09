--- Which commitments got another day when timelines were re-examined, as the Roadmap asks, and are they met by it?
--- The new days and the reports are invented: examples/data/monitoring.
local difkit = require "difkit"
local old, new = assert(difkit.open()), assert(difkit.open{"@bundled", "data/monitoring"})

local before, rows = {}, {}
for row in old:deadlines():rows() do before[row.action] = row.due end
for step in new:target_status{as_of = "2023-12-31"}:rows() do
   local was = before[step.id]
   if step.due and was and step.due ~= was and step.words:find "^illustrative" then
      rows[#rows + 1] = {step.id, was, step.due, step.due < was and "earlier" or "later", step.state}
   end
end
return difkit.table({"action", "was due", "now due", "moved", "stands"}, rows)
