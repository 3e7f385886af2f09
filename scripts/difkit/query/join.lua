--- The steps of the query builder that put tables side by side.
local core = require "difkit.core"
local errors = require "difkit.error"
local sql = require "difkit.sql"
local writer = require "difkit.query.sql"

local step = writer.step

--- Adds the methods to the class of query.lua; `helpers` are its private functions.
---@param Query difkit.Query
return function(Query, helpers)
   local reference, settled = helpers.reference, helpers.settled

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
      local right = core.database.from(base.db, other).sources[1]
      local taken = {}
      for _, source in ipairs(base.sources) do taken[source.alias] = true end
      local alias, n = right.alias, 1
      while taken[alias] do
         n = n + 1
         alias = right.alias .. "_" .. n
      end
      local joined = {text = right.text, values = right.values, alias = alias, table = right.table, db = right.db,
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
   ---A column that both have keeps its name in the first; that of the other is called `table_column`; both can be
   ---written as "table.column".
   ---
   ---```lua
   ---print(db:from "action":join "document":where{short_title = "DIF Action Plan"}:count())      --> 57
   ---local row = db:from "link":join("action", {source_id = "id"}):select("source_id", "text"):order "source_id":one()
   ---print(row.source_id) --> ACRF.BA.1
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
end
