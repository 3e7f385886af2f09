--- Eurostat's TSV: the dimensions joined by commas in the first cell, flags behind the values.
local flags = require "difkit.format.flags"
local periods = require "difkit.format.periods"

local kind = {name = "eurostat-tsv", title = "Eurostat TSV"}

function kind.recognise(grid)
   for i = 1, math.min(#grid.rows, 20) do
      for j = 1, math.min(grid.rows[i].n, 400) do
         local first = grid:text(i, j)
         if first and (first:find("\\TIME_PERIOD", 1, true) or first:find("\\time", 1, true)) then
            return 1, {"a heading ends in \\TIME_PERIOD"}, i, j
         end
      end
   end
end

--- The base of the indicators: the name of the file, as Eurostat names its tables.
local function base_of(collect)
   return collect.options.indicator or (collect.file:gsub("^estat_", ""):gsub("_linear$", ""):upper())
end

--- Value and flags of a cell: "39.3 b", ": c", "26.0 ep".
local function split(cell)
   local value, letters = cell:match "^(%S+)%s*(.-)$"
   return value, letters
end

--- The columns of periods; another is left out.
local function columns_of(grid, heading, keys, collect)
   local list = {}
   for j = 1, grid.rows[heading].n do
      local text = j ~= keys and grid:text(heading, j)
      local period, message = nil, nil
      if text then period, message = periods.read(text, collect.options) end
      if period or message then
         list[#list + 1] = j
      elseif text then
         collect:warn(('the column "%s" was left out: it is no period'):format(text))
      end
   end
   return list
end

function kind.read(grid, collect)
   local _, _, heading, keys = kind.recognise(grid)
   local names = {}
   for name in grid:text(heading, keys):match "^(.-)\\":gmatch "[^,]+" do names[#names + 1] = name end
   local columns, last = columns_of(grid, heading, keys, collect), collect:last(grid, heading + 1)
   local decimal = collect:point(grid, heading + 1, columns)
   if not decimal then return end
   grid:check_widths(heading, heading + 1, last, collect)
   for r = heading + 1, last do
      local values, n, indicator, geo = {}, 0, {base_of(collect)}, nil
      for value in ((grid:text(r, keys) or "") .. ","):gmatch "([^,]*)," do
         n = n + 1
         values[n] = value
      end
      if n ~= #names and not grid:is_empty(r) then
         collect:refuse(grid:place(r, keys), ("%d dimensions where the heading has %d"):format(n, #names),
            "the line may be cut or changed by hand")
         return
      end
      for k, name in ipairs(names) do
         if name == "geo" then
            geo = values[k]
         elseif name ~= "freq" and values[k] ~= "" then
            indicator[#indicator + 1] = name .. "=" .. (values[k] or "")
         end
      end
      indicator = table.concat(indicator, ";")
      local unit = geo and collect:unit({code = geo, system = "eurostat"}, grid:place(r, keys))
      for _, j in ipairs(unit and columns or {}) do
         local cell = grid:text(r, j)
         if cell then
            local value, letters = split(cell)
            local flag, note = flags.eurostat(letters)
            if not flag then
               collect:wrong(grid:place(r, j), ('"%s" has the flag "%s", which Eurostat has not'):format(cell, note))
            elseif not (value == ":" and flag == "" and collect.options.drop_missing) then
               collect:observe{
                  keep_flags = true,
                  unit = unit, indicator = indicator, period = grid:text(heading, j), value = value, flag = flag,
                     note = note,
                  decimal = decimal, place = grid:place(r, j),
               }
            end
         end
      end
   end
end

return kind
