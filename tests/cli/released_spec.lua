--- What was released keeps working: files that difkit 0.1.0 wrote (tests/data/released/0.1.0) are read by this one.
--- They are never written anew; a later release adds a folder of its own.
local support = dofile "tests/cli/support.lua"
local run, lines = support.run, support.lines

local RELEASED = "tests/data/released/0.1.0/"
local DATABASE = RELEASED .. "2026-03.db" -- a snapshot of tests/data/garden-framework

local function digest(path) return support.shell("sha256sum < " .. support.quote(path)).out end

local function sql(query, db)
   local result = run("sql", query, "--db", db, "--format", "csv")
   assert.equal("", result.err)
   return result.out
end

--- The statements that make the tables, by their names.
local function schema(path)
   return support.shell("sqlite3 " .. support.quote(path) ..
      " \"SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name\"").out
end

describe("a database of difkit 0.1.0", function()
   local folder, remove

   setup(function() folder, remove = support.folder() end)
   teardown(function() remove() end)

   local function copy(name)
      assert(support.shell(("cp %s %s/%s"):format(DATABASE, folder, name)).status == 0)
      return folder .. "/" .. name
   end

   it("is read, in a copy: the file stays as it is to the byte", function()
      local before = digest(DATABASE)
      assert.equal("key,value\ncontent_digest,9ec0fecfc7d8748e6cb29dc2165f58b222a7869a49fb62597449dc8282ca02c0\n"
         .. 'schema_version,"2"\n', sql("SELECT * FROM meta WHERE key IN ('schema_version', 'content_digest')",
         DATABASE))
      assert.matches("\nRainwater,1,2,3\n", run("run", "coverage", "--db", DATABASE, "--format", "csv").out)
      assert.equal(before, digest(DATABASE))
      assert.equal("", support.shell("ls tests/data/released/0.1.0 | grep -e -journal -e -wal -e -shm").out)
   end)

   it("holds what its YAML holds today", function()
      assert.same({status = 0, err = "", out = DATABASE .. " and " .. RELEASED .. "garden hold the same records.\n"},
         run("diff", DATABASE, RELEASED .. "garden"))
      local fresh = folder .. "/fresh.db"
      assert.equal(0, run("load", RELEASED .. "garden", "-o", fresh).status)
      local query = "SELECT value FROM meta WHERE key = 'content_digest'"
      assert.equal(sql(query, DATABASE), sql(query, fresh))
   end)

   it("has the digest that it had, though years are kept otherwise", function()
      local path = folder .. "/periods.yaml"
      support.write(path, [[
framework: {id: f, title: F}
units: [{id: U, title: U}, {id: V, title: V}]
indicators: [{id: i, title: I, direction: 1}, {id: j, title: J, direction: 1}]
observations:
  - {indicator: i, unit: U, period: 2021, value: 1}
  - {indicator: i, unit: U, period: 2021-Q1, value: 2}
  - {indicator: i, unit: U, period: 2022, value: 3}
  - {indicator: i, unit: U, period: 2022-06, value: 4}
  - {indicator: i, unit: U, period: 2023, value: 5}
  - {indicator: i, unit: V, period: 2020-S1, value: 6}
  - {indicator: i, unit: V, period: 2020, value: 7}
  - {indicator: j, unit: U, period: 2020-W05, value: 8}
  - {indicator: j, unit: V, period: 2019, value: 9}
]])
      assert.equal(0, run("load", path, "-o", folder .. "/periods.db").status)
      -- What difkit 0.1.0 writes into meta for this file.
      assert.equal("value\n3ab3ec8844bb000a34b7a1fe9470782d7c21d40eced9a6a880cec6fb0c82b611\n",
         sql("SELECT value FROM meta WHERE key = 'content_digest'", folder .. "/periods.db"))
   end)

   it("finds words by the indexes of today", function()
      assert.equal("id\nPLAN.CO.1\nPLAN.CO.2\n", sql("SELECT id FROM action_fts WHERE action_fts MATCH 'compost' "
         .. "AND id LIKE 'PLAN%' ORDER BY id", DATABASE))
      -- The garden's texts have words: the index of those that have none is as good as empty.
      assert.equal("count(*)\n2\n", sql("SELECT count(*) FROM action_trigram_data", DATABASE))
   end)

   it("is not written before it is migrated", function()
      local path = copy "old.db"
      local result = run("run", "-e", ('print((select(2, difkit.open(%q, {write = true}))))'):format(path), "--trust")
      assert.equal(path .. ": the tables of this database are of version 1 (difkit 0.1.0), this program writes "
         .. "version 2; bring it up to date with `difkit migrate " .. path .. "`\n", result.out)
      assert.equal(digest(DATABASE), digest(path))
   end)

   it("is migrated at once, and kept", function()
      local path, fresh = copy "migrated.db", folder .. "/again.db"
      assert.same({status = 0, err = "", out = ("migrated %s from version 1 (difkit 0.1.0) to version 2; as it was, "
         .. "it is %s.v1\n"):format(path, path)}, run("migrate", path))
      assert.equal(digest(DATABASE), digest(path .. ".v1"))
      assert.equal(0, run("load", RELEASED .. "garden", "-o", fresh).status)
      assert.equal(schema(fresh), schema(path))
      assert.equal("ok\n", support.shell("sqlite3 " .. path .. " 'PRAGMA integrity_check; PRAGMA foreign_key_check'")
         .out)
      assert.equal(0, run("diff", path, fresh).status)
      assert.same({status = 0, err = "", out = ("unchanged %s: its tables are of version 2 already\n"):format(path)},
         run("migrate", path))
   end)

   it("behind a symbolic link is migrated where it is, and may be read by the same people", function()
      local path = copy "real.db"
      support.shell(("chmod 640 %s; ln -s real.db %s/link.db"):format(path, folder))
      assert.matches("as it was, it is .*/real%.db%.v1\n$", run("migrate", folder .. "/link.db").out)
      assert.equal("real.db\n", support.shell(("readlink %s/link.db"):format(folder)).out)
      assert.equal("640\n640\n", support.shell(("stat -c %%a %s %s.v1"):format(path, path)).out)
      assert.equal(digest(DATABASE), digest(path .. ".v1"))
   end)

   it("keeps what somebody has put into it", function()
      local path = copy "own.db"
      support.shell(("sqlite3 %s \"%s\""):format(path, [[
         CREATE TABLE own (a, b TEXT); INSERT INTO own VALUES (1, 'x'), (2, 'y');
         ALTER TABLE document ADD COLUMN colour TEXT; UPDATE document SET colour = 'green' WHERE id = 'PLAN';
         CREATE INDEX own_by_b ON own (b); CREATE VIEW own_view AS SELECT b FROM own WHERE a = 2;]]))
      assert.equal("a,b\n1,x\n2,y\n", sql("SELECT * FROM own", path))
      assert.equal(0, run("migrate", path).status)
      assert.equal("b\ny\n", sql("SELECT * FROM own_view", path))
      assert.equal("id,colour\nPLAN,green\n", sql("SELECT id, colour FROM document WHERE colour IS NOT NULL", path))
      assert.matches("CREATE INDEX own_by_b", schema(path))
   end)

   it("is left alone where the copy cannot be kept", function()
      local path = copy "kept.db"
      support.write(path .. ".v1", "somebody's")
      local result = run("migrate", path)
      assert.equal(5, result.status)
      assert.matches("cannot keep the file as it is as .*kept.db.v1: File exists", result.err)
      assert.equal(digest(DATABASE), digest(path))
      assert.equal("somebody's", support.read(path .. ".v1"))
      assert.equal("kept.db\nkept.db.v1\n", support.shell("ls " .. folder .. " | grep kept").out)
   end)

   it("that is large is not read in memory", function()
      local path = copy "large.db"
      support.shell(("sqlite3 %s \"CREATE TABLE filler (b); INSERT INTO filler SELECT zeroblob(270000000)\"")
         :format(path))
      local result = run("sql", "SELECT 1", "--db", path)
      assert.equal(5, result.status)
      assert.matches("version 1 %(difkit 0%.1%.0%), this program reads version 2; bring it up to date with "
         .. "`difkit migrate .*large%.db`, which needs 258 MB of free space beside it\n$", result.err)
   end)
end)

