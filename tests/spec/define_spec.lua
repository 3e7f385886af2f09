--- Functions of a script in SQL: values, groups, errors, and what they must not do to the query that calls them.
local difkit = require "difkit"

local db

before_each(function() db = assert(difkit.open()) end)
after_each(function() if db then pcall(db.close, db) end end)

local function value(sql, ...) return db:query(sql, ...):value() end

--- What calling `body` raises.
local function raised(body)
   local ok, problem = pcall(body)
   assert.is_false(ok)
   return problem
end

describe("a scalar function", function()
   it("is called for each row", function()
      db:define("words", function(text) return select(2, text:gsub("%S+", "")) end)
      local words = 0
      for action in db:actions() do words = words + select(2, action.text:gsub("%S+", "")) end
      assert.equal(words, value "SELECT sum(words(text)) FROM action")
      assert.equal(1, #db:query("SELECT id FROM action WHERE words(text) = 4 AND id = 'DIFAP.TF.2'"):all())
   end)

   it("is given values as a query gives them, and gives them as parameters are given", function()
      db:define("kinds", function(...)
         local kinds = {}
         for i = 1, select("#", ...) do
            local one = select(i, ...)
            kinds[i] = math.type(one) or type(one)
         end
         return table.concat(kinds, " ")
      end)
      assert.equal("integer float string string nil float", value "SELECT kinds(1, 1.0, 'a', x'00', NULL, 1e300)")
      assert.equal("", value "SELECT kinds()")
      db:define("echo", function(x) return x end)
      local row = db:query("SELECT typeof(echo(7)), typeof(echo(0.5)), typeof(echo('')), typeof(echo(NULL))"):rows()()
      assert.same({"integer", "real", "text", "null"}, row)
      assert.equal("a\0b", value("SELECT echo(?)", "a\0b"))
      assert.equal(math.mininteger, value("SELECT echo(?)", math.mininteger))
      db:define("yes", function() return true end)
      assert.equal(1, value "SELECT yes()")
      db:define("void", function() end)
      assert.is_nil(value "SELECT void()")
   end)

   it("takes as many arguments as are said", function()
      db:define("pair", function(a, b) return a .. b end, {arguments = 2, deterministic = true})
      assert.equal("xy", value "SELECT pair('x', 'y')")
      assert.matches("wrong number of arguments", raised(function() value "SELECT pair('x')" end).message)
   end)

   it("can be replaced", function()
      db:define("f", function() return 1 end)
      assert.equal(1, value "SELECT f()")
      db:define("f", function() return 2 end)
      assert.equal(2, value "SELECT f()")
   end)

   it("may ask the database itself", function()
      db:define("factorial", function(n) return n < 2 and 1 or n * value("SELECT factorial(?)", n - 1) end)
      assert.equal(3628800, value "SELECT factorial(10)")
      assert.equal(3628800 + 6, value "SELECT factorial(10) + factorial(3)")
      assert.matches("stack overflow", raised(function() value "SELECT factorial(100000)" end).message)
      assert.equal(24, value "SELECT factorial(4)")
   end)

   it("runs in whichever coroutine reads", function()
      db:define("double", function(x) return 2 * x end)
      local reader = coroutine.wrap(function()
         for row in db:query "SELECT double(number) AS n FROM area ORDER BY number" do coroutine.yield(row.n) end
      end)
      assert.equal(2, reader())
      assert.equal(10, value "SELECT double(5)")
      assert.equal(4, reader())
      db:define("yielding", function() return coroutine.yield(1) end)
      assert.matches("yield", raised(function() value "SELECT yielding()" end).message)
   end)

   it("is not for views and triggers, which a database of somebody else may hold", function()
      local own = assert(difkit.open("tests/data/garden-framework", {write = true}))
      own:define("f", function() return 1 end)
      own:exec "CREATE VIEW v AS SELECT f() AS x"
      assert.matches("unsafe use of f", raised(function() own:query "SELECT x FROM v":value() end).message)
      own:close()
   end)
end)

describe("an aggregate", function()
   local median = {
      step = function(list, x) list[#list + 1] = x end,
      finish = function(list)
         table.sort(list)
         local n = #list
         return n > 0 and (list[(n + 1) // 2] + list[n // 2 + 1]) / 2 or nil
      end,
   }

   it("has a state for each group", function()
      db:define("median", median)
      local wanted = db:from("action"):select("document_id", "line"):table():group("document_id"):median("line", "m")
      local found = db:query "SELECT document_id, median(line) AS m FROM action GROUP BY document_id":table()
      assert.equal(5, #found)
      for row in found:rows() do
         assert.equal(wanted:where{document_id = row.document_id}[1].m, row.m)
      end
      assert.is_nil(value "SELECT median(line) FROM action WHERE 0")
   end)

   it("may begin with a value, and step to the next", function()
      db:define("product", {start = function() return 1 end, step = function(p, x) return p * x end})
      assert.equal(720, value "SELECT product(number) FROM area")
      assert.equal(1, value "SELECT product(number) FROM area WHERE 0")
      db:define("last", {start = function() return nil end, step = function(_, x) return x end})
      assert.equal("PA6", value "SELECT last(id) FROM (SELECT id FROM area ORDER BY number)")
   end)

   it("is given up with its query, and nothing of it runs then", function()
      local finished = 0
      db:define("counted", {step = function() end, finish = function() finished = finished + 1 return 1 end})
      local result = db:query "SELECT document_id, counted(id) FROM action GROUP BY document_id"
      result:rows()()
      local before = finished
      result:close()
      collectgarbage()
      assert.equal(before, finished)
   end)

   it("says in which part an error was", function()
      db:define("bad", {step = function(_, x) return x.y.z end})
      local problem = raised(function() value "SELECT bad(number) FROM area" end)
      assert.matches("attempt to index a number value.*in the SQL function bad", problem.message)
      db:define("bad", {step = function() end, finish = function() return {} end})
      assert.matches("bad.*returned a table", raised(function() value "SELECT bad(number) FROM area" end).message)
   end)
end)

describe("an error in a function", function()
   it("comes through SQL as it is, with its line", function()
      db:define("boom", function(x)
         if x > 3 then difkit.error.raise("no such thing as " .. x, "try 3", "data") end
         return x
      end)
      local seen = 0
      local problem = raised(function()
         for _ in db:query "SELECT boom(value) FROM json_each('[1, 2, 3, 4]')" do seen = seen + 1 end
      end)
      assert.equal(3, seen)
      assert.equal("no such thing as 4 (in the SQL function boom)", problem.message)
      assert.equal("try 3", problem.hint)
      assert.equal("data", problem.code)
      local line = debug.getinfo(1, "l").currentline - 11
      assert.equal("define_spec.lua:" .. line, problem.where:match "[^/]*$")
      assert.equal(1, value "SELECT boom(1)")
   end)

   it("comes out of every way to run a statement", function()
      local own = assert(difkit.open("tests/data/garden-framework", {write = true}))
      own:define("boom", function() error "broken" end)
      for _, way in ipairs {
         function() own:exec "DELETE FROM meta WHERE boom()" end,
         function() own:exec("DELETE FROM meta WHERE boom(?)", 1) end,
         function() own:query "SELECT boom() FROM document":all() end,
         function() own:query "SELECT boom() FROM document":columns() end,
         function() own:query "SELECT boom() FROM document":table() end,
         function() own:query "SELECT boom() FROM document":write(os.tmpname() .. ".csv") end,
      } do
         assert.matches("broken .in the SQL function boom.", raised(way).message)
      end
      assert.is_true(own:query "SELECT count(*) FROM meta":value() > 0)
      own:close()
   end)

   it("can be caught inside, and then is none", function()
      db:define("careful", function(x) return (pcall(error, x)) and 1 or 0 end)
      assert.equal(0, value "SELECT careful('x')")
   end)
end)

describe("a function", function()
   it("does not pull its query out from under itself", function()
      local result
      db:define("shut", function() db:close() end)
      assert.matches("cannot be closed by a function", raised(function() value "SELECT shut()" end).message)
      for _, way in ipairs {"value", "close", "all", "one", "columns"} do
         db:define("again", function() return result[way](result) end)
         result = db:query "SELECT again() UNION ALL SELECT 2"
         assert.matches("cannot read or close that query", raised(function() result:value() end).message)
      end
      db:define("more", function() db:define("later", print) end)
      assert.matches("cannot define another", raised(function() value "SELECT more()" end).message)
   end)

   it("is collected with its database, though it refers to it", function()
      local gone = setmetatable({}, {__mode = "k"})
      do
         local other = assert(difkit.open())
         other:define("own", function() return other:query "SELECT 1":value() end)
         assert.equal(1, other:query "SELECT own()":value())
         gone[other] = true
      end
      for _ = 1, 4 do collectgarbage() end
      assert.is_nil(next(gone))
   end)

   it("has a name of its own, and is one", function()
      assert.matches("count is a function of SQL itself", raised(function() db:define("count", print) end).message)
      assert.matches("Abs is a function of SQL itself", raised(function() db:define("Abs", print) end).message)
      assert.matches("cannot be called in SQL", raised(function() db:define("my function", print) end).message)
      assert.matches("at most 64", raised(function() db:define(("x"):rep(65), print) end).message)
      assert.matches("must be a function, not number", raised(function() db:define("f", 5) end).message)
      local partly = {finish = print}
      assert.matches("step must be a function, not nil", raised(function() db:define("f", partly) end).message)
      assert.matches('unknown option, or wrong value, for "arguments"',
         raised(function() db:define("f", print, {arguments = 101}) end).message)
   end)
end)
