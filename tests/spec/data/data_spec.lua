--- Pins the shipped framework: what there is, how much of it, and every word of its actions.
---
--- A change of the data that is meant changes this file too. source_spec.lua proves the words against their source.

local difkit = require "difkit"
local core = require "difkit.core"

local DOCUMENTS = {"DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"}

-- Actions by topic and document; the documents in the order above.
local COUNTS = {
   {"PA1", "TF", "trade-facilitation", 6, 12, 4, 3, 8},
   {"PA1", "CP", "customs-procedures", 6, 3, 0, 1, 1},
   {"PA1", "BA", "broadband-accessibility", 4, 2, 6, 1, 1},
   {"PA1", "PF", "e-commerce-platforms", 2, 4, 1, 3, 2},
   {"PA1", "LF", "e-commerce-legal-framework", 2, 1, 0, 0, 7},
   {"PA1", "IC", "digital-industry-competition", 0, 1, 2, 0, 3},
   {"PA1", "LS", "logistics-services", 1, 0, 0, 0, 1},
   {"PA1", "DI", "digital-identity", 2, 0, 1, 1, 0},
   {"PA2", "DP", "data-protection", 1, 2, 2, 3, 4},
   {"PA2", "CS", "cybersecurity", 1, 2, 3, 2, 7},
   {"PA2", "PP", "personal-data-protection", 1, 0, 0, 0, 5},
   {"PA2", "EA", "electronic-authentication", 2, 0, 0, 1, 10},
   {"PA3", "EP", "e-payment-systems", 4, 3, 0, 2, 5},
   {"PA4", "DE", "digital-education-and-skills", 6, 15, 5, 0, 0},
   {"PA4", "CO", "consumer-protection", 5, 2, 1, 0, 3},
   {"PA4", "CC", "code-of-conduct", 1, 0, 0, 0, 2},
   {"PA4", "DR", "dispute-resolution", 1, 1, 0, 1, 3},
   {"PA4", "RC", "regional-cooperation", 3, 2, 5, 2, 4},
   {"PA5", "DM", "digitalisation-of-msmes", 5, 6, 0, 0, 0},
   {"PA6", "IM", "implementation-and-coordination", 2, 5, 5, 1, 1},
   {"PA6", "RM", "review-mechanism", 2, 2, 0, 1, 0},
}

-- SHA-256 of "ID<tab>TEXT<newline>" of all actions, in the order of their ids as bytes.
local DIGEST = "ed1415c289780cb56b5b1c3cfbd6e5093c7cf60ee488d11ddc29c533f439f988"

-- Actions whose document or cell the source leaves open, by topic.
local INFERRED = {
   CP = 11, PF = 1, LF = 10, IC = 6, LS = 2, DI = 4, DP = 4, PP = 6, EA = 13, EP = 14, DE = 26, CO = 11, CC = 3, DR = 6,
   RC = 5, DM = 11, IM = 2, RM = 5,
}

