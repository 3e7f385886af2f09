--- Our World in Data: Entity, Code, Year (or Day), and a column for each indicator.
local numbers = require "difkit.format.numbers"

local streams = require "difkit.import.stream"

local kind = {name = "owid", title = "Our World in Data"}

--- The heading, in capitals or, with short names of columns, in small letters: row, columns by name, the column of
--- time.
local function heading(grid)
   for _, names in ipairs {{"Entity", "Code", "Year"}, {"Entity", "Code", "Day"}, {"entity", "code", "year"},
      {"entity", "code", "day"}} do
      local i, columns = grid:heading(table.unpack(names))
      if i then return i, {Entity = columns[names[1]], Code = columns[names[2]]}, columns[names[3]], names end
   end
end

function kind.recognise(grid)
   local i, _, _, names = heading(grid)
   if i then return 0.9, {"the heading has " .. table.concat(names, ", ")} end
end

local texts = {["World region according to OWID"] = true, owid_region = true,
   ["World regions according to OWID"] = true, Continent = true}

local ranks = {no = true, ["no."] = true, nr = true, rank = true, ["#"] = true, id = true, row = true}

--- The columns of indicators: those that hold a number somewhere, and are no numbering of the rows.
local function indicators_of(grid, i, columns, time, collect)
   local list = {}
   for j = 1, grid.rows[i].n do
      local name = grid:text(i, j)
      if name and j ~= time and j ~= columns.Entity and j ~= columns.Code and not texts[name] then
         local some, all = false, true
         for r = i + 1, #grid.rows do
            local cell = grid:cell(r, j)
            if cell ~= nil and (numbers.read(cell, ".") or numbers.read(cell, ",")) then some = true end
            all = all and cell == nil
         end
         if (some or all) and not ranks[name:lower()] then
            list[#list + 1] = {name = name, column = j}
         else
            collect:warn(('the column "%s" was left out: it is no indicator'):format(name))
         end
      end
   end
   return list
end

function kind.read(grid, collect)
   local i, columns, time = heading(grid)
   local indicators, values = indicators_of(grid, i, columns, time, collect), {}
   for k, one in ipairs(indicators) do values[k] = one.column end
   local last, decimal = collect:last(grid, i + 1), collect:point(grid, i + 1, values)
   if not decimal then return end
   grid:check_widths(i, i + 1, last, collect)
   local plan = {unit = {columns.Code, columns.Entity}, period = {time}, values = {}, decimal = decimal}
   for k, one in ipairs(indicators) do plan.values[k] = {at = one.column, flag_at = 0, names = {}} end
   local stream = streams.new(grid, collect, plan)
   streams.rows(stream, i + 1, last, collect, function(r)
      local unit = collect:unit({
         code = grid:text(r, columns.Code), name = grid:text(r, columns.Entity), system = "owid",
      }, grid:place(r))
      for k, one in ipairs(unit and indicators or {}) do
         local period = collect:observe{
            unit = unit, indicator = one.name, period = grid:text(r, time), value = grid:cell(r, one.column),
            decimal = decimal, place = grid:place(r, one.column),
         }
         if stream and period then
            stream:learn(r, "unit", unit)
            stream:learn(r, "when", period)
            stream:learn(r, "series", collect:named(one.name), k)
         end
      end
   end)
end

return kind
