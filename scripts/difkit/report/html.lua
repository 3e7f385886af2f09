--- Blocks of a report as HTML.
local asset = require "difkit.report.asset"
local columns = require "difkit.report.columns"
local core = require "difkit.core"
local errors = require "difkit.error"
local markdown = require "difkit.report.markdown"
local numbers = require "difkit.number"
local page = require "difkit.report.page"
local paper = require "difkit.report.paper"
local proof = require "difkit.proof"
local words = require "difkit.chart.text"

local html = {}

local escape = page.escape

--- Footnote marks in HTML: "[^1]" becomes a link to the note.
local function marks(source, notes)
   if not source:find("[^", 1, true) then return source end
   return (source:gsub("%[%^(%d+)%]", function(number)
      local note = notes[tonumber(number)]
      if not note then return nil end
      note.used = (note.used or 0) + 1
      local id = note.used == 1 and ("mark-%s"):format(number) or ("mark-%s-%d"):format(number, note.used)
      return ('<sup id="%s"><a href="#note-%s">%s</a></sup>'):format(id, number, number)
   end))
end

local unbroken = ("%S"):rep(40) -- a word of so many bytes would be wider than a phone

--- How a table goes on paper: one that is too wide goes on paper that lies, in small print where it has to.
local function on_paper(t, list, sheet)
   local width, height = paper.size(sheet or "A4")
   local margins, text, padding = 2 * 16 / 25.4 * 72, 9.2, 14.5
   if #columns.parts(t, list, width - margins, text, padding) == 1 then return "" end
   local lying = #columns.parts(t, list, height - margins, text, padding) == 1
   return lying and ' class="wide"' or ' class="wide small"'
end

local function cell(value, column, notes)
   if value == nil then return '<td class="m' .. (column.numeric and " n" or "") .. '">–</td>' end
   if type(value) == "number" then
      return ('<td class="n" data-v="%s">%s</td>'):format(core.number_text(value), column.show(value))
   end
   local shown = marks(page.escape_lines(value), notes)
   if tostring(value):find(unbroken) then return '<td class="w">' .. shown .. "</td>" end
   return column.long and '<td class="t">' .. shown .. "</td>" or "<td>" .. shown .. "</td>"
end

