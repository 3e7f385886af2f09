--- Links as mappings in SSSOM, the simple standard for sharing ontological mappings (mapping-commons.github.io/sssom):
--- a table separated by tabs with a block of metadata above it, written in the canonical form of the specification, and
--- read in any form that it allows.
---
---   relation     as SSSOM                            read from as well
---   equal        skos:exactMatch                     owl:sameAs, owl:equivalentClass, owl:equivalentProperty
---   subset       skos:broadMatch                     rdfs:subClassOf, rdfs:subPropertyOf
---   superset     skos:narrowMatch
---   intersects   skos:relatedMatch
---   none         Not skos:relatedMatch; where a kind says that one helps the other, Not skos:closeMatch
---
--- Kind, status and digests have no place of their own in SSSOM: they are extension slots, defined in the metadata.
--- Actions are called as in the SKOS export: urn:difkit:FRAMEWORK:action:ID.
local core = require "difkit.core"
local errors = require "difkit.error"
local tables = require "difkit.table"

---Links between actions as SSSOM mappings, out and in.
---@class difkit.sssom
local sssom = {}

local builtin = {
   owl = "http://www.w3.org/2002/07/owl#",
   rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
   rdfs = "http://www.w3.org/2000/01/rdf-schema#",
   semapv = "https://w3id.org/semapv/vocab/",
   skos = "http://www.w3.org/2004/02/skos/core#",
   sssom = "https://w3id.org/sssom/",
   xsd = "http://www.w3.org/2001/XMLSchema#",
   linkml = "https://w3id.org/linkml/",
}

local vocabulary = "urn:difkit:vocabulary:"

local predicates = {equal = "exactMatch", subset = "broadMatch", superset = "narrowMatch", intersects = "relatedMatch"}

local relations = {
   [builtin.skos .. "exactMatch"] = "equal",
   [builtin.owl .. "sameAs"] = "equal",
   [builtin.owl .. "equivalentClass"] = "equal",
   [builtin.owl .. "equivalentProperty"] = "equal",
   [builtin.skos .. "broadMatch"] = "subset",
   [builtin.rdfs .. "subClassOf"] = "subset",
   [builtin.rdfs .. "subPropertyOf"] = "subset",
   [builtin.skos .. "narrowMatch"] = "superset",
   [builtin.skos .. "relatedMatch"] = "intersects",
}

local denied = {[builtin.skos .. "relatedMatch"] = "none", [builtin.skos .. "closeMatch"] = "none"}

--- The columns in the order of the specification, then the extension slots in that of their properties.
local slots = {
   "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
   "mapping_justification", "similarity_score", "comment",
}
local extensions = {"kind", "source_digest", "status", "target_digest"}

local is_standard = {}
for _, slot in ipairs(slots) do is_standard[slot] = true end

--- Writing ---------------------------------------------------------------------------------------------------------

local function percent_encoded(text)
   return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

local function percent_decoded(text)
   return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

--- A scalar of YAML, plain where that is possible.
local function scalar(text)
   local plain = text:find "^[%w/][^%c]*$" and not text:find ": " and not text:find " #" and not text:find "[%s:]$"
   local other = tonumber(text) or text:find "^%d%d%d%d%-%d%d?%-%d%d?"
      or ({["true"] = true, ["false"] = true, null = true, yes = true, no = true, on = true, off = true})[text:lower()]
   if plain and not other then return text end
   return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"):gsub("\t", "\\t"):gsub("\r", "\\r") .. '"'
end

--- The prefix by which the actions of a framework are called.
local function prefix_of(framework)
   local prefix = framework:gsub("[^%w_.-]", "_")
   if builtin[prefix] or prefix == "difkit" or not prefix:find "^[%a_]" then prefix = "_" .. prefix end
   return prefix
end

local function cell(value)
   if value == nil then return "" end
   if value:find '[\t\n\r"]' then return '"' .. value:gsub('"', '""') .. '"' end
   return value
end

--- A number with up to three digits after the point.
local function short_number(x)
   return (("%.3f"):format(x):gsub("0+$", ""):gsub("%.$", ""))
end

