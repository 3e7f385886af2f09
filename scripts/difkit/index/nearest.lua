--- Imputation by the nearest units: a gap gets the mean of the units that are most alike in what both report, over all
--- indicators of the index, period by period.
local core = require "difkit.core"

local kernel = core.index
local nearest = {}

--- Fills the gaps of one indicator in `matrix` from `known`, the data before imputation. What does not apply stays as
--- it is; a unit that shares no indicator with another that has a value keeps its gap, and a warning names it.
function nearest.fill(run, matrix, node, how, known, blocks)
   for _, block in ipairs(blocks) do
      local from, count = block[1], block[2]
      local columns = {}
      for leaf = 1, #run.spec.indicators do columns[leaf] = known:numbers(leaf, from, count) end
      local values, empty = kernel.nearest(columns, node.leaf, how.neighbours or 5), {}
      for i = 1, count do
         local _, _, why = known:origin(from + i - 1, node.leaf)
         if columns[node.leaf][i] == nil and why == "not applicable" then values[i] = nil
         elseif values[i] == nil then empty[#empty + 1] = run.set.units[(from + i - 2) % #run.set.units + 1] end
      end
      matrix:put(node.leaf, from, count, values, "imputed: nearest")
      if #empty > 0 then
         run.warnings[#run.warnings + 1] = ('indicator "%s": gaps stay for %s, which share nothing with a unit '
            .. 'that has '
            .. 'a value'):format(node.id, table.concat(empty, ", "))
      end
   end
end

return nearest
