-- Agreement of coders, against published worked examples.
local agreement = require "difkit.framework.agreement"

--- The characters of a text as a coder's codes, "." for none.
local function codes(text)
   local out, i = {}, 0
   for code in text:gmatch "%S" do
      i = i + 1
      if code ~= "." then out[i] = code end
   end
   return out
end

describe("agreement.alpha", function()
   -- Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania, ASC Papers.
   it("gives the published 0.095 for two coders and binary data (example A)", function()
      local alpha = agreement.alpha{codes "0 1 0 0 0 0 0 0 1 0", codes "1 1 1 0 0 1 0 0 0 0"}
      assert.near(0.095, alpha, 0.0005)
   end)

   it("gives the published 0.692 for two coders and nominal data (example B)", function()
      local alpha, count = agreement.alpha{codes "a a b b d c c c e d d a", codes "b a b b b c c c e d d d"}
      assert.near(0.692, alpha, 0.0005)
      assert.equal(12, count)
   end)

   it("gives the published 0.743 for four coders with missing codes (example C)", function()
      local alpha, count = agreement.alpha{
         codes "1 2 3 3 2 1 4 1 2 . . .", codes "1 2 3 3 2 2 4 1 2 5 . 3",
         codes ". 3 3 3 2 3 4 2 2 5 1 .", codes "1 2 3 3 2 4 4 1 2 5 1 .",
      }
      assert.near(0.743, alpha, 0.0005)
      assert.equal(11, count)
   end)

   it("is nil where there is nothing to compare", function()
      assert.is_nil(agreement.alpha{codes "a b", codes ". ."})
      assert.is_nil(agreement.alpha{codes "a a", codes "a a"})
   end)
end)

describe("agreement.kappa", function()
   -- Fleiss, J. L. (1981). Statistical Methods for Rates and Proportions, 2nd edition, table 13.1: two raters, 100
   -- subjects, three diagnoses; observed agreement 0.89, kappa 0.68.
   it("gives the published 0.68 for two raters and three diagnoses", function()
      local counts = {p = {p = 75, n = 1, o = 4}, n = {p = 5, n = 4, o = 1}, o = {p = 0, n = 0, o = 10}}
      local first, second = {}, {}
      for _, a in ipairs {"p", "n", "o"} do
         for _, b in ipairs {"p", "n", "o"} do
            for _ = 1, counts[a][b] do
               first[#first + 1] = a
               second[#second + 1] = b
            end
         end
      end
      local kappa, observed, count = agreement.kappa(first, second)
      assert.near(0.68, kappa, 0.005)
      assert.near(0.89, observed, 1e-12)
      assert.equal(100, count)
   end)

   it("is nil where chance alone would agree on everything", function()
      assert.is_nil((agreement.kappa({"a", "a"}, {"a", "a"})))
      assert.is_nil((agreement.kappa({}, {})))
   end)
end)

describe("agreement.schemes", function()
   -- The figures were computed apart with a short program in another language from the two files of judgements.
   it("tells how far the two coders of the bundled actions agree", function()
      local difkit = require "difkit"
      local db = assert(difkit.open())
      local wanted = {
         Addressee = {0.8115, 0.7215, 0.7201}, Deadline = {1, 1, 1}, Instrument = {0.9057, 0.8910, 0.8912},
         Level = {0.8484, 0.7416, 0.7416}, Recurrence = {0.9959, 0.9508, 0.9509}, Quorum = {1, 1, 1},
         Body = {0.9959, 0.9828, 0.9828},
      }
      for row in agreement.schemes(db):rows() do
         assert.equal(244, row.actions)
         for i, name in ipairs {"agreed", "kappa", "alpha"} do
            assert.near(wanted[row.scheme][i], row[name], 0.00005, row.scheme)
         end
      end
      db:close()
   end)
end)

describe("the agreed coding", function()
   it("gives every action one instrument, one level and at least one addressee", function()
      local db = assert(require("difkit").open())
      local sql = [[SELECT scheme_id, count(DISTINCT action_id), count(*) FROM coding GROUP BY scheme_id]]
      local counts = {}
      for row in db:query(sql):rows() do counts[row[1]] = {row[2], row[3]} end
      assert.same({244, 244}, counts.instrument)
      assert.same({244, 244}, counts.level)
      assert.equal(244, counts.addressee[1])
      assert.same({4, 7}, counts.deadline)
      db:close()
   end)

   it("is what both coders said, or says why not", function()
      local db = assert(require("difkit").open())
      local difkit = require "difkit"
      for _, scheme in ipairs {"instrument", "level", "addressee"} do
         for row in difkit.agreement.disputed(db, scheme):rows() do
            local note = db:query([[SELECT max(note) FROM coding WHERE action_id = ? AND scheme_id = ?]], row.id,
               scheme):value()
            assert.matches("^coders differed; %S", note, row.id)
         end
      end
      db:close()
   end)

   it("holds in targets what both coders said of recurrence, quorum and body, and what the code book says", function()
      local difkit = require "difkit"
      local db = assert(difkit.open())
      local function disputed(scheme)
         local list = {}
         for row in difkit.agreement.disputed(db, scheme):rows() do
            list[#list + 1] = ("%s: %s, %s, %s"):format(row.id, row.first, row.second, row.agreed)
         end
         return list
      end
      assert.same({"DIFAP.CO.4: none, meeting, meeting"}, disputed "recurs")
      assert.same({}, disputed "quorum")
      assert.same({"WPAAEC.TF.4: member-states, none, none"}, disputed "body")
      -- All that both said is held, and nothing else.
      for scheme, column in pairs {recurs = "recurs", quorum = "quorum", body = "body_id"} do
         local both = db:query([[SELECT DISTINCT a.action_id, a.code_id FROM judgement AS a JOIN judgement AS b
            ON b.action_id = a.action_id AND b.scheme_id = a.scheme_id AND b.code_id = a.code_id
            AND b.coder = 'second' WHERE a.coder = 'first' AND a.scheme_id = ?]], scheme):all()
         local held = db:query(("SELECT DISTINCT action_id FROM target WHERE %s IS NOT NULL"):format(column)):all()
         for _, row in ipairs(both) do
            assert.equal(1, #db:query(("SELECT 1 FROM target WHERE action_id = ? AND %s = ? LIMIT 1"):format(column),
               row.action_id, row.code_id):all(), row.action_id)
         end
         local said = {}
         for _, row in ipairs(both) do said[row.action_id] = true end
         local more = {}
         for _, row in ipairs(held) do
            if not said[row.action_id] then more[#more + 1] = row.action_id end
         end
         assert.same(scheme == "recurs" and {"DIFAP.CO.4"} or {}, more)
      end
      db:close()
   end)

   it("states in targets.yaml and in the guide the figures that the data give", function()
      local difkit = require "difkit"
      local db = assert(difkit.open())
      local texts = {}
      for _, path in ipairs {"data/asean-dif/targets.yaml", "scripts/guide/MONITORING.md"} do
         local file = assert(io.open(path))
         texts[path] = file:read "a":gsub("\n# ?", " "):gsub("%s+", " ")
         file:close()
      end
      local kappa = {}
      for row in agreement.schemes(db):rows() do kappa[row.scheme] = ("%.3f"):format(row.kappa) end
      local said = ("243 of 244 actions in recurs (Cohen's kappa %s), all in quorum (1), 243 in body (%s)"):format(
         kappa.Recurrence, kappa.Body)
      assert.equal("1.000", kappa.Quorum)
      for path, text in pairs(texts) do assert.truthy(text:find(said, 1, true), path) end
      db:close()
   end)
end)
