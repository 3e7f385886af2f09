-- Exports: workbooks, data packages, SDMX-CSV, SKOS. What is read back is what was written; nothing half-written stays.
local difkit = require "difkit"
local core = require "difkit.core"

local db = assert(difkit.open())

local spec = require "tests.support.spec"
local problem, temporary = spec.problem, spec.temporary

local has_workbooks = (function()
   local path = temporary ".xlsx"
   local book = core.xlsx(path, {})
   if book then book:discard() end
   return book ~= nil
end)()
local has_unzip = os.execute "command -v unzip >/dev/null 2>&1"

--- A part of a workbook as text.
local function part(path, name)
   local pipe = assert(io.popen(("unzip -p '%s' '%s'"):format(path, name)))
   local text = pipe:read "a"
   pipe:close()
   return text
end

--- Whether a file of this name is in the folder of `path`, temporary ones included.
local function leftovers(path)
   local pipe = assert(io.popen(("ls -a '%s' | grep -c '%s'"):format(path:match "^(.*)/", path:match "[^/]+$")))
   local count = tonumber(pipe:read "a")
   pipe:close()
   return count
end

local kinds = difkit.table({"text", "whole", "real", "truth", "missing"},
   {{"=1+1", 1, 0.5, true}, {"two & <three>", 2 ^ 53 | 0, -1e300, false}, {"+x", math.maxinteger}})

