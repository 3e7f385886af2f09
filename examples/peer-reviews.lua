--- Which member states have had their laws on e-commerce reviewed, by themselves or by a peer, and who has not said?
--- The reports are invented: examples/data/monitoring.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/monitoring/reports.yaml"})

local said = {}
for row in db:query [[SELECT unit_id, status, evidence FROM progress WHERE action_id = 'DIFAP.LF.1'
   AND unit_id IS NOT NULL ORDER BY as_of]] do said[row.unit_id] = row end
local rows = {}
for unit in db:units{group = "ASEAN", on = "2025-06-30"} do
   local known = said[unit.id]
   rows[#rows + 1] = {unit.title, known and known.status:gsub("_", " ") or "not reported", known and known.evidence}
end
return difkit.table({"member state", "review", "kind"}, rows)
