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

   it("follows the index that --index names", function()
      os.execute("cp -r data/asean-dif " .. folder .. "/asean")
      local path = folder .. "/asean/egdi.csv"
      support.write(path, (support.read(path):gsub("osi,VNM,2022,[%d.]+", "osi,VNM,2022,0.8")))
      support.write(folder .. "/two.yaml", "id: two\ntitle: Two of three\nunits: ASEAN\nchildren: [tii, hci]\n")
      local result = run("diff", "@bundled", folder .. "/asean")
      assert.truthy(result.out:find("VNM   0.6787 -> 0.7292  +0.0505  6 -> 4  +2      revised data", 1, true))
      result = run("diff", "@bundled", folder .. "/asean", "--index", folder .. "/two.yaml")
      assert.equal(1, result.status)
      assert.falsy(result.out:find("VNM   ", 1, true)) -- nothing moved
      result = run("diff", "@bundled", "@bundled", "--index", folder .. "/none.yaml")
      assert.equal(2, result.status)
      assert.equal("difkit: cannot read " .. folder .. "/none.yaml: No such file or directory\n", result.err)
   end)
end)
