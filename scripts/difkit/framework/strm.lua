--- Links as a set theory relationship mapping: a table as NIST IR 8477 describes it, with a row a pair of actions,
--- out and in.
local errors = require "difkit.error"
local tables = require "difkit.table"

---Mappings in the form of NIST's set theory relationship mapping (STRM, NIST IR 8477).
---@class difkit.strm
local strm = {}

local columns = {
   "Focal Document Element", "Focal Document Element Description", "Rationale", "Relationship",
   "Reference Document Element", "Reference Document Element Description", "Comments", "Status",
}

local words = {
   equal = "equal", subset = "subset of", superset = "superset of", intersects = "intersects with",
   none = "no relationship",
}
local relations = {}
for relation, word in pairs(words) do relations[word] = relation end

---The links between actions as a mapping. The rationale of STRM is `semantic`: difkit's links compare meanings; what
---the reader wrote stands under Comments, and whether a second reader agreed under Status.
---
---```lua
---local t = difkit.strm.table(db, {focal = "DIFAP", reference = "ACRF"})
---print(t[1].Rationale, t[1].Relationship) --> semantic	subset of
---```
---@param db difkit.Database
---@param options? {focal?: string, reference?: string} documents
---@return difkit.Table
function strm.table(db, options)
   options = errors.options("strm.table", options, {"focal", "reference"})
   local inverse, rows = require("difkit.framework.judged").inverse, {}
   for row in db:query([[SELECT l.source_id, s.text AS source_text, s.document_id AS source_document, l.target_id,
      t.text AS target_text, t.document_id AS target_document, l.relation, l.rationale, l.status FROM link AS l
      JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id
      ORDER BY l.source_id, l.target_id]]) do
      local function fits(focal, reference)
         return (not options.focal or focal == options.focal) and (not options.reference
            or reference == options.reference)
      end
      if fits(row.source_document, row.target_document) then
         rows[#rows + 1] = {
            row.source_id, row.source_text, "semantic", words[row.relation], row.target_id, row.target_text,
               row.rationale,
            row.status,
         }
      elseif fits(row.target_document, row.source_document) then
         rows[#rows + 1] = {
            row.target_id, row.target_text, "semantic", words[inverse(row.relation)], row.source_id, row.source_text,
            row.rationale, row.status,
         }
      end
   end
   local t = tables(columns, rows)
   t.title = "Set theory relationship mapping"
   return t
end

local function problem(findings, row, message) findings[#findings + 1] = {row + 1, message} end

---Reads a mapping made elsewhere, a table with these columns: the rows that can become links, as `difkit.links.yaml`
---takes them, and what is wrong with the others. A link that comes in is proposed until a second reader agrees.
---
---```lua
---local links = difkit.strm.links(difkit.strm.table(db), db)
---print(#links == db:from "link":count()) --> true
---```
---@param mapping difkit.Table
---@param db difkit.Database whose actions are meant
---@return difkit.Table links source, target, relation, rationale, status
---@return difkit.Table findings line, message
function strm.links(mapping, db)
   for _, name in ipairs {columns[1], columns[4], columns[5]} do
      local there = false
      for _, known in ipairs(mapping.columns) do there = there or known == name end
      if not there then errors.unknown("column", name, mapping.columns, "the mapping") end
   end
   local has, known, findings, rows = {}, {}, {}, {}
   for _, name in ipairs(mapping.columns) do has[name] = true end
   for row in db:query "SELECT id FROM action":rows() do known[row[1]] = true end
   for i, row in ipairs(mapping) do
      local source, target, word = row[columns[1]], row[columns[5]], row[columns[4]]
      local relation = relations[tostring(word):lower():gsub("%s+", " ")]
      if not relation then
         problem(findings, i, ('unknown relationship "%s"; have equal, subset of, superset of, intersects with, no '
            .. 'relationship'):format(tostring(word)))
      elseif not known[source] or not known[target] then
         problem(findings, i, ('no action "%s"'):format(tostring(known[source] and target or source)))
      elseif source == target then
         problem(findings, i, "a link joins an action with itself")
      else
         rows[#rows + 1] = {
            source = source, target = target, relation = relation, status = "proposed",
            rationale = has.Comments and row.Comments or has.Rationale and row.Rationale or "taken from a mapping",
         }
      end
   end
   return tables({"source", "target", "relation", "rationale", "status"}, rows), tables({"line", "message"}, findings)
end

return strm
