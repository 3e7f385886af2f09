--- The links between actions as SSSOM mappings (a table separated by tabs), and back.
--- SSSOM is the simple standard for sharing mappings: other tools read it, and links made elsewhere come in by it. The
--- relation is told as skos:exactMatch, broadMatch, narrowMatch or relatedMatch; `none` as Not. Nothing is lost on the
--- way: kind, status and digests travel as extensions.
---
--- With --import the mappings of a file are checked and printed as YAML, to be put beside the data or laid over it with
--- --with. A row that cannot become a link stops the import; --skip leaves such rows out, and says so in the YAML.
---@script sssom
---@option import path  Read this file (.sssom.tsv) and print its links as YAML.
---@option skip boolean  With --import: leave out rows that cannot become a link.
---@option license text  Address of the licence to name in the file.
---@option file path  Write to this file below --out instead of printing.
---@reads link, action, document, framework, abbreviation
---@writes the file of --file
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local text
if options.import then
   local links, findings, code = difkit.sssom.read(options.import, db)
   if not links then return nil, findings, code end
   if #findings > 0 and not options.skip then
      return nil, ("%s:%d: %s%s"):format(options.import, findings[1].line, findings[1].message,
         #findings > 1 and (" (and %d more)"):format(#findings - 1) or ""), "data"
   end
   local lines = {}
   for finding in findings:rows() do
      lines[#lines + 1] = ("# left out, line %d: %s\n"):format(finding.line, (finding.message:gsub("%c", " ")))
   end
   if #links == 0 then return nil, options.import .. ": no mapping became a link", "data" end
   text = table.concat(lines) .. difkit.links.yaml(links)
else
   text = difkit.sssom.write(nil, db, {license = options.license})
end

if not options.file then
   io.write(text)
   return
end
local done, message, code = difkit.text.write(options.file, text)
if not done then return nil, message, code end
