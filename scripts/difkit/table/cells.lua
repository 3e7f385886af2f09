--- The cells of a file as the columns of a table: where the table begins, what its columns are called, what the cells
--- mean.
local answers = require "difkit.format.answers"
local csv = require "difkit.format.csv"
local errors = require "difkit.error"
local numbers = require "difkit.format.numbers"
local read = require "difkit.format.read"

local cells = {}

--- How many rows are looked at to find the header.
local SAMPLE = 50

--- "B4:F20" as column, row, last column, last row; also "B:F" and "B4" alone.
local function range_of(text)
   local function place(part)
      local letters, digits = part:upper():match "^(%a*)(%d*)$"
      if not letters or letters .. digits == "" then errors.raise(('read: "%s" is no range'):format(text),
         'write it as "B4:F20"') end
      local column = 0
      for letter in letters:gmatch "." do column = column * 26 + letter:byte() - 64 end
      return column, tonumber(digits) or 0
   end
   local first, last = text:match "^([^:]+):?(.*)$"
   if not first then errors.raise 'read: a range is written as "B4:F20"' end
   local column, row = place(first)
   if last == "" then return math.max(column, 1), math.max(row, 1), math.huge, math.huge end
   local last_column, last_row = place(last)
   return math.max(column, 1), math.max(row, 1), last_column > 0 and last_column or math.huge,
      last_row > 0 and last_row or math.huge
end

--- The rows that the options leave: an iterator of rows whose cells are counted from the first column of the range.
local function chosen_rows(file, options)
   local first_column, first_row, last_column, last_row = 1, 1, math.huge, math.huge
   if options.range then first_column, first_row, last_column, last_row = range_of(options.range) end
   local skip = options.skip or 0
   local rows = file:rows()
   return function()
      while true do
         local row = rows()
         if not row or row.line > last_row then return nil end
         if row.line > skip and row.line >= first_row then
            if first_column == 1 and row.n <= last_column then return row end
            local last = math.min(row.n, last_column)
            local part = {line = row.line, n = math.max(last - first_column + 1, 0),
               kinds = row.kinds:sub(first_column, last)}
            for j = first_column, last do part[j - first_column + 1] = row[j] end
            return part
         end
      end
   end
end

local function filled(row)
   local count, texts = 0, 0
   for j = 1, row.n do
      if row[j] and row[j] ~= "" then
         count = count + 1
         if not row[j]:find "^%s*[-+]?[%d.,]+%s*$" or row[j]:find "^%d%d%d%d$" then texts = texts + 1 end
      end
   end
   return count, texts
end

--- The place of the header among the sampled rows: the first that is nearly as wide as the widest and holds texts or
--- years.
local function find_header(sample)
   local widest = 0
   for _, row in ipairs(sample) do widest = math.max(widest, (filled(row))) end
   for i, row in ipairs(sample) do
      local count, texts = filled(row)
      if count > 0 and count >= 0.8 * widest and texts >= 0.8 * count then return i end
   end
end

--- Rows until the header, which is taken off: the header and an iterator of what follows; nil and a message.
local function header_of(rows, wanted)
   if wanted == "find" then
      local sample = {}
      for i = 1, SAMPLE do
         sample[i] = rows()
         if not sample[i] then break end
      end
      local at = find_header(sample)
      if not at then return nil, "no row looks like a header; say which it is with header" end
      return sample[at], function()
         at = at + 1
         if at <= #sample then return sample[at] end
         return rows()
      end
   end
   while true do
      local row = rows()
      if not row then
         return nil, wanted and ("there is no line %d, which should hold the header"):format(wanted)
            or "the file is empty; it needs a header line"
      end
      if not wanted or row.line >= wanted then return row, rows end
   end
end

--- The names of the columns and where each stands; a column without a name is left out when `loose`, else an error.
local function names_of(header, loose)
   local names, places = {n = 0, line = header.line}, {}
   for j = 1, header.n do
      if not loose or (header[j] or "") ~= "" then
         names.n = names.n + 1
         names[names.n], places[names.n] = header[j], j
      end
   end
   local problem = csv.check_header(names)
   if names.n == 0 then problem = ("line %d: the header is empty"):format(header.line) end
   if problem then return nil, problem end
   return names, places
end

--- Refuses a cell in a column that has no name: leaving it out would lose it.
local function check_nameless(file, row, places, width)
   local named = {}
   for _, j in ipairs(places) do named[j] = true end
   for j = 1, math.max(row.n, width) do
      if not named[j] and (row[j] or "") ~= "" then
         return ('%s: "%s" stands in a column without a name'):format(file:place(row.line, j), row[j])
      end
   end
end

local truths = {["true"] = true, ["false"] = false}

--- What a cell means, by kind and options; raises where a column was said to be something else.
local function meaning(text, kind, how, where)
   if text == nil or how.missing[text] then return nil end
   if kind == "e" then
      how.errors = how.errors + 1
      how.first_error = how.first_error or ("%s at %s"):format(text, where())
      return nil
   end
   if kind == "f" then
      errors.raise(where() .. ": a formula without its value",
         "open the workbook in a spreadsheet program and save it", "data")
   end
   local type_of = how.type
   if type_of == "text" or how.plain then return text end
   if kind == "b" then return truths[text] end
   if kind == "n" or kind == "p" then return math.tointeger(tonumber(text)) or tonumber(text) end
   if how.decimal or type_of == "number" then
      local cell, problem = numbers.read(text, how.decimal)
      if cell then return cell.value end
      if type_of == "number" then errors.raise(('%s: "%s" %s'):format(where(), text, problem), nil, "data") end
   end
   return csv.value_of(text, kind == "q" or kind == "d", true)
