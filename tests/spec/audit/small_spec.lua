-- Small cases of an audit that can be checked by hand, and the technology achievement index of the OECD/JRC Handbook
-- (table A.2, 23 countries) against R's psych and quadprog. Files: ../shared/reference (DIFKIT_SHARED names another
-- place), no part of the project.
local difkit = require "difkit"
local kernel = require("difkit.core").index
local asem = require "tests.support.asem"
local read = asem.read

local function close(wanted, got, tolerance, what)
   local near = wanted and got and math.abs(wanted - got) <= tolerance * math.max(1, math.abs(wanted))
   assert.is_true(near, ("%s: wanted %s, got %s"):format(what or "", wanted, got))
end

local quick = {runs = 20, sobol = 4, draws = 50, bootstrap = 0}

local function by(t, ...)
   local found, keys = {}, {...}
   for row in t:rows() do
      local parts = {}
      for i, key in ipairs(keys) do parts[i] = tostring(row[key]) end
      found[table.concat(parts, "/")] = row
   end
   return found
end

describe("an audit of a small table", function()
   it("has alpha, and items with the rest, by hand", function()
      -- Covariances 1, 0.6, 0.8; 0.6, 1, 0; 0.8, 0, 1: alpha = 3/2 (1 - 3/5.8) = 21/29; item-rest of b 0.6/√3.6.
      local rows = {}
      local b, c = {}, {}
      for u = 1, 4 do
         b[u], c[u] = ({1, -1, -1, 1})[u], ({1, 1, -1, -1})[u]
         -- a goes with b by 0.6 and with c by 0.8.
         rows[u] = {unit = "U" .. u, a = 0.6 * b[u] + 0.8 * c[u], b = b[u], c = c[u]}
      end
      local audit = difkit.index{id = "g", children = {"a", "b", "c"}, normalise = "none"}:compute(rows):audit(quick)
      close(21 / 29, audit:table("groups")[1].alpha, 1e-12, "alpha")
      close(21 / 29, audit:table("groups")[1].alpha_standardised, 1e-12, "standardised")
      local items = by(audit:table "alpha", "item")
      close(0, items.a.alpha_without, 1e-12, "a")
      close(8 / 9, items.b.alpha_without, 1e-12, "b")
      close(3 / 4, items.c.alpha_without, 1e-12, "c")
      close(0.6 / math.sqrt(3.6), items.b.r_rest_sum, 1e-12, "b rest")
      close(0.8 / math.sqrt(3.2), items.c.r_rest_sum, 1e-12, "c rest")
   end)

   it("has coverage, kinds of nothing, constants and age by hand", function()
      local rows = {{unit = "A", p = 1, q = 1, r = 1}, {unit = "B", p = 2, r = 2, q = nil}, {unit = "C", r = 3},
         {unit = "D", p = 4, q = 2, r = 4}}
      local audit = difkit.index{id = "i", children = {"p", "q", "r"}, normalise = "none"}:compute(rows):audit(quick)
      local coverage = by(audit:table "coverage", "level", "id")
      close(3 / 4, coverage["indicator/p"].share, 1e-12, "p")
      close(1 / 2, coverage["indicator/q"].share, 1e-12, "q")
      close(1 / 3, coverage["unit/C"].share, 1e-12, "C")
      assert.are.equal(2, by(audit:table "nothing", "indicator")["q"].count)
      local years = {}
      for i, year in ipairs {2022, 2021, 2015} do
         years[#years + 1] = {unit = "U" .. i, indicator = "a", period = year, value = i}
         years[#years + 1] = {unit = "U" .. i, indicator = "b", period = 2022, value = i * i}
      end
      -- Ages 0, 1, 7: mean 8/3, oldest and spread 7, a third older than five years.
      local aged = difkit.index{id = "i", children = {"a", "b"}, period = {method = "latest_each", limit = 20}}
         :compute(years):audit(quick):table("age")[1]
      close(8 / 3, aged.mean, 1e-12, "mean")
      assert.are.equal(7, aged.oldest)
      assert.are.equal(7, aged.spread)
      close(1 / 3, aged.older_than_5, 1e-12, "older")
   end)

   it("has coverage by group, unit and period, and the weight that rests on values, by hand", function()
      -- Group g of p and q weighs 1/4 (1/8 each), h of r 3/4. In 2021 A has p alone; in 2022 A has p and r, B all.
      local rows = {{unit = "A", year = 2021, p = 1}, {unit = "B", year = 2021, p = 2, q = 2, r = 2},
         {unit = "A", year = 2022, p = 1, r = 5}, {unit = "B", year = 2022, p = 2, q = 4, r = 6}}
      local audit = difkit.index{id = "i", periods = "all", normalise = "none", children = {{id = "g", weight = 1,
         children = {"p", "q"}}, {id = "h", weight = 3, children = {"r"}}}}:compute(rows):audit(quick)
      local groups = by(audit:table "coverage_groups", "group")
      close(3 / 4, groups.g.share, 1e-12, "g")
      close(1, groups.h.share, 1e-12, "h")
      local units = by(audit:table "coverage_units", "unit")
      close(2 / 3, units.A.share, 1e-12, "A")
      close(7 / 8, units.A.weight_on_values, 1e-12, "weight of A")
      assert.are.equal("g", units.A.least_in)
      close(1 / 2, units.A.least, 1e-12, "least of A")
      close(1, units.B.weight_on_values, 1e-12, "weight of B")
      assert.is_nil(units.B.least_in)
      local periods = by(audit:table "coverage_periods", "period", "group")
      close(4 / 6, periods["2021/nil"].share, 1e-12, "2021")
      close(5 / 6, periods["2022/nil"].share, 1e-12, "2022")
      close(3 / 4, periods["2021/g"].share, 1e-12, "g in 2021")
      close(1 / 2, periods["2021/h"].share, 1e-12, "h in 2021")
   end)

   it("has the mean age of units by effective weight, and the year of what was carried forward", function()
      -- a weighs 3/4 and b 1/4; U1 has ages 0 and 4, so 1; U2 ages 2 and 0, so 1.5.
      local rows = {{unit = "U1", indicator = "a", period = 2022, value = 1},
         {unit = "U1", indicator = "b", period = 2018, value = 2},
         {unit = "U2", indicator = "a", period = 2020, value = 3},
         {unit = "U2", indicator = "b", period = 2022, value = 4}}
      local children = {{id = "a", weight = 3}, {id = "b", weight = 1}}
      local units = by(difkit.index{id = "i", children = children, period = {method = "latest_each", limit = 20},
         normalise = "none"}:compute(rows):audit(quick):table "age_units", "unit")
      close(1, units.U1.mean, 1e-12, "U1")
      close(1.5, units.U2.mean, 1e-12, "U2")
      assert.are.equal(4, units.U1.oldest)
      -- All periods, gaps filled with the last value: a of U2 is of 2020, b of U1 of 2018; and U3 of 2022 throughout.
      table.insert(rows, {unit = "U3", indicator = "a", period = 2022, value = 9})
      table.insert(rows, {unit = "U3", indicator = "b", period = 2022, value = 9})
      local carried = by(difkit.index{id = "i", children = children, periods = "all", impute = "last",
         normalise = "none"}:compute(rows):audit(quick):table "age", "indicator")
      assert.are.equal(2, carried.a.oldest)
      close(2 / 3, carried.a.mean, 1e-12, "a")
      close(4 / 3, carried.b.mean, 1e-12, "b")
      -- Older than five years is six years and more.
      local old = {}
      for i, year in ipairs {2017, 2016} do
         old[#old + 1] = {unit = "U" .. i, indicator = "a", period = year, value = i}
         old[#old + 1] = {unit = "U" .. i, indicator = "b", period = 2022, value = 2 * i}
      end
      local bound = difkit.index{id = "i", children = {"a", "b"}, period = {method = "latest_each", limit = 20}}
         :compute(old)
      close(1 / 2, bound:audit(quick):table("age")[1].older_than_5, 1e-12, "bound")
      -- Where all is of the period that was asked for, a sentence says so.
      local now = difkit.index{id = "i", children = children, period = 2022, normalise = "none"}:compute{rows[1],
         rows[4], rows[5], rows[6], {unit = "U1", indicator = "b", period = 2022, value = 2}}:audit(quick)
      assert.is_nil(now:table "age")
      assert.are.equal("All values are of 2022.", now:findings():where{code = "age"}[1].sentence)
   end)

   it("has a trade-off by hand", function()
      -- Four indicators of a quarter each; a from 10 to 60, b from 0 to 200: 0.5 and 0.125 points a unit, rate -4.
      local rows = {{unit = "A", a = 10, b = 0, c = 0, d = 1}, {unit = "B", a = 60, b = 200, c = 1, d = 0},
         {unit = "C", a = 30, b = 70, c = 1, d = 1}}
      local audit = difkit.index{id = "i", children = {"a", "b", "c", "d"}}:compute(rows):audit(quick)
      close(0.5, by(audit:table "trade_offs", "indicator").a.points_per_unit, 1e-12, "points")
      close(-4, by(audit:table "rates", "give", "take")["a/b"].change, 1e-12, "rate")
      local spoken = difkit.index{id = "i", children = {{id = "a", measure = "users"}, {id = "b", measure = "USD"}, "c",
         "d"}}:compute(rows):audit(quick):findings():where{code = "trade_off"}[1]
      assert.are.equal("In i one unit of a (users) makes up for 4 of b (USD).", spoken.sentence)
   end)

   it("has Kaiser-Meyer-Olkin, Bartlett, Fisher and Williams by hand", function()
      local matrix = {1, 0.5, 0.5, 0.5, 1, 0.25, 0.5, 0.25, 1}
      local overall, items = kernel.kmo(matrix)
      close(45 / 77, overall, 1e-12, "kmo")
      close(5 / 9, items[1], 1e-12, "first")
      close(25 / 41, items[2], 1e-12, "second")
      for n, chi in pairs {[6] = 5 - 11 / 6, [10] = 9 - 11 / 6, [51] = 50 - 11 / 6} do
         close(-chi * math.log(9 / 16), (kernel.bartlett(matrix, n)), 1e-12, "n = " .. n)
      end
      close(-2.56580566919903, (kernel.williams(0.3, 0.6, 0.5, 51)), 1e-12, "Williams")
      close(0.358751188267879, select(2, kernel.williams(0.3, 0.6, 0.5, 10)), 1e-9, "p")
      -- Equal importance of r12 = 0.65, r13 = r23 = 0.9 would need 2, 2 and -3.
      local closed, best, shares, reachable = kernel.target_weights({1, 0.65, 0.9, 0.65, 1, 0.9, 0.9, 0.9, 1},
         {1 / 3, 1 / 3, 1 / 3})
      close(2, closed[1], 1e-9, "closed")
      close(-3, closed[3], 1e-9, "closed")
      close(0.5, best[1], 1e-9, "best")
      close(0.373056994818653, shares[3], 1e-9, "importance")
      assert.is_false(reachable)
   end)
end)

describe("the technology achievement index", function()
   if not asem.there() then
      pending("is compared where its files are present (" .. asem.folder .. "audit is not)")
      return
   end
   local data = read "tai/tai_a2_raw_23"
   local ids, columns = {}, {}
   for _, id in ipairs(data.columns) do if id ~= "country" then ids[#ids + 1] = id end end
   for q, id in ipairs(ids) do
      columns[q] = {}
      for u, row in ipairs(data) do columns[q][u] = tonumber(row[id]) end
   end
   local result = difkit.index{id = "TAI", children = ids, unit_column = "country"}:compute(data)
   local audit = result:audit(quick)

   it("has psych's figures of the group", function()
      local wanted = {}
      for row in read "audit/tai/summary":rows() do wanted[row.quantity] = tonumber(row.value) end
      local matrix = kernel.correlation_matrix(columns)
      local chi_square, degrees, p, determinant = kernel.bartlett(matrix, #data)
      close(wanted.kmo, (kernel.kmo(matrix)), 1e-9, "kmo")
      close(wanted.bartlett_chisq, chi_square, 1e-9, "chi")
      assert.are.equal(wanted.bartlett_df, degrees)
      close(wanted.bartlett_p, p, 1e-9, "p")
      close(wanted.determinant, determinant, 1e-9, "determinant")
      close(wanted.alpha_standardised, audit:table("groups")[1].alpha_standardised, 1e-9, "standardised")
      local values = kernel.eigen(matrix)
      for row in read "audit/tai/pca_parallel":rows() do
         close(tonumber(row.eigenvalue), values[math.tointeger(tonumber(row.pc))], 1e-9, "eigenvalue")
      end
   end)

   it("has the figures of every indicator", function()
      local _, adequacy = kernel.kmo(kernel.correlation_matrix(columns))
      local items, places = by(audit:table "alpha", "item"), by(audit:table "places", "item")
      local shape = by(audit:table "shape", "indicator")
      for i, row in ipairs(read "audit/tai/indicators") do
         close(tonumber(row.msa), adequacy[i], 1e-9, row.indicator)
         close(tonumber(row.alpha_std_if_dropped), items[row.indicator].alpha_standardised_without, 1e-9, row.indicator)
         close(tonumber(row.r_index_minmax), places[row.indicator].r_own, 1e-9, row.indicator)
         close(tonumber(row.r_rest_minmax), places[row.indicator].r_rest, 1e-9, row.indicator)
         close(tonumber(row.skew), shape[row.indicator].skewness, 1e-9, row.indicator)
         close(tonumber(row.kurtosis), shape[row.indicator].kurtosis, 1e-9, row.indicator)
      end
   end)

   it("has quadprog's weights for equal importance", function()
      local target = by(audit:table "target", "item")
      for row in read "audit/tai/optimal_weights":rows() do
         local got = target[row.indicator]
         close(tonumber(row.closed_form), got.closed, 1e-9, row.indicator)
         close(tonumber(row.nnls), got.weight, 1e-9, row.indicator)
         close(tonumber(row.importance_nnls), got.after, 1e-9, row.indicator)
      end
      -- The same as weights of a spec.
      local optimal = difkit.index{id = "TAI", children = ids, unit_column = "country",
         weights = "optimal"}:compute(data)
      for row in optimal:effective_weights():rows() do close(target[row.node].weight, row.effective, 1e-9, row.node) end
   end)

   it("has R's intervals of correlations of few units", function()
      local count = 0
      for row in read "audit/small_n/fisher_intervals":rows() do
         local low, high = kernel.interval(tonumber(row.r), math.tointeger(tonumber(row.n)))
         close(tonumber(row.lo95), low, 1e-9, row.n)
         close(tonumber(row.hi95), high, 1e-9, row.n)
         close(tonumber(row.critical_r_05), require("difkit.audit.report").critical(math.tointeger(tonumber(row.n))),
            1e-9,
            "critical " .. row.n)
         count = count + 1
      end
      assert.is_true(count > 10)
   end)
end)
