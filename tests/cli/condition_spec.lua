--- Failures that a script does not look at: a write that is a statement of its own ends the run, and a nil that is used
--- is told where it comes from.
local support = dofile "tests/cli/support.lua"

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

--- Runs lines of Lua as a script; without --out nothing can be written.
local function run(text, ...)
   support.write(folder .. "/s.lua", "local difkit = require 'difkit'\nlocal db = assert(difkit.open())\n" .. text)
   return support.run("run", folder .. "/s.lua", ...)
end

--- Every function that writes, as a call that fails without --out.
local writers = {
   {"write", 'db:from("area"):table():write "a.csv"'},
   {"write", 'db:from("area"):write "a.csv"'},
   {"write", 'db:query("SELECT 1 AS n"):write "a.csv"'},
   {"write", 'difkit.chart.bars(db:from("area"), {label = "id", value = "number"}):write "a.svg"'},
   {"write", 'difkit.report{title = "T", db = db}:write "a.html"'},
   {"write", 'difkit.text.write("a.txt", "x")'},
   {"write", 'difkit.sssom.write("a.tsv", db)'},
   {"workbook", 'difkit.export.workbook("a.xlsx", {db:from "area"})'},
   {"data_package", 'difkit.export.data_package("a", db)'},
   {"sdmx_csv", 'difkit.export.sdmx_csv("a.csv", db)'},
   {"skos", 'difkit.export.skos("a.json", db)'},
   {"snapshot", 'db:snapshot "a"'},
   {"lock", 'difkit.lock "a.lock"'},
}

describe("a failure that nobody looks at", function()
   for i, case in ipairs(writers) do
      local name, call = case[1], case[2]
      it(("of %s (%d) ends the run with status 5, the reason and the line"):format(name, i), function()
         local result = run(call .. "\nprint 'not reached'\n")
         assert.equal(5, result.status, result.err)
         assert.equal("", result.out)
         assert.matches("/s%.lua:3: .*this run writes no files; name a folder for them with %-%-out DIR", result.err)
         assert.truthy(result.err:find("nothing looks at what `" .. name .. "` gives", 1, true), result.err)
      end)

      it(("of %s (%d) stays for the script to handle"):format(name, i), function()
         local result = run("local done, message = " .. call .. "\nprint(done, #message > 20)\n")
         assert.equal(0, result.status, result.err)
         assert.equal("nil\ttrue\n", result.out)
      end)
   end

   local call = 'difkit.text.write("a.txt", "x")'

   it("is one that is a statement of its own, however it is written", function()
      for _, text in ipairs {
         call, "if true then " .. call .. " end", "for i = 1, 2 do " .. call .. " end", "do " .. call .. " end",
         "local function f() " .. call .. " end f()", "while true do " .. call .. " break end",
         "repeat " .. call .. " until true",
         call .. "; local x = 1", "local w = difkit.text.write w('a.txt', 'x')",
         "local t = difkit.text\nt\n.write(\n'a.txt', 'x')", "local x = 1; " .. call,
         "if false then return elseif true then " .. call .. " else return end",
         "local ok = " .. call .. "; " .. call, -- two on a line: it cannot be told which
         "table.sort({2, 1}, function(a, b) " .. call .. " return a < b end)",
      } do
         local result = run(text .. "\n")
         assert.matches("cannot write a.txt: this run writes no files", result.err, 1, true)
         assert.equal(5, result.status, text .. "\n" .. result.err)
      end
   end)

   it("is none that is used", function()
      for _, text in ipairs {
         "local ok = " .. call, "local ok\nok = " .. call, "if " .. call .. " then end",
         "if not " .. call .. " then print '' end",
         "print(" .. call .. ")", "local t = {" .. call .. "}", "local x = " .. call .. " or 1",
         "while " .. call .. " do end",
         "repeat until not " .. call, "for _ = 1, " .. call .. " and 2 or 1 do end",
         "local function f() return " .. call .. " end f()", "pcall(difkit.text.write, 'a.txt', 'x')",
         "xpcall(difkit.text.write, print, 'a.txt', 'x')", "coroutine.wrap(difkit.text.write)('a.txt', 'x')",
         "coroutine.resume(coroutine.create(difkit.text.write), 'a.txt', 'x')", "select(2, " .. call .. ")",
         "local x = #tostring(" .. call .. ")", "for _, x in pairs {" .. call .. "} do end",
      } do
         local result = run(text .. "\n")
         assert.equal(0, result.status, text .. "\n" .. result.err)
      end
      support.fails(4, "cannot write a.txt", run("assert(" .. call .. ")\n"))
   end)

   it("can be caught where it is raised", function()
      local result = run("print(pcall(function()\n" .. call .. "\nend))\n")
      assert.equal(0, result.status, result.err)
      assert.matches("^false\t.*/s%.lua:4: cannot write a%.txt", result.out)
   end)

   it("is found in a file of the script's own folder, and on the command line", function()
      local mine = "local difkit = require 'difkit'\nreturn function()\n   " .. call .. "\nend\n"
      support.write(folder .. "/mine.lua", mine)
      local result = run "require('mine')()\n"
      assert.equal(5, result.status)
      assert.matches("mine%.lua:3: cannot write a%.txt", result.err)
      assert.equal(5, support.run("run", "-e", call .. " return 1").status)
   end)

   it("costs nothing where nothing fails", function()
      local result = run(call .. "\nprint 'reached'\n", "--out", folder)
      assert.equal(0, result.status, result.err)
      assert.equal("reached\n", result.out)
   end)
end)

describe("a nil that is used as if it were there", function()
   --- The error of a script, without the folder.
   local function problem(text)
      local result = run(text)
      assert.equal(4, result.status)
      return (result.err:gsub(folder:gsub("%p", "%%%0") .. "/", ""))
   end

   it("is told what gave it, where and why", function()
      assert.matches("s%.lua:5: attempt to index a nil value %(local 'other'%); difkit%.open gave nil at s%.lua:3: "
         .. "cannot read nofile%.db: .*; write assert%(…%) around it",
         problem "local other = difkit.open 'nofile.db'\nprint 'on'\nprint(other:actions{}:count())\n")
      assert.matches("difkit%.open gave nil: cannot read nofile%.db", problem "difkit.open('nofile.db'):actions{}\n")
      assert.matches("table%.read_csv gave nil at s%.lua:3: cannot read none%.csv",
         problem "local t = difkit.table.read_csv 'none.csv'\nprint(#t)\n")
      assert.matches("difkit%.text%.read gave nil at s%.lua:3: ",
         problem "text = difkit.text.read 'x'\nprint(text:upper())\n")
      assert.matches('db:action gave nil at s%.lua:3: no action "DIFAP%.TF%.99"',
         problem "local a = db:action 'DIFAP.TF.99'\nprint(a.text)\n")
      assert.matches("json%.decode gave nil at s%.lua:3: ", problem "local j = difkit.json.decode '{'\nprint(j.x)\n")
      assert.matches("difkit%.index%.open gave nil at s%.lua:3: ",
         problem "local i = difkit.index.open 'x.yaml'\nprint(i:compute())\n")
      assert.matches("sssom%.read gave nil at s%.lua:3: ",
         problem "local s = difkit.sssom.read('x', db)\nprint(s[1].x)\n")
   end)

   it("is told nothing that does not concern it", function()
      local message = problem "local other = difkit.open 'nofile.db'\nlocal t\nprint(t.x)\n"
      assert.is_nil(message:find("nofile", 1, true))
      assert.matches("attempt to index a nil value %(local 't'%)\n", message)
   end)
end)
