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

--- Whether a cell without quotes would be read as a number: as in JSON, so that "007" and "+5" are texts; so are
--- integers that neither 64 bits nor a double hold exactly.
local function number_of(cell)
   if not cell:find "^-?%d" or cell:find "^-?0%d" then return nil end
   if cell:find "^-?%d+$" then
      local value = tonumber(cell)
      if math.type(value) == "integer" then return value end
      value = tonumber(cell .. ".0")
      return ("%.0f"):format(value) == cell and value or nil -- digits that no number here holds are text
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
      or text == "true" or text == "false" or number_of(text) or text:find "^-?[1-9]%d+$" then
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
      if value:find("\0", 1, true) then errors.raise(where() .. ": text holds a zero byte") end
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

--- The value of a cell of a CSV as difkit writes them: `quoted` says whether it stood in quotes.
csv.value_of = value_of

--- Tables as they were read: row and column of reals that are written otherwise than difkit would, and how. What looks
--- like a number may be a code, which 1e3 or 1.10 has to stay.
csv.written = setmetatable({}, {__mode = "k"})

--- Whether a cell that was read as `value` is written otherwise than difkit would write it.
function csv.written_otherwise(cell, value)
   return math.type(value) == "float" and (cell:find "[eE]" or not cell:find "%.%d*[1-9]$" and not cell:find "%.0$")
end

--- A table from CSV text: names, rows as lists, the width, and what csv.written keeps; or nil and a message that names
--- the line.
function csv.decode(text, options)
   if not core.valid_utf8(text) then return nil, "not valid UTF-8" end
   local separator, typed = options.separator or ",", options.types ~= false
   if text == "" or text == "\u{FEFF}" then return nil, "the file is empty; it needs a header line" end
   local file <close> = core.read_text(text, {separator = separator})
   local reader <close> = file:rows()
   local names, rows, kept = nil, {}, nil
   while true do
      local row, message, _, line = reader:next()
      if message then return nil, ("line %d: %s"):format(line, message) end
      if not row then break end
      if not names then
         local problem = csv.check_header(row)
         if problem then return nil, problem end
         names = row
      elseif row.n > 1 or row[1] ~= nil or names.n == 1 then
         if row.n ~= names.n then return nil, csv.wrong_width(row, names.n) end
         for j = 1, row.n do
            local cell = row[j]
            if cell ~= nil then row[j] = value_of(cell, row.kinds:byte(j) == 113, typed) end -- "q"
            if csv.written_otherwise(cell, row[j]) then
               kept = kept or {}
               kept[#rows + 1] = kept[#rows + 1] or {}
               kept[#rows + 1][names[j]] = cell
            end
         end
         rows[#rows + 1] = row
      end
   end
   return names, rows, names.n, kept
end

--- What is wrong with the names of columns, or nil.
function csv.check_header(row)
   local seen = {}
   for i = 1, row.n do
      local name = row[i]
      if name == nil or name == "" then return ("line %d: column %d has no name"):format(row.line, i) end
      if seen[name] then return ('line %d: two columns are called "%s"'):format(row.line, name) end
      seen[name] = true
   end
end

function csv.wrong_width(row, width)
   return ("line %d: %d cell%s where the header has %d"):format(row.line, row.n, row.n == 1 and "" or "s", width)
end

return csv
