--- The line of progress: on a terminal alone, after a second, and gone at the end. `script` (bsdutils) is the terminal.
local support = dofile "tests/cli/support.lua"
local quote = support.quote

local folder, remove

--- What a command prints on a terminal.
local function on_terminal(command, environment)
   local result = support.shell(("env -u NO_COLOR TERM=xterm %s script -qec %s /dev/null </dev/null"):format(
      environment or "", quote(command)))
   return result.out, result.status
end

--- Counts to 100 in so many seconds, then prints "done".
local function counting(seconds, label)
   return ("%s run -e %s"):format(support.difkit, quote(([[
      do
         local meter <close> = difkit.meter("%s", 100)
         local start = os.clock()
         for i = 1, 100 do
            while os.clock() - start < i * %s / 100 do end
            meter:tick(i)
         end
      end
      print "done"]]):format(label or "thing", seconds)))
end

local function find(text, words) return text:find(words, 1, true) end

setup(function()
   folder, remove = support.folder()
end)
teardown(function() remove() end)

describe("the line of progress", function()
   it("appears after a second, and is erased", function()
      local out, status = on_terminal(counting(1.3))
      assert.equal(0, status)
      assert.truthy(out:find "^\r +%d+ %%  thing %d+ of 100[^\r]*\27%[K\r", out)
      assert.equal("\r\27[Kdone\r\n", out:sub(-#"\r\27[Kdone\r\n"))
   end)

   it("is absent when there is less to do, without a terminal, with NO_COLOR and on a dumb terminal", function()
      local terminal = "env %s script -qec %s /dev/null >%s/%s </dev/null"
      local commands = {
         terminal:format("-u NO_COLOR TERM=xterm", quote(counting(0.01)), folder, "short"),
         terminal:format("NO_COLOR=1 TERM=xterm", quote(counting(1.2)), folder, "plain"),
         terminal:format("-u NO_COLOR TERM=dumb", quote(counting(1.2)), folder, "dumb"),
         ("env -u NO_COLOR TERM=xterm %s >%s/pipe 2>&1"):format(counting(1.2), folder),
      }
      assert.equal(0, support.shell(table.concat(commands, " &\n") .. "\nwait").status)
      for _, name in ipairs {"short", "plain", "dumb", "pipe"} do
         local out = support.read(folder .. "/" .. name)
         assert.truthy(find(out, "done"), name)
         assert.falsy(find(out, "thing"), name)
         assert.falsy(find(out, "\27["), name)
      end
   end)

   it("takes no control characters from a label, and no more than the width of the terminal", function()
      local label = [[one\27[31m\7\u{9B}2Jtwo]] .. ("x"):rep(100)
      local out = on_terminal(("stty cols 30; %s"):format(counting(1.2, label)))
      local shown = assert(out:match "\r( +%d+ %%  [^\r]*)\27%[K", out)
      assert.equal("one[31m2Jtwoxxxxxxxxxx", shown:match "%%  (.*)")
      assert.equal(29, #shown)
   end)
end)

describe("a long robustness test", function()
   local runs = [[
local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
egdi:compute(difkit.open()):robustness{runs = 100000000, weights = 0.25, threads = 1}]]

   it("shows how far it is, and ends at the limit of time with a message on a line of its own", function()
      local out, status = on_terminal(("%s run --time 1.5 -e %s"):format(support.difkit, quote(runs)))
      assert.equal(3, status)
      assert.truthy(out:find "\r +%d+ %%  run %d+ of 100000000, %d+ %a+ left", out)
      local message = "\r\27%[K[^\r]*difkit:[^\r]* used more than 1.5 seconds of processor time; [^\r]*\r\n$"
      assert.truthy(out:find(message), out)
   end)
end)
