-- Reports: one file that needs nothing else, whose words cannot become code; Markdown; a folder; notes on where data
-- come from. What a browser makes of them is tested in tests/browser.
local difkit = require "difkit"
local core = require "difkit.core"

local db = assert(difkit.open())

local spec = require "tests.support.spec"
local problem, temporary = spec.problem, spec.temporary

local function sample()
   local report = difkit.report {
      title = "State of <the> framework", subtitle = "All of it", db = db, as_of = "2026-01-31",
   }
   local action = db:query("SELECT * FROM action_full WHERE id = 'DIFAP.TF.1'"):one()
   report:heading "Results"
   report:figures {{"Actions", db:actions():count()}, {"Share", 0.5714, "of topics", digits = 2}}
   report:text("Goods come first." .. report:footnote(action))
   report:heading("By area", 3)
   report:table(db:areas():select("id", "title"), {title = "Areas", labels = {title = "Title"}})
   report:chart(difkit.chart.bars(db:from("action"):group("document_id"):count "actions", {title = "Actions"}))
   report:heading "Results"
   report:heading "Notes on method"
   return report
end

describe("a report as HTML", function()
   local html = sample():html()

   it("has the same bytes twice", function() assert.are.equal(html, sample():html()) end)

   it("asks the network for nothing, and allows only its own style and script", function()
      assert.is_nil(html:find 'src="http' or html:find "url%(http" or html:find "@import")
      local policy = html:match 'http%-equiv="Content%-Security%-Policy" content="([^"]*)"'
      assert.is_truthy(policy:find("default-src 'none'", 1, true))
      assert.is_nil(policy:find "unsafe")
      local style, script = html:match "<style>(.-)</style>", html:match "<script>(.-)</script>"
      local function digest(text)
         local pipe = assert(io.popen("printf %s " .. core.digest(text) .. " | xxd -r -p | base64", "r"))
         local found = pipe:read "l"
         pipe:close()
         return found
      end
      if os.execute "command -v xxd >/dev/null 2>&1" then
         assert.is_truthy(policy:find("style-src 'sha256-" .. digest(style) .. "'", 1, true))
         assert.is_truthy(policy:find("script-src 'sha256-" .. digest(script) .. "'", 1, true))
      end
      assert.is_nil(html:find " style=" or html:find " on%a+=")
   end)

   it("gives headings a name each, and a table of contents", function()
      assert.is_truthy(html:find('<h2 id="results">', 1, true))
      assert.is_truthy(html:find('<h2 id="results-2">', 1, true))
      assert.is_truthy(html:find('<a href="#results-2">', 1, true))
      local seen = {}
      for id in html:gmatch ' id="([^"]*)"' do
         assert(not seen[id], "two elements are called " .. id)
         seen[id] = true
      end
      for target in html:gmatch 'href="#([^"]*)"' do assert(seen[target], "nothing is called " .. target) end
   end)

   it("says where data come from, with the words, the document and the line of the source", function()
      local line = db:query("SELECT line FROM action WHERE id = 'DIFAP.TF.1'"):value()
      local note = html:match '<li id="note%-1" data%-id="DIFAP.TF.1">(.-)</li>'
      assert.is_truthy(note:find("Ratify the ASEAN Trade in Goods Agreement", 1, true))
      assert.is_truthy(note:find("source line " .. line, 1, true))
      assert.is_truthy(note:find "difap%.yaml:%d+")
   end)

   it("puts ids on rows, numbers at the right, and the exact number beside the shown one", function()
      assert.is_truthy(html:find('<tr data-id="PA1">', 1, true))
      local shown = difkit.report("x"):table(difkit.table({"id", "v"}, {{"a", 1 / 3}})):html()
      assert.is_truthy(shown:find('<td class="n" data-v="0.3333333333333333">0.3333</td>', 1, true))
   end)

   it("speaks of the date and the data that it was given, and of no clock", function()
      assert.is_truthy(html:find("As of 2026-01-31.", 1, true))
      assert.is_truthy(html:find("ASEAN Digital Integration Framework, version 1.0.0, digest %x+"))
      assert.is_nil(sample():html():find(os.date "%H:%M:%S", 1, true))
   end)
end)

