--- What a script of another author can not do, and how a run says so: the promises of "difkit run --help".
local support = require "tests.cli.support"

--- Runs code in the sandbox, with options of `difkit run`.
local function code(text, ...)
   local words = {"run", ...}
   table.move({"-e", text}, 1, 2, #words + 1, words)
   return support.run(table.unpack(words))
end

describe("a script", function()
   it("has nothing that reaches beyond it", function()
      local names = {
         "os.execute", "os.getenv", "os.exit", "os.remove", "os.rename", "os.tmpname", "os.setlocale", "io.popen",
         "io.tmpfile", "io.stdout", "io.stderr", "io.output", "debug.getinfo", "debug.sethook", "debug.getregistry",
         "string.dump", "dofile", "loadfile", "package",
      }
      local lines = {}
      for _, name in ipairs(names) do lines[#lines + 1] = ("print(%q, %s)"):format(name, name) end
      for _, line in ipairs(support.lines(code(table.concat(lines, "\n")).out)) do
         assert.matches("\tnil$", line)
      end
   end)

   it("cannot get string.dump by another way, nor change what all strings share", function()
      assert.equal("nil\tstring\n", code [[print(("").dump, getmetatable(""))]].out)
   end)

   it("cannot load bytecode", function()
      local result = code [[print(load("\27Lua")) print(load(function() return nil end, "x", "b"))]]
      assert.matches("^nil\t.*binary chunk", result.out)
   end)

   it("loads code only into its own environment", function()
      assert.equal("nil\t7\n", code [[x = 7 print(load "return os.execute, x" ())]].out)
   end)

   it("requires parts of difkit, and nothing of the machine", function()
      assert.equal("table\n", code [[print(type(require "difkit.table"))]].out)
      for _, module in ipairs {"difkit.core", "difkit.command", "difkit.command.run", "difkit.script.run",
         "difkit.provenance", "difkit.provenance.trace", "difkit.proof",
         "difkit.observe", "difkit.repl", "socket", "lfs"} do
         local result = code(('require %q'):format(module))
         assert.equal(4, result.status)
         assert.matches('module "' .. module .. '" not found', result.err)
      end
   end)

   it("cannot make finalizers, which run outside the limits", function()
      assert.matches("cannot have __gc", code [[setmetatable({}, {__gc = print})]].err)
      for class, make in require("difkit.sorted") {report = "'x'", index = "{id = 'x', children = {'osi'}}",
         chart = ".bars(difkit.table({'a', 'b'}, {{'x', 1}}))"} do
         local evil = "difkit.%s.methods.__gc = function() while true do end end difkit.%s %s"
         assert.matches("cannot have __gc", code(evil:format(class, class, make)).err)
      end
   end)

   it("cannot put finalizers into the metatables of the library", function()
      assert.equal("difkit.Error\tdifkit.Result\n", code([[
         local difkit = require "difkit"
         local _, problem = pcall(difkit.open, 5)
         print(getmetatable(problem), getmetatable(difkit.open():query "SELECT 1"))
      ]]).out)
      assert.equal("1\tnil\n", code "print(getmetatable(setmetatable({}, {a = 1})).a, getmetatable {})".out)
   end)

   it("cannot change what the library calls, however it sets it", function()
      local tries = {
         "difkit.table.methods.print = evil", "difkit.text.width = evil", "difkit.table.new = evil",
         "difkit.table.methods.text = evil", "difkit.table = {methods = {print = evil}}", "difkit.open = evil",
         "rawset(difkit.table, 'methods', {print = evil})", "rawset(difkit.table.methods, 'print', evil)",
         "rawset(difkit.text, 'width', evil)", "rawset(difkit, 'text', {width = evil})",
         "table.insert(difkit.table.methods, evil)", "require 'difkit.table'.methods.print = evil",
         "string.format = evil", "string.rep = evil table.concat = evil math.floor = evil",
         "tostring = evil type = evil pairs = evil setmetatable = evil getmetatable = evil",
         "getmetatable(difkit.table({'a'}, {})).__index = evil", "getmetatable('').__index = evil",
         "for k in pairs(difkit.table.methods) do pcall(rawset, difkit.table.methods, k, evil) end",
         "for k, v in pairs(difkit) do pcall(function() difkit[k] = evil end) end",
         "require 'difkit.diff.text'.words = evil", "difkit.error.raise = evil", "setmetatable(difkit, {})",
      }
      for _, try in ipairs(tries) do
         local result = code([[
            local difkit = require "difkit"
            local function evil() io.write "changed" return "changed" end
            pcall(function() ]] .. try .. [[ end)
            local words = difkit.table({"word"}, {{"as"}, {"it was"}})
            words.title = "Words"
            return words
         ]])
         assert.same({status = 0, out = "Words\n\nword\n──────\nas\nit was\n", err = ""}, result, try)
      end
      assert.matches("difkit.text.width belongs to difkit, which uses it itself; a script cannot change it",
         code('require "difkit".text.width = print').err, 1, true)
      assert.equal("2\n", code([[
         local difkit = require "difkit"
         function difkit.table.methods.twice(t) return 2 * #t end
         print(difkit.table({"a"}, {{1}}):twice())]]).out)
   end)

   it("cannot give SQL an address to call, nor learn one", function()
      local calls = {
         [["SELECT hex(fts3_tokenizer('simple'))"]], [["SELECT fts3_tokenizer(?, ?)", "simple", "AAAAAAAA"]],
      }
      for _, call in ipairs(calls) do
         local result = code("print(require('difkit').open():query(" .. call .. "):value())")
         assert.equal(4, result.status)
         assert.matches("not authorized to use function: fts3_tokenizer", result.err)
      end
   end)

   it("cannot change the settings of the database, but may look at them", function()
      local result = code [[
         local db = require "difkit".open(nil, {write = true})
         print(db:query "PRAGMA foreign_keys":value(), db:query "PRAGMA table_info(area)":one().name)
         db:exec "PRAGMA foreign_keys = OFF"
      ]]
      assert.equal("1\tid\n", result.out)
      assert.matches("not authorized; a script reads and changes data, and nothing else", result.err)
   end)

   it("cannot attach another database or copy this one", function()
      for _, sql in ipairs {"ATTACH '/tmp/difkit-other.db' AS other", "VACUUM INTO '/tmp/difkit-copy.db'"} do
         local result = code(("local db = require 'difkit'.open() db:exec(%q)"):format(sql))
         assert.equal(4, result.status)
         assert.is_false(support.exists "/tmp/difkit-other.db" or support.exists "/tmp/difkit-copy.db")
      end
   end)
end)

describe("a script's words and paths", function()
   local folder, remove

   setup(function() folder, remove = support.folder() end)
   teardown(function() remove() end)

   --- Runs a script of this text in the folder.
   local function run(text, options)
      support.write(folder .. "/x.lua", text)
      return support.shell(("cd %s && timeout 20 %s run x.lua %s"):format(folder, support.absolute, options or ""))
   end

   it("reach nothing beside a folder of --out that is not there yet", function()
      support.write(folder .. "/kept", "precious")
      local result = run([[
         local difkit = require "difkit"
         local parent = difkit.writable():gsub("/[^/]*$", "")
         print(select(2, difkit.text.write(parent .. "/kept", "owned")), select(2, io.open(parent .. "/x.lua", "a")))
         print(select(2, difkit.text.write(parent .. "/newer/x", "owned")))
         print(difkit.text.write("made.txt", "mine"), difkit.text.write(parent .. "/new/deep/er.txt", "mine"))
      ]], "--out new")
      assert.equal(3, select(2, result.out:gsub("a script writes only below the folder of %-%-out", "")), result.out)
      assert.matches("true\ttrue\n$", result.out)
      assert.equal("precious", support.read(folder .. "/kept"))
      assert.equal("mine", support.read(folder .. "/new/deep/er.txt"))
      assert.is_false(support.exists(folder .. "/newer/x"))
   end)

   it("hold no control characters", function()
      local result = run([[
         local difkit = require "difkit"
         for _, name in ipairs {"a\0b", "a\nb", "a\27[31m", "\127"} do
            print(pcall(difkit.text.write, name, "x"))
            print(pcall(io.open, name, "w"))
            print(pcall(difkit.open, name .. ".db"))
            print(pcall(function() return difkit.table({"a"}, {{1}}):write(name .. ".csv") end))
            print(pcall(difkit.table.read_csv, name))
            print(pcall(difkit.lock, name))
         end
      ]], "--out out")
      assert.equal(23, select(2, result.out:gsub("false\t[^\n]*a path holds a control character", "")), result.out)
      assert.matches("cannot lock a file whose name holds a zero byte", result.out)
      assert.equal("", support.shell("ls " .. folder .. "/out").out)
   end)

   it("wait for no pipe", function()
      os.execute("mkfifo " .. folder .. "/pipe.csv && mkdir -p " .. folder .. "/d && mkfifo " .. folder .. "/d/a.yaml")
      local result = run([[
         local difkit = require "difkit"
         print(select(2, difkit.table.read_csv "pipe.csv"))
         print(select(2, difkit.open "d"))
         print(pcall(io.open, "pipe.csv"))
         print(pcall(io.lines, "pipe.csv"))
      ]])
      assert.equal(4, select(2, result.out:gsub("it is a pipe, a socket or a device", "")), result.out .. result.err)
   end)

   it("reach nothing whose name begins with a dot", function()
      os.execute("mkdir -p " .. folder .. "/.ssh " .. folder .. "/sub && echo KEY > " .. folder .. "/.ssh/id")
      support.write(folder .. "/.env", "KEY")
      os.execute("ln -sf ../.ssh/id " .. folder .. "/sub/id")
      local result = run([[
         for _, path in ipairs {".ssh/id", ".env", "./.env", "sub/../.env", "sub/id", ".ssh"} do
            print(io.open(path))
         end
         print(pcall(io.lines, ".env"))
         print(require "difkit".open ".ssh")
      ]])
      assert.equal(8, select(2, result.out:gsub("what begins with a dot is no script's business", "")), result.out)
   end)

   it("are bounded when they are a module", function()
      os.execute("truncate -s 200M " .. folder .. "/big.lua")
      assert.matches("larger than the limit", run('require "big"').err)
   end)

   it("count as output in every format", function()
      local rows = [[return require "difkit".open():query(
         "with recursive c(x) as (select 1 union all select x+1 from c limit 5000)"
         .. "select x, 'aaaaaaaaaaaaaaaaaaaaaa' as t from c")]]
      for _, format in ipairs {"csv", "tsv", "json", "ndjson", "table"} do
         local result = run(rows, "--output-limit 10K --format " .. format)
         assert.equal(3, result.status, format)
         assert.matches("the script printed more than 10240 bytes", result.err)
         assert.is_true(#result.out <= 10240, format)
      end
   end)

   it("reach a terminal as characters, a pipe as bytes", function()
      support.write(folder .. "/x.lua", [[print("a\27[2Jb\u{9b}c\td") io.write("\27[31m\n") error("e\27]0;t\7")]])
      local command = ("cd %s && %s run x.lua"):format(folder, support.absolute)
      assert.equal("a\27[2Jb\u{9b}c\td\n\27[31m\n", support.shell(command).out)
      assert.matches("e^[]0;t^G", support.shell(command).err, 1, true)
      local shown = support.shell(("%s sh -c %s"):format(support.quote(os.getenv "DIFKIT_TERMINAL"),
         support.quote(command .. " 2>&1"))).out
      assert.matches("a^[[2Jb\\u{9b}c\td", shown, 1, true)
      assert.matches("^[[31m", shown, 1, true)
      assert.is_nil(shown:find("\27[2J", 1, true))
   end)
end)

describe("a script's files", function()
   local folder, remove

   before_each(function()
      folder, remove = support.folder()
      os.execute(("mkdir %s/own %s/out %s/secret"):format(folder, folder, folder))
      support.write(folder .. "/secret/text", "secret")
      support.write(folder .. "/own/data.txt", "own data")
      support.write(folder .. "/own/helper.lua", "return {answer = 42}")
      os.execute(("ln -s ../secret %s/own/link && ln -s ../secret %s/out/link"):format(folder, folder))
   end)
   after_each(function() remove() end)

   local function run(text, ...)
      support.write(folder .. "/own/script.lua", text)
      return support.run("run", folder .. "/own/script.lua", ...)
   end

   it("are those of its own folder, whatever the current folder is", function()
      assert.equal("own data\t42\n", run [[print(io.open("data.txt"):read "a", require "helper".answer)]].out)
   end)

   it("are no others, by no way", function()
      for _, path in ipairs {"../secret/text", folder .. "/secret/text", "link/text", "/etc/passwd"} do
         local result = run(("print(io.open(%q))"):format(path))
         assert.matches("^nil\tcannot read .*a script reads only files of its own folder", result.out)
      end
      support.fails(4, "a script reads only files of its own folder", run [[assert(require "difkit".open "../secret")]])
      assert.matches("reads only files", run [[print(require "difkit".open "../secret")]].out)
   end)

   it("are written below --out and nowhere else", function()
      local write = [[local t = require "difkit".table({"a"}, {{a = 1}}) print(t:write(%q))]]
      local result = run(write:format "sub/a.csv", "--out", folder .. "/out")
      assert.equal("true\n", result.out)
      assert.equal("a\n1\n", (support.read(folder .. "/out/sub/a.csv"):gsub("\r", "")))
      os.execute(("ln -s ../secret/new %s/out/new.csv && ln -s ../secret/text %s/out/text.csv"):format(folder, folder))
      for _, name in ipairs {"new.csv", "text.csv"} do
         result = run(("print(io.open(%q, 'w'))"):format(name), "--out", folder .. "/out")
         assert.matches("writes only below the folder of %-%-out", result.out)
      end
      assert.is_false(support.exists(folder .. "/secret/new"))
      assert.equal("secret", support.read(folder .. "/secret/text"))
      for _, path in ipairs {"../a.csv", "link/a.csv", folder .. "/a.csv", "x/../../a.csv"} do
         result = run(write:format(path), "--out", folder .. "/out")
         assert.matches("writes only below the folder of %-%-out", result.out)
      end
      assert.is_false(support.exists(folder .. "/secret/a.csv"))
      assert.matches("name a folder for them with %-%-out DIR", run(write:format "a.csv").out)
   end)

   it("are changed in place only when the command line names them", function()
      local file, text = folder .. "/own/data.db", [[
         local db, message = require "difkit".open(%s, {write = true})
         if not db then print(message) else print(db:exec "UPDATE area SET title = 'changed'") end]]
      local function title()
         return support.run("sql", "SELECT DISTINCT title FROM area", "--db", file, "--format", "csv").out
      end
      assert.equal(0, support.run("load", "tests/data/garden-framework", "-o", file).status)
      local before = title()
      assert.matches("cannot write data.db: this run writes no files", run(text:format "'data.db'").out)
      assert.matches("^2\nwould write .*data.db", run(text:format "nil", "--db", file, "--dry-run").out)
      assert.equal(before, title())
      assert.matches("cannot change .*data.db: the data of %-%-db are only read; %-%-write lets this script",
         run(text:format "nil", "--db", file).out)
      assert.equal(before, title())
      assert.equal("2\n", run(text:format "nil", "--db", file, "--write").out)
      assert.equal("title\nchanged\n", (title():gsub("\r", "")))
      assert.is_false(support.exists(file .. "-journal"))
   end)

   it("are free for a trusted script", function()
      assert.equal("secret\n", run([[print(io.open("]] .. folder .. [[/secret/text"):read "a")]], "--trust").out)
   end)
end)

describe("a limit", function()
   --- Seconds given to scripts that never end.
   local function endless(text)
      local result = code(text, "--time", "1")
      assert.equal(3, result.status)
      assert.matches("more than .* seconds? of processor time", result.err)
      assert.matches("%-%-time SECONDS", result.err)
   end

   it("of time ends a loop, and pcall does not swallow it", function()
      endless "while true do end"
      endless "while true do pcall(function() while true do end end) end"
   end)

   it("of time ends coroutines and error handlers", function()
      endless "while true do coroutine.wrap(function() for i = 1, 1e5 do end end)() end"
      endless "while true do xpcall(error, function() while true do end end) end"
      endless "error(setmetatable({}, {__tostring = function() while true do end end}))"
   end)

   it("of time ends SQL", function()
      endless [[require "difkit".open():query("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) "
         .. "SELECT count(*) FROM c"):value()]]
   end)

   it("of time ends a pattern that backtracks for ever", function()
      endless [[(("a"):rep(3e4)):find(".-.-.-.-b$")]]
   end)

   it("of memory ends SQL that grows", function()
      for _, text in ipairs {
         "SELECT length(zeroblob(900000000) || hex(zeroblob(400000000)))",
         "WITH RECURSIVE c(i) AS (SELECT zeroblob(1000) UNION ALL SELECT i FROM c LIMIT 100000) "
            .. "SELECT group_concat(hex(i)) FROM c",
         "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT i FROM c ORDER BY -i",
      } do
         local result = code(("require 'difkit'.open():query(%q):value()"):format(text), "--memory", "64M")
         assert.equal(3, result.status)
         assert.matches("queries of .* used more than 64 MB of memory; lift it with %-%-memory SIZE", result.err)
      end
   end)

   it("of memory ends a script that grows, and pcall does not swallow it", function()
      for _, text in ipairs {"local s = ('x'):rep(1e9)", "local t = {} for i = 1, 1e9 do t[i] = {} end",
         "while true do pcall(string.rep, 'x', 1e9) end"} do
         local result = code(text, "--memory", "64M")
         assert.equal(3, result.status)
         assert.matches("more than 64 MB of memory; lift it with %-%-memory SIZE", result.err)
      end
   end)
end)

describe("a file that the command line names in an option of the script", function()
   local folder, remove

   setup(function()
      folder, remove = support.folder()
      os.execute("mkdir " .. folder .. "/scripts " .. folder .. "/elsewhere")
      support.write(folder .. "/elsewhere/note.csv", "a\n1\n")
      support.write(folder .. "/elsewhere/other.csv", "a\n2\n")
      support.write(folder .. "/scripts/read.lua", ([[
---@option file path=%s/elsewhere/other.csv  What to read.
local difkit = require "difkit"
local file = difkit.options().file
local known, command = pcall(require, "difkit.command")
if known then command.run{text = "---@option file path  x.", name = "x", chunk = "@x",
   arguments = {"--file", "%s/elsewhere/other.csv"}} end
return difkit.table.read_csv(file)
]]):format(folder, folder))
   end)
   teardown(function() remove() end)

   it("may be read", function()
      local result = support.run("run", folder .. "/scripts/read.lua", "--file", folder .. "/elsewhere/note.csv")
      assert.equal("a\n─\n1\n", result.out, result.err)
   end)

   it("is no leave to read what the script itself names", function()
      local result = support.run("run", folder .. "/scripts/read.lua")
      assert.equal(3, result.status)
      assert.matches("a script reads only files of its own folder", result.err)
   end)
end)
