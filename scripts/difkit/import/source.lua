--- A file as grids: by its first bytes, never by its name. Texts are decoded, archives opened, workbooks read.
local core = require "difkit.core"
local Grid = require "difkit.import.grid"
local read = require "difkit.format.read"
local tree_of = require "difkit.import.tree"

local source = {}

local function refuse(message, hint) return nil, {message = message, hint = hint} end

--- What is no table and is known all the same.
local function foreign(bytes)
   if bytes:sub(1, 4) == "%PDF" then return "it is a PDF", "ask for the table as a workbook or CSV" end
   if bytes:sub(1, 8) == "\x89PNG\r\n\x1A\n" or bytes:sub(1, 3) == "\xFF\xD8\xFF" then
      return "it is a picture", "ask for the table as a workbook or CSV"
   end
   if bytes:sub(1, 6) == "SQLite" then return "it is a database", "open it with --db" end
end

--- What a message without data says in its footer.
local function provider_says(tree)
   local child = tree_of.child
   local footer = child(tree, "Footer")
   local message = footer and child(footer, "Message")
   local text = message and child(message, "Text")
   return text and not child(tree, "DataSet") and tree_of.text_of(text) or nil
end

---The rows of a text, empty cells as empty texts; those that begin with the sign of a comment left out. Raises what is
---wrong with them.
---@param file table of format/read.lua
---@param comment? string
---@return table rows
function source.text_rows(file, comment)
   local rows = {}
   for row in file:rows() do
      for j = 1, row.n do row[j] = row[j] or "" end
      if not (comment and row[1]:sub(1, #comment) == comment) then rows[#rows + 1] = row end
   end
   return rows
end

local function from_xml(text, encoding)
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

--- Whether a text is the YAML of a framework: an OSCAL catalog, or a library of CISO Assistant, which has its list of
--- requirements far behind.
local function yaml_framework(head)
   if head:find "%f[^%z\n]catalog:%s*\n" then return head:find "\n%s+metadata:%s*\n" ~= nil end
   return head:find "%f[^%z\n]objects:%s*\n" ~= nil
      and (head:find "\n%s+requirement_nodes:" or head:find "%f[^%z\n]urn:%s*['\"]?urn:") ~= nil
end

--- A text as one grid, or as a tree of JSON or XML.
local function from_text(name, file, options)
   if file.container == "html" then
      return refuse("it is an HTML page",
         "open it in a spreadsheet program and save as XLSX, or ask for the data as CSV")
   end
   local encoding = file.encoding:lower()
   local head, ended = file:ends()
   if file.container == "xml" or file.container == "json" or head:find "^%s*[{%[]%s*$" then
      local text, problem = file:text()
      if not text then return refuse(problem) end
      if file.container == "xml" then return from_xml(text, encoding) end
      local tree, message = require("difkit.format.json").decode(text)
      if not tree then return refuse("it is no JSON that can be read: " .. message, "the file may be cut") end
      return {kind = "json", tree = tree, grids = {}, encoding = encoding}
   end
   if head:find "^%s*$" then return refuse "it is empty" end
   if yaml_framework(head) and file.path == options.path then
      local tree, message = core.read_yaml(file.path)
      if not tree then return refuse("it is no YAML that can be read: " .. message) end
      return {kind = "yaml", tree = tree, grids = {}, encoding = encoding}
   end
   if not ended and not options.whole then
      return refuse("its last line has no end: the file may be cut",
         "say --whole when it is complete, or add the end of the line")
   end
   local grid = Grid.keep(name, file:keep())
   return {kind = "text", encoding = encoding, separator = file.separator, grids = {grid}}
end

--- The sheets of a workbook that are shown.
local function from_workbook(name, file)
   local grids, hidden = require("difkit.import.workbook").read(name, file)
   if #grids == 0 then return refuse "its sheets are empty" end
   return {kind = "workbook", grids = grids, hidden = hidden}
end

local from_file

--- The files of an archive, their grids together.
local function from_archive(file, options)
   local found, problem = {kind = "archive", grids = {}}, nil
   for _, entry in ipairs(file.entries) do
      if entry.size > 0 and not entry.name:find "/$" and not entry.name:find "^__MACOSX/" then
         local inner, message = file:entry(entry.name, options)
         -- What is no text beside the data (a picture, a manual) is not what is asked for.
         if inner or not message:find("not a text", 1, true) then
            local one, why
            if inner then one, why = from_file(entry.name, inner, options) else one, why = refuse(message) end
            if inner then inner:close() end
            if one then
               found.encoding, found.separator = found.encoding or one.encoding, found.separator or one.separator
               for _, grid in ipairs(one.grids) do
                  grid.entry = entry.name
                  found.grids[#found.grids + 1] = grid
               end
            else
               problem = problem or {message = entry.name .. ": " .. why.message, hint = why.hint}
            end
         end
      end
   end
   if problem then return nil, problem end
   if #found.grids == 0 then return refuse "the archive holds no table" end
   return found
end

function from_file(name, file, options)
   if file.sheets then return from_workbook(name, file) end
   if file.entries then return from_archive(file, options) end
   if file.variables then
      local list, count = require("difkit.format.answers").read(file)
      return {kind = "survey", grids = {}, program = file.container, variables = list, count = count}
   end
   return from_text(name, file, options)
end

---Reads a file: `kind`, `grids`, what was detected; or nil and {message, hint}.
---@param path string
---@param head string its first bytes
---@param options table
function source.read(path, head, options)
   local name = path:match "[^/]+$"
   options = setmetatable({path = path}, {__index = options})
   local message, hint = foreign(head)
   if message then return refuse(message, hint) end
   local file, problem = read.open(path, options)
   if not file then
      local _, behind = problem:find(path .. ": ", 1, true)
      return refuse(behind and problem:sub(behind + 1) or problem)
   end
   local done, found, why = pcall(from_file, name, file, options)
   file:close()
   if done then return found, why end
   if type(found) ~= "table" or found.code ~= "data" then error(found, 0) end
   local _, behind = found.message:find(path, 1, true)
   return refuse(behind and found.message:sub(behind + 1):gsub("^: ?", "") or found.message, found.hint)
end

return source
