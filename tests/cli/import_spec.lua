-- `difkit import` as people call it: the preview, the folder, the database, conflicts, recipes.
local support = dofile "tests/cli/support.lua"

local folder

--- The status and the two outputs of a command run in the folder.
local function sh(command)
   local result = support.shell(("cd %s && %s </dev/null"):format(folder, command))
   return result.status, result.out, result.err
end

local DIFKIT = os.getenv "DIFKIT"

local function import(words) return sh(DIFKIT .. " import " .. words) end

local function write(name, text)
   local file = assert(io.open(folder .. "/" .. name, "wb"))
   file:write(text)
   file:close()
end

local function sql(query, db)
   local _, out = sh(('%s sql "%s" --db %s --format csv'):format(DIFKIT, query, db))
   return out
end

local TABLE = "country,2020,2021\nLao PDR,54.5,62\nViet Nam,70.3,74.2 (p)\nASEAN,66.5,70.7\n"

describe("difkit import", function()
   before_each(function()
      folder = os.tmpname()
      os.remove(folder)
      assert(os.execute("mkdir " .. folder))
      write("internet.csv", TABLE)
   end)
   after_each(function() os.execute("rm -r " .. folder) end)

   it("shows what it would take, and writes nothing", function()
      local status, out = import "internet.csv"
      assert.equal(0, status)
      assert.truthy(out:find("ASEAN: a group of units (1 rows)", 1, true), out)
      assert.truthy(out:find("4 observations: 1 indicators, 2 units, 2020 to 2021; flags P 1", 1, true), out)
      local _, names = sh "ls"
      assert.equal("internet.csv\n", names)
   end)

   it("takes a file for what --as says, of all kinds that there are, or says that it is none", function()
      for _, kind in ipairs {"survey", "csvw", "oscal", "ciso-assistant", "un-goals", "outline", "un-sdg"} do
         local status, _, err = import("internet.csv --as " .. kind)
         assert.equal(1, status)
         assert.truthy(err:find("it is no " .. kind, 1, true), err)
      end
      assert.truthy((select(2, import "internet.csv --as table")):find("a plain table", 1, true))
   end)

   it("tells the shapes of the numbers that it met", function()
      write("shapes.csv", 'country,2020,2021\nLao PDR,"1,234.5",12.8k\nViet Nam,"2,345.6",..\nCambodia,5,6 (p)\n')
      local _, out = import "shapes.csv"
      for _, words in ipairs {"1,234.5 ×2 and alike", "12.8k ×1 and alike", ".. ×1\n", "6 (p) ×1 and alike"} do
         assert.truthy(out:find(words, 1, true), out)
      end
   end)

   it("writes a folder that check accepts and --db reads, with the place of each observation", function()
      local status, out, err = import "internet.csv --out data"
      assert.equal(0, status, err)
      assert.truthy(out:find("wrote data: 4 new", 1, true), out)
      assert.equal(0, (sh(DIFKIT .. " check data")))
      local query = "SELECT unit_id, period, value, flag, name, place FROM observation AS o JOIN source_file AS f "
         .. "ON f.id = source_file_id WHERE indicator_id = 'internet' ORDER BY unit_id, period"
      assert.equal('unit_id,period,value,flag,name,place\n'
         .. 'LAO,2020,54.5,,internet.csv,2:2\nLAO,2021,62.0,,internet.csv,2:3\n'
         .. 'VNM,2020,70.3,,internet.csv,3:2\nVNM,2021,74.2,P,internet.csv,3:3\n', sql(query, "data"))
      local _, sums = sh "sha256sum internet.csv"
      assert.equal("sha256\n" .. sums:match "^%x+" .. "\n", sql("SELECT sha256 FROM source_file", "data"))
   end)

   it("changes no byte when the same file comes again", function()
      import "internet.csv --out data"
      local _, before = sh "cat data/import.yaml data/import.csv"
      local status, out = import "internet.csv --out data"
      local _, after = sh "cat data/import.yaml data/import.csv"
      assert.equal(0, status)
      assert.truthy(out:find("unchanged data: 0 new, 4 the same", 1, true), out)
      assert.equal(before, after)
   end)

   it("stops at other values, keeps or replaces them as it is told", function()
      import "internet.csv --out data"
      write("internet.csv", (TABLE:gsub("54.5", "55.5")))
      local status, _, err = import "internet.csv --out data"
      assert.not_equal(0, status)
      assert.truthy(err:find("LAO internet 2020: 54.5 there, 55.5 in the file", 1, true), err)
      assert.truthy(err:find("--on-conflict", 1, true), err)
      assert.equal(0, (import "internet.csv --out data --on-conflict keep"))
      local query = "SELECT value FROM observation WHERE unit_id = 'LAO' AND period = '2020'"
      assert.equal("value\n54.5\n", sql(query, "data"))
      assert.equal(0, (import "internet.csv --out data --on-conflict replace"))
      assert.equal("value\n55.5\n", sql(query, "data"))
   end)

   it("adds to a database in one transaction, and leaves it byte for byte when nothing is new", function()
      import "internet.csv --out data"
      sh(DIFKIT .. " load data -o some.db")
      write("more.csv", "country,2020\nThailand,77.8\nCambodia,52.7\n")
      local status, out, err = import "more.csv --into some.db --indicator internet"
      assert.equal(0, status, err)
      assert.truthy(out:find("2 new", 1, true), out)
      assert.equal("n\n6\n", sql("SELECT count(*) AS n FROM observation", "some.db"))
      assert.equal("name,place\nmore.csv,2:2\n", sql("SELECT name, place FROM observation AS o JOIN source_file AS f "
         .. "ON f.id = source_file_id WHERE unit_id = 'THA'", "some.db"))
      local _, before = sh "sha256sum some.db"
      assert.equal(0, (import "more.csv --into some.db --indicator internet"))
      local _, after = sh "sha256sum some.db"
      assert.equal(before, after)
   end)

   it("takes nothing of a file with a name that no unit has", function()
      write("internet.csv", TABLE .. "Philipines,1,2\nCambodia,1,2\nThailand,3,4\n")
      local status, _, err = import "internet.csv --out data"
      assert.not_equal(0, status)
      assert.truthy(err:find('"Philipines" is no unit', 1, true), err)
      assert.truthy(err:find("Philippines (PHL)", 1, true), err)
      assert.not_equal(0, (sh "ls data"))
   end)

   it("tells what has drifted from a recipe, with exit status 1", function()
      assert.equal(0, (import "internet.csv --recipe r.yaml"))
      assert.equal(0, (import "internet.csv --recipe r.yaml"))
      write("internet.csv", "country,2021,2022\nLao PDR,62,54000\nThailand,80,81\n")
      local status, out = import "internet.csv --recipe r.yaml"
      assert.equal(1, status)
      for _, words in ipairs {"the unit VNM is gone", "the unit THA is new", "internet runs from 62 to 54000"} do
         assert.truthy(out:find(words, 1, true), out)
      end
   end)

   it("calls indicators in the data what a recipe calls them", function()
      write("net.csv", "country,Internet users (%),Fixed lines,year\nLao PDR,54.5,2,2020\nViet Nam,70.3,4,2020\n")
      write("r.yaml", 'recipe: {version: 1, rename: {"Internet users (%)": internet, Mobile: mobile}}\n')
      local status, out, err = import "net.csv --recipe r.yaml --out data"
      local _
      assert.equal(1, status, err)
      assert.truthy(out:find("the indicator Mobile, which is called mobile, is gone", 1, true), out)
      assert.equal("id,title\nFixed-lines,Fixed lines\ninternet,Internet users (%)\n",
         sql("SELECT id, title FROM indicator ORDER BY id", "data"))
      assert.equal("unit_id,value\nLAO,54.5\nVNM,70.3\n", sql("SELECT unit_id, value FROM observation WHERE "
         .. "indicator_id = 'internet' ORDER BY unit_id", "data"))
      -- Two that become one, with other values, are none.
      write("r.yaml", 'recipe: {version: 1, rename: {"Internet users (%)": net, Fixed lines: net}}\n')
      status, _, err = import "net.csv --recipe r.yaml"
      assert.equal(1, status)
      assert.truthy(err:find("LAO net 2020 is 2 here and 54.5 at line 2, column 2", 1, true), err)
      write("r.yaml", "recipe: {version: 1, rename: [a]}\n")
      status, _, err = import "net.csv --recipe r.yaml"
      assert.equal(1, status)
      assert.truthy(err:find("rename", 1, true), err)
   end)

   it("reports columns that went or came and rows that are missing, and refuses a recipe of a later version", function()
      write("long.csv", "country,sex,year,value\nLao PDR,F,2020,1\nLao PDR,M,2020,2\nViet Nam,F,2020,3\n")
      assert.equal(0, (import "long.csv --recipe r.yaml"))
      assert.equal(0, (import "long.csv --recipe r.yaml"))
      write("long.csv", "country,gender,year,value\nLao PDR,F,2020,1\nViet Nam,F,2020,3\n")
      local status, out = import "long.csv --recipe r.yaml"
      assert.equal(1, status)
      for _, words in ipairs {"the column sex is gone", "the column gender is new",
         "2 observations, and there were 3"} do
         assert.truthy(out:find(words, 1, true), out)
      end
      -- What would be a question is a finding: the file is refused, and nobody is asked.
      write("long.csv", "country,sex,year,value\nLao PDR,F,2011-12,1\nViet Nam,F,2020,3\n")
      local err, _
      status, _, err = import "long.csv --recipe r.yaml"
      assert.equal(1, status)
      assert.truthy(err:find("2011-12", 1, true), err)
      write("r.yaml", "recipe: {version: 2}\n")
      status, _, err = import "long.csv --recipe r.yaml"
      assert.equal(1, status)
      assert.truthy(err:find("newer than this difkit", 1, true), err)
   end)

   it("writes a progress sheet over its framework, and refuses the words that say two things", function()
      write("sheet.csv", "Status as of 30 June 2024,,,\nAction ID,Country,Status,Remarks\n"
         .. "DIFAP.TF.1,Lao PDR,On-going,phase 1\nDIFAP.TF.2,Viet Nam,ongoing (delayed),\n"
         .. "DIFAP.XX.9,Thailand,Done,\nDIFAP.TF.1,Viet Nam,Completed,\n")
      local status, out, err = import "sheet.csv --out progress"
      assert.equal(1, status, err)
      assert.truthy(out:find('"ongoing (delayed)" says two things', 1, true), out)
      assert.truthy(out:find("no action DIFAP.XX.9", 1, true), out)
      assert.truthy(out:find("wrote progress: 2 progress records", 1, true), out)
      local query = "SELECT unit_id, as_of, status, evidence, source FROM progress WHERE source LIKE 'sheet.csv%' "
         .. "ORDER BY unit_id"
      local _, rows = sh(('%s sql "%s" --with progress --format csv'):format(DIFKIT, query))
      assert.equal('unit_id,as_of,status,evidence,source\nLAO,2024-06-30,in_progress,phase 1,"sheet.csv, line 3"\n'
         .. 'VNM,2024-06-30,completed,,"sheet.csv, line 6"\n', rows)
   end)

   it("declares no unit that the data it is for have already", function()
      assert.equal(0, (import("internet.csv --db @bundled --out more")))
      local file = assert(io.open(folder .. "/more/import.yaml"))
      local text = file:read "a"
      file:close()
      assert.is_nil(text:find "LAO")
      assert.equal("n\n4\n", (select(2, sh(DIFKIT .. " sql \"SELECT count(*) AS n FROM observation "
         .. "WHERE indicator_id = 'internet'\" --with more --format csv"))))
   end)

   it("takes a text within gzip, and names its indicator after the file without its endings", function()
      sh "gzip -k internet.csv"
      local status, out, err = import "internet.csv.gz --out data"
      assert.equal(0, status, err)
      assert.truthy(out:find("wrote data: 4 new", 1, true), out)
      assert.equal("n\n4\n", sql("SELECT count(*) AS n FROM observation WHERE indicator_id = 'internet'", "data"))
   end)

   it("takes an office's own words for a status by a recipe, which says what they mean", function()
      write("own.csv", "Action,Country,Status,Date\nDIFAP.TF.1,Lao PDR,Launched,2024-06-30\n"
         .. "DIFAP.TF.2,Lao PDR,Under  Discussion,2024-06-30\nDIFAP.TF.3,Viet Nam,On-going,2024-06-30\n")
      local status, out = import "own.csv"
      assert.equal(1, status)
      assert.matches('line 2, column 3: "Launched" is no status that is known', out, 1, true)
      write("r.yaml", "recipe:\n  version: 1\n  as: progress\n  statuses: {Launched: completed, "
         .. "under discussion: not_started}\n")
      status, out = import "own.csv --recipe r.yaml"
      assert.equal(0, status, out)
      for _, line in ipairs {"LAO%s+DIFAP.TF.1%s+completed", "LAO%s+DIFAP.TF.2%s+not_started",
         "VNM%s+DIFAP.TF.3%s+in_progress"} do
         assert.matches(line, out)
      end
      -- A matrix that holds nothing but such words is known by the recipe.
      write("matrix.csv", "Action,Lao PDR,Viet Nam\nDIFAP.TF.1,Launched,Launched\n")
      assert.matches("2 records of progress", select(2, import "matrix.csv --recipe r.yaml"))
      write("wrong.yaml", "recipe: {version: 1, statuses: {Launched: complete}}\n")
      local _, _, err = import "own.csv --recipe wrong.yaml"
      assert.matches('wrong.yaml: statuses: "Launched" cannot mean "complete"; did you mean "completed"?', err, 1, true)
   end)

   it("follows the decisions about units in a recipe", function()
      write("congo.csv", "country,2020\nCongo,1\nLao PDR,2\nViet Nam,3\n")
      write("r.yaml", "recipe: {version: 1, units: {match: {Congo: COD}, exclude: [Viet Nam]}}\n")
      local _, out, err = import "congo.csv --recipe r.yaml --out data"
      assert.truthy(out:find("wrote data: 2 new", 1, true), out .. err)
      assert.equal("unit_id\nCOD\nLAO\n", sql("SELECT unit_id FROM observation ORDER BY unit_id", "data"))
   end)

   it("decides about names as units.yaml beside the file says, and tells what it lists for nothing", function()
      write("internet.csv", TABLE .. "Lao land,1,2\nWorld Ocean,1,2\nCambodia,1,2\nThailand,3,4\nMalaysia,3,4\n")
      local status, _, err = import "internet.csv --out data"
      assert.not_equal(0, status)
      assert.truthy(err:find("decide it in units.yaml beside the file", 1, true), err)
      write("units.yaml", "matches: {Lao land: BRN, Siam land: THA}\nincludes: [ASEAN, World Ocean]\n"
         .. "excludes: [Malaysia]\n")
      local out
      status, out, err = import "internet.csv --out data"
      assert.equal(0, status, err)
      assert.truthy(out:find("listed and no longer there (1):\n  units.yaml: Siam land (matches)", 1, true), out)
      assert.truthy(out:find("Malaysia: left out as units.yaml says", 1, true), out)
      assert.equal("unit_id\nASEAN\nBRN\nKHM\nLAO\nTHA\nVNM\nWorld-Ocean\n",
         sql("SELECT DISTINCT unit_id FROM observation ORDER BY unit_id", "data"))
      -- A recipe keeps them, and needs the file no more.
      assert.equal(0, (import "internet.csv --recipe r.yaml"))
      sh "mv units.yaml data"
      assert.equal(0, (import "internet.csv --recipe r.yaml --out again"))
      assert.equal("unit_id\nASEAN\nBRN\nKHM\nLAO\nTHA\nVNM\nWorld-Ocean\n",
         sql("SELECT DISTINCT unit_id FROM observation ORDER BY unit_id", "again"))
      sh "mv data/units.yaml ."
      -- In the folder of the data such decisions are none of its records.
      sh "cp units.yaml data"
      assert.equal(0, (sh(DIFKIT .. " check data")))
   end)

   it("finds the units of any framework by their aliases, ids and titles", function()
      sh "mkdir towns"
      write("towns/units.yaml", "units:\n  - {id: T1, title: Upper Town, aliases: [Upper, U-Town]}\n"
         .. "  - {id: T2, title: Lower Town, aliases: [Lower]}\n")
      write("people.csv", "town,2020\nu town,5\nLower Town,6\n")
      local status, out, err = import "people.csv --db towns --out people"
      assert.equal(0, status, err .. out)
      local _, rows = sh(DIFKIT .. " sql 'SELECT unit_id, value FROM observation ORDER BY 1' --db towns --with people "
         .. "--format csv")
      assert.equal("unit_id,value\nT1,5.0\nT2,6.0\n", rows)
      -- The loader matches names by the same aliases and decisions.
      write("towns/o.yaml", "indicators: [{id: n, title: N, direction: 1}]\n"
         .. "observations: {csv: o.csv, indicator: n, units: names}\n")
      write("towns/d.yaml", "matches: {The old place: T2}\nexcludes: [All]\n")
      write("towns/o.csv", "unit,period,value\nUPPER,2020,1\nthe old place,2020,2\nAll,2020,3\n")
      assert.equal("unit_id,value\nT1,1.0\nT2,2.0\n", sql("SELECT unit_id, value FROM observation ORDER BY 1", "towns"))
   end)

   it("writes an outline of 2,600 actions as a framework that check, load and the stock scripts take", function()
      local lines = {"id,title"}
      for a = 1, 20 do
         lines[#lines + 1] = ("%d,Family %d"):format(a, a)
         for t = 1, 10 do
            lines[#lines + 1] = ("%d.%d,Topic %d of family %d"):format(a, t, t, a)
            for k = 1, 13 do lines[#lines + 1] = ("%d.%d.%d,Review access %d times a year"):format(a, t, k, a * k) end
         end
      end
      write("outline.csv", table.concat(lines, "\n") .. "\n")
      local _
      local status, out, err = import "outline.csv --out frame"
      assert.equal(0, status, err)
      assert.truthy(out:find("wrote frame: the framework outline: 20 areas, 200 topics, 2600 actions", 1, true), out)
      assert.equal(0, (sh(DIFKIT .. " check frame")))
      assert.truthy((select(2, import "outline.csv --out frame")):find("unchanged frame", 1, true))
      assert.equal(0, (sh(DIFKIT .. " load frame -o frame.db")))
      status, _, err = sh(DIFKIT .. " run explorer --db frame.db --out pages")
      assert.equal(0, status, err)
      local size = select(2, sh "wc -c < pages/explorer.html")
      assert.is_true(tonumber(size) < 1000000, size)
      status, _, err = sh(DIFKIT .. " run coverage --db frame.db")
      assert.equal(0, status, err)
   end)

   it("leads difkit why back to the cell of the workbook", function()
      local xlsx = require "tests.support.xlsx"
      write("net.xlsx", xlsx{{name = "Data", rows = {{"Country", 2020, 2021}, {"Lao PDR", 54.5, 62},
         {"Viet Nam", 70.3, 74.2}}}})
      assert.equal(0, (import "net.xlsx --out data"))
      assert.equal(0, (sh(DIFKIT .. " load data -o some.db")))
      write("s.lua", "local difkit = require 'difkit'\nlocal db = assert(difkit.open())\nlocal t = db:query("
         .. "'SELECT indicator_id, unit_id, period, value FROM observation ORDER BY unit_id, period'):table()\n"
         .. "local r = difkit.report.new 'Net'\nr:table(t)\nassert(r:write 'net.html')\n")
      local status, _, err = sh(DIFKIT .. " run s.lua --db some.db --out out")
      assert.equal(0, status, err)
      local out
      status, out, err = sh(DIFKIT .. " why 'out/net.html#table-1/4/value' --db some.db")
      assert.equal(0, status, err)
      assert.truthy(out:find("net VNM 2021: 74.2  (net.xlsx, Data!C3)", 1, true), out)
      local _, sums = sh "sha256sum net.xlsx"
      assert.truthy(out:find("SHA-256 " .. sums:match "^%x+", 1, true), out)
   end)
end)
