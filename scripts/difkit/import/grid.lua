--- Cells in rows and columns, as a text or a sheet has them, and what the recognisers ask of them.
local class = require "difkit.class"
local numbers = require "difkit.format.numbers"

---@class difkit.import.Grid
local Grid, grid_events = class "difkit.import.Grid"

--- The cells of a row without the spaces around them; what is empty is nil.
local function clean(row)
   for j = 1, row.n do
      local value = row[j]
      if type(value) == "string" then
         value = numbers.trim(value)
         if value == "" then value = nil end
         row[j] = value
      end
   end
   return row
end

--- `rows`: lists of cells with `n` and, of a text, `line`; `sheet`: the name of a sheet.
local function new(file, rows, sheet)
   local width = 0
   for _, row in ipairs(rows) do width = math.max(width, clean(row).n) end
   return setmetatable({file = file, rows = rows, sheet = sheet, width = width}, grid_events)
end

local CACHE <const> = 512 -- rows at hand

--- A grid of rows that are kept outside of Lua (format/read.lua, File:keep): a row is read when it is asked for, and
--- `convert(row, i)` gives it the form of others.
local function keep(file, kept, sheet, convert)
   local count, width = kept:size()
   local rows, at_hand = {}, 0
   setmetatable(rows, {
      __len = function() return count end,
      __index = function(t, i)
         local row = math.type(i) == "integer" and kept:row(i)
         if not row then return nil end
         at_hand = at_hand + 1
         if at_hand > CACHE then
            for k in next, t do t[k] = nil end
            at_hand = 1
         end
         if row.spaced then clean(row) end
         if convert then row = convert(row, i) end
         rawset(t, i, row)
         return row
      end,
   })
   return setmetatable({file = file, rows = rows, sheet = sheet, width = width, kept = kept}, grid_events)
end

--- The cell as text or as a number; nil when empty.
function Grid:cell(i, j)
   local row = self.rows[i]
   return row and row[j]
end

--- The cell as text.
function Grid:text(i, j)
   local row = self.rows[i]
   local value = row and row[j]
   if value == nil or type(value) == "string" then return value or nil end
   return type(value) == "number" and numbers.text(value) or tostring(value)
end

local function letters(j)
   local text = ""
   while j > 0 do
      j = j - 1
      text = string.char(65 + j % 26) .. text
      j = j // 26
   end
   return text
end

local names = {} -- of the first columns
for j = 1, 100 do names[j] = letters(j) end

--- Where a cell stands: "Sheet!B7", or of a text "7:2" for line 7, cell 2, which Collect shows in words; of a row
--- "line 7".
function Grid:place(i, j)
   local row = self.rows[i]
   if self.transposed then i, j = j or 1, i end
   if self.sheet then
      local letter = names[j or 1] or letters(j or 1)
      return self.sheet .. "!" .. letter .. (row and row.number or i)
   end
   local line = not self.transposed and row and row.line or i
   return j and line .. ":" .. j or "line " .. line
end

--- The first row, of the first 40, that has all the headings; then name -> column, the first of a name.
function Grid:heading(...)
   local wanted = {...}
   for i = 1, math.min(#self.rows, 40) do
      local columns = {}
      for j = 1, self.rows[i].n do
         local name = self:text(i, j)
         if name and not columns[name] then columns[name] = j end
      end
      local all = true
      for _, name in ipairs(wanted) do all = all and columns[name] end
      if all then return i, columns end
   end
end

--- Whether all cells of a row from column `from` on are empty.
function Grid:is_empty(i, from)
   for j = from or 1, self.rows[i].n do
      if self:cell(i, j) ~= nil then return false end
   end
   return true
end

--- How many cells of a row are filled.
function Grid:filled(i)
   local count = 0
   for j = 1, self.rows[i].n do
      if self:cell(i, j) ~= nil then count = count + 1 end
   end
   return count
end

--- Refuses rows from `first` to `last` that have more or fewer cells than the heading; a separator at the end of a
--- line does
--- not count.
function Grid:check_widths(heading, first, last, collect)
   self.headed = heading
   if self.sheet then return end
   local width = self.rows[heading].n
   while width > 0 and self:cell(heading, width) == nil do width = width - 1 end
   local i = first
   while true do
      if self.kept then i = self.kept:misfit(i, last, width) end
      if not i or i > last then return end
      local n = self.rows[i].n
      while n > width and self:cell(i, n) == nil do n = n - 1 end
      if n ~= width and not self:is_empty(i) and not (n < width and self:filled(i) == 1) then
         collect:refuse(self:place(i), ("%d cells where the heading has %d"):format(n, width),
            "quote the cells that hold the separator, or correct the line")
         return
      end
      i = i + 1
   end
end

--- The headings of the table that was read, without empty ones.
function Grid:columns()
   local list = {}
   for j = 1, self.headed and self.rows[self.headed].n or 0 do list[#list + 1] = self:text(self.headed, j) end
   return list
end

--- Of the columns `candidates` those (column -> true) in which two rows from `first` to `last` differ that are the
--- same in
--- all of `keys`: without them the two would be one observation.
function Grid:telling_apart(first, last, keys, candidates)
   if #candidates == 0 or first > last then return {} end
   if self.kept and #keys <= 64 and #candidates <= 64 then return self.kept:telling(first, last, keys, candidates) end
   local seen, telling = {}, {}
   for r = first, last do
      local key = {}
      for k, column in ipairs(keys) do key[k] = self:text(r, column) or "" end
      key = table.concat(key, "\0")
      local before = seen[key]
      seen[key] = before or r
      for _, column in ipairs(before and candidates or {}) do
         if self:text(r, column) ~= self:text(before, column) then telling[column] = true end
      end
   end
   return telling
end

--- The grid with rows as columns.
function Grid:transpose()
   local rows = {}
   for j = 1, self.width do
      local row = {n = #self.rows}
      for i = 1, #self.rows do row[i] = self.rows[i][j] end
      rows[j] = row
   end
   local grid = new(self.file, rows, self.sheet)
   grid.transposed = true
   return grid
end

Grid.new, Grid.keep = new, keep

return Grid
