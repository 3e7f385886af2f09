--- Reports: headings, Markdown, tables, charts, key figures and footnotes, put together by a script and written as one
--- HTML file that needs nothing else, as Markdown, or as a folder with everything in it.
local class = require "difkit.class"
local core = require "difkit.core"
local dates = require "difkit.date"
local errors = require "difkit.error"
local number = require "difkit.number"
local illustrative = require "difkit.illustrative"
local observe = require "difkit.observe"
local proof = require "difkit.proof"
local words = require "difkit.report.words"

---Reports. `difkit.report "Title"` begins one.
---@class difkit.report
local reports = {}

---A report that a script fills from top to bottom and then writes.
---@class difkit.Report
---@field title string
---@field subtitle string|nil
local Report, report_events = class "difkit.Report"
reports.methods = Report

---What a report begins with. `db` puts the framework, its version and the digest of the data at the foot; `as_of` the
---date that the report speaks of; without it the foot has the day of `difkit.today()`.
---@class difkit.ReportOptions
---@field title string
---@field subtitle? string
---@field language? string as in HTML, default "en"
---@field as_of? string
---@field db? difkit.Database
---@field source? string
---@field paper? "A4"|"Letter" what it is printed on, default A4
---@field words? string file with the words of the page itself, filled in and signed (`difkit new words LANGUAGE`)

