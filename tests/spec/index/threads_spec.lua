-- luacheck: no max line length (SQL stands whole)
--- Observations read by several readers of one database file: the same matrix with any number of them, one state of the
--- file, and one reader where there can be no more.
local core = require "difkit.core"
local difkit = require "difkit"

local UNITS <const>, PERIODS <const>, INDICATORS <const> = 40, 5, 9

local function make(path)
   assert(core.load_file({"data/asean-dif"}, path))
   local db <close> = assert(difkit.open(path, {write = true}))
   db:exec "BEGIN; DELETE FROM observation"
   for u = 1, UNITS do db:exec("INSERT INTO unit (id, title) VALUES (?, 'unit')", ("U%02d"):format(u)) end
   for i = 1, INDICATORS do
      db:exec("INSERT INTO indicator (id, title, direction) VALUES (?, 'indicator', 1)", ("i%d"):format(i))
      for u = 1, UNITS do
         for p = 1, PERIODS do
            if (u * 7 + p * 3 + i) % 11 > 0 then
               db:exec("INSERT INTO observation (indicator_id, unit_id, period, value) VALUES (?, ?, ?, ?)",
                  ("i%d"):format(i), ("U%02d"):format(u), tostring(2000 + p), (u * 7919 + p * 104729 + i * 31) % 1003 / 7)
            end
         end
      end
   end
   db:exec "COMMIT"
end

describe("observations read by several readers", function()
   local folder, path, units, periods, names

   setup(function()
      local pipe = assert(io.popen "mktemp -d")
      folder = pipe:read "l"
      pipe:close()
      path = folder .. "/many.db"
      make(path)
      units, periods, names = {}, {}, {}
      for u = 1, UNITS do units[u] = ("U%02d"):format(u) end
      for p = 1, PERIODS do periods[p] = 2000 + p end
      for i = 1, INDICATORS do names[i] = ("i%d"):format(i) end
   end)

   teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

   local sql = "SELECT unit_id, period, value, flag FROM observation WHERE indicator_id = ?"

   local function read(db, threads, more)
      local matrix = core.index.matrix(UNITS * PERIODS, INDICATORS)
      local text = more and #more > 0 and sql .. " AND period IN (" .. ("?, "):rep(#more - 1) .. "?)" or sql
      local found = core.index.columns(db, matrix, core.index.names(units, periods), names, text, more or {}, threads)
      return found, matrix
   end

   local function cells(matrix)
      local list = {}
      for column = 1, INDICATORS do
         for row = 1, UNITS * PERIODS do list[#list + 1] = tostring(matrix:get(row, column)) end
      end
      return table.concat(list, " ")
   end

   it("are the same with any number of them", function()
      local db <close> = assert(difkit.open(path))
      local expected = core.index.matrix(UNITS * PERIODS, INDICATORS)
      local rows = core.index.names(units, periods)
      for i, name in ipairs(names) do core.index.load(db:query(sql, name), expected, i, rows) end
      for _, threads in ipairs {2, 3, 8, 64} do
         local found, matrix = read(db, threads)
         assert.are.same({0, 0, 0, 0, 0, 0, 0, 0, 0}, found)
         assert.are.equal(cells(expected), cells(matrix))
      end
      local _, some = read(db, 2, {2001, 2003})
      assert.is_number((some:get(2, 1)))
      assert.is_nil((some:get(UNITS + 2, 1)))
   end)

   it("leave a query that is under way, and a transaction, as they were", function()
      local db <close> = assert(difkit.open(path))
      local result = db:query "SELECT id FROM unit ORDER BY id"
      local first = result().id
      db:exec "BEGIN"
      assert.is_table((read(db, 2)))
      assert.are_not.equal(first, result().id)
      db:exec "COMMIT"
   end)

   it("are read by one where the database is in memory, may be written, or keeps a journal that others can write", function()
      local memory <close> = assert(difkit.open())
      assert.is_false((read(memory, 2)))
      do
         local writing <close> = assert(difkit.open(path, {write = true}))
         assert.is_false((read(writing, 2)))
      end
      local file = assert(io.open(path .. "-wal", "w"))
      file:close()
      local db <close> = assert(difkit.open(path))
      assert.is_false((read(db, 2)))
      os.remove(path .. "-wal")
      assert.is_false((read(db, 1)))
   end)

   it("say what is wrong in the SQL, whichever reader meets it", function()
      local db <close> = assert(difkit.open(path))
      local matrix = core.index.matrix(UNITS * PERIODS, INDICATORS)
      assert.has_error(function()
         core.index.columns(db, matrix, core.index.names(units, periods), names,
            "SELECT unit_id, period, valeu, flag FROM observation WHERE indicator_id = ?", {}, 3)
      end)
      assert.is_table((read(db, 2)))
   end)

   it("count infinite values by indicator", function()
      do
         local db <close> = assert(difkit.open(path, {write = true}))
         db:exec "UPDATE observation SET value = 9e999 WHERE indicator_id = 'i4' AND unit_id = 'U05'"
      end
      local db <close> = assert(difkit.open(path))
      local found = read(db, 4)
      for i = 1, INDICATORS do assert.are.equal(i == 4, found[i] > 0) end
   end)
end)
