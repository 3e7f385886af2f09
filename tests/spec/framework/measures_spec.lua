-- Measures of documents and actions: against figures worked out by hand for the invented garden framework
-- (tests/data/garden-framework), and against counts by SQL for the bundled one.
local difkit = require "difkit"
local measures = difkit.measures

local garden, asean

setup(function()
   garden = assert(difkit.open "tests/data/garden-framework")
   asean = assert(difkit.open())
end)
teardown(function()
   garden:close()
   asean:close()
end)

local documents = {"DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"}

--- The garden has three topics in two areas. PLAN has 2, 2 and 1 actions on compost, beds and rain (areas: 4 and 1),
--- CHARTER has 1 and 2 on compost and rain (areas: 1 and 2).
describe("measures of the garden framework", function()
   it("have its coverage", function()
      assert.equal(1, measures.coverage(garden, "PLAN"))
      assert.near(2 / 3, measures.coverage(garden, "CHARTER"), 1e-12)
      assert.equal(1, measures.coverage(garden, "CHARTER", {by = "area"}))
   end)

   it("have its concentration", function()
      -- PLAN: 0.4² + 0.4² + 0.2² = 0.36; (0.36 - 1/3) / (2/3) = 0.04. By area: 0.8² + 0.2² = 0.68; (0.68 - 0.5) / 0.5.
      assert.near(0.36, measures.concentration(garden, "PLAN"), 1e-12)
      assert.near(0.04, measures.concentration(garden, "PLAN", {normalised = true}), 1e-12)
      assert.near(0.68, measures.concentration(garden, "PLAN", {by = "area"}), 1e-12)
      assert.near(0.36, measures.concentration(garden, "PLAN", {by = "area", normalised = true}), 1e-12)
      -- CHARTER: (1/3)² + (2/3)² = 5/9; (5/9 - 3/9) / (6/9) = 1/3: the topic that it leaves out counts.
      assert.near(1 / 3, measures.concentration(garden, "CHARTER", {normalised = true}), 1e-12)
   end)

   it("have its balance", function()
      -- PLAN: -(2 · 0.4 ln 0.4 + 0.2 ln 0.2) = 0.733033 + 0.321888 = 1.054920; / ln 3 = 1.098612: 0.960230.
      assert.near(0.960230, measures.balance(garden, "PLAN"), 1e-6)
      -- CHARTER: -(1/3 ln 1/3 + 2/3 ln 2/3) = 0.366204 + 0.270310 = 0.636514; / ln 2 = 0.693147: 0.918296.
      assert.near(0.918296, measures.balance(garden, "CHARTER"), 1e-6)
   end)

   it("have its novelty", function()
      -- PLAN (2019-11) is first. Of CHARTER (2021) one action of three is equal to one of PLAN; a second one has a link
      -- that nobody has reviewed.
      assert.is_nil(measures.novelty(garden, "PLAN"))
      assert.near(2 / 3, measures.novelty(garden, "CHARTER"), 1e-12)
      assert.near(1 / 3, measures.novelty(garden, "CHARTER", {proposed = true}), 1e-12)
   end)

   it("have its redundancy", function()
      -- The equal pair is one action of five, and one of three; what intersects is not asked for in full.
      for _, options in ipairs {{}, {proposed = true}} do
         assert.near(1 / 5, measures.redundancy(garden, "PLAN", options), 1e-12)
         assert.near(1 / 3, measures.redundancy(garden, "CHARTER", options), 1e-12)
      end
   end)

   it("have the specificity of each action, with the words that count", function()
      local said = {}
      for row in measures.actions(garden):rows() do
         said[row.id] = table.concat({row.deadline or "-", row.body or "-", row.output or "-"}, " | ")
      end
      assert.same({
         ["PLAN.CO.1"] = "- | - | three compost bays", ["PLAN.CO.2"] = "- | - | weekly",
         ["PLAN.BD.1"] = "by 2022 | - | 30 cm", ["PLAN.BD.2"] = "- | - | -", ["PLAN.RA.1"] = "- | - | -",
         ["CHARTER.CO.1"] = "- | - | three compost bays", ["CHARTER.RA.1"] = "- | - | Adopt a law",
         ["CHARTER.RA.2"] = "- | - | -",
      }, said)
      assert.near(2 / 3, (measures.specificity(garden, "PLAN.BD.1")), 1e-12)
   end)

   it("stand in one table", function()
      local t = measures.documents(garden)
      assert.equal("PLAN CHARTER", table.concat(t:column "id", " "))
      -- PLAN: (1/3 + 1/3 + 2/3 + 0 + 0) / 5 = 4/15. CHARTER: (1/3 + 1/3 + 0) / 3 = 2/9.
      assert.near(4 / 15, t[1].specificity, 1e-12)
      assert.near(2 / 9, t[2].specificity, 1e-12)
      assert.near(0.04, t[1].concentration, 1e-12)
      assert.equal(5, t[1].actions)
      assert.near(1 / 3, measures.documents(garden, {proposed = true})[2].novelty, 1e-12)
   end)
end)

