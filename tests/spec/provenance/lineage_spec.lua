--- The way back: every method of tables and queries leads from a cell to the rows behind it, or says that it does not.
local difkit = require "difkit"
local lineage = require "difkit.provenance.lineage"
local observe = require "difkit.observe"
local tables = require "difkit.table"
local trace = require "difkit.provenance.trace"
local writer = require "difkit.query.sql"

local db = assert(difkit.open())
require "difkit.query"

local seen

before_each(function() seen = trace.begin "" end)
after_each(function() observe.begin(nil) end)

local function source()
   local t = difkit.table({"id", "g", "k", "n", "m"}, {
      {"a", "x", "p", 1, 10}, {"b", "x", "q", 2, 20}, {"c", "y", "p", 3, 30}, {"d", "y", "q", 4, 40},
      {"e", "z", "p", 5, 50},
   })
   return t
end

local function names_of(methods)
   local names = {}
   for name in difkit.sorted(methods) do
      if not name:find "^__" then names[#names + 1] = name end
   end
   return names
end

--- The ids of the rows behind a cell (without a column: behind the row), and the column that they stand in.
local function behind(t, i, column)
   local passed, ends = lineage.follow(seen, t, {t[i]}, column)
   local ids = {}
   for _, ending in ipairs(ends) do
      for _, row in ipairs(ending.rows) do ids[#ids + 1] = rawget(row, "id") end
   end
   table.sort(ids)
   return table.concat(ids, " "), ends[1].column, passed
end

--- By method of a table: what it makes of the sample, and then for cells {row, column, ids behind, column there}.
local samples = {
   where = {function(t) return t:where("n", ">", 2) end, {1, "n", "c", "n"}, {3, nil, "e", nil}},
   sort = {function(t) return t:sort "n desc" end, {1, "n", "e", "n"}, {5, "m", "a", "m"}},
   distinct = {function(t) return t:distinct "g" end, {2, "n", "c", "n"}},
   head = {function(t) return t:head(2) end, {2, "m", "b", "m"}},
   append = {function(t) return t:append(difkit.table({"id", "extra"}, {{"f", 9}})) end,
      {1, "n", "a", "n"}, {6, "extra", "f", "extra"}, {1, "extra", "a", nil}, {6, nil, "f", nil}},
   select = {function(t) return t:select("n as number", "id") end, {4, "number", "d", "n"}, {4, "id", "d", "id"}},
   rename = {function(t) return t:rename{n = "number"} end, {2, "number", "b", "n"}, {2, "m", "b", "m"}},
   drop = {function(t) return t:drop("m", "k") end, {5, "n", "e", "n"}},
   derive = {function(t) return t:derive("twice", function(row) return 2 * row.n end) end,
      {3, "twice", "c", nil}, {3, "n", "c", "n"}},
   group = {function(t) return t:group "g" end, {1, "g", "a b", "g"}, {3, nil, "e", nil}},
   count = {function(t) return t:group("g"):count "rows" end, {2, "rows", "c d", nil}, {2, "g", "c d", "g"}},
   sum = {function(t) return t:group("g"):sum("n", "total"):sum("m") end,
      {1, "total", "a b", "n"}, {1, "sum_m", "a b", "m"}, {3, "g", "e", "g"}},
   mean = {function(t) return t:group("g"):mean "n" end, {2, "mean_n", "c d", "n"}},
   min = {function(t) return t:group("g"):min "n" end, {2, "min_n", "c d", "n"}},
   max = {function(t) return t:group("k"):max "n" end, {1, "max_n", "a c e", "n"}},
   median = {function(t) return t:group("k"):median "n" end, {2, "median_n", "b d", "n"}},
   aggregate = {function(t) return t:group("g"):aggregate("first", function(rows) return rows[1].id end) end,
      {1, "first", "a b", nil}},
   pivot = {function(t) return t:pivot("g", "k", "n", {fill = 0}) end,
      {1, "q", "b", "n"}, {2, "p", "c", "n"}, {3, "q", "", "n"}, {2, "g", "c d", "g"}, {1, nil, "a b", nil}},
   unpivot = {function(t) return t:unpivot({"id", "g"}, "what", "value") end,
      -- k, n and m of each row: of the second row "b" the places 4, 5 and 6
      {4, "value", "b", "k"}, {5, "value", "b", "n"}, {6, "value", "b", "m"}, {6, "g", "b", "g"}, {6, "what", "b", nil},
      {15, "value", "e", "m"}},
   total_row = {function(t) return t:total_row() end,
      {6, "n", "a b c d e", "n"}, {2, "n", "b", "n"}, {6, "id", "a b c d e", nil}},
   total_column = {function(t) return t:total_column("all", {"n", "m"}) end, {2, "all", "b", nil}, {2, "n", "b", "n"}},
   join = {function(t) return t:join(difkit.table({"id", "key", "title"}, {{"P", "p", "first"}, {"Q", "q", "second"}})
      :rename{id = "other"}, {k = "key"}) end,
      {2, "n", "b", "n"}, {2, "title", "Q", "title"}, {3, "other", "P", "id"}, {1, "k", "a", "k"},
      {1, nil, "P a", nil}},
   long = {function(t) return t:long{keep = {"id", "g"}} end,
      {4, "value", "b", "k"}, {5, "value", "b", "n"}, {6, "g", "b", "g"}, {6, "name", "b", nil}},
   wide = {function(t) return t:select("g", "k", "n"):wide{name = "k", value = "n"} end, {1, "q", "b", "n"}},
   profile = {function(t) return t:profile() end, {4, "max", "a b c d e", "n"}},
   numbers = {function(t) return t:numbers "n" end, {2, "flag", "b", "n"}, {3, "n", "c", "n"}},
   match_units = {function(t) return t:match_units "id" end, {2, "unit", "b", "id"}, {3, "n", "c", "n"}},
   left_join = {function(t) return t:left_join(difkit.table({"id", "key", "title"}, {{"P", "p", "first"}})
      :rename{id = "other"}, {k = "key"}) end,
      {1, "title", "P", "title"}, {2, "title", "", nil}, {2, "n", "b", "n"}},
}

describe("a method of tables", function()
   for _, name in ipairs(names_of(tables.methods)) do
      it(("has a way back or says that it has none: %s"):format(name), function()
         local none = lineage.none.table[name]
         local sample = samples[name]
         assert.is_true((none ~= nil) ~= (sample ~= nil),
            name .. ": either a sample in this spec, or a reason in lineage.none")
         if none then
            assert.is_true(#none > 10)
            return
         end
         local made = sample[1](source())
         assert.are.equal("difkit.Table", getmetatable(made))
         assert.is_truthy(seen.step[made].way, name .. " records no way")
         assert.are.equal(name, seen.step[made].call)
         for n = 2, #sample do
            local i, column, ids, stands_in = table.unpack(sample[n], 1, 4)
            local found, named = behind(made, i, column)
            local place = ("%s: row %d, column %s"):format(name, i, tostring(column))
            assert.are.equal(ids, found, place)
            assert.are.equal(stands_in, named, place)
         end
      end)
   end

   it("that is named in lineage.none exists, and makes no table", function()
      for name in difkit.sorted(lineage.none.table) do assert.is_function(tables.methods[name], name) end
      for name in difkit.sorted(lineage.none.query) do assert.is_function(writer.methods[name], name) end
      for name in difkit.sorted(samples) do assert.is_function(tables.methods[name], name) end
   end)

   it("leads back to all the tables that a figure was made of", function()
      local other = difkit.table({"id", "g", "n"}, {{"f", "x", 7}})
      local t = source():append(other):group("g"):sum("n", "total")
         :derive("twice", function(row) return row.total * 2 end)
      assert.are.equal("a b f", (behind(t, 1, "total")))
      assert.are.equal("a b f", (behind(t, 1, "twice")))
      local keys = difkit.table({"key", "id of"}, {{"p", "P"}}):rename{["id of"] = "other"}
      local joined = source():join(keys, {k = "key"})
         :derive("both", function(row) return row.n .. row.other end)
      local _, ends = lineage.follow(seen, joined, {joined[1]}, "both")
      assert.are.equal(2, #ends)
      assert.are.equal("a", ends[1].rows[1].id)
      assert.are.equal("P", ends[2].rows[1]["id of"])
   end)

   it("leads back through several steps, each with its line and its arguments", function()
      local line = debug.getinfo(1, "l").currentline + 1
      local t = source():where{k = "p"}:select("id", "n as number"):sort "number desc":unpivot("id", "what", "of")
      local ids, column, passed = behind(t, 1, "of")
      assert.are.equal("e", ids)
      assert.are.equal("n", column)
      local calls, lines = {}, {}
      for i, step in ipairs(passed) do calls[i], lines[i] = step.call, step.line end
      assert.are.same({"unpivot", "sort", "select", "where", "difkit.table"}, calls)
      assert.are.same({line, line, line, line, debug.getinfo(source, "S").linedefined + 1}, lines)
      assert.are.same({"id", "what", "of", n = 3}, passed[1].arguments)
      assert.is_true(passed[5].by_hand)
   end)
end)

--- By method of a query: a call of it on actions of a document. `base` gives the query.
local function base() return db:from "action":where{document_id = "BSBR"} end
local function grouped() return base():group "topic_id" end
local queries = {
   where = function() return base():where{topic_id = "cybersecurity"} end,
   where_any = function() return base():where_any({topic_id = "cybersecurity"}, {id = "BSBR.CS.1"}) end,
   select = function() return base():select("id", "line") end,
   order = function() return base():order "line" end,
   framework_order = function() return base():framework_order "topic_id" end,
   limit = function() return base():limit(3) end,
   offset = function() return base():order("line"):offset(3) end,
   distinct = function() return base():distinct "topic_id" end,
   group = function() return grouped():count "n" end,
   count = function() return grouped():count "n" end,
   count_distinct = function() return grouped():count_distinct("line", "lines") end,
   sum = function() return grouped():sum("position", "total") end,
   mean = function() return grouped():mean("position", "mean") end,
   min = function() return grouped():min("position", "least") end,
   max = function() return grouped():max("position", "most") end,
   aggregate = function() return grouped():aggregate("most", difkit.sql "max(line)") end,
   having = function() return grouped():count("n"):having("n", ">", 1) end,
   join = function() return base():join("topic", {topic_id = "id"}) end,
   left_join = function() return base():left_join("topic", {topic_id = "id"}) end,
   union = function() return base():union(base()) end,
   table = function() return base():table() end,
   pivot = function() return base():pivot("topic_id", "position", "id") end,
   run = function() return base():run() end,
   all = function() return base():all() end,
   one = function() return base():one() end,
   value = function() return base():value() end,
   list = function() return base():list "id" end,
   rows = function() return base():rows()() end,
   each = function() return (base():each()()) end,
   columns = function() return base():columns() end,
   print = function()
      local out = io.output()
      io.output(assert(io.open("/dev/null", "w")))
      local own = print
      _G.print = function() end -- luacheck: ignore
      base():print()
      _G.print = own -- luacheck: ignore
      io.output(out)
   end,
   write = function()
      local name = os.tmpname()
      assert(base():write(name .. ".csv"))
      os.remove(name .. ".csv")
      os.remove(name)
   end,
}

--- The last question to the actions that was noted.
local function question()
   for n = #seen.steps, 1, -1 do
      local step = seen.steps[n]
      if step.sql and step.sql:find('"action"', 1, true) then return step end
   end
end

describe("a method of queries", function()
   for _, name in ipairs(names_of(writer.methods)) do
      it(("has a way back or says that it has none: %s"):format(name), function()
         local none, call = lineage.none.query[name], queries[name]
         assert.is_true((none ~= nil) ~= (call ~= nil),
            name .. ": either a sample in this spec, or a reason in lineage.none")
         if none then return assert.is_true(#none > 10) end
         local given = call()
         local t = given
         if getmetatable(given) == "difkit.Query" then
            -- A query leads back once it is asked.
            assert.is_number(seen.begun[given])
            t = given:table()
         end
         local asked = question()
         assert.is_truthy(asked, name .. " leaves no question behind")
         assert.are.equal("BSBR", asked.values[1])
         assert.is_number(asked.line)
         if not tables.is_table(t) then return end
         local _, ends = lineage.follow(seen, t, {t[1]})
         local ending = ends[1]
         assert.truthy(ending.step and ending.step.sql)
         for _, row in ipairs(ending.rows) do
            local document = rawget(row, "document_id")
            if document then assert.are.equal("BSBR", document) end
         end
         if given ~= t and (given.groups or given.aggregates) then
            assert.is_true(ending.asked)
            local expected = db:from "action":where{document_id = "BSBR", topic_id = t[1].topic_id}:count()
            assert.are.equal(expected, #ending.rows, name)
         end
      end)
   end

   it("finds the rows that were counted alone", function()
      local n = base():count()
      local step = lineage.counted(seen, #seen.steps + 1, n, {"actions of BSBR"})
      assert.are.equal(n, step.counted)
      assert.are.equal(n, #lineage.table_of(seen, step.query))
   end)

   it("finds a value that was asked for in SQL", function()
      local n = db:query("SELECT count(*) FROM action WHERE document_id = ?", "BSBR"):value()
      local step = lineage.counted(seen, #seen.steps + 1, n, {"BSBR"})
      assert.are.equal("SELECT count(*) FROM action WHERE document_id = ?", step.sql)
   end)
end)

describe("an observer", function()
   it("changes no function of the library, and nothing is told when nobody watches", function()
      observe.begin(nil)
      local core = require "difkit.core"
      local before = {core.database.query, core.write_file, tables.new, tables.methods.where, writer.methods.run}
      trace.begin ""
      assert.are.same(before, {core.database.query, core.write_file, tables.new, tables.methods.where,
         writer.methods.run})
      observe.begin(nil)
      local count = #seen.steps
      source():where{g = "x"}
      base():table()
      assert.are.equal(count, #seen.steps)
   end)
end)
