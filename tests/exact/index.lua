-- Computes the indices that index.py sends: a table a line on standard input, {spec = …, rows = …, orders = {{2, 1}}}.
-- Gives a line for each order of the rows: unit, rank and score (or why there is none) of every unit.
local difkit = require "difkit"

local function show(row)
   if row.rank then return ("%s %d %.17g"):format(row.unit, row.rank, row.score) end
   return ("%s - %s"):format(row.unit, row.reason)
end

for line in io.lines() do
   local case = assert(load("return " .. line, "=case", "t", {}))()
   local index = difkit.index(case.spec)
   for _, order in ipairs(case.orders) do
      local rows, out = {}, {}
      for i, at in ipairs(order) do rows[i] = case.rows[at] end
      for row in index:compute(rows):ranks():rows() do out[#out + 1] = show(row) end
      print(table.concat(out, ";"))
   end
end
