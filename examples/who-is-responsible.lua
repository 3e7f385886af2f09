--- Which body is responsible for tracking the framework, such as the ACCEC, and for how many actions is each?
local difkit = require "difkit"
local db = assert(difkit.open())

local t = db:bodies():where(function(row) return row.actions > 0 end):sort "id"
t.note = "by the words of the actions; the ACCEC: " .. table.concat(db:actions{body = "ACCEC"}:list "id", ", ")
return t
