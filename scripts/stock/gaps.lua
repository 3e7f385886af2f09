--- Topics that one document covers and another does not.
--- Each with the number of actions that cover it, and their ids.
---@script gaps
---@option have document!  The document that has actions on the topic, such as DIFAP.
---@option lack document!  The document that has none, such as BSBR.
---@reads action, topic
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local lacking = {}
for topic in db:topics() do lacking[topic.id] = true end
for topic in db:topics{document = options.lack} do lacking[topic.id] = nil end

local gaps = db:actions{document = options.have}:table()
   :where(function(action) return lacking[action.topic] end)
   :group("area", "topic_title")
   :count "actions"
   :aggregate("ids", function(actions)
      local ids = {}
      for i, action in ipairs(actions) do ids[i] = action.id end
      return table.concat(ids, ", ")
   end)
   :rename{topic_title = "topic"}

gaps.title = ("Topics that %s covers and %s does not"):format(options.have, options.lack)
gaps.note = ("%d of the %d topics that %s covers"):format(
   #gaps, db:topics{document = options.have}:count(), options.have)
return gaps
