--- Which actions of the Digital Masterplan have the best economic case? (ADM2025.IM.4; invented costs and benefits.)
--- Present value of costs and benefits in 2021, at 5 per cent a year, and what a dollar brings back.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers"})

local sums = {}
for row in db:from "appraisal":order("action_id", "year") do -- difkit: ignore
   local factor = 1.05 ^ (2021 - row.year)
   local sum = sums[row.action_id] or {cost = 0, benefit = 0}
   sum.cost, sum.benefit = sum.cost + row.cost * factor, sum.benefit + row.benefit * factor
   sums[row.action_id] = sum
end
local rows = {}
for action, sum in difkit.sorted(sums) do
   rows[#rows + 1] = {action, sum.cost, sum.benefit, sum.benefit - sum.cost, sum.benefit / sum.cost}
end
return difkit.table({"action", "cost", "benefit", "net", "ratio"}, rows):sort "net desc"
