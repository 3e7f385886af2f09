--- How far the ranking depends on the choices made: Monte-Carlo intervals of ranks, tiers, outranking.
local core = require "difkit.core"
local errors = require "difkit.error"
local experiments = require "difkit.index.experiment"
local methods = require "difkit.index.methods"
local result = require "difkit.index.result"
local tables = require "difkit.table"

local kernel = core.index
---What varies between the runs of `robustness`.
---@class difkit.RobustnessOptions
---@field runs? integer default 1000
---@field seed? integer default 1
---@field weights? number|number[] noise of the weights: 0.25 multiplies them by 0.75 to 1.25; a list has one a level
---@field normalise? table methods to draw from
---@field aggregate? table methods to draw from
---@field impute? table methods to draw from
---@field treat? table methods to draw from
---@field weighting? table weights to draw from: "given" (those of the spec), "equal", "optimal", …
---@field draws? integer how many draws of multiple imputation and of errors of measurement [20]
---@field measurement? boolean whether the standard errors of indicators count [where there are any]
---@field drop? integer how many indicators at most are left out
---@field period? integer|string default the last
---@field threads? integer default as many as pay off
---@field pairs? boolean whether to count pairs for `outranking`; default up to 1000 units
---@field confidence? number default 0.9: the interval from 5 to 95 %

---@class difkit.IndexResult
local Result = result.methods

local known = {
   "runs", "seed", "weights", "normalise", "aggregate", "impute", "drop", "period", "threads", "pairs", "units",
      "confidence", "weighting", "draws", "measurement", "treat",
}
--- "3 [2–6]".
local function range_text(rank, low, high)
   low, high = math.floor(low), math.ceil(high)
   if low == high then return ("%d"):format(rank) end
   return ("%d [%d–%d]"):format(rank, low, high)
end

