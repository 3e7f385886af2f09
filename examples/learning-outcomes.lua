--- Which outcomes of learning do too few pupils reach, and is it getting better? (ACRF.DE.1; invented shares.)
--- The outcomes are a declared table: data/registers/registers.yaml says what a learner can do.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers"})

local before = {}
for row in db:from "outcome":where{year = 2023} do before[row.unit_id .. row.outcome] = row.share end -- difkit: ignore
return db:from "outcome":where{year = 2025}:order("outcome", "share"):table() -- difkit: ignore
   :where(function(row) return row.share < row.aim end)
   :derive("short", function(row) return row.aim - row.share end)
   :derive("since_2023", function(row) return row.share - before[row.unit_id .. row.outcome] end)
   :select("outcome", "unit_id", "share", "aim", "short", "since_2023")
