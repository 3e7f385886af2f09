--- The steps of the query builder that run the query: rows, values, tables, files.
local errors = require "difkit.error"
local observe = require "difkit.observe"
local schema = require "difkit.schema"
local writer = require "difkit.query.sql"

--- Adds the methods to the class of query.lua.
---@param Query difkit.Query
return function(Query)
   ---Runs the query.
   ---
   ---```lua
   ---local result = db:from "area":order "number":run()
   ---print(result:one().title) --> Facilitating Seamless Trade
   ---```
   ---@return difkit.Result
   function Query:run()
      local text, values = writer.render(self)
      local result = self.db:query(text, table.unpack(values, 1, values.n))
      if observe.watcher then observe.watcher:ran(result, self) end
      return result
   end

   ---All rows, by name.
   ---
   ---```lua
   ---print(#db:from "document":all()) --> 5
   ---```
   ---@return table<string, any>[]
   function Query:all() return self:run():all() end

   ---The first row, or nil.
   ---
   ---```lua
   ---print(db:from "area":where{id = "PA3"}:one().title) --> Enabling Seamless Digital Payments
   ---```
   ---@return table<string, any>|nil
   function Query:one()
      if not self.row_limit and not self.row_offset then self = self:limit(1) end
      return self:run():one()
   end

   ---The first column of the first row, or nil.
   ---
   ---```lua
   ---print(db:from "document":where{id = "BSBR"}:select "adopted":value()) --> 2021-10
   ---```
   ---@return any
   function Query:value()
      if not self.row_limit and not self.row_offset then self = self:limit(1) end
      return self:run():value()
   end

   ---The values of one column, or of the first, as a list; `n` is its length, since values can be missing.
   ---
   ---```lua
   ---print(table.concat(db:from "area":order "number":list "id", " ")) --> PA1 PA2 PA3 PA4 PA5 PA6
   ---```
   ---@param column? string
   ---@return any[]
   function Query:list(column)
      local query = column and self:select(column) or self
      local list = {n = 0}
      for row in query:rows() do
         list.n = list.n + 1
         list[list.n] = row[1]
      end
      return list
   end

   ---Rows by position, in a loop: `row[1]`, `row[2]`, …
   ---
   ---```lua
   ---for row in db:from "area":select("id", "title"):order "number":limit(1):rows() do print(row[1], row[2]) end
   -----> PA1	Facilitating Seamless Trade
   ---```
   ---@return fun(): any[]
   function Query:rows() return self:run():rows() end

   ---Rows by name, in a loop; leaving the loop early closes the query.
   ---
   ---```lua
   ---for row in db:from "area":order "number":limit(1):each() do print(row.id, row.title) end
   -----> PA1	Facilitating Seamless Trade
   ---```
   ---@return fun(): table<string, any>
   function Query:each()
      local result = self:run()
      return result, nil, nil, result
   end

   ---Columns as arrays, for computing: numeric columns stay in the core's memory.
   ---
   ---```lua
   ---local columns = db:from "topic":columns()
   ---print(#columns.position) --> 21
   ---```
   ---@return table<string, difkit.Column|any[]>
   function Query:columns() return self:run():columns() end

   ---The rows as a table in memory, to print, write, or work on.
   ---
   ---```lua
   ---local areas = db:from "area":select("number", "title"):order "number":table()
   ---print(#areas, areas[1].title) --> 6	Facilitating Seamless Trade
   ---```
   ---@return difkit.Table
   function Query:table()
      local t = self:run():table()
      local orders = {}
      for _, output in ipairs(writer.outputs(self)) do
         if schema.has_natural_order(output.entity) then orders[output.name] = output.entity end
      end
      if next(orders) then
         local ids, db = {}, self.db
         rawset(t, "orders", setmetatable({}, {__index = function(_, column)
            local entity = orders[column]
            if not entity then return nil end
            ids[entity] = ids[entity] or schema.ids(db, entity)
            return ids[entity]
         end, __metatable = "difkit.orders"}))
      end
      return t
   end

   ---Prints the rows as a table. Options as for `table:print`.
   ---
   ---```lua
   ---db:from "area":select("id", "title"):where{number = {1, 5}}:print()
   -----> id   title
   -----> ────────────────────────────────
   -----> PA1  Facilitating Seamless Trade
   -----> PA5  Fostering Entrepreneurship
   ---```
   ---@param options? table
   function Query:print(options) self:table():print(options) end

   ---Writes the rows to a file; the ending of its name decides the format. CSV and TSV are streamed: the size of the
   ---result does not matter. Options as for `table:write`.
   ---
   ---```lua
   ---assert(db:from "area":order "number":write "areas.csv")
   ---```
   ---@param path string
   ---@param options? table
   ---@return boolean|nil done
   ---@return string|nil message
   ---@return string|nil code
   function Query:write(path, options)
      local done, message, code = self:run():write(path, options)
      if done then return done end
      require("difkit.condition").dropped("write", message)
      return nil, message, code
   end

   ---A table with one row for each value of `row`, one column for each value of `column`, and `value` in the cells.
   ---Documents, topics, areas and units stand in the order of the framework, other values as they come.
   ---
   ---```lua
   ---local cells = db:from "action_full":where{area = "PA3"}:group("topic", "document"):count "n"
   ---cells:pivot("topic", "document", "n"):print()
   -----> topic              DIFAP  ACRF  BSBR  WPAAEC
   -----> ────────────────────────────────────────────
   -----> e-payment-systems      4     3     2       5
   ---```
   ---@param row string|string[] column whose values name the rows, or several
   ---@param column string column whose values name the columns
   ---@param value string column whose values fill the cells
   ---@param options? {fill?: any, complete?: boolean} as for `table:pivot`
   ---@return difkit.Table
   function Query:pivot(row, column, value, options)
      return self:table():pivot(row, column, value, options)
   end

   local running = setmetatable({}, {__mode = "k"})

   --- A query in a loop: `for row in query do`. Each loop runs it anew; the rows remember which run they come from.
   function writer.next_row(query, cursor, previous)
      local result
      if cursor then
         result = cursor.result
         if not result then
            result = query:run()
            cursor.result = result
         end
         return result()
      end
      result = previous ~= nil and running[previous] or query:run()
      if previous ~= nil then running[previous] = nil end
      local row = result()
      if row ~= nil then running[row] = result end
      return row
   end

   local cursor_metatable = {
      __metatable = "difkit.Cursor",
      __close = function(cursor)
         if cursor.result then cursor.result:close() end
         cursor.result = nil
      end,
   }

   --- The query with what a generic `for` needs to close it when the loop is left: for functions that return queries.
   function writer.looping(query)
      local cursor = setmetatable({}, cursor_metatable)
      return query, cursor, nil, cursor
   end

   --- Raises for a name that is no column of the query, so that writers can check before running.
   function writer.check_column(query, call, name)
      if not writer.find(query, name) then
         errors.raise(('%s: unknown column "%s"'):format(call, name), errors.hint(name, query:names()))
      end
   end
end
