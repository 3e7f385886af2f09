--- Where are the member states asked to report on their laws, or to adopt or ratify something?
--- The words decide; whether an action binds a member state is for a reader to judge.
local difkit = require "difkit"
local db = assert(difkit.open())

local asked = {
   {"report on laws", '"law-reporting"'},
   {"adopt or ratify", "adopt OR ratify"},
   {"review laws", '"reviews of national laws"'},
   {"attend a workshop on laws", '"law incorporation"'},
}

local rows = {}
for _, kind in ipairs(asked) do
   for action in db:actions{text = kind[2]} do
      rows[#rows + 1] = {kind[1], action.id, action.text}
   end
end
return difkit.table({"asked to", "id", "text"}, rows)
