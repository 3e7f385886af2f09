-- The stages through the Lua side: what happens to cells, and what is known of them afterwards. All by hand.
local difkit = require "difkit"

local function close(wanted, got) assert.is_true(got ~= nil and math.abs(got - wanted) < 1e-12, tostring(got)) end

local data = difkit.table({"unit", "a", "b", "people", "kind"}, {
   {"U", 1, 10, 2, "s"}, {"V", 2, nil, 4, "s"}, {"W", 4, 30, 0, "l"}, {"X", 8, 20, 8, "l"},
})

local function compute(keys)
   local spec = {id = "x", children = {"a", "b"}, data = data, normalise = "none"}
   for key, value in pairs(keys) do spec[key] = value end
   return assert(difkit.index(spec):compute())
end

--- A column of a stage by unit.
local function column(result, stage, id)
   local values = {}
   for row in result:stage(stage):rows() do values[row.unit] = row[id] end
   return values
end

local function state(result, stage, unit, id)
   for row in result:cells(stage):rows() do
      if row.unit == unit and row.indicator == id then return row.state, row.done end
   end
end

describe("index.denominate", function()
   it("divides, and flags a denominator of zero", function()
      local result = compute{children = {{id = "a", denominator = "people", factor = 100}, "b"}}
      local values = column(result, "denominated", "a")
      close(50, values.U)
      assert.is_nil(values.W)
      assert.are.same({"observed", "unusable"}, {state(result, "denominated", "W", "a")})
      assert.are.equal("lost by a denominator", result:cells("denominated")[5].reason)
      assert.are.equal('indicator "a": its denominator "people" is zero or missing for W', result.warnings[1])
      assert.are.equal(4, column(result, "raw", "a").W)
   end)

   it("takes a function of the unit", function()
      local result = compute{children = {{id = "a", denominator = function(unit) return unit.b end}, "b"}}
      close(0.1, column(result, "denominated", "a").U)
   end)
end)

describe("index.impute", function()
   it("leaves, fills by means and medians, and says how", function()
      assert.is_nil(column(compute{impute = "none"}, "imputed", "b").V)
      local mean = compute{impute = "mean"}
      close(20, column(mean, "imputed", "b").V)
      assert.are.equal("imputed: mean", state(mean, "imputed", "V", "b"))
      assert.are.equal("not reported", state(mean, "raw", "V", "b"))
      close(20, column(compute{impute = "median"}, "imputed", "b").V)
      close(7, column(compute{impute = 7}, "imputed", "b").V)
   end)

   it("fills by groups of units", function()
      close(10, column(compute{impute = "group_mean", groups = "kind"}, "imputed", "b").V)
      close(25, column(compute{impute = "group_median", groups = {V = 1, W = 1, X = 1, U = 2}}, "imputed", "b").V)
      local own = compute{impute = "group_mean", groups = function(unit) return unit.id == "V" and "alone"
         or "rest" end}
      assert.is_nil(column(own, "imputed", "b").V)
   end)

   it("takes a function, which gaps reach as nil", function()
      local seen
      local result = compute{impute = function(values, context)
         seen = context.indicator .. context.units[2] .. values.n
         values[2] = 15
         return values
      end}
      close(15, column(result, "imputed", "b").V)
      assert.are.equal("bV4", seen)
      assert.are.equal("imputed: function", state(result, "imputed", "V", "b"))
   end)

   it("follows time, to a limit", function()
      local panel = difkit.table({"unit", "year", "a"}, {
         {"U", 2010, 1}, {"U", 2012, nil}, {"U", 2015, 7}, {"U", 2018, nil}, {"V", 2010, 5}, {"V", 2012, 5}, {"V",
            2015, 5}, {"V", 2018, 5},
      })
      local function at(impute, year)
         local result = compute{children = {"a"}, data = panel, periods = "all", impute = impute}
         for row in result:stage("imputed"):rows() do
            if row.unit == "U" and row.period == year then return row.a end
         end
      end
      close(1, at({method = "last", limit = 2}, 2012))
      assert.is_nil(at({method = "last", limit = 2}, 2018))
      close(7, at("last", 2018))
      close(3.4, at("linear", 2012))
      assert.is_nil(at("linear", 2018))
      close(7, at({method = "linear", nearest = true}, 2018))
   end)

   it("never fills what cannot exist, and keeps why there is nothing", function()
      local flagged = difkit.table({"unit", "indicator", "value", "flag"}, {
         {"U", "a", 1}, {"V", "a", nil, "M"}, {"W", "a", nil, "Q"}, {"X", "a", nil, "O"}, {"Y", "a", nil, "H"}, {"Z",
            "a", 3, "I"},
      })
      local result = compute{children = {"a"}, data = flagged, impute = "mean", units = {"U", "V", "W", "X", "Y", "Z"}}
      local values = column(result, "imputed", "a")
      assert.is_nil(values.V)
      close(2, values.W)
      assert.are.equal("not applicable", state(result, "imputed", "V", "a"))
      assert.are.equal("confidential", state(result, "raw", "W", "a"))
      assert.are.equal("not reported", state(result, "raw", "X", "a"))
      assert.are.equal("not due", state(result, "raw", "Y", "a"))
      assert.are.equal("imputed at source", state(result, "raw", "Z", "a"))
      local ranks = result:ranks()
      assert.are.equal("V", ranks[6].unit)
      assert.are.equal("not applicable", ranks[6].reason)
      local coverage = result:coverage()[1]
      assert.are.same({1, 3, 1, 1}, {coverage.observed, coverage["imputed: mean"], coverage["not applicable"],
         coverage["imputed at source"]})
      assert.is_truthy(result:scores().note:find("1 confidential, 1 imputed at source, 1 not applicable, 1 not due",
         1, true))
   end)
end)

