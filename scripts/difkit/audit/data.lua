--- Section "Data" of an audit: what is there, what varies, what stands out.
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"
local available = require "difkit.audit.available"

local data = {}

--- Numbers that stand for "no value" in many sources.
local sentinels = {[-99] = true, [-999] = true, [-9999] = true, [999] = true, [9999] = true, [99999] = true,
   [-1] = true}

local function suspicious(list)
   local seen, count = {}, {}
   for u = 1, list.n do
      local value = list[u]
      if value and sentinels[value] then
         if not count[value] then seen[#seen + 1] = value end
         count[value] = (count[value] or 0) + 1
      end
   end
   if #seen == 0 then return nil end
   table.sort(seen)
   local low, high
   for u = 1, list.n do
      local value = list[u]
      if value and not sentinels[value] then
         low, high = math.min(low or value, value), math.max(high or value, value)
      end
   end
   for _, value in ipairs(seen) do
      --- Far outside of what the others are: beyond their range by more than the range itself.
      if low and (value < low - (high - low) or value > high + (high - low)) then return value, count[value] end
   end
end

local function shape_of(self, node, settings, out)
   local raw = self.raw[node.id]
   local from = (#self.result.set.periods - 1) * self.n + 1
   local summary = kernel.summary(self.result.denominated, node.leaf, from, self.n)
   local treated = kernel.summary(self.result.treated, node.leaf, from, self.n)
   local row = {indicator = node.id, available = summary.available, distinct = summary.unique,
      same = summary.available > 0 and summary.same / summary.available or nil, minimum = summary.minimum,
      maximum = summary.maximum, skewness = summary.skewness, kurtosis = summary.kurtosis,
      skewness_treated = treated.skewness, kurtosis_treated = treated.kurtosis}
   if self.constant[node.id] then
      finding.add(out, {code = "constant", subject = node.id, grade = "finding", figures = {summary.available},
         text = "%s has one and the same value for all %d units that have one: it tells no unit from another.",
         values = {node.id, summary.available}})
   elseif row.same and row.same >= settings.near_constant and summary.available >= 10 then
      finding.add(out, {code = "near_constant", subject = node.id, grade = "finding", figures = {row.same},
         text = "%s of the values of %s are one and the same.", values = {finding.percent(row.same), node.id}})
   end
   if not self.constant[node.id] and row.skewness and row.kurtosis and math.abs(row.skewness) > settings.skewness
      and row.kurtosis > settings.kurtosis then
      local furthest, distance = 1, -1
      for u = 1, self.n do
         local away = raw[u] and math.abs(raw[u] - summary.mean) or -1
         if away > distance then furthest, distance = u, away end
      end
      row.furthest = self.units[furthest]
      finding.add(out, {code = "outlier", subject = node.id, grade = "look", figures = {row.skewness, row.kurtosis},
         text = "%s has a skewness of %s and a kurtosis of %s; %s stands furthest from the mean.",
         values = {node.id, finding.number(row.skewness), finding.number(row.kurtosis), row.furthest}})
   end
   local value, times = suspicious(raw)
   if value then
      finding.add(out, {code = "sentinel", subject = node.id, grade = "look", figures = {value, times},
         text = "%s holds the value %s (%d times), far from all others: it may stand for a gap.",
         values = {node.id, finding.number(value), times}})
   end
   return row
end

local function duplicates(self, out)
   local done = {}
   for i, left in ipairs(self.indicators) do
      for j = i + 1, #self.indicators do
         local right = self.indicators[j]
         local r, n = sample.correlation(self.raw[left.id], self.raw[right.id])
         if r and n >= 4 and math.abs(r) > 1 - 1e-12 and not done[right.id] then
            done[right.id] = true
            finding.add(out, {code = "duplicate", subject = left.id .. "+" .. right.id, grade = "finding",
               figures = {r, n}, pair = {left.id, right.id},
               text = "%s and %s say the same: their correlation is %s over %d units.",
               values = {left.id, right.id, finding.number(r), n}})
         end
      end
   end
end

--- Correlations of each indicator with each column that divides one, before and after denomination: what still measures
--- size.
local function sizes(self, out)
   local divisors, order = {}, {}
   local from = (#self.result.set.periods - 1) * self.n
   local function list_of(matrix, at)
      local list = {n = self.n}
      for u = 1, self.n do list[u] = matrix:get(from + u, at) end
      return list
   end
   for leaf, node in ipairs(self.indicators) do
      local name = node.given.denominator
      if type(name) == "string" and not divisors[name] then
         divisors[name], order[#order + 1] = list_of(self.result.set.divisors[leaf], 1), name
      end
   end
   local rows = {}
   for leaf, node in ipairs(self.indicators) do
      for _, name in ipairs(order) do
         local raw, after = list_of(self.result.raw, leaf), self.raw[node.id]
         local row = {indicator = node.id, size = name, denominated = node.given.denominator ~= nil}
         row.r_raw, row.n = sample.correlation(raw, divisors[name])
         row.spearman_raw = sample.spearman(raw, divisors[name])
         row.r, row.spearman = sample.correlation(after, divisors[name]), (sample.spearman(after, divisors[name]))
         rows[#rows + 1] = row
         if row.r and math.abs(row.r) > 0.7 and self.n >= 10 then
            finding.add(out, {code = "size", subject = node.id, grade = "look", figures = {row.r, row.n},
               text = row.denominated and "%s, divided as it is, still goes with %s: r = %s over %d units."
                  or "%s goes with %s (r = %s over %d units): it may have to be divided by it.",
               values = {node.id, name, finding.number(row.r), row.n}})
         end
      end
   end
   return finding.rows({"indicator", "size", "denominated", "n", "r_raw", "spearman_raw", "r", "spearman"}, rows)
end

function data.run(self, settings)
   local out = {id = "data", title = "Data", question = "Do the data carry the index?", findings = {}, tables = {},
      methods = {
         "Share of applicable values; below 65 % is a finding (convention of the JRC's COIN Tool). A gap that a mean "
            .. "skips is taken as the mean of the other parts.",
         "Age: the period asked for less the year of a value; what was carried forward keeps its year, what was "
            .. "imputed has none. Older than five years is looked at (difkit's convention).",
         "Skewness and kurtosis of type 2 (Joanes and Gill 1998); above 2 and 3.5 together they are looked at "
            .. "(convention of the JRC and COINr).",
         "Denominators: |r| above 0.7 with a column that divides is looked at (COINr).",
         "Near constant: one value for 90 % or more (difkit's convention). Duplicates: |r| > 1 − 1e-12."}}
   available.run(self, settings, out)
   local rows = {}
   for leaf, node in ipairs(self.indicators) do rows[leaf] = shape_of(self, node, settings, out) end
   finding.table(out, "shape", "Distribution of the values, and its shape after treatment", finding.rows({"indicator",
      "available", "distinct", "same", "minimum", "maximum", "skewness", "kurtosis", "furthest", "skewness_treated",
      "kurtosis_treated"}, rows))
   duplicates(self, out)
   finding.table(out, "sizes", "Correlation with what divides", sizes(self, out))
   require("difkit.audit.age").run(self, out)
   return out
end

return data
