--- How many actions each document has on each topic.
--- One row a topic, in the order of the framework, one column a document, with totals of both.
--- 0 means that the document has no action on the topic.
---@script coverage
---@option area area...  Only the topics of these areas, such as PA1,PA2.
---@reads action, topic, document
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local titles = {}
for topic in db:topics{area = options.area} do titles[topic.id] = topic.title end

local matrix = db:from "action_full"
   :group("topic", "document")
   :count "actions"
   :pivot("topic", "document", "actions", {fill = 0, complete = true})
   :where(function(row) return titles[row.topic] end)
   :derive("topic", function(row) return titles[row.topic] end)

return matrix:total_column():total_row()
