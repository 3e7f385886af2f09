--- Files read into tables.
local csv = require "difkit.format.csv"
local errors = require "difkit.error"

local from_columns, new

local cells = require "difkit.table.cells"

--- Reads a file for `call`; a table and what was detected, or nil, message, code.
local function take(call, path, options)
   local names, values, count, said, written, variables = cells.read(path, options)
   if not names then
      require("difkit.condition").note(call, values)
      return nil, values, count
   end
   local t = from_columns(names, values, count)
   csv.written[t] = written
   if variables then rawset(t, "variables", new(variables[1], variables[2])) end
   return t, said
end

---@class difkit.table
local readers = {}

---Reads CSV text into a table. A cell in quotes is text; one without is a number, true or false, a missing value
---when empty, else text. The reverse of writing: values and their kinds are as they were.
---
---```lua
---local t = difkit.table.parse_csv 'id,n,code\nVNM,3,"007"\n'
---print(t[1].n + 1, t[1].code) --> 4	007
---```
---@param text string
---@param options? {separator?: string, types?: boolean} `types = false`: all cells are text
---@return difkit.Table|nil
---@return string|nil message
---@return string|nil code
function readers.parse_csv(text, options)
   errors.check("table.parse_csv", "text", text, "string")
   options = errors.options("table.parse_csv", options, {"separator", "types"})
   local names, rows, width, written = csv.decode(text, options)
   if not names then return nil, rows, "data" end
   local values = {}
   for j = 1, width do
      local column = {n = #rows}
      for i = 1, #rows do column[i] = rows[i][j] end
      values[names[j]] = column
   end
   local t = from_columns(names, values, #rows)
   csv.written[t] = written
   return t
end

---How a file is read into a table. What is not given is detected, and said.
---@class difkit.ReadOptions
---@field separator? string "," ";" "|" or a tab
---@field encoding? string utf-8, utf-16le, utf-16be, windows-1252 or iso-8859-1
---@field skip? integer lines (rows of a sheet) before the table
---@field header? integer|"find" the line with the names of the columns; "find": looked for, the default in a workbook
---@field decimal? string "." or ",": numbers are read as offices write them, such as 1.234,5
---@field missing? string[] texts that stand for a missing value
---@field types? boolean|table<string, string> false: all cells are text; or column -> "text", "number" or "truth"
---@field sheet? string|integer of a workbook, by name or number; default the first that is not hidden
---@field range? string cells of a sheet or text, such as "B4:F20"
---@field entry? string the file of an archive
---@field labels? boolean of a file of Stata, SPSS or SAS: answers by their labels instead of their codes

local option_names = {
   "separator", "encoding", "skip", "header", "decimal", "missing", "types", "sheet", "range", "entry",
   "labels",
}

---Reads a file of cells into a table, whatever it is: CSV with any separator and encoding, XLSX, ODS, each also within
---.gz or .zip, and files of Stata, SPSS and SAS, whose variables are then told by `t.variables`; a reason for no answer
---stands in a column of its own (net, net_missing). Judged by its content, not by its name. Gives the table and what
---was
---detected; what cannot be read gives nil, a message with the place, and a code.
---
---```lua
---local t, message = difkit.table.read "no-such-file.xlsx"
---print(t) --> nil
---```
---@param path string
---@param options? difkit.ReadOptions
---@return difkit.Table|nil
---@return string|nil said what was detected, or the message
---@return string|nil code
function readers.read(path, options)
   errors.check("table.read", "path", path, "string")
   return take("table.read", path, errors.options("table.read", options, option_names))
end

---Reads a CSV or TSV file into a table, with the options of `difkit.table.read`. What cannot be read gives nil, a
---message with the line, and a code.
---
---```lua
---local t, message = difkit.table.read_csv "no-such-file.csv"
---print(t) --> nil
---```
---@param path string
---@param options? difkit.ReadOptions
---@return difkit.Table|nil
---@return string|nil said what was detected, or the message
---@return string|nil code
function readers.read_csv(path, options)
   errors.check("table.read_csv", "path", path, "string")
   return take("table.read_csv", path, errors.options("table.read_csv", options, option_names))
end

--- Adds the functions to the module of table/init.lua.
return function(tables)
   from_columns, new = tables.from_columns, tables.new
   tables.parse_csv, tables.read_csv, tables.read = readers.parse_csv, readers.read_csv, readers.read
end
