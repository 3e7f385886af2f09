--- Where two documents name a different year, number or body for what looks like the same matter.
--- What is listed are candidates to be read, with the words of both. They are pairs of actions on one topic that a
--- reader linked (relation: equal, subset, superset, intersects) or that are alike (likeness: as `difkit run overlap`
--- has it) and that nobody has judged. Compared are the years by which something is to be done (year), the years that a
--- plan is for (years), numbers of the same thing, and bodies with a name of their own.
---@script contradictions
---@option least number=0.3  The likeness from which a pair that nobody has judged is taken for one matter.
---@option silent boolean  List too where one names a deadline, number or body and the other none.
---@option topics choice(same|any)=same  Whether the two have to be on one topic.
---@option what choice(year|years|number|body)...  Only differences of these kinds.
---@reads action, link, abbreviation, coding
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local found = difkit.contradictions.find(db, {
   least = options.least, silent = options.silent, topics = options.topics,
})
if options.what then
   local wanted = {}
   for _, what in ipairs(options.what) do wanted[what] = true end
   found = found:where(function(row) return wanted[row.what] end)
end

found.title = "Candidates for contradictions between documents"
found.note = ("%d; whether two actions speak of the same matter is for a reader to say"):format(#found)
return found
