--- How far the ranking depends on the choices made: Monte-Carlo intervals of ranks, tiers, and Sobol indices.
local core = require "difkit.core"
local errors = require "difkit.error"
local methods = require "difkit.index.methods"
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local tables = require "difkit.table"
local tree = require "difkit.index.tree"

local kernel = core.index
---What varies between the runs of `robustness`.
---@class difkit.RobustnessOptions
---@field runs? integer default 1000
---@field seed? integer default 1
---@field weights? number|number[] noise of the weights: 0.25 multiplies them by 0.75 to 1.25; a list has one a level
---@field normalise? table methods to draw from
---@field aggregate? table methods to draw from
---@field impute? table methods to draw from
---@field drop? integer how many indicators at most are left out
---@field period? integer|string default the last
---@field threads? integer default as many as pay off
---@field pairs? boolean whether to count pairs for `outranking`; default up to 1000 units
---@field confidence? number default 0.9: the interval from 5 to 95 %

---What varies in `sensitivity`, and how it is estimated.
---@class difkit.SensitivityOptions
---@field rows? integer default 1024
---@field seed? integer default 1
---@field weights? number|number[]
---@field normalise? table
---@field aggregate? table
---@field impute? table
---@field drop? integer
---@field period? integer|string
---@field sampling? "quasi"|"random" default "quasi"
---@field first? "saltelli"|"jansen" default "saltelli"
---@field total? "saltelli"|"jansen" default "jansen"
---@field bootstrap? integer default 200
---@field factors? "groups"|"each" default "groups": all weights are one factor
---@field threads? integer

---@class difkit.IndexResult
local Result = result.methods

local known = {
   "runs", "seed", "weights", "normalise", "aggregate", "impute", "drop", "period", "threads", "pairs", "units",
      "confidence",
}
local known_sensitivity = {
   "rows", "seed", "weights", "normalise", "aggregate", "impute", "drop", "period", "threads", "sampling", "first",
      "total",
   "bootstrap", "factors",
}

--- Alternatives of a step as methods; none given means what the spec says.
local function alternatives(call, kind, given)
   if given == nil then return {} end
   local list = given
   if type(given) ~= "table" or given.method ~= nil then list = {given} end
   local read = {}
   for i, one in ipairs(list) do
      read[i] = methods.read(kind, one, function(message, hint) errors.raise(("%s: %s"):format(call, message),
         hint) end)
      if kind ~= "aggregate" and read[i].method == "function" then
         errors.raise(("%s: an alternative of %s must be a method by name"):format(call, kind))
      end
   end
   return read
end

--- Alternatives that stand for a method which no indicator inherits change nothing: they are left out, which is said.
local function reaching(self, kind, list, warnings)
   local rows = #self.set.units * #self.set.periods
   for leaf, node in ipairs(self.spec.indicators) do
      local inherits = node.given[kind] == nil
      if kind == "impute" then inherits = inherits and kernel.available(self.denominated, leaf, 1, rows) < rows end
      if inherits then return list end
   end
   if #list > 0 then
      warnings[#warnings + 1] = ("the alternatives of %s reach no indicator: %s"):format(kind,
         kind == "impute" and "none that inherits it has a gap" or "each has its own")
   end
   return {}
end

--- Noise of each node's weight: one share for all, or one for each level below the index.
local function noise_of(self, call, given)
   local noise = {}
   if given ~= nil and type(given) ~= "number" and type(given) ~= "table" then
      errors.raise(("%s: weights must be a share such as 0.25, or one for each level, not %s"):format(call,
         errors.show(given)))
   end
   for i, node in ipairs(self.spec.nodes) do
      local share = type(given) == "table" and given[node.level] or type(given) == "number" and given or 0
      if type(share) ~= "number" or share < 0 or share > 1 then
         errors.raise(("%s: the noise of weights must be between 0 and 1, not %s"):format(call, errors.show(share)),
            "0.25 multiplies every weight by 0.75 to 1.25")
      end
      noise[i] = node.parent and #node.parent.children > 1 and self.weights[i] > 0 and share or 0
   end
   noise.n = #self.spec.nodes
   return noise
end

