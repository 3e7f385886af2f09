--- Where is capacity to be built: on which topics, in which documents, how often?
local difkit = require "difkit"
local db = assert(difkit.open())

local matrix = db:actions{text = "capacity OR capacity-building OR training OR workshop*"}
   :group("topic_title", "document")
   :count "actions"
   :table()
   :pivot("topic_title", "document", "actions", {fill = 0, complete = true})
   :rename{topic_title = "topic"}
   :total_column()
   :sort "Total desc"
   :total_row()

matrix.title = "Actions that speak of capacity, training or workshops"
return matrix