--- A table. Rows that have an id carry it, so that other programs find them.
function html.table(t, options, number, notes, sheet)
   local list = columns.of(t, options)
   local out = {('<figure id="table-%d"%s>'):format(number, on_paper(t, list, sheet))}
   local title = options.title == nil and rawget(t, "title") or options.title
   local label = (title and 'aria-labelledby="table-%d-title"' or 'aria-label="Table %d"'):format(number)
   if title then
      out[#out + 1] = ('<figcaption id="table-%d-title">%s</figcaption>'):format(number, marks(escape(title), notes))
   end
   out[#out + 1] = ('<div class="scroll" role="region" tabindex="0" %s><table class="data" %s>'):format(label, label)
   out[#out + 1] = "<thead><tr>"
   for _, column in ipairs(list) do
      out[#out + 1] = ('<th scope="col"%s>%s</th>'):format(column.numeric and ' class="n"' or "", escape(column.label))
   end
   out[#out + 1] = "</tr></thead>\n<tbody>\n"
   for i = 1, #t do
      local row = t[i]
      local id = rawget(row, "id")
      out[#out + 1] = type(id) == "string" and ('<tr data-id="%s">'):format(escape(id)) or "<tr>"
      for _, column in ipairs(list) do out[#out + 1] = cell(rawget(row, column.name), column, notes) end
      out[#out + 1] = "</tr>\n"
   end
   if #t == 0 then out[#out + 1] = ('<tr><td class="m" colspan="%d">No rows.</td></tr>\n'):format(#list) end
   out[#out + 1] = "</tbody></table></div>"
   local note = options.note or rawget(t, "note")
   if note then out[#out + 1] = '<p class="note">' .. marks(escape(note), notes) .. "</p>" end
   local source = rawget(t, "source")
   if source then out[#out + 1] = '<p class="note">Source: ' .. escape(source) .. "</p>" end
   out[#out + 1] = "</figure>\n"
   return table.concat(out)
end

local function chart(block, number)
   local caption = block.caption and ("<figcaption>%s</figcaption>"):format(escape(block.caption)) or ""
   return ('<figure class="chart" id="chart-%d">%s<div class="scroll">\n%s</div></figure>\n'):format(number, caption,
      block.chart:svg())
end

--- Key figures; `number` is how many there were before.
local function figures(block, number, notes)
   local out = {'<dl class="figures">'}
   for i, figure in ipairs(block.figures) do
      local value = figure.value
      local shown = type(value) == "number" and numbers.figure(value, figure.digits)
         or value == nil and "–" or tostring(value)
      out[#out + 1] = ('<div id="figure-%d"><dt>%s</dt><dd>%s</dd>%s</div>'):format(number + i,
         marks(escape(figure.label), notes),
         marks(escape(shown), notes),
         figure.note and '<dd class="note">' .. marks(escape(figure.note), notes) .. "</dd>" or "")
   end
   out[#out + 1] = "</dl>\n"
   return table.concat(out)
end

--- A name for a heading that addresses can end in; each once.
function html.anchor(title, taken)
   local base = core.lower(title):gsub("[^%w\128-\255]+", "-"):gsub("^%-+", ""):gsub("%-+$", "")
   -- Names that the parts of a report have of themselves are left to them.
   local own = base:match "^(%a+)%-%d"
   if base == "" or own == "table" or own == "chart" or own == "note" or own == "mark"
      or own == "figure" then base = "part-" .. base end
   local name, number = base, 1
   while taken[name] do
      number = number + 1
      name = base .. "-" .. number
   end
   taken[name] = true
   return name
end

--- The body: title, contents, blocks, notes.
function html.body(report)
   local notes, taken = report.notes, {}
   for _, note in ipairs(notes) do note.used = nil end
   local contents, blocks, tables, charts, shown = {}, {}, 0, 0, 0
   for _, block in ipairs(report.blocks) do
      if block.kind == "heading" then
         local name = html.anchor(words.clean(block.text), taken)
         if block.level == 2 then contents[#contents + 1] = {name, block.text} end
         blocks[#blocks + 1] = ('<h%d id="%s">%s</h%d>\n'):format(block.level, name, marks(escape(block.text), notes),
            block.level)
      elseif block.kind == "text" then
         blocks[#blocks + 1] = marks(markdown.html(block.text, 2), notes)
      elseif block.kind == "table" then
         tables = tables + 1
         blocks[#blocks + 1] = html.table(block.table, block.options, tables, notes, report.paper)
      elseif block.kind == "chart" then
         charts = charts + 1
         blocks[#blocks + 1] = chart(block, charts)
      elseif block.kind == "figures" then
         blocks[#blocks + 1] = figures(block, shown, notes)
         shown = shown + #block.figures
      else
         errors.raise("report: unknown block " .. tostring(block.kind))
      end
   end
   local out = {"<header><h1>" .. escape(report.title) .. "</h1>\n"}
   if report.subtitle then out[#out + 1] = '<p class="lead">' .. marks(escape(report.subtitle), notes) .. "</p>\n" end
   out[#out + 1] = "</header>\n"
   if #contents > 2 then
      out[#out + 1] = '<nav class="contents" aria-label="Contents"><ul>'
      for _, entry in ipairs(contents) do
         out[#out + 1] = ('<li><a href="#%s">%s</a></li>'):format(escape(entry[1]),
            escape((entry[2]:gsub("%[%^%d+%]", ""))))
      end
      out[#out + 1] = "</ul></nav>\n"
   end
   out[#out + 1] = "<main>\n" .. table.concat(blocks) .. "</main>\n"
   if #notes > 0 then
      out[#out + 1] = '<section class="notes" aria-label="Notes"><h2>Notes</h2><ol>\n'
      for i, note in ipairs(notes) do
         local back = note.used and (' <a href="#mark-%d" aria-label="back to the text">↩</a>'):format(i) or ""
         out[#out + 1] = ('<li id="note-%d"%s>%s%s</li>\n'):format(i,
            note.id and (' data-id="%s"'):format(escape(note.id)) or "", escape(note.text), back)
      end
      out[#out + 1] = "</ol></section>\n"
   end
   local foot = {}
   for _, line in ipairs(report.foot) do foot[#foot + 1] = escape(line) end
   if proof.text() then
      foot[#foot + 1] = '<span class="screen">Where a figure comes from: <code>difkit why FILE table-1/ROW/COLUMN'
         .. "</code>; whether the page still holds: <code>difkit verify FILE</code>.</span>"
   end
   if #foot > 0 then out[#out + 1] = "<footer>" .. table.concat(foot, "<br>\n") .. "</footer>\n" end
   return table.concat(out)
end

--- The whole page.
function html.page(report)
   return page.html {
      title = report.title, language = report.language, body = html.body(report), meta = report.meta,
      styles = {asset "report.css", paper.style(report)}, scripts = {asset "report.js"},
   }
end

return html
