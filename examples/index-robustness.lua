--- Which ranks of an index can be trusted, and which hang on the choices made?
--- Ten thousand runs with other weights, normalisation and one indicator less; what comes out as a range is a tie in
--- all but name. Which choice matters is in the second table.
--- difkit run examples/index-robustness.lua --runs 10000
---@script index-robustness
---@option runs integer=10000  Runs of the robustness test.
---@option seed integer=7  The same seed gives the same result.
---@reads observation, indicator, unit, unit_group
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()

local egdi = difkit.index{
   id = "egdi", title = "EGDI", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"},
}
assert(egdi:compute(difkit.open()))

local choices = {seed = options.seed, weights = 0.25, normalise = {"minmax", "zscore"}, drop = 1}
egdi:sensitivity(choices):print()
choices.runs = options.runs
return egdi:robustness(choices)
