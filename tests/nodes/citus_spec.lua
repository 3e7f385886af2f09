-- luacheck: no max line length (texts in SQL and in code stand whole)
--- A cluster of three nodes (tests/support/nodes): the large tables are in shards, the same scripts give the same, the
--- heavy part of an index runs in the shards, and what happens when a node goes.
local support = require "tests.cli.support"

local server = os.getenv "DIFKIT_SERVER"
local run, shell, quote = support.run, support.shell, support.quote

local function psql(sql)
   return support.psql(sql, server)
end

--- Waits until a condition holds; the limit is generous, and a failure says which.
local function wait_for(what, condition)
   for _ = 1, 600 do
      if condition() then return end
      os.execute "sleep 0.1"
   end
   error("never came: " .. what)
end

describe("a database on several nodes", function()
   teardown(function() shell(os.getenv "DIFKIT_WORKER_START") end)

   setup(function()
      local loaded = run("load", "data/asean-dif", "-o", server, "--distribute")
      assert.equal("", loaded.err)
   end)

   it("has observations by indicator and answers by respondent in shards, and says where", function()
      local said = run("doctor", "--db", server, "--json")
      assert.equal(0, said.status, said.err)
      assert.truthy(said.out:find('"observation by indicator_id (8 shards', 1, true), said.out)
      assert.truthy(said.out:find("respondent by id (8 shards", 1, true))
      assert.truthy(said.out:find("response by respondent_id (8 shards", 1, true))
      local _, answering = said.out:gsub("127%.0%.0%.1:%d+ answers", "")
      assert.equal(3, answering)
      assert.equal("1\n", psql "SELECT count(DISTINCT colocationid) FROM pg_dist_partition WHERE partmethod = 'h' AND logicalrelid::text IN ('difkit.response', 'difkit.respondent')".out)
   end)

   it("gives the same as a file by stock scripts and examples, and holds the same records", function()
      assert.equal(0, run("diff", "@bundled", server, "-q").status)
      local names = {"agreement", "calendar", "coverage", "debt", "list", "measures", "overlap", "progress"}
      for path in io.popen "ls examples/*.lua":lines() do names[#names + 1] = path end
      for _, name in ipairs(names) do
         local here, there = run("run", name), run("run", name, "--db", server)
         assert.equal(here.out, there.out, name .. ": " .. there.err)
      end
   end)

   it("takes imports, and is copied into a file", function()
      local folder, remove = support.folder()
      support.write(folder .. "/a.csv", "unit,indicator,period,value\nBRN,cars,2020,1\nMYS,cars,2020,2\n")
      local taken = run("import", folder .. "/a.csv", "--into", server)
      assert.equal("", taken.err)
      assert.equal("2\n", psql "SELECT count(*) FROM difkit.observation WHERE indicator_id = 'cars'".out)
      assert.equal(0, run("copy", "--from", server, "--to", folder .. "/here.db").status)
      assert.equal(0, run("diff", server, folder .. "/here.db", "-q").status)
      remove()
   end)

   it("normalises and adds up within the shards", function()
      local folder, remove = support.folder()
      local out = run("run", "--db", server, "-e", [[
         local index = difkit.index{id = "x", children = {"osi", "tii", "hci", "egdi_published", "cars"}, periods = "all"}
         for _, row in ipairs(index:plan(difkit.open())) do
            if row.stage == "aggregate" then return row.sql end
         end]]).out
      support.write(folder .. "/plan.sql", "SET search_path = difkit; SET citus.explain_all_tasks = off; EXPLAIN " .. out)
      local plan = shell(("%s -X -A -t -q %s -f %s"):format(support.client, quote(server), quote(folder .. "/plan.sql"))).out
      -- One scan of the shards, in whose tasks extremes, the join with them and the partial sums are.
      assert.truthy(plan:find("Custom Scan (Citus Adaptive)", 1, true), plan)
      assert.truthy(tonumber(plan:match "Task Count: (%d+)") > 1, plan)
      local task = plan:match "%->  Task.*"
      assert.truthy(task and task:find("Aggregate", 1, true), plan)
      assert.truthy(task:find("Join", 1, true) or task:find("Nested Loop", 1, true), plan)
      assert.truthy(select(2, task:gsub("on observation_%d+", "")) >= 2, plan)
      remove()
   end)

   it("is refused where there are no nodes", function()
      local alone = run("load", "data/asean-dif", "-o", "x.db", "--distribute")
      assert.equal(2, alone.status)
      assert.truthy(alone.err:find("a file is not distributed over nodes", 1, true), alone.err)
   end)

   it("ends what needs a node that went, leaves the data as they were, and goes on when it is back", function()
      local before = psql "SELECT count(*) FROM difkit.observation".out
      shell(os.getenv "DIFKIT_WORKER_STOP")
      wait_for("the end of a node", function()
         return run("sql", "SELECT sum(value) FROM observation", "--db", server).status ~= 0
      end)
      local asked = run("sql", "SELECT sum(value) FROM observation", "--db", server)
      assert.truthy(asked.err:find("node", 1, true), asked.err)
      local loaded = run("load", "data/asean-dif", "-o", server)
      assert.truthy(loaded.status ~= 0, loaded.out)
      assert.truthy(run("doctor", "--db", server).out:find("does not answer", 1, true))
      shell(os.getenv "DIFKIT_WORKER_START")
      wait_for("the return of the node", function() return psql("SELECT count(*) FROM difkit.observation").status == 0 end)
      assert.equal(before, psql "SELECT count(*) FROM difkit.observation".out)
      assert.equal(0, run("load", "data/asean-dif", "-o", server).status)
      assert.equal(0, run("diff", "@bundled", server, "-q").status)
   end)
end)
