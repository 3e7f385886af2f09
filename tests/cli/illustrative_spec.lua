--- Invented data keep their label in whatever is made of them: tables, charts, reports, workbooks, files for programs.
local support = dofile "tests/cli/support.lua"
local run, read, write, lines = support.run, support.read, support.write, support.lines

local invented = {"--with", "examples/data/illustrative", "--as-of", "2025-12-31"}
local line = "Illustrative data: invented, for examples. Nobody has reported them."
local folder, remove

before_each(function() folder, remove = support.folder() end)
after_each(function() remove() end)

--- A run with the options of `invented`, or those that the script has of them.
local function made(words, ...)
   local given = {"run", table.unpack(words)}
   table.move({...}, 1, select("#", ...), #given + 1, given)
   local result = run(table.unpack(given))
   assert.equal("", result.err)
   return result.out
end

--- Scripts of stock that count reports or figures, with what they need.
local index = {"--spec", "examples/data/e-payment-readiness.yaml", "--with", "examples/data/illustrative"}
local scripts = {
   {"progress", table.unpack(invented)}, {"progress", "--by", "target", table.unpack(invented)},
   {"progress", "--matrix", "units", table.unpack(invented)}, {"laws", table.unpack(invented)},
   {"laws", "--list", table.unpack(invented)}, {"calendar", table.unpack(invented)},
   {"derived", table.unpack(invented)}, {"survey", "--with", invented[2]},
   {"survey", "--survey", "firms", "--with", invented[2]},
   {"closing", "--document", "DIFAP", "--with", invented[2]}, {"index", table.unpack(index)},
   {"toolkit", "--unit", "VNM", "--spec", "examples/data/personal-data-toolkit.yaml", "--with", invented[2]},
}

describe("what is made of illustrative data says so", function()
   for _, words in ipairs(scripts) do
      it("in `" .. table.concat(words, " ", 1, #words - 2) .. "`, in each format", function()
         for _, format in ipairs {"table", "markdown"} do
            local text = made(words, "--format", format):gsub("%s+", " ")
            assert.truthy(text:find(line, 1, true), format .. text)
         end
         local rows = lines(made(words, "--format", "csv"))
         assert.matches(",kind of data$", rows[1])
         assert.truthy(#rows > 1)
         local objects = made(words, "--format", "ndjson")
         assert.equal(#lines(objects), select(2, objects:gsub('"kind of data":"illustrative"}', "")))
         for _, ending in ipairs {"html", "xlsx", "docx"} do
            made(words, "-o", ("%s/x.%s"):format(folder, ending))
         end
         assert.matches("<strong>" .. line .. "</strong>", read(folder .. "/x.html"), 1, true)
         local parts = support.shell(("cd %s && unzip -p x.xlsx xl/sharedStrings.xml xl/worksheets/*"):format(folder))
         assert.matches(line, parts.out, 1, true)
         assert.matches(line, support.shell(("cd %s && unzip -p x.docx word/document.xml"):format(folder)).out, 1, true)
      end)
   end

   it("in the papers and pages of a round, a month, an index", function()
      write(folder .. "/round.yaml", "rounds: [{id: R, title: R, reference: 2025-12-31}]\n")
      local round = {"--with", folder .. "/round.yaml", "--with", invented[2]}
      assert.matches("**" .. line .. "**", made({"annual", table.unpack(round)}), 1, true)
      assert.matches("**" .. line .. "**", made({"periodic", table.unpack(invented)}), 1, true)
      assert.matches("Illustrative data", made({"completeness", table.unpack(round)}), 1, true)
      made({"publish", "--runs", "10", "--out", folder .. "/site", table.unpack(index)})
      for _, name in ipairs {"index.html", "units/SGP.html", "audit.html", "method.html"} do
         assert.matches(line, read(folder .. "/site/" .. name), 1, true)
      end
      made({"calendar", "--ics", "c.ics", "--out", folder, table.unpack(invented)})
      local days = read(folder .. "/c.ics"):gsub("\r\n ", "")
      assert.equal(select(2, days:gsub("BEGIN:VEVENT", "")), select(2, days:gsub("Illustrative data: invented", "")))
   end)

   it("in charts, workbooks and packages that a script makes", function()
      write(folder .. "/s.lua", [[
local difkit = require "difkit"
local db = assert(difkit.open())
local chart = difkit.chart.bars(db:from("progress"):group("status"):count "n", {subtitle = "By status"})
assert(chart:write "c.svg")
assert(chart:write "c.vl.json")
assert(difkit.export.workbook("w.xlsx", {{"One", db:from "progress"}, {"Two", db:from "topic"}}))
assert(difkit.export.data_package("p", {progress = db:from "progress"}))
assert(db:from("progress"):write "q.csv")
assert(db:from("progress"):write "q.json")
assert(difkit.report("Late"):table(db:from "progress"):write "r")
]])
      made({folder .. "/s.lua", "--out", folder, "--with", invented[2]})
      assert.matches(line, (read(folder .. "/c.svg"):gsub("</tspan>%s*<tspan[^>]*>", " ")), 1, true)
      assert.matches("Illustrative data: invented", read(folder .. "/c.vl.json"), 1, true)
      local about = support.shell(("cd %s && unzip -p w.xlsx xl/sharedStrings.xml xl/worksheets/*"):format(folder)).out
      assert.equal(2, select(2, about:gsub("Illustrative data: invented", "")))
      assert.matches('"description": "' .. line, read(folder .. "/p/datapackage.json"), 1, true)
      assert.matches(",kind of data\n", read(folder .. "/q.csv"), 1, true)
      assert.matches('"kind of data":"illustrative"', read(folder .. "/q.json"), 1, true)
      assert.matches(",kind of data\n", read(folder .. "/r/table-1.csv"), 1, true)
      assert.matches(line, read(folder .. "/r/index.html"), 1, true)
      assert.matches(line, read(folder .. "/r/report.md"), 1, true)
   end)

   it("in what SQL asks for, but for the rows that go to another program as they come", function()
      local function sql(question, ...)
         local result = run("sql", question, "--with", invented[2], ...)
         assert.equal("", result.err)
         return result.out
      end
      local question = "SELECT count(*) AS n FROM progress"
      for _, format in ipairs {"table", "markdown"} do
         assert.matches(line, sql(question, "--format", format), 1, true)
      end
      for _, ending in ipairs {"csv", "html", "json"} do
         local path = folder .. "/q." .. ending
         sql(question, "-o", path)
         assert.truthy(read(path):find("illustrative", 1, true) or read(path):find(line, 1, true), ending)
      end
      assert.equal("n\n137\n", sql(question, "--format", "csv"))
      assert.falsy(sql("SELECT count(*) AS n FROM action", "--format", "table"):find("Illustrative", 1, true))
   end)

   it("and nothing else does: real data, and the words of the framework beside invented reports", function()
      for _, words in ipairs {{"progress", "--as-of", "2025"}, {"index"},
         {"coverage", "--with", invented[2]}, {"survey"}} do
         for _, format in ipairs {"table", "csv"} do
            local text = made(words, "--format", format)
            assert.falsy(text:find("Illustrative data", 1, true) or text:find("kind of data", 1, true), words[1])
         end
      end
   end)

   it("where the framework itself is called so, and where only observations are", function()
      write(folder .. "/f.yaml", [[
framework: {id: f, title: "A plan (illustrative)"}
areas: [{id: A, title: A, topics: [{id: t, title: T}]}]
document: {id: D, title: D}
actions: {t: [{id: D.1, text: "Do it by 2021."}]}
]])
      assert.matches(line, made({"progress", "--db", folder .. "/f.yaml", "--as-of", "2025"}):gsub("%s+", " "), 1, true)
      write(folder .. "/o.yaml", "observations: [{indicator: osi, unit: BRN, period: 1990, value: 0.5, "
         .. "source: illustrative}]\n")
      assert.matches(line, made({"index", "--with", folder .. "/o.yaml"}):gsub(
         "%s+", " "), 1, true)
   end)
end)
