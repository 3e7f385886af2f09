--- What the stock scripts of monitoring share: whose reports count, of whom a paper may speak, and how it is said.
local monitoring = {}

setmetatable(monitoring, {__index = function(_, name)
   if name == "reports" then return require "difkit.framework.reports" end
   return require("difkit.monitoring." .. name)
end})

return monitoring
