--- difkit diff through the executable: what it prints, and its exit statuses.
local support = dofile "tests/cli/support.lua"
local run = support.run

local folder, remove

setup(function()
   folder, remove = support.folder()
   os.execute("cp -r tests/data/garden-framework " .. folder .. "/new")
   local plan = support.read(folder .. "/new/plan.yaml")
   support.write(folder .. "/new/plan.yaml", (plan:gsub("three compost bays", "four compost bays")))
   assert.equal(0, run("load", "tests/data/garden-framework", "-o", folder .. "/old.db").status)
end)
teardown(function() remove() end)

describe("difkit diff", function()
   it("ends with 0 when both are the same, whatever they are", function()
      local result = run("diff", folder .. "/old.db", "tests/data/garden-framework")
      assert.equal(0, result.status)
      assert.equal(folder .. "/old.db and tests/data/garden-framework hold the same records.\n", result.out)
      assert.equal(0, run("diff", "@bundled", "data/asean-dif").status)
   end)

   it("ends with 1 when they differ, and says in what", function()
      local result = run("diff", folder .. "/old.db", folder .. "/new")
      assert.equal(1, result.status)
      assert.equal("", result.err)
      local line = "\naction\n  ~ PLAN.CO.1  text: Build [-three-] {+four+} compost bays in every garden.\n"
      assert.truthy(result.out:find(line, 1, true))
   end)

   it("ends with 2 for any trouble", function()
      support.write(folder .. "/bad.yaml", "actions: [\n")
      for _, words in ipairs {{"@bundled", folder .. "/none.db"}, {"@bundled", folder .. "/bad.yaml"}, {"@bundled"},
         {"@bundled", "@bundled", "@bundled"}, {"@bundled", "@bundled", "--jsno"}} do
         local result = run("diff", table.unpack(words))
         assert.equal(2, result.status)
         assert.truthy(result.err:find "^difkit: ")
         assert.equal("", result.out)
      end
   end)

   it("prints nothing when asked to", function()
      local result = run("diff", folder .. "/old.db", folder .. "/new", "--quiet")
      assert.equal(1, result.status)
      assert.equal("", result.out .. result.err)
   end)

   it("prints JSON with the key of each record", function()
      local result = run("diff", folder .. "/old.db", folder .. "/new", "--json")
      assert.equal(1, result.status)
      assert.truthy(result.out:find('"id": "PLAN.CO.1"', 1, true))
      assert.truthy(result.out:find('"new": "Build four compost bays in every garden."', 1, true))
   end)
end)
