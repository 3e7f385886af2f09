--- Reports as documents for word processors (ECMA-376 WordprocessingML): real headings, tables that repeat their
--- heading on every page, captions that can be counted, footnotes, pictures with what they show in words, page numbers.
--- Styles are those of a house template where one is given.
local Document = require "difkit.report.docx.document"
local columns = require "difkit.report.columns"
local core = require "difkit.core"
local errors = require "difkit.error"
local flow = require "difkit.report.docx.flow"
local html = require "difkit.report.html"
local numbers = require "difkit.number"
local package = require "difkit.report.docx.package"
local runs = require "difkit.report.docx.runs"
local words = require "difkit.chart.text"

local docx = {}

local pixels = 3      -- of a picture, for each of the chart's
local cell_size = 9   -- points
local padding = 9     -- points, both sides of a cell

--- "Table 1. Title": the number is a field, so that tables added by hand are counted with it.
local function caption(document, kind, number, text, part)
   local counted = part and part > 1 and runs.text(tostring(number))
      or runs.field("SEQ " .. kind .. " \\* ARABIC", tostring(number))
   return runs.paragraph(document.style.Caption, runs.text(kind .. " ") .. counted
      .. (text and runs.text ". " .. runs.marked(document, text) or "")
      .. (part and part > 1 and runs.text " (continued)" or ""),
      kind == "Table" and "<w:keepNext/>" or "")
end

local function note(document, text) return runs.paragraph(document.style.Note, runs.marked(document, text)) end

local blocks = {}

