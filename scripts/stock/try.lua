--- Report card of an idea for an index: what there is, what it measures, what its ranking hangs on.
--- Coverage, missing values by unit, outliers, correlation with the indicators that exist, redundancy, rank shifts when
--- an indicator is left out, and sensitivity, on one screen; then what an audit would say. The idea is a YAML spec, or
--- a Lua file that returns one.
---@script try
---@option spec path!  The idea: a YAML file, or a Lua file that returns a table.
---@option data path  A CSV file to take the data from, instead of the observations.
---@option runs integer=2000  Runs of the robustness test.
---@option seed integer=1  Seed of the robustness test.
---@reads observation, indicator, unit, unit_group
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()

local index = assert(difkit.index.open(options.spec))
local result = assert(index:compute(options.data))
print((difkit.index.report_card(result, {runs = options.runs, seed = options.seed})))
