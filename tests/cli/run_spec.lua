local support = dofile "tests/cli/support.lua"
local run, read, write = support.run, support.read, support.write

describe("difkit run", function()
   local folder, remove

   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   --- Runs a script written to a file.
   local function script(text, ...)
      local path = folder .. "/script.lua"
      write(path, text)
      return run("run", path, ...)
   end

   it("takes a file, a stock script, standard input or code", function()
      local text = 'print(require("difkit").open():from("action"):count())'
      assert.equal("244\n", script(text).out)
      assert.equal("244\n", run("run", "-", {input = text}).out)
      assert.equal("244\n", run("run", "-e", text).out)
      assert.truthy(run("run", "coverage").out:find("\nTotal ", 1, true))
   end)

   it("prints the value of an expression", function()
      assert.equal("244\n", run("run", "-e", 'difkit.open():from("action"):count()').out)
      assert.equal("1\nb\n", run("run", "-e", '1, "b", nil').out)
      assert.equal('[\n  1,\n  2\n]\n', run("run", "-e", "{1, 2}").out)
   end)

   it("prints the table, query or result that the script returns", function()
      local expected = "id   number\n───────────\nPA1       1\n"
      assert.equal(expected, script('return require("difkit").table({"id", "number"}, {{"PA1", 1}})').out)
      local query = 'difkit.open():from("area"):where{id = "PA1"}:select("id", "number")'
      assert.equal(expected, run("run", "-e", query).out)
      assert.equal(expected, run("run", "-e", "difkit.open():query('SELECT id, number FROM area LIMIT 1')").out)
      assert.equal(expected, run("run", "-e", 'difkit.open():areas{id = "PA1"}:select("id", "number")').out)
   end)

   it("prints it in another format, or writes it", function()
      local code = 'difkit.table({"id", "n"}, {{"a|b", 1}, {"=1+1"}})'
      local function formatted(format) return run("run", "-e", code, "--format", format).out end
      assert.equal("id,n\na|b,1\n\"'=1+1\",\n", formatted "csv")
      assert.equal("id\tn\na|b\t1\n\"'=1+1\"\t\n", formatted "tsv")
      assert.equal('[{"id":"a|b","n":1},\n {"id":"=1+1","n":null}]\n', formatted "json")
      assert.equal('{"id":"a|b","n":1}\n{"id":"=1+1","n":null}\n', formatted "ndjson")
      assert.equal("| id | n |\n| --- | ---: |\n| a\\|b | 1 |\n| =1+1 |  |\n", formatted "markdown")
      assert.equal("id    n\n───────\na|b   1\n=1+1  –\n", formatted "table")
      local path = folder .. "/t.csv"
      local result = run("run", "-e", code, "-o", path)
      assert.equal(0, result.status)
      assert.equal("", result.out)
      assert.equal("id,n\na|b,1\n\"'=1+1\",\n", read(path))
      assert.equal(0, run("run", "-e", code, "--format", "json", "--output", folder .. "/data").status)
      assert.equal(formatted "json", read(folder .. "/data"))
   end)

   it("refuses --format and --output for a script that returns no table", function()
      local result = run("run", "-e", "print(1)", "--format", "csv")
      assert.equal(2, result.status)
      assert.truthy(result.err:find("returned no table for --format", 1, true))
   end)

   it("gives the script its options, as its header declares them", function()
      local text = [[
--- Says what it was given.
---@argument words text...  Words.
---@option top integer=5  How many.
---@option wide boolean  Wide.
local options = ...
assert(options == require("difkit").options())
print(options.top, options.wide, table.concat(options.words or {}, "+"))
]]
      assert.equal("5\tnil\t\n", script(text).out)
      assert.equal("3\ttrue\ta+b\n", script(text, "a", "--top", "3", "--wide", "b").out)
      assert.equal("7\tfalse\t--top\n", script(text, "--top=7", "--no-wide", "--", "--top").out)
      assert.equal("5\tnil\t-5\n", script(text, "-5").out)
      -- Options of difkit may stand on either side.
      assert.equal("6\tnil\t\n", script(text, "--db", "data/asean-dif", "--top", "6").out)
   end)

   it("leaves the script of difkit 0.1.0 the options that the runner got later", function()
      write(folder .. "/old.lua", [[
--- Declares what was free.
---@option write text  Where.
---@option isolation choice(low|high)=low  Of what it looks at.
---@option threads integer=1  At once.
---@option read boolean  Whether.
local o = require "difkit".options()
print(o.write, o.isolation, o.threads, o.read)
]])
      local path = folder .. "/old.lua"
      assert.equal("a.csv\thigh\t3\tfalse\n",
         run("run", path, "--write", "a.csv", "--isolation=high", "--threads", "3", "--no-read").out)
      -- The runner's own stand before the name.
      assert.equal("b\tlow\t1\ttrue\n", run("run", "--isolation=off", "--write", path, "--write=b", "--read").out)
      assert.matches("auto, require or off", run("run", "--isolation=low", path, "--write=b").err)
      assert.equal("c\tlow\t1\tnil\n", run("run", "-", "--write", "c", {input = support.read(path)}).out)
      -- A script that declares none leaves them to the runner wherever they stand.
      write(folder .. "/new.lua", "print(1)")
      assert.equal("1\n", run("run", folder .. "/new.lua", "--write", "--isolation=off", "--read", folder).out)
      local findings = run("check", path)
      assert.equal(1, findings.status)
      for _, name in ipairs {"write", "isolation", "threads", "read"} do
         assert.matches(('the option "%s" is one of `difkit run`, too; its own now has to stand before the script\'s '
            .. "name"):format(name), findings.out, 1, true)
      end
   end)

   it("takes a number of threads, with the same result whatever it is", function()
      local code = [[local index = difkit.index{id = "x", units = "ASEAN", period = 2022,
            children = {"osi", "tii", "hci"}}
         local made = index:compute(difkit.open())
         return made:robustness{runs = 200, weights = 0.25}]]
      local one = run("run", "--threads", "1", "-e", code)
      assert.equal(0, one.status, one.err)
      assert.equal(one.out, run("run", "--threads=3", "-e", code).out)
      for _, wrong in ipairs {"0", "65", "two"} do
         local refused = run("run", "--threads", wrong, "-e", "1")
         assert.equal(2, refused.status)
         assert.equal(('difkit: --threads must be a number from 1 to 64, not "%s"\n'):format(wrong), refused.err)
      end
   end)

   it("has no option that a script could take without being told", function()
      local kinds = require "difkit.script.kinds"
      local count = 0
      for name in run("run", "--help").out:gmatch "\n  [%-%w ][%w ][, ] %-%-([%a-]+)" do
         count = count + 1
         assert.truthy(kinds.reserved[name] or kinds.shared[name], name)
      end
      assert.is_true(count >= 17)
   end)

   it("prints the help of the script", function()
      local text = "--- Says hello.\n---@option name text=you  Whom to greet.\n"
      local help = script(text, "--help").out
      assert.truthy(help:find("^Says hello%.\n"))
      assert.truthy(help:find("--name TEXT  Whom to greet. (default you)", 1, true))
      assert.truthy(help:find("Usage: difkit run " .. folder .. "/script.lua", 1, true))
      assert.equal(run("run", "gaps", "--help").out, run("help", "gaps").out)
      assert.equal(run("run", "gaps", "--help").out, run("help", "run", "gaps").out)
   end)

   it("says what is wrong with the options", function()
      local function refused(message, ...)
         local result = run("run", ...)
         assert.equal(2, result.status)
         assert.equal("", result.out)
         assert.equal("difkit: " .. message .. "\n", result.err)
      end
      refused('unknown script "coverge"; did you mean "coverage"?', "coverge")
      refused("unknown option --formt of coverage; did you mean --format?", "coverage", "--formt", "csv")
      refused("unknown option --aera of coverage; did you mean --area?", "coverage", "--aera", "PA1")
      refused('--area: unknown area "PA9"; did you mean "PA1"?', "coverage", "--area", "PA9")
      refused("--have is missing: The document that has actions on the topic, such as DIFAP.", "gaps")
      refused('--limit must be a whole number, not "few"', "search", "x", "--limit", "few")
      refused('unexpected argument "now"; coverage takes none', "coverage", "now")
      refused("--format must be table, csv, tsv, json, ndjson or markdown, not \"jsno\"; did you mean \"json\"?",
         "coverage", "--format", "jsno")
      refused('--memory must be a size such as 64M or 1G, not "much"', "coverage", "--memory", "much")
      refused('--time must be a number of seconds, not "-1"', "coverage", "--time=-1")
      refused("run: which script? A file, a stock script, - or -e CODE; `difkit scripts` lists the stock scripts")
   end)

   it("suggests the file whose ending was left out", function()
      write(folder .. "/mine.lua", "")
      local result = support.shell(("cd %s && %s run mine"):format(folder,
         support.shell("realpath " .. support.difkit).out:gsub("\n", "")))
      assert.equal(2, result.status)
      assert.truthy(result.err:find("did you mean the file mine.lua?", 1, true))
   end)

   it("reads the data that --db and --with name", function()
      local database = folder .. "/dif.db"
      assert.equal(0, run("load", "data/asean-dif", "-o", database).status)
      local count = 'difkit.open():from("unit"):count()'
      assert.equal("11\n", run("run", "-e", count, "--db", database).out)
      assert.equal("11\n", run("run", "-e", count, "--db", "data/asean-dif").out)
      write(folder .. "/more.yaml", 'units: [{id: PNG, title: "Papua New Guinea"}]\n')
      assert.equal("12\n", run("run", "-e", count, "--with", folder .. "/more.yaml").out)
   end)

   it("ends with 5 when the data cannot be read, with 1 when they have faults", function()
      local missing = run("run", "coverage", "--db", folder .. "/no.db")
      assert.equal(5, missing.status)
      assert.equal(("difkit: cannot open the database %s/no.db: No such file or directory\n"):format(folder),
         missing.err)
      write(folder .. "/bad.yaml", "documnet: {id: X}\n")
      local faulty = run("run", "coverage", "--db", folder .. "/bad.yaml")
      assert.equal(1, faulty.status)
      assert.truthy(faulty.err:find('bad.yaml:1:1: unknown key "documnet"', 1, true))
   end)

   it("shows an error with its line, and the way to it in the script's own code", function()
      local result = script [[
local difkit = require "difkit"
local db = difkit.open()
local function deadline(action) return action.note + 1 end
local function all()
   for action in db:actions{id = "DIFAP.TF.1"} do print(deadline(action)) end
end
all()
]]
      assert.equal(4, result.status)
      assert.equal("", result.out)
      local lines = support.lines(result.err)
      assert.truthy(lines[1]:find("script.lua:3: ", 1, true))
      assert.truthy(lines[1]:find("DIFAP.TF.1 (difap.yaml:", 1, true))
      assert.truthy(lines[2]:find("script.lua:3", 1, true))
      assert.truthy(lines[3]:find("script.lua:5", 1, true))
      assert.falsy(result.err:find("difkit/", 1, true))
   end)

   it("ends with 4 for a mistake in the script, with 3 for a limit", function()
      support.fails(4, "unexpected symbol near <eof>", script("local x = "))
      support.fails(4, ".lua:1: no", script("error 'no'"))
      support.fails(4, 'did you mean "action"?', script("require('difkit').open():from 'actoin'"))
      local slow = script("while true do pcall(function() while true do end end) end", "--time", "0.1")
      assert.equal(3, slow.status)
      assert.truthy(slow.err:find("--time SECONDS", 1, true))
      local large = script("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", "--memory", "16M")
      assert.equal(3, large.status)
      assert.truthy(large.err:find("--memory SIZE", 1, true))
   end)

   it("returns nil and a message as a failure", function()
      assert.same({status = 5, out = "", err = "difkit: no such thing\n"},
         script("return nil, 'no such thing', 'io'"))
   end)

   it("keeps the script from other files, unless it is trusted", function()
      local text = ('local f, why = io.open(%q, "w") print(f and "open" or why)'):format(folder .. "/x")
      assert.truthy(script(text).out:find "^cannot write ")
      assert.falsy(support.exists(folder .. "/x"))
      assert.equal("open\n", script(text, "--trust").out)
   end)

   it("lets the script write below --out, and with --dry-run only lists the files", function()
      local text = 'assert(require("difkit").table({"a"}, {{1}}):write "sub/t.csv")'
      local out = folder .. "/out"
      local dry = script(text, "--out", out, "--dry-run")
      assert.equal(0, dry.status)
      assert.equal(("would write %s/sub/t.csv (4 bytes)\n"):format(out), dry.out)
      assert.falsy(support.exists(out))
      local wet = script(text, "--out", out)
      assert.equal(0, wet.status)
      assert.equal("", wet.out .. wet.err)
      assert.equal("a\n1\n", read(out .. "/sub/t.csv"))
      local without = script(text)
      assert.equal(4, without.status)
      assert.truthy(without.err:find("--out DIR", 1, true))
      assert.equal("would write nothing\n", script("", "--dry-run").out)
      local table_only = run("run", "-e", 'difkit.table({"a"}, {{1}})', "-o", folder .. "/t.csv", "-n")
      assert.equal(("would write %s/t.csv (4 bytes)\n"):format(folder), table_only.out)
      assert.falsy(support.exists(folder .. "/t.csv"))
   end)

   it("reads library and stock scripts from --library", function()
      support.shell(("cp -r scripts %s/library && echo 'print \"mine\"' > %s/library/stock/mine.lua"):format(folder,
         folder))
      assert.equal("mine\n", run("run", "mine", "--library", folder .. "/library").out)
      assert.equal("mine\n", run("--library", folder .. "/library", "run", "mine").out)
      support.fails(2, 'unknown script "mine"', run("run", "mine"))
      assert.truthy(run("run", "min", "--library", folder .. "/library").err:find('did you mean "mine"?', 1, true))
   end)

   it("ends as the signal says, leaving nothing half-written", function()
      local text = 'local difkit = require "difkit" while true do end'
      write(folder .. "/loop.lua", text)
      for name, status in pairs {INT = 130, TERM = 143} do
         local result = support.signalled(("%s run %s/loop.lua"):format(support.difkit, folder), name)
         assert.equal(status, result.status)
         assert.equal("", result.out .. result.err)
      end
   end)

   it("ends quietly when nobody reads its output", function()
      local result = support.shell(support.difkit .. " run -e 'for i = 1, 1e6 do print(i) end' | head -n 1")
      assert.equal("1\n", result.out)
      assert.equal("", result.err)
   end)
end)

describe("difkit scripts", function()
   it("lists the stock scripts, one line each", function()
      local result = run "scripts"
      assert.equal(0, result.status)
      local names = {}
      for _, line in ipairs(support.lines(result.out)) do
         local name, description = line:match "^(%S+)%s%s+(%S.*)$"
         assert.truthy(description)
         names[#names + 1] = name
      end
      for _, name in ipairs {"coverage", "gaps", "list", "search"} do
         assert.truthy(("\n" .. table.concat(names, "\n") .. "\n"):find("\n" .. name .. "\n", 1, true))
      end
   end)

   it("keeps those that speak of the words", function()
      local kept = run("scripts", "LACK").out
      assert.truthy(("\n" .. kept):find "\ngaps ")
      assert.falsy(("\n" .. kept):find "\nlaws ")
      local none = run("scripts", "frobnicate")
      assert.equal(2, none.status)
      assert.equal("", none.out)
      assert.truthy(none.err:find('no stock script speaks of "frobnicate"', 1, true))
   end)

   it("with --verbose prints their options too", function()
      local result = run("scripts", "--verbose")
      assert.truthy(result.out:find("--lack DOCUMENT", 1, true))
      assert.truthy(result.out:find("--limit INTEGER", 1, true))
   end)
end)