--- The experiment for the kernel, and the names of its inputs in order.
local function experiment_of(self, call, options)
   local units = #self.set.units
   local _, _, p = result.row_of(self, call, self.set.units[1], options.period)
   local variants, warnings = {}, {}
   local impute = reaching(self, "impute", alternatives(call, "impute", options.impute), warnings)
   local normalise = reaching(self, "normalise", alternatives(call, "normalise", options.normalise), warnings)
   local aggregate = alternatives(call, "aggregate", options.aggregate)
   for i = 1, math.max(#impute, 1) do
      for n = 1, math.max(#normalise, 1) do
         local matrix, said = self.normalised, nil
         if impute[i] or normalise[n] then matrix, said = run.variant(self, impute[i], normalise[n]) end
         variants[#variants + 1] = matrix
         for _, warning in ipairs(said or {}) do warnings[#warnings + 1] = warning end
      end
   end
   local rules, functions = {}, nil
   for a = 1, math.max(#aggregate, 1) do
      local list, calls = tree.rules(self.spec, aggregate[a], self.weights)
      rules[a], functions = list, calls or functions
   end
   local drop = options.drop or 0
   errors.check(call, "drop", drop, "integer")
   if drop < 0 or drop >= #self.spec.indicators then
      errors.raise(("%s: drop must be between 0 and %d, not %d"):format(call, #self.spec.indicators - 1, drop))
   end
   local nominal = table.move(self.rank, (p - 1) * units + 1, p * units, 1, {})
   local experiment = {
      variants = variants, imputations = math.max(#impute, 1), normalisations = math.max(#normalise, 1), rules = rules,
      noise = noise_of(self, call, options.weights), drops = drop, from = (p - 1) * units + 1, count = units,
      tolerance = self.spec.root.tolerance, nominal = nominal, functions = functions,
   }
   local inputs = {}
   if #impute > 1 then inputs[#inputs + 1] = {kind = "impute", choices = impute} end
   if #normalise > 1 then inputs[#inputs + 1] = {kind = "normalise", choices = normalise} end
   if #aggregate > 1 then inputs[#inputs + 1] = {kind = "aggregate", choices = aggregate} end
   for i, node in ipairs(self.spec.nodes) do
      if experiment.noise[i] > 0 then
         inputs[#inputs + 1] = {kind = "weights", node = node, noise = experiment.noise[i]}
      end
   end
   for _ = 1, drop do inputs[#inputs + 1] = {kind = "drop"} end
   return experiment, inputs, warnings, p
end

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

local function changes_text(inputs, options)
   local parts, weights, drops = {}, 0, 0
   for _, input in ipairs(inputs) do
      if input.choices then
         local names = {}
         for i, one in ipairs(input.choices) do names[i] = methods.show(one) end
         parts[#parts + 1] = ("%s %s"):format(input.kind, table.concat(names, " or "))
      elseif input.kind == "weights" then
         weights = weights + 1
      else
         drops = drops + 1
      end
   end
   if weights > 0 then
      local share = options.weights
      parts[#parts + 1] = ("%d weights ±%s"):format(weights,
         type(share) == "number" and ("%g %%"):format(100 * share) or "by level")
   end
   if drops > 0 then
      parts[#parts + 1] = drops == 1 and "one indicator or none left out"
         or ("up to %d indicators left out"):format(drops)
   end
   return #parts > 0 and table.concat(parts, "; ") or "nothing varies"
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

--- Adds functions to a table: robustness:shares() and so on.
local function add_methods(t, list)
   for name, call in pairs(list) do rawset(t, name, call) end
   return t
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
---run draws one of the imputations, normalisations and aggregations that are named (they stand for those that
---indicators and groups inherit from the index), multiplies every weight by 1 ± `weights` (a share, or a list with
---one a level), and leaves out up to `drop` indicators (each none or one of them, all equally likely; Handbook, page
---118). The table has, for each unit, its rank, the median and the 5–95 % interval of its ranks, `range` such as `3
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
   local experiment, inputs, warnings, p = experiment_of(self, "robustness", options)
   local pairs_wanted = options.pairs
   if pairs_wanted == nil then pairs_wanted = #self.set.units <= 1000 end
   local robust = self.tree:robustness(experiment, runs, seed, options.threads or 0, pairs_wanted)
   local note = ("%d runs, seed %d: %s"):format(runs, seed, changes_text(inputs, options))
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
   return add_methods(t, robustness_methods(self, robust,
      {runs = runs, seed = seed, inputs = inputs, rows = rows, note = t.note}))
end

--- Groups of inputs: by kind, or each input by itself.
local function factors_of(inputs, each)
   local groups, names, at = {}, {}, {}
   for i, input in ipairs(inputs) do
      local name = input.kind
      if each and input.node then name = "weight of " .. input.node.id end
      if not at[name] then
         names[#names + 1] = name
         at[name] = #names
      end
      groups[i] = at[name]
   end
   return groups, names
end

local function effect_row(name, effect)
   return {
      factor = name, first = effect.first, first_low = effect.first_low, first_high = effect.first_high,
         total = effect.total,
      total_low = effect.total_low, total_high = effect.total_high,
   }
end

---Which choice matters: Sobol indices of the mean absolute shift of ranks, and of each unit's rank. `first` is the
---share of the variance that a factor explains alone, `total` that in which it has a part; with the 5 and 95 % bounds
---of a bootstrap over the rows. The choices are those of `robustness`; all weights together are one factor, unless
---`factors = "each"`. Points are Sobol's sequence (`sampling = "quasi"`, up to 128 inputs) or random. `first` and
---`total` name the estimator: "saltelli" (2010) or "jansen" (1999). `t:units()` gives the indices of each unit's
---rank. The cost is rows × (factors + 2) computations of the index.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "minmax",
---   children = {"osi", "tii", "hci"},
---}
---local found = egdi:compute(db):sensitivity{rows = 512, seed = 3, weights = 0.25, normalise = {"minmax", "zscore"}}
---print(#found, found[1].factor, found[2].factor) --> 2	normalise	weights
---```
---@param options? difkit.SensitivityOptions
---@return difkit.Table columns factor, first, first_low, first_high, total, total_low, total_high
function Result:sensitivity(options)
   options = errors.options("sensitivity", options, known_sensitivity)
   local rows_count, seed = options.rows or 1024, options.seed or 1
   errors.check("sensitivity", "rows", rows_count, "integer")
   errors.check("sensitivity", "seed", seed, "integer")
   if rows_count < 2 then errors.raise("sensitivity: rows must be at least 2") end
   local sampling = options.sampling or "quasi"
   if sampling ~= "quasi" and sampling ~= "random" then
      errors.unknown("sampling", sampling, {"quasi", "random"}, "sensitivity")
   end
   for _, name in ipairs {"first", "total"} do
      if options[name] and options[name] ~= "saltelli" and options[name] ~= "jansen" then
         errors.unknown("estimator", options[name], {"saltelli", "jansen"}, "sensitivity")
      end
   end
   local experiment, inputs, warnings = experiment_of(self, "sensitivity", options)
   if #inputs == 0 then
      errors.raise("sensitivity: nothing varies" .. (warnings[1] and ": " .. warnings[1] or ""),
         'such as weights = 0.25, normalise = {"minmax", "zscore"}')
   end
   local groups, names = factors_of(inputs, options.factors == "each")
   local found, quasi = self.tree:sensitivity(experiment, groups, #names, {
      rows = rows_count, seed = seed, quasi = sampling == "quasi", first = options.first, total = options.total,
      bootstrap = options.bootstrap or 200,
   }, options.threads or 0)
   local rows = {}
   for g, name in ipairs(names) do rows[g] = effect_row(name, found[1][g]) end
   local columns = {"factor", "first", "first_low", "first_high", "total", "total_low", "total_high"}
   local t = tables.new(columns, rows)
   t.title = ("%s: what the shift of ranks depends on"):format(self.spec.root.shown)
   local notes = {("%d rows × %d computations, seed %d, %s: %s"):format(rows_count, #names + 2, seed,
      quasi and "quasi-random" or "random", changes_text(inputs, options))}
   for i, warning in ipairs(warnings) do
      if i <= 5 then notes[#notes + 1] = "warning: " .. warning end
   end
   t.note = table.concat(notes, ". ")
   return add_methods(t, {
      units = function()
         local all = {}
         for u, unit in ipairs(self.set.units) do
            for g, name in ipairs(names) do
               local row = effect_row(name, found[u + 1][g])
               row.unit = unit
               all[#all + 1] = row
            end
         end
         local units = tables.new({"unit", table.unpack(columns)}, all)
         units.title, units.note = ("%s: what each unit's rank depends on"):format(self.spec.root.shown), t.note
         return units
      end,
   })
end

return Result
