--- Tables put together: groups and their figures, pivots, totals.
local compare = require "difkit.table.compare"
local errors = require "difkit.error"

--- Adds two numbers. Integers that would overflow become an error instead of another number.
local function plus(call, a, b)
   local sum = a + b
   if math.type(sum) == "integer" and ((a >= 0) == (b >= 0)) and ((sum >= 0) ~= (a >= 0)) then
      errors.raise(call .. ": the sum is too large for an integer", "turn the values into reals: value + 0.0")
   end
   return sum
end

--- Sum of a list of numbers: exact for integers, compensated (Neumaier 1974) for reals, so that the order of the rows
--- hardly matters.
local function sum_of(call, values)
   local integers, reals, lost, has_reals = 0, 0.0, 0.0, false
   for i = 1, #values do
      local value = values[i]
      if math.type(value) == "integer" then
         integers = plus(call, integers, value)
      else
         has_reals = true
         local next_sum = reals + value
         if math.abs(reals) >= math.abs(value) then lost = lost + ((reals - next_sum) + value)
         else lost = lost + ((value - next_sum) + reals) end
         reals = next_sum
      end
   end
   if not has_reals then return integers end
   if lost ~= lost then lost = 0.0 end
   return integers + (reals + lost)
end

--- The figures that a list of present values can be boiled down to.
local figures = {
   sum = function(call, values) return #values > 0 and sum_of(call, values) or nil end,
   mean = function(call, values) return #values > 0 and sum_of(call, values) / #values or nil end,
   min = function(_, values)
      local least
      for _, value in ipairs(values) do
         if least == nil or compare.less(value, least) then least = value end
      end
      return least
   end,
   max = function(_, values)
      local most
      for _, value in ipairs(values) do
         if most == nil or compare.less(most, value) then most = value end
      end
      return most
   end,
   median = function(_, values)
      local sorted = compare.sort(table.move(values, 1, #values, 1, {}), compare.less)
      local n = #sorted
      if n == 0 then return nil end
      if n % 2 == 1 then return sorted[n // 2 + 1] end
      return (sorted[n // 2] + sorted[n // 2 + 1]) / 2
   end,
}
local needs_numbers = {sum = true, mean = true, median = true}

--- Adds the methods to the class of table.lua; `helpers` are its private functions.
return function(Table, helpers)
   local blank, add, copied = helpers.blank, helpers.add, helpers.copied
   local check_column, list_of, key_of = helpers.check_column, helpers.list_of, helpers.key_of

   local function present(call, column, rows)
      local values = {}
      for _, row in ipairs(rows) do
         local value = row[column]
         if value ~= nil then
            if needs_numbers[call] and type(value) ~= "number" then
               errors.raise(('%s: column "%s" holds %s'):format(call, column, errors.show(value)),
                  "only numbers add up")
            end
            values[#values + 1] = value
         end
      end
      return values
   end

   --- The table with a column more: a value for each group.
   local function with_figure(t, name, figure)
      local columns = table.move(t.columns, 1, #t.columns, 1, {})
      columns[#columns + 1] = name
      local out = blank("group", columns, t)
      for i = 1, #t do
         local row = copied(t, t[i])
         row[name] = figure(t.members[i])
         add(out, row)
      end
      rawset(out, "members", t.members)
      rawset(out, "grouped", t.grouped)
      return out
   end

   ---Groups the rows by columns, in the order in which the groups appear; `count`, `sum`, `mean`, `min`, `max`,
   ---`median` and `aggregate` then add a column each.
   ---
   ---```lua
   ---local t = difkit.table({"area", "n"}, {{"PA1", 2}, {"PA2", 1}, {"PA1", 3}})
   ---t:group "area":count "rows":sum("n", "total"):print()
   -----> area  rows  total
   -----> ─────────────────
   -----> PA1      2      5
   -----> PA2      1      1
   ---```
   ---@param ... string columns
   ---@return difkit.Table
   function Table:group(...)
      local keys = list_of(...)
      if #keys == 0 then errors.raise("group: no columns given") end
      for _, name in ipairs(keys) do check_column(self, "group", name) end
      local t = blank("group", keys, self)
      local members, place = {}, {}
      for row in self:rows() do
         local key = key_of(row, keys)
         if not place[key] then
            add(t, copied(t, row))
            place[key] = #t
            members[#t] = {}
         end
         table.insert(members[place[key]], row)
      end
      rawset(t, "members", members)
      rawset(t, "grouped", self)
      return t
   end

   ---The number of rows; after `group`, with a name: a column with the number of rows of each group.
   ---
   ---```lua
   ---local t = difkit.table({"area"}, {{"PA1"}, {"PA1"}})
   ---print(t:count(), t:group "area":count("n")[1].n) --> 2	2
   ---```
   ---@param name? string
   ---@return difkit.Table|integer
   function Table:count(name)
      if name == nil then return #self end
      errors.check("count", "name", name, "string")
      if not rawget(self, "members") then
         errors.raise("count: there are no groups", "for the number of rows write t:count(), or group first")
      end
      return with_figure(self, name, function(rows) return #rows end)
   end

   local function figure_of(call, t, column, name)
      local members = rawget(t, "members")
      local origin = members and t.grouped or t
      check_column(origin, call, column)
      local function figure(rows) return figures[call](call, present(call, column, rows)) end
      if not members then return figure(t) end
      return with_figure(t, name or call .. "_" .. column, figure)
   end

   ---Sum of a column, missing values left out; after `group`, a column with the sum of each group.
   ---
   ---```lua
   ---print(difkit.table({"n"}, {{1}, {2}, {}}):sum "n") --> 3
   ---```
   ---@param column string
   ---@param name? string of the new column, default `sum_` and the column
   ---@return difkit.Table|number|nil
   function Table:sum(column, name) return figure_of("sum", self, column, name) end

   ---Mean of a column, missing values left out; after `group`, a column with the mean of each group.
   ---
   ---```lua
   ---print(difkit.table({"n"}, {{1}, {2}, {}}):mean "n") --> 1.5
   ---```
   ---@param column string
   ---@param name? string
   ---@return difkit.Table|number|nil
   function Table:mean(column, name) return figure_of("mean", self, column, name) end

   ---Smallest value of a column; after `group`, of each group.
   ---
   ---```lua
   ---print(difkit.table({"n"}, {{3}, {2}, {}}):min "n") --> 2
   ---```
   ---@param column string
   ---@param name? string
   ---@return any
   function Table:min(column, name) return figure_of("min", self, column, name) end

   ---Largest value of a column; after `group`, of each group.
   ---
   ---```lua
   ---print(difkit.table({"n"}, {{3}, {2}, {}}):max "n") --> 3
   ---```
   ---@param column string
   ---@param name? string
   ---@return any
   function Table:max(column, name) return figure_of("max", self, column, name) end

   ---Median of a column, missing values left out; after `group`, of each group.
   ---
   ---```lua
   ---print(difkit.table({"n"}, {{1}, {9}, {2}, {4}}):median "n") --> 3.0
   ---```
   ---@param column string
   ---@param name? string
   ---@return any
   function Table:median(column, name) return figure_of("median", self, column, name) end

   ---After `group`: a column computed from the rows of each group.
   ---
   ---```lua
   ---local t = difkit.table({"area", "id"}, {{"PA1", "a"}, {"PA1", "b"}})
   ---local lists = t:group "area":aggregate("ids", function(rows) return rows[1].id .. " " .. rows[2].id end)
   ---print(lists[1].ids) --> a b
   ---```
   ---@param name string
   ---@param compute fun(rows: table[]): any
   ---@return difkit.Table
   function Table:aggregate(name, compute)
      errors.check("aggregate", "name", name, "string")
      errors.check("aggregate", "compute", compute, "function")
      if not rawget(self, "members") then errors.raise("aggregate: there are no groups", "group first") end
      return with_figure(self, name, compute)
   end

   --- Keys in the order of `wanted` (as far as they occur there), the rest as they came.
   local function in_order(keys, wanted, complete)
      if not wanted then return keys end
      local occurs, out, done = {}, {}, {}
      for _, key in ipairs(keys) do occurs[key] = true end
      for _, key in ipairs(wanted) do
         if occurs[key] or complete then
            out[#out + 1] = key
            done[key] = true
         end
      end
      for _, key in ipairs(keys) do
         if not done[key] then out[#out + 1] = key end
      end
      return out
   end

   ---How a pivot is laid out: `fill` stands in empty cells; `complete = true` also shows documents, topics, areas and
   ---units that do not occur; `rows` and `columns` give an order of their own.
   ---@class difkit.PivotOptions
   ---@field fill? any
   ---@field complete? boolean
   ---@field rows? any[]
   ---@field columns? any[]

   ---Turns rows into a matrix: one row for each value of `row`, one column for each value of `column`, `value` in the
   ---cells. The order is that of appearance, or that of the framework for what a query has read. Two rows for one cell
   ---are an error.
   ---
   ---```lua
   ---local rows = {{"identity", "DIFAP", 2}, {"identity", "BSBR", 1}, {"skills", "BSBR", 4}}
   ---local t = difkit.table({"topic", "document", "n"}, rows)
   ---t:pivot("topic", "document", "n", {fill = 0}):print()
   -----> topic     DIFAP  BSBR
   -----> ─────────────────────
   -----> identity      2     1
   -----> skills        0     4
   ---```
   ---@param row string|string[] one column, or several, whose values name the rows
   ---@param column string
   ---@param value string
   ---@param options? difkit.PivotOptions
   ---@return difkit.Table
   function Table:pivot(row, column, value, options)
      options = errors.options("pivot", options, {"fill", "complete", "rows", "columns"})
      local row_names = type(row) == "table" and row or {row}
      for _, name in ipairs(row_names) do check_column(self, "pivot", name) end
      check_column(self, "pivot", column)
      check_column(self, "pivot", value)
      local cells, keys, row_keys, labels, key_rows, seen = {}, {}, {}, {}, {}, {}
      for given in self:rows() do
         local key, row_key = given[column], key_of(given, row_names)
         if key == nil then
            errors.raise(('pivot: column "%s" has no value in a row'):format(column), "leave such rows out with where")
         end
         key = type(key) == "string" and key or require("difkit.text").number(key)
         if not seen[key] then
            seen[key] = true
            keys[#keys + 1] = key
         end
         if not cells[row_key] then
            cells[row_key] = {}
            row_keys[#row_keys + 1] = row_key
            labels[row_key] = given
            if #row_names == 1 and given[row_names[1]] ~= nil then key_rows[given[row_names[1]]] = row_key end
         end
         if cells[row_key][key] ~= nil then
            errors.raise(('pivot: several rows for "%s" and "%s"'):format(tostring(given[row_names[1]]), key),
               "group first, so that there is one value for each cell")
         end
         cells[row_key][key] = given[value]
      end
      local orders = rawget(self, "orders")
      keys = in_order(keys, options.columns or orders and orders[column], options.complete)
      local order = options.rows or orders and orders[row_names[1]]
      if order and #row_names == 1 then
         local wanted = {}
         for _, label in ipairs(order) do
            local row_key = key_rows[label] or options.complete and key_of({[row] = label}, {row})
            if row_key then
               wanted[#wanted + 1] = row_key
               if not cells[row_key] then
                  cells[row_key], labels[row_key] = {}, {[row] = label}
               end
            end
         end
         row_keys = in_order(row_keys, wanted, true)
      elseif order then
         local place = {}
         for i, label in ipairs(order) do place[label] = i end
         compare.sort(row_keys, function(a, b)
            local x, y = place[labels[a][row_names[1]]], place[labels[b][row_names[1]]]
            return x and y and x < y or x and not y or false
         end)
      end
      local columns = table.move(row_names, 1, #row_names, 1, {})
      for _, key in ipairs(keys) do columns[#columns + 1] = key end
      local t = blank("pivot", columns, self)
      for _, row_key in ipairs(row_keys) do
         local out = {}
         for _, name in ipairs(row_names) do out[name] = rawget(labels[row_key], name) end
         for _, key in ipairs(keys) do
            local cell = cells[row_key][key]
            if cell == nil then cell = options.fill end
            out[key] = cell
         end
         add(t, out)
      end
      return t
   end

   ---Turns columns into rows, the reverse of `pivot`: all columns but `keep` become pairs of a name and a value.
   ---
   ---```lua
   ---local t = difkit.table({"unit", "2020", "2022"}, {{"VNM", 0.67, 0.68}}):unpivot({"unit"}, "year", "score")
   ---print(#t, t[2].year, t[2].score) --> 2	2022	0.68
   ---```
   ---@param keep string|string[] columns that stay
   ---@param name string of the column that takes the names
   ---@param value string of the column that takes the values
   ---@return difkit.Table
   function Table:unpivot(keep, name, value)
      keep = type(keep) == "table" and keep or {keep}
      local stays = {}
      for _, column in ipairs(keep) do
         check_column(self, "unpivot", column)
         stays[column] = true
      end
      local columns = table.move(keep, 1, #keep, 1, {})
      columns[#columns + 1], columns[#columns + 2] = name, value
      local t = blank("unpivot", columns, self)
      for row in self:rows() do
         for _, column in ipairs(self.columns) do
            if not stays[column] then
               local out = {[name] = column, [value] = row[column]}
               for _, kept in ipairs(keep) do out[kept] = row[kept] end
               add(t, out)
            end
         end
      end
      return t
   end

   --- Columns that hold numbers and nothing else, at least one.
   local function number_columns(t)
      local numeric = {}
      for _, name in ipairs(t.columns) do
         local some, all = false, true
         for row in t:rows() do
            local value = row[name]
            if type(value) == "number" then some = true
            elseif value ~= nil then all = false end
         end
         if some and all then numeric[#numeric + 1] = name end
      end
      return numeric
   end

   ---Adds a row with the sums of the columns that hold numbers; the first other column says what it is.
   ---
   ---```lua
   ---difkit.table({"topic", "n"}, {{"identity", 2}, {"skills", 4}}):total_row():print()
   -----> topic     n
   -----> ───────────
   -----> identity  2
   -----> skills    4
   -----> Total     6
   ---```
   ---@param label? string default "Total"
   ---@return difkit.Table
   function Table:total_row(label)
      errors.check("total_row", "label", label, "string", "optional")
      local totals, numeric = {}, {}
      for _, name in ipairs(number_columns(self)) do
         numeric[name] = true
         totals[name] = self:sum(name)
      end
      for _, name in ipairs(self.columns) do
         if not numeric[name] then
            totals[name] = label or "Total"
            break
         end
      end
      local t = blank("total_row", self.columns, self)
      for row in self:rows() do add(t, row) end
      add(t, totals)
      return t
   end

   ---Adds a column with the sum of the numbers of each row.
   ---
   ---```lua
   ---print(difkit.table({"topic", "DIFAP", "BSBR"}, {{"skills", 4, 1}}):total_column()[1].Total) --> 5
   ---```
   ---@param name? string default "Total"
   ---@param columns? string[] what is added up, default all columns that hold numbers
   ---@return difkit.Table
   function Table:total_column(name, columns)
      errors.check("total_column", "name", name, "string", "optional")
      columns = columns or number_columns(self)
      for _, column in ipairs(columns) do check_column(self, "total_column", column) end
      return self:derive(name or "Total", function(row)
         local values = {}
         for _, column in ipairs(columns) do
            if type(row[column]) == "number" then values[#values + 1] = row[column] end
         end
         return sum_of("total_column", values)
      end)
   end
end
