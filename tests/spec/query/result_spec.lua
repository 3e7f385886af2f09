--- Databases and results: parameters, kinds of values, and that no order of closing, breaking and collecting does harm.
local difkit = require "difkit"

--- What a failing call raised.
local function raised(...)
   local ok, problem = pcall(...)
   assert.is_false(ok)
   return problem
end

describe("a query", function()
   local db

   before_each(function() db = assert(difkit.open(nil, {write = true})) end)
   after_each(function() db:close() end)

   it("keeps integer, real, text, blob and null apart", function()
      local row = db:query("SELECT 3 AS i, 3.0 AS r, '3' AS t, x'0041' AS b, NULL AS n"):one()
      assert.equal("integer", math.type(row.i))
      assert.equal("float", math.type(row.r))
      assert.equal("3", row.t)
      assert.equal("\0A", row.b)
      assert.is_nil(row.n)
   end)

   it("binds by position, by name, and nil as null", function()
      assert.equal("b", db:query("SELECT ?2", "a", "b"):value())
      assert.equal(5, db:query("SELECT :x + @y", {x = 2, y = 3}):value())
      assert.equal(1, db:query("SELECT ? IS NULL", nil):value())
      assert.equal(7, db:query("SELECT ? + ?", {3, 4}):value())
      assert.equal(1, db:query("SELECT ?", true):value())
   end)

   it("never takes a value for SQL", function()
      local text = "x'; DROP TABLE action; --"
      assert.equal(text, db:query("SELECT ?", text):value())
      assert.equal(244, db:query("SELECT count(*) FROM action"):value())
   end)

   it("says how many values were wanted", function()
      local problem = raised(db.query, db, "SELECT ?, ?", 1)
      assert.equal("usage", problem.code)
      assert.equal("db:query: the SQL has 2 parameters, 1 value was given", problem.message)
   end)

   it("knows a misspelt parameter, column and table", function()
      assert.equal('did you mean "name"?', raised(db.query, db, "SELECT :name", {nmae = 1}).hint)
      assert.equal('did you mean "document_id"?', raised(db.query, db, "SELECT documnet_id FROM action").hint)
      assert.equal('did you mean "action"?', raised(db.query, db, "SELECT * FROM actoin").hint)
   end)

   it("refuses values that SQL has no kind for", function()
      assert.equal("db:query: parameter 1 is a function", raised(db.query, db, "SELECT ?", print).message)
   end)

   it("refuses a second statement, and none", function()
      assert.matches("more than one statement", raised(db.query, db, "SELECT 1; SELECT 2").message)
      assert.matches("no statement", raised(db.query, db, " -- nothing").message)
   end)

   it("places a syntax error in the SQL", function()
      assert.matches("line 2, column 6 of the SQL", raised(db.query, db, "SELECT 1\nFROM FROM").message)
   end)

   it("gives rows by name, by position, at once, and one by one", function()
      local sql = "SELECT id, number FROM area ORDER BY number LIMIT 2"
      local ids = {}
      for row in db:query(sql) do ids[#ids + 1] = row.id end
      for row in db:query(sql):rows() do ids[#ids + 1] = row[1] end
      for _, row in ipairs(db:query(sql):all()) do ids[#ids + 1] = row.id end
      assert.same({"PA1", "PA2", "PA1", "PA2", "PA1", "PA2"}, ids)
      assert.equal("PA1", db:query(sql):one().id)
      assert.equal("PA1", db:query(sql):value())
      assert.same({"id", "number"}, db:query(sql):names())
      assert.is_nil(db:query("SELECT id FROM area WHERE id = 'none'"):one())
      assert.is_nil(db:query("SELECT id FROM area WHERE id = 'none'"):value())
   end)

   it("gives whole columns, numbers and text, with what is missing", function()
      local sql = "SELECT 1 AS n, 'a' AS t UNION ALL SELECT NULL, 'bc' UNION ALL SELECT 2.5, NULL"
      local columns = db:query(sql):columns()
      assert.equal(3, #columns.n)
      assert.equal(1, columns.n[1])
      assert.is_nil(columns.n[2])
      assert.equal(2.5, columns.n[3])
      assert.equal(1, columns.n:missing())
      assert.same({"a", "bc", n = 3}, columns.t:table())
      local twice = db:query "SELECT 1 AS a, 2 AS a"
      assert.matches("same name", raised(twice.columns, twice).message)
   end)

   it("raises for a field that its rows do not have, and gives nil for a null", function()
      local row = db:query("SELECT id, note FROM action WHERE note IS NULL"):one()
      assert.is_nil(row.note)
      local problem = raised(function() return row.nott end)
      assert.equal('a row of this result has no column "nott"', problem.message)
      assert.equal('did you mean "note"?', problem.hint)
   end)

   it("is read-only unless asked otherwise", function()
      local reader = assert(difkit.open())
      local problem = raised(reader.exec, reader, "DELETE FROM action")
      assert.equal("open it with write = true", problem.hint:match "open it with write = true")
      assert.equal(5, db:exec("UPDATE document SET note = ?", "changed"))
      assert.equal("changed", db:query("SELECT note FROM document"):value())
      assert.is_not.equal("changed", reader:query("SELECT note FROM document"):value())
   end)
end)

describe("the life of a result", function()
   local sql = "SELECT id FROM action"

   it("ends with its last row, on break, on an error, and by close", function()
      local db = assert(difkit.open(nil, {write = true}))
      for row in db:query(sql) do if row.id then break end end
      for row in db:query(sql):rows() do if row[1] then break end end
      pcall(function() for _ in db:query(sql) do error "stop" end end)
      local result = db:query(sql)
      result:close()
      result:close()
      assert.is_nil(result())
      -- A statement still open would hold the table locked.
      assert.has_no.errors(function() db:exec("DROP TABLE coding") end)
      db:close()
   end)

   it("ends when its database is closed; later use is an error, not a crash", function()
      local db = assert(difkit.open())
      local result, rows = db:query(sql), db:query(sql):rows()
      result()
      db:close()
      db:close()
      local closed = "the database of this result was closed"
      assert.equal(closed, raised(result).message)
      assert.equal(closed, raised(rows).message)
      assert.equal(closed, raised(result.all, result).message)
      assert.equal("the database is closed", raised(db.query, db, sql).message)
      assert.equal("difkit.Database (closed)", tostring(db))
   end)

   it("keeps its database alive", function()
      local result
      do
         local db = assert(difkit.open())
         result = db:query(sql)
      end
      collectgarbage()
      collectgarbage()
      assert.equal(244, #result:all())
   end)

   it("survives collection in any order", function()
      for _ = 1, 50 do
         local db = assert(difkit.open())
         local results = {}
         for i = 1, 5 do
            results[i] = db:query(sql)
            results[i]()
         end
         if math.random(2) == 1 then db = nil end
         results = db and nil
         collectgarbage(math.random(2) == 1 and "collect" or "step")
         assert.is_nil(results)
      end
   end)

   it("lets two databases be open at once", function()
      local first, second = assert(difkit.open()), assert(difkit.open())
      local from_first, from_second = first:query(sql), second:query(sql)
      assert.equal(from_first().id, from_second().id)
      first:close()
      assert.truthy(from_second().id)
      second:close()
   end)

   it("closes with a to-be-closed variable", function()
      local kept
      do
         local db <close> = assert(difkit.open())
         kept = db
      end
      assert.equal("the database is closed", raised(kept.query, kept, sql).message)
   end)
end)
