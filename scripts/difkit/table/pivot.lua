--- Tables turned: pivots and their reverse, and totals of rows and columns.
local compare = require "difkit.table.compare"
local core = require "difkit.core"
local errors = require "difkit.error"
local figures = require "difkit.table.figures"
local merged = require "difkit.merged"

--- Adds the methods to the class of table/init.lua; `helpers` are its private functions.
return function(Table, helpers)
   local blank, add, check_column, key_of = helpers.blank, helpers.add, helpers.check_column, helpers.key_of

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

   --- The name of the column that a value of the data becomes.
   local function cell_key(value) return type(value) == "string" and value or core.number_text(value) end

   --- The cells of a pivot by key of the row and of the column, rows in the order in which they come, columns in that
   --- which they have within the rows, and for each row one that names it.
   local function read_cells(t, row_names, column, value)
      local grid = {cells = {}, keys = {}, row_keys = {}, labels = {}}
      local seen, lists, list_of = {}, {}, {}
      for given in t:rows() do
         local key, row_key = given[column], key_of(given, row_names)
         if key == nil then
            errors.raise(('pivot: column "%s" has no value in a row'):format(column), "leave such rows out with where")
         end
         key = cell_key(key)
         if not seen[key] then
            seen[key] = true
            grid.keys[#grid.keys + 1] = key
         end
         if not grid.cells[row_key] then
            list_of[row_key] = {}
            lists[#lists + 1] = list_of[row_key]
            grid.cells[row_key], grid.labels[row_key] = {}, given
            grid.row_keys[#grid.row_keys + 1] = row_key
         end
         if grid.cells[row_key][key] ~= nil then
            errors.raise(('pivot: several rows for "%s" and "%s"'):format(tostring(given[row_names[1]]), key),
               "group first, so that there is one value for each cell")
         end
         grid.cells[row_key][key] = given[value]
         table.insert(list_of[row_key], key)
      end
      grid.keys = merged(grid.keys, lists)
      return grid
   end

   --- Puts the rows of a pivot into the order of `order`, a list of values of the first column that names them. Where
   --- that names them alone, `complete` adds rows for the values that do not occur.
   local function order_rows(grid, row_names, order, complete)
      if not order then return end
      local first = row_names[1]
      if #row_names > 1 then
         local place = {}
         for i, label in ipairs(order) do place[label] = i end
         compare.sort(grid.row_keys, function(a, b)
            local x, y = place[grid.labels[a][first]], place[grid.labels[b][first]]
            return x and y and x < y or x and not y or false
         end)
         return
      end
      local wanted = {}
      for _, label in ipairs(order) do
         local row_key = key_of({[first] = label}, row_names)
         if complete and not grid.cells[row_key] then
            grid.cells[row_key], grid.labels[row_key] = {}, {[first] = label}
         end
         if grid.cells[row_key] then wanted[#wanted + 1] = row_key end
      end
      grid.row_keys = in_order(grid.row_keys, wanted, true)
   end

   --- The way back from a pivot: the rows are looked for when somebody asks.
   local function way_back(t, grid, row_names, column, value)
      local is_label, behind = {}, nil
      for _, name in ipairs(row_names) do is_label[name] = true end
      return function(i, wanted)
         if not behind then
            behind = {}
            for given in t:rows() do
               local row_key = key_of(given, row_names)
               behind[row_key] = behind[row_key] or {}
               table.insert(behind[row_key], given)
            end
         end
         local found = behind[grid.row_keys[i]] or {}
         if not wanted or is_label[wanted] then return found, wanted end
         local cell = {}
         for _, given in ipairs(found) do
            if cell_key(given[column]) == wanted then cell[#cell + 1] = given end
         end
         return cell, value
      end
   end

   --- The matrix of `pivot`, for the method `call`.
   function helpers.pivot(self, call, row, column, value, options)
      local row_names = type(row) == "table" and row or {row}
      for _, name in ipairs(row_names) do check_column(self, call, name) end
      check_column(self, call, column)
      check_column(self, call, value)
      local grid = read_cells(self, row_names, column, value)
      local orders = rawget(self, "orders")
      grid.keys = in_order(grid.keys, options.columns or orders and orders[column], options.complete)
      order_rows(grid, row_names, options.rows or orders and orders[row_names[1]], options.complete)
      local columns = table.move(row_names, 1, #row_names, 1, {})
      for _, key in ipairs(grid.keys) do columns[#columns + 1] = key end
      local way = way_back(self, grid, row_names, column, value)
      local t = blank(call, columns, self, way, row, column, value, options)
      for _, row_key in ipairs(grid.row_keys) do
         local out = {}
         for _, name in ipairs(row_names) do out[name] = rawget(grid.labels[row_key], name) end
         for _, key in ipairs(grid.keys) do
            local cell = grid.cells[row_key][key]
            if cell == nil then cell = options.fill end
            out[key] = cell
         end
         add(t, out)
      end
      return t
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
      return helpers.pivot(self, "pivot", row, column, value, options)
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
      local staying, stays = type(keep) == "table" and keep or {keep}, {}
      for _, column in ipairs(staying) do
         check_column(self, "unpivot", column)
         stays[column] = true
      end
      local columns = table.move(staying, 1, #staying, 1, {})
      columns[#columns + 1], columns[#columns + 2] = name, value
      local turned = {}
      for _, column in ipairs(self.columns) do
         if not stays[column] then turned[#turned + 1] = column end
      end
      local t = blank("unpivot", columns, self, function(i, wanted)
         local column = turned[(i - 1) % #turned + 1]
         if wanted == value then wanted = column elseif wanted == name then wanted = nil end
         return {self[(i - 1) // #turned + 1]}, wanted
      end, keep, name, value)
      for row in self:rows() do
         for _, column in ipairs(turned) do
            local out = {[name] = column, [value] = row[column]}
            for _, kept in ipairs(staying) do out[kept] = row[kept] end
            add(t, out)
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
      local t = blank("total_row", self.columns, self, function(i, column)
         if i > #self then return table.move(self, 1, #self, 1, {}), numeric[column] and column or nil end
         return {self[i]}, column
      end, label)
      for row in self:rows() do add(t, row) end
      add(t, totals)
      for _, name in ipairs(self.columns) do
         -- By this pages know the row: it stays last, and is no row like the others.
         if type(totals[name]) == "string" then rawset(t, "total", {column = name, label = totals[name]}) end
      end
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
      local summed = columns or number_columns(self)
      for _, column in ipairs(summed) do check_column(self, "total_column", column) end
      return helpers.derive(self, "total_column", name or "Total", function(row)
         local values = {}
         for _, column in ipairs(summed) do
            if type(row[column]) == "number" then values[#values + 1] = row[column] end
         end
         return figures.sum("total_column", values)
      end, name, columns)
   end
end
