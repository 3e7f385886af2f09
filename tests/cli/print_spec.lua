-- Reports as PDF: printed by a program of the system when the run is over, with scripts and network off, and published
-- as every file is. With a program of the test's own where it is about what happens around the printing, with Chromium
-- where it is about the pages; where that or pdftotext is missing the tests say that they were skipped.
local support = require "tests.cli.support"

local function there(program) return os.execute("command -v " .. program .. " >/dev/null 2>&1") == true end

local folder, remove = support.folder()
teardown(remove)
local path = folder .. "/s.lua"

--- A program that prints: a shell script that finds where the PDF goes in "$pdf", and the page in "$page".
local function printer(body)
   local name = folder .. "/printer"
   support.write(name, "#!/bin/sh\nfor word; do case $word in --print-to-pdf=*) pdf=${word#*=};; "
      .. "file://*) page=${word#file://};; --user-data-dir=*) profile=${word#*=};; esac; done\n" .. body .. "\n")
   assert(os.execute("chmod +x " .. name))
   return "DIFKIT_PRINTER=" .. name
end

local function run(text, environment, ...)
   support.write(path, text)
   local words = table.pack("run", path, ...)
   words[#words + 1] = {environment = environment}
   return support.run(table.unpack(words))
end

local hello = 'local report = require "difkit".report "Hello"\nassert(report:write "x.pdf")\n'

describe("a report as PDF", function()
   local out = folder .. "/out"
   before_each(function() os.execute("rm -rf " .. out) end)

   it("is printed from the finished page when the run is over, and stands below --out", function()
      local result = run(hello .. "print(io == nil)", printer [[printf '%%PDF-1.4 ' >"$pdf"; cat "$page" >>"$pdf"]],
         "--out", out)
      assert.are.same({0, ""}, {result.status, result.err})
      assert.is_truthy(support.read(out .. "/x.pdf"):find("%PDF-1.4 <!doctype html>", 1, true))
   end)

   it("is written where -o says", function()
      local result = run('return require "difkit".report "Hello"', printer [[printf '%%PDF-1.4' >"$pdf"]], "-o",
         folder .. "/named.pdf")
      assert.are.same({0, ""}, {result.status, result.err})
      assert.are.equal("%PDF-1.4", support.read(folder .. "/named.pdf"))
   end)

   it("is printed by fixed arguments, with scripts and network off, in a place of its own", function()
      run(hello, printer [[printf '%%PDF-1.4 ' >"$pdf"
         { for word; do echo "$word"; done; cat "$profile/Default/Preferences"; env; } >>"$pdf"]], "--out", out)
      local shown = support.read(out .. "/x.pdf")
      for _, word in ipairs {'"javascript":2', "--host-resolver-rules=MAP * ~NOTFOUND",
         "--proxy-server=http://127.0.0.1:9", "--headless"} do
         assert.is_truthy(shown:find(word, 1, true), word .. "\n" .. shown)
      end
      assert.is_nil(shown:find("DIFKIT", 1, true))
      assert.is_falsy(support.exists((shown:match "%-%-user%-data%-dir=([^\n]+)")))
   end)

   it("takes the clock out of the file", function()
      run(hello, printer [[d="(D:20261125110000+00)"
         printf '%%PDF-1.4 /CreationDate %s/ModDate %s' "$d" "$d" >"$pdf"]], "--out", out)
      assert.are.equal("%PDF-1.4 /CreationDate (D:20000101000000+00)/ModDate (D:20000101000000+00)",
         support.read(out .. "/x.pdf"))
   end)

   it("is not there when the run fails, and the program is not started", function()
      local result = run(hello .. 'error "no"', printer("touch " .. folder .. "/started"), "--out", out)
      assert.are.equal(4, result.status)
      assert.is_falsy(support.exists(out .. "/x.pdf"))
      assert.is_falsy(support.exists(folder .. "/started"))
   end)

   it("is refused with advice where there is no program, and when that fails", function()
      local result = run(hello, "DIFKIT_PRINTER=", "--out", out)
      assert.are.equal(5, result.status)
      assert.is_truthy(result.err:find("cannot print PDF: neither Chromium nor WeasyPrint is installed; install "
         .. "one of them (Debian: chromium, weasyprint), or write .docx or .html", 1, true), result.err)
      for body, message in pairs {["exit 3"] = "failed (status 3)", ["exit 0"] = "wrote no file",
         ['echo hello >"$pdf"'] = "wrote something else"} do
         result = run(hello, printer(body), "--out", out)
         assert.are.equal(5, result.status)
         assert.is_truthy(result.err:find(message, 1, true), result.err)
         assert.is_falsy(support.exists(out .. "/x.pdf"))
      end
   end)

   it("goes nowhere but below --out, and nowhere without it", function()
      local works = printer [[printf '%%PDF-1.4' >"$pdf"]]
      local result = run('print(select(2, require "difkit".report "x":write "../x.pdf"))', works, "--out", out)
      assert.is_truthy(result.out:find("a script writes only below the folder of --out", 1, true))
      result = run('print(select(2, require "difkit".report "x":write "x.pdf"))', works)
      assert.is_truthy(result.out:find("this run writes no files", 1, true))
      result = run(hello, works, "--out", out, "--dry-run")
      assert.is_truthy(result.out:find("would write " .. out .. "/x.pdf", 1, true))
      assert.is_falsy(support.exists(out .. "/x.pdf"))
   end)
end)

describe("a page printed by Chromium", function()
   if not (there "chromium" and there "pdftotext") then
      pending "Chromium or pdftotext is not installed: no page is printed"
      return
   end

   it("says on each page what it holds, and the same bytes twice", function()
      local script = [[
local difkit = require "difkit"
local db = difkit.open()
local report = difkit.report {title = "State of the framework", db = db, paper = "Letter"}
report:table(db:actions():table():select("id", "document", "text", "line"), {title = "Every action"})
return report]]
      local file = folder .. "/real.pdf"
      local result = run(script, "", "-o", file)
      assert.are.same({0, ""}, {result.status, result.err})
      local first = support.read(file)
      run(script, "", "-o", file)
      assert.are.equal(first, support.read(file))
      assert.is_truthy(support.shell("pdfinfo " .. file).out:find("612 x 792 pts (letter)", 1, true))
      local text, number, rows = support.shell("pdftotext -layout " .. file .. " -").out, 0, 0
      local _, count = text:gsub("\f", "")
      for page in text:gmatch "([^\f]*)\f" do
         number = number + 1
         assert.is_truthy(page:find(number .. " / " .. count, 1, true), "page " .. number)
         local here = select(2, page:gsub("%f[%w]%u[%w]+%.%u%u%.%d+", ""))
         if here > 0 then assert.is_truthy(page:find "id%s+document%s+text%s+line", page) end
         rows = rows + here
      end
      assert.are.equal(244, rows)
   end)

   it("embeds the fonts of Thai, Lao, Khmer and Burmese, whose text comes out as it went in", function()
      -- The fonts are named in .ci/packages; without them this fails, since letters would be boxes.
      local words = {"ประเทศไทย กำลังพัฒนา", "ສາທາລະນະລັດ ປະຊາຊົນລາວ", "ព្រះរាជាណាចក្រកម្ពុជា",
         "ပြည်ထောင်စု မြန်မာ"}
      local rows = {}
      for i, text in ipairs(words) do rows[i] = ('{"%s"}'):format(text) end
      local file = folder .. "/scripts.pdf"
      local result = run(('local difkit = require "difkit"\n'
         .. 'local r = difkit.report{title = "Scripts", language = "lo"}\n'
         .. 'r:table(difkit.table({"words"}, {%s}))\nreturn r'):format(table.concat(rows, ", ")), "", "-o", file)
      assert.are.same({0, ""}, {result.status, result.err})
      local text = support.shell("pdftotext -layout " .. file .. " -").out
      for _, given in ipairs(words) do assert.is_truthy(text:find(given, 1, true), given .. "\n" .. text) end
      for line in support.shell("pdffonts " .. file).out:gmatch "\n(%S+%+[^\n]+)" do
         assert.are.equal("yes", line:match "Identity%-H%s+(%a+)", line)
      end
   end)

   it("cuts no picture and no row on A4, and prints a table that is too wide in parts", function()
      local script = [[
local difkit = require "difkit"
local rows, names, row = {}, {"unit"}, {"VNM"}
for i = 1, 100 do rows[i] = {("Unit %03d"):format(i), i} end
for i = 2, 50 do names[i], row[i] = "column_" .. i, i * 100000.5 end
local report = difkit.report {title = "Paper"}
report:chart(difkit.chart.bars(difkit.table({"unit", "n"}, rows), {title = "Hundred bars"}))
report:table(difkit.table(names, {row, row}), {title = "Wide"})
return report]]
      local file = folder .. "/paper.pdf"
      local result = run(script, "", "-o", file)
      assert.are.same({0, ""}, {result.status, result.err})
      assert.is_truthy(support.shell("pdfinfo " .. file).out:find("(A4)", 1, true))
      local units, columns, parts = {}, {}, 0
      for page in support.shell("pdftotext -layout " .. file .. " -").out:gmatch "([^\f]*)\f" do
         local bars = 0
         for unit in page:gmatch "Unit %d%d%d" do units[unit], bars = (units[unit] or 0) + 1, bars + 1 end
         if bars > 0 then assert.is_truthy(page:find "Hundred bars %(%d of %d%)", page) end
         if page:find "column_" then
            parts = parts + 1
            assert.is_truthy(page:find "unit" and page:find "VNM", page)
            for name in page:gmatch "column_%d+" do columns[name] = (columns[name] or 0) + 1 end
         end
      end
      for i = 1, 100 do assert.are.equal(1, units[("Unit %03d"):format(i)], i) end
      for i = 2, 50 do assert.are.equal(1, columns["column_" .. i], i) end
      assert.is_true(parts > 1)
   end)

   it("runs no script and asks no network, whatever the page holds", function()
      -- A page that the library would never write, handed over from below it.
      local result = run([[
local core = require "difkit.core"
core.print_page("evil.pdf", "<p id=a>before</p><script>document.getElementById('a').textContent = 'ran'</script>")
]], "", "--trust", "--out", folder)
      assert.are.same({0, ""}, {result.status, result.err})
      assert.are.equal("before", (support.shell("pdftotext " .. folder .. "/evil.pdf -").out:gsub("%s", "")))
   end)
end)
