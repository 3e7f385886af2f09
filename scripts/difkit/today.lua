--- The date that results are dated by: the one thing of the clock that they may hold.
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
   if given then
      local year, month, day = given:match "^(%d%d%d%d)%-?(%d?%d?)%-?(%d?%d?)$"
      if year and given == year then return year .. "-12-31" end
      month, day = tonumber(month), tonumber(day)
      if year and month and month >= 1 and month <= 12 then
         local last = tonumber(os.date("!%d", os.time{year = tonumber(year), month = month + 1, day = 0, hour = 12}))
         if not day and #given == 7 then return ("%s-%02d"):format(given, last) end
         if day and #given == 10 and day >= 1 and day <= last then return given end
      end
      errors.raise(("difkit.today: a date is like 2026-03-31, 2026-03 or 2026, not %s"):format(errors.show(given)))
   end
   return require("difkit.provenance.proof").day(of_clock)
end

return difkit.today
