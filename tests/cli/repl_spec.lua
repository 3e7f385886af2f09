--- The interactive session: what is piped into it, and before a person at a terminal (tests/support/terminal.c).
local support = dofile "tests/cli/support.lua"

--- The programs stay found from other folders.
local function absolute(path)
   local pipe = assert(io.popen("realpath " .. support.quote(path)))
   local found = pipe:read "l"
   pipe:close()
   return found
end

support.difkit = absolute(support.difkit)
local terminal = absolute(os.getenv "DIFKIT_TERMINAL" or "build/release/tests/terminal")

local folder, remove

--- The session's output for these lines on standard input.
local function piped(lines, ...)
   local words = table.pack("repl", ...)
   words[words.n + 1] = {
      input = table.concat(lines, "\n") .. "\n",
      environment = ("cd %s; HOME=%s EDITOR=./editor"):format(folder, folder),
   }
   return support.run(table.unpack(words))
end

--- What a person at a terminal sees: `steps` as tests/support/terminal.c reads them.
local function played(steps, options)
   support.write(folder .. "/steps", "< Ctrl-D ends.\n< > \n" .. table.concat(steps, "\n") .. "\n")
   local result = support.shell(([[cd %s; env -u VISUAL HOME=%s XDG_STATE_HOME=%s TERM=xterm LC_ALL=C.UTF-8 NO_COLOR=1 \
      EDITOR=./editor %s %s repl %s <steps]]):format(folder, folder, options and options.state or folder .. "/state",
      support.quote(terminal), support.quote(support.difkit), options and options.words or ""))
   assert.equal("", result.err, result.out)
   return result
end

