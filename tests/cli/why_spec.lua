--- difkit why and difkit verify: from a published cell back to the words of the source, and whether a page still holds.
local support = dofile "tests/cli/support.lua"
local run, read, write = support.run, support.read, support.write

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

--- A script of many ways to put a figure on a page.
local script = [==[
--- Figures of many kinds.
---@script figures
---@option topic text=cybersecurity  A topic.
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())
local report = difkit.report{title = "Figures", db = db, as_of = difkit.today()}
local counts = db:from "action_full":group("topic", "document"):count "n"
   :pivot("topic", "document", "n", {fill = 0, complete = true})
report:table(counts:where{topic = options.topic}:total_column())
report:table(db:query "SELECT document_id, count(*) AS n FROM action GROUP BY document_id ORDER BY 1")
local rows = {}
for document in db:documents() do
   rows[#rows + 1] = {document.short_title, #db:actions{document = document.id}:table():where("line", ">", 1500)}
end
report:table(difkit.table({"document", "late lines"}, rows))
local egdi = difkit.index{
   id = "egdi", units = "ASEAN", period = 2022, normalise = "none", children = {"osi", "tii", "hci"},
}
report:table(egdi:compute(db):ranks():rename{score = "EGDI"}:sort "unit")
report:chart(difkit.chart.bars(db:from("action"):group("document_id"):count "actions", {title = "Actions"}))
report:figures{{"topics", db:topics():count()}}
report:text("Read it." .. report:footnote(db:action "DIFAP.TF.1"))
print "printed once, and not again"
assert(report:write "figures.html")
assert(difkit.export.workbook("figures.xlsx", {{"Counts", counts}, {"Areas", db:areas()}}))
]==]

setup(function()
   write(folder .. "/figures.lua", script)
   local result = run("run", folder .. "/figures.lua", "--out", folder,
      {environment = "SOURCE_DATE_EPOCH=1767225600"})
   assert.equal("", result.err)
end)

--- What why says of a cell, without the folder.
local function why(cell, file, ...)
   local result = run("why", folder .. "/" .. (file or "figures.html"), cell, ...)
   assert.equal("", result.err)
   assert.equal(0, result.status)
   assert.is_nil(result.out:find("printed once", 1, true))
   return (result.out:gsub(folder .. "/", ""))
end

local function has(text, ...)
   for _, words in ipairs {...} do assert.truthy(text:find(words, 1, true), words .. "\nin\n" .. text) end
end

