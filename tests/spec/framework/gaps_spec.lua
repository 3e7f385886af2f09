-- What one document asks for and another does not, against the links of the data and links made here.
local difkit = require "difkit"

local db

setup(function() db = assert(difkit.open(nil, {write = true})) end)
teardown(function() db:close() end)

local function row_of(id, have, lack, options)
   return difkit.gaps.actions(db, have, lack, options):where{id = id}[1]
end

local function forget(...)
   for _, id in ipairs {...} do db:exec("DELETE FROM link WHERE source_id = ? OR target_id = ?", id, id) end
end

describe("gaps.actions", function()
   it("gives every action of the document, in its order, once", function()
      local ids = db:actions{document = "DIFAP"}:table():column "id"
      assert.same(ids, difkit.gaps.actions(db, "DIFAP", "ACRF"):column "id")
   end)

   it("answers by each relation of a reviewed link, from either end", function()
      local expected = {
         equal = {"yes", "equal to", "yes", "equal to"}, subset = {"yes", "subset of", "in part", "superset of"},
         superset = {"in part", "superset of", "yes", "subset of"},
         intersects = {"in part", "intersects with", "in part", "intersects with"},
      }
      forget("DIFAP.CP.2", "BSBR.CP.1")
      for relation, answer in pairs(expected) do
         db:exec([[INSERT INTO link (source_id, target_id, relation, rationale, status)
            VALUES ('DIFAP.CP.2', 'BSBR.CP.1', ?, 'for this test', 'reviewed')]], relation)
         local own, other = row_of("DIFAP.CP.2", "DIFAP", "BSBR"), row_of("BSBR.CP.1", "BSBR", "DIFAP")
         assert.same({answer[1], "reviewed link: " .. answer[2] .. " BSBR.CP.1"}, {own.covered, own.ground})
         assert.same({answer[3], "reviewed link: " .. answer[4] .. " DIFAP.CP.2"}, {other.covered, other.ground})
         db:exec "UPDATE link SET status = 'proposed' WHERE source_id = 'DIFAP.CP.2'"
         assert.matches("^no reviewed link; ", row_of("DIFAP.CP.2", "DIFAP", "BSBR").ground)
         db:exec "DELETE FROM link WHERE source_id = 'DIFAP.CP.2' AND target_id = 'BSBR.CP.1'"
      end
   end)

   it("says perhaps where words alone are alike, and no where a reader found nothing in common", function()
      forget("DIFAP.LF.1", "ACRF.LF.1")
      local score = difkit.overlap.score(db, "DIFAP.LF.1", "ACRF.LF.1")
      local ground = ("the words most like it are those of ACRF.LF.1 (%.2f)"):format(score)
      local row = row_of("DIFAP.LF.1", "DIFAP", "ACRF")
      assert.same({"perhaps", "no reviewed link; " .. ground}, {row.covered, row.ground})
      assert.equal("no", row_of("DIFAP.LF.1", "DIFAP", "ACRF", {least = score + 1e-6}).covered)
      db:exec [[INSERT INTO link (source_id, target_id, relation, rationale, status)
         VALUES ('ACRF.LF.1', 'DIFAP.LF.1', 'none', 'for this test', 'reviewed')]]
      row = row_of("DIFAP.LF.1", "DIFAP", "ACRF")
      assert.same({"no", "reviewed link: nothing in common with ACRF.LF.1; " .. ground}, {row.covered, row.ground})
   end)

   it("knows a misspelt document", function()
      local ok, problem = pcall(difkit.gaps.actions, db, "DIFAP", "ACRT")
      assert.is_false(ok)
      assert.equal('did you mean "ACRF"?', problem.hint)
   end)
end)
