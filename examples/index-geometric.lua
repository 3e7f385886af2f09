--- Whose rank depends on letting a strong component make up for a weak one?
--- The same index with a geometric mean, under which strength cannot make up for weakness so easily.
--- difkit run examples/index-geometric.lua --period 2022
---@script index-geometric
---@option period integer=2014  The survey: 2014, 2016, 2018 or 2022.
---@reads observation, indicator, unit, unit_group
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local egdi = difkit.index{
   id = "egdi", title = "EGDI", units = "ASEAN", period = options.period,
   children = {"osi", "tii", "hci"}, normalise = "none", aggregate = "arithmetic",
}
local geometric = egdi:variant{aggregate = "geometric", title = "its geometric mean"}

return assert(egdi:compute(db)):compare(assert(geometric:compute(db)))
