--- An index over time: one row a unit, trends, and why a score moved.
local errors = require "difkit.error"
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local spec = require "difkit.index.spec"
local tables = require "difkit.table"
local kernel = require("difkit.core").index

---@class difkit.IndexResult
local Result = result.methods

---Scores (or ranks) over the periods: one row a unit, one column a period.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = {"SGP", "VNM"}, periods = "all", normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---print(("%.5f"):format(egdi:compute(db):panel()[2]["2014"])) --> 0.47045
---```
---@param what? "score"|"rank" default "score"
---@return difkit.Table
function Result:panel(what)
   if what ~= nil and what ~= "score" and what ~= "rank" then
      errors.unknown("value", what, {"score", "rank"}, "panel")
   end
   local columns, rows, units = {"unit"}, {}, #self.set.units
   for i, at in ipairs(self.set.periods) do columns[i + 1] = self.set.timeless and "value" or tostring(at) end
   for u, unit in ipairs(self.set.units) do
      rows[u] = {unit}
      for p = 1, #self.set.periods do
         local row = (p - 1) * units + u
         rows[u][p + 1] = what == "rank" and (self.rank[row] or nil) or what ~= "rank" and self.aggregated:get(row,
            1) or nil
      end
   end
   local t = tables.new(columns, rows)
   t.title, t.note = self.spec.root.shown, result.note(self)
   return t
end

---Trends: first and last score that a unit has, the change, the change a year by least squares over all its periods,
---the compound growth a year (of positive scores), and its ranks then.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = {"SGP", "VNM"}, periods = "all", normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---local trend = egdi:compute(db):trends()[2]
---print(trend.from, trend.to, ("%.4f %.3f"):format(trend.change, trend.slope)) --> 2014	2022	0.2082 0.027
---```
---@return difkit.Table columns unit, from, to, first, last, change, slope, growth, first_rank, last_rank
function Result:trends()
   local rows, units, times = {}, #self.set.units, self.set.times
   for u, unit in ipairs(self.set.units) do
      local first, last, n, sum_t, sum_y, sum_tt, sum_ty = nil, nil, 0, 0, 0, 0, 0
      for p = 1, #self.set.periods do
         local score = self.aggregated:get((p - 1) * units + u, 1)
         if score then
            local t = times[p] - times[1]
            first, last, n = first or p, p, n + 1
            sum_t, sum_y, sum_tt, sum_ty = sum_t + t, sum_y + score, sum_tt + t * t, sum_ty + t * score
         end
      end
      local out = {unit = unit}
      if first then
         local from, to = (first - 1) * units + u, (last - 1) * units + u
         out.from, out.to = not self.set.timeless and self.set.periods[first] or nil, self.set.periods[last]
         out.first, out.last = self.aggregated:get(from, 1), self.aggregated:get(to, 1)
         out.first_rank, out.last_rank = self.rank[from] or nil, self.rank[to] or nil
         local years = times[last] - times[first]
         if years > 0 then
            out.change = out.last - out.first
            local spread = n * sum_tt - sum_t * sum_t
            out.slope = (n * sum_ty - sum_t * sum_y) / spread
            if out.first > 0 and out.last > 0 then out.growth = (out.last / out.first) ^ (1 / years) - 1 end
         end
      end
      rows[u] = out
   end
   local t = tables.new({
      "unit", "from", "to", "first", "last", "change", "slope", "growth", "first_rank", "last_rank",
   }, rows)
   t.title, t.note = ("%s: trends"):format(self.spec.root.shown), result.note(self)
   return t
end

--- Why did it move ------------------------------------------------------------------------------------------------

local factors = {"new_data", "revised_data", "roster", "method"}

--- The raw values of one period of a result, by unit and source.
local function values_of(self, p)
   local values, units, stage = {}, #self.set.units, {}
   for leaf, node in ipairs(self.spec.indicators) do
      -- What was imputed in time cannot be imputed again from one period.
      local in_time = node.impute.method == "last" or node.impute.method == "linear"
      stage[leaf] = in_time and self.imputed or self.denominated
   end
   for u, unit in ipairs(self.set.units) do
      values[unit] = {}
      for leaf, node in ipairs(self.spec.indicators) do
         values[unit][node.id] = stage[leaf]:get((p - 1) * units + u, leaf)
      end
   end
   return values
end

