--- What is gathered while a file is read: observations with their places, what was left out and why, what is wrong.
local begins_note = require "difkit.import.notes"
local class = require "difkit.class"
local core = require "difkit.core"
local flags = require "difkit.format.flags"
local numbers = require "difkit.format.numbers"
local periods = require "difkit.format.periods"
local units = require "difkit.units"

local Collect, collect_events = class "difkit.import.Collect"

--- `options`: what the caller decided; `file`: its name.
local function new(file, options)
   local collect = setmetatable({
      file = file, options = options, gathered = require("difkit.import.gathered").new(), taken = 0, skipped = {},
      skipped_by = {}, errors = {},
      refusals = {}, warnings = {}, indicators = {}, indicator_by = {}, matchers = {}, periods = {}, shapes = {},
         marks = {},
         source = {},
         unknown = {}, renamed = {}, below = {},
   }, collect_events)
   return collect
end

--- A place for people: "7:2" of a text in words.
local function in_words(place) return (place:gsub("^(%d+):(%d+)$", "line %1, column %2")) end

--- Counts what is left out, by its label and why.
function Collect:skip(label, why)
   local key = label .. "\0" .. why
   local entry = self.skipped_by[key]
   if not entry then
      entry = {label = label, why = why, count = 0}
      self.skipped_by[key] = entry
      self.skipped[#self.skipped + 1] = entry
   end
   entry.count = entry.count + 1
end

--- A cell that is left out because it is wrong.
function Collect:wrong(place, message)
   self.errors[#self.errors + 1] = {place = in_words(place), message = message}
end

--- Something for which the whole file is refused, until an option or a decision says what is right.
function Collect:refuse(place, message, hint)
   local key = message .. (hint or "")
   if self.refusals[key] then return end
   self.refusals[key] = true
   self.refusals[#self.refusals + 1] = {place = in_words(place), message = message, hint = hint}
end

--- Notes what is worth saying, once, and how often it was met.
function Collect:warn(message, times)
   if not self.warnings[message] then self.warnings[#self.warnings + 1] = message end
   self.warnings[message] = (self.warnings[message] or 0) + (times or 1)
end

--- What an indicator of the file is called in the data.
function Collect:named(id)
   local name = self.options.rename and self.options.rename[id]
   if name then self.renamed[id] = true end
   return name or id
end

--- What is known of an indicator: title, measure.
function Collect:indicator(id, title, measure)
   local name = self:named(id)
   id, title = name, title or name ~= id and id or nil
   local known = self.indicator_by[id]
   if not known then
      known = {id = id}
      self.indicator_by[id] = known
      self.indicators[#self.indicators + 1] = known
   end
   known.title = known.title or title
   known.measure = known.measure or measure
   return known
end

local function matched(self, text, system)
   local match = self.matchers[system]
   if not match then
      match = units.matcher(system, self.options.decisions)
      self.matchers[system] = match
   end
   return match(text)
end

---The unit of a row by its code, its name, or both: a code, or nil when the row is to be left out.
---`label`: what the row is called where it is left out.
---@param given {code?: string, name?: string, system: string, group?: boolean, label?: string}
---@param place string
---@return string|nil
function Collect:unit(given, place)
   local code_text, name_text = given.code, given.name
   if code_text == "" then code_text = nil end
   if name_text == "" then name_text = nil end
   if not name_text and not code_text then return nil end
   local label = given.label or name_text or code_text
   -- What people decided about the code or the name goes before what both mean.
   local decided = units.decided(self.options.decisions, code_text)
   if decided == nil then decided = units.decided(self.options.decisions, name_text) end
   if decided then return decided end
   if decided == false then
      self:skip(label, units.reason "excluded")
      return nil
   end
   if given.group then
      self:skip(label, "a group of units")
      return nil
   end
   local kind, code, near
   if code_text then kind, code, near = matched(self, code_text, given.system) end
   if name_text then
      local name_kind, name_code, name_near = matched(self, name_text, "name")
      if kind == "unit" and name_kind == "unit" and code ~= name_code then
         self:refuse(place, ('the code "%s" is %s, the name "%s" is %s'):format(code_text, code, name_text, name_code),
            "correct the one that is wrong, or name the column that counts with --unit")
         return nil
      end
      if not code_text or kind == "unknown" and name_kind ~= "unknown" then
         kind, code, near = name_kind, name_code, name_near
      elseif name_kind == "excluded" or kind == "unit" and name_kind == "aggregate"
         and not code_text:find "^%u%u%u?$" then
         kind = name_kind
      end
   end
   if kind == "unit" then return code end
   if kind == "aggregate" or kind == "part" or kind == "excluded" then
      self:skip(label, units.reason(kind, code, near))
      return nil
   end
   local reason = units.reason(kind, code, near)
   if not self.unknown[label] then
      self.unknown[label] = {label = label, reason = reason, place = in_words(place), count = 0}
      self.unknown[#self.unknown + 1] = self.unknown[label]
   end
   self.unknown[label].count = self.unknown[label].count + 1
   return nil
end

--- Text of several notes, without those that say nothing, each once.
local function join(...)
   local list, seen = {}, {}
   for i = 1, select("#", ...) do
      local note = select(i, ...)
      if note and note ~= "" and not seen[note] then
         seen[note] = true
         list[#list + 1] = note
      end
   end
   return table.concat(list, "; ")
end

--- The period of an observation: text as found, or {period = …} when the heading was read before.
function Collect:period(text, place)
   if type(text) == "table" then return text.period, text.note, text.flag end
   local known = self.periods[text]
   if known then return known[1], known[2], known[3] end
   local period, message, note, flag = periods.read(text, self.options)
   if period then
      self.periods[text] = {period, note, flag}
      return period, note, flag
   end
   if message then
      self:refuse(place, message)
   else
      self:wrong(place, ('"%s" is no period'):format(tostring(text)))
   end
end

--- Counts how a cell is written, when it is more than digits with a point: digits as 9, so that "1 234,5" is "9 9,9".
function Collect:shape(text)
   if type(text) ~= "string" or text:find "^-?%d+%.?%d*$" or #text > 40 then return end
   local shape = text:gsub("%d+", "9")
   local entry = self.shapes[shape]
   if not entry then
      if #self.shapes >= 40 then return end
      entry = {shape = shape, example = text, count = 0}
      self.shapes[shape] = entry
      self.shapes[#self.shapes + 1] = entry
   end
   entry.count = entry.count + 1
end

---Adds an observation. `value` is the cell as it stands; an empty one without a flag gives nothing. Gives the period
---and the flag when there is a value, and neither the cell nor the period brought a flag or mark of its own.
---@param o {unit: string, indicator: string, period: any, value: any, flag?: string, note?: string, decimal?: string,
---   multiply?: integer, missing?: table, place: string, rank?: integer}
---@return string|nil period
---@return string|nil flag
function Collect:observe(o)
   local cell, message
   if type(o.value) == "table" then
      self:wrong(o.place, "a formula without a value: open the workbook in a spreadsheet program and save it")
      return
   end
   if o.value == nil or o.value == "" then
      if not o.flag or o.flag == "" then return end
      cell = {}
   else
      cell, message = numbers.read(o.value, o.decimal, o)
   end
   self:shape(o.value)
   if not cell then
      if message:find "^may be" then
         self:refuse(o.place, ('"%s" %s'):format(o.value, message), 'say --decimal "." or --decimal ","')
      else
         self:wrong(o.place, ('"%s" %s'):format(tostring(o.value), message))
      end
      return
   end
   local period, _, period_flag = self:period(o.period, o.place)
   if not period then return end
   local value = cell.value
   if value and o.multiply and o.multiply ~= 0 then
      value = numbers.power(numbers.text(value), o.multiply)
   end
   local note, mark_flag = o.note, nil
   if cell.mark then
      local text, code = self:footnote(cell.mark)
      mark_flag = code
      if not code then note = join(note, text) end
   end
   if cell.warning then self:warn(cell.warning) end
   local flag = o.flag or ""
   if cell.flag or mark_flag or period_flag then
      flag = flags.join{flag, cell.flag or "", mark_flag or "", period_flag or ""}
   elseif flag:find ";" or #flag > 1 then
      flag = flags.join{flag}
   end
   if value == nil then
      -- Why there is no value, in the words of the file where it has them.
      local codes = {}
      for code in (o.flag or ""):gmatch "%a" do
         if flags.missing[code] then codes[#codes + 1] = code end
      end
      flag = codes[1] and flags.join(codes) or cell.flag or "O"
      if o.keep_flags then
         local all = {flag}
         for code in (o.flag or ""):gmatch "%a" do all[#all + 1] = code end
         flag = flags.join(all)
      end
      -- A bound says more than a remark; a remark says more than the error of a spreadsheet.
      if cell.note and not (cell.note:find "^#" and note and note ~= "") then note = cell.note end
   end
   if cell.dash then self:warn 'a dash was read as missing, not as zero' end
   self:add(o, period, value, flag, note or "")
   if value and not (period_flag or cell.flag or cell.mark or cell.warning) then return period, flag end
end

--- An observation that stands twice, with different values.
function Collect:twice(one)
   self:refuse(one.place, ("%s %s %s is %s here and %s at %s"):format(one.unit, one.indicator, one.period,
      one.value and numbers.text(one.value) or "missing", one.there and numbers.text(one.there) or "missing",
         in_words(one.there_place)),
      "leave out one of the two, or name the column that tells them apart")
end

--- Keeps an observation; what stands twice shows when all are gathered.
function Collect:add(o, period, value, flag, note)
   local indicator = self:indicator(o.indicator)
   indicator.used = true
   self.taken = self.taken + 1
   if self.meter then self.meter:tick(self.taken) end
   self.gathered:put{
      unit = o.unit, indicator = indicator.id, period = period, value = value, flag = flag, note = note,
      place = o.place,
      rank = o.rank,
   }
end

--- What the footnote of a mark says: its text, and a status when the text is one ("* Provisional.").
function Collect:footnote(mark)
   for _, text in ipairs(self.footnotes or {}) do
      if text:sub(1, #mark) == mark then
         local words = text:sub(#mark + 1):match "^%)?%s*([^.;]*)"
         local code = words and flags.word(words)
         return text, code
      end
   end
   self:warn(('the mark "%s" has no footnote'):format(mark))
   return nil
end

---The decimal sign of the cells of a grid: what the caller says, or what they speak for; and one that has two readings.
function Collect:decimal(grid, first, last, from, wanted)
   if self.options.decimal then return self.options.decimal end
   local i, j = first, from - 1
   if grid.kept and not wanted then
      wanted = {}
      for k = from, grid.width do wanted[k] = true end
   end
   return numbers.decimal(function()
      while i and i <= last do
         j = j + 1
         if grid.kept then
            -- Whole numbers say nothing of it, and most cells are some.
            i, j = grid.kept:telltale(i, j, last, wanted)
         elseif j > grid.rows[i].n then
            i, j = i + 1, from - 1
         end
         if i and j >= from and (not wanted or wanted[j]) then
            local cell = grid:cell(i, j)
            if type(cell) == "string" then return cell end
         end
      end
   end)
end

---The decimal sign of the values of a file whose provider writes a point: a spreadsheet program may have saved it with
---commas. Only `81,201` and the like are asked about: nothing says which they are.
---@param grid table
---@param first integer
---@param columns integer[] of values
---@return string|nil decimal nil when the file is refused
function Collect:point(grid, first, columns)
   local wanted, least = {}, math.huge
   for _, j in ipairs(columns) do wanted[j], least = true, math.min(least, j) end
   if least == math.huge then return "." end
   local decimal, doubtful = self:decimal(grid, first, #grid.rows, least, wanted)
   if decimal or not (doubtful and doubtful:find ",") then return decimal or "." end
   self:refuse(grid:place(first), ('"%s" may be %s or %s: nothing in the table says which'):format(doubtful,
      (doubtful:gsub(",", "")), (doubtful:gsub(",", "."))), 'say --decimal "." or --decimal ","')
end

--- The text of a row that is a note below a table: it stands alone in its row, or begins as notes do (a comma in it may
--- have parted it); "" of an empty row.
local function note_of(grid, i)
   local words = {}
   for j = 1, grid.rows[i].n do words[#words + 1] = grid:text(i, j) end
   return (#words <= 1 or begins_note(words[1])) and table.concat(words, ", ") or nil
end

---The last row of a table whose rows have several cells; notes below it are left out.
---@param grid table
---@param first integer
---@return integer
function Collect:last(grid, first)
   local last = #grid.rows
   while last >= first do
      local note = note_of(grid, last)
      if not note then break end
      if note ~= "" then
         table.insert(self.below, 1, note)
         self.source.title = self.source.title or note:match "^Source%s*:%s*(.+)$"
      end
      last = last - 1
   end
   return last
end

Collect.join, Collect.in_words = join, in_words
Collect.new = new
Collect.digest = core.digest

return Collect
