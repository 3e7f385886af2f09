--- How a run ends that is ended by force: what it printed before is there, one message says why, with a code that
--- `difkit help exit-status` explains, and nothing is left behind.
local support = dofile "tests/cli/support.lua"

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

--- Runs code; its words are quoted for the shell.
local function run(code, options)
   return support.shell(("cd %s && mkdir -p tmp && TMPDIR=%s/tmp %s run %s -e %s"):format(folder, folder,
      support.absolute, options or "", support.quote(code)))
end

local function left() return support.shell("ls -A " .. folder .. "/tmp").out end

local endless = {
   ["a pattern that backtracks"] = 'local _ = ("a"):rep(60):find((".-"):rep(40) .. "c")',
   ["a loop within C"] = 'string.rep("", 1 << 62)',
   ["a loop of Lua"] = 'while true do end',
}

describe("what was printed before a run is ended", function()
   for _, isolation in ipairs {"auto", "off"} do
      for name, code in require "difkit.sorted"(endless) do
         it(("is not lost to the limit of time: %s, isolation %s"):format(name, isolation), function()
            local result = run('print "before" io.write "and more"; ' .. code, "--time 1 --isolation=" .. isolation)
            assert.equal("before\nand more", result.out)
            assert.equal(3, result.status)
            assert.matches("^difkit: .*the script used more than .* of processor time", result.err)
            assert.equal(1, #support.lines(result.err))
            assert.equal("", left())
         end)
      end

      it("is not lost to a signal, isolation " .. isolation, function()
         local file = folder .. "/s.lua"
         support.write(file, 'print "before" while true do end')
         for signal, status in pairs {TERM = 143, INT = 130, HUP = 129} do
            local command = "-C %s TMPDIR=%s/tmp %s run s.lua --out out --isolation=%s"
            local result = support.signalled(command:format(folder, folder, support.absolute, isolation), signal)
            assert.equal("before\n", result.out, signal)
            assert.equal(status, result.status, signal)
            assert.equal("", result.err)
            assert.equal("", left())
         end
      end)

      it("is not lost to the limit of memory, isolation " .. isolation, function()
         local result = run('print "before" local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1e6) .. i end',
            "--memory 64M --isolation=" .. isolation)
         assert.equal("before\n", result.out)
         assert.equal(3, result.status)
         assert.matches("^difkit: the script used more than 64 MB of memory", result.err)
      end)
   end
end)

describe("memory that is not Lua's own", function()
   it("counts: what references of Markdown expand to", function()
      local result = run([[local d = require "difkit"
         local r = d.report "x":text("[x]: /" .. ("u"):rep(100000) .. "\n\n" .. ("[x] "):rep(15000))
         print "before" print(#r:html())]], "--time 60 --memory 100M")
      assert.equal("before\n", result.out)
      assert.equal(3, result.status)
      assert.matches("markdown: %d+ bytes become more than %d+; a reference that is written out very often", result.err)
   end)

   it("counts: what the analyses of an index work in", function()
      local result = run([[local d = require "difkit"
         local egdi = d.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
         print "before"
         egdi:compute(d.open()):sensitivity{rows = 1 << 22, weights = 0.25}]], "--time 60 --memory 64M")
      assert.equal("before\n", result.out)
      assert.equal(3, result.status, result.err)
      assert.equal("", left())
   end)
end)

describe("the code behind the message of an ending", function()
   local listed = support.run("help", "exit-status").out

   it("is listed with its status", function()
      for code, status in pairs {["limit.processor"] = 3, ["limit.clock"] = 3, ["limit.disk"] = 3, ["limit.memory"] = 3,
         ["refused.call"] = 3, crashed = 4, ["process.none"] = 5, ["isolation.missing"] = 5, signal = 130} do
         local at = listed:find("\n +" .. code:gsub("%p", "%%%0") .. " ")
         assert.is_truthy(at, code)
         assert.matches("status%s+" .. status, listed:sub(at, at + 160), code)
      end
   end)

   it("is there for every code that the program says", function()
      local said = {}
      local listing = io.popen "cat core/cli/isolation.c core/base/buffer.c core/lua/host/limits.c"
      for code in listing:read "a":gmatch "%[(%l+%.?%l*)%][\\n]*\"" do said[code] = true end
      listing:close()
      local count = 0
      for code in pairs(said) do
         count = count + 1
         assert.is_truthy(listed:find(" " .. code .. " ", 1, true), code)
      end
      assert.equal(8, count)
   end)
end)
