--- Tables without a layout of their own: long, wide, with countries across, below title rows, with two heading rows,
--- above
--- footnotes. The column of units is found by its cells, the periods by theirs.
local layout = require "difkit.import.layout"
local units = require "difkit.units"

local kind = {name = "table", title = "a plain table"}

--- The rows of a column that hold a unit or a group: first, last and number; which texts are units or groups.
local function scan(grid, j, match)
   local seen, known, first, last, rows = {}, {}, nil, nil, 0
   for i = 1, #grid.rows do
      local text = grid:cell(i, j)
      if type(text) == "string" and #text <= 255 then
         if not seen[text] then
            seen[text] = true
            local result = not text:find "^[%d.,%s%-]+$" and match(text) or "unknown"
            known[text] = result ~= "unknown"
         end
         if known[text] then
            first, last, rows = first or i, i, rows + 1
         end
      end
   end
   return first, last, rows, known
end

--- The share of distinct texts between two rows that are known.
local function share_of(grid, j, first, last, known)
   local seen, all, good = {}, 0, 0
   for i = first, last do
      local text = grid:text(i, j)
      if text and not seen[text] then
         seen[text] = true
         all = all + 1
         if known[text] then good = good + 1 end
      end
   end
   return all > 0 and good / all or 0
end

--- Columns of units: {column, first, last, rows, code}, those with most rows first.
local function unit_columns(grid, match)
   local found = {}
   for j = 1, math.min(grid.width, 60) do
      local first, last, rows, known = scan(grid, j, match)
      if first and rows >= 2 and share_of(grid, j, first, last, known) >= units.SHARE then
         local code = true
         for i = first, last do
            local text = grid:text(i, j)
            if text and not text:find "^%u%u%u$" then code = false end
         end
         found[#found + 1] = {column = j, first = first, last = last, rows = rows, code = code, system = "any"}
      elseif not first or rows < 2 then
         local codes = layout.code_column(grid, j)
         if codes then found[#found + 1] = codes end
      end
   end
   table.sort(found, function(a, b)
      if a.rows ~= b.rows then return a.rows > b.rows end
      return a.column < b.column
   end)
   return found
end

--- Words that only a pivot table has, in the spreadsheet programs of today.
local pivot = {["Row Labels"] = true, ["Column Labels"] = true, ["Total Result"] = true}

--- Where a grid is a pivot table: the place of the word that gives it away.
local function pivot_place(grid)
   for i = 1, math.min(#grid.rows, 20) do
      for j = 1, math.min(grid.rows[i].n, 20) do
         if pivot[grid:cell(i, j)] then return grid:place(i, j), grid:cell(i, j) end
      end
   end
end

function kind.recognise(grid, found)
   if #grid.rows < 2 then return end
   local match = units.matcher("any", found and found.decisions, true)
   local columns = unit_columns(grid, match)
   if #columns > 0 then
      local one = columns[1]
      return 0.5, {("column %d holds units in %d rows"):format(one.column, one.rows)}, grid
   end
   local across = grid.width <= 400 and #grid.rows <= 2000 and grid:transpose()
   columns = across and unit_columns(across, match) or {}
   if #columns > 0 then
      return 0.45, {("row %d holds %d units: countries stand across"):format(columns[1].column, columns[1].rows)},
         across
   end
end

function kind.read(grid, collect)
   local place, word = pivot_place(grid)
   if place then
      collect:refuse(place, ('"%s": it is a pivot table, whose sums are no observations'):format(word),
         "import the sheet that it is made of")
      return
   end
   local decisions = collect.options.decisions
   local _, _, turned = kind.recognise(grid, {decisions = decisions})
   grid = turned or grid
   local columns = unit_columns(grid, units.matcher("any", decisions, true))
   local name, code = nil, nil
   local wanted = collect.options.unit
   for _, column in ipairs(columns) do
      local heading = grid:text(math.max(column.first - 1, 1), column.column)
      if wanted and heading == wanted then
         name, code = nil, nil
         if column.code then code = column else name = column end
         break
      end
      if column.code then code = code or column else name = name or column end
   end
   local main = name or code
   -- A code column that stands for fewer rows than the names (groups have none) is theirs all the same.
   local first, last = main.first, main.last
   if code and name then first, last = math.min(first, code.first), math.max(last, code.last) end
   layout.read(grid, collect, {name = name, code = code, first = first, last = last, rows = main.rows})
end

return kind