describe("a database of a newer difkit", function()
   it("is refused with the version that it needs", function()
      local folder, remove = support.folder()
      local path = folder .. "/newer.db"
      run("load", RELEASED .. "garden", "-o", path)
      support.shell("sqlite3 " .. path .. " 'PRAGMA user_version = 99'")
      local result = run("sql", "SELECT 1", "--db", path)
      remove()
      assert.equal(5, result.status)
      assert.matches("tables are of version 99, this program knows 2; use a difkit that knows version 99", result.err)
   end)
end)

describe("what difkit 0.1.0 published", function()
   it("leads back to its data, and still holds", function()
      local page = RELEASED .. "page.html"
      assert.matches("from 2 rows of the data", run("why", page, "table-1/compost/PLAN", "--db", DATABASE).out)
      assert.matches("page.html holds: 10 cells.* none differs %(made by page; same data%)",
         run("verify", page, "--db", DATABASE).out)
   end)

   it("is among the snapshots", function()
      local result = run("snapshot", "--list", "--to", RELEASED, "--json")
      assert.matches('"label": ?"2026%-03"', result.out)
   end)
end)

describe("a spec of difkit 0.1.0", function()
   it("gives the scores that it gave", function()
      assert.equal(support.read(RELEASED .. "readiness.csv"),
         run("run", "index", "--spec", RELEASED .. "readiness.yaml", "--runs", "0", "--format", "csv").out)
   end)
end)

