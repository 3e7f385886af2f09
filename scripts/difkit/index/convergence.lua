--- Distance and convergence: whether units draw nearer to one another, and which are alike.
local errors = require "difkit.error"
local result = require "difkit.index.result"
local tables = require "difkit.table"

---@class difkit.IndexResult
local Result = result.methods

--- Mean, deviation (of all units, divisor n), least and greatest of a list.
local function spread(list)
   local sum, low, high = 0, math.huge, -math.huge
   for _, x in ipairs(list) do sum, low, high = sum + x, math.min(low, x), math.max(high, x) end
   local mean, squares = sum / #list, 0
   for _, x in ipairs(list) do squares = squares + (x - mean) ^ 2 end
   return mean, math.sqrt(squares / #list), low, high
end

--- Slope and correlation of y on x; nil of fewer than three or of a constant.
local function line_of(x, y)
   if #x < 3 then return nil end
   local mean_x, mean_y = (spread(x)), (spread(y))
   local xx, xy, yy = 0, 0, 0
   for i = 1, #x do
      xx, xy = xx + (x[i] - mean_x) ^ 2, xy + (x[i] - mean_x) * (y[i] - mean_y)
      yy = yy + (y[i] - mean_y) ^ 2
   end
   if xx == 0 then return nil end
   return xy / xx, yy > 0 and xy / math.sqrt(xx * yy) or nil
end

--- What became of a node between two periods, over the units that have both.
local function row_of(self, node, first, last, years)
   local units = #self.set.units
   local before, after, at, growth = {}, {}, {}, {}
   for u = 1, units do
      local x = self.aggregated:get((first - 1) * units + u, node.number)
      local y = self.aggregated:get((last - 1) * units + u, node.number)
      if x and y then
         before[#before + 1], after[#after + 1] = x, y
         if x > 0 and y > 0 then
            at[#at + 1], growth[#growth + 1] = math.log(x), math.log(y / x) / years
         end
      end
   end
   local row = {node = node.id, units = #before}
   if #before < 2 then return row end
   local low, high, mean
   mean, row.sigma_before, low, high = spread(before)
   row.variation_before, row.range_before = mean ~= 0 and row.sigma_before / mean or nil, high - low
   mean, row.sigma_after, low, high = spread(after)
   row.variation_after, row.range_after = mean ~= 0 and row.sigma_after / mean or nil, high - low
   row.beta, row.r = line_of(at, growth)
   return row
end

---Sigma and beta convergence of the index, its parts and all groups below them between the first and the last period:
---the standard deviation of the scores (divisor n), their coefficient of variation, best minus worst; and the slope
---`beta` of the annual growth ln(y/x)/years on ln(x), with its correlation `r`: below zero those behind grow faster
---(Barro and Sala-i-Martin 1992). Units that have no score in both periods are left out, and those at or below zero
---have no growth.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", periods = {2014, 2022}, children = {"osi", "tii", "hci"},
---   normalise = "none"}
---local row = egdi:compute(db):convergence()[1]
---print(row.node, row.units, row.beta < 0) --> egdi	10	true
---```
---@return difkit.Table columns node, units, sigma_before, sigma_after, variation_before, variation_after, range_before,
---range_after, beta, r
function Result:convergence()
   local periods = self.set.periods
   local first, last = tonumber(periods[1]), tonumber(periods[#periods])
   if self.set.timeless or not first or not last or last <= first then
      errors.raise("convergence: at least two years are needed", "such as periods = {2018, 2022}")
   end
   local rows = {}
   for _, node in ipairs(self.spec.nodes) do
      if node.level <= 1 or node.children then rows[#rows + 1] = row_of(self, node, 1, #periods, last - first) end
   end
   local t = tables.new({"node", "units", "sigma_before", "sigma_after", "variation_before", "variation_after",
      "range_before", "range_after", "beta", "r"}, rows)
   t.title = ("%s: convergence from %s to %s"):format(self.spec.root.shown, periods[1], periods[#periods])
   t.note = result.note(self)
   return t
end

--- The root of the mean square difference of two units over the indicators that both have; nil where they share none.
local function distance(self, a, b)
   local sum, count = 0, 0
   for leaf = 1, #self.spec.indicators do
      local x, y = self.normalised:get(a, leaf), self.normalised:get(b, leaf)
      if x and y then sum, count = sum + (x - y) ^ 2, count + 1 end
   end
   return count > 0 and math.sqrt(sum / count) or nil
end

--- Average linkage: the two clusters that are nearest on average are joined until `wanted` are left.
local function clusters_of(units, distances, wanted)
   local clusters = {}
   for u = 1, units do clusters[u] = {u} end
   local function apart(left, right)
      local sum = 0
      for _, a in ipairs(left) do
         for _, b in ipairs(right) do sum = sum + (distances[a][b] or math.huge) end
      end
      return sum / (#left * #right)
   end
   while #clusters > wanted do
      local nearest, first, second = math.huge, nil, nil
      for i = 1, #clusters do
         for j = i + 1, #clusters do
            local d = apart(clusters[i], clusters[j])
            if d < nearest then nearest, first, second = d, i, j end
         end
      end
      if not first then break end
      table.move(clusters[second], 1, #clusters[second], #clusters[first] + 1, clusters[first])
      table.remove(clusters, second)
   end
   local cluster = {}
   for c, members in ipairs(clusters) do
      for _, u in ipairs(members) do cluster[u] = c end
   end
   return cluster
end

---Units that are alike, in the last period: clusters by average linkage of the distances between normalised indicators
---(root of the mean square over those that both have), the nearest `peers` of each unit, and how far its score is from
---the best, from a benchmark (a unit) and from a target (a score).
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local peers = egdi:compute(db):peers{clusters = 3, benchmark = "MYS"}
---print(peers[1].unit, peers[1].cluster, peers[1].to_best) --> SGP	1	0.0
---```
---@param options? {clusters?: integer, peers?: integer, benchmark?: string, target?: number}
---@return difkit.Table columns unit, cluster, score, to_best, to_benchmark, to_target (with a target), peers, distance
function Result:peers(options)
   options = errors.options("peers", options, {"clusters", "peers", "benchmark", "target"})
   local wanted, most = options.clusters or 4, options.peers or 3
   errors.check("peers", "clusters", wanted, "integer")
   errors.check("peers", "peers", most, "integer")
   errors.check("peers", "target", options.target, "number", "optional")
   if wanted < 1 or most < 1 then errors.raise("peers: clusters and peers must be at least 1") end
   local units, from = #self.set.units, (#self.set.periods - 1) * #self.set.units
   local benchmark = options.benchmark
      and self.aggregated:get((result.row_of(self, "peers", options.benchmark)), 1) or nil
   local distances, best = {}, nil
   for a = 1, units do
      distances[a] = {}
      local score = self.aggregated:get(from + a, 1)
      if score and (not best or score > best) then best = score end
      for b = 1, units do if a ~= b then distances[a][b] = distance(self, from + a, from + b) end end
   end
   local cluster, rows = clusters_of(units, distances, wanted), {}
   local numbers, count = {}, 0 -- clusters in the order of their best units
   for _, row in ipairs(result.in_rank_order(self, self.rank)) do
      local u = row - from
      if u >= 1 then
         local others = {}
         for b in pairs(distances[u]) do others[#others + 1] = b end
         table.sort(others, function(a, b)
            if distances[u][a] ~= distances[u][b] then return distances[u][a] < distances[u][b] end
            return self.set.units[a] < self.set.units[b]
         end)
         local names = {}
         for p = 1, math.min(most, #others) do names[p] = self.set.units[others[p]] end
         local score = self.aggregated:get(row, 1)
         if not numbers[cluster[u]] then
            count = count + 1
            numbers[cluster[u]] = count
         end
         rows[#rows + 1] = {unit = self.set.units[u], cluster = numbers[cluster[u]], score = score,
            to_best = score and best - score, to_benchmark = score and benchmark and score - benchmark or nil,
            to_target = score and options.target and score - options.target or nil,
            peers = table.concat(names, ", "), distance = others[1] and distances[u][others[1]]}
      end
   end
   local columns = {"unit", "cluster", "score", "to_best", "to_benchmark", "peers", "distance"}
   if options.target then table.insert(columns, 6, "to_target") end
   local t = tables.new(columns, rows)
   t.title = ("%s: units that are alike"):format(self.spec.root.shown)
   t.note = result.note(self)
   return t
end

return Result
