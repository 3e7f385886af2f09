--- The line of progress of a long import.
local support = dofile "tests/cli/support.lua"

describe("difkit import", function()
   it("shows how many observations it has, on a terminal, and leaves nothing of that line", function()
      local folder, remove = support.folder()
      local file = assert(io.open(folder .. "/big.csv", "wb"))
      file:write "country,indicator,year,value\n"
      for indicator = 1, 1500 do
         for _, unit in ipairs {"LAO", "VNM", "KHM", "THA"} do
            for year = 2000, 2024 do file:write(unit, ",I", indicator, ",", year, ",", year % 97, "\n") end
         end
      end
      file:close()
      local result = support.shell(("env -u NO_COLOR TERM=xterm script -qec %s /dev/null </dev/null"):format(
         support.quote(("%s import %s/big.csv"):format(support.difkit, folder))))
      remove()
      assert.equal(0, result.status, result.out)
      assert.truthy(result.out:find "\r *observation [%d]+", result.out:sub(1, 2000))
      assert.truthy(result.out:find("150000 observations: 1500 indicators, 4 units, 2000 to 2024", 1, true))
   end)
end)
