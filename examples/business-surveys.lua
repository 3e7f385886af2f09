--- Which actions ask for an annual business survey, and what should it ask about?
--- One survey with a section for each of them would do.
local difkit = require "difkit"
local db = assert(difkit.open())

return db:actions{text = '"annual business survey" OR "annual business surveys"'}
   :select("topic_title as topic", "id", "text")
