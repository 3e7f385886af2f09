-- Random tables: how often an audit finds what is not there, and what was put in. Tables of three groups of six
-- indicators that share a factor (loading 0.7; factors correlated by 0.3), without gaps or outliers: there is nothing
-- to be found in them. DIFKIT_TABLES says how many tables of each size; 1,000 were run by hand (see AUDIT.md).
local difkit = require "difkit"

local TABLES = tonumber(os.getenv "DIFKIT_TABLES") or 10
local quick = {runs = 2, sobol = 2, draws = 100, bootstrap = 0}

--- Standard normals from a seed (Box and Muller), without the state of math.random.
local function normals(seed)
   local state = seed * 2654435761 % 4294967296
   local function uniform()
      state = (state * 1664525 + 1013904223) % 4294967296
      return (state + 0.5) / 4294967296
   end
   for _ = 1, 10 do uniform() end
   return function() return math.sqrt(-2 * math.log(uniform())) * math.cos(2 * math.pi * uniform()) end
end

local function spec_of()
   local children = {}
   for g = 1, 3 do
      local indicators = {}
      for i = 1, 6 do indicators[i] = {id = ("g%d_%d"):format(g, i), direction = 1} end
      children[g] = {id = "g" .. g, children = indicators}
   end
   return {id = "x", children = children, normalise = "minmax"}
end

--- A table; `fault` "reversed" turns one indicator, "moved" gives it the factor of another group.
local function table_of(seed, n, fault)
   local normal, rows = normals(seed), {}
   for u = 1, n do
      local row = {unit = ("U%03d"):format(u)}
      local common, factors = normal(), {}
      for g = 1, 3 do factors[g] = math.sqrt(0.3) * common + math.sqrt(0.7) * normal() end
      for g = 1, 3 do
         for i = 1, 6 do
            local from = fault == "moved" and g == 1 and i == 1 and 2 or g
            local value = 0.7 * factors[from] + math.sqrt(0.51) * normal()
            if fault == "reversed" and g == 1 and i == 1 then value = -value end
            row[("g%d_%d"):format(g, i)] = value
         end
      end
      rows[u] = row
   end
   return rows
end

describe("an audit of random tables", function()
   local index = difkit.index(spec_of())
   local function findings(seed, n, fault)
      return assert(index:compute(table_of(seed, n, fault))):audit(quick):findings()
   end

   for _, n in ipairs {10, 50, 170} do
      it(("finds what is not there in at most 5 %% a section at n = %d"):format(n), function()
         local by_section = {}
         for seed = 1, TABLES do
            local seen = {}
            for row in findings(seed, n):rows() do
               if row.grade == "finding" then seen[row.section] = true end
            end
            for section in pairs(seen) do by_section[section] = (by_section[section] or 0) + 1 end
         end
         for section, count in pairs(by_section) do
            -- With few tables one may be found by chance.
            assert.is_true(count <= math.max(2, 0.05 * TABLES), ("%s: %d of %d"):format(section, count, TABLES))
            if os.getenv "DIFKIT_TABLES" then print(n, "false", section, count, TABLES) end
         end
      end)
   end

   it("finds what was put in, from fifty units on", function()
      for _, n in ipairs {10, 50, 170} do
         local found = {reversed = 0, misplaced = 0}
         local tables = math.min(TABLES, 200)
         for seed = 1, tables do
            for fault, code in pairs {reversed = "reversed", moved = "misplaced"} do
               for row in findings(1000 + seed, n, fault):rows() do
                  if row.subject == "g1_1" and row.code == code and row.grade == "finding" then
                     found[code] = found[code] + 1
                  end
               end
            end
         end
         if os.getenv "DIFKIT_TABLES" then print(n, "found", found.reversed, found.misplaced, tables) end
         if n >= 50 then assert.is_true(found.reversed >= 0.9 * tables, n .. ": " .. found.reversed) end
         if n >= 170 then assert.is_true(found.misplaced >= 0.9 * tables, n .. ": " .. found.misplaced) end
      end
   end)

   it("says no more than ten units allow", function()
      local audit = assert(index:compute(table_of(5, 10))):audit(quick)
      assert.is_truthy(audit.verdict.sentences[1]:find "^With 10 units most of what an audit asks cannot be judged")
      local judged = {}
      for row in audit:findings():rows() do
         local code = row.code
         if code == "dimension" or code == "importance" or code == "added_value" or code == "frontier" then
            judged[row.code] = true
            assert.are.equal("unknown", row.grade, row.sentence)
         end
         assert.is_false(row.code == "alpha" or row.code == "kmo" or row.code == "silent", row.sentence)
      end
      assert.are.same({dimension = true, importance = true, added_value = true}, judged)
      -- Sentences of the verdict that say more than the default, the counts, and what describes these units: none.
      local claims = {}
      for i, sentence in ipairs(audit.verdict.sentences) do
         local describes = i == 1 or sentence:find "^%d+ findings?, %d+ to look at, %d+ that cannot be judged%.$"
            or sentence:find "^%d+ of 18 indicators and %d+ of 10 units have at least 65 %% of their values%.$"
            or sentence:find "^Of %d+ choices tried one at a time none brings"
         if not describes then claims[#claims + 1] = sentence end
      end
      assert.are.same({}, claims)
      assert.is_true(#audit.verdict.sentences >= 3)
      for row in audit:table("importance"):rows() do assert.is_nil(row.ratio) end
   end)
end)
