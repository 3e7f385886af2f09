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
         Level = {0.8484, 0.7416, 0.7416},
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
end)
