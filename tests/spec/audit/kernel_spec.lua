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

   it("has the correlation ratios of numpy's local linear regression", function()
      local count = 0
      for row in read "audit/asem/importance":rows() do
         local x, y = columns[row.item], columns[row.aggregate]
         if x and y and number(row.unique) >= 6 then
            local ratio, width = kernel.local_linear(x, y)
            close(number(row.S_loclin), ratio, 1e-9, row.item .. " " .. row.aggregate)
            local mean, squares = 0, 0
            for u = 1, 51 do mean = mean + x[u] / 51 end
            for u = 1, 51 do squares = squares + (x[u] - mean) ^ 2 end
            close(number(row.loclin_c), width / math.sqrt(squares / 50), 1e-9, row.item)
            count = count + 1
         end
      end
      assert.is_true(count > 50, count)
      local x, y, wanted = {}, {}, {}
      for row in read "audit/small/smoothers":rows() do
         x[#x + 1], y[#y + 1] = number(row.x), number(row.y)
      end
      for row in read "audit/small/smoothers_summary":rows() do wanted[row.quantity] = number(row.value) end
      local ratio, _, error_left_out = kernel.local_linear(x, y, 1)
      close(wanted.S_loclin_h1, ratio, 1e-12)
      close(wanted.loo_mse_loclin, error_left_out, 1e-12)
      local spline, _, degrees = kernel.spline(x, y, 3, 1)
      close(wanted.S_pspline_m3_lambda1, spline, 1e-12)
      close(wanted.edf_pspline, degrees, 1e-12)
      close(wanted.r2, kernel.correlation_matrix{x, y}[2] ^ 2, 1e-12)
   end)

   it("leaves out what local linear regression cannot fit, and says so", function()
      local few, steps, flat, x, y = {1, 2, 3, 4, 5, 6, 7, 8, 9}, {}, {}, {}, {}
      for i = 1, 30 do steps[i], flat[i], x[i], y[i] = i % 5, 7, i < 30 and i % 7 or 1e9, i % 11 end
      assert.is_nil((kernel.local_linear(few, {1, 3, 2, 4, 3, 5, 4, 6, 5})))
      assert.is_nil((kernel.local_linear(steps, x)))
      assert.is_nil((kernel.local_linear(x, flat)))
      -- A unit that stands alone is fitted by itself at every width: there is no answer.
      local ratio, flaw = kernel.local_linear(x, y)
      assert.is_nil(ratio)
      assert.are.equal("has no solution", flaw)
   end)

   it("has intervals of the ratio by a spline that hold it, from a seed", function()
      local x, y = columns.LPI, columns.Physical
      local low, high, left_out = kernel.resample(x, y, 50, 3, "spline")
      local ratio = kernel.spline(x, y)
      assert.is_true(low < ratio and ratio < high and low > 0 and high <= 1, low .. " " .. ratio .. " " .. high)
      assert.are.equal(0, left_out)
      assert.are.same({low, high, 0}, {kernel.resample(x, y, 50, 3, "spline")})
   end)

   it("has weights whose shares lie as near the target as those of scipy's 62 beginnings, or nearer", function()
      local sets, names, summary = {}, {}, {}
      for row in read "audit/asem/optimal_weights":rows() do
         if not sets[row.set] then sets[row.set], names[#names + 1] = {}, row.set end
         table.insert(sets[row.set], row)
      end
      for row in read "audit/asem/optimal_weights_summary":rows() do summary[row.set] = row end
      for _, name in ipairs(names) do
         local rows, list, target = sets[name], {}, {}
         for i, row in ipairs(rows) do list[i], target[i] = columns[row.item], number(row.target) end
         local covariances = kernel.covariances(list)
         local closed, best, _, reachable = kernel.target_weights(covariances, target)
         local weights, shares, gap = kernel.target_direct(covariances, target, best)
         assert.is_true(gap <= number(summary[name].sum_sq_gap_at_best) + 1e-6, name .. ": " .. gap)
         assert.are.equal(number(summary[name].reachable_with_nonneg_weights) == 1, reachable, name)
         local smallest, sum, squares = math.huge, 0, 0
         for i, row in ipairs(rows) do
            close(number(row.closed_form_weight), closed[i], 1e-9, name .. " " .. row.item)
            smallest, sum = math.min(smallest, closed[i]), sum + weights[i]
            assert.is_true(weights[i] >= 0, name)
            squares = squares + (shares[i] - target[i]) ^ 2
         end
         close(number(summary[name].smallest_closed_form_weight), smallest, 1e-9, name)
         close(1, sum, 1e-12, name)
         assert.is_true(math.abs(squares - gap) < 1e-15, name)
         -- The shares are those of the weighted sum: r|r| of each with it, over the sum of r².
         local total, all, signed = {}, 0, {}
         for u = 1, 51 do
            total[u] = 0
            for i = 1, #list do total[u] = total[u] + weights[i] * list[i][u] end
         end
         for i, x in ipairs(list) do
            local r = kernel.correlation_matrix{x, total}[2]
            signed[i], all = r * math.abs(r), all + r * r
         end
         for i = 1, #list do close(signed[i] / all, shares[i], 1e-9, name) end
      end
      assert.are.equal(13, #names)
   end)

   it("has psych's figures of the ten members of ASEAN, and none where its matrix is singular", function()
      local members, codes = {}, {BRN = true, IDN = true, KHM = true, LAO = true, MMR = true, MYS = true, PHL = true,
         SGP = true, THA = true, VNM = true}
      for u, row in ipairs(read "asem/08_agg_amean_minmax0_100") do
         if codes[row.uCode] then members[#members + 1] = u end
      end
      assert.are.equal(10, #members)
      groups.pillars8 = {"Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin"}
      for row in read "audit/small_n/asean10_groups":rows() do
         local list = {}
         for i, id in ipairs(groups[row.group]) do
            list[i] = {}
            for u, at in ipairs(members) do list[i][u] = columns[id][at] end
         end
         local k, correlations, covariances = #list, kernel.correlation_matrix(list), kernel.covariances(list)
         assert.are.equal(number(row.k_used), k, row.group)
         local chi_square, degrees, p = kernel.bartlett(correlations, 10)
         close(number(row.bartlett_chisq), chi_square, 1e-9, row.group)
         assert.are.equal(number(row.df), degrees, row.group)
         close(number(row.p), p, 1e-9, row.group)
         close(number(row.kmo), (kernel.kmo(correlations)), 1e-9, row.group)
         close(number(row.alpha), require("difkit.audit.structure").alpha(covariances, k), 1e-9, row.group)
         local values, above = kernel.eigen(correlations), 0
         for _, value in ipairs(values) do above = above + (value > 1 and 1 or 0) end
         close(number(row.eigenvalue1), values[1], 1e-9, row.group)
         close(number(row.share1), values[1] / k, 1e-9, row.group)
         assert.are.equal(number(row.kaiser), above, row.group)
         assert.is_true(math.abs(number(row.condition_number) - values[1] / values[k])
            <= 1e-6 * number(row.condition_number), row.group)
      end
      groups.pillars8 = nil
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
      -- How many stand on the frontier, and how like the order of the index is.
      local index = {}
      for u, row in ipairs(all) do index[u] = number(row.Index) end
      for row in read "audit/asem/benefit_of_doubt_summary":rows() do
         local on, least, sum, list = 0, math.huge, 0, scores[row.bounds]
         for u = 1, 51 do
            on = on + (list[u] > 1 - 1e-9 and 1 or 0)
            least, sum = math.min(least, list[u]), sum + list[u]
         end
         assert.are.equal(number(row.on_frontier), on, row.bounds)
         close(number(row.min_score), least, 1e-9, row.bounds)
         close(number(row.mean_score), sum / 51, 1e-9, row.bounds)
         close(number(row.spearman), kernel.correlation_matrix({list, index}, "spearman")[2], 1e-9, row.bounds)
      end
   end)
end)
