--- How numbers are shown: the same digits on a terminal, in HTML, in Markdown and in charts.
local difkit = require "difkit"
local number = require "difkit.number"

--- The cells of the column n as four programs of the library show them.
local function shown_everywhere(values)
   local rows = {}
   for i, value in ipairs(values) do rows[i] = {("r%d"):format(i), value} end
   local t = difkit.table({"id", "n"}, rows)
   local found = {}
   local function add(place, texts)
      for i, text in ipairs(texts) do texts[i] = text:gsub("\u{A0}", ""):gsub("−", "-") end
      found[place] = texts
   end
   local terminal, html, markdown, report = {}, {}, {}, {}
   for cell in t:text():gmatch "r%d+ +(%S+)" do terminal[#terminal + 1] = cell end
   for cell in difkit.report("Numbers"):table(t):html():gmatch '<td class="n"[^>]*>(.-)</td>' do
      html[#html + 1] = cell
   end
   for cell in t:encode("markdown"):gmatch "| r%d+ | (%S+) |" do markdown[#markdown + 1] = cell end
   for cell in difkit.report("Numbers"):table(t):markdown():gmatch "| r%d+ | (%S+) |" do report[#report + 1] = cell end
   add("terminal", terminal)
   add("html", html)
   add("markdown", markdown)
   add("report", report)
   return found
end

local function assert_shown(expected, values)
   for place, texts in difkit.sorted(shown_everywhere(values)) do
      assert.are.same(expected, texts, "in " .. place)
   end
end

describe("a number", function()
   it("is shown without what arithmetic leaves behind, alike everywhere", function()
      assert_shown({"0.3"}, {0.1 + 0.2})
      assert_shown({"0.3", "0.5"}, {0.1 + 0.2, 0.5})
      assert.are.equal("0.3", number.shower{0.1 + 0.2}(0.1 + 0.2))
      assert.truthy(difkit.report("N"):figures{{"n", 0.1 + 0.2}}:markdown():find("**0.3**", 1, true))
      assert.truthy(difkit.report("N"):figures{{"n", 0.1 + 0.2}}:html():find("<dd>0.3</dd>", 1, true))
   end)

   it("has at most four digits after the point in a table", function()
      assert_shown({"0.3333", "2.0000"}, {1 / 3, 2.0})
   end)

   it("shares its digits with integers beside it, so that points stand in line", function()
      assert_shown({"0.5", "3.0"}, {0.5, 3})
      assert_shown({"3", "4"}, {3, 4})
      assert_shown({"3", "4"}, {3.0, 4.0})
   end)

   it("is told apart from one that lies close", function()
      assert_shown({"0.0004", "0.0002"}, {0.0004, 0.0002})
      assert_shown({"0.700012", "0.700034"}, {0.700012, 0.700034})
      local labels = number.shower{1000.12, 1000.34}
      assert.are.same({"1000.12", "1000.34"}, {labels(1000.12), labels(1000.34)})
   end)

   it("never shows as nothing when it is something", function()
      assert_shown({"1e-09", "0.5"}, {1e-9, 0.5})
      assert_shown({"-1.25e-07", "0.5"}, {-1.25e-7, 0.5})
      assert.are.equal("1e−09", number.shower{1e-9, 0.5}(1e-9))
      assert.are.equal("0", number.show(-0.0))
   end)

   it("shows as nothing when it is what arithmetic left behind", function()
      assert_shown({"0.0", "0.5"}, {0.1 + 0.2 - 0.3, 0.5})
      assert_shown({"5.55e-17"}, {0.1 + 0.2 - 0.3})
   end)

   it("stands with a power of ten when it is too large to be read", function()
      assert_shown({"1.5e+18", "0.25"}, {1.5e18, 0.25})
   end)

   it("of a thousand million or more stands with a word in charts, where that tells it from others", function()
      local function labels(values, given)
         local show, texts = number.shower(values, given), {}
         for i, value in ipairs(values) do texts[i] = show(value) end
         return texts
      end
      assert.are.same({"1.37\u{A0}tn", "512\u{A0}bn", "0"}, labels{1.37e12, 512000000000, 0})
      assert.are.same({"−2.5\u{A0}bn", "97\u{A0}338\u{A0}583"}, labels{-2.5e9, 97338583})
      assert.are.same({"500\u{A0}bn", "1\u{A0}tn", "1.5\u{A0}tn"}, labels{500000000000, 1000000000000, 1500000000000})
      assert.are.same({"1\u{A0}370\u{A0}000\u{A0}000\u{A0}001", "1\u{A0}370\u{A0}000\u{A0}000\u{A0}002"},
         labels{1370000000001, 1370000000002})
      assert.are.same({"1\u{A0}370\u{A0}000\u{A0}000\u{A0}000.00"}, labels({1.37e12}, 2))
   end)

   it("has the digits that a script asks for", function()
      local t = difkit.table({"id", "n"}, {{"r1", 2 / 3}, {"r2", 2.0}, {"r3", 0.001}})
      local cells = {}
      for cell in t:text{digits = 2}:gmatch "r%d +(%S+)" do cells[#cells + 1] = cell end
      assert.are.same({"0.67", "2.00", "0.001"}, cells)
      local html = {}
      for cell in difkit.report("N"):table(t, {digits = 2}):html():gmatch '<td class="n"[^>]*>(.-)</td>' do
         html[#html + 1] = cell
      end
      assert.are.same(cells, html)
      local markdown = {}
      for cell in difkit.report("N"):table(t, {digits = 2}):markdown():gmatch "| r%d | (%S+) |" do
         markdown[#markdown + 1] = cell
      end
      assert.are.same(cells, markdown)
   end)

   it("that is none has its name", function()
      assert.are.equal("inf", number.show(math.huge))
      assert.are.equal("nan", (number.text(0 / 0):gsub("^%-", "")))
   end)

   it("stays exact in files for programs", function()
      local t = difkit.table({"n"}, {{0.1 + 0.2}})
      assert.are.equal("n\n0.30000000000000004\n", t:encode "csv")
      assert.are.equal('{"n":0.30000000000000004}\n', t:encode "ndjson")
   end)
end)

describe("a page made by another version", function()
   local verify = require "difkit.provenance.verify"

   local function page(shown, value)
      return {{id = "table-1", kind = "table", columns = {"id", "n"},
         rows = {{id = "a", cells = {{shown = "a"}, {shown = shown, value = value}}}}}}
   end

   it("holds when it shows other digits of the same number, not when it shows another number", function()
      assert.are.equal(0, #verify.compare(page("0.33", "0.3333333333333333"), page("0.3333", "0.3333333333333333")))
      assert.are.equal(0, #verify.compare(page("−12\u{A0}345", "-12345.2"), page("−12\u{A0}345.2", "-12345.2")))
      assert.are.equal(0, #verify.compare(page("1e−09", "1e-09"), page("0.000000001", "1e-09")))
      assert.are.equal(1, #verify.compare(page("0.34", "0.3333333333333333"), page("0.3333", "0.3333333333333333")))
      assert.are.equal(1, #verify.compare(page("much", "0.5"), page("0.5", "0.5")))
   end)
end)
