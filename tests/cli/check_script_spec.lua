--- difkit check of scripts: which words are scripts, what is printed, how it ends, and that what ships is clean.
local support = dofile "tests/cli/support.lua"
local run = support.run

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

local function path_of(name, text)
   local path = folder .. "/" .. name
   support.write(path, text)
   return path
end

describe("difkit check of scripts", function()
   it("prints file, line, column, what is wrong and what would be right, and ends with 1", function()
      local path = path_of("a.lua",
         'local difkit = require "difkit"\nfor a in difkit.open():actions() do print(a.txet) end\n')
      local result = run("check", path)
      assert.equal(1, result.status)
      assert.equal(path .. ':2:45: the row has no column "txet"; did you mean "text"?\n', result.out)
      assert.equal("difkit: 1 script, 1 finding\n", result.err)
   end)

   it("knows what the sandbox gives", function()
      local result = run("check", path_of("trust.lua",
         'os.execute "ls"\nio.popen "ls"\nprint(dofile, debug.getinfo, os.time())\n'))
      local hint = "is not available in the sandbox; the script would have to be run with --trust"
      assert.equal(1, result.status)
      local said = {}
      for line in result.out:gmatch "[^\n]+" do said[#said + 1] = line:match ":(%d+:%d+: .*)$" end
      assert.same({"1:4: os.execute " .. hint, "2:4: io.popen " .. hint, "3:7: dofile " .. hint,
         "3:21: debug.getinfo " .. hint}, said)
   end)

   it("prints findings in data and scripts as editors expect them, and as JSON", function()
      local data = path_of("lacks.yaml", "framework:\n  id: x\n")
      local script = path_of("b.lua", "print(y)\n")
      local result = run("check", "--format=gcc", script, data)
      assert.equal(1, result.status)
      assert.equal(data .. ':2:3: error: a framework lacks "title"; it needs id, title\n' ..
         script .. ':1:7: error: undefined global "y"\n', result.out)
      result = run("check", "--format=json", script, data)
      assert.equal(1, result.status)
      assert.equal(('{"file":"%s","line":2,"column":3,"message":"a framework lacks \\"title\\"",' ..
         '"hint":"it needs id, title"}\n'):format(data) ..
         ('{"file":"%s","line":1,"column":7,"message":"undefined global \\"y\\""}\n'):format(script),
         result.out)
      assert.equal(run("check", data, script).out, run("check", "--format=text", data, script).out)
      support.fails(2, '--format must be text, gcc or json, not "xml"', run("check", "--format=xml", script))
   end)

   it("does not run the script", function()
      assert.same({0, ""}, {run("check", path_of("loop.lua", "while true do print 'running' end\n")).status,
         run("check", folder .. "/loop.lua").out})
   end)

   it("takes stock scripts by name, several scripts, and YAML beside them", function()
      local good = path_of("good.lua", "print 'good'\n")
      local result = run("check", "coverage", good, "data/asean-dif")
      assert.equal(0, result.status)
      assert.equal("", result.out)
      assert.equal("difkit: no findings\ndifkit: 2 scripts, no findings\n", result.err)
      local bad = path_of("bad.yaml", "framework:\n  id: x\n")
      support.fails(1, "bad.yaml:2:3: a framework lacks", run("check", bad, good))
   end)

   it("checks against the data that --db names", function()
      local path = path_of("b.lua", 'return require "difkit".open():actions{document = "ILL"}\n')
      support.fails(1, 'unknown document "ILL"', run("check", path))
      path_of("own.yaml", "document: {id: ILL, title: Illustration}\n")
      assert.equal("difkit: 1 script, no findings\n", run("check", path, "--with", folder .. "/own.yaml").err)
      local loaded = run("load", "data/asean-dif", folder .. "/own.yaml", "-o", folder .. "/own.db")
      assert.equal(0, loaded.status, loaded.out .. loaded.err)
      assert.equal("difkit: 1 script, no findings\n", run("check", path, "--db", folder .. "/own.db").err)
   end)

   it("prints what the guide says", function()
      local guide = support.read "scripts/guide/GUIDE.md"
      local script, printed = guide:match "```text\n(local difkit.-)```.-%$ difkit check first.lua\n(.-)```"
      path_of("first.lua", script)
      local program = support.shell("realpath " .. support.quote(support.difkit)).out:gsub("\n", "")
      local result = support.shell(("cd %s && %s check first.lua"):format(support.quote(folder),
         support.quote(program)))
      assert.equal(printed, result.out .. result.err)
   end)

   it("says when a script is not there", function()
      local result = run("check", folder .. "/no-such.lua")
      assert.equal(5, result.status)
      assert.truthy(result.err:find("no-such.lua", 1, true))
      result = run("check", "covrage")
      assert.equal(2, result.status)
      assert.equal('difkit: unknown script "covrage"; did you mean "coverage"?\n', result.err)
   end)

   it("finds nothing in the stock scripts and the examples, and comes to an end", function()
      local start = os.time()
      local list = support.shell "ls scripts/stock/*.lua examples/*.lua".out
      local paths = {}
      for path in list:gmatch "[^\n]+" do paths[#paths + 1] = path end
      assert.is_true(#paths > 30)
      local result = run("check", table.unpack(paths))
      assert.equal("", result.out)
      assert.equal(0, result.status)
      -- Some two seconds on an idle machine; loaded ones are slower by what they bear besides.
      assert.is_true(os.time() - start < 120)
   end)
end)
