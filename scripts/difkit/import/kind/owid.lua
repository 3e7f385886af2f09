--- Our World in Data: Entity, Code, Year (or Day), and a column for each indicator.
local kind = {name = "owid", title = "Our World in Data"}

function kind.recognise(grid)
   for _, time in ipairs {"Year", "Day"} do
      local i = grid:heading("Entity", "Code", time)
      if i then return 0.9, {"the heading has Entity, Code and " .. time} end
   end
end

local texts = {["World region according to OWID"] = true, ["World regions according to OWID"] = true, Continent = true}

function kind.read(grid, collect)
   local i, columns = grid:heading("Entity", "Code")
   local time = columns.Year or columns.Day
   grid:check_widths(i, i + 1, #grid.rows, collect)
   for r = i + 1, #grid.rows do
      local unit = collect:unit({
         code = grid:text(r, columns.Code), name = grid:text(r, columns.Entity), system = "owid",
      }, grid:place(r))
      for j = 1, unit and grid.rows[i].n or 0 do
         local indicator = grid:text(i, j)
         if indicator and j ~= time and j ~= columns.Entity and j ~= columns.Code and not texts[indicator] then
            collect:observe{
               unit = unit, indicator = indicator, period = grid:text(r, time), value = grid:cell(r, j), decimal = ".",
               place = grid:place(r, j),
            }
         end
      end
   end
end

return kind
