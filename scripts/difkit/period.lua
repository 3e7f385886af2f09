--- Periods: years, and parts of years as ISO 8601 and SDMX write them: 2022-S1, 2022-Q3, 2022-06, 2022-W05, 2022-06-30.
--- In the database a period is text, in Lua a year is an integer. They stand in the order of time: by the first day,
--- and of those that begin on the same day the longer first.
local dates = require "difkit.date"
local errors = require "difkit.error"

local period = {}

--- Days before each month of a year, three digits each: what both the SQL and this file count with.
local before_month = "000031059090120151181212243273304334"

--- Days from the beginning of the calendar to a day, as the SQL below counts them.
local function day_number(year, month, day)
   local leaps = month > 2 and year or year - 1
   return 365 * year + leaps // 4 - leaps // 100 + leaps // 400 + tonumber(before_month:sub(3 * month - 2, 3 * month))
      + day
end

--- The Monday of a week of ISO 8601: the first week is that of the 4th of January.
local function week_number(year, week)
   local fourth = day_number(year, 1, 4)
   return fourth - (fourth + 5) % 7 + 7 * (week - 1)
end

--- Year, kind ("", "S", "Q", "month", "W", "day"), and what follows the year; nil for what is no period.
local function parts(value)
   if math.type(value) == "integer" then return value >= 1 and value <= 9999 and value or nil, "" end
   if type(value) ~= "string" then return nil end
   local year, rest = value:match "^(%d%d%d%d)(.*)$"
   if not year or tonumber(year) == 0 then return nil end
   year = math.tointeger(tonumber(year))
   if rest == "" then return year, "" end
   local kind, number = rest:match "^%-([SQW])(%d+)$"
   if kind then
      number = math.tointeger(tonumber(number))
      local most = ({S = 2, Q = 4, W = 53})[kind]
      if number < 1 or number > most or #rest ~= (kind == "W" and 4 or 3) then return nil end
      return year, kind, number
   end
   local month, day = rest:match "^%-(%d%d)%-?(%d*)$"
   month, day = math.tointeger(tonumber(month)), math.tointeger(tonumber(day))
   if not month or month < 1 or month > 12 or #rest ~= (day and 6 or 3) then return nil end
   if day and (day < 1 or day > dates.days(year, month)) then return nil end
   return year, day and "day" or "month", month, day
end

--- The place of a period in the order of time, an integer; nil for what is no period.
function period.order(value)
   local year, kind, number, day = parts(value)
   if not year then return nil end
   if kind == "" then return 8 * day_number(year, 1, 1) end
   if kind == "S" then return 8 * day_number(year, 6 * number - 5, 1) + 1 end
   if kind == "Q" then return 8 * day_number(year, 3 * number - 2, 1) + 2 end
   if kind == "month" then return 8 * day_number(year, number, 1) + 3 end
   if kind == "W" then return 8 * week_number(year, number) + 4 end
   return 8 * day_number(year, number, day) + 5
end

