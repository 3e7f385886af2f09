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
   return text or ""
end

--- Cells of a row that are merged with one to their left: column -> the first column; and with one above.
local function merge(rows, ranges)
   for _, range in ipairs(ranges) do
      local top, from, bottom, to = table.unpack(range)
      to = math.min(to, from + 1000)
      for r = top, math.min(bottom, #rows) do
         local row = rows[r]
         row.merged = row.merged or {}
         for j = from, to do row.merged[j] = from end
         if r > top then
            row.below = row.below or {}
            for j = from, to do row.below[j] = true end
         end
      end
   end
end

local function rows_of(file, number)
   local rows = {}
   for row in file:rows(number) do
      for i = #rows + 1, row.line - 1 do rows[i] = {n = 0, number = i} end
      for j = 1, row.n do row[j] = value_of(row[j], row.kinds:sub(j, j)) end
      row.number = row.line
      rows[row.line] = row
   end
   if #rows > 0 then merge(rows, assert(file:merged(number))) end
   return rows
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
         local rows = rows_of(file, number)
         if #rows > 0 then grids[#grids + 1] = Grid.new(name, rows, sheet.name) end
      end
   end
   return grids, hidden
end

return workbook
