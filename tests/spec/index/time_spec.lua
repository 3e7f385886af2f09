-- Periods of an index: gaps filled from periods that are not computed, the newest value of each indicator, and what is
-- said of periods that are not there. All by hand.
local difkit = require "difkit"

local panel = difkit.table.parse_csv [[
unit,year,a,b,people
A,2018,1,10,1
B,2018,2,20,2
A,2020,1,,1
B,2020,2,50,2
A,2021,3,12,2
B,2021,4,,
]]

local function compute(keys, data)
   local spec = {id = "x", normalise = "none", children = {"a", "b"}}
   for key, value in pairs(keys) do spec[key] = value end
   return assert(difkit.index(spec):compute(data or panel))
end

local function cell(result, stage, unit, id)
   for row in result:cells(stage):rows() do
      if row.unit == unit and row.indicator == id then return row end
   end
end

local function problem(call, ...)
   local done, raised = pcall(call, ...)
   assert.is_false(done)
   return raised.message .. (raised.hint and "; " .. raised.hint or "")
end

describe("imputation in time", function()
   it("sees the periods of the data when one is computed", function()
      local result = compute{impute = "last"}
      local b = cell(result, "imputed", "B", "b")
      assert.are.same({50, "imputed: last value", 2020}, {b.value, b.state, b.used})
      assert.is_truthy(result:scores().note:find("1 value of another period: 2020 (1)", 1, true))
      assert.is_nil(cell(compute{impute = {method = "last", limit = 0.5}}, "imputed", "B", "b").value)
      assert.are.equal(11 + 1 / 3, cell(compute{impute = "linear", period = 2020}, "imputed", "A", "b").value)
   end)

   it("does so after the denominator, of the year of the value", function()
      local children = {{id = "b", denominator = "people"}, "a"}
      local b = cell(compute({impute = "last", children = children}), "imputed", "B", "b")
      assert.are.same({25, 2020}, {b.value, b.used})
   end)

   it("keeps units that have values in those alone", function()
      local rows = difkit.table.parse_csv "unit,year,a,b\nA,2021,1,2\nB,2020,3,4\nC,2021,5,\n"
      assert.are.same({"A", "B", "C"}, compute({impute = "last"}, rows).set.units)
      assert.are.same({"A", "B", "C"}, compute({period = "latest_each"}, rows).set.units)
      assert.are.same({"A", "C"}, compute({}, rows).set.units)
   end)

   it("is the same as over all periods", function()
      local one, all = compute{impute = "last"}, compute{impute = "last", periods = "all"}
      for _, unit in ipairs {"A", "B"} do
         local score
         for row in all:scores():rows() do
            if row.unit == unit and row.period == 2021 then score = row.score end
         end
         for row in one:scores():rows() do
            if row.unit == unit then assert.are.equal(score, row.score) end
         end
      end
   end)

   it("is offered to the robustness of the ranks", function()
      assert.is_nil(compute{}:robustness{runs = 5, impute = {"none", "last"}}.note:find("reach no indicator", 1, true))
   end)
end)

describe("latest_each", function()
   it("takes the newest value of every cell, and says of when", function()
      local result = compute{period = "latest_each"}
      local b = cell(result, "raw", "B", "b")
      assert.are.same({50, "observed", 2020}, {b.value, b.state, b.used})
      assert.is_nil(cell(result, "raw", "A", "b").used)
      assert.is_truthy(result:scores().note:find("period 2021. 1 value of another period: 2020 (1)", 1, true))
   end)

   it("divides by the denominator of that year", function()
      local result = compute{period = "latest_each", children = {{id = "b", denominator = "people"}}}
      assert.are.equal(25, cell(result, "denominated", "B", "b").value)
   end)

   it("refuses what is older than its limit, by name", function()
      local result = compute{period = {method = "latest_each", limit = 0.5}}
      assert.is_nil(cell(result, "raw", "B", "b").value)
      assert.are.equal('indicator "b": the newest value is more than 0.5 years older than 2021 for B (2020)',
         result.warnings[1])
      assert.is_truthy(problem(compute, {period = {method = "latest_eech"}}):find('did you mean "latest_each"?', 1,
         true))
      assert.is_truthy(problem(compute, {period = {method = "latest_each", limit = -1}}):find(
         "limit must be a number of years, not -1", 1, true))
   end)
end)

