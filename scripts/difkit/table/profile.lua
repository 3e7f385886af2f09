--- A first look at cells: what each column holds, what stands for nothing, extremes, quantiles, frequent values, and
--- what
--- looks odd. One pass; memory is bounded: counts of values up to KINDS a column, quantiles from at most SAMPLE values
--- drawn
--- with a fixed seed, rows compared with one another up to ROWS.
local class = require "difkit.class"
local numbers = require "difkit.format.numbers"
local period = require "difkit.format.periods"

local KINDS <const>, SAMPLE <const>, ROWS <const>, TOP <const>, BINS <const> = 20000, 20000, 50000, 5, 8

local Profile, events = class "difkit.table.Profile"

local profile = {}

---@param names string[]
---@param options? {decimal?: string}
function profile.new(names, options)
   local columns = {}
   for j, name in ipairs(names) do
      columns[j] = {
         name = name, n = 0, empty = 0, marks = {}, maybe = {}, counts = {}, kinds = 0, types = {}, sample = {},
            numbers = 0,
         mean = 0.0, m2 = 0.0, increasing = true, ids = {}, known = {}, meaning = {}, texts = 0,
      }
   end
   return setmetatable({columns = columns, decimal = options and options.decimal, rows = 0, seen = {}, twice = 0,
      seed = 1}, events)
end

--- Marks that stand for nothing in any column; others do so only among numbers ("NA" may be Namibia).
local always = {[".."] = true, ["..."] = true, ["n.a."] = true, ["N/A"] = true, ["n/a"] = true, ["#N/A"] = true,
   null = true, NULL = true, NaN = true, nan = true, ["-"] = true, ["–"] = true, ["—"] = true}

--- The type of a text, and what it is: numbers as offices write them are numbers.
local function judge_text(text, decimal)
   if always[text] then return "mark", text end
   local number = text:find "^[-+]?[%d.]" and not text:find "[xX]" and tonumber(text)
   if number and number == number and math.abs(number) < math.huge then
      if text:find "^0%d" then return "text", text end -- a code, such as "007"
      return math.type(number), number
   end
   if text:find "^%d%d%d%d%-%d%d%-%d%d" then return "date", text end
   local cell = not text:find "^%a%a" and numbers.read(text, decimal)
   if cell and cell.value then return "float", cell.value end
   if cell and cell.flag then return "maybe", text end
   if text == "true" or text == "false" or text == "TRUE" or text == "FALSE" then return "truth", text:lower() end
   if text:find "%d" and period.read(text) then return "period", text end
   if text:find "^%s+$" then return "mark", "spaces" end
   return "text", text
end

--- The type of a value, and the value; texts that came before are remembered.
local function judge(self, column, value)
   local kind = type(value)
   if kind == "number" then
      if value ~= value then return "mark", value end
      return math.type(value), value
   end
   if kind ~= "string" then return "truth", tostring(value) end
   local known = column.known[value]
   if known then return known, column.meaning[value] end
   local meaning
   known, meaning = judge_text(value, self.decimal)
   if column.texts < KINDS then
      column.texts = column.texts + 1
      column.known[value], column.meaning[value] = known, meaning
   end
   return known, meaning
end

--- A whole number from 1 to n, the same in every run.
local function draw(self, n)
   self.seed = (self.seed * 6364136223846793005 + 1442695040888963407)
   return (self.seed >> 33) % n + 1
end

local function add_number(self, column, number)
   local count = column.numbers + 1
   column.numbers = count
   local delta = number - column.mean
   column.mean = column.mean + delta / count
   column.m2 = column.m2 + delta * (number - column.mean)
   if not column.low then column.low, column.high = number, number end
   if number < column.low then column.low = number elseif number > column.high then column.high = number end
   if count <= SAMPLE then
      column.sample[count] = number
   else
      local place = draw(self, count)
      if place <= SAMPLE then column.sample[place] = number end
   end
end

local function less(a, b)
   if type(a) == type(b) then return a < b end
   return type(a) == "number"
end

