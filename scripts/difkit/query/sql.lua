--- How a query is kept and how it becomes SQL. The steps that people call are in query.lua.
---
--- A query is a table with these fields, all but the first two optional:
---   db, sources      where rows come from: {text, values, alias, columns, table, db, entities}, a joined one kind, on
---   wheres, havings  conditions that all hold: {text, values}
---   selected         chosen columns: {name, text, values, entity, computed}
---   groups           columns to group by, of the same shape
---   aggregates       computed columns of the groups, of the same shape
---   orders           {name, column, descending}, {name, column, entity, natural} or {text, values}; `column` is what
---                    the name meant when the order was asked for: a later step may give it to another column
---   unique, row_limit, row_offset
---   place            true: the rows also have their number in the order asked for, in a column that is not shown
local class = require "difkit.class"
local errors = require "difkit.error"
local observe = require "difkit.observe"
local schema = require "difkit.schema"
local sql = require "difkit.sql"

local writer = {none = {}}

--- A name that is neither a field nor a method.
local function unknown(query, name) return writer.no_such_method(query, name) end

local query_events
writer.methods, query_events = class("difkit.Query", unknown)

--- The column that numbers the rows of a part whose order its columns do not tell. A source that has it is `numbered`.
local PLACE = "difkit_place"

function query_events.__call(...) return writer.next_row(...) end
function query_events.__tostring(query) return (writer.render(query)) end
function query_events.__pairs()
   errors.raise("pairs: a query is no list of rows", "write `for row in query do`, or query:each()")
end

writer.fields = {
   db = true, sources = true, wheres = true, havings = true, selected = true, groups = true, aggregates = true,
   orders = true, unique = true, row_limit = true, row_offset = true, place = true,
}

function writer.new(db, sources)
   local query = setmetatable({db = db, sources = sources}, query_events)
   if observe.watcher then observe.watcher:begun(query) end
   return query
end

--- A copy with some fields changed; `writer.none` takes a field away.
function writer.step(query, changes)
   local copy = {}
   for name in next, writer.fields do copy[name] = rawget(query, name) end
   for name, value in next, changes do
      if value == writer.none then copy[name] = nil else copy[name] = value end
   end
   setmetatable(copy, query_events)
   if observe.watcher then observe.watcher:begun(copy) end
   return copy
end

