--- Imputation by expectation-maximisation, and by draws (multiple imputation): the gaps of the indicators of a group
--- from one another, period by period.
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

--- The draws of a group in one period, made once for all of its indicators: a list of columns a draw; or nil and why
--- not.
local function draws_of(chance, node, columns, from)
   local key = node.parent.id .. " " .. from
   if chance.measurement then key = key .. " " .. chance.draw end -- other values each time, and so other draws
   if chance.cache[key] == nil then
      local count = chance.measurement and 1 or chance.draws
      local seed = chance.seed * 1009 + node.parent.number + (chance.measurement and 7919 * chance.draw or 0)
      local made, flaw = kernel.augment(columns, count, seed)
      chance.cache[key] = made or {flaw = flaw}
   end
   local made = chance.cache[key]
   return made[chance.measurement and 1 or chance.draw], made.flaw
end

--- Bounds that a value cannot leave: those that are declared, or of an indicator with two values these.
local function bounds_of(node, values)
   local low, high, between = math.huge, -math.huge, false
   for i = 1, values.n do
      local value = values[i]
      if value then low, high = math.min(low, value), math.max(high, value) end
   end
   for i = 1, values.n do between = between or values[i] and values[i] > low and values[i] < high end
   if not between then return low, high end
   if node.denominator then return -math.huge, math.huge end -- the bounds are those of the raw value
   local described = node.described or {}
   return node.lower or rawget(described, "lower") or -math.huge, node.upper or rawget(described, "upper") or math.huge
end

--- Fills the gaps of one indicator in `matrix` from what `known`, the data before imputation, holds of its group: by
--- what is expected, or in a draw of multiple imputation by what is drawn. What does not apply stays as it is. Where
--- the group cannot be estimated, its gaps stay, and a warning says why.
function expectation.fill(run, matrix, node, how, known, blocks)
   local chance = how.method == "multiple" and run.chance
   for _, block in ipairs(blocks) do
      local from, count = block[1], block[2]
      local columns, own = {}, nil
      for i, child in ipairs(siblings(node)) do
         columns[i] = known:numbers(child.leaf, from, count)
         if child == node then own = i end
      end
      local found, flaw
      if chance then found, flaw = draws_of(chance, node, columns, from)
      else
         found, flaw = kernel.expect(columns)
         found = found and found.filled
      end
      if not found then
         run.warnings[#run.warnings + 1] = ('indicator "%s": its gaps stay, since its group "%s" %s (%s)')
            :format(node.id, node.parent.id, flaw, how.method)
      else
         local values, empty = table.move(found[own], 1, count, 1, {}), {}
         local low, high = -math.huge, math.huge
         if chance then
            columns[own].n = count
            low, high = bounds_of(node, columns[own])
         end
         for i = 1, count do
            local _, _, why = known:origin(from + i - 1, node.leaf)
            if columns[own][i] == nil then
               if why == "not applicable" then values[i] = nil
               elseif values[i] == nil then
                  empty[#empty + 1] = run.set.units[(from + i - 2) % #run.set.units + 1]
               elseif values[i] < low or values[i] > high then
                  values[i] = math.max(low, math.min(high, values[i]))
                  chance.bounded = (chance.bounded or 0) + 1
               end
            end
         end
         matrix:put(node.leaf, from, count, values, chance and "imputed: drawn" or "imputed: expectation")
         if #empty > 0 then
            local text = 'indicator "%s": gaps stay for %s, which have no value of the group "%s"'
            run.warnings[#run.warnings + 1] = text:format(node.id, table.concat(empty, ", "), node.parent.id)
         end
      end
   end
end

return expectation
