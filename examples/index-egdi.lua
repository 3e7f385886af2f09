--- Does the E-Government Development Index come out as published?
--- Rebuilds it from its three components for every survey and sets it beside the published value.
local difkit = require "difkit"
local db = assert(difkit.open())

local egdi = difkit.index{
   id = "egdi", title = "E-Government Development Index", units = "ASEAN", periods = "all",
   children = {"osi", "tii", "hci"}, normalise = "none", aggregate = "arithmetic",
}
local published, largest = {}, 0
for row in db:observations{indicator = "egdi_published"} do published[row.unit_id .. row.period] = row.value end

local t = assert(egdi:compute(db)):scores()
   :select("unit", "period", "score")
   :derive("published", function(row) return published[row.unit .. row.period] end)
   :derive("difference", function(row) return row.score - row.published end)
for row in t:rows() do largest = math.max(largest, math.abs(row.difference)) end
t.title = egdi.title
t.note = ("largest difference %.6f; the published values are rounded"):format(largest)
return t
