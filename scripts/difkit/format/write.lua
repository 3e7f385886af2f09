--- Tables and results as files: which format a name asks for, and the formats that come with the library.
--- A file appears whole or not at all (core.write_file writes beside it and renames).
local core = require "difkit.core"
local csv = require "difkit.format.csv"
local errors = require "difkit.error"
local illustrative = require "difkit.illustrative"
local json = require "difkit.format.json"
local number = require "difkit.number"
local observe = require "difkit.observe"
local refused = require "difkit.format.refused"

---@class difkit.table
local files = {}

--- Formats that other parts of the library add when they are loaded.
local elsewhere = {[".xlsx"] = "difkit.format.export", [".html"] = "difkit.format.export",
   [".docx"] = "difkit.format.export"}

local function check_options(options)
   return errors.options("write", options, {"formulas", "excel", "title", "sheet", "separator", "indent"})
end

local function write_separated(separator)
   return function(t, path, options)
      return core.write_file(path, csv.encode(t, options.separator or separator, options))
   end
end

--- The rows of a table as JSON objects with `between` between them; missing values are null.
local function add_json_rows(t, out, between)
   refused(t)
   local object = json.rows(t.columns)
   local meter <close> = core.meter("writing row", #t)
   for i = 1, #t do
      local row, values = t[i], {}
      for j, name in ipairs(t.columns) do
         local value = row[name]
         if type(value) == "number" and value - value ~= 0 then
            errors.raise(('row %d, column "%s": JSON has no %s'):format(i, name, core.number_text(value)),
               "leave the value out (nil) and say why in another column")
         end
         values[j] = value
      end
      if i > 1 then out[#out + 1] = between end
      object(values, out)
      meter:tick(i)
   end
end

--- A list of objects, one a line.
function files.json_text(t)
   local out = {"["}
   add_json_rows(t, out, ",\n ")
   out[#out + 1] = "]\n"
   return table.concat(out)
end

--- One object a line.
function files.ndjson_text(t)
   local out = {}
   add_json_rows(t, out, "\n")
   if #t > 0 then out[#out + 1] = "\n" end
   return table.concat(out)
end

--- Text that Markdown shows as it is, in one line of a table.
local function markdown_cell(value)
   local text = tostring(value)
   text = text:gsub("[\\`*%[%]<>|~&]", "\\%0")
   -- An underscore within a word is no mark.
   text = text:gsub("%f[%w_]_", "\\_"):gsub("_%f[^%w_]", "\\_")
   text = text:gsub("\r\n", "\n"):gsub("\r", "\n"):gsub("\n", "<br>")
   return (text:gsub("[%z\1-\31\127]", " "))
end

--- The same for a text that stands by itself on a line.
function files.markdown_line(text)
   return markdown_cell((tostring(text):gsub("%s*[\r\n]%s*", " ")))
end

--- The cells of a column, and whether it holds numbers alone.
local function markdown_column(t, name, digits)
   local values = t:column(name)
   local show, cells = number.plain(values, digits, #t), {}
   local numeric, some = true, false
   for i = 1, #t do
      local value = values[i]
      if type(value) == "number" then
         cells[i], some = show(value), true
      else
         cells[i] = value == nil and "" or markdown_cell(value)
         numeric = numeric and value == nil
      end
   end
   return cells, numeric and some
end

--- A table in GitHub's Markdown, its numbers as people read them. `options`: digits, and a title (false: none) and a
--- note in place of those of the table.
function files.markdown_text(t, options)
   refused(t, true)
   local lines, header, rule, columns = {}, {}, {}, {}
   for j, name in ipairs(t.columns) do
      local cells, numeric = markdown_column(t, name, options and options.digits)
      columns[j], header[j], rule[j] = cells, markdown_cell(name), numeric and "---:" or "---"
   end
   local title, note = t.title, options and options.note or t.note
   if not options then note = illustrative.noted(note) end -- above all of a report the line stands already
   if options and options.title ~= nil then title = options.title end
   if title then
      lines[1] = "**" .. markdown_cell(title) .. "**"
      lines[2] = ""
   end
   lines[#lines + 1] = "| " .. table.concat(header, " | ") .. " |"
   lines[#lines + 1] = "| " .. table.concat(rule, " | ") .. " |"
   for i = 1, #t do
      local cells = {}
      for j = 1, #columns do cells[j] = columns[j][i] end
      lines[#lines + 1] = "| " .. table.concat(cells, " | ") .. " |"
   end
   for _, text in ipairs {note or false, t.source and "Source: " .. t.source or false} do
      if text then
         lines[#lines + 1] = ""
         lines[#lines + 1] = markdown_cell(text)
      end
   end
   return table.concat(lines, "\n") .. "\n"
end

local function write_text(text_of)
   return function(t, path)
      return core.write_file(path, text_of(t))
   end
end

---What writes a file, by the ending of its name: `function(table, path, options) -> true | nil, message, code`.
---A script can add formats of its own.
---
---```lua
---difkit.table.writers[".names"] = function(t, path)
---   return true
---end
---print(difkit.table({"id"}, {{"a"}}):write "x.names") --> true
---difkit.table.writers[".names"] = nil
---```
---@type table<string, fun(t: difkit.Table, path: string, options: table): boolean|nil, string|nil, string|nil>
files.writers = {
   [".csv"] = write_separated ",",
   [".tsv"] = write_separated "\t",
   [".json"] = write_text(files.json_text),
   [".ndjson"] = write_text(files.ndjson_text),
   [".md"] = write_text(files.markdown_text),
}

--- The writer for a path; raises when there is none.
local function writer_for(path)
   errors.check("write", "path", path, "string")
   local ending = (path:match "(%.[^./\\]+)$" or ""):lower()
   local writer = files.writers[ending]
   if not writer and elsewhere[ending] then
      pcall(require, elsewhere[ending])
      writer = files.writers[ending]
   end
   if writer then return writer, ending end
   local endings, listed = {}, {}
   for known in next, files.writers do listed[known] = true end
   for known in next, elsewhere do listed[known] = true end
   for known in require("difkit.sorted")(listed) do endings[#endings + 1] = known end
   local near = ending ~= "" and core.nearest(ending, endings)
   errors.raise(ending == "" and ('write: the name "%s" has no ending that says the format'):format(path)
      or ('write: unknown format "%s"'):format(ending),
      (near and ('did you mean "%s"? '):format(near) or "") .. "formats: " .. table.concat(endings, " "))
end

--- Formats by name, for output that goes to no file.
local encoders = {
   csv = function(t, options) return csv.encode(t, ",", options) end,
   tsv = function(t, options) return csv.encode(t, "\t", options) end,
   json = files.json_text, ndjson = files.ndjson_text, markdown = files.markdown_text, md = files.markdown_text,
}

--- A table as text in a format; `own` are formats of the caller.
function files.encode(t, format, options, own)
   local encoder = encoders[format] or own[format]
   if not encoder then
      local names = {}
      for name in next, own do names[#names + 1] = name end
      for name in next, encoders do names[#names + 1] = name end
      table.sort(names)
      errors.raise(('encode: unknown format "%s"'):format(tostring(format)), errors.hint(format, names))
   end
   return encoder(t, check_options(options))
end

--- Formats that have no place for a line of words.
local for_programs = {[".csv"] = true, [".tsv"] = true, [".json"] = true, [".ndjson"] = true}

--- Writes a table.
function files.table(t, path, options)
   local writer, ending = writer_for(path)
   if for_programs[ending] then t = illustrative.marked(t) end
   if observe.watcher then observe.watcher:tabled(path, {t}) end
   return writer(t, path, check_options(options))
end

--- Writes a result; CSV and TSV row by row. Watched, it becomes a table first, so that its rows can be followed.
function files.result(result, path, options)
   if observe.watcher or illustrative.line() then return files.table(result:table(), path, options) end
   local writer, ending = writer_for(path)
   options = check_options(options)
   if (ending == ".csv" or ending == ".tsv") and core.write_csv and writer == files.separated[ending] then
      return core.write_csv(result, path, {
         separator = options.separator or ending == ".tsv" and "\t" or ",", formulas = options.formulas,
         excel = options.excel,
      })
   end
   -- A workbook takes the rows as they come.
   if ending == ".xlsx" and writer == files.separated[ending] then return writer(result, path, options) end
   return writer(result:table(), path, options)
end

--- The writers that come with the library, to tell whether a script has replaced one.
files.separated = {[".csv"] = files.writers[".csv"], [".tsv"] = files.writers[".tsv"]}

return files
