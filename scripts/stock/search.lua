--- Actions whose text contains the given words, best match first.
--- All words must occur. A word also finds longer ones that begin so (survey: surveys), unless it is in capitals (AI).
--- "two words" in quotes stand together as they are, a OR b finds either, -word leaves out (behind a lone --, as in
--- `difkit run search survey -- -paperless`). Accents do not matter.
---
--- The line is that of the source document, the place that of the data. Found words are marked «so», or bold.
---@script search
---@argument words text!...  The words to search for.
---@option document document...  Only in these documents, such as BSBR,ACRF.
---@option topic topic...  Only on these topics, such as cybersecurity.
---@option area area...  Only in these areas, such as PA1.
---@option limit integer=20  At most so many actions; 0 for all.
---@reads action_fts, action, topic, document
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local marks = {"«", "»"}

--- survey -> survey*, so that it finds surveys; AI, "in quotes", -left out and OR stay as they are.
local function widened(words)
   if words:find '"' then return words end
   return (words:gsub("%S+", function(word)
      if word:find "^%-" or word:find "%*$" or word == difkit.text.upper(word) then return word end
      return word .. "*"
   end))
end

local found = db:search(widened(table.concat(options.words, " ")), {
   mark = marks, document = options.document, topic = options.topic, area = options.area,
})
local total = found:count()
if options.limit > 0 then found = found:limit(options.limit) end

local hits = found:select("id", "text", "line", "origin as place"):table()
hits.marks = marks
if #hits < total then
   hits.note = ("the best %d of %d; --limit 0 shows all"):format(#hits, total)
end
return hits
