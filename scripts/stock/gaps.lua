--- Topics that one document covers and another does not.
--- Each with the number of actions that cover it, and their ids.
---@script gaps
---@option have document!  The document that has actions on the topic, such as BSBR.
---@option lack document!  The document that has none, such as DIFAP.
---@reads action, topic, area
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local covered = {}
for topic in db:topics{document = options.lack} do covered[topic.id] = true end

local gaps = db:actions{document = options.have}:table()
   :where(function(action) return not covered[action.topic] end)
   :group("area", "topic_title")
   :count "actions"
   :aggregate("ids", function(actions)
      local ids = {}
      for i, action in ipairs(actions) do ids[i] = action.id end
      return table.concat(ids, ", ")
   end)
   :rename{topic_title = "topic"}

gaps.title = ("Topics that %s covers and %s does not"):format(options.have, options.lack)
return gaps