describe("index.treat", function()
   local long = {}
   for i = 1, 20 do long[i] = {("U%02d"):format(i), i == 20 and 1000 or i} end
   local outlier = difkit.table({"unit", "a"}, long)

   it("winsorises by shape and marks the points", function()
      local result = compute{children = {"a"}, data = outlier, treat = "winsorise"}
      close(19, column(result, "treated", "a").U20)
      assert.are.same({"observed", "lowered"}, {state(result, "treated", "U20", "a")})
      assert.is_nil(select(2, state(result, "treated", "U19", "a")))
      assert.are.equal(1, result.treatment.a.points)
   end)

   it("winsorises by percentile, takes logarithms, Box and Cox", function()
      close(1.475, column(compute{children = {"a"}, data = outlier, treat = "percentile"}, "treated", "a").U01)
      close(math.log(3), column(compute{children = {"a"}, data = outlier, treat = "log"}, "treated", "a").U03)
      close(2, column(compute{children = {"a"}, data = outlier, treat = {method = "box_cox", lambda = 1}}, "treated",
         "a").U03)
      local result = compute{children = {"a"}, data = outlier, treat = "log"}
      assert.are.same({"observed", "transformed"}, {state(result, "treated", "U03", "a")})
   end)

   it("transforms before it treats, by name or function", function()
      close(2, column(compute{children = {{id = "a", transform = "log10"}}, data = difkit.table({"unit", "a"}, {{"U",
         100}, {"V", 1}})},
         "treated", "a").U)
      close(9, column(compute{children = {{id = "a", transform = function(x) return x * x end}},
         data = difkit.table({"unit", "a"}, {{"U", 3}, {"V", 1}})}, "treated", "a").U)
   end)

   it("warns of a logarithm of zero and goes on", function()
      local result = compute{children = {{id = "a", transform = "log"}}, data = difkit.table({"unit", "a"}, {{"U",
         0}, {"V", 1}})}
      assert.is_nil(column(result, "treated", "a").U)
      close(0, column(result, "treated", "a").V)
      assert.is_truthy(result.warnings[1]:find("zero or negative", 1, true))
   end)

   it("takes a function of the column", function()
      local result = compute{treat = function(values)
         for i = 1, values.n do values[i] = values[i] and math.min(values[i], 4) end
         return values
      end}
      close(4, column(result, "treated", "a").X)
   end)
end)

