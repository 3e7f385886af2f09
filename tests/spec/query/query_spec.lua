-- The query builder: what each step means, what SQL it becomes, and how it fails.
local difkit = require "difkit"

local db

setup(function() db = assert(difkit.open()) end)
teardown(function() db:close() end)

--- The message and hint of the error that `f` raises.
local problem = require("tests.support.spec").problem

describe("a query", function()
   it("gives the coverage matrix in the order of the framework", function()
      local gaps = db:from "action_full":where{area = "PA1"}:group("topic", "document"):count "n"
         :pivot("topic", "document", "n")
      assert.are.same({"topic", "DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"}, gaps.columns)
      assert.are.equal("trade-facilitation", gaps[1].topic)
      assert.are.equal("digital-identity", gaps[8].topic)
      assert.are.equal(8, #gaps)
      assert.are.equal(12, gaps[1].ACRF)
      assert.is_nil(gaps[2].ADM2025)
   end)

   it("is a value: a step leaves the query it comes from as it was", function()
      local all = db:from "action"
      local some = all:where{document_id = "BSBR"}
      local fewer = some:where{topic_id = "cybersecurity"}:limit(1)
      assert.are.equal(244, all:count())
      assert.are.equal(22, some:count())
      assert.are.equal(1, fewer:count())
   end)

   it("does not run before rows are asked for", function()
      local text = db:from "action":where(difkit.sql "no_such_function(text)"):sql()
      assert.is_truthy(text:find("no_such_function", 1, true))
   end)

   it("quotes every name and binds every value", function()
      local text, values = db:from "action":where{text = [['; DROP TABLE action; --]]}:select("id as a\"b"):sql()
      assert.are.equal([[SELECT "action"."id" AS "a""b" FROM "action" WHERE "action"."text" = ?]], text)
      assert.are.equal("'; DROP TABLE action; --", values[1])
      assert.are.equal(0, db:from "action":where{text = [['; DROP TABLE action; --]]}:count())
   end)

   it("shows its SQL as text", function()
      assert.are.equal('SELECT * FROM "area" ORDER BY "number" NULLS LAST LIMIT 2',
         tostring(db:from "area":order "number":limit(2)))
   end)

   it("stays in SQL that other databases know", function()
      local text = db:from "action":order "id":offset(3):sql()
      assert.are.equal('SELECT * FROM "action" ORDER BY "id" NULLS LAST LIMIT 9223372036854775807 OFFSET 3', text)
   end)
end)

describe("where", function()
   it("takes a list as one of", function()
      assert.are.equal(85, db:from "action":where{document_id = {"BSBR", "ACRF"}}:count())
   end)

   it("finds nothing with an empty list", function()
      assert.are.equal(0, db:from "action":where{document_id = {}}:count())
      assert.are.equal(244, db:from "action":where("document_id", "not in", {}):count())
   end)

   it("keeps everything with an empty filter", function()
      assert.are.equal(244, db:from "action":where{}:count())
   end)

   it("compares", function()
      local actions = db:from "action"
      local before, from = actions:where("line", "<", 100):count(), actions:where("line", ">=", 100):count()
      assert.are.equal(244, before + from)
      assert.is_true(before > 0)
      assert.are.equal(before, actions:where("line", "between", {0, 99}):count())
      assert.are.equal(actions:where("line", "<", 101):count(), actions:where("line", "<=", 100):count())
   end)

   it("finds patterns", function()
      local all = db:from "action"
      local with, without = all:where("text", "like", "%MSME%"):count(), all:where("text", "not like", "%MSME%"):count()
      assert.are.equal(244, with + without)
      assert.is_true(with > 0)
   end)

   it("finds missing values by difkit.null", function()
      local all = db:from "action"
      local missing = all:where{note = difkit.null}:count()
      assert.is_true(missing > 0 and missing < 244)
      assert.are.equal(244 - missing, all:where("note", "!=", difkit.null):count())
   end)

   it("keeps rows without a value when it asks for others", function()
      local all = db:from "action"
      assert.are.equal(244, all:where("note", "!=", "no such note"):count())
      assert.are.equal(244, all:where("note", "not in", {"a", "b"}):count())
      assert.are.equal(244, all:where("note", "not like", "no such note"):count())
   end)

   it("takes null within a list", function()
      local all = db:from "action"
      assert.are.equal(all:where{note = difkit.null}:count(), all:where{note = {difkit.null, "no such note"}}:count())
      assert.are.equal(all:where("note", "!=", difkit.null):count(),
         all:where("note", "not in", {difkit.null, "no such note"}):count())
   end)

   it("takes SQL written by hand with its values", function()
      local long = db:from "action":where(difkit.sql("length(text) > ? AND line < ?", 300, 2000))
      for row in long:each() do
         assert.is_true(utf8.len(row.text) > 300 and row.line < 2000)
      end
      assert.is_true(long:count() > 0)
   end)

   it("after a limit filters what the limit has left", function()
      local first = db:from "action":order "id":limit(5)
      local ids = {}
      for row in first:each() do ids[row.id] = true end
      for row in first:where("id", "!=", "x"):each() do assert.is_true(ids[row.id]) end
      assert.is_true(first:where{document_id = "WPAAEC"}:count() == 0)
   end)

   it("after groups filters the groups", function()
      local many = db:from "action":group "document_id":count "n":where("n", ">", 60)
      assert.are.same({"ACRF", "WPAAEC"}, {many:all()[1].document_id, many:all()[2].document_id})
   end)

   it("knows columns that select computes", function()
      local size = difkit.sql("length(text)"):as "size"
      assert.are.equal(db:from "action":where(difkit.sql "length(text) > 200"):count(),
         db:from "action":select("id", size):where("size", ">", 200):count())
   end)

   it("with where_any keeps rows that fulfil one of several filters", function()
      local q = db:from "action":where_any({document_id = "BSBR", topic_id = "cybersecurity"}, {id = "DIFAP.TF.1"})
      assert.are.equal(3, q:count())
   end)

   it("names an unknown column and the nearest one", function()
      local message, hint, code = problem(function() return db:from "action":where{txt = "x"} end)
      assert.are.equal('where: unknown column "txt" in action', message)
      assert.are.equal('did you mean "text"?', hint)
      assert.are.equal("usage", code)
   end)

   it("names an unknown comparison", function()
      local message, hint = problem(function() return db:from "action":where("line", "=>", 3) end)
      assert.are.equal('where: unknown comparison "=>"', message)
      assert.is_string(hint)
   end)

   it("refuses to compare with nil, a function or a map", function()
      local message, hint = problem(function() return db:from "action":where("line", ">", nil) end)
      assert.are.equal('where: "line" is compared with nil', message)
      assert.are.equal("for a missing value write difkit.null", hint)
      assert.are.equal('where: cannot compare "line" with a function',
         (problem(function() return db:from "action":where{line = print} end)))
      assert.are.equal('where: "line" is compared with a table that is not a list',
         (problem(function() return db:from "action":where{line = {[">"] = 3}} end)))
      assert.are.equal('where: "line" is compared with nothing',
         (problem(function() return db:from "action":where "line" end)))
   end)

   it("points to the line of the script", function()
      local _, value = pcall(function() return db:from "action":where{txt = "x"} end)
      assert.is_truthy(value.where:find("query_spec", 1, true))
   end)
end)

describe("from", function()
   it("names an unknown table and the nearest one", function()
      local message, hint = problem(function() return db:from "actoin" end)
      assert.are.equal('from: unknown table "actoin"', message)
      assert.are.equal('did you mean "action"?', hint)
   end)

   it("takes a query", function()
      local inner = db:from "action":where{document_id = "BSBR"}:select("id", "topic_id as topic")
      assert.are.same({"id", "topic"}, db:from(inner):names())
      assert.are.equal(22, db:from(inner):count())
   end)

   it("takes SQL written by hand, with values in their order", function()
      local q = db:from(difkit.sql("SELECT id, line FROM action WHERE line > ?;", 100)):where("line", "<", 200)
      local text, values = q:sql()
      assert.is_truthy(text:find("(SELECT id, line FROM action WHERE line > ?) AS", 1, true))
      assert.are.same({100, 200}, {values[1], values[2]})
      assert.are.equal(db:from "action":where("line", "between", {101, 199}):count(), q:count())
   end)

   it("refuses a query of another database", function()
      local other <close> = assert(difkit.open())
      assert.are.equal("from: the query belongs to another database",
         (problem(function() return db:from(other:from "action") end)))
   end)
end)

describe("select", function()
   it("refuses two columns of one name", function()
      local message, hint = problem(function() return db:from "action":select("id", "text as id") end)
      assert.are.equal('select: two columns are called "id"', message)
      assert.are.equal('rename one: "text as other"', (hint:gsub('"id as other"', '"text as other"')))
   end)

   it("wants a name for an expression", function()
      assert.are.equal("select: the expression has no name: length(text)",
         (problem(function() return db:from "action":select(difkit.sql "length(text)") end)))
   end)

   it("binds the values of expressions before those of conditions", function()
      local q = db:from "area":where{id = "PA2"}:select("id", difkit.sql("? || title", ">"):as "marked")
      assert.are.equal(">", q:one().marked:sub(1, 1))
   end)
end)

describe("difkit.sql", function()
   it("counts its placeholders, but not those within quotes", function()
      assert.are.equal('difkit.sql: 0 values for 1 placeholder in text "a = ?"',
         (problem(function() return difkit.sql "a = ?" end)))
      assert.is_table(difkit.sql "a = '?'")
   end)
end)

describe("join", function()
   it("follows the only foreign key between two tables", function()
      local q = db:from "action":join "document":where{short_title = "DIF Action Plan"}
      assert.are.equal(57, q:count())
   end)

   it("keeps the columns of the first table under their names and renames those of the second", function()
      local row = db:from "action":join "topic":order "id":one()
      assert.is_string(row.text)
      assert.is_string(row.title)
      local q = db:from "action":join "topic"
      local names = {}
      for _, name in ipairs(q:names()) do names[name] = (names[name] or 0) + 1 end
      for name, count in difkit.sorted(names) do assert.are.equal(1, count, name) end
      assert.are.equal(1, names.topic_note)
      assert.are.equal(1, names.topic_position)
   end)

   it("takes a qualified name", function()
      local q = db:from "action":join "document":join "topic"
      assert.are.equal("Cybersecurity", q:where{["topic.title"] = "Cybersecurity"}:select("topic.title as t"):value())
   end)

   it("joins on columns that differ in name", function()
      local row = db:from "link":join("action", {target_id = "id"}):where{kind = "inherits"}:one()
      assert.are.equal("DIFAP.PF.2", row.target_id)
      assert.is_string(row.text)
   end)

   it("says which ways there are when there are several, and when there is none", function()
      local message, hint = problem(function() return db:from "link":join "action" end)
      assert.are.equal('join: several ways to join "action"', message)
      assert.are.equal('write one of {["link.source_id"] = "id"}, {["link.target_id"] = "id"}', hint)
      assert.are.equal('join: no foreign key to join "unit"',
         (problem(function() return db:from "area":join "unit" end)))
   end)

   it("of the left kind keeps rows without a match", function()
      local topics = db:from "topic":left_join(db:from "action":where{document_id = "BSBR"}, {id = "topic_id"})
      local without = topics:where{document_id = difkit.null}:count()
      assert.are.equal(without, 21 - db:from "action":where{document_id = "BSBR"}:distinct "topic_id":count())
      assert.is_true(without > 0)
   end)

   it("joins a table with itself", function()
      local q = db:from "action":where{id = "DIFAP.TF.1"}:join("action", {topic_id = "topic_id"})
         :select("action.id as one", "action_2.id as other")
      assert.are.equal(33, q:count())
   end)

   it("works on what a limit or a group has left", function()
      local top = db:from "action":group "document_id":count "n":order "n desc":limit(1)
      local row = top:join("document", {document_id = "id"}):one()
      assert.are.equal("WPAAEC", row.document_id)
      assert.are.equal(67, row.n)
   end)

   it("names an unknown column of the other table", function()
      local message = problem(function() return db:from "action":join("document", {document_id = "idd"}) end)
      assert.are.equal('join: unknown column "idd" in document', message)
   end)
end)

describe("groups", function()
   it("have a column for each figure", function()
      local row = db:from "topic":group "area_id":count "n":sum("position", "s"):mean("position", "m")
         :min("position", "low"):max("position", "high"):count_distinct("title", "titles"):one()
      assert.are.same({area_id = "PA1", n = 8, s = 36, m = 4.5, low = 1, high = 8, titles = 8},
         {area_id = row.area_id, n = row.n, s = row.s, m = row.m, low = row.low, high = row.high, titles = row.titles})
   end)

   it("stand in the order of the framework", function()
      local ids = db:from "action":group "document_id":count "n":list "document_id"
      assert.are.equal("DIFAP ACRF ADM2025 BSBR WPAAEC", table.concat(ids, " "))
   end)

   it("can be figured without columns, as one group", function()
      assert.are.equal(244, db:from "action":count "n":value())
   end)

   it("are filtered by having", function()
      assert.are.equal(2, db:from "action":group "document_id":count "n":having("n", ">=", 63):count())
      assert.are.equal("having: there are no groups",
         (problem(function() return db:from "action":having("n", ">", 1) end)))
   end)

   it("refuse two figures of one name", function()
      assert.are.equal('count: two columns are called "n"',
         (problem(function() return db:from "action":group "document_id":count "n":count "n" end)))
   end)

   it("take an expression", function()
      local rows = db:from "action":group(difkit.sql("length(text) > 200"):as "long"):count "n":order "long":all()
      assert.are.equal(244, rows[1].n + rows[2].n)
   end)

   it("pivot with every document when asked", function()
      local t = db:from "action_full":where{topic = "code-of-conduct"}:group("topic", "document"):count "n"
         :pivot("topic", "document", "n", {complete = true, fill = 0})
      assert.are.same({"topic", "DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"}, t.columns)
      assert.are.equal(21, #t)
   end)
end)

describe("order, limit, offset and distinct", function()
   it("sort downwards and put missing values last", function()
      local notes = db:from "action":order("note desc"):list "note"
      assert.is_string(notes[1])
      assert.is_nil(notes[notes.n])
      notes = db:from "action":order "note":list "note"
      assert.is_string(notes[1])
      assert.is_nil(notes[notes.n])
   end)

   it("name an unknown direction", function()
      local message, hint = problem(function() return db:from "action":order "line down" end)
      assert.are.equal('order: unknown direction "down" in "line down"', message)
      assert.are.equal('have asc, desc', hint)
   end)

   it("sort by a column that is not selected", function()
      assert.are.equal("DIFAP.TF.1", db:from "action":select "id":order "line":value())
   end)

   it("refuse counts that are none", function()
      assert.are.equal("limit: the count is below zero: -1",
         (problem(function() return db:from "action":limit(-1) end)))
      assert.are.equal('limit: count must be an integer, not text "3"',
         (problem(function() return db:from "action":limit "3" end)))
   end)

   it("of distinct rows can be counted", function()
      assert.are.equal(77, db:from "action":distinct("topic_id", "document_id"):count())
   end)
end)

describe("rows of a query", function()
   it("come in a loop over the query itself, each time anew", function()
      local areas = db:from "area":order "number"
      for _ = 1, 2 do
         local ids = {}
         for row in areas do ids[#ids + 1] = row.id end
         assert.are.equal("PA1 PA2 PA3 PA4 PA5 PA6", table.concat(ids, " "))
      end
   end)

   it("come in loops within loops over the same query", function()
      local areas, n = db:from "area", 0
      for _ in areas do
         for _ in areas do n = n + 1 end
      end
      assert.are.equal(36, n)
   end)

   it("come anew after a loop that was left", function()
      local areas, ids = db:from "area":order "number", {}
      for row in areas do
         ids[#ids + 1] = row.id
         if #ids == 2 then break end
      end
      for row in areas do ids[#ids + 1] = row.id end
      assert.are.equal("PA1 PA2 PA1 PA2 PA3 PA4 PA5 PA6", table.concat(ids, " "))
      collectgarbage()
   end)

   it("come from a shortcut in a loop that closes it when left", function()
      local seen = 0
      for action in db:actions{document = "BSBR"} do
         assert.is_string(action.text)
         seen = seen + 1
         if seen == 2 then break end
      end
      assert.are.equal(22, db:actions{document = "BSBR"}:count())
   end)

   it("are nil where there are none", function()
      local nobody = db:from "action":where{id = "x"}
      assert.is_nil(nobody:one())
      assert.is_nil(nobody:value())
      assert.are.equal(0, #nobody:all())
      assert.are.equal(0, #nobody:table())
   end)
end)

describe("a closed database", function()
   it("ends its queries and results with a message, never with a crash", function()
      local own = assert(difkit.open())
      local query, result = own:from "action", own:query "SELECT id FROM action"
      local rows, each = own:from("action"):rows(), query:each()
      own:close()
      own:close()
      assert.are.equal("the database of this result was closed", (problem(function() return result() end)))
      assert.are.equal("the database of this result was closed", (problem(rows)))
      assert.are.equal("the database of this result was closed", (problem(function() return each() end)))
      assert.are.equal("the database is closed", (problem(function() return query:all() end)))
      assert.are.equal("the database is closed", (problem(function() return own:actions{} end)))
      collectgarbage()
   end)

   it("can be collected before its results and tables", function()
      local query = assert(difkit.open()):from "area":order "number"
      collectgarbage()
      local row_of, t = query:each(), query:table()
      query = nil
      collectgarbage()
      assert.are.equal("PA1", row_of().id)
      assert.are.equal(6, #t)
      assert.is_nil(query)
      assert.are.equal("PA1", t:pivot("id", "framework_id", "number")[1].id)
   end)
end)

describe("a mistaken method", function()
   it("of a query names the nearest", function()
      local message, hint = problem(function() return db:from "action":whree{} end)
      assert.are.equal('a query has no method "whree"', message)
      assert.are.equal('did you mean "where"?', hint)
   end)

   it("of a database names the nearest", function()
      local message, hint = problem(function() return db:actoins() end)
      assert.are.equal('a database has no method or field "actoins"', message)
      assert.are.equal('did you mean "actions"?', hint)
   end)

   it("of the library names the nearest", function()
      local message, hint = problem(function() return difkit.opne end)
      assert.are.equal('difkit has no field "opne"', message)
      assert.are.equal('did you mean "open"?', hint)
   end)
end)
