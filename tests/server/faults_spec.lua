-- luacheck: no max line length (texts in SQL and in code stand whole)
--- What goes wrong while a server is at work: a load or a query whose session is ended, a server that goes in the middle
--- of them and comes back, its disk full, writers beside each other. Nothing is half-written, and what went wrong is said.
local support = require "tests.cli.support"

local server, superuser = os.getenv "DIFKIT_SERVER", os.getenv "DIFKIT_SUPERUSER"
local run, shell, quote = support.run, support.shell, support.quote

local function psql(sql, address)
   return support.psql(sql, address or superuser)
end

--- Waits until a question gives a text; the limit is generous.
local function wait_until(sql, wanted)
   for _ = 1, 1200 do
      if psql(sql).out == wanted then return end
      os.execute "sleep 0.05"
   end
   error("never came: " .. sql)
end

--- Starts difkit, without waiting for it; what it leaves is read by `ended`.
local function start(folder, name, ...)
   local words = {...}
   for i, word in ipairs(words) do words[i] = quote(word) end
   shell(("(%s %s >%s/%s.out 2>&1; echo $? >%s/%s.status) &"):format(support.absolute, table.concat(words, " "), folder, name,
      folder, name))
end

local function ended(folder, name)
   for _ = 1, 2400 do
      if support.exists(folder .. "/" .. name .. ".status") and support.read(folder .. "/" .. name .. ".status") ~= "" then
         return tonumber(support.read(folder .. "/" .. name .. ".status")), support.read(folder .. "/" .. name .. ".out")
      end
      os.execute "sleep 0.05"
   end
   error(name .. " came to no end")
end

