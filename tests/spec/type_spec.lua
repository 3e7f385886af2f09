--- The types of values that the core makes: scripts see the name of a type in the place of its metatable, which they
--- could change otherwise.
local core = require "difkit.core"
local difkit = require "difkit"

describe("a type of the core", function()
   local values

   setup(function()
      local db = difkit.open()
      local result = db:query "SELECT id FROM document"
      values = {
         ["difkit.Database"] = db,
         ["difkit.Result"] = result,
         ["difkit.Column"] = db:query("SELECT id FROM document"):columns().id,
         ["difkit.Matrix"] = core.index.matrix(2, 2),
         ["difkit.IndexNames"] = (core.index.names({"A"}, {"2022"})),
         ["difkit.Similarity"] = core.similarity({"some words"}, {}),
         ["difkit.Meter"] = core.meter("counting", 1),
      }
   end)

   it("shows its name in the place of its metatable", function()
      local count = 0
      for name, value in pairs(values) do
         count = count + 1
         assert.equal("userdata", type(value), name)
         assert.equal(name, getmetatable(value))
      end
      assert.equal(7, count)
   end)

   it("has no metatable that a script could reach, in any file of the binding", function()
      local pipe = assert(io.popen "grep -rln 'luaL_newmetatable' core/lua | LC_ALL=C sort")
      local found = pipe:read "a"
      pipe:close()
      -- type.c registers types; the error value is a table, whose metatable is the library's own.
      assert.equal("core/lua/error.c\ncore/lua/type.c\n", found)
   end)
end)
