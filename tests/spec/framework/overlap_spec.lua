-- Likeness of actions, and the links that readers made of it.
local difkit = require "difkit"
local overlap = require "difkit.framework.overlap"

local db

setup(function() db = assert(difkit.open()) end)
teardown(function() db:close() end)

describe("db:similar", function()
   it("finds the action that says the same in another document, and tells by which words", function()
      local like = db:similar("DIFAP.LF.1", {limit = 1, across = true})
      assert.equal("ACRF.LF.1", like[1].id)
      assert.matches("voluntary", like[1].words)
   end)

   it("reads an abbreviation as the words it stands for", function()
      -- "Ratify the AAEC." and "Ratify and implement the ASEAN Agreement on Electronic Commerce."
      assert.equal("ACRF.TF.11", db:similar("DIFAP.TF.5", {limit = 1})[1].id)
   end)

   it("gives cells printed twice a score of 1", function()
      local like = db:similar "BSBR.CP.1"
      assert.equal("BSBR.BA.1", like[1].id)
      assert.near(1, like[1].score, 1e-6)
   end)

   it("keeps to the least score and the other documents", function()
      for row in db:similar("DIFAP.TF.1", {least = 0.3, across = true}):rows() do
         assert.is_true(row.score >= 0.3)
         assert.is_nil(row.id:find "^DIFAP")
      end
   end)

   it("knows a misspelt id", function()
      local ok, problem = pcall(db.similar, db, "DIFAP.LF.11")
      assert.is_false(ok)
      assert.equal('did you mean "DIFAP.LF.1"?', problem.hint)
   end)
end)

describe("overlap.pairs", function()
   it("lists each pair once, best first, with what a reader made of it", function()
      local found, last = {}, 1
      for row in overlap.pairs(db, {least = 0.3}):rows() do
         assert.is_true(row.first < row.second and row.score <= last)
         last = row.score
         assert.is_nil(found[row.first .. row.second])
         found[row.first .. row.second] = row.relation
      end
      assert.equal("equal", found["ACRF.LF.1DIFAP.LF.1"])
      assert.equal("none", found["ACRF.TF.11DIFAP.TF.1"])
   end)

   it("leaves no pair of that likeness unjudged in the bundled data", function()
      for row in overlap.pairs(db, {least = 0.3}):rows() do
         assert.is_truthy(row.relation, row.first .. " " .. row.second)
      end
   end)
end)

describe("overlap.quality", function()
   it("counts right pairs among the judged ones", function()
      local rows = {}
      for row in overlap.quality(db, {0.001, 0.6, 1.1}):rows() do rows[#rows + 1] = row end
      local judged, linked = table.unpack(db:query([[SELECT count(*) AS j, sum(relation <> 'none') AS l FROM link
         WHERE substr(source_id, 1, instr(source_id, '.')) <> substr(target_id, 1, instr(target_id, '.'))]]):rows()())
      assert.is_true(rows[1].found <= judged)
      assert.near(rows[1].linked / rows[1].found, rows[1].precision, 1e-12)
      assert.near(rows[2].linked / linked, rows[2].recall, 1e-12)
      assert.equal(0, rows[3].found)
      assert.is_nil(rows[3].precision)
   end)

   it("counts pairs of which one only helps the other when asked to", function()
      local sql = [[SELECT count(*) FROM link WHERE (relation <> 'none' OR kind IS NOT NULL)
         AND substr(source_id, 1, instr(source_id, '.')) <> substr(target_id, 1, instr(target_id, '.'))]]
      assert.equal(db:query(sql):value(), overlap.quality(db, {0}, {kinds = true})[1].linked)
   end)
end)

describe("a curated link", function()
   it("carries the digests of the words it was judged on", function()
      local digest = require("difkit.core").digest
      local sql = [[SELECT l.source_id, l.target_id, l.source_digest, l.target_digest, s.text, t.text
         FROM link AS l JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id]]
      local count = 0
      for row in db:query(sql):rows() do
         assert.equal(digest(row[5]):sub(1, 16), row[3], row[1])
         assert.equal(digest(row[6]):sub(1, 16), row[4], row[2])
         count = count + 1
      end
      assert.equal(db:query("SELECT count(*) FROM link"):value(), count)
   end)
end)

describe("db:similar with filters and free text", function()
   it("keeps to the documents, topics and areas asked for", function()
      local all = db:similar("DIFAP.LF.1", {least = 0.05, limit = 1000})
      for filter, value in pairs {document = "ACRF", topic = "e-commerce-legal-framework", area = "PA2"} do
         local expected = {}
         local ids = {}
         for action in db:actions{[filter] = value}:each() do ids[action.id] = true end
         for _, row in ipairs(all) do
            if ids[row.id] then expected[#expected + 1] = row.id end
         end
         local options = {least = 0.05, limit = 1000, [filter] = value}
         assert.is_true(#expected > 0)
         assert.equal(table.concat(expected, " "), table.concat(db:similar("DIFAP.LF.1", options):column "id", " "))
      end
   end)

   it("takes a text of one's own", function()
      local text = db:action("DIFAP.LF.1").text
      local like = db:similar(text, {limit = 2})
      assert.equal("DIFAP.LF.1 ACRF.LF.1", table.concat(like:column "id", " "))
      assert.near(1, like[1].score, 1e-6)
   end)

   it("refuses what a text of one's own cannot have, and a misspelt topic", function()
      local ok, problem = pcall(db.similar, db, "two words", {across = true})
      assert.is_false(ok)
      assert.equal("leave out across", problem.hint)
      ok, problem = pcall(db.similar, db, "DIFAP.LF.1", {topic = "cybersecurit"})
      assert.is_false(ok)
      assert.equal('did you mean "cybersecurity"?', problem.hint)
   end)
end)