describe("the shipped framework", function()
   local db

   setup(function() db = assert(difkit.open()) end)
   teardown(function() db:close() end)

   local function count(table_name)
      return db:query("SELECT count(*) FROM " .. table_name):value()
   end

   it("has 21 topics in 6 areas, and 244 actions of five documents in 77 cells", function()
      assert.equal(6, count "area")
      assert.equal(21, count "topic")
      assert.equal(5, count "document")
      assert.equal(244, count "action")
      assert.equal(77, count "(SELECT DISTINCT document_id, topic_id FROM action) AS cell")
      local total = {DIFAP = 57, ACRF = 63, ADM2025 = 35, BSBR = 22, WPAAEC = 67}
      for _, row in ipairs(db:query("SELECT document_id, count(*) AS n FROM action GROUP BY document_id"):all()) do
         assert.equal(total[row.document_id], row.n, row.document_id)
      end
   end)

   it("has the topics in their areas, in order", function()
      local topics = db:query([[SELECT topic.id AS topic_id, topic.area_id FROM topic
         JOIN area ON area.id = topic.area_id ORDER BY area.number, topic.position]]):all()
      for i, row in ipairs(COUNTS) do
         assert.equal(row[1], topics[i].area_id, row[3])
         assert.equal(row[3], topics[i].topic_id)
      end
   end)

   it("has the pinned number of actions in every cell, with ids that tell document, topic and position", function()
      local held = {}
      for _, row in ipairs(db:query("SELECT id, document_id, topic_id, position FROM action"):all()) do
         held[row.id] = row.document_id .. " " .. row.topic_id .. " " .. row.position
      end
      local expected = {}
      for _, row in ipairs(COUNTS) do
         for i, document in ipairs(DOCUMENTS) do
            for position = 1, row[3 + i] do
               expected[("%s.%s.%d"):format(document, row[2], position)] = document .. " " .. row[3] .. " " .. position
            end
         end
      end
      assert.same(expected, held)
   end)

   it("has the words of every action", function()
      local actions = db:query("SELECT id, text FROM action"):all()
      table.sort(actions, function(a, b) return a.id < b.id end)
      local parts = {}
      for i, action in ipairs(actions) do parts[i] = action.id .. "\t" .. action.text .. "\n" end
      assert.equal(DIGEST, core.digest(table.concat(parts)))
   end)

   it("marks what was inferred, and says how", function()
      local marked, letters = {}, {}
      for _, row in ipairs(COUNTS) do letters[row[3]] = row[2] end
      for _, row in ipairs(db:query("SELECT id, topic_id, attribution, note FROM action"):all()) do
         if row.attribution == "inferred" then
            assert.is_truthy(row.note, row.id)
            local topic = letters[row.topic_id]
            marked[topic] = (marked[topic] or 0) + 1
         else
            assert.equal("stated", row.attribution, row.id)
         end
      end
      assert.same(INFERRED, marked)
   end)

   it("says of each inferred action how sure it is, why, and what else the order of the columns allows", function()
      local certainty, columns = {}, {"DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"}
      for _, row in ipairs(db:query([[SELECT id, document_id, topic_id, attribution, certainty, note,
         (SELECT count(DISTINCT document_id) FROM action AS o WHERE o.topic_id = action.topic_id) AS cells
         FROM action]]):all()) do
         if row.attribution == "stated" then
            assert.is_nil(row.certainty, row.id)
         else
            certainty[row.certainty] = (certainty[row.certainty] or 0) + 1
            -- The reason stands behind a colon.
            assert.truthy(row.note:find ": .*%.$", row.id)
            -- The cell among the cells of its row; of five columns taken in order, k cells leave so many readings.
            local before = db:query([[SELECT count(DISTINCT document_id) FROM action WHERE topic_id = ? AND
               document_id IN (SELECT value FROM (SELECT 'DIFAP' AS value, 1 AS n UNION ALL SELECT 'ACRF', 2 UNION ALL
               SELECT 'ADM2025', 3 UNION ALL SELECT 'BSBR', 4 UNION ALL SELECT 'WPAAEC', 5) AS c WHERE n <=
               (SELECT CASE ? WHEN 'DIFAP' THEN 1 WHEN 'ACRF' THEN 2 WHEN 'ADM2025' THEN 3 WHEN 'BSBR' THEN 4
               ELSE 5 END))]], row.topic_id, row.document_id):value()
            assert.truthy(row.note:lower():find(("cell %d of %d"):format(before, row.cells), 1, true), row.id)
            local others = ({[5] = 0, [4] = 4, [3] = 9, [2] = 9})[row.cells]
            if others > 0 then
               assert.truthy(row.note:find(("in %d other readings of the row"):format(others), 1, true), row.id)
            end
            for i, document in ipairs(columns) do
               local allowed = i >= before and i <= 5 - row.cells + before and document ~= row.document_id
               local list = row.note:match "also allows ([^;.]*), in %d" or ""
               assert.equal(allowed, (" " .. list .. " "):find("[ ,]" .. document .. "[ ,]") ~= nil,
                  row.id .. " " .. document)
            end
         end
      end
      assert.same({firm = 81, likely = 52, open = 7}, certainty)
   end)

   it("numbers actions as printed, which is their position but for two", function()
      local odd = db:query("SELECT id, number FROM action WHERE number <> position ORDER BY id"):all()
      assert.equal(2, #odd)
      assert.equal("WPAAEC.RC.3 2", odd[1].id .. " " .. odd[1].number)
      assert.equal("WPAAEC.RC.4 3", odd[2].id .. " " .. odd[2].number)
   end)

   it("dates its documents", function()
      local documents = db:query("SELECT id, adopted, start_year, end_year FROM document ORDER BY id"):all()
      local held = {}
      for i, row in ipairs(documents) do
         held[i] = ("%s %s %s %s"):format(row.id, row.adopted, row.start_year, row.end_year)
      end
      assert.same({
         "ACRF 2020-11 2020 nil", "ADM2025 2021-01 2021 2025", "BSBR 2021-10 2021 2025", "DIFAP 2019-09 2019 2025",
         "WPAAEC 2021 2021 2025",
      }, held)
   end)

   it("links what the source repeats or inherits, on the words that are there now", function()
      local links = db:query([[SELECT link.source_id, link.target_id, link.relation, link.kind, link.source_digest,
         link.target_digest, one.text AS source_text, two.text AS target_text FROM link
         JOIN action AS one ON one.id = link.source_id JOIN action AS two ON two.id = link.target_id
         WHERE link.origin LIKE 'links.yaml:%' ORDER BY link.source_id]]):all()
      local held = {}
      for i, link in ipairs(links) do
         held[i] = table.concat({link.source_id, link.kind, link.target_id, link.relation}, " ")
         assert.equal(core.digest(link.source_text):sub(1, 16), link.source_digest, held[i])
         assert.equal(core.digest(link.target_text):sub(1, 16), link.target_digest, held[i])
         if link.kind == "repeats" then assert.equal(link.source_text, link.target_text) end
      end
      assert.same({
         "ACRF.PF.4 inherits DIFAP.PF.2 equal",
         "BSBR.BA.1 repeats BSBR.CP.1 equal",
         "WPAAEC.BA.1 repeats WPAAEC.CP.1 equal",
      }, held)
   end)

   it("keeps both expansions of an abbreviation that the source expands twice", function()
      assert.equal(38, count "abbreviation")
      local noted = db:query("SELECT term, expansion, note FROM abbreviation WHERE note IS NOT NULL"):all()
      local action = {ACCMSME = "ACRF.DE.9", AFAFGIT = "DIFAP.TF.4", AWPEC = "ACRF.RM.2", CBDFM = "WPAAEC.RC.1"}
      assert.equal(4, #noted)
      for _, row in ipairs(noted) do
         assert.is_truthy(row.note:find(action[row.term], 1, true), row.term)
         local text = db:query("SELECT text FROM action WHERE id = ?", action[row.term]):value()
         local other = row.note:match "prints (.-)%.$"
         assert.is_truthy(text:find(other .. " (" .. row.term .. ")", 1, true), row.term .. ": " .. other)
         assert.are_not.equal(other, row.expansion)
      end
   end)

   it("has the eleven member states, with the day each joined", function()
      local members = db:query([[SELECT unit_id, valid_from, valid_to FROM group_member WHERE group_id = 'ASEAN'
         ORDER BY valid_from, unit_id]]):all()
      local held = {}
      for i, row in ipairs(members) do
         assert.is_nil(row.valid_to)
         held[i] = row.unit_id .. " " .. row.valid_from
      end
      assert.same({
         "IDN 1967-08-08", "MYS 1967-08-08", "PHL 1967-08-08", "SGP 1967-08-08", "THA 1967-08-08", "BRN 1984-01-07",
         "VNM 1995-07-28", "LAO 1997-07-23", "MMR 1997-07-23", "KHM 1999-04-30", "TLS 2025-10-26",
      }, held)
      assert.equal(11, count "unit")
      assert.equal(4, count "group_member WHERE group_id = 'CLMV' AND unit_id IN ('KHM', 'LAO', 'MMR', 'VNM')")
   end)
end)
