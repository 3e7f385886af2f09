--- Slips that Lua lets pass and the check of scripts finds, each beside the right way, which has no finding.
local difkit = require "difkit"
local check = require "difkit.check"

local db = difkit.open()

local before = 'local difkit = require "difkit"\nlocal db = assert(difkit.open())\nlocal _ = difkit, db\n'

local function found_in(text)
   local list = {}
   for i, finding in ipairs(check.script(before .. text, db)) do
      list[i] = ("%d:%d: %s; %s"):format(finding.line - 3, finding.column, finding.message, tostring(finding.hint))
   end
   return list
end

local function finds(text, ...) assert.same({...}, found_in(text)) end

local function passes(...)
   for _, text in ipairs {...} do assert.same({}, found_in(text), text) end
end

local rows = 'local t = db:from("area"):table()\n'

describe("a result that is dropped", function()
   it("is found for every step of a table and a query that stands alone", function()
      finds(rows .. 't:sort "id"\nprint(t)',
         "2:3: what t:sort gives is dropped: it leaves what it is called on as it was; write t = t:sort(…)")
      finds('local q = db:from "area"\nq:where{id = "PA1"}\nprint(q)',
         "2:3: what q:where gives is dropped: it leaves what it is called on as it was; write q = q:where(…)")
      finds("db:actions{}", "1:4: what db:actions gives is dropped: it leaves what it is called on as it was; "
         .. "keep it in a variable")
      finds(rows .. 'for _ = 1, 2 do t:head(2):rename{id = "x"} end',
         "2:27: what …:rename gives is dropped: it leaves what it is called on as it was; keep it in a variable")
      local steps = 0
      for name in difkit.sorted(difkit.table.methods) do
         local entry = require("difkit.check.kinds").entry("difkit.Table:" .. name)
         if entry and entry.returns[1] and entry.returns[1].type == "difkit.Table" then
            steps = steps + 1
            local found = found_in(rows .. ("local x = os.date()\nt:%s(x)\nprint(t)"):format(name))
            assert.matches(("what t:%s gives is dropped"):format(name), found[1] or "")
         end
      end
      assert.is_true(steps > 15)
      passes(rows .. 't = t:sort "id"\nprint(t)', rows .. 'print(t:sort "id")', rows .. 't:print()',
         rows .. 'local function sorted() return t:sort "id" end\nprint(sorted())', rows .. 't:sort("id"):print()')
   end)

   it("is found for what may fail: nothing looks at whether it does", function()
      local message = "; write assert(…) around it"
      finds(rows .. 't:write "x.csv"', "2:3: nothing looks at whether t:write succeeds" .. message)
      finds('db:snapshot "x"', "1:4: nothing looks at whether db:snapshot succeeds" .. message)
      finds('difkit.export.skos("x.json", db)', "1:1: nothing looks at whether difkit.export.skos succeeds" .. message)
      finds('difkit.lock "x"', "1:1: nothing looks at whether difkit.lock succeeds" .. message)
      passes(rows .. 'assert(t:write "x.csv")', rows .. 'local ok = t:write "x.csv"\nprint(ok)',
         rows .. 'if not t:write "x.csv" then print "no" end', rows .. 'return t:write "x.csv"')
   end)

   it("is a nil that is used, of what is opened or read", function()
      finds('local other = difkit.open "x.db"\nprint(other:actions{})',
         "1:15: difkit.open gives nil where it fails, and nothing looks at other; write assert(…) around it")
      finds('local t = difkit.table.read_csv "x.csv"\nprint(#t)',
         "1:11: difkit.table.read_csv gives nil where it fails, and nothing looks at t; write assert(…) around it")
      passes('local other = assert(difkit.open "x.db")\nprint(other:actions{})',
         'local other, message = difkit.open "x.db"\nprint(other, message)',
         'local other = difkit.open "x.db"\nif other then print(other:actions{}) end',
         'local other = difkit.open "x.db"\nif not other then return end\nprint(other:actions{})',
         'local other = difkit.open "x.db" or db\nprint(other:actions{})',
         'local other = difkit.open "x.db"\nassert(other)\nprint(other:actions{})',
         'local other = difkit.open "x.db"\nprint(other and other:actions{})',
         "local own = difkit.open()\nprint(own:actions{})")
   end)
end)

describe("a dot for a colon", function()
   it("is found where the object is known", function()
      finds('print(db.actions{topic = "cybersecurity"})',
         "1:10: db.actions is called with a dot; a method is called with a colon: db:actions")
      finds(rows .. 'print(t.sort "id")', "2:9: t.sort is called with a dot; a method is called with a colon: t:sort")
      finds('local r = difkit.report{title = "x"}\nr.heading "x"',
         "2:3: r.heading is called with a dot; a method is called with a colon: r:heading")
      passes('print(db.query(db, "SELECT 1"))', "print(pcall(db.query, db, 'SELECT 1'))",
         "print(difkit.text.upper 'x')",
         rows .. "print(t.columns[1])")
   end)
end)

