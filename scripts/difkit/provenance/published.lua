--- Reads back what was published: the tables, key figures, charts, notes and texts of a page that difkit wrote, the
--- sheets of a workbook, the rows of a CSV file. What counts is what people see.
---
--- A part is {id, kind, title, columns, rows} for a table, with each row {id, cells}, and each cell {shown, value}; a
--- figure is {id, kind, title, cell}; a chart, a note and a text are {id, kind, shown}.
local audited = require "difkit.provenance.audited"
local core = require "difkit.core"
local errors = require "difkit.error"
local proof = require "difkit.proof"
local read = require "difkit.format.read"

local published = {}

local entities = {amp = "&", lt = "<", gt = ">", quot = '"', ["#39"] = "'", nbsp = " "}

--- HTML as people see it.
local function plain(html)
   local text = html:gsub("<sup.-</sup>", ""):gsub("<br>", "\n"):gsub("<[^>]*>", "")
   return (text:gsub("&(#?%w+);", function(name)
      if entities[name] then return entities[name] end
      local code = math.tointeger(tonumber(name:match "^#(%d+)$"))
      return code and code <= 0x10FFFF and utf8.char(code) or nil
   end))
end

local function squeezed(text) return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")) end

local function html_table(id, html)
   local part = {id = id, kind = "table", columns = {}, rows = {}}
   local caption = html:match "<figcaption[^>]*>(.-)</figcaption>"
   part.title = caption and plain(caption) or nil
   for label in (html:match "<thead>(.-)</thead>" or ""):gmatch "<th[^>]*>(.-)</th>" do
      part.columns[#part.columns + 1] = plain(label)
   end
   for attributes, row_html in (html:match "<tbody>(.-)</tbody>" or ""):gmatch "<tr([^>]*)>(.-)</tr>" do
      local row = {cells = {}}
      local row_id = attributes:match 'data%-id="([^"]*)"'
      row.id = row_id and plain(row_id) or nil
      for about, content in row_html:gmatch "<td([^>]*)>(.-)</td>" do
         local value = about:match 'data%-v="([^"]*)"'
         row.cells[#row.cells + 1] = {shown = plain(content), value = value and plain(value)}
         if about:find "colspan" then row.empty = true end
      end
      if not row.empty then part.rows[#part.rows + 1] = row end
   end
   return part
end

--- The elements that parts of a page are.
local tags = {table = "figure", chart = "figure", figure = "div", note = "li"}

--- The parts of a page, in order.
local function of_html(html)
   local parts, texts = {}, 0
   local body = html:match "<body.->(.*)</body>" or html
   body = body:gsub("<script.-</script>", ""):gsub("<footer.-</footer>", "")
   local function text(piece)
      local shown = squeezed(plain(piece))
      if shown ~= "" then
         texts = texts + 1
         parts[#parts + 1] = {id = "text-" .. texts, kind = "text", shown = shown}
      end
   end
   local at = 1
   while true do
      local first, _, tag = body:find('<([%w]+)[^>]*id="%a+%-%d+"', at)
      -- What stands between two parts is text.
      local kind, number
      while first do
         kind, number = body:match('^<[%w]+[^>]*id="(%a+)%-(%d+)"', first)
         if tag == tags[kind] then break end
         first, _, tag = body:find('<([%w]+)[^>]*id="%a+%-%d+"', first + 1)
      end
      text(body:sub(at, (first or 0) - 1))
      if not first then return parts end
      local _, last = body:find("</" .. tag .. ">", first, true)
      local piece, id = body:sub(first, last or -1), kind .. "-" .. number
      if kind == "table" then
         parts[#parts + 1] = html_table(id, piece)
      elseif kind == "figure" then
         local dd = piece:match "<dd>(.-)</dd>" or ""
         parts[#parts + 1] = {id = id, kind = "figure", title = plain(piece:match "<dt>(.-)</dt>" or ""),
            cell = {shown = plain(dd)}}
      elseif kind == "chart" then
         local svg = piece:match "<svg.*</svg>" or piece
         parts[#parts + 1] = {id = id, kind = "chart", title = plain(svg:match "<title[^>]*>(.-)</title>" or ""),
            shown = svg}
      else
         parts[#parts + 1] = {id = id, kind = "note", shown = squeezed(plain(piece)),
            row_id = piece:match 'data%-id="([^"]*)"'}
      end
      at = (last or #body) + 1
   end
end

local function cell_of(value)
   if value == nil then return {shown = ""} end
   if type(value) == "number" then return {shown = core.number_text(value), value = core.number_text(value)} end
   return {shown = tostring(value)}
end

--- A table of difkit as the part that a file without layout shows of it.
function published.of_table(t, id)
   local part = {id = id, kind = "table", title = rawget(t, "title"), columns = {}, rows = {}}
   for j, name in ipairs(t.columns) do part.columns[j] = name end
   for i = 1, #t do
      local row_id = rawget(t[i], "id")
      local row = {id = type(row_id) == "string" and row_id or nil, cells = {}}
      for j, name in ipairs(t.columns) do row.cells[j] = cell_of(rawget(t[i], name)) end
      part.rows[i] = row
   end
   return part
end

--- Rows of a sheet, the first of which names the columns.
local function of_sheet(sheet)
   local part, last = {id = sheet.name, kind = "table", columns = {}, rows = {}}, 0
   for number in pairs(sheet.rows) do last = math.max(last, number) end
   for column, name in pairs(sheet.rows[1] or {}) do part.columns[column] = tostring(name) end
   local at
   for column, name in ipairs(part.columns) do
      if name == "id" then at = column end
   end
   for number = 2, last do
      local cells = sheet.rows[number] or {}
      local row = {cells = {}}
      for column = 1, #part.columns do row.cells[column] = cell_of(cells[column]) end
      row.id = at and row.cells[at].shown or nil
      part.rows[number - 1] = row
   end
   return part
end

--- The values of a sheet by row and column: numbers, texts and truth values.
local function cells_of(book, number)
   local rows = {}
   for row in book:rows(number) do
      local values = {}
      for j = 1, row.n do
         local kind, text = row.kinds:sub(j, j), row[j]
         if kind == "n" then values[j] = math.tointeger(tonumber(text)) or tonumber(text)
         elseif kind == "p" then values[j] = tonumber(("%.15g"):format(tonumber(text) / 100)) -- a share, shown so
         elseif kind == "b" then values[j] = text == "true"
         else values[j] = text end
      end
      rows[row.line] = values
   end
   return rows
end

local function of_workbook(path)
   local book <close>, message, code = read.open(path)
   if not book then return nil, message, code end
   if not book.sheets then return nil, path .. ": is not a workbook", "io" end
   local parts, record = {}, nil
   for number, sheet in ipairs(book.sheets) do
      if sheet.name == proof.sheet and sheet.hidden then
         local text = {}
         for i, row in ipairs(cells_of(book, number)) do text[i] = row[1] end
         record = proof.decode(table.concat(text))
      elseif sheet.name ~= "About" then
         parts[#parts + 1] = of_sheet({name = sheet.name, rows = cells_of(book, number)})
      end
   end
   return {path = path, kind = "workbook", parts = parts, record = record}
end

--- The JSON of an audit.
local function of_json(path, text)
   local value = require("difkit.format.json").decode(text)
   if type(value) ~= "table" or type(value.schema) ~= "string" or not value.schema:find "^difkit%-audit%-"
      or type(value.sections) ~= "table" then
      return nil, path .. ": of JSON files only those of an audit can be followed back", "usage"
   end
   local record = type(value.proof) == "table" and proof.decode(require("difkit.format.json").encode(value.proof))
   return {path = path, kind = "audit", parts = audited.parts(value, published.of_table), record = record or nil,
      text = text}
end

--- Reads a file: {path, kind, parts, record, text}; record is its proof, where it has one.
function published.read(path)
   local ending = (path:match "%.(%w+)$" or ""):lower()
   if ending == "xlsx" then return of_workbook(path) end
   local text, message, code = core.read_file(path)
   if not text then return nil, message, code end
   if ending == "html" or ending == "htm" then
      return {path = path, kind = "page", parts = of_html(text), record = proof.of_html(text), text = text}
   end
   if ending == "csv" or ending == "tsv" then
      local options = {separator = ending == "tsv" and "\t" or ","}
      local t, problem, kind = require("difkit.table").parse_csv(text, options)
      if not t then return nil, path .. ": " .. problem, kind end
      return {path = path, kind = "table", parts = {published.of_table(t, "table-1")}, text = text}
   end
   if ending == "json" then return of_json(path, text) end
   return nil, path .. ": only .html, .xlsx, .csv and .tsv, and the .json of an audit, can be followed back", "usage"
end

--- The parts that a page just written again would have: from its text, or from the tables that it was made of.
function published.again(file, page)
   if file.kind == "page" then return of_html(page.text) end
   if file.kind == "audit" then
      return audited.parts(require("difkit.format.json").decode(page.text), published.of_table)
   end
   local parts = {}
   for i, t in ipairs(page.tables or {}) do
      parts[i] = published.of_table(t, file.parts[i] and file.parts[i].id or "table-" .. i)
   end
   return parts
end

--- "C7" -> column 3, row 7
local function spreadsheet_place(text)
   local letters, digits = text:match "^(%a%a?%a?)(%d+)$"
   if not letters then return nil end
   local column = 0
   for letter in letters:upper():gmatch "." do column = column * 26 + letter:byte() - 64 end
   return column, math.tointeger(tonumber(digits))
end

--- What a row of a page goes by: its id, else what its first cell shows, else its number (a row may have no cells).
function published.row_name(row, i) return row.id or row.cells[1] and row.cells[1].shown or tostring(i) end

local function row_named(part, name)
   for i, row in ipairs(part.rows) do
      if row.id == name then return i end
   end
   for i, row in ipairs(part.rows) do
      if row.cells[1] and row.cells[1].shown == name then return i end
   end
   local number = math.tointeger(tonumber(name))
   if number and part.rows[number] then return number end
   local names = {}
   for i, row in ipairs(part.rows) do names[i] = published.row_name(row, i) end
   return nil, ("%s has no row \"%s\""):format(part.id, name), errors.hint(name, names)
end

local function column_named(part, name)
   for j, label in ipairs(part.columns) do
      if label == name then return j end
   end
   local number = math.tointeger(tonumber(name))
   if number and part.columns[number] then return number end
   return nil, ("%s has no column \"%s\""):format(part.id, name), errors.hint(name, part.columns)
end

--- What a word such as "table-2/BSBR/overdue", "Scores!C7", "B3" or "figure-4" means in the parts of a file:
--- {part, number, row, column, cell}; or nil, what is wrong, and a hint. `number` counts the parts of that kind.
function published.find(parts, word)
   word = audited.place(parts, (word:gsub("^#", "")))
   local by_id, ids, tables, counted = {}, {}, {}, {}
   for _, part in ipairs(parts) do
      counted[part.kind] = (counted[part.kind] or 0) + 1
      by_id[part.id] = {part = part, number = counted[part.kind]}
      if part.kind ~= "text" then ids[#ids + 1] = part.id end
      if part.kind == "table" then tables[#tables + 1] = part.id end
   end
   local name, rest = word:match "^(.-)!(.+)$"
   if not name then name, rest = word:match "^([^/]+)/(.+)$" end
   if not by_id[name or word] and #tables == 1 and (not name or not by_id[name]) then
      local column, row = spreadsheet_place(word)
      if column or name then name, rest = tables[1], column and row and word or word end
   end
   local found = by_id[name or word]
   if not found then return nil, ('there is no part "%s"'):format(name or word), errors.hint(name or word, ids) end
   if not rest then
      found.cell = found.part.cell
      return found
   end
   local part = found.part
   if part.kind ~= "table" then return nil, part.id .. " is no table: it has no rows" end
   local column, row = spreadsheet_place(rest)
   local message, hint
   if column and not rest:find("/", 1, true) then
      row = row - 1 -- the first row of a sheet names the columns
      if row == 0 or not part.rows[row] or not part.columns[column] then
         return nil, ("%s has no cell %s"):format(part.id, rest),
            ("it has %d columns, and rows 2 to %d"):format(#part.columns, #part.rows + 1)
      end
   else
      local row_name, column_name = rest:match "^(.*)/([^/]+)$"
      row, message, hint = row_named(part, row_name or rest)
      if not row then return nil, message, hint end
      if column_name then
         column, message, hint = column_named(part, column_name)
         if not column then return nil, message, hint end
      end
   end
   found.row, found.column = row, column
   found.cell = column and part.rows[row].cells[column] or nil
   return found
end

return published
