--- Tables whose rows are those of countries: which unit each row is of.
local errors = require "difkit.error"

--- Adds the method to the class of table/init.lua.
return function(Table, helpers)
   local blank, add, copied, check_column = helpers.blank, helpers.add, helpers.copied, helpers.check_column

   ---How a column is matched. `system`: `any` (alpha-3 codes and names), `name`, `iso2`, `iso3`, `m49`, `wb`, `imf`,
   ---`eurostat`, `hdr`, `owid`, `ilo`, `oecd` or `un`; without it the cells of the column decide together.
   ---`match` and `exclude` are decisions that go before the names: text to code, and texts to leave out.
   ---@class difkit.MatchOptions
   ---@field system? string
   ---@field match? table<string, string>
   ---@field exclude? string[]

   ---Says which country each row is of, by the codes or names in a column: adds `unit`, an ISO 3166-1 alpha-3 code (XKX
   ---for Kosovo), nil where there is none, and `match`, which says why there is none. A name is compared whole, letter
   ---case, accents, spaces and punctuation apart, or not at all; the nearest name is a suggestion and never taken.
   ---Groups (World, ASEAN, income groups) never match a country.
   ---
   ---```lua
   ---local t = difkit.table({"country"}, {{"Lao PDR 1/"}, {"Philipines"}, {"World"}}):match_units "country"
   ---print(t[1].unit, t[2].match) --> LAO	unknown; the nearest is Philippines (PHL)
   ---print(t[3].unit, t[3].match) --> nil	a group of units
   ---```
   ---@param column string
   ---@param options? difkit.MatchOptions
   ---@return difkit.Table
   function Table:match_units(column, options)
      errors.check("match_units", "column", column, "string")
      check_column(self, "match_units", column)
      options = errors.options("match_units", options, {"system", "match", "exclude"})
      local units = require "difkit.units"
      local values, exclude = self:column(column), {}
      for _, text in ipairs(options.exclude or {}) do exclude[text] = true end
      local system = options.system or units.system(values, #self)
      local match = units.matcher(system, units.decide(nil, {match = options.match, exclude = exclude}))
      local columns = table.move(self.columns, 1, #self.columns, 1, {})
      for _, name in ipairs {"unit", "match"} do
         if helpers.has(self, name) then
            errors.raise(('match_units: the table has a column "%s" already'):format(name),
               ('rename it first: t:rename{%s = "…"}'):format(name))
         end
         columns[#columns + 1] = name
      end
      local t = blank("match_units", columns, self, function(i, name)
         return {self[i]}, (name == "unit" or name == "match") and column or name
      end, column, options)
      for i = 1, #self do
         local row = copied(self, self[i])
         if values[i] ~= nil and values[i] ~= "" then
            local kind, code, near = match(tostring(values[i]))
            if kind == "unit" then row.unit = code else row.match = units.reason(kind, code, near) end
         end
         add(t, row)
      end
      return t
   end

   ---The column as numbers, read as offices write them: 1.234,5 and 1,234.5, 12.8k, (5), 45 %, n.a. The decimal sign is
   ---decided by all cells of the column together, or by `decimal`; a cell that has two readings, or is no number, is an
   ---error that names its row. Adds `flag` and `note`, where a cell says more than its number.
   ---
   ---```lua
   ---local t = difkit.table({"n"}, {{"1.234,5"}, {"n.a."}, {"7,5 (p)"}}):numbers "n"
   ---print(t[1].n, t[2].n, t[2].flag, t[3].flag) --> 1234.5	nil	O	P
   ---```
   ---@param column string
   ---@param options? {decimal?: string}
   ---@return difkit.Table
   function Table:numbers(column, options)
      errors.check("numbers", "column", column, "string")
      check_column(self, "numbers", column)
      options = errors.options("numbers", options, {"decimal"})
      local numbers = require "difkit.format.numbers"
      local values, at = self:column(column), 0
      local decimal = options.decimal or numbers.decimal(function()
         repeat at = at + 1 until at > #self or values[at] ~= nil
         return values[at] ~= nil and tostring(values[at]) or nil
      end)
      local columns = table.move(self.columns, 1, #self.columns, 1, {})
      for _, name in ipairs {"flag", "note"} do
         if not helpers.has(self, name) then columns[#columns + 1] = name end
      end
      local t = blank("numbers", columns, self, function(i, name)
         return {self[i]}, (name == "flag" or name == "note") and not helpers.has(self, name) and column or name
      end, column, options)
      for i = 1, #self do
         local row = copied(self, self[i])
         local cell, problem = numbers.read(values[i] == nil and "" or values[i], decimal)
         if not cell then
            errors.raise(('numbers: row %d, "%s": "%s" %s'):format(i, column, tostring(values[i]), problem),
               'say which sign is decimal: t:numbers("' .. column .. '", {decimal = ","})', "data")
         end
         row[column] = cell.value
         row.flag, row.note = cell.flag or row.flag, cell.note or cell.warning or row.note
         add(t, row)
      end
      return t
   end
end
