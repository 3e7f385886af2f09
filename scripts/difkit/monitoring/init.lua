--- What the stock scripts of monitoring share: whose reports count, of whom a paper may speak, and how it is said.
local monitoring = {}

--- The day so many days after another.
function monitoring.days_after(day, count)
   local year, month, on = day:match "^(%d+)-(%d+)-(%d+)$"
   year, month, on = tonumber(year), tonumber(month), tonumber(on) + count
   local dates = require "difkit.date"
   while on > dates.days(year, month) do
      on = on - dates.days(year, month)
      month = month + 1
      if month > 12 then year, month = year + 1, 1 end
   end
   return ("%04d-%02d-%02d"):format(year, month, on)
end

setmetatable(monitoring, {__index = function(_, name)
   if name == "reports" then return require "difkit.framework.reports" end
   return require("difkit.monitoring." .. name)
end})

return monitoring
