--- Containers to cells: a CSV, XLSX, ODS, gzip or zip file, judged by its content, as rows of texts with their places.
--- What the texts mean (numbers, dates, missing values) is for format/numbers.lua and for who asks.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"

local read = {}

local File, events = class "difkit.File"

local separator_names = {[","] = "comma", [";"] = "semicolon", ["\t"] = "tab", ["|"] = "bar"}

--- What was detected and is worth saying.
local function said(about, options)
   local list = {}
   if about.packed then list[1] = "unpacked by gzip" end
   if about.encoding and about.encoding ~= "UTF-8" and not options.encoding then
      list[#list + 1] = ("encoding %s%s"):format(about.encoding,
         about.invalid_line > 0 and (" (line %d is not UTF-8)"):format(about.invalid_line) or "")
   end
   if about.separator and about.separator ~= "," and not options.separator then
      list[#list + 1] = "separator " .. (separator_names[about.separator] or about.separator)
   end
   for _, sheet in ipairs(about.sheets or {}) do
      if sheet.hidden then list[#list + 1] = ('sheet "%s" is hidden'):format(sheet.name) end
   end
   return list
end

local function make(handle, path, options)
   local about = handle:about()
   return setmetatable({
      handle = handle, path = path, container = about.container, wrapped = about.packed and "gz" or nil,
      encoding = about.encoding, separator = about.separator, sheets = about.sheets, entries = about.entries,
      variables = about.variables,
      said = said(about, options), sheet = options.sheet,
   }, events)
end

--- Opens a file, or nil, a message with the path, and a code. Options: encoding, separator, sheet (name or number),
--- entry (of a zip).
function read.open(path, options)
   options = options or {}
   if options.separator == "tab" then
      options = setmetatable({separator = "\t"}, {__index = options})
   end
   local handle, message, code = core.read_open(path, options)
   if not handle then return nil, message, code end
   local labels
   if handle:about().container == "sas" then
      -- SAS keeps what codes mean in a file of its own.
      local folder, name = path:match "^(.*/)[^/]*$" or "", path:match "([^/]+)%.[^./]*$" or path:match "[^/]*$"
      for _, place in ipairs {folder .. name .. ".sas7bcat", folder .. name .. ".SAS7BCAT",
         folder .. "formats.sas7bcat", folder .. "FORMATS.SAS7BCAT"} do
         labels, message, code = handle:labels(place)
         if labels == nil then
            handle:close()
            return nil, message, code
         end
         if labels then
            labels = place
            break
         end
      end
   end
   local file = make(handle, path, options)
   if labels then file.said[#file.said + 1] = "labels of " .. labels:match "[^/]+$" end
   if options.entry then
      local inner, problem, kind = file:entry(options.entry, options)
      if not inner then file:close() end
      return inner, problem, kind
   end
   return file
end

--- An entry of a zip as a file of its own, by name.
function File:entry(name, options)
   local names = {}
   for i, entry in ipairs(self.entries or {}) do
      if entry.name == name then
         local path = self.path .. "!" .. name
         local handle, message, code = self.handle:entry(i, options or {}, path)
         if not handle then return nil, message, code end
         return make(handle, path, options or {})
      end
      names[i] = entry.name
   end
   if not self.entries then return nil, self.path .. ": not an archive", "usage" end
   local hint = errors.hint(name, names)
   return nil, ('%s: no entry "%s"%s'):format(self.path, name, hint and "; " .. hint or ""), "data"
end

--- The number of a sheet: of the one named or numbered, or the first that is not hidden. nil and a message where there
--- is none.
function File:sheet_number(sheet)
   sheet = sheet or self.sheet
   local names = {}
   for i, one in ipairs(self.sheets or {}) do
      names[i] = one.name
      if sheet == i or sheet == one.name or sheet == nil and not one.hidden then return i end
   end
   if sheet == nil then return nil, self.path .. ": every sheet is hidden; name one with sheet", "data" end
   local hint = errors.hint(sheet, names)
   return nil, ('%s: no sheet "%s"%s'):format(self.path, sheet, hint and "; " .. hint or ""), "data"
end

local advice = {
   html = "an HTML page, not a table; download the data itself, or open the page in a spreadsheet program and save as "
      .. "XLSX",
   json = "JSON, not a table of cells; difkit.json.read reads it",
   xml = "XML, not a table of cells",
   zip = "an archive of several files; say which with entry",
}

--- The reader of the rows, opened.
local function rows_of(self, sheet)
   local number
   if self.sheets then
      local message, code
      number, message, code = self:sheet_number(sheet)
      if not number then errors.raise(message, nil, code) end
   elseif self.container ~= "csv" and not self.variables then
      errors.raise(("%s: %s"):format(self.path, advice[self.container]), nil, "data")
   end
   local rows, message, code = self.handle:rows(number)
   if not rows then errors.raise(self.path .. ": " .. message, nil, code) end
   return rows
end

--- Raises what the core says is wrong with a row.
local function fail(self, problem, kind, line, column, hint)
   local place = line > 0 and (":%d:%d"):format(line, column) or ""
   errors.raise(("%s%s: %s"):format(self.path, place, problem), hint ~= "" and hint or nil, kind)
end

--- The rows, one after another: `for row in file:rows() do`. Raises what is wrong with the file, with its place.
function File:rows(sheet)
   local rows = rows_of(self, sheet)
   return function()
      local row, problem, kind, line, column, hint = rows:next()
      if row then return row end
      if not problem then
         rows:close()
         return nil
      end
      fail(self, problem, kind, line, column, hint)
   end
end

--- The rows kept outside of Lua, to be read in any order: `kept:row(i)`, `kept:size()`. Of a sheet, a row that it
--- leaves
--- out is there, empty, so that a row has its number as its place. Raises what is wrong with the file.
function File:keep(sheet)
   local rows <close> = rows_of(self, sheet)
   local kept, problem, kind, line, column, hint = rows:keep(self.sheets ~= nil)
   if not kept then fail(self, problem, kind, line, column, hint) end
   return kept
end

--- The letters of a column: 1 is A, 28 is AB.
function read.letters(column)
   local text = ""
   while column > 0 do
      text = string.char(65 + (column - 1) % 26) .. text
      column = (column - 1) // 26
   end
   return text
end

--- Where a cell is, as a user finds it: "3:2" (line and cell of a text) or "Sheet!B3".
function File:place(line, column, sheet)
   if not self.sheets then return ("%d:%d"):format(line, column) end
   local number = self:sheet_number(sheet)
   return ("%s!%s%d"):format(number and self.sheets[number].name or sheet, read.letters(column), line)
end

--- The merged cells of a sheet: {{row, column, last_row, last_column}, …}. They stand behind the rows: a pass of
--- its own over the sheet.
function File:merged(sheet)
   if not self.sheets then return {} end
   local number, message, code = self:sheet_number(sheet)
   if not number then return nil, message, code end
   local rows <close> = self.handle:rows(number)
   local good, problem, kind = rows:finish()
   if not good then return nil, self.path .. ": " .. problem, kind end
   return rows:merged()
end

--- The whole of a text as UTF-8.
function File:text()
   local text, message, code = self.handle:text()
   if not text then return nil, self.path .. ": " .. message, code end
   return text
end

--- The beginning of a text as UTF-8, and whether its last line has an end.
function File:ends() return self.handle:ends() end

function File:close() self.handle:close() end

events.__close = File.close

return read
