--- Which document is broadest, newest and most specific at once?
--- An index whose units are the documents and whose indicators are the measures of scripts/guide/KNOWLEDGE.md: breadth
--- (how many topics, how evenly) and substance (what is new, what is not asked for elsewhere, what is said precisely).
--- The range of a rank is what remains of it when the weights change by half and single measures are left out.
--- difkit run examples/index-of-measures.lua
---@script index-of-measures
---@option over choice(topic|area)=topic  What breadth is taken over.
---@reads action, topic, area, document, link, abbreviation, coding
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local index = difkit.index{
   id = "measures", title = "Documents by their measures", normalise = "minmax", aggregate = "arithmetic",
   children = {
      {id = "breadth", children = {"coverage", "balance"}},
      {id = "substance", children = {"novelty", {id = "redundancy", direction = -1}, "specificity"}},
   },
}
local result = assert(index:compute(difkit.measures.documents(db, {by = options.over})))

local scores = result:scores{level = "all"}
local robust = result:robustness{runs = 1000, seed = 1, weights = 0.5, drop = 1}
local range = {}
for row in robust:rows() do range[row.unit] = row.range end
return scores:derive("range", function(row) return range[row.unit] end)
