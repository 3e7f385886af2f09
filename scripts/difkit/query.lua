--- The query builder: questions to the database as a chain of steps.
--- A query is a value. Each step gives a new query and leaves the old one as it was, and nothing runs before rows are
--- asked for. A step works on what the steps before it give, as if they were a table: where that needs a subquery, the
--- builder writes one. Every name is quoted, every value is bound. Writing the SQL is the work of query_sql.lua.
local core = require "difkit.core"
local errors = require "difkit.error"
local schema = require "difkit.schema"
local sql = require "difkit.sql"
local writer = require "difkit.query_sql"

---A question to the database: `db:from "action":where{document_id = "BSBR"}`. In a loop it gives its rows by name.
---@class difkit.Query
local Query = writer.methods

---@class difkit.Database
local Database = core.database

local new, step = writer.new, writer.step

--- What a name can mean in the query, for near misses.
local function names_of(query)
   local names = {}
   for _, output in ipairs(writer.outputs(query)) do names[#names + 1] = output.name end
   return names
end

local function describe(query)
   return query.sources[1].table or "the query"
end

local function unknown_column(query, call, name)
   local names, seen = names_of(query), {}
   for _, column in ipairs(names) do seen[column] = true end
   if not (query.groups or query.aggregates) then
      for _, source in ipairs(query.sources) do
         for _, column in ipairs(source.columns) do
            if not seen[column] then names[#names + 1] = column end
         end
      end
   end
   errors.raise(('%s: unknown column "%s" in %s'):format(call, tostring(name), describe(query)),
      errors.hint(name, names))
end

--- The SQL of a column of the sources, and the entity it names.
local function reference(query, call, name)
   errors.check(call, "column", name, "string")
   local found = writer.find(query, name)
   if not found then unknown_column(query, call, name) end
   return found.text, found
end

--- Names as given to select, group and the like: one list, or several arguments.
local function list_of(...)
   local first = ...
   if select("#", ...) == 1 and type(first) == "table" and not sql.is_expression(first) then return first end
   return {...}
end

--- The query as a source for further steps, when a step cannot be added to it as it is.
local function settled(query, names)
   for _, name in ipairs(names) do
      if query[name] then return writer.wrap(query) end
   end
   return query
end

---Begins a query on a table, a view, another query, or SQL written by hand (`difkit.sql`).
---
---```lua
---print(db:from "action_full":where{area = "PA1", document = "BSBR"}:count()) --> 9
---local long = db:from "action":where(difkit.sql "length(text) > 200")
---print(db:from(long):where{document_id = "ACRF"}:count())                    --> 9
---```
---@param source string|difkit.Query|difkit.Expression
---@return difkit.Query
function Database:from(source)
   local db = self
   if type(source) == "string" then
      local columns = schema.columns(db, source)
      if not columns then schema.unknown_table("from", source) end
      return new(db, {{text = sql.quote(source), alias = source, table = source, columns = columns}})
   end
   if getmetatable(source) == "difkit.Query" then
      if source.db ~= db then errors.raise("from: the query belongs to another database") end
      return writer.wrap(source)
   end
   if sql.is_expression(source) then
      local text = source.text:gsub("[%s;]+$", "")
      local probe = ("SELECT * FROM (%s) LIMIT 0"):format(text)
      local result = db:query(probe, table.unpack(source.values, 1, source.values.n))
      local columns = result:names()
      result:close()
      return new(db, {{text = "(" .. text .. ")", values = source.values, alias = "part", columns = columns}})
   end
   errors.raise("from: the source must be the name of a table, a query or difkit.sql, not " .. errors.show(source))
end

---Keeps the rows that fulfil the condition; several steps must all hold. The condition is one of
---- a table of columns and values, `{area = "PA1", document = {"BSBR", "ACRF"}}`: equal, or one of the list;
---- a column, a comparison and a value: `("line", ">", 300)`. Comparisons: `=`, `!=`, `<`, `<=`, `>`, `>=`, `like`,
---  `not like`, `in`, `not in`, `between`;
---- SQL written by hand: `(difkit.sql("length(text) > ?", 100))`.
---`difkit.null` stands for a missing value. `!=`, `not in` and `not like` keep rows that have no value.
---
---```lua
---local actions = db:from "action"
---print(actions:where{document_id = {"BSBR", "ACRF"}}:count())                    --> 85
---print(actions:where("text", "like", "%MSME%"):where("line", ">", 2000):count()) --> 4
---print(actions:where("note", "!=", difkit.null):count() == 0)                    --> false
---```
---@param condition table<string, any>|string|difkit.Expression
---@param comparison? string
---@param value? any
---@return difkit.Query
function Query:where(condition, comparison, value)
   local base = settled(self, {"groups", "aggregates", "unique", "row_limit", "row_offset"})
   if writer.computes(base, condition) then base = writer.wrap(base) end
   local wheres = sql.conditions("where", function(name) return (reference(base, "where", name)) end,
      condition, comparison, value)
   return step(base, {wheres = writer.appended(base.wheres, wheres)})
end

---Keeps the rows that fulfil at least one of the filters, each a table as `where` takes it.
---
---```lua
---print(db:from "action":where_any({document_id = "BSBR"}, {topic_id = "cybersecurity"}):count()) --> 35
---```
---@param ... table<string, any>
---@return difkit.Query
function Query:where_any(...)
   local base = settled(self, {"groups", "aggregates", "unique", "row_limit", "row_offset", "selected"})
   local alternatives, values = {}, {n = 0}
   for _, filter in ipairs(list_of(...)) do
      local texts = {}
      for _, piece in ipairs(sql.conditions("where_any", function(name)
         return (reference(base, "where_any", name))
      end, filter)) do
         texts[#texts + 1] = piece.text
         sql.extend(values, piece.values)
      end
      alternatives[#alternatives + 1] = #texts == 0 and "1 = 1" or "(" .. table.concat(texts, " AND ") .. ")"
   end
   if #alternatives == 0 then errors.raise("where_any: no filter given") end
   local piece = {text = "(" .. table.concat(alternatives, " OR ") .. ")", values = values}
   return step(base, {wheres = writer.appended(base.wheres, {piece})})
end

---Chooses columns, in this order. `"column as name"` renames; `difkit.sql("...", values):as "name"` computes.
---
---```lua
---local span = difkit.sql("end_year - start_year + 1"):as "years"
---db:from "document":select("id", "short_title as document", span):where("years", ">", 5):order "id":print()
-----> id     document         years
-----> ─────────────────────────────
-----> DIFAP  DIF Action Plan      7
---```
---@param ... string|difkit.Expression
---@return difkit.Query
function Query:select(...)
   local base = settled(self, {"groups", "aggregates", "unique"})
   local selected, seen = {}, {}
   for _, wanted in ipairs(list_of(...)) do
      local output
      if sql.is_expression(wanted) then
         if not wanted.name then
            errors.raise("select: the expression has no name: " .. wanted.text, 'write difkit.sql("..."):as "name"')
         end
         output = {name = wanted.name, text = wanted.text, values = wanted.values, computed = true}
      else
         errors.check("select", "column", wanted, "string")
         local column, name = wanted:match "^(.-)%s+[aA][sS]%s+(.+)$"
         local text, found = reference(base, "select", column or wanted)
         output = {name = name or found.name, text = text, values = found.values, entity = found.entity,
            computed = found.computed}
      end
      if seen[output.name] then
         errors.raise(('select: two columns are called "%s"'):format(output.name),
            ('rename one: "%s as other"'):format(output.name))
      end
      seen[output.name] = true
      selected[#selected + 1] = output
   end
   if #selected == 0 then errors.raise("select: no columns given") end
   return step(base, {selected = selected})
end

---Sorts: `order("n desc", "topic")`. Later calls replace earlier ones. Missing values come last.
---
---```lua
---print(db:from "action":order("line desc"):one().id) --> BSBR.RM.1
---```
---@param ... string|difkit.Expression column, "column desc" or "column asc"
---@return difkit.Query
function Query:order(...)
   local base = settled(self, {"row_limit", "row_offset"})
   local orders = {}
   for _, wanted in ipairs(list_of(...)) do
      if sql.is_expression(wanted) then
         orders[#orders + 1] = {text = wanted.text, values = wanted.values}
      else
         errors.check("order", "column", wanted, "string")
         local name, direction = wanted, "asc"
         if not writer.find(base, wanted) then
            local column, last = wanted:match "^(.-)%s+(%a+)$"
            if column then
               if last:lower() ~= "asc" and last:lower() ~= "desc" then
                  errors.raise(('order: unknown direction "%s" in "%s"'):format(last, wanted),
                     errors.hint(last, {"asc", "desc"}))
               end
               name, direction = column, last:lower()
            end
         end
         reference(base, "order", name)
         orders[#orders + 1] = {name = name, descending = direction == "desc"}
      end
   end
   return step(base, {orders = orders})
end

---Sorts by columns that name documents, topics, areas or units, in the order of the framework: documents by date of
---adoption, topics by area and position, units by title. Groups and pivots have this order by themselves.
---
---```lua
---local first = db:from "topic":framework_order("id"):one()
---print(first.id) --> trade-facilitation
---```
---@param ... string columns
---@return difkit.Query
function Query:framework_order(...)
   local base = settled(self, {"row_limit", "row_offset", "unique"})
   local orders = {}
   for _, name in ipairs(list_of(...)) do
      local _, found = reference(base, "framework_order", name)
      orders[#orders + 1] = {name = name, entity = found.entity, natural = true}
   end
   return step(base, {orders = orders})
end

---At most this many rows.
---
---```lua
---print(#db:from "action":limit(3):all()) --> 3
---```
---@param count integer
---@return difkit.Query
function Query:limit(count)
   errors.check("limit", "count", count, "integer")
   if count < 0 then errors.raise("limit: the count is below zero: " .. count) end
   local base = settled(self, {"row_limit"})
   return step(base, {row_limit = count})
end

---Leaves out this many rows at the beginning.
---
---```lua
---print(db:from "area":order "number":offset(2):one().id) --> PA3
---```
---@param count integer
---@return difkit.Query
function Query:offset(count)
   errors.check("offset", "count", count, "integer")
   if count < 0 then errors.raise("offset: the count is below zero: " .. count) end
   local base = settled(self, {"row_limit", "row_offset"})
   return step(base, {row_offset = count})
end

---Leaves out repeated rows; with columns, chooses these first.
---
---```lua
---print(db:from "action":distinct "document_id":count()) --> 5
---```
---@param ... string columns
---@return difkit.Query
function Query:distinct(...)
   local base = settled(self, {"row_limit", "row_offset"})
   if select("#", ...) > 0 then base = base:select(...) end
   return step(base, {unique = true})
end

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
      if base ~= query then errors.raise(call .. ": comes after limit, offset or distinct", "aggregate before them") end
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
      return self.db:query(text, table.unpack(values, 1, values.n)):value()
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
      return text
   end, condition, comparison, value)
   if values_in_aggregate then return self:where(condition, comparison, value) end
   return step(self, {havings = writer.appended(self.havings, havings)})
end

--- What a join compares: pairs of a column of the query and a column of the joined table.
local function join_pairs(query, call, joined, on)
   if on == nil then
      local candidates = {}
      for i, source in ipairs(query.sources) do
         for _, column in ipairs(source.columns) do
            local entity = writer.entity(source, column)
            if entity and joined.table == entity and column ~= "id" then
               candidates[#candidates + 1] = {left = source.alias .. "." .. column, right = "id", source = i}
            end
            if entity and source.table == entity and column == "id" then
               for _, other in ipairs(joined.columns) do
                  if writer.entity(joined, other) == entity and other ~= "id" then
                     candidates[#candidates + 1] = {left = source.alias .. "." .. column, right = other, source = i}
                  end
               end
            end
         end
      end
      if #candidates == 1 then return candidates end
      local shown = {}
      for _, pair in ipairs(candidates) do
         shown[#shown + 1] = ('{["%s"] = "%s"}'):format(pair.left, pair.right)
      end
      errors.raise(('%s: %s to join "%s"'):format(call, #candidates == 0 and "no foreign key" or "several ways",
         joined.alias), #candidates == 0 and 'say which columns are equal: join(table, {column = "other"})'
         or "write one of " .. table.concat(shown, ", "))
   end
   local found = {}
   if type(on) == "string" then on = {on} end
   errors.check(call, "on", on, "table")
   for left, right in require("difkit.sorted")(on) do
      if type(left) == "number" then left = right end
      errors.check(call, "column", right, "string")
      reference(query, call, left)
      local known = false
      for _, column in ipairs(joined.columns) do known = known or column == right end
      if not known then
         errors.raise(('%s: unknown column "%s" in %s'):format(call, right, joined.alias),
            errors.hint(right, joined.columns))
      end
      found[#found + 1] = {left = left, right = right}
   end
   if #found == 0 then errors.raise(call .. ": no columns to join on") end
   return found
end

local function join(query, call, kind, other, on)
   local base = settled(query, {"groups", "aggregates", "unique", "row_limit", "row_offset", "selected"})
   local right = Database.from(base.db, other).sources[1]
   local taken = {}
   for _, source in ipairs(base.sources) do taken[source.alias] = true end
   local alias, n = right.alias, 1
   while taken[alias] do
      n = n + 1
      alias = right.alias .. "_" .. n
   end
   local joined = {text = right.text, values = right.values, alias = alias, table = right.table,
      columns = right.columns, entities = right.entities, kind = kind}
   local terms = {}
   joined.same = {}
   for _, pair in ipairs(join_pairs(base, call, joined, on)) do
      joined.same[pair.right] = true
      terms[#terms + 1] = ("%s = %s.%s"):format((reference(base, call, pair.left)), sql.quote(alias),
         sql.quote(pair.right))
   end
   joined.on = table.concat(terms, " AND ")
   return step(base, {sources = writer.appended(base.sources, {joined})})
end

---Joins another table, view or query: one row for each pair that fits. Without `on`, by the foreign key between the
---two, when there is exactly one. `on` is a column that both have, a list of such, or a table
---`{column = "column of the other"}`.
---A column that both have keeps its name in the first; that of the other is called `table_column`; both can be written
---as "table.column".
---
---```lua
---print(db:from "action":join "document":where{short_title = "DIF Action Plan"}:count())      --> 57
---local row = db:from "link":join("action", {source_id = "id"}):select("source_id", "text"):order "source_id":one()
---print(row.source_id) --> ACRF.PF.4
---```
---@param other string|difkit.Query|difkit.Expression
---@param on? string|table
---@return difkit.Query
function Query:join(other, on) return join(self, "join", "inner", other, on) end

---Like `join`, but rows without a match stay, their new columns empty.
---
---```lua
---print(db:from "topic":left_join("action", {id = "topic_id"}):count()) --> 244
---```
---@param other string|difkit.Query|difkit.Expression
---@param on? string|table
---@return difkit.Query
function Query:left_join(other, on) return join(self, "left_join", "left", other, on) end

---The SQL, and the values for its placeholders.
---
---```lua
---local text, values = db:from "area":where{id = "PA1"}:sql()
---print(text)      --> SELECT * FROM "area" WHERE "area"."id" = ?
---print(values[1]) --> PA1
---```
---@return string text
---@return any[] values
function Query:sql() return writer.render(self) end

---Names of the columns that the query gives.
---
---```lua
---print(table.concat(db:from "area":names(), " ")) --> id framework_id number title origin
---```
---@return string[]
function Query:names() return names_of(self) end

require("difkit.query_run")(Query)

function writer.no_such_method(_, name)
   if writer.fields[name] then return nil end
   local names = {}
   for key in require("difkit.sorted")(Query) do names[#names + 1] = key end
   errors.raise(('a query has no method "%s"'):format(tostring(name)), errors.hint(name, names))
end

return Query
