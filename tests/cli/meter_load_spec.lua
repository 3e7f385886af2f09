--- The line of progress of a long load.
local support = dofile "tests/cli/support.lua"

describe("difkit load", function()
   it("shows how much is read, then that it stores, on a terminal", function()
      local folder, remove = support.folder()
      local units = ""
      for unit = 1, 1000 do units = ("%s  - {id: U%d, title: Unit}\n"):format(units, unit) end
      support.write(folder .. "/big.yaml", [[
framework: {id: big, title: Big}
indicators:
  - {id: i, title: Indicator, measure: m, direction: 1, source: x}
  - {id: j, title: Indicator, measure: m, direction: 1, source: x}
observations: {csv: big.csv, source: x}
units:
]] .. units)
      local file = assert(io.open(folder .. "/big.csv", "wb"))
      file:write "indicator,unit,period,value\n"
      for _, indicator in ipairs {"i", "j"} do
         for unit = 1, 1000 do
            for period = 1001, 3000 do file:write(indicator, ",U", unit, ",", period, ",", period % 97, "\n") end
         end
      end
      file:close()
      local result = support.shell(("env -u NO_COLOR TERM=xterm script -qec %s /dev/null </dev/null"):format(
         support.quote(("%s load %s/big.yaml -o %s/big.db"):format(support.difkit, folder, folder))))
      remove()
      assert.equal(0, result.status, result.out)
      assert.truthy(result.out:find "\r *%d+ %%  reading [%d.]+ of [%d.]+ MB", result.out:sub(1, 2000))
      assert.truthy(result.out:find("\rstoring, 1 s", 1, true))
      local last = "\r\27%[Kwrote [^\r]*: 1 framework, 1000 units, 2 indicators, 4000000 observations\r\n$"
      assert.truthy(result.out:find(last))
   end)
end)
