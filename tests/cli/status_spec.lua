--- The exit status of a script that failed comes from the error as it was raised.
local support = dofile "tests/cli/support.lua"

describe("an error that a script has changed", function()
   for _, code in ipairs {"locked", "io", "limit", "data"} do
      it("keeps its exit status: " .. code, function()
         local text = [[
            local difkit = require "difkit"
            local _, caught = pcall(difkit.error.raise, "as it was", "h")
            caught.code = "%s"
            error(caught)]]
         local result = support.shell(("%s run -e %s"):format(support.absolute, support.quote(text:format(code))))
         assert.matches("as it was", result.err)
         assert.equal(4, result.status)
      end)
   end

   it("has the status that it was raised with", function()
      local code = [[require "difkit".error.raise("as it was", "h", "locked")]]
      assert.equal(6, support.shell(("%s run -e %s"):format(support.absolute, support.quote(code))).status)
   end)
end)
