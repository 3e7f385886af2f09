--- Say here in one line what NAME answers.
--- Then whom it is for, and how to read its table. `difkit run NAME.lua --help` prints this.
---@script NAME
---@option area area  Only the actions of this area, such as PA3.
---@reads action, document
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open()) -- the bundled framework, or the data that --db names

-- A query is a chain of steps, and runs when its rows are asked for. An option that was not given is nil and filters
-- nothing.
local counts = db:from "action_full"
   :where{area = options.area}
   :group "document"
   :count "actions"

-- A table can do more: here, the share of each document.
local total = 0
for row in counts do total = total + row.actions end

return counts:table():derive("share", function(row) return row.actions / total end)
