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
      local match = units.matcher(system, {match = options.match or {}, exclude = exclude})
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
end