describe("a page of a report", function()
   it("goes from right to left in a language that does", function()
      assert.is_truthy(difkit.report {title = "x", language = "ar"}:html():find('<html lang="ar" dir="rtl">', 1, true))
      assert.is_truthy(difkit.report {title = "x", language = "th"}:html():find('<html lang="th">', 1, true))
   end)

   it("puts a table that is wider than the paper on paper that lies, and prints a very wide one small", function()
      local function of(count)
         local names, row = {}, {}
         for i = 1, count do names[i], row[i] = "column_" .. i, i * 1000.5 end
         return difkit.report "x":table(difkit.table(names, {row})):html():match '<figure id="table%-1"([^>]*)>'
      end
      assert.are.same({"", ' class="wide"', ' class="wide small"'}, {of(4), of(11), of(18)})
      assert.is_truthy(difkit.report {title = "x", paper = "Letter"}:html():find("@page wide{size:Letter landscape}", 1,
         true))
   end)

   it("breaks words that no line could hold", function()
      local html = difkit.report "x":table(difkit.table({"a"}, {{("x"):rep(300)}, {"short"}})):html()
      assert.is_truthy(html:find('<td class="w">xxx', 1, true))
      assert.is_truthy(html:find('<td class="t">short</td>', 1, true))
   end)

   it("cannot be left by its title, which stands in the style of printed pages", function()
      local html = difkit.report '"}</style><script>x':html()
      assert.are.equal(1, select(2, html:gsub("<script", "")))
      assert.is_truthy(html:find('@bottom-left{content:"\\22 \\7d \\3c \\2f style', 1, true))
   end)
end)

describe("what others have written", function()
   local evil = {
      '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "</style><script>alert(1)</script>",
      "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))",
      "![x](http://a.example/x.png)",
      "[x](data:text/html,<script>alert(1)</script>)", "<a href='javascript:alert(1)'>x</a>", "[x](//a.example/y)",
      "[x]: javascript:alert(1)\n\n[x]", "<javascript:alert(1)>", "[^1]", "\0\1\2", "\255\254",
   }

   it("stays text wherever it stands", function()
      for _, words in ipairs(evil) do
         local t = difkit.table({"id", "text"}, {{words, words}})
         t.title, t.note, t.source = words, words, words
         local report = difkit.report {title = words, subtitle = words}
         report:heading(words):text(words):table(t):figures {{words, words, words}}
         report:footnote(words)
         local chart = difkit.chart.bars(difkit.table({words .. "a", "n"}, {{words, 1}}), {title = words})
         report:chart(chart, {caption = words})
         local html = report:html()
         assert.are.equal(1, select(2, html:gsub("<script", "")), words)
         for tag in html:gmatch "<[^>]+>" do
            local bare = tag:gsub('"[^"]*"', '""')
            assert.is_nil(bare:lower():match "%son%a+%s*=", tag)
            assert.is_nil(tag:lower():match "^<a[^>]*javascript", tag)
            assert.is_nil(tag:lower():match "^<a[^>]*data:", tag)
            assert.is_nil(tag:match "^<img", tag)
            assert.is_nil(tag:match 'href="//', tag)
         end
         assert.is_true(core.valid_utf8(html))
      end
   end)

   it("keeps the links that lead to the web, to mail or within the page", function()
      local html = difkit.report("x"):text("[a](https://asean.org/a) [b](#b) [c](mailto:a@b.org) [d](d.html)"):html()
      for _, address in ipairs {"https://asean.org/a", "#b", "mailto:a@b.org", "d.html"} do
         assert.is_truthy(html:find('<a href="' .. address .. '">', 1, true), address)
      end
   end)
end)

describe("a report as Markdown", function()
   it("shows titles, headings, figures and notes as they are", function()
      local report = difkit.report {title = "T\n\n# injected", subtitle = "a*b"}
      report:heading "x\n<script>"
      report:figures {{"a|b](javascript:x)", "<img src=x onerror=alert(1)>", "*n*"}}
      local text = report:markdown()
      assert.is_truthy(text:find("# T # injected\n\n*a\\*b*\n\n", 1, true))
      assert.is_truthy(text:find("# x \\<script\\>\n", 1, true))
      assert.is_truthy(text:find("- a\\|b\\](javascript:x): **\\<img src=x onerror=alert(1)\\>** (\\*n\\*)\n", 1, true))
   end)

   it("has the same parts", function()
      local text = sample():markdown()
      for _, part in ipairs {"# State of \\<the\\> framework", "## Results", "### By area", "- Actions: **244**",
         "- Share: **0.57** (of topics)", "| PA1 | Facilitating Seamless Trade |", "](chart-1.svg)",
         "Goods come first.[^1]", "[^1]: DIFAP.TF.1: “Ratify"} do
         assert(text:find(part, 1, true), part .. "\n" .. text)
      end
   end)

   it("is written with its charts beside it", function()
      local path = temporary ".md"
      assert(sample():write(path))
      local base = path:match "([^/]+)%.md$"
      local text = assert(core.read_file(path))
      assert.is_truthy(text:find("](" .. base .. "-chart-1.svg)", 1, true))
      assert.is_truthy(core.read_file((path:gsub("%.md$", "-chart-1.svg"))):find "^<svg")
      os.remove(path)
      os.remove((path:gsub("%.md$", "-chart-1.svg")))
   end)
end)

