--- How scores and ranks moved between two states of the data, and what moved them.
local difkit = require "difkit"

local old, new

before_each(function() old, new = assert(difkit.open()), assert(difkit.open(nil, {write = true})) end)

local function of(moves, unit) return moves:where{unit = unit}[1] end
local function near(expected, actual) assert.near(expected, actual, 1e-12) end

--- Observations of 2022, moved into another year.
local later = [[INSERT INTO observation (indicator_id, unit_id, period, value, source)
   SELECT indicator_id, unit_id, 2024, value + %s, 'x' FROM observation
   WHERE period = '2022' AND indicator_id IN ('osi', 'tii', 'hci') %s]]

describe("difkit.index.movement", function()
   it("finds nothing between data and themselves", function()
      local moves = difkit.index.movement(old, new)
      assert.equal(10, #moves)
      assert.equal(10, #moves:where{state = "same"})
   end)

   -- Viet Nam 2022: OSI 0.6484, TII 0.6973, HCI 0.6903 (UN DESA, E-Government Survey 2022); the index is their mean.
   it("lays a revised value to revised data", function()
      new:exec "UPDATE observation SET value = 0.8 WHERE indicator_id = 'osi' AND unit_id = 'VNM' AND period = '2022'"
      local moves = difkit.index.movement(old, new)
      local row = of(moves, "VNM")
      assert.equal("moved", row.state)
      near((0.6484 + 0.6973 + 0.6903) / 3, row.score_before)
      near((0.8 - 0.6484) / 3, row.change)
      near(row.change, row.revised_data)
      for _, cause in ipairs {"new_data", "roster", "method", "period"} do assert.equal(0, row[cause]) end
      assert.same({6, 4, 2}, {row.rank_before, row.rank, row.rank_change})
      assert.same({4, 5, -1, 0}, {of(moves, "BRN").rank_before, of(moves, "BRN").rank, of(moves, "BRN").rank_change,
         of(moves, "BRN").change})
   end)

   it("lays a value that came to new data", function()
      old = assert(difkit.open(nil, {write = true}))
      old:exec "DELETE FROM observation WHERE indicator_id = 'osi' AND unit_id = 'VNM' AND period = '2022'"
      local row = of(difkit.index.movement(old, new), "VNM")
      near((0.6973 + 0.6903) / 2, row.score_before)
      near((0.6484 + 0.6973 + 0.6903) / 3 - (0.6973 + 0.6903) / 2, row.change)
      near(row.change, row.new_data)
      assert.equal(0, row.revised_data)
   end)

   it("lays another direction of an indicator to the method", function()
      local spec = {id = "x", units = "ASEAN", children = {"osi", "tii"}}
      new:exec "UPDATE indicator SET direction = -1 WHERE id = 'osi'"
      local row = of(difkit.index.movement(old, new, spec), "SGP")
      -- Singapore leads both indicators: 100 and 100, then 0 and 100.
      near(-50, row.change)
      near(-50, row.method)
      assert.equal(0, row.revised_data)
   end)

   it("lays scores that shift as units go to the roster", function()
      local spec = {id = "x", units = "ASEAN", children = {"osi", "tii"}}
      new:exec "DELETE FROM group_member WHERE unit_id = 'SGP' AND group_id = 'ASEAN'"
      local moves = difkit.index.movement(old, new, spec)
      assert.equal("gone", of(moves, "SGP").state)
      assert.is_nil(of(moves, "SGP").rank)
      local row = of(moves, "MYS")
      assert.equal("moved", row.state)
      near(row.change, row.roster)
      assert.truthy(row.change > 0)
      assert.equal(1, row.rank_change)
   end)

   it("tells a later period from a revision of the one before", function()
      new:exec "UPDATE observation SET value = 0.8 WHERE indicator_id = 'osi' AND unit_id = 'VNM' AND period = '2022'"
      new:exec(later:format("0.01", "AND unit_id != 'BRN'"))
      local moves = difkit.index.movement(old, new)
      local row = of(moves, "VNM")
      near((0.8 - 0.6484) / 3, row.revised_data)
      near(0.01, row.period)
      near(row.revised_data + row.period, row.change)
      assert.equal("gone", of(moves, "BRN").state)
      assert.equal("new", of(difkit.index.movement(new, old), "BRN").state)
      assert.truthy(moves.note:find("before: period 2022", 1, true))
   end)

   it("takes every unit as new where the earlier data have no scores, and says so", function()
      local garden = assert(difkit.open "tests/data/garden-framework")
      local moves = difkit.index.movement(garden, new)
      assert.equal(10, #moves:where{state = "new"})
      assert.truthy(moves.note:find('the earlier data have no scores: index egdi/osi: the data have no indicator "osi"',
         1, true))
      local none, message, code = difkit.index.movement(new, garden)
      assert.is_nil(none)
      assert.truthy(message:find('no indicator "osi"', 1, true))
      assert.equal("data", code)
      assert.is_nil(difkit.index.carried(garden))
   end)

   it("gives nil for a spec that is not there", function()
      assert.same({nil, "cannot read none.yaml: No such file or directory", "io"},
         {difkit.index.movement(old, new, "none.yaml")})
   end)
end)

describe("difkit.diff", function()
   it("says how the scores of the index that the data carry moved", function()
      assert.is_nil(difkit.diff(old, new).movement)
      new:exec "UPDATE observation SET value = 0.8 WHERE indicator_id = 'osi' AND unit_id = 'VNM' AND period = '2022'"
      local diff = difkit.diff(old, new)
      assert.equal(3, #diff.movement:where{state = "moved"})
      assert.truthy(diff:text():find("VNM   0.6787 -> 0.7292  +0.0505  6 -> 4  +2      revised data", 1, true))
      local index = difkit.json.decode(diff:json()).index
      assert.same({"VNM", "BRN", "IDN"}, {index.units[1].unit, index.units[2].unit, index.units[3].unit})
      assert.same({old = 6, new = 4}, index.units[1].rank)
      near((0.8 - 0.6484) / 3, index.units[1].causes.revised_data)
      assert.is_nil(difkit.diff(old, new, {index = false}).movement)
   end)

   it("prints nothing of scores when none moved", function()
      new:exec "UPDATE topic SET title = 'Safety online' WHERE id = 'cybersecurity'"
      assert.falsy(difkit.diff(old, new):text():find("E-Government Development Index", 1, true))
      assert.equal(0, #difkit.json.decode(difkit.diff(old, new):json()).index.units)
   end)

   it("says why scores cannot be compared, and fails when the index was asked for", function()
      new:exec(later:format("0", "AND indicator_id = 'osi'"))
      local problem = 'index "egdi": indicator "tii" has no observation for 2024'
      assert.truthy(difkit.diff(old, new):text():find("scores cannot be compared: " .. problem, 1, true))
      local diff, message, code = difkit.diff(old, new, {index = difkit.index.carried()})
      assert.is_nil(diff)
      assert.truthy(message:find(problem, 1, true))
      assert.equal("data", code)
   end)
end)
