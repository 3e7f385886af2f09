--- Tables: rows with named columns in a fixed order. What a query collects into, and what people print and write.
--- Each function gives a new table and leaves the old one as it was; the rows themselves may be shared between them.
--- The methods stand in files of their own: rows.lua, columns.lua, join.lua, group.lua,
--- pivot.lua, output.lua.
local class = require "difkit.class"
local errors = require "difkit.error"
local observe = require "difkit.observe"
local sql = require "difkit.sql"

local unknown

---Rows with named columns in a fixed order: `t[i]` is a row, `#t` their number, `row.name` a value, nil where missing.
---@class difkit.Table
---@field columns string[] names of the columns, in order
---@field title string|nil printed above the table
---@field note string|nil printed below the table
---@field source string|nil where the data come from, printed below the table
---@field variables difkit.Table|nil of a file of Stata, SPSS or SAS: variable, label, type, values, missing, n, n_valid
---@field total {column: string, label: string}|nil by which the row of `total_row` is known
---@field marks string[]|nil what stands before and after words to point out: a terminal with colour shows them bold
local Table, table_events = class("difkit.Table", function(t, name) return unknown(t, name) end)

---@class difkit.table
---@field writers table<string, function> by ending of the file name: `function(table, path, options)`
local tables = {}

--- What is known of each table beside what people see: `has`, its columns as a set, and `row`, the metatable of its
--- rows. Tables with the same columns share rows and shape.
local shapes = setmetatable({}, {__mode = "k"})

--- Raises for a column that the table does not have.
local function check_column(t, call, name)
   if not shapes[t].has[name] then
      errors.raise(('%s: unknown column "%s"'):format(call, tostring(name)), errors.hint(name, t.columns))
   end
end

--- One list, or several arguments.
local function list_of(...)
   local first = ...
   if select("#", ...) == 1 and type(first) == "table" then return first end
   return {...}
end

--- A metatable for rows: a name that is no column is an error.
local function row_metatable(columns, has)
   return {
      __name = "difkit.Row",
      __metatable = "difkit.Row",
      columns = has, -- by which an error about a missing value names the row
      __index = function(_, name)
         if has[name] then return nil end
         errors.raise(('a row has no column "%s"'):format(tostring(name)), errors.hint(name, columns))
      end,
   }
end

local function check_columns(call, columns)
   errors.check(call, "columns", columns, "table")
   local has = {}
   for i, name in ipairs(columns) do
      if type(name) ~= "string" then
         errors.raise(("%s: the name of column %d must be text, not %s"):format(call, i, errors.show(name)))
      end
      if has[name] then errors.raise(('%s: two columns are called "%s"'):format(call, name)) end
      has[name] = true
   end
   return has
end