describe("index.normalise", function()
   it("takes parameters of the indicator and of the method", function()
      local result = compute{children = {
         {id = "a", normalise = {method = "minmax", low = 1, high = 2}}, {id = "b", direction = -1,
            normalise = "minmax"},
      }}
      close(1, column(result, "normalised", "a").U)
      close(100, column(result, "normalised", "b").U)
      local posts = compute{children = {{id = "a", normalise = "goalposts", lower = 2, upper = 4}}}
      close(0, column(posts, "normalised", "a").U)
      close(100, column(posts, "normalised", "a").X)
      close(50, column(compute{children = {{id = "a", normalise = "target", target = 15}}}, "normalised", "a").X * 100)
   end)

   it("refers to a unit", function()
      local result = compute{normalise = {method = "ratio", reference = "W"}}
      close(0.25, column(result, "normalised", "a").U)
      close(1, column(result, "normalised", "a").W)
      close(-0.75, column(compute{normalise = {method = "difference", reference = 4}}, "normalised", "a").U)
   end)

   it("refers to all periods, to each, or to one", function()
      local panel = difkit.table({"unit", "year", "a"}, {{"U", 1, 0}, {"V", 1, 1}, {"U", 2, 2}, {"V", 2, 4}})
      local function scores(reference)
         local list = {}
         for row in compute{children = {"a"}, data = panel, periods = "all", reference = reference,
            normalise = "minmax"}
            :stage("normalised"):rows() do list[#list + 1] = row.a end
         return list
      end
      assert.are.same({0, 25, 50, 100}, scores "all")
      assert.are.same({0, 100, 0, 100}, scores "period")
      assert.are.same({0, 100, 200, 400}, scores(1))
   end)

   it("names a constant indicator and computes the rest", function()
      local flat = difkit.table({"unit", "a", "b"}, {{"U", 5, 1}, {"V", 5, 3}})
      local result = compute{data = flat, normalise = "minmax"}
      assert.is_truthy(result.warnings[1]:find('indicator "a" is constant', 1, true))
      close(100, result:ranks()[1].score)
      assert.are.equal("unusable", select(2, state(result, "normalised", "U", "a")))
   end)

   it("takes a function of the column", function()
      local result = compute{children = {"a"}, normalise = function(values, context)
         for i = 1, values.n do values[i] = values[i] * context.direction / 8 end
         return values
      end}
      close(0.5, column(result, "normalised", "a").W)
   end)
end)

describe("index.weights", function()
   local function weights(keys)
      local list = {}
      for row in compute(keys):effective_weights():rows() do list[row.node] = row.effective end
      return list
   end

   it("are relative, by child or in order, or absolute", function()
      close(0.75, weights{weights = {a = 3, b = 1}}.a)
      close(0.75, weights{weights = {3, 1}}.a)
      close(0.75, weights{children = {{id = "a", weight = 3}, "b"}}.a)
      close(0.5, weights{children = {{id = "a", weight = 3}, "b"}, weights = "equal"}.a)
      local absolute = weights{weights = "absolute", children = {
         {id = "g", children = {{id = "a", weight = 0.2}, {id = "b", weight = 0.3}}}, {id = "people", weight = 0.5},
      }}
      close(0.2, absolute.a)
      close(0.5, absolute.g)
      local equal = weights{weights = "equal_indicators", children = {{id = "g", children = {"a", "b"}}, "people"}}
      close(1 / 3, equal.a)
      close(1 / 3, equal.people)
   end)

   it("come from experts", function()
      close(2 / 3, weights{weights = {method = "ahp", comparisons = {{1, 2}, {0.5, 1}}}}.a)
      close(0.6, weights{weights = {method = "budget", points = {{50, 50}, {7, 3}}}}.a)
   end)

   it("come from data or from a function", function()
      local full = difkit.table({"unit", "a", "b", "c"}, {{"U", 1, 4, 1}, {"V", 2, 1, 3}, {"W", 3, 3, 2}, {"X", 4, 2,
         6}})
      for _, method in ipairs {"pca", "critic", "entropy"} do
         local sum = 0
         for _, weight in pairs(weights{data = full, children = {"a", "b", "c"},
            weights = method}) do sum = sum + weight end
         close(1, sum)
      end
      close(0.8, weights{weights = function(values) return {a = 4, b = values.b.n / 4} end}.a)
   end)
end)

describe("index.aggregate", function()
   local function scores(keys)
      local list = {}
      for row in compute(keys):scores():rows() do list[row.unit] = row.score end
      return list
   end

   it("renormalises weights over the children that have data, down to a threshold", function()
      close(2, scores{}.V)
      assert.is_nil(scores{threshold = 0.6}.V)
      close(2, scores{threshold = 0.5}.V)
      assert.is_nil(scores{threshold = 0.5, threshold_by = "weight", weights = {1, 3}}.V)
   end)

   it("has a method for each group", function()
      local list = scores{aggregate = "minimum", children = {{id = "g", aggregate = "geometric", children = {"a",
         "b"}}, "people"}}
      close(2, list.U)
      close(0, list.W)
   end)

   it("flags and names what a geometric mean cannot use", function()
      local below = data:derive("people", function(row) return row.unit == "W" and -1 or row.people end)
      local result = compute{aggregate = "geometric", children = {"a", "people"}, data = below}
      assert.are.equal('"x" (geometric) is not defined for W (people): its mean of negative values is none',
         result.warnings[1])
      close(math.sqrt(2), result:ranks()[3].score)
      assert.is_nil(result:ranks()[4].rank)
      assert.are.equal("not defined", result:ranks()[4].reason)
   end)

   it("carries a zero under a geometric mean upwards, and says whose it is", function()
      local result = compute{aggregate = "geometric", children = {"a", "people"}}
      close(math.sqrt(2), result:ranks()[3].score)
      assert.are.same({"W", 4, 0}, {result:ranks()[4].unit, result:ranks()[4].rank, result:ranks()[4].score})
      assert.is_truthy(result:ranks().note:find('"x" (geometric) is zero for W (people)', 1, true))
   end)

   it("calls a function with values and weights", function()
      close(11, scores{aggregate = function(values, given)
         local sum = 0
         for i = 1, values.n do sum = sum + values[i] * given[i] end
         return sum
      end}.U)
      local done, problem = pcall(scores, {aggregate = function() error "no" end})
      assert.is_false(done)
      assert.is_truthy(tostring(problem):find("no", 1, true))
   end)

   it("ties scores that differ by rounding alone", function()
      local tied = difkit.table({"unit", "a", "b", "c"}, {{"U", 0.1, 0.2, 0.3}, {"V", 0.3, 0.2, 0.1}, {"W", 0, 0, 0}})
      local ranks = compute{data = tied, children = {"a", "b", "c"}}:ranks()
      assert.are.same({1, 1, 3}, {ranks[1].rank, ranks[2].rank, ranks[3].rank})
   end)

   it("outranks, and says when an exact order is out of reach", function()
      local list = scores{aggregate = "copeland", data = difkit.table({"unit", "a", "b"}, {{"U", 3, 3}, {"V", 2, 2},
         {"W", 1, 1}})}
      assert.are.same({2, 0, -2}, {list.U, list.V, list.W})
      -- Condorcet's circle of thirty: each stands before the next for two of three
      local rows = {}
      for i = 1, 30 do rows[i] = {("U%d"):format(i), i, (i + 10) % 30, (i + 20) % 30} end
      local result = compute{aggregate = "kemeny", data = difkit.table({"unit", "a", "b", "c"}, rows),
         children = {"a", "b", "c"}}
      assert.is_truthy(result.warnings[1]:find("too large for an exact solution: the majorities of more than 24 units",
         1, true))
      assert.are.equal("not defined", result:ranks()[1].reason)
   end)

   it("gives the benefit of the doubt within bounds", function()
      local list = scores{aggregate = {method = "benefit_of_doubt", lower = 0.2, upper = 0.8}, impute = "mean"}
      for _, score in pairs(list) do assert.is_true(score > 0 and score <= 1 + 1e-9) end
   end)
end)

describe("index data", function()
   it("come from functions of a unit", function()
      local result = compute{children = {{id = "both", source = function(unit) return unit.b and unit.a + unit.b end}}}
      close(11, column(result, "raw", "both").U)
      assert.is_nil(column(result, "raw", "both").V)
   end)

   it("come from a CSV file", function()
      local path = os.tmpname() .. ".csv"
      local file = assert(io.open(path, "w"))
      file:write "unit,a,b\nU,1,\nV,3,4\n"
      file:close()
      local result = assert(difkit.index{id = "x", children = {"a", "b"}, normalise = "none"}:compute(path))
      os.remove(path)
      close(3.5, result:ranks()[1].score)
   end)

   it("come from a query", function()
      local db = assert(difkit.open())
      local query = db:from "observation":where{period = 2022}:select("indicator_id as indicator", "unit_id as unit",
         "value")
      local result = assert(difkit.index{id = "x", children = {"osi", "tii"}, normalise = "none"}:compute(query))
      assert.are.equal("SGP", result:ranks()[1].unit)
   end)

   it("must be numbers", function()
      local done, problem = pcall(compute, {data = difkit.table({"unit", "a", "b"}, {{"U", "many", 1}})})
      assert.is_false(done)
      assert.is_truthy(problem.message:find('"a" of U is text "many", not a number', 1, true))
   end)
end)
