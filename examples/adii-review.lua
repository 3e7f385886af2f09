--- What has moved in the Digital Integration Index between the review and the year before the plan ended? (ACRF.RM.1.)
--- The pillars are those of the framework; the values are invented.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/indices"})

local pillars = {"trade", "data", "payments", "talent", "enterprise", "coordination"}
for i, pillar in ipairs(pillars) do pillars[i] = "adii." .. pillar end
local index = difkit.index{id = "adii", units = "ASEAN", periods = {2021, 2025}, normalise = "none", children = pillars}
local by_unit = {}
for row in index:compute(db):scores():rows() do
   by_unit[row.unit] = by_unit[row.unit] or {}
   by_unit[row.unit][row.period] = row.score
end
local rows = {}
for unit, of in difkit.sorted(by_unit) do rows[#rows + 1] = {unit, of[2021], of[2025], of[2025] - of[2021]} end
return difkit.table({"unit", "2021", "2025", "change"}, rows):sort "change desc"
