--- Calendars in the iCalendar format (RFC 5545): days that mail and calendar programs show and remind of.
local dates = require "difkit.date"
local errors = require "difkit.error"
local illustrative = require "difkit.illustrative"

---A day of a calendar.
---@class difkit.CalendarDay
---@field uid string names the day for ever: a later calendar that has it again moves or changes it
---@field date string YYYY-MM-DD
---@field summary string one line
---@field description? string
---@field category? string
---@field alarm? integer days before at which programs remind of it; without it they do not

--- Text as a property's value (RFC 5545, 3.3.11).
local function escaped(value)
   return (value:gsub("[\\;,]", "\\%0"):gsub("\r?\n", "\\n"):gsub("[%z\1-\31\127]", " "))
end

--- Lines of at most 75 bytes, never cut within a character; what follows begins with a space (3.1).
local function folded(line)
   local out, first = {}, true
   while true do
      local room = first and 75 or 74
      if #line <= room then break end
      local cut = room
      while cut > 1 and line:byte(cut + 1) >= 0x80 and line:byte(cut + 1) < 0xC0 do cut = cut - 1 end
      out[#out + 1] = (first and "" or " ") .. line:sub(1, cut)
      line, first = line:sub(cut + 1), false
   end
   out[#out + 1] = (first and "" or " ") .. line
   return table.concat(out, "\r\n")
end

local most_days = 3650 -- before a day, of an alarm

local known = {"uid", "date", "summary", "description", "category", "alarm"}

local function day_lines(day, i, stamp, add, seen)
   local call = ("difkit.calendar: day %d"):format(i)
   errors.check(call, "it", day, "table")
   errors.options(call, day, known)
   for _, name in ipairs {"uid", "date", "summary"} do errors.check(call, name, day[name], "string") end
   dates.day(call, day.date)
   errors.check(call, "alarm", day.alarm, "integer", "optional")
   if day.alarm and (day.alarm < 0 or day.alarm > most_days) then
      errors.raise(("%s: alarm is %d"):format(call, day.alarm), ("days before, 0 to %d"):format(most_days))
   end
   if seen[day.uid] then errors.raise(('%s: the uid "%s" is taken'):format(call, day.uid)) end
   seen[day.uid] = true
   add "BEGIN:VEVENT"
   add("UID:" .. escaped(day.uid))
   add("DTSTAMP:" .. stamp)
   add("DTSTART;VALUE=DATE:" .. day.date:gsub("%-", ""))
   add("SUMMARY:" .. escaped(day.summary))
   local line = illustrative.line()
   local said = day.description and line and day.description .. "\n" .. line or day.description or line
   if said then add("DESCRIPTION:" .. escaped(said)) end
   if day.category then add("CATEGORIES:" .. escaped(day.category)) end
   add "TRANSP:TRANSPARENT"
   if day.alarm then
      add "BEGIN:VALARM" -- RFC 5545, 3.6.6
      add "ACTION:DISPLAY"
      add("DESCRIPTION:" .. escaped(day.summary))
      add(day.alarm == 0 and "TRIGGER:PT0S" or ("TRIGGER:-P%dD"):format(day.alarm))
      add "END:VALARM"
   end
   add "END:VEVENT"
end

---@class difkit
local difkit = {}

---A calendar as iCalendar text: each day lasts the whole day and blocks no time. The same days and the same stamp give
---the same bytes.
---
---```lua
---local text = difkit.calendar({
---   {uid = "BSBR.EP.1-1@asean-dif", date = "2022-12-31", summary = "BSBR.EP.1: QR code framework"},
---}, {name = "Commitments", stamp = "2026-03-31"})
---print(text:match "SUMMARY:[^\r]*") --> SUMMARY:BSBR.EP.1: QR code framework
---```
---@param days difkit.CalendarDay[]
---@param options? {name?: string, stamp?: string} stamp: the date the calendar was made, default `difkit.today()`
---@return string
function difkit.calendar(days, options)
   errors.check("difkit.calendar", "days", days, "table")
   options = errors.options("difkit.calendar", options, {"name", "stamp"})
   local stamp = require("difkit.today")(options.stamp):gsub("%-", "") .. "T000000Z"
   local lines, seen = {}, {}
   local function add(line) lines[#lines + 1] = folded(line) end
   add "BEGIN:VCALENDAR"
   add "VERSION:2.0"
   add "PRODID:-//difkit//calendar//EN"
   add "CALSCALE:GREGORIAN"
   if options.name then add("X-WR-CALNAME:" .. escaped(options.name)) end
   for i, day in ipairs(days) do day_lines(day, i, stamp, add, seen) end
   add "END:VCALENDAR"
   return table.concat(lines, "\r\n") .. "\r\n"
end

return difkit.calendar
