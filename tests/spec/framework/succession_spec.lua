-- From plan to plan, word differences, and mappings in the form of NIST.
local difkit = require "difkit"

local db

setup(function() db = assert(difkit.open(nil, {write = true})) end)
teardown(function() db:close() end)

--- The older and the newer text that the runs tell.
local function told(runs, skipped)
   local words = {}
   for _, run in ipairs(runs) do
      if run.kind ~= skipped then words[#words + 1] = run.text end
   end
   return table.concat(words, " ")
end

describe("text.differences", function()
   it("tell both texts, whatever they are", function()
      for _, pair in ipairs {{"a b c", "a c"}, {"", "x y"}, {"x y", ""}, {"a b a b", "b a b a"}, {"same", "same"}} do
         local runs = difkit.text.differences(pair[1], pair[2])
         assert.equal(pair[1], told(runs, "added"))
         assert.equal(pair[2], told(runs, "removed"))
      end
   end)

   it("keep the longest words that both have, in runs", function()
      assert.same({
         {kind = "same", text = "the plan of"}, {kind = "removed", text = "2021"}, {kind = "added", text = "the ten"},
         {kind = "same", text = "states"},
      }, difkit.text.differences("the plan of 2021 states", "the plan of the ten states"))
   end)
end)

describe("succession", function()
   local rows = difkit.succession.actions(assert(difkit.open()), "DIFAP", "ACRF")

   it("has every action of the older document once, and of the newer each or what led to it", function()
      local old, new = {}, {}
      for row in rows:rows() do
         if row.became == "new" then new[row.id] = true else old[#old + 1] = row.id end
         if row.to then new[row.to] = true end
      end
      assert.same({table.unpack(db:actions{document = "DIFAP"}:table():column "id")}, old)
      for row in rows:rows() do assert.equal(row.became == "dropped", row.new_text == nil) end
      for id in pairs(new) do assert.matches("^ACRF%.", id) end
   end)

   it("says by each relation what became of an action", function()
      local expected = {equal = "carried", subset = "changed", superset = "changed", intersects = "changed"}
      for relation, became in difkit.sorted(expected) do
         db:exec "DELETE FROM link WHERE source_id = 'DIFAP.LF.1' OR target_id = 'DIFAP.LF.1'"
         db:exec([[INSERT INTO link (source_id, target_id, relation, rationale, status)
            VALUES ('DIFAP.LF.1', 'ACRF.TF.9', ?, 'for this test', 'reviewed')]], relation)
         local row = difkit.succession.actions(db, "DIFAP", "ACRF"):where{id = "DIFAP.LF.1"}[1]
         assert.same({became, "ACRF.TF.9", ("reviewed link: %s ACRF.TF.9"):format(relation)}, {row.became, row.to,
            row.ground})
      end
   end)

   it("calls dropped what has no link and no words in common", function()
      local other <close> = assert(difkit.open(nil, {write = true}))
      other:exec "DELETE FROM link WHERE source_id = 'DIFAP.LF.1' OR target_id = 'DIFAP.LF.1'"
      other:exec "UPDATE action SET text = 'Zebra quagga okapi.' WHERE id = 'DIFAP.LF.1'"
      local row = difkit.succession.actions(other, "DIFAP", "ACRF"):where{id = "DIFAP.LF.1"}[1]
      assert.same({"dropped", "no reviewed link, and no action has a word in common"}, {row.became, row.ground})
   end)
end)

describe("a mapping in the form of NIST", function()
   local own = assert(difkit.open())

   it("comes back with every link, through a file", function()
      local path = os.tmpname() .. ".csv"
      assert(difkit.strm.table(own):write(path))
      local links, findings = difkit.strm.links(assert(difkit.table.read(path)), own)
      os.remove(path)
      assert.equal(0, #findings)
      local wanted = own:query([[SELECT source_id AS source, target_id AS target, relation FROM link
         ORDER BY source_id, target_id]]):table()
      assert.same(wanted:column "relation", links:column "relation")
      assert.same(wanted:column "target", links:column "target")
   end)

   it("is seen from the document asked for", function()
      for row in difkit.strm.table(own, {focal = "ACRF", reference = "DIFAP"}):rows() do
         assert.matches("^ACRF%.", row["Focal Document Element"])
         assert.matches("^DIFAP%.", row["Reference Document Element"])
      end
      local forth = difkit.strm.table(own, {focal = "DIFAP", reference = "ACRF"}):where{Relationship = "subset of"}
      local back = difkit.strm.table(own, {focal = "ACRF", reference = "DIFAP"}):where{Relationship = "superset of"}
      assert.is_true(#forth > 0)
      assert.equal(#forth, #back)
   end)

   it("says what cannot become a link", function()
      local names = {"Focal Document Element", "Relationship", "Reference Document Element"}
      local links, findings = difkit.strm.links(difkit.table(names, {
         {"DIFAP.TF.1", "Subset Of", "ACRF.TF.1"}, {"DIFAP.TF.1", "like", "ACRF.TF.1"}, {"DIFAP.TF.1", "equal", "X.1"},
         {"DIFAP.TF.1", "equal", "DIFAP.TF.1"},
      }), own)
      assert.same({"subset"}, {table.unpack(links:column "relation")})
      assert.same({3, 4, 5}, {table.unpack(findings:column "line")})
      assert.matches("no relationship", findings[1].message)
   end)
end)
