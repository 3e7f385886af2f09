--- The query builder: questions to the database as a chain of steps.
--- A query is a value. Each step gives a new query and leaves the old one as it was, and nothing runs before rows are
--- asked for. A step works on what the steps before it give, as if they were a table: where that needs a subquery, the
--- builder writes one. Every name is quoted, every value is bound. Writing the SQL is the work of query_sql.lua.
local core = require "difkit.core"
local errors = require "difkit.error"
local schema = require "difkit.schema"
local sql = require "difkit.sql"
local writer = require "difkit.query.sql"

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
      if not columns then schema.unknown_table("from", source, db) end
      return new(db, {{text = sql.quote(source), alias = source, table = source, db = db, columns = columns}})
   end
   if getmetatable(source) == "difkit.Query" then
      if source.db ~= db then errors.raise("from: the query belongs to another database") end
      return writer.wrap(source)
   end
   if sql.is_expression(source) then
      local text = source.text:gsub("[%s;]+$", "")
      local probe = ("SELECT * FROM (%s) AS part LIMIT 0"):format(text)
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
   local wheres = sql.conditions("where", function(name) return reference(base, "where", name) end,
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
         local _, found = reference(base, "order", name)
         orders[#orders + 1] = {name = name, column = found, descending = direction == "desc"}
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
      orders[#orders + 1] = {name = name, column = found, entity = found.entity, natural = true}
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

for _, part in ipairs {"difkit.query.group", "difkit.query.join", "difkit.query.run"} do
   require(part)(Query, {reference = reference, list_of = list_of, settled = settled})
end

function writer.no_such_method(_, name)
   if writer.fields[name] then return nil end
   errors.no_member("a query has no method", name, Query)
end

return Query
