--- Periods as offices write them, as SDMX text: 2020, 2020-S1, 2020-Q1, 2020-03, 2020-W05, 2020-03-31, and 2019/20
--- for fiscal
--- years. What has two readings is refused with both.
local periods = {}

local months = {
   jan = 1, feb = 2, mar = 3, apr = 4, may = 5, jun = 6, jul = 7, aug = 8, sep = 9, sept = 9, oct = 10, nov = 11,
      dec = 12,
   january = 1, february = 2, march = 3, april = 4, june = 6, july = 7, august = 8, september = 9, october = 10,
   november = 11, december = 12,
}
local roman = {I = 1, II = 2, III = 3, IV = 4}

local function month_text(year, month)
   month = tonumber(month)
   if month >= 1 and month <= 12 then return ("%s-%02d"):format(year, month) end
end

local function quarter_text(year, quarter)
   quarter = tonumber(quarter) or roman[quarter]
   if quarter and quarter >= 1 and quarter <= 4 then return ("%s-Q%d"):format(year, quarter) end
end

local function half_text(year, half)
   if tonumber(half) == 1 or tonumber(half) == 2 then return ("%s-S%d"):format(year, half) end
end

local function day_text(year, month, day)
   month, day = tonumber(month), tonumber(day)
   if month < 1 or month > 12 or day < 1 or day > 31 then return nil end
   local there = os.date("!*t", os.time{year = tonumber(year), month = month, day = day, hour = 12})
   if there.month ~= month then return nil end
   return ("%s-%02d-%02d"):format(year, month, day)
end

--- A day written with the day or the month first; `dates` says which where both are possible.
local function day_of(first, second, year, dates)
   local a, b = tonumber(first), tonumber(second)
   if a > 12 or dates == "dmy" then return day_text(year, second, first) end
   if b > 12 or dates == "mdy" then return day_text(year, first, second) end
   if a == b then return day_text(year, first, second) end
   return nil, ("%s/%s/%s may be %s or %s; say --dates dmy or --dates mdy"):format(first, second, year,
      day_text(year, second, first), day_text(year, first, second))
end

--- A year and two digits behind it: a fiscal year or a month.
local function year_and_two(year, two, options)
   local follows = tonumber(two) == (tonumber(year) + 1) % 100
   local month = tonumber(two) >= 1 and tonumber(two) <= 12
   if follows and month and options.periods ~= "fiscal" and options.periods ~= "month" then
      local message = "%s-%s may be the fiscal year %s/%s or the month %s-%s; say --periods fiscal or --periods month"
      return nil, message:format(year, two, year, two, year, two)
   end
   if month and not (follows and options.periods == "fiscal") then return month_text(year, two) end
   if follows then return year .. "/" .. two, nil, "fiscal year" end
end

--- Shapes in the order in which they are tried: pattern, what its captures give.
local shapes = {
   {"^(%-?%d%d?%d?%d?%d?)%.0$", function(year) return year end},
   {"^[YA]R?(%d%d%d%d)$", function(year) return year end},
   {"^(%d%d%d%d)%s*%[YR%d%d%d%d%]$", function(year) return year end},
   {"^(%d%d%d%d)[-%s]?Q([1-4])$", quarter_text},
   {"^Q([1-4])[-%s/]?(%d%d%d%d)$", function(quarter, year) return quarter_text(year, quarter) end},
   {"^([1-4])Q(%d%d%d%d)$", function(quarter, year) return quarter_text(year, quarter) end},
   {"^(%d%d%d%d)-(I[IV]?I?)$", quarter_text},
   {"^(%d%d%d%d)-?[SH]([12])$", half_text},
   {"^[SH]([12])[-%s](%d%d%d%d)$", function(half, year) return half_text(year, half) end},
   {"^(%d%d%d%d)M(%d%d?)D(%d%d?)$", day_text},
   {"^(%d%d%d%d)M(%d%d?)$", month_text},
   {"^(%d%d)/(%d%d%d%d)$", function(month, year) return month_text(year, month) end},
   {"^(%d%d%d%d)-?W(%d%d?)$", function(year, week)
      if tonumber(week) >= 1 and tonumber(week) <= 53 then return ("%s-W%02d"):format(year, tonumber(week)) end
   end},
   {"^(%d%d%d%d)-(%d%d)-(%d%d)$", day_text},
   {"^(%d%d%d%d)-(%d%d)-(%d%d)[T ]00:00:00%.?0*Z?$", day_text},
   {"^(%d%d%d%d)(%d%d)(%d%d)$", day_text},
   {"^(%d%d%d%d)[/.](%d%d?)[/.](%d%d?)$", day_text},
   {"^(%d%d%d%d)(%d%d)$", function(year, month)
      if tonumber(year) >= 1900 and tonumber(year) <= 2100 then return month_text(year, month) end
   end},
   {"^FY%s*(%d%d%d%d)[-/–](%d%d%d%d)$", function(first, last)
      if tonumber(last) == tonumber(first) + 1 then return first .. "/" .. last:sub(3), nil, "fiscal year" end
   end},
   {"^FY%s*(%d%d%d%d)$", function(year) return year, nil, "fiscal year" end},
   {"^(%d%d%d%d)[-/–](%d%d%d%d)$", function(first, last)
      if tonumber(last) == tonumber(first) + 1 then return first .. "/" .. last:sub(3), nil, "fiscal year" end
      if tonumber(last) > tonumber(first) then return first .. "/" .. last, nil, "several years together" end
   end},
}

