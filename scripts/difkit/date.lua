--- Dates: ISO text such as 2026-03-31, 2026-03 or 2026, what they mean, and how what is none is refused: one wording,
--- wherever a date is taken. Periods (2022-Q3, 2022-W05) are in period.lua, which counts days by this file.
local errors = require "difkit.error"

local date = {}

--- What a date looks like, for messages.
date.examples = "2026-03-31, 2026-03 or 2026"

local days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

--- The number of days of a month.
function date.days(year, month)
   if month == 2 and year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0) then return 29 end
   return days[month]
end

--- Year, month and day that a text names; month and day are nil where it names none. Nil for what is no date. A year
--- may be an integer.
function date.parse(value)
   if math.type(value) == "integer" then value = ("%04d"):format(value) end
   if type(value) ~= "string" then return nil end
   local year, rest = value:match "^(%d%d%d%d)(.*)$"
   year = year and math.tointeger(tonumber(year))
   if not year or year == 0 then return nil end
   if rest == "" then return year end
   local month, day = rest:match "^%-(%d%d)$", nil
   if not month then month, day = rest:match "^%-(%d%d)%-(%d%d)$" end
   month, day = math.tointeger(tonumber(month)), math.tointeger(tonumber(day))
   if not month or month < 1 or month > 12 then return nil end
   if day and (day < 1 or day > date.days(year, month)) then return nil end
   return year, month, day
end

--- Raises: the value is no date.
function date.refuse(call, value)
   errors.raise(("%s: a date is like %s, not %s"):format(call, date.examples, errors.show(value)))
end

--- The last day that a date means: 2026 is 2026-12-31, 2026-02 is 2026-02-28. Raises for what is no date.
function date.last_day(call, value)
   local year, month, day = date.parse(value)
   if not year then date.refuse(call, value) end
   month = month or 12
   return ("%04d-%02d-%02d"):format(year, month, day or date.days(year, month))
end

--- The first day that a date means. Raises for what is no date.
function date.first_day(call, value)
   local year, month, day = date.parse(value)
   if not year then date.refuse(call, value) end
   return ("%04d-%02d-%02d"):format(year, month or 1, day or 1)
end

--- A day as it is given. Raises for what is no date, and for a year or a month.
function date.day(call, value)
   local year, _, day = date.parse(value)
   if not year then date.refuse(call, value) end
   if not day then
      errors.raise(("%s: a day is like 2026-03-31, not %s"):format(call, errors.show(value)))
   end
   return value
end

return date