describe("an indicator without a value in the period", function()
   local lag = difkit.table.parse_csv [[
unit,period,indicator,value
A,2019,b,1
A,2020,b,2
B,2020,b,4
A,2021,a,2
B,2021,a,4
]]

   it("ends the index where nothing can deal with it, and tells the periods that it has", function()
      assert.are.equal('index "x": indicator "b" has no observation for 2021 (have 2019, 2020); impute = "last" takes '
         .. 'earlier values, period = "latest_each" the newest of each indicator', problem(compute, {}, lag))
      local rows = {}
      for year = 1990, 2019 do rows[#rows + 1] = {unit = "A", year = year, a = 1, b = 1} end
      rows[#rows + 1] = {unit = "A", year = 2021, a = 1, b = 1}
      rows[#rows + 1] = {unit = "A", year = 2022, a = 1}
      assert.is_truthy(problem(compute, {}, rows):find("(have 1990–2019, 2021)", 1, true))
   end)

   it("is imputed, or missing where a threshold says how much may be", function()
      assert.are.equal(3, compute({impute = "last"}, lag):scores()[2].score * 1.5)
      local result = compute({threshold = 0.5}, lag)
      assert.are.equal('indicator "b" has no observation for 2021 (have 2019, 2020)', result.warnings[1])
      assert.are.equal(4, result:scores()[1].score)
      assert.are.equal("not reported", cell(result, "imputed", "A", "b").state)
   end)
end)

describe("a period that is not there", function()
   local result = compute{periods = "all"}

   it("is named with those that are, and a text means the year", function()
      for call, wanted in pairs {
         explain = 'unknown period "2019" in explain; did you mean "2018"?',
         strengths = 'unknown period "2019" in strengths; did you mean "2018"?',
      } do
         assert.are.equal(wanted, problem(result[call], result, "A", 2019))
         assert.are.same(result[call](result, "A", 2020)[1], result[call](result, "A", "2020")[1])
      end
      assert.are.equal('unknown period "2019" in why; did you mean "2018"?', problem(result.why, result, 2019))
      assert.are.equal('index x: the reference 2019 is none of the periods computed; did you mean "2018"?',
         problem(compute, {periods = "all", reference = 2019, normalise = "minmax"}))
      assert.are.equal('index x/a: unknown reference_period 2019; did you mean "2018"?', problem(compute,
         {periods = "all", normalise = {method = "ratio", reference = "A", reference_period = 2019}}))
      assert.are.equal(2, #compute{periods = {"2020", 2021.0}}.set.periods)
   end)

   it("is told apart from data without periods", function()
      local flat = compute({}, {{unit = "A", a = 1, b = 2}})
      assert.are.equal("explain: the data have no periods, and so not 2020; leave it out",
         problem(flat.explain, flat, "A", 2020))
   end)

   it("stands in time beside quarters and months", function()
      local mixed = {}
      for i, at in ipairs {"2020-Q4", 2020, "2020-02", 2019, "2020-Q1"} do
         mixed[i] = {unit = "A", period = at, a = i, b = i}
      end
      assert.are.same({2019, 2020, "2020-Q1", "2020-02", "2020-Q4"}, compute({periods = "all"}, mixed).set.periods)
      assert.are.same({"2020-Q4"}, compute({}, mixed).set.periods)
   end)
end)

describe("the data of an index", function()
   local old, new = {{unit = "A", a = 1}, {unit = "B", a = 2}}, {{unit = "A", a = 100}, {unit = "B", a = 50}}

   it("are those of the call, before those of the spec", function()
      local index = difkit.index{id = "x", normalise = "none", data = old, children = {"a"}}
      assert.are.same({"A", 100}, {index:compute(new):ranks()[1].unit, index:compute(new):ranks()[1].score})
      assert.are.same({"B", 2}, {index:compute():ranks()[1].unit, index:compute():ranks()[1].score})
   end)

   it("have one role for each column", function()
      local result = difkit.index{id = "x", unit_column = "year", children = {"a"}, normalise = "none"}:compute(
         difkit.table.parse_csv "year,a\n2019,1\n2020,2\n2021,4\n")
      local ranks = result:ranks()
      assert.are.same({"2021", "2020", "2019"}, {ranks[1].unit, ranks[2].unit, ranks[3].unit})
      assert.is_true(result.set.timeless)
      assert.are.equal('difkit.index: "year" cannot name both the unit and the period; leave period_column out where '
         .. "the data have no periods", problem(function()
            return difkit.index{id = "x", unit_column = "year", period_column = "year", children = {"a"}}:compute(panel)
         end))
   end)

   it("keep the codes of units as they stand in a file", function()
      local path = os.tmpname() .. ".csv"
      local file = assert(io.open(path, "w"))
      local text = "unit,a\n1e3,1\n007,2\n0x10,3\nNA,4\ntrue,5\n12345678901234567890,6\n1.10,7\n20,8\n"
      file:write(text)
      file:close()
      local index = difkit.index{id = "x", children = {"a"}}
      local units = index:compute(path).set.units
      os.remove(path)
      assert.are.same({"1e3", "007", "0x10", "NA", "true", "12345678901234567890", "1.10", "20"}, units)
      assert.are.same(units, index:compute(difkit.table.parse_csv(text)).set.units)
   end)

   it("hold no number that no number can be", function()
      assert.are.equal('difkit.index: the data, row 2, column "a" (unit B): the value is beyond what a number can be; '
         .. "numbers end at 1.8e308", problem(function()
            return difkit.index{id = "x", children = {"a"}}:compute(difkit.table.parse_csv "unit,a\nA,1\nB,1e999\n")
         end))
      local result = difkit.index{id = "x", children = {{id = "a", source = function(unit) return 0 / unit.z end}}}
         :compute{{unit = "A", z = 0}, {unit = "B", z = 1}, {unit = "C", z = 2}}
      assert.are.equal('indicator "a", source: the function gives no number for A', result.warnings[1])
   end)

   it("take the roster of a group from the framework that is open", function()
      local rows = {{unit = "BRN", a = 1}, {unit = "VNM", a = 2}, {unit = "FRA", a = 3}}
      local result = difkit.index{id = "x", units = "ASEAN", children = {"a"}}:compute(rows)
      assert.are.same({"BRN", "VNM"}, result.set.units)
      assert.is_truthy(result:scores().note:find("2 units, ASEAN (of 11 members those that the data have)", 1, true))
   end)
end)