--- The links as rows of text by slot, sorted by all slots, and the frameworks they touch.
local function mappings(db)
   local overlap = require "difkit.framework.overlap"
   local touched, rows = {}, {}
   local sql = [[SELECT l.source_id, s.text, sd.framework_id, l.target_id, t.text, td.framework_id, l.relation, l.kind,
         l.rationale, l.status, l.source_digest, l.target_digest
      FROM link AS l JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id
      JOIN document AS sd ON sd.id = s.document_id JOIN document AS td ON td.id = t.document_id]]
   for row in db:query(sql):rows() do
      touched[row[3]], touched[row[6]] = true, true
      local none = row[7] == "none"
      rows[#rows + 1] = {
         subject_id = prefix_of(row[3]) .. ":" .. percent_encoded(row[1]), subject_label = row[2],
         predicate_id = "skos:" .. (predicates[row[7]] or row[8] and "closeMatch" or "relatedMatch"),
         predicate_modifier = none and "Not" or nil,
         object_id = prefix_of(row[6]) .. ":" .. percent_encoded(row[4]), object_label = row[5],
         mapping_justification = "semapv:ManualMappingCuration",
         similarity_score = short_number(overlap.score(db, row[1], row[4])), comment = row[9],
         kind = row[8], status = row[10], source_digest = row[11], target_digest = row[12],
      }
   end
   table.sort(rows, function(a, b)
      for _, slot in ipairs(slots) do
         local one, other = a[slot] or "", b[slot] or ""
         if one ~= other then return one < other end
      end
      return false
   end)
   return rows, touched
end

