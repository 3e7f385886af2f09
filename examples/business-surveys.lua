--- Which actions ask for an annual business survey, and what should it ask about?
--- One survey with a section for each topic would answer all of them.
local difkit = require "difkit"
local db = assert(difkit.open())

return db:search('"annual business survey*" OR "business survey*"')
   :framework_order("topic", "document", "position")
   :select("topic_title as topic", "id", "text")
   :table()
