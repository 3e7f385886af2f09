-- Two states of the data compared: what is told apart, what is the same, how it reads.
local difkit = require "difkit"

local old, new

before_each(function()
   old = assert(difkit.open(nil, {write = true}))
   new = assert(difkit.open(nil, {write = true}))
   -- The tests remove and rename actions: without what is said of them, in both states.
   for _, db in ipairs {old, new} do
      db:exec "DELETE FROM target; DELETE FROM coding; DELETE FROM judgement; DELETE FROM pair_reading"
      db:exec "DELETE FROM link WHERE origin NOT LIKE 'links.yaml:%'"
   end
end)
after_each(function()
   old:close()
   new:close()
end)

--- "action DIFAP.TF.1 changed text" for every difference.
local function lines()
   local out = {}
   for row in difkit.diff(old, new):table():rows() do
      local parts = {row.entity, row.id, row.change, row.to, row.field}
      local line = {}
      for i = 1, 5 do line[#line + 1] = parts[i] end
      out[#out + 1] = table.concat(line, " ")
   end
   return out
end

describe("difkit.diff", function()
   it("finds no difference between data and themselves", function()
      assert.is_true(difkit.diff(old, new):same())
      assert.are.same({}, lines())
      assert.are.equal(":memory: and :memory: hold the same records.", difkit.diff(old, new):text())
   end)

   it("names what was added, removed and changed, field by field", function()
      new:exec "DELETE FROM action WHERE id = 'BSBR.EP.1'"
      new:exec "UPDATE action SET text = 'Something else.', line = 7 WHERE id = 'DIFAP.TF.1'"
      new:exec "INSERT INTO unit (id, title) VALUES ('XXX', 'Elsewhere')"
      assert.are.same({"action BSBR.EP.1 removed", "action DIFAP.TF.1 changed text",
         "action DIFAP.TF.1 changed line", "unit XXX added"}, lines())
   end)

   it("tells records without an id of one column apart by their key", function()
      new:exec "UPDATE observation SET value = 0.5 WHERE indicator_id = 'osi' AND unit_id = 'VNM' AND period = '2022'"
      new:exec "DELETE FROM group_member WHERE unit_id = 'TLS'"
      assert.are.same({"group_member ASEAN/TLS/2025-10-26 removed", "observation osi/VNM/2022 changed value"}, lines())
   end)

   it("knows a missing value from an empty one and a number from its text", function()
      new:exec "UPDATE action SET number = '1' WHERE id = 'DIFAP.TF.1'"
      new:exec "UPDATE action SET note = '' WHERE id = 'DIFAP.TF.2'"
      assert.are.same({"action DIFAP.TF.2 changed note"},
         {table.unpack(lines(), #lines())})
   end)

   it("does not count where a record stands in its file", function()
      new:exec "UPDATE action SET origin = 'elsewhere.yaml:1'"
      assert.is_true(difkit.diff(old, new):same())
   end)

   it("puts its results in the order of the model and of the keys", function()
      new:exec "UPDATE unit SET title = title || '.'"
      new:exec "UPDATE area SET title = title || '.'"
      local found = lines()
      assert.are.equal("area PA1 changed title", found[1])
      assert.are.equal("unit VNM changed title", found[#found])
   end)
end)

describe("a renamed id", function()
   --- Gives DIFAP.TF.3 another id, with a link and a coding that hang on it.
   local function rename(id, to)
      for _, db in ipairs {old, new} do
         db:exec [[INSERT INTO link (source_id, target_id, relation, rationale, status)
            VALUES ('DIFAP.TF.3', 'BSBR.EP.1', 'none', 'x', 'reviewed')]]
      end
      new:exec "PRAGMA foreign_keys = OFF"
      new:exec("UPDATE action SET id = ? WHERE id = ?", to, id)
      new:exec("UPDATE link SET source_id = ? WHERE source_id = ?", to, id)
      new:exec("INSERT INTO redirect (from_id, to_id) VALUES (?, ?)", id, to)
   end

   it("is renamed, not removed and added, and what refers to it is the same", function()
      rename("DIFAP.TF.3", "DIFAP.TF.33")
      assert.are.same({"action DIFAP.TF.3 renamed DIFAP.TF.33", "redirect DIFAP.TF.3/DIFAP.TF.33 added"}, lines())
   end)

   it("shows what else changed in it", function()
      rename("DIFAP.TF.3", "DIFAP.TF.33")
      new:exec "UPDATE action SET text = 'New words.' WHERE id = 'DIFAP.TF.33'"
      assert.are.equal("action DIFAP.TF.3 renamed DIFAP.TF.33 text", lines()[1])
      local change = difkit.diff(old, new).changes[1]
      assert.are.equal("DIFAP.TF.3", change.key.id)
      assert.are.equal("DIFAP.TF.33", change.record.id)
   end)

   it("of a document is no change of its actions", function()
      new:exec "PRAGMA foreign_keys = OFF"
      new:exec "UPDATE document SET id = 'ROADMAP' WHERE id = 'BSBR'"
      new:exec "UPDATE action SET document_id = 'ROADMAP' WHERE document_id = 'BSBR'"
      new:exec "INSERT INTO redirect (from_id, to_id) VALUES ('BSBR', 'ROADMAP')"
      assert.are.same({"document BSBR renamed ROADMAP", "redirect BSBR/ROADMAP added"}, lines())
   end)

   it("that leads nowhere is removed", function()
      new:exec "DELETE FROM action WHERE id = 'BSBR.EP.1'"
      new:exec "INSERT INTO redirect (from_id, to_id) VALUES ('BSBR.EP.1', 'BSBR.EP.99')"
      assert.are.equal("action BSBR.EP.1 removed", lines()[1])
   end)

   it("that was split or merged says into what", function()
      new:exec "DELETE FROM action WHERE id IN ('BSBR.EP.1', 'BSBR.EP.2')"
      new:exec [[INSERT INTO redirect (from_id, to_id) VALUES ('BSBR.EP.1', 'BSBR.CS.1'),
         ('BSBR.EP.2', 'BSBR.CS.1'), ('BSBR.EP.2', 'DIFAP.TF.1')]]
      local found = lines()
      assert.are.equal("action BSBR.EP.1 merged BSBR.CS.1", found[1])
      assert.are.equal("action BSBR.EP.2 split BSBR.CS.1, DIFAP.TF.1", found[2])
      assert.are.equal(2, difkit.diff(old, new):counts()[1].renamed)
   end)
end)

describe("the text of a difference", function()
   local words = require("difkit.diff.text").words

   it("marks the words that went and came", function()
      assert.are.equal("Build [-three-] {+four+} bays.", words("Build three bays.", "Build four bays."))
      assert.are.equal("[-a-] b", words("a b", "b"))
      assert.are.equal("b {+c+}", words("b", "b c"))
      assert.are.equal("spaces or line breaks changed", words("a b", "a  b"))
   end)

   it("leaves out words far from a change", function()
      assert.are.equal("… g h i j {+k+}", words("a b c d e f g h i j", "a b c d e f g h i j k"))
   end)

   it("shows long lists in part, and all on request", function()
      new:exec "PRAGMA foreign_keys = OFF"
      new:exec "DELETE FROM action WHERE document_id = 'BSBR'"
      local diff = difkit.diff(old, new)
      assert.is_truthy(diff:text():find("  - … and 2 more removed", 1, true))
      assert.is_falsy(diff:text{limit = 0}:find("more removed", 1, true))
      assert.is_truthy(diff:text():find("entity  added  removed  changed  renamed\n", 1, true))
   end)

   it("as JSON can be read back", function()
      new:exec "UPDATE topic SET note = NULL WHERE id = 'data-protection'"
      local value = difkit.json.decode(difkit.diff(old, new):json())
      assert.is_false(value.same)
      assert.are.equal("data-protection", value.changes[1].key.id)
      assert.are.equal("note", value.changes[1].fields[1].field)
      assert.are.equal(1, value.counts.topic.changed)
   end)
end)

describe("what cannot be compared", function()
   it("gives nil, a message and a code", function()
      local diff, message, code = difkit.diff("@bundled", "no-such-folder")
      assert.is_nil(diff)
      assert.are.equal("cannot read no-such-folder: No such file or directory", message)
      assert.are.equal("io", code)
   end)

   it("is a mistake when it is no data at all", function()
      local _, problem = pcall(difkit.diff, old, 3)
      assert.are.equal("difkit.diff: new must be a database or what difkit.open takes, not 3", problem.message)
   end)
end)
