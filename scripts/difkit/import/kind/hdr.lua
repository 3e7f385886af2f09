--- The Human Development Report of UNDP, all indicators and years across.
local kind = {name = "hdr", title = "UNDP Human Development Report, wide"}

function kind.recognise(grid)
   local i, columns = grid:heading("iso3", "hdicode")
   if i and columns.country then return 1, {"the heading has iso3 and hdicode"} end
end

function kind.read(grid, collect)
   local i, columns = grid:heading("iso3", "hdicode")
   local indicators, years = {}, {}
   for j = 1, grid.rows[i].n do
      local indicator, year = (grid:text(i, j) or ""):match "^(.+)_(%d%d%d%d)$"
      if indicator then indicators[#indicators + 1], years[j] = j, {indicator, year} end
   end
   local last, decimal = collect:last(grid, i + 1), collect:point(grid, i + 1, indicators)
   if not decimal then return end
   grid:check_widths(i, i + 1, last, collect)
   for r = i + 1, last do
      local unit = collect:unit({
         code = grid:text(r, columns.iso3), name = grid:text(r, columns.country), system = "hdr",
      }, grid:place(r))
      for _, j in ipairs(unit and indicators or {}) do
         collect:observe{
            unit = unit, indicator = years[j][1], period = years[j][2], value = grid:cell(r, j), decimal = decimal,
            place = grid:place(r, j),
         }
      end
   end
end

return kind