--- A text with its Buddhist years as those of the Gregorian calendar, 543 less: those that say so (2568 BE, พ.ศ.
--- 2568), and
--- all where that was declared. A year that can only be one asks for it: the text, or nil and a message.
local function gregorian(text, options)
   if not text:find "%f[%d]2[4-6]%d%d%f[%D]" or options.calendar == "gregorian" then return text end
   local said = text:find "^B%.?E%.?%s*%d" or text:find "%d%s*%(?B%.?E%.?%)?$" or text:find("พ.ศ.", 1, true)
   if said or options.calendar == "buddhist" then
      text = text:gsub("%s*%(?B%.?E%.?%)?%s*", ""):gsub("%s*พ%.ศ%.%s*", "")
      return (text:gsub("%f[%d](2[4-6]%d%d)%f[%D]", function(year) return ("%d"):format(tonumber(year) - 543) end))
   end
   local year = text:match "^(2[4-6]%d%d)$"
   if year then
      return nil, ("%s may be the year %d of the Buddhist calendar; say --calendar buddhist or --calendar gregorian")
         :format(year, tonumber(year) - 543)
   end
   return text
end

---Reads a period. Gives it, or nil and a message where it has two readings, or nil alone where it is none; then a
---note and
---a flag that stood with it.
---@param text any a text, or a number that is a year
---@param options? {dates?: string, periods?: string, calendar?: string}
---@return string|nil period
---@return string|nil message
---@return string|nil note
---@return string|nil flag
function periods.read(text, options)
   options = options or {}
   if type(text) == "number" then
      if text ~= math.floor(text) then return nil end
      text = ("%d"):format(text)
   end
   if type(text) ~= "string" then return nil end
   text = text:match "^%s*(.-)%s*$"
   local doubtful
   text, doubtful = gregorian(text, options)
   if doubtful then return nil, doubtful end
   local stem, mark = text:match "^(%d%d%d%d)%s*(%(?%l%)?)$"
   if not stem then stem, mark = text:match "^(%d%d%d%d)(%*)$" end
   if stem then
      local flag = mark == "*" and "P" or require("difkit.format.flags").word(mark)
      if flag then return stem, nil, nil, flag end
      return nil
   end
   if text:find "^%-?%d%d?%d?%d?%d?$" then
      local year = tonumber(text)
      if #text == 4 and year >= 1000 or text:sub(1, 1) == "-" then return tostring(year) end
      return nil
   end
   for _, shape in ipairs(shapes) do
      local first, second, third = text:match(shape[1])
      if first then
         local period, message, note = shape[2](first, second, third)
         if period or message then return period, message, note end
      end
   end
   local year, two = text:match "^FY%s*(%d%d%d%d)[-/–](%d%d)$"
   if year then return year .. "/" .. two, nil, "fiscal year" end
   year, two = text:match "^(%d%d%d%d)/(%d%d)$"
   if year and tonumber(two) == (tonumber(year) + 1) % 100 then return year .. "/" .. two, nil, "fiscal year" end
   year, two = text:match "^(%d%d%d%d)%-(%d%d)$"
   if year then return year_and_two(year, two, options) end
   local first, second
   first, second, year = text:match "^(%d%d?)[/.](%d%d?)[/.](%d%d%d%d)$"
   if first then return day_of(first, second, year, options.dates) end
   local name
   name, year = text:match "^(%a+)[-%s](%d%d%d%d)$"
   if not name then year, name = text:match "^(%d%d%d%d)[-%s](%a+)$" end
   if name and months[name:lower()] then return month_text(year, months[name:lower()]) end
   local day
   day, name, year = text:match "^(%d%d?)[-%s]+(%a+)[-%s]+(%d%d%d%d)$"
   if not day then name, day, year = text:match "^(%a+)%s+(%d%d?),?%s+(%d%d%d%d)$" end
   if day and months[name:lower()] then return day_text(year, months[name:lower()], day) end
   name = text:match "^(%a+)[-%s]%d%d$"
   if name and months[name:lower()] then
      return nil, ("%s may be the month of a year or the day of a month; write the year with four digits"):format(text)
   end
   return nil
end

return periods
