-- Values from 1e-300 to 1e300: every method gives what it gives for the same values of ordinary size, or says by name
-- that it cannot. Scaling by a power of ten changes nothing that is relative (min-max, z-scores, ranks, ratios), and
-- scales the rest.
local difkit = require "difkit"

local base = {{1, 4}, {2, 1}, {4, 2}, {3, 8}}

local function rows_of(scale)
   local rows = {}
   for i, values in ipairs(base) do rows[i] = {unit = "U" .. i, a = values[1] * scale, b = values[2] * scale} end
   return rows
end

local function scores_of(keys, rows)
   local spec = {id = "x", children = {"a", "b"}}
   for key, value in pairs(keys) do spec[key] = value end
   local result = assert(difkit.index(spec):compute(rows))
   local scores = {}
   for row in result:ranks():rows() do scores[row.unit] = row.score end
   return scores, result
end

local function close(wanted, got, what)
   assert.is_true(got ~= nil and math.abs(got - wanted) <= 1e-12 * math.max(math.abs(wanted), math.abs(got)),
      ("%s: got %s, wanted %s"):format(what, tostring(got), tostring(wanted)))
end

describe("magnitudes", function()
   for _, power in ipairs {-300, -150, 150, 299} do
      local scale = tonumber("1e" .. power)

      it(("of 1e%d normalise like ordinary ones"):format(power), function()
         for _, method in ipairs {"minmax", "zscore", "rank", "borda", "percentile_rank", "percentile", "ratio",
            "difference", "categorical", "mean_band", "fraction"} do
            local wanted, got = scores_of({normalise = method}, rows_of(1)), scores_of({normalise = method},
               rows_of(scale))
            for unit, score in pairs(wanted) do close(score, got[unit], method .. " " .. unit) end
         end
      end)

      it(("of 1e%d aggregate like ordinary ones"):format(power), function()
         for _, method in ipairs {"arithmetic", "geometric", "harmonic", "median", "minimum", "borda", "copeland",
            "kemeny", "benefit_of_doubt", {method = "generalised", power = 2}, {method = "generalised", power = -3},
            {method = "generalised", power = 0.1}} do
            local relative = ({borda = true, copeland = true, kemeny = true, benefit_of_doubt = true})[method]
            local keys = {normalise = "none", aggregate = method}
            local wanted, got = scores_of(keys, rows_of(1)), scores_of(keys, rows_of(scale))
            for unit, score in pairs(wanted) do
               close(relative and score or score * scale, got[unit], tostring(method) .. " " .. unit)
            end
         end
      end)

      it(("of 1e%d have moments, correlations and weights"):format(power), function()
         local _, small = scores_of({normalise = "none", weights = "critic"}, rows_of(1))
         local _, large = scores_of({normalise = "none", weights = "critic"}, rows_of(scale))
         for i = 1, 2 do
            for _, name in ipairs {"skewness", "kurtosis"} do
               close(1 + small:statistics()[i][name], 1 + large:statistics()[i][name], name)
            end
            close(small:statistics()[i].deviation * scale, large:statistics()[i].deviation, "deviation")
            close(small:effective_weights()[i].weight, large:effective_weights()[i].weight, "weight")
         end
         close(small:correlations()[1].r, large:correlations()[1].r, "r")
      end)
   end

   it("are told where the result is beyond a number", function()
      local rows = {{unit = "A", a = 1e-300, d = 1e300}, {unit = "B", a = 1, d = 1},
         {unit = "C", a = 1e300, d = 1e-300}}
      local _, divided = scores_of({normalise = "none", children = {{id = "a", denominator = "d"}}}, rows)
      assert.are.equal('indicator "a": divided by its denominator "d" it is beyond what a number of the machine can be '
         .. "for A, C", divided.warnings[1])
      assert.are.equal("not defined", divided:ranks()[3].reason)
      for _, method in ipairs {"fraction", {method = "ratio", reference = "best"}} do
         local scores, result = scores_of({normalise = method, children = {"a"}}, rows)
         assert.is_nil(scores.A)
         assert.is_truthy(table.concat(result.warnings, "\n"):find('indicator "a" is not defined for A', 1, true))
      end
      local _, powers = scores_of({normalise = "none", children = {{id = "a", treat = {method = "box_cox",
         lambda = 2}}}}, rows)
      assert.is_truthy(powers.warnings[1]:find("holds a value beyond what a number of the machine can be", 1, true))
      assert.is_truthy(powers.warnings[2]:find('indicator "a" is not defined for C', 1, true))
   end)

   it("of weights do not matter", function()
      local wanted = scores_of({normalise = "none", weights = {a = 3, b = 1}}, rows_of(1))
      for _, scale in ipairs {1e-300, 1e300} do
         local got = scores_of({normalise = "none", children = {{id = "a", weight = 3 * scale},
            {id = "b", weight = scale}}}, rows_of(1))
         for unit, score in pairs(wanted) do close(score, got[unit], unit) end
      end
   end)
end)
