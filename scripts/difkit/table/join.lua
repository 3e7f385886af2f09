--- Tables put side by side where columns are equal.
local errors = require "difkit.error"
local observe = require "difkit.observe"

--- Adds the methods to the class of table/init.lua; `helpers` are its private functions.
return function(Table, helpers)
   local blank, add, copied = helpers.blank, helpers.add, helpers.copied
   local check_column, key_of, has = helpers.check_column, helpers.key_of, helpers.has

   local function join(self, call, other, on, keep)
      if getmetatable(other) ~= "difkit.Table" then
         errors.raise(("%s: the other side must be a difkit table, not %s"):format(call, errors.show(other)))
      end
      local left, right, is_key = {}, {}, {}
      errors.check(call, "on", on, "table", "string")
      for ours, theirs in require("difkit.sorted")(type(on) == "string" and {on} or on) do
         if type(ours) == "number" then ours = theirs end
         check_column(self, call, ours)
         check_column(other, call, theirs)
         left[#left + 1], right[#right + 1] = ours, theirs
         is_key[theirs] = true
      end
      if #left == 0 then errors.raise(call .. ": no columns to join on") end
      local columns, added = table.move(self.columns, 1, #self.columns, 1, {}), {}
      for _, name in ipairs(other.columns) do
         if not is_key[name] then
            if has(self, name) then
               errors.raise(('%s: both tables have a column "%s"'):format(call, name),
                  ('rename one first: rename{%s = "other"}'):format(name))
            end
            columns[#columns + 1], added[#added + 1] = name, name
         end
      end
      local matches = {}
      for row in other:rows() do
         local key = key_of(row, right)
         matches[key] = matches[key] or {}
         table.insert(matches[key], row)
      end
      local sides, right_of = observe.watcher and {}, {} -- by row of the result: the rows it was put together from
      for _, name in ipairs(added) do right_of[name] = true end
      local t = blank(call, columns, self, function(i, column)
         local ours, theirs = {sides[i][1]}, {sides[i][2] or nil}
         if column == nil then return ours, nil, self, theirs, nil, other end
         if right_of[column] then return theirs, column, other end
         return ours, column
      end, other, on)
      for row in self:rows() do
         local missing = false
         for _, name in ipairs(left) do missing = missing or row[name] == nil end
         local found = not missing and matches[key_of(row, left)]
         for _, match in ipairs(found or keep and {false} or {}) do
            local joined = copied(self, row)
            if match then
               for _, name in ipairs(added) do joined[name] = match[name] end
            end
            add(t, joined)
            if sides then sides[#t] = {row, match} end
         end
      end
      return t
   end

   ---Puts two tables together where `on` is equal: a column of both, a list of such, or a table
   ---`{column = "column of the other"}`.
   ---
   ---```lua
   ---local scores = difkit.table({"unit", "score"}, {{"VNM", 0.7}, {"XXX", 0.1}})
   ---local names = difkit.table({"unit", "title"}, {{"VNM", "Viet Nam"}})
   ---print(#scores:join(names, "unit"), scores:join(names, "unit")[1].title) --> 1	Viet Nam
   ---```
   ---@param other difkit.Table
   ---@param on string|table
   ---@return difkit.Table
   function Table:join(other, on) return join(self, "join", other, on, false) end

   ---Like `join`, but rows without a match stay, their new columns empty.
   ---
   ---```lua
   ---local scores = difkit.table({"unit"}, {{"VNM"}, {"XXX"}})
   ---local names = difkit.table({"id", "title"}, {{"VNM", "Viet Nam"}})
   ---print(#scores:left_join(names, {unit = "id"})) --> 2
   ---```
   ---@param other difkit.Table
   ---@param on string|table
   ---@return difkit.Table
   function Table:left_join(other, on) return join(self, "left_join", other, on, true) end
end
