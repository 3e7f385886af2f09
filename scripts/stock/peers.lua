--- Which units are alike: clusters, the nearest peers, and the distance to the best, to a benchmark and to a target.
--- Clusters are made by average linkage of the distances between normalised indicators.
---@script peers
---@option spec path  The index as a YAML file; default: the E-Government Development Index.
---@option data path  A CSV file to take the data from, instead of the observations.
---@option clusters integer=4  How many clusters.
---@option benchmark text  A unit to measure the others against, such as SGP.
---@option target number  A score to measure the units against.
---@option chart path  Also draws the scores, below --out, such as dots.svg.
---@reads observation, indicator, unit, unit_group
---@writes the chart, where one is asked for
local difkit = require "difkit"
local options = difkit.options()

local index = assert(difkit.index(options.spec or difkit.index.carried()))
local result = assert(index:compute(options.data))
local peers = result:peers{clusters = options.clusters, benchmark = options.benchmark,
   target = options.target}
if options.chart then
   assert(difkit.chart.dots(peers, {label = "unit", value = "score"}):write(options.chart))
end
return peers
