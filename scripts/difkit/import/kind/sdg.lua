--- The UN's SDG database: one row an observation, M49 codes, dimensions behind the attributes.
local flags = require "difkit.format.flags"

local kind = {name = "un-sdg", title = "UN SDG Global Database"}

function kind.recognise(grid)
   local i, columns = grid:heading("SeriesCode", "GeoAreaCode")
   if i and columns.Value and columns.TimePeriod then return 1, {"the heading has SeriesCode and GeoAreaCode"} end
end

local known = {
   Goal = true, Target = true, Indicator = true, SeriesCode = true, SeriesDescription = true, GeoAreaCode = true,
   GeoAreaName = true, TimePeriod = true, Value = true, Time_Detail = true, Time_Coverage = true, Source = true,
   FootNote = true, UpperBound = true, LowerBound = true, BasePeriod = true, GeoInfoUrl = true,
      ["Reporting Type"] = true,
   ["Observation Status"] = true, Units = true, Nature = true, TimeCoverage = true,
}

--- The columns by their names without brackets; dimensions in the order of the file.
local function columns_of(grid, i)
   local columns, dimensions = {}, {}
   for j = 1, grid.rows[i].n do
      local name = grid:text(i, j)
      name = name and (name:match "^%[(.+)%]$" or name)
      if name then
         columns[name] = columns[name] or j
         if not known[name] then dimensions[#dimensions + 1] = {name = name, column = j} end
      end
   end
   return columns, dimensions
end

function kind.read(grid, collect)
   local i = grid:heading("SeriesCode", "GeoAreaCode")
   local columns, dimensions = columns_of(grid, i)
   local function text(r, name) return columns[name] and grid:text(r, columns[name]) end
   grid:check_widths(i, i + 1, #grid.rows, collect)
   local reporting = {}
   for r = i + 1, #grid.rows do
      local unit = not grid:is_empty(r) and collect:unit({code = text(r, "GeoAreaCode"), system = "m49"}, grid:place(r))
      if unit then
         local indicator = {text(r, "SeriesCode")}
         for _, dimension in ipairs(dimensions) do
            local value = grid:text(r, dimension.column)
            if value then indicator[#indicator + 1] = dimension.name .. "=" .. value end
         end
         indicator = table.concat(indicator, ";")
         collect:indicator(indicator, text(r, "SeriesDescription"), text(r, "Units"))
         local flag, note = flags.nature(text(r, "Nature") or "")
         local status = text(r, "Observation Status")
         if flag == "" and status and status ~= "A" then flag = flags.sdmx(status) end
         local detail, period = text(r, "Time_Detail"), text(r, "TimePeriod")
         local key = table.concat({unit, indicator, period}, "\0")
         local type = text(r, "Reporting Type")
         if reporting[key] and reporting[key] ~= type then
            collect:warn "where an observation stands with reporting types G and N, G was kept"
            if type == "G" then collect:drop(unit, indicator, period) end
         end
         if not (reporting[key] == "G" and type ~= "G") then
            reporting[key] = type
            collect:observe{
               unit = unit, indicator = indicator, period = period, value = grid:cell(r, columns.Value), flag = flag,
                  decimal = ".",
               note = collect.join(note, text(r, "FootNote"), detail ~= period and detail or nil),
               place = grid:place(r, columns.Value),
            }
         end
      end
   end
end

return kind
