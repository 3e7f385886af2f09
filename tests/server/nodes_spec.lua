-- luacheck: no max line length (texts in SQL and in code stand whole)
--- Observations in partitions on other servers (postgres_fdw): what is computed over them is what it is over one table;
--- and what `difkit doctor` says of a server.
local support = require "tests.cli.support"

local server, reader, superuser = os.getenv "DIFKIT_SERVER", os.getenv "DIFKIT_READER", os.getenv "DIFKIT_SUPERUSER"
local run = support.run

local function psql(sql, address)
   local result = support.psql(sql, address or superuser)
   assert.equal(0, result.status, result.err)
   return result.out
end

--- The observations of the schema go to two databases that stand for two servers.
local function spread()
   local host, port = superuser:match "@([%d.]+):(%d+)/"
   psql "CREATE EXTENSION postgres_fdw"
   psql "ALTER TABLE difkit.observation RENAME TO whole"
   psql [[CREATE TABLE difkit.observation (LIKE difkit.whole) PARTITION BY HASH (indicator_id)]]
   for i = 0, 1 do
      psql(("CREATE DATABASE node%d OWNER loader"):format(i))
      psql(("CREATE SERVER node%d FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '%s', port '%s', dbname 'node%d', async_capable 'true')")
         :format(i, host, port, i))
      psql(("GRANT USAGE ON FOREIGN SERVER node%d TO loader, reader"):format(i))
      for _, role in ipairs {"loader", "reader", "owner"} do
         psql(("CREATE USER MAPPING FOR %s SERVER node%d OPTIONS (user 'loader', password 'loader-secret'%s)"):format(role, i,
            role == "owner" and ", password_required 'false'" or ""))
      end
      psql(([[DO $$ BEGIN EXECUTE (SELECT 'CREATE FOREIGN TABLE difkit.observation_%d PARTITION OF difkit.observation
         FOR VALUES WITH (MODULUS 2, REMAINDER %d) SERVER node%d OPTIONS (schema_name ''public'', table_name ''part'')'); END $$]])
         :format(i, i, i))
      local columns = psql "SELECT string_agg(format('%I %s%s', attname, format_type(atttypid, atttypmod), CASE WHEN attcollation <> 0 THEN ' COLLATE \"C\"' ELSE '' END), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'difkit.whole'::regclass AND attnum > 0 AND NOT attisdropped"
      psql("CREATE TABLE part (" .. columns:gsub("\n", "") .. ")", (server:gsub("/data$", "/node" .. i)))
   end
   psql "INSERT INTO difkit.observation SELECT * FROM difkit.whole"
   psql "GRANT ALL ON ALL TABLES IN SCHEMA difkit TO loader; GRANT USAGE ON SCHEMA difkit TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA difkit TO reader"
end

describe("observations on several servers", function()
   setup(function()
      assert.equal(0, run("load", "data/asean-dif", "-o", server).status)
      spread()
   end)

   it("are those of one table", function()
      assert.truthy(tonumber(psql("SELECT count(*) FROM part", (server:gsub("/data$", "/node0")))) > 0)
      assert.truthy(tonumber(psql("SELECT count(*) FROM part", (server:gsub("/data$", "/node1")))) > 0)
      assert.equal("200\n", psql("SELECT count(*) FROM difkit.observation", reader))
      assert.equal(0, run("diff", "@bundled", reader, "-q").status)
   end)

   it("give the same index, computed here and there, and the same scripts", function()
      local code = [[local out = {}
         for _, options in ipairs {{}, {where = "database"}} do
            local made = difkit.index{id = "x", aggregate = "geometric", periods = "all", children = {
               {id = "a", normalise = {method = "minmax", low = 1}, children = {"osi", "tii"}},
               {id = "b", normalise = {method = "minmax", low = 1}, children = {"hci", "egdi_published"}}}}
               :compute(difkit.open(), options)
            for _, row in ipairs(made:scores()) do
               out[#out + 1] = ("%s %s %.12g"):format(row.unit, row.period, row.score)
            end
            for _, row in ipairs(made:ranks()) do out[#out + 1] = ("%s %s"):format(row.unit, row.rank) end
         end
         return table.concat(out, "\n")]]
      local here, there = run("run", "-e", code), run("run", "--db", reader, "-e", code)
      assert.equal("", there.err)
      assert.equal(here.out, there.out)
      for path in io.popen "ls examples/*.lua":lines() do
         assert.equal(run("run", path).out, run("run", path, "--db", reader).out, path)
      end
   end)

   it("are placed by doctor", function()
      local said = run("doctor", "--db", reader, "--json").out
      assert.truthy(said:find("observation_0 of observation on node0, observation_1 of observation on node1", 1, true), said)
   end)
end)

describe("doctor, of a server,", function()
   it("says version, role, encryption, sizes and what is missing", function()
      local said = run("doctor", "--db", reader, "--json").out
      assert.truthy(said:find('"PostgreSQL %d+%.%d+, schema difkit"'), said)
      assert.truthy(said:find('"reader: may only read"', 1, true))
      assert.truthy(said:find('in all; %w+ [%d.]+ [kM]B %(about [%d,]+ rows%), '), said)
      if os.getenv "DIFKIT_CERTIFICATE" then
         assert.truthy(said:find('"encrypted: TLSv1.%d, [%w_-]+"'), said)
         local verified = run("doctor", "--db", reader .. "?sslmode=verify-full&sslrootcert=" .. os.getenv "DIFKIT_CERTIFICATE",
            "--json")
         assert.truthy(verified.out:find('"encrypted: TLSv1', 1, true), verified.out)
         local other = run("sql", "SELECT 1", "--db", reader .. "?sslmode=verify-full&sslrootcert=/dev/null")
         assert.equal(5, other.status)
         assert.truthy(other.err:find("certificate", 1, true), other.err)
      end
      local plain = run("doctor", "--db", reader .. "?sslmode=disable", "--json").out
      assert.truthy(plain:find("not encrypted: this machine alone, or sslmode=disable", 1, true), plain)
      assert.truthy(run("doctor", "--db", superuser, "--trust", "--json").out:find("a superuser: scripts are refused it", 1, true)
         or run("doctor", "--db", superuser, "--json").out:find("superuser", 1, true))
      psql "ALTER TABLE difkit.link DROP CONSTRAINT link_pkey CASCADE"
      assert.truthy(run("doctor", "--db", reader, "--json").out:find("no key on link", 1, true))
   end)
end)
