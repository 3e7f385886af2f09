--- What one unit of an indicator buys, in index points and in units of the other indicators of its group, for the
--- section "Importance" of an audit. Where means are geometric the rate hangs on the unit: its median and both ends
--- are given.
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"

local tradeoffs = {}

--- Whether all groups above a node are arithmetic means.
local function linear_above(node)
   local above = node.parent
   while above do
      if above.aggregate.method ~= "arithmetic" then return false end
      above = above.parent
   end
   return true
end

--- Normalised points that one treated unit is worth; nil where that is not one number.
local function slope_of(node, treated)
   local how = node.normalise
   if how.method == "minmax" then
      if not treated.maximum or treated.maximum <= treated.minimum then return nil end
      return ((how.high or 100) - (how.low or 0)) / (treated.maximum - treated.minimum)
   elseif how.method == "zscore" then
      return treated.deviation and treated.deviation > 0 and (how.deviation or 1) / treated.deviation or nil
   elseif how.method == "goalposts" then
      local lower = how.lower or node.lower or rawget(node.described, "lower")
      local upper = how.upper or node.upper or rawget(node.described, "upper")
      return lower and upper and (how.high or 100) / (upper - lower) or nil
   elseif how.method == "none" then
      return 1
   end
end

--- Index points a raw unit, by indicator, where the index is linear in it.
function tradeoffs.points(self)
   local result, rows = self.result, {}
   local effective = result.tree:effective(result.weights)
   local from = (#result.set.periods - 1) * self.n + 1
   for leaf, node in ipairs(self.indicators) do
      local treated = kernel.summary(result.treated, leaf, from, self.n)
      local slope = linear_above(node) and not node.transform and slope_of(node, treated)
      if slope and effective[node.number] > 0 then
         local points = effective[node.number] * slope * node.sign
         rows[#rows + 1] = {indicator = node.id, group = node.parent.id, effective_weight = effective[node.number],
            minimum = treated.minimum, maximum = treated.maximum, points_per_unit = points,
            points_per_deviation = treated.deviation and points * treated.deviation, units_per_point = 1 / points,
            measure = node.measure or rawget(node.described, "measure")}
      end
   end
   return rows
end

--- The change of one indicator that goes with one more unit of another of its group where the index stays the same.
function tradeoffs.rates(points)
   local rows = {}
   for _, give in ipairs(points) do
      for _, take in ipairs(points) do
         if give ~= take and give.group == take.group then
            rows[#rows + 1] = {group = give.group, give = give.indicator, take = take.indicator,
               change = -give.points_per_unit / take.points_per_unit}
         end
      end
   end
   return rows
end

--- The rate of exchange of the children of a geometric group, -(w_i x_j)/(w_j x_i), over the units.
function tradeoffs.geometric(self)
   local rows = {}
   for _, group in ipairs(self.groups) do
      for i, left in ipairs(group.children) do
         for j, right in ipairs(group.children) do
            if i ~= j and group.node.aggregate.method == "geometric" and right.weight > 0 then
               local list = {}
               for u = 1, self.n do
                  local x, y = left.x[u], right.x[u]
                  if x and y and x > 0 and y > 0 then
                     list[#list + 1] = -(left.weight * y) / (right.weight * x)
                  end
               end
               if #list > 0 then
                  rows[#rows + 1] = {group = group.id, give = left.id, take = right.id, n = #list,
                     least = kernel.quantile(list, 0), median = kernel.quantile(list, 0.5),
                     most = kernel.quantile(list, 1)}
               end
            end
         end
      end
   end
   return rows
end

--- A sentence for each group of indicators: what a unit of its heaviest one is worth in another.
local function say(out, rates, points)
   local said, by = {}, {}
   for _, row in ipairs(points) do by[row.indicator] = row end
   for _, row in ipairs(rates) do
      if not said[row.group] and by[row.give].measure and by[row.take].measure then
         said[row.group] = true
         finding.add(out, {code = "trade_off", subject = row.give .. "+" .. row.take, within = row.group,
            grade = "note",
            figures = {row.change}, text = "In %s one unit of %s (%s) makes up for %s of %s (%s).",
            values = {row.group, row.give, by[row.give].measure, finding.number(math.abs(row.change)), row.take,
               by[row.take].measure}})
      end
   end
end

function tradeoffs.run(self, out)
   local points = tradeoffs.points(self)
   local rates = tradeoffs.rates(points)
   say(out, rates, points)
   finding.table(out, "trade_offs", "What one raw unit buys in index points", finding.rows({"indicator", "group",
      "effective_weight", "minimum", "maximum", "points_per_unit", "points_per_deviation", "units_per_point",
         "measure"},
      points))
   finding.table(out, "rates", "Units of one that make up for one unit of another", finding.rows({"group", "give",
      "take", "change"}, rates))
   if #rates > 0 then out.tables[#out.tables].data_only = true end
   finding.table(out, "geometric_rates", "Rates of exchange under geometric means", finding.rows({"group", "give",
      "take", "n", "least", "median", "most"}, tradeoffs.geometric(self)))
end

return tradeoffs
