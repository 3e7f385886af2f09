--- What is released: the archive of the sources has the same bytes whenever it is made, and holds what git has.
local support = dofile "tests/cli/support.lua"

local build = support.difkit:match "^(.*)/[^/]*$"

describe("the archive of the sources", function()
   it("is the same twice, and has what git has", function()
      if support.shell("git rev-parse HEAD").status ~= 0 then return pending "no git here" end
      local made = {}
      for i = 1, 2 do
         local result = support.shell(("cmake --build %s --target dist"):format(support.quote(build)))
         assert.equal(0, result.status, result.out .. result.err)
         made[i] = assert(result.out:match "(%x+)  difkit%-[%d.]+%.tar%.gz", result.out)
         support.shell "sleep 1"
      end
      assert.equal(made[1], made[2])
      local archive = support.quote(build) .. "/difkit-*.tar.gz"
      assert.equal(0, support.shell("cd " .. support.quote(build) .. " && sha256sum -c difkit-*.tar.gz.sha256").status)
      local inside = support.shell("tar -tzf " .. archive .. " | grep -v '/$' | cut -d/ -f2- | LC_ALL=C sort").out
      assert.equal(support.shell("git ls-tree -r --name-only HEAD | LC_ALL=C sort").out, inside)
   end)
end)
