--- Tables put together: groups and their figures.
local errors = require "difkit.error"
local figures = require "difkit.table.figures"

--- Adds the methods to the class of table/init.lua; `helpers` are its private functions.
return function(Table, helpers)
   local blank, add, copied = helpers.blank, helpers.add, helpers.copied
   local check_column, list_of, key_of = helpers.check_column, helpers.list_of, helpers.key_of

   local function present(call, column, rows)
      local values = {}
      for _, row in ipairs(rows) do
         local value = row[column]
         if value ~= nil then
            if figures.of_numbers[call] and type(value) ~= "number" then
               errors.raise(('%s: column "%s" holds %s'):format(call, column, errors.show(value)),
                  "only numbers add up")
            end
            values[#values + 1] = value
         end
      end
      return values
   end

   --- The table with a column more: a value for each group, computed from `column` of its rows by a call with the
   --- arguments ….
   local function with_figure(t, call, name, figure, column, ...)
      local columns, members = table.move(t.columns, 1, #t.columns, 1, {}), t.members
      columns[#columns + 1] = name
      local out = blank(call, columns, t, function(i, wanted)
         if wanted and wanted ~= name then return {t[i]}, wanted end
         return members[i], wanted and column, t.grouped
      end, ...)
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
      local members, place = {}, {}
      local t = blank("group", keys, self, function(i, column) return members[i], column end, ...)
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
      return with_figure(self, "count", name, function(rows) return #rows end, nil, name)
   end

   local function figure_of(call, t, column, name)
      local members = rawget(t, "members")
      local origin = members and t.grouped or t
      check_column(origin, call, column)
      local function figure(rows) return figures.of[call](call, present(call, column, rows)) end
      if not members then return figure(t) end
      return with_figure(t, call, name or call .. "_" .. column, figure, column, column, name)
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
      return with_figure(self, "aggregate", name, compute, nil, name, compute)
   end
end
