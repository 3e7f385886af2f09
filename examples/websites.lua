--- Which states have a customs website, as DIFAP.CP.5 asks, and which has nobody looked at this year? (Invented.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers"})

local sites = difkit.registers.records(db, "website", {kind = "customs"})
local known = {}
for row in sites:rows() do known[row.unit_id] = row end
local rows = {}
for unit in db:units{group = "ASEAN", on = "2025-12-31"} do
   local site = known[unit.id] or {}
   local state = not known[unit.id] and "none" or not site.last_check and "never looked at"
      or site.last_check < "2025-01-01" and "not looked at this year" or site.found
   rows[#rows + 1] = {unit.title, site.address, site.last_check, state}
end
return difkit.table({"state", "address", "last_check", "found"}, rows)