--- The same in SQL, for the period in `reference`: plain arithmetic on text, as any database does it.
function period.sql(reference)
   local fills = {
      p = reference, y = "CAST(substr($p, 1, 4) AS INTEGER)", n = "CAST(substr($p, 7) AS INTEGER)",
      m = "CAST(substr($p, 6, 2) AS INTEGER)", d = "CAST(substr($p, 9, 2) AS INTEGER)",
      before = ("CAST(substr('%s', 3 * ($i) - 2, 3) AS INTEGER)"):format(before_month),
      year = "365 * $y + ($y - 1) / 4 - ($y - 1) / 100 + ($y - 1) / 400",
      leap = "CASE WHEN $y % 4 = 0 AND ($y % 100 <> 0 OR $y % 400 = 0) THEN 1 ELSE 0 END",
   }
   local text = "CASE WHEN length($p) = 4 THEN 8 * ($year + 1)"
      .. " WHEN substr($p, 6, 1) = 'W' THEN 8 * ($year + 4 - ($year + 9) % 7 + 7 * ($n - 1)) + 4"
      .. " WHEN substr($p, 6, 1) = 'S' THEN 8 * ($year + 1 + CASE WHEN $n > 1 THEN 181 + $leap ELSE 0 END) + 1"
      .. " WHEN substr($p, 6, 1) = 'Q' THEN 8 * ($year + 1 + " .. fills.before:gsub("%$i", "3 * $n - 2")
      .. " + CASE WHEN $n > 1 THEN $leap ELSE 0 END) + 2"
      .. " ELSE 8 * ($year + " .. fills.before:gsub("%$i", "$m") .. " + CASE WHEN $m > 2 THEN $leap ELSE 0 END"
      .. " + CASE WHEN length($p) = 10 THEN $d ELSE 1 END) + CASE WHEN length($p) = 10 THEN 5 ELSE 3 END END"
   for _ = 1, 3 do
      text = text:gsub("%$(%l+)", function(name) return fills[name] end)
   end
   return "(" .. text .. ")"
end

--- A period as a number of years, for interpolation and trends; nil for what is no period.
function period.time(value)
   local year, kind, number, day = parts(value)
   if not year then return type(value) == "number" and value + 0.0 or nil end
   if kind == "" then return year + 0.0 end
   local in_year = ({S = 2, Q = 4, W = 52})[kind]
   if in_year then return year + (number - 1) / in_year end
   return year + (number - 1) / 12 + ((day or 1) - 1) / 365.25
end

--- What a period means as a date, of which the last day counts: `db:units{on = …}` takes it.
function period.date(value)
   local year, kind, number = parts(value)
   if kind == "S" or kind == "Q" then return ("%04d-%02d"):format(year, number * (kind == "Q" and 3 or 6)) end
   return kind == "W" and year or value
end

--- Whether one period is earlier than another. What is no period comes last, by its text.
function period.before(a, b)
   local left, right = period.order(a), period.order(b)
   if left and right then return left < right end
   if left or right then return left ~= nil end
   return tostring(a) < tostring(b)
end

--- A value of a column as a period: a whole number, or text. Nil for anything else.
function period.read(value)
   if type(value) == "number" then return math.tointeger(value) end
   if type(value) == "string" then return value:find "^[1-9]%d*$" and math.tointeger(tonumber(value)) or value end
end

--- What a period looks like, for messages.
period.examples = "a year such as 2022, or 2022-S1, 2022-Q3, 2022-06, 2022-W05, 2022-06-30"

--- A period that somebody asks for: its place in time. Raises for what is none, in one wording everywhere.
function period.place(call, value)
   local read = period.read(value)
   local place = read ~= nil and period.order(read)
   if not place then
      errors.raise(("%s: %s is no period"):format(call, errors.show(value)), "write " .. period.examples)
   end
   return place
end

--- Whether `second` is the period that follows `first`: the next year, quarter, half-year, month or week of the year.
local function follows(first, second)
   local year, kind, number = parts(first)
   local next_year, next_kind, next_number = parts(second)
   if not year or not next_year or kind ~= next_kind or kind == "day" then return false end
   if kind == "" then return next_year == year + 1 end
   local most = ({S = 2, Q = 4, month = 12})[kind]
   if next_year == year then return next_number == number + 1 end
   return most ~= nil and next_year == year + 1 and number == most and next_number == 1
end

--- Periods in words, runs as ranges: "1990–2019, 2021". The list is in the order of time.
function period.ranges(list)
   local out, first = {}, 1
   for i = 1, #list do
      if i == #list or not follows(list[i], list[i + 1]) then
         if i - first >= 2 then
            out[#out + 1] = ("%s–%s"):format(list[first], list[i])
         else
            for j = first, i do out[#out + 1] = tostring(list[j]) end
         end
         first = i + 1
      end
   end
   return table.concat(out, ", ")
end

return period
