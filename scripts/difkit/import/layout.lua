--- The layout of a plain table, once its units are found: heading rows, periods, values, flags, notes, dimensions.
local beside = require "difkit.import.beside"
local numbers = require "difkit.format.numbers"
local periods = require "difkit.format.periods"
local streams = require "difkit.import.stream"

local layout = {}

--- Words of headings, in the languages of the offices that write them; lower case.
local headings = {
   period = "year period time date annee année ano año jahr tahun taun période periode quarter month time_period "
      .. "year/quarter reference_period năm ปี ປີ ឆ្នាំ",
   value = "value valeur valor wert nilai obs_value amount figure",
   flag = "flag flags status obs_status note_flag",
   note = "note notes value_footnotes footnotes remark remarks comment comments footnote remarque remarques "
      .. "observation observations "
      .. "catatan bemerkung",
   indicator = "indicator indicateur indicador indikator series variable measure_name item",
   measure = "unit measure units unité unidad einheit satuan unit_of_measure",
   ignored = "region income_group incomegroup continent subregion rank no no. nr # id",
}
local role_of = {}
for role, list in pairs(headings) do
   for word in list:gmatch "%S+" do role_of[word] = role end
end

--- Headings of columns that are dimensions even where all rows say the same.
local dimension_words = {}
for word in ([[sex gender age age_group agegroup location residence area_type urban_rural urbanisation urbanization
   education education_level level sector activity industry occupation product commodity partner category type class
   subject breakdown disaggregation group population_group frequency freq adjustment currency price sexe âge geschlecht
   jenis_kelamin umur status_in_employment quantile quintile disability]]):gmatch "%S+" do
   dimension_words[word] = true
end

--- The heading of a column that holds a year: "Internet 2020 (%)" is Internet, 2020.
local function title_and_year(text)
   local before, year, after = text:match "^(.-)%f[%d](%d%d%d%d)%f[%D](.*)$"
   if not before or tonumber(year) < 1800 or tonumber(year) > 2200 then return nil end
   local title = before:gsub("[%s,:_%-(]+$", "")
   if title == "" then return nil end
   if not after:find "^%s*%)?%s*$" and not after:find "^%s*%(.-%)%s*$" then return nil end
   return title, year, after:match "%((.-)%)"
end

--- A heading that says of which year a column is the value, the flag or the note: "2019_value", "2019 value", "flag
--- 2019".
local function year_and_role(text)
   local year, word = text:match "^(%d%d%d%d)[_%s]+(%a+)$"
   if not year then word, year = text:match "^(%a+)[_%s]+(%d%d%d%d)$" end
   word = word and word:lower()
   local role = word == "source" and "source" or word and role_of[word]
   if role == "value" or role == "flag" or role == "note" or role == "source" then return year, role end
end

--- The row of headings above the units, and the row above it where that holds headings, too.
local function heading_rows(grid, first, from)
   local heading = first - 1
   local function is_tags(i) -- of HXL: "#country+name"
      for j = 1, grid.rows[i].n do
         local text = grid:cell(i, j)
         if text ~= nil and not (type(text) == "string" and text:find "^#%l") then return false end
      end
      return true
   end
   while heading > 0 and (grid:is_empty(heading) or is_tags(heading)) do heading = heading - 1 end
   local above = heading - 1
   if heading == 0 then return nil end
   -- An empty row may part two rows of headings, and not a title from them.
   if above > 1 and grid:is_empty(above) and grid:filled(above - 1) > 1 then above = above - 1 end
   if above < 1 or grid:is_empty(above) then return heading end
   for j = from + 1, grid.rows[above].n do
      if grid:cell(above, j) ~= nil then return heading, above end
   end
   return heading
end

--- What stands above a column in the upper heading row, filled from the left.
local function filled_from_left(grid, above, j, from)
   if not above then return nil end
   local merged = grid.rows[above].merged
   if merged and merged[j] then return grid:text(above, merged[j]) end
   for k = j, from + 1, -1 do
      local text = grid:text(above, k)
      if text then
         if merged and k ~= j then return nil end
         return text
      end
   end
end

