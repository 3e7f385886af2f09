--- How far is what the ACCEC is to track, and when was each last reported on?
--- The reports are invented: examples/data/monitoring.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/monitoring/reports.yaml"})

local ids = db:actions{body = "ACCEC"}:list "id"
local rows = {}
for row in db:action_status{id = ids, as_of = "2025-06-30"}:rows() do
   rows[#rows + 1] = {row.id, db:document(row.document).short_title, (row.status:gsub("_", " ")), row.reported}
end
return difkit.table({"action", "document", "status", "reported"}, rows)
