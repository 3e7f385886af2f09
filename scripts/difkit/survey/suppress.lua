--- What of a survey is not to be published: cells of few, cells that one or two dominate, and, beside a margin, a
--- second cell where one is left out. What is published but weak is flagged.
local suppress = {}

--- Rules of the offices, which an option replaces: respondents in a cell at the least; the largest two of a total at
--- most.
suppress.defaults = {smallest = 5, largest = 2, share = 85}

--- Whether the largest contributions make up more than they may: of w·y with w taken at least 1.
local function dominated(design, members, values, rules)
   local contributions, total = {}, 0
   for position, index in ipairs(members) do
      local contribution = math.abs(values[position]) * math.max(1, design.weight[index])
      contributions[position] = contribution
      total = total + contribution
   end
   table.sort(contributions, function(a, b) return a > b end)
   local top = 0
   for i = 1, math.min(rules.largest, #contributions) do top = top + contributions[i] end
   return total > 0 and 100 * top / total > rules.share
end

--- Why a cell is not shown, or nil. `clusters`: how many of its own the respondents come from; `magnitude`: the
--- figure is a total or a ratio of magnitudes.
function suppress.reason(design, cell, rules)
   if cell.result.n < rules.smallest then return ("fewer than %d respondents"):format(rules.smallest) end
   if cell.clusters < 2 then return "all from one cluster" end
   if cell.magnitude and dominated(design, cell.members, cell.values, rules) then
      return ("the largest %d make up more than %d %%"):format(rules.largest, rules.share)
   end
end

--- Why a figure that is shown is weak, or nil: fewer than 30 answers, or a coefficient of variation above 30 per cent
--- (conventions of statistical offices).
function suppress.weak(result, effective)
   if result.n < 30 or effective and effective < 30 then return "fewer than 30 answers, or as good as" end
   if result.variance and result.estimate ~= 0 and math.sqrt(result.variance) > 0.3 * math.abs(result.estimate) then
      return "standard error above 30 % of the estimate"
   end
end

--- Beside a margin a single cell left out could be found by subtraction: of the cells of one breakdown the one of the
--- fewest respondents goes with it.
function suppress.second(cells)
   local hidden, smallest = 0, nil
   for _, cell in ipairs(cells) do
      if cell.reason then
         hidden = hidden + 1
      elseif not smallest or cell.result.n < smallest.result.n then
         smallest = cell
      end
   end
   if hidden == 1 and smallest then smallest.reason = "so that no other can be found by subtraction" end
end

return suppress
