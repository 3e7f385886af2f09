-- The order of a query is what it was asked for, whatever later steps call the columns: topics by area and position,
-- documents by adoption, units by title.
local difkit = require "difkit"

local db

setup(function() db = assert(difkit.open()) end)
teardown(function() db:close() end)

--- The ids of a query's rows, in their order, by each of the ways to have them.
local function ids(query, column)
   column = column or "id"
   local first = table.concat(query:table():column(column), " ")
   assert.equal(first, table.concat(query:list(column), " "))
   local all, looped = {}, {}
   for i, row in ipairs(query:all()) do all[i] = row[column] end
   for row in query:each() do looped[#looped + 1] = row[column] end
   assert.equal(first, table.concat(all, " "))
   assert.equal(first, table.concat(looped, " "))
   return first
end

--- Queries in the order of the framework, and renamings that give the name of a column it is sorted by to another.
local cases = {
   actions = {db = function() return db:actions{document = {"BSBR", "ACRF"}} end,
      renamed = {"topic_title as topic", "text as document", "number as position", "id"}},
   ["actions of a topic"] = {db = function() return db:actions{topic = "cybersecurity"} end,
      renamed = {"id", "document_title as document", "document_short_title as topic"}},
   documents = {db = function() return db:documents() end,
      renamed = {"id as document", "title as id"}, id = "document"},
   topics = {db = function() return db:topics() end, renamed = {"title as position", "id as topic", "area_id as id"},
      id = "topic"},
   areas = {db = function() return db:areas() end, renamed = {"title as number", "id as area", "framework_id as id"},
      id = "area"},
   units = {db = function() return db:units() end, renamed = {"id as title", "title as id"}, id = "title"},
   ["by a column"] = {db = function() return db:from("action"):order("line desc", "id") end,
      renamed = {"topic_id as line", "text as id", "id as action"}, id = "action"},
}

describe("the order of a query", function()
   for name, case in require "difkit.sorted"(cases) do
      local function plain() return (case.db()) end -- the query alone, without what a loop needs
      local function renamed() return case.db():select(table.unpack(case.renamed)) end
      local id = case.id

      it("survives renaming: " .. name, function()
         local expected = ids(plain())
         assert.is_true(#expected > 20)
         assert.equal(expected, ids(renamed(), id))
      end)

      it("survives further steps behind a renaming: " .. name, function()
         for limit = 2, 3 do
            assert.equal(ids(plain():limit(limit)), ids(renamed():limit(limit), id))
            assert.equal(ids(plain():offset(limit)), ids(renamed():offset(limit), id))
            assert.equal(ids(plain():limit(limit)), ids(db:from(renamed():limit(limit)), id))
            -- A condition on what a limit leaves, and one on what is computed: both need a subquery.
            local some = renamed():limit(9):where(id or "id", "!=", "none"):limit(limit)
            assert.equal(ids(plain():limit(limit)), ids(some, id))
         end
         local either = renamed():where_any({[id or "id"] = plain():limit(4):list "id"}, {[id or "id"] = "none"})
         assert.equal(ids(plain():limit(4)), ids(either, id))
      end)
   end

   it("survives joins", function()
      local expected = ids((db:actions{document = "BSBR"}))
      local renamed = db:actions{document = "BSBR"}:select("topic_title as topic", "id", "document as doc")
      assert.equal(expected, ids(renamed:join("document", {doc = "id"})))
      assert.equal(expected, ids(renamed:left_join("document", {doc = "id"}):select("id")))
   end)

   it("is that of a renamed column where it is asked for after the renaming", function()
      local titles = db:topics():select("title as id", "id as topic"):order("id"):list "id"
      local sorted = {table.unpack(titles)}
      table.sort(sorted)
      assert.same(sorted, {table.unpack(titles)})
      local descending = db:topics():select("title as id"):order("id desc"):list "id"
      for i = 1, #sorted do assert.equal(sorted[i], descending[#sorted + 1 - i]) end
   end)

   it("leaves no column of its own behind", function()
      local query = db:actions{document = "BSBR"}:select("topic_title as topic", "id"):limit(5):where{id = "BSBR.TF.1"}
      assert.equal("topic id", table.concat(query:names(), " "))
      assert.equal("topic id", table.concat(query:table().columns, " "))
      assert.equal("topic id", table.concat(query:limit(1):where{id = "BSBR.TF.1"}:run():names(), " "))
      assert.equal(1, query:count())
   end)
end)
