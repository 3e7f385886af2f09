--- The date that results are dated by: the one thing of the clock that they may hold.
local dates = require "difkit.date"
local errors = require "difkit.error"

---@class difkit
local difkit = {}

--- The day of SOURCE_DATE_EPOCH, or the clock's.
local function of_clock()
   local epoch = os.getenv "SOURCE_DATE_EPOCH"
   if not epoch or epoch == "" then return os.date "!%Y-%m-%d" --[[@as string]] end
   local seconds = epoch:find "^%d+$" and math.tointeger(tonumber(epoch))
   if not seconds then
      errors.raise(("SOURCE_DATE_EPOCH must be seconds since 1970, not %s"):format(errors.show(epoch)))
   end
   return os.date("!%Y-%m-%d", seconds) --[[@as string]]
end

---The date a report is made for: `given` when it is a date, else that of the environment variable SOURCE_DATE_EPOCH
---(seconds since 1970), else today (UTC).
---
---```lua
---print(difkit.today "2026-03-31") --> 2026-03-31
---```
---@param given? string a date such as 2026-03-31; a year means its last day, a month its last
---@return string date ISO 8601, YYYY-MM-DD
function difkit.today(given)
   errors.check("difkit.today", "given", given, "string", "optional")
   if given then return dates.last_day("difkit.today", given) end
   return require("difkit.proof").day(of_clock)
end

return difkit.today
