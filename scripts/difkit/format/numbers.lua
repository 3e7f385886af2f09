--- Numbers as offices write them: 1 234,5 and 1,234.5, 12.8k, −5, (5), 45 %, 46.2 (p), n.a., #DIV/0!, <1.
--- The decimal sign is decided for a table, by evidence from all its cells, and then every cell is read by it; a
--- cell against it
--- is refused, and so is one that has two readings where nothing decides.
local core = require "difkit.core"
local flags = require "difkit.format.flags"

local numbers = {}

--- Marks of a missing value, in lower case: SDMX observation status. They are never zero.
local missing = {
   [".."] = "O", ["..."] = "O", ["…"] = "O", [":"] = "O", ["n.a."] = "O", ["n.a"] = "O", ["n/a"] = "O",
      ["n.d."] = "O",
   ["nd"] = "O", ["x"] = "O", ["nan"] = "O", ["null"] = "O", ["#n/a"] = "O", ["k.a."] = "O", ["tidak ada"] = "O",
   ["-"] = "O", ["–"] = "O", ["—"] = "O", ["."] = "O", ["z"] = "M", ["(z)"] = "M", ["c"] = "Q",
   ["(c)"] = "Q", ["s"] = "Q", ["not available"] = "O", ["not applicable"] = "M", ["confidential"] = "Q",
}
local errors_of_spreadsheets = {
   ["#DIV/0!"] = true, ["#REF!"] = true, ["#VALUE!"] = true, ["#NAME?"] = true, ["#NUM!"] = true, ["#NULL!"] = true,
   ["#N/A"] = true,
}
local factors = {k = 3, K = 3, M = 6, B = 9, bn = 9, Bn = 9}

--- Digits of other scripts: Arabic, Persian, Thai, Lao, Burmese, Khmer.
local zeros = {0x660, 0x6F0, 0xE50, 0xED0, 0x1040, 0x17E0}

local function plain_digits(text)
   if not text:find "[\xD9\xDB\xE0\xE1]" then return text end
   return (text:gsub(utf8.charpattern, function(character)
      local code = utf8.codepoint(character)
      for _, zero in ipairs(zeros) do
         if code >= zero and code <= zero + 9 then return string.char(48 + code - zero) end
      end
   end))
end

--- Text without the spaces around it, of whatever kind.
function numbers.trim(text)
   if not text:find "[%s\x80-\xFF]" then return text end
   text = text:gsub("\u{A0}", " "):gsub("\u{202F}", " "):gsub("\u{2009}", " "):gsub("\u{FEFF}", ""):gsub("\u{200B}", "")
   return (text:match "^%s*(.-)%s*$")
end