--- A folder of more observations than a session sends at once.
local function write_many(folder)
   local yaml, rows = {"framework: {id: many, title: Many}", "units:"}, {"indicator,unit,period,value"}
   for u = 1, 400 do
      yaml[#yaml + 1] = ("  - {id: U%03d, title: Unit}"):format(u)
      for p = 1, 100 do rows[#rows + 1] = ("i,U%03d,%d,%d"):format(u, 1900 + p, u * p) end
   end
   yaml[#yaml + 1] = "indicators:\n  - {id: i, title: I, direction: 1}\nobservations:\n  csv: many.csv"
   support.write(folder .. "/many.yaml", table.concat(yaml, "\n") .. "\n")
   support.write(folder .. "/many.csv", table.concat(rows, "\n") .. "\n")
end

describe("on a server", function()
   local folder, remove

   before_each(function()
      folder, remove = support.folder()
      assert.equal(0, run("load", "data/asean-dif", "-o", server).status)
   end)
   after_each(function() remove() end)

   local function unchanged()
      assert.equal(0, run("diff", "@bundled", server, "-q").status)
      assert.equal("1\n", psql "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'difkit%'".out)
   end

   it("a load whose session is ended amid its rows leaves what was there", function()
      write_many(folder)
      -- It waits in the midst for a lock that somebody else has, at the end of its rows, and is ended there.
      shell(("(%s -X -q %s -c %s >/dev/null 2>&1) &"):format(support.client, quote(superuser),
         quote "BEGIN; LOCK TABLE difkit.action IN SHARE ROW EXCLUSIVE MODE; SELECT pg_sleep(300)"))
      wait_until("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND state = 'active' AND pid <> pg_backend_pid()", "1\n")
      start(folder, "load", "load", folder, "-o", server)
      wait_until("SELECT count(*) FROM pg_stat_activity WHERE usename = 'loader' AND wait_event_type = 'Lock'", "1\n")
      assert.equal(0, psql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'loader'".status)
      local status, said = ended(folder, "load")
      assert.equal(5, status, said)
      assert.truthy(said:find("connection", 1, true) or said:find("server", 1, true), said)
      psql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid()"
      unchanged()
      assert.equal(0, run("load", folder, "-o", server).status)
      assert.equal("40000\n", psql "SELECT count(*) FROM difkit.observation".out)
   end)

   it("a stream of rows that is cut gives an error, and no file", function()
      local path = folder .. "/rows.csv"
      start(folder, "query", "sql", "SELECT x, pg_sleep(CASE WHEN x > 20000 THEN 300 ELSE 0 END) FROM generate_series(1, 40000) AS g(x)",
         "--db", server, "-o", path)
      wait_until("SELECT count(*) FROM pg_stat_activity WHERE usename = 'loader' AND wait_event = 'PgSleep'", "1\n")
      psql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'loader'"
      local status, said = ended(folder, "query")
      assert.equal(5, status, said)
      assert.falsy(support.exists(path))
      unchanged()
   end)

   it("an import whose session is ended leaves nothing", function()
      support.write(folder .. "/a.csv", "unit,indicator,period,value\nBRN,cars,2020,1\nMYS,cars,2020,2\n")
      shell(("(%s -X -q %s -c %s >/dev/null 2>&1) &"):format(support.client, quote(superuser),
         quote "BEGIN; UPDATE difkit.meta SET value = value; SELECT pg_sleep(301)"))
      wait_until("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(301)%' AND state = 'active' AND pid <> pg_backend_pid()", "1\n")
      start(folder, "import", "import", folder .. "/a.csv", "--into", server)
      wait_until("SELECT count(*) FROM pg_stat_activity WHERE usename = 'loader' AND wait_event_type = 'Lock'", "1\n")
      psql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'loader'"
      assert.equal(5, (ended(folder, "import")))
      psql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(301)%' AND pid <> pg_backend_pid()"
      unchanged()
   end)

   it("one of two loads at once is told to wait for the other, or both come to an end", function()
      for i = 1, 4 do start(folder, "load" .. i, "load", "data/asean-dif", "-o", server) end
      local done = 0
      for i = 1, 4 do
         local status, said = ended(folder, "load" .. i)
         if status == 0 then
            done = done + 1
         else
            assert.equal(6, status, said)
            assert.truthy(said:find("another program is loading", 1, true), said)
         end
      end
      assert.truthy(done >= 1)
      unchanged()
   end)

   it("ten writers of progress beside each other all write", function()
      local code = [[local db = assert(difkit.open(nil, {write = true}))
         for i = 1, 5 do
            assert(db:exec("INSERT INTO progress (action_id, unit_id, as_of, status, source) VALUES (?, ?, ?, 'completed', 'test')",
               "DIFAP.TF.1", "BRN", ("20%%02d-01-%%02d"):format(%d, i)) == 1)
         end]]
      local before = tonumber(psql "SELECT count(*) FROM difkit.progress".out)
      for i = 1, 10 do start(folder, "writer" .. i, "run", "--db", server, "--write", "-e", code:format(30 + i)) end
      for i = 1, 10 do
         local status, said = ended(folder, "writer" .. i)
         assert.equal(0, status, said)
      end
      assert.equal(before + 50, tonumber(psql "SELECT count(*) FROM difkit.progress".out))
   end)

   it("a disk that is full is said, and a load takes itself back", function()
      local mount = folder .. "/small"
      local made = shell(("mkdir -p %s && mount -t tmpfs -o size=1m,mode=777 tmpfs %s"):format(quote(mount), quote(mount)))
      if made.status ~= 0 then pending "no file system of a size can be made here (mount)" return end
      shell(("chmod 755 %s; mkdir %s/space; chown nobody %s/space; chmod 700 %s/space"):format(quote(folder), quote(mount), quote(mount), quote(mount)))
      local space = psql(("CREATE TABLESPACE small LOCATION '%s/space'"):format(mount))
      assert.equal(0, space.status, space.err)
      assert.equal(0, psql "GRANT CREATE ON TABLESPACE small TO loader; ALTER ROLE loader SET default_tablespace = 'small'".status)
      write_many(folder)
      local full = run("load", folder, "-o", server)
      psql "ALTER ROLE loader RESET default_tablespace"
      assert.equal(5, full.status, full.err)
      assert.truthy(full.err:find("disk", 1, true) or full.err:find("space", 1, true), full.err)
      unchanged()
      psql "DROP TABLESPACE small"
      shell("umount " .. quote(mount))
   end)
end)
