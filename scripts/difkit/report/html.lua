--- Blocks of a report as HTML.
local asset = require "difkit.report.asset"
local columns = require "difkit.report.columns"
local core = require "difkit.core"
local errors = require "difkit.error"
local input = require "difkit.chart.input"
local markdown = require "difkit.report.markdown"
local numbers = require "difkit.number"
local page = require "difkit.report.page"
local paper = require "difkit.report.paper"
local proof = require "difkit.proof"
local texts = require "difkit.chart.text"
local words = require "difkit.report.words"

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

--- How a table goes on paper: one that is too wide goes on paper that lies, in small print where it has to; what is
--- too wide for that, too, in parts, which are given then, each with the first column.
local function on_paper(t, list, sheet)
   local width, height = paper.size(sheet or "A4")
   local margins, text, padding = 2 * 16 / 25.4 * 72, 9.2, 14.5
   if #columns.parts(t, list, width - margins, text, padding) == 1 then return "" end
   local lying = columns.parts(t, list, height - margins, text, padding)
   if #lying == 1 then return ' class="wide"' end
   if #columns.parts(t, list, height - margins, 6, 8) == 1 then return ' class="wide small"' end
   return ' class="wide split"', lying
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

--- Some columns of a table that is too wide for a page, for paper alone.
local function printed_part(t, part, notes)
   local out = {'<table class="part" aria-hidden="true"><thead><tr>'}
   for _, column in ipairs(part) do
      out[#out + 1] = ("<th%s>%s</th>"):format(column.numeric and ' class="n"' or "", escape(column.label))
   end
   out[#out + 1] = "</tr></thead>\n<tbody>\n"
   for i = 1, #t do
      out[#out + 1] = "<tr>"
      for _, column in ipairs(part) do
         out[#out + 1] = (cell(rawget(t[i], column.name), column, notes):gsub('<sup id="[^"]*">', "<sup>"))
      end
      out[#out + 1] = "</tr>\n"
   end
   out[#out + 1] = "</tbody></table>"
   return table.concat(out)
end

--- Whether a row at the end of a table is that of its totals, or of several of them.
local function totals_from(t)
   local total, first = rawget(t, "total"), #t + 1
   while total and first > 1 and rawget(t[first - 1], total.column) == total.label do first = first - 1 end
   return first
end

--- A table. Rows that have an id carry it, so that other programs find them.
function html.table(t, options, number, notes, report)
   local function say(key, ...) return escape(words.say(report.words, key, ...)) end
   local list, sheet = columns.of(t, options), report.paper
   local class, parts = on_paper(t, list, sheet)
   local fold = options.fold and #t > options.fold and (' data-fold="%d"'):format(options.fold) or ""
   local out = {('<figure id="table-%d"%s%s>'):format(number, class, fold)}
   local title = options.title == nil and rawget(t, "title") or options.title
   local label = title and ('aria-labelledby="table-%d-title"'):format(number)
      or ('aria-label="%s"'):format(say("table", number))
   if title then
      out[#out + 1] = ('<figcaption id="table-%d-title">%s</figcaption>'):format(number, marks(escape(title), notes))
   end
   out[#out + 1] = ('<div class="scroll" role="region" tabindex="0" %s><table class="data" %s>'):format(label, label)
   out[#out + 1] = "<thead><tr>"
   for _, column in ipairs(list) do
      out[#out + 1] = ('<th scope="col"%s>%s</th>'):format(column.numeric and ' class="n"' or "", escape(column.label))
   end
   out[#out + 1] = "</tr></thead>\n<tbody>\n"
   local totals = totals_from(t)
   for i = 1, #t do
      local row = t[i]
      local id = rawget(row, "id")
      out[#out + 1] = ("<tr%s%s>"):format(i >= totals and ' class="total"' or "",
         type(id) == "string" and (' data-id="%s"'):format(escape(id)) or "")
      for _, column in ipairs(list) do out[#out + 1] = cell(rawget(row, column.name), column, notes) end
      out[#out + 1] = "</tr>\n"
   end
   if #t == 0 then out[#out + 1] = ('<tr><td class="m" colspan="%d">%s</td></tr>\n'):format(#list, say "no_rows") end
   out[#out + 1] = "</tbody></table></div>"
   for _, part in ipairs(parts or {}) do out[#out + 1] = printed_part(t, part, notes) end
   local note = options.note or rawget(t, "note")
   if note then out[#out + 1] = '<p class="note">' .. marks(escape(note), notes) .. "</p>" end
   local source = rawget(t, "source")
   if source then out[#out + 1] = '<p class="note">' .. say("source", source) .. "</p>" end
   out[#out + 1] = "</figure>\n"
   return table.concat(out)
end

--- What a chart shows in words, to open beside it, for those who cannot see the picture.
local function values_of(chart, say)
   local names, rows = chart:values()
   if #rows == 0 then return "" end
   local out = {('<details class="values"><summary>%s</summary><ul>\n'):format(say "values")}
   for _, row in ipairs(rows) do out[#out + 1] = ("<li>%s</li>\n"):format(escape(input.words(names, {row}))) end
   out[#out + 1] = "</ul></details>"
   return table.concat(out)
end

--- A chart: one picture, or several of which each fits on a page, and its values.
local function chart(block, number, report)
   local function say(key, ...) return escape(words.say(report.words, key, ...)) end
   local caption = block.caption and ("<figcaption>%s</figcaption>"):format(escape(block.caption)) or ""
   local out = {('<figure class="chart" id="chart-%d">%s'):format(number, caption)}
   for _, picture in ipairs(block.chart:pages()) do
      out[#out + 1] = ('<div class="scroll" role="group" tabindex="0" aria-label="%s">\n%s</div>'):format(
         say("chart", number), picture)
   end
   return table.concat(out) .. values_of(block.chart, say) .. "</figure>\n"
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
   local function say(key, ...) return escape(words.say(report.words, key, ...)) end
   for _, note in ipairs(notes) do note.used = nil end
   local contents, blocks, tables, charts, shown = {}, {}, 0, 0, 0
   for _, block in ipairs(report.blocks) do
      if block.kind == "heading" then
         local name = html.anchor(texts.clean(block.text), taken)
         if block.level == 2 then contents[#contents + 1] = {name, block.text} end
         blocks[#blocks + 1] = ('<h%d id="%s">%s</h%d>\n'):format(block.level, name, marks(escape(block.text), notes),
            block.level)
      elseif block.kind == "text" then
         blocks[#blocks + 1] = marks(markdown.html(block.text, 2), notes)
      elseif block.kind == "table" then
         tables = tables + 1
         blocks[#blocks + 1] = html.table(block.table, block.options, tables, notes, report)
      elseif block.kind == "chart" then
         charts = charts + 1
         blocks[#blocks + 1] = chart(block, charts, report)
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
      out[#out + 1] = '<nav class="contents" aria-label="' .. say "contents" .. '"><ul>'
      for _, entry in ipairs(contents) do
         out[#out + 1] = ('<li><a href="#%s">%s</a></li>'):format(escape(entry[1]),
            escape((entry[2]:gsub("%[%^%d+%]", ""))))
      end
      out[#out + 1] = "</ul></nav>\n"
   end
   out[#out + 1] = "<main>\n" .. table.concat(blocks) .. "</main>\n"
   if #notes > 0 then
      out[#out + 1] = ('<section class="notes" aria-label="%s"><h2>%s</h2><ol>\n'):format(say "notes", say "notes")
      for i, note in ipairs(notes) do
         local back = note.used and (' <a href="#mark-%d" aria-label="%s">↩</a>'):format(i, say "back") or ""
         out[#out + 1] = ('<li id="note-%d"%s>%s%s</li>\n'):format(i,
            note.id and (' data-id="%s"'):format(escape(note.id)) or "", escape(note.text), back)
      end
      out[#out + 1] = "</ol></section>\n"
   end
   local foot = {}
   for _, line in ipairs(report.foot) do foot[#foot + 1] = escape(line) end
   if proof.text() then
      foot[#foot + 1] = '<span class="screen">' .. words.say(report.words, "why",
         "<code>difkit why FILE table-1/ROW/COLUMN</code>", "<code>difkit verify FILE</code>") .. "</span>"
   end
   if #foot > 0 then out[#out + 1] = "<footer>" .. table.concat(foot, "<br>\n") .. "</footer>\n" end
   return table.concat(out)
end

--- The whole page.
function html.page(report)
   return page.html {
      title = report.title, language = report.language, words = report.words, body = html.body(report),
      meta = report.meta,
      styles = {asset "report.css", paper.style(report)}, scripts = {asset "report.js"},
   }
end

return html
