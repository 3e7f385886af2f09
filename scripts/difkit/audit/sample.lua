--- What the sections of an audit compute from: the columns of one period as lists, and statistics of them. Values
--- are those of the
--- last period computed; a list has a number, or nil, for each unit, and `n`, the number of units.
local core = require "difkit.core"

local kernel = core.index
local sample = {complete = require "difkit.complete"}

--- A column of a matrix as a list over the units of the last period.
function sample.column(result, matrix, at)
   local units = #result.set.units
   local from = (#result.set.periods - 1) * units
   local list = {n = units}
   for u = 1, units do list[u] = matrix:get(from + u, at) end
   return list
end

--- The scores of another computation of the same index.
function sample.root_scores(result) return sample.column(result, result.aggregated, 1) end

--- The children of a group with their scores, the group's own, and its title.
local function group_of(self, node)
   local group = {id = node.id, title = node.shown, node = node, children = {}, level = node.level}
   for i, child in ipairs(node.children) do
      group.children[i] = {id = child.id, title = child.shown, node = child, weight = self.result.weights[child.number],
         x = self.scores[child.id], constant = self.constant[child.id]}
   end
   group.score = self.scores[node.id]
   return group
end

--- Reads a computed index once: {result, n, units, scores by id, raw by id, groups (parents first), constant by id}.
function sample.of(result)
   local self = {result = result, units = result.set.units, n = #result.set.units, scores = {}, raw = {}, groups = {},
      constant = {}, indicators = {}, by_group = {}}
   for _, node in ipairs(result.spec.nodes) do
      self.scores[node.id] = sample.column(result, result.aggregated, node.number)
   end
   for leaf, node in ipairs(result.spec.indicators) do
      self.indicators[leaf] = node
      self.raw[node.id] = sample.column(result, result.denominated, leaf)
      local seen, same, count = nil, true, 0
      for u = 1, self.n do
         local value = self.raw[node.id][u]
         if value then
            if seen and value ~= seen then same = false end
            seen, count = seen or value, count + 1
         end
      end
      self.constant[node.id] = same and count >= 2
   end
   for _, node in ipairs(result.spec.nodes) do
      if node.children then
         local group = group_of(self, node)
         self.groups[#self.groups + 1] = group
         self.by_group[node.id] = group
      end
   end
   return self
end

--- Pearson's r of two lists over the units that have both, and their number; nil where it is not defined.
function sample.correlation(x, y)
   local pair, count = sample.complete{x, y}
   if count < 3 then return nil, count end
   return kernel.correlation_matrix(pair)[2], count
end

--- What is left of a group without one child: for each unit the weighted mean of the other children that it has.
function sample.rest(group, skipped)
   local list = {n = group.score.n}
   for u = 1, list.n do
      local sum, weight = 0, 0
      for _, child in ipairs(group.children) do
         if child.id ~= skipped and child.x[u] and not child.constant then
            sum, weight = sum + child.weight * child.x[u], weight + child.weight
         end
      end
      if weight > 0 then list[u] = sum / weight end
   end
   return list
end

--- Children that vary: what a matrix can be made of.
function sample.varying(group)
   local list = {}
   for _, child in ipairs(group.children) do
      local low, high
      for u = 1, child.x.n do
         local value = child.x[u]
         if value then low, high = math.min(low or value, value), math.max(high or value, value) end
      end
      if low and high > low and not child.constant then list[#list + 1] = child end
   end
   return list
end

--- Ranks (1, 2, 2, 4) of a list, the highest first; nil where there is no score.
function sample.ranks(list)
   local order, ranks = {}, {n = list.n}
   for u = 1, list.n do
      if list[u] then order[#order + 1] = u end
   end
   table.sort(order, function(a, b)
      if list[a] ~= list[b] then return list[a] > list[b] end
      return a < b
   end)
   for i, u in ipairs(order) do
      local before = order[i - 1]
      local tied = before and math.abs(list[before] - list[u]) <= 1e-9 * math.max(1, math.abs(list[u]))
      ranks[u] = tied and ranks[before] or i
   end
   return ranks, #order
end

--- Spearman's correlation over the units that have both.
function sample.spearman(x, y)
   local pair, count = sample.complete{x, y}
   if count < 3 then return nil, count end
   return kernel.correlation_matrix(pair, "spearman")[2], count
end

--- Kendall's tau-b over the units that have both.
function sample.kendall(x, y)
   local pair, count = sample.complete{x, y}
   if count < 3 then return nil, count end
   return kernel.correlation_matrix(pair, "kendall")[2], count
end

return sample
