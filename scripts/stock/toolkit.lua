--- A self-assessment: levels of maturity by dimension and state, gaps, and what has changed since the year before.
--- The toolkit is a spec of an index whose indicators are the questions, each answered by a level such as 0 to 4;
--- groups are the dimensions, weights those of the questions. Evidence stands in the note of an observation.
--- examples/data/personal-data-toolkit.yaml is one, with invented answers in examples/data/illustrative.
---@script toolkit
---@option spec path  The toolkit as a YAML file.
---@option unit unit  Only this state.
---@option period text  The year of the answers. Default: the last.
---@option before text  The year to compare with. Default: the one before.
---@option target number  The level to reach. Default: the targets of the questions.
---@option chart path  Also draws the profile, below --out, such as profile.svg: a row a dimension and state.
---@reads indicator, observation, unit, unit_group
---@writes the chart, where one is asked for
local difkit = require "difkit"
local options = difkit.options()

if not options.spec then return nil, "a toolkit is needed: --spec FILE.yaml", "usage" end
local index = assert(difkit.index(options.spec))
local found = assert(index:compute()):maturity{
   unit = options.unit, period = tonumber(options.period) or options.period,
   before = tonumber(options.before) or options.before, target = options.target,
}
if options.chart then
   local profile = found:where(function(row) return row.level ~= nil end)
      :derive("at", function(row) return options.unit and row.dimension or row.unit .. ": " .. row.dimension end)
   assert(difkit.chart.dots(profile, {label = "at", value = "level", title = found.title}):write(options.chart))
end
return found
