--- Tables with fewer, more or other rows, the columns as they were.
local compare = require "difkit.table.compare"
local errors = require "difkit.error"
local shared = require("difkit.observe").shared

--- Adds the methods to the class of table/init.lua; `helpers` are its private functions.
return function(Table, helpers)
   local blank, add, copied, new = helpers.blank, helpers.add, helpers.copied, helpers.new
   local check_column, list_of, key_of, has = helpers.check_column, helpers.list_of, helpers.key_of, helpers.has

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
      local t = blank("where", self.columns, self, shared, condition, comparison, value)
      for row in self:rows() do
         if keep(row) then add(t, row) end
      end
      return t
   end

   --- "n desc" as a column and a direction.
   local function direction_of(t, call, wanted)
      errors.check(call, "column", wanted, "string")
      if has(t, wanted) then return wanted, false end
      local column, last = wanted:match "^(.-)%s+(%a+)$"
      if column and has(t, column) then
         local direction = last:lower()
         if direction == "asc" or direction == "desc" then return column, direction == "desc" end
         errors.raise(('%s: unknown direction "%s" in "%s"'):format(call, last, wanted),
            errors.hint(last, {"asc", "desc"}))
      end
      check_column(t, call, column or wanted)
   end

   ---Sorts by columns (`sort("n desc", "id")`) or by a function that tells whether one row stands before another.
   ---Rows that are equal keep their order; missing values come last. Years beside quarters and other periods stand in
   ---the order of time.
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
            keys[#keys + 1] = {column = column, descending = descending, less = compare.order_of(self, column)}
         end
         if #keys == 0 then errors.raise("sort: no columns given") end
         less = function(a, b)
            for _, key in ipairs(keys) do
               local x, y = a[key.column], b[key.column]
               if x == nil or y == nil then
                  if x ~= y then return y == nil end
               elseif key.less(x, y) then
                  return not key.descending
               elseif key.less(y, x) then
                  return key.descending
               end
            end
            return false
         end
      end
      local t = blank("sort", self.columns, self, shared, ...)
      for _, row in ipairs(compare.sort(table.move(self, 1, #self, 1, {}), less)) do add(t, row) end
      return t
   end

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
      local seen, t = {}, blank("distinct", self.columns, self, shared, ...)
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
      local t = blank("head", self.columns, self, shared, count)
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
         other = new(self.columns, {other})
      else
         for _, name in ipairs(other.columns) do
            if not has(self, name) then columns[#columns + 1] = name end
         end
      end
      local t = blank("append", columns, self, function(i, column)
         if i > #self then return {other[i - #self]}, has(other, column) and column or nil, other end
         return {self[i]}, has(self, column) and column or nil
      end, other)
      for row in self:rows() do add(t, copied(self, row)) end
      for row in other:rows() do add(t, copied(other, row)) end
      return t
   end
end
