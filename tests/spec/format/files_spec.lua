-- Tables as files: CSV that comes back as it went, JSON, NDJSON, Markdown; formulas, odd texts, unknown formats.
local difkit = require "difkit"

local spec = require "tests.support.spec"
local read, problem, temporary = spec.read, spec.problem, spec.temporary

local function assert_same(expected, given)
   assert.are.same(expected.columns, given.columns)
   assert.are.equal(#expected, #given)
   for i = 1, #expected do
      for _, name in ipairs(expected.columns) do
         local a, b = expected[i][name], given[i][name]
         assert(rawequal(a, b) and math.type(a) == math.type(b),
            ("row %d, %s: %s became %s"):format(i, name, tostring(a), tostring(b)))
      end
   end
end

describe("CSV", function()
   it("comes back with the same values and kinds", function()
      local values = {
         1, -1, 0, 1.0, 0.1, 1e300, 5e-324, -0.5, math.maxinteger, math.mininteger, 2 ^ 53, 123456789.123, true, false,
         "text", "1", "1.0", "-1", "1e5", "007", "+5", "true", "false", "", " ", " a ", "a,b", 'say "x"', "two\nlines",
         "a\r\nb", "\r", "=1+2", "-3 apples", "@x", "\ttab", "'=x", "''=x", "'", "Việt Nam", "中文", "nan", "inf",
         "0x10", "1,5", "\u{FEFF}x", "NULL", "null", "-", "1e999", "99999999999999999999",
      }
      local rows = {}
      for i, value in ipairs(values) do rows[i] = {value, i, nil} end
      local t = difkit.table({"value", "n", "nothing"}, rows)
      for _, ending in ipairs {".csv", ".tsv"} do
         local path = temporary(ending)
         assert(t:write(path))
         assert_same(t, assert(difkit.table.read_csv(path)))
         assert(t:write(path, {formulas = true}))
         assert_same(t, assert(difkit.table.read_csv(path)))
         assert(t:write(path, {excel = true}))
         assert_same(t, assert(difkit.table.read_csv(path)))
         os.remove(path)
      end
   end)

   it("keeps a column of nothing but missing values", function()
      local t = difkit.table({"a"}, {{nil}, {1}, {nil}})
      assert_same(t, assert(difkit.table.parse_csv(t:encode "csv")))
   end)

   it("defuses texts that a spreadsheet would run, and never numbers", function()
      local t = difkit.table({"v"}, {{"=1+2"}, {"+1"}, {"-1"}, {"@a"}, {"\tx"}, {"\rx"}, {-1}, {"a=1"}})
      assert.are.equal('v\n"\'=1+2"\n"\'+1"\n"\'-1"\n"\'@a"\n"\'\tx"\n"\'\rx"\n-1\na=1\n', t:encode "csv")
      assert.are.equal('v\n=1+2\n+1\n"-1"\n@a\n"\tx"\n"\rx"\n-1\na=1\n', t:encode("csv", {formulas = true}))
   end)

   it("defuses names of columns too", function()
      for _, text in ipairs {"\n=1", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1", "\u{FF20}x", "\u{FEFF}=1", "\u{200B}=1",
         "\u{A0}-1", "\u{2060}\u{FEFF}+1"} do
         assert.are.equal(('v\n"\'%s"\n'):format(text), difkit.table({"v"}, {{text}}):encode "csv")
      end
      for _, text in ipairs {"\u{FEFF}a=1", "a\u{FF1D}1", "\u{2212}1"} do
         assert.are.equal(("v\n%s\n"):format(text), difkit.table({"v"}, {{text}}):encode "csv")
      end
      assert.are.equal('"\'=a"\n1\n', difkit.table({"=a"}, {{1}}):encode "csv")
   end)

   it("writes numbers in the shortest form that reads back equal", function()
      local t = difkit.table({"v"}, {{0.1}, {1 / 3}, {2.0}, {7}, {1e21}})
      assert.are.equal("v\n0.1\n0.3333333333333333\n2.0\n7\n1e+21\n", t:encode "csv")
   end)

   it("refuses what no file can hold, and says where it is", function()
      local message, hint = problem(function() return difkit.table({"v"}, {{1}, {0 / 0}}):encode "csv" end)
      assert.is_truthy(message:find('^row 2, column "v": %-?nan cannot be written$'))
      assert.are.equal("leave the value out (nil) and say why in another column", hint)
      assert.are.equal('row 1, column "v": text is not valid UTF-8',
         (problem(function() return difkit.table({"v"}, {{"\xff"}}):encode "csv" end)))
      assert.are.equal('row 1, column "v": cannot write a table',
         (problem(function() return difkit.table({"v"}, {{{}}}):encode "csv" end)))
   end)

   it("of other programs is read: line ends, blank lines, a byte order mark, text without quotes", function()
      local t = assert(difkit.table.parse_csv("\u{FEFF}id,n,share\r\na,1,0.5\r\n\r\nb,,\r\n\"c\",007,.5"))
      assert.are.equal(3, #t)
      assert.are.equal(1, t[1].n)
      assert.are.equal(0.5, t[1].share)
      assert.is_nil(t[2].n)
      assert.are.equal("007", t[3].n)
      assert.are.equal(".5", t[3].share)
   end)

   it("can be read as text alone", function()
      assert.are.equal("1", difkit.table.parse_csv("a\n1\n", {types = false})[1].a)
   end)

   it("with faults gives nil and the line", function()
      for text, expected in pairs {
         ["a,b\n1\n"] = "line 2: 1 cell where the header has 2",
         ["a,b\n1,2,3\n"] = "line 2: 3 cells where the header has 2",
         ["a\n\"x\n\ny"] = "line 2: a cell in quotes has no end",
         ["a\n\"x\"y\n"] = "line 2: text after the closing quote of a cell",
         ["a,a\n"] = 'line 1: two columns are called "a"',
         ["a,\n"] = "line 1: column 2 has no name",
         [""] = "the file is empty; it needs a header line",
         ["a\n\xff"] = "not valid UTF-8",
      } do
         local t, message, code = difkit.table.parse_csv(text)
         assert.is_nil(t)
         assert.are.equal(expected, message)
         assert.are.equal("data", code)
      end
   end)

   it("written row by row is the same as that of a table", function()
      local db <close> = assert(difkit.open())
      local values = {
         "text", "1", "-1", "1.0", "1.", "1.e5", "1e5", "1E+5", "-1.5e-7", "e5", ".5", "-", "--1", "007", "0", "-0",
         "00", "+5", "true", "false", "True", "", " ", " a", "a ", "a\u{a0}", "\va", "a,b", "a\tb", 'say "x"', '"',
         "two\nlines", "a\rb", "=1+2", "@x", "\ttab", "\rcr", "\n=1", "\u{FF1D}1", "\u{FEFF}=1",
         "\u{200B}\u{A0}@x", "'\u{FF20}x", "\u{FEFF}x", "'=x", "''=x", "'", "''", "'a", "Việt Nam", "中文",
         "nan", 0.1, 1 / 3, -2.5, 1e300, 5e-324, 0.0, -0.0, 1e15, 123456.789, 1e-5, 0.0001,
         999999999.5, 3, math.mininteger,
      }
      for _, ending in ipairs {".csv", ".tsv"} do
         for _, options in ipairs {{}, {formulas = true}, {excel = true}} do
            local one, other = temporary(ending), temporary(ending)
            local marks = ("(?), "):rep(#values - 1) .. "(?)"
            local query = 'SELECT column1 AS "v,a", NULL AS "=n", column1 AS w FROM (VALUES ' .. marks .. ")"
            assert(db:query(query, table.unpack(values)):write(one, options))
            assert(db:query(query, table.unpack(values)):table():write(other, options))
            assert.are.equal(read(other), read(one))
            os.remove(one)
            os.remove(other)
         end
      end
   end)

   it("written row by row refuses what no file can hold, and leaves no file", function()
      local db <close> = assert(difkit.open())
      local path = temporary ".csv"
      assert.are.equal('row 2, column "v": inf cannot be written',
         (problem(function() return db:query("SELECT 1 AS v UNION ALL SELECT 9e999"):write(path) end)))
      assert.are.equal('row 1, column "v": text is not valid UTF-8',
         (problem(function() return db:query("SELECT ? AS v", "\xff"):write(path) end)))
      assert.is_nil(io.open(path))
      local done, message, code = db:query "SELECT 1":write(path .. "/none/x.csv")
      assert.is_nil(done)
      assert.is_string(message)
      assert.are.equal("io", code)
   end)

   it("cannot be written from rows that were read", function()
      local db <close> = assert(difkit.open())
      local result = db:query "SELECT 1 AS v"
      result:all()
      assert.are.equal("the rows of this result were read already",
         (problem(function() return result:write(temporary ".csv") end)))
   end)

   it("has numbers in the shortest form, whatever way they were made", function()
      local core = require "difkit.core"
      math.randomseed(11)
      for i = 1, 20000 do
         local x = math.random() * 10 ^ math.random(-6, 12)
         if i % 2 == 0 then x = tonumber(("%." .. math.random(0, 7) .. "f"):format(x)) + 0.0 end
         if i % 3 == 0 then x = -x end
         local text = ("%.15g"):format(x)
         if tonumber(text) ~= x then text = ("%.16g"):format(x) end
         if tonumber(text) ~= x then text = ("%.17g"):format(x) end
         if not text:find "[.e]" then text = text .. ".0" end
         assert.are.equal(text, core.number_text(x))
         local n = math.random(math.mininteger, math.maxinteger) >> math.random(0, 62)
         assert.are.equal(("%d"):format(n), core.number_text(n))
      end
      assert.are.equal("-9223372036854775808", core.number_text(math.mininteger))
   end)

   it("of a query is the same as that of its table", function()
      local db <close> = assert(difkit.open())
      local one, other = temporary ".csv", temporary ".csv"
      local query = db:from "action_full":order "id"
      assert(query:write(one))
      assert(query:table():write(other))
      assert.are.equal(read(other), read(one))
      local back = assert(difkit.table.read_csv(one))
      assert_same(query:table(), back)
      os.remove(one)
      os.remove(other)
   end)
end)

describe("JSON", function()
   it("has an object for each row, its keys in the order of the columns, null for what is missing", function()
      local t = difkit.table({"b", "a"}, {{1, "x"}, {2.0, nil}, {0.1, 'q"\\\n\1'}})
      local rows = {'{"b":1,"a":"x"}', '{"b":2.0,"a":null}', '{"b":0.1,"a":"q\\"\\\\\\n\\u0001"}'}
      assert.are.equal("[" .. table.concat(rows, ",\n ") .. "]\n", t:encode "json")
      assert.are.equal(table.concat(rows, "\n") .. "\n", t:encode "ndjson")
      assert.are.equal("[]\n", difkit.table({"a"}, {}):encode "json")
   end)

   it("comes back", function()
      local value = {list = {1, 2.5, "x", true, difkit.null, {}}, text = "Việt\u{1F600}", n = math.mininteger}
      assert.are.same(value, difkit.json.decode(difkit.json.encode(value)))
      assert.are.same(value, difkit.json.decode(difkit.json.encode(value, {indent = 2})))
      assert.are.equal("integer", math.type(difkit.json.decode "3"))
      assert.are.equal("float", math.type(difkit.json.decode "3.0"))
      assert.are.equal("\u{1F600}", difkit.json.decode [["\ud83d\ude00"]])
   end)

   it("has its keys in one order", function()
      assert.are.equal('{"a":1,"b":2,"c":3}', difkit.json.encode{c = 3, a = 1, b = 2})
   end)

   it("with faults gives nil and the place", function()
      for text, expected in pairs {
         ["[1,\n2,]"] = "line 2, column 3: expected a value",
         ['{"a" 1}'] = 'line 1, column 6: expected ":"',
         ['{"a":1,"a":2}'] = 'line 1, column 11: the key "a" occurs twice',
         ['"a'] = "line 1, column 1: text without an end",
         ["1 2"] = "line 1, column 3: expected nothing more",
         ["01"] = "line 1, column 1: expected a value",
         [""] = "line 1, column 1: expected a value",
         ['"\\ud800"'] = "line 1, column 2: half of a surrogate pair",
      } do
         local value, message, code = difkit.json.decode(text)
         assert.is_nil(value)
         assert.are.equal(expected, message)
         assert.are.equal("data", code)
      end
      assert.are.equal("line 1, column 102: nested more than 100 deep",
         select(2, difkit.json.decode(("["):rep(200) .. ("]"):rep(200))))
   end)

   it("refuses what it has no word for", function()
      assert.are.equal("json.encode: JSON has no inf", (problem(difkit.json.encode, {math.huge})))
      assert.are.equal("json.encode: cannot write a function", (problem(difkit.json.encode, {print})))
      local loop = {}
      loop[1] = loop
      assert.are.equal("json.encode: nested more than 100 deep", (problem(difkit.json.encode, loop)))
   end)
end)

describe("Markdown", function()
   it("is a table in which texts show as they are", function()
      local t = difkit.table({"text", "n"}, {{"a|b *c* <d> `e` [f] in_progress _g_", 1}, {"two\nlines", nil}})
      t.title = "Title"
      assert.are.equal(table.concat({
         "**Title**", "", "| text | n |", "| --- | ---: |",
         "| a\\|b \\*c\\* \\<d\\> \\`e\\` \\[f\\] in_progress \\_g\\_ | 1 |", "| two<br>lines |  |", "",
      }, "\n"), t:encode "markdown")
   end)
end)

describe("write", function()
   it("tells the format by the ending of the name", function()
      local t = difkit.table({"a"}, {{1}})
      for ending, expected in pairs {
         [".csv"] = "a\n1\n", [".tsv"] = "a\n1\n", [".json"] = '[{"a":1}]\n', [".ndjson"] = '{"a":1}\n',
         [".md"] = "| a |\n| ---: |\n| 1 |\n", [".CSV"] = "a\n1\n",
      } do
         local path = temporary(ending)
         assert(t:write(path))
         assert.are.equal(expected, read(path))
         os.remove(path)
      end
   end)

   it("names an unknown format and the known ones", function()
      local message, hint = problem(function() return difkit.table({"a"}, {}):write "x.cvs" end)
      assert.are.equal('write: unknown format ".cvs"', message)
      assert.is_truthy(hint:find('did you mean ".csv"?', 1, true))
      assert.is_truthy(hint:find(".ndjson", 1, true))
      assert.are.equal('write: the name "x" has no ending that says the format',
         (problem(function() return difkit.table({"a"}, {}):write "x" end)))
   end)

   it("says what stood in the way, and leaves no file", function()
      local t = difkit.table({"a"}, {{1}})
      local folder = temporary ""
      local file = assert(io.open(folder, "w"))
      file:close()
      local done, message, code = t:write(folder .. "/x.csv")
      assert.is_nil(done)
      assert.is_string(message)
      assert.is_string(code)
      os.remove(folder)
   end)

   it("writes the same bytes each time", function()
      local db <close> = assert(difkit.open())
      local t = db:from "action_full":order "id":table()
      for _, format in ipairs {"csv", "json", "ndjson", "markdown", "table"} do
         assert.are.equal(t:encode(format), db:from "action_full":order "id":table():encode(format))
      end
   end)

   it("takes formats of a script's own", function()
      local seen
      difkit.table.writers[".own"] = function(t, path)
         seen = path .. #t
         return true
      end
      assert(difkit.table({"a"}, {{1}}):write "x.own")
      assert.are.equal("x.own1", seen)
      difkit.table.writers[".own"] = nil
   end)
end)

describe("what no format can hold", function()
   local folder = os.tmpname()
   os.remove(folder)

   it("is refused by every format alike: a zero byte in a text", function()
      for _, ending in ipairs {"csv", "tsv", "json", "ndjson", "md", "xlsx", "html", "docx"} do
         local t = difkit.table({"id", "a"}, {{"x", "fine"}, {"y", "x\0y"}})
         local done, result, message = pcall(t.write, t, folder .. "." .. ending)
         local said = done and tostring(message) or result.message
         assert.are.equal('row 2, column "a": text holds a zero byte', said, ending)
         assert.is_nil(io.open(folder .. "." .. ending))
      end
   end)

   it("is refused by Markdown as by CSV: what is no number, and what has no end", function()
      for _, value in ipairs {0 / 0, 1 / 0, -1 / 0} do
         local t, said = difkit.table({"v"}, {{1.5}, {value}}), {}
         for _, ending in ipairs {"csv", "md"} do
            local done, result, message = pcall(t.write, t, folder .. ending .. "." .. ending)
            said[#said + 1] = done and tostring(message) or result.message
            assert.is_nil(io.open(folder .. ending .. "." .. ending))
         end
         assert.matches('row 2, column "v": .* cannot be written', said[1])
         assert.are.equal(said[1], said[2])
         local report = difkit.report "x":table(t)
         assert.is_false(pcall(report.markdown, report))
      end
   end)
end)
