--- Tables with other columns, the rows in their places.
local errors = require "difkit.error"
local sql = require "difkit.sql"

--- Adds the methods to the class of table/init.lua; `helpers` are its private functions.
return function(Table, helpers)
   local blank, add, copied = helpers.blank, helpers.add, helpers.copied
   local check_column, list_of, has = helpers.check_column, helpers.list_of, helpers.has

   ---Chooses columns, in this order; `"column as name"` renames.
   ---
   ---```lua
   ---local t = difkit.table({"id", "n"}, {{"a", 1}}):select("n as count", "id")
   ---print(t.columns[1], t[1].count) --> count	1
   ---```
   ---@param ... string
   ---@return difkit.Table
   function Table:select(...)
      local from, names = {}, {}
      for i, wanted in ipairs(list_of(...)) do
         errors.check("select", "column", wanted, "string")
         local column, name
         if not has(self, wanted) then column, name = wanted:match "^(.-)%s+[aA][sS]%s+(.+)$" end
         from[i], names[i] = column or wanted, name or wanted
         check_column(self, "select", from[i])
      end
      if #names == 0 then errors.raise("select: no columns given") end
      local old = {}
      for i, name in ipairs(names) do old[name] = from[i] end
      local t = blank("select", names, self, function(i, column) return {self[i]}, old[column] end, ...)
      for row in self:rows() do
         local chosen = {}
         for i, name in ipairs(names) do chosen[name] = row[from[i]] end
         add(t, chosen)
      end
      return t
   end

   ---Adds a column, or replaces one, computed from each row and its place.
   ---
   ---```lua
   ---local t = difkit.table({"n"}, {{2}, {4}}):derive("share", function(row) return row.n / 6 end)
   ---print(t:column("share")[1]) --> 0.33333333333333
   ---```
   ---@param name string
   ---@param value any|fun(row: table, i: integer): any
   ---@return difkit.Table
   function Table:derive(name, value) return helpers.derive(self, "derive", name, value, name, value) end

   --- A column more, or another in its place, for a call with the arguments ….
   function helpers.derive(self, call, name, value, ...)
      errors.check(call, "name", name, "string")
      local columns = table.move(self.columns, 1, #self.columns, 1, {})
      if not has(self, name) then columns[#columns + 1] = name end
      local t = blank(call, columns, self, function(i, column)
         return {self[i]}, column ~= name and column or nil
      end, ...)
      for i = 1, #self do
         local row = copied(self, self[i])
         local result = value
         if type(value) == "function" then result = value(self[i], i) end
         if result == sql.null then result = nil end
         row[name] = result
         add(t, row)
      end
      return t
   end

   ---Renames columns: `rename{old = "new"}`.
   ---
   ---```lua
   ---print(difkit.table({"n"}, {{3}}):rename{n = "actions"}[1].actions) --> 3
   ---```
   ---@param names table<string, string>
   ---@return difkit.Table
   function Table:rename(names)
      errors.check("rename", "names", names, "table")
      for old, name in require("difkit.sorted")(names) do
         check_column(self, "rename", old)
         errors.check("rename", ('new name of "%s"'):format(old), name, "string")
      end
      local wanted = {}
      for i, name in ipairs(self.columns) do wanted[i] = names[name] or name end
      local old = {}
      for i, name in ipairs(self.columns) do old[wanted[i]] = name end
      local t = blank("rename", wanted, self, function(i, column) return {self[i]}, old[column] end, names)
      for row in self:rows() do
         local renamed = {}
         for i, name in ipairs(self.columns) do renamed[wanted[i]] = row[name] end
         add(t, renamed)
      end
      return t
   end

   ---Leaves out columns.
   ---
   ---```lua
   ---print(#difkit.table({"a", "b", "c"}, {}):drop("b", "c").columns) --> 1
   ---```
   ---@param ... string
   ---@return difkit.Table
   function Table:drop(...)
      local out = {}
      for _, name in ipairs(list_of(...)) do
         check_column(self, "drop", name)
         out[name] = true
      end
      local kept = {}
      for _, name in ipairs(self.columns) do
         if not out[name] then kept[#kept + 1] = name end
      end
      local t = blank("drop", kept, self, function(i, column) return {self[i]}, column end, ...)
      for row in self:rows() do add(t, copied(t, row)) end
      return t
   end
end
