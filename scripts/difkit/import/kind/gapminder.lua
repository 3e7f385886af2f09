--- Gapminder: a country a row, a year a column, and the indicator in the name of the file.
local kind = {name = "gapminder", title = "Gapminder"}

local function is_year(text)
   return text ~= nil and text:find "^%d%d%d%d$" ~= nil
end

function kind.recognise(grid)
   local first = grid.rows[1] and grid:text(1, 1)
   if first ~= "country" and first ~= "geo" then return end
   local years = 0
   for j = 2, grid.rows[1].n do
      if not is_year(grid:text(1, j)) then return end
      years = years + 1
   end
   if years > 1 then return 0.8, {("the first heading is %s, all others are years"):format(first)} end
end

function kind.read(grid, collect)
   local last = collect:last(grid, 2)
   grid:check_widths(1, 2, last, collect)
   local this_year = tonumber(collect.options.today:sub(1, 4))
   for j = 2, grid.rows[1].n do
      if tonumber(grid:text(1, j)) > this_year then
         collect:warn("years to come are projections, which the file does not mark")
         break
      end
   end
   local coded = grid:text(1, 1) == "geo"
   local decimal, doubtful = collect:decimal(grid, 2, last, 2)
   for r = 2, last do
      local text = grid:text(r, 1)
      local code = coded and text and text:find "^%l%l%l$" and text:upper()
      local unit = collect:unit({code = code, name = not code and text or nil, system = code and "iso3" or "name"},
         grid:place(r))
      for j = 2, unit and grid.rows[1].n or 1 do
         collect:observe{
            unit = unit, indicator = collect.file, period = grid:text(1, j), value = grid:cell(r, j),
            decimal = decimal or not doubtful and "." or nil, place = grid:place(r, j),
         }
      end
   end
end

return kind
