--- Where is capacity to be built: which topics, which documents, how often?
local difkit = require "difkit"
local db = assert(difkit.open())

local matrix = db:search "capacity OR training OR workshop*"
   :group("topic", "document")
   :count "actions"
   :pivot("topic", "document", "actions", {fill = 0})
   :total_column()
   :sort "Total desc"

matrix.title = "Actions that speak of capacity, training or workshops"
return matrix
