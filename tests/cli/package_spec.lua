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

describe("the bill of materials of the package", function()
   it("names what is built in and what is linked, each with its licence", function()
      if support.shell("command -v python3 dpkg-query").status ~= 0 then return pending "no python3, or not Debian" end
      local folder, remove = support.folder()
      local result = support.shell((".ci/bill package %s %s"):format(folder, support.quote(support.difkit)))
      assert.equal(0, result.status, result.err)
      local json = require "difkit.format.json"
      local bill = json.decode(support.read(folder .. "/difkit-package.spdx.json"))
      assert.equal("SPDX-2.3", bill.spdxVersion)
      local version = support.run "--version".out:match "difkit (%S+)"
      local parts, named = {}, {}
      for _, part in ipairs(bill.packages) do
         parts[part.SPDXID] = part
         assert.truthy(part.versionInfo:find "^%d", part.name)
      end
      for _, relation in ipairs(bill.relationships) do
         local part = assert(parts[relation.relatedSpdxElement])
         named[part.name] = relation.relationshipType
         if relation.relationshipType ~= "DYNAMIC_LINK" then
            assert.is_true(support.exists(("%s/licences/%s"):format(folder, part.name)), part.name)
         end
      end
      assert.equal(version, parts["SPDXRef-difkit"].versionInfo)
      assert.equal("DESCRIBES", named.difkit)
      assert.equal("CONTAINS", named["iso-codes"])
      assert.equal("LGPL-2.1-or-later", parts["SPDXRef-iso-codes"].licenseConcluded)
      assert.equal("DYNAMIC_LINK", named.libnettle8)
      assert.truthy(support.read(folder .. "/licences/LGPL-2.1"):find "LESSER GENERAL PUBLIC LICENSE")
      remove()
   end)
end)
