--- Were the QR code framework ready by 2022 and the digital service hub by 2021, as the texts ask, and at which date?
--- The reports are invented: examples/data/monitoring.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/monitoring/reports.yaml"})

local rows = {}
for _, id in ipairs {"BSBR.EP.1", "DIFAP.DM.2"} do
   for _, date in ipairs {"2021-12-31", "2022-12-31", "2023-12-31"} do
      local row = db:action_status{id = id, as_of = date}[1]
      rows[#rows + 1] = {id, row.deadline, date, (row.status:gsub("_", " ")), row.roll_up, row.overdue}
   end
end
return difkit.table({"action", "by", "on", "status", "members", "overdue"}, rows)
