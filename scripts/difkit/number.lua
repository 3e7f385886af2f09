--- How a number is shown to people: the same digits on a terminal, in HTML, in Markdown and in charts. Files for
--- programs (CSV, JSON, workbooks) hold numbers in full; what is decided here is for reading alone.
---
--- The numbers of a column share their digits after the point: as many as they need, what arithmetic leaves behind (the
--- 4e-17 of 0.1 + 0.2) not counted, at most as many as there is room for, but always enough to tell apart numbers that
--- lie close to one another. What would still be shown as nothing although it is something, and what is too large to
--- be read digit by digit, stands with a power of ten.
local core = require "difkit.core"

local number = {}

local table_digits = 4  -- after the point, in a column of a table
local most_digits = 6   -- beyond these a power of ten is easier to read
local told_apart = 2    -- significant digits of the spread that are always shown
local noise = 1e-12     -- of the largest number of a column
local largest_plain = 1e15

local function is_finite(value) return value - value == 0 end

--- What the reals among `values` (the first `n`) are like: largest size and spread; nil when there are none.
local function survey(values, n)
   local largest, low, high
   for i = 1, n do
      local value = values[i]
      if math.type(value) == "float" then
         largest = largest or 0
         if is_finite(value) and math.abs(value) < largest_plain then
            largest = math.max(largest, math.abs(value))
            low, high = math.min(low or value, value), math.max(high or value, value)
         end
      end
   end
   if not largest then return nil end
   local spread = low and high - low or 0
   return largest, spread > noise * largest and spread or largest
end

--- Digits after the point that the reals among `values` need, at most `most` unless numbers that lie close together
--- need more to be told apart. Nil when there are no reals. `n` is the length of a list with gaps.
function number.digits(values, most, n)
   n = n or values.n or #values
   local largest, spread = survey(values, n)
   if not largest then return nil end
   local limit = most or table_digits
   if spread > 0 then
      local close = told_apart - 1 - math.floor(math.log(spread, 10) + 1e-9)
      if close <= most_digits then limit = math.max(limit, close) end
   end
   local digits = 0
   for i = 1, n do
      local value = values[i]
      -- What would show as nothing gets a power of ten instead, and no say in the digits of the others.
      if math.type(value) == "float" and math.abs(value) < largest_plain and math.abs(value) >= 0.5 * 10.0 ^ -limit then
         while digits < limit
            and math.abs(tonumber(("%%.%df"):format(digits):format(value)) - value) > noise * largest do
            digits = digits + 1
         end
      end
   end
   return digits
end

--- Digits for the labels of a chart, where there is less room than in a table: at most three, fewer where the numbers
--- are large.
function number.label_digits(values)
   local largest = survey(values, #values)
   if not largest then return 0 end
   return number.digits(values, largest >= 1000 and 0 or largest >= 10 and 1 or largest >= 1 and 2 or 3)
end

--- A number in plain characters, rounded to `digits` after the point. Without them a real gets as many as it needs by
--- itself in a label, and never shows as nothing.
function number.text(value, digits)
   if not is_finite(value) then return core.number_text(value) end
   local given = digits
   if math.type(value) == "integer" then
      if (digits or 0) == 0 then return core.number_text(value) end
   elseif math.abs(value) >= largest_plain then
      return ("%.6g"):format(value)
   end
   digits = digits or number.label_digits {value}
   local text = ("%%.%df"):format(digits):format(value)
   if text:find "[1-9]" then return text end
   if not given and value ~= 0 then return ("%.3g"):format(value) end
   return (text:gsub("^%-", ""))
end

--- A plain number as print in a book has it: a true minus sign, thousands set apart by a space that does not break.
local function typeset(text)
   local sign, whole, rest = text:match "^(-?)(%d+)(.*)$"
   if not whole then return text end
   if #whole > 4 then
      whole = whole:reverse():gsub("%d%d%d", "%0 "):reverse():gsub("^ ", ""):gsub(" ", "\u{A0}")
   end
   return (sign == "-" and "−" or "") .. whole .. rest:gsub("e%-", "e−")
end

--- A number as HTML, Markdown and charts show it: with a true minus sign and spaces between thousands.
function number.show(value, digits) return typeset(number.text(value, digits)) end

--- A number that stands alone. An integer stays one, whatever the digits.
function number.figure(value, digits)
   if math.type(value) == "integer" then digits = 0 end
   return number.show(value, digits)
end

--- Shows numbers with the same digits. What would show as nothing stands with a power of ten, unless it is what
--- arithmetic left behind beside `largest`.
local function shower(digits, largest)
   return function(value)
      local text = number.text(value, digits)
      if text:find "[1-9]" or not is_finite(value) or math.abs(value) <= noise * largest then return text end
      return number.text(value)
   end
end

--- A function that shows the numbers of a column in plain characters, all with the same digits; `given` are those that
--- the script asks for. A column without reals shows its integers as they are; beside reals they keep points in line.
function number.plain(values, given, n)
   n = n or values.n or #values
   local digits = number.digits(values, nil, n)
   return shower(digits and given or digits or 0, digits and survey(values, n) or 0)
end

--- The same with a true minus sign and spaces between thousands, for pages.
function number.column(values, given, n)
   local plain = number.plain(values, given, n)
   return function(value) return typeset(plain(value)) end
end

local words = {{1e12, "tn"}, {1e9, "bn"}}

--- A number of a thousand million or more with three significant digits and a word: 1.37 tn.
local function in_words(value)
   for _, word in ipairs(words) do
      if math.abs(value) >= 0.9995 * word[1] and math.abs(value) < 0.9995 * largest_plain then
         local text = ("%.3g"):format(value / word[1])
         return ("%s\u{A0}%s"):format(text, word[2])
      end
   end
end

--- Whether all of the values are told apart by `show`.
local function tells_apart(values, show)
   local shown = {}
   for _, value in ipairs(values) do
      local text = show(value) or value
      if shown[text] ~= nil and shown[text] ~= value then return false end
      shown[text] = value
   end
   return true
end

--- A function that shows all of `values` as labels of a chart, with the same digits; numbers of a thousand million or
--- more by words, where these tell them apart.
function number.shower(values, given)
   local plain = shower(given or number.label_digits(values), (survey(values, #values)) or 0)
   local large = not given and tells_apart(values, in_words)
   return function(value) return typeset(large and in_words(value) or plain(value)) end
end

--- "1 row", "2 rows".
function number.counted(count, one, many)
   return ("%d %s"):format(count, count == 1 and one or many or one .. "s")
end

return number
