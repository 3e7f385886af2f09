--- CSV that comes back as it went: texts, numbers, truth values and missing values keep their kind.
---
--- What is written:
---   missing value   nothing between the separators
---   number          as it is; a real has a point or an exponent, an integer has none
---   true, false     as they are
---   text            in quotes where it contains a separator, a quote or a line break, where it is empty, begins or
---                   ends with a space, or would be read as a number or truth value without them
---   formula         a text that a spreadsheet would run (begins with = + - @, also of full width, a tab or line end,
---                   whatever stands unseen before) gets an apostrophe before it, in quotes; reading takes it
---                   away again
--- What is read: a cell in quotes is text; one without is a number, a truth value, missing when empty, else text.
local core = require "difkit.core"
local errors = require "difkit.error"
local observe = require "difkit.observe"

local csv = {}

--- Whether a cell without quotes would be read as a number: as in JSON, so that "007" and "+5" are texts.
local function number_of(cell)
   if not cell:find "^-?%d" or cell:find "^-?0%d" then return nil end
   if cell:find "^-?%d+$" then
      local value = tonumber(cell)
      return math.type(value) == "integer" and value or tonumber(cell .. ".0")
   end
   if cell:find "^-?%d+%.%d+$" or cell:find "^-?%d+%.?%d*[eE][+-]?%d+$" and not cell:find "%.[eE]" then
      return tonumber(cell) + 0.0
   end
end

--- Characters that are not seen where a text begins, which some spreadsheets pass over: byte order mark, spaces of no
--- width or that do not break.
local unseen = {}
for _, character in utf8.codes "\u{FEFF}\u{200B}\u{200C}\u{200D}\u{2060}\u{A0}\u{202F}" do unseen[character] = true end

--- What begins a formula, also in full width.
local signs = {}
for _, character in utf8.codes "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}" do signs[character] = true end

--- Whether a text, after any apostrophes and what is not seen, begins like a formula.
local function begins_formula(text)
   local at = text:find "[^']" or #text + 1
   local character = at <= #text and utf8.codepoint(text, at)
   while unseen[character] do
      at = utf8.offset(text, 2, at)
      character = at <= #text and utf8.codepoint(text, at)
   end
   return signs[character] == true
end

local function text_cell(text, separator, formulas)
   -- With formulas those that an apostrophe begins are kept apart from the one that defuses: reading takes one away.
   if (not formulas or text:find "^'") and begins_formula(text) then
      return '"\'' .. text:gsub('"', '""') .. '"'
   end
   if text == "" or text:find '["\n\r]' or text:find(separator, 1, true) or text:find "^%s" or text:find "%s$"
      or text == "true" or text == "false" or number_of(text) then
      return '"' .. text:gsub('"', '""') .. '"'
   end
   return text
end

--- One cell; `where` says which, for messages.
function csv.cell(value, separator, formulas, where)
   if value == nil then return "" end
   local kind = type(value)
   if kind == "string" then
      if not core.valid_utf8(value) then errors.raise(where() .. ": text is not valid UTF-8") end
      return text_cell(value, separator, formulas)
   end
   if kind == "number" then
      if value ~= value or value == math.huge or value == -math.huge then
         errors.raise(("%s: %s cannot be written"):format(where(), core.number_text(value)),
            "leave the value out (nil) and say why in another column")
      end
      return core.number_text(value)
   end
   if kind == "boolean" then return tostring(value) end
   errors.raise(("%s: cannot write %s"):format(where(), errors.show(value)), "give text, a number, true, false or nil")
end

