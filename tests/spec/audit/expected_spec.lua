-- Every row of the small cases of ../shared/reference/audit/small (DIFKIT_SHARED names another place; no part of the
-- project), computed from the inputs that stand there: fractions and formulas by hand.
local difkit = require "difkit"
local kernel = require("difkit.core").index
local asem = require "tests.support.asem"
local read = asem.read

local quick = {runs = 5, sobol = 2, draws = 20, bootstrap = 0}

describe("the small cases of an audit", function()
   if not asem.there() then
      pending("are compared where their files are present (" .. asem.folder .. "audit is not)")
      return
   end

   --- The inputs of a case as rows, and as columns.
   local inputs, columns, at = {}, {}, {}
   for row in read "audit/small/inputs":rows() do
      local case = inputs[row.case] or {}
      inputs[row.case], columns[row.case] = case, columns[row.case] or {}
      local name, value = row.case .. "|" .. row.unit, tonumber(row.value)
      if not at[name] then
         at[name] = {unit = row.unit}
         case[#case + 1] = at[name]
      end
      at[name][row.variable] = value
      local list = columns[row.case][row.variable] or {n = 0}
      columns[row.case][row.variable] = list
      list.n = list.n + 1
      list[list.n] = value
   end

   --- What is computed: case, quantity and key -> value.
   local got = {}
   local function put(case, quantity, key, value) got[table.concat({case, quantity, key}, "|")] = value end

   local function index(case, children, changes)
      local spec = {id = "all", children = children, normalise = "none"}
      for key, value in pairs(changes or {}) do spec[key] = value end
      return difkit.index(spec):compute(inputs[case])
   end

   local function scores(case, children, aggregate)
      local found = {}
      for row in index(case, children, {aggregate = aggregate}):scores():rows() do found[row.unit] = row.score end
      return found
   end

   local compute = {}

   function compute.coverage()
      local audit = index("coverage", {"p", "q", "r"}):audit(quick)
      for row in audit:table("coverage"):rows() do
         if row.level == "indicator" then put("coverage", "indicator_share", row.id, row.share) end
      end
      for row in audit:table("coverage_units"):rows() do put("coverage", "unit_share", row.unit, row.share) end
   end

   function compute.outlier()
      local row = index("outlier", {"x", {id = "y", source = "x"}}):audit(quick):table("shape")[1]
      put("outlier", "skew", "x", row.skewness)
      put("outlier", "kurtosis", "x", row.kurtosis)
   end

   function compute.alpha()
      local audit = index("alpha", {"a", "b", "c"}):audit(quick)
      put("alpha", "alpha", "all", audit:table("groups")[1].alpha)
      put("alpha", "alpha_standardised", "all", audit:table("groups")[1].alpha_standardised)
      for row in audit:table("alpha"):rows() do
         put("alpha", "alpha_if_dropped", row.item, row.alpha_without)
         put("alpha", "r_item_rest", row.item, row.r_rest_sum)
      end
      for row in audit:table("pairs"):rows() do put("alpha", "r", row.left .. "-" .. row.right, row.r) end
   end

   function compute.kmo()
      local matrix = {1, 0.5, 0.5, 0.5, 1, 0.25, 0.5, 0.25, 1}
      local overall, items = kernel.kmo(matrix)
      put("kmo", "overall", nil, overall)
      for i = 1, 3 do put("kmo", "msa", tostring(i), items[i]) end
      -- Of each item the adequacy gives the sum of its squared partial correlations, two of three in each sum.
      local squares, partial = {0.5, 0.3125, 0.3125}, {}
      for i = 1, 3 do partial[i] = squares[i] * (1 / items[i] - 1) end
      put("kmo", "squared_partial", "12", (partial[1] + partial[2] - partial[3]) / 2)
      put("kmo", "squared_partial", "13", (partial[1] + partial[3] - partial[2]) / 2)
      put("kmo", "squared_partial", "23", (partial[2] + partial[3] - partial[1]) / 2)
      put("kmo", "determinant", "R: r12=1/2 r13=1/2 r23=1/4", (select(4, kernel.bartlett(matrix, 10))))
      for _, n in ipairs {6, 10, 51} do
         local chi_square, _, p = kernel.bartlett(matrix, n)
         put("bartlett", "chisq", "n=" .. n, chi_square)
         put("bartlett", "p", "n=" .. n, p)
      end
   end

   function compute.pca()
      local values, vectors = kernel.eigen{1, 0.6, 0.6, 1}
      put("pca", "eigenvalue", "r=3/5 pc1", values[1])
      put("pca", "eigenvalue", "r=3/5 pc2", values[2])
      assert.is_true(math.abs(vectors[1][1] - vectors[1][2]) < 1e-15 and vectors[2][1] * vectors[2][2] < 0)
      put("pca", "loading", "both on pc1", vectors[1][1] * math.sqrt(values[1]))
      put("pca", "loading", "on pc2; opposite signs", math.abs(vectors[2][1]) * math.sqrt(values[2]))
   end

   function compute.fisher()
      for _, one in ipairs {{10, 0.632, "n=10 r=0.632"}, {11, 0.6, "n=11 r=0.6"}, {51, 0.3, "n=51 r=0.3"}} do
         local low, high = kernel.interval(one[2], one[1])
         put("fisher", "lo95", one[3], low)
         put("fisher", "hi95", one[3], high)
      end
   end

   function compute.williams()
      for n, degrees in pairs {[51] = 48, [10] = 7} do
         local t, p = kernel.williams(0.3, 0.6, 0.5, n)
         put("williams", "t", "r12=.3 r13=.6 r23=.5 n=" .. n, t)
         put("williams", "p", "two-sided; df " .. degrees, p)
      end
   end

   function compute.correlation_ratio()
      local given = columns.correlation_ratio
      put("correlation_ratio", "eta2", nil, require("difkit.audit.importance").ratio(given.x, given.y, 6))
      put("correlation_ratio", "r2", nil, kernel.correlation_matrix{given.x, given.y}[2] ^ 2)
   end

   function compute.optimal_weights()
      local function closed(covariances, target, key)
         local list = kernel.target_weights(covariances, target)
         for i = 1, #list do put("optimal_weights", "closed_form", key .. " item " .. i, list[i]) end
      end
      closed({1, 1, 1, 4}, {0.5, 0.5}, "C=[1 1;1 4] equal target")
      closed({1, 1, 1, 4}, {0.75, 0.25}, "C=[1 1;1 4] target 3/4 1/4")
      local three, equal = {1, 0.65, 0.9, 0.65, 1, 0.9, 0.9, 0.9, 1}, {1 / 3, 1 / 3, 1 / 3}
      closed(three, equal, "r12=.65 r13=r23=.9 equal target")
      local _, best, shares = kernel.target_weights(three, equal)
      for i = 1, 3 do
         put("optimal_weights", "nnls", "r12=.65 r13=r23=.9 equal target item " .. i, best[i])
         put("optimal_weights", "importance_at_nnls", "same; item " .. i, shares[i])
      end
   end

   function compute.tradeoff()
      local result = difkit.index{id = "i", children = {"a", "b", "c", "d"}}:compute{{unit = "A", a = 10, b = 0, c = 0,
         d = 1}, {unit = "B", a = 60, b = 200, c = 1, d = 0}}
      local audit = result:audit(quick)
      put("tradeoff", "index_points_per_unit", "weight 1/4; min 10; max 60; scale 100",
         audit:table("trade_offs"):where{indicator = "a"}[1].points_per_unit)
      put("tradeoff", "compensating_change", "second: weight 1/4 min 0 max 200; per unit of the first",
         audit:table("rates"):where{give = "a", take = "b"}[1].change)
   end

   function compute.added_value()
      -- The index is weighted so that its scores are those of `index`; the pillar is a group of one.
      local result = index("added_value", {{id = "g", weight = 0, children = {"pillar"}}, {id = "h",
         children = {"index"}}})
      local row = result:audit(quick):table("shifts"):where{component = "g"}[1]
      -- At n = 6 a tenth is taken to be two places: every move of this case is of two or more.
      put("added_value", "share_2_or_more", nil, row.share_tenth)
      put("added_value", "share_tenth_or_more", "n/10 = 0.6; so every move counts", row.share_tenth)
      put("added_value", "mean_abs_shift", nil, row.mean)
      put("added_value", "spearman", nil, row.spearman)
   end

   function compute.bod()
      for _, case in ipairs {"bod", "bod_inside"} do
         for key, bounds in pairs {score_free = {0, 1}, ["score_share_0.4_0.6"] = {0.4, 0.6},
            ["score_share_0.5_0.5"] = {0.5, 0.5}} do
            local list = kernel.frontier({columns[case].p, columns[case].q}, bounds[1], bounds[2])
            for u, row in ipairs(inputs[case]) do put(case, key, row.unit, list[u]) end
         end
      end
   end

   function compute.mpi()
      for quantity, how in pairs {
         ["minus (variance n-1; as Compind)"] = {method = "mpi", divisor = "n-1"},
         ["plus (variance n-1)"] = {method = "mpi", divisor = "n-1", penalty = "plus"},
         ["minus (variance n; as the paper)"] = {method = "mpi"},
         ["plus (variance n)"] = {method = "mpi", penalty = "plus"}} do
         for unit, score in pairs(scores("mpi", {"a", "b", "c"}, how)) do put("mpi", quantity, unit, score) end
      end
      for quantity, how in pairs {["alpha=1/2 beta=0"] = {method = "mean_min", alpha = 0.5},
         ["alpha=1 beta=0"] = {method = "mean_min", alpha = 1},
         ["alpha=1/2 beta=5"] = {method = "mean_min", alpha = 0.5, beta = 5}} do
         for unit, score in pairs(scores("mpi", {"a", "b", "c"}, how)) do put("mean_min", quantity, unit, score) end
      end
      for quantity, how in pairs {["mean of best 2"] = {method = "ordered", best = 2},
         ["mean of worst 2"] = {method = "ordered", worst = 2},
         ["weights 1/6 1/3 1/2 on best..worst"] = {method = "ordered", weights = {1 / 6, 1 / 3, 1 / 2}}} do
         for unit, score in pairs(scores("mpi", {"a", "b", "c"}, how)) do put("owa", quantity, unit, score) end
      end
   end

   function compute.ampi()
      for quantity, penalty in pairs {minus = "minus", plus = "plus"} do
         local result = index("ampi", {"x", {id = "y", direction = -1}}, {normalise = {method = "ampi",
            reference = "mean"}, aggregate = {method = "ampi", penalty = penalty}})
         for row in result:scores():rows() do put("ampi", quantity, row.unit, row.score) end
         for row in result:stage("normalised"):rows() do
            put("ampi", "normalised x (better high)", row.unit, row.x)
            put("ampi", "normalised y (better low)", row.unit, row.y)
         end
      end
   end

   function compute.topsis()
      for quantity, how in pairs {["vector normalisation; equal weights"] = "topsis",
         ["minmax; equal weights"] = {method = "topsis", scale = "range"}} do
         for unit, score in pairs(scores("topsis", {"a", "b"}, how)) do put("topsis", quantity, unit, score) end
      end
   end

   function compute.sobol()
      local y = {0, 2, 2, 8}
      local chosen, two = {{1, 1}, {1, 2}, {2, 1}, {2, 2}}, {{choices = {1, 2}}, {choices = {1, 2}}}
      for f = 1, 2 do
         local first, total = require("difkit.index.shares").of(chosen, two, f, y)
         local key = ("factor %d; y(0;0)=0 y(0;1)=2 y(1;0)=2 y(1;1)=8"):format(f)
         put("sobol_2x2", "first_order", key, first)
         put("sobol_2x2", "total", ("factor %d"):format(f), total)
      end
   end

   function compute.age()
      local rows = {}
      for i, row in ipairs(inputs.age) do
         if row.year then rows[#rows + 1] = {unit = row.unit, indicator = "a", period = math.tointeger(row.year),
            value = i} end
         rows[#rows + 1] = {unit = row.unit, indicator = "b", period = 2022, value = i * i}
      end
      local audit = difkit.index{id = "i", children = {"a", "b"}, period = {method = "latest_each", limit = 20}}
         :compute(rows):audit(quick)
      local row = audit:table("age"):where{indicator = "a"}[1]
      put("age", "mean_age", "reference 2022", row.mean)
      put("age", "median_age", nil, row.median)
      put("age", "oldest", nil, row.oldest)
      put("age", "share_older_than_5", "of the available", row.older_than_5)
      put("age", "spread", "newest minus oldest year", row.spread)
   end

   function compute.constant()
      for row in index("constant", {"k", "m"}):audit(quick):table("shape"):rows() do
         put("constant", "same_share", row.indicator, row.same)
      end
   end

   function compute.em()
      local given = columns.em_monotone
      local found = kernel.expect{given.x, given.y}
      put("em_monotone", "mean", "x", found.mean[1])
      put("em_monotone", "mean", "y", found.mean[2])
      put("em_monotone", "var (n)", "x", found.covariance[1])
      put("em_monotone", "cov (n)", "x;y", found.covariance[2])
      put("em_monotone", "var (n)", "y", found.covariance[4])
      put("em_monotone", "imputed", "E", found.filled[2][5])
      put("em_monotone", "imputed", "F", found.filled[2][6])
      put("em_monotone", "conditional_variance", "E and F", found.spread[2][5] ^ 2)
   end

   function compute.rubin()
      local estimates, variances = {}, {}
      for row in read "audit/em/rubin_input":rows() do
         estimates[#estimates + 1], variances[#variances + 1] = tonumber(row.estimate), tonumber(row.variance)
      end
      local pooled = difkit.index.pool(estimates, variances)
      for quantity, key in pairs {qbar = "estimate", within = "within", between = "between", total = "total",
         r = "increase"} do put("rubin", quantity, nil, pooled[key]) end
      put("rubin", "df", "n infinite", pooled.degrees)
   end

   function compute.importance_paper()
      -- Variances 1, the first item uncorrelated with the others, those by 7/10; equal weights.
      local covariances, importance, sum, all = {1, 0, 0, 0, 1, 0.7, 0, 0.7, 1}, {}, 0, 0
      for i = 1, 9 do all = all + covariances[i] end
      for i = 1, 3 do
         local with = 0
         for j = 1, 3 do with = with + covariances[(i - 1) * 3 + j] end
         importance[i] = with ^ 2 / all
         sum = sum + importance[i]
      end
      put("importance_paper", "r2", "item 1", importance[1])
      put("importance_paper", "r2", "item 2 and 3", importance[2])
      put("importance_paper", "ratio", "item 1 to item 2", importance[1] / importance[2])
      local closed = kernel.target_weights(covariances, {1 / 3, 1 / 3, 1 / 3})
      put("importance_paper", "closed_form", "item 1; equal target", closed[1])
      put("importance_paper", "closed_form", "item 2 and 3; equal target", closed[2])
   end

   local names = {}
   for name in pairs(compute) do names[#names + 1] = name end
   table.sort(names)
   for _, name in ipairs(names) do
      it("compute: " .. name, function() compute[name]() end)
   end

   it("have every value that stands there", function()
      local absent, wrong, count = {}, {}, 0
      for row in read "audit/small/expected":rows() do
         local key = table.concat({row.case, row.quantity, row.key}, "|")
         local wanted, value = tonumber(row.value), got[key]
         if value == nil then absent[#absent + 1] = key
         -- Rounds of expectation and maximisation end at 1e-10 of the scale.
         elseif math.abs(value - wanted) > (row.case == "em_monotone" and 1e-8 or 1e-12) * math.max(1,
            math.abs(wanted)) then
            wrong[#wrong + 1] = ("%s: wanted %s, got %s"):format(key, wanted, value)
         end
         count = count + 1
      end
      assert.are.same({}, absent)
      assert.are.same({}, wrong)
      assert.are.equal(176, count)
   end)
end)