describe("why", function()
   it("leads from a cell of a pivot to the actions that it counts", function()
      local text = why "table-1/cybersecurity/BSBR"
      has(text, "column “BSBR”: 2", "pivot(", "line 8", "FROM \"action_full\"", "BSBR.CS.1  bsbr.yaml:",
         "source line ")
      assert.is_nil(text:find("BSBR.TF", 1, true))
      local count = select(2, why("table-1/cybersecurity/DIFAP"):gsub("DIFAP%.CS%.%d+  difap%.yaml:", ""))
      assert.equal(tonumber(run("sql", "SELECT count(*) FROM action WHERE topic_id = 'cybersecurity' AND "
         .. "document_id = 'DIFAP'", "--format", "csv").out:match "\n(%d+)"), count)
   end)

   it("shows the question of a figure from SQL", function()
      has(why "table-2/ACRF/n", "column “n”: 63", "question to the data (line 11)",
         "SELECT document_id, count(*) AS n FROM action GROUP BY document_id ORDER BY 1", "ACRF  acrf.yaml:")
   end)

   it("finds what a script counted by itself", function()
      local text = why "table-3/BSB Roadmap/late lines"
      local count = tonumber(run("sql", "SELECT count(*) FROM action WHERE document_id = 'BSBR' AND line > 1500",
         "--format", "csv").out:match "\n(%d+)")
      has(text, ("column “late lines”: %d"):format(count), "with \"BSBR\"",
         "the figure is the number of rows of the table made in line 14")
      assert.equal(count, select(2, text:gsub("BSBR%.%u%u%.%d+  bsbr%.yaml:", "")))
   end)

   it("takes a score apart down to its observations", function()
      has(why "table-4/VNM/EGDI", "column “EGDI”: 0.6787", "rename(", "Online Service Index",
         "osi VNM 2022: 0.6484  (egdi.csv:", "VNM  framework.yaml:")
   end)

   it("explains charts, key figures, notes and single actions", function()
      has(why "chart-1", "“Actions”", "from 244 rows of the data")
      has(why "figure-1", "“topics”: 21", "line 22", "from 21 rows")
      has(why "note-1", "DIFAP.TF.1  difap.yaml:", "Ratify the ASEAN Trade in Goods Agreement (ATIGA).")
      has(why "#BSBR.CS.1", "BSBR.CS.1  bsbr.yaml:")
   end)

   it("takes an address, and places as spreadsheets name them", function()
      local result = run("why", folder .. "/figures.html#table-2/ACRF/n")
      has(result.out, "column “n”: 63")
      has(why("Areas!D3", "figures.xlsx"), "Areas!D3", "row “PA2”", "PA2  framework.yaml:")
      has(why("Counts/cybersecurity/BSBR", "figures.xlsx"), "BSBR.CS.1  bsbr.yaml:")
      assert.equal(0, run("run", "coverage", "-o", folder .. "/coverage.csv").status)
      has(why("B2", "coverage.csv", "--script", "coverage"), "row “Trade Facilitation”, column “DIFAP”: 6",
         "DIFAP.TF.6  difap.yaml:")
   end)

   it("follows what a script returns at its end", function()
      write(folder .. "/q.lua", 'local difkit = require "difkit"\nreturn difkit.open():from("action"):group'
         .. '("document_id"):count "n"\n')
      assert.equal(0, run("run", folder .. "/q.lua", "-o", folder .. "/q.html").status)
      has(why("table-1/BSBR/n", "q.html"), "it begins in line 2", "from 22 rows of the data", "BSBR.BA.1  bsbr.yaml:")
      assert.equal(0, run("run", "-e", 'return difkit.open():query("SELECT count(*) AS n FROM topic")', "-o",
         folder .. "/e.xlsx").status)
      has(why("Data!A2", "e.xlsx"), "question to the data (line 1)", "SELECT count(*) AS n FROM topic")
   end)

   it("leads back through columns that became rows", function()
      write(folder .. "/long.lua", [[
local difkit = require "difkit"
local counts = difkit.open():from "action_full":group("topic", "document"):count "n"
   :pivot("topic", "document", "n", {fill = 0})
return counts:unpivot("topic", "document", "actions"):where("actions", ">", 0)
]])
      assert.equal(0, run("run", folder .. "/long.lua", "-o", folder .. "/long.csv").status)
      local place, number = 1, nil
      for line in io.lines(folder .. "/long.csv") do
         number = number or line:match "^cybersecurity,ADM2025,(%d+)$"
         if number then break end
         place = place + 1
      end
      local text = why("C" .. place, "long.csv", "--script", folder .. "/long.lua")
      has(text, "column “actions”: " .. number, 'unpivot("topic", "document", "actions")', "line 4",
         "FROM \"action_full\"")
      assert.equal(tonumber(number), select(2, text:gsub("ADM2025%.CS%.%d+  adm2025%.yaml:", "")))
      assert.equal(0, select(2, text:gsub("DIFAP%.CS", "")))
      assert.equal(tonumber(number), tonumber(run("sql", "SELECT count(*) FROM action WHERE topic_id = 'cybersecurity' "
         .. "AND document_id = 'ADM2025'", "--format", "csv").out:match "\n(%d+)"))
   end)

   it("answers programs as JSON", function()
      local answer = require("difkit.format.json").decode(why("table-1/cybersecurity/BSBR", nil, "--json"))
      assert.equal("2", answer.said)
      assert.equal("2", answer.now)
      assert.equal("BSBR.CS.1", answer.records[1].id)
      assert.equal("figures", answer.script)
   end)

   it("says what is wrong with a cell or a file", function()
      local function fails(status, words, ...)
         local result = run("why", ...)
         assert.equal(status, result.status)
         has(result.err, words)
      end
      local page = folder .. "/figures.html"
      fails(2, 'there is no part "table-9"; did you mean "table-1"?', page, "table-9")
      fails(2, 'table-2 has no row "BSBS"; did you mean "BSBR"?', page, "table-2/BSBS/n")
      fails(2, 'table-2 has no column "m"; did you mean "n"?', page, "table-2/BSBR/m")
      fails(2, "which cell", page)
      fails(2, "does not say how it was made; name the script that wrote it: --script", folder .. "/coverage.csv", "B2")
      fails(5, "cannot read", folder .. "/none.html", "table-1")
      write(folder .. "/broken.xlsx", "PK no workbook")
      fails(5, "is not a workbook", folder .. "/broken.xlsx", "A1")
   end)
end)

