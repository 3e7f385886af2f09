--- Commands in a process of their own: what they give is the same, what they may reach is what the command line names.
local support = dofile "tests/cli/support.lua"
local run, write = support.run, support.write

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

describe("a run in a process of its own", function()
   it("gives the same bytes as one without", function()
      for _, words in ipairs {
         {"run", "coverage"}, {"run", "list", "--format", "csv"}, {"run", "gaps", "--have", "DIFAP", "--lack", "BSBR"},
         {"run", "search", "cyber*"}, {"run", "overlap", "--limit", "5"}, {"run", "measures"}, {"run", "agreement"},
         {"run", "index", "--runs", "200"}, {"run", "calendar"}, {"run", "debt"}, {"run", "progress"},
         {"sql", "SELECT * FROM area", "--format", "json"}, {"check", "tests/data/garden-framework"},
         {"check", "coverage"}, {"diff", "@bundled", "tests/data/garden-framework"},
         {"run", "-e", "print(1, math.pi) return {1, 'ä'}"}, {"run", "-e", "error 'no'"}, {"run", "-e", "return x.y"},
         {"run", "no-such-script"}, {"sql", "SELECT nothing"},
      } do
         local name = table.concat(words, " ")
         local with, without = {table.unpack(words)}, {table.unpack(words)}
         table.insert(with, 2, "--isolation=require")
         table.insert(without, 2, "--isolation=off")
         assert.same(run(table.unpack(without)), run(table.unpack(with)), name)
      end
   end)

   it("writes the same files below --out", function()
      for _, how in ipairs {"require", "off"} do
         local result = run("run", "explorer", "--isolation=" .. how, "--out", folder .. "/" .. how)
         assert.equal(0, result.status, result.err)
      end
      assert.equal(support.read(folder .. "/off/explorer.html"), support.read(folder .. "/require/explorer.html"))
      local code = 'assert(difkit.open():from("area"):write "areas.xlsx") assert(difkit.text.write("a/b/c.txt", "x"))'
      local result = run("run", "-e", code, "--isolation=require", "--out", folder .. "/made")
      assert.equal(0, result.status, result.err)
      assert.equal("x", support.read(folder .. "/made/a/b/c.txt"))
      assert.matches("^PK", support.read(folder .. "/made/areas.xlsx"))
   end)

   it("makes --out, and leaves nothing of it behind where nothing was written", function()
      assert.equal(0, run("run", "-e", "print(1)", "--out", folder .. "/nothing/here").status)
      assert.is_false(support.exists(folder .. "/nothing/here"))
   end)

   it("puts the file of --output in its place when it is whole, and leaves nothing beside it", function()
      local out = folder .. "/results"
      os.execute("mkdir " .. out)
      assert.equal(0, run("run", "coverage", "--output", out .. "/c.csv", "--isolation=require").status)
      assert.equal(0, run("load", "tests/data/garden-framework", "-o", out .. "/g.db", "--isolation=require").status)
      assert.equal(0, run("load", "tests/data/garden-framework", "-o", out .. "/g.db", "--isolation=require").status)
      assert.equal(0, run("snapshot", "one", "--to", out, "--isolation=require").status)
      local listed = support.lines(support.shell("ls -A " .. out).out)
      assert.same({"c.csv", "g.db", "one.db"}, listed)
      local failed = run("run", "coverage", "--output", out .. "/none/c.csv")
      assert.equal(5, failed.status)
      assert.matches("none/c%.csv", failed.err)
   end)

   it("reads what the command line names, and what --read names besides", function()
      os.execute("mkdir -p " .. folder .. "/own " .. folder .. "/other")
      write(folder .. "/other/a.txt", "words")
      local code = 'local text, message = require "difkit".text.read(%q)\nprint(text or message)'
      write(folder .. "/own/s.lua", code:format(folder .. "/other/a.txt"))
      local refused = run("run", folder .. "/own/s.lua").out
      assert.matches("a script reads only files of its own folder; %-%-read " .. folder:gsub("%p", "%%%0")
         .. "/other/a%.txt lets it be read", refused)
      assert.equal("words\n", run("run", folder .. "/own/s.lua", "--read", folder .. "/other/a.txt").out)
      assert.equal("words\n", run("run", folder .. "/own/s.lua", "--read", folder .. "/other").out)
   end)

   it("gives code, standard input and scripts in a home no folder of their own", function()
      local code = 'print(require "difkit".text.read "a.txt")'
      write(folder .. "/other/s.lua", code)
      assert.equal("words\n", run("run", folder .. "/other/s.lua").out)
      for _, words in ipairs {{"-e", code}, {"-", {input = code}}} do
         local result = run("run", table.unpack(words))
         assert.matches("cannot read a%.txt", result.out)
      end
      local home = support.shell(("HOME=%s %s run %s/other/s.lua"):format(folder .. "/other", support.difkit, folder))
      assert.matches("this script has no folder of its own %(code, standard input, a script in a home%)", home.out)
   end)

   it("can be required, and says what this system lacks otherwise", function()
      local result = run("run", "-e", "print(1)", "--isolation=sometimes")
      assert.equal(2, result.status)
      assert.matches("auto, require or off", result.err)
   end)

   it("ends as a signal says, and leaves nothing", function()
      local command = "%s run -e 'while true do end' --out %s/signal"
      for signal, status in pairs {INT = 130, TERM = 143} do
         local result = support.signalled(command:format(support.difkit, folder), signal)
         assert.equal(status, result.status)
         assert.equal("", result.out .. result.err)
         assert.is_false(support.exists(folder .. "/signal"))
      end
   end)
end)
