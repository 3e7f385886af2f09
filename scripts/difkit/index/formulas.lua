--- The method note of an index, made from its spec: each step with its formula, in words that need no other document.
local methods = require "difkit.index.methods"
local reports = require "difkit.report"
local result = require "difkit.index.result"
local tables = require "difkit.table"

---@class difkit.IndexResult
local Result = result.methods

--- Formulas by step and method; x a value, y = x turned where less is better.
local formulas = {
   impute = {
      none = "a gap stays; the other parts of its group are weighed up",
      mean = "a gap gets the mean of the units that have a value in that period",
      median = "a gap gets the median of the units that have a value in that period",
      group_mean = "a gap gets the mean of its group of units",
         group_median = "a gap gets the median of its group of units",
      last = "a gap gets the last earlier value of the unit",
         linear = "a gap is read off the line between the values around it",
      constant = "a gap gets a fixed value",
      expectation = "a gap gets its conditional mean, given what the unit has of its group, under a multivariate "
         .. "normal "
         .. "(expectation-maximisation)",
      multiple = "as expectation; robustness draws the gaps many times over",
      nearest = "a gap gets the mean of the units that are most alike in what both report",
      ["function"] = "a function of the spec",
   },
   treat = {
      none = "values stay as they are",
      outliers = "while |skewness| ≥ 2 and kurtosis ≥ 3.5 the outermost value moves to the next, for at most "
         .. "five values; "
         .. "otherwise the logarithm of x − min + 0.01 (max − min)",
      winsorise = "while |skewness| ≥ 2 and kurtosis ≥ 3.5 the outermost value moves to the next",
      percentile = "values beyond two percentiles move to these", log = "ln x", log10 = "log10 x",
         log_one = "ln(x − min + 1)",
      log1p = "ln(1 + x)", log_shifted = "ln(x − min + shift (max − min))",
      log_signed = "a shifted logarithm from the side of the long tail", box_cox = "(x^λ − 1) / λ",
      ["function"] = "a function of the spec",
   },
   normalise = {
      none = "y", minmax = "low + (high − low) (y − min) / (max − min)",
         zscore = "mean + deviation (y − mean of y) / s, s with n − 1",
      rank = "rank from below", borda = "rank from below − 1", percentile_rank = "(rank − 1) / (n − 1)",
         percentile = "100 rank / n",
      target = "(y − min) / (target − min)", ratio = "x / reference, or reference / x where less is better",
      difference = "±(x − reference) / |reference|",
         goalposts = "high (x − lower) / (upper − lower), kept within 0 and high",
      categorical = "0, 20, 40, 60, 80, 100 by percentiles", mean_band = "1, 0, −1 around the mean",
      fraction = "x / max, or min / x where less is better", ampi = "100 ± 60 (x − reference) / (max − min)",
      ["function"] = "a function of the spec",
   },
   weights = {
      children = "the weights of the parts", given = "the weights of the parts", equal = "every part the same",
      equal_indicators = "every indicator the same", absolute = "shares of the whole",
         pca = "principal components, varimax, squared "
         .. "loadings", pca_first = "first principal component", ahp = "analytic hierarchy process",
            budget = "points of experts",
      critic = "CRITIC", entropy = "entropy", optimal = "the weights that give each part the importance wanted for it",
      ["function"] = "a function of the spec",
   },
   aggregate = {
      arithmetic = "Σ w x / Σ w", geometric = "exp(Σ w ln x / Σ w)", harmonic = "Σ w / Σ (w / x)",
      generalised = "(Σ w x^p / Σ w)^(1/p)", median = "weighted median", minimum = "least value",
      borda = "points over all other units", copeland = "units beaten less units lost to",
         kemeny = "the order of greatest support",
      benefit_of_doubt = "max Σ w x under Σ w x ≤ 1 for all units, and bounds of the shares", mpi = "M ∓ s² / M",
      ampi = "M ∓ s² / M", mean_min = "M − α (√((M − min)² + β²) − β)",
         ordered = "mean of values by their places",
      topsis = "D⁻ / (D⁺ + D⁻), the distances to the best and the worst values",
         ["function"] = "a function of the spec",
   },
}
result.formulas = formulas

local titles = {impute = "Gaps", treat = "Outliers", normalise = "Scale", weights = "Weights",
   aggregate = "Aggregation"}

local function described(node)
   return rawget(node.described or {}, "source")
end

--- Which parts follow which method of a step: rows of method, formula, parts.
local function step_rows(self, step)
   local rows, at = {}, {}
   for _, node in ipairs(self.spec.nodes) do
      local of_group = step == "aggregate" or step == "weights"
      local how = step == "weights" and node.weighting or node[step]
      if how and (node.children ~= nil) == of_group then
         local name = step == "weights" and how.method or methods.show(how)
         if not at[name] then
            rows[#rows + 1] = {step = titles[step], method = name, formula = formulas[step][how.method] or how.method,
               parts = {}}
            at[name] = rows[#rows]
         end
         table.insert(at[name].parts, node.id)
      end
   end
   local all = 0
   for _, row in ipairs(rows) do all = all + #row.parts end
   for _, row in ipairs(rows) do
      row.parts = #row.parts == all and "all" or table.concat(row.parts, ", ")
   end
   return rows
end

---The method note of the index, made from its spec: the tree with weights, directions and sources, each step with its
---formula, the units and the period. A report, to be written as HTML, Markdown or DOCX.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(egdi:compute(db):method_note():markdown():find("(max − min)", 1, true) ~= nil) --> true
---```
---@return difkit.Report
function Result:method_note()
   local made = reports.new{title = self.spec.root.shown .. ": method", source = self.spec.root.source}
   local effective, tree = self.tree:effective(self.weights), {}
   made:text("What is computed, step by step, from the spec of the index. x is a value, y the value turned where "
      .. "less is "
      .. "better; minimum, maximum, mean, s and ranks are those of the units compared.")
   for i, node in ipairs(self.spec.nodes) do
      tree[i] = {part = ("  "):rep(node.level) .. node.id, title = node.shown, weight = effective[i],
         direction = node.leaf and (node.sign == 1 and "more is better" or "less is better") or nil,
         measure = node.leaf and (node.measure or rawget(node.described, "measure")) or nil,
         source = node.leaf and (node.given.publisher or described(node)) or nil, licence = node.given.licence}
   end
   made:heading "The tree"
   made:table(tables.new({"part", "title", "weight", "direction", "measure", "source", "licence"}, tree),
      {title = "Parts, with their weight in the index", digits = 4})
   made:heading "The steps"
   local rows = {}
   for _, step in ipairs {"impute", "treat", "normalise", "weights", "aggregate"} do
      for _, row in ipairs(step_rows(self, step)) do rows[#rows + 1] = row end
   end
   for _, node in ipairs(self.spec.indicators) do
      if node.given.denominator then
         table.insert(rows, 1, {step = "Denominator", method = tostring(node.given.denominator),
            formula = "x / (denominator / factor)", parts = node.id})
      end
   end
   made:table(tables.new({"step", "method", "formula", "parts"}, rows), {title = false})
   made:heading "Ranks"
   made:text(("Ranks are 1, 2, 2, 4 on unrounded scores; scores that differ by no more than %g of the larger one "
      .. "are tied. "
      .. "%s"):format(self.spec.root.tolerance, result.note(self):gsub("[\\`*_%[%]<>|#]", "\\%0")))
   return made
end

return result
