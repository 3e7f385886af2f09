local support = dofile "tests/cli/support.lua"
local run = support.run

describe("difkit sql", function()
   it("prints the rows as a table", function()
      local result = run("sql", "SELECT id, number FROM area WHERE number < 3 ORDER BY number")
      assert.equal(0, result.status)
      assert.equal("", result.err)
      assert.equal("id   number\n───────────\nPA1       1\nPA2       2\n", result.out)
   end)

   it("prints rows that are too wide as blocks of lines", function()
      local lines = support.lines(run("sql", "SELECT * FROM action_full WHERE id IN ('DIFAP.CS.1', 'BSBR.CS.1')").out)
      assert.truthy(lines[1]:find "^── 1 ──")
      assert.equal("id                    BSBR.CS.1", lines[2])
      for _, line in ipairs(lines) do assert.truthy(utf8.len(line) <= 100) end
   end)

   it("prints them in other formats", function()
      local query = [[SELECT 1 AS i, 2.5 AS r, 'a,b' AS t, NULL AS none, '=1' AS f
         UNION ALL SELECT 2, 3.0, '"', NULL, '']]
      local function formatted(format) return run("sql", query, "--format", format).out end
      assert.equal('i,r,t,none,f\n1,2.5,"a,b",,"\'=1"\n2,3.0,"""",,""\n', formatted "csv")
      assert.equal('i\tr\tt\tnone\tf\n1\t2.5\ta,b\t\t"\'=1"\n2\t3.0\t""""\t\t""\n', formatted "tsv")
      assert.equal('[{"i":1,"r":2.5,"t":"a,b","none":null,"f":"=1"},\n {"i":2,"r":3.0,"t":"\\"","none":null,"f":""}]\n',
         formatted "json")
      assert.equal('{"i":1,"r":2.5,"t":"a,b","none":null,"f":"=1"}\n{"i":2,"r":3.0,"t":"\\"","none":null,"f":""}\n',
         formatted "ndjson")
      assert.truthy(formatted "markdown":find "^| i | r | t | none | f |\n")
   end)

   it("prints no rows as each format has it", function()
      local function formatted(format) return run("sql", "SELECT 1 AS x WHERE 0", "--format", format).out end
      assert.equal("x\n", formatted "csv")
      assert.equal("[]\n", formatted "json")
      assert.equal("", formatted "ndjson")
      assert.equal("x\n─\n(no rows)\n", formatted "table")
   end)

   it("writes a file in the format of its ending", function()
      local folder, remove = support.folder()
      for _, ending in ipairs {"csv", "json"} do
         local path = folder .. "/out." .. ending
         local result = run("sql", "SELECT 1 AS x", "-o", path)
         assert.equal(0, result.status)
         assert.equal("", result.out)
         assert.equal(run("sql", "SELECT 1 AS x", "--format", ending).out, support.read(path))
      end
      remove()
   end)

   it("reads the query from standard input", function()
      assert.equal("n\n244\n", run("sql", "-", "--format", "csv", {input = "SELECT count(*) AS n\nFROM action"}).out)
   end)

   it("binds parameters, numbers where they look like one", function()
      local query = "SELECT typeof(:a) AS a, typeof(:b) AS b, :b AS text, typeof($c) AS c"
      local result = run("sql", query, "--param", "a=12", "-p", "b=007", "-p", "c=-1.5", "--format", "csv")
      assert.equal('a,b,text,c\ninteger,text,007,real\n', result.out)
      local words = run("sql", "SELECT count(*) FROM action WHERE text LIKE :word", "-p", "word=%it's; DROP%")
      assert.equal(0, words.status)
   end)

   it("says what is wrong with the query", function()
      local function refused(message, ...)
         local result = run("sql", ...)
         assert.equal(2, result.status)
         assert.equal("", result.out)
         assert.equal("difkit: " .. message .. "\n", result.err)
      end
      refused('no such table: actoin; did you mean "action"?', "SELECT * FROM actoin")
      refused("there is no statement in the SQL text", "")
      refused("the SQL text holds more than one statement; run them one by one", "SELECT 1; SELECT 2")
      refused("the SQL has a parameter :b, which is not given; add --param b=VALUE", "SELECT :a, :b", "-p", "a=1")
      refused("the SQL has 1 parameter, 0 values were given; give each with --param NAME=VALUE", "SELECT :a")
      refused("the SQL has no parameter :b", "SELECT 1", "-p", "b=2")
      refused('--param must be NAME=VALUE, not "b"', "SELECT 1", "-p", "b")
      refused("--param a is given twice", "SELECT :a", "-p", "a=1", "-p", "a=2")
      refused('two columns are called "a"; rename one: column AS name', "SELECT 1 AS a, 2 AS a", "--format", "json")
   end)

   it("changes nothing", function()
      local folder, remove = support.folder()
      local database = folder .. "/dif.db"
      run("load", "data/asean-dif", "-o", database)
      local before = support.read(database)
      for _, query in ipairs {"DELETE FROM link", "with x AS (SELECT 1) INSERT INTO meta VALUES ('a', 'b')",
         "PRAGMA user_version = 7", "ATTACH 'x.db' AS x", "VACUUM INTO 'x.db'"} do
         for _, data in ipairs {database, "data/asean-dif"} do
            local result = run("sql", query, "--db", data)
            assert.equal(2, result.status, query)
            assert.equal("", result.out)
         end
      end
      assert.truthy(before == support.read(database))
      assert.falsy(support.exists "x.db")
      remove()
   end)

   it("reads the data that --db and --with name", function()
      local folder, remove = support.folder()
      support.write(folder .. "/more.yaml", 'units: [{id: PNG, title: "Papua New Guinea"}]\n')
      local query = "SELECT count(*) AS n FROM unit"
      assert.equal("n\n12\n", run("sql", query, "--with", folder .. "/more.yaml", "--format", "csv").out)
      support.fails(5, "no.db: No such file or directory", run("sql", query, "--db", folder .. "/no.db"))
      remove()
   end)

   it("prints rows as they come", function()
      -- The series never ends; what the reader of the pipe wants of it arrives all the same.
      local query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
      local result = support.shell(("%s sql %s --format csv | head -n 3"):format(support.difkit, support.quote(query)))
      assert.equal("i\n1\n2\n", result.out)
      assert.equal("", result.err)
   end)

   it("prints nothing of a JSON list whose rows cannot be had", function()
      local overflow = "abs(-9223372036854775808)"
      for _, query in ipairs {"SELECT " .. overflow, "VALUES (1), (" .. overflow .. ")"} do
         local result = run("sql", query, "--format", "json")
         assert.equal(2, result.status)
         assert.equal("", result.out)
         assert.equal("difkit: integer overflow\n", result.err)
      end
   end)
end)
