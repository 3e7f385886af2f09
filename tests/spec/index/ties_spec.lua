-- One comparison everywhere: what differs by rounding alone is the same, whatever the method and the order of the rows.
local difkit = require "difkit"

local function ranks_of(spec, rows)
   spec.id = "index"
   local ranks = {}
   local result = difkit.index(spec):compute(rows)
   for row in result:ranks():rows() do ranks[row.unit] = row.rank end
   return ranks, result
end

--- Every order of the rows.
local function orders(rows, count, call)
   count = count or #rows
   if count == 0 then return call(rows) end
   for i = 1, count do
      rows[i], rows[count] = rows[count], rows[i]
      orders(rows, count - 1, call)
      rows[i], rows[count] = rows[count], rows[i]
   end
end

describe("ties", function()
   it("are found among scores of groups by every outranking method", function()
      -- A and B have the mean 0.2 of the same three numbers, added in another order
      local rows = {{unit = "A", p = 0.1, q = 0.2, r = 0.3, h = 1}, {unit = "B", p = 0.3, q = 0.2, r = 0.1, h = 1},
         {unit = "C", p = 0, q = 0, r = 0, h = 0}}
      for _, method in ipairs {"arithmetic", "borda", "copeland", "kemeny"} do
         assert.are.same({A = 1, B = 1, C = 3}, (ranks_of({aggregate = method, normalise = "none",
            children = {{id = "g", aggregate = "arithmetic", children = {"p", "q", "r"}}, "h"}}, rows)), method)
      end
   end)

   it("are found by ranks of indicators", function()
      local rows = {{unit = "A", a = 0.1 + 0.2}, {unit = "B", a = 0.3}, {unit = "C", a = 0.1}}
      for _, method in ipairs {"rank", "borda", "percentile_rank", "percentile", "categorical"} do
         assert.are.same({A = 1, B = 1, C = 3}, (ranks_of({normalise = method, children = {"a"}}, rows)), method)
      end
   end)

   it("of Kemeny are those of all best orders, in any order of the rows", function()
      local said = 0
      -- the same to all: A and B; Condorcet's circle: D, E and F
      for _, rows in ipairs {
         {{unit = "A", x = 1, y = 1, z = 1}, {unit = "B", x = 1, y = 1, z = 1}, {unit = "C", x = 2, y = 2, z = 2}},
         {{unit = "D", x = 3, y = 1, z = 2}, {unit = "E", x = 2, y = 3, z = 1}, {unit = "F", x = 1, y = 2, z = 3}},
      } do
         orders(rows, nil, function(list)
            local ranks, result = ranks_of({aggregate = "kemeny", normalise = "none", children = {"x", "y", "z"}}, list)
            assert.are.same(ranks.A and {A = 2, B = 2, C = 1} or {D = 1, E = 1, F = 1}, ranks)
            assert.is_truthy(result.warnings[1]:find("several orders have the greatest support", 1, true))
            said = said + 1
         end)
      end
      assert.are.equal(12, said)
   end)

   it("hang on the two values and on no third, and are transitive", function()
      assert.are.same({A = 1, D = 2, C = 3, B = 4}, (ranks_of({normalise = "none", children = {"a"}},
         {{unit = "A", a = 1e13}, {unit = "B", a = 1}, {unit = "C", a = 5}, {unit = "D", a = 9}})))
      -- 1, 1.04, 1.08 within 5 % from one to the next: the block of 1.08 ends where it is more than 5 % away
      local chain = {{unit = "A", a = 1.08}, {unit = "B", a = 1.04}, {unit = "C", a = 1}}
      orders(chain, nil, function(list)
         assert.are.same({A = 1, B = 1, C = 3}, (ranks_of({normalise = "none", tolerance = 0.05, children = {"a"}},
            list)))
         for _, method in ipairs {"rank", "borda"} do
            assert.are.same({A = 1, B = 1, C = 3}, (ranks_of({normalise = method, tolerance = 0.05, children = {"a"}},
               list)), method)
         end
         assert.are.same({A = 1, B = 1, C = 3}, (ranks_of({normalise = "none", tolerance = 0.05, children = {"a"},
            aggregate = "copeland"}, list)))
      end)
   end)

   it("are found where scores cancel to nothing but rounding", function()
      -- z-scores of one column and of its mirror: every unit has the mean 0
      local rows = {}
      for i, value in ipairs {0.1, 0.7, 0.3, 1.9, 2.3} do rows[i] = {unit = "U" .. i, a = value, b = -value} end
      assert.are.same({U1 = 1, U2 = 1, U3 = 1, U4 = 1, U5 = 1}, (ranks_of({normalise = "zscore", children = {"a", "b"}},
         rows)))
      -- and a geometric mean over it is zero, not undefined for those that rounding leaves below
      local _, result = ranks_of({aggregate = "geometric", normalise = "none", children = {{id = "g",
         aggregate = "arithmetic", normalise = "zscore", children = {"a", "b"}}, {id = "c", source = "a"}}}, rows)
      for row in result:ranks():rows() do assert.are.equal(0, row.score, row.unit) end
   end)

   it("make a column constant", function()
      local rows = {{unit = "A", a = 0.1 + 0.2, b = 1}, {unit = "B", a = 0.3, b = 2}}
      for _, method in ipairs {"minmax", "zscore"} do
         local _, result = ranks_of({normalise = method, children = {"a", "b"}}, rows)
         assert.is_truthy(result.warnings[1]:find('indicator "a" is constant', 1, true), method)
      end
      assert.is_nil(select(2, ranks_of({children = {"a", "b"}}, rows)):correlations{stage = "raw"}[1].r)
   end)
end)

describe("benefit of the doubt", function()
   local rows = {{unit = "A", a = 0.2, b = 0.1}, {unit = "B", a = 1, b = 2}, {unit = "C", a = 2, b = 1.5}}

   it("tells the weights of each unit, and explains with them", function()
      -- by hand: B is on the face 1/5 a + 2/5 b = 1 through B and C: shares 1/3 and 2/3, points 0.2 and 0.8
      local _, result = ranks_of({aggregate = "benefit_of_doubt", normalise = "none", children = {"a", "b"},
         weights = {a = 10, b = 1}}, rows)
      local chosen = {}
      for row in result:chosen_weights():rows() do chosen[row.unit] = {row.a, row.b} end
      assert.near(1 / 3, chosen.B[1], 1e-12)
      assert.near(2 / 3, chosen.B[2], 1e-12)
      assert.are.same({1, 0}, chosen.A)
      local parts = result:explain "B"
      assert.near(0.2, parts[2].contribution, 1e-12)
      assert.near(0.8, parts[3].contribution, 1e-12)
      assert.near(1 / 3, parts[2].weight, 1e-12)
      assert.near((1 + 1 / 3 + 1) / 3, result:effective_weights()[1].effective, 1e-12)
   end)

   it("names bounds that cannot be met, and the nearest that can", function()
      local function problem(bounds)
         bounds.method = "benefit_of_doubt"
         local _, raised = pcall(ranks_of, {aggregate = bounds, normalise = "none", children = {"a", "b"}}, rows)
         return raised.message .. "; " .. raised.hint
      end
      assert.are.equal("index index: no weights of 2 children can each be at least 0.6: together they would be 1.2; "
         .. "lower = 0.5 is the most that can be met", problem{lower = 0.6})
      assert.are.equal("index index: no weights of 2 children can each be at most 0.4: together they would be 0.8; "
         .. "upper = 0.5 is the least that can be met", problem{upper = 0.4})
   end)
end)
