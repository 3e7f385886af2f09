-- Containers to cells: what a file is, by its content, and its cells with kinds and places.
local read = require "difkit.format.read"
local zip = require "tests.support.zip"

local path

local function file_of(bytes, options)
   local out = assert(io.open(path, "wb"))
   out:write(bytes)
   out:close()
   return read.open(path, options)
end

--- The rows as "line kinds a|b".
local function rows_of(file, sheet)
   local rows = {}
   for row in file:rows(sheet) do
      local cells = {}
      for c = 1, row.n do cells[c] = row[c] or "" end
      rows[#rows + 1] = ("%d %s %s"):format(row.line, row.kinds, table.concat(cells, "|"))
   end
   file:close()
   return rows
end

local function refusal(bytes, options)
   local file, message = file_of(bytes, options)
   if not file then return message end
   local ok, problem = pcall(rows_of, file)
   assert.is_false(ok)
   return tostring(problem)
end

local function workbook(sheet, more)
   local files = {
      ["[Content_Types].xml"] = "<Types/>",
      ["xl/workbook.xml"] = [[<workbook xmlns:r="r"><sheets><sheet name="one" sheetId="1" r:id="a"/>
         <sheet name="two" sheetId="2" r:id="b" state="hidden"/></sheets></workbook>]],
      ["xl/_rels/workbook.xml.rels"] = [[<R><Relationship Id="a" Type="x/worksheet" Target="/xl/s1.xml"/>
         <Relationship Id="b" Type="x/worksheet" Target="s2.xml"/>
         <Relationship Id="c" Type="x/sharedStrings" Target="sst.xml"/>
         <Relationship Id="d" Type="x/styles" Target="styles.xml"/></R>]],
      ["xl/s1.xml"] = sheet, ["xl/s2.xml"] = "<worksheet><sheetData/></worksheet>",
      ["xl/sst.xml"] = [[<sst><si><t>plain</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si>
         <si><t>a_x0041__x20AC_</t></si></sst>]],
      ["xl/styles.xml"] = [[<s><numFmts><numFmt numFmtId="170" formatCode="mmm\-yy"/></numFmts><cellStyleXfs><xf
         numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf
         numFmtId="9"/></cellXfs></s>]],
   }
   for name, text in pairs(more or {}) do files[name] = text end
   return zip(files)
end

describe("containers to cells", function()
   before_each(function() path = os.tmpname() end)
   after_each(function() os.remove(path) end)

   it("reads texts in the encodings and with the separators that offices use, and says which", function()
      local cases = {
         {"a,b\n\u{E9},2\n", "UTF-8", ","}, {"\u{FEFF}a;b\n\u{E9};2\n", "UTF-8", ";"},
         {"a\tb\n\xE9\t2\n", "Windows-1252", "\t"}, {"a|b\n\xE9|2\n", "Windows-1252", "|"},
         {"\xFF\xFEa\0;\0b\0\n\0\xE9\0;\0002\0\n\0", "UTF-16LE", ";"},
         {"\xFE\xFF\0a\0;\0b\0\n\0\xE9\0;\0002\0\n", "UTF-16BE", ";"},
         {"a\0,\0b\0\n\0\xE9\0,\0002\0\n\0", "UTF-16LE", ","},
      }
      for _, case in ipairs(cases) do
         local file = assert(file_of(case[1]))
         assert.are.equal(case[2], file.encoding)
         assert.are.equal(case[3], file.separator)
         assert.are.same({"1 tt a|b", "2 tt \u{E9}|2"}, rows_of(file))
      end
      assert.are.same({"1 tt \u{20AC}|\u{201C}"}, rows_of(assert(file_of("\x80,\x93\n"))))
      -- 0x81 is a control character of ISO 8859-1, and nothing in Windows-1252.
      assert.are.equal("ISO-8859-1", assert(file_of "\x81,\xE9\n").encoding)
      local told = assert(file_of("a\n\xE9\n", {encoding = "iso-8859-1"}))
      assert.are.same("ISO-8859-1", told.encoding)
      assert.are.same({"encoding Windows-1252 (line 2 is not UTF-8)", "separator semicolon"},
         assert(file_of "a;b\n\xE9;1\n").said)
   end)

   it("tells the line of a cell, also behind the line in which Excel names the separator", function()
      local file = assert(file_of 'sep=;\r\na;"b\r\nc"\r\nd;e\r\n')
      assert.are.same({"2 tq a|b\r\nc", "4 tt d|e"}, rows_of(file))
      assert.are.equal("4:2", file:place(4, 2))
   end)

   it("refuses a text that was cut within a character or a cell in quotes, and what is no text", function()
      assert.matches("ends within a character", refusal "a,b\nx,\xC3")
      assert.matches(":2:1: a cell in quotes has no end", refusal 'a,b\n"x,y')
      assert.matches("not a text", refusal "a\0\1\2b,c\n")
      assert.matches("the file is empty", refusal "")
      assert.matches("not valid UTF%-8 in line 2", refusal("a\n\xE9\n", {encoding = "utf-8"}))
      assert.matches("Excel 97–2003.*save as XLSX", refusal "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1........")
      assert.matches("HTML", refusal "<!DOCTYPE html><html><table></table></html>")
   end)

   it("reads every kind of cell of a workbook, with the place of each", function()
      local file = assert(file_of(workbook [[<worksheet><sheetData>
         <row r="2"><c r="B2" t="s"><v>1</v></c><c t="s"><v>2</v></c>
         <c r="F2" t="inlineStr"><is><t>in</t></is></c></row>
         <row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>said</v></c><c><f>A1</f></c></row>
         <row r="9"><c s="1"><v>45292</v></c><c s="2"><v>45292</v></c><c s="3"><v>0.07</v></c>
         <c><v>0.10000000000000001</v></c><c t="d"><v>2024-12-31T00:00:00</v></c></row>
         <row r="10"><c r="A10"/></row></sheetData><mergeCells><mergeCell ref="B2:C3"/></mergeCells></worksheet>]]))
      assert.are.same({{name = "one", hidden = false}, {name = "two", hidden = true}}, file.sheets)
      assert.are.same({{2, 2, 3, 3}}, file:merged())
      assert.are.equal("one!AB9", file:place(9, 28))
      assert.are.same({
         "2 .tt..t |rich text|aA\u{20AC}|||in", "3 betf true|#N/A|said|", "9 ddpnd 2024-01-01|2024-01|7|0.1|2024-12-31",
      }, rows_of(file))
   end)

   it("finds cells over any cut of the XML into chunks", function()
      local rows, wanted = {}, {}
      for i = 1, 9000 do
         rows[i] = ('<row r="%d"><c r="A%d" t="inlineStr"><is><t>text number %d</t></is></c>'
            .. '<c r="C%d"><v>%d</v></c></row>'):format(i, i, i, i, i)
         wanted[i] = ("%d t.n text number %d||%d"):format(i, i, i)
      end
      local sheet = "<worksheet><sheetData>" .. table.concat(rows) .. "</sheetData></worksheet>"
      local file = assert(file_of(workbook(sheet)))
      assert.are.same(wanted, rows_of(file))
   end)

   it("finds shared texts over any cut of the XML into chunks", function()
      local rows, texts, wanted = {}, {}, {}
      for i = 0, 999 do texts[i + 1] = ("<si><t>1000%d</t></si>"):format(i) end
      -- Texts of digits: they stay in the buffer behind the number that is kept from one chunk to the next.
      for i = 1, 8000 do
         local cells, shown = {"<c><v>11111111</v></c>"}, {"11111111"}
         for j = 2, 13 do
            cells[j] = ('<c t="s"><v>%d</v></c>'):format((i * 7 + j) % 1000)
            shown[j] = "1000" .. (i * 7 + j) % 1000
         end
         rows[i] = ('<row r="%d">%s</row>'):format(i, table.concat(cells))
         wanted[i] = ("%d n%s %s"):format(i, ("t"):rep(12), table.concat(shown, "|"))
      end
      local sheet = "<worksheet><sheetData>" .. table.concat(rows) .. "</sheetData></worksheet>"
      local shared = "<sst>" .. table.concat(texts) .. "</sst>"
      assert.are.same(wanted, rows_of(assert(file_of(workbook(sheet, {["xl/sst.xml"] = shared})))))
   end)

   it("refuses document types, texts that are not there, and binary workbooks", function()
      assert.matches("document type", refusal(workbook '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'))
      assert.matches("row 1, column 1: the cell refers to a text that is not there",
         refusal(workbook '<worksheet><row r="1"><c r="A1" t="s"><v>7</v></c></row></worksheet>'))
      assert.matches("xlsb", refusal(zip {["xl/workbook.bin"] = "x"}))
      assert.matches("damaged, or was cut", refusal(workbook("<worksheet/>"):sub(1, -40)))
      assert.matches("s1.xml of the workbook, line 1", refusal(workbook "<worksheet><row>"))
   end)

   it("bounds what ODS repeats, and leaves annotations and covered cells out", function()
      local function ods(rows)
         return zip {mimetype = "application/vnd.oasis.opendocument.spreadsheet", ["content.xml"] =
            '<d xmlns:t="t" xmlns:o="o" xmlns:x="x"><t:table t:name="one">' .. rows .. "</t:table></d>"}
      end
      local file = assert(file_of(ods [[
         <t:table-row t:number-rows-repeated="1000000"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>
         <t:table-row t:number-rows-repeated="2"><t:table-cell o:value-type="float" o:value="7"
         t:number-columns-repeated="2"><x:p>7,0</x:p></t:table-cell><t:table-cell o:value-type="string">
         <o:annotation><x:p>no
         </x:p></o:annotation><x:p>a<x:s x:c="2"/>b</x:p><x:p>c</x:p></t:table-cell></t:table-row>]]))
      assert.are.same({"1000001 nnt 7|7|a  b\nc", "1000002 nnt 7|7|a  b\nc"}, rows_of(file))
      assert.matches("repeated more than", refusal(ods [[<t:table-row t:number-rows-repeated="1000000000"><t:table-cell
         o:value-type="float" o:value="7" t:number-columns-repeated="16000"/></t:table-row>]]))
   end)

   it("opens archives within archives two deep, and takes no path from them", function()
      local inner = zip {["../../evil.csv"] = "a,b\n1,2\n"}
      local file = assert(file_of(zip {["inner.zip"] = inner}))
      local second = assert(file:entry "inner.zip")
      assert.are.same({"1 tt a|b", "2 tt 1|2"}, rows_of(assert(second:entry "../../evil.csv")))
      local third = assert(file_of(zip {["o.zip"] = zip {["i.zip"] = inner}}))
      local deep = assert(assert(third:entry "o.zip"):entry "i.zip")
      assert.matches("more than 2 deep", select(2, deep:entry "../../evil.csv"))
      assert.matches('no entry "x"', select(2, file:entry "x"))
   end)

   it("reads the samples of formats.md", function()
      local sample = "../shared/import/samples/"
      local there = io.open(sample .. "odd-cells.xlsx", "rb")
      if not there then return pending "../shared/import is not there" end
      there:close()
      local rows = rows_of(assert(read.open(sample .. "odd-cells.xlsx")))
      assert.are.equal("2 tdnp.b Viet Nam|2023-12-31|2345|45.6||true", rows[2])
      assert.are.equal("8 tdnp Brunei Darussalam|2024-12-31|457.50000000000006|0", rows[7])
      assert.are.equal("5 tnnnt Viet Nam|100.5|200|200|same value in 2022 and 2023",
         rows_of(assert(read.open(sample .. "repeats.ods")))[3])
      assert.are.equal("3 ttt. Cambodge|52,7|56,7|", rows_of(assert(read.open(sample .. "pays-1252.csv")))[3])
      assert.is_nil((read.open(sample .. "refuse/cut.xlsx")))
   end)
end)
