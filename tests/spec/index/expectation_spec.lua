-- Imputation by expectation-maximisation: by hand, and against norm2's emNorm (Schafer; criterion 1e-13) on data with
-- gaps. Files: ../shared/reference (DIFKIT_SHARED names another place), no part of the project.
local difkit = require "difkit"
local kernel = require("difkit.core").index

local SHARED = (os.getenv "DIFKIT_SHARED" or "../shared") .. "/reference/"

local function close(wanted, got, tolerance, what)
   local near = wanted and got and math.abs(wanted - got) <= tolerance * math.max(1, math.abs(wanted))
   assert.is_true(near, ("%s: wanted %s, got %s"):format(what or "", wanted, got))
end

describe("imputation by expectation-maximisation", function()
   -- By hand: where only y has gaps, the estimate is the regression of y on x over the complete units (here y = 2x +
   -- 1 but for residuals that are orthogonal to x), and the mean of x is that of all.
   local x = {1, 2, 3, 4, 5, 6, n = 6}
   local y = {3.5, 4.5, 6.5, 9.5, nil, nil, n = 6}

   it("is a regression where one column has gaps", function()
      local found = kernel.expect{x, y}
      -- Slope of y on x over 1..4: (sum of (x - 2.5)(y - 6)) / 5 = 2; so y = 2x + 1.
      close(11, found.filled[2][5], 1e-8)
      close(13, found.filled[2][6], 1e-8)
      close(3.5, found.mean[1], 1e-12)
      -- Residual variance with divisor 4: (0.25 + 0.25 + 0.25 + 0.25) / 4.
      close(0.5, found.spread[2][5], 1e-8)
      assert.are.equal(0, found.spread[1][5])
   end)

   it("says what it cannot estimate", function()
      local _, flaw = kernel.expect{{1, 2, 3, n = 3}, {1, 5, nil, n = 3}}
      assert.are.equal("has too few values for this method", flaw)
      _, flaw = kernel.expect{{1, 1, 1, 1, 1, n = 5}, {1, 2, 3, 4, nil, n = 5}}
      assert.are.equal("is constant: it has no range", flaw)
      _, flaw = kernel.expect{{n = 5}, {1, 2, 3, 4, 5, n = 5}}
      assert.are.equal("has no value", flaw)
   end)

   it("fills an index, keeps what does not apply, and names what it leaves", function()
      local rows = {}
      for u = 1, 6 do
         rows[#rows + 1] = {unit = "U" .. u, indicator = "x", value = x[u]}
         rows[#rows + 1] = {unit = "U" .. u, indicator = "y", value = y[u], flag = u == 6 and "M" or nil}
      end
      rows[#rows + 1] = {unit = "U7", indicator = "z", value = 1}
      for u = 1, 6 do rows[#rows + 1] = {unit = "U" .. u, indicator = "z", value = u} end
      local index = difkit.index{id = "i", impute = "expectation", normalise = "none",
         children = {{id = "g", children = {"x", "y"}}, {id = "h", children = {"z"}}}}
      local result = index:compute(rows)
      local got = {}
      for row in result:stage("imputed"):rows() do got[row.unit] = row end
      close(11, got.U5.y, 1e-8)
      assert.is_nil(got.U6.y)
      assert.is_nil(got.U7.y)
      assert.are.equal(1, result.imputed:counts()["imputed: expectation"])
      local said = table.concat(result.warnings, "\n")
      local text = [[indicator "y": gaps stay for U7, which have no value of the group "g"]]
      assert.is_truthy(said:find(text, 1, true), said)
   end)

   it("draws the same from the same seed, and keeps what has two values at these", function()
      local rows = {}
      for u = 1, 30 do
         rows[u] = {unit = ("U%02d"):format(u), a = u % 7 + u, b = u % 5 + u, c = u > 6 and (u % 3 == 0 and 1 or 0)
            or nil}
      end
      local result = difkit.index{id = "x", children = {"a", "b", "c"}, normalise = "none"}:compute(rows)
      local function means(t)
         local list = {}
         for row in t:rows() do list[#list + 1] = ("%.17g"):format(row.mean) end
         return table.concat(list, " ")
      end
      local one, two = result:imputations{draws = 30}, result:imputations{draws = 30}
      assert.are.equal(means(one), means(two))
      assert.are_not.equal(means(one), means(result:imputations{draws = 30, seed = 2}))
      for row in one:rows() do
         -- What lacks nothing does not move; what lacks c moves by a third of its range at most.
         if row.missing == 0 then assert.is_true(row.deviation < 1e-9)
         else
            assert.is_true(row.deviation > 0 and row.high - row.low <= 1 / 3 + 1e-12, row.unit)
         end
      end
      local robust = result:robustness{impute = {"none", "multiple"}, runs = 200}
      assert.is_truthy(robust.note:find("20 draws of gaps", 1, true), robust.note)
      assert.is_truthy(robust.note:find("kept at its bounds", 1, true), robust.note)
   end)

   it("lets errors of measurement widen the intervals of ranks, and only those that have one", function()
      local rows = {}
      for u = 1, 20 do rows[u] = {unit = ("U%02d"):format(u), a = u, b = u, b_error = u < 5 and 40 or 0} end
      local index = difkit.index{id = "x", normalise = "none", children = {"a", {id = "b", standard_error = "b_error"}}}
      local result = index:compute(rows)
      local wide, still = {}, {}
      for row in result:robustness{runs = 500, draws = 50}:rows() do wide[row.unit] = row.high - row.low end
      for row in result:robustness{runs = 500, measurement = false}:rows() do still[row.unit] = row.high - row.low end
      assert.is_true(wide.U03 > 10)
      assert.are.equal(0, still.U03)
      -- a and b as they are are the same column: the deviation of a score is half of the error.
      for row in result:imputations{draws = 1000}:rows() do
         if row.unit == "U03" then assert.is_true(math.abs(row.deviation - 20) < 2, row.deviation) end
         if row.unit == "U09" then assert.is_true(row.deviation < 1e-9) end
      end
      assert.has_error(function()
         difkit.index{id = "x", children = {"a"}}:compute(rows):robustness{measurement = true}
      end)
   end)

   local there = io.open(SHARED .. "audit/README.md", "rb")
   if not there then
      pending("is compared with norm2 where its figures are present (" .. SHARED .. "audit is not)")
      return
   end
   there:close()
   local function read(name) return assert(difkit.table.read_csv(SHARED .. "audit/em/" .. name .. ".csv")) end

   it("pools as mice does", function()
      local estimates, variances = {}, {}
      for row in read "rubin_input":rows() do
         estimates[#estimates + 1], variances[#variances + 1] = tonumber(row.estimate), tonumber(row.variance)
      end
      for row in read "rubin_pooling":rows() do
         local got = difkit.index.pool(estimates, variances, row.case ~= "n=Inf" and {n = 20, k = 2} or nil)
         for column, key in pairs {qbar = "estimate", ubar = "within", b = "between", total = "total", r = "increase",
            df = "degrees", fmi = "missing_information"} do close(tonumber(row[column]), got[key], 1e-9, column) end
      end
   end)

   it("draws as norm2 does: scores within 0.15 of their deviation, ranks within 2", function()
      local rows, columns = {}, {}
      local data = read "data_P2P_gaps"
      for _, id in ipairs(data.columns) do if id ~= "unit" then columns[#columns + 1] = id end end
      for u, row in ipairs(data) do
         rows[u] = {unit = row.unit}
         for _, id in ipairs(columns) do rows[u][id] = tonumber(row[id]) end
      end
      local index = difkit.index{id = "P2P", children = columns, normalise = "none", impute = "expectation"}
      local result, by = index:compute(rows), {}
      for row in result:imputations{draws = 3000, seed = 7}:rows() do by[row.unit] = row end
      local count = 0
      for row in read "mi_P2P_gaps":rows() do
         local got, deviation = by[row.unit], tonumber(row.score_mi_sd)
         assert.are.equal(tonumber(row.missing), got.missing)
         close(tonumber(row.score_em), got.score, 1e-6, row.unit)
         assert.is_true(math.abs(tonumber(row.score_mi_mean) - got.mean) <= math.max(0.15 * deviation, 1e-9), row.unit
            .. " " .. got.mean)
         -- norm2's prior is uniform, ours that of Jeffreys: k + 1 = 9 more of 41 degrees of freedom, a tenth less
         -- spread.
         assert.is_true(math.abs(deviation - 1.1 * got.deviation) <= math.max(0.15 * deviation, 1e-9), row.unit .. " "
            .. got.deviation .. " " .. deviation)
         assert.is_true(math.abs(tonumber(row.rank_mi_q05) - got.rank_low) <= 2, row.unit)
         assert.is_true(math.abs(tonumber(row.rank_mi_q95) - got.rank_high) <= 2, row.unit)
         count = count + 1
      end
      assert.are.equal(51, count)
   end)

   it("has the means, covariances and fillings of norm2", function()
      local means, covariances, imputed, count = read "means", read "covariances", read "imputed", 0
      for row in read "info":rows() do
         local name = row.case
         if name ~= "small_monotone" then
            local data, columns, at, units = read("data_" .. name), {}, {}, {}
            for _, id in ipairs(data.columns) do
               if id ~= "unit" then
                  local list = {n = #data}
                  for u, values in ipairs(data) do list[u], units[values.unit] = tonumber(values[id]), u end
                  columns[#columns + 1] = list
                  at[id] = #columns
               end
            end
            local found, flaw = kernel.expect(columns)
            assert.is_table(found, name .. ": " .. tostring(flaw))
            local k = #columns
            for one in means:rows() do
               if one.case == name then
                  local q = at[one.variable]
                  local sd = math.sqrt(found.covariance[(q - 1) * k + q])
                  assert.is_true(math.abs(tonumber(one.mean) - found.mean[q]) <= 1e-6 * sd, name .. " " .. one.variable)
               end
            end
            for one in covariances:rows() do
               if one.case == name then
                  local a, b = at[one.a], at[one.b]
                  local scale = math.sqrt(found.covariance[(a - 1) * k + a] * found.covariance[(b - 1) * k + b])
                  assert.is_true(math.abs(tonumber(one.covariance) - found.covariance[(a - 1) * k + b]) <= 1e-6 * scale)
               end
            end
            for one in imputed:rows() do
               if one.case == name then
                  local q, u = at[one.variable], units[one.unit]
                  local sd = math.sqrt(found.covariance[(q - 1) * k + q])
                  assert.is_true(math.abs(tonumber(one.imputed) - found.filled[q][u]) <= 1e-6 * sd, one.unit)
                  assert.is_true(math.abs(tonumber(one.conditional_sd) - found.spread[q][u]) <= 1e-6 * sd)
                  count = count + 1
               end
            end
         end
      end
      assert.is_true(count >= 100, count)
   end)
end)
