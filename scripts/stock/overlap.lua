--- Actions of different documents that say the same, or nearly so, and what a reader made of each pair.
--- score: likeness of the words, from 0 to 1, as `difkit help overlap` tells; words: what made it.
---@script overlap
---@option action text  An action, such as DIFAP.LF.1: show what is like it.
---@option least number=0.35  The least score to show.
---@option limit integer=30  The most rows to show; 0 for all.
---@option quality boolean  Show precision and recall of the measure against the links in the data.
---@option kinds boolean  With --quality: count pairs too of which one action only helps the other.
---@reads action, abbreviation, link
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if options.action then
   local limit = options.limit > 0 and options.limit or 1000
   local similar = db:similar(options.action, {least = options.least, limit = limit})
   similar.title = ("Actions like %s: %s"):format(options.action, db:action(options.action).text)
   return similar
end

if options.quality then
   local quality = difkit.overlap.quality(db, nil, {kinds = options.kinds})
   quality.title = "How well likeness of words finds the links that readers made"
   quality.note = "of the judged pairs: found by the measure, linked among these; precision and recall as shares"
   return quality
end

local all = difkit.overlap.pairs(db, {least = options.least})
local shown = options.limit > 0 and all:head(options.limit) or all
shown.title = "Actions of different documents that are alike"
shown.note = ("%d of %d pairs with a score of at least %g; relation: as judged, – where nobody has yet"):format(
   #shown, #all, options.least)
return shown
