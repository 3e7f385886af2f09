-- The words of the field: filters, ids that do not exist or were renamed, rosters with dates, full-text search.
local difkit = require "difkit"
local core = require "difkit.core"

local db

setup(function() db = assert(difkit.open()) end)
teardown(function() db:close() end)

local problem = require("tests.support.spec").problem

describe("db:actions", function()
   it("stands in a loop and in a chain", function()
      local n = 0
      for action in db:actions{document = "BSBR", topic = "cybersecurity"} do
         n = n + 1
         assert.are.equal("BSBR", action.document)
         assert.are.equal("integer", math.type(action.line))
      end
      assert.are.equal(2, n)
      assert.are.equal(2, db:actions{document = "BSBR", topic = "cybersecurity"}:count())
   end)

   it("has the order of topics, then documents, then positions", function()
      local first = db:actions():limit(3):list "id"
      assert.are.equal("DIFAP.TF.1 DIFAP.TF.2 DIFAP.TF.3", table.concat(first, " "))
      local documents, last = {}, nil
      for action in db:actions{topic = "trade-facilitation"} do
         if action.document ~= last then documents[#documents + 1] = action.document end
         last = action.document
      end
      assert.are.equal("DIFAP ACRF ADM2025 BSBR WPAAEC", table.concat(documents, " "))
   end)

   it("takes lists", function()
      assert.are.equal(85, db:actions{document = {"BSBR", "ACRF"}}:count())
      assert.are.equal(db:actions{area = {"PA1", "PA2"}}:count(),
         db:actions{area = "PA1"}:count() + db:actions{area = "PA2"}:count())
   end)

   it("takes words to search for together with other filters", function()
      for action in db:actions{text = "MSMEs", document = "ACRF"} do
         assert.is_truthy(action.text:find "MSMEs")
         assert.are.equal("ACRF", action.document)
      end
      assert.is_true(db:actions{text = "MSMEs", document = "ACRF"}:count() > 0)
   end)

   it("names an unknown filter and an unknown id", function()
      local message, hint = problem(function() return db:actions{documnet = "BSBR"} end)
      assert.are.equal('actions: unknown filter "documnet"', message)
      assert.are.equal('did you mean "document"?', hint)
      message, hint = problem(function() return db:actions{document = "BSRB"} end)
      assert.are.equal('actions: unknown document "BSRB"', message)
      assert.are.equal('did you mean "BSBR"?', hint)
      assert.are.equal("actions: the id of a topic must be text, not 3",
         (problem(function() return db:actions{topic = 3} end)))
   end)
end)

describe("a renamed id", function()
   local own, said

   before_each(function()
      own = assert(difkit.open(nil, {write = true}))
      own:exec("INSERT INTO redirect (from_id, to_id, reason) VALUES ('OLD.1', 'OLDER.1', NULL), "
         .. "('OLDER.1', 'DIFAP.TF.1', 'renumbered'), ('SPLIT.1', 'DIFAP.TF.2', NULL), "
         .. "('SPLIT.1', 'DIFAP.TF.3', NULL), ('LOOP.1', 'LOOP.2', NULL), ('LOOP.2', 'LOOP.1', NULL)")
      said = {}
      stub(core, "log", function(text) said[#said + 1] = text end)
   end)

   after_each(function()
      core.log:revert()
      own:close()
   end)

   it("is followed, with one warning", function()
      assert.are.equal("DIFAP.TF.1", own:action "OLD.1".id)
      assert.are.equal("DIFAP.TF.1", own:actions{id = "OLD.1"}:one().id)
      assert.are.same({'warning: action "OLD.1" is now DIFAP.TF.1 (renumbered)'}, said)
   end)

   it("that was split stands for all its successors", function()
      assert.are.equal(2, own:actions{id = "SPLIT.1"}:count())
      local action, message, code = own:action "SPLIT.1"
      assert.is_nil(action)
      assert.are.equal('no action "SPLIT.1": it was split into DIFAP.TF.2, DIFAP.TF.3', message)
      assert.are.equal("not_found", code)
   end)

   it("that leads in a circle leads nowhere", function()
      assert.is_nil(own:action "LOOP.1")
   end)
end)

describe("one record", function()
   it("that does not exist is nil, a message and a code", function()
      local action, message, code = db:action "DIFAP.TX.1"
      assert.is_nil(action)
      assert.is_truthy(message:find('no action "DIFAP.TX.1"; did you mean "DIFAP.', 1, true))
      assert.are.equal("not_found", code)
      assert.are.equal('no topic "zebra"', select(2, db:topic "zebra"))
   end)

   it("needs an id that is text", function()
      assert.are.equal("action: id must be text, not 3", (problem(function() return db:action(3) end)))
   end)
end)

describe("documents, topics and areas", function()
   it("have their order", function()
      assert.are.equal("DIFAP ACRF ADM2025 BSBR WPAAEC", table.concat(db:documents():list "id", " "))
      assert.are.equal("PA1 PA2 PA3 PA4 PA5 PA6", table.concat(db:areas():list "id", " "))
      local topics = db:topics():list "id"
      assert.are.equal("trade-facilitation", topics[1])
      assert.are.equal("review-mechanism", topics[21])
   end)

   it("can be asked for by one another", function()
      assert.are.equal(8, db:topics{area = "PA1"}:count())
      assert.are.equal("DIFAP WPAAEC", table.concat(db:documents{topic = "code-of-conduct"}:list "id", " "))
      for topic in db:topics{document = "BSBR"} do
         assert.is_true(db:actions{document = "BSBR", topic = topic.id}:count() > 0)
      end
   end)
end)

describe("db:units", function()
   it("gives the members of a group on a date", function()
      assert.are.equal(11, db:units{group = "ASEAN"}:count())
      assert.are.equal(10, db:units{group = "ASEAN", on = "2025-10-25"}:count())
      assert.are.equal(11, db:units{group = "ASEAN", on = "2025-10-26"}:count())
      assert.are.equal(11, db:units{group = "ASEAN", on = "2025-10"}:count())
      assert.are.equal(10, db:units{group = "ASEAN", on = 2022}:count())
      assert.are.equal(5, db:units{group = "ASEAN", on = "1970"}:count())
      assert.are.equal("KHM LAO MMR VNM", table.concat(db:units{group = "CLMV"}:list "id", " "))
   end)

   it("refuses what is no date, and a date without a group", function()
      assert.are.equal('units: a date is like 2026-03-31, 2026-03 or 2026, not text "last year"',
         (problem(function() return db:units{group = "ASEAN", on = "last year"} end)))
      assert.are.equal('units: "on" needs a group', (problem(function() return db:units{on = 2022} end)))
   end)
end)

describe("db:search", function()
   local function ids(words)
      local found = db:search(words):list "id"
      table.sort(found)
      return found
   end

   it("marks the words and names the source line", function()
      local hit = db:search("self-certification", {mark = {"<", ">"}}):one()
      assert.are.equal("DIFAP.TF.3", hit.id)
      assert.are.equal(40, hit.line)
      assert.is_truthy(hit.text:find("<Self-Certification>", 1, true))
   end)

   it("wants all words, takes phrases, beginnings, alternatives and words to leave out", function()
      local both, digital, skills = ids "digital skills", ids "digital", ids "skills"
      assert.is_true(#both > 0 and #both < #digital and #both <= #skills)
      assert.is_true(#ids '"digital skills"' <= #both)
      assert.is_true(#ids "digital*" >= #digital)
      assert.are.equal(#digital, #both + #ids "digital -skills")
      assert.is_true(#ids "digital OR skills" == #digital + #skills - #both)
   end)

   it("takes no sign for a command", function()
      for _, words in ipairs {
         "e-commerce", "a AND", "NEAR(x", 'open "quote', "text:x", "col*umn", "(", "x ^ y", "日本",
      } do
         local done, value = pcall(function() return db:search(words):all() end)
         assert(done or value.code == "usage", tostring(value))
      end
      assert.is_true(#ids "e-commerce" > 0)
   end)

   it("does not rank more matches than tell something, unless it is told to", function()
      local fulltext = require "difkit.query.fulltext"
      local most = fulltext.ranked_most
      local ranked = db:search("cybersecurity"):table()
      fulltext.ranked_most = #ranked - 1
      local unranked = db:search("cybersecurity"):table()
      local forced = db:search("cybersecurity", {ranked = true}):table()
      local few = db:search("cybersecurity", {document = "BSBR"}):limit(1):table()
      fulltext.ranked_most = most
      assert.are.same(ranked:column "id", forced:column "id")
      assert.are.same(ranked.columns, unranked.columns)
      assert.are.equal(0, #unranked:where("rank", "!=", difkit.null):where(function(row) return row.rank end))
      local in_order = db:query([[SELECT action.id FROM action JOIN action_fts ON action_fts.rowid = action.rowid
         WHERE action_fts MATCH 'cybersecurity' ORDER BY action.rowid]]):columns().id
      assert.are.equal(table.concat(in_order, " "), table.concat(unranked:column "id", " "))
      assert.are.same(ranked:sort("id"):column "text", unranked:sort("id"):column "text")
      assert.are.equal("BSBR", few[1].document)
      assert.are.equal(#ranked, #db:search("cybersecurity", {ranked = false}):table())
   end)

   it("says when nothing is left to search for", function()
      assert.are.equal('search: no words to search for in text "!?"', (problem(function() return db:search "!?" end)))
      local message, hint = problem(function() return db:search "-survey" end)
      assert.are.equal('search: only words to leave out: text "-survey"', message)
      assert.are.equal("add a word that does occur", hint)
   end)
end)

describe("difkit.open", function()
   it("says what it could not open", function()
      local none, message = difkit.open "no-such-folder"
      assert.is_nil(none)
      assert.is_truthy(message:find("no-such-folder", 1, true))
      none, message = difkit.open "no-such.db"
      assert.is_nil(none)
      assert.is_truthy(message:find("no-such.db", 1, true))
   end)

   it("lays further data over the bundled ones, as --with does", function()
      local path = os.tmpname() .. ".yaml"
      local file = assert(io.open(path, "w"))
      file:write 'units:\n  - {id: XXX, title: "Elsewhere"}\n'
      file:close()
      local both <close> = assert(difkit.open{"@bundled", path})
      assert.are.equal(12, both:units():count())
      core.overlay = {path}
      local laid <close> = assert(difkit.open())
      core.overlay = {}
      assert.are.equal("Elsewhere", laid:units{id = "XXX"}:one().title)
      os.remove(path)
   end)

   it("writes only when asked to", function()
      local own <close> = assert(difkit.open(nil, {write = true}))
      assert.are.equal(1, own:exec("UPDATE area SET title = ? WHERE id = ?", "Trade", "PA1"))
      assert.are.equal("Trade", own:areas{id = "PA1"}:one().title)
      assert.are.equal("Facilitating Seamless Trade", db:areas{id = "PA1"}:one().title)
      assert.is_false(pcall(function() return db:exec("UPDATE area SET title = ?", "x") end))
   end)

   it("does not lay other data over a database", function()
      local none, message, code = difkit.open{"a.db", "b.yaml"}
      assert.is_nil(none)
      assert.are.equal("a.db: a database cannot be laid together with other data; give the YAML it was loaded from",
         message)
      assert.are.equal("usage", code)
   end)

   it("refuses options it does not know", function()
      local message, hint = problem(difkit.open, nil, {wirte = true})
      assert.are.equal('difkit.open: unknown option "wirte"', message)
      assert.are.equal('did you mean "write"?', hint)
   end)
end)
