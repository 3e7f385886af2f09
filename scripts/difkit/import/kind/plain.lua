--- Tables without a layout of their own: long, wide, with countries across, below title rows, with two heading rows,
--- above
--- footnotes. The column of units is found by its cells, the periods by theirs.
local begins_note = require "difkit.import.notes"
local code_column = require "difkit.import.codes"
local layout = require "difkit.import.layout"
local numbers = require "difkit.format.numbers"
local periods = require "difkit.format.periods"
local units = require "difkit.units"

local kind = {name = "table", title = "a plain table"}

local DISTINCT <const> = 5000 -- there are not so many units: a column with more texts, few of them known, is none

--- The different texts of the columns, {text, first, last, count}, where each stands first and last and how often.
local function texts_of(grid, width)
   if grid.kept then
      local columns = grid.kept:texts(width, DISTINCT)
      -- Where half of so many are units of some framework, all are looked at.
      columns.all = function(j) return grid.kept:texts(j)[j] end
      return columns
   end
   local columns = {}
   for j = 1, width do columns[j] = {} end
   for i = 1, #grid.rows do
      for j, column in ipairs(columns) do
         local text = grid:text(i, j)
         if text then
            local one = column[text]
            if not one then
               one = {text = text, first = i, count = 0}
               column[text], column[#column + 1] = one, one
            end
            one.last, one.count = i, one.count + 1
         end
      end
   end
   return columns
end

--- Tells which texts of a column are units; gives the share of them.
local function judge(column, match)
   local good = 0
   for _, one in ipairs(column) do
      local text = numbers.trim(one.text)
      local found = #text <= 255 and not text:find "^[%d.,%s%-]*$" and match(text) or "unknown"
      one.known, one.country = found ~= "unknown", found == "unit"
      one.code = text:find "^%u%u%u$" ~= nil
      if one.known then good = good + 1 end
   end
   local all = #column + (column.figures or 0)
   return all > 0 and good / all or 0
end

--- What a column holds: the first and the last row of units, how many there are, whether they are codes, and the share
--- of the texts between that are units; nil where it has too many texts that are none.
local function look(columns, j, match)
   local column = columns[j]
   local share = judge(column, match)
   if column.more then
      if share < 0.5 then return nil end
      column = columns.all(j)
      judge(column, match)
   end
   local found = {column = j, rows = 0, countries = 0, code = true}
   for _, one in ipairs(column) do
      if one.known then
         found.first = math.min(found.first or one.first, one.first)
         found.last, found.rows = math.max(found.last or one.last, one.last), found.rows + one.count
         if one.country then found.countries = found.countries + one.count end
      end
   end
   local all, good = column.figures or 0, 0
   for _, one in ipairs(column) do
      if found.first and one.first <= found.last and one.last >= found.first then
         all = all + 1
         if one.known then good = good + 1 end
         found.code = found.code and one.code
      end
   end
   found.share = all > 0 and good / all or 0
   return found
end

local CODES <const> = 500 -- there are not so many codes of countries

--- Whether a column has as many different texts as one of codes may have.
local function may_be_codes(column)
   local distinct = #column + (column.figures or 0)
   return not column.more and distinct > 1 and distinct <= CODES -- one is the heading
end

--- Columns of units: {column, first, last, rows, code}, those with most rows first.
local function unit_columns(grid, match)
   if grid.units then return grid.units end
   local found = {}
   local columns = texts_of(grid, math.min(grid.width, 60))
   for j = 1, #columns do
      local one = look(columns, j, match)
      local some = one and one.rows >= 2
      if some and one.share >= units.SHARE then
         one.system = "any"
         found[#found + 1] = one
      elseif one and not some and may_be_codes(columns[j]) then
         local codes = code_column(grid, j)
         if codes then found[#found + 1] = codes end
      end
   end
   -- A column of regions stands beside that of their countries, and is none of units.
   table.sort(found, function(a, b)
      if (a.countries > 0) ~= (b.countries > 0) then return a.countries > 0 end
      if a.rows ~= b.rows then return a.rows > b.rows end
      return a.column < b.column
   end)
   grid.units = found -- of one import, whose decisions do not change
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
   grid.across = grid.across or grid.width <= 400 and #grid.rows <= 2000 and grid:transpose()
   local across = grid.across
   columns = across and unit_columns(across, match) or {}
   if #columns > 0 then
      return 0.45, {("row %d holds %d units: countries stand across"):format(columns[1].column, columns[1].rows)},
         across
   end
end

--- What a row holds beside the columns of units: how many cells, how many of them numbers, how many of those no
--- periods.
local function count(grid, i, skip)
   local filled, figures, values = 0, 0, 0
   for j = 1, grid.rows[i].n do
      local cell = not skip[j] and grid:cell(i, j)
      if cell then
         filled = filled + 1
         local read = numbers.read(cell, ".") or numbers.read(cell, ",")
         if read and (read.value or read.flag) then
            figures = figures + 1
            if not periods.read(cell) then values = values + 1 end
         end
      end
   end
   return filled, figures, values
end

--- The first and the last row of the table: rows next to those of units that hold figures are rows of it, whatever name
--- they have or lack. What is no unit there is asked about, and never lost.
local function extent(grid, given)
   local main = given.name or given.code
   local skip = {[main.column] = true, [given.code and given.code.column or main.column] = true}
   local first, last = given.first, given.last
   local function is_name(i)
      local text = grid:cell(i, main.column)
      return type(text) == "string" and not text:find "^[%d.,%s%-()/]+$"
   end
   while first > 1 do
      local filled, figures, values = count(grid, first - 1, skip)
      if not (is_name(first - 1) and values > 0.5 * figures and figures >= 0.5 * filled) then break end
      first = first - 1
   end
   for i = last + 1, #grid.rows do
      local filled, figures = count(grid, i, skip)
      local named = grid:cell(i, main.column) == nil or is_name(i)
      named = named and not begins_note(grid:cell(i, main.column)) and not begins_note(grid:cell(i, 1))
      if named and figures > 0 and figures >= 0.5 * filled and filled >= 0.3 * (grid.width - 1) then last = i end
   end
   return first, last
end

--- Where a second table stands beside the first, with units of its own in each row: the place of its heading.
local function beside(grid, columns, main)
   local function heading(column) return (grid:text(math.max(column.first - 1, 1), column.column) or ""):lower() end
   for _, other in ipairs(columns) do
      if other ~= main and other.countries > 0 and heading(other) ~= "" and heading(other) == heading(main) then
         for i = main.first, main.last do
            if grid:text(i, other.column) ~= grid:text(i, main.column) then
               return grid:place(math.max(other.first - 1, 1), other.column)
            end
         end
      end
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
      if column.countries > 0 or columns[1].countries == 0 then
         if column.code then code = code or column else name = name or column end
      end
   end
   local main = name or code
   local second = beside(grid, columns, main)
   if second then
      collect:refuse(second, "a second table stands beside the first, with other units in its rows",
         "put the tables in files or sheets of their own")
      return
   end
   -- A code column that stands for fewer rows than the names (groups have none) is theirs all the same.
   local first, last = main.first, main.last
   if code and name then first, last = math.min(first, code.first), math.max(last, code.last) end
   local given = {name = name, code = code, first = first, last = last, rows = main.rows}
   given.first, given.last = extent(grid, given)
   layout.read(grid, collect, given)
end

return kind
