--- difkit test: golden tables, tests that assert by themselves, and what is said when one fails.
local support = dofile "tests/cli/support.lua"
local read, write = support.read, support.write

local folder, remove

local script = [[
--- Actions of an area by document.
---@script counts
---@option area area=PA3  The area.
local difkit = require "difkit"
local options = difkit.options()
print "not to be seen"
return assert(difkit.open()):from("action_full"):where{area = options.area}:group("document"):count "n"
]]

before_each(function()
   folder, remove = support.folder()
   os.execute("mkdir " .. folder .. "/tests")
   write(folder .. "/counts.lua", script)
   write(folder .. "/tests/counts.test.lua", [[
      return {
         script = "../counts.lua",
         {name = "as it is", golden = "counts.csv"},
         {name = "one area", options = {"--area", "PA1"}, golden = "counts-PA1.csv"},
      }]])
end)
after_each(function() remove() end)

local difkit = support.shell("realpath " .. support.difkit).out:gsub("\n", "")

local function test(...)
   local words = {...}
   for i, word in ipairs(words) do words[i] = support.quote(word) end
   return support.shell(("cd %s && %s test %s"):format(folder, difkit, table.concat(words, " ")))
end

--- The counts of the area PA3, as the script gives them.
local function counted()
   return support.run("run", folder .. "/counts.lua", "--format", "csv").out:gsub("not to be seen\n", "")
end

describe("difkit test", function()
   it("asks for golden tables that are not there, and writes them with --update", function()
      local result = test()
      assert.equal(1, result.status)
      assert.equal("", result.err)
      assert.matches("FAILS    tests/counts.test.lua: as it is\n +there is no tests/counts.csv; look at what the "
         .. "script gives, then write it with %-%-update\n", result.out)
      assert.matches("\n0 of 2 passed\n$", result.out)
      assert.is_nil(result.out:find("not to be seen", 1, true))
      result = test "--update"
      assert.equal(0, result.status)
      assert.matches("written  tests/counts.test.lua: as it is %(tests/counts.csv%)", result.out)
      assert.equal(counted(), read(folder .. "/tests/counts.csv"))
      result = test()
      assert.equal("ok       tests/counts.test.lua: as it is\nok       tests/counts.test.lua: one area\n"
         .. "2 of 2 passed\n", result.out)
      assert.equal(0, result.status)
   end)

   it("tells what differs by row and column", function()
      test "-u"
      local golden = counted()
      local function differs(text)
         write(folder .. "/tests/counts.csv", text)
         local result = test()
         assert.equal(1, result.status)
         assert.matches("\n1 of 2 passed\n$", result.out)
         return result.out:match "DIFFERS  tests/counts.test.lua: as it is\n(.-)ok  "
      end
      local first, count = golden:match "\n(%u+),(%d+)\n"
      local pad = "         "
      assert.equal(pad .. ("~ %s: n: 99 -> %s\n"):format(first, count), differs((golden:gsub("," .. count, ",99", 1))))
      assert.equal(pad .. ('~ %s: n: "%s" -> %s\n'):format(first, count, count),
         differs((golden:gsub("," .. count, ',"' .. count .. '"', 1))))
      assert.equal(pad .. ('+ %s: document "%s", n %s\n'):format(first, first, count),
         differs((golden:gsub(first .. ",%d+\n", "", 1))))
      assert.equal(pad .. '- NEW: document "NEW", n 1\n', differs(golden .. "NEW,1\n"))
      assert.equal(pad .. "- column m\n" .. pad .. "+ column n\n", differs((golden:gsub("document,n", "document,m"))))
      local header, a, b, rest = golden:match "^([^\n]*\n)([^\n]*\n)([^\n]*\n)(.*)$"
      assert.equal(pad .. "~ rows stand in another order\n", differs(header .. b .. a .. rest))
      local many = {}
      for i = 1, 30 do many[i] = ("X%d,1\n"):format(i) end
      assert.matches("… and 10 more\n$", differs(golden .. table.concat(many)))
   end)

   it("runs tests that assert by themselves", function()
      write(folder .. "/good.test.lua", 'assert(require("difkit").open():actions():count() == 244)')
      write(folder .. "/bad.test.lua", '\nassert(1 == 2, "one is not two")')
      local result = test("good.test.lua", "bad.test.lua")
      assert.equal("ok       good.test.lua\nFAILS    bad.test.lua\n         bad.test.lua:2: one is not two\n"
         .. "1 of 2 passed\n", result.out)
      assert.equal(1, result.status)
   end)

   it("goes on behind a script that fails, returns nothing, or never ends", function()
      write(folder .. "/endless.lua", "while true do end")
      write(folder .. "/nothing.lua", "local x = 1")
      write(folder .. "/broken.lua", "local x = nil\nreturn x.y")
      write(folder .. "/all.test.lua", [[return {
         {script = "endless.lua", golden = "a.csv"}, {script = "nothing.lua", golden = "b.csv"},
         {script = "broken.lua", golden = "c.csv"},
         {script = "counts.lua", options = {"--aera", "PA1"}, golden = "d.csv"},
         {script = "gone.lua", golden = "e.csv"}, {script = "coverage", golden = "f.csv"},
      }]])
      local result = test("all.test.lua", "--time", "0.5", "--update")
      assert.equal(1, result.status)
      for _, words in ipairs {"a.csv\n         the script used more than 0.5 seconds of processor time",
         "b.csv\n         the script returned no table; it has to end with: return query_or_table",
         "c.csv\n         broken.lua:2: attempt to index a nil value (local 'x')",
         "d.csv\n         unknown option --aera of counts; did you mean --area?",
         "e.csv\n         cannot read gone.lua",
         "written  all.test.lua: f.csv (f.csv)", "1 of 6 passed"} do
         assert.truthy(result.out:find(words, 1, true), words .. "\n" .. result.out)
      end
      assert.is_true(support.exists(folder .. "/f.csv"))
      assert.is_false(support.exists(folder .. "/c.csv"))
   end)

   it("lets no script write, and no test beyond its folder", function()
      write(folder .. "/writes.lua", 'local difkit = require "difkit"\nlocal t = difkit.table({"a"}, {{1}})\n'
         .. 'assert(t:write "written.csv")\nreturn t')
      write(folder .. "/w.test.lua", 'return {{script = "writes.lua", golden = "w.csv"}}')
      assert.equal(0, test("w.test.lua", "-u").status)
      assert.is_false(support.exists(folder .. "/written.csv"))
      write(folder .. "/w.test.lua", 'return {{script = "writes.lua", golden = "../w.csv"}}')
      assert.matches("golden must lie beside the test file", test("w.test.lua", "-u").out)
      write(folder .. "/w.test.lua", 'return {{script = "writes.lua", goldne = "w.csv"}}')
      assert.matches('did you mean "golden"', test("w.test.lua", "-u").out)
   end)

   it("says when there is nothing to run", function()
      os.execute("mkdir " .. folder .. "/empty")
      local result = test "empty"
      assert.equal(2, result.status)
      assert.matches("no file that ends in .test.lua", result.err)
      result = test "tests/count.test.lua"
      assert.equal(2, result.status)
      assert.matches('there is no tests/count.test.lua; did you mean "tests/counts.test.lua"', result.err)
   end)
end)
