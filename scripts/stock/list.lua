--- Actions, with their words: all, or those of a document, a topic or an area.
---@script list
---@option document document...  Only those of these documents, such as BSBR,ACRF.
---@option topic topic...  Only those on these topics, such as cybersecurity.
---@option area area...  Only those of these areas, such as PA1.
---@option inferred boolean  Only those whose document the source does not state.
---@reads action, topic, document
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local actions = db:actions{
   document = options.document,
   topic = options.topic,
   area = options.area,
   attribution = options.inferred and "inferred" or nil,
}
return actions:select("id", "topic_title as topic", "text"):table()
