--- On how many actions of each document is there a report by the middle of 2025, and what do the reports come to?
--- The reports are invented: examples/data/monitoring.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/monitoring/reports.yaml"})

local status, rows = db:action_status{as_of = "2025-06-30"}, {}
for document in db:documents() do
   local own = status:where{document = document.id}
   local function count(state) return #own:where{status = state} end
   rows[#rows + 1] = {document.short_title, #own, #own - count "not_reported", count "completed",
      count "in_progress" + count "delayed", #own:where{overdue = true}}
end
return difkit.table({"document", "actions", "reported on", "completed", "under way", "overdue"}, rows)
