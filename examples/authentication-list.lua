--- Which authentication technologies are on the common list, and between which states would each be recognised?
--- The repository list that WPAAEC.EA.6 asks for, as a declared table (invented records); pairs approve the same.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers"})

local states = {}
for row in db:from "technology":where{status = "approved"}:order("technology", "unit_id") do -- difkit: ignore
   states[row.technology] = states[row.technology] or {level = row.assurance}
   table.insert(states[row.technology], row.unit_id)
end
local rows = {}
for technology, of in difkit.sorted(states) do
   rows[#rows + 1] = {technology, of.level, #of, #of * (#of - 1) // 2, table.concat(of, " ")}
end
return difkit.table({"technology", "assurance", "states", "pairs", "approved by"}, rows)
   :sort("assurance desc", "technology")