describe("a workbook", function()
   if not has_workbooks then
      pending "needs libxlsxwriter"
      return
   end

   it("has the same bytes twice", function()
      local a, b = temporary ".xlsx", temporary ".xlsx"
      for _, path in ipairs {a, b} do
         assert(difkit.export.workbook(path, {{"Kinds", kinds}, {"Topics", db:topics()}}))
      end
      assert.are.equal(core.read_file(a), core.read_file(b))
      os.remove(a)
      os.remove(b)
   end)

   it("keeps the kinds of values, freezes and filters the header, and runs no text as a formula", function()
      if not has_unzip then return pending "needs unzip" end
      local path = temporary ".xlsx"
      assert(kinds:write(path))
      local sheet = part(path, "xl/worksheets/sheet1.xml")
      assert.is_truthy(sheet:find('<c r="A2" t="inlineStr"><is><t>=1+1</t></is></c>', 1, true))
      local numbers = '<c r="B2"><v>1</v></c><c r="C2"><v>0.5</v></c><c r="D2" t="b"><v>1</v></c>'
      assert.is_truthy(sheet:find(numbers, 1, true))
      assert.is_truthy(sheet:find("two &amp; &lt;three&gt;", 1, true))
      assert.is_truthy(sheet:find("<t>9223372036854775807</t>", 1, true))
      assert.is_truthy(sheet:find('state="frozen"', 1, true))
      assert.is_truthy(sheet:find('<autoFilter ref="A1:E4"/>', 1, true))
      assert.is_nil(sheet:find "<f>")
      assert.is_nil(sheet:find 'r="E2"')
      assert(kinds:write(path, {formulas = true}))
      assert.is_truthy(part(path, "xl/worksheets/sheet1.xml"):find("<f>1+1</f>", 1, true))
      os.remove(path)
   end)

   it("names sheets as a workbook allows, and tells titles and sources on a last sheet", function()
      if not has_unzip then return pending "needs unzip" end
      local path = temporary ".xlsx"
      local t = difkit.table({"a"}, {{1}})
      t.title, t.source = "What? [a/b]: a title of more than thirty-one characters", "the Survey"
      assert(difkit.export.workbook(path, {t, t, {"about", t}}))
      local book = part(path, "xl/workbook.xml")
      assert.is_truthy(book:find('name="What a b a title of more than t"', 1, true))
      assert.is_truthy(book:find('name="What a b a title of more th (2)"', 1, true))
      assert.is_truthy(book:find('name="about (2)"', 1, true))
      local about = part(path, "xl/worksheets/sheet4.xml")
      assert.is_truthy(about:find("Source: the Survey", 1, true))
      os.remove(path)
   end)

   it("shows dates and shares as such, with rows as high as their texts, and is set up for print", function()
      if not has_unzip then return pending "needs unzip" end
      local path = temporary ".xlsx"
      local long = ("words and more words "):rep(12) -- 252 letters in a column of 60
      assert(difkit.table({"when", "share", "text", "mixed"}, {{"2026-03-31", 0.57, long, "2026-03-31"},
         {"2024-02-29", 0.125, "short", "a text"}, {nil, 1.0, "two\nlines", nil},
         {"1900-03-01", -0.5, nil, nil}}):write(path))
      local sheet, styles = part(path, "xl/worksheets/sheet1.xml"), part(path, "xl/styles.xml")
      -- ECMA-376: serial numbers of the 1900 date system; 46112 is 2026-03-31, 45351 is 2024-02-29, 61 is 1900-03-01.
      for cell, value in pairs {A2 = "46112", A3 = "45351", A5 = "61", B2 = "0.57", B4 = "1"} do
         assert.is_truthy(sheet:find(('<c r="%s" s="%%d+"><v>%s</v>'):format(cell, value:gsub("%.", "%%."))), cell)
      end
      assert.is_truthy(styles:find('formatCode="yyyy%-mm%-dd"') and styles:find('formatCode="0.0%%"'))
      -- A column of which not all are dates stays text.
      assert.is_truthy(sheet:find '<c r="D2" s="%d+" t="inlineStr">')
      local high = {}
      for row, height in sheet:gmatch '<row r="(%d+)"[^>]- ht="([%d.]+)"' do high[tonumber(row)] = tonumber(height) end
      assert.is_true(high[2] >= 5 * 15 and high[2] <= 7 * 15, high[2])
      assert.is_nil(high[3])
      assert.are.equal(30, high[4])
      assert.is_truthy(sheet:find('<pageSetup paperSize="9" [^>]-orientation="landscape"'))
      assert.is_truthy(sheet:find('fitToPage="1"', 1, true) and sheet:find('fitToHeight="0"', 1, true))
      assert.is_truthy(part(path, "xl/workbook.xml"):find("_xlnm.Print_Titles", 1, true))
      os.remove(path)
   end)

   it("never takes a date that there is not, nor one before March 1900, for one", function()
      if not has_unzip then return pending "needs unzip" end
      for _, text in ipairs {"2023-02-29", "1899-12-31", "1900-02-28"} do
         local path = temporary ".xlsx"
         assert(difkit.table({"when"}, {{text}}):write(path))
         assert.is_truthy(part(path, "xl/worksheets/sheet1.xml"):find(text, 1, true), text)
         os.remove(path)
      end
   end)

   it("names a font for scripts that need one, as documents do", function()
      if not has_unzip then return pending "needs unzip" end
      local path = temporary ".xlsx"
      assert(difkit.table({"th", "my", "en"}, {{"ประเทศไทย", "မြန်မာ", "English"}}):write(path))
      local styles = part(path, "xl/styles.xml")
      assert.is_truthy(styles:find('<name val="Leelawadee UI"/>', 1, true))
      assert.is_truthy(styles:find('<name val="Myanmar Text"/>', 1, true))
      local sheet = part(path, "xl/worksheets/sheet1.xml")
      assert.is_truthy(sheet:find '<c r="A2" s="%d+" t="inlineStr">')
      assert.is_truthy(sheet:find '<c r="C2" t="inlineStr">')
      os.remove(path)
   end)

   it("leaves the name to Excel that Excel keeps for itself", function()
      if not has_unzip then return pending "needs unzip" end
      local path = temporary ".xlsx"
      local t = difkit.table({"a"}, {{1}})
      assert(difkit.export.workbook(path, {{"History", t}, {"history ", t}}))
      assert.is_nil(part(path, "xl/workbook.xml"):lower():find 'name="history"')
      os.remove(path)
   end)

   it("is written from a result as it comes", function()
      local path = temporary ".xlsx"
      assert(db:query("SELECT id, text FROM action"):write(path))
      if has_unzip then
         assert.is_truthy(part(path, "xl/worksheets/sheet1.xml"):find('<autoFilter ref="A1:B245"/>', 1, true))
      end
      os.remove(path)
   end)

   it("leaves nothing behind when a row is wrong, and keeps the file that was there", function()
      local path = temporary ".xlsx"
      assert(core.write_file(path, "the old one"))
      local bad = difkit.table({"v"}, {{1}, {0 / 0}})
      assert.are.equal('row 2, column "v": a workbook has no such number', (problem(bad.write, bad, path)))
      bad = difkit.table({"v"}, {{"\255"}})
      assert.are.equal('row 1, column "v": text is not valid UTF-8', (problem(bad.write, bad, path)))
      bad = difkit.table({"v"}, {{("x"):rep(40000)}})
      assert.are.equal('row 1, column "v": a cell holds at most 32767 characters', (problem(bad.write, bad, path)))
      assert.are.equal("the old one", core.read_file(path))
      assert.are.equal(1, leftovers(path))
      os.remove(path)
   end)

   it("is a condition of the world when it cannot be written", function()
      local done, message, code = kinds:write "/no/such/folder/x.xlsx"
      assert.is_nil(done)
      assert.is_truthy(message:find "/no/such/folder")
      assert.are.equal("io", code)
      local folder = temporary ".xlsx"
      os.execute("mkdir " .. folder)
      done, message = kinds:write(folder)
      assert.is_nil(done)
      assert.is_truthy(message:find "it is a folder")
      os.remove(folder)
   end)
end)

