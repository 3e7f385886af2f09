--- difkit new: every start runs as it is written; and the guide on other data says what happens.
local support = dofile "tests/cli/support.lua"
local read, write = support.read, support.write

local difkit = support.shell("realpath " .. support.difkit).out:gsub("\n", "")
local folder, remove

before_each(function() folder, remove = support.folder() end)
after_each(function() remove() end)

local function run(...)
   local words = {...}
   for i, word in ipairs(words) do words[i] = support.quote(word) end
   return support.shell(("cd %s && %s %s"):format(folder, difkit, table.concat(words, " ")))
end

local function good(...)
   local result = run(...)
   assert.equal(0, result.status, result.err .. result.out)
   return result
end

describe("difkit new script", function()
   it("writes a script that runs, passes its checks and its tests, and what an editor needs", function()
      local said = good("new", "script", "deadlines").out
      assert.matches("wrote deadlines.lua\n", said)
      assert.matches("\n  difkit test\n", said)
      assert.equal("", good("run", "deadlines.lua").err)
      assert.matches("DIFAP +57 +0.2336", good("run", "deadlines.lua").out)
      assert.equal("difkit: 1 script, no findings\n", good("check", "deadlines.lua").err)
      assert.matches("\n2 of 2 passed\n$", good("test").out)
      assert.equal(good("run", "deadlines.lua", "--area", "PA3", "--format", "csv").out,
         read(folder .. "/tests/deadlines-PA3.csv"))
      local json = require "difkit.format.json"
      local settings = json.decode(read(folder .. "/.luarc.json"))
      assert.equal("Lua 5.4", settings["runtime.version"])
      local definitions = read(folder .. "/" .. settings["workspace.library"][1] .. "/difkit.lua")
      assert.truthy(load(definitions))
      for _, words in ipairs {"---@meta difkit", "function Query:where(condition, comparison, value) end",
         "function Database:define(name, fn, options) end", "function difkit.open(source, options) end",
         "---@class difkit.Query"} do
         assert.truthy(definitions:find(words, 1, true), words)
      end
   end)

   it("fails its test when its table is another, as the guide shows", function()
      good("new", "script", "deadlines")
      local golden = folder .. "/tests/deadlines-PA3.csv"
      write(golden, (read(golden):gsub("\nDIFAP,4,", "\nDIFAP,3,")))
      assert.equal(read("scripts/guide/GUIDE.md"):match "%$ difkit test\n(.-)```", run("test").out)
   end)

   it("fails its test when the data are others", function()
      good("new", "script", "deadlines")
      write(folder .. "/more.yaml", "document: {id: NEW, title: New, adopted: 2025}\n"
         .. "actions:\n  cybersecurity:\n    - {id: NEW.1, number: 1, text: Do it.}\n")
      local result = run("test", "--with", "more.yaml")
      assert.equal(1, result.status)
      assert.matches('%+ NEW: document "NEW", actions 1', result.out)
   end)

   it("overwrites nothing, and keeps the settings of an editor", function()
      write(folder .. "/.luarc.json", "{}")
      good("new", "script", "one")
      good("new", "script", "two")
      assert.equal("{}", read(folder .. "/.luarc.json"))
      write(folder .. "/one.lua", "mine")
      os.remove(folder .. "/tests/one.csv")
      local result = run("new", "script", "one")
      assert.equal(2, result.status)
      assert.matches("one.lua is there already; nothing was written", result.err)
      assert.equal("mine", read(folder .. "/one.lua"))
      assert.is_false(support.exists(folder .. "/tests/one.csv"))
   end)

   it("says what it would write, and where", function()
      local result = good("new", "script", "one", "--in", "deep/down", "--dry-run")
      assert.matches("would write deep/down/one.lua\n", result.out)
      assert.is_false(support.exists(folder .. "/deep/down/one.lua"))
      good("new", "script", "one", "--in", "deep/down")
      assert.matches("2 of 2 passed", good("test", "deep/down").out)
   end)

   it("says what is wrong with its arguments", function()
      for words, said in pairs {["scirpt x"] = 'unknown kind "scirpt"; did you mean "script"?',
         ["script 'a b'"] = '"a b" cannot be a name here; letters, digits and -', ["script ../x"] = "cannot be a name",
         ["script"] = "usage: difkit new script|framework|index NAME"} do
         local result = support.shell(("cd %s && %s new %s"):format(folder, difkit, words))
         assert.equal(2, result.status)
         assert.truthy(result.err:find(said, 1, true), result.err)
      end
   end)
end)

