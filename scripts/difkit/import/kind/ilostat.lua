--- ILOSTAT: one row an observation, classifications as dimensions, notes in three columns.
local kind = {name = "ilostat", title = "ILOSTAT"}

function kind.recognise(grid)
   local i, columns = grid:heading("ref_area", "obs_value")
   if i and columns.time and columns.indicator then return 1, {"the heading has ref_area and obs_value"} end
end

local known = {
   ref_area = true, source = true, indicator = true, time = true, obs_value = true, obs_status = true,
      note_classif = true,
   note_indicator = true, note_source = true,
}
local statuses = {C = "Q", B = "B", E = "E", F = "F", I = "I", P = "P", U = "U"}

--- Classifications are dimensions; another column is one only where it tells two rows apart.
local function dimensions_of(grid, i, columns, collect)
   local dimensions, keys, others, candidates = {}, {columns.ref_area, columns.indicator, columns.time}, {}, {}
   for j = 1, grid.rows[i].n do
      local name = grid:text(i, j)
      if name and not known[name] and not name:find "%.label$" then
         local list = (name == "sex" or name:find "^classif%d+$") and dimensions or others
         list[#list + 1] = {name = name, column = j}
      end
   end
   for _, dimension in ipairs(dimensions) do keys[#keys + 1] = dimension.column end
   keys[#keys + 1] = columns.source
   for k, other in ipairs(others) do candidates[k] = other.column end
   local telling = grid:telling_apart(i + 1, #grid.rows, keys, candidates)
   for _, other in ipairs(others) do
      if telling[other.column] then
         dimensions[#dimensions + 1] = other
      else
         collect:warn(('the column "%s" was left out: it is no dimension'):format(other.name))
      end
   end
   return dimensions
end

--- Whether two sources stand for one cell: then they are a dimension.
local function sources_differ(grid, i, columns, dimensions)
   if not columns.source then return false end
   local keys = {columns.ref_area, columns.indicator, columns.time}
   for _, dimension in ipairs(dimensions) do keys[#keys + 1] = dimension.column end
   return grid:telling_apart(i + 1, #grid.rows, keys, {columns.source})[columns.source] == true
end

function kind.read(grid, collect)
   local i, columns = grid:heading("ref_area", "obs_value")
   local dimensions = dimensions_of(grid, i, columns, collect)
   if sources_differ(grid, i, columns, dimensions) then
      table.insert(dimensions, 1, {name = "source", column = columns.source})
   end
   local function text(r, name) return columns[name] and grid:text(r, columns[name]) end
   local last, decimal = collect:last(grid, i + 1), collect:point(grid, i + 1, {columns.obs_value})
   if not decimal then return end
   grid:check_widths(i, i + 1, last, collect)
   for r = i + 1, last do
      local unit = not grid:is_empty(r) and collect:unit({code = text(r, "ref_area"), system = "ilo"}, grid:place(r))
      if unit then
         local indicator = {text(r, "indicator")}
         for _, dimension in ipairs(dimensions) do
            local value = grid:text(r, dimension.column)
            if value then indicator[#indicator + 1] = dimension.name .. "=" .. value end
         end
         local status = text(r, "obs_status")
         local code = status and statuses[status] or ""
         collect:observe{
            unit = unit, indicator = table.concat(indicator, ";"), period = text(r, "time"), value = grid:cell(r,
               columns.obs_value),
            flag = code, note = collect.join(status and code == "" and "status " .. status or nil, text(r,
               "note_classif"),
               text(r, "note_indicator"), text(r, "note_source")),
            decimal = decimal, place = grid:place(r, columns.obs_value),
         }
      end
   end
end

return kind