--- The table as text, with the separator "," or TAB.
function csv.encode(t, separator, options)
   local out = {options.excel and "\u{FEFF}" or ""}
   local cells = {}
   for i, name in ipairs(t.columns) do
      cells[i] = csv.cell(name, separator, options.formulas, function() return "header" end)
   end
   out[2] = table.concat(cells, separator) .. "\n"
   local columns = t.columns
   local meter <close> = core.meter("writing row", #t)
   for i = 1, #t do
      local row = t[i]
      meter:tick(i)
      for j, name in ipairs(columns) do
         cells[j] = csv.cell(row[name], separator, options.formulas, function()
            return ('row %d, column "%s"'):format(i, name)
         end)
      end
      out[#out + 1] = table.concat(cells, separator, 1, #columns) .. "\n"
   end
   local text = table.concat(out)
   if observe.watcher then observe.watcher:encoded(t, text) end
   return text
end

--- The value of a cell as read.
local function value_of(cell, quoted, typed)
   if quoted then
      if cell:find "^'" and begins_formula(cell) then return cell:sub(2) end
      return cell
   end
   if cell == "" then return nil end
   if not typed then return cell end
   if cell == "true" then return true end
   if cell == "false" then return false end
   local number = number_of(cell)
   if number ~= nil then return number end
   return cell
end

--- Reads one record from `position`. Returns the cells, their number, where the next begins, lines passed, and of reals
--- that are written otherwise than difkit would (1e3, 1.10, 12345678901234567890) how they are.
local function record(text, position, separator, typed, line)
   local cells, n, size, written = {}, 0, #text, nil
   local first_line = line
   while true do
      local cell
      local quoted = false
      if text:sub(position, position) == '"' then
         quoted = true
         local from, parts = position + 1, {}
         while true do
            local stop = text:find('"', from, true)
            if not stop then return nil, ("line %d: a cell in quotes has no end"):format(first_line) end
            parts[#parts + 1] = text:sub(from, stop - 1)
            from = stop + 1
            if text:sub(from, from) ~= '"' then break end
            parts[#parts + 1] = '"'
            from = from + 1
         end
         cell = table.concat(parts)
         position = from
         line = line + select(2, cell:gsub("\n", ""))
         if position <= size and not text:find("^[" .. separator .. "\r\n]", position) then
            return nil, ("line %d: text after the closing quote of a cell"):format(line)
         end
      else
         local stop = text:find("[" .. separator .. "\r\n]", position) or size + 1
         cell = text:sub(position, stop - 1)
         position = stop
      end
      n = n + 1
      cells[n] = value_of(cell, quoted, typed)
      if math.type(cells[n]) == "float" and (cell:find "[eE]" or not cell:find "%.%d*[1-9]$" and not cell:find "%.0$")
      then
         written = written or {}
         written[n] = cell
      end
      if text:sub(position, position) == separator then
         position = position + 1
      else
         if text:sub(position, position + 1) == "\r\n" then position = position + 2
         elseif position <= size then position = position + 1 end
         return cells, n, position, line + 1, written
      end
   end
end

--- Tables as they were read: row and column of reals that are written otherwise than difkit would, and how. What looks
--- like a number may be a code, which 1e3 or 1.10 has to stay.
csv.written = setmetatable({}, {__mode = "k"})

--- A table from CSV text, or nil and a message that names the line: names, rows, width, and what csv.written keeps.
function csv.decode(text, options)
   if not core.valid_utf8(text) then return nil, "not valid UTF-8" end
   local separator, typed = options.separator or ",", options.types ~= false
   local position, line = text:sub(1, 3) == "\u{FEFF}" and 4 or 1, 1
   if position > #text then return nil, "the file is empty; it needs a header line" end
   local names, width
   names, width, position, line = record(text, position, separator, false, line)
   if not names then return nil, width end
   local seen = {}
   for i = 1, width do
      local name = names[i]
      if name == nil or name == "" then return nil, ("line 1: column %d has no name"):format(i) end
      if seen[name] then return nil, ('line 1: two columns are called "%s"'):format(name) end
      seen[name] = true
   end
   local rows, kept = {}, nil
   while position <= #text do
      local cells, n, next_position, next_line, written = record(text, position, separator, typed, line)
      if not cells then return nil, n end
      local is_blank = n == 1 and cells[1] == nil and width > 1
      if not is_blank then
         if n ~= width then
            return nil, ("line %d: %d cell%s where the header has %d"):format(line, n, n == 1 and "" or "s", width)
         end
         rows[#rows + 1] = cells
         for i, cell in pairs(written or {}) do
            kept = kept or {}
            kept[#rows] = kept[#rows] or {}
            kept[#rows][names[i]] = cell
         end
      end
      position, line = next_position, next_line
   end
   return names, rows, width, kept
end

return csv