describe("difkit new framework", function()
   it("writes a framework that loads alone and with the bundled one", function()
      good("new", "framework", "health")
      assert.equal("difkit: no findings\n", good("check", "health").err)
      assert.equal("difkit: no findings\n", good("check", "@bundled", "health").err)
      assert.matches("Total +3 +3\n$", good("run", "coverage", "--db", "health").out)
      local both = good("run", "coverage", "--with", "health").out
      assert.matches("Total +57 +63 +35 +22 +67 +3 +247\n$", both)
      -- One framework after the other, each in its own order.
      assert.is_true(both:find "Trade Facilitation" < both:find "Review Mechanism")
      assert.is_true(both:find "Review Mechanism" < both:find "\nSkills")
      assert.equal("2\n", good("sql", "SELECT count(*) AS n FROM observation", "--db", "health", "--format",
         "csv").out:match "\n(.*)")
      local schema = require("difkit.format.json").decode(read(folder .. "/health/schema.json"))
      assert.equal("table", type(schema.properties))
   end)
end)

describe("difkit new index", function()
   it("writes an index that computes", function()
      good("new", "index", "readiness")
      local out = good("run", "index", "--spec", "readiness.yaml", "--runs", "0", "--format", "csv").out
      assert.equal("SGP", out:match "\n(%u+),")
      assert.matches("Report card", good("run", "try", "--spec", "readiness.yaml", "--help").out)
      good("run", "try", "--spec", "readiness.yaml", "--runs", "100")
   end)
end)

describe("the invented framework of the tests", function()
   it("loads alone and with the bundled one", function()
      local garden = support.shell("realpath tests/data/garden-framework").out:gsub("\n", "")
      assert.matches("Total +5 +3 +8\n$", good("run", "coverage", "--db", garden).out)
      assert.matches("Total +57 +63 +35 +22 +67 +5 +3 +252\n$", good("run", "coverage", "--with", garden).out)
   end)
end)

describe("scripts/guide/FRAMEWORK.md", function()
   local guide = read "scripts/guide/FRAMEWORK.md"

   --- What the guide shows a command to print.
   local function shown(command)
      return assert(guide:match("%$ " .. command:gsub("%p", "%%%0") .. "\n(.-)\n?```")):match "^([^$]*)"
   end

   it("shows what happens", function()
      write(folder .. "/mydoc.yaml", guide:match "```yaml\n(document:.-)```")
      assert.equal(shown "difkit check @bundled mydoc.yaml", good("check", "@bundled", "mydoc.yaml").err:sub(1, -2))
      assert.equal(shown "difkit run coverage --area PA3 --with mydoc.yaml",
         good("run", "coverage", "--area", "PA3", "--with", "mydoc.yaml").out:sub(1, -2))
      good("load", "@bundled", "mydoc.yaml", "-o", "with-defa.db")
      assert.matches("DEFA", good("run", "coverage", "--db", "with-defa.db").out)
      for _, script in ipairs {"overlap", "measures"} do good("run", script, "--with", "mydoc.yaml") end
      write(folder .. "/clash.yaml", "framework: {id: my-framework, title: Z}\nareas:\n"
         .. "  - {id: PA1, number: 1, title: x, topics: [{id: my-topic, title: y}]}\n")
      local clash = run("check", "@bundled", "clash.yaml")
      assert.equal(1, clash.status)
      assert.equal(guide:match "```\n(clash.-)\n```":gsub("\n", " "), (clash.out:gsub("\n.*", "")))
   end)

   it("tells where a document alone belongs", function()
      write(folder .. "/mydoc.yaml", guide:match "```yaml\n(document:.-)```")
      local alone = run("check", "mydoc.yaml")
      assert.equal(1, alone.status)
      assert.matches("belongs to no framework; read it together with the data it belongs to %(@bundled", alone.out)
   end)
end)