local function add_value(self, column, kind, value)
   column.types[kind] = (column.types[kind] or 0) + 1
   local count = column.counts[value]
   if count then
      column.counts[value] = count + 1
   elseif column.kinds < KINDS then
      column.counts[value] = 1
      column.kinds = column.kinds + 1
   else
      column.many = true
   end
   if kind == "integer" or kind == "float" then
      add_number(self, column, value)
   else
      if not column.first or value < column.first then column.first = value end
      if not column.last or value > column.last then column.last = value end
   end
   if column.increasing then
      if column.previous ~= nil and not less(column.previous, value) then column.increasing = false end
      column.previous = value
   end
end

---Takes a row in: its cells as values or as texts, nil and "" where there is none. `reasons[j]`: the cell says why
---there is
---no value.
---@param cells any[]
---@param reasons? table<integer, boolean>
function Profile:row(cells, reasons)
   self.rows = self.rows + 1
   for j, column in ipairs(self.columns) do
      local value = cells[j]
      if value == nil or value == "" then
         column.empty = column.empty + 1
      else
         local kind, read
         if reasons and reasons[j] then kind, read = "mark", value else kind, read = judge(self, column, value) end
         if kind == "mark" or kind == "maybe" then
            local list = kind == "mark" and column.marks or column.maybe
            list[tostring(read)] = (list[tostring(read)] or 0) + 1
         else
            add_value(self, column, kind, read)
         end
      end
   end
   if self.rows > ROWS then return end
   local key = {}
   for j, column in ipairs(self.columns) do
      key[j] = cells[j] == nil and "" or tostring(cells[j])
      column.ids[self.rows] = key[j]
   end
   key = table.concat(key, "\31")
   if self.seen[key] then self.twice = self.twice + 1 else self.seen[key] = true end
end

--- Marks that are nothing among numbers only: taken as values where the column holds texts.
local function settle(column)
   local numeric = column.numbers
   local texts = (column.types.text or 0) + (column.types.period or 0) + (column.types.date or 0)
   for mark, count in pairs(column.maybe) do
      if numeric >= texts and numeric > 0 then
         column.marks[mark] = (column.marks[mark] or 0) + count
      else
         column.types.text = (column.types.text or 0) + count
         if not column.counts[mark] then column.kinds = column.kinds + 1 end
         column.counts[mark] = (column.counts[mark] or 0) + count
      end
   end
   column.maybe = {}
end