describe("a data package", function()
   local folder = temporary()
   assert(difkit.export.data_package(folder, db))
   local description = assert(difkit.json.decode(assert(core.read_file(folder .. "/datapackage.json"))))

   it("describes every file and its columns", function()
      assert.are.equal("asean-dif", description.name)
      for _, resource in ipairs(description.resources) do
         local text = assert(core.read_file(folder .. "/" .. resource.path))
         assert.are.equal(#text, resource.bytes)
         assert.are.equal("sha256:" .. core.digest(text), resource.hash)
         local t = assert(difkit.table.parse_csv(text))
         local names = {}
         for i, field in ipairs(resource.schema.fields) do names[i] = field.name end
         assert.are.same(t.columns, names)
         assert.are.equal(db:query(('SELECT count(*) FROM "%s"'):format(resource.name)):value(), #t)
      end
   end)

   it("comes back with the same values", function()
      local t = assert(difkit.table.read_csv(folder .. "/action.csv"))
      local i = 0
      for row in db:query "SELECT * FROM action ORDER BY 1, 2" do
         i = i + 1
         for _, name in ipairs(t.columns) do
            -- Printed numbers are labels: a reader knows from the description that they are text.
            if name ~= "number" then assert.are.equal(row[name], t[i][name]) end
         end
      end
      assert.are.equal(#t, i)
   end)

   it("takes tables by name, and names the types of their columns", function()
      local own = temporary()
      assert(difkit.export.data_package(own, {kinds = kinds}, {title = "Kinds", license = "CC-BY-4.0"}))
      local fields = difkit.json.decode(core.read_file(own .. "/datapackage.json")).resources[1].schema.fields
      local types = {}
      for i, field in ipairs(fields) do types[i] = field.type end
      assert.are.same({"string", "integer", "number", "boolean", "string"}, types)
      assert.is_truthy(core.read_file(own .. "/kinds.csv"):find("\n=1+1,", 1, true))
      assert.are.equal('export.data_package: a table is called text "No Name"',
         (problem(difkit.export.data_package, own, {["No Name"] = kinds})))
      os.execute("rm -r " .. own)
   end)

   teardown(function() os.execute("rm -r " .. folder) end)
end)

describe("SDMX-CSV", function()
   it("holds every observation", function()
      local text = difkit.export.sdmx_csv(nil, db)
      local t = assert(difkit.table.parse_csv(text))
      assert.are.same({"STRUCTURE", "STRUCTURE_ID", "ACTION", "INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE",
         "OBS_STATUS", "SOURCE"}, t.columns)
      assert.are.equal(db:query("SELECT count(*) FROM observation"):value(), #t)
      local row = t:where{INDICATOR = "osi", REF_AREA = "VNM", TIME_PERIOD = 2022}[1]
      assert.are.equal(db:query("SELECT value FROM observation WHERE indicator_id = 'osi' AND unit_id = 'VNM'" ..
         " AND period = 2022"):value(), row.OBS_VALUE)
      assert.are.equal("M", row.ACTION)
   end)

   it("of what has changed merges the new and the different, and deletes what is gone", function()
      local new = assert(difkit.open(nil, {write = true}))
      new:exec "UPDATE observation SET value = 0.5 WHERE indicator_id = 'osi' AND unit_id = 'VNM' AND period = 2022"
      new:exec [[UPDATE observation SET value = NULL, flag = 'M'
         WHERE indicator_id = 'osi' AND unit_id = 'LAO' AND period = 2022]]
      new:exec "DELETE FROM observation WHERE indicator_id = 'tii' AND unit_id = 'SGP' AND period = 2014"
      new:exec "INSERT INTO observation (indicator_id, unit_id, period, value) VALUES ('osi', 'VNM', 2024, 1)"
      local lines = {}
      for line in difkit.export.sdmx_csv(nil, new, {since = db}):gmatch "[^\n]+" do lines[#lines + 1] = line end
      assert.are.same({
         "STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,SOURCE",
         "dataflow,DIFKIT:OBSERVATIONS(1.0),M,osi,LAO,2022,NaN,M,",
         "dataflow,DIFKIT:OBSERVATIONS(1.0),M,osi,VNM,2022,0.5,,",
         "dataflow,DIFKIT:OBSERVATIONS(1.0),M,osi,VNM,2024,1.0,,",
         "dataflow,DIFKIT:OBSERVATIONS(1.0),D,tii,SGP,2014,,,",
      }, lines)
      local back = difkit.export.sdmx_csv(nil, db, {since = new})
      assert.is_truthy(back:find(",M,osi,LAO,2022,[%d.]+,#N/A,"))
      assert.is_truthy(back:find(",D,osi,VNM,2024,,,", 1, true))
   end)

   it("names what is wrong", function()
      local message, hint = problem(difkit.export.sdmx_csv, nil, db, {indicators = {"ossi"}})
      assert.are.equal('unknown indicator "ossi"', message)
      assert.are.equal('did you mean "osi"?', hint)
      assert.are.equal('export.sdmx_csv: structure is text "x y"',
         (problem(difkit.export.sdmx_csv, nil, db, {structure = "x y"})))
   end)
end)

describe("SKOS", function()
   local document = difkit.json.decode(difkit.export.skos(nil, db))
   local by_id = {}
   for _, node in ipairs(document["@graph"]) do by_id[node["@id"]] = node end

   it("holds the framework, each part once", function()
      local expected = 1
      for _, entity in ipairs {"document", "area", "topic", "action"} do
         expected = expected + db:query("SELECT count(*) FROM " .. entity):value()
      end
      local count = 0
      for _ in pairs(by_id) do count = count + 1 end
      assert.are.equal(expected, count)
      assert.are.equal(expected, #document["@graph"])
   end)

   it("points only to what is in it", function()
      local function check(value)
         if type(value) ~= "table" then return end
         if value["@id"] then assert(by_id[value["@id"]], value["@id"]) end
         for _, inner in pairs(value) do check(inner) end
      end
      check(document["@graph"])
   end)

   it("says how actions match", function()
      local node = by_id["urn:difkit:asean-dif:action:BSBR.BA.1"]
      assert.are.equal("urn:difkit:asean-dif:action:BSBR.CP.1", node["skos:exactMatch"][1]["@id"])
      assert.are.equal("urn:difkit:asean-dif:topic:broadband-accessibility", node["skos:broader"]["@id"])
   end)
end)

describe("a file", function()
   it("makes no folder that it was not asked to make", function()
      local folder = temporary()
      assert.is_nil(core.write_file(folder .. "/x.txt", "x"))
      assert.is_nil(io.open(folder))
      assert(core.write_file(folder .. "/x.txt", "x", true))
      os.execute("rm -r " .. folder)
   end)
end)
