--- Tables: rows with named columns in a fixed order. What a query collects into, and what people print and write.
--- Each function gives a new table and leaves the old one as it was; the rows themselves may be shared between them.
--- Joins are in table_join.lua, groups, pivots and totals in table_group.lua, printing and files in table_output.lua.
local compare = require "difkit.table.compare"
local errors = require "difkit.error"
local sql = require "difkit.sql"

---Rows with named columns in a fixed order: `t[i]` is a row, `#t` their number, `row.name` a value, nil where missing.
---@class difkit.Table
---@field columns string[] names of the columns, in order
---@field title string|nil printed above the table
---@field note string|nil printed below the table
---@field source string|nil where the data come from, printed below the table
---@field marks string[]|nil what stands before and after words to point out: a terminal with colour shows them bold
local Table = {}

local metatable = {__name = "difkit.Table", __metatable = "difkit.Table"}

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

--- A table without rows. `from` lends title, note, source and the known order of values.
local function blank(call, columns, from)
   local copy = table.move(columns, 1, #columns, 1, {})
   local t = setmetatable({columns = copy}, metatable)
   if from and columns == from.columns then
      shapes[t] = shapes[from]
   else
      local has = check_columns(call, columns)
      shapes[t] = {has = has, row = row_metatable(copy, has)}
   end
   if from then
      for _, name in ipairs {"title", "note", "source", "marks", "orders"} do rawset(t, name, rawget(from, name)) end
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

---Chooses columns, in this order; `"column as name"` renames.
---
---```lua
---local t = difkit.table({"id", "n"}, {{"a", 1}}):select("n as count", "id")
---print(t.columns[1], t[1].count) --> count	1
---```
---@param ... string
---@return difkit.Table
function Table:select(...)
   local from, names = {}, {}
   for i, wanted in ipairs(list_of(...)) do
      errors.check("select", "column", wanted, "string")
      local column, name
      if not shapes[self].has[wanted] then column, name = wanted:match "^(.-)%s+[aA][sS]%s+(.+)$" end
      from[i], names[i] = column or wanted, name or wanted
      check_column(self, "select", from[i])
   end
   if #names == 0 then errors.raise("select: no columns given") end
   local t = blank("select", names, self)
   for row in self:rows() do
      local chosen = {}
      for i, name in ipairs(names) do chosen[name] = row[from[i]] end
      add(t, chosen)
   end
   return t
end

---Keeps the rows that fulfil a condition: a function of the row, a table of columns and values, or a column, a
---comparison and a value, as in a query.
---
---```lua
---local t = difkit.table({"id", "n"}, {{"a", 1}, {"b", 5}, {"c"}})
---print(#t:where{id = {"a", "c"}}, #t:where("n", ">", 2), #t:where(function(row) return row.n == nil end)) --> 2	1	1
---```
---@param condition table<string, any>|string|fun(row: table): any
---@param comparison? string
---@param value? any
---@return difkit.Table
function Table:where(condition, comparison, value)
   local keep
   if type(condition) == "function" then
      keep = condition
   elseif type(condition) == "string" then
      check_column(self, "where", condition)
      local test = compare.test("where", condition, comparison, value)
      keep = function(row) return test(row[condition]) end
   else
      errors.check("where", "condition", condition, "table", "string", "function")
      local checks = {}
      for column, wanted in require("difkit.sorted")(condition) do
         check_column(self, "where", column)
         checks[#checks + 1] = {column = column, test = compare.test("where", column, "=", wanted)}
      end
      keep = function(row)
         for _, check in ipairs(checks) do
            if not check.test(row[check.column]) then return false end
         end
         return true
      end
   end
   local t = blank("where", self.columns, self)
   for row in self:rows() do
      if keep(row) then add(t, row) end
   end
   return t
end

--- "n desc" as a column and a direction.
local function direction_of(t, call, wanted)
   errors.check(call, "column", wanted, "string")
   if shapes[t].has[wanted] then return wanted, false end
   local column, last = wanted:match "^(.-)%s+(%a+)$"
   if column and shapes[t].has[column] then
      local direction = last:lower()
      if direction == "asc" or direction == "desc" then return column, direction == "desc" end
      errors.raise(('%s: unknown direction "%s" in "%s"'):format(call, last, wanted),
         errors.hint(last, {"asc", "desc"}))
   end
   check_column(t, call, column or wanted)
end

---Sorts by columns (`sort("n desc", "id")`) or by a function that tells whether one row stands before another.
---Rows that are equal keep their order; missing values come last.
---
---```lua
---local t = difkit.table({"id", "n"}, {{"a", 1}, {"b"}, {"c", 5}}):sort "n desc"
---print(t[1].id, t[2].id, t[3].id) --> c	a	b
---```
---@param ... string|fun(a: table, b: table): boolean
---@return difkit.Table
function Table:sort(...)
   local first = ...
   local less = first
   if type(first) ~= "function" then
      local keys = {}
      for _, wanted in ipairs(list_of(...)) do
         local column, descending = direction_of(self, "sort", wanted)
         keys[#keys + 1] = {column = column, descending = descending}
      end
      if #keys == 0 then errors.raise("sort: no columns given") end
      less = function(a, b)
         for _, key in ipairs(keys) do
            local x, y = a[key.column], b[key.column]
            if x == nil or y == nil then
               if x ~= y then return y == nil end
            elseif compare.less(x, y) then
               return not key.descending
            elseif compare.less(y, x) then
               return key.descending
            end
         end
         return false
      end
   end
   local t = blank("sort", self.columns, self)
   for _, row in ipairs(compare.sort(table.move(self, 1, #self, 1, {}), less)) do add(t, row) end
   return t
end

---Adds a column, or replaces one, computed from each row and its place.
---
---```lua
---local t = difkit.table({"n"}, {{2}, {4}}):derive("share", function(row) return row.n / 6 end)
---print(t:column("share")[1]) --> 0.33333333333333
---```
---@param name string
---@param value any|fun(row: table, i: integer): any
---@return difkit.Table
function Table:derive(name, value)
   errors.check("derive", "name", name, "string")
   local columns = table.move(self.columns, 1, #self.columns, 1, {})
   if not shapes[self].has[name] then columns[#columns + 1] = name end
   local t = blank("derive", columns, self)
   for i = 1, #self do
      local row = copied(self, self[i])
      local result = value
      if type(value) == "function" then result = value(self[i], i) end
      if result == sql.null then result = nil end
      row[name] = result
      add(t, row)
   end
   return t
end

---Renames columns: `rename{old = "new"}`.
---
---```lua
---print(difkit.table({"n"}, {{3}}):rename{n = "actions"}[1].actions) --> 3
---```
---@param names table<string, string>
---@return difkit.Table
function Table:rename(names)
   errors.check("rename", "names", names, "table")
   for old, name in require("difkit.sorted")(names) do
      check_column(self, "rename", old)
      errors.check("rename", ('new name of "%s"'):format(old), name, "string")
   end
   local wanted = {}
   for i, name in ipairs(self.columns) do wanted[i] = names[name] or name end
   local t = blank("rename", wanted, self)
   for row in self:rows() do
      local renamed = {}
      for i, name in ipairs(self.columns) do renamed[wanted[i]] = row[name] end
      add(t, renamed)
   end
   return t
end

---Leaves out columns.
---
---```lua
---print(#difkit.table({"a", "b", "c"}, {}):drop("b", "c").columns) --> 1
---```
---@param ... string
---@return difkit.Table
function Table:drop(...)
   local out = {}
   for _, name in ipairs(list_of(...)) do
      check_column(self, "drop", name)
      out[name] = true
   end
   local kept = {}
   for _, name in ipairs(self.columns) do
      if not out[name] then kept[#kept + 1] = name end
   end
   local t = blank("drop", kept, self)
   for row in self:rows() do add(t, copied(t, row)) end
   return t
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

---The first row of each combination of values of the columns (of all columns, when none are given).
---
---```lua
---print(#difkit.table({"a", "b"}, {{1, 2}, {1, 2}, {1, 3}}):distinct()) --> 2
---```
---@param ... string
---@return difkit.Table
function Table:distinct(...)
   local columns = select("#", ...) == 0 and self.columns or list_of(...)
   for _, name in ipairs(columns) do check_column(self, "distinct", name) end
   local seen, t = {}, blank("distinct", self.columns, self)
   for row in self:rows() do
      local key = key_of(row, columns)
      if not seen[key] then
         seen[key] = true
         add(t, row)
      end
   end
   return t
end

---The first rows.
---
---```lua
---print(#difkit.table({"a"}, {{1}, {2}, {3}}):head(2)) --> 2
---```
---@param count? integer default 10
---@return difkit.Table
function Table:head(count)
   errors.check("head", "count", count, "integer", "optional")
   local t = blank("head", self.columns, self)
   for i = 1, math.min(#self, count or 10) do add(t, self[i]) end
   return t
end

---Adds the rows of another table, or one row, at the end. Columns that are new are added.
---
---```lua
---local t = difkit.table({"a"}, {{1}}):append{a = 2}
---print(#t, t[2].a) --> 2	2
---```
---@param other difkit.Table|table<string, any>
---@return difkit.Table
function Table:append(other)
   errors.check("append", "other", other, "table")
   local columns = table.move(self.columns, 1, #self.columns, 1, {})
   local one = getmetatable(other) ~= "difkit.Table"
   if one then
      other = tables.new(self.columns, {other})
   else
      for _, name in ipairs(other.columns) do
         if not shapes[self].has[name] then columns[#columns + 1] = name end
      end
   end
   local t = blank("append", columns, self)
   for row in self:rows() do add(t, copied(self, row)) end
   for row in other:rows() do add(t, copied(other, row)) end
   return t
end

for _, part in ipairs {"difkit.table.join", "difkit.table.group", "difkit.table.output"} do
   require(part)(Table, {
      blank = blank, add = add, copied = copied, check_column = check_column, list_of = list_of, key_of = key_of,
      has = function(t, name) return shapes[t].has[name] end,
   })
end

local optional = {title = true, note = true, source = true, marks = true, orders = true, members = true}

function metatable.__index(t, name)
   local method = Table[name]
   if method ~= nil then return method end
   if optional[name] or math.type(name) == "integer" then return nil end
   local names = {"columns", "title", "note", "source", "marks"}
   for key in next, Table do names[#names + 1] = key end
   table.sort(names)
   local hint = errors.hint(name, names)
   if shapes[t].has[name] then hint = ('the column is in the rows: t[1].%s, or t:column "%s"'):format(name, name) end
   errors.raise(('a table has no field or method "%s"'):format(tostring(name)), hint)
end

function metatable.__tostring(t) return (Table.text(t):gsub("\n$", "")) end

--- pairs(t): the rows, as ipairs(t) has them, and not the title and the columns among them.
function metatable.__pairs(t) return ipairs(t) end

tables.methods = Table

return setmetatable(tables, {
   __metatable = "difkit.table",
   __call = function(_, ...) return tables.new(...) end,
   __index = function(_, name)
      if name == "writers" or name == "read_csv" or name == "parse_csv" then
         local files = require "difkit.format.write"
         return files[name]
      end
      local names = {"writers", "read_csv", "parse_csv"}
      for key in next, tables do names[#names + 1] = key end
      table.sort(names)
      errors.raise(('difkit.table has no field "%s"'):format(tostring(name)), errors.hint(name, names))
   end,
})
