--- What do two documents say on one topic, side by side?
--- difkit run examples/side-by-side.lua --topic cybersecurity --left DIFAP --right ACRF
---@script side-by-side
---@option topic topic=digital-identity  The topic.
---@option left document=DIFAP  The document in the left column.
---@option right document=BSBR  The document in the right column.
---@reads action
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local left = db:actions{topic = options.topic, document = options.left}:list "text"
local right = db:actions{topic = options.topic, document = options.right}:list "text"

local rows = {}
for i = 1, math.max(left.n, right.n) do rows[i] = {i, left[i], right[i]} end

local t = difkit.table({"", options.left, options.right}, rows)
t.title = db:topic(options.topic).title
return t
