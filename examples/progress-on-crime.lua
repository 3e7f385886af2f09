--- Which states report progress against transnational crime, as the Work Plan asks each to, and how many are wanting?
--- The reports are invented: examples/data/monitoring. One report was withdrawn, and counts no more.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/monitoring/reports.yaml"})

local rows = {}
for _, date in ipairs {"2024-06-30", "2025-06-30"} do
   local step = db:target_status{id = "WPAAEC.CS.6", as_of = date}[1]
   local reported = db:unit_status{id = "WPAAEC.CS.6", as_of = date}:where{status = "completed"}:column "unit"
   rows[#rows + 1] = {date, step.asks, table.concat(reported, " "), ("%d of %d"):format(step.completed, step.need),
      step.need - step.completed}
end
return difkit.table({"on", "asked of", "have reported", "how many", "wanting"}, rows)
