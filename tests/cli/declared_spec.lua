-- luacheck: no max line length (YAML and messages stand whole)
--- Tables that data declare for themselves: the suite of two built-in tables, each run on a declared twin as well, whose
--- answers have to be the same but for the names; then what only declarations can be: wrong, of other types, in pairs.
local support = dofile "tests/cli/support.lua"
local run, write, read, shell = support.run, support.write, support.read, support.shell

local FRAMEWORK = [[
framework: {id: f, title: F, version: 1.0.0}
areas: [{id: A, title: A, topics: [{id: t, title: T}]}]
units: [{id: LAO, title: Lao PDR}, {id: VNM, title: Viet Nam}]
indicators: [{id: depth, title: Depth, direction: 1}]
]]

--- A declared twin of `body` and of `observation`: the same columns and keys.
local TWINS = [[
tables:
  - name: desk
    records: things
    help: a twin
    columns:
      - {name: id, type: id, key: true}
      - {name: title, type: text, required: true}
      - name: kind
        type: enum
        values: [{name: sectoral, help: s}, secretariat, states, authorities, other]
      - {name: note}
  - name: measurement
    records: measurements
    columns:
      - {name: indicator, type: indicator, key: true}
      - {name: unit, type: unit, key: true}
      - {name: period, type: period, key: true}
      - {name: value, type: real}
      - {name: flag, type: enum, values: [A, B, E, P]}
      - {name: source}
]]

--- What the two are called, in the order in which longer words are replaced before shorter ones; as long as one another, so
--- that columns of a line stay.
local names = {
   {"an observation", "a measurement"}, {"observations", "measurements"}, {"observation", "measurement"},
   {"a body", "a desk"}, {"bodies", "things"}, {"body", "desk"},
}

--- A text about the built-in table as it has to be about its twin.
local function twin(text)
   for _, pair in ipairs(names) do text = text:gsub(pair[1], pair[2]) end
   return text
end

