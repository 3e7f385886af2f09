--- Topics that one document covers and another does not, or with --by action what it asks for and the other does not.
--- By topic: each with the number of actions that cover it, and their ids. By action: whether the other document asks
--- for the same, and the ground of the answer: a reviewed link between the two, or how alike their words are.
---@script gaps
---@option have document!  The document that has actions on the topic, such as DIFAP.
---@option lack document!  The document that has none, such as BSBR.
---@option by choice(topic|action)=topic  What to compare.
---@option all boolean  With --by action: also the actions that the other document asks for as well.
---@option least number=0.35  With --by action: the likeness from which on two actions may ask for the same.
---@reads action, topic, link
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if options.by == "action" then
   local actions = difkit.gaps.actions(db, options.have, options.lack, {least = options.least})
   local open = options.all and actions or actions:where(function(action) return action.covered ~= "yes" end)
   open.title = ("What %s asks for and %s does not"):format(options.have, options.lack)
   open.note = ("%d of the %d actions of %s; covered: yes, in part and no as reviewed links say, perhaps where the"
      .. " words alone are alike"):format(#open, #actions, options.have)
   return open
end

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
