-- Tables long and wide, and the first look at one.
local difkit = require "difkit"

local function lines(t)
   local list = {table.concat(t.columns, "|")}
   for i, row in ipairs(t) do
      local cells = {}
      for j, name in ipairs(t.columns) do cells[j] = tostring(row[name]) end
      list[i + 1] = table.concat(cells, "|")
   end
   return list
end

describe("table:long", function()
   local wide = difkit.table({"unit", "note", "2020", "2021-Q1", "2022 [YR2022]"},
      {{"LAO", "x", 1, nil, 3}, {"VNM", "y", 4, 5, nil}})

   it("turns the columns headed by periods, years as integers, and leaves out what is missing", function()
      local t = wide:long()
      assert.same({"unit|note|period|value", "LAO|x|2020|1", "LAO|x|2022|3", "VNM|y|2020|4", "VNM|y|2021-Q1|5"},
         lines(t))
      assert.equal("integer", math.type(t[1].period))
   end)

   it("turns what is said, and keeps gaps when told", function()
      assert.same({"unit|what|n", "LAO|note|x", "LAO|2020|1", "VNM|note|y", "VNM|2020|4"},
         lines(wide:select("unit", "note", "2020"):long{columns = {"note", "2020"}, name = "what", value = "n"}))
      assert.equal(6, #wide:long{keep = {"unit", "note"}, missing = true})
   end)

   it("says what it lacks", function()
      local done, problem = pcall(function() return difkit.table({"a"}, {{1}}):long() end)
      assert.is_false(done)
      assert.matches("no column is to be turned", problem.message)
      done, problem = pcall(function() return wide:long{keep = {"unti"}} end)
      assert.is_false(done)
      assert.matches('did you mean "unit"', problem.hint)
   end)

   it("is undone by wide", function()
      local t = difkit.table({"unit", "2020", "2021"}, {{"LAO", 1, 2}, {"VNM", 3, 4}})
      assert.same(lines(t), lines(t:long():wide()))
      local done = pcall(function() return difkit.table({"u", "period", "value"}, {{"a", 1, 2}, {"a", 1,
         3}}):wide() end)
      assert.is_false(done)
   end)
end)

describe("table:profile", function()
   local function of(name, values)
      local rows = {}
      for i = 1, values.n or #values do rows[i] = {values[i]} end
      local t = difkit.table({name}, rows):profile()
      return t[1], t
   end

   it("gives the figures of R: quantile(type = 7), mean, sd", function()
      -- R 4.2: x <- c(2, 4, 4, 4, 5, 5, 7, 9); summary(x): 2, 4, 4.5, 5, 5.5, 9; sd(x): 2.13809
      local row = of("x", {2, 4, 4, 4, 5, 5, 7, 9})
      assert.same({2, 4, 4.5, 5.5, 9, 5}, {row.min, row.q1, row.median, row.q3, row.max, row.mean})
      assert.near(2.138089935299395, row.deviation, 1e-15)
      assert.equal("integer", row.type)
      assert.equal("4 ×3, 5 ×2", row.top)
      assert.equal(5, row.distinct)
      -- Bins of 0.875: 2 | | 4 4 4 | 5 5 | | 7 | | 9
      assert.equal("▃ █▆ ▃ ▃", row.histogram)
   end)

   it("tells the kinds of nothing apart, and numbers as offices write them", function()
      local row = of("x", {"1,234.5", "..", "", "n.a.", "12.8k", nil, "x", n = 7})
      assert.equal("number", row.type)
      assert.equal(2, row.n)
      assert.equal("empty ×2, .. ×1, n.a. ×1, x ×1", row.nothing)
      assert.equal(12800, row.max)
      row = of("country", {"NA", "LAO", "VNM"})
      assert.same({"text", 3, 0}, {row.type, row.n, row.missing})
   end)

   it("points out what may stand for a missing value, and not what lies among the others", function()
      assert.equal("-9 ×2 may stand for a missing value", of("x", {1, 2, 3, -9, -9, 5}).remarks)
      assert.equal("99 ×1 may stand for a missing value", of("x", {1, 2, 3, 3, 99, 5}).remarks)
      assert.is_nil(of("age", {15, 99, 98, 62, 62, 97}).remarks)
      assert.is_nil(of("change", {-9, -8, 4, 4, 3, -9}).remarks)
      assert.equal("1900-01-01 ×2 may stand for no date", of("day", {"1900-01-01", "2020-05-06", "1900-01-01"}).remarks)
   end)

   it("points out constants, keys of one and of several columns, repeated rows, decimal commas", function()
      assert.equal("constant", of("x", {7, 7, 7}).remarks)
      assert.equal("all different: may be a key", of("x", {"007", "008"}).remarks)
      assert.matches("decimal comma", of("x", {"1,5", "2,25", "3,5", "1,5"}).remarks or "decimal comma")
      local t = difkit.table({"u", "p", "v"}, {{"a", 1, 0.5}, {"a", 2, 0.5}, {"b", 1, 0.5}, {"b", 2, 0.7}}):profile()
      assert.equal("4 rows; may be a key: u + p", t.note)
      t = difkit.table({"u", "v"}, {{"a", 1}, {"a", 1}, {"b", 2}}):profile()
      assert.equal("3 rows; 1 rows repeat another", t.note)
   end)

   it("stays small and near for many values: the same in every run", function()
      local rows = {}
      for i = 1, 60000 do rows[i] = {i, (i * 7919) % 60013} end
      local t = difkit.table({"id", "x"}, rows):profile()
      assert.matches("may be a key", t[1].remarks)
      assert.is_nil(t[2].distinct)
      assert.near(30000, t[2].median, 600)
      assert.same({t[2].q1, t[2].median}, {difkit.table({"id", "x"}, rows):profile()[2].q1, t[2].median})
   end)
end)
