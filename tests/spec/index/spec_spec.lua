-- What a spec may say, and what is said of one that is wrong: the path in the tree, what is wrong, what would be right.
local difkit = require "difkit"

local function problem_of(spec)
   local done, problem = pcall(function()
      local index = difkit.index(spec)
      return index:compute(spec.given_data)
   end)
   assert(not done, "no error was raised")
   return problem.message .. (problem.hint and "; " .. problem.hint or "")
end

local data = difkit.table({"unit", "a", "b", "group"}, {{"X", 1, 4, "l"}, {"Y", 2, 6, "l"}, {"Z", 3, 5, "h"}})

--- The message that a spec with these keys gives.
local function says(wanted, keys)
   local spec = {id = "x", children = {"a", "b"}, data = data}
   for key, value in pairs(keys) do spec[key] = value end
   local message = problem_of(spec)
   assert(message:find(wanted, 1, true), ("got: %s\nwanted: %s"):format(message, wanted))
end

describe("a spec", function()
   it("names the path of a mistake, and a near miss", function()
      says('index x: unknown key "normalize" in an index; did you mean "normalise"?', {normalize = "none"})
      says('index x/g: unknown key "aggregat" in a group; did you mean "aggregate"?',
         {children = {{id = "g", aggregat = "median", children = {"a"}}}})
      says('index x/g/a: unknown key "weigth" in an indicator; did you mean "weight"?',
         {children = {{id = "g", children = {{id = "a", weigth = 2}}}}})
      says('index x/g: unknown aggregate "geometrik"; did you mean "geometric"?',
         {children = {{id = "g", aggregate = "geometrik", children = {"a"}}}})
      says('index x/a: unknown normalise "minmx"; did you mean "minmax"?', {children = {{id = "a",
         normalise = "minmx"}}})
      says('index x: unknown impute "men"; did you mean "mean"?', {impute = "men"})
      says('index x: normalise "minmax" has no parameter "hi"', {normalise = {method = "minmax", hi = 5}})
      says('index x: normalise "minmax": high must be a number, not text "5"', {normalise = {method = "minmax",
         high = "5"}})
      says('index x/c: the data have no column "c"', {children = {"a", "c"}})
   end)

   it("must have an id and children", function()
      assert.is_truthy(problem_of{children = {"a"}}:find("id is missing", 1, true))
      assert.is_truthy(problem_of{id = "x", children = {{weight = 1}}}:find("index x, child 1: id is missing", 1,
         true))
      assert.are.equal('index x: children is missing; such as children = {"osi", "tii"}', problem_of{id = "x"})
   end)

   it("has each id once", function()
      says('the id "a" stands twice in the tree', {children = {"a", {id = "g", children = {"a"}}}})
   end)

   it("has weights that fit its children", function()
      says('weights name text "c", which is no child', {weights = {a = 1, c = 2}})
      says('weights leave out "b"', {weights = {a = 1}})
      says("the weight of text \"a\" must be a number that is not negative", {weights = {a = -1, b = 2}})
      says("the weights of all children are zero", {weights = {0, 0}})
      says("the absolute weights of the indicators sum to 2, not to 1", {weights = "absolute"})
      says("comparisons have 3 rows for 2 children", {weights = {method = "ahp", comparisons = {{1}, {1}, {1}}}})
      says('weights "ahp" needs "comparisons"', {weights = "ahp"})
   end)

   it("has values of the right kind", function()
      says("index x: threshold must be between 0 and 1, not 2", {threshold = 2})
      says("index x/a: direction must be 1 or -1, not 0", {children = {{id = "a", direction = 0}, "b"}})
      says('unknown roster "fixed"', {roster = "fixed"})
      says("children is empty", {children = {}})
      says("a child must be a name or a table, not 7", {children = {"a", 7}})
      says('aggregate "generalised" needs "power"', {aggregate = "generalised"})
      says("goalposts need lower and upper", {normalise = "goalposts"})
      says("normalise target needs a target", {normalise = "target"})
      says('unknown reference text "Q"', {normalise = {method = "ratio", reference = "Q"}})
      says("group imputation needs groups", {impute = "group_mean",
         data = difkit.table({"unit", "a", "b"}, {{"X", 1, nil}, {"Y", 2, 1}})})
   end)

   it("has parameters that make sense", function()
      for wanted, keys in pairs {
         ['normalise "minmax" makes no sense like this: low must be below high'] =
            {normalise = {method = "minmax", low = 3, high = 3}},
         ['normalise "zscore" makes no sense like this: deviation must be above 0'] =
            {normalise = {method = "zscore", deviation = 0}},
         ['normalise "minmax": high must be a finite number, not inf'] =
            {normalise = {method = "minmax", high = math.huge}},
         ['normalise "goalposts" makes no sense like this: lower must be below upper'] =
            {normalise = {method = "goalposts", lower = 2, upper = 1}},
         ["lower must be below upper, not 5 and 5"] = {children = {{id = "a", lower = 5, upper = 5}}},
         ["target must be a finite number, not inf"] = {children = {{id = "a", target = math.huge}}},
         ['normalise "ratio" makes no sense like this: a reference of 0'] =
            {normalise = {method = "ratio", reference = 0}},
         ['aggregate "generalised": power must be a finite number'] =
            {aggregate = {method = "generalised", power = 0 / 0}},
         ['aggregate "benefit_of_doubt" makes no sense like this: lower and upper must be shares'] =
            {aggregate = {method = "benefit_of_doubt", lower = 0.6, upper = 0.4}},
         ['treat "percentile" makes no sense like this: lower and upper must be shares'] =
            {treat = {method = "percentile", lower = 2.5, upper = 97.5}},
         ["factor must not be 0"] = {children = {{id = "a", denominator = "b", factor = 0}}},
         ["tolerance must be at least 0 and below 1, not 1"] = {tolerance = 1},
         ['impute "last" makes no sense like this: limit must not be negative'] =
            {impute = {method = "last", limit = -1}},
      } do
         says(wanted, keys)
      end
   end)

   it("takes numbers written as functions, and ln(1 + x)", function()
      -- goalposts of income per head: ln(100) and ln(75000) (UNDP, Human Development Report, technical note 1)
      local rows = {{unit = "X", income = 100}, {unit = "Y", income = 75000}, {unit = "Z", income = 2738.612787525831}}
      local scores = {}
      for row in difkit.index{id = "x", children = {{id = "income", transform = "log", lower = "ln(100)",
         upper = "ln(75000)", normalise = "goalposts"}}}:compute(rows):scores():rows() do
         scores[row.unit] = row.score
      end
      assert.are.equal(0, scores.X)
      assert.are.equal(100, scores.Y)
      assert.is_true(math.abs(scores.Z - 50) < 1e-9) -- the geometric mean of the two
      for _, transform in ipairs {"log1p", "ln(1 + x)"} do
         local result = difkit.index{id = "x", normalise = "none", children = {{id = "a", transform = transform}}}
            :compute{{unit = "X", a = 0}, {unit = "Y", a = 1.718281828459045}, {unit = "Z", a = -1}}
         assert.is_true(math.abs(result:ranks()[1].score - 1) < 1e-15)
         assert.are.equal(0, result:ranks()[2].score)
         assert.are.equal("not defined", result:ranks()[3].reason)
      end
      says("target must be a number, not text \"lm(100)\"", {children = {{id = "a", target = "lm(100)"}}})
   end)

   it("says that alternatives of an experiment reach no indicator", function()
      local result = difkit.index{id = "x", children = {{id = "a", normalise = "rank"}, {id = "b", normalise = "rank"}}}
         :compute(data)
      assert.is_truthy(result:robustness{runs = 5, normalise = {"minmax", "zscore"}}.note:find(
         "nothing varies. warning: the alternatives of normalise reach no indicator: each has its own", 1, true))
      local _, problem = pcall(result.sensitivity, result, {impute = {"mean", "median"}})
      assert.are.equal("sensitivity: nothing varies: the alternatives of impute reach no indicator: none that inherits "
         .. "it has a gap", problem.message)
   end)

   it("names the line of a YAML file", function()
      local path = os.tmpname()
      local function written(text)
         local file = assert(io.open(path, "w"))
         file:write(text)
         file:close()
         local done, problem = pcall(difkit.index, path)
         return done and "" or problem.message .. "; " .. tostring(problem.hint)
      end
      assert.is_truthy(written("id: x\nchildren:\n  - osi\n  - {id: tii, weigth: 2}\n"):find(
         path .. ':4: index x/tii: unknown key "weigth" in an indicator; did you mean "weight"?', 1, true))
      assert.is_truthy(written("id: x\nnormalise: minmx\nchildren: [a]\n"):find(path .. ":2: index x", 1, true))
      local none, message, code = difkit.index(path .. ".none")
      assert.is_nil(none)
      assert.is_truthy(message:find "cannot read")
      assert.are.equal("io", code)
      local file = assert(io.open(path, "w"))
      file:write "id: x\nid: y\n"
      file:close()
      none, message, code = difkit.index(path)
      assert.is_nil(none)
      assert.is_truthy(message:find('2:1: the key "id" stands twice in a mapping; first at line 1', 1, true))
      assert.are.equal("data", code)
      os.remove(path)
   end)

   it("tells when an indicator has no observation", function()
      local done, problem = pcall(function()
         return difkit.index{id = "egdi", units = "ASEAN", period = 2020,
            children = {"tii"}}:compute(assert(difkit.open()))
      end)
      assert.is_false(done)
      assert.are.equal('index "egdi": indicator "tii" has no observation for 2020 (have 2014, 2016, 2018, 2022)',
         problem.message)
   end)

   it("compares units that the data have", function()
      says('the data have no unit "W"', {units = {"X", "W"}})
      says('the unit "X" is named twice', {units = {"X", "X"}})
      says("the data have none of the 11 members of \"ASEAN\"; the data have X, Y, Z", {units = "ASEAN"})
      says("the data have no periods", {period = 2020})
   end)
end)

