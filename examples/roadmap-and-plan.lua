--- What does the Bandar Seri Begawan Roadmap do on topics that the Action Plan leaves out?
--- `difkit run gaps` counts such topics; this prints the words.
local difkit = require "difkit"
local db = assert(difkit.open())

local in_plan = {}
for topic in db:topics{document = "DIFAP"} do in_plan[topic.id] = true end

local beyond = db:actions{document = "BSBR"}
   :select("topic", "topic_title", "id", "text")
   :table()
   :where(function(action) return not in_plan[action.topic] end)
   :select("topic_title as topic", "id", "text")

beyond.title = "In the Roadmap, on topics without an action in the Action Plan"
return beyond
