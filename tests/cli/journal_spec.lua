--- What a scheduled job has: messages as JSON, and copies of a database that is in use.
local support = dofile "tests/cli/support.lua"
local json = require "difkit.format.json"

local folder, remove, database

setup(function()
   folder, remove = support.folder()
   database = folder .. "/garden.db"
   assert.equal(0, support.run("load", "tests/data/garden-framework", "-o", database).status)
end)
teardown(function() remove() end)

describe("--log=json", function()
   --- The lines of standard error, decoded.
   local function lines(result)
      local list = {}
      for i, line in ipairs(support.lines(result.err)) do
         list[i] = json.decode(line)
         assert.matches("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$", list[i].time)
      end
      return list
   end

   it("has a line for each message, and a last one with the status", function()
      local result = support.run("run", "--log=json", "coverige")
      local list = lines(result)
      assert.equal(2, #list)
      assert.same({"error", "run", 'unknown script "coverige"', "usage", 2, 'did you mean "coverage"?'},
         {list[1].level, list[1].command, list[1].message, list[1].code, list[1].status, list[1].hint})
      assert.same({"end", "run", 2}, {list[2].level, list[2].command, list[2].status})
      assert.is_true(list[2].seconds >= 0)
      assert.equal("", result.out)
   end)

   it("names the place of each finding", function()
      support.write(folder .. "/wrong.yaml", "framework: {id: w, title: W}\ntopicz: []\nareaz: []\n")
      local list = lines(support.run("load", folder .. "/wrong.yaml", "-o", folder .. "/w.db", "--log=json"))
      assert.same({"finding", "finding", "error", "end"}, {list[1].level, list[2].level, list[3].level, list[4].level})
      assert.same({folder .. "/wrong.yaml", 2, 1}, {list[1].file, list[1].line, list[1].column})
      assert.same({"data", 1, 1}, {list[3].code, list[3].status, list[4].status})
   end)

   it("holds whatever a message says", function()
      for _, isolation in ipairs {"auto", "off"} do
         local list = lines(support.run("run", "--log=json", "--isolation=" .. isolation, "-e",
            [[error('a "b"\\ \27 \255 é\n\1', 0)]]))
         assert.same({"error", '-e:1: a "b"\\ \27 \u{FFFD} é\n\1'}, {list[1].level, list[1].message})
         assert.same({"end", 4}, {list[#list].level, list[#list].status})
         list = lines(support.run("run", "--log=json", "--isolation=" .. isolation, "-e",
            [[error(("é"):rep(5000), 0)]])) -- a message that is cut within a letter
         assert.matches("^%-e:1: éé[é\u{FFFD}]+$", list[1].message)
      end
   end)

   it("goes on with what more is told of an error", function()
      support.write(folder .. "/deep.lua", "local function f() error 'no' end\nlocal function g() f() end\ng()\n")
      local list = lines(support.run("run", "--log=json", folder .. "/deep.lua"))
      assert.same({"error", "detail", "end"}, {list[1].level, list[2].level, list[3].level})
      assert.matches("deep%.lua:2 in", list[2].message)
   end)

   it("says how a run was ended", function()
      local list = lines(support.run("run", "--log=json", "--time", "1", "-e", "while true do end"))
      assert.same({"limit", 3, "end", 3}, {list[1].code, list[1].status, list[2].level, list[2].status})
      list = lines(support.run("run", "--log=json", "-e", "os.exit()"))
      assert.equal("end", list[#list].level)
   end)

   it("is text or json, and text is as ever", function()
      assert.equal('difkit: --log must be text or json, not "xml"\n', support.run("run", "--log=xml", "-e", "1").err)
      assert.equal('difkit: unknown script "coverige"; did you mean "coverage"?\n',
         support.run("run", "--log=text", "coverige").err)
   end)
end)

describe("difkit backup", function()
   it("copies the database with all that is in it", function()
      support.shell(("sqlite3 '%s' 'CREATE TABLE mine (x); INSERT INTO mine VALUES (7)'"):format(database))
      local result = support.run("backup", database, folder .. "/copy.db")
      assert.equal("", result.err)
      assert.equal(("wrote %s/copy.db\n"):format(folder), result.out)
      assert.equal("7\n", support.shell(("sqlite3 '%s/copy.db' 'SELECT x FROM mine'"):format(folder)).out)
      assert.equal(support.shell(("sqlite3 '%s' .dump"):format(database)).out,
         support.shell(("sqlite3 '%s/copy.db' .dump"):format(folder)).out)
   end)

   it("takes the state before a transaction that is not finished, and replaces an older copy", function()
      local hold = [[sqlite3 '%s' 'BEGIN IMMEDIATE' "INSERT INTO mine VALUES (8)" '.shell %s backup %s %s' 'COMMIT']]
      local result = support.shell(hold:format(database, support.absolute, database, folder .. "/copy.db"))
      assert.equal("", result.err)
      assert.equal("7\n", support.shell(("sqlite3 '%s/copy.db' 'SELECT x FROM mine'"):format(folder)).out)
      assert.equal("7\n8\n", support.shell(("sqlite3 '%s' 'SELECT x FROM mine'"):format(database)).out)
   end)

   it("refuses what is damaged, and leaves what was there", function()
      local bytes = support.read(database)
      local old = support.read(folder .. "/copy.db")
      for page = 3, #bytes // 4096 - 2, 4 do
         bytes = bytes:sub(1, page * 4096) .. ("U"):rep(4096) .. bytes:sub((page + 1) * 4096 + 1)
      end
      support.write(folder .. "/bad.db", bytes)
      local result = support.run("backup", folder .. "/bad.db", folder .. "/copy.db")
      assert.equal(5, result.status)
      assert.matches("bad%.db", result.err)
      assert.matches("malformed", result.err)
      assert.equal(old, support.read(folder .. "/copy.db"))
   end)

   it("replaces no other file, and says what it needs", function()
      support.write(folder .. "/notes.db", "precious")
      assert.equal(2, support.run("backup", database, folder .. "/notes.db").status)
      assert.equal("precious", support.read(folder .. "/notes.db"))
      for _, case in ipairs {
         {folder .. "/copy.txt", 2, "names no database; name a file that ends in .db"},
         {folder .. "/no/where.db", 5, "No such file or directory"},
      } do
         local result = support.run("backup", database, case[1])
         assert.equal(case[2], result.status, result.err)
         assert.truthy(result.err:find(case[3], 1, true), result.err)
      end
      assert.equal(5, support.run("backup", folder .. "/missing.db", folder .. "/copy.db").status)
   end)
end)