--- The same for whole lines, each typed when the prompt is there.
local function at_terminal(lines, words)
   local steps = {}
   for _, line in ipairs(lines) do
      steps[#steps + 1] = "> " .. line:gsub("\\", "\\\\") .. "\\r"
      steps[#steps + 1] = "< \n> "
   end
   steps[#steps + 1] = "> \\x04"
   return played(steps, {words = words})
end

describe("difkit repl", function()
   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   it("answers a line on standard input without a prompt", function()
      local result = piped {"1+1"}
      assert.equal("2\n", result.out)
      assert.equal("", result.err)
      assert.equal(0, result.status)
   end)

   it("shows values as what they are", function()
      local result = piped {
         '"a\\n\\"b\\""', "{3, 2, b = {1}, a = \"x\"}", "nil", "print()", "=1, nil, true", "return 2.5", "{}",
         "local t = {} t.t = t", "t", "print", "-- nothing",
      }
      assert.equal('"a\\n\\"b\\""\n{3, 2, a = "x", b = {1}}\nnil\n\n1\tnil\ttrue\n2.5\n{}\n{t = {…}}\nfunction\n',
         result.out)
      assert.equal("", result.err)
   end)

   it("shows queries, results and lists of rows as tables", function()
      local documents = "id\n───────\nDIFAP\nACRF\nADM2025\nBSBR\nWPAAEC\n"
      local result = piped {
         'db:documents():select("id")', 'db:documents():select("id"):table()', 'db:documents():select("id"):all()',
      }
      assert.equal(documents:rep(3), result.out)
      assert.equal("id\n───\nPA1\n", piped {'db:query("SELECT id FROM area ORDER BY id LIMIT 1")'}.out)
   end)

   it("shows the first rows, a line each, and says what it leaves out", function()
      local lines = support.lines(piped {"db:actions()", "#_:table()"}.out)
      assert.equal("244", lines[#lines])
      assert.truthy(lines[3]:find "^DIFAP%.TF%.1 .*Ratify the ASEAN Trade in Goods Agreement")
      assert.truthy(lines[23]:find "^… 224 more rows, and %d+ columns: document_title, ")
      for _, line in ipairs(lines) do assert.truthy(utf8.len(line) <= 100) end
   end)

   it("keeps variables, also of local, and the last result", function()
      local result = piped {
         "local n <const>, m = 20", "function f() n = n + 1; return n end", "local function g() return f() end", "g()",
         "_ + n", "m", "do local inner = 1 end", "inner",
      }
      assert.equal("21\n42\nnil\nnil\n", result.out)
   end)

   it("goes on while an entry is not complete", function()
      local result = piped {
         "for i = 1, 2 do", "  print(i)", "end", "x = {", "1,", "}", "#x", "s = [[a", "b]]", "#s", "(2 +", "3)",
      }
      assert.equal("1\n2\n1\n3\n5\n", result.out)
      assert.equal("error: unfinished string; the closing quote is missing\n", piped({'help "limit'}).err)
      result = piped {"f("}
      assert.equal("error: the entry ends too early: unexpected symbol near <eof>\n", result.err)
      assert.equal(4, result.status)
   end)

   it("survives errors, and ends with the status of the first", function()
      local result = piped {"x = 1", "nope.y", 'db:actions{document = "BSRB"}', "1 +* 2", "error('own')", "x"}
      assert.equal(([[
error: attempt to index a nil value (global 'nope')
error: actions: unknown document "BSRB"; did you mean "BSBR"?
error: unexpected symbol near '*'
error: own
]]), result.err)
      assert.equal("1\n", result.out)
      assert.equal(4, result.status)
      assert.equal("error: in an earlier entry, line 2: attempt to call a nil value (global 'g')\n",
         piped({"function f()", "g()", "end", "f()"}).err)
      assert.equal("error: line 2: attempt to call a nil value (global 'g')\n", piped({"do", "g()", "end"}).err)
   end)

   it("shows the message of what the world refuses", function()
      local result = piped {'db:action "DIFAP.XY.1"', 'difkit.open "no.db"'}
      assert.truthy(result.err:find('error: no action "DIFAP.XY.1"', 1, true))
      assert.truthy(result.err:find("error: cannot read no.db", 1, true))
      assert.equal(2, result.status)
   end)

   it("keeps the sandbox, which --trust lifts", function()
      local result = piped {"os.execute", 'io.open("/etc/passwd")', 'db:areas():write "areas.csv"'}
      assert.equal("nil\n", result.out)
      assert.truthy(result.err:find("cannot read /etc/passwd: a script reads only files of its own folder", 1, true))
      assert.truthy(result.err:find("--out DIR", 1, true))
      assert.equal(0, piped({'db:areas():write "areas.csv"'}, "--out", "out").status)
      assert.truthy(support.exists(folder .. "/out/areas.csv"))
      assert.equal("true\n", piped({'io.open("/etc/passwd") ~= nil'}, "--trust").out)
   end)

   it("gives each entry limits of its own, and survives them", function()
      local result = piped({
         "x = 1", "pcall(function() while true do end end)", "coroutine.wrap(function() while true do end end)()",
         ".sql WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
         "x + 1",
      }, "--time", "0.3")
      assert.equal("2\n", result.out)
      assert.equal(2, select(2, result.err:gsub("error: the entry used more than 0.3 seconds of processor time", "")))
      assert.equal(3, result.status)
      result = piped({
         "x = {} for i = 1, 1e9 do x[i] = {} end", "x = nil", "y = {} for i = 1, 5e4 do y[i] = {} end", "#y",
      }, "--memory", "20M")
      assert.equal("error: the entry used more than 20 MB of memory; "
         .. "lift it with --memory SIZE, or --trust for your own script\n", result.err)
      assert.equal("50000\n", result.out)
   end)

   it("lets no script do what only the user may type", function()
      support.write(folder .. "/evil.lua", [[
         local session = {worked = {}, environment = {}, predefined = {}, fail = function(_, p) print(p.message) end}
         local known, run = pcall(require, "difkit.repl.commands")
         print(known, run)
         print(pcall(require, "difkit.repl"))
         print(pcall(require, "difkit.command"))
         difkit.error.hint = function() run(session, ".save stolen", ".save stolen") end
      ]])
      local result = piped {".source evil.lua", "db:actons()", ".sorce x"}
      assert.equal(3, select(2, result.out:gsub('module "difkit[%w.]+" not found', "")))
      assert.falsy(support.exists(folder .. "/stolen"))
      assert.equal(3, select(2, support.run("run", folder .. "/evil.lua").out:gsub("not found", "")))
   end)

   it("answers help", function()
      assert.truthy(piped({"help(db.actions)"}).out:find "^db:actions%(filters%)\n")
      assert.truthy(piped({'help "limit"'}).out:find "^query:limit%(count%)\n")
      assert.truthy(piped({"help()"}).out:find "difkit.Query – ")
      assert.truthy(piped({"db.actions"}).out:find "^db:actions%(filters%)  %(help%(db.actions%) tells more%)\n")
      local lines = piped({".help"}).out
      for _, name in ipairs {"sql", "schema", "source", "edit", "save", "history", "quit"} do
         assert.truthy(lines:find("\n." .. name, 1, true))
      end
   end)

   it("asks in SQL, on one line or several", function()
      local result = piped {".sql SELECT count(*) AS n FROM area", "_[1].n", ".sql", "SELECT 1", " AS one;", "2"}
      assert.equal("n\n─\n6\n6\none\n───\n  1\n2\n", result.out)
      assert.equal("error: no such table: aria; did you mean \"area\"?\n", piped({".sql SELECT * FROM aria"}).err)
   end)

   it("shows the tables", function()
      local result = piped {".schema", ".schema area"}
      assert.truthy(result.out:find "\naction +244  something that a document says is to be done\n")
      assert.truthy(result.out:find "\nframework_id  id of framework  ")
      assert.truthy(piped({".schema aria"}).err:find('unknown table "aria"; did you mean "area"?', 1, true))
   end)

   it("runs files", function()
      support.write(folder .. "/a.lua", "#!/usr/bin/difkit\nlocal function twice(x) return 2 * x end\nword = 'hello'\n")
      assert.equal("8\n", piped({"twice(4)"}, "a.lua").out)
      assert.equal('"hello"\n', piped({".source a.lua", "word"}).out)
      support.write(folder .. "/bad.lua", "x = 1\nboom()\n")
      local result = piped({"x"}, "bad.lua")
      assert.equal("error: bad.lua:2: attempt to call a nil value (global 'boom')\n", result.err)
      assert.equal(4, result.status)
      assert.truthy(piped({".source b.lua"}).err:find("cannot read b.lua: No such file or directory", 1, true))
      assert.truthy(piped({".source"}).err:find("which file?", 1, true))
      support.fails(5, "cannot read no.lua: No such file or directory", piped({"x"}, "no.lua"))
   end)

   it("saves what worked as a script that runs", function()
      local lines = {
         "local areas = db:areas()", "boom()", "areas:count()", "_ + 1", "help 'limit'", "{b = 2, a = {1}}",
         "local none, nothing", "none", ".sql SELECT 1 AS one", "local last = 'PA6' -- it is",
         'areas:where{id = last}:select("id", "number")',
         ".save s.lua",
      }
      local session = at_terminal(lines)
      assert.truthy(session.out:find("wrote s.lua: 8 entries; run it with: difkit run ./s.lua", 1, true))
      local text = support.read(folder .. "/s.lua")
      assert.truthy(text:find("^%-%-%- Lines of a session of `difkit repl`%.\n%-%-%-@script s\n"))
      assert.falsy(text:find "boom")
      assert.equal(0, support.run("check", folder .. "/s.lua").status)
      local result = support.run("run", folder .. "/s.lua")
      assert.equal("", result.err)
      assert.equal('6\n7\n{\n  "a": [\n    1\n  ],\n  "b": 2\n}\none\n───\n  1\n'
         .. "id   number\n───────────\nPA6       6\n", result.out)
      assert.equal("id,number\nPA6,6\n", support.run("run", folder .. "/s.lua", "--format", "csv").out:match "id,.*$")
   end)

   it("replaces a file only when told to", function()
      support.write(folder .. "/s.lua", "mine")
      local said = at_terminal({"x = 1", ".save s.lua"}).out
      assert.truthy(said:find("error: s.lua is there already; `.save! s.lua` replaces it", 1, true))
      assert.equal("mine", support.read(folder .. "/s.lua"))
      assert.equal(0, at_terminal({"x = 1", ".save! s.lua"}).status)
      assert.truthy(support.read(folder .. "/s.lua"):find "\nlocal x\n\nx = 1\n")
      assert.truthy(at_terminal({".save t.lua"}).out:find("error: .save: nothing has worked yet", 1, true))
   end)

   it("does what the guide shows", function()
      local guide = support.read "scripts/guide/GUIDE.md"
      local typed, shown = {}, {}
      for line in guide:match "\n%$ difkit repl\n(.-)```":gmatch "([^\n]*)\n" do
         local entry = line:match "^> (.*)$" or line:match "^%.%. (.*)$"
         local list = entry and typed or shown
         list[#list + 1] = entry or line
      end
      assert.truthy(#typed > 5)
      assert.truthy(typed[#typed]:find "^%.save") -- which a pipe may not
      local wrote = table.remove(shown)
      assert.truthy(at_terminal({typed[1], typed[#typed]}).out:find("wrote cyber.lua: 1 entry; run it with: ", 1, true))
      assert.truthy(wrote:find "^wrote cyber.lua: %d+ entries; run it with: difkit run ./cyber.lua$")
      typed[#typed] = nil
      local result = piped(typed)
      local said, messages = {}, {}
      for _, line in ipairs(shown) do
         local list = line:find "^error: " and messages or said
         list[#list + 1] = line .. "\n"
      end
      assert.equal(table.concat(said), result.out)
      assert.equal(table.concat(messages), result.err)
   end)

   it("names the command that was meant", function()
      local result = piped {".shema", ".nothing"}
      assert.equal('error: unknown command ".shema"; did you mean ".schema"?\n'
         .. 'error: unknown command ".nothing"; .help lists them\n', result.err)
      assert.equal(2, result.status)
      assert.equal("", piped({".quit", "1"}).out)
   end)

   it("opens the data that --db names, or says why not", function()
      local result = piped({"1"}, "--db", "no.db")
      assert.equal(5, result.status)
      assert.equal("", result.out)
      support.write(folder .. "/more.yaml", 'units: [{id: PNG, title: "Papua New Guinea"}]\n')
      local saved = "wrote s.lua: 1 entry; run it with: difkit run ./s.lua --with more.yaml"
      assert.equal("12\n", piped({"db:units():count()"}, "--with", "more.yaml").out)
      assert.truthy(at_terminal({"db:units():count()", ".save s.lua"}, "--with more.yaml").out:find(saved, 1, true))
   end)
end)

describe("difkit repl in a process of its own", function()
   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   it("obeys no line of a pipe that writes or starts a program", function()
      support.write(folder .. "/editor", "#!/bin/sh\ntouch started\n")
      support.shell("chmod +x " .. folder .. "/editor")
      for _, line in ipairs {".save s.lua", ".save! s.lua", ".edit"} do
         for _, isolation in ipairs {"auto", "off"} do
            local result = piped({"x = 1", line}, "--isolation=" .. isolation)
            assert.equal(2, result.status)
            assert.truthy(result.err:find("what comes through a pipe writes no file", 1, true), result.err)
            assert.falsy(support.exists(folder .. "/s.lua"))
            assert.falsy(support.exists(folder .. "/started"))
         end
      end
   end)

   it("reads on where the line ended", function()
      for _, isolation in ipairs {"auto", "off"} do
         assert.equal('"hello"\n3\n', piped({"io.read()", "hello", "1 + 2"}, "--isolation=" .. isolation).out)
      end
   end)

   it("replaces a process that had to be ended, and says that its variables are gone", function()
      local endless = 'x = 1; ("a"):rep(60):find((".-"):rep(40) .. "c")' -- gives no chance to end it more gently
      local result = piped({"x = 7", "x", endless, "x", "1 + 1"}, "--time", "1")
      assert.equal("7\nnil\n2\n", result.out)
      assert.equal(3, result.status)
      assert.truthy(result.err:find("processor time", 1, true))
      assert.equal(1, select(2, result.err:gsub("the session goes on in a new process; its variables are gone\n", "")))
      assert.equal("", support.shell("ls -A " .. folder .. " | grep difkit-run").out)
   end)

   it("does not count the time in which it waits", function()
      local result = support.shell(("cd %s; (echo 'x = 1'; sleep 2; echo x) | HOME=%s %s repl --time 1"):format(folder,
         folder, support.difkit))
      assert.equal("1\n", result.out)
      assert.equal("", result.err)
   end)

   it("gives no file to what an entry runs, nor the lines of earlier sessions", function()
      support.shell(("mkdir -p %s/state/difkit && echo secret >%s/state/difkit/history"):format(folder, folder))
      local result = piped({('io.open("%s/state/difkit/history")'):format(folder), 'io.open("/etc/hostname")',
         'io.open(".profile")', "os.execute"}, "--isolation=require")
      assert.equal("nil\n", result.out)
      assert.equal(3, select(2, result.err:gsub("error: cannot read ", "")))
   end)

   it("goes on at a terminal, with the lines of before", function()
      local result = played({
         "> a = 6 * 7\\r", "< \n> ", '> ("a"):rep(60):find((".-"):rep(40) .. "c")\\r', "< variables are gone", "< > ",
         "> a\\r", "< nil", "< \n> ", "> \\e[A\\e[A\\e[A\\r", "< \n> ", "> a + 1\\r", "< 43", "< > ", "> \\x04",
      }, {words = "--time 1"})
      assert.equal(0, result.status)
   end)
end)

describe("difkit repl at a terminal", function()
   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   it("greets, prompts, and ends with Ctrl-D", function()
      local result = played {"> 6 * 7\\r", "< 42", "< > ", "> \\x04"}
      assert.equal(0, result.status)
      assert.truthy(result.out:find("the bundled framework, 5 documents, 244 actions (db)", 1, true))
   end)

   it("completes names, members, columns and ids", function()
      local result = played {
         "> differ = 17\\r", "< > ", "> 2 * diff\\t\\r", "< 34",
         "< > ", "> db:from(\"act\\t\\t", "< action_full", "> _f\\t\"):wh\\t{do\\t\\t",
         "< document_title", "> = \"BSBR\"}:count()\\r", "< 22",
         "< > ", "> #db:action(\"BSBR.EP\\t\\t", "< BSBR.EP.2", "> 1\").id\\r", "< 9",
         "< > ", "> db:topics{ar\\t = \"PA\\t5\"}:on\\t().id\\r", "< \"digitalisation-of-msmes\"",
         "< > ", "> .sch\\t fram\\t\\r", "< column", "< > ", "> \\x04",
      }
      assert.equal(0, result.status)
   end)

   it("runs nothing to complete", function()
      local result = played {
         "> t = setmetatable({}, {__index = function() print(\"ra\" .. \"n\") end})\\r", "< > ",
         "> t.ab\\t\\x15", "> t.x.y\\t\\x15", "> t:f():g\\t\\x15", "> 1 + 1\\r", "< 2", "< > ", "> \\x04",
      }
      assert.falsy(result.out:find("ran", 1, true))
   end)

   it("goes on with .. and drops what is typed at Ctrl-C", function()
      played {
         "> for i = 1, 2 do\\r", "< .. ", "> print(i * 11)\\r", "< .. ", "> end\\r", "< 22", "< > ",
         "> f(\\r", "< .. ", "> \\x03", "< ^C", "< > ", "> 40 + 4\\r", "< 44", "< > ",
         "> garbage(", "< garbage(", "> \\x03", "< > ", "> 50 + 5\\r", "< 55", "< > ", "> \\x04",
      }
   end)

   it("stops a computation, a query and a coroutine at Ctrl-C, and lives on", function()
      played({
         "> x = 1 print(\"run\" .. 1) while true do end\\r", "< run1", "> \\x03", "< interrupted", "< > ",
         "> print(\"run\" .. 2) pcall(function() while true do end end) while true do end\\r", "< run2", "> \\x03",
         "< interrupted", "< > ",
         "> print(\"run\" .. 3) db:query(\"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) "
            .. "SELECT max(i) FROM n\"):value()\\r", "< run3", "> \\x03", "< interrupted", "< > ",
         "> x + 1\\r", "< 2", "< > ", "> \\x04",
      }, {words = "--trust"})
   end)

   it("keeps lines from one session to the next, for the user alone", function()
      played {
         "> a = 6 * 7\\r", "< > ", "> for i = 1, 1 do\\r", "< .. ", "> print(\"in\" .. i) end\\r", "< in1", "< > ",
         "> \\x04",
      }
      local file = folder .. "/state/difkit/history"
      assert.equal('a = 6 * 7\nfor i = 1, 1 do\\nprint("in" .. i) end\n', support.read(file))
      assert.truthy(support.shell("stat -c %a " .. file).out:find "^600")
      local result = played {"> \\e[A\\r", "< in1", "< > ", "> .history\\r", "< print(\"in\" .. i) end", "< > ",
         "> \\x12a =\\r", "< > ", "> a\\r", "< 42", "< > ", "> \\x04"}
      assert.equal(0, result.status)
   end)

   it("keeps a thousand lines, and bears a history that cannot be kept", function()
      support.shell(("mkdir -p %s/state/difkit; seq 1 1500 >%s/state/difkit/history"):format(folder, folder))
      played {"> \\e[A\\r", "< 1500", "< > ", "> \\x04"}
      local lines = support.lines(support.read(folder .. "/state/difkit/history"))
      assert.equal("501", lines[1])
      assert.equal(1000, #lines)
      local result = played({"> 1\\r", "< lines of this session will not be kept", "< > ", "> 20 + 2\\r", "< 22",
         "< > ", "> \\x04"}, {state = "/dev/null"})
      assert.equal(1, select(2, result.out:gsub("will not be kept", "")))
   end)

   it("edits an entry with the editor of the user", function()
      support.write(folder .. "/editor", '#!/bin/sh\nls -l "$1" | cut -c 1-10 >mode\nsed -i "s/10/30/" "$1"\n')
      support.shell("chmod +x " .. folder .. "/editor")
      played {
         "> 10 + 4\\r", "< 14", "< > ", "> .edit\\r", "< 34", "< > ", "> x = {10,\\r", "< .. ",
         "> .edit\\r", "< ends too early", "< > ", "> \\e[A\\r", "< .. ", "> 2}\\r", "< > ",
         "> x[1] + x[2]\\r", "< 32", "< > ", "> \\x04",
      }
      assert.truthy(support.read(folder .. "/mode"):find "^-rw")
      support.write(folder .. "/editor", "#!/bin/sh\nexit 1\n")
      played {"> 10 + 4\\r", "< 14", "< > ", "> .edit\\r", "< the editor failed; nothing was run", "< > ", "> \\x04"}
   end)

   it("leaves the terminal as it was when it is ended", function()
      local result = played {"! TERM"}
      assert.equal(143, result.status)
   end)
end)
