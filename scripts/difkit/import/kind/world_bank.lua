--- The World Bank: the CSV of its API (with its metadata, also zipped), DataBank, and the bulk files of the WDI.
local periods = require "difkit.format.periods"
local streams = require "difkit.import.stream"

local kind = {name = "world-bank", title = "World Bank (API, DataBank or WDI)"}

local function heading(grid)
   for _, code in ipairs {"Indicator Code", "Series Code"} do
      local i, columns = grid:heading("Country Code", code)
      if i then return i, columns, code, code == "Indicator Code" and "Indicator Name" or "Series Name" end
   end
end

local function period_columns(grid, i)
   local list = {}
   for j = 1, grid.rows[i].n do
      local text = grid:text(i, j)
      local period = text and periods.read(text)
      if period then list[#list + 1] = {column = j, period = period} end
   end
   return list
end

function kind.recognise(grid)
   local i, _, code = heading(grid)
   if i and #period_columns(grid, i) > 0 then
      return 1, {("the heading has Country Code, %s and years"):format(code)}
   end
   i = grid:heading("Country Code", "Time Code")
   if i then return 1, {"the heading has Country Code and Time Code"} end
end

--- What stands above and below the table: the day of the last update, the database.
local function read_source(grid, collect)
   for i = 1, #grid.rows do
      local text = grid:text(i, 1)
      if text == "Last Updated Date" then collect.source.updated = grid:text(i, 2) end
      if text == "Data Source" then collect.source.title = grid:text(i, 2) end
      local updated = text and text:match "^Last Updated: (.+)$"
      if updated then
         local month, day, year = updated:match "^(%d+)/(%d+)/(%d+)$"
         collect.source.updated = month and ("%s-%02d-%02d"):format(year, month, day) or updated
      end
      local database = text and text:match "^Data from database: (.+)$"
      if database then collect.source.title = database end
   end
end

--- Groups as the metadata of the download say: those without a region.
local function groups_of(grid, groups)
   for _, income in ipairs {"IncomeGroup", "Income Group"} do
      local i, columns = grid:heading("Country Code", "Region", income)
      for r = (i or #grid.rows) + 1, #grid.rows do
         local code = grid:text(r, columns["Country Code"])
         if code and not grid:cell(r, columns.Region) then groups[code] = true end
      end
   end
end

--- Footnotes of the bulk files: by country, series and year.
local function footnotes_of(grid, notes)
   local i, columns = grid:heading("CountryCode", "SeriesCode", "Year", "Description")
   for r = (i or #grid.rows) + 1, #grid.rows do
      local code, series = grid:text(r, columns.CountryCode), grid:text(r, columns.SeriesCode)
      local year = periods.read(grid:text(r, columns.Year))
      if code and series and year then notes[code .. "\0" .. series .. "\0" .. year] = grid:text(r,
         columns.Description) end
   end
end

--- The licence that the metadata of all series name.
local function licence_of(grid, collect)
   local i, columns = grid:heading "License Type"
   for r = (i or #grid.rows) + 1, #grid.rows do
      local text = grid:text(r, columns["License Type"])
      if text and collect.source.licence and collect.source.licence ~= text then
         collect.source.licence = "several"
      else
         collect.source.licence = text or collect.source.licence
      end
   end
end

local function last_row(grid, first, column, collect)
   for i = collect:last(grid, first), first, -1 do
      if grid:cell(i, column) then return i end
   end
   return first - 1
end

--- DataBank with years down and a column for each series: "name [CODE]".
local function read_long(grid, collect)
   local i, columns = grid:heading("Country Code", "Time Code")
   local last, series, values = last_row(grid, i + 1, columns["Country Code"], collect), {}, {}
   for j = 1, grid.rows[i].n do
      local title, code = (grid:text(i, j) or ""):match "^(.-)%s*%[([%w._]+)%]$"
      if code then values[#values + 1], series[j] = j, {title, code} end
   end
   local decimal = collect:point(grid, i + 1, values)
   if not decimal then return end
   grid:check_widths(i, i + 1, last, collect)
   for r = i + 1, last do
      local unit = collect:unit({
         code = grid:text(r, columns["Country Code"]), name = columns["Country Name"] and grid:text(r,
            columns["Country Name"]),
         system = "wb",
      }, grid:place(r))
      for _, j in ipairs(unit and values or {}) do
         local title, code = series[j][1], series[j][2]
         collect:indicator(code, title)
         collect:observe{
            unit = unit, indicator = code, period = grid:text(r, columns["Time Code"]), value = grid:cell(r, j),
            decimal = decimal, place = grid:place(r, j),
         }
      end
   end
end

function kind.read(grid, collect, source)
   read_source(grid, collect)
   local i, columns, code, name = heading(grid)
   if not i then return read_long(grid, collect) end
   local groups, notes = {}, {}
   for _, other in ipairs(source and source.grids or {}) do
      groups_of(other, groups)
      footnotes_of(other, notes)
      licence_of(other, collect)
   end
   local list, values = period_columns(grid, i), {}
   for k, column in ipairs(list) do values[k] = column.column end
   local decimal = collect:point(grid, i + 1, values)
   if not decimal then return end
   local last = last_row(grid, i + 1, columns["Country Code"], collect)
   grid:check_widths(i, i + 1, last, collect)
   local named = columns["Country Name"]
   local plan = {unit = {columns["Country Code"], named}, period = {}, values = {}, decimal = decimal}
   for k, column in ipairs(list) do
      plan.values[k] = {at = column.column, flag_at = 0, names = {columns[code]}, when = column.period}
   end
   -- A footnote may belong to any value.
   local stream = next(notes) == nil and streams.new(grid, collect, plan) or nil
   streams.rows(stream, i + 1, last, collect, function(r)
      local unit_code, indicator = grid:text(r, columns["Country Code"]), grid:text(r, columns[code])
      local unit = unit_code and collect:unit({
         code = unit_code, name = named and grid:text(r, named), system = "wb", group = groups[unit_code],
      }, grid:place(r))
      if unit and not indicator then
         collect:wrong(grid:place(r, columns[code]), "no code of an indicator")
      elseif unit then
         collect:indicator(indicator, columns[name] and grid:text(r, columns[name]))
         for k, column in ipairs(list) do
            collect:observe{
               unit = unit, indicator = indicator, period = column, value = grid:cell(r, column.column),
               decimal = decimal, note = notes[unit_code .. "\0" .. indicator .. "\0" .. column.period],
               place = grid:place(r, column.column),
            }
            if stream then stream:learn(r, "series", collect:named(indicator), k) end
         end
         if stream then stream:learn(r, "unit", unit) end
      end
   end)
end

return kind
