--- Multiple imputation: the gaps drawn many times over, and what that leaves open in scores and ranks; Rubin's rules.
local core = require "difkit.core"
local errors = require "difkit.error"
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local tables = require "difkit.table"
local tree = require "difkit.index.tree"

local kernel = core.index

---@class difkit.IndexResult
local Result = result.methods

--- Scores and ranks of one period under one draw.
local function drawn(self, chance, p)
   local treated = run.treated(self, (run.imputed(self, {method = "multiple"}, chance)))
   local normalised = run.normalised(self, treated)
   local scores = tree.evaluate(self.spec, self.tree, self.set, normalised, self.weights, self.rules, self.functions)
   local units, list = #self.set.units, {}
   local ranks = kernel.rank(scores, 1, (p - 1) * units + 1, units, self.spec.root.tolerance)
   for u = 1, units do list[u] = scores:get((p - 1) * units + u, 1) end
   return list, ranks
end

--- Mean, standard deviation, 5th and 95th percentile of the numbers of a list.
local function spread(list)
   local mean, squares = 0, 0
   for _, value in ipairs(list) do mean = mean + value / #list end
   for _, value in ipairs(list) do squares = squares + (value - mean) ^ 2 end
   return mean, #list > 1 and math.sqrt(squares / (#list - 1)) or nil, kernel.quantile(list, 0.05),
      kernel.quantile(list, 0.95)
end

---What the gaps leave open: they are filled `draws` times by draws from a multivariate normal of their group (data
---augmentation; Schafer 1997), standing for the imputation that indicators inherit, and the index is computed with
---each. Where indicators have a `standard_error`, errors of measurement are drawn as well. The table has, for each
---unit, how many indicators it lacks, the score as it is, mean and standard deviation of the scores drawn, and the
---interval from 5 to 95 % of its ranks. A group of hardly more units than indicators cannot be drawn: its gaps stay,
---and the note says so.
---
---```lua
---local rows = {}
---for i = 1, 12 do rows[i] = {unit = "U" .. i, a = i, b = i % 5 + i, c = i ~= 3 and i * 2 % 7 + i or nil} end
---local open = difkit.index{id = "x", children = {"a", "b", "c"}}:compute(rows):imputations{draws = 50}
---print(#open, open:where{unit = "U3"}[1].missing, open:where{unit = "U3"}[1].deviation > 0) --> 12	1	true
---```
---@param options? {draws?: integer, seed?: integer, measurement?: boolean, period?: integer|string}
---@return difkit.Table columns unit, missing, score, mean, deviation, low, high, rank, rank_low, rank_high
function Result:imputations(options)
   options = errors.options("imputations", options, {"draws", "seed", "measurement", "period"})
   local draws, seed = options.draws or 20, options.seed or 1
   errors.check("imputations", "draws", draws, "integer")
   errors.check("imputations", "seed", seed, "integer")
   if draws < 1 or draws > 10000 then errors.raise("imputations: draws must be between 1 and 10000") end
   local p = result.place_of(self, "imputations", options.period)
   local chance = {draws = draws, seed = seed, cache = {}, measurement = false}
   for _, node in ipairs(self.spec.indicators) do
      chance.measurement = chance.measurement or self.set.errors[node.leaf] ~= nil and options.measurement ~= false
   end
   local scores, ranks, units = {}, {}, #self.set.units
   for d = 1, draws do
      chance.draw = d
      local list, ranked = drawn(self, chance, p)
      for u = 1, units do
         scores[u], ranks[u] = scores[u] or {}, ranks[u] or {}
         if list[u] then table.insert(scores[u], list[u]) end
         if ranked[u] then table.insert(ranks[u], ranked[u]) end
      end
   end
   local rows = {}
   for u, unit in ipairs(self.set.units) do
      local row = {unit = unit, missing = 0, score = self.aggregated:get((p - 1) * units + u, 1),
         rank = self.rank[(p - 1) * units + u] or nil}
      for leaf = 1, #self.spec.indicators do
         if not self.denominated:get((p - 1) * units + u, leaf) then row.missing = row.missing + 1 end
      end
      if #scores[u] > 0 then
         row.mean, row.deviation, row.low, row.high = spread(scores[u])
         local _, _, low, high = spread(ranks[u])
         row.rank_low, row.rank_high = low, high
      end
      rows[u] = row
   end
   local t = tables.new({"unit", "missing", "score", "mean", "deviation", "low", "high", "rank", "rank_low",
      "rank_high"}, rows)
   t.title = ("%s: what gaps leave open"):format(self.spec.root.shown)
   t.note = ("%d draws, seed %d%s"):format(draws, seed, chance.measurement and ", with errors of measurement" or "")
   return t
end

local multiple = {}

--- Rubin's rules (1987): one estimate from those of several imputations, each with its variance. With `n` units and `k`
--- parameters the degrees of freedom are those of Barnard and Rubin (1999).
function multiple.pool(estimates, variances, options)
   errors.check("index.pool", "estimates", estimates, "table")
   errors.check("index.pool", "variances", variances, "table")
   options = errors.options("index.pool", options, {"n", "k"})
   local m = #estimates
   if m < 2 or #variances ~= m then errors.raise("index.pool: two lists of the same length, of two numbers at "
      .. "least") end
   local out = {estimate = 0, within = 0, between = 0}
   for i = 1, m do
      out.estimate, out.within = out.estimate + estimates[i] / m, out.within + variances[i] / m
   end
   for i = 1, m do out.between = out.between + (estimates[i] - out.estimate) ^ 2 / (m - 1) end
   local added = (1 + 1 / m) * out.between
   out.total, out.increase = out.within + added, added / out.within
   out.degrees = (m - 1) * (1 + 1 / out.increase) ^ 2
   if options.n then
      local complete, share = options.n - (options.k or 1), added / out.total
      local observed = (complete + 1) / (complete + 3) * complete * (1 - share)
      out.degrees = 1 / (1 / out.degrees + 1 / observed)
   end
   out.missing_information = (out.increase + 2 / (out.degrees + 3)) / (out.increase + 1)
   return out
end

return multiple