local function type_of(column)
   local list, total = {}, 0
   for _, kind in ipairs {"integer", "float", "date", "period", "truth", "text"} do
      local count = column.types[kind]
      if count then
         list[#list + 1] = {kind == "float" and "number" or kind, count}
         total = total + count
      end
   end
   if #list == 0 then return "nothing", 0 end
   if #list == 1 then return list[1][1], total end
   if #list == 2 and column.types.integer and column.types.float then return "number", total end
   local parts = {}
   for i, one in ipairs(list) do parts[i] = ("%s %d"):format(one[1], one[2]) end
   return "mixed (" .. table.concat(parts, ", ") .. ")", total
end

--- The quantile of sorted values by linear interpolation between them (type 7 of Hyndman and Fan 1996).
local function quantile(sorted, p)
   local place = 1 + (#sorted - 1) * p
   local whole = math.floor(place)
   local low, high = sorted[whole], sorted[math.min(whole + 1, #sorted)]
   return whole == place and low or low + (place - whole) * (high - low)
end

--- The values of a column in order: all of them where they are few kinds, else those that were drawn.
local function sorted_values(column)
   if column.many or column.numbers > 50 * SAMPLE then
      table.sort(column.sample)
      return column.sample, false
   end
   local kinds, sorted = {}, {}
   for value in pairs(column.counts) do
      if type(value) == "number" then kinds[#kinds + 1] = value end
   end
   table.sort(kinds)
   for _, value in ipairs(kinds) do
      for _ = 1, column.counts[value] do sorted[#sorted + 1] = value end
   end
   return sorted, true
end

local blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

--- How values spread from the least to the greatest, in bins of one width.
local function histogram(sorted)
   local low, high = sorted[1], sorted[#sorted]
   if not low or low == high then return nil end
   local bins, most = {}, 0
   for i = 1, BINS do bins[i] = 0 end
   for _, value in ipairs(sorted) do
      local bin = math.min(BINS, 1 + math.floor((value - low) / (high - low) * BINS))
      bins[bin] = bins[bin] + 1
      most = math.max(most, bins[bin])
   end
   for i, count in ipairs(bins) do bins[i] = count == 0 and " " or blocks[math.ceil(count / most * #blocks)] end
   return table.concat(bins)
end

local function shown(value) return type(value) == "number" and numbers.text(value) or tostring(value) end

--- The most frequent values with their counts, those first that come first in order.
local function top_of(column)
   local list = {}
   for value, count in pairs(column.counts) do
      if count > 1 then list[#list + 1] = {value, count} end
   end
   table.sort(list, function(a, b)
      if a[2] ~= b[2] then return a[2] > b[2] end
      return less(a[1], b[1])
   end)
   local parts = {}
   for i = 1, math.min(TOP, #list) do parts[i] = ("%s ×%d"):format(shown(list[i][1]), list[i][2]) end
   return #parts > 0 and table.concat(parts, ", ") or nil
end

local function nothing_of(column)
   local parts, total = {}, column.empty
   if column.empty > 0 then parts[1] = ("empty ×%d"):format(column.empty) end
   for mark, count in require("difkit.sorted")(column.marks) do
      parts[#parts + 1] = ("%s ×%d"):format(mark, count)
      total = total + count
   end
   return total, #parts > 0 and table.concat(parts, ", ") or nil
end

--- Days that programs write where they know none.
local days = {["1900-01-01"] = true, ["1899-12-30"] = true, ["1899-12-31"] = true, ["1970-01-01"] = true,
   ["1904-01-01"] = true, ["9999-12-31"] = true, ["1960-01-01"] = true}

--- Numbers that often stand for a missing value: -9, 99, 9999 … where they lie apart from all others.
local function sentinels(column, remarks)
   local low, high, some = nil, nil, {}
   for value, count in pairs(column.counts) do
      local text = type(value) == "number" and shown(value) or value
      if type(value) == "number" and (text:find "^%-?9+$" or text == "-1") then
         some[#some + 1] = {value, count}
      elseif type(value) == "number" then
         low, high = math.min(low or value, value), math.max(high or value, value)
      elseif days[text:sub(1, 10)] and (count > 1 or column.kinds > 1) then
         remarks[#remarks + 1] = ("%s ×%d may stand for no date"):format(text, count)
      end
   end
   table.sort(some, function(a, b) return a[1] < b[1] end)
   for _, one in ipairs(some) do
      local value, count = one[1], one[2]
      local apart = low and (value < 0 and low >= 0 or value < low and low - value > (high - low) / 4
         or value > high and value - high > (high - low) / 4)
      if apart and not column.many then
         remarks[#remarks + 1] = ("%s ×%d may stand for a missing value"):format(shown(value), count)
      end
   end
end

--- Texts that look like numbers with the other decimal sign, or with spaces around them.
local function written(column, remarks)
   local commas, spaces = 0, 0
   for value, count in pairs(column.counts) do
      if type(value) == "string" then
         if value:find "^[-+]?[%d. ]*%d,%d+$" then commas = commas + count end
         if value:find "^%s" or value:find "%s$" then spaces = spaces + count end
      end
   end
   if commas > 0 then
      remarks[#remarks + 1] = ("%d look like numbers with a decimal comma: decimal \",\" reads them"):format(commas)
   end
   if spaces > 0 then remarks[#remarks + 1] = ("%d have spaces before or behind"):format(spaces) end
end

--- Whether rows, up to ROWS of them, are all different in these columns.
local function apart(columns, count)
   local seen = {}
   for i = 1, count do
      local key = {}
      for k, column in ipairs(columns) do
         key[k] = column.ids[i]
         if key[k] == "" then return false end
      end
      key = table.concat(key, "\31")
      if seen[key] then return false end
      seen[key] = true
   end
   return true
end

--- Keys of two or three columns: tried where no column alone is one, without those that are measured.
local function keys_of(self)
   local list, count = {}, math.min(self.rows, ROWS)
   for _, column in ipairs(self.columns) do
      if column.is_key then list[#list + 1] = column.name end
   end
   if #list > 0 or self.rows < 2 or self.rows > ROWS or self.twice > 0 then return list end
   local able = {}
   for _, column in ipairs(self.columns) do
      if column.kinds > 1 and column.missing == 0 and not column.types.float and #able < 10 then
         able[#able + 1] = column
      end
   end
   for i = 1, #able do
      for j = i + 1, #able do
         if able[i].kinds * able[j].kinds >= count and apart({able[i], able[j]}, count) then
            list[#list + 1] = able[i].name .. " + " .. able[j].name
         end
      end
   end
   for i = 1, #list == 0 and #able or 0 do
      for j = i + 1, #able do
         for k = j + 1, #able do
            if able[i].kinds * able[j].kinds * able[k].kinds >= count
               and apart({able[i], able[j], able[k]}, count) then
               list[#list + 1] = able[i].name .. " + " .. able[j].name .. " + " .. able[k].name
            end
         end
      end
   end
   return list
end

--- What is known of a column, as a row of the result.
local function describe(self, column)
   settle(column)
   local remarks = {}
   local kind, valid = type_of(column)
   local missing, nothing = nothing_of(column)
   column.missing = missing
   local numeric = column.numbers > 0 and column.numbers == valid
   local sorted, exact = sorted_values(column)
   column.is_key = valid > 1 and missing == 0 and valid == self.rows and (column.kinds == valid
      or column.many and column.increasing)
   if column.is_key then remarks[#remarks + 1] = "all different: may be a key" end
   if column.kinds == 1 and not column.many and valid > 1 then
      remarks[#remarks + 1] = missing > 0 and "one value or none" or "constant"
   end
   if column.many then remarks[#remarks + 1] = ("more than %d different values"):format(KINDS) end
   if numeric and not exact and column.numbers > SAMPLE then
      remarks[#remarks + 1] = ("quantiles from %d values drawn of them"):format(SAMPLE)
   end
   sentinels(column, remarks)
   written(column, remarks)
   local function q(p) return numeric and #sorted > 0 and quantile(sorted, p) or nil end
   return {
      column = column.name, type = kind, n = valid, missing = missing, nothing = nothing,
      distinct = not column.many and column.kinds or nil,
      min = column.first or column.low, q1 = q(0.25), median = q(0.5), q3 = q(0.75),
      max = column.last or column.high, mean = numeric and column.mean or nil,
      deviation = numeric and column.numbers > 1 and math.sqrt(column.m2 / (column.numbers - 1)) or nil,
      top = top_of(column), histogram = numeric and histogram(sorted) or nil,
      remarks = #remarks > 0 and table.concat(remarks, "; ") or nil,
   }
end

profile.columns = {"column", "type", "n", "missing", "nothing", "distinct", "min", "q1", "median", "q3", "max", "mean",
   "deviation", "top", "histogram", "remarks"}

---What was seen: the rows of a table with `profile.columns`, and a note about all rows together.
---@return table[] rows
---@return string note
function Profile:result()
   local rows = {}
   for j, column in ipairs(self.columns) do rows[j] = describe(self, column) end
   local parts = {("%d rows"):format(self.rows)}
   local keys = keys_of(self)
   if #keys > 0 then parts[#parts + 1] = "may be a key: " .. table.concat(keys, "; ") end
   if self.twice > 0 then
      parts[#parts + 1] = ("%d rows repeat another%s"):format(self.twice,
         self.rows > ROWS and (" (of the first %d)"):format(ROWS) or "")
   end
   return rows, table.concat(parts, "; ")
end

return profile
