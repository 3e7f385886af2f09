--- The one way to make a class.
local class = require "difkit.class"
local difkit = require "difkit"

describe("a class", function()
   it("gives its objects methods and events, and shows its name for a metatable", function()
      local Thing, events = class "difkit.Thing"
      function Thing:double() return 2 * self.n end
      function events.__tostring(thing) return "thing " .. thing.n end
      local thing = setmetatable({n = 4}, events)
      assert.are.equal(8, thing:double())
      assert.are.equal("thing 4", tostring(thing))
      assert.are.equal("difkit.Thing", getmetatable(thing))
      assert.is_nil(thing.other)
      assert.has_error(function() setmetatable(thing, {}) end, "cannot change a protected metatable")
   end)

   it("may have a say about names that are none", function()
      local Thing, events = class("difkit.Thing", function(_, name) return name .. "?" end)
      function Thing:known() return self ~= nil end
      local thing = setmetatable({field = 1}, events)
      assert.are.equal("other?", thing.other)
      assert.are.equal(1, thing.field)
      assert.is_true(thing:known())
   end)

   it("is open to methods of a script, and closed to finalizers", function()
      local methods = difkit.table.methods
      function methods.first_id(t) return t[1].id end
      assert.are.equal("a", difkit.table({"id"}, {{"a"}}):first_id())
      methods.first_id = nil
      local done, problem = pcall(function() methods.__gc = print end)
      assert.is_false(done)
      assert.truthy(tostring(problem):find("the class difkit.Table cannot have __gc", 1, true))
   end)

   it("is made nowhere else in the library", function()
      local listing = assert(io.popen "grep -rlE '^ *[A-Z][A-Za-z]*\\.__index = ' scripts/difkit")
      assert.are.equal("", listing:read "a")
      listing:close()
   end)
end)
