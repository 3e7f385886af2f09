--- difkit snapshot through the executable, and the lock that keeps two runs apart.
local support = dofile "tests/cli/support.lua"
local run = support.run

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

describe("difkit snapshot", function()
   it("writes a copy that difkit diff finds the same", function()
      local result = run("snapshot", "2026-03", "--to", folder .. "/a", "--date", "2026-03")
      assert.equal("", result.err)
      assert.equal("wrote " .. folder .. "/a/2026-03.db\n", result.out)
      assert.equal(0, run("diff", "@bundled", folder .. "/a/2026-03.db").status)
      assert.equal("unchanged " .. folder .. "/a/2026-03.db\n", run("snapshot", "2026-03", "--to", folder .. "/a").out)
   end)

   it("replaces other records only when asked to", function()
      local other = {"snapshot", "2026-03", "--to", folder .. "/a", "--db", "tests/data/garden-framework"}
      local result = run(table.unpack(other))
      assert.equal(2, result.status)
      assert.truthy(result.err:find("exists and holds other records", 1, true))
      assert.truthy(result.err:find("; --replace does\n", 1, true))
      other[#other + 1] = "--replace"
      assert.equal(0, run(table.unpack(other)).status)
      assert.equal(0, run("diff", "tests/data/garden-framework", folder .. "/a/2026-03.db").status)
   end)

   it("lists what there is, with the date of SOURCE_DATE_EPOCH", function()
      assert.equal(0, run("snapshot", "old", "--to", folder .. "/b",
         {environment = "SOURCE_DATE_EPOCH=1700000000"}).status)
      local result = run("snapshot", "--list", "--to", folder .. "/b")
      assert.truthy(result.out:find("old +2023%-11%-14 +244 "))
      assert.truthy(run("snapshot", "--list", "--json", "--to", folder .. "/b").out:find '"digest":"%x+"')
   end)

   it("says what is wrong", function()
      for words, message in pairs {
         [{"snapshot"}] = "the label is missing",
         [{"snapshot", "a/b"}] = '"a/b" cannot be a label',
         [{"snapshot", "x", "--list"}] = "--list takes no label",
         [{"snapshot", "x", "--date", "soon", "--to", folder}] = "a date is like 2026-03-31",
      } do
         local result = run(table.unpack(words))
         assert.equal(2, result.status)
         assert.truthy(result.err:find(message, 1, true), result.err)
      end
   end)
end)

describe("db:snapshot in a script", function()
   local script = 'print(difkit.open():snapshot("s", {date = "2026"})) print(difkit.snapshots()[1].label)'

   it("writes below --out, and lists what is there", function()
      local result = run("run", "--out", folder .. "/c", "-e", script)
      assert.equal("", result.err)
      assert.equal(folder .. "/c/s.db\ns\n", result.out)
   end)

   it("is refused without --out", function()
      assert.truthy(run("run", "-e", 'return difkit.open():snapshot "s"').err:find("this run writes no files", 1, true))
   end)

   it("writes nothing in a dry run", function()
      local result = run("run", "-n", "--out", folder .. "/d", "-e", 'assert(difkit.open():snapshot "s")')
      assert.truthy(result.out:find("would write " .. folder .. "/d/s.db", 1, true))
      assert.falsy(support.exists(folder .. "/d/s.db"))
   end)
end)