function blocks.heading(document, block, counts)
   local name = counts.anchor(block.text)
   if block.level == 2 then counts.contents[#counts.contents + 1] = {name, block.text} end
   return runs.paragraph(document.style["Heading" .. block.level - 1],
      document:bookmark(name, runs.marked(document, block.text)))
end

function blocks.text(document, block) return flow.paragraphs(document, block.text) end

function blocks.table(document, block, counts)
   counts.table = counts.table + 1
   local t, options = block.table, block.options
   local list = columns.of(t, options)
   local title = options.title == nil and rawget(t, "title") or options.title or nil
   local out = {}
   local parts = columns.parts(t, list, document.room / 20, cell_size, padding)
   for number, part in ipairs(parts) do
      local rows, widths = {{}}, {}
      for j, column in ipairs(part) do
         widths[j] = part.widths[j] * 20
         rows[1][j] = {content = runs.text(column.label, {bold = true}), right = column.numeric}
      end
      for i = 1, #t do
         local row = {}
         for j, column in ipairs(part) do
            local value = rawget(t[i], column.name)
            row[j] = {content = runs.marked(document, columns.text(value, column) or "–"),
               right = column.numeric}
         end
         rows[i + 1] = row
      end
      if #t == 0 then rows[2] = {{content = runs.text "No rows."}} end
      local label = caption(document, "Table", counts.table, title, #parts > 1 and number or nil)
      out[#out + 1] = number == 1 and document:bookmark("table-" .. counts.table, label) or label
      out[#out + 1] = document:grid(rows, widths, {heading = true})
   end
   local said = options.note or rawget(t, "note")
   if said then out[#out + 1] = note(document, said) end
   local source = rawget(t, "source")
   if source then out[#out + 1] = note(document, "Source: " .. source) end
   if not said and not source then out[#out + 1] = runs.paragraph(document.style.Note, "") end
   return table.concat(out, "\n")
end

function blocks.chart(document, block, counts)
   counts.chart = counts.chart + 1
   local chart, out = block.chart, {}
   -- One picture, or several of which each fits on a page.
   for i, picture in ipairs(chart:pages()) do
      local width, height = picture:match '<svg [^>]-width="([%d.]+)" height="([%d.]+)"'
      width, height = tonumber(width), tonumber(height)
      local bytes, message, code = core.render_svg(picture, "png", math.floor(width * pixels + 0.5),
         math.floor(height * pixels + 0.5))
      if not bytes then return nil, message, code end
      out[i] = runs.paragraph(nil, document:picture(bytes, width, height, chart:description(),
         ("Figure %d%s"):format(counts.chart, i > 1 and "." .. i or "")), "<w:keepNext/>")
   end
   local title = block.caption or chart.title
   return table.concat(out) .. document:bookmark("chart-" .. counts.chart,
      caption(document, "Figure", counts.chart, title))
end

--- Key figures: up to four beside one another, in a table without lines.
function blocks.figures(document, block)
   local across = math.min(4, #block.figures)
   if across == 0 then return "" end
   local rows, widths = {}, {}
   for i = 1, across do widths[i] = document.room / across end
   for i, figure in ipairs(block.figures) do
      local row = (i - 1) // across + 1
      rows[row] = rows[row] or {}
      local value = figure.value
      local shown = type(value) == "number" and numbers.figure(value, figure.digits)
         or value == nil and "–" or tostring(value)
      rows[row][(i - 1) % across + 1] = {paragraphs = table.concat {
         runs.paragraph(document.style.Cell, runs.marked(document, figure.label), "<w:keepNext/>"),
         runs.paragraph(document.style.FigureValue, runs.marked(document, shown)),
         figure.note and note(document, figure.note) or "",
      }}
   end
   return document:grid(rows, widths, {plain = true}) .. runs.paragraph(document.style.Note, "")
end

--- The contents: a field that programs can renew, with what it shows now.
local function contents(document, list)
   if #list <= 2 then return "" end
   local out = {}
   for i, entry in ipairs(list) do
      local link = document:link("#" .. entry[1], runs.text((entry[2]:gsub("%[%^%d+%]", ""))))
      local before = i == 1 and '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
         .. ' TOC \\o "1-1" \\h \\n </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' or ""
      local after = i == #list and '<w:r><w:fldChar w:fldCharType="end"/></w:r>' or ""
      out[i] = runs.paragraph(document.style.Contents, before .. link .. after)
   end
   return table.concat(out)
end

--- The body of a document, without its section.
local function body(report, document)
   local taken = {}
   local counts = {table = 0, chart = 0, contents = {},
      anchor = function(text) return html.anchor(words.clean(text), taken) end}
   local out = {}
   for _, block in ipairs(report.blocks) do
      local write = blocks[block.kind]
      if not write then errors.raise("report: unknown block " .. tostring(block.kind)) end
      local shown, message, code = write(document, block, counts)
      if not shown then return nil, message, code end
      out[#out + 1] = shown
   end
   local head = {runs.paragraph(document.style.Title, runs.text(report.title))}
   if report.subtitle then
      head[#head + 1] = runs.paragraph(document.style.Subtitle, runs.marked(document, report.subtitle))
   end
   head[#head + 1] = contents(document, counts.contents)
   local rest = {}
   for number, one in ipairs(report.notes) do
      if not document.shown[number] then
         if #rest == 0 then rest[1] = runs.paragraph(document.style.Heading1, runs.text "Notes") end
         rest[#rest + 1] = note(document, one.text)
      end
   end
   for i, line in ipairs(report.foot) do
      rest[#rest + 1] = runs.paragraph(document.style.Note, runs.text(line), i == 1
         and '<w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="D0D7DE"/></w:pBdr>' or "")
   end
   return table.concat(head, "\n") .. "\n" .. table.concat(out, "\n") .. "\n" .. table.concat(rest, "\n")
end

--- The bytes of the report as a document. `template`: the path of a house template (.docx, .dotx), or nil.
function docx.bytes(report, template)
   local base, message, code = package.base(report, template)
   if not base then return nil, message, code end
   local document = Document.new(base, report.notes)
   local text
   text, message, code = body(report, document)
   if not text then return nil, message, code end
   return package.bytes(base, document, report, text)
end

return docx