--- A table without rows. `from`, the table it is made of by a call with the arguments …, lends title, note, source and
--- the known order of values; `way` leads back to the rows of `from` (see observe.lua).
local function blank(call, columns, from, way, ...)
   local copy = table.move(columns, 1, #columns, 1, {})
   local t = setmetatable({columns = copy}, table_events)
   if from and columns == from.columns then
      shapes[t] = shapes[from]
   else
      local has = check_columns(call, columns)
      shapes[t] = {has = has, row = row_metatable(copy, has)}
   end
   if from then
      for _, name in ipairs {"title", "note", "source", "marks", "orders", "total"} do
         rawset(t, name, rawget(from, name))
      end
      if observe.watcher then observe.watcher:made(t, call, from, way, ...) end
   end
   return t
end

local function add(t, row)
   if getmetatable(row) == nil then setmetatable(row, shapes[t].row) end
   rawset(t, #t + 1, row)
end

--- A row of `t` with the values of `row` for the columns of `t`.
local function copied(t, row)
   local copy = {}
   for _, name in ipairs(t.columns) do copy[name] = rawget(row, name) end
   return copy
end

---Makes a table; `difkit.table(columns, rows)` is the same. Rows are lists in the order of the columns, or tables
---by column name; nil is a missing value.
---
---```lua
---local t = difkit.table({"unit", "score"}, {{"VNM", 0.71}, {unit = "SGP", score = 0.91}})
---print(#t, t[2].score) --> 2	0.91
---```
---@param columns string[]
---@param rows? any[][]|table<string, any>[]
---@return difkit.Table
function tables.new(columns, rows)
   local t = blank("difkit.table", columns)
   errors.check("difkit.table", "rows", rows, "table", "optional")
   for i, given in ipairs(rows or {}) do
      if type(given) ~= "table" then
         errors.raise(("difkit.table: row %d must be a table, not %s"):format(i, errors.show(given)))
      end
      local row = {}
      for key, value in next, given do
         local name = key
         if math.type(key) == "integer" then
            name = columns[key]
            if not name then
               errors.raise(("difkit.table: row %d has %d values for %d columns"):format(i, key, #columns))
            end
         elseif key == "n" and not shapes[t].has.n and #given > 0 then
            name = nil
         elseif not shapes[t].has[key] then
            errors.raise(('difkit.table: row %d has a value for "%s", which is no column'):format(i, tostring(key)),
               errors.hint(key, columns))
         end
         if name and value ~= sql.null then row[name] = value end
      end
      add(t, row)
   end
   if observe.watcher then observe.watcher:rows(t) end
   return t
end

---Makes a table from columns: `n` rows, or as many as the longest column has.
---
---```lua
---local t = difkit.table.from_columns({"year", "value"}, {year = {2020, 2022}, value = {0.6, 0.7}})
---print(#t, t[2].value) --> 2	0.7
---```
---@param names string[] order of the columns
---@param values table<string, any[]> by column
---@param n? integer
---@return difkit.Table
function tables.from_columns(names, values, n)
   local t = blank("table.from_columns", names)
   errors.check("table.from_columns", "values", values, "table")
   if not n then
      n = 0
      for _, name in ipairs(names) do n = math.max(n, values[name] and (values[name].n or #values[name]) or 0) end
   end
   for i = 1, n do
      local row = {}
      for _, name in ipairs(names) do
         local value = values[name] and values[name][i]
         if value ~= sql.null then row[name] = value end
      end
      add(t, row)
   end
   if observe.watcher then observe.watcher:rows(t) end
   return t
end

--- The remaining rows of a result.
function tables.from_result(result)
   local t = blank("table", result:names())
   local columns, n = t.columns, 0
   local width, row_meta = #columns, shapes[t].row
   for values in result:rows() do
      local row = {}
      for i = 1, width do row[columns[i]] = values[i] end
      n = n + 1
      rawset(t, n, setmetatable(row, row_meta))
   end
   if observe.watcher then observe.watcher:read(result, t) end
   return t
end

---Whether the value is a difkit table.
---
---```lua
---print(difkit.table.is_table(difkit.table{"a"}), difkit.table.is_table{}) --> true	false
---```
---@param value any
---@return boolean
function tables.is_table(value) return getmetatable(value) == "difkit.Table" end

---The rows in a loop.
---
---```lua
---for row in difkit.table({"a"}, {{1}, {2}}):rows() do print(row.a) end
-----> 1
-----> 2
---```
---@return fun(): table<string, any>
function Table:rows()
   local i = 0
   return function()
      i = i + 1
      return rawget(self, i)
   end
end

---The values of a column as a list; `n` is its length, since values can be missing.
---
---```lua
---local scores = difkit.table({"s"}, {{0.5}, {}, {0.7}}):column "s"
---print(scores.n, scores[1], scores[2], scores[3]) --> 3	0.5	nil	0.7
---```
---@param name string
---@return any[]
function Table:column(name)
   check_column(self, "column", name)
   local values = {n = #self}
   for i = 1, #self do values[i] = self[i][name] end
   return values
end

--- Values of several columns as one key; values of different types never meet.
local function key_of(row, columns)
   local parts = {}
   for i, name in ipairs(columns) do
      local value = row[name]
      if math.type(value) == "float" and value == math.floor(value) and value > -2^53 and value < 2^53 then
         value = math.tointeger(value)
      end
      local text = math.type(value) == "float" and ("%.17g"):format(value) or tostring(value)
      parts[i] = type(value) .. ":" .. #text .. ":" .. text
   end
   return table.concat(parts, "\0")
end
tables.key_of = key_of

local helpers = {
   blank = blank, add = add, copied = copied, new = tables.new, check_column = check_column, list_of = list_of,
   key_of = key_of, has = function(t, name) return shapes[t].has[name] end,
}
for _, part in ipairs {"rows", "columns", "join", "group", "pivot", "shape", "units", "output"} do
   require("difkit.table." .. part)(Table, helpers)
end

local optional = {
   title = true, note = true, source = true, marks = true, orders = true, total = true, members = true,
   variables = true,
}

function unknown(t, name)
   if optional[name] or math.type(name) == "integer" then return nil end
   local names = {"columns", "title", "note", "source", "marks"}
   for key in next, Table do names[#names + 1] = key end
   table.sort(names)
   local hint = errors.hint(name, names)
   if shapes[t].has[name] then hint = ('the column is in the rows: t[1].%s, or t:column "%s"'):format(name, name) end
   errors.raise(('a table has no field or method "%s"'):format(tostring(name)), hint)
end

function table_events.__tostring(t) return (Table.text(t):gsub("\n$", "")) end

--- pairs(t): the rows, as ipairs(t) has them, and not the title and the columns among them.
function table_events.__pairs(t) return ipairs(t) end

tables.methods = Table

return setmetatable(tables, {
   __metatable = "difkit.table",
   __call = function(_, columns, rows) return (tables.new(columns, rows)) end,
   __index = function(_, name)
      if name == "writers" then return require("difkit.format.write").writers end
      if name == "read" or name == "read_csv" or name == "parse_csv" then
         require "difkit.table.read"(tables)
         return tables[name]
      end
      local names = {"writers", "read", "read_csv", "parse_csv"}
      for key in next, tables do names[#names + 1] = key end
      table.sort(names)
      errors.raise(('difkit.table has no field "%s"'):format(tostring(name)), errors.hint(name, names))
   end,
})
