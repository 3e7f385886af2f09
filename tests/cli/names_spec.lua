--- The table of countries is data: one that stands in the folder of --library takes the place of the one built in.
local support = require "tests.cli.support"

local code = [[local t = difkit.table({"name"}, {{name = "Narnia"}, {name = "Viet Nam"}})
   print(t:match_units("name"):encode "csv")]]

describe("a table of countries beside the library", function()
   it("takes the place of the one in the program", function()
      local folder, remove = support.folder()
      assert.equal(0, support.shell(("cp -r scripts %s/library"):format(folder)).status)
      local before = support.run("run", "-e", code, "--library", folder .. "/library")
      assert.equal(0, before.status, before.err)
      assert.truthy(before.out:find "Viet Nam,VNM")
      assert.falsy(before.out:find "NRN")
      support.write(folder .. "/library/names.tsv", "b:narnia\tNRN\nn:narnia\tNRN\nt:NRN\tNarnia\n")
      local after = support.run("run", "-e", code, "--library", folder .. "/library")
      remove()
      assert.equal(0, after.status, after.err)
      assert.truthy(after.out:find "Narnia,NRN")
      assert.falsy(after.out:find "VNM")
   end)
end)