--- The block of metadata, one line each.
local function metadata(db, touched, used, license)
   local frameworks = {}
   for framework in db:query "SELECT id, title, version FROM framework ORDER BY id" do
      if touched[framework.id] then frameworks[#frameworks + 1] = framework end
   end
   local lines, prefixes = {"curie_map:"}, {{"difkit", vocabulary}}
   for _, framework in ipairs(frameworks) do
      prefixes[#prefixes + 1] = {prefix_of(framework.id),
         ("urn:difkit:%s:action:"):format(percent_encoded(framework.id))}
   end
   table.sort(prefixes, function(a, b) return a[1] < b[1] end)
   for _, prefix in ipairs(prefixes) do lines[#lines + 1] = ("  %s: %s"):format(prefix[1], scalar(prefix[2])) end
   local only = #frameworks == 1 and frameworks[1] or nil
   local function add(slot, value)
      if value then lines[#lines + 1] = ("%s: %s"):format(slot, scalar(value)) end
   end
   add("mapping_set_id", only and ("urn:difkit:%s:links"):format(percent_encoded(only.id)) or "urn:difkit:links")
   add("mapping_set_version", only and only.version)
   add("mapping_set_title", only and "Links between actions: " .. only.title or "Links between actions")
   add("license", license or "https://w3id.org/sssom/license/unspecified")
   add("subject_type", "skos concept")
   add("object_type", "skos concept")
   add("similarity_measure", "cosine of stemmed words weighted by (1 + ln tf) ln(N / df)")
   lines[#lines + 1] = "extension_definitions:"
   for _, name in ipairs(extensions) do
      if used[name] then
         lines[#lines + 1] = "  - slot_name: ext_" .. name
         lines[#lines + 1] = "    property: difkit:" .. name
      end
   end
   return lines
end

---The links of the data as SSSOM/TSV, in its canonical form: to a file, or given back as text.
---
---```lua
---local text = difkit.sssom.write(nil, db)
---print(text:match "\nasean%-dif:ACRF.LF.1\t[^\t]*\t([%w:]+)\t") --> skos:exactMatch
---```
---@param path string|nil nil: the text is given back
---@param db difkit.Database
---@param options? {license?: string} `license`: its address; without it the file says that it is unspecified
---@return boolean|string|nil done
---@return string|nil message
---@return string|nil code
function sssom.write(path, db, options)
   errors.check("sssom.write", "path", path, "string", "optional")
   errors.check("sssom.write", "db", db, "userdata")
   options = errors.options("sssom.write", options, {"license"})
   errors.check("sssom.write", "license", options.license, "string", "optional")
   local rows, touched = mappings(db)
   -- An empty column is left out; the four that SSSOM demands are never empty.
   local used = {subject_id = true, predicate_id = true, object_id = true, mapping_justification = true}
   for _, row in ipairs(rows) do
      for _, slot in ipairs(slots) do used[slot] = used[slot] or row[slot] ~= nil end
      for _, name in ipairs(extensions) do used[name] = used[name] or row[name] ~= nil end
   end
   local out = {}
   for _, line in ipairs(metadata(db, touched, used, options.license)) do out[#out + 1] = "#" .. line end
   if out[#out] == "#extension_definitions:" then out[#out] = nil end
   local header, keys = {}, {}
   for _, slot in ipairs(slots) do
      if used[slot] then header[#header + 1], keys[#keys + 1] = slot, slot end
   end
   for _, name in ipairs(extensions) do
      if used[name] then header[#header + 1], keys[#keys + 1] = "ext_" .. name, name end
   end
   out[#out + 1] = table.concat(header, "\t")
   for _, row in ipairs(rows) do
      local cells = {}
      for i, key in ipairs(keys) do cells[i] = cell(row[key]) end
      out[#out + 1] = table.concat(cells, "\t")
   end
   local text = table.concat(out, "\n") .. "\n"
   if path == nil then return text end
   local done, message, code = core.write_file(path, text)
   if done then return done end
   require("difkit.condition").dropped("write", message)
   return nil, message, code
end

--- Reading ---------------------------------------------------------------------------------------------------------

local function unquoted(text)
   text = text:match "^%s*(.-)%s*$"
   local inner = text:match '^"(.*)"$'
   if inner then return (inner:gsub('\\(["\\])', "%1")) end
   return text:match "^'(.*)'$" or (text:gsub("%s+#.*$", ""))
end

--- What is needed of the metadata: the prefixes, and which slots hold our extensions.
local function read_metadata(lines)
   local prefixes, names, block, slot = {}, {}, nil, nil
   for prefix, iri in pairs(builtin) do prefixes[prefix] = iri end
   for _, line in ipairs(lines) do
      local top = line:match "^([%w_]+):"
      if top then
         block, slot = top, nil
      elseif block == "curie_map" then
         local prefix, iri = line:match "^%s+[\"']?([%w_.-]+)[\"']?:%s+(.+)$"
         if prefix then prefixes[prefix] = unquoted(iri) end
      elseif block == "extension_definitions" then
         if line:find "^%s*%-" then slot = {} end
         local key, value = line:match "([%w_]+):%s+(.+)$"
         if slot and key then
            slot[key] = unquoted(value)
            if slot.slot_name and slot.property then names[slot.slot_name] = slot.property end
         end
      end
   end
   return prefixes, names
end

--- The records of a table separated by tabs: lists of cells, each with the line on which it begins. nil and a message
--- when a quote has no end.
local function records(text, line)
   local found, position = {}, 1
   while position <= #text do
      local cells, begins = {line = line}, position
      while true do
         if text:sub(position, position) == '"' then
            local parts, from = {}, position + 1
            while true do
               local stop = text:find('"', from, true)
               if not stop then return nil, ("line %d: a cell in quotes has no end"):format(cells.line) end
               parts[#parts + 1] = text:sub(from, stop - 1)
               from = stop + 1
               if text:sub(from, from) ~= '"' then break end
               parts[#parts + 1] = '"'
               from = from + 1
            end
            cells[#cells + 1] = table.concat(parts)
            position = from
            if position <= #text and not text:find("^[\t\r\n]", position) then
               return nil, ("line %d: text after the closing quote of a cell"):format(cells.line)
            end
         else
            local stop = text:find("[\t\r\n]", position) or #text + 1
            cells[#cells + 1] = text:sub(position, stop - 1)
            position = stop
         end
         if text:sub(position, position) ~= "\t" then break end
         position = position + 1
      end
      if text:sub(position, position) == "\r" then position = position + 1 end
      if text:sub(position, position) == "\n" then position = position + 1 end
      line = line + select(2, text:sub(begins, position - 1):gsub("\n", ""))
      if #cells > 1 or cells[1] ~= "" then found[#found + 1] = cells end
   end
   return found
end

--- A name in CURIE syntax as an address in full, or nil.
local function expanded(curie, prefixes)
   local prefix, rest = curie:match "^([%w_.-]+):(.*)$"
   local iri = prefix and prefixes[prefix]
   return iri and iri .. rest
end

--- The action that a CURIE names, or nil and what is wrong.
local function action_of(curie, prefixes, known)
   if curie == "" then return nil, "names no action" end
   local iri = expanded(curie, prefixes)
   if not iri then return nil, ('"%s": the prefix is not in curie_map'):format(curie) end
   if iri == builtin.sssom .. "NoTermFound" then
      return nil, "says that no match was found; a link needs two actions"
   end
   local id = percent_decoded(iri:match "^urn:difkit:[^:]+:action:(.+)$" or curie:match ":(.*)$")
   if known.text[id] then return id end
   local near = core.nearest(id, known.ids)
   return nil, ('no action "%s"%s'):format(id, near and ('; did you mean "%s"?'):format(near) or "")
end

--- One row as a link, or nil and what is wrong.
local function link_of(row, prefixes, known)
   local source, problem = action_of(row.subject_id or "", prefixes, known)
   if not source then return nil, "subject_id: " .. problem end
   local target
   target, problem = action_of(row.object_id or "", prefixes, known)
   if not target then return nil, "object_id: " .. problem end
   if source == target then return nil, ("%s is linked to itself"):format(source) end
   local predicate = expanded(row.predicate_id or "", prefixes)
   if not predicate then return nil, ('predicate_id: "%s" cannot be read'):format(row.predicate_id or "") end
   local negated = (row.predicate_modifier or "") ~= ""
   if negated and row.predicate_modifier:lower() ~= "not" then
      return nil, ('predicate_modifier: "%s" is not known; Not is'):format(row.predicate_modifier)
   end
   local relation = (negated and denied or relations)[predicate]
   if not relation then
      local message = "%s%s says too little of how the two relate; " ..
         "exactMatch, broadMatch, narrowMatch and relatedMatch do"
      return nil, message:format(negated and "Not " or "", row.predicate_id)
   end
   local function digest(own, label, id)
      if own and own:find "^%x+$" and #own >= 16 then return core.lower(own) end
      if label == known.text[id] then return core.digest(label):sub(1, 16) end
   end
   local function one_of(value, ...)
      for _, allowed in ipairs {...} do
         if value == allowed then return value end
      end
   end
   local why = row.comment or ""
   if why == "" then
      why = ("Imported without a reason: %s."):format(row.mapping_justification or "no justification either")
   end
   return {
      source = source, target = target, relation = relation,
      kind = one_of(row.kind, "repeats", "inherits", "supersedes", "supports"), rationale = why,
      status = one_of(row.status, "reviewed") or "proposed",
      source_digest = digest(row.source_digest, row.subject_label, source),
      target_digest = digest(row.target_digest, row.object_label, target),
   }
end

local link_columns = {
   "source", "target", "relation", "kind", "rationale", "status", "source_digest", "target_digest",
}

--- Splits the block of metadata from the table. The number of its lines comes third.
local function split(text)
   local lines, position = {}, 1
   while text:sub(position, position) == "#" do
      local stop = text:find("\n", position, true) or #text + 1
      lines[#lines + 1] = (text:sub(position + 1, stop - 1):gsub("\r$", ""))
      position = stop + 1
   end
   -- Blanks between "#" and the YAML are allowed, as many in every line.
   local indent = lines[1] and #lines[1]:match "^ *" or 0
   for i, line in ipairs(lines) do lines[i] = line:sub(indent + 1) end
   return lines, text:sub(position), #lines
end

---Reads mappings from SSSOM/TSV text as links between the actions of the data. Rows that cannot become a link are
---findings, each with its line; nothing is left out in silence. Text that is no such table gives nil, a message and a
---code.
---
---```lua
---local text = "#curie_map:\n#  x: https://example.org/\n" ..
---   "subject_id\tpredicate_id\tobject_id\tmapping_justification\n" ..
---   "x:DIFAP.TF.1\tskos:broadMatch\tx:ACRF.TF.1\tsemapv:ManualMappingCuration\n" ..
---   "x:DIFAP.TF.1\tskos:closeMatch\tx:ACRF.TF.2\tsemapv:ManualMappingCuration\n"
---local links, findings = difkit.sssom.parse(text, db)
---print(links[1].source, links[1].relation, links[1].target) --> DIFAP.TF.1	subset	ACRF.TF.1
---print(findings[1].line, findings[1].message:match "^%S+ %S+ %S+ %S+")    --> 5	skos:closeMatch says too little
---```
---@param text string
---@param db difkit.Database whose actions the mappings speak of
---@param outside? string the metadata, where they stand in a file of their own
---@return difkit.Table|nil links columns source, target, relation, kind, rationale, status and the two digests
---@return difkit.Table|string findings columns line, message; or a message
---@return string|nil code
function sssom.parse(text, db, outside)
   errors.check("sssom.parse", "text", text, "string")
   errors.check("sssom.parse", "db", db, "userdata")
   errors.check("sssom.parse", "outside", outside, "string", "optional")
   if not core.valid_utf8(text) then return nil, "not valid UTF-8", "data" end
   local lines, body, passed = split(text)
   if outside then
      for line in (outside .. "\n"):gmatch "(.-)\r?\n" do lines[#lines + 1] = line end
   end
   local prefixes, named = read_metadata(lines)
   local found, problem = records(body, passed + 1)
   if not found then return nil, problem, "data" end
   local header = found[1]
   if not header then return nil, "there is no table: the line with the names of the columns is missing", "data" end
   local columns = {}
   for i, name in ipairs(header) do
      -- Ours are the extensions whose property is of our vocabulary, whatever the slot is called; others are discarded.
      local own = (expanded(named[name] or "", prefixes) or ""):match("^" .. vocabulary .. "(.+)$")
      columns[i] = own or is_standard[name] and name or ""
      columns[columns[i]] = true
   end
   for _, slot in ipairs {"subject_id", "predicate_id", "object_id"} do
      if not columns[slot] then
         return nil, ("line %d: no column %s"):format(header.line, slot), "data"
      end
   end
   local known = {text = {}, ids = {}}
   for row in db:query("SELECT id, text FROM action ORDER BY id"):rows() do
      known.text[row[1]] = row[2]
      known.ids[#known.ids + 1] = row[1]
   end
   local links, findings, seen = {}, {}, {}
   for i = 2, #found do
      local row = {}
      for j, name in ipairs(columns) do row[name] = found[i][j] end
      local link
      if #found[i] ~= #header then
         problem = ("%d cells where the header has %d"):format(#found[i], #header)
      else
         link, problem = link_of(row, prefixes, known)
      end
      local key = link and link.source .. "\0" .. link.target
      if link and seen[key] then
         problem = ("%s and %s were linked on line %d already"):format(link.source, link.target, seen[key])
         link = nil
      end
      if link then
         seen[key] = found[i].line
         links[#links + 1] = link
      else
         findings[#findings + 1] = {found[i].line, problem}
      end
   end
   return tables(link_columns, links), tables({"line", "message"}, findings)
end

---Reads a file as `sssom.parse` does. Where it has no metadata, they are taken from the file beside it whose name ends
---in .sssom.yml, if there is one.
---
---```lua
---print(difkit.sssom.read("no-such.tsv", db)) --> nil	cannot read no-such.tsv: No such file or directory	io
---```
---@param path string
---@param db difkit.Database
---@return difkit.Table|nil links
---@return difkit.Table|string findings
---@return string|nil code
function sssom.read(path, db)
   errors.check("sssom.read", "path", path, "string")
   local text, message, code = core.read_file(path)
   if not text then
      require("difkit.condition").note("sssom.read", message)
      return nil, message, code
   end
   local outside
   if text:sub(1, 1) ~= "#" then
      outside = core.read_file((path:gsub("%.sssom%.tsv$", ""):gsub("%.tsv$", "")) .. ".sssom.yml")
   end
   local links, findings, kind = sssom.parse(text, db, outside)
   if not links then
      require("difkit.condition").note("sssom.read", path .. ": " .. findings)
      return nil, path .. ": " .. findings, kind
   end
   return links, findings
end

return sssom
