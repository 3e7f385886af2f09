--- What an installation says of itself.
local support = dofile "tests/cli/support.lua"
local json = require "difkit.format.json"
local run = support.run

describe("difkit doctor", function()
   it("tells the version, the kernel and its walls, the parts of the build and the data", function()
      local result = run("doctor", "--json")
      assert.equal(0, result.status, result.err)
      local told = assert(json.decode(result.out))
      assert.equal("difkit " .. told.version .. "\n", run("--version").out)
      assert.equal(support.shell("uname -r").out, told.release .. "\n")
      local state = {}
      for _, check in ipairs(told.checks) do state[check.what] = check.state end
      assert.equal(told.landlock > 0 and "ok" or "lacking", state.Landlock)
      assert.equal(told.filter and "ok" or "lacking", state["filter of system calls"])
      assert.equal("ok", state.data)
      local required = run("run", "-e", "print(1)", "--isolation=require")
      assert.equal(told.lacks and 5 or 0, required.status)
      for _, check in ipairs(told.checks) do
         assert.is_true(check.state == "ok" or type(check.advice) == "string", check.what)
      end
   end)

   it("ends with 1 when the data are wrong, and says what to do", function()
      local folder, remove = support.folder()
      support.write(folder .. "/x.yaml", "framework: {id: x}\n")
      local result = run("doctor", "--db", folder, "--json")
      remove()
      assert.equal(1, result.status)
      local checks = json.decode(result.out).checks
      assert.equal("wrong", checks[#checks].state)
      assert.matches("x.yaml:1:12: a framework lacks \"title\"", checks[#checks].detail)
      assert.matches("difkit check", checks[#checks].advice)
   end)
end)
