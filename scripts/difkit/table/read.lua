--- Files read into tables.
local core = require "difkit.core"
local csv = require "difkit.format.csv"
local errors = require "difkit.error"

local from_columns

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

---Reads a CSV or TSV file into a table. What cannot be read gives nil, a message with the line, and a code.
---
---```lua
---local t, message = difkit.table.read_csv "no-such-file.csv"
---print(t) --> nil
---```
---@param path string
---@param options? {separator?: string, types?: boolean}
---@return difkit.Table|nil
---@return string|nil message
---@return string|nil code
function readers.read_csv(path, options)
   errors.check("table.read_csv", "path", path, "string")
   options = errors.options("table.read_csv", options, {"separator", "types"})
   local text, message, code = core.read_file(path)
   if not text then
      require("difkit.condition").note("table.read_csv", message)
      return nil, message, code
   end
   local separator = options.separator or path:lower():find "%.tsv$" and "\t" or ","
   local t, problem, kind = readers.parse_csv(text, {separator = separator, types = options.types})
   if not t then
      require("difkit.condition").note("table.read_csv", path .. ": " .. problem)
      return nil, path .. ": " .. problem, kind
   end
   return t
end

--- Adds the functions to the module of table/init.lua.
return function(tables)
   from_columns = tables.from_columns
   tables.parse_csv, tables.read_csv = readers.parse_csv, readers.read_csv
end
