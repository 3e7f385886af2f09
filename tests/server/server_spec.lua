-- luacheck: no max line length (texts in SQL and in code stand whole)
--- The same program on a server of its own (tests/support/server): what it gives on the bundled data, what it refuses, and
--- what happens when the server goes.
local support = require "tests.cli.support"

local server, reader, superuser = os.getenv "DIFKIT_SERVER", os.getenv "DIFKIT_READER", os.getenv "DIFKIT_SUPERUSER"
local run, quote = support.run, support.quote

-- What the sanitizers load into programs is not for those of the server, which come to no end under it.

local function psql(sql, as)
   return support.psql(sql, as or server)
end

local function load() return run("load", "data/asean-dif", "-o", server) end

--- Waits until a question gives a text, however slow the machine is.
local function wait_until(question, wanted)
   for _ = 1, 2400 do
      if psql(question, superuser).out == wanted then return end
      os.execute "sleep 0.05"
   end
   error("never came: " .. question)
end

--- Runs SQL that sleeps in a session of its own, once it is at that; `wake` ends it.
local function asleep(text, seconds)
   os.execute(("%s -q %s -c %s >/dev/null 2>&1 &"):format(support.client, quote(server), quote(text)))
   local which = ("FROM pg_stat_activity WHERE query LIKE '%%pg_sleep(%d)%%' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()"):format(seconds)
   wait_until("SELECT count(*) " .. which, "1\n")
   return function()
      psql("SELECT pg_terminate_backend(pid) " .. which, superuser)
      wait_until("SELECT count(*) " .. which, "0\n")
   end
end

--- Rows of a query as JSON objects, one a line.
local function sql(text, ...) return run("sql", text, "--db", reader, "--format", "ndjson", ...) end

