--- What the program holds of the library: the same code on the same lines, without remarks.
local support = require "tests.cli.support"

--- {name = text} of the library as the program holds it.
local function held()
   local result = support.run("run", "--trust", "-e", [[
      local core = require "difkit.core"
      for _, name in ipairs(core.library_names()) do
         local text = core.library_text(name)
         io.stdout:write(name, "\n", #text, "\n", text)
      end]])
   assert.equal(0, result.status, result.err)
   local texts, at = {}, 1
   while at <= #result.out do
      local name, size, last = result.out:match("^([^\n]+)\n(%d+)\n()", at)
      texts[name] = result.out:sub(last, last + size - 1)
      at = last + size
   end
   return texts
end

describe("the library in the program", function()
   it("is the code of the sources, line by line", function()
      local seen, dropped = 0, 0
      for name, text in pairs(held()) do
         local source = support.read("scripts/" .. name)
         if name:find "%.lua$" then
            assert.is_true(string.dump(assert(load(source, "=x"))) == string.dump(assert(load(text, "=x"))), name)
            local annotations = source:gsub("%f[^%z\n] *%-%-%-? [^\n]*", "")
            for line in annotations:gmatch "%-%-%-[^\n]*" do assert.truthy(text:find(line, 1, true), line) end
         else
            assert.equal(source, text)
         end
         seen, dropped = seen + 1, dropped + #source - #text
      end
      assert.is_true(seen > 100 and dropped > 100000, ("%d files, %d bytes"):format(seen, dropped))
   end)
end)
