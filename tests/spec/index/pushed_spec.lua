-- luacheck: no max line length (what is expected stands whole)
--- Indices whose groups the database computes: the same scores and ranks as computed here, on whatever database the
--- data are (tests/server runs this on a server, and over nodes), and refusals of what it cannot.
local difkit = require "difkit"
local problem = require("tests.support.spec").problem
local pushed = require "difkit.index.pushed"

local INDICATORS <const>, UNITS <const> = 12, 30

--- A generator of its own, so that the numbers are the same everywhere (Park and Miller 1988).
local state
local function random()
   state = state * 16807 % 2147483647
   return state / 2147483647
end

--- A folder of data: 12 indicators of 30 units in three periods, every seventh value missing; two of them denominators.
local function write_data(folder)
   local function file(name, text)
      local out = assert(io.open(folder .. "/" .. name, "w"))
      out:write(text)
      out:close()
   end
   local yaml, rows = {"framework: {id: panel, title: Panel}", "units:"}, {"indicator,unit,period,value"}
   for u = 1, UNITS do yaml[#yaml + 1] = ("  - {id: U%02d, title: Unit %d}"):format(u, u) end
   yaml[#yaml + 1] = "indicators:"
   for i = 1, INDICATORS do
      yaml[#yaml + 1] = ("  - {id: i%d, title: I%d, direction: %d}"):format(i, i, i % 3 == 0 and -1 or 1)
   end
   yaml[#yaml + 1] = "  - {id: constant, title: C, direction: 1}\nobservations:\n  csv: values.csv"
   state = 20260307
   for i = 1, INDICATORS do
      for u = 1, UNITS do
         for _, period in ipairs {"2019", "2020", "2021"} do
            local value = random() * 10 ^ (i % 5 - 1) + (i > 10 and 1 or 0)
            if random() > 1 / 7 then rows[#rows + 1] = ("i%d,U%02d,%s,%.15g"):format(i, u, period, value) end
         end
      end
   end
   for u = 1, UNITS do rows[#rows + 1] = ("constant,U%02d,2020,5"):format(u) end
   file("panel.yaml", table.concat(yaml, "\n") .. "\n")
   file("values.csv", table.concat(rows, "\n") .. "\n")
end

local specs = {
   flat = {children = {"i1", "i2", "i3", "i4"}, period = 2020},
   by_period = {children = {"i1", "i2", "i3"}, periods = "all", reference = "period"},
   over_all = {children = {"i1", "i2", "i3"}, periods = {2019, 2021}},
   some_units = {children = {"i4", "i5"}, period = 2021, units = {"U03", "U01", "U20", "U07"}},
   nested = {period = 2020, children = {
      {id = "a", weight = 2, children = {"i1", {id = "i2", weight = 3}, "i3"}},
      {id = "b", aggregate = "geometric", normalise = {method = "minmax", low = 1, high = 10}, children = {"i4", "i5"}},
      {id = "c", children = {"i6", {id = "d", children = {"i7", "i8"}}}},
   }, aggregate = "geometric", normalise = {method = "minmax", low = 1, high = 100}},
   goalposts = {period = 2020, normalise = "goalposts", children = {
      {id = "i1", lower = 0.02, upper = 0.08}, {id = "i2", lower = 0, upper = 2, normalise = "minmax"},
      {id = "i3", lower = 0, upper = 5, normalise = {method = "goalposts", high = 1, truncate = false}},
      {id = "i4", normalise = "none", direction = -1},
   }},
   thresholds = {period = 2020, threshold = 0.75, children = {
      {id = "a", children = {"i1", "i2", "i3"}},
      {id = "b", threshold_by = "weight", weights = {i4 = 5, i5 = 1, i6 = 1}, children = {"i4", "i5", "i6"}},
   }},
   weights = {period = 2020, weights = "equal_indicators", children = {
      {id = "a", children = {"i1", "i2", "i3", "i4"}}, {id = "b", children = {"i5"}},
   }},
   denominators = {periods = "all", children = {
      {id = "r1", source = "i1", denominator = "i11", factor = 100}, {id = "r2", source = "i2", denominator = "i12"}, "i3",
   }},
}

describe("an index that the database computes", function()
   local db, folder

   setup(function()
      local pipe = assert(io.popen "mktemp -d")
      folder = pipe:read "l"
      pipe:close()
      write_data(folder)
      db = assert(difkit.open(folder))
   end)

   teardown(function()
      db:close()
      os.execute("rm -rf '" .. folder .. "'")
   end)

   for name, given in pairs(specs) do
      it("has the scores and ranks that it has here: " .. name, function()
         local spec = {id = name}
         for key, value in pairs(given) do spec[key] = value end
         local index = difkit.index(spec)
         local here, there = index:compute(db), assert(index:compute(db, {where = "database"}))
         local one, other = here:ranks(), there:ranks()
         assert.are.equal(#one, #other)
         assert.truthy(#one >= 4)
         for i, row in ipairs(one) do
            local second = other[i]
            assert.are.same({row.unit, rawget(row, "period"), row.rank},
               {second.unit, rawget(second, "period"), second.rank})
         end
         local scores, given_scores = here:scores(), there:scores()
         local compared = 0
         for i, row in ipairs(scores) do
            for _, column in ipairs(given_scores.columns) do
               -- Of what is given, the share is that of groups; the only group of an index without any has its score.
               local of = column == name .. "_mean" and "score" or column
               local a, b = rawget(row, of), rawget(given_scores[i], column)
               if column == "available" then
                  assert.is_number(b)
               elseif type(a) == "number" then
                  compared = compared + 1
                  assert.truthy(b and math.abs(a - b) <= 1e-12 * math.max(math.abs(a), math.abs(b)),
                     ("%s of %s: %s here, %s there"):format(column, row.unit, a, b))
               else
                  assert.are.equal(a, b)
               end
            end
         end
         assert.truthy(compared >= 3)
      end)
   end

   it("sends units times periods rows at most, and not those of the indicators", function()
      local index = difkit.index{id = "x", children = {"i1", "i2", "i3", "i4"}, periods = "all"}
      local plan = index:plan(db)
      assert.are.equal("aggregate", plan[6].stage)
      local rows = 0
      for _ in db:query(plan[6].sql) do rows = rows + 1 end
      assert.truthy(rows > 80 and rows <= 3 * UNITS, rows)
   end)

   it("is told by its plan: where each stage runs, and what is in the way", function()
      local function where(spec)
         local words = {}
         for _, row in ipairs(difkit.index(spec):plan(db)) do words[#words + 1] = row.where end
         return table.concat(words, " ")
      end
      assert.are.equal("database nowhere nowhere nowhere database database here here",
         where{id = "x", children = {"i1", "i2"}})
      assert.are.equal("database database nowhere nowhere database database database here here", where{id = "x", children = {
         {id = "a", children = {{id = "i1", denominator = "i2"}}}, "i3"}})
      for text, spec in pairs {
         ["values are imputed by mean: \"i1\" is computed here"] = {impute = "mean"},
         ["values are treated by winsorise: \"i1\" is computed here"] = {treat = "winsorise"},
         ["values are transformed by log: \"i1\" is computed here"] = {transform = "log"},
         ["the scale rank needs more than the extremes: \"i1\" is computed here"] = {normalise = "rank"},
         ["median is no mean of single values: \"x\" is computed here"] = {aggregate = "median"},
         ["weights are made from the data by pca: \"x\" is computed here"] = {weights = "pca"},
         ["the scale is learned from one period: \"x\" is computed here"] = {periods = "all", reference = 2020},
         ["each indicator has a period of its own: \"x\" is computed here"] = {period = "latest_each"},
      } do
         spec.id, spec.children = "x", {"i1", "i2"}
         local index = difkit.index(spec)
         local notes = {}
         for _, row in ipairs(index:plan(db)) do
            assert.are.equal("here", row.where)
            if row.note ~= difkit.null and row.note then notes[#notes + 1] = row.note end
         end
         assert.are.same({text}, notes)
         local message = problem(function() index:compute(db, {where = "database"}) end)
         assert.truthy(message:find(text, 1, true), message)
      end
   end)

   it("is refused for a table, an unknown indicator, and what is not defined for all", function()
      local index = difkit.index{id = "x", children = {"i1", "i2"}}
      local rows = difkit.table({"unit", "i1", "i2"}, {{"A", 1, 2}})
      assert.truthy(problem(function() index:compute(rows, {where = "database"}) end)
         :find("the data are no observations of a database", 1, true))
      assert.truthy(problem(function() difkit.index{id = "x", children = {"i1", "i22"}}:compute(db, {where = "database"}) end)
         :find('the data have no indicator "i22"', 1, true))
      for _, spec in ipairs {{children = {"constant", "i1"}}, {aggregate = "geometric", children = {"i1", "i2"}}} do
         spec.id, spec.period = "x", 2020
         local message, hint = problem(function() difkit.index(spec):compute(db, {where = "database"}) end)
         assert.truthy(message:find("is not defined for all: an indicator is constant", 1, true), message)
         assert.truthy(hint:find("computed here, it is said which", 1, true))
      end
   end)

   it("quotes what stands in names", function()
      local index = difkit.index{id = "x", children = {"i1", "i2"}, units = {"U01", "U02"}, period = 2020}
      local made, from = pushed.read(require("difkit.index.spec").for_run(index.spec), db)
      assert.truthy(made)
      local text, values = pushed.sql(from.set, from.group.x_mean)
      assert.falsy(text:find("i1", 1, true) or text:find("U01", 1, true))
      assert.truthy(#values >= 8)
   end)
end)
