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
      assert.is_truthy(message:find('2:1: the key "id" is given twice', 1, true))
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
      says("a group of units needs a database", {units = "ASEAN"})
      says("the data have no periods", {period = 2020})
   end)
end)