describe("a database on a server", function()
   setup(function()
      assert.equal(0, load().status)
      assert.equal(0, psql("GRANT USAGE ON SCHEMA difkit TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA difkit TO reader")
         .status)
   end)

   it("is made by load, in place of what was there, and rights on it stay", function()
      local result = load()
      assert.equal("", result.err)
      assert.truthy(result.out:find("5 documents, 6 areas, 21 topics, 244 actions", 1, true))
      assert.equal("244\n", psql("SELECT count(*) FROM difkit.action", server).out)
      assert.equal('{"n":244}\n', sql("SELECT count(*) AS n FROM action").out)
      assert.equal("1\n", psql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'difkit%'").out)
   end)

   it("stands in the schema that its address names", function()
      assert.equal(0, run("load", "data/asean-dif", "-o", server .. "?schema=Other%20one").status)
      assert.equal("244\n", psql('SELECT count(*) FROM "Other one".action').out)
      assert.equal('{"n":5}\n', run("sql", "SELECT count(*) AS n FROM document", "--db", server .. "?schema=Other%20one",
         "--format", "ndjson").out)
      assert.equal(0, psql('DROP SCHEMA "Other one" CASCADE').status)
   end)

   it("gives the same as a file by every stock script and example", function()
      local compared = 0
      local function same(...)
         local words = {...}
         local here, there = run("run", ...), run("run", table.unpack({...}, 1, #words), "--db", reader)
         if #words == 1 then there = run("run", words[1], "--db", reader) end
         assert.equal(here.status, there.status, words[1] .. ": " .. there.err)
         assert.equal(here.out, there.out)
         compared = compared + 1
      end
      for _, name in ipairs {"agreement", "calendar", "contradictions", "convergence", "coverage", "debt", "laws", "list",
         "measures", "overlap", "peers", "progress", "shared", "survey"} do same(name) end
      for path in io.popen "ls examples/*.lua":lines() do same(path) end
      assert.truthy(compared > 25)
   end)

   it("holds the same records", function()
      local result = run("diff", "@bundled", reader)
      assert.equal(0, result.status)
      assert.truthy(result.out:find("hold the same records", 1, true))
   end)

   it("holds tables that the data declare, with their types, keys and references, and replaces them", function()
      local folder, remove = support.folder()
      support.write(folder .. "/t.yaml", [[
units: [{id: LAO, title: Lao PDR}, {id: VNM, title: Viet Nam}]
tables:
  - name: pact
    records: pacts
    columns:
      - {name: from, type: unit, key: true}
      - {name: to, type: unit, key: true}
      - {name: since, type: period}
      - {name: share, type: real}
      - {name: status, type: enum, values: [open, shut], default: open}
pacts: [{from: LAO, to: VNM, since: 2022, share: 0.5}, {from: VNM, to: LAO, since: 2022-Q3}]
]])
      local result = run("load", folder, "-o", server .. "?schema=pacts")
      assert.equal("", result.err)
      assert.truthy(result.out:find("2 pacts", 1, true))
      local where = server .. "?schema=pacts"
      local query = "SELECT from_id, since, max(since) OVER () AS last, share, status FROM pact ORDER BY from_id"
      local here, there = run("sql", query, "--db", folder, "--format", "ndjson"), run("sql", query, "--db", where, "--format", "ndjson")
      assert.equal('{"from_id":"LAO","since":2022,"last":"2022-Q3","share":0.5,"status":"open"}\n', there.out:match "^[^\n]*\n")
      assert.equal(here.out, there.out)
      assert.equal(0, run("diff", folder, where).status)
      assert.equal(run("schema", "--db", folder).out, run("schema", "--db", where).out)
      assert.truthy(psql("INSERT INTO pacts.pact (from_id, to_id) VALUES ('LAO', 'XXX')").err:find("foreign key", 1, true))
      assert.truthy(psql("INSERT INTO pacts.pact (from_id, to_id) VALUES ('LAO', 'VNM')").err:find("duplicate key", 1, true))
      support.write(folder .. "/t.yaml", "units: [{id: LAO, title: Lao PDR}]\n")
      assert.equal("", run("load", folder, "-o", where).err) -- the old declared tables are not strangers
      assert.equal("0\n", psql("SELECT count(*) FROM pg_class WHERE relname = 'pact'").out)
      assert.equal(0, psql("DROP SCHEMA pacts CASCADE").status)
      remove()
   end)

   it("is copied into a file and back", function()
      local folder, remove = support.folder()
      local file = folder .. "/copy.db"
      assert.equal(0, run("copy", "--from", reader, "--to", file).status)
      assert.equal(0, run("diff", "@bundled", file, "-q").status)
      assert.equal(run("run", "search", "cyber").out, run("run", "search", "cyber", "--db", file).out)
      assert.equal(0, run("copy", "--from", file, "--to", server).status)
      assert.equal(0, run("diff", file, reader, "-q").status)
      remove()
   end)

   it("finds what a file finds, by words, phrases, beginnings, alternatives and words without marks", function()
      local code = [[local ids = {}
         for row in difkit.open():search(%q) do ids[#ids + 1] = row.id end
         table.sort(ids)
         return table.concat(ids, " ")]]
      for _, words in ipairs {"cyber", "digital*", '"cross-border"', "data -survey", "payment OR wallet", "ASEAN+1", "2.0",
         "e-commerce", "law-reporting", '"personal data"', "MSMEs", "tráde", "strategy*", "single window", "x-border"} do
         local here, there = run("run", "-e", code:format(words)), run("run", "--db", reader, "-e", code:format(words))
         assert.equal(0, there.status, there.err)
         assert.equal(here.out, there.out)
      end
      local marked = run("run", "--db", reader, "-e",
         [[return difkit.open():search("self-certification", {mark = {"<", ">"}}):where{id = "DIFAP.TF.3"}:one().text]]).out
      assert.equal("Implement ASEAN-Wide <Self-Certification> (AWSC)\n", marked)
   end)
end)

describe("values of a server", function()
   it("keep their type", function()
      local result = sql [[SELECT 9223372036854775807 AS a, -7::int2 AS b, 0.1::float8 AS c, true AS d, 'é'::varchar AS e,
         NULL::text AS f, DATE '2026-03-01' AS g, sum(x) AS h, avg(x) AS i, 2.5 AS j, 'NaN'::float8 AS k
         FROM (VALUES (1::bigint), (2)) AS t(x)]]
      assert.equal("", result.err)
      assert.equal('{"a":9223372036854775807,"b":-7,"c":0.1,"d":1,"e":"é","f":null,"g":"2026-03-01","h":3,"i":1.5,'
         .. '"j":2.5,"k":null}\n', result.out)
      local blob = run("run", "--db", reader, "-e",
         [[return #difkit.open():query("SELECT '\\x00ff'::bytea"):value() .. difkit.open():query("SELECT '\\x00ff'::bytea, 1.5"):value():byte(2)]])
      assert.equal("2255\n", blob.out)
   end)

   it("are bound by ?, which ?? writes as PostgreSQL's own", function()
      local result = run("run", "--db", reader, "-e", [==[
         local db = difkit.open()
         local one = db:query([[SELECT '?' AS q, '{"a": 1}'::jsonb ?? 'a' AS has, ? AS first, ?1 AS again -- ?
            , $x$?$x$ AS dollar FROM action WHERE line > ? AND id = ? LIMIT ?]], "text", 2.5, "DIFAP.TF.1", 1):one()
         return one.q .. one.has .. one.first .. one.again .. one.dollar]==])
      assert.equal("", result.err)
      assert.equal("?1texttext?\n", result.out)
      assert.equal('{"id":"PA3"}\n', sql("SELECT id FROM area WHERE id=:which", "-p", "which=PA3").out)
   end)

   it("stream, one query within another, and stop when a loop is left", function()
      local result = run("run", "--db", reader, "-e", [[
         local db, n, sum = difkit.open(), 0, 0
         for outer in db:query("SELECT x FROM generate_series(1, 1000) AS g(x)") do
            if outer.x > 100 then break end
            sum = sum + db:query("SELECT CAST(? AS BIGINT) AS y", outer.x):value()
         end
         for _ in db:query("SELECT x FROM generate_series(1, 100000000) AS g(x)") do
            n = n + 1
            if n == 5000 then break end
         end
         return sum .. " " .. n .. " " .. db:from("action"):count()]])
      assert.equal("", result.err)
      assert.equal("5050 5000 244\n", result.out)
   end)
end)

describe("what is wrong on a server", function()
   it("is said as for a file, with the place and the nearest name", function()
      for text, message in pairs {
         ["SELECT * FROM actoin"] = 'no such table: actoin (line 1, column 15 of the SQL); did you mean "action"?',
         ["SELECT id,\n  txet FROM action WHERE id = ''"] =
            'no such column: txet (line 2, column 3 of the SQL); did you mean "text"?',
         ["SELECT id FROM action WHERE AND 1"] = 'near "AND": syntax error (line 1, column 29 of the SQL)',
         ["SELECT 1; SELECT 2"] = "the SQL text holds more than one statement; run them one by one",
      } do
         local result = sql(text)
         assert.equal(2, result.status)
         assert.equal("difkit: " .. message .. "\n", result.err)
      end
      local bound = sql("SELECT id FROM action WHERE text = :a AND id = :b AND nmuber = 1", "-p", "a=x", "-p", "b=y")
      assert.truthy(bound.err:find('no such column: nmuber (line 1, column 55 of the SQL); did you mean "number"?', 1, true))
   end)

   it("is a superuser for a script, unless it is one's own", function()
      local result = run("sql", "SELECT 1", "--db", superuser)
      assert.equal(3, result.status)
      assert.truthy(result.err:find("owner is a superuser of the server", 1, true))
      assert.equal(0, run("sql", "SELECT 1", "--db", superuser, "--trust").status)
   end)

   it("is writing by a script that only reads, even as the owner of the tables", function()
      local function try(code)
         local result = run("run", "--db", server, "-e", ([[local db = difkit.open()
            local first, second = pcall(function() return %s end), pcall(function() return %s end)
            return tostring(first) .. tostring(second)]]):format(table.unpack(code)))
         assert.equal("244\n", psql("SELECT count(*) FROM difkit.action").out)
         return result
      end
      local write = [[db:query("WITH gone AS (DELETE FROM progress RETURNING 1), all_gone AS
         (DELETE FROM coding RETURNING 1) SELECT count(*) FROM all_gone"):value()]]
      for _, first in ipairs {write, [[db:exec "SET default_transaction_read_only = off"]],
         [[db:exec "COMMIT; BEGIN READ WRITE"]], [[db:query "COPY action TO STDOUT"]], [[db:exec "DO 'BEGIN END'"]],
         [[db:query("SELECT set_config('default_transaction_read_only', 'off', false)"):value()]]} do
         local before = psql("SELECT count(*) FROM difkit.coding").out
         local result = try {first, write}
         assert.falsy(result.out:find("true$"), first .. result.out)
         assert.equal(before, psql("SELECT count(*) FROM difkit.coding").out)
      end
   end)

   it("is a password that is shown", function()
      local port = server:match ":(%d+)/"
      for _, address in ipairs {"postgresql://reader:SECRET@127.0.0.1:" .. port .. "/data", "postgresql://u:s%zzSECRET@h/d",
         "postgresql://u:SECRET@[::1/d", "postgresql://u:SECRET@host@127.0.0.1:1/d", "postgresql://u:12/SECRET@h/d",
         "postgresql://u:SECRET@127.0.0.1:1/d?schema=%zz", "postgresql://u:p@127.0.0.1:SECRET/d"} do
         local result = run("sql", "SELECT 1", "--db", address, {environment = "PGCONNECT_TIMEOUT=2"})
         assert.truthy(result.status == 5 or result.status == 2, result.err)
         assert.falsy((result.out .. result.err):find "SECRET", result.err)
      end
      local shown = run("run", "--db", ("postgresql://reader:reader-secret@127.0.0.1:%s/data"):format(port), "-e",
         "return difkit.open():path()")
      assert.equal(("postgresql://reader@127.0.0.1:%s/data\n"):format(port), shown.out)
   end)

   it("is another server than that of the command line", function()
      local result = run("run", "--db", reader, "-e", ("return difkit.open(%q)"):format(server))
      assert.truthy(result.err:find("a script opens no server but that of --db", 1, true), result.err)
   end)

   it("is a load over what is not difkit's, and one beside another", function()
      assert.equal(0, psql("CREATE TABLE difkit.mine (x int)").status)
      local result = load()
      assert.equal(2, result.status)
      assert.truthy(result.err:find("it holds what is not difkit's (mine)", 1, true), result.err)
      assert.equal(0, psql("DROP TABLE difkit.mine").status)
      local wake = asleep("SELECT pg_advisory_lock(hashtextextended('difkit load difkit', 0)), pg_sleep(400)", 400)
      local beside = load()
      wake()
      assert.equal(6, beside.status)
      assert.truthy(beside.err:find("another program is loading into the schema difkit", 1, true), beside.err)
      assert.equal("244\n", psql("SELECT count(*) FROM difkit.action").out)
   end)

   it("is a query that takes longer than the run may", function()
      local begin = os.time()
      local result = run("run", "--db", reader, "--time", "1", "-e", [[return difkit.open():query("SELECT pg_sleep(900)"):value()]])
      assert.equal(3, result.status, result.err)
      assert.truthy(os.time() - begin < 600)
      wait_until("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(900)%' AND state = 'active' "
         .. "AND pid <> pg_backend_pid()", "0\n")
   end)
end)

describe("writing to a server", function()
   it("is one transaction where the script says so, and needs --write", function()
      local code = [[local db = assert(difkit.open(nil, {write = true}))
         db:exec "BEGIN"
         db:exec("INSERT INTO unit (id, title) VALUES (?, ?) ON CONFLICT DO NOTHING", "XXA", "A")
         local taken = pcall(db.exec, db, "INSERT INTO unit (id, title) VALUES (?, ?)", "XXA", "B")
         db:exec "ROLLBACK"
         local n = db:exec("INSERT INTO unit (id, title) VALUES (?, ?)", "XXB", "B")
         return tostring(taken) .. n]]
      assert.equal("false1\n", run("run", "--db", server, "--write", "-e", code).out)
      assert.equal("XXB\n", psql("SELECT id FROM difkit.unit WHERE id LIKE 'XX%'").out)
      psql "DELETE FROM difkit.unit WHERE id = 'XXB'"
      assert.truthy(run("run", "--db", server, "-e", code).err:find("--write lets this script change them", 1, true))
   end)
end)

describe("a server that goes", function()
   it("ends a query and a load with an error, and nothing is half-written", function()
      local folder, remove = support.folder()
      local stop = os.getenv "DIFKIT_SERVER_STOP"
      os.execute(("(%s run --db %s -e %s >%s/out 2>&1; echo $? >%s/status) &"):format(support.absolute, quote(reader),
         quote [[return difkit.open():query("SELECT pg_sleep(500)"):value()]], folder, folder))
      wait_until("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(500)%' AND wait_event = 'PgSleep' AND pid <> pg_backend_pid()", "1\n")
      os.execute(("(cd /; %s) >/dev/null 2>&1"):format(stop)) -- which waits until it has gone
      for _ = 1, 2400 do
         if support.exists(folder .. "/status") and support.read(folder .. "/status") ~= "" then break end
         os.execute "sleep 0.05"
      end
      local result = {status = tonumber(support.read(folder .. "/status")), err = support.read(folder .. "/out")}
      assert.truthy(result.status == 5 or result.status == 4, result.err)
      assert.truthy(result.err:find("server", 1, true), result.err)
      local refused = run("sql", "SELECT 1", "--db", reader)
      assert.equal(5, refused.status)
      assert.truthy(refused.err:find("nothing answers there", 1, true), refused.err)
      assert.equal(5, load().status)
      assert.equal(5, run("copy", "--from", reader, "--to", folder .. "/x.db").status)
      assert.falsy(support.exists(folder .. "/x.db"))
      remove()
   end)
end)
