-- The kernels of the audit against R's psych, mgcv and quadprog, on the ASEM example of COINr 1.1.14. The files
-- are read from
-- ../shared/reference (DIFKIT_SHARED names another place) and are no part of the project; the cases by hand are.
local kernel = require("difkit.core").index

local asem = require "tests.support.asem"
local SHARED, there, read = asem.folder, asem.there, asem.read
local function number(value) return tonumber(value) end

local function close(wanted, got, tolerance, what)
   local near = wanted == nil and got == nil
      or wanted and got and math.abs(wanted - got) <= tolerance * math.max(1, math.abs(wanted))
   assert.is_true(near, ("%s: wanted %s, got %s"):format(what or "", wanted, got))
end

describe("a kernel of the audit", function()
   it("gives what can be computed by hand", function()
      -- Three items that all correlate by 1/2: partial correlations of 1/3, so 1/4 / (1/4 + 1/9) = 9/13; det = 1/2.
      local half = {1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 1}
      local overall, items = kernel.kmo(half)
      close(9 / 13, overall, 1e-14)
      close(9 / 13, items[2], 1e-14)
      local chi_square, degrees, p, determinant = kernel.bartlett(half, 20)
      close(0.5, determinant, 1e-14)
      close((19 - 11 / 6) * math.log(2), chi_square, 1e-14)
      assert.are.equal(3, degrees)
      -- P(X >= x) of 3 degrees: erfc(sqrt(x/2)) + sqrt(2x/pi) exp(-x/2), here by the C library of Python:
      -- 0.0077371793600910
      close(0.007737179360091, p, 1e-12)
      -- Fisher: r = 0.632 of ten units reaches down to 0.004 (audit of small tables: 5 % is passed at 0.632).
      local low, high = kernel.interval(0.632, 10)
      close(0.004, low, 5e-4)
      close(0.903, high, 5e-4)
      assert.is_nil(kernel.interval(0.5, 3))
      assert.is_nil(kernel.interval(1, 10))
      -- Two uncorrelated indicators of variance 1 and 4: importance alike asks for weights 2/3 and 1/3.
      local closed, best, shares, reachable = kernel.target_weights({1, 0, 0, 4}, {0.5, 0.5})
      close(2 / 3, closed[1], 1e-14)
      close(1 / 3, best[2], 1e-14)
      close(0.5, shares[1], 1e-14)
      assert.is_true(reachable)
   end)

   it("says what cannot be computed", function()
      local singular = {1, 1, 1, 1}
      local overall, flaw = kernel.kmo(singular)
      assert.is_nil(overall)
      assert.are.equal("has no solution", flaw)
      assert.is_nil((kernel.bartlett(singular, 10)))
      assert.is_nil((kernel.parallel(5, 5, 10, 1)))
      assert.is_nil((kernel.target_weights(singular, {0.5, 0.5})))
      assert.is_nil((kernel.spline({1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 3, 2, 4, 3, 5, 4, 6, 5})))
      local steps, flat = {}, {}
      for i = 1, 30 do steps[i], flat[i] = i % 5, 7 end
      assert.is_nil((kernel.spline(steps, flat)))
   end)

   it("has the exact first threshold of two items in parallel analysis", function()
      -- 1 + r_crit, r_crit = t/sqrt(n - 2 + t²) at 97.5 %: 1.6318968647 (n = 10), 1.2759364629 (n = 51); ± 4
      -- standard errors.
      for n, wanted in pairs {[10] = 1.6318968647, [51] = 1.2759364629} do
         local _, thresholds = kernel.parallel(2, n, 20000, 7)
         close(wanted, thresholds[1], 0.008, "n = " .. n)
      end
      local one, two = kernel.parallel(4, 20, 50, 3), kernel.parallel(4, 20, 50, 3)
      assert.are.same(one, two)
   end)

   if not there() then
      pending("is compared with R where its figures are present (" .. SHARED .. "audit is not)")
      return
   end

   local columns, groups, order = {}, {}, {}
   for _, name in ipairs {"asem/06_norm_minmax_0_100", "asem/08_agg_amean_minmax0_100"} do
      local t = read(name)
      for _, column in ipairs(t.columns) do
         local list = {}
         for row in t:rows() do list[#list + 1] = number(row[column]) end
         if #list == 51 then columns[column] = list end
      end
   end
   for row in read "asem/00_iMeta":rows() do
      if row.Parent and row.Parent ~= "NA" and (row.Type == "Indicator" or row.Type == "Aggregate") then
         if not groups[row.Parent] then groups[row.Parent], order[#order + 1] = {}, row.Parent end
         table.insert(groups[row.Parent], row.iCode)
      end
   end

   local function of(group)
      local list = {}
      for i, id in ipairs(groups[group]) do list[i] = columns[id] end
      return list
   end

   it("has psych's KMO and Bartlett", function()
      local count = 0
      for row in read "audit/asem/kmo":rows() do
         if groups[row.group] and #groups[row.group] > 2 then
            local overall, items = kernel.kmo(kernel.correlation_matrix(of(row.group)))
            local got = overall
            for i, id in ipairs(groups[row.group]) do if id == row.item then got = items[i] end end
            close(number(row.msa), got, 1e-9, row.group .. " " .. row.item)
            count = count + 1
         end
      end
      assert.is_true(count >= 60)
      for row in read "audit/asem/bartlett":rows() do
         if groups[row.group] then
            local chi_square, degrees, p, determinant = kernel.bartlett(kernel.correlation_matrix(of(row.group)), 51)
            close(number(row.chisq), chi_square, 1e-9, row.group)
            assert.are.equal(number(row.df), degrees)
            assert.is_true(math.abs(p - number(row.p)) <= 1e-9 * number(row.p) + 1e-300, row.group)
            close(number(row.determinant), determinant, 1e-9)
         end
      end
   end)

   it("has the eigenvalues of R, and the random ones of parallel analysis", function()
      local values = {}
      for row in read "audit/asem/parallel_analysis":rows() do
         if groups[row.group] then
            local group, pc = row.group, math.tointeger(number(row.pc))
            values[group] = values[group] or {kernel.eigen(kernel.correlation_matrix(of(group))),
               {kernel.parallel(#groups[group], 51, 2000, 11)}}
            close(number(row.observed), values[group][1][pc], 1e-9, group)
            close(number(row.random_mean), values[group][2][1][pc], 0.02, group)
            close(number(row.random_q95), values[group][2][2][pc], 0.02, group)
         end
      end
      assert.is_table(values.Physical)
   end)

   it("has psych's test of Williams", function()
      local count = 0
      for row in read "audit/asem/misplaced":rows() do
         local t, p = kernel.williams(number(row.r_own_rest), number(row.r_best_other), number(row.r_rest_other), 51)
         close(number(row.williams_t), t, 1e-9, row.indicator)
         close(number(row.williams_p), p, 1e-9, row.indicator)
         count = count + 1
      end
      assert.are.equal(49, count)
   end)

   it("has the bootstrap intervals of correlations", function()
      local count = 0
      for row in read "audit/asem/bootstrap_r":rows() do
         local x, y = columns[row.item or row.x or row.a], columns[row.aggregate or row.y or row.b]
         if x and y then
            local low, high = kernel.resample(x, y, 20000, 5)
            assert.is_true(math.abs(number(row.boot_lo95) - low) <= 0.02, row.item .. " " .. low)
            assert.is_true(math.abs(number(row.boot_hi95) - high) <= 0.02, row.item .. " " .. high)
            count = count + 1
         end
      end
      assert.are.equal(10, count)
   end)

   it("has the correlation ratios of mgcv on the same knots", function()
      local count = 0
      for row in read "audit/asem/importance":rows() do
         local x, y = columns[row.item], columns[row.aggregate]
         local wanted = number(row.S_pspline_reml)
         if x and y and number(row.unique) >= 6 then
            -- Generalised cross-validation, on the grid alone.
            local crossed, exponent = kernel.spline(x, y, "gcv")
            close(number(row.S_pspline), crossed, 1e-8, row.item .. " " .. row.aggregate)
            close(number(row.pspline_log10_lambda), exponent, 1e-9, row.item)
         end
         if x and y and wanted and number(row.unique) >= 6 then
            local ratio, _, degrees = kernel.spline(x, y)
            close(wanted, ratio, 1e-6, row.item .. " " .. row.aggregate)
            close(number(row.pspline_reml_edf), degrees, 1e-3, row.item)
            count = count + 1
         end
      end
      assert.is_true(count > 50)
      local x, y = {}, {}
      for row in read "audit/small/smoothers":rows() do
         x[#x + 1], y[#y + 1] = number(row.x), number(row.y)
      end
      local ratio, _, degrees = kernel.spline(x, y, 3, 1)
      close(0.79464110923059, ratio, 1e-12)
      close(2.34257309174146, degrees, 1e-12)
   end)

   it("has quadprog's weights for a target", function()
      local sets, names = {}, {}
      for row in read "audit/asem/optimal_weights_nnls":rows() do
         if not sets[row.set] then sets[row.set], names[#names + 1] = {}, row.set end
         table.insert(sets[row.set], row)
      end
      for _, name in ipairs(names) do
         local list, target = {}, {}
         for i, row in ipairs(sets[name]) do list[i], target[i] = columns[row.item], number(row.target) end
         if #list == #sets[name] then
            local _, best, shares = kernel.target_weights(kernel.covariances(list), target)
            for i, row in ipairs(sets[name]) do
               close(number(row.nnls_weight), best[i], 1e-9, name .. " " .. row.item)
               close(number(row.importance), shares[i], 1e-9, name .. " " .. row.item)
            end
         end
      end
      local closed = kernel.target_weights(kernel.covariances{columns.Conn, columns.Sust}, {0.5, 0.5})
      close(0.385316604672524, closed[1], 1e-9)
   end)

   it("has lpSolve's benefit of the doubt of the pillars", function()
      local pillars, scores = {}, {}
      local all, units = {}, {}
      for u, row in ipairs(read "asem/08_agg_amean_minmax0_100") do
         all[u], units[row.uCode] = row, u
      end
      for _, bounds in ipairs {{"none", 0, 1}, {"0.05-0.25", 0.05, 0.25}, {"0.05-0.20", 0.05, 0.2}} do
         for q, id in ipairs {"Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin"} do
            pillars[q] = {}
            for u, row in ipairs(all) do pillars[q][u] = number(row[id]) end
         end
         scores[bounds[1]] = assert(kernel.frontier(pillars, bounds[2], bounds[3]))
      end
      local count = 0
      for row in read "audit/asem/benefit_of_doubt":rows() do
         if scores[row.bounds] then
            close(number(row.score), scores[row.bounds][units[row.unit]], 1e-9, row.unit .. " " .. row.bounds)
            count = count + 1
         end
      end
      assert.are.equal(153, count)
   end)
end)
