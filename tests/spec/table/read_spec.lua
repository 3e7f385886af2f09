-- Files of cells as tables: what is detected, what options decide, what is refused.
local difkit = require "difkit"

local path

local function read(bytes, options)
   local out = assert(io.open(path, "wb"))
   out:write(bytes)
   out:close()
   return difkit.table.read(path, options)
end

local function rows_of(t)
   local rows = {}
   for i, row in ipairs(t) do
      local cells = {}
      for j, name in ipairs(t.columns) do cells[j] = tostring(row[name]) end
      rows[i] = table.concat(cells, "|")
   end
   return table.concat(t.columns, "|"), rows
end

describe("table:numbers", function()
   it("decides the decimal sign by the column, and asks where nothing decides", function()
      local t = difkit.table({"n"}, {{"1.234,5"}, {"12,8k"}, {"(5)"}, {"<1"}, {7}}):numbers("n", {decimal = ","})
      assert.are.same({1234.5, 12800, -5, nil, 7}, {t[1].n, t[2].n, t[3].n, t[4].n, t[5].n})
      assert.are.equal("below 1", t[4].note)
      t = difkit.table({"n"}, {{"1,234"}, {"1,234.5"}}):numbers "n"
      assert.are.same({1234, 1234.5}, {t[1].n, t[2].n})
      for text, words in pairs {
         ["1,234"] = "row 1.*decimals or with thousands", ["1e999"] = "no number that can be kept", ["10:30"] = "row 1",
      } do
         local ok, problem = pcall(function() return difkit.table({"n"}, {{text}}):numbers "n" end)
         assert.is_false(ok)
         assert.matches(words, problem.message)
      end
   end)
end)

describe("difkit.json.read and difkit.yaml.read", function()
   it("read files, and say where one is wrong", function()
      path = os.tmpname()
      local function written(text)
         local out = assert(io.open(path, "wb"))
         out:write(text)
         out:close()
         return path
      end
      assert.are.same({a = {1, 2}}, (difkit.json.read(written '{"a": [1, 2]}')))
      assert.matches(path .. ": line 1", select(2, difkit.json.read(written '{"a": [1, 2')), 1, true)
      assert.are.same({a = {1, "x"}}, (difkit.yaml.read(written "a:\n  - 1\n  - x\n")))
      assert.matches(":2:", select(2, difkit.yaml.read(written "a: 1\na: 2\n")))
      assert.are.equal("io", select(3, difkit.yaml.read(path .. "x")))
      os.remove(path)
   end)
end)

describe("difkit.table.read", function()
   before_each(function() path = os.tmpname() end)
   after_each(function() os.remove(path) end)

   it("detects separator and encoding, and says so", function()
      local t, said = assert(read "Pays;n\nBrun\xE9i;1\n")
      assert.are.equal("Brunéi", t[1].Pays)
      assert.are.equal(1, t[1].n)
      assert.are.equal("encoding Windows-1252 (line 2 is not UTF-8); separator semicolon", said)
      assert.is_nil(select(2, assert(read "a,b\n1,2\n")))
   end)

   it("finds a header under title rows, and takes a range and lines away", function()
      local text = "Table 3,,\n,,\n,Country,2020\n,Laos,5\n,Viet Nam,6\nsource,,\n"
      local names, rows = rows_of(assert(read(text, {header = 3, range = "B1:C5"})))
      assert.are.equal("Country|2020", names)
      assert.are.same({"Laos|5", "Viet Nam|6"}, rows)
      for _, options in ipairs {{header = "find", range = "B1:C5"}, {skip = 2, range = "B1:C5"}} do
         assert.are.same({"Laos|5", "Viet Nam|6"}, select(2, rows_of(assert(read(text, options)))))
      end
      assert.matches('"source" stands in a column without a name', select(2, read(text, {header = 3})))
   end)

   it("reads numbers as the options say, and keeps what no number holds", function()
      local t = assert(read("a;b\n1.234,5;..\n0,5;2\n", {decimal = ",", missing = {".."}}))
      assert.are.equal(1234.5, t[1].a)
      assert.are.equal(0.5, t[2].a)
      assert.is_nil(t[1].b)
      assert.are.equal(2, t[2].b)
      assert.matches("2:1: \"zebra\" is no number", select(2, read("a,b\nzebra,1\n", {types = {a = "number"}})))
      local said
      t, said = assert(read "id,n\n12345678901234567890,1\n7,2\n")
      assert.are.same({"12345678901234567890", "7"}, {t[1].id, t[2].id})
      assert.are.equal(2, t[2].n)
      assert.matches('column "id" is text: 12345678901234567890', said)
      t = assert(read "id\n9007199254740993\n18446744073709551616\n")
      assert.are.equal(9007199254740993, t[1].id)
      assert.are.equal(2.0 ^ 64, t[2].id) -- a double holds it exactly
      assert.are.equal("007", assert(read "id,x\n007,1\n")[1].id)
   end)

   it("reads sheets of a workbook by name, with the types of their cells", function()
      local book = path .. ".xlsx"
      local written = difkit.table({"unit", "share", "good"}, {{"LAO", 0.5, true}, {"VNM", 7, false}}):write(book)
      if not written then return pending "this difkit writes no workbooks" end
      local t = assert(difkit.table.read(book))
      os.remove(book)
      assert.are.same({"unit", "share", "good"}, t.columns)
      assert.are.same({"LAO", 0.5, true}, {t[1].unit, t[1].share, t[1].good})
      assert.are.equal("integer", math.type(t[2].share))
   end)

   it("refuses with the place and a hint, and never half", function()
      assert.matches("line 2: 1 cell where the header has 2", select(2, read "a,b\n1\n"))
      assert.matches("HTML page", select(2, read "<html><table></table></html>"))
      assert.matches("save as XLSX", select(2, read "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...."))
      assert.matches(":2:2: a cell in quotes has no end", select(2, read 'a,b\n1,"2\n'))
      local nothing, message, code = difkit.table.read(path .. "nowhere")
      assert.is_nil(nothing)
      assert.matches("No such file", message)
      assert.are.equal("io", code)
   end)
end)
