--- What is built into the program of the library: without remarks and indents, and the same to Lua, line by line.
local core = require "difkit.core"

describe("a module that is built in", function()
   it("is the byte code of its source, with the same lines", function()
      local seen, different = 0, {}
      for _, name in ipairs(core.library_names()) do
         local file = name:find "^difkit/.*%.lua$" and io.open("scripts/" .. name, "rb")
         if file then
            local source = string.dump(assert(load(file:read "a", "=module")))
            file:close()
            seen = seen + 1
            if string.dump(assert(load(core.library_text(name), "=module"))) ~= source then
               different[#different + 1] = name
            end
         end
      end
      assert.same({}, different)
      assert.is_true(seen > 200, seen .. " modules")
   end)

   it("has no indents but in its texts", function()
      local text = core.library_text "difkit/report/asset.lua"
      assert.is_nil(text:find "\n +local ")
      assert.is_nil(text:find "\n +return ")
   end)
end)
