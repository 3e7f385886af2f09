--- The check of scripts: what it finds in each subject, and what it leaves alone.
local core = require "difkit.core"
local difkit = require "difkit"
local check = require "difkit.check"

local db = difkit.open()

local before = 'local difkit = require "difkit"\nlocal db = assert(difkit.open())\nlocal _ = difkit, db\n'

--- What is found in a text that follows these lines, one text a finding.
local function found_in(text)
   local list = {}
   for i, finding in ipairs(check.script(before .. text, db)) do
      list[i] = check.message(finding, "x"):gsub("^x:(%d+)", function(line) return math.tointeger(line) - 3 end)
   end
   return list
end

--- A "§" in the text marks each place, in order, where one of the messages is expected.
local function finds(text, ...)
   local messages, expected, line, column = {...}, {}, 1, 1
   local plain = text:gsub("[%z\1-\127\194-\244][\128-\191]*", function(character)
      if character == "§" then
         expected[#expected + 1] = ("%d:%d: %s"):format(line, column, messages[#expected + 1])
         return ""
      end
      line, column = character == "\n" and line + 1 or line, character == "\n" and 1 or column + 1
   end)
   assert.equal(#messages, #expected)
   assert.same(expected, found_in(plain))
end

local function passes(text) assert.same({}, found_in(text)) end

describe("the syntax of a script", function()
   it("is checked with line and column", function()
      local found = found_in "local x = = 2"
      assert.equal(1, #found)
      assert.truthy(found[1]:find "^1:11: syntax: ")
   end)

   it("is that of Lua 5.4, where luacheck knows more or less", function()
      assert.truthy(found_in("local x = 1\nx += 1")[1]:find "^2:1: syntax: ")
      assert.truthy(found_in("local x <const> = 1\nx = 2")[1]:find "^2:1: syntax: attempt to assign to const variable")
      passes "local n <const> = 1 // 1\ndo goto out end\n::out::\nprint(n & 3, 'ä', \"\\u{e4}\")"
   end)

   it("may have a first line for the shell", function()
      assert.same({}, check.script("#!/usr/bin/env difkit\nprint 'hello'\n", db))
   end)
end)

describe("a global", function()
   it("that nobody has defined is found, with a near miss among globals and local variables", function()
      finds("§prnit 'hello'", 'undefined global "prnit"; did you mean "print"?')
      finds("local actions = db:actions()\nprint(§actoins, actions)",
         'undefined global "actoins"; did you mean "actions"?')
   end)

   it("that is set is found where that is done, and then known", function()
      finds("§count = 0\nprint(count)", '"count" becomes a global; write local count')
      finds("function §twice(x) return 2 * x end\nprint(twice(2))",
         '"twice" becomes a global; write local function twice')
      finds("§print = nil", 'the global "print" is replaced; write local print')
   end)

   it("of a library has its fields", function()
      finds("print(string.§fromat('%d', 1))", 'string has no field "fromat"; did you mean "format"?')
      finds("table.§sort2({})", 'table has no field "sort2"; did you mean "sort"?')
      finds("print(('ä'):§uper())", 'string has no field "uper"; did you mean "upper"?')
      passes "function string.shout(s) return s:upper() .. '!' end\nprint(string.shout 'a', ('b'):shout())"
   end)
end)

describe("the library", function()
   it("has modules with functions", function()
      finds("print(difkit.§opne)", 'difkit has no field "opne"; did you mean "open"?')
      finds("print(difkit.text.§widht 'x')", 'difkit.text has no field "widht"; did you mean "width"?')
      finds("print(require §'difkit.chrat')", 'there is no module "difkit.chrat"; did you mean "difkit.chart"?')
   end)

   it("has classes with methods, along a chain and through variables", function()
      finds("print(db:§acitons{})", 'a database has no method "acitons"; did you mean "actions"?')
      finds('print(db:from "action":§cuont())', 'a query has no method "cuont"; did you mean "count"?')
      finds('local t = db:topics():table()\nt:head():§prnit()', 'a table has no method "prnit"; did you mean "print"?')
      finds('local result = db:query "SELECT id FROM action"\nprint(result:§vlaue())',
         'a result has no method "vlaue"; did you mean "value"?')
   end)

   it("has objects that annotations alone tell of: near misses count", function()
      finds('local report = difkit.report{title = "x"}\nreport:§headign "y"',
         'a report has no method "headign"; did you mean "heading"?')
      passes 'local report = difkit.report{title = "x"}\nreport:quite_another "y"'
   end)

   it("follows a variable that keeps its class", function()
      finds("local t = db:topics():table()\nif #t > 3 then t = t:head(3) end\nt:§prnit()",
         'a table has no method "prnit"; did you mean "print"?')
      passes "local t = db:topics():table()\nif #t > 3 then t = 'many' end\nprint(t.anything)"
      passes "local function first(t) return t.anything end\nprint(first(db:topics():table()))"
   end)
end)

describe("columns, filters and ids", function()
   it("are those of the data", function()
      finds('print(db:actions{§documnet = "BSBR"})', 'actions: unknown filter "documnet"; did you mean "document"?')
      finds('print(db:actions{document = §"BSRB"})', 'actions: unknown document "BSRB"; did you mean "BSBR"?')
      finds('print(db:from §"acton")', 'from: unknown table "acton"; did you mean "action"?')
      finds('print(db:from "action":where{§topic = "cybersecurity"})',
         'where: unknown column "topic" in action; did you mean "topic_id"?')
      finds('print(db:topic §"cybersecurty")', 'no topic "cybersecurty"; did you mean "cybersecurity"?')
   end)

   it("are all told, not only the first", function()
      finds('print(db:from "action":select(§"idd", "line", §"txet as t"))',
         'select: unknown column "idd" in action; did you mean "id"?',
         'select: unknown column "txet" in action; did you mean "text"?')
   end)

   it("are told once where each place in a call has its own meaning", function()
      finds('print(db:from "action":where(§"lien", ">", 3))',
         'where: unknown column "lien" in action; did you mean "line"?')
      finds('print(db:topics():pivot(§"aera_id", §"di", §"tilte"))',
         'pivot: unknown column "aera_id"; did you mean "area_id"?', 'pivot: unknown column "di"; did you mean "id"?',
         'pivot: unknown column "tilte"; did you mean "title"?')
   end)

   it("are followed behind a mistake, as what was meant", function()
      finds('print(db:from §"acton":where{§topik_id = "x"}:select(§"idd"))',
         'from: unknown table "acton"; did you mean "action"?',
         'where: unknown column "topik_id" in action; did you mean "topic_id"?',
         'select: unknown column "idd" in action; did you mean "id"?')
      finds('for a in db:actions{§documnet = "BSBR"} do print(a.§txet) end',
         'actions: unknown filter "documnet"; did you mean "document"?',
         'the row has no column "txet"; did you mean "text"?')
   end)

   it("are checked beside values that only the run will tell", function()
      finds('local id = os.date "*t"\nprint(db:actions{document = id.year, §tpoic = id.month})',
         'actions: unknown filter "tpoic"; did you mean "topic"?')
      passes 'local wanted = os.date()\nprint(db:actions{document = wanted, text = wanted, line = wanted})'
      passes 'local c = os.date()\nprint(db:from "action":select(c):order(c):group(c):count(c))'
      passes 'local c = os.date()\nfor row in db:from "action":group "topic_id":count(c):each() do print(row.n) end'
      passes 'local other = assert(difkit.open "other.db")\nprint(other:actions{document = "elsewhere"})'
   end)

   it("follow the steps of a query", function()
      local query = 'local n = db:from "action_full":group("topic"):count "n"\n'
      finds(query .. 'print(n:order(§"tpoic desc"))',
         'order: unknown column "tpoic" in action_full; did you mean "topic"?')
      finds(query .. "for row in n:each() do print(row.topic, row.§document) end",
         'the row has no column "document"; have topic, n')
      passes(query .. "for row in n:each() do print(row.topic, row.n) end")
   end)

   it("are those of rows in loops, lists and functions", function()
      local message = 'the row has no column "txet"; did you mean "text"?'
      finds("for a in db:actions() do print(a.§txet) end", message)
      finds("for _, a in ipairs(db:actions():all()) do print(a.§txet) end", message)
      finds("local a = db:actions():one()\nprint(a.§txet)", message)
      finds("local t = db:actions():table()\nprint(t[1].§txet)", message)
      finds("print(db:actions():table():derive('n', function(a) return #a.§txet end))", message)
      passes "for a in db:actions() do a.txet = a.text print(a.txet) end"
   end)

   it("follow the steps of a table", function()
      finds('local t = difkit.table({"name", "weight"}, {}):rename{weight = "size"}\nprint(t:sort(§"weight desc"))',
         'sort: unknown column "weight"; have name, size')
      passes 'local t = db:actions():table():pivot("topic", "document", "line")\nprint(t:sort "DIFAP")'
      finds('print(db:actions():pivot("topic", §"documnet", "line"))',
         'pivot: unknown column "documnet"; did you mean "document"?')
   end)
end)

describe("SQL", function()
   it("is prepared, and what SQLite says stands at the word", function()
      finds('print(db:query("SELECT id, §txet FROM action"))', 'SQL: no such column: txet; did you mean "text"?')
      finds("print(db:query [[\n   SELECT id\n   FROM §acton\n   WHERE id = 1]])",
         'SQL: no such table: acton; did you mean "action"?')
      finds('local text = "SELECT id FROM action WEHRE §id = 1"\nprint(db:query(text))', 'SQL: near "id": syntax error')
      finds("print(db:query [[SELECT id,\n  id FROM action\n GROUP §BYE id]])", 'SQL: near "BYE": syntax error')
      finds("print(db:query 'SELECT \\'a\\', §txet FROM action')", 'SQL: no such column: txet; did you mean "text"?')
      finds('print(db:from "action":where(difkit.sql("§lenght(text) > ?", 3)))', 'SQL: no such function: lenght')
   end)

   it("is never run", function()
      local copy = difkit.open(nil, {write = true})
      local script = before .. 'db:exec "DELETE FROM action"\ndb:exec("DELETE FROM action WHERE id = ?", "x")'
      assert.same({}, check.script(script, copy))
      assert.equal(244, copy:from "action":count())
   end)

   it("takes as many values as it has places", function()
      finds('print(db:§query("SELECT id FROM action WHERE id = ?"))',
         "db:query: the SQL has 1 parameter, 0 values were given; give one value for each ? of the SQL")
      passes 'local values = {}\nprint(db:query("SELECT id FROM action WHERE id = ? AND line = ?", values))'
      passes 'print(db:query("SELECT id FROM action WHERE id = ? AND line = ?", table.unpack{1, 2}))'
      passes 'print(db:query("SELECT id FROM action WHERE id = :id", {id = 1}))'
   end)

   it("gives the columns of its rows", function()
      finds('for row in db:query "SELECT id, text AS words FROM action" do print(row.§text, row.words) end',
         'the row has no column "text"; have id, words')
   end)

   it("may speak of what the script makes itself", function()
      passes 'db:exec "CREATE TABLE mine (a)"\ndb:exec("INSERT INTO mine VALUES (?)", 1)\nprint(db:from "mine":count())'
   end)
end)

describe("options", function()
   local function with_header(header, text)
      local list = {}
      for i, finding in ipairs(check.script(header .. before .. text, db)) do list[i] = check.message(finding, "x") end
      return list
   end

   it("are declared when they are read, and read when they are declared", function()
      assert.same({
         'x:2:12: the option "as-of" is never read; read it as options.as_of, or take it out of the header',
         'x:6:48: the option "hvae" is not declared in the header; did you mean "have"?',
      }, with_header("---@option have text  What.\n---@option as-of text  When.\n",
         "local options = difkit.options() print(options.hvae, options.have)"))
      assert.same({}, with_header("---@option as-of text  When.\n", "local options = ... print(options.as_of)"))
      assert.same({}, with_header("---@option as-of text  When.\n---@argument words text...  Words.\n",
         "local options = difkit.options()\nfor name in difkit.sorted(options) do print(name) end"))
   end)

   it("of a header that makes no sense are found there", function()
      assert.same({'x:1:1: unknown type "txt" of "have"; did you mean "text"?'},
         with_header("---@option have txt  What.\n", ""))
   end)
end)

describe("a loop over pairs", function()
   local message = "the order of pairs is not defined, and with it that of %s; use difkit.sorted"

   it("is found when its order shows", function()
      finds("local t = {}\nfor k in §pairs(t) do print(k) end", message:format "what it prints")
      finds("local t = {}\nfor k in §next, t do io.write(k) end", message:format "what it writes")
      finds("local t, list = {}, {}\nfor k in §pairs(t) do list[#list + 1] = k end return list",
         message:format "the list it makes")
      finds("local t, list = {}, {}\nfor k in §pairs(t) do table.insert(list, k) end return list",
         message:format "the list it makes")
      finds("local t, text = {}, ''\nfor k in §pairs(t) do text = text .. k end return text",
         message:format "the text it makes")
   end)

   it("is left alone when it does not", function()
      passes "local t, n = {}, 0\nfor _, v in pairs(t) do n = n + v end return n"
      passes "local t, other = {}, {}\nfor k, v in pairs(t) do other[v] = k end return other"
      passes "local t, list = {}, {}\nfor k in pairs(t) do list[#list + 1] = k end\ntable.sort(list) return list"
      passes "local t, n = {}, {}\nfor k, v in pairs(t) do local l = {} l[#l + 1] = v n[k] = l end return n"
      passes [[local t, rows = {}, {}
         for k in pairs(t) do rows[#rows + 1] = {k} end
         return difkit.table({"k"}, rows):sort "k"]]
      passes "local t = {}\nfor k in difkit.sorted(t) do print(k) end"
   end)
end)

describe("what is of no use", function()
   it("is found", function()
      finds("local §x = 1", 'the variable "x" is never used')
      finds("local function §f() end", 'the function "f" is never used')
      finds("do return end\n§print 'x'", "this code is never reached")
      passes "local _unused = 1\nfor i = 1, 2 do print 'x' end\nlocal function f(a) return 1 end\nprint(f())"
   end)
end)

describe("a line", function()
   it("can ask to be left alone", function()
      passes "print(strnig) -- difkit: ignore"
      passes "print(strnig) --difkit: ignore, it is there"
      assert.equal(1, #found_in "print(strnig) -- difkit: ignored")
   end)
end)

describe("the examples of the reference", function()
   it("have no findings but the id that is not there on purpose", function()
      local found = {}
      for _, entry in ipairs(difkit.help.entries()) do
         for _, example in ipairs(entry.examples) do
            for _, finding in ipairs(check.script(before .. example, db)) do
               if not finding.message:find "never used$" then found[#found + 1] = finding.message end
            end
         end
      end
      assert.same({'no action "DIFAP.TF.99"'}, found)
   end)
end)

describe("a text made to be hard to read", function()
   local function alone(text)
      local found = check.script(text, db)
      assert.equal(1, #found)
      assert.equal("nested too deeply to be checked", found[1].message)
      return found[1].line
   end

   it("is given up where it is too deep", function()
      assert.equal(2, alone("local a = ...\nreturn a" .. (" + a"):rep(60000)))
      assert.equal(2, alone("local a = ...\nreturn a" .. (".a"):rep(20000)))
      alone("return " .. ("not "):rep(20000) .. "1")
      alone("return " .. ("{"):rep(50000) .. ("}"):rep(50000))
      alone('return "a"' .. (' .. "a"'):rep(20000))
   end)

   it("may be as deep as people write", function()
      assert.same({}, check.script("local a = ...\nreturn a" .. (" + a"):rep(400), db))
      assert.same({}, check.script("local a = ...\nif a == 0 then print(0)\n"
         .. ("elseif a == 1 then print(1)\n"):rep(1000) .. "end", db))
   end)
end)

describe("a build without luacheck", function()
   it("says so, and what to do", function()
      local library_text = core.library_text
      package.loaded["difkit.source"] = nil
      core.library_text = function() return nil end
      local done, problem = pcall(require("difkit.source").read, "print(1)")
      core.library_text = library_text
      package.loaded["difkit.source"] = nil
      assert.is_false(done)
      assert.equal("this build of difkit cannot check scripts: it was made without luacheck", problem.message)
      assert.truthy(problem.hint:find("lua-check", 1, true))
   end)
end)
