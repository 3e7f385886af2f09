--- Links as SSSOM, in the canonical form of the specification.
local core = require "difkit.core"
local errors = require "difkit.error"
local words = require "difkit.framework.sssom.vocabulary"

local builtin = words.builtin
local vocabulary = words.own
local predicates = words.predicates
local slots = words.slots
local extensions = words.extensions

---@class difkit.sssom
local sssom = {}

local function percent_encoded(text)
   return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
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

return sssom
