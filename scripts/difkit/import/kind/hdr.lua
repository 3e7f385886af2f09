--- The Human Development Report of UNDP, all indicators and years across.
local kind = {name = "hdr", title = "UNDP Human Development Report, wide"}

function kind.recognise(grid)
   local i, columns = grid:heading("iso3", "hdicode")
   if i and columns.country then return 1, {"the heading has iso3 and hdicode"} end
end

function kind.read(grid, collect)
   local i, columns = grid:heading("iso3", "hdicode")
   grid:check_widths(i, i + 1, #grid.rows, collect)
   for r = i + 1, #grid.rows do
      local unit = collect:unit({
         code = grid:text(r, columns.iso3), name = grid:text(r, columns.country), system = "hdr",
      }, grid:place(r))
      for j = 1, unit and grid.rows[i].n or 0 do
         local indicator, year = (grid:text(i, j) or ""):match "^(.+)_(%d%d%d%d)$"
         if indicator then
            collect:observe{
               unit = unit, indicator = indicator, period = year, value = grid:cell(r, j), decimal = ".",
               place = grid:place(r, j),
            }
         end
      end
   end
end

return kind
