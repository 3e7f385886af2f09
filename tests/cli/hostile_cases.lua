--- Hostile scripts, each with what must be true afterwards: {name, code, says = …, status = …}. The spec beside it
--- makes a
--- folder for each (home/script/x.lua with data beside it, home/secret and home/.bashrc above it), runs it with
--- --out out,
--- and holds for all of them that nothing outside changed, that no secret was shown, and that nothing was left behind.
---
--- `says`: what stands in the output, as it is, or a list of such. `status`: 0 when it is not said, since a refusal
--- is a
--- nil and a message for whoever asks. `setup`: a line of shell in the script's folder. `options`: of the run.
--- `command`:
--- instead of the run, DIFKIT stands for the program. `raw`: the script has system calls (tests/support/raw.c), and the
--- kernel alone refuses.
local cases = {}

local function add(group, list)
   for _, case in ipairs(list) do
      case.name, case.code = group .. ": " .. case[1], case[2]
      cases[#cases + 1] = case
   end
end

local only_own = "a script reads only files of its own folder"
local only_out = "a script writes only below the folder of --out"
local function show(call) return "print(select(2, " .. call .. "))" end

add("reads", {
   {"a file of the system", show 'io.open "/etc/passwd"', says = only_own},
   {"a file above its folder", show 'io.open "../secret"', says = only_own},
   {"a file above, by a way down and up", show 'io.open "sub/../../secret"', setup = "mkdir sub", says = only_own},
   {"lines of a file above", 'print(pcall(io.lines, "../secret"))', says = only_own},
   {"a file beside it whose name begins with a dot", show 'io.open ".key"', setup = "echo hunter2 >.key",
      says = "cannot read .key"},
   {"through a link that leads out", show 'io.open "link"', setup = "ln -s ../secret link", says = only_own},
   {"through a folder that is a link", show 'io.open "up/secret"', setup = "ln -s .. up", says = only_own},
   {"through a link to a link", show 'io.open "a"', setup = "ln -s b a; ln -s ../secret b", says = only_own},
   {"a link that names itself", show 'io.open "a"', setup = "ln -s a a", says = "cannot read a"},
   {"a pipe", show 'io.open "pipe"', setup = "mkfifo pipe", says = "it is a pipe, a socket or a device"},
   {"a device by a link", show 'io.open "zero"', setup = "ln -s /dev/zero zero", says = only_own},
   {"its own environment", show 'io.open "/proc/self/environ"', says = only_own},
   {"its own memory", show 'io.open "/proc/self/mem"', says = only_own},
   {"behind a zero byte", 'print(pcall(io.open, "x.lua\\0/../../secret"))', says = "control character"},
   {"a name with a new line", 'print(pcall(io.open, "x\\n.lua"))', says = "control character"},
   {"a name of a megabyte", show '(io.open(("a/"):rep(5e5)))' .. ' print(io.open(("a/"):rep(5e5)))', says = "nil"},
   {"an empty name", 'print(io.open "")', says = "nil"},
   {"its folder", 'local f = io.open "." print(f and f:read "a")', says = "nil"},
   {"as a module above", 'print(pcall(require, "..secret"))', says = "not found"},
   {"as a module of the machine", 'print(pcall(require, "posix"))', says = "not found"},
   {"as a module by a path", 'print(pcall(require, "/etc/passwd"))', says = "not found"},
   {"as a framework", 'print(select(2, require "difkit".open "/etc"))', says = "cannot read /etc"},
   {"as a framework in a folder that a link leads to", 'print(select(2, require "difkit".open "up"))',
      setup = "ln -s .. up",
      says = only_own},
   {"YAML by a link", 'print(pcall(require "difkit".open, "d"))', setup = "mkdir d; ln -s ../../secret d/a.yaml",
      says = "leads out of"},
   {"by an address of SQLite", 'print(select(2, require "difkit".open "file:../secret?mode=ro"))',
      says = "cannot read"},
   {"as a table", 'print(select(2, require "difkit".table.read "../secret"))', says = only_own},
   {"as CSV of the system", 'print(select(2, require "difkit".table.read_csv "/etc/passwd"))', says = only_own},
   {"by ATTACH", [[print(pcall(function() return require "difkit".open():exec "ATTACH '../secret' AS x" end))]],
      says = "false"},
   {"by a function of SQL", [[print(pcall(function()
      return require "difkit".open():query "SELECT readfile('../secret')":all() end))]], says = "no such function"},
   {"by a library for SQL", [[print(pcall(function()
      return require "difkit".open():query "SELECT load_extension('/tmp/x.so')":all() end))]], says = "false"},
   {"with dofile and loadfile", 'print(dofile, loadfile, package)', says = "nil\tnil\tnil"},
   {"by a template of a document", [[local d = require "difkit"
      print(pcall(function() return d.report "x":write("x.docx", {template = "../secret"}) end))]], says = "secret"},
   {"what another option names", 'print(arg, ...)', options = "--read ../nothing", status = 0, says = "nil"},
})

add("writes", {
   {"above --out", show 'io.open("../x", "w")', says = only_out},
   {"a file of the system", show 'io.open("/etc/difkit-owned", "w")', says = only_out},
   {"its own script", show 'io.open("../x.lua", "a")', says = only_out},
   {"through a link in --out", show 'io.open("link", "w")', setup = "mkdir out; ln -s ../../secret out/link",
      says = only_out},
   {"through a folder in --out that is a link", show 'io.open("up/secret", "w")',
      setup = "mkdir out; ln -s ../.. out/up",
      says = only_out},
   {"through a link that leads nowhere yet", show 'io.open("new", "w")',
      setup = "mkdir out; ln -s ../../planted out/new",
      says = only_out},
   {"in place, what it may only read", show 'io.open("data.csv", "r+")', says = "data.csv"},
   {"a table above", [[print(select(2, require "difkit".table({"a"}, {{1}}):write "../x.csv"))]], says = only_out},
   {"a table into the home", [[print(select(2, require "difkit".table({"a"}, {{1}}):write "../../stolen.csv"))]],
      says = only_out},
   {"a workbook above", [[print(select(2, require "difkit".table({"a"}, {{1}}):write "../x.xlsx"))]], says = only_out},
   {"a document above", [[print(select(2, require "difkit".table({"a"}, {{1}}):write "../x.docx"))]], says = only_out},
   {"a page above", [[print(select(2, require "difkit".report "x":write "../x.html"))]], says = only_out},
   {"a page for the printer above", [[print(select(2, require "difkit".report "x":write "../x.pdf"))]],
      says = "../x.pdf"},
   {"behind a zero byte", [[print(pcall(function()
      return require "difkit".table({"a"}, {{1}}):write "../x.sh\0.csv" end))]], says = "control character"},
   {"a name that types", [[print(pcall(function()
      return require "difkit".table({"a"}, {{1}}):write "\27[2J.csv" end))]], says = "control character"},
   {"a database beside --out", [[print(select(2, require "difkit".open("../x.db", {write = true})))]],
      says = "../x.db"},
   {"the data it was given", [[local d = require "difkit" local db = d.open()
      print(pcall(function() return db:exec "DELETE FROM action" end)) print(db:actions():count())]], says = "244"},
   {"a copy of the database", [[print(pcall(function()
      return require "difkit".open():exec "VACUUM INTO '../x.db'" end))]], says = "false"},
   {"the settings of the database", [[print(pcall(function()
      return require "difkit".open():exec "PRAGMA writable_schema = 1" end))]], says = "false"},
   {"more than the disk has for it", [[local f = io.open("big", "w") f:seek("set", 1 << 33) f:write "x" f:close()]],
      status = 3, says = "wrote more than 4 GB"},
   {"a folder where a file is", [[print(select(2, io.open("a/b", "w")))]], setup = "mkdir out; touch out/a",
      says = "a/b"},
   {"its own folder", [[print(select(2, io.open(".", "w")))]], says = "Is a directory"},
   {"what stands in the folder of temporary files", show 'io.open("/tmp/difkit-owned", "w")', says = only_out},
   {"to a device", show 'io.open("/dev/full", "w")', says = only_out},
   {"to the memory of its parent", show 'io.open("/proc/1/mem", "w")', says = only_out},
   {"when nothing may be written", show 'io.open("x", "w")', options = "", out = false, says = "--out DIR"},
   {"in a dry run", [[io.open("x", "w"):write "x" print(require "difkit".table({"a"}, {{1}}):write "y.csv")]],
      options = "--dry-run", says = "would write", empty = true},
})

local globals = {
   "os.execute", "os.remove", "os.rename", "os.exit", "os.getenv", "os.tmpname", "os.setlocale", "io.popen",
      "io.tmpfile",
   "io.output", "io.input", "io.stdout", "io.stdin", "debug.getinfo", "debug.sethook", "debug.getregistry",
      "debug.getupvalue",
   "debug.setmetatable", "debug.getlocal", "string.dump", "package", "dofile", "loadfile", "collectgarbage.x",
      "_G.package",
}
for _, name in ipairs(globals) do
   local holder, field = name:match "^(%w+)%.(%w+)$"
   add("finds no", {{name, holder and not name:find "^collect"
      and ('print(type(%s) == "table" and %s[%q])'):format(holder, holder, field)
      or holder and "print(nil)" or ("print(%s)"):format(name), says = "nil"}})
end

add("leaves the language by", {
   {"bytecode", [[print(load("\27Lua", "x", "b")) print(load("\27Lua"))]], says = "nil"},
   {"bytecode from a function", [[print(load(function() return "\27LuaT" end, "x", "bt"))]], says = "nil"},
   {"a finalizer", 'print(pcall(setmetatable, {}, {__gc = print}))', says = "cannot have __gc"},
   {"a finalizer that comes later", [[local m = {} setmetatable({}, m) m.__gc = function() io.write "after the end" end
      collectgarbage()]], says = ""},
   {"the metatable of texts", 'print(getmetatable "")', says = "string"},
   {"the metatable of a database", 'print(getmetatable(require "difkit".open()))', says = "difkit.Database"},
   {"what is behind difkit", [[local d = require "difkit"
      print(pcall(function() return d.core end), rawget(d, "core"))]],
      says = "false\tnil"},
   {"the core", 'print(pcall(require, "difkit.core"))', says = "not found"},
   {"the commands", 'print(pcall(require, "difkit.command"))', says = "not found"},
   {"the runner", 'print(pcall(require, "difkit.run"))', says = "not found"},
   {"the proof", 'print(pcall(require, "difkit.proof"))', says = "not found"},
   {"what verifies", 'print(pcall(require, "difkit.provenance.verify"))', says = "not found"},
   {"the trace", 'print(pcall(require, "difkit.provenance.trace"))', says = "not found"},
   {"a new text for a part of the library", [[print(pcall(function() require "difkit".table.read = print end))]],
      says = "false"},
   {"a part that is called for everybody", [[print(pcall(function() string.format = nil end))
      print(require "difkit".table({"a"}, {{1}}):text())]], says = "true\na\n"},
   {"the collector switched off", 'print(pcall(collectgarbage, "stop"))', says = "false"},
   {"an error value that is changed", [[local d = require "difkit"
      local ok, e = pcall(function() d.open():actions{document = "X"} end)
      e.code, e.message = "locked", "\27]0;owned\7" error(e, 0)]], status = 4, says = ""},
   {"an error value that is none", 'error(setmetatable({}, {__tostring = function() return "\\27[2J" end}))',
      status = 4,
      says = ""},
   {"an error without end", [[local function f() error(setmetatable({}, {__tostring = f})) end f()]], status = 4,
      says = ""},
   {"a status of its own", 'error({code = "locked", message = "x", where = ""}, 0)', status = 4, says = ""},
   {"more arguments than there is stack", 'print(pcall(table.unpack, {}, 1, 1e7))', says = "too many results"},
   {"more captures than there are", 'print(pcall(string.find, "a", ("()"):rep(100)))', says = "too many captures"},
   {"depth", 'local function f() return f() + 1 end print(pcall(f))', says = "stack overflow"},
   {"depth in C", 'local f = string.gsub local function g(s) return f(s, ".", g) end print(pcall(g, "a"))',
      says = "stack overflow"},
   {"a sort that lies", [[local t = {} for i = 1, 1000 do t[i] = i end
      print(pcall(table.sort, t, function() return true end))]], says = "invalid order function"},
   {"numbers for texts", 'print(pcall(string.rep, "x", -1), pcall(string.char, 1 << 40))', says = "value out of range"},
   {"a format that reads the stack", 'print(pcall(string.format, "%s%s%n"))', says = "bad argument"},
})

local terminals = {title = "\\27]0;owned\\7", screen = "\\27[2J", answer = "\\27[6n", c1 = "\\194\\155", bell = "\\7"}
for name, bytes in require "difkit.sorted"(terminals) do
   add("sends to a terminal", {
      {name .. " by print", ('print("a%sb")'):format(bytes), terminal = true, says = "a"},
      {name .. " by an error", ('error("a%sb", 0)'):format(bytes), terminal = true, status = 4, says = "a"},
   })
end

local formulas = {"=1+1", "+1+cmd", "-1+cmd", "@SUM(1)", "\\t=1", "\\r=1", "\\n=1", "\\239\\188\\157 1",
   "\\239\\187\\191=1",
   "\\226\\128\\139=1", "\\194\\160=1"}
for i, text in ipairs(formulas) do
   add("gives a spreadsheet the formula", {
      {tostring(i), ('return require "difkit".table({"a"}, {{"%s"}})'):format(text), options = "--format csv",
         says = "'"},
   })
end

local spends = {
   ["one text"] = '("x"):rep(1e9)', ["a text that doubles"] = 'local s = "x" while true do s = s .. s end',
   ["a table"] = "local t = {} for i = 1, 1e9 do t[i] = i end", ["tables"] = "local t = {} while true do t = {t} end",
   ["closures"] = "local t = {} for i = 1, 1e9 do t[i] = function() return i end end",
   ["coroutines"] = "local t = {} for i = 1, 1e9 do t[i] = coroutine.create(print) end",
   ["a concatenation"] = 'local t = {} for i = 1, 1e6 do t[i] = ("x"):rep(100) end return table.concat(t)',
   ["a blob of SQL"] = [[require "difkit".open():query "SELECT length(randomblob(900000000)) AS n":all()]],
   ["a text of SQL"] = [[require "difkit".open():query "SELECT length(printf('%.*c', 900000000, 'x')) AS n":all()]],
   ["rows of SQL"] = [[require "difkit".open():query
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT printf('%1000d', i) AS x FROM n":all()]],
   ["a group of SQL"] = [[return require "difkit".open():query(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) " ..
      "SELECT group_concat(printf('%10000d', i)) AS x FROM n"):all()]],
   ["a replacement"] = '("x"):rep(1e6):gsub("x", ("y"):rep(1e4))',
   ["a packed text"] = 'string.pack("c900000000", "x")',
   ["JSON"] = 'local t = {} for i = 1, 1e4 do t[i] = ("\\0"):rep(1e4) end return #require "difkit".json.encode(t)',
}
for name, code in require "difkit.sorted"(spends) do
   add("spends memory on", {{name, "print(pcall(function() " .. code .. " end)) " .. code,
      options = "--memory 32M --time 10 --output-limit 1M", status = {3, 4}, says = "memory"}})
end

local endless = {
   ["a loop"] = "while true do end", ["goto"] = "::a:: goto a",
   ["tail calls"] = "local function f() return f() end f()",
   ["coroutines"] = "while true do coroutine.wrap(coroutine.yield)() end",
   ["texts"] = 'while true do tostring(1) end', ["a pattern"] = '("a"):rep(60):find((".-"):rep(40) .. "c")',
   ["SQL"] = [[require "difkit".open():query
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS n FROM n":all()]],
   ["a comparison"] = 'local t = {} for i = 1, 1e5 do t[i] = i % 7 end while true do table.sort(t) end',
   ["iterators"] = "for _ in function() return 1 end do end",
   ["a search"] = 'while true do require "difkit".open():search "ai":all() end',
}
for name, code in require "difkit.sorted"(endless) do
   add("spends time on", {{name, code, options = "--time 0.4", status = 3, says = "processor time"}})
end

add("spends output by", {
   {"print", 'while true do print(("x"):rep(1e4)) end', options = "--output-limit 64K", status = 3,
      says = "printed more than"},
   {"io.write", 'while true do io.write(("x"):rep(1e4)) end', options = "--output-limit 64K", status = 3,
      says = "printed more than"},
   {"what it returns", [[return require "difkit".open():query
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT i FROM n"]],
      options = "--output-limit 64K --format csv", status = 3, says = "printed more than"},
   {"a table", [[local t = {} for i = 1, 1e4 do t[i] = {("x"):rep(100)} end require "difkit".table({"a"}, t):print()]],
      options = "--output-limit 64K", status = 3, says = "printed more than"},
})

local deep = {
   ["JSON"] = 'require "difkit".json.decode(("["):rep(1e6))',
   ["JSON objects"] = [[require "difkit".json.decode(('{"a":'):rep(1e6))]],
   ["Lua"] = 'assert(load("return " .. ("("):rep(1e5)))', ["tables that are printed"] =
      'local t = {} for _ = 1, 1e5 do t = {t} end print(require "difkit".json.encode(t))',
   ["a pattern"] = '("x"):rep(1e6):match(("("):rep(1e5))', ["a table in itself"] =
      'local t = {} t.t = t print(require "difkit".json.encode(t))',
   ["Markdown"] = 'print(#require "difkit".report "x":text((">"):rep(1e5)):html())', ["SQL"] =
      [[require "difkit".open():query("SELECT " .. ("("):rep(1e5)):all()]],
}
for name, code in require "difkit.sorted"(deep) do
   add("goes deep in", {{name, "print(pcall(function() " .. code .. " end))", options = "--time 10", status = {0, 3},
      says = ""}})
end

add("gives as data", {
   {"noise for a database", "print(require 'difkit'.open():actions():count())",
      setup = "head -c 9000 /dev/urandom >n.db",
      options = "--db n.db", status = {1, 5}, says = "n.db"},
   {"half a database", "print(require 'difkit'.open():actions():count())",
      setup = "DIFKIT load @bundled -o n.db >/dev/null; truncate -s 20000 n.db", options = "--db n.db", status = {1, 5},
      says = "n.db"},
   {"a pipe for a database", "print(require 'difkit'.open())", setup = "mkfifo n.db", options = "--db n.db",
      status = 5, says = "it is a pipe"},
   {"a device for a database", "print(1)", options = "--db /dev/zero", status = {2, 5}, says = "/dev/zero"},
   {"a folder with a pipe", "print(require 'difkit'.open())", setup = "mkdir d; mkfifo d/a.yaml", options = "--db d",
      status = {1, 5}, says = "pipe"},
   {"YAML that repeats itself", "print(1)", setup = [[printf 'a: &a [1]\nb: [*a, *a]\n' >n.yaml]],
      options = "--db n.yaml",
      status = {1, 5}, says = "n.yaml"},
   {"YAML without end", "print(1)", setup = [[head -c 2000000 /dev/zero | tr '\0' '[' >n.yaml]],
      options = "--db n.yaml",
      status = {1, 5}, says = "n.yaml"},
   {"a workbook that is none", [[print(select(2, require "difkit".table.read "n.xlsx"))]],
      setup = "head -c 5000 /dev/urandom >n.xlsx",
      says = "n.xlsx"},
   {"a packed file that is cut", [[print(select(2, require "difkit".table.read "n.csv.gz"))]],
      setup = "seq 1 9999 | gzip | head -c 500 >n.csv.gz", says = "n.csv.gz"},
   {"CSV whose quote never ends", [[print(select(2, require "difkit".table.read "n.csv"))]],
      setup = [[printf 'a,b\n1,"' >n.csv; head -c 1000000 /dev/zero | tr '\0' x >>n.csv]], says = "n.csv"},
   {"CSV with a hundred thousand columns", [[print(pcall(function()
      return #require "difkit".table.read "n.csv" end))]],
         setup = "seq -s, 1 100000 >n.csv; seq -s, 1 100000 >>n.csv", says = "",
      status = {0, 3}},
})

add("makes another command", {
   {"check code that is deep", "return " .. ("("):rep(20000), command = "timeout 60 DIFKIT check x.lua",
      status = {1, 2, 4}, says = "x.lua"},
   {"check a chain of elseif", "local a if a then " .. ("elseif a then "):rep(20000) .. "end",
      command = "timeout 60 DIFKIT check x.lua", status = {0, 1}, says = ""},
   {"check noise", "\1\2\255\254", command = "DIFKIT check x.lua", status = {1, 4}, says = "x.lua"},
   {"read its help from a header that types", "--- \27]0;owned\7\n---@script x\nreturn 1",
      command = "DIFKIT run x.lua --help",
      terminal = true, says = ""},
   {"verify a page that is none", "<html>\27[2J", command = "DIFKIT verify x.lua", terminal = true,
      status = {1, 2, 5}, says = "x.lua"},
   {"load a link that leads out", "", command = "DIFKIT load d -o n.db",
      setup = "mkdir d; ln -s ../../secret d/a.yaml", status = {1, 5},
      says = "a.yaml"},
   {"load over what is no database", "", command = "DIFKIT load @bundled -o data.csv", status = 2, says = "data.csv"},
   {"snapshot over what is no database", "",
      command = "DIFKIT load @bundled -o b.db >/dev/null; DIFKIT snapshot 2026 --db b.db --to ../secret",
      status = {2, 5}, says = "secret"},
   {"profile a device", "", command = "timeout 20 DIFKIT profile /dev/zero", status = {1, 2, 5}, says = "/dev/zero"},
   {"test what reads a file by an option", "", setup = [[mkdir t; printf -- '---@script x\nreturn 1' >t/x.lua]],
      command = "DIFKIT test t/nothing", status = {1, 2, 5}, says = "nothing"},
   {"type into repl what writes", "",
      command = [[printf '.save ../../secret\n.save! ../../secret\n.edit\n' | DIFKIT repl]],
      status = 2, says = "writes no file"},
   {"type into repl what reads", "", command = [[printf 'io.open("../secret")\nrequire "difkit.core"\n' | DIFKIT repl]],
      status = {2, 3, 4}, says = only_own},
   {"claim in a page what types", '<script type="application/json" id="difkit-run">\27[2J</script>',
      command = "DIFKIT claims x.lua",
      terminal = true, status = {0, 1, 2, 5}, says = ""},
})

-- By the kernel alone -------------------------------------------------------------------------------------------------

--- Calls that are refused: what they give must be one of these errors, and what they would do is not done.
local refused = {
   {"open", "'../secret'", "0"}, {"openat", "-100", "'../secret'", "0"},
   {"openat2", "-100", "'../secret'", "('\\0'):rep(24)", "24"},
   {"open", "'/etc/shadow'", "0"}, {"open", "'/root'", "65536"}, {"open", "'../secret'", "513"},
   {"creat", "'../planted'", "420"},
   {"open", "'../planted'", "65", "420"}, {"unlink", "'../secret'"}, {"unlinkat", "-100", "'../secret'", "0"},
   {"rename", "'../secret'", "'../stolen'"}, {"rename", "'x.lua'", "'../x.lua'"},
   {"renameat2", "-100", "'../secret'", "-100", "'out/s'", "0"},
   {"mkdir", "'../planted'", "448"}, {"rmdir", "'../empty'"}, {"link", "'../secret'", "'out/s'"},
   {"linkat", "-100", "'../secret'", "-100", "'out/s'", "0"}, {"symlink", "'/etc/passwd'", "'out/s'"},
   {"symlinkat", "'/etc/passwd'", "-100", "'out/s'"}, {"mknod", "'out/s'", "8630", "259"},
   {"chmod", "'../secret'", "511"},
   {"chmod", "'x.lua'", "2541"}, {"fchmod", "1", "511"}, {"fchmodat", "-100", "'../secret'", "511"},
   {"chown", "'../secret'", "1", "1"},
   {"lchown", "'../secret'", "1", "1"}, {"fchown", "1", "1", "1"}, {"fchownat", "-100", "'../secret'", "1", "1", "0"},
   {"utime", "'../secret'", "0"}, {"utimes", "'../secret'", "0"}, {"utimensat", "-100", "'../secret'", "0", "0"},
   {"futimesat", "-100", "'../secret'", "0"}, {"setxattr", "'../secret'", "'user.x'", "'y'", "1", "0"},
   {"lsetxattr", "'../secret'", "'user.x'", "'y'", "1", "0"}, {"fsetxattr", "1", "'user.x'", "'y'", "1", "0"},
   {"removexattr", "'../secret'", "'user.x'"}, {"truncate", "'../secret'", "0"}, {"socket", "1", "1", "0"},
   {"socket", "2", "1", "0"},
   {"socket", "10", "2", "0"}, {"socket", "16", "3", "0"}, {"socket", "17", "3", "0"}, {"socket", "38", "5", "0"},
   {"socket", "40", "1", "0"}, {"socketpair", "1", "1", "0", "('\\0'):rep(8)"},
   {"connect", "1", "('\\2\\0'):rep(8)", "16"},
   {"bind", "1", "('\\2\\0'):rep(8)", "16"}, {"listen", "1", "1"}, {"accept", "1", "0", "0"}, {"fork"}, {"vfork"},
   {"clone", "17", "0", "0", "0", "0"}, {"clone", "0x10000000", "0", "0", "0", "0"},
   {"kill", "warn.call 'getppid'", "15"},
   {"kill", "-1", "0"}, {"tkill", "warn.call 'getppid'", "15"},
   {"tgkill", "warn.call 'getppid'", "warn.call 'getppid'", "15"},
   {"rt_sigqueueinfo", "warn.call 'getppid'", "15", "('\\0'):rep(128)"}, {"pidfd_open", "warn.call 'getppid'", "0"},
   {"pidfd_send_signal", "0", "15", "0", "0"}, {"setsid"}, {"setpgid", "0", "0"}, {"setuid", "0"}, {"setgid", "0"},
   {"setresuid", "0", "0", "0"}, {"setgroups", "0", "0"}, {"capset", "('\\0'):rep(8)", "('\\0'):rep(24)"},
   {"prctl", "4", "1"},
   {"prctl", "38", "0"}, {"seccomp", "0", "0", "0"}, {"setrlimit", "7", "('\\255'):rep(16)"},
   {"prlimit64", "warn.call 'getppid'", "7", "('\\1'):rep(16)", "0"}, {"setpriority", "0", "0", "-20"},
   {"sched_setaffinity", "0", "8", "('\\1'):rep(8)"}, {"sched_setscheduler", "0", "1", "('\\1'):rep(4)"},
   {"ioctl", "0", "0x5412", "'x'"},
   {"ioctl", "1", "0x541c", "'x'"}, {"ioctl", "1", "0x40045431", "'x'"}, {"inotify_init1", "0"},
   {"fanotify_init", "0", "0"},
   {"shmget", "0", "4096", "950"}, {"msgget", "0", "950"}, {"semget", "0", "1", "950"},
   {"mq_open", "'/x'", "66", "384", "0"},
   {"personality", "0x0040000"}, {"sethostname", "'owned'", "5"}, {"setdomainname", "'owned'", "5"},
   {"settimeofday", "0", "0"},
   {"clock_settime", "0", "('\\0'):rep(16)"}, {"adjtimex", "('\\0'):rep(256)"}, {"syslog", "3", "'x'", "1"},
   {"vhangup"},
   {"move_pages", "warn.call 'getppid'", "0"}, {"mbind", "0"}, {"migrate_pages", "warn.call 'getppid'"},
   {"kcmp", "1", "1", "0", "0", "0"},
   {"iopl", "3"}, {"ioperm", "0", "1", "1"}, {"modify_ldt", "0"},
   {"name_to_handle_at", "-100", "'../secret'", "('\\0'):rep(64)", "'    '", "0"},
   {"mlockall", "3"}, {"open", "'/proc/' .. (warn.call 'getppid') .. '/mem'", "2"},
   {"open", "'/proc/' .. (warn.call 'getppid') .. '/environ'", "0"}, {"open", "'/dev/tty'", "2"},
   {"open", "'/dev/ptmx'", "2"},
   {"open", "'/etc/passwd'", "0"}, {"open", "'/var/run'", "65536"}, {"open", "'/sys/kernel'", "65536"},
}
for _, call in ipairs(refused) do
   add("calls", {{table.concat(call, " "):gsub("%c", ""),
      ("print(warn.call('%s'%s))"):format(call[1], #call > 1 and ", " .. table.concat(call, ", ", 2) or ""),
         raw = true, refused = true}})
end

--- Calls that end whoever makes them.
for _, name in ipairs {
   "execve", "execveat", "ptrace", "bpf", "io_uring_setup", "io_uring_enter", "io_uring_register", "mount", "umount2",
      "pivot_root",
   "chroot", "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "process_vm_readv",
      "process_vm_writev",
   "perf_event_open", "userfaultfd", "add_key", "keyctl", "request_key", "reboot", "swapon", "swapoff",
      "open_by_handle_at", "unshare",
   "setns", "acct", "quotactl", "pidfd_getfd", "move_mount", "open_tree", "fsopen", "fsmount",
} do
   add("ends by calling", {{name, ("warn.call('%s', 0, 0, 0, 0, 0) print 'after the end'"):format(name), raw = true,
      status = 3,
      says = "[refused.call]"}})
end

add("with system calls", {
   {"overwrites its own memory by a file", "print(warn.call('open', '/proc/self/mem', 2))", raw = true, refused = true},
   {"keeps what its parent has open", [[local open = 0 for i = 4, 400 do if warn.call('fchmod', i, 0) or
      select(2, warn.call('read', i, ('x'):rep(1), 0)) ~= "EBADF" then open = open + 1 end end print(open)]],
         raw = true, says = "0"},
   {"writes without end", [[local fd = warn.call('open', 'out/big', 65, 384) local s = ("x"):rep(1 << 20)
      for i = 1, 1e9 do if not warn.call('write', fd, s, #s) then break end end]], raw = true, skip = true, status = 3},
   {"sleeps on", [[print(warn.call('getpid') > 0)]], raw = true, says = "true"},
   {"changes to a folder and reads there", [[warn.call('chdir', '..') print(warn.call('open', 'secret', 0))]],
      raw = true, refused = true},
   {"runs a file of its memory", [[local fd = warn.call('memfd_create', 'x', 0)
      warn.call('write', fd, '#!/bin/sh\n', 10)
      warn.call('execveat', fd, '', 0, 0, 4096)]], raw = true, status = 3, says = "[refused.call]"},
})

local kept = {}
for _, case in ipairs(cases) do
   if not case.skip then kept[#kept + 1] = case end
end
return kept