describe("a computation", function()
   --- What a value holds, to any depth, as text.
   local function picture(value, seen)
      if type(value) ~= "table" then return tostring(value) end
      seen = seen or {}
      if seen[value] then return "…" end
      seen[value] = true
      local parts = {}
      for key, held in difkit.sorted(value) do
         parts[#parts + 1] = ("%s=%s"):format(tostring(key), picture(held, seen))
      end
      return "{" .. table.concat(parts, ",") .. "}"
   end

   it("leaves the spec as it was, and shares no node with another", function()
      local db = assert(difkit.open())
      local egdi = difkit.index{
         id = "egdi", units = "ASEAN", periods = {2018, 2022}, aggregate = "geometric",
         children = {{id = "skills", children = {"hci"}}, {id = "access", children = {"osi", "tii"}}},
      }
      local before = picture(egdi.spec)
      local first, second = egdi:compute(db), egdi:compute(db)
      first:why(2018, 2022)
      first:leave_one_out()
      first:robustness{runs = 20, seed = 1, weights = 0.2}
      assert.are.equal(before, picture(egdi.spec))
      for i, node in ipairs(first.spec.nodes) do
         assert.is_false(rawequal(node, second.spec.nodes[i]))
         assert.is_false(rawequal(node, egdi.spec.nodes[i]))
         if node.parent then assert.is_true(rawequal(node.parent, first.spec.by_id[node.parent.id])) end
      end
      assert.are.equal("Online Service Index", first.spec.by_id.osi.shown)
      assert.is_nil(egdi.spec.by_id.osi.shown)
   end)
end)
