--- A file as grids: by its first bytes, never by its name. Texts are decoded, archives opened, workbooks read.
local core = require "difkit.core"
local delimited = require "difkit.import.delimited"
local Grid = require "difkit.import.grid"

local source = {}

local function refuse(message, hint) return nil, {message = message, hint = hint} end

--- What is no text and is known all the same.
local function foreign(bytes)
   if bytes:sub(1, 4) == "\xD0\xCF\x11\xE0" then
      return "it is a workbook of Excel 97–2003", "open it in a spreadsheet program and save as XLSX"
   end
   if bytes:sub(1, 4) == "%PDF" then return "it is a PDF", "ask for the table as a workbook or CSV" end
   if bytes:sub(1, 8) == "\x89PNG\r\n\x1A\n" or bytes:sub(1, 3) == "\xFF\xD8\xFF" then
      return "it is a picture", "ask for the table as a workbook or CSV"
   end
   if bytes:sub(1, 6) == "SQLite" then return "it is a database", "open it with --db" end
   if bytes:sub(1, 2) == "\x1F\x8B" then return "it is compressed by gzip", "unpack it first: gunzip FILE" end
end

--- What a message without data says in its footer.
local function provider_says(tree)
   local workbook = require "difkit.import.workbook"
   local footer = workbook.child(tree, "Footer")
   local message = footer and workbook.child(footer, "Message")
   local text = message and workbook.child(message, "Text")
   return text and not workbook.child(tree, "DataSet") and workbook.text_of(text) or nil
end

--- A text as one grid, or as a tree of JSON or XML.
local function from_text(name, bytes, options)
   local text, encoding = delimited.decode(bytes, options.encoding)
   if not text then return refuse(encoding) end
   local start = text:match "^%s*(.?)"
   if start == "<" then
      if text:find "^%s*<!DOCTYPE%s+[Hh]" or text:lower():find "<html" or text:lower():find "<table" then
         return refuse("it is an HTML page",
            "open it in a spreadsheet program and save as XLSX, or ask for the data as CSV")
      end
      if text:find("<!DOCTYPE", 1, true) or text:find("<!ENTITY", 1, true) then
         return refuse("it has a document type with entities, which are never expanded", "ask for the data without it")
      end
      local tree, message = core.parse_xml(text)
      if not tree then return refuse("it is no XML that can be read: " .. message,
         "the file may be cut; ask for it again") end
      local said = provider_says(tree)
      if said then return refuse("it has no data; the provider says: " .. said, "ask again, for less at a time") end
      return {kind = "xml", tree = tree, grids = {}, encoding = encoding}
   end
   if start == "{" or start == "[" then
      local tree, message = require("difkit.format.json").decode(text)
      if not tree then return refuse("it is no JSON that can be read: " .. message, "the file may be cut") end
      return {kind = "json", tree = tree, grids = {}, encoding = encoding}
   end
   if text:find "^%s*$" then return refuse "it is empty" end
   if not text:find "[\r\n]$" and not options.whole then
      return refuse("its last line has no end: the file may be cut",
         "say --whole when it is complete, or add the end of the line")
   end
   local rows, separator = delimited.rows(text, options)
   if not rows then return refuse(separator) end
   return {
      kind = "text", encoding = encoding, separator = separator, grids = {Grid.new(name, rows)}, text = text,
   }
end

--- The sheets of a workbook that are shown.
local function from_workbook(name, entries)
   local grids, hidden = require("difkit.import.workbook").read(name, entries)
   if not grids then return refuse(hidden, "open it in a spreadsheet program and save as XLSX") end
   if #grids == 0 then return refuse "its sheets are empty" end
   return {kind = "workbook", grids = grids, hidden = hidden}
end

--- The text files of an archive, their grids together.
local function from_archive(entries, options)
   local found, problem = {kind = "archive", grids = {}}, nil
   for _, entry in ipairs(entries) do
      local text = entry.text
      if text:sub(1, 2) == "PK" then
         problem = {message = entry.name .. ": an archive within an archive is not opened",
            hint = "unpack the outer one first"}
      elseif text ~= "" and not entry.name:find "/$" and not foreign(text) then
         local one, message = from_text(entry.name, text, options)
         if one and one.grids then
            found.encoding, found.separator = found.encoding or one.encoding, found.separator or one.separator
            for _, grid in ipairs(one.grids) do
               grid.entry = entry.name
               found.grids[#found.grids + 1] = grid
            end
         else
            problem = problem or message and {message = entry.name .. ": " .. message.message, hint = message.hint}
         end
      end
   end
   if problem then return nil, problem end
   if #found.grids == 0 then return refuse "the archive holds no table" end
   return found
end

---Reads a file: `kind`, `grids`, what was detected; or nil and {message, hint}.
---@param path string
---@param bytes string
---@param options table
function source.read(path, bytes, options)
   local name = path:match "[^/]+$"
   local message, hint = foreign(bytes)
   if message then return refuse(message, hint) end
   if bytes == "" then return refuse "it is empty" end
   if bytes:sub(1, 2) == "PK" then
      local entries, problem = core.read_archive(path)
      if not entries then return refuse((problem:gsub("^" .. path:gsub("%p", "%%%0") .. ": ", ""))) end
      for _, entry in ipairs(entries) do
         if entry.name == "xl/workbook.xml" or entry.name == "content.xml" then return from_workbook(name, entries) end
      end
      return from_archive(entries, options)
   end
   return from_text(name, bytes, options)
end

return source
