--- Workbooks as grids: XLSX (and XLSM, whose macros are never looked at) and ODS. Dates come as dates, by the number
--- format of
--- their cells and the system of the workbook; percentages as the number that a reader sees; errors as their words;
--- a formula
--- without a value as one that has to be calculated first.
local core = require "difkit.core"
local Grid = require "difkit.import.grid"

local workbook = {}

--- The children of an element that have a name.
local function children(element, name)
   local i = 0
   return function()
      while element do
         i = i + 1
         local child = element[i]
         if child == nil then return nil end
         if type(child) == "table" and (not name or child[0] == name) then return child end
      end
   end
end

local function child(element, name) return children(element, name)() end
workbook.children, workbook.child = children, child

--- The texts within an element, one after another; those of `without` left out.
local function text_of(element, without)
   local parts = {}
   local function visit(node)
      for i = 1, #node do
         local item = node[i]
         if type(item) == "string" then parts[#parts + 1] = item elseif item[0] ~= without then visit(item) end
      end
   end
   if element then visit(element) end
   return table.concat(parts)
end
workbook.text_of = text_of

local function unescape(text)
   return (text:gsub("_x(%x%x%x%x)_", function(code) return utf8.char(tonumber(code, 16)) end))
end

--- The texts of <t> within a shared or inline string: its runs, without the phonetic ones.
local function rich_text(element)
   local parts = {}
   for part in children(element) do
      if part[0] == "t" then
         parts[#parts + 1] = text_of(part)
      elseif part[0] == "r" then
         for run in children(part, "t") do parts[#parts + 1] = text_of(run) end
      end
   end
   return unescape(table.concat(parts))
end

--- What a number format makes of a number: "date", "month", "year", "percent" or nil.
local function format_kind(id, code)
   if id == 9 or id == 10 then return "percent" end
   if id >= 14 and id <= 22 then return id == 17 and "month" or "date" end
   if id >= 45 and id <= 47 then return "time" end
   if not code then return nil end
   code = code:gsub('"[^"]*"', ""):gsub("\\.", ""):gsub("%[[^%]]*%]", ""):lower()
   if code:find "%%" then return "percent" end
   local year, day, month = code:find "y", code:find "d", code:find "m"
   if year and day then return "date" end
   if year and month then return "month" end
   if year then return "year" end
   if code:find "h" or code:find "s" and code:find "m" then return "time" end
end

local function styles_of(tree)
   local codes, kinds = {}, {}
   local formats = tree and child(tree, "numFmts")
   for format in children(formats, "numFmt") do
      codes[tonumber(format.attributes.numFmtId)] = format.attributes.formatCode
   end
   local n = 0
   for style in children(tree and child(tree, "cellXfs"), "xf") do
      local id = tonumber(style.attributes.numFmtId or "0")
      kinds[n] = format_kind(id, codes[id])
      n = n + 1
   end
   return kinds
end

--- A serial number as a date; the year 1900 has a 29 February in the one system that does not exist.
local function date_of(serial, kind, is_1904)
   local days = math.floor(serial)
   if is_1904 then
      days = days + 1462
   elseif days < 61 then
      days = days + 1
   end
   if days < 1 or days > 2958465 then return nil end
   local seconds = (days - 25569) * 86400
   return os.date(kind == "year" and "!%Y" or kind == "month" and "!%Y-%m" or "!%Y-%m-%d", seconds)
end

--- A fraction as the percentage that a reader sees, without what multiplying adds to its digits.
local function percent_of(text)
   local value = tonumber(text .. (text:find "[eE]" and "" or "e2")) or tonumber(text) * 100
   return value == math.floor(value) and math.tointeger(value) or value
end

local function column_of(reference)
   local column = 0
   for letter in reference:match "^%a+":gmatch "." do column = column * 26 + letter:upper():byte() - 64 end
   return column
end

--- The value of a cell; what it is of otherwise stands in `book`.
local function cell_value(cell, book)
   local kind, value = cell.attributes.t or "n", child(cell, "v")
   if kind == "s" then return book.shared[tonumber(text_of(value))] end
   if kind == "inlineStr" then
      local inline = child(cell, "is")
      return inline and rich_text(inline)
   end
   if not value then return child(cell, "f") and {formula = true} or nil end
   local text = text_of(value)
   if kind == "str" then return unescape(text) end
   if kind == "e" then return text end
   if kind == "b" then return text == "1" and "TRUE" or "FALSE" end
   if kind == "d" then return text:match "^%d%d%d%d%-%d%d%-%d%d" or text end
   local format = book.styles[tonumber(cell.attributes.s or "0")]
   if format == "percent" then return percent_of(text) end
   local number = tonumber(text)
   if format and format ~= "time" and number then return date_of(number, format, book.is_1904) or number end
   if number and number == math.floor(number) and math.abs(number) < 2 ^ 53 then number = math.tointeger(number) end
   return number
end

--- Cells of a row that are merged with one to their left: column -> the first column.
local function merge(rows, tree)
   for range in children(child(tree, "mergeCells"), "mergeCell") do
      local first, top, last, bottom = (range.attributes.ref or ""):match "^(%a+)(%d+):(%a+)(%d+)$"
      local from, to = first and column_of(first), last and column_of(last)
      for r = tonumber(top or 1), math.min(tonumber(bottom or 0), #rows) do
         local row = rows[r]
         row.merged = row.merged or {}
         for j = from, math.min(to, from + 1000) do row.merged[j] = from end
         if r > tonumber(top) then row.below = row.below or {} end
         for j = from, r > tonumber(top) and math.min(to, from + 1000) or 0 do row.below[j] = true end
      end
   end
end

local function fill(rows, count)
   for number = 1, count do
      local row = rows[number] or {n = 0}
      row.number = number
      for j = 1, row.n do if row[j] == nil then row[j] = "" end end
      rows[number] = row
   end
end

local ROWS_MOST, COLUMNS_MOST = 1048576, 16384

--- The rows of a sheet of XLSX, or nil and a message.
local function sheet_rows(tree, book)
   local rows, number, formulas = {}, 0, 0
   for row in children(child(tree, "sheetData"), "row") do
      number = tonumber(row.attributes.r or number + 1)
      if number < 1 or number > ROWS_MOST then return nil, "a row beyond the last that a sheet has" end
      local cells, column = {n = 0}, 0
      for cell in children(row, "c") do
         column = cell.attributes.r and column_of(cell.attributes.r) or column + 1
         if column > COLUMNS_MOST then return nil, "a column beyond the last that a sheet has" end
         local value = cell_value(cell, book)
         if type(value) == "table" then formulas = formulas + 1 end
         cells[column] = value
         if value ~= nil then cells.n = math.max(cells.n, column) end
      end
      rows[number] = cells
   end
   fill(rows, number)
   merge(rows, tree)
   return rows, formulas
end

--- A path of a relation, from the folder of the part that it belongs to.
local function resolve(folder, target)
   if target:sub(1, 1) == "/" then return target:sub(2) end
   return folder .. target
end

--- A reader of the parts of an archive as trees.
local function parts_of(entries)
   local by_name = {}
   for _, entry in ipairs(entries) do by_name[entry.name] = entry.text end
   return function(name)
      local text = by_name[name]
      if not text then return nil, "it has no " .. name end
      local tree, message = core.parse_xml(text)
      if not tree then return nil, ("%s: %s"):format(name, message) end
      return tree
   end, by_name
end

local function xlsx(name, entries)
   local part, texts = parts_of(entries)
   local tree, message = part "xl/workbook.xml"
   if not tree then return nil, message end
   local relations
   relations, message = part "xl/_rels/workbook.xml.rels"
   if not relations then return nil, message end
   local targets, book = {}, {shared = {}}
   for relation in children(relations, "Relationship") do
      targets[relation.attributes.Id] = resolve("xl/", relation.attributes.Target or "")
   end
   local strings
   if texts["xl/sharedStrings.xml"] then
      strings, message = part "xl/sharedStrings.xml"
      if not strings then return nil, message end
   end
   local n = 0
   for item in children(strings, "si") do
      book.shared[n] = rich_text(item)
      n = n + 1
   end
   book.styles = styles_of(texts["xl/styles.xml"] and part "xl/styles.xml" or nil)
   local properties = child(tree, "workbookPr")
   local system = properties and properties.attributes.date1904
   book.is_1904 = system == "1" or system == "true"
   local grids, hidden = {}, {}
   for sheet in children(child(tree, "sheets"), "sheet") do
      local title = sheet.attributes.name
      if sheet.attributes.state and sheet.attributes.state ~= "visible" then
         hidden[#hidden + 1] = title
      else
         local sheet_tree
         sheet_tree, message = part(targets[sheet.attributes.id] or "")
         if not sheet_tree then return nil, message end
         local rows
         rows, message = sheet_rows(sheet_tree, book)
         if not rows then return nil, title .. ": " .. message end
         if #rows > 0 then grids[#grids + 1] = Grid.new(name, rows, title) end
      end
   end
   return grids, hidden
end

--- The text of a cell of ODS: its paragraphs, spaces and line breaks; annotations left out.
local function ods_text(cell)
   local paragraphs = {}
   local function visit(node, parts)
      for i = 1, #node do
         local item = node[i]
         if type(item) == "string" then
            parts[#parts + 1] = item
         elseif item[0] == "s" then
            parts[#parts + 1] = (" "):rep(math.min(tonumber(item.attributes.c or "1") or 1, 1000))
         elseif item[0] == "tab" or item[0] == "line-break" then
            parts[#parts + 1] = item[0] == "tab" and "\t" or "\n"
         elseif item[0] ~= "annotation" then
            visit(item, parts)
         end
      end
   end
   for paragraph in children(cell, "p") do
      local parts = {}
      visit(paragraph, parts)
      paragraphs[#paragraphs + 1] = table.concat(parts)
   end
   return table.concat(paragraphs, "\n")
end

local function ods_value(cell)
   local attributes = cell.attributes
   local kind = attributes["value-type"]
   if kind == "float" or kind == "currency" then
      local number = tonumber(attributes.value)
      return number and number == math.floor(number) and math.tointeger(number) or number
   end
   if kind == "percentage" then return percent_of(attributes.value) end
   if kind == "date" then return attributes["date-value"]:sub(1, 10) end
   if kind == "boolean" then return attributes["boolean-value"]:upper() end
   local text = ods_text(cell)
   return text ~= "" and text or nil
end

--- The rows of a table of ODS; repeated ones are kept only while they hold something.
local function ods_rows(tree)
   local rows, number = {}, 0
   local function visit(element)
      for row in children(element) do
         if row[0] == "table-row" then
            local cells, column = {n = 0}, 0
            for cell in children(row) do
               if cell[0] == "table-cell" or cell[0] == "covered-table-cell" then
                  local times = tonumber(cell.attributes["number-columns-repeated"] or "1") or 1
                  local value = ods_value(cell)
                  for k = 1, value ~= nil and math.min(times, COLUMNS_MOST) or 0 do
                     cells[column + k] = value
                     cells.n = column + k
                  end
                  column = column + times
               end
            end
            local times = tonumber(row.attributes["number-rows-repeated"] or "1") or 1
            for k = 1, cells.n > 0 and math.min(times, ROWS_MOST) or 0 do
               local copy = {}
               for key, value in pairs(cells) do copy[key] = value end
               rows[number + k] = copy
            end
            number = number + times
         elseif row[0] == "table-header-rows" or row[0] == "table-row-group" or row[0] == "table-rows" then
            visit(row)
         end
      end
   end
   visit(tree)
   local last = 0
   for index in pairs(rows) do last = math.max(last, index) end
   fill(rows, last)
   return rows
end

local function ods(name, entries)
   local part = parts_of(entries)
   local tree, message = part "content.xml"
   if not tree then return nil, message end
   local off = {}
   for style in children(child(tree, "automatic-styles"), "style") do
      local properties = child(style, "table-properties")
      if properties and properties.attributes.display == "false" then off[style.attributes.name] = true end
   end
   local grids, hidden = {}, {}
   for sheet in children(child(child(tree, "body") or {}, "spreadsheet"), "table") do
      local title = sheet.attributes.name
      if sheet.attributes.display == "false" or off[sheet.attributes["style-name"]] then
         hidden[#hidden + 1] = title
      else
         local rows = ods_rows(sheet)
         if #rows > 0 then grids[#grids + 1] = Grid.new(name, rows, title) end
      end
   end
   return grids, hidden
end

---The sheets of a workbook that are shown, as grids, and the names of those that are hidden; or nil and a message.
---@param name string
---@param entries {name: string, text: string}[]
---@return table|nil grids
---@return any hidden or a message
function workbook.read(name, entries)
   for _, entry in ipairs(entries) do
      if entry.name == "xl/workbook.xml" then return xlsx(name, entries) end
      if entry.name == "content.xml" then return ods(name, entries) end
   end
   return nil, "it is no workbook that is known"
end

return workbook