--- Rows from `first` to `last`, at most some thousands of them, spread over all.
local function some_rows(first, last)
   local step = math.max(1, (last - first) // 4000)
   local i = first - step
   return function()
      i = i + step
      if i <= last then return i end
   end
end

--- Whether a column holds periods: its heading says so, or nearly all its cells do.
local function holds_periods(grid, j, first, last)
   local all, good = 0, 0
   for i in some_rows(first, last) do
      local cell = grid:cell(i, j)
      if cell ~= nil then
         all = all + 1
         local text = type(cell) == "number" and ("%.15g"):format(cell) or cell
         local period, doubtful = periods.read(text)
         if doubtful or period and (not tonumber(text) or tonumber(text) >= 1800 and tonumber(text) <= 2200) then
            good = good + 1
         end
      end
   end
   return all > 0 and good >= 0.8 * all
end

local function holds_numbers(grid, j, first, last)
   local all, good = 0, 0
   for i in some_rows(first, last) do
      local cell = grid:cell(i, j)
      if cell ~= nil then
         all = all + 1
         local read, message = numbers.read(cell, nil)
         if read or message and (message:find "^may be" or message:find "^does not fit") then good = good + 1 end
      end
   end
   return all > 0 and good >= 0.6 * all
end

--- The columns of the table: each with its heading, role, and, across, its period.
local function columns_of(grid, given, heading, above)
   local from = math.max(given.name and given.name.column or 0, given.code and given.code.column or 0)
   local first_unit = math.min(given.name and given.name.column or 1e9, given.code and given.code.column or 1e9)
   local list = {}
   for j = 1, grid.width do
      local is_unit = given.name and j == given.name.column or given.code and j == given.code.column
      local text = grid:cell(heading, j)
      local column = {column = j, heading = type(text) == "number" and ("%.15g"):format(text) or text}
      local upper = filled_from_left(grid, above, j, math.min(from, first_unit))
      if is_unit then
         column.role = "unit"
      elseif column.heading or upper then
         local lower = column.heading or upper
         local period, doubtful, _, flag = periods.read(lower)
         local title, year, measure = title_and_year(lower)
         local part_year, part = year_and_role(lower)
         if part == "value" then
            column.role, column.period, column.title = "across", {period = part_year}, upper
         elseif part then
            column.role, column.title, column.upper_period = part, lower, {period = part_year}
         elseif period then
            column.role, column.period, column.title = "across", {period = period, flag = flag}, upper
         elseif doubtful then
            column.role, column.doubtful = "across", doubtful
         elseif title then
            column.role, column.period, column.title, column.measure = "across", {period = year}, title, measure
         else
            local up = upper and periods.read(upper)
            column.role = role_of[(lower:lower():gsub("%s+", "_"))]
            column.generic = column.role == "value"
            if up and column.heading then
               column.upper_period = {period = up}
            else
               column.upper = column.heading and upper or nil
            end
            column.title = column.heading or upper
         end
      end
      list[#list + 1] = column
   end
   return list
end

--- Rows of notes below the table, as footnotes.
local function footnotes(grid, last, collect)
   collect.footnotes = {}
   for i = last + 1, #grid.rows do
      for j = 1, grid.rows[i].n do
         local text = grid:cell(i, j)
         if type(text) == "string" then
            for note in (text .. "   "):gmatch "(.-)%s%s%s+" do
               if note ~= "" then collect.footnotes[#collect.footnotes + 1] = note end
            end
            local source = text:match "^Source%s*:%s*(.+)$"
            if source then collect.source.title = collect.source.title or source end
            break
         end
      end
   end
end

--- The mark of a footnote behind a name: "Lao PDR 1/".
local function mark_behind(name)
   local mark = name:match "%s(%d%d?/)$" or name:match "%s(%l/)$" or name:match "(%*+)$" or name:match "%s?%((%d%d?)%)$"
      or name:match "%s(%d%d?%))$"
   return mark
end

--- The note of a row: its footnote and its remarks.
local function row_note(grid, r, context, name)
   local mark = name and context.marks[name]
   if mark == nil and name then
      mark = mark_behind(name) or false
      context.marks[name] = mark
   end
   context.marked = mark
   if not mark and #context.notes == 0 then return "" end
   local parts = {}
   for _, column in ipairs(context.notes) do parts[#parts + 1] = grid:text(r, column.column) end
   if mark then parts[#parts + 1] = (context.collect:footnote(mark)) end
   return context.collect.join(table.unpack(parts, 1, #parts))
end

local function role(columns, wanted)
   for _, column in ipairs(columns) do
      if column.role == wanted then return column end
   end
end

--- Whether a column says the same in all rows of each unit, as its code or region does: it tells no observations apart.
local function follows_unit(grid, j, given)
   local said, column = {}, (given.name or given.code).column
   if grid.kept then return grid.kept:follows(given.first, given.last, column, j) end
   for i = given.first, given.last do
      local unit, cell = grid:text(i, column), grid:cell(i, j)
      if unit and cell ~= nil then
         if said[unit] ~= nil and said[unit] ~= cell then return false end
         said[unit] = cell
      end
   end
   return true
end

--- Gives each column that has none its role, by its cells.
local function assign(grid, columns, given, heading, collect)
   local across = false
   for _, column in ipairs(columns) do across = across or column.role == "across" or column.upper_period ~= nil end
   for _, column in ipairs(columns) do
      local j = column.column
      if across then
         if column.role == "period" or column.role == "value" then column.role = nil end
      elseif not column.role and column.title and holds_periods(grid, j, given.first, given.last)
         and not role(columns, "period") then
         column.role = "period"
      end
   end
   for _, column in ipairs(columns) do
      local j = column.column
      if not column.role and column.title then
         if holds_numbers(grid, j, given.first, given.last) then
            column.role = "values"
         elseif not grid:is_empty(heading) and column.title ~= "" then
            column.role = "dimension"
         end
      end
   end
   for _, column in ipairs(columns) do
      if column.role == "dimension" then
         local looked, filled, truth = 0, 0, true
         for i in some_rows(given.first, given.last) do
            local cell = grid:cell(i, column.column)
            looked = looked + 1
            if cell ~= nil then filled = filled + 1 end
            truth = truth and (cell == nil or cell == "TRUE" or cell == "FALSE")
         end
         -- What is empty in some rows, or says yes and no, or follows its unit, tells no observations apart.
         local known = dimension_words[(column.title:lower():gsub("%s+", "_"))]
         if truth or filled < 0.9 * math.min(looked, given.rows) or not known
            and follows_unit(grid, column.column, given) then
            column.role = nil
            if filled > 0 then collect:warn(('the column "%s" was left out'):format(column.title)) end
         end
      end
   end
   return across
end

--- The indicator of a value: of the row, of the column, or of the file, and its dimensions.
local function indicator_of(grid, r, column, context, collect)
   local named = context.named
   local base = named and grid:text(r, named.column) or column.title
   if not named and (not base or column.generic) then base = collect.options.indicator or collect.indicator_name end
   if #context.dimensions == 0 then return base end
   local parts = {base}
   for _, dimension in ipairs(context.dimensions) do
      local value = grid:text(r, dimension.column)
      if value then parts[#parts + 1] = dimension.title .. "=" .. value end
   end
   return table.concat(parts, ";")
end

--- One cell as an observation. A stream learns what the cells of the row mean where nothing else is to be said of them.
local function observe(grid, r, column, context)
   local collect, flag = context.collect, column.flagged
   local period = column.period or column.upper_period
   if not period then
      local cell = grid:cell(r, context.period.column)
      if cell == nil then
         if grid:cell(r, column.column) ~= nil then
            collect:wrong(grid:place(r, context.period.column), "a value without a period")
         end
         return
      end
      period = type(cell) == "number" and ("%.15g"):format(cell) or cell
   end
   local letters = flag and grid:text(r, flag.column) or ""
   local code, note = letters, column.noted and collect.join(context.note, grid:text(r, column.noted.column))
      or context.note
   if letters ~= "" then
      local words = require "difkit.format.flags"
      code = words.word(letters) or words.sdmx(letters)
      if code == "" then note = collect.join(note, letters) end
   end
   local measure = context.measure
   local indicator = indicator_of(grid, r, column, context, collect)
   collect:indicator(indicator, nil, measure and grid:text(r, measure.column) or column.measure)
   local value = grid:cell(r, column.column)
   if grid.sheet and type(value) == "string" and tonumber(value) then note = collect.join(note,
      "number stored as text") end
   local read, said = collect:observe{
      unit = context.unit, indicator = indicator, period = period, value = value, flag = code, note = note,
      decimal = context.decimal, missing = collect.options.missing, place = grid:place(r, column.column),
   }
   local stream = context.stream
   if not stream or context.marked or note ~= context.note or not read then return end
   stream:learn(r, "unit", context.unit)
   stream:learn(r, "series", collect:named(indicator), column.number)
   if not column.period and not column.upper_period then stream:learn(r, "when", read) end
   if letters ~= "" then stream:learn(r, "flag", said, column.number) end
end

--- A row without a unit: of a cell that is merged downwards it has that of the row above; figures without a unit are
--- refused. Gives the name and the code of the row above.
local function row_above(grid, r, given, context)
   local column = (given.name or given.code).column
   local below = grid.rows[r].below
   if below and below[column] then return context.name, context.code end
   for _, one in ipairs(context.values) do
      local cell = grid:cell(r, one.column)
      if cell ~= nil and (type(cell) == "number" or numbers.read(cell, context.decimal)) then
         context.collect:refuse(grid:place(r, one.column), "a value in a row without a unit",
            "repeat the name of the unit in each of its rows, or take the row out")
         return nil
      end
   end
end

--- One row of the table.
local function read_row(grid, r, collect, given, context)
   local name = given.name and grid:text(r, given.name.column)
   local code = given.code and grid:text(r, given.code.column)
   if code and given.code.small then code = code:upper() end
   if code and given.code.system == "m49" then code = code:match "%d+" or code end
   if not name and not code then
      name, code = row_above(grid, r, given, context)
   else
      context.name, context.code = name, code
   end
   local unit
   if name or code then
      local key = code and name and code .. "\0" .. name or code or name
      unit = context.units[key]
      if not unit then
         unit = collect:unit({code = code, name = name, system = given.code and given.code.system or "any"},
            grid:place(r))
         context.units[key] = unit
      end
   end
   if not unit then return end
   context.unit, context.note = unit, row_note(grid, r, context, name)
   for _, column in ipairs(context.values) do observe(grid, r, column, context) end
end

--- The rows of the table, one after another; a stream takes all but those with something new.
local function read_rows(grid, collect, given, context)
   context.stream = streams.plain(grid, context, given)
   streams.rows(context.stream, given.first, given.last, collect, function(r)
      read_row(grid, r, collect, given, context)
   end)
end

--- The title of the table: the only cell of a row above the headings.
local function title_of(grid, before)
   for i = 1, before do
      if grid:filled(i) == 1 then
         for j = 1, grid.rows[i].n do
            local cell = grid:cell(i, j)
            if type(cell) == "string" then return cell end
         end
      end
   end
end

--- What the rows are read by: the columns by what they are for.
local function context_of(columns, collect)
   local context = {
      collect = collect, columns = columns, period = role(columns, "period"), measure = role(columns, "measure"),
      named = role(columns, "indicator"), dimensions = {}, values = {}, wanted = {}, units = {}, marks = {},
   }
   context.notes = beside.all(columns, "note")
   for _, column in ipairs(columns) do
      if column.role == "dimension" then table.insert(context.dimensions, column) end
      if beside.holds_values(column) then
         local flag, own = beside.of(columns, column, "flag")
         column.flagged = flag or not own and beside.all(columns, "flag")[1] or nil
         column.noted = beside.of(columns, column, "note")
         context.noted = context.noted or column.noted ~= nil
         table.insert(context.values, column)
         context.wanted[column.column] = true
      end
   end
   return context
end

--- Beside periods across, numbers without a period are left out.
local function leave_out(columns, collect)
   for _, column in ipairs(columns) do
      if (column.role == "values" or column.role == "value") and not column.upper_period then
         column.role = nil
         collect:skip(('column "%s"'):format(column.title), "numbers without a period")
      end
   end
end

--- Whether there is a period for every value; the one that was said stands for all where there is none.
local function has_periods(context, across, place)
   local collect = context.collect
   if across or context.period then return true end
   if not collect.options.period then
      collect:refuse(place, "no column of periods and no period in the headings",
         "say --period 2023, or add a column \"year\"")
      return false
   end
   for _, column in ipairs(context.columns) do column.period = {period = collect.options.period} end
   return true
end

--- `given`: the columns of names and codes, the first and the last row of units.
function layout.read(grid, collect, given)
   local from = math.min(given.name and given.name.column or 1e9, given.code and given.code.column or 1e9)
   local heading, above = heading_rows(grid, given.first, from)
   if not heading then
      collect:refuse(grid:place(1), "the table has no heading above its first unit", "add a row that names the columns")
      return
   end
   collect.indicator_name = title_of(grid, (above or heading) - 1) or collect.indicator_name
   local columns = columns_of(grid, given, heading, above)
   local across = assign(grid, columns, given, heading, collect)
   if not grid.transposed then grid:check_widths(heading, given.first, given.last, collect) end
   for _, column in ipairs(columns) do
      if column.doubtful then collect:refuse(grid:place(heading, column.column), column.doubtful) end
   end
   footnotes(grid, given.last, collect)
   if across then leave_out(columns, collect) end
   local context = context_of(columns, collect)
   if not has_periods(context, across, grid:place(heading)) then return end
   if not next(context.wanted) then
      collect:refuse(grid:place(heading), "no column of values was found", "have a column of numbers beside the units")
      return
   end
   local doubtful
   context.decimal, doubtful = collect:decimal(grid, given.first, given.last, 1, context.wanted)
   if doubtful and not context.decimal then
      collect:refuse(grid:place(heading), ('"%s" may be %s or %s: nothing in the table says which'):format(doubtful,
         (doubtful:gsub("[.,]", "")), (doubtful:gsub(",", "."))), 'say --decimal "." or --decimal ","')
      return
   end
   read_rows(grid, collect, given, context)
end

return layout