describe("verify", function()
   local function verify(name, ...)
      local result = run("verify", folder .. "/" .. name, ...)
      result.out = result.out:gsub(folder .. "/", "")
      return result
   end

   it("says that a page and a workbook hold", function()
      local page = verify "figures.html"
      assert.equal("", page.err)
      has(page.out, "figures.html holds: ", "none differs (made by figures for 2026-01-01; same data)")
      assert.equal(0, page.status)
      assert.equal(0, verify("figures.xlsx").status)
   end)

   it("holds a workbook and rows of CSV whose table has a title, which stands in neither", function()
      for _, name in ipairs {"progress.xlsx", "progress.csv", "progress.html"} do
         assert.equal("", run("run", "progress", "--as-of", "2025", "-o", folder .. "/" .. name).err)
         has(verify(name, "--script", "progress", "--", "--as-of", "2025").out, name .. " holds: ", "none differs")
      end
   end)

   it("finds what was changed by hand", function()
      local page = read(folder .. "/figures.html")
      local proof = page:match '<script type="application/json".*$'
      local function with(from, to)
         local body = page:sub(1, #page - #proof)
         local changed, n = body:gsub(from, to, 1)
         assert.equal(1, n)
         write(folder .. "/changed.html", changed .. proof)
         return verify("changed.html", "--script", folder .. "/figures.lua")
      end
      -- The run writes figures.html; the changed copy has to bear that name.
      os.execute(("mkdir -p %s/copy"):format(folder))
      local function differs(words, from, to)
         with(from, to)
         os.execute(("mv %s/changed.html %s/copy/figures.html"):format(folder, folder))
         local result = verify "copy/figures.html"
         assert.equal(1, result.status)
         has(result.out, words, "does not hold")
      end
      differs("table-2/ACRF/n: the file says 64; made again it is 63", 'data%-v="63">63<', 'data-v="64">64<')
      differs("figure-1 (topics): the file says 22; made again it is 21", "<dd>21</dd>", "<dd>22</dd>")
      differs("text-2: the file says Forget it.", "Read it", "Forget it")
      differs("chart-1: the file says a picture", "<svg", "<svg onclick='x'")
      differs("note-1: ", "Ratify the ASEAN", "Reject the ASEAN")
   end)

   it("finds what other data would change, and says that they are others", function()
      write(folder .. "/more.yaml", "document: {id: NEW, framework: asean-dif, title: A new one, adopted: 2024}\n"
         .. "actions:\n  cybersecurity:\n    - {id: NEW.1, number: 1, text: Do it.}\n")
      local result = verify("figures.html", "--with", folder .. "/more.yaml")
      assert.equal(1, result.status)
      has(result.out, "table-2/NEW: the file says no row; made again it is one", "the data are others now")
   end)

   it("runs the script with the options of then, or with those given", function()
      assert.equal(0, run("run", folder .. "/figures.lua", "--out", folder .. "/other", "--topic", "digital-identity",
         {environment = "SOURCE_DATE_EPOCH=1767225600"}).status)
      assert.equal(0, verify("other/figures.html").status)
      local result = verify("other/figures.html", "--", "--topic", "cybersecurity")
      assert.equal(1, result.status)
      has(result.out, "table-1/digital-identity: the file says a row; made again it is none")
   end)

   it("follows a table that a script wrote by itself", function()
      assert.equal(0, run("run", "periodic", "--out", folder .. "/folder", "--file", "report", "--as-of",
         "2026-08-31").status)
      has(why("C2", "folder/report/table-1.csv", "--script", "periodic", "--", "--file", "report"),
         "row “DIF Action Plan”, column “completed”: 0", "no row of the data fits")
      assert.equal(0, verify("folder/report/index.html").status)
   end)

   it("holds the periodic report, which compares with a snapshot and keeps one", function()
      local out = folder .. "/periodic"
      assert.equal(0, run("run", "periodic", "--out", out, "--as-of", "2026-08-31").status)
      support.fails(1, "4 actions are overdue", run("run", "periodic", "--out", out, "--as-of", "2026-09-30",
         "--fail-on", "overdue"))
      local before = support.shell("ls -lR " .. out).out
      assert.equal("", verify("periodic/periodic.html").err)
      assert.equal(0, verify("periodic/periodic.html").status)
      assert.equal(before, support.shell("ls -lR " .. out).out)
   end)

   it("does not run a trusted script untold, and no script outside the sandbox", function()
      write(folder .. "/bold.lua", "--- Bold.\nlocal difkit = require 'difkit'\n"
         .. "os.execute 'touch ran'\nassert(difkit.report{title = 'Bold'}:write 'bold.html')\n")
      local function shell(...) return support.shell(("cd %s && %s"):format(folder, table.concat({...}, " "))) end
      local difkit = support.shell("realpath " .. support.difkit).out:gsub("\n", "")
      assert.equal(0, shell(difkit, "run --trust --out . bold.lua && rm ran").status)
      local untold = shell(difkit, "verify bold.html")
      assert.equal(2, untold.status)
      has(untold.err, "was made by a trusted script, bold; read the script, then add --trust")
      local page = read(folder .. "/bold.html"):gsub('"trust":true', '"trust":false')
      write(folder .. "/bold.html", page)
      support.fails(4, "bold.lua:3: attempt to call a nil value (field 'execute')", shell(difkit, "verify bold.html"))
      assert.is_false(support.exists(folder .. "/ran"))
   end)

   it("knows a stock script that is not the stock script", function()
      assert.equal(0, run("run", "coverage", "-o", folder .. "/coverage.html").status)
      assert.equal(0, verify("coverage.html").status)
      local page = read(folder .. "/coverage.html")
      local forged, n = page:gsub("complete = true", "complete = 1")
      assert.equal(1, n)
      write(folder .. "/coverage.html", forged)
      local result = verify "coverage.html"
      assert.equal(1, result.status)
      has(result.out, "the script: the file says the stock script coverage; made again it is another text")
   end)

   --- A script that reads a file, in a folder of its own, with what it made beside it and elsewhere.
   local function reader(name)
      local own = folder .. "/" .. name
      os.execute(("mkdir -p %s/elsewhere"):format(own))
      write(own .. "/s.lua", 'local difkit = require "difkit"\nreturn assert(difkit.table.read "data.csv")\n')
      write(own .. "/data.csv", "a,b\n1,2\n")
      for _, made in ipairs {"p.html", "p.xlsx", "elsewhere/p.html"} do
         assert.equal("", run("run", own .. "/s.lua", "-o", own .. "/" .. made).err)
      end
      return own
   end
   -- printf 'a,b\n1,2\n' | sha256sum; printf 'a,b\n1,3\n' | sha256sum
   local digest, other = "492d5ea496056f1a", "8baab0330389def9"

   it("makes a page again whose script read a file, which the page names by name and digest", function()
      local own = reader "reads"
      assert.matches('"files":%[{"name":"data.csv","sha256":"' .. digest .. '%x+"}%]', read(own .. "/p.html"))
      for _, made in ipairs {"p.html", "p.xlsx"} do
         has(verify("reads/" .. made).out, "none differs (made by s")
      end
      has(verify("reads/elsewhere/p.html", "--script", own .. "/s.lua").out, "none differs (made by s")
      has(why("table-1/1/b", "reads/p.html"), "the script read data.csv, SHA-256 " .. digest .. "\n")
   end)

   it("says which file is missing, and which is another", function()
      local own = reader "lacks"
      local missing = "p.html was made with the file data.csv (SHA-256 " .. digest .. "), which is not there; "
         .. "put it beside p.html, or name the script in whose folder it is: --script FILE.lua\n"
      local elsewhere = verify "lacks/elsewhere/p.html"
      assert.equal("difkit: " .. own .. "/elsewhere/" .. missing, elsewhere.err)
      assert.equal(5, elsewhere.status)
      write(own .. "/data.csv", "a,b\n1,3\n")
      local changed = verify "lacks/p.html"
      has(changed.out, "table-1/1/b: the file says 2; made again it is 3",
         ("the file data.csv is another now: SHA-256 %s, was %s"):format(other, digest))
      assert.equal(1, changed.status)
      has(why("table-1/1/b", "lacks/p.html"), digest .. ", which is another file now")
      os.remove(own .. "/data.csv")
      for _, command in ipairs {{"verify"}, {"why", "table-1/1/b"}} do
         assert.equal("difkit: " .. own .. "/" .. missing, run(command[1], own .. "/p.html", command[2]).err)
      end
   end)

   it("cannot be done for a page that was made without proof", function()
      assert.equal(0, run("run", "coverage", "-o", folder .. "/bare.html", "--no-proof").status)
      assert.is_nil(read(folder .. "/bare.html"):find("difkit-proof", 1, true))
      local result = verify "bare.html"
      assert.equal(2, result.status)
      has(result.err, "does not say how it was made")
   end)
end)
