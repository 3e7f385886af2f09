--- Whether units draw nearer to one another: sigma and beta convergence of an index and its parts between two years.
--- Sigma is the standard deviation of the scores and their coefficient of variation; beta the slope of annual growth
--- on the level at the beginning, below zero where those behind grow faster.
---@script convergence
---@option spec path  The index as a YAML file; default: the E-Government Development Index.
---@option data path  A CSV file to take the data from, instead of the observations.
---@option from integer=2014  The first year.
---@option to integer=2022  The last year.
---@option chart path  Also draws the scores over the years, below --out, such as lines.svg.
---@reads observation, indicator, unit, unit_group
---@writes the chart, where one is asked for
local difkit = require "difkit"
local options = difkit.options()

local index = assert(difkit.index(options.spec or difkit.index.carried()))
local result = assert(index:variant{periods = {options.from, options.to}}:compute(options.data))
if options.chart then
   local rows = {}
   for row in result:scores():rows() do rows[#rows + 1] = {row.unit, row.period, row.score} end
   local scores = difkit.table({"unit", "period", "score"}, rows)
   assert(difkit.chart.lines(scores, {x = "period", y = "score", series = "unit"}):write(options.chart))
end
return result:convergence()
