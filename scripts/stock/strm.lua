--- The links between actions as a set theory relationship mapping (STRM, NIST IR 8477), and back.
--- A row a pair: subset of, superset of, equal, intersects with, no relationship. With --import such a table (CSV,
--- XLSX, ODS) is checked and printed as YAML, to be put beside the data; its links are proposed until a second reader
--- agrees.
---@script strm
---@option focal document  The document that the relations are said of.
---@option reference document  The document it is compared with.
---@option import path  Read this mapping and print its links as YAML.
---@option skip boolean  With --import: leave out rows that cannot become a link.
---@reads link, action
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if not options.import then return difkit.strm.table(db, {focal = options.focal, reference = options.reference}) end
local mapping = assert(difkit.table.read(options.import))
local links, findings = difkit.strm.links(mapping, db)
if #findings > 0 and not options.skip then
   return nil, ("%s:%d: %s%s"):format(options.import, findings[1].line, findings[1].message,
      #findings > 1 and (" (and %d more)"):format(#findings - 1) or ""), "data"
end
if #links == 0 then return nil, options.import .. ": no row became a link", "data" end
io.write(difkit.links.yaml(links))
