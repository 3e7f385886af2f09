-- luacheck: no max line length (texts in SQL and in code stand whole)
--- `difkit import --into` a database on a server: it ends with the records that the same imports leave in a file.
local support = require "tests.cli.support"

local server = os.getenv "DIFKIT_SERVER"
local run, shell, quote = support.run, support.shell, support.quote

local function psql(sql)
   return support.psql(sql, server)
end

describe("import into a database on a server", function()
   local folder, remove
   local function csv(name, text)
      support.write(folder .. "/" .. name, text)
      return folder .. "/" .. name
   end

   before_each(function()
      folder, remove = support.folder()
      for _, target in ipairs {server, folder .. "/here.db"} do
         assert.equal(0, run("load", "data/asean-dif", "-o", target).status)
      end
   end)

   after_each(function() remove() end)

   --- The same import into the file and the server: what both say, with the name of the database as TARGET.
   local function both(...)
      local results = {}
      for i, target in ipairs {folder .. "/here.db", server} do
         local words = {"import", ...}
         table.move({"--into", target}, 1, 2, #words + 1, words)
         results[i] = run(table.unpack(words))
         results[i].out = results[i].out:gsub(target:gsub("%p", "%%%0"), "TARGET")
      end
      assert.equal(results[1].status, results[2].status, results[2].err)
      assert.equal(results[1].out, results[2].out)
      assert.equal(results[1].err, results[2].err)
      assert.equal(0, run("diff", folder .. "/here.db", server, "-q").status)
      return results[2]
   end

   it("leaves what it leaves in a file: what is new, the same, in conflict, kept and replaced", function()
      local path = csv("internet.csv", "unit,indicator,period,value\nBRN,internet,2020,95\nKHM,internet,2020-Q1,65.5\n"
         .. "LAO,internet,2021,62\nBRN,phones per head,2020,0.1\n")
      assert.truthy(both(path).out:find("wrote TARGET: 4 new, 0 the same, 0 changed", 1, true))
      assert.equal("0.1|2020|phones-per-head\n", psql(
         "SELECT value, period, indicator_id FROM difkit.observation WHERE indicator_id LIKE 'phones%'").out)
      assert.truthy(both(path).out:find("unchanged TARGET: 0 new, 4 the same", 1, true))
      csv("internet.csv", "unit,indicator,period,value\nBRN,internet,2020,96\nTHA,internet,2020,77\n")
      local refused = both(path)
      assert.equal(1, refused.status)
      assert.truthy(refused.err:find("BRN internet 2020: 95 there, 96 in the file", 1, true), refused.err)
      assert.truthy(both(path, "--on-conflict", "keep").out:find("1 new, 0 the same, 1 changed (kept", 1, true))
      assert.truthy(both(path, "--on-conflict", "replace").out:find("0 new, 1 the same, 1 changed (replaced)", 1, true))
   end)

   it("takes several files, and none when they disagree", function()
      local one = csv("one.csv", "unit,indicator,period,value\nBRN,cars,2020,1\nMYS,cars,2020,2\n")
      local two = csv("two.csv", "unit,indicator,period,value\nBRN,cars,2021,3\nMYS,cars,2020,2\n")
      assert.truthy(both(one, two).out:find("3 new", 1, true))
      csv("two.csv", "unit,indicator,period,value\nBRN,cars,2022,3\nMYS,cars,2020,9\n")
      assert.equal(1, both(one, two).status)
      assert.equal("3\n", psql("SELECT count(*) FROM difkit.observation WHERE indicator_id = 'cars'").out)
   end)

   it("is all or nothing beside ten others that add the same and their own", function()
      local waiting = {}
      for i = 1, 10 do
         local path = csv(i .. ".csv", ("unit,indicator,period,value\nBRN,shared,2020,5\nBRN,own%d,2020,%d\n"):format(i, i))
         waiting[i] = ("(%s import %s --into %s >%s/%d.out 2>&1; echo $? >>%s/%d.out) &"):format(support.absolute,
            quote(path), quote(server), folder, i, folder, i)
      end
      shell(table.concat(waiting, "\n") .. "\nwait")
      for i = 1, 10 do
         local said = support.read(folder .. "/" .. i .. ".out")
         assert.truthy(said:find "\n0\n$", said)
      end
      assert.equal("11|1\n", psql("SELECT count(*), count(*) FILTER (WHERE indicator_id = 'shared') FROM difkit.observation "
         .. "WHERE indicator_id LIKE 'own%' OR indicator_id = 'shared'").out)
      -- The digest in meta is that of what is there.
      assert.equal(0, run("copy", "--from", server, "--to", folder .. "/copy.db").status)
      local digest = "return difkit.open():query(\"SELECT value FROM meta WHERE key = 'content_digest'\"):value()"
      local kept = run("run", "--db", folder .. "/copy.db", "-e", digest).out
      assert.equal(0, run("snapshot", "after", "--db", folder .. "/copy.db", "--to", folder).status)
      assert.equal(kept, run("run", "--db", folder .. "/after.db", "-e", digest).out)
   end)

   it("is refused to a role that may only read, with nothing changed", function()
      psql "GRANT USAGE ON SCHEMA difkit TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA difkit TO reader"
      local result = run("import", csv("a.csv", "unit,indicator,period,value\nBRN,cars,2020,1\nMYS,cars,2020,2\n"), "--into",
         os.getenv "DIFKIT_READER")
      assert.truthy(result.status ~= 0)
      assert.truthy(result.err:find("lacks a right", 1, true), result.err)
      assert.equal("0\n", psql("SELECT count(*) FROM difkit.observation WHERE indicator_id = 'cars'").out)
   end)
end)
