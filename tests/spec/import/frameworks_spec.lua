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

--- JSON written over several lines, its texts as well.
local function joined(json) return (json:gsub("\n%s+", " ")) end

it("an OSCAL catalog is the same as JSON, YAML and XML", function()
   -- Markup in texts is Markdown in JSON and YAML (pages.nist.gov/OSCAL/concepts/layer/control/catalog).
   local forms = {
      joined [[{"catalog": {"uuid": "x", "metadata": {"title": "A *small* catalog", "version": "1.10",
      "published": "2023-11-02T00:00:00Z"}, "groups": [{"id": "g", "title": "Group", "groups": [{"id": "g.1", "title":
      "Inner", "controls": [{"id": "g.1.1", "title": "Lock", "params": [{"id": "p", "select": {"choice": ["after {{
      insert: param, q }}", "at once"]}}, {"id": "q", "label": "a time"}], "props": [{"name": "label", "value":
         "1.1.1"}],
      "links": [{"href": "#y"}], "parts": [{"name": "statement", "prose": "Lock {{ insert: param, p }}.\n\nSee
      [there](#s).", "parts": [{"name": "item", "prose": "Do:\n\n1. this;\n1. **that**."}]}, {"name": "guidance",
      "prose": "Why."}]}]}]}], "back-matter": {"resources": [{"uuid": "1"}]}}}]],
      [[
catalog:
  uuid: x
  metadata:
    title: A *small* catalog
    version: "1.10"
    published: "2023-11-02T00:00:00Z"
  groups:
    - id: g
      title: Group
      groups:
        - id: g.1
          title: Inner
          controls:
            - id: g.1.1
              title: Lock
              params:
                - id: p
                  select:
                    choice:
                      - 'after {{ insert: param, q }}'
                      - at once
                - id: q
                  label: a time
              props:
                - name: label
                  value: 1.1.1
              links:
                - href: '#y'
              parts:
                - name: statement
                  prose: "Lock {{ insert: param, p }}.\n\nSee [there](#s)."
                  parts:
                    - name: item
                      prose: "Do:\n\n1. this;\n1. **that**."
                - name: guidance
                  prose: Why.
  back-matter:
    resources:
      - uuid: "1"
]], [[<?xml version="1.0" encoding="UTF-8"?>
<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0" uuid="x">
 <metadata><title>A <em>small</em> catalog</title><published>2023-11-02T00:00:00Z</published><version>1.10</version>
 </metadata>
 <group id="g"><title>Group</title>
  <group id="g.1"><title>Inner</title>
   <control id="g.1.1"><title>Lock</title>
    <param id="p"><select><choice>after <insert type="param" id-ref="q"/></choice>
     <choice>at once</choice></select></param>
    <param id="q"><label>a time</label></param>
    <prop name="label" value="1.1.1"/><link href="#y"/>
    <part name="statement"><p>Lock <insert type="param" id-ref="p"/>.</p><p>See <a href="#s">there</a>.</p>
     <part name="item"><p>Do:</p><ol><li>this;</li><li><strong>that</strong>.</li></ol></part></part>
    <part name="guidance"><p>Why.</p></part>
   </control></group></group>
 <back-matter><resource uuid="1"/></back-matter>
</catalog>
]]}
   for _, form in ipairs(forms) do
      local db <close>, found = loaded(form)
      assert.equal("oscal", found.kind)
      assert.same({"g.1|g.1.1|1.1.1|Lock: Lock [selection: after [a time]; at once]. See [there](#s). Do: 1. this; "
         .. "1. **that**.|Why."}, rows(db, "SELECT topic_id, id, number, text, note FROM action"))
      assert.same({"A *small* catalog|1.10"}, rows(db, "SELECT title, version FROM framework"))
      local left = {}
      for _, one in ipairs(found.skipped) do left[one.label] = one.count end
      assert.same({params = 2, props = 1, links = 1, ["back-matter"] = 1}, left)
   end
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

   it("as the lists of its API, one within the other or alone", function()
      local db <close>, found = loaded(joined [[[{"code": "1", "title": "End poverty", "description": "End poverty
         in all its
         forms everywhere", "uri": "/v1/sdg/Goal/1", "targets": [{"goal": "1", "code": "1.1", "title": "Eradicate
         extreme poverty", "description": "Eradicate extreme poverty", "uri": "u", "indicators": [{"goal": "1",
         "target":
         "1.1", "code": "1.1.1", "description": "Proportion below the line", "tier": "1", "uri": "u", "series":
         [{"code": "A"},
         {"code": "B"}]}, {"goal": "1", "target": "1.1", "code": "1.1.2", "description": "Proportion covered"}]},
         {"goal": "1", "code": "1.a", "description": "Ensure mobilization", "indicators": [{"goal": "1", "target":
         "1.a", "code": "1.a.1", "description": "Total grants"}]}]}]
]])
      assert.equal("un-goals", found.kind)
      assert.same(actions, rows(db, ACTIONS))
      assert.same(indicators, rows(db, "SELECT id, title, topic_id FROM indicator ORDER BY id"))
      assert.same({"End poverty in all its forms everywhere"}, rows(db, "SELECT title FROM area"))
      assert.equal(2, found.skipped[1].count)
      -- A list of targets names its goals; one of indicators both.
      local alone <close>, list = loaded(joined [[[{"goal": "1", "code": "1.1", "title": "T", "description":
         "Eradicate extreme poverty"}, {"goal": "1", "code": "1.a", "description": "Ensure mobilization"}]
]])
      assert.same(actions, rows(alone, ACTIONS))
      assert.equal("goals and targets that are not in the list are there by their numbers alone", list.warnings[1])
      local last <close> = loaded(joined [[[{"goal": "1", "target": "1.1", "code": "1.1.1", "description":
         "Proportion below the line", "tier": "1"}]
]])
      assert.same({"1|goal-1|1.1|Target 1.1"}, rows(last, ACTIONS))
      assert.same({"1.1.1|Proportion below the line|goal-1"}, rows(last, "SELECT id, title, topic_id FROM indicator"))
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
