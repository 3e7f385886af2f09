-- Documents and workbooks in the programs of an office: LibreOffice opens them, and what it shows on each page is read
-- back. Slow; where LibreOffice or pdftotext is missing the tests say that they were skipped.
local support = require "tests.cli.support"

local function there(program) return os.execute("command -v " .. program .. " >/dev/null 2>&1") == true end

local ready = there "soffice" and there "pdftotext"

--- The pages of a file as LibreOffice prints it.
local function pages(folder, name)
   assert(support.office(folder, name, "pdf"), "LibreOffice did not open " .. name)
   local command = ("env -u LD_PRELOAD pdftotext -layout %s/%s -"):format(folder, (name:gsub("%.%w+$", ".pdf")))
   local pipe = assert(io.popen(command, "r"))
   local text = pipe:read "a"
   pipe:close()
   local list = {}
   for page in text:gmatch "([^\f]*)\f" do list[#list + 1] = page end
   return list
end

local script = [[
local difkit = require "difkit"
local db = difkit.open()
local report = difkit.report {title = "State of the framework", db = db}
report:heading("Results" .. report:footnote "From the Action Plan.")
report:text "Goods come **first**.\n\n1. one\n2. two"
report:table(db:actions():table():select("id", "document", "text", "line"), {title = "Every action"})
report:chart(difkit.chart.bars(db:from("action"):group("document_id"):count "actions", {title = "Actions"}))
local names, rows = {"unit"}, {}
for i = 2, 16 do names[i] = "column " .. i end
for i = 1, 30 do
   rows[i] = {"Unit " .. i}
   for j = 2, 16 do rows[i][j] = i * j * 1000.5 end
end
report:table(difkit.table(names, rows), {title = "A wide table"})
return report
]]

describe("a document", function()
   if not ready then
      pending "LibreOffice or pdftotext is not installed: documents are not opened"
      return
   end
   local folder = support.folder()
   support.write(folder .. "/s.lua", script)
   local run = support.run("run", folder .. "/s.lua", "-o", folder .. "/x.docx")
   local list = pages(folder, "x.docx")

   it("is written by `difkit run SCRIPT -o FILE.docx`, the report being what the script returns", function()
      assert.are.equal(0, run.status, run.err)
   end)

   it("opens in LibreOffice, with title, heading, list, footnote and caption on its first page", function()
      for _, words in ipairs {"State of the framework", "Results", "Goods come first.", "1.", "From the Action Plan.",
         "Table 1. Every action", "1 / " .. #list} do
         assert.is_truthy(list[1]:find(words, 1, true), words .. "\n" .. list[1])
      end
   end)

   it("repeats the heading of a table on each of its pages, and loses no row", function()
      local whole, heads = table.concat(list, "\n"), 0
      for number, page in ipairs(list) do
         assert.is_truthy(page:find(number .. " / " .. #list, 1, true), "page number of page " .. number)
         if page:find "DIFAP%.%u%u%.%d" or page:find "WPAAEC%.%u%u%.%d" then
            assert.is_truthy(page:find "id%s+document%s+text%s+line", page)
            heads = heads + 1
         end
      end
      assert.is_true(heads > 5)
      assert.are.equal(244, select(2, whole:gsub("%f[%w]%u[%w]+%.%u%u%.%d+", "")))
   end)

   it("shows a wide table in parts, each with its first column", function()
      local whole = table.concat(list, "\n")
      assert.is_true(select(2, whole:gsub("Unit 30", "")) >= 2)
      assert.is_truthy(whole:find("480 240", 1, true) or whole:find("480\u{A0}240", 1, true))
      assert.is_truthy(whole:find("A wide table (continued)", 1, true))
   end)
end)

describe("the framework as a workbook", function()
   if not ready then
      pending "LibreOffice or pdftotext is not installed: no workbook is printed"
      return
   end

   it("prints on under 25 pages in LibreOffice, with its heading on each, and no row cut", function()
      local folder, remove = support.folder()
      finally(remove)
      support.write(folder .. "/book.lua", [[
local difkit = require "difkit"
local db = difkit.open()
assert(difkit.export.workbook("framework.xlsx", {{"Documents", db:documents()}, {"Topics",
   db:from("topic"):select("id", "area_id", "title")}, {"Actions", db:from("action_full"):select("id", "document",
   "topic_title", "number", "text", "line")}}))]])
      assert.are.equal(0, support.run("run", folder .. "/book.lua", "--out", folder).status)
      assert.is_true(support.office(folder, "framework.xlsx", "pdf"))
      local text, count, actions = support.shell("pdftotext -layout " .. folder .. "/framework.pdf -").out, 0, 0
      for page in text:gmatch "([^\f]*)\f" do
         count = count + 1
         local here = select(2, page:gsub("%f[%w]%u[%w]+%.%u%u%.%d+", ""))
         if here > 0 then assert.is_truthy(page:find "id%s+document%s+topic_title", page) end
         actions = actions + here
      end
      assert.are.equal(244, actions)
      assert.is_true(count > 3 and count < 25, count)
      -- The last words of the longest texts are there: their rows are high enough.
      for row in require("difkit").open():query "SELECT text FROM action ORDER BY length(text) DESC LIMIT 5" do
         local last = row.text:match "(%S+)%s*$"
         assert.is_truthy(text:find(last, 1, true), row.text)
      end
   end)
end)