describe("names and their order", function()
   --- Whether the words follow one another among those of now, perhaps with others between.
   local function follow(words, now)
      local at = 1
      for word in words:gmatch "[^%s,]+" do
         local _, last = now:find("%f[%w_]" .. word .. "%f[^%w_]", at)
         if not last then return nil, word end
         at = last + 1
      end
      return true
   end

   it("of columns and keys are those of 0.1.0", function()
      local now = {}
      local result = support.shell(("sh %sshape.sh %s %s"):format(RELEASED, support.difkit, DATABASE))
      assert.equal("", result.err)
      for _, line in ipairs(lines(result.out)) do
         local name, words = line:match "^(%w+ [^:]+): ?(.*)$"
         now[name] = words
      end
      for _, line in ipairs(lines(support.read(RELEASED .. "shape.txt"))) do
         local name, words = line:match "^(%w+ [^:]+): ?(.*)$"
         if name:find "^json" then
            assert.is_true(follow(words, now[name]), name .. ": " .. now[name])
         else -- what came later stands behind
            assert.equal(words, (now[name] or ""):sub(1, #words), name)
         end
      end
   end)
end)

describe("difkit load --portable", function()
   it("writes tables that an SQLite without STRICT reads, with the same records", function()
      local folder, remove = support.folder()
      local path = folder .. "/portable.db"
      assert.equal(0, run("load", RELEASED .. "garden", "-o", path, "--portable").status)
      local statements = schema(path)
      local same = run("diff", path, DATABASE).status
      -- Text that looks like a number stays text.
      support.write(folder .. "/more.yaml", 'actions: {compost: [{id: PLAN.X, number: "1.10", text: Dig.}]}\n'
         .. 'document: {id: MORE, title: More, framework: garden}\n')
      local added = run("load", RELEASED .. "garden", folder .. "/more.yaml", "-o", path, "--portable")
      local label = sql("SELECT typeof(number), number FROM action WHERE id = 'PLAN.X'", path)
      remove()
      assert.equal("", added.err)
      assert.equal('typeof(number),number\ntext,"1.10"\n', label)
      assert.falsy(statements:find "STRICT")
      assert.truthy(statements:find "WITHOUT ROWID")
      assert.equal(0, same)
   end)
end)

describe("what others name", function()
   -- The list of 0.1.0: what is no more has a note for users, in backquotes; of a path its folder is enough.
   local names, noted = {}, ""

   setup(function()
      for _, line in ipairs(lines(support.read(RELEASED .. "names.txt"))) do
         local kind, name = line:match "^(%w+) (.+)$"
         names[kind] = names[kind] or {}
         table.insert(names[kind], name)
      end
      for section in support.read("CHANGELOG.md"):gmatch "### Changed for users\n(.-)\n##" do
         noted = noted .. section
      end
   end)

   --- The names of a kind that are neither there nor in a note.
   local function missing(kind, is_there)
      local list = {}
      for _, name in ipairs(names[kind]) do
         if not is_there(name) and not noted:find("`" .. name .. "`", 1, true) then list[#list + 1] = name end
      end
      assert.truthy(#names[kind] > 10)
      return list
   end

   it("on the command line is there", function()
      local help = {}
      assert.same({}, missing("option", function(name)
         local command, option = name:match "^(%S+) (%S+)$"
         help[command] = help[command] or run("help", command).out
         return help[command]:find("%s" .. option:gsub("%-", "%%-") .. "[%s=]")
      end))
      local scripts = run("scripts").out
      assert.same({}, missing("script", function(name) return ("\n" .. scripts):find("\n" .. name .. " ", 1, true) end))
   end)

   it("with require is there", function()
      local code = {"local missing = {}"}
      for _, name in ipairs(names.require) do
         code[#code + 1] = ("if not pcall(require, %q) then missing[%q] = true end"):format(name, name)
      end
      code[#code + 1] = "for name in pairs(missing) do print(name) end"
      local path = os.tmpname()
      support.write(path .. ".lua", table.concat(code, "\n"))
      local result = run("run", path .. ".lua", "--trust")
      os.remove(path)
      os.remove(path .. ".lua")
      assert.equal("", result.err)
      local gone = {}
      for _, name in ipairs(lines(result.out)) do gone[name] = true end
      assert.same({}, missing("require", function(name) return not gone[name] end))
   end)

   it("in the file system is installed", function()
      local build = support.difkit:gsub("/?difkit$", "")
      if not support.exists(build .. "/cmake_install.cmake") then pending "there is no build to install from" end
      local folder, remove = support.folder()
      local result = support.shell(("cmake --install %s --prefix %s"):format(build, folder))
      local gone = missing("path", function(name)
         local parent = name:match "^(.*/)"
         return support.exists(folder .. "/" .. name) or noted:find("`" .. parent .. "`", 1, true)
      end)
      remove()
      assert.equal(0, result.status, result.err)
      assert.same({}, gone)
   end)
end)