describe("measures of the bundled framework", function()
   local function value(sql, ...) return asean:query(sql, ...):value() end

   it("have the coverage and concentration that SQL gives", function()
      for _, id in ipairs(documents) do
         assert.near(value("SELECT count(DISTINCT topic_id) / 21.0 FROM action WHERE document_id = ?", id),
            measures.coverage(asean, id), 1e-12)
         local h = value([[SELECT sum(n * n) * 1.0 / (sum(n) * sum(n)) FROM
            (SELECT count(*) AS n FROM action WHERE document_id = ? GROUP BY topic_id)]], id)
         assert.near(h, measures.concentration(asean, id), 1e-12)
         assert.near((h * 21 - 1) / 20, measures.concentration(asean, id, {normalised = true}), 1e-12)
      end
   end)

   it("have a balance that is the logarithm of the effective number of topics", function()
      -- H = ln N - (Σ n ln n) / N, another way to write Shannon's entropy.
      for _, id in ipairs(documents) do
         local sum, total, m = 0, 0, 0
         for row in asean:query("SELECT count(*) FROM action WHERE document_id = ? GROUP BY topic_id", id):rows() do
            sum, total, m = sum + row[1] * math.log(row[1]), total + row[1], m + 1
         end
         assert.near((math.log(total) - sum / total) / math.log(m), measures.balance(asean, id), 1e-12)
      end
   end)

   it("have the novelty and redundancy that the links give", function()
      -- Adopted: DIFAP 2019-09, ACRF 2020-11, ADM2025 2021-01, WPAAEC 2021, BSBR 2021-10. Every pair as alike as 0.6 is
      -- judged, so that links alone decide.
      local earlier = {
         ACRF = "('DIFAP')", ADM2025 = "('DIFAP', 'ACRF')", WPAAEC = "('DIFAP', 'ACRF')",
         BSBR = "('DIFAP', 'ACRF', 'ADM2025')",
      }
      local both = [[WITH l (own, other, relation) AS (SELECT source_id, target_id, relation FROM link
         UNION SELECT target_id, source_id, CASE relation WHEN 'subset' THEN 'superset' WHEN 'superset' THEN 'subset'
            ELSE relation END FROM link) ]]
      for _, id in ipairs(documents) do
         if earlier[id] then
            local known = value(both .. [[SELECT count(DISTINCT a.id) * 1.0 / (SELECT count(*) FROM action
               WHERE document_id = ?1) FROM action AS a JOIN l ON l.own = a.id JOIN action AS b ON b.id = l.other
               WHERE a.document_id = ?1 AND l.relation <> 'none' AND b.document_id IN ]] .. earlier[id], id)
            assert.near(1 - known, measures.novelty(asean, id, {proposed = true}), 1e-12)
         else
            assert.is_nil(measures.novelty(asean, id))
         end
         assert.near(value(both .. [[SELECT count(DISTINCT a.id) * 1.0 / (SELECT count(*) FROM action
            WHERE document_id = ?1) FROM action AS a JOIN l ON l.own = a.id JOIN action AS b ON b.id = l.other
            WHERE a.document_id = ?1 AND l.relation IN ('equal', 'subset') AND b.document_id <> ?1]], id),
            measures.redundancy(asean, id, {proposed = true}), 1e-12)
      end
   end)

   it("name as many deadlines as the codings do", function()
      local n = 0
      for row in measures.actions(asean):rows() do n = n + (row.deadline and 1 or 0) end
      assert.equal(value "SELECT count(DISTINCT action_id) FROM coding WHERE scheme_id = 'deadline'", n)
   end)

   it("serve as the indicators of an index", function()
      local index = difkit.index{
         id = "m", normalise = "none", children = {"coverage", {id = "balance", weight = 3}},
      }
      local scores = index:compute(measures.documents(asean)):scores()
      assert.equal(5, #scores)
      for row in scores:rows() do
         assert.near((measures.coverage(asean, row.unit) + 3 * measures.balance(asean, row.unit)) / 4, row.score, 1e-9)
      end
   end)
end)

describe("measures", function()
   --- A framework of documents with an adoption date and a list of texts, all on one topic but those after "|".
   local function framework(given, links)
      local path = os.tmpname()
      os.remove(path)
      local names = {path .. ".yaml"}
      local function write(name, text)
         local file = assert(io.open(name, "wb"))
         file:write(text)
         file:close()
      end
      write(names[1], "framework: {id: f, title: F}\nareas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n"
         .. (links or ""))
      for i, document in ipairs(given) do
         local lines = {}
         for n, text in ipairs(document.texts) do lines[n] = ("{id: %s.%d, text: %q}"):format(document.id, n, text) end
         names[i + 1] = path .. i .. ".yaml"
         write(names[i + 1], ("document: {id: %s, title: X%s}\nactions: {t: [%s]}\n"):format(document.id,
            document.adopted and ', adopted: "' .. document.adopted .. '"' or "", table.concat(lines, ", ")))
      end
      local db, message = difkit.open(names)
      for _, name in ipairs(names) do os.remove(name) end
      return assert(db, message)
   end

   it("take a document for earlier only where the dates are certain", function()
      local same = {"Ratify the goods agreement"}
      for _, case in ipairs {
         {"2019", "2020", 0}, {"2020", "2020", nil}, {"2020", "2020-10", nil}, {"2020-01", "2020", nil},
         {"2020-01", "2020-02", 0}, {"2020-02", "2020-02-20", nil}, {"2020-02-19", "2020-02-20", 0}, {nil, "2020", nil},
         {"2019", nil, nil}, {"2021", "2020", nil},
      } do
         local db <close> = framework {
            {id = "D", adopted = case[1], texts = same}, {id = "E", adopted = case[2], texts = same},
            {id = "G", adopted = case[2], texts = {"Something else"}},
         }
         assert.equal(case[3], measures.novelty(db, "E"), tostring(case[1]) .. " " .. tostring(case[2]))
      end
   end)

   it("let a judgement decide against the words, and words where nobody has judged", function()
      local given = {
         {id = "D", adopted = "2019", texts = {"Ratify the goods agreement", "Plant trees", "Dig a well"}},
         {id = "E", adopted = "2020", texts = {"Ratify the goods agreement", "Water the lawn", "Mow the grass"}},
      }
      local function novelty(links, options)
         local db <close> = framework(given, links)
         return ("%.4f %.4f"):format(measures.novelty(db, "E", options), measures.redundancy(db, "E", options))
      end
      local none = "links: [{source: D.1, target: E.1, relation: none, rationale: r, status: %s}]\n"
      assert.equal("0.6667 0.3333", novelty())
      assert.equal("1.0000 0.0000", novelty(none:format "reviewed"))
      assert.equal("0.6667 0.3333", novelty(none:format "proposed"))
      assert.equal("1.0000 0.0000", novelty(none:format "proposed", {proposed = true}))
      assert.equal("1.0000 0.0000", novelty(nil, {least = 1.01}))
      -- The target asks for more than the source: the source is the one that is asked for in full.
      local subset = "links: [{source: E.2, target: D.2, relation: %s, rationale: r, status: reviewed}]\n"
      assert.equal("0.3333 0.6667", novelty(subset:format "subset"))
      assert.equal("0.3333 0.3333", novelty(subset:format "superset"))
   end)

   it("have no value where there is nothing to measure", function()
      local db <close> = framework {{id = "D", adopted = "2019", texts = {}}, {id = "E", texts = {"One action"}}}
      assert.equal(0, measures.coverage(db, "D"))
      for _, name in ipairs {"concentration", "balance", "novelty", "redundancy"} do
         assert.is_nil(measures[name](db, "D"), name)
      end
      assert.is_nil(measures.documents(db)[1].specificity)
      assert.equal(1, measures.concentration(db, "E"))
      assert.is_nil(measures.concentration(db, "E", {normalised = true}))
      assert.is_nil(measures.balance(db, "E"))
   end)

   it("know misspelt documents, actions and options", function()
      for _, case in ipairs {
         {"coverage", "DIFAB", nil, 'no document "DIFAB"; did you mean "DIFAP"?'},
         {"coverage", "DIFAP", {by = "topics"}, 'unknown by "topics" in measures.coverage'},
         {"balance", "DIFAP", {normalised = true}, "normalised"},
         {"novelty", "DIFAP", {least = "0.5"}, "least"},
         {"specificity", "DIFAP.TF.99", nil, 'unknown action "DIFAP.TF.99"'},
      } do
         local ok, problem = pcall(measures[case[1]], asean, case[2], case[3])
         assert.is_false(ok)
         assert.truthy(tostring(problem):find(case[4], 1, true), tostring(problem))
      end
   end)
end)
