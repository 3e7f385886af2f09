-- Tables: what is done with rows and columns in memory, and how they look when printed.
local difkit = require "difkit"

local problem = require("tests.support.spec").problem

local function sample()
   return difkit.table({"id", "area", "n"}, {{"a", "PA1", 3}, {"b", "PA2", nil}, {"c", "PA1", 1}, {"d", "PA2", 2}})
end

local function column(t, name)
   local out = {}
   for i = 1, #t do out[i] = tostring(t[i][name]) end
   return table.concat(out, " ")
end

describe("a table", function()
   it("takes rows as lists and by name, and difkit.null as missing", function()
      local t = difkit.table({"a", "b"}, {{1, 2}, {b = 3}, {difkit.null, 4}})
      assert.are.equal(3, #t)
      assert.is_nil(t[2].a)
      assert.is_nil(t[3].a)
      assert.are.equal(4, t[3].b)
   end)

   it("knows the length of a column with missing values at its end", function()
      local values = sample():sort "n":column "n"
      assert.are.equal(4, values.n)
      assert.is_nil(values[4])
   end)

   it("names a column that does not exist, wherever it is asked for", function()
      local t = sample()
      for _, f in ipairs {
         function() return t:column "aera" end, function() return t:select "aera" end,
         function() return t:where{aera = 1} end, function() return t:sort "aera desc" end,
         function() return t:drop "aera" end, function() return t:rename{aera = "x"} end,
         function() return t:group "aera" end, function() return t:distinct "aera" end,
         function() return t:sum "aera" end, function() return t:pivot("aera", "id", "n") end,
      } do
         local message, hint = problem(f)
         assert.is_truthy(message:find('unknown column "aera"', 1, true))
         assert.are.equal('did you mean "area"?', hint)
      end
   end)

   it("names a column that a row does not have", function()
      local message, hint = problem(function() return sample()[1].aera end)
      assert.are.equal('a row has no column "aera"', message)
      assert.are.equal('did you mean "area"?', hint)
   end)

   it("says where a column is when it is asked for as a field", function()
      local message, hint = problem(function() return sample().area end)
      assert.are.equal('a table has no field or method "area"', message)
      assert.are.equal('the column is in the rows: t[1].area, or t:column "area"', hint)
   end)

   it("refuses columns and rows that do not fit", function()
      assert.are.equal('difkit.table: two columns are called "a"', (problem(difkit.table, {"a", "a"})))
      assert.are.equal("difkit.table: row 1 has 3 values for 2 columns",
         (problem(difkit.table, {"a", "b"}, {{1, 2, 3}})))
      assert.are.equal('difkit.table: row 1 has a value for "c", which is no column',
         (problem(difkit.table, {"a", "b"}, {{c = 3}})))
      assert.are.equal('difkit.table: columns must be a table, not text "a"', (problem(difkit.table, "a")))
   end)

   it("stays as it was when a new one is made of it", function()
      local t = sample()
      t:sort "n"
      t:derive("n", 0)
      t:append{id = "e"}
      t:rename{n = "m"}
      assert.are.equal("a b c d", column(t, "id"))
      assert.are.equal("3 nil 1 2", column(t, "n"))
   end)
end)

describe("sort", function()
   it("keeps the order of equal rows and puts missing values last both ways", function()
      assert.are.equal("c d a b", column(sample():sort "n", "id"))
      assert.are.equal("a d c b", column(sample():sort "n desc", "id"))
      assert.are.equal("a c b d", column(sample():sort "area", "id"))
   end)

   it("takes several columns and a function", function()
      assert.are.equal("d b c a", column(sample():sort("area desc", "n"), "id"))
      assert.are.equal("d c b a", column(sample():sort(function(a, b) return a.id > b.id end), "id"))
   end)

   it("puts numbers before texts", function()
      local t = difkit.table({"v"}, {{"b"}, {2}, {"a"}, {1.5}})
      assert.are.equal("1.5 2 a b", column(t:sort "v", "v"))
   end)

   it("sorts many rows stably", function()
      local rows = {}
      for i = 1, 1000 do rows[i] = {i, i % 7} end
      local t = difkit.table({"i", "k"}, rows):sort "k"
      for i = 2, #t do
         assert.is_true(t[i - 1].k < t[i].k or t[i - 1].k == t[i].k and t[i - 1].i < t[i].i)
      end
   end)
end)

describe("where", function()
   it("compares as queries do", function()
      local t = sample()
      assert.are.equal("a c", column(t:where{area = "PA1"}, "id"))
      assert.are.equal("a b", column(t:where{id = {"a", "b"}}, "id"))
      assert.are.equal("a d", column(t:where("n", ">", 1), "id"))
      assert.are.equal("b", column(t:where{n = difkit.null}, "id"))
      assert.are.equal("b c d", column(t:where("n", "!=", 3), "id"))
      assert.are.equal("c d", column(t:where("n", "between", {1, 2}), "id"))
      assert.are.equal("b d", column(t:where("area", "like", "%a2"), "id"))
      assert.are.equal("a c", column(t:where("area", "not like", "P_2"), "id"))
   end)

   it("takes signs of Lua patterns in like as they are", function()
      local t = difkit.table({"v"}, {{"a.b"}, {"axb"}, {"100 %"}})
      assert.are.equal("a.b", column(t:where("v", "like", "a.b"), "v"))
   end)
end)

describe("derive", function()
   it("adds a column, replaces one, and can leave a value out", function()
      local t = sample():derive("double", function(row) return row.n and row.n * 2 end)
      assert.are.same({"id", "area", "n", "double"}, t.columns)
      assert.are.equal("6 nil 2 4", column(t, "double"))
      assert.are.equal("1 2 3 4", column(sample():derive("n", function(_, i) return i end), "n"))
   end)
end)

describe("join", function()
   local titles = difkit.table({"id", "title"}, {{"PA1", "Trade"}, {"PA3", "Payments"}})

   it("keeps the rows that fit, or all of the left", function()
      assert.are.equal("a c", column(sample():join(titles, {area = "id"}), "id"))
      local all = sample():left_join(titles, {area = "id"})
      assert.are.equal("Trade nil Trade nil", column(all, "title"))
   end)

   it("gives a row for each match", function()
      local twice = difkit.table({"area", "k"}, {{"PA1", 1}, {"PA1", 2}})
      assert.are.equal("1 2 1 2", column(sample():join(twice, "area"), "k"))
   end)

   it("does not join missing values, nor a number with its text", function()
      local left = difkit.table({"k"}, {{nil}, {1}, {"1"}, {1.0}})
      local right = difkit.table({"k", "v"}, {{nil, "none"}, {1, "number"}, {"1", "text"}})
      assert.are.equal("number text number", column(left:join(right, "k"), "v"))
   end)

   it("refuses columns of one name", function()
      local message, hint = problem(function()
         return sample():join(difkit.table({"id", "n"}, {}), "id")
      end)
      assert.are.equal('join: both tables have a column "n"', message)
      assert.are.equal('rename one first: rename{n = "other"}', hint)
   end)
end)

describe("groups", function()
   it("have their figures in the order asked for", function()
      local t = sample():group "area":count "rows":sum "n":mean("n", "mean"):min("n", "low"):max("n", "high")
         :median("n", "middle")
      assert.are.same({"area", "rows", "sum_n", "mean", "low", "high", "middle"}, t.columns)
      assert.are.equal("2 2", column(t, "rows"))
      assert.are.equal("4 2", column(t, "sum_n"))
      assert.are.equal("2.0 2.0", column(t, "mean"))
      assert.are.equal("2.0 2", column(t, "middle"))
   end)

   it("keep integers as integers", function()
      assert.are.equal("integer", math.type(sample():sum "n"))
      assert.are.equal("float", math.type(difkit.table({"n"}, {{1}, {2.0}}):sum "n"))
   end)

   it("have no sum where nothing has a value", function()
      assert.is_nil(difkit.table({"n"}, {{}, {}}):sum "n")
   end)

   it("refuse to add texts, and integers beyond the largest", function()
      assert.are.equal('sum: column "id" holds text "a"', (problem(function() return sample():sum "id" end)))
      local message = problem(function() return difkit.table({"n"}, {{math.maxinteger}, {1}}):sum "n" end)
      assert.are.equal("sum: the sum is too large for an integer", message)
   end)

   it("add reals so that their order hardly matters", function()
      local rows, back = {{1e16}, {1.0}, {-1e16}}, {{-1e16}, {1.0}, {1e16}}
      assert.are.equal(1.0, difkit.table({"n"}, rows):sum "n")
      assert.are.equal(1.0, difkit.table({"n"}, back):sum "n")
   end)
end)

describe("pivot", function()
   it("and unpivot are reverse to one another", function()
      local t = difkit.table({"unit", "year", "v"}, {{"VNM", "2020", 1}, {"VNM", "2022", 2}, {"SGP", "2020", 3}})
      local matrix = t:pivot("unit", "year", "v")
      assert.are.same({"unit", "2020", "2022"}, matrix.columns)
      assert.is_nil(matrix[2]["2022"])
      local back = matrix:unpivot("unit", "year", "v"):where("v", "!=", difkit.null)
      assert.are.equal("VNM VNM SGP", column(back, "unit"))
      assert.are.equal("1 2 3", column(back, "v"))
   end)

   it("fills empty cells and follows a given order", function()
      local t = difkit.table({"a", "b", "v"}, {{"x", "p", 1}, {"y", "q", 2}})
      local matrix = t:pivot("a", "b", "v", {fill = 0, columns = {"q", "p"}, rows = {"y", "x"}})
      assert.are.same({"a", "q", "p"}, matrix.columns)
      assert.are.equal("y x", column(matrix, "a"))
      assert.are.equal("0 1", column(matrix, "p"))
   end)

   it("refuses two rows for one cell", function()
      local t = difkit.table({"a", "b", "v"}, {{"x", "p", 1}, {"x", "p", 2}})
      assert.are.equal('pivot: several rows for "x" and "p"', (problem(function() return t:pivot("a", "b", "v") end)))
   end)

   it("has totals", function()
      local t = difkit.table({"a", "p", "q"}, {{"x", 1, nil}, {"y", 2, 3}}):total_column():total_row()
      assert.are.equal("1 5 6", column(t, "Total"))
      assert.are.equal("x y Total", column(t, "a"))
      assert.are.equal(3, t[3].q)
   end)
end)

describe("printing", function()
   local function lines(t, options)
      local out = {}
      for line in t:text(options):gmatch "[^\n]+" do out[#out + 1] = line end
      return out
   end

   it("counts columns of the terminal, not bytes", function()
      local t = difkit.table({"name", "n"}, {{"Việt Nam", 1}, {"中文", 2}, {"e\u{301}a", 3}, {"–", 4}})
      local out = lines(t)
      assert.are.equal("name      n", out[1])
      assert.are.equal("Việt Nam  1", out[3])
      assert.are.equal("中文      2", out[4])
      assert.are.equal("e\u{301}a        3", out[5])
      assert.are.equal("–         4", out[6])
   end)

   it("puts numbers at the right, their points below one another, and rounds to four digits", function()
      local out = lines(difkit.table({"v"}, {{1.5}, {10}, {1 / 3}, {nil}}))
      assert.are.same({"      v", "───────", " 1.5000", "10.0000", " 0.3333", "      –"}, out)
      out = lines(difkit.table({"v"}, {{1.5}, {10.25}}))
      assert.are.same({" 1.50", "10.25"}, {out[3], out[4]})
      assert.are.equal("0.33", lines(difkit.table({"v"}, {{1 / 3}}), {digits = 2})[3])
   end)

   it("does not show a small number as nothing, nor integers as reals", function()
      assert.are.equal("1e-09", lines(difkit.table({"v"}, {{1e-9}}))[3])
      assert.are.equal("12", lines(difkit.table({"v"}, {{12}}))[3])
   end)

   it("wraps long texts and leaves short columns as they are", function()
      local t = difkit.table({"id", "text"}, {{"DIFAP.TF.1", ("word "):rep(40)}})
      for _, line in ipairs(lines(t, {width = 60})) do assert.is_true(difkit.text.width(line) <= 60) end
      assert.are.equal("DIFAP.TF.1  word", lines(t, {width = 60})[3]:sub(1, 16))
   end)

   it("never makes a line wider than asked for while there is a text to wrap", function()
      local t = difkit.table({"a", "b", "c"}, {{("x"):rep(90), ("y "):rep(90), 12345.678}})
      for width = 40, 120, 7 do
         for _, line in ipairs(lines(t, {width = width})) do assert.is_true(difkit.text.width(line) <= width) end
      end
   end)

   it("lets no control character reach the terminal", function()
      local text = difkit.table({"v"}, {{"a\27[31mred\7\u{9b}x"}}):text()
      assert.is_nil(text:find "[%z\1-\9\11-\31\127]")
      assert.is_nil(text:find("\u{9b}", 1, true))
   end)

   it("shows line breaks as lines", function()
      local out = lines(difkit.table({"v", "n"}, {{"one\ntwo", 1}}))
      assert.are.same({"one  1", "two"}, {out[3], out[4]})
   end)

   it("shows title, note and source, and that there are no rows", function()
      local t = difkit.table({"a"}, {})
      t.title, t.note, t.source = "Title", "A note.", "The table"
      assert.are.equal("Title\n\na\n─\n(no rows)\n\nA note.\nSource: The table\n", t:text())
   end)

   it("is what tostring gives", function()
      assert.are.equal("a\n─\n1", tostring(difkit.table({"a"}, {{1}})))
   end)

   it("has colour only where asked for or on a terminal", function()
      local t = difkit.table({"a"}, {{1}})
      assert.is_nil(t:text():find("\27", 1, true))
      assert.are.equal("\27[1ma\27[0m\n\27[2m─\27[0m\n1\n", t:text{colour = true})
   end)

   it("keeps scripts from the metatables behind tables and rows", function()
      local t = difkit.table({"a"}, {{1}})
      assert.are.equal("difkit.Table", getmetatable(t))
      assert.are.equal("difkit.Row", getmetatable(t[1]))
      assert.is_false(pcall(setmetatable, t, {}))
   end)

   it("names an unknown option", function()
      local message, hint = problem(function() return sample():print{widths = 20} end)
      assert.are.equal('table:print: unknown option "widths"', message)
      assert.are.equal('did you mean "width"?', hint)
   end)
end)
