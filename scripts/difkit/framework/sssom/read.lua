--- Links from SSSOM, in any form that it allows.
local core = require "difkit.core"
local errors = require "difkit.error"
local tables = require "difkit.table"
local words = require "difkit.framework.sssom.vocabulary"

local builtin = words.builtin
local vocabulary = words.own
local relations = words.relations
local denied = words.denied
local is_standard = words.is_standard

---@class difkit.sssom
local sssom = {}

local function percent_decoded(text)
   return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

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
