-- Frameworks from elsewhere: OSCAL catalogs, CISO Assistant libraries, the UN's list of goals, outlines of two columns.
local difkit = require "difkit"
local import = require "difkit.import"
local xlsx = require "tests.support.xlsx"

local TODAY = {today = "2026-01-01"}

--- The framework in a file of these bytes, as a database that the loader has accepted; and what was found.
local function loaded(bytes)
   local path, folder = os.tmpname(), os.tmpname()
   local file = assert(io.open(path, "wb"))
   file:write(bytes)
   file:close()
   local found, message = import.read(path, TODAY)
   os.remove(path)
   assert(found, message)
   os.remove(folder)
   assert(os.execute("mkdir " .. folder))
   file = assert(io.open(folder .. "/f.yaml", "wb"))
   file:write(found.framework:yaml())
   file:close()
   local db, problem = difkit.open(folder)
   os.execute("rm -r " .. folder)
   return assert(db, problem), found
end

local function rows(db, sql)
   local list = {}
   for values in db:query(sql):rows() do
      for i = 1, #values do values[i] = tostring(values[i]) end
      list[#list + 1] = table.concat(values, "|")
   end
   return list
end

local ACTIONS = "SELECT area_number, topic, id, text FROM action_full ORDER BY origin, position"

it("an OSCAL catalog: groups, controls, enhancements, parameters put in, and what has no place", function()
   -- The shape is that of the JSON schema of OSCAL 1.1 (pages.nist.gov/OSCAL), the words are made up.
   local db <close>, found = loaded [[{"catalog": {"uuid": "x", "metadata": {"title": "Sample Catalog",
      "version": "5.1",
      "published": "2023-11-02T00:00:00Z"}, "groups": [{"id": "ac", "title": "Access Control", "controls": [
      {"id": "ac-1", "title": "Policy", "params": [{"id": "p1", "label": "staff"}, {"id": "p2", "select": {"choice":
      ["all", "{{ insert: param, p1 }}"]}}], "props": [{"name": "label", "value": "AC-1"}], "links": [{"href": "#x"}],
      "parts": [{"name": "statement", "parts": [{"name": "item", "props": [{"name": "label", "value": "a."}], "prose":
      "Tell {{ insert: param, p1 }}"}, {"name": "item", "prose": "and {{insert: param,p2}}"}]}, {"name": "guidance",
      "prose": "Policies help."}, {"name": "assessment-method", "prose": "x"}], "controls": [{"id": "ac-1.1", "title":
      "Automated", "parts": [{"name": "statement", "prose": "Support."}]}]}, {"id": "ac-2", "title": "Old", "props":
      [{"name": "status", "value": "withdrawn"}]}], "groups": [{"id": "ac-x", "title": "More", "controls": [{"id":
      "ac-x1", "title": "Alone"}]}]}], "back-matter": {"resources": [{"uuid": "1"}, {"uuid": "2"}]}}}]]
   assert.same({"nil|ac|ac-1|Policy: a. Tell [staff] and [selection: all; [staff]]",
      "nil|ac|ac-1.1|Automated: Support.",
      "nil|ac-x|ac-x1|Alone"}, rows(db, ACTIONS))
   assert.same({"SAMPLE-CATALOG|2023-11-02"}, rows(db, "SELECT id, adopted FROM document"))
   assert.same({"AC-1|Policies help."}, rows(db, "SELECT number, note FROM action WHERE id = 'ac-1'"))
   local left = {}
   for _, one in ipairs(found.skipped) do left[one.label] = one.count end
   assert.same({params = 2, props = 1, links = 1, ["ac-2"] = 1, ["part 'assessment-method'"] = 1, ["back-matter"] = 2},
      left)
end)

it("a CISO Assistant library: nodes by their parents, headings as areas and topics", function()
   local db <close>, found = loaded [[
urn: urn:intuitem:risk:library:sample
ref_id: SAMPLE-1
name: Sample Library
version: 3
copyright: CC BY
provider: Example
objects:
  framework:
    urn: urn:x:framework:sample
    ref_id: SAMPLE-1
    name: Sample Framework
    requirement_nodes:
    - {urn: 'urn:x:a', assessable: false, depth: 1, ref_id: A, name: Govern}
    - {urn: 'urn:x:a1', assessable: false, depth: 2, parent_urn: 'urn:x:a', ref_id: A.1, name: Roles, description: Who}
    - {urn: 'urn:x:a11', assessable: false, depth: 3, parent_urn: 'urn:x:a1', ref_id: A.1.1, name: Boards}
    - {urn: 'urn:x:a111', assessable: true, depth: 4, parent_urn: 'urn:x:a11', ref_id: '1.10', description: Name one}
    - {urn: 'urn:x:a2', assessable: true, depth: 2, parent_urn: 'urn:x:a', ref_id: A.2, name: Alone, description: Do it,
       threats: [t]}
    - {urn: 'urn:x:b', assessable: true, depth: 1, ref_id: B, name: By itself}
  threats:
  - {urn: t}
]]
   assert.same({"A|A.1|1.10|Name one", "A|A|A.2|Alone: Do it", "B|B|B|By itself"}, rows(db,
      "SELECT area, topic, id, text FROM action_full ORDER BY id"))
   assert.same({"Under: Boards"}, rows(db, "SELECT note FROM action WHERE id = '1.10'"))
   assert.same({"sample-1|Sample Framework|3|Example"}, rows(db, "SELECT id, title, version, source FROM framework"))
   assert.equal("copyright: CC BY", found.warnings[1])
   assert.equal("threats of requirements", found.skipped[1].label)
end)

describe("the UN's goals, targets and indicators", function()
   local actions = {"1|goal-1|1.1|Eradicate extreme poverty", "1|goal-1|1.a|Ensure mobilization"}
   local indicators = {"1.1.1|Proportion below the line|goal-1", "1.1.2|Proportion covered|goal-1",
      "1.a.1|Total grants|goal-1"}

   it("as the workbook of the global indicator framework, below titles and above notes", function()
      local db <close>, found = loaded(xlsx{{name = "Framework", rows = {{"Global indicator framework"}, {},
         {"Goals and targets (from the 2030 Agenda)", "Indicators"}, {"Goal 1. End poverty in all its forms"},
         {"1.1 Eradicate extreme poverty", "1.1.1 Proportion below the line"},
         {"", "1.1.2 Proportion covered (repeat of 3.8.1)"},
         {"1.a Ensure mobilization", "1.a.1 Total grants"}, {}, {"* Refined indicators"}}}})
      assert.same(actions, rows(db, ACTIONS))
      assert.same(indicators, rows(db, "SELECT id, title, topic_id FROM indicator ORDER BY id"))
      assert.equal("outline", found.kind)
   end)

   it("as a table with a row for each indicator", function()
      local db <close> = loaded("Goal,Goal_Title,Target,Target_Title,Indicator,Indicator_Title\n"
         .. "1,End poverty in all its forms,1.1,Eradicate extreme poverty,1.1.1,Proportion below the line\n"
         .. "1,End poverty in all its forms,1.1,Eradicate extreme poverty,1.1.2,Proportion covered\n"
         .. "1,End poverty in all its forms,1.a,Ensure mobilization,1.a.1,Total grants\n")
      assert.same(actions, rows(db, ACTIONS))
      assert.same(indicators, rows(db, "SELECT id, title, topic_id FROM indicator ORDER BY id"))
   end)
end)

describe("an outline of two columns", function()
   it("of three levels and more is areas, topics and actions; of two, areas and actions", function()
      local db <close> = loaded("id,title\nA,First\nA.1,Sub\nA.1.1,Do this\nA.1.1.1,In detail\n"
         .. "A.2,Other\nA.2.1,Do that\n")
      assert.same({"A|A.1|A.1.1|Do this", "A|A.1|A.1.1.1|In detail", "A|A.2|A.2.1|Do that"}, rows(db, ACTIONS))
      local two <close> = loaded(xlsx{{name = "S", rows = {{"no.", "text"}, {"1", "First"}, {"1.1", "Do this"},
         {"1.2", "Do that"}, {"2", "Second"}, {"2.1", "Do more"}}}})
      assert.same({"1|1|1.1|Do this", "1|1|1.2|Do that", "2|2|2.1|Do more"}, rows(two, ACTIONS))
   end)

   it("is not seen in lists that are none", function()
      for _, text in ipairs {"id,title\n1,First\n2,Second\n3,Third\n4,Fourth\n",
         "country,2020\nLao PDR,1\nViet Nam,2\n",
         "version,date\n1.1,2020-01-01\n1.2,2021-01-01\n2.7,2022-01-01\n3.1,2022-02-01\n",
         "a,b\n1.1,2\n1.2,3\n1,4\n1.3,5\n"} do
         local path = os.tmpname()
         local file = assert(io.open(path, "wb"))
         file:write(text)
         file:close()
         local found = import.read(path, TODAY)
         os.remove(path)
         assert.is_true(found == nil or found.framework == nil, text)
      end
   end)
end)
