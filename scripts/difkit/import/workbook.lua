--- Workbooks as grids: the cells of format/read.lua as values, with what the layout has to know of merged cells. Rows
--- that a sheet leaves out are there, empty, so that a row has its number as its place.
local Grid = require "difkit.import.grid"

local workbook = {}

--- The value of a cell: numbers and percentages as numbers, dates without their time, truth values as spreadsheets show
--- them; a formula that was never calculated is a table.
local function value_of(text, kind)
   if kind == "n" or kind == "p" then return math.tointeger(tonumber(text)) or tonumber(text) end
   if kind == "b" then return text:upper() end
   if kind == "f" then return {formula = true} end
   if kind == "d" then return text:sub(1, 10) end
   return text
end

--- The ranges of merged cells by the rows that they cover.
local function by_row(ranges, count)
   local rows = {}
   for _, range in ipairs(ranges) do
      for r = range[1], math.min(range[3], count, range[1] + 100000) do
         rows[r] = rows[r] or {}
         table.insert(rows[r], range)
      end
   end
   return rows
end

--- Cells of a row that are merged with one to their left: column -> the first column; and with one above.
local function merge(row, r, ranges)
   row.merged = {}
   for _, range in ipairs(ranges) do
      local top, from, _, to = table.unpack(range)
      to = math.min(to, from + 1000)
      for j = from, to do row.merged[j] = from end
      if r > top then
         row.below = row.below or {}
         for j = from, to do row.below[j] = true end
      end
   end
end

--- A sheet as a grid.
local function grid_of(name, file, number, sheet)
   local kept = file:keep(number)
   local count = kept:size()
   local ranges = count > 0 and by_row(assert(file:merged(number)), count) or {}
   if count == 0 then return nil end
   local grid = Grid.keep(name, kept, sheet, function(row, i)
      for j = 1, row.n do row[j] = value_of(row[j], row.kinds:sub(j, j)) end
      row.number = i
      if ranges[i] then merge(row, i, ranges[i]) end
      return row
   end)
   grid.merged = next(ranges) ~= nil
   return grid
end

---The sheets of a workbook that are shown, as grids, and the names of those that are hidden.
---@param name string
---@param file table of format/read.lua
---@return table grids
---@return string[] hidden
function workbook.read(name, file)
   local grids, hidden = {}, {}
   for number, sheet in ipairs(file.sheets) do
      if sheet.hidden then
         hidden[#hidden + 1] = sheet.name
      else
         grids[#grids + 1] = grid_of(name, file, number, sheet.name)
      end
   end
   return grids, hidden
end

return workbook
