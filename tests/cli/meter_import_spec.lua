--- The line of progress of a long import.
local support = dofile "tests/cli/support.lua"

describe("difkit import", function()
   it("shows how many observations it has, on a terminal, and leaves nothing of that line", function()
      -- The line comes after a second: the file is larger until the import takes that long, whatever the machine.
      local folder, remove = support.folder()
      local result, count
      for _, indicators in ipairs {1500, 6000, 24000} do
         local file = assert(io.open(folder .. "/big.csv", "wb"))
         file:write "country,indicator,year,value\n"
         for indicator = 1, indicators do
            for _, unit in ipairs {"LAO", "VNM", "KHM", "THA"} do
               -- Each value has to be thought about.
               for year = 2000, 2024 do file:write(unit, ",I", indicator, ",", year, ",", year % 97, " (p)\n") end
            end
         end
         file:close()
         result = support.shell(("env -u NO_COLOR TERM=xterm script -qec %s /dev/null </dev/null"):format(
            support.quote(("%s import %s/big.csv"):format(support.difkit, folder))))
         count = ("%d observations: %d indicators, 4 units, 2000 to 2024"):format(100 * indicators, indicators)
         if result.status ~= 0 or result.out:find "\r *observation [%d]+" then break end
      end
      remove()
      assert.equal(0, result.status, result.out)
      assert.truthy(result.out:find "\r *observation [%d]+", result.out:sub(1, 2000))
      assert.truthy(result.out:find(count, 1, true))
   end)
end)