--- Scores of one period from values, a roster and a spec: what a mixture of before and after gives.
local function scores_of(side, values, roster)
   local indicators = side.spec.indicators
   local raw = kernel.matrix(#roster, #indicators)
   for u, unit in ipairs(roster) do
      for leaf, node in ipairs(indicators) do
         raw:set(u, leaf, values[unit] and values[unit][node.id] or nil)
      end
   end
   local titles = side.set.titles
   local plain = spec.for_run(side.spec)
   for _, node in ipairs(plain.indicators) do node.denominator = nil end
   if type(plain.root.reference) ~= "string" or plain.root.reference ~= "period" then plain.root.reference = "all" end
   local known = {}
   for i, node in ipairs(side.spec.indicators) do
      if type(plain.indicators[i].source) == "string" then known[plain.indicators[i].source] = node.described end
   end
   local set = {
      units = roster, titles = titles, periods = {""}, times = {0}, timeless = true, raw = raw, known = known,
         spec = plain,
      from = side.set.from, groups_of = function() return side.groups_for(roster) end,
   }
   local made = run.from_set(plain, set)
   local scores = {}
   for u, unit in ipairs(roster) do scores[unit] = made.aggregated:get(u, 1) end
   return scores
end

--- Groups of units for imputation, for another roster than that of the result.
local function groups_for(self, p)
   return function(roster)
      local groups = self.set.groups_of(nil, self.spec.root)
      local at, numbers = {}, {}
      for u, unit in ipairs(self.set.units) do at[unit] = groups.numbers[(p - 1) * #self.set.units + u] end
      for i, unit in ipairs(roster) do numbers[i] = at[unit] or false end
      return {numbers = numbers, count = groups.count}
   end
end

--- Values where cells that one side lacks, and cells that both have, come from either side. A unit that only one side
--- compares brings its values along: that it came or went is a matter of the roster.
local function mixture(before, after, new_data, revised_data)
   local values = {}
   for _, side in ipairs {before, after} do
      local other = side == before and after or before
      for unit, cells in pairs(side.values) do
         if side.compares[unit] and not other.compares[unit] then values[unit] = cells end
      end
   end
   for _, side in ipairs {before, after} do
      for unit, cells in pairs(side.values) do
         if before.compares[unit] and after.compares[unit] then
            values[unit] = values[unit] or {}
            for id in pairs(cells) do
               local old = before.values[unit] and before.values[unit][id]
               local new = after.values[unit] and after.values[unit][id]
               local revised = old ~= nil and new ~= nil
               local take_new = revised and revised_data or not revised and new_data
               if take_new then values[unit][id] = new else values[unit][id] = old end
            end
         end
      end
   end
   return values
end

local function side_of(self, period, call)
   local p = result.place_of(self, call, period)
   local roster, compares = {}, {}
   for u, unit in ipairs(self.set.units) do
      if not self.set.member or self.set.member[p][self.set.units[u]] then
         roster[#roster + 1], compares[unit] = unit, true
      end
   end
   return {spec = self.spec, set = self.set, values = values_of(self, p), roster = roster, compares = compares,
      groups_for = groups_for(self, p)}
end

--- Shapley value of each factor from the scores of all subsets (bit f - 1 of a subset: factor f comes from after).
local function shapley(scores, unit)
   local weight = {}
   local count = #factors
   local function factorial(n) return n < 2 and 1 or n * factorial(n - 1) end
   for size = 0, count - 1 do weight[size] = factorial(size) * factorial(count - size - 1) / factorial(count) end
   local parts = {}
   for f = 1, count do
      local sum = 0
      for subset = 0, (1 << count) - 1 do
         if subset & (1 << (f - 1)) == 0 then
            local size = 0
            for bit = 0, count - 1 do size = size + (subset >> bit & 1) end
            local without, with = scores[subset][unit], scores[subset | (1 << (f - 1))][unit]
            if not without or not with then return nil end
            sum = sum + weight[size] * (with - without)
         end
      end
      parts[f] = sum
   end
   return parts
end

---Why did it move: the change of each unit's score between two results, or two periods of one, split into new data
---(cells that had no value before, or have none now), revised data (other values; between two periods: the values of
---the later one), roster (which units are compared) and method (the spec). Each part is a Shapley value over the
---four: the mean effect of the factor over all orders in which they could have changed, so that the parts sum to the
---change. Each side is computed on the units of its own period, so that scores relative to other periods do not
---enter.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", periods = "all", normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---local moved = egdi:compute(db):why(2018, 2022):where{unit = "VNM"}[1]
---print(("%.4f %.4f"):format(moved.change, moved.revised_data)) --> 0.0855 0.0855
---```
---@param before difkit.IndexResult|integer|string an earlier result, or an earlier period of this one
---@param period? integer|string the later period, default the last
---@return difkit.Table columns unit, before, after, change, new_data, revised_data, roster, method
function Result:why(before, period)
   local from, to
   if getmetatable(before) == "difkit.IndexResult" then
      from = side_of(before, before.set.timeless and nil or period, "why")
   else
      from = side_of(self, before, "why")
   end
   to = side_of(self, period, "why")
   local scores = {}
   for subset = 0, (1 << #factors) - 1 do
      local function after(f) return subset >> (f - 1) & 1 == 1 end
      local method = after(4) and to or from
      scores[subset] = scores_of(method, mixture(from, to, after(1), after(2)), after(3) and to.roster or from.roster)
   end
   local rows, all = {}, (1 << #factors) - 1
   for _, unit in ipairs(to.roster) do
      local out = {unit = unit, before = scores[0][unit], after = scores[all][unit]}
      if out.before and out.after then
         out.change = out.after - out.before
         local parts = shapley(scores, unit)
         for f, name in ipairs(factors) do out[name] = parts and parts[f] or nil end
      end
      rows[#rows + 1] = out
   end
   local t = tables.new({"unit", "before", "after", "change", table.unpack(factors)}, rows)
   t.title = ("%s: why the scores moved"):format(self.spec.root.shown)
   t.note = ("%d units before, %d after; parts are Shapley values over %s"):format(#from.roster, #to.roster,
      table.concat(factors, ", "):gsub("_", " "))
   return t
end

return Result
