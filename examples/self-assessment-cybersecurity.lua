--- In which dimension of cybersecurity capacity is each state furthest from level 3? (WPAAEC.CS.5; invented answers.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/toolkits"})

local toolkit = assert(difkit.index "data/cybersecurity-toolkit.yaml")
local levels = toolkit:compute(db):maturity{period = 2025, target = 3}
local weakest = {}
for row in levels:rows() do
   local known = weakest[row.unit]
   if row.gap and row.gap > 0 and (not known or row.gap > known.gap) then weakest[row.unit] = row end
end
local rows = {}
for unit, row in difkit.sorted(weakest) do rows[#rows + 1] = {unit, row.dimension, row.level, row.gap, row.lowest} end
return difkit.table({"unit", "dimension", "level", "gap", "lowest"}, rows)
