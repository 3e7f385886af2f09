-- What the runs of an audit cost, held against a bare loop in the same process: processor time by processor time, so
-- that a slow or busy machine is slow for both. Marks in seconds are printed by tests/bench/audit.lua.
local difkit = require "difkit"

describe("the runs of an audit", function()
   local sizes, rows = {8, 5, 3, 6, 8, 5, 9, 5}, {}
   local children, state = {}, 1
   local function uniform()
      state = (state * 1664525 + 1013904223) % 4294967296
      return state / 4294967296
   end
   for g, size in ipairs(sizes) do
      local indicators = {}
      for i = 1, size do indicators[i] = {id = ("g%d_%d"):format(g, i), direction = 1} end
      children[g] = {id = "g" .. g, children = indicators}
   end
   for u = 1, 51 do
      rows[u] = {unit = ("U%02d"):format(u)}
      for g, size in ipairs(sizes) do
         for i = 1, size do rows[u][("g%d_%d"):format(g, i)] = uniform() end
      end
   end
   local result = difkit.index{id = "cost", normalise = "minmax", children = children}:compute(rows)
   local RUNS <const> = 2000
   local limit = os.getenv "LD_PRELOAD" and 60 or 3 -- the kernels under sanitizers are slower, Lua is not

   --- The least processor time of three times.
   local function least(work)
      local best = math.huge
      for _ = 1, 3 do
         local begun = os.clock()
         work()
         best = math.min(best, os.clock() - begun)
      end
      return best
   end

   --- As many products as the means of so many runs have: units by 49 indicators and 8 groups.
   local function bare()
      local weights, values, sum = {}, {}, 0.0
      for i = 1, 57 do weights[i], values[i] = uniform(), uniform() end
      for _ = 1, RUNS * 51 do
         local mean = 0.0
         for i = 1, 57 do mean = mean + weights[i] * values[i] end
         sum = sum + mean
      end
      return sum
   end

   it("cost less than three times the bare products in Lua, with draws, normalisation, ranks and quantiles", function()
      local products = least(bare)
      local runs = least(function()
         result:robustness{runs = RUNS, weights = 0.25, normalise = {{method = "minmax", low = 1, high = 100},
            "percentile"}, aggregate = {"arithmetic", "geometric"}}
      end)
      assert.is_true(runs < limit * products, ("%.3f s, the bare loop %.3f s"):format(runs, products))
   end)
end)
