--- Tables in another shape: long and wide, and what their columns hold.
local errors = require "difkit.error"

--- Adds the methods to the class of table/init.lua; `helpers` are its private functions.
return function(Table, helpers)
   local blank, add, check_column = helpers.blank, helpers.add, helpers.check_column

   --- The columns to be turned into rows, those that stay, and the periods that headings stand for.
   local function choose(t, options)
      local period_of, chosen, turned, staying = {}, {}, {}, {}
      local kept = {}
      for _, name in ipairs(options.keep or {}) do
         check_column(t, "long", name)
         kept[name] = true
      end
      for _, name in ipairs(t.columns) do
         local period = require("difkit.format.periods").read(name)
         if period and not kept[name] then period_of[name] = tonumber(period) or period end
      end
      for _, name in ipairs(options.columns or {}) do
         check_column(t, "long", name)
         chosen[name] = true
      end
      local periods = not options.columns and not options.keep and next(period_of) ~= nil
      for _, name in ipairs(t.columns) do
         local turn
         if options.columns then turn = chosen[name]
         elseif periods then turn = period_of[name] ~= nil
         else turn = options.keep ~= nil and not kept[name] end
         if turn then turned[#turned + 1] = name elseif not options.keep or kept[name] then
            staying[#staying + 1] = name
         end
      end
      if #turned == 0 then
         errors.raise("long: no column is to be turned into rows", "say which with columns, or which stay with keep")
      end
      local all = true
      for _, name in ipairs(turned) do all = all and period_of[name] ~= nil end
      return turned, staying, all and period_of or nil
   end

   ---How a wide table is turned long. Without `keep` and `columns` the columns headed by a period (2020, 2020-Q1,
   ---"2020 [YR2020]") are turned.
   ---@class difkit.LongOptions
   ---@field keep? string[] columns that stay; all others are turned
   ---@field columns? string[] columns that are turned; all others stay
   ---@field name? string of the column that takes the headings; default "period" where they are periods, else "name"
   ---@field value? string of the column that takes the cells; default "value"
   ---@field missing? boolean true: rows without a value are kept

   ---Turns columns into rows: a row for each cell of the columns that are turned. Headings that are periods become
   ---periods, years as integers.
   ---
   ---```lua
   ---local t = difkit.table({"unit", "2020", "2021 [YR2021]"}, {{"VNM", 70.3, 74.2}, {"LAO", nil, 62}}):long()
   ---print(#t, t[2].period, t[2].value) --> 3	2021	74.2
   ---```
   ---@param options? difkit.LongOptions
   ---@return difkit.Table
   function Table:long(options)
      options = errors.options("long", options, {"keep", "columns", "name", "value", "missing"})
      local turned, columns, period_of = choose(self, options)
      local name, value = options.name or period_of and "period" or "name", options.value or "value"
      local staying = table.move(columns, 1, #columns, 1, {})
      columns[#columns + 1], columns[#columns + 2] = name, value
      local from, of = {}, {}
      local t = blank("long", columns, self, function(i, wanted)
         if wanted == value then wanted = of[i] elseif wanted == name then wanted = nil end
         return {from[i]}, wanted
      end, options)
      for row in self:rows() do
         for _, column in ipairs(turned) do
            if row[column] ~= nil or options.missing then
               local out = {[name] = period_of and period_of[column] or column, [value] = row[column]}
               for _, kept in ipairs(staying) do out[kept] = row[kept] end
               add(t, out)
               from[#t], of[#t] = row, column
            end
         end
      end
      return t
   end

   ---Turns rows into columns, the reverse of `long`: a column for each value of `name`, holding the cells of `value`;
   ---all other columns name the rows. Two rows for one cell are an error.
   ---
   ---```lua
   ---local t = difkit.table({"unit", "period", "value"}, {{"VNM", 2020, 70.3}, {"VNM", 2021, 74.2}}):wide()
   ---print(table.concat(t.columns, " "), t[1]["2021"]) --> unit 2020 2021	74.2
   ---```
   ---@param options? {name?: string, value?: string, fill?: any} default "period" and "value"
   ---@return difkit.Table
   function Table:wide(options)
      options = errors.options("wide", options, {"name", "value", "fill"})
      local name, value, rows = options.name or "period", options.value or "value", {}
      check_column(self, "wide", name)
      check_column(self, "wide", value)
      for _, column in ipairs(self.columns) do
         if column ~= name and column ~= value then rows[#rows + 1] = column end
      end
      if #rows == 0 then errors.raise("wide: no column is left to name the rows") end
      return helpers.pivot(self, "wide", rows, name, value, {fill = options.fill})
   end

   ---A first look: a row for each column with its type, how many values it has and what stands for nothing, how many
   ---are
   ---different, extremes, quartiles, mean and standard deviation, the most frequent values, a small histogram, and what
   ---is remarkable: constants, columns that may be keys, numbers and days that may stand for a missing value (-9, 99,
   ---1900-01-01), spaces, decimal commas. The note tells rows, keys and repeated rows. `difkit profile` does the same
   ---for
   ---a file or a query of any size.
   ---
   ---```lua
   ---local t = difkit.table({"unit", "age"}, {{"LAO", 31}, {"VNM", 25}, {"KHM", -9}}):profile()
   ---print(t[1].remarks, t[2].max) --> all different: may be a key	31
   ---print(t[2].remarks:match "[^;]+$") -->  -9 ×1 may stand for a missing value
   ---```
   ---@param options? {decimal?: string} the decimal sign of numbers that are texts
   ---@return difkit.Table
   function Table:profile(options)
      options = errors.options("profile", options, {"decimal"})
      local profile = require "difkit.table.profile"
      local seen = profile.new(self.columns, options)
      for row in self:rows() do
         local cells = {}
         for j, name in ipairs(self.columns) do cells[j] = row[name] end
         seen:row(cells)
      end
      local rows, note = seen:result()
      local t = blank("profile", profile.columns, self, function(i)
         return table.move(self, 1, #self, 1, {}), self.columns[i]
      end)
      for _, row in ipairs(rows) do add(t, row) end
      rawset(t, "note", note)
      return t
   end
end
