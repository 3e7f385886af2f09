--- Which non-tariff measures has nobody reviewed, and how mature is the state that keeps them? (ACRF.CP.3; invented.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers", "data/toolkits"})

local review = {}
local toolkit = assert(difkit.index "data/ntm-toolkit.yaml")
for row in toolkit:compute(db):maturity{period = 2025}:where{dimension = "Review"}:rows() do
   review[row.unit] = row.level
end
return difkit.registers.records(db, "ntm", {status = "in_force", unchecked = "2025-01-01"})
   :select("unit_id", "chapter", "product", "title", "last_check")
   :derive("review_level", function(row) return review[row.unit_id] end)