describe("a declared table is as the built-in one:", function()
   local folder, remove

   before_each(function()
      folder, remove = support.folder()
      write(folder .. "/f.yaml", FRAMEWORK)
      write(folder .. "/tables.yaml", TWINS)
   end)
   after_each(function() remove() end)

   --- Runs difkit on data that hold `text` (YAML for the built-in table) and on the same for its twin; `words` may hold
   --- $D for the folder of the data. Both say the same, which is given back with the exit status.
   local function both(text, words, csv)
      local said = {}
      for i, change in ipairs {function(t) return t end, twin} do
         local data = folder .. "/data" -- the same place for both, so that it is the same in what is said
         support.shell("rm -rf " .. data .. " && mkdir " .. data)
         support.shell(("cp %s/f.yaml %s/tables.yaml %s"):format(folder, folder, data))
         write(data .. "/records.yaml", change(text))
         if csv then write(data .. "/records.csv", csv) end
         local call = {}
         for j, word in ipairs(words) do call[j] = change((word:gsub("%$D", data))) end
         local result = run(table.unpack(call))
         said[i] = {status = result.status, out = result.out, err = result.err}
      end
      said[1].out, said[1].err = twin(said[1].out), twin(said[1].err)
      assert.same(said[1], said[2])
      return said[2]
   end

   local bodies = [[
bodies:
  - {id: B2, title: Second, kind: states}
  - {id: B1, title: First, note: "a, b"}
]]
   local observations = [[
observations:
  - {indicator: depth, unit: LAO, period: 2022, value: 1.5, source: s}
  - {indicator: depth, unit: LAO, period: 2022-Q3, value: 2}
  - {csv: records.csv, indicator: depth, units: names}
]]
   local csv = "unit,period,value,flag\nVietnam,2021,3,E\nLao PDR,2021,4,\n"

   it("YAML and CSV are read", function()
      local result = both(bodies, {"sql", "SELECT * FROM body ORDER BY id", "--db", "$D", "--format", "csv"})
      assert.equal("id,title,kind,note,origin\nB1,First,,\"a, b\",records.yaml:3\nB2,Second,states,,records.yaml:2\n",
         result.out)
      result = both(observations, {"sql", "SELECT indicator_id, unit_id, period, value, flag, source, origin FROM "
         .. "observation ORDER BY unit_id, period", "--db", "$D", "--format", "ndjson"}, csv)
      assert.truthy(result.out:find('"unit_id":"VNM","period":2021,"value":3.0,"flag":"E"', 1, true), result.out)
      assert.truthy(result.out:find('"period":"2022-Q3","value":2.0,', 1, true))
      assert.truthy(result.out:find('"period":2021,"value":4.0,"flag":null,"source":null,"origin":"records.csv:3"', 1, true))
   end)

   it("what is wrong is said in the same words, at the same places", function()
      for text, said in pairs {
         ["bodies: [{id: B1, title: T, kidn: states}]"] = 'records.yaml:1:29: unknown key "kidn" in a desk; did you mean "kind"?',
         ["bodies: [{id: B1, title: T, kind: stats}]"] = 'records.yaml:1:35: "kind" of a desk cannot be "stats"; did you mean "states"?',
         ["bodies: [{id: B1}]"] = 'records.yaml:1:10: a desk lacks "title"; it needs id, title',
         ["bodies: [{id: B 1, title: T}]"] = 'records.yaml:1:15: "id" of a desk must be an id without spaces',
         ["bodies: [{id: B1, title: T}, {id: B1, title: U}]"] = 'records.yaml:1:35: desk "B1" is defined twice, first at',
         ["bodys: []"] = 'unknown key "bodys" in a file',
         ["observations: [{indicator: dpeth, unit: LAO, period: 2022, value: 1}]"] =
            'no indicator "dpeth", which "indicator" of a measurement names; did you mean "depth"?',
         ["observations: [{indicator: depth, unit: LAO, period: 22, value: 1}]"] = '"period" of a measurement must be a year such as',
         ["observations: [{indicator: depth, unit: LAO, period: 2022, value: one}]"] = '"value" of a measurement must be a number',
         ["observations: [{indicator: depth, unit: LAO, period: 2022, value: 1}, {indicator: depth, unit: LAO, period: "
            .. "2022, value: 2}]"] = 'a measurement for depth, LAO, 2022 stands twice; first at records.yaml:1',
         ["observations: {csv: none.csv}"] = 'there is no CSV file "none.csv"',
      } do
         -- A near miss of the key itself names the built-in table's key for the one, the twin's for the other.
         if text:find "bodys" then
            write(folder .. "/g.yaml", "thing: []\n")
            local result = run("check", folder)
            assert.truthy(result.out:find('unknown key "thing" in a file; did you mean "things"?', 1, true), result.out)
            os.remove(folder .. "/g.yaml")
         else
            local result = both(text, {"check", "$D"})
            assert.equal(1, result.status)
            assert.truthy(result.out:find(said, 1, true), result.out)
         end
      end
      local result = both("observations: {csv: records.csv}", {"check", "$D"},
         "indicator,unit,period,value,sorce\ndepth,LAO,2022,1,x\n")
      assert.truthy(result.out:find('records.csv:1:5: unknown column "sorce" for measurements; did you mean "source"?', 1, true))
      result = both("observations: {csv: records.csv}", {"check", "$D"}, "indicator,unit,period,value\ndepth,LOA,2022,1\n")
      assert.truthy(result.out:find('records.csv:2:2: no unit "LOA"', 1, true), result.out)
   end)

   it("`load` counts its records, and a database file holds what was loaded", function()
      local file = folder .. "/out.db"
      for _, change in ipairs {function(t) return t end, twin} do
         write(folder .. "/records.yaml", change(bodies))
         assert.truthy(run("load", folder, "-o", file).out:find(change "2 bodies", 1, true))
      end
      local row = run("sql", "SELECT title FROM desk WHERE id = 'B1'", "--db", file, "--format", "csv")
      assert.equal("title\nFirst\n", row.out)
   end)

   it("the query builder knows its columns, periods and what it refers to", function()
      local code = [[
         local db = difkit.open()
         local q = db:from "observation":where{unit_id = "LAO"}:join("unit", {unit_id = "id"})
            :order "period desc":select("unit_id", "period", "value", "title")
         for row in q:rows() do
            print(row[1], row[2], math.type(row[2]), row[3], row[4])
         end
         print(db:from "observation":where{period = 2022}:count())
         print(db:query("SELECT max(period) AS last FROM observation WHERE period < ?", 2022):value())
         return db:from "observation":order "period":pivot("unit_id", "period", "value")]]
      local result = both(observations, {"run", "-e", code, "--db", "$D"}, csv)
      assert.equal("", result.err)
      assert.truthy(result.out:find("LAO\t2022\tinteger\t1.5\tLao PDR", 1, true), result.out)
   end)

   it("wrong uses are told with the nearest name", function()
      for _, code in ipairs {[[difkit.open():from "observation":select "valeu"]], [[difkit.open():query "SELECT valeu FROM observation"]]} do
         local result = both(observations, {"run", "-e", code, "--db", "$D"}, csv)
         assert.truthy(result.err:find('did you mean "value"?', 1, true), result.err)
      end
   end)

   it("`--with` lays records over others of the same key", function()
      for _, change in ipairs {function(t) return t end, twin} do
         write(folder .. "/records.yaml", change "observations: [{indicator: depth, unit: LAO, period: 2022, value: 1}]")
         local data, over = folder, folder .. "/over"
         support.shell("mkdir -p " .. over)
         write(over .. "/o.yaml", change "observations: [{indicator: depth, unit: LAO, period: 2022, value: 9}]")
         local result = run("sql", change "SELECT value FROM observation", "--db", data, "--with", over, "--format", "csv")
         assert.equal("value\n9.0\n", result.out)
      end
   end)

   it("`diff` and snapshots tell records apart by their key", function()
      for _, change in ipairs {function(t) return t end, twin} do
         local old, new = folder .. "/old", folder .. "/new"
         support.shell(("rm -rf %s %s && mkdir %s %s"):format(old, new, old, new))
         for _, data in ipairs {old, new} do
            support.shell(("cp %s/f.yaml %s/tables.yaml %s"):format(folder, folder, data))
         end
         write(old .. "/r.yaml", change [[
bodies: [{id: B1, title: One}, {id: B2, title: Two}]
observations: [{indicator: depth, unit: LAO, period: 2021, value: 1}, {indicator: depth, unit: LAO, period: 2022, value: 2}]
]])
         write(new .. "/r.yaml", change [[
bodies: [{id: B2, title: Two and more}, {id: B3, title: Three}]
observations: [{indicator: depth, unit: LAO, period: 2022, value: 3}]
]])
         assert.equal(0, run("snapshot", "2026-03", "--to", folder .. "/snap", "--db", old, "--replace").status)
         local result = run("diff", folder .. "/snap/2026-03.db", new, "--json")
         assert.equal(1, result.status)
         local seen = {}
         for entity, id, kind in result.out:gmatch '"entity": "(%w+)",%s+"id": "([^"]+)".-"change": "(%w+)"' do
            seen[#seen + 1] = ("%s %s %s"):format(entity, id, kind)
         end
         local wanted = {"body B1 removed", "body B2 changed", "body B3 added", "observation depth/LAO/2021 removed",
            "observation depth/LAO/2022 changed"}
         for i, text in ipairs(wanted) do wanted[i] = change(text) end
         if change == twin then -- declared tables stand behind the others, by name; so do the declarations
            for i = #seen, 1, -1 do
               if seen[i]:find "^declared" then table.remove(seen, i) end
            end
         end
         assert.same(wanted, seen)
      end
   end)

   it("equal records have one digest, whatever file and order they stand in", function()
      local digests = {}
      for i, text in ipairs {bodies, 'bodies:\n  - {id: B1, title: First, note: "a, b"}\n  - {id: B2, title: Second, kind: states}\n',
         "bodies: [{id: B1, title: First}]"} do
         for _, change in ipairs {function(t) return t end, twin} do
            write(folder .. "/" .. i .. ".yaml", change(text))
            digests[#digests + 1] = run("sql", "SELECT value FROM meta WHERE key = 'content_digest'", "--db", folder,
               "--format", "csv").out
            os.remove(folder .. "/" .. i .. ".yaml")
         end
      end
      assert.equal(digests[1], digests[3])
      assert.equal(digests[2], digests[4])
      assert.are_not.equal(digests[4], digests[6])
      assert.are_not.equal(digests[1], digests[2])
   end)

   it("`schema` describes it, in words, as SQL and for editors", function()
      local text = run("schema", "--db", folder).out
      assert.truthy(text:find("\ndesk: a twin\n  In YAML: a list under things:.", 1, true))
      assert.truthy(text:find("  indicator_id   written indicator; id of an indicator, key, required: indicator\n", 1, true))
      assert.falsy(run("schema").out:find("\ndesk: ", 1, true))
      local sql = run("schema", "--sql", "--db", folder).out
      assert.truthy(sql:find("CREATE TABLE measurement (", 1, true))
      assert.truthy(sql:find("FOREIGN KEY (unit_id) REFERENCES unit (id)", 1, true))
      local json = run("schema", "--json", "--db", folder).out
      local check = "import json, sys; d = json.load(sys.stdin); print(sorted(d['definitions']['measurement']['required']), "
         .. "d['definitions']['desk']['properties']['kind']['enum'], 'measurements' in d['properties'])"
      write(folder .. "/schema.json", json)
      assert.equal("['indicator', 'period', 'unit'] ['sectoral', 'secretariat', 'states', 'authorities', 'other', None] True\n",
         support.shell(('python3 -c "%s" < %s/schema.json'):format(check, folder)).out)
   end)

   it("exports hold it: CSV, workbooks, data packages; `profile` looks at it; a copy is the same", function()
      write(folder .. "/r.yaml", twin(bodies))
      local result = run("run", "-e", [[
         local db = difkit.open()
         db:from "desk":order "id":table():write "desk.csv"
         db:from "desk":table():write "desk.xlsx"
         assert(difkit.export.data_package("package", db))
]], "--db", folder, "--out", folder .. "/out")
      assert.equal("", result.err)
      assert.equal('id,title,kind,note,origin\nB1,First,,"a, b",r.yaml:3\nB2,Second,states,,r.yaml:2\n',
         read(folder .. "/out/desk.csv"))
      assert.truthy(run("profile", folder .. "/out/desk.xlsx").out:find("2 rows; may be a key: id", 1, true))
      local package = read(folder .. "/out/package/datapackage.json")
      assert.truthy(package:find('"name": ?"desk"'))
      assert.truthy(run("profile", "desk", "--db", folder).out:find("2 rows; may be a key: id", 1, true))
      assert.equal(0, run("load", folder, "-o", folder .. "/a.db").status)
      local copied = run("copy", "--from", folder .. "/a.db", "--to", folder .. "/b.db")
      assert.truthy(copied.out:find("2 things", 1, true))
      assert.equal(0, run("diff", folder .. "/a.db", folder .. "/b.db").status)
   end)

   it("a database of older tables brings it along when it is migrated", function()
      write(folder .. "/r.yaml", twin(bodies))
      local file = folder .. "/a.db"
      assert.equal(0, run("load", folder, "-o", file).status)
      support.shell("sqlite3 " .. file .. " \"PRAGMA user_version = 1; UPDATE meta SET value = '1' WHERE key = 'schema_version'\"")
      assert.equal("title\nFirst\nSecond\n",
         run("sql", "SELECT title FROM desk ORDER BY id", "--db", file, "--format", "csv").out)
      assert.equal(0, run("migrate", file).status)
      assert.equal("2\n2\n1\n", support.shell("sqlite3 " .. file .. " \"PRAGMA user_version; SELECT count(*) FROM desk; "
         .. "SELECT strict FROM pragma_table_list WHERE name = 'desk'\"").out)
      assert.equal(0, run("diff", folder, file).status)
   end)

   it("the prompt completes its name, its columns and its ids", function()
      write(folder .. "/records.yaml", twin(bodies))
      local db = assert(require("difkit").open(folder))
      local complete = require "difkit.repl.complete" {db = db, pending = {}, environment = {db = db}}
      local function completed(line)
         local back, text = complete(line)
         return line:sub(1, #line - back) .. text
      end
      assert.equal('db:from "desk', completed 'db:from "des')
      assert.equal('db:from "measurement":select "indicator_id', completed 'db:from "measurement":select "indi')
      assert.equal("SELECT kind", (completed 'db:query "SELECT kin'):match "SELECT.*")
      assert.equal('x = "B', (completed 'x = "B'):match "x.*") -- B1 and B2
      assert.equal('x = "B1', completed 'x = "B1')
      local _, _, choices = complete 'x = "B'
      assert.equal("B1  B2", choices)
      db:close()
   end)
end)

describe("a declaration", function()
   local folder, remove

   before_each(function()
      folder, remove = support.folder()
      write(folder .. "/a.yaml", FRAMEWORK)
   end)
   after_each(function() remove() end)

   local function check(text)
      write(folder .. "/t.yaml", text)
      return run("check", folder)
   end

   it("may stand behind the records, in a later file", function()
      write(folder .. "/b.yaml", "things: [{id: x}]\n")
      assert.equal("", check("tables: [{name: thing, records: things, columns: [{name: id, type: id, key: true}]}]").out)
      write(folder .. "/b.yaml", "things: [{id: x}]\nthing: []\n")
      assert.truthy(check("tables: [{name: thing, records: things, columns: [{name: id, type: id, key: true}]}]").out
         :find('b.yaml:2:1: unknown key "thing" in a file; did you mean "things"?', 1, true))
   end)

   it("names its keys column by column, or in a list", function()
      write(folder .. "/t.yaml", [[
tables:
  - {name: pact, keys: [from, to], columns: [{name: from, type: unit}, {name: to, type: unit}, {name: note}]}
pact: [{from: LAO, to: VNM, note: a}, {from: VNM, to: LAO}]
]])
      assert.equal("", run("check", folder).out)
      assert.equal('sql\n"PRIMARY KEY (from_id, to_id)"\n', (run("sql",
         "SELECT substr(sql, instr(sql, 'PRIMARY'), 28) AS sql FROM sqlite_schema WHERE name = 'pact'", "--db", folder,
         "--format", "csv").out))
      assert.truthy(run("schema", "--db", folder).out:find("from_id        written from; id of a unit, key, required", 1, true))
      write(folder .. "/t.yaml", [[
tables:
  - {name: pact, keys: [from, too], columns: [{name: from, type: unit}, {name: to, type: unit}]}
  - {name: part, keys: [from, from], columns: [{name: from, type: unit}]}
pact: [{from: LAO, to: VNM}, {from: LAO, to: VNM}]
]])
      local said = run("check", folder).out
      assert.truthy(said:find('t.yaml:2:31: the key of "pact" names "too", which is none of its columns; did you mean "to"?', 1, true), said)
      assert.truthy(said:find('key column "from" is defined twice', 1, true), said)
   end)

   it("that is wrong is told by its place", function()
      local cases = {
         {"{name: order, columns: [{name: id, type: id, key: true}]}", '1:17: a table cannot be called "order": that is a word of the database'},
         {"{name: action, columns: [{name: id, type: id, key: true}]}", '1:17: there is a table "action" already'},
         {"{name: Law, columns: [{name: id, type: id, key: true}]}", '1:17: "Law" is no name of a table'},
         {"{name: sqlite_x, columns: [{name: id, type: id, key: true}]}", 'a table cannot be called "sqlite_x"'},
         {"{name: law, records: areas, columns: [{name: id, type: id, key: true}]}", '1:31: records of "law" cannot stand under "areas"'},
         {"{name: law, records: matches, columns: [{name: id, type: id, key: true}]}", 'cannot stand under "matches"'},
         {"{name: law, columns: [{name: id, type: id}]}", '1:17: the table "law" has no key'},
         {"{name: law}", '1:17: the table "law" has no key'},
         {"{name: law, columns: [{name: id, type: idd, key: true}]}", '1:49: unknown type "idd" of a column; did you mean "id"?'},
         {"{name: law, columns: [{name: id, type: wholly, key: true}]}", 'or a table that has ids, such as unit, action or topic'},
         {"{name: law, columns: [{name: select, key: true}]}", 'a column cannot be called "select"'},
         {"{name: law, columns: [{name: origin, key: true}]}", 'a column cannot be called "origin"'},
         {"{name: law, columns: [{name: unit, type: unit, key: true}, {name: unit_id}]}", 'a second column would be called "unit_id"'},
         {"{name: law, columns: [{name: id, type: id, key: true}, {name: id}]}", 'column "id" is defined twice'},
         {"{name: law, columns: [{name: id, key: true, type: enum}]}", 'the column "id" of type enum has no values'},
         {"{name: law, columns: [{name: id, key: true, values: [a]}]}", 'values of a column of type text'},
         {"{name: law, columns: [{name: id, key: true, type: enum, values: [a, a]}]}", 'stands twice'},
         {"{name: law, columns: [{name: id, key: true, type: enum, values: [a], default: b}]}", 'the default "b" is no value'},
         {"{name: law, columns: [{name: id, key: true, type: date, default: b}]}", 'a column of type date has no default'},
         {"{name: law, columns: [{name: id, key: true, positive: true}]}", 'only a column of type integer can be positive'},
         {"{name: law, columns: [{name: id, key: 1}]}", '"key" of a column cannot be "1"'},
         {"{name: law, columns: [{name: id, key: true}, {name: c, type: code}]}", 'does not say of which scheme'},
         {"{name: law, columns: [{name: id, key: true}, {name: c, of: id}]}", 'the column "c" is not of type code'},
         {"{name: law, columns: [{name: id, key: true}, {name: c, type: date, not_before: id}]}", 'names "id", which is no column of the same type'},
         {"{name: law, columns: [{name: id, key: true}, {name: c, type: link}]}", 'unknown type "link"'},
         {"{name: law, columns: [{name: nr, key: true}, {name: c, type: law}]}", 'names records of law, which have no id'},
      }
      for _, case in ipairs(cases) do
         local result = check("tables: [" .. case[1] .. "]\n")
         assert.equal(1, result.status, case[1])
         assert.truthy(result.out:find(case[2], 1, true), case[1] .. "\n" .. result.out)
         assert.falsy(result.out:find("no such table", 1, true))
      end
      assert.truthy(check "tables: [{name: a, columns: [{name: id, type: id, key: true}]}, {name: a}]\n".out
         :find('table "a" is defined twice', 1, true))
      assert.truthy(check "tables: {a: 1}\n".out:find('"tables" must be a list of tables, not a mapping', 1, true))
   end)

   it("that is wrong is told once, also where the YAML is", function()
      local result = check "tables:\n  - {name: law, columns: [}\n"
      assert.equal(1, result.status)
      assert.equal(1, select(2, result.out:gsub("\n", "\n")))
      assert.truthy(result.out:find("t.yaml:2:27: not YAML", 1, true), result.out)
      result = check "tables:\n  - {name: law, columns: [{name: id, type: id, key: true}]}\nlaw: [{id: &a x}]\nareas: [\n"
      assert.equal(2, select(2, result.out:gsub("\n", "\n")), result.out)
   end)

   it("gives every word of SQL that SQLite knows a place, or refuses it", function()
      -- sqlite.org/lang_keywords.html, the words of version 3.40
      for word in ([[abort action add after all alter always analyze and as asc attach autoincrement before begin between by
         cascade case cast check collate column commit conflict constraint create cross current current_date current_time
         current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape
         except exclude exclusive exists explain fail filter first following for foreign from full generated glob group
         groups having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join
         key last left like limit match materialized natural no not nothing notnull null nulls of offset on or order others
         outer over partition plan pragma preceding primary query raise range recursive references regexp reindex release
         rename replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to
         transaction trigger unbounded union unique update using vacuum values view virtual when where window with
         without]]):gmatch "%a[%w_]*" do
         local text = ("tables: [{name: x_%s, records: xs, columns: [{name: %s, type: id, key: true}]}]\nxs: [{%s: a}]\n")
            :format(word, word == "null" and '"null"' or word, word == "null" and '"null"' or word)
         write(folder .. "/t.yaml", text)
         local result = run("sql", ("SELECT count(*) AS n FROM x_%s"):format(word), "--db", folder, "--format", "csv")
         if result.status ~= 0 then
            assert.truthy(run("check", folder).out:find("that is a word of the database", 1, true), word .. ": " .. result.err)
         else
            assert.equal("n\n1\n", result.out)
         end
      end
   end)

   it("has columns of all types: units in pairs, actions, topics, dates, codes, defaults, an order of dates", function()
      write(folder .. "/d.yaml", "document: {id: D, title: D}\nactions: {t: [{id: D.1, text: Do}]}\n")
      write(folder .. "/s.yaml", "schemes: [{id: s, title: S, codes: [{id: c1, title: C}]}]\n")
      write(folder .. "/t.yaml", [[
tables:
  - name: pact
    records: pacts
    columns:
      - {name: from, type: unit, key: true}
      - {name: to, type: unit, key: true}
      - {name: action, type: action}
      - {name: topic, type: topic}
      - {name: start, type: date}
      - {name: until, type: date, not_before: start}
      - {name: year, type: year}
      - {name: share, type: real}
      - {name: size, type: integer, positive: true}
      - {name: scheme, type: scheme, default: s}
      - {name: code, type: code, of: scheme}
      - {name: status, type: enum, values: [open, shut], default: open}
pacts: [{csv: pacts.csv, topic: t}]
]])
      local function load(rows)
         write(folder .. "/pacts.csv", "from,to,action,start,until,year,share,size,code\n" .. rows)
         return run("sql", "SELECT * FROM pact", "--db", folder, "--format", "ndjson")
      end
      assert.equal('{"from_id":"LAO","to_id":"VNM","action_id":"D.1","topic_id":"t","start":"2020-01-01","until":"2021-01-01",'
         .. '"year":2020,"share":0.5,"size":3,"scheme_id":"s","code_id":"c1","status":"open","origin":"pacts.csv:2"}\n',
         load("LAO,VNM,D.1,2020-01-01,2021-01-01,2020,0.5,3,c1\n").out)
      for row, said in pairs {
         ["LAO,XXX,,,,,,,"] = 'no unit "XXX"', [",VNM,,,,,,,"] = '"from" of a pact is empty', ["LAO,VNM,D.9,,,,,,"] = 'no action "D.9"',
         ["LAO,VNM,,2021-01-01,2020-01-01,,,,"] = '"until" of a pact comes before its "start"',
         ["LAO,VNM,,,,x20,,,"] = "must be a year", ["LAO,VNM,,,,,x,,"] = "must be a number",
         ["LAO,VNM,,,,,,0,"] = "must be a whole number from 1", ["LAO,VNM,,,,,,,c9"] = 'no code "c9" in the scheme "s"',
         ["LAO,VNM,,,,,,,\nLAO,VNM,,,,,,,"] = "a pact for LAO, VNM stands twice",
      } do
         load(row .. "\n")
         local result = run("check", folder)
         assert.equal(1, result.status, row)
         assert.truthy(result.out:find(said, 1, true), row .. "\n" .. result.out)
      end
   end)

   it("names another declared table, whose records may come later", function()
      write(folder .. "/t.yaml", [[
tables:
  - {name: child, records: children, columns: [{name: id, type: id, key: true}, {name: parent, type: parent}]}
  - {name: parent, records: parents, columns: [{name: id, type: id, key: true}]}
children: [{id: c, parent: p}]
]])
      assert.truthy(run("check", folder).out:find('no parent "p", which "parent" of a child names; parents are defined under "parents:"', 1, true))
      write(folder .. "/z.yaml", "parents: {csv: p.csv}\n")
      write(folder .. "/p.csv", "id\np\n")
      assert.equal(0, run("check", folder).status)
      assert.equal("parent_id\np\n", run("sql", "SELECT parent_id FROM child", "--db", folder, "--format", "csv").out)
   end)

   it("that somebody has written into a database is not believed", function()
      write(folder .. "/t.yaml", "tables: [{name: thing, records: things, columns: [{name: id, type: id, key: true}]}]\nthings: [{id: a}]\n")
      local file = folder .. "/a.db"
      for damage, said in pairs {
         ["DROP TABLE declared_column; CREATE TABLE declared_column (table_id, id, position, type, key, required, positive, "
            .. "scope, fallback, not_before, help, origin); INSERT INTO declared_column (table_id, type) VALUES ('thing', 'id')"] =
            "a column has no id",
         ["DROP TABLE declared_table; CREATE TABLE declared_table (id, records, help, origin); INSERT INTO declared_table (id) "
            .. "VALUES ('x); DROP TABLE action; --')"] = "is no name of a table",
         ["UPDATE declared_column SET type = 'nothing'"] = "unknown type",
      } do
         assert.equal(0, run("load", folder, "-o", file).status)
         assert.equal("", shell(("sqlite3 %s %s"):format(file, support.quote("PRAGMA foreign_keys = off; " .. damage))).err)
         local result = run("schema", "--db", file)
         assert.equal(5, result.status)
         assert.truthy(result.err:find("the tables that the database declares are not in order", 1, true), result.err)
         assert.truthy(result.err:find(said, 1, true), result.err)
         assert.equal("n\n0\n", run("sql", "SELECT count(*) AS n FROM action", "--db", file, "--format", "csv").out)
         os.remove(file)
      end
   end)

   it("that differs between two states of the data is compared all the same", function()
      write(folder .. "/t.yaml", [[
tables: [{name: thing, records: things, columns: [{name: id, type: id, key: true}, {name: old}]}]
things: [{id: a, old: x}]
]])
      assert.equal(0, run("load", folder, "-o", folder .. "/old.db").status)
      write(folder .. "/t.yaml", [[
tables: [{name: thing, records: things, columns: [{name: id, type: id, key: true}, {name: new}]}]
things: [{id: a, new: y}]
]])
      local result = run("diff", folder .. "/old.db", folder)
      assert.equal(1, result.status)
      assert.truthy(result.out:find("old: x → –", 1, true) or result.out:find("old", 1, true), result.out)
      assert.equal(1, run("diff", folder, "@bundled").status)
   end)
end)
