local support = dofile "tests/cli/support.lua"
local run, read, write = support.run, support.read, support.write

local good = [[
framework: {id: small, title: "A small framework"}
document: {id: DOC, title: "The document"}
areas:
  - id: A1
    title: "An area"
    topics:
      - {id: a-topic, title: "A topic"}
actions:
  a-topic:
    - {id: DOC.1, text: "Do something."}
]]

describe("difkit load", function()
   local folder, remove, yaml, database

   before_each(function()
      folder, remove = support.folder()
      yaml, database = folder .. "/small.yaml", folder .. "/small.db"
      write(yaml, good)
   end)
   after_each(function() remove() end)

   it("makes a database and says in one line what it holds", function()
      local result = run("load", yaml, "-o", database)
      assert.equal(0, result.status)
      assert.equal("", result.err)
      assert.equal(("wrote %s: 1 framework, 1 document, 1 area, 1 topic, 1 action\n"):format(database), result.out)
      assert.equal("SQLite format 3\0", read(database):sub(1, 16))
   end)

   it("counts the records of every kind", function()
      assert.equal(("wrote %s: 1 framework, 2 documents, 2 areas, 3 topics, 8 actions, 2 abbreviations, 3 units, "
         .. "2 groups, 5 members, 3 redirects, 2 links, 1 scheme, 2 codes, 3 codings, 5 progress records, "
         .. "2 indicators, 10 observations\n"):format(database),
         run("load", "tests/data/garden-framework", "-o", database).out)
      assert.matches(", 1652 judgements, ", run("load", "data/asean-dif", "-n", "-o", database).out)
   end)

   it("takes several paths and options in any order", function()
      local more = folder .. "/more.yaml"
      write(more, 'units: [{id: VNM, title: "Viet Nam"}]\n')
      local result = run("load", "--output=" .. database, yaml, more)
      assert.equal(0, result.status)
      assert.truthy(result.out:find("1 unit", 1, true))
   end)

   it("writes the same bytes for the same data", function()
      run("load", yaml, "-o", database)
      local first = read(database)
      run("load", yaml, "-o", database)
      assert.truthy(first == read(database))
   end)

   it("with --dry-run says what it would write, and writes nothing", function()
      local result = run("load", yaml, "-o", database, "--dry-run")
      assert.equal(0, result.status)
      assert.truthy(result.out:find("^would write "))
      assert.falsy(support.exists(database))
   end)

   it("leaves the old database byte for byte when there are findings", function()
      run("load", yaml, "-o", database)
      local before = read(database)
      write(yaml, (good:gsub("title: \"A topic\"", "titel: \"A topic\"")))
      local result = run("load", yaml, "-o", database)
      assert.equal(1, result.status)
      assert.equal("", result.out)
      assert.truthy(result.err:find('small.yaml:7:%d+: .*"titel".*did you mean "title"%?'))
      assert.truthy(result.err:find(database .. " was not written", 1, true))
      assert.truthy(before == read(database))
      assert.equal(2, #support.lines(support.shell("ls " .. folder).out))
   end)

   it("refuses to overwrite a file that is no database of difkit", function()
      write(database, "precious\n")
      local result = run("load", yaml, "-o", database)
      assert.equal(2, result.status)
      assert.truthy(result.err:find("is not a database made by difkit", 1, true))
      assert.equal("precious\n", read(database))
   end)

   it("refuses to overwrite a database of another program", function()
      -- The header of an SQLite file that carries no application id.
      local header = "SQLite format 3\0" .. ("\0"):rep(84)
      write(database, header)
      support.fails(2, "small.db", run("load", yaml, "-o", database))
      assert.equal(header, read(database))
   end)

   it("replaces an empty file, as mktemp makes it", function()
      write(database, "")
      assert.matches("^wrote ", run("load", yaml, "-o", database).out)
      assert.equal("n\n1\n", run("sql", "SELECT count(*) AS n FROM document", "--db", database, "--format", "csv").out)
   end)

   it("says that the folder of the database does not exist", function()
      local result = run("load", yaml, "-o", folder .. "/no/where.db")
      assert.equal(5, result.status)
      assert.truthy(result.err:find("there is no folder", 1, true))
   end)

   it("needs a path and a database", function()
      support.fails(2, "load: the database to make is missing", run("load", yaml))
      support.fails(2, "load: too few arguments", run("load", "-o", database))
      support.fails(5, "no-such-folder: No such file or directory", run("load", folder .. "/no-such-folder", "-o",
         database))
   end)

   it("leaves no temporary file behind when it is stopped", function()
      local actions = {}
      for i = 2, 60000 do actions[#actions + 1] = ('    - {id: DOC.%d, text: "Do something else."}'):format(i) end
      write(yaml, good .. table.concat(actions, "\n") .. "\n")
      local result = support.shell(("%s load %s -o %s & sleep 0.05; kill -TERM $!; wait $!"):format(support.difkit,
         yaml, database))
      local left = support.lines(support.shell("ls " .. folder).out)
      if result.status == 0 then
         assert.same({"small.db", "small.yaml"}, left)
      else
         assert.equal(143, result.status)
         assert.same({"small.yaml"}, left)
      end
   end)
end)

describe("difkit check", function()
   local folder, remove, yaml

   before_each(function()
      folder, remove = support.folder()
      yaml = folder .. "/small.yaml"
   end)
   after_each(function() remove() end)

   it("finds nothing in sound data", function()
      write(yaml, good)
      local result = run("check", yaml)
      assert.equal(0, result.status)
      assert.equal("", result.out)
      assert.equal("difkit: no findings\n", result.err)
   end)

   it("finds nothing in the data it ships with", function()
      assert.same({status = 0, out = "", err = "difkit: no findings\n"}, run("check", "data/asean-dif"))
   end)

   it("prints each finding on a line and their number, and ends with 1", function()
      write(yaml, (good:gsub("document:", "documnet:"):gsub("text:", "txt:")))
      local result = run("check", yaml)
      assert.equal(1, result.status)
      local lines = support.lines(result.out)
      assert.truthy(#lines >= 2)
      for _, line in ipairs(lines) do assert.truthy(line:find("small%.yaml:%d+:%d+: ")) end
      assert.truthy(result.out:find('unknown key "documnet".*did you mean "document"%?'))
      assert.equal(("difkit: %d findings\n"):format(#lines), result.err)
   end)

   it("needs a path that exists", function()
      support.fails(2, "check: too few arguments", run("check"))
      local result = run("check", folder .. "/no-such-folder")
      assert.equal(5, result.status)
      assert.truthy(result.err:find("no-such-folder", 1, true))
   end)
end)

describe("difkit schema", function()
   it("describes every table for people", function()
      local result = run "schema"
      assert.equal(0, result.status)
      for _, table in ipairs {"framework", "document", "topic", "action", "observation", "coding", "progress"} do
         assert.truthy(("\n" .. result.out):find("\n" .. table .. ": ", 1, true), table)
      end
   end)

   it("prints SQL that another SQLite would take", function()
      local result = run("schema", "--sql")
      assert.equal(0, result.status)
      assert.truthy(result.out:find("CREATE TABLE action (", 1, true))
      assert.truthy(result.out:find("CREATE VIEW action_full", 1, true))
   end)

   it("prints a JSON Schema for editors", function()
      local result = run("schema", "--json")
      assert.equal(0, result.status)
      assert.truthy(result.out:find('"$schema": "http://json-schema.org/draft-07/schema#"', 1, true))
   end)

   it("refuses both at once", function()
      support.fails(2, "schema: --sql and --json exclude each other", run("schema", "--sql", "--json"))
   end)
end)
