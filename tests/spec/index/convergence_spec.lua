-- Convergence and peers, by hand.
local difkit = require "difkit"

local function close(wanted, got)
   assert.is_true(got and math.abs(wanted - got) <= 1e-12 * math.max(1, math.abs(wanted)), tostring(got))
end

describe("convergence", function()
   -- Scores 1, 2, 4 that grow by exp(2 (0.5 - 0.1 ln x)) in two years: beta is -0.1, r is -1.
   local rows = {}
   for unit, x in pairs {A = 1, B = 2, C = 4} do
      rows[#rows + 1] = {unit = unit, period = 2020, a = x}
      rows[#rows + 1] = {unit = unit, period = 2022, a = x * math.exp(2 * (0.5 - 0.1 * math.log(x)))}
   end
   local index = difkit.index{id = "i", normalise = "none", children = {"a"}}

   it("has the slope of growth on the level, and the spread", function()
      local row = index:variant{periods = {2020, 2022}}:compute(rows):convergence()[1]
      assert.are.equal(3, row.units)
      close(-0.1, row.beta)
      close(-1, row.r)
      -- 1, 2, 4: mean 7/3, variance (16 + 1 + 25)/27.
      close(math.sqrt(42 / 27), row.sigma_before)
      close(math.sqrt(42 / 27) / (7 / 3), row.variation_before)
      close(3, row.range_before)
      assert.is_true(row.variation_after < row.variation_before)
   end)

   it("is told of every group, however deep", function()
      local deep = difkit.index{id = "i", normalise = "none", children = {{id = "half", children = {
         {id = "pillar", children = {"a", {id = "b", source = "a"}}}, {id = "other", source = "a"}}}}}
      local nodes = {}
      for row in deep:variant{periods = {2020, 2022}}:compute(rows):convergence():rows() do
         nodes[#nodes + 1] = row.node
         close(-0.1, row.beta)
      end
      assert.are.same({"i", "half", "pillar"}, nodes)
   end)

   it("needs two years", function()
      assert.has_error(function() index:variant{period = 2022}:compute(rows):convergence() end)
   end)
end)

describe("peers", function()
   -- Distances: A-B 1, C-D 1, and from the one pair to the other 10 and more (root of the mean square of two
   -- indicators).
   local rows = {{unit = "A", a = 0, b = 0}, {unit = "B", a = 1, b = 1}, {unit = "C", a = 11, b = 11},
      {unit = "D", a = 12, b = 12}}
   local result = difkit.index{id = "i", normalise = "none", children = {"a", "b"}}:compute(rows)

   it("are those with the least distance, in clusters by average linkage", function()
      local got = {}
      for row in result:peers{clusters = 2, peers = 1, benchmark = "C"}:rows() do got[row.unit] = row end
      assert.are.equal("B", got.A.peers)
      assert.are.equal("D", got.C.peers)
      close(1, got.A.distance)
      assert.are.equal(got.A.cluster, got.B.cluster)
      assert.are.equal(got.C.cluster, got.D.cluster)
      assert.are_not.equal(got.A.cluster, got.C.cluster)
      close(12, got.A.to_best)
      close(0, got.D.to_best)
      close(1, got.D.to_benchmark)
      close(-11, got.A.to_benchmark)
   end)

   it("are measured against a target, where there is one", function()
      local t = result:peers{target = 10}
      for row in t:rows() do close(row.score - 10, row.to_target) end
      assert.are.equal("to_target", t.columns[6])
      assert.are_not.equal("to_target", result:peers{}.columns[6])
   end)

   it("of which none is asked for are refused", function()
      assert.has_error(function() result:peers{clusters = 0} end)
      assert.has_error(function() result:peers{benchmark = "Z"} end)
   end)
end)
