-- luacheck: no max line length (what is expected stands whole)
--- Estimates that the database computes: those computed here, which are held against R's (reference_spec); and what is
--- true of the population of the generator.
local difkit = require "difkit"
local problem = require("tests.support.spec").problem

local columns = {"estimate", "standard_error", "low", "high", "n", "effective_n", "design_effect", "df"}

--- Asserts that two tables have the same cells with the same figures; how many figures.
local function same(all, there, keys)
   local here = {}
   for _, row in ipairs(all) do
      if row.n ~= 0 or row.suppressed then here[#here + 1] = row end -- without an answer: no row in the database
   end
   assert.are.equal(#here, #there)
   local compared = 0
   for i, row in ipairs(here) do
      for _, key in ipairs(keys) do assert.are.equal(rawget(row, key), rawget(there[i], key)) end
      for _, name in ipairs {"suppressed", "flag", "reason"} do
         assert.are.equal(rawget(row, name), rawget(there[i], name), name)
      end
      for _, name in ipairs(columns) do
         local a, b = rawget(row, name), rawget(there[i], name)
         assert.are.equal(type(a), type(b), name)
         -- A standard error of nothing but rounding has no size to compare by.
         if a and not (name == "effective_n" and row.standard_error < 1e-12) then
            compared = compared + 1
            assert.truthy(math.abs(a - b) <= 1e-9 * math.max(math.abs(a), math.abs(b), 1e-3), ("%s: %.17g, %.17g"):format(name, a, b))
         end
      end
   end
   return compared
end

describe("estimates in the database", function()
   local db, here, there

   setup(function()
      db = assert(difkit.open{"@bundled", "examples/data/illustrative"})
      here, there = db:survey "firms", db:survey("firms", {where = "database"})
   end)
   teardown(function() db:close() end)

   it("are those computed here: shares, means, totals, by and among", function()
      local compared = 0
      for _, options in ipairs {
         {question = "tools"}, {question = "tools", by = "period"}, {question = "tools", by = {"unit", "period"}},
         {question = "ip", where = {period = 2025}}, {question = "tools", by = "sector", where = {unit = {"BRN", "KHM"}}},
         {question = "size"}, {question = "sector", by = "size"}, {question = "tools", answer = 0, interval = "logit"},
         {question = "competition", by = "stratum", confidence = 0.9}, {question = "signature", where = {sector = "goods", tools = 1}},
      } do
         compared = compared + same(here:share(options), there:share(options), {"unit", "period", "sector", "size", "stratum", "answer"})
      end
      for _, options in ipairs {{question = "ease"}, {question = "turnover", by = "size"}, {question = "ease", by = {"period", "sector"}}} do
         compared = compared + same(here:mean(options), there:mean(options), {"size", "period", "sector"})
         options.suppress = false
         compared = compared + same(here:total(options), there:total(options), {"size", "period", "sector"})
      end
      assert.truthy(compared > 400, compared)
   end)

   it("leave out small cells as those here do", function()
      local few = {question = "tools", by = {"unit", "period", "stratum", "sector"}, smallest = 12}
      local shown = there:share(few)
      local hidden = 0
      for _, row in ipairs(shown) do
         if row.suppressed then
            hidden = hidden + 1
            assert.is_nil(rawget(row, "estimate"))
            assert.is_nil(rawget(row, "n"))
         end
      end
      assert.truthy(hidden > 10)
      same(here:share(few), shown, few.by)
   end)

   it("go through each table once, and join none to itself", function()
      local sql = require("difkit.survey.pushed").sql(there, "tools", {"period"}, {}, "a.value", {})
      assert.falsy(sql:find("WITH", 1, true))
      assert.are.equal(2, select(2, sql:gsub("FROM respondent AS p", "")))
      assert.are.equal(1, select(2, sql:gsub("JOIN response", "")))
   end)

   it("say what is not known, and what is not looked at", function()
      assert.truthy(problem(function() there:share{question = "tols"} end):find('tols', 1, true))
      assert.truthy(problem(function() there:mean{question = "ease", by = "sectr"} end):find("sectr", 1, true))
      assert.truthy(problem(function() there:total{question = "ease"} end):find("whether a few make up most of a total", 1, true))
      assert.truthy(problem(function() there:share{question = "tools", off = "asked"} end):find("off", 1, true))
      assert.truthy(problem(function() db:survey("firms", {where = "there"}) end):find('"here" or "database"', 1, true))
      assert.truthy(problem(function() db:survey("frims", {where = "database"}) end):find("frims", 1, true))
   end)

   it("come near to what is true of the generator's population, and say how near", function()
      local pipe = assert(io.popen "mktemp -d")
      local folder = pipe:read "l"
      pipe:close()
      assert(os.execute(("lua5.4 tests/bench/responses.lua 1e4 '%s'"):format(folder)))
      local made = assert(difkit.open(folder))
      local survey, near = made:survey("synthetic", {where = "database"}), made:survey "synthetic"
      local share, mean = survey:share{question = "uses"}[1], survey:mean{question = "spends"}[1]
      assert.are.equal(5000, share.n)
      assert.truthy(math.abs(share.estimate - 0.5) < 4 * share.standard_error, share.estimate)
      assert.truthy(math.abs(mean.estimate - 75) < 4 * mean.standard_error, mean.estimate)
      assert.truthy(share.design_effect > 1.5)
      same(near:share{question = "uses"}, survey:share{question = "uses"}, {})
      same(near:mean{question = "spends", by = "stratum"}, survey:mean{question = "spends", by = "stratum"}, {"stratum"})
      assert.truthy(made:query("SELECT title FROM survey"):value():find("Synthetic", 1, true))
      made:close()
      os.execute("rm -rf '" .. folder .. "'")
      assert.falsy(os.execute "lua5.4 tests/bench/responses.lua 1e3 /nowhere 2>/dev/null")
   end)
end)