--- Digits with their signs, and what stands behind them: "-1 234,5", "(p)"; nil when the text begins with no number.
local function split(text)
   text = plain_digits(numbers.trim(text)):gsub("^\u{2212}", "-"):gsub("^\u{2013}(%d)", "-%1")
   local inner = text:match "^%((%d[%d., ']*)%)$"
   if inner then return "-" .. inner, "", "(…) read as a negative number" end
   local sign, rest = text:match "^([-+]?)(.*)$"
   local digits = rest:match "^[%d.,]*%d" or rest:match "^%.%d+"
   if not digits then return nil end
   -- Groups after spaces and apostrophes, three digits each.
   while true do
      local more = rest:sub(#digits + 1):match "^[ '’]?%d%d%d%f[^%d][.,]?%d*"
         or rest:sub(#digits + 1):match "^’%d%d%d%f[^%d]"
      if not more or not more:find "^[ '\xE2]" then break end
      digits = digits .. more
   end
   local tail = rest:sub(#digits + 1)
   local exponent = tail:match "^[eE][-+]?%d+"
   if exponent then digits, tail = digits .. exponent, tail:sub(#exponent + 1) end
   return (sign == "-" and "-" or "") .. digits, numbers.trim(tail)
end

--- What a number says of the decimal sign: ".", ",", "?" (two readings) or nil (nothing).
local function sign_of(digits)
   digits = digits:gsub("^-", ""):gsub("[eE].*$", "")
   local spaced = digits:find "[ '’]"
   digits = digits:gsub("[ '’]", ""):gsub("\u{2019}", "")
   local points, commas = select(2, digits:gsub("%.", "")), select(2, digits:gsub(",", ""))
   if points == 0 and commas == 0 then return nil end
   if points > 0 and commas > 0 then return digits:find "%.[^,]*$" and "." or "," end
   local mark = points > 0 and "." or ","
   local other = mark == "." and "," or "."
   if points + commas > 1 then return other end
   local before, after = digits:match "^(%d*)[.,](%d+)$"
   if not before then return nil end
   if #after ~= 3 or #before > 3 or before == "0" or before == "" or spaced then return mark end
   return "?"
end

---The decimal sign that the texts of a table speak for, and one text that has two readings (nil when there is none,
---or it
---is decided). Each evidence counts once; a tie decides nothing.
---@param texts fun(): string|nil an iterator
---@return string|nil decimal
---@return string|nil doubtful
function numbers.decimal(texts)
   local count, doubtful = {["."] = 0, [","] = 0}, nil
   for text in texts do
      local digits = type(text) == "string" and split(text)
      local sign = digits and sign_of(digits)
      if sign == "?" then doubtful = doubtful or text elseif sign then count[sign] = count[sign] + 1 end
      -- Cells against so much evidence are refused one by one.
      if math.abs(count["."] - count[","]) > 10000 then break end
   end
   if count["."] > count[","] then return "." end
   if count[","] > count["."] then return "," end
   return nil, doubtful
end

--- The digits as Lua reads them, or nil and why not.
local function reading(digits, decimal)
   local sign = sign_of(digits)
   if sign == "?" and not decimal then return nil, "may be with decimals or with thousands" end
   if sign and sign ~= "?" and decimal and sign ~= decimal then
      return nil, ('does not fit the decimal sign "%s" of the file; give --decimal'):format(decimal)
   end
   local mark = decimal or (sign ~= "?" and sign) or "."
   local group = mark == "." and "," or "."
   local whole, rest = digits:gsub("[ ']", ""):gsub("\u{2019}", ""), ""
   local at = whole:find(mark, 1, true)
   if at then whole, rest = whole:sub(1, at - 1), whole:sub(at + 1) end
   local grouped = whole:gsub("^-", "")
   if grouped:find(group, 1, true) then
      local first = grouped:match("^(%d+)%" .. group)
      local tail = first and grouped:sub(#first + 1):gsub("%" .. group .. "%d%d%d", "")
      if not first or #first > 3 or tail ~= "" then return nil, "has groups that are not of three digits" end
      whole = whole:gsub("%" .. group, "")
   end
   return (whole == "" or whole == "-") and whole .. "0." .. rest or at and whole .. "." .. rest or whole
end

--- Significant digits of a decimal text.
local function significant(text)
   return #text:gsub("[eE].*$", ""):gsub("[-.]", ""):gsub("^0+", "")
end

local function power(text, factor)
   -- By moving the point, not by multiplying: 1.1k is 1100 exactly.
   return tonumber(text .. "e" .. factor)
end
numbers.power = power

---Reads one cell. Gives a table: `value` (nil where missing), `flag`, `note`, `mark` (a footnote's), `warning`;
---nothing at
---all for an empty cell; nil and a message for what is no number.
---@param text any
---@param decimal? string "." or ","
---@param options? {missing?: table<string, boolean>}
---@return table|nil cell
---@return string|nil message
function numbers.read(text, decimal, options)
   if type(text) == "number" then return {value = text} end
   if type(text) ~= "string" then return nil, "is no number" end
   local trimmed = numbers.trim(text)
   if trimmed == "" then return {} end
   -- What needs no thought: digits, and a point where it is known to be the decimal sign.
   if #trimmed <= 15 and (trimmed:find "^-?%d+$" or decimal == "." and trimmed:find "^-?%d+%.%d+$")
      and not (options and options.missing) then
      return {value = math.tointeger(tonumber(trimmed)) or tonumber(trimmed)}
   end
   if options and options.missing and options.missing[trimmed] then return {flag = "O"} end
   if errors_of_spreadsheets[trimmed] then return {flag = "O", note = trimmed} end
   if trimmed == "na" then return {flag = "M"} end
   local flag = missing[trimmed] or missing[trimmed:lower()] or (trimmed == "NA" and "O") or nil
   if flag then return {flag = flag, dash = trimmed == "-" or trimmed == "–" or trimmed == "—" or nil} end
   local sign, bound = trimmed:match "^([<>])%s*(.+)$"
   if not sign then
      for mark, word in pairs {["≤"] = "<", ["≥"] = ">"} do
         if trimmed:sub(1, #mark) == mark then sign, bound = word, numbers.trim(trimmed:sub(#mark + 1)) end
      end
   end
   if sign and split(bound) then return {flag = "O", note = (sign == "<" and "below " or "above ") .. bound} end
   if trimmed:find "^%d[%d.,]*%s*[–—]%s*%d[%d.,]*$" or trimmed:find "^%d[%d.,]* to %d[%d.,]*$" then
      return {flag = "O", note = trimmed}
   end
   local digits, tail, warning = split(trimmed)
   if not digits then return nil, "is no number" end
   local written, problem = reading(digits, decimal)
   if not written then return nil, problem end
   if not tonumber(written) or tonumber(written) ~= tonumber(written) or math.abs(tonumber(written)) == math.huge then
      return nil, "is no number that can be kept"
   end
   if significant(written) > 17 then return nil, "has more than 17 digits, which a number here cannot keep" end
   local factor, after = tail:match "^([kKMB]n?)%f[^%a]%s*(.*)$"
   if not factor or not factors[factor] then factor, after = tail:match "^(bn)%f[^%a]%s*(.*)$" end
   if factor and factors[factor] then
      written, tail = written .. "e" .. factors[factor], after
   end
   tail = tail:gsub("^%%%s*", "")
   local value = tonumber(written)
   if math.type(value) == "float" and value == math.floor(value) and math.abs(value) < 2 ^ 53 then
      value = math.tointeger(value)
   end
   local cell = {value = value, warning = warning}
   if tail == "" then return cell end
   local code = flags.word(tail)
   if code then
      cell.flag = code
      return cell
   end
   local mark = flags.mark(tail)
   if mark then
      cell.mark = mark
      return cell
   end
   return nil, ('has "%s" behind the number'):format(tail)
end

--- A number as text, as an observation is written.
function numbers.text(value)
   if value == nil then return "" end
   return (core.number_text(value):gsub("%.0$", ""))
end

return numbers
