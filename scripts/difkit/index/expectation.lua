--- Imputation by expectation-maximisation: the gaps of the indicators of a group from one another, period by period.
local core = require "difkit.core"

local kernel = core.index
local expectation = {}

--- The indicators of the group of a node, itself among them.
local function siblings(node)
   local list = {}
   for _, child in ipairs(node.parent.children) do
      if child.leaf then list[#list + 1] = child end
   end
   return list
end

--- Fills the gaps of one indicator in `matrix` from what `known`, the data before imputation, holds of its group.
--- What does not apply stays as it is. Where the group cannot be estimated, its gaps stay, and a warning says why.
function expectation.fill(run, matrix, node, known, blocks)
   for _, block in ipairs(blocks) do
      local from, count = block[1], block[2]
      local columns, own = {}, nil
      for i, child in ipairs(siblings(node)) do
         columns[i] = known:numbers(child.leaf, from, count)
         if child == node then own = i end
      end
      local found, flaw = kernel.expect(columns)
      if not found then
         run.warnings[#run.warnings + 1] = ('indicator "%s": its gaps stay, since its group "%s" %s (expectation)')
            :format(node.id, node.parent.id, flaw)
      else
         local values, empty = found.filled[own], {}
         for i = 1, count do
            local _, _, why = known:origin(from + i - 1, node.leaf)
            if columns[own][i] == nil and why == "not applicable" then values[i] = nil end
            if columns[own][i] == nil and values[i] == nil and why ~= "not applicable" then
               empty[#empty + 1] = run.set.units[(from + i - 2) % #run.set.units + 1]
            end
         end
         matrix:put(node.leaf, from, count, values, "imputed: expectation")
         if #empty > 0 then
            local text = 'indicator "%s": gaps stay for %s, which have no value of the group "%s"'
            run.warnings[#run.warnings + 1] = text:format(node.id, table.concat(empty, ", "), node.parent.id)
         end
      end
   end
end

return expectation
