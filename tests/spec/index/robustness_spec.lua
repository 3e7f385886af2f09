-- Robustness, sensitivity and what a result can tell, through the Lua side.
local difkit = require "difkit"
local kernel = require("difkit.core").index

local db = assert(difkit.open())
local egdi = assert(difkit.index{
   id = "egdi", units = "ASEAN", period = 2022, children = {"osi", {id = "rest", weight = 2, children = {"tii",
      "hci"}}},
})
local result = assert(egdi:compute(db))

describe("robustness", function()
   local choices = {
      runs = 400, seed = 7, weights = 0.25, normalise = {"minmax", "zscore"}, aggregate = {"arithmetic", "minimum"},
         drop = 1,
   }

   local function with(changes)
      local all = {}
      for key, value in pairs(choices) do all[key] = value end
      for key, value in pairs(changes) do all[key] = value end
      return all
   end

   it("gives the same result with the same seed and any number of threads", function()
      local one = tostring(result:robustness(with{threads = 1}))
      assert.are.equal(one, tostring(result:robustness(with{threads = 3})))
      assert.are.equal(one, tostring(egdi:robustness(with{})))
      assert.are_not.equal(one, tostring(result:robustness(with{seed = 8})))
   end)

   it("counts every run once for each unit", function()
      local robust = result:robustness(choices)
      for row in robust:shares():rows() do
         local sum = 0
         for rank = 1, 10 do sum = sum + row[tostring(rank)] end
         assert.is_true(math.abs(sum - 1) < 1e-12)
      end
      local outranking = robust:outranking()
      for i = 1, 10 do
         for j = 1, i - 1 do
            local a, b = outranking[i].unit, outranking[j].unit
            assert.is_true(outranking[i][b] + outranking[j][a] <= 1 + 1e-12)
         end
      end
   end)

   it("puts units whose intervals overlap into one tier", function()
      local rows = {}
      for row in result:robustness(choices):rows() do rows[#rows + 1] = row end
      for _, a in ipairs(rows) do
         for _, b in ipairs(rows) do
            if a.low <= b.high and b.low <= a.high then assert.are.equal(a.tier, b.tier, a.unit .. b.unit) end
         end
      end
   end)

   it("says what each run was made with", function()
      local robust = result:robustness(choices)
      local draws = robust:draws(50)
      assert.are.equal(50, #draws)
      for row in draws:rows() do
         assert.is_true(row["weight of osi"] >= 0.75 and row["weight of osi"] <= 1.25)
         assert.is_true(row.normalise == "minmax" or row.normalise == "zscore")
      end
   end)

   it("keeps the ranks when nothing varies", function()
      for row in result:robustness{runs = 20}:rows() do
         assert.are.equal(row.rank, row.median)
         assert.are.equal(("%d"):format(row.rank), row.range)
      end
   end)

   it("tells in how many runs a unit had no score", function()
      -- z-scores are negative for some: a geometric mean of those is not defined
      local robust = result:robustness{runs = 50, aggregate = {"geometric"}, normalise = {"zscore"}}
      local without = 0
      for row in robust:rows() do without = math.max(without, row.without_score or 0) end
      assert.are.equal(1, without)
      assert.is_truthy(robust.note:find("a unit has no score", 1, true))
   end)

   it("runs a user's aggregation", function()
      local index = difkit.index{
         id = "own", units = "ASEAN", period = 2022, children = {"osi", "tii"},
         aggregate = function(values) return math.max(table.unpack(values, 1, values.n)) end,
      }
      assert.are.equal(10, #assert(index:compute(db)):robustness{runs = 20, weights = 0.1})
   end)

   it("refuses what makes no sense", function()
      local function says(wanted, options)
         local done, problem = pcall(result.robustness, result, options)
         assert.is_false(done)
         assert.is_truthy((problem.message .. "; " .. tostring(problem.hint)):find(wanted, 1, true), problem.message)
      end
      says('unknown option "run"; did you mean "runs"?', {run = 5})
      says("the noise of weights must be between 0 and 1", {weights = 25})
      says('unknown normalise "zscores"; did you mean "zscore"?', {normalise = {"zscores"}})
      says("drop must be between 0 and 2", {drop = 3})
      says("runs must be between 1", {runs = 0})
   end)
end)

describe("sensitivity", function()
   it("finds what matters, with the same result for the same seed", function()
      local choices = {rows = 256, seed = 2, weights = 0.25, aggregate = {"arithmetic", "minimum"}, drop = 1}
      local found = result:sensitivity(choices)
      assert.are.equal(3, #found)
      for row in found:rows() do
         assert.is_true(row.total >= 0 and row.total <= 1.2)
         assert.is_true(row.total_low <= row.total and row.total <= row.total_high)
         assert.is_true(row.first <= row.total + 0.1)
      end
      assert.are.equal(tostring(found), tostring(result:sensitivity(choices)))
      assert.are.equal(30, #found:units())
      choices.factors = "each"
      assert.are.equal(1 + 4 + 1, #result:sensitivity(choices))
      choices.sampling, choices.first, choices.total = "random", "jansen", "saltelli"
      assert.is_truthy(result:sensitivity(choices).note:find("random", 1, true))
   end)

   it("says when nothing varies", function()
      local done, problem = pcall(result.sensitivity, result, {rows = 16})
      assert.is_false(done)
      assert.are.equal("sensitivity: nothing varies", problem.message)
   end)

   it("agrees with the closed form of a sum", function()
      -- y = x1 + 2 x2: V = 1/12 + 4/12, so 1/5 and 4/5, within 0.005 with 4096 quasi-random rows
      local effects = kernel.sobol(function(x) return x[1] + 2 * x[2] end, 2, {rows = 4096})
      for i, wanted in ipairs {0.2, 0.8} do
         assert.is_true(math.abs(effects[i].first - wanted) < 0.005)
         assert.is_true(math.abs(effects[i].total - wanted) < 0.005)
      end
   end)
end)

describe("a result", function()
   it("takes a score apart so that the parts sum to it", function()
      local parts = result:explain "VNM"
      local sum, leaves = 0, 0
      for row in parts:rows() do
         if row.node == "osi" or row.node == "rest" then sum = sum + row.contribution end
         if row.raw then leaves = leaves + row.to_index end
      end
      assert.is_true(math.abs(sum - parts[1].score) < 1e-12)
      assert.is_true(math.abs(leaves - parts[1].score) < 1e-12)
   end)

   it("tells the way to the next rank truly", function()
      local parts, ranks = result:explain "VNM", result:ranks()
      local goal
      for row in ranks:rows() do
         if row.rank == parts[1].rank - 1 then goal = row.score end
      end
      for row in parts:rows() do
         if row.effective then
            assert.is_true(math.abs(parts[1].score + row.effective * row.to_next - goal) < 1e-9)
         end
      end
      assert.is_nil(result:explain("SGP")[1].to_next)
   end)

   it("takes a geometric mean apart into factors", function()
      local geometric = assert(difkit.index{
         id = "g", units = "ASEAN", period = 2022, normalise = "none", aggregate = "geometric", children = {"osi",
            "tii", "hci"},
      }:compute(db))
      local parts = geometric:explain "VNM"
      local product = parts[2].contribution * parts[3].contribution * parts[4].contribution
      assert.near(parts[1].score, product, 1e-12)
   end)

   it("splits a change into parts that sum to it", function()
      local before = assert(difkit.index{
         id = "e", units = {"VNM", "LAO", "KHM"}, period = 2018, normalise = "minmax", children = {"osi", "tii"},
      }:compute(db))
      local after = assert(difkit.index{
         id = "e", units = {"VNM", "LAO", "KHM", "MMR"}, period = 2022, normalise = "zscore", aggregate = "arithmetic",
         children = {"osi", {id = "tii", weight = 2}, "hci"},
      }:compute(db))
      local count = 0
      for row in after:why(before):rows() do
         if row.change and row.method then
            count = count + 1
            local sum = row.new_data + row.revised_data + row.roster + row.method
            assert.is_true(math.abs(sum - row.change) < 1e-9, row.unit)
            assert.is_true(row.roster ~= 0)
         end
      end
      assert.are.equal(3, count)
   end)

   it("knows units, periods and nodes by name", function()
      local function says(wanted, call)
         local done, problem = pcall(call)
         assert.is_false(done)
         assert.is_truthy((problem.message .. "; " .. tostring(problem.hint)):find(wanted, 1, true), problem.message)
      end
      says('unknown unit "VNN" in explain; did you mean "VNM"?', function() result:explain "VNN" end)
      says('unknown node "rst"', function() result:ranks "rst" end)
      says('unknown stage "normalized"', function() result:stage "normalized" end)
      says("the other must be a computed index", function() result:compare(3) end)
   end)
end)
