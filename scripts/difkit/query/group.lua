--- The steps of the query builder that make groups of rows and figures of groups.
local errors = require "difkit.error"
local observe = require "difkit.observe"
local sql = require "difkit.sql"
local writer = require "difkit.query.sql"

local step = writer.step

--- Adds the methods to the class of query.lua; `helpers` are its private functions.
---@param Query difkit.Query
return function(Query, helpers)
   local reference, list_of, settled = helpers.reference, helpers.list_of, helpers.settled

   ---Groups the rows by columns; `count`, `sum`, `mean`, `min`, `max` then add a column each.
   ---
   ---```lua
   ---db:from "action":group "document_id":count "n":print()
   -----> document_id   n
   -----> ───────────────
   -----> DIFAP        57
   -----> ACRF         63
   -----> ADM2025      35
   -----> BSBR         22
   -----> WPAAEC       67
   ---```
   ---@param ... string|difkit.Expression columns
   ---@return difkit.Query
   function Query:group(...)
      local base = settled(self, {"groups", "aggregates", "unique", "row_limit", "row_offset"})
      local groups = {}
      for _, wanted in ipairs(list_of(...)) do
         if sql.is_expression(wanted) then
            if not wanted.name then
               errors.raise("group: the expression has no name: " .. wanted.text, 'write difkit.sql("..."):as "name"')
            end
            if wanted.values.n > 0 then
               base = writer.wrap(base)
            end
            groups[#groups + 1] = {name = wanted.name, text = wanted.text, values = wanted.values}
         else
            errors.check("group", "column", wanted, "string")
            local column, name = wanted:match "^(.-)%s+[aA][sS]%s+(.+)$"
            local text, found = reference(base, "group", column or wanted)
            if found.computed then
               base = writer.wrap(base)
               text, found = reference(base, "group", column or wanted)
            end
            groups[#groups + 1] = {name = name or found.name, text = text, entity = found.entity, values = sql.values()}
         end
      end
      if #groups == 0 then
         errors.raise("group: no columns given", 'for one row in all leave group out: query:sum("x")')
      end
      return step(base, {groups = groups, selected = writer.none, orders = writer.none})
   end

   --- Adds an aggregate column.
   local function aggregate(query, call, form, column, name)
      local base
      if not query.groups and not query.aggregates then
         base = settled(query, {"unique", "row_limit", "row_offset"})
      else
         base = settled(query, {"row_limit", "row_offset", "unique"})
         if base ~= query then
            errors.raise(call .. ": comes after limit, offset or distinct", "aggregate before them")
         end
      end
      local text, values = form, sql.values()
      if column then
         local inner
         if sql.is_expression(column) then
            inner, values = column.text, column.values
         else
            local origin = step(base, {groups = writer.none, aggregates = writer.none})
            local found
            inner, found = reference(origin, call, column)
            values = found.values or values
         end
         text = form:gsub("%%s", function() return inner end)
      end
      errors.check(call, "name", name, "string")
      for _, output in ipairs((base.groups or base.aggregates) and writer.outputs(base) or {}) do
         if output.name == name then
            errors.raise(('%s: two columns are called "%s"'):format(call, name), "give the second another name")
         end
      end
      return step(base, {
         aggregates = writer.appended(base.aggregates, {{name = name, text = text, values = values, computed = true}}),
         selected = writer.none,
      })
   end

   ---Counts rows. With a name it adds a column to the groups (rows that have a value in `column`, when one is given);
   ---without a name it runs the query and returns the number of its rows.
   ---
   ---```lua
   ---print(db:from "action":count())                                       --> 244
   ---print(db:from "action":group "topic_id":count "n":order "n desc":one().n) --> 33
   ---```
   ---@param name? string
   ---@param column? string
   ---@return difkit.Query|integer
   ---@overload fun(self: difkit.Query): integer
   function Query:count(name, column)
      if name == nil then
         local base = writer.wrap(step(self, {orders = not (self.row_limit or self.row_offset) and writer.none or nil}))
         local text, values = writer.render(step(base, {
            aggregates = {{name = "n", text = "COUNT(*)", values = sql.values()}}, orders = writer.none,
         }))
         local n = self.db:query(text, table.unpack(values, 1, values.n)):value()
         if observe.watcher then observe.watcher:counted(self, n) end
         return n
      end
      return aggregate(self, "count", column and "COUNT(%s)" or "COUNT(*)", column, name)
   end

   ---Counts the different values of a column.
   ---
   ---```lua
   ---print(db:from "action":count_distinct("topic_id", "topics"):value()) --> 21
   ---```
   ---@param column string
   ---@param name string
   ---@return difkit.Query
   function Query:count_distinct(column, name)
      errors.check("count_distinct", "column", column, "string", "table")
      return aggregate(self, "count_distinct", "COUNT(DISTINCT %s)", column, name)
   end

   ---Adds up a column; nil where there is no value at all.
   ---
   ---```lua
   ---print(db:from "topic":where{area_id = "PA1"}:sum("position", "total"):value()) --> 36
   ---```
   ---@param column string|difkit.Expression
   ---@param name? string of the new column, default `sum_` and the column
   ---@return difkit.Query
   function Query:sum(column, name)
      errors.check("sum", "column", column, "string", "table")
      return aggregate(self, "sum", "SUM(%s)", column, name or "sum_" .. tostring(column))
   end

   ---Mean of a column over the rows that have a value.
   ---
   ---```lua
   ---print(db:from "topic":where{area_id = "PA1"}:mean("position", "mean"):value()) --> 4.5
   ---```
   ---@param column string|difkit.Expression
   ---@param name? string of the new column, default `mean_` and the column
   ---@return difkit.Query
   function Query:mean(column, name)
      errors.check("mean", "column", column, "string", "table")
      return aggregate(self, "mean", "AVG(%s)", column, name or "mean_" .. tostring(column))
   end

   ---Smallest value of a column.
   ---
   ---```lua
   ---print(db:from "document":min("start_year", "first"):value()) --> 2019
   ---```
   ---@param column string|difkit.Expression
   ---@param name? string of the new column, default `min_` and the column
   ---@return difkit.Query
   function Query:min(column, name)
      errors.check("min", "column", column, "string", "table")
      return aggregate(self, "min", "MIN(%s)", column, name or "min_" .. tostring(column))
   end

   ---Largest value of a column.
   ---
   ---```lua
   ---print(db:from "action":max("line", "last"):value()) --> 2445
   ---```
   ---@param column string|difkit.Expression
   ---@param name? string of the new column, default `max_` and the column
   ---@return difkit.Query
   function Query:max(column, name)
      errors.check("max", "column", column, "string", "table")
      return aggregate(self, "max", "MAX(%s)", column, name or "max_" .. tostring(column))
   end

   ---Keeps the groups that fulfil the condition, written as for `where`.
   ---
   ---```lua
   ---for row in db:from "action":group "document_id":count "n":having("n", ">", 60):each() do
   ---   print(row.document_id, row.n)
   ---end
   -----> ACRF	63
   -----> WPAAEC	67
   ---```
   ---@param condition table<string, any>|string|difkit.Expression
   ---@param comparison? string
   ---@param value? any
   ---@return difkit.Query
   function Query:having(condition, comparison, value)
      if not self.groups and not self.aggregates then
         errors.raise("having: there are no groups", "use where, or group first")
      end
      local values_in_aggregate = false
      local havings = sql.conditions("having", function(name)
         local text, found = reference(self, "having", name)
         if found.values and found.values.n > 0 then values_in_aggregate = true end
         return text, found
      end, condition, comparison, value)
      if values_in_aggregate then return self:where(condition, comparison, value) end
      return step(self, {havings = writer.appended(self.havings, havings)})
   end
end
