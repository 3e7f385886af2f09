--- Actions whose text contains the given words, best match first.
--- All words must occur; "two words" in quotes stand together, digital* finds words that begin so, a OR b either, and
--- -word leaves out. Case and accents do not matter.
--- The line is that of the source document, the place that of the data.
---@script search
---@argument words text!...  The words to search for.
---@option document document...  Only in these documents.
---@option topic topic...  Only on these topics.
---@option area area...  Only in these areas.
---@option limit integer=20  At most so many actions; 0 for all.
---@reads action_fts, action, topic, document
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local words = table.concat(options.words, " ")
local found = db:search(words, {document = options.document, topic = options.topic, area = options.area})
local total = found:count()
if options.limit > 0 then found = found:limit(options.limit) end

local hits = found:select("id", "text", "line", "origin as place"):table()
if #hits < total then
   hits.note = ("the best %d of %d; --limit 0 shows all"):format(#hits, total)
end
return hits
