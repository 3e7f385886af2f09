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

--- What a script tries to make of the error of a limit; SPEND runs into one.
local unwilling = {
   ["goes on in pcall"] = "while true do pcall(SPEND) end",
   ["goes on in pcall within pcall"] = "local function again() while true do pcall(SPEND) pcall(again) end end again()",
   ["goes on in the handler of xpcall"] = "xpcall(SPEND, function() while true do end end) while true do end",
   ["goes on in a handler within a handler"] = [[
      local function handler() xpcall(SPEND, function() while true do end end) while true do end end
      xpcall(SPEND, handler) xpcall(SPEND, handler)]],
   ["goes on in a handler that is a coroutine"] =
      "xpcall(SPEND, coroutine.wrap(function() while true do pcall(SPEND) end end)) while true do end",
   ["goes on in __close"] = [[
      local function close() while true do pcall(SPEND) end end
      while true do pcall(function() local x <close> = setmetatable({}, {__close = close}) SPEND() end) end]],
   ["goes on in __close of a coroutine"] = [[
      local function close() while true do end end
      local thread = coroutine.create(function()
         local x <close> = setmetatable({}, {__close = close}) coroutine.yield() SPEND() end)
      coroutine.resume(thread) pcall(coroutine.resume, thread) coroutine.close(thread) while true do end]],
   ["goes on in coroutines that make coroutines"] = [[
      local function more() for _ = 1, 50 do coroutine.wrap(function() pcall(more) pcall(SPEND) end)() end end
      while true do pcall(more) end]],
   ["goes on in comparisons of a sort"] = [[
      local list = {} for i = 1, 5000 do list[i] = i end
      while true do pcall(table.sort, list, function(a, b) pcall(SPEND) return a > b end) end]],
   ["goes on in replacements of a text"] = [[
      while true do pcall(string.gsub, ("x"):rep(1e5), "x", function() pcall(SPEND) end) end]],
   ["goes on in what __index, __lt and __concat call"] = [[
      local function go() while true do pcall(SPEND) end end
      local x = setmetatable({}, {__index = go, __lt = go, __concat = go})
      local function try(f) pcall(f) end
      while true do
         try(function() return x.y end) try(function() return x < x end) try(function() return x .. "" end) end]],
   ["makes an error of its own of it"] = [[
      while true do
         local _, e = pcall(SPEND) pcall(error, setmetatable({}, {__tostring = SPEND})) pcall(tostring, e) end]],
}

describe("the error of a limit is the end of a script that", function()
   local spend = {
      time = "local function SPEND() while true do end end ",
      memory = 'local function SPEND() local t = {} for i = 1, 1e9 do t[i] = {i} end end ',
   }
   for name, code in require "difkit.sorted"(unwilling) do
      for limit, how in pairs(spend) do
         it(name .. ": " .. limit, function()
            local limits = "--memory 16M --time " .. (limit == "time" and 0.4 or 60)
            local result = run('print "before" ' .. how .. code, limits)
            assert.equal("before\n", result.out)
            assert.equal(3, result.status, result.err)
            local said = limit == "time" and "than 0.4 seconds of processor time" or "than 16 MB of memory"
            assert.matches(said, result.err)
            assert.is_nil(result.err:find("gentler", 1, true), result.err)
            assert.equal("", left())
         end)
      end
   end

   it("has a handler of its own otherwise", function()
      local code = [[print(xpcall(error, function(m) return m.x end, {x = 5}))
         print(coroutine.wrap(function()
            return xpcall(function(...) return coroutine.yield(...) + 1 end, print, 3)
         end)() == 3)
         print(select(2, xpcall(error, debug.traceback, "mine")):match "^[^\n]*")
         local function closing(f) return setmetatable({}, {__close = f}) end
         local made = coroutine.wrap(function() local x <close> = closing(print) error({5}) end)
         local ok, value = pcall(made)
         print(ok, value[1], pcall(made))
         made = coroutine.create(function(...) local x <close> = closing(function() error "late" end) error "early" end)
         print(coroutine.resume(made, 1, 2))
         print(coroutine.close(made))
         print(coroutine.resume(coroutine.create(function(...) return select("#", ...), ... end), nil, 2))
         print(coroutine.resume(made), coroutine.resume(coroutine.running()))
         print(pcall(coroutine.resume, 1), pcall(coroutine.wrap, 1), pcall(coroutine.close, coroutine.running()))]]
      local result, plain = run(code), support.shell("lua5.4 -e " .. support.quote(code))
      assert.equal((plain.out:gsub("0x%x+", "0x"):gsub("%(command line%)", "-e")), (result.out:gsub("0x%x+", "0x")))
      assert.equal("false\t5\ntrue\nmine\n", result.out:match "^.-\n.-\n.-\n")
   end)
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

   it("counts: what Markdown becomes", function()
      local result = run([[local d = require "difkit"
         print "before" print(#d.report "x":text(("&"):rep(3000000)):html())]], "--memory 16M")
      assert.equal("before\n", result.out)
      assert.equal(3, result.status)
      assert.matches("markdown: what 3000000 bytes become does not fit into the limit of memory", result.err)
   end)

   for what, code in pairs {
      ["as YAML"] = 'require "difkit".open "big.yaml"',
      ["as a table"] = 'print(#require "difkit".table.read_csv "big.yaml")',
      ["as Lua"] = 'require "big"', ["as text"] = 'print(#io.open "big.yaml":read "a")',
   } do
      it("counts: what is read " .. what, function()
         support.shell(("cd %s && yes 'a: [1, 2]' | head -c 60000000 >big.yaml && cp big.yaml big.lua"):format(folder))
         support.write(folder .. "/s.lua", 'print "before" ' .. code)
         local result = support.shell(("cd %s && TMPDIR=%s/tmp %s run s.lua --memory 16M"):format(folder, folder,
            support.absolute))
         assert.equal("before\n", result.out)
         assert.equal(3, result.status, result.err)
         assert.matches("memory", result.err)
         assert.equal("", left())
         support.shell(("cd %s && rm -f big.* s.lua"):format(folder))
      end)
   end

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
