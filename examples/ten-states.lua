--- Do ten member states have their ports in the single window, as one action asks by the end of 2021?
--- difkit run examples/ten-states.lua --with examples/data/illustrative
--- One report is one of ten, whatever is said for the region; from 26 October 2025 there are eleven members.
local difkit = require "difkit"
local db = assert(difkit.open())

local rows = {}
for i, date in ipairs {"2021-12-31", "2025-10-25", "2025-10-26"} do
   local step = db:target_status{id = "ACRF.TF.5", as_of = date}[1]
   rows[i] = {date, step.state, step.completed, step.need, step.members, step.region}
end
return difkit.table({"on", "state", "completed", "asked of", "members", "region says"}, rows)
