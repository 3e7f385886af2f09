--- What the garden's documents have on each topic.
---
---@option topic topic  Only this topic.
local difkit = require "difkit"
local options = difkit.options()
local db = difkit.open()
local actions = db:from "action_full"
if options.topic then actions = actions:where{topic = options.topic} end
local report = difkit.report{title = "What the garden plans"}
report:table(actions:group("topic", "document"):count "n":table():pivot("topic", "document", "n"))
report:write "page.html"