---Begins a report; `difkit.report(…)` is the same.
---
---```lua
---local report = difkit.report{title = "State of the framework", subtitle = "All member states", db = db}
---report:heading "Actions"
---report:figures{{"Actions", db:actions():count()}, {"Documents", db:documents():count()}}
---report:text "Most actions stand in **two** documents."
---assert(report:write "state.html")
---```
---@param options string|difkit.ReportOptions the title, or more
---@return difkit.Report
function reports.new(options)
   if type(options) == "string" then options = {title = options} end
   options = errors.options("difkit.report", options,
      {"title", "subtitle", "language", "as_of", "db", "source", "meta", "paper", "words"})
   errors.check("difkit.report", "title", options.title, "string")
   for _, name in ipairs {"subtitle", "language", "as_of", "source", "words"} do
      errors.check("difkit.report", name, options[name], "string", "optional")
   end
   errors.check("difkit.report", "db", options.db, "userdata", "optional")
   local self = {title = options.title, subtitle = options.subtitle, language = options.language or "en",
      paper = require("difkit.report.paper").check("difkit.report", options.paper),
      blocks = {}, notes = {}, foot = {}, meta = options.meta or {}}
   self.words = options.words and words.read(options.words, self.language) or nil
   local function say(key, ...) return words.say(self.words, key, ...) end
   if options.as_of then
      if not dates.parse(options.as_of) then dates.refuse("difkit.report", options.as_of) end
      self.foot[#self.foot + 1] = say("as_of", options.as_of)
   end
   if options.source then self.foot[#self.foot + 1] = say("source", options.source) end
   local framework = options.db and options.db:query("SELECT title, version FROM framework ORDER BY id LIMIT 1"):one()
   local digest = options.db and options.db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
      or proof.digest()
   local data = {}
   if framework then
      data[1] = framework.title
      if framework.version then data[#data + 1] = say("version", framework.version) end
   end
   if digest then data[#data + 1] = say("digest", digest:sub(1, 16)) end
   if #data > 0 then self.foot[#self.foot + 1] = say("data", table.concat(data, ", ")) end
   self.foot[#self.foot + 1] = say("made", core.version, options.as_of or require "difkit.today"())
   local invented = illustrative.line() or options.db and illustrative.note(options.db)
   if invented then self.blocks[1] = {kind = "text", text = "**" .. invented .. "**"} end
   return setmetatable(self, report_events)
end

local function add(self, block)
   self.blocks[#self.blocks + 1] = block
   return self
end

---Adds a heading. Those of level 2 make the table of contents.
---
---```lua
---local report = difkit.report "Example":heading "Results":heading("By area", 3)
---print(report:markdown():match "### [^\n]+") --> ### By area
---```
---@param text string
---@param level? integer 2 to 6, default 2
---@return difkit.Report
function Report:heading(text, level)
   errors.check("report:heading", "text", text, "string")
   errors.check("report:heading", "level", level, "integer", "optional")
   level = level or 2
   if level < 2 or level > 6 then errors.raise("report:heading: level is " .. level, "2 to 6; 1 is the title") end
   return add(self, {kind = "heading", text = text, level = level})
end

---Adds Markdown: paragraphs, lists, emphasis, links, tables. HTML in it is shown as it is written.
---
---```lua
---local report = difkit.report "Example":text "Actions on **skills**, <b>not</b> bold."
---print(report:html():match "<p>.-</p>") --> <p>Actions on <strong>skills</strong>, &lt;b&gt;not&lt;/b&gt; bold.</p>
---```
---@param markdown string
---@return difkit.Report
function Report:text(markdown)
   errors.check("report:text", "markdown", markdown, "string")
   return add(self, {kind = "text", text = markdown})
end

---How a table is shown: a title of its own (false: none), a note, labels for columns, digits after the point.
---@class difkit.ReportTableOptions
---@field title? string|false
---@field note? string
---@field labels? table<string, string> by column
---@field digits? integer
---@field fold? integer of a long table, how many rows a page shows before somebody asks for the others; paper has all

---Adds a table, a result or a query. In HTML its columns sort, and longer tables filter as one types.
---
---```lua
---local report = difkit.report "Example":table(db:areas():select("id", "title"), {title = "Areas"})
---print(select(2, report:html():gsub("<tr", ""))) --> 7
---```
---@param data any
---@param options? difkit.ReportTableOptions
---@return difkit.Report
function Report:table(data, options)
   options = errors.options("report:table", options, {"title", "note", "labels", "digits", "fold"})
   errors.check("report:table", "fold", options.fold, "integer", "optional")
   if type(data) ~= "table" or not rawget(data, "columns") then
      local ok, converted = pcall(function() return data:table() end)
      if not ok then
         errors.raise("report:table: cannot show " .. errors.show(data), "give a difkit.table, a result or a query")
      end
      data = converted
   end
   return add(self, {kind = "table", table = data, options = options})
end

---Adds a chart.
---
---```lua
---local chart = difkit.chart.bars(db:from("action"):group("document_id"):count "actions", {title = "Actions"})
---local report = difkit.report "Example":chart(chart)
---print(report:html():find('role="img"', 1, true) ~= nil) --> true
---```
---@param chart difkit.Chart
---@param options? {caption?: string}
---@return difkit.Report
function Report:chart(chart, options)
   options = errors.options("report:chart", options, {"caption"})
   if type(chart) ~= "table" or type(chart.svg) ~= "function" then
      errors.raise("report:chart: cannot show " .. errors.show(chart),
         "give what difkit.chart.bars and its like return")
   end
   return add(self, {kind = "chart", chart = chart, caption = options.caption})
end

---Adds key figures: a row of large numbers with their names.
---
---```lua
---local report = difkit.report "Example":figures{{"Actions", 244}, {"Share", 0.57, "of all topics", digits = 2}}
---print(report:markdown():match "%*%*244%*%*") --> **244**
---```
---@param figures table[] lists of a label, a value, and perhaps a note
---@return difkit.Report
function Report:figures(figures)
   errors.check("report:figures", "figures", figures, "table")
   local list = {}
   for i, given in ipairs(figures) do
      errors.check("report:figures", ("figures[%d]"):format(i), given, "table")
      local label = given[1] or given.label
      if type(label) ~= "string" then
         errors.raise(("report:figures: figure %d has no label"):format(i), 'such as {"Actions", 244}')
      end
      local value = given[2]
      if value == nil then value = given.value end
      list[i] = {label = label, value = value, note = given[3] or given.note, digits = given.digits}
   end
   return add(self, {kind = "figures", figures = list})
end

--- Where a row comes from, in words: its id, its document and topic, the line of the source, the place in the data.
local function provenance(row)
   local function value(name)
      local found = rawget(row, name)
      return found ~= nil and tostring(found) or nil
   end
   local parts = {}
   local document = value "document_title" or value "document" or value "document_id"
   local topic = value "topic_title" or value "topic" or value "topic_id"
   if document then parts[#parts + 1] = document end
   if topic then parts[#parts + 1] = topic end
   if value "number" and document then parts[#parts + 1] = "action " .. value "number" end
   if value "line" then parts[#parts + 1] = "source line " .. value "line" end
   if value "origin" then parts[#parts + 1] = value "origin" end
   local id = value "id" or value "title"
   if not id and #parts == 0 then return nil end
   local text = value "text"
   return (id and id .. ": " or "") .. (text and "“" .. text .. "” " or "") .. "("
      .. table.concat(parts, "; ") .. ")", id
end

---Adds a footnote and gives its mark, to be put into a text, a heading, a cell or a figure. A row of the data becomes a
---note on where it comes from: its words, document, topic, and the line of the source.
---
---```lua
---local report = difkit.report "Example"
---local action = db:query("SELECT * FROM action_full WHERE id = 'DIFAP.TF.1'"):one()
---local mark = report:footnote(action)
---report:text("ASEAN began with goods." .. mark)
---print(mark, report:markdown():match "DIFAP.TF.1: “[^”]+”")
-----> [^1]	DIFAP.TF.1: “Ratify the ASEAN Trade in Goods Agreement (ATIGA).”
---```
---@param note string|table text, or a row
---@return string mark
function Report:footnote(note)
   errors.check("report:footnote", "note", note, "string", "table")
   local text, id = note, nil
   if type(note) == "table" then
      text, id = provenance(note)
      if not text then
         errors.raise("report:footnote: the row says nothing of where it comes from", "it needs an id")
      end
   end
   self.notes[#self.notes + 1] = {text = text, id = id}
   return ("[^%d]"):format(#self.notes)
end

--- The line that says so stands above all that is made of illustrative data, also where they were opened later.
local function mark(self)
   local line, first = illustrative.line(), self.blocks[1]
   local text = line and "**" .. line .. "**"
   if line and not (first and first.kind == "text" and first.text == text) then
      table.insert(self.blocks, 1, {kind = "text", text = text})
   end
   return self
end

---The report as one HTML page.
---
---```lua
---print(difkit.report("Example"):html():match "<title>(.-)</title>") --> Example
---```
---@return string
function Report:html() return require("difkit.report.html").page(mark(self)) end

--- Markdown whose HTML is shown, not obeyed, wherever the report is opened; addresses in angle brackets stay.
local function without_html(text)
   return (text:gsub("(\\*)<([%a/!?][%w:/]*)", function(slashes, rest)
      if #slashes % 2 == 1 or rest:find "^https?://" or rest:find "^mailto:" then return nil end
      return slashes .. "&lt;" .. rest
   end))
end

--- The report as Markdown. `chart_path(i)` names the file of a chart.
local function markdown_of(self, chart_path)
   local files = require "difkit.format.write"
   --- A text of one line that says what it says, whatever it holds; marks of notes stay.
   local function line(text)
      return (files.markdown_line(text):gsub("\\%[^(%d+)\\%]", "[^%1]"))
   end
   local out, charts = {"# " .. line(self.title)}, 0
   if self.subtitle then out[#out + 1] = "*" .. line(self.subtitle) .. "*" end
   for _, block in ipairs(self.blocks) do
      if block.kind == "heading" then
         out[#out + 1] = ("#"):rep(block.level) .. " " .. line(block.text)
      elseif block.kind == "text" then
         out[#out + 1] = without_html(block.text:gsub("^%s*\n", ""):gsub("%s+$", ""))
      elseif block.kind == "table" then
         out[#out + 1] = (files.markdown_text(block.table, block.options):gsub("%s+$", "")
            :gsub("\\%[^(%d+)\\%]", "[^%1]"))
      elseif block.kind == "chart" then
         charts = charts + 1
         local said = line((block.chart:description():gsub("[%[%]\n]", " ")))
         out[#out + 1] = (block.caption and "**" .. line(block.caption) .. "**\n\n" or "")
            .. ("![%s](%s)"):format(said, chart_path(charts))
      elseif block.kind == "figures" then
         local list = {}
         for i, figure in ipairs(block.figures) do
            local value = figure.value
            local shown = type(value) == "number" and number.figure(value, figure.digits)
               or value == nil and "–" or tostring(value)
            list[i] = ("- %s: **%s**%s"):format(line(figure.label), line(shown),
               figure.note and " (" .. line(figure.note) .. ")" or "")
         end
         out[#out + 1] = table.concat(list, "\n")
      end
   end
   for i, note in ipairs(self.notes) do out[#out + 1] = ("[^%d]: %s"):format(i, line((note.text:gsub("%s+", " ")))) end
   if #self.foot > 0 then out[#out + 1] = "---\n\n" .. table.concat(self.foot, "  \n") end
   return table.concat(out, "\n\n") .. "\n"
end

---The report as Markdown (GitHub's kind). Charts are pictures beside it: `chart-1.svg` and so on.
---
---```lua
---print(difkit.report("Example"):markdown():match "^# %a+") --> # Example
---```
---@return string
function Report:markdown()
   return markdown_of(mark(self), function(i) return ("chart-%d.svg"):format(i) end)
end

local function each(self, kind)
   local list = {}
   for _, block in ipairs(self.blocks) do
      if block.kind == kind then list[#list + 1] = block end
   end
   return list
end

local function chart_files(self, prefix)
   local files = {}
   for i, block in ipairs(each(self, "chart")) do files[i] = {("%s%d.svg"):format(prefix, i), block.chart:svg()} end
   return files
end

--- Everything in a folder, or nothing.
local function write_folder(self, folder)
   folder = folder:gsub("/*$", "/")
   local files = chart_files(self, folder .. "chart-")
   for i, block in ipairs(each(self, "table")) do
      local text = require("difkit.format.csv").encode(illustrative.marked(block.table), ",", {})
      files[#files + 1] = {("%stable-%d.csv"):format(folder, i), text}
   end
   files[#files + 1] = {folder .. "report.md", self:markdown()}
   files[#files + 1] = {folder .. "index.html", self:html()}
   return core.write_files(files)
end

--- Writes the report in the format that the ending of the path names; without one, as a folder.
local function write_as(report, path, options)
   local ending = path:match "%.([%w]+)$"
   local in_folder = not ending or path:find "/$"
   if observe.watcher then
      observe.watcher:reported(in_folder and path:gsub("/*$", "/") .. "index.html" or path, report)
   end
   if in_folder then return write_folder(report, path) end
   ending = ending:lower()
   if ending == "html" or ending == "htm" then return core.write_file(path, report:html()) end
   if ending == "md" or ending == "markdown" then
      local folder, base = path:match "^(.-)([^/]+)%.[%w]+$"
      local files = chart_files(report, folder .. base .. "-chart-")
      files[#files + 1] = {path, markdown_of(report, function(i) return ("%s-chart-%d.svg"):format(base, i) end)}
      return core.write_files(files)
   end
   if ending == "docx" then
      local docx = require "difkit.report.docx"
      local bytes, message, code = docx.bytes(report, options.template or docx.template)
      if not bytes then return nil, message, code end
      return core.write_file(path, bytes)
   end
   if ending == "pdf" then return core.print_page(path, report:html()) end
   errors.raise(('report:write: unknown format ".%s"'):format(ending),
      "formats: .html .md .docx .pdf, or a folder (a name without an ending)")
end

---Writes the report: a name that ends in .html gives one file, .md Markdown with the charts beside it, .docx a document
---for word processors, .pdf the page as Chromium or WeasyPrint prints it, and a name without an ending a folder with
---index.html, report.md, the charts as SVG and the tables as CSV. A document takes its styles, page, headers and
---footers from a house template (.docx or .dotx), where `template` or the command line's --template names one. A PDF is
---printed when the script has ended: until then nothing is there.
---
---```lua
---local report = difkit.report "Example":text "Hello."
---assert(report:write "example.html")
---assert(report:write "example.md")
---assert(report:write "example/")
---```
---@param path string
---@param options? {template?: string}
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function Report:write(path, options)
   errors.check("report:write", "path", path, "string")
   options = errors.options("report:write", options, {"template"})
   errors.check("report:write", "template", options.template, "string", "optional")
   local done, message, code = write_as(mark(self), path, options)
   if done then return done end
   require("difkit.condition").dropped("write", message)
   return nil, message, code
end

function report_events.__tostring(self) return ("%s (%d parts)"):format(self.title, #self.blocks) end

return setmetatable(reports, {__call = function(_, ...) return reports.new(...) end})
