-- The United Nations E-Government Development Index of the member states, rebuilt from the bundled components: the
-- published values (UN DESA, E-Government Survey 2014, 2016, 2018, 2022) to 1e-4.
local difkit = require "difkit"

local function spec(changes)
   local given = {
      id = "egdi", title = "EGDI", units = "ASEAN", periods = "all", children = {"osi", "tii", "hci"},
         normalise = "none",
      aggregate = "arithmetic",
   }
   for key, value in pairs(changes or {}) do given[key] = value end
   return given
end

describe("the E-Government Development Index", function()
   local db = assert(difkit.open())
   local result = assert(difkit.index(spec()):compute(db))

   it("agrees with what was published", function()
      local published, count = {}, 0
      for row in db:observations{indicator = "egdi_published"} do
         published[row.unit_id .. row.period] = row.value
      end
      for row in result:scores():rows() do
         assert.is_true(math.abs(row.score - published[row.unit .. row.period]) <= 1e-4, row.unit .. " " .. row.period)
         count = count + 1
      end
      assert.are.equal(40, count)
   end)

   it("orders the states as their world ranks do", function()
      local world = {}
      for row in db:observations{indicator = "egdi_world_rank"} do world[row.unit_id .. row.period] = row.value end
      local ranks = result:ranks()
      for i = 2, #ranks do
         local before, now = ranks[i - 1], ranks[i]
         if before.period == now.period then
            assert.is_true(world[before.unit .. before.period] < world[now.unit .. now.period])
         end
      end
   end)

   it("is the same from a YAML file", function()
      local path = os.tmpname()
      local file = assert(io.open(path, "w"))
      file:write [[
id: egdi
units: ASEAN
periods: all
normalise: none
aggregate: {method: generalised, power: 1}
children:
  - osi
  - {id: tii, weight: 1}
  - id: people
    children: [hci]
]]
      file:close()
      local other = assert(assert(difkit.index(path)):compute(db))
      os.remove(path)
      for row in result:compare(other):rows() do
         assert.is_true(math.abs(row.change) < 1e-15)
         assert.are.equal(0, row.shift)
      end
   end)

   it("shifts ranks under a geometric mean", function()
      local latest = assert(difkit.index(spec{periods = "latest"}):compute(db))
      local geometric = assert(difkit.index(spec{periods = "latest", aggregate = "geometric"}):compute(db))
      local shifts = latest:compare(geometric)
      assert.are.equal(10, #shifts)
      for row in shifts:rows() do assert.is_true(row.other_score <= row.score + 1e-15) end
   end)

   it("names the unit that has no value", function()
      local all = assert(difkit.index(spec{units = {"VNM", "TLS"}, periods = "latest"}):compute(db))
      local ranks = all:ranks()
      assert.are.equal("TLS", ranks[2].unit)
      assert.is_nil(ranks[2].rank)
      assert.is_nil(ranks[2].score)
      assert.are.equal(1, ranks[2].of)
   end)

   it("says which roster it compares", function()
      local function note(changes) return difkit.index(spec(changes)):compute(db):scores().note end
      assert.is_truthy(note():find("10 units, ASEAN", 1, true))
   end)

   it("keeps constant and actual rosters apart", function()
      local later = os.tmpname() .. ".yaml"
      local file = assert(io.open(later, "w"))
      file:write "observations:\n"
      for row in db:units() do
         for _, id in ipairs {"osi", "tii", "hci"} do
            file:write(("  - {indicator: %s, unit: %s, period: 2026, value: 0.5}\n"):format(id, row.id))
         end
      end
      file:close()
      local with = assert(difkit.open{"@bundled", "@over", later})
      os.remove(later)
      local constant = difkit.index(spec{roster = "constant"}):compute(with)
      local actual = difkit.index(spec{roster = "actual"}):compute(with)
      assert.are.equal(10, #constant:panel())
      assert.are.equal(50, #constant:ranks())
      assert.are.equal(51, #actual:ranks())
      assert.is_truthy(constant:scores().note:find("constant roster", 1, true))
      assert.is_truthy(actual:scores().note:find("2026: 11", 1, true))
      local why = actual:why(2022, 2026)
      assert.is_truthy(why.note:find("10 units before, 11 after", 1, true))
   end)
end)
