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

--- Dimensions of the database; with those called "Type of …", "Level of …" and "Name of …".
local dimension_names = {}
for name in ([[Activity/Age/Bounds/Cause of death/Cities/Counterpart/Custom Breakdown/Deviation Level/Disability status/
   Education level/Fiscal intervention stage/Food Waste Sector/Freq/Frequency of Chlorophyll-a concentration/
   Government Name/Grounds of discrimination/Hazard type/IHR Capacity/Illicit Financial Flows/Land cover/Level/Status/
   Location/Migratory status/Mode of transportation/Mountain Elevation/Observation Status Type/Parliamentary committees/
   Policy Domains/Policy instruments/Population Group/Product/Quantile/Report Ordinal/Sampling Stations/
   Service Attribute/Severity of price levels/Sex/Substance use disorders/Bioclimatic belt/Coverage/Mountain Range]])
   :gmatch "[^/\n]+" do
   dimension_names[name:match "^%s*(.-)%s*$"] = true
end

local function is_dimension(name)
   return dimension_names[name] or name:find "^Type of " or name:find "^Level of " or name:find "^Name of "
end

--- The columns by their names without brackets; dimensions in the order of the file. A column of another name is one
--- only
--- where it tells two rows apart.
local function columns_of(grid, i, collect)
   local columns, dimensions, others, keys, candidates = {}, {}, {}, {}, {}
   local bracketed = false
   for j = 1, grid.rows[i].n do bracketed = bracketed or (grid:text(i, j) or ""):find "^%[.+%]$" ~= nil end
   for j = 1, grid.rows[i].n do
      local heading = grid:text(i, j)
      local name = heading and (heading:match "^%[(.+)%]$" or heading)
      if name then
         columns[name] = columns[name] or j
         if not known[name] then
            local list = (bracketed and name ~= heading or is_dimension(name)) and dimensions or others
            list[#list + 1] = {name = name, column = j}
         end
      end
   end
   for _, name in ipairs {"SeriesCode", "GeoAreaCode", "TimePeriod", "Reporting Type"} do
      keys[#keys + 1] = columns[name]
   end
   for _, dimension in ipairs(dimensions) do keys[#keys + 1] = dimension.column end
   for k, other in ipairs(others) do candidates[k] = other.column end
   local telling = grid:telling_apart(i + 1, #grid.rows, keys, candidates)
   for _, other in ipairs(others) do
      if telling[other.column] then
         dimensions[#dimensions + 1] = other
      else
         collect:warn(('the column "%s" was left out: it is no dimension'):format(other.name))
      end
   end
   table.sort(dimensions, function(a, b) return a.column < b.column end)
   return columns, dimensions
end

function kind.read(grid, collect)
   local i = grid:heading("SeriesCode", "GeoAreaCode")
   local columns, dimensions = columns_of(grid, i, collect)
   local function text(r, name) return columns[name] and grid:text(r, columns[name]) end
   local last, decimal = collect:last(grid, i + 1), collect:point(grid, i + 1, {columns.Value})
   if not decimal then return end
   grid:check_widths(i, i + 1, last, collect)
   for r = i + 1, last do
      local unit = not grid:is_empty(r) and collect:unit({code = text(r, "GeoAreaCode"), system = "m49",
         label = text(r, "GeoAreaName")}, grid:place(r))
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
         collect:observe{
            unit = unit, indicator = indicator, period = period, value = grid:cell(r, columns.Value), flag = flag,
            decimal = decimal, rank = text(r, "Reporting Type") == "G" and 1 or 0,
            note = collect.join(note, text(r, "FootNote"), detail ~= period and detail or nil),
            place = grid:place(r, columns.Value),
         }
      end
   end
end

return kind