describe("a report as a folder", function()
   it("holds the page, the Markdown, the charts and the tables", function()
      local folder = temporary()
      assert(sample():write(folder))
      for _, name in ipairs {"index.html", "report.md", "chart-1.svg", "table-1.csv"} do
         assert(core.read_file(folder .. "/" .. name), name)
      end
      assert.are.equal(6, #difkit.table.read_csv(folder .. "/table-1.csv"))
      os.execute("rm -r " .. folder)
   end)
end)

describe("a table as HTML", function()
   it("is a page of its own", function()
      local path = temporary ".html"
      local t = db:areas():select("id", "title"):table()
      t.title = "Areas"
      assert(t:write(path))
      local html = assert(core.read_file(path))
      assert.is_truthy(html:find("<title>Areas</title>", 1, true))
      assert.are.equal(7, select(2, html:gsub("<tr", "")))
      os.remove(path)
   end)
end)

describe("mistakes in a report", function()
   it("are named", function()
      local report = difkit.report "x"
      assert.are.equal("report:heading: level is 1", (problem(report.heading, report, "a", 1)))
      assert.are.equal("report:table: cannot show 3", (problem(report.table, report, 3)))
      assert.are.equal('report:chart: cannot show text "a"', (problem(report.chart, report, "a")))
      assert.are.equal("report:figures: figure 1 has no label", (problem(report.figures, report, {{}})))
      assert.are.equal('difkit.report: unknown option "titel"', (problem(difkit.report, {titel = "x"})))
      assert.are.equal('report:write: unknown format ".odt"', (problem(report.write, report, "x.odt")))
   end)
end)

describe("style sheets and scripts of pages", function()
   local asset = require "difkit.report.asset"
   local has_node = os.execute "command -v node >/dev/null 2>&1"

   it("are files that say what they are for, which pages do without", function()
      local listing = assert(io.popen "ls scripts/difkit/report/assets")
      local count = 0
      for name in listing:lines() do
         count = count + 1
         local file = assert(io.open("scripts/difkit/report/assets/" .. name, "rb"))
         local text = file:read "a"
         file:close()
         assert.truthy(text:find "^/%* %u.-%. %*/\n", name)
         assert.are.equal(text:gsub("^/%*.-%*/\n", ""), asset(name))
         local _, opened = asset(name):gsub("{", "")
         local _, closed = asset(name):gsub("}", "")
         assert.are.equal(opened, closed, name)
         if name:find "%.js$" and has_node then
            assert.is_true(os.execute("node --check scripts/difkit/report/assets/" .. name), name)
         end
      end
      listing:close()
      assert.are.equal(4, count)
      assert.truthy(sample():html():find(asset "report.css", 1, true))
      assert.truthy(sample():html():find(asset "report.js", 1, true))
   end)
end)

describe("a report of hostile data as Markdown", function()
   it("shows the HTML of its data", function()
      local report = difkit.report{title = "T <b>\n# x", subtitle = "<i>"}
      local mark = report:footnote "<u>n</u>"
      report:heading("<s>" .. mark)
      report:text "<script>1</script> \\<em> \\\\<img> <https://a.b> <!-- 1 < 2"
      report:figures{{"a](javascript:x)", "<p>", note = "<q>"}}
      local bars = difkit.chart.bars(difkit.table({"a", "n"}, {{"<tt>", 1}}), {value = "n", label = "a"})
      report:chart(bars, {caption = "<var>"})
      local text = report:markdown()
      assert.truthy(text:find("# T \\<b\\> # x\n\n*\\<i\\>*", 1, true), text)
      assert.truthy(text:find("## \\<s\\>" .. mark, 1, true), text)
      local shown = "&lt;script>1&lt;/script> \\<em> \\\\&lt;img> <https://a.b> &lt;!-- 1 < 2"
      assert.truthy(text:find(shown, 1, true), text)
      assert.truthy(text:find("- a\\](javascript:x): **\\<p\\>** (\\<q\\>)", 1, true), text)
      for _, tag in ipairs {"b", "i", "s", "u", "script", "img", "p", "q", "tt", "var", "!"} do
         assert.is_nil(text:gsub("\\<", ""):find("<" .. tag .. "%f[^%a!]"), tag)
      end
   end)
end)

describe("a page", function()
   local t = difkit.table({"topic", "n"}, {{"b", 2}, {"a", 4}})

   it("has the row of totals last, and marked, whatever the order of the others", function()
      local page = difkit.report "x":table(t:total_row()):html()
      assert.truthy(page:find('<tr><td>b</td>', 1, true))
      local last = '<tr class="total"><td>Total</td><td class="n" data-v="6">6</td></tr>\n</tbody>'
      assert.truthy(page:find(last, 1, true))
      assert.is_nil(difkit.report "x":table(t):html():find('class="total"', 1, true))
      -- A row that only happens to be called so is none.
      local alike = difkit.table({"topic", "n"}, {{"Total", 1}, {"a", 4}})
      assert.is_nil(difkit.report "x":table(alike):html():find('class="total"', 1, true))
      assert.equal(1, select(2, difkit.report "x":table(t:total_row():derive("m", function(r) return r.n end)):html()
         :gsub('class="total"', "")))
   end)

   it("says the digest of its data and a date", function()
      local digest = db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
      local page = difkit.report{title = "x", db = db}:html()
      assert.truthy(page:find("digest " .. digest:sub(1, 16), 1, true))
      assert.truthy(page:find(("Made with difkit %s on %s."):format(core.version, difkit.today()), 1, true))
      assert.truthy(difkit.report{title = "x", as_of = "2025-06-30"}:html():find("on 2025-06-30.", 1, true))
   end)

   it("is printed in parts with the first column in each where no page is wide enough", function()
      local names, row = {"unit"}, {"Viet Nam"}
      for i = 2, 60 do names[i], row[i] = "column_" .. i, i * 100000.5 end
      local page = difkit.report "x":table(difkit.table(names, {row})):html()
      local parts = 0
      for part in page:gmatch '<table class="part".-</table>' do
         parts = parts + 1
         assert.truthy(part:find("<th>unit</th>", 1, true) and part:find("<td>Viet Nam</td>", 1, true))
      end
      assert.is_true(parts > 2)
      for i = 2, 60 do
         assert.equal(2, select(2, page:gsub(">column_" .. i .. "</th>", "")), i) -- on the screen, and on one page
      end
      assert.is_nil(difkit.report "x":table(t):html():find('class="part"', 1, true))
   end)

   it("is in the words of a file that is filled in and signed, and refuses any other", function()
      local words = require "difkit.report.words"
      local path = temporary ".yaml"
      local function write(text)
         local file = assert(io.open(path, "wb"))
         file:write(text)
         file:close()
      end
      local function with() return difkit.report{title = "T", language = "fr", words = path} end
      local template = words.template "fr"
      write(template)
      assert.matches("not reviewed: reviewed_by is empty", (problem(with)), 1, true)
      local signed = template:gsub("reviewed_by:[^\n]*", "reviewed_by: A. Person, Office"):gsub("reviewed_on:[^\n]*",
         "reviewed_on: 2026-03-31")
      write(signed)
      assert.matches('the word "contents" is missing', (problem(with)), 1, true)
      local full = signed
      for _, pair in ipairs(words.english) do
         full = full:gsub("  " .. pair[1] .. ":[^\n]*", ('  %s: "X%s"'):format(pair[1], pair[2]:gsub("%%", "%%%%")))
      end
      write((full:gsub("X%%s of %%s rows", "X%%s rows")))
      assert.matches('the word "rows" needs %s 2 times', (problem(with)), 1, true)
      write(full)
      local page = with():table(difkit.table({"a"}, {}), {title = false}):html()
      for _, said in ipairs {"XNo rows.", 'aria-label="XTable 1"', 'data-filter="XFilter"', "XMade with difkit",
         'lang="fr"'} do
         assert.truthy(page:find(said, 1, true), said)
      end
      assert.matches('words of the language "fr", on a page in en', problem(function()
         return difkit.report{title = "T", words = path}
      end), 1, true)
      os.remove(path)
   end)
end)