describe("pairs", function()
   it("is found over a query, a result and a table", function()
      finds("for _, a in pairs(db:actions{}) do print(a) end",
         "1:13: pairs over a query does not give its rows; write `for row in query do`")
      finds("for _, a in ipairs(db:actions{}) do print(a) end",
         "1:13: ipairs over a query does not give its rows; write `for row in query do`")
      finds("for _, a in pairs(db:query 'SELECT 1 AS n') do print(a) end",
         "1:13: pairs over a result does not give its rows; write `for row in result do`")
      assert.matches("^2:13: pairs over a table of the library .*; write ipairs%(…%)$",
         found_in(rows .. "for _, a in pairs(t) do print(a) end")[1])
      passes(rows .. "for _, a in ipairs(t) do print(a) end", "for a in db:actions{} do print(a.id) end",
         "local n = 0\nfor _ in pairs{1, 2} do n = n + 1 end\nprint(n)")
   end)
end)

describe("SQL put together with values", function()
   it("is found where the value follows a quote or a comparison", function()
      local problem = "a value is put into SQL with ..: a quote in it ends the text, the rest is SQL; "
         .. "write ? in its place and give the value after the text"
      local value = "local x = os.date()\n"
      finds(value .. [[print(db:query("SELECT id FROM action WHERE id = '" .. x .. "'"))]], "2:56: " .. problem)
      finds(value .. [[print(db:query("SELECT id FROM action WHERE line > " .. x))]], "2:57: " .. problem)
      finds(value .. [[db:exec("DELETE FROM link WHERE source_id IN (" .. x .. ")")]], "2:52: " .. problem)
      finds(value .. [[print(db:from("action"):where(difkit.sql("text LIKE '%" .. x .. "%'")):count())]],
         "2:60: " .. problem)
      passes(value .. [[print(db:query("SELECT id FROM action WHERE id = ?", x))]],
         [[local columns = "id, " .. "text"
print(db:query("SELECT " .. columns .. " FROM action"))]],
         value .. [[print(db:query("SELECT id FROM " .. x))]],
         value .. [[print(db:query("SELECT id, '" .. "a" .. "' FROM action WHERE id = ?", x))]])
   end)
end)

describe("options", function()
   it("are those that the function itself knows", function()
      finds('print(difkit.chart.bars(db:from "area", {lable = "id", value = "number"}))',
         '1:42: chart.bars has no option "lable"; did you mean "label"?')
      finds('print(difkit.report{title = "x", subtitel = "y"})',
         '1:34: report.new has no option "subtitel"; did you mean "subtitle"?')
      finds(rows .. 't:print{widht = 10}', '2:9: Table:print has no option "widht"; did you mean "width"?')
      finds(rows .. 'assert(t:write("x.csv", {excell = true}))',
         '2:26: Table:write has no option "excell"; did you mean "excel"?')
      finds('assert(db:from("area"):write("x.csv", {excell = true}))',
         '1:40: Query:write has no option "excell"; did you mean "excel"?')
      local index = 'local i = difkit.index{id = "x", units = "ASEAN", period = 2022, children = {"osi"}}:compute(db)\n'
      finds(index .. "print(i:robustness{rnus = 10})",
         '2:20: IndexResult:robustness has no option "rnus"; did you mean "runs"?')
      finds(index .. "print(i:sensitivity{sede = 10})",
         '2:21: IndexResult:sensitivity has no option "sede"; did you mean "seed"?')
      passes('print(difkit.chart.bars(db:from "area", {label = "id", value = "number", title = "x"}))',
         rows .. "t:print{width = 10}", rows .. 'assert(t:write("x.csv", {excel = true}))',
         index .. "print(i:robustness{runs = 10, seed = 1})", index .. "print(i:sensitivity{rows = 10})")
   end)
end)

describe("a list", function()
   it("whose last item is overwritten is found", function()
      finds("local rows = {}\nfor i = 1, 3 do rows[#rows] = {i} end\nprint(#rows)",
         "2:17: rows[#rows] is the last item: this overwrites it; write rows[#rows + 1] to add one")
      passes("local rows = {}\nfor i = 1, 3 do rows[#rows + 1] = {i} end\nprint(#rows)",
         "local rows = {1}\nrows[#rows] = nil\nprint(#rows)",
         "local rows = {'a'}\nrows[#rows] = rows[#rows] .. 'b'\nprint(rows)")
   end)
end)

describe("a period", function()
   it("that is a year is no text", function()
      local message = '2:26: a year is a whole number, and never equal to the text "2022"; write 2022 without quotes'
      finds('for o in db:from "observation" do\n      if o.period == "2022" then print(o.value) end\nend',
         (message:gsub("^2:26", "2:22")))
      passes('for o in db:from "observation" do if o.period == 2022 then print(o.value) end end',
         'for o in db:from "observation" do if o.period == "2022-Q1" then print(o.value) end end')
   end)
end)