--- Tiers: units in the order of their median ranks; one begins where a unit's interval overlaps none of the tier so
--- far.
local function place_in_tiers(rows)
   local order = {}
   for i, row in ipairs(rows) do
      if row.low then order[#order + 1] = i end
   end
   table.sort(order, function(a, b)
      local left, right = rows[a], rows[b]
      if left.median ~= right.median then return left.median < right.median end
      if left.rank ~= right.rank then return (left.rank or math.huge) < (right.rank or math.huge) end
      return a < b
   end)
   local tier, highest = 0, -math.huge
   for _, i in ipairs(order) do
      if rows[i].low > highest then tier = tier + 1 end
      rows[i].tier = tier
      highest = math.max(highest, rows[i].high)
   end
end

--- One row a unit: its interval of ranks.
local function interval_rows(self, robust, p, runs, confidence)
   local rows, units = {}, #self.set.units
   local lower = (1 - confidence) / 2
   for u, unit in ipairs(self.set.units) do
      local rank = self.rank[(p - 1) * units + u] or nil
      local median = robust:quantile(u, 0.5)
      local row = {
         unit = unit, rank = rank, score = self.aggregated:get((p - 1) * units + u, 1), median = median,
         low = robust:quantile(u, lower), high = robust:quantile(u, 1 - lower), mean = robust:mean(u),
      }
      if rank and median then
         row.range = range_text(rank, row.low, row.high)
         row.at_rank = robust:runs_with(u, rank) / runs
      end
      local without = robust:runs_with(u, 0)
      if without > 0 then row.without_score = without / runs end
      rows[u] = row
   end
   place_in_tiers(rows)
   table.sort(rows, function(a, b)
      local left, right = a.rank or math.huge, b.rank or math.huge
      if left ~= right then return left < right end
      return a.unit < b.unit
   end)
   return rows
end

local function robustness_methods(self, robust, details)
   local set, runs = self.set, details.runs
   local list = {}

   function list.shares()
      local columns, rows = {"unit"}, {}
      for r = 1, #set.units do columns[r + 1] = tostring(r) end
      for u, unit in ipairs(set.units) do
         rows[u] = {unit}
         for r = 1, #set.units do rows[u][r + 1] = robust:runs_with(u, r) / runs end
      end
      local t = tables.new(columns, rows)
      t.title, t.note = ("%s: share of runs in each rank"):format(self.spec.root.shown), details.note
      return t
   end

   function list.outranking()
      local columns, rows = {"unit"}, {}
      if #set.units > 0 and not robust:wins(1, 1) then
         errors.raise("outranking: pairs were not counted", "pairs = true asks for it")
      end
      for u, unit in ipairs(set.units) do columns[u + 1] = unit end
      for u, unit in ipairs(set.units) do
         rows[u] = {unit}
         for v = 1, #set.units do rows[u][v + 1] = u ~= v and robust:wins(u, v) / runs or nil end
      end
      local t = tables.new(columns, rows)
      t.title = ("%s: share of runs in which the unit of the row stands first"):format(self.spec.root.shown)
      t.note = details.note
      return t
   end

   function list.tiers()
      local members, rows = {}, {}
      for _, row in ipairs(details.rows) do
         if row.tier then
            members[row.tier] = members[row.tier] or {}
            table.insert(members[row.tier], row.unit)
         end
      end
      for tier, units in ipairs(members) do rows[tier] = {tier, #units, table.concat(units, ", ")} end
      local t = tables.new({"tier", "size", "units"}, rows)
      t.title, t.note = ("%s: tiers"):format(self.spec.root.shown), details.note
      return t
   end

   function list.shifts()
      local shifts = robust:shifts()
      local sum = 0
      for _, shift in ipairs(shifts) do sum = sum + shift end
      return tables.new({"runs", "mean", "median", "low", "high"}, {{
         runs, sum / runs, kernel.quantile(shifts, 0.5), kernel.quantile(shifts, 0.05), kernel.quantile(shifts, 0.95),
      }})
   end

   --- What every run was made with: reproducible from the seed alone.
   function list.draws(_, count)
      local rows, columns, names = {}, {"run"}, {}
      for i, input in ipairs(details.inputs) do
         local name = input.kind
         if input.node then name = "weight of " .. input.node.id end
         while names[name] do name = name .. "'" end
         names[name], columns[i + 1] = true, name
      end
      local shifts = robust:shifts()
      columns[#columns + 1] = "shift"
      for r = 1, math.min(count or runs, runs) do
         local drawn = kernel.draw(#details.inputs, details.seed, r)
         local row = {r}
         for i, input in ipairs(details.inputs) do
            local x = drawn[i]
            if input.choices then
               row[i + 1] = methods.show(input.choices[math.min(math.floor(x * #input.choices) + 1, #input.choices)])
            elseif input.count then
               row[i + 1] = math.min(math.floor(x * input.count) + 1, input.count)
            elseif input.node then
               row[i + 1] = 1 + input.noise * (2 * x - 1)
            else
               local leaf = math.min(math.floor(x * (#self.spec.indicators + 1)), #self.spec.indicators)
               row[i + 1] = leaf > 0 and self.spec.indicators[leaf].id or "none"
            end
         end
         row[#columns] = shifts[r]
         rows[r] = row
      end
      return tables.new(columns, rows)
   end

   return list
end

---Rank intervals by Monte Carlo: the index is computed many times with other choices, and the ranks are counted. Each
---run draws one of the imputations, treatments, normalisations, aggregations and weights that are named (they stand
---for those that indicators and groups inherit from the index), one of the `draws` of what chance leaves open (gaps
---under the imputation "multiple", and errors of measurement of indicators with a `standard_error`), multiplies every
---weight by 1 ± `weights` (a share, or a list with one a level), and leaves out up to `drop` indicators (each none or
---one of them, all equally likely; Handbook, page 118). The table has, for each unit, its rank, the median and the
---5–95 % interval of its ranks, `range` such as `3
---[2–6]`, the share of runs at its rank, and its tier: units whose intervals overlap stand in one tier. More:
---`t:shares()` (share of runs in each rank), `t:outranking()` (how often one unit stands before another),
---`t:tiers()`, `t:shifts()` (mean absolute shift of ranks over the runs), `t:draws()` (what each run was made with).
---The same seed gives the same result on every machine, with any number of threads.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "minmax",
---   children = {"osi", "tii", "hci"},
---}
---local robust = egdi:compute(db):robustness{runs = 1000, seed = 7, weights = 0.25, normalise = {"minmax", "zscore"}}
---print(robust[1].unit, robust[1].range, robust[1].tier) --> SGP	1	1
---print(#robust:tiers() >= 2, #robust:shares())          --> true	10
---```
---@param options? difkit.RobustnessOptions
---@return difkit.Table
function Result:robustness(options)
   options = errors.options("robustness", options, known)
   local runs, seed = options.runs or 1000, options.seed or 1
   errors.check("robustness", "runs", runs, "integer")
   errors.check("robustness", "seed", seed, "integer")
   errors.check("robustness", "threads", options.threads, "integer", "optional")
   if runs < 1 or runs > 100000000 then
      errors.raise(("robustness: runs must be between 1 and 1e8, not %d"):format(runs))
   end
   local confidence = options.confidence or 0.9
   local experiment, inputs, warnings, p = experiments.of(self, "robustness", options)
   local pairs_wanted = options.pairs
   if pairs_wanted == nil then pairs_wanted = #self.set.units <= 1000 end
   local robust = self.tree:robustness(experiment, runs, seed, options.threads or core.threads or 0, pairs_wanted)
   local note = ("%d runs, seed %d: %s"):format(runs, seed, experiments.text(inputs, options))
   local rows = interval_rows(self, robust, p, runs, confidence)
   local lost = 0
   for _, row in ipairs(rows) do lost = math.max(lost, row.without_score or 0) end
   local notes = {note}
   if lost > 0 then
      notes[#notes + 1] = ("in up to %.0f %% of the runs a unit has no score (column without_score)"):format(100 * lost)
   end
   for i, warning in ipairs(warnings) do
      if i <= 5 then notes[#notes + 1] = "warning: " .. warning end
   end
   local t = tables.new({
      "unit", "rank", "range", "tier", "median", "low", "high", "mean", "at_rank", "score", "without_score",
   }, rows)
   t.title = ("%s: robustness of the ranks"):format(self.spec.root.shown)
   t.note = table.concat(notes, ". ")
   return experiments.add_methods(t, robustness_methods(self, robust,
      {runs = runs, seed = seed, inputs = inputs, rows = rows, note = t.note}))
end

return Result