function writer.appended(list, more)
   local out = {}
   for _, item in ipairs(list or {}) do out[#out + 1] = item end
   for _, item in ipairs(more) do out[#out + 1] = item end
   return out
end

--- The entity whose ids a column of a source holds, or nil.
function writer.entity(source, column)
   if source.entities then return source.entities[column] end
   return source.table and schema.entity(source.table, column, source.db)
end

local function column_of(source, column, name)
   return {
      name = name or column, text = sql.quote(source.alias) .. "." .. sql.quote(column), values = sql.values(),
      entity = writer.entity(source, column),
   }
end

--- Every column of the sources under the name it has in the result: that of a joined table takes the table's name
--- before it when the name is taken, and is left out when the join makes it equal to a column that is there.
local function columns_of_sources(query)
   local out, taken = {}, {}
   for _, source in ipairs(query.sources) do
      for _, column in ipairs(source.columns) do
         if not (source.same and source.same[column] and source.kind == "inner") then
            local name, n = column, 1
            if taken[name] then name = source.alias .. "_" .. column end
            local first = name
            while taken[name] do
               n = n + 1
               name = first .. "_" .. n
            end
            taken[name] = true
            out[#out + 1] = column_of(source, column, name)
         end
      end
   end
   return out
end

local columns_of = setmetatable({}, {__mode = "k"}) -- by list of sources, which steps share

local function all_columns(query)
   local columns = columns_of[query.sources]
   if not columns then
      columns = columns_of_sources(query)
      columns_of[query.sources] = columns
   end
   return columns
end

--- The columns that the query gives.
function writer.outputs(query)
   if query.groups or query.aggregates then return writer.appended(query.groups, query.aggregates or {}) end
   return query.selected or all_columns(query)
end

local function by_name(columns, name)
   for _, column in ipairs(columns) do
      if column.name == name then return column end
   end
end

--- The column that `name` means for a step that follows, or nil.
function writer.find(query, name)
   if query.groups or query.aggregates then return by_name(writer.outputs(query), name) end
   local found = query.selected and by_name(query.selected, name) or by_name(all_columns(query), name)
   if found then return found end
   local alias, column = name:match "^(.-)%.(.+)$"
   if not alias then return nil end
   for _, source in ipairs(query.sources) do
      if source.alias == alias then
         for _, known in ipairs(source.columns) do
            if known == column then return column_of(source, column) end
         end
      end
   end
end

--- Whether a condition for where() uses a column that select() computes, which needs a subquery.
function writer.computes(query, condition)
   if not query.selected or sql.is_expression(condition) then return false end
   local names = {}
   if type(condition) == "string" then names[1] = condition end
   if type(condition) == "table" then
      for name in next, condition do names[#names + 1] = name end
   end
   for _, name in ipairs(names) do
      local column = by_name(query.selected, name)
      if column and column.computed then return true end
   end
   return false
end

--- The order of a query: as asked for, else that of its groups, in the order of the framework.
local function orders_of(query)
   if query.orders or not query.groups then return query.orders or {} end
   local orders = {}
   for _, group in ipairs(query.groups) do
      orders[#orders + 1] = {name = group.name, column = group, entity = group.entity, natural = true}
   end
   return orders
end

local function order_terms(query)
   local terms, values = {}, sql.values()
   local outputs = writer.outputs(query)
   for _, order in ipairs(orders_of(query)) do
      if order.text then
         terms[#terms + 1] = order.text
         sql.extend(values, order.values)
      else
         local column = order.column
         if order.natural and schema.has_natural_order(order.entity) then
            for _, term in ipairs(schema.order_terms(order.entity, column.text)) do terms[#terms + 1] = term end
         else
            -- A bare name is enough where one table or the result alone can have it.
            local output = by_name(outputs, order.name)
            local bare = output and output.text == column.text and (column.computed or #query.sources == 1)
            local reference = bare and sql.quote(order.name) or column.text
            if not bare then sql.extend(values, column.values) end
            if column.entity == "period" and column.values.n == 0 then
               for _, term in ipairs(schema.order_terms("period", column.text, order.descending)) do
                  terms[#terms + 1] = term
               end
            else
               terms[#terms + 1] = reference .. (order.descending and " DESC" or "") .. " NULLS LAST"
            end
         end
      end
   end
   return terms, values
end

local function selection(query, values)
   local outputs = writer.outputs(query)
   local all = #query.sources == 1 and not query.selected and not query.groups and not query.aggregates
   if all and not query.sources[1].numbered and not query.place then return "*" end
   local terms = {}
   for _, column in ipairs(outputs) do
      local same = column.text:match '%."([^"]+)"$' == column.name and not column.computed
      terms[#terms + 1] = same and column.text or column.text .. " AS " .. sql.quote(column.name)
      sql.extend(values, column.values)
   end
   if query.place then
      local orders, order_values = order_terms(query)
      terms[#terms + 1] = ("row_number() OVER (ORDER BY %s) AS %s"):format(table.concat(orders, ", "), sql.quote(PLACE))
      sql.extend(values, order_values)
   end
   return table.concat(terms, ", ")
end

local function source_text(source, values)
   if source.values then sql.extend(values, source.values) end
   if source.text == sql.quote(source.alias) then return source.text end
   return source.text .. " AS " .. sql.quote(source.alias)
end

local function conditions(list, values)
   local texts = {}
   for _, piece in ipairs(list) do
      texts[#texts + 1] = piece.text
      sql.extend(values, piece.values)
   end
   return table.concat(texts, " AND ")
end

--- The SQL of a query, and the values for its placeholders with their number `n`.
function writer.render(query)
   local values = sql.values()
   local parts = {"SELECT ", query.unique and "DISTINCT " or "", selection(query, values), " FROM "}
   local function add(...)
      for _, part in ipairs {...} do parts[#parts + 1] = part end
   end
   for i, source in ipairs(query.sources) do
      if i > 1 then add(source.kind == "left" and " LEFT JOIN " or " JOIN ") end
      add(source_text(source, values))
      if i > 1 then add(" ON ", source.on) end
   end
   if query.wheres and #query.wheres > 0 then add(" WHERE ", conditions(query.wheres, values)) end
   if query.groups then
      local groups = {}
      for _, group in ipairs(query.groups) do groups[#groups + 1] = group.text end
      add(" GROUP BY ", table.concat(groups, ", "))
   end
   if query.havings and #query.havings > 0 then add(" HAVING ", conditions(query.havings, values)) end
   local terms, order_values = order_terms(query)
   local numbered = query.place and not (query.row_limit or query.row_offset) -- whoever reads the numbers sorts by them
   if #terms > 0 and not numbered then
      add(" ORDER BY ", table.concat(terms, ", "))
      sql.extend(values, order_values)
   end
   if query.row_limit or query.row_offset then add((" LIMIT %d"):format(query.row_limit or math.maxinteger)) end
   if query.row_offset then add((" OFFSET %d"):format(query.row_offset)) end
   return table.concat(parts), values
end

--- The orders of a query as they are told by columns that it gives, and whether that is all of them.
local function told_orders(query, outputs)
   local orders = {}
   for _, order in ipairs(orders_of(query)) do
      local told = order.column and by_name(outputs, order.name)
      if not told or told.text ~= order.column.text then
         told = nil
         for _, output in ipairs(order.column and outputs or {}) do
            if output.text == order.column.text and #output.values == 0 then told = told or output end
         end
      end
      if not told then return orders, false end
      orders[#orders + 1] = {name = told.name, entity = order.entity, natural = order.natural,
         descending = order.descending}
   end
   return orders, true
end

--- The query as the only source of a new one. Its order is carried over: by the columns that tell it, else by a number
--- that each row gets. Where rows are grouped or repeated ones left out, it is carried as far as its columns tell it.
function writer.wrap(query)
   local outputs = writer.outputs(query)
   local limited = query.row_limit or query.row_offset
   local orders, all = told_orders(query, outputs)
   local numbered = not all and not query.unique and not query.groups and not query.aggregates
   local inner = limited and query or writer.step(query, {orders = not query.groups and writer.none or {}})
   if numbered then inner = writer.step(limited and query or writer.step(query, {}), {place = true}) end
   local text, values = writer.render(inner)
   local columns, entities = {}, {}
   for i, output in ipairs(outputs) do
      columns[i] = output.name
      entities[output.name] = output.entity
   end
   local source = {text = "(" .. text .. ")", values = values, alias = "part", columns = columns, entities = entities,
      numbered = numbered or nil}
   if numbered then
      orders = {{text = sql.quote(source.alias) .. "." .. sql.quote(PLACE), values = sql.values()}}
   end
   for _, order in ipairs(orders) do
      if order.name then order.column = column_of(source, order.name) end
   end
   return writer.step(writer.new(query.db, {source}), {orders = #orders > 0 and orders or writer.none})
end

return writer
