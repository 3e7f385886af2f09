-- The ASEM pipeline of COINr 1.1.14, step by step: 51 countries, 49 indicators, 8 pillars, 2 sub-indices, one index.
-- The files are read from ../shared/reference/asem (DIFKIT_SHARED names another place) and are no part of the project.
local difkit = require "difkit"
local asem = require "tests.support.asem"
local spec_of = asem.spec_of

local FOLDER = asem.folder .. "asem/"

local function there()
   local file = io.open(FOLDER .. "00_iData.csv", "rb")
   if file then file:close() end
   return file ~= nil
end

local function read(name) return asem.read("asem/" .. name) end

local function by(rows, key)
   local found = {}
   for row in rows:rows() do found[row[key]] = row end
   return found
end

local function number(value) return tonumber(value) end

describe("the ASEM pipeline", function()
   if not there() then
      pending("is compared where its files are present (" .. FOLDER .. " is not)")
      return
   end
   local meta, data = read "00_iMeta", read "00_iData"
   data = data:drop "Time" -- one year: no panel
   local result = assert(difkit.index(spec_of(meta)):compute(data))

   --- Every cell of a stage, to 1e-9 relative.
   local function compare(stage, name, computed)
      local wanted, columns, count = by(read(name), "uCode"), nil, 0
      for row in (computed or result):stage(stage):rows() do
         columns = columns or result:stage(stage).columns
         local reference = wanted[row.unit]
         assert.is_table(reference, row.unit)
         for _, column in ipairs(columns) do
            if column ~= "unit" then
               local got, expected = row[column], number(reference[column])
               local near = got == expected
                  or got and expected and math.abs(got - expected) <= 1e-9 * math.max(math.abs(expected), 1e-300)
                  or got and expected and math.abs(got - expected) <= 1e-12 and math.abs(expected) < 1e-6
               if not near then
                  error(("%s, %s of %s: got %s, wanted %s"):format(stage, column, row.unit, got, expected))
               end
               count = count + 1
            end
         end
      end
      return count
   end

   it("denominates", function() assert.are.equal(51 * 49, compare("denominated", "02_denominated")) end)

   it("imputes by the mean of Europe or Asia", function()
      assert.are.equal(51 * 49, compare("imputed", "03_imputed_mean_grp_EurAsia"))
   end)

   it("treats outliers", function() assert.are.equal(51 * 49, compare("treated", "05_treated_default_winmax5")) end)

   it("tells how each column was treated", function()
      local details = by(read "05_treated_default_winmax5_details", "iCode")
      local count = 0
      for id, row in pairs(details) do
         local treatment = result.treatment[id]
         local winsorised = number(row["winsorise.nwin"]) or 0
         local after = tostring(row["check_SkewKurt1.Pass"])
         assert.is_table(treatment, id)
         if winsorised > 0 and after:upper() == "TRUE" then
            assert.are.equal(winsorised, treatment.points, id)
            count = count + 1
         end
      end
      assert.is_true(count > 5)
   end)

   it("normalises by min-max", function() assert.are.equal(51 * 49, compare("normalised", "06_norm_minmax_0_100")) end)

   it("normalises by z-scores", function()
      local other = assert(difkit.index(spec_of(meta, {normalise = "zscore"})):compute(data))
      compare("normalised", "06_norm_zscore_0_1", other)
   end)

   it("normalises by ranks", function()
      -- COINr splits values that differ by rounding alone, such as TolMin of NOR (3.4) and JPN (3.4000000000000004)
      local other = assert(difkit.index(spec_of(meta, {normalise = "rank", tolerance = 0})):compute(data))
      compare("normalised", "06_norm_rank", other)
   end)

   it("gives one rank to values that differ by rounding alone", function()
      local ranks = {}
      for row in assert(difkit.index(spec_of(meta, {normalise = "rank"})):compute(data)):stage("normalised"):rows() do
         ranks[row.unit] = row.TolMin
      end
      assert.are.equal(ranks.NOR, ranks.JPN)
      assert.are.equal(ranks.CZE, ranks.GRC)
   end)

   it("aggregates up the tree", function()
      local wanted, count = by(read "08_agg_amean_minmax0_100", "uCode"), 0
      for row in result:scores{level = "all"}:rows() do
         for _, id in ipairs {"ConEcFin", "Environ", "Instit", "P2P", "Physical", "Political", "Social", "SusEcFin",
            "Conn",
            "Sust"} do
            assert.is_true(math.abs(row[id] - number(wanted[row.unit][id])) <= 1e-9 * math.abs(row[id]), id)
            count = count + 1
         end
         assert.is_true(math.abs(row.score - number(wanted[row.unit].Index)) <= 1e-9 * row.score)
      end
      assert.are.equal(510, count)
   end)

   it("ranks every group exactly", function()
      local wanted = by(read "09_rank_amean_minmax0_100", "uCode")
      for _, id in ipairs {"ConEcFin", "Environ", "Instit", "P2P", "Physical", "Political", "Social", "SusEcFin",
         "Conn",
         "Sust", "Index"} do
         for row in result:ranks(id):rows() do
            assert.are.equal(math.tointeger(number(wanted[row.unit][id])), row.rank, id .. " " .. row.unit)
         end
      end
   end)

   it("has the same effective weights", function()
      local wanted = by(read "07_weights_effective_original", "iCode")
      for row in result:effective_weights():rows() do
         assert.is_true(math.abs(row.effective - number(wanted[row.node].EffWeight)) <= 1e-12, row.node)
      end
   end)

   it("has the same descriptive statistics", function()
      local wanted = by(read "01_stats_raw", "iCode")
      for row in result:statistics("raw"):rows() do
         local reference = wanted[row.indicator]
         for ours, theirs in pairs {minimum = "Min", maximum = "Max", mean = "Mean", median = "Median",
            deviation = "Std",
            skewness = "Skew", kurtosis = "Kurt", available = "N.Avail", non_zero = "N.NonZero", unique = "N.Unique",
            same = "N.Same"} do
            local got, expected = row[ours], number(reference[theirs])
            assert.is_true(math.abs(got - expected) <= 1e-9 * math.max(math.abs(expected), 1e-3),
               ("%s of %s: %s, wanted %s"):format(ours, row.indicator, got, expected))
         end
      end
   end)

   it("has the same correlations", function()
      local wanted, count = by(read "10_corr_L1_pearson", "iCode"), 0
      for row in result:correlations{stage = "normalised"}:rows() do
         local expected = number(wanted[row.left][row.right])
         assert.is_true(math.abs(row.r - expected) <= 1e-9, row.left .. " " .. row.right)
         count = count + 1
      end
      assert.are.equal(49 * 48 / 2, count)
   end)

   it("has the same Cronbach's alphas", function()
      local count = 0
      for row in read "10_cronbach":rows() do
         local stage = ({Raw = "raw", Normalised = "normalised"})[row.dset]
         if stage and result.spec.by_id[row.group] and number(row.level) == 1 then
            local got = result:cronbach(row.group, stage)[1].alpha
            assert.is_true(math.abs(got - number(row.alpha)) <= 1e-9 * math.abs(got), row.group .. " " .. row.dset)
            count = count + 1
         end
      end
      assert.are.equal(16, count)
   end)

   it("has the same eigenvalues", function()
      local groups = {}
      for row in read "07_pca_eigenvalues":rows() do
         groups[row.group] = groups[row.group] or {}
         groups[row.group][math.tointeger(number(row.PC))] = number(row.eigenvalue)
      end
      local count = 0
      for id, values in pairs(groups) do
         if result.spec.by_id[id] then
            local components = result:components(id)
            for i, value in pairs(values) do
               assert.is_true(math.abs(components[i].eigenvalue - value) <= 1e-9 * math.max(value, 1e-3), id)
               count = count + 1
            end
         end
      end
      assert.is_true(count >= 49)
   end)
end)
