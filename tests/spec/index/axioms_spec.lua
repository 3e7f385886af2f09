-- What an aggregation promises, as the table in INDEX.md says it: whether one value makes up for another, whether a
-- better value may lower a score, and whether a further unit may turn the order of two others. All cases are by hand.
local difkit = require "difkit"

--- Scores of units by name, from lists of values; nothing is normalised.
local function scores(units, aggregate, normalise)
   local rows, children = {}, {}
   for name, values in require("difkit.sorted")(units) do
      local row = {unit = name}
      for i, value in ipairs(values) do
         row["x" .. i] = value
         children[i] = "x" .. i
      end
      rows[#rows + 1] = row
   end
   local index = difkit.index{id = "i", children = children, normalise = normalise or "none", aggregate = aggregate}
   local found = {}
   for row in index:compute(rows):scores():rows() do found[row.unit] = row.score end
   return found
end

describe("one value", function()
   -- Balanced and unbalanced units of the same mean, beside two that span the range.
   local units = {even = {100, 100, 100}, uneven = {70, 100, 130}, low = {10, 10, 10}, top = {150, 150, 150}}

   it("makes up for another fully in a mean", function()
      local got = scores(units, "arithmetic")
      assert.are.equal(got.even, got.uneven)
   end)

   it("makes up for another in part where imbalance costs something", function()
      for _, method in ipairs {"geometric", "harmonic", "mpi", "ampi", {method = "mean_min", alpha = 0.5}} do
         local got = scores(units, method)
         assert.is_true(got.uneven < got.even and got.uneven > 70, tostring(method))
      end
      local plus = scores(units, {method = "mpi", penalty = "plus"})
      assert.is_true(plus.uneven > plus.even)
   end)

   it("makes up for nothing in a minimum", function()
      assert.are.equal(70, scores(units, "minimum").uneven)
      assert.are.equal(scores({a = {70, 100}, b = {0, 0}}, "minimum").a, scores({a = {70, 900}, b = {0, 0}},
         "minimum").a)
   end)

   it("makes up for another by distance in TOPSIS", function()
      local got = scores({a = {0, 10}, b = {5, 5}, c = {0, 0}, d = {10, 10}},
         {method = "topsis", scale = "range"})
      assert.is_true(math.abs(got.a - 0.5) < 1e-12 and math.abs(got.b - 0.5) < 1e-12)
   end)
end)

describe("a better value", function()
   local before, after = {a = {1, 1, 1}, b = {2, 2, 2}}, {a = {1, 1, 10}, b = {2, 2, 2}}

   it("never lowers a score of a mean, a minimum, an ordered mean, or TOPSIS", function()
      for _, method in ipairs {"arithmetic", "geometric", "harmonic", "minimum", "mean_min", "topsis",
         {method = "ordered", best = 2}} do
         assert.is_true(scores(after, method).a >= scores(before, method).a, tostring(method))
      end
   end)

   it("may lower one of Mazziotta and Pareto: the penalty grows faster than the mean", function()
      -- 1, 1, 10: M = 4, s² = 18, 4 - 18/4 = -0.5.
      assert.are.equal(1, scores(before, "mpi").a)
      assert.are.equal(-0.5, scores(after, "mpi").a)
      assert.are.equal(-0.5, scores(after, "ampi").a)
   end)
end)

describe("a further unit", function()
   local function kept(method, normalise)
      local two, three = {a = {1, 1}, b = {7, 0}}, {a = {1, 1}, b = {7, 0}, c = {9, 9}}
      local before, after = scores(two, method, normalise), scores(three, method, normalise)
      return (before.a > before.b) == (after.a > after.b)
   end

   it("turns no order by itself in means with and without a penalty", function()
      for _, method in ipairs {"arithmetic", "geometric", "harmonic", "minimum", "mpi", "ampi", "mean_min",
         {method = "ordered", worst = 1}} do assert.is_true(kept(method), tostring(method)) end
   end)

   it("turns the order of two others in TOPSIS", function() assert.is_false(kept "topsis") end)

   it("turns none where goalposts are fixed, and may where they are those of the units", function()
      local three = {a = {0, 6}, b = {5, 0}, c = {10, 10}}
      local four = {a = {0, 6}, b = {5, 0}, c = {10, 10}, d = {0, 100}}
      for normalise, turned in pairs {minmax = true, zscore = true, ampi = true, goalposts = false} do
         local how = normalise == "goalposts" and {method = normalise, lower = 0, upper = 200} or normalise
         local before, after = scores(three, "arithmetic", how), scores(four, "arithmetic", how)
         assert.is_true(before.a > before.b, normalise)
         assert.are.equal(turned, after.a < after.b, normalise)
      end
   end)
end)

describe("the methods", function()
   it("can all be drawn in robustness and named in sensitivity", function()
      local rows = {{unit = "A", x = 1, y = 5}, {unit = "B", x = 2, y = 3}, {unit = "C", x = 4},
         {unit = "D", x = 5, y = 2}, {unit = "E", x = 3, y = 6}, {unit = "F", x = 9, y = 9}}
      local index = difkit.index{id = "i", children = {"x", "y"}, normalise = {method = "minmax", low = 1, high = 100}}
      local result = index:compute(rows)
      local space = {impute = {"none", "nearest", "expectation"}, normalise = {{method = "minmax", low = 1, high = 100},
         "ampi"}, aggregate = {"arithmetic", "topsis", "mpi", "ampi", {method = "ordered", worst = 1}},
         weighting = {"equal", "optimal"}}
      space.runs = 400
      local robust = result:robustness(space)
      assert.are.equal(6, #robust)
      local seen = {}
      for row in robust:draws():rows() do
         for _, kind in ipairs {"impute", "normalise", "aggregate", "weighting"} do seen[row[kind]] = true end
      end
      for _, name in ipairs {"none", "nearest", "expectation", "ampi", "topsis", "mpi", "ordered (worst = 1)",
         "optimal", "equal"} do assert.is_true(seen[name], name) end
      space.runs, space.rows = nil, 64
      local factors = {}
      for row in result:sensitivity(space):rows() do factors[#factors + 1] = row.factor end
      assert.are.same({"impute", "normalise", "aggregate", "weighting"}, factors)
   end)
end)

describe("weights for a wanted importance", function()
   -- Covariances [1 1; 1 4] of x = ±1 and y: 2/3 and 1/3 (by hand); r² of both with the mean are then the same.
   local rows = {{unit = "A", x = 1, y = 1}, {unit = "B", x = 1, y = 3}, {unit = "C", x = -1, y = 0.5},
      {unit = "D", x = -1, y = -4.5}, {unit = "E", x = 0, y = 0}}

   it("give every child the share of r² that was asked for", function()
      for _, target in ipairs {{0.5, 0.5}, {0.6, 0.4}, {x = 0.4, y = 0.6}} do
         local index = difkit.index{id = "i", children = {"x", "y"}, normalise = "none",
            weights = {method = "optimal", target = target}}
         local result, r = index:compute(rows), {}
         for row in result:effective_weights():rows() do r[#r + 1] = row.correlation ^ 2 end
         local wanted = target.x or target[1]
         assert.is_true(math.abs(r[1] / (r[1] + r[2]) - wanted) < 1e-9, r[1] / (r[1] + r[2]))
      end
   end)

   it("say when it cannot be reached, and what they need", function()
      -- r12 = 0.65, r13 = r23 = 0.9: the closed form is 2, 2, -3 (audit.md), the nearest 1/2, 1/2, 0.
      local z = {{1, 1, 1}, {1, -1, 0.1}, {-1, 1, 0.1}, {-1, -1, -1}, {0.5, 0.6, 0.2}, {-0.5, -0.6, -0.4}}
      local data = {}
      for i, row in ipairs(z) do data[i] = {unit = "U" .. i, a = row[1], b = row[2],
         c = row[1] + row[2] + row[3] / 20} end
      local result = difkit.index{id = "i", children = {"a", "b", "c"}, normalise = "none", weights = "optimal"}
         :compute(data)
      assert.is_truthy(table.concat(result.notes, "\n"):find("cannot be reached by weights that are not negative", 1,
         true))
      local few = {data[1], data[2], data[3]}
      assert.has_error(function()
         difkit.index{id = "i", children = {"a", "b", "c"}, normalise = "none", weights = "optimal"}:compute(few)
      end)
   end)
end)

describe("imputation by the nearest units", function()
   -- Over a and b: U1 and U2 are near U5, U3 and U4 far away.
   local rows = {{unit = "U1", a = 1, b = 1, c = 10}, {unit = "U2", a = 2, b = 2, c = 20}, {unit = "U3", a = 9, b = 9,
      c = 80},
      {unit = "U4", a = 10, b = 10, c = 90}, {unit = "U5", a = 1.4, b = 1.4}}
   local function filled(data, neighbours)
      local index = difkit.index{id = "i", children = {"a", "b", "c"}, normalise = "none",
         impute = {method = "nearest", neighbours = neighbours}}
      for row in index:compute(data):stage("imputed"):rows() do if row.unit == "U5" then return row.c end end
   end

   it("takes the mean of those that are most alike", function()
      assert.are.equal(10, filled(rows, 1))
      assert.are.equal(15, filled(rows, 2))
      assert.is_true(math.abs(filled(rows, 9) - 50) < 1e-12)
   end)

   it("does not hang on the order of the units, also where two are equally near", function()
      local tied = {rows[1], rows[2], rows[3], rows[4], {unit = "U5", a = 1.5, b = 1.5}}
      assert.are.equal(15, filled(tied, 1))
      assert.are.equal(15, filled({tied[5], tied[4], tied[3], tied[2], tied[1]}, 1))
   end)

   it("names what it leaves", function()
      local lost = {rows[1], rows[2], {unit = "U5"}, {unit = "U6", c = 3}}
      local index = difkit.index{id = "i", children = {"a", "b", "c"}, normalise = "none", impute = "nearest",
         units = {"U1", "U2", "U5", "U6"}}
      local said = table.concat(index:compute(lost).warnings, "\n")
      assert.is_truthy(said:find("gaps stay for U5, which share nothing with a unit that has a value", 1, true), said)
   end)
end)