end

--- Whether the decimal digits stand for an integer that no number holds.
local function too_long(text)
   return #text > 15 and text:find "^-?[1-9]%d+$" and csv.value_of(text, false, true) == text
end

--- Makes a column text, when it holds digits that no number holds: what was read as a number is taken from the cells.
local function keep_digits(names, values, raw, said)
   for j, name in ipairs(names) do
      if raw[j].long then
         for i = 1, values[name].n do values[name][i] = raw[j][i] end
         said[#said + 1] = ('column "%s" is text: %s is no number that can be kept exactly'):format(name, raw[j].long)
      end
   end
end

--- Reads what follows the header into columns: values by name, and their number; nil and a message.
local function columns_of(file, rows, names, places, options, said)
   local width, count, values, raw = places[#places], 0, {}, {}
   local types = type(options.types) == "table" and options.types or {}
   local how = {missing = {}, written = {}, errors = 0, decimal = options.decimal, plain = options.types == false}
   for _, text in ipairs(options.missing or {}) do how.missing[text] = true end
   for j, name in ipairs(names) do values[name], raw[j] = {n = 0}, {} end
   for row in rows do
      local last = row.n
      while last > width and (row[last] or "") == "" do last = last - 1 end
      local blank = last == 0 or row.kinds:find "^%.*$" and (width > 1 or file.sheets)
      if not blank then
         local loose = file.sheets or #names < width
         if not file.sheets and (row.n < width or last > width) then return nil, csv.wrong_width(row, width) end
         local problem = loose and check_nameless(file, row, places, width)
         if problem then return nil, problem end
         count = count + 1
         for i, name in ipairs(names) do
            local j = places[i]
            how.type = types[name]
            local text, kind = row[j], row.kinds:sub(j, j)
            if kind == "t" and too_long(text) then raw[i].long = raw[i].long or text end
            if text and not file.sheets then raw[i][count] = text end
            local value = meaning(text, kind, how, function() return file:place(row.line, j) end)
            if csv.written_otherwise(text, value) and not file.sheets then
               how.written[count] = how.written[count] or {}
               how.written[count][name] = text
            end
            values[name][count] = value
            values[name].n = count
         end
      end
   end
   keep_digits(names, values, raw, said)
   if how.errors > 0 then
      said[#said + 1] = ("%d cells with errors are missing values (%s)"):format(how.errors, how.first_error)
   end
   return values, count, how.written
end

--- Where the table in a file begins: names of its columns, where each stands, and an iterator of the rows below; nil
--- and a
--- message.
local function begin(file, options)
   local wanted = options.header or file.sheets and "find" or nil
   local rows = chosen_rows(file, options)
   local header, after = header_of(rows, wanted)
   if not header then return nil, after end
   local names, places = names_of(header, wanted ~= nil)
   if not names then return nil, places end
   if wanted == "find" and header.line > 1 then
      file.said[#file.said + 1] = ("header in line %d"):format(header.line) end
   return names, places, after
end

---The rows of a file one after another, as they stand: names of the columns, and an iterator of lists of texts; nil,
---message, code. The file is closed by whoever opened it.
---@param file table of format/read.lua
---@param options difkit.ReadOptions
---@return string[]|nil names
---@return fun(): string[]|nil, table<integer, boolean>|nil rows the second of a survey: where a cell is a reason for
---no answer
function cells.stream(file, options)
   local names, places, after
   if file.variables then
      names, places, after = {}, {}, file:rows()
      for j, variable in ipairs(file.variables) do names[j], places[j] = variable.name, j end
   else
      names, places, after = begin(file, options)
      if not names then return nil, places end
   end
   local width = places[#places]
   return names, function()
      while true do
         local row = after()
         if not row then return nil end
         local last = row.n
         while last > width and (row[last] or "") == "" do last = last - 1 end
         if not file.sheets and not file.variables and (row.n < width or last > width)
            and not (row.n <= 1 and (row[1] or "") == "") then
            errors.raise(file.path .. ": " .. csv.wrong_width(row, width), nil, "data")
         end
         local list, some, reasons = {}, file.variables ~= nil, file.variables and {}
         for i, j in ipairs(places) do
            list[i] = row[j]
            some = some or (row[j] or "") ~= ""
            if reasons then reasons[i] = row.kinds:sub(j, j) == "m" end
         end
         if some then return list, reasons end
      end
   end
end

---Reads a file: names of columns, values by name (as difkit.table.from_columns takes them), the number of rows, what
---was
---detected, how numbers were written, and of a survey its variables; or nil, message, code.
---@param path string
---@param options difkit.ReadOptions
function cells.read(path, options)
   local file, message, code = read.open(path, options)
   if not file then return nil, message, code end
   local said = file.said
   local function work()
      if file.variables then
         local list, rows = answers.read(file, options.labels)
         local names, columns = answers.columns(list, rows)
         return names, columns, rows, nil, table.pack(answers.variables(list, rows))
      end
      local names, places, after = begin(file, options)
      if not names then return nil, places end
      local values, count, written = columns_of(file, after, names, places, options, said)
      if not values then return nil, count end
      return names, values, count, written
   end
   local done, names, values, count, written, variables = pcall(work)
   file:close()
   if not done then
      local kind = type(names) == "table" and names.code
      if kind ~= "data" and kind ~= "io" then error(names, 0) end
      message = names.message .. (names.hint and "; " .. names.hint or "")
      return nil, message:find(path, 1, true) and message or path .. ": " .. message, kind
   end
   if not names then return nil, path .. ": " .. values, "data" end
   return names, values, count, #said > 0 and table.concat(said, "; ") or nil, written, variables
end

return cells
