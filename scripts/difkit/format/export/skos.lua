--- The framework as SKOS (w3.org/TR/skos-reference) in JSON-LD: a concept scheme whose concepts are areas, topics and
--- actions. An action says which document it comes from (dcterms:isPartOf) and where its words stand.
local core = require "difkit.core"
local json = require "difkit.format.json"

local skos = {}

local context = json.object {
   {"skos", "http://www.w3.org/2004/02/skos/core#"},
   {"dcterms", "http://purl.org/dc/terms/"},
}

--- How a link between actions reads as a match of concepts: the source of the link is the subject.
local matches = {
   equal = "skos:exactMatch", subset = "skos:broadMatch", superset = "skos:narrowMatch",
   intersects = "skos:relatedMatch",
}

local function identifier(text)
   return (text:gsub("[^%w._~-]", function(c) return ("%%%02X"):format(c:byte()) end))
end

--- The graph, in the order of the framework.
local function graph(db, options)
   local language = options.language or "en"
   local nodes = json.array {}
   local function said(text) return json.object {{"@language", language}, {"@value", text}} end
   local function add(pairs_of)
      local kept = {}
      for _, pair in ipairs(pairs_of) do
         if pair[2] ~= nil then kept[#kept + 1] = pair end
      end
      nodes[#nodes + 1] = json.object(kept)
      return nodes[#nodes], kept
   end
   for framework in db:query "SELECT * FROM framework ORDER BY id" do
      local base = options.base or "urn:difkit:" .. identifier(framework.id) .. ":"
      local function name(kind, id) return {["@id"] = base .. kind .. ":" .. identifier(id)} end
      local scheme = {["@id"] = base:gsub("[:/#]$", "")}
      local links = {}
      for link in db:query "SELECT source_id, target_id, relation FROM link ORDER BY source_id, target_id, relation" do
         local property = matches[link.relation]
         if property then
            local of = links[link.source_id] or {}
            links[link.source_id] = of
            of[property] = of[property] or json.array {}
            table.insert(of[property], name("action", link.target_id))
         end
      end
      local areas = db:query("SELECT * FROM area WHERE framework_id = ? ORDER BY number, id", framework.id):all()
      local tops = json.array {}
      for i, area in ipairs(areas) do tops[i] = name("area", area.id) end
      add {{"@id", scheme["@id"]}, {"@type", "skos:ConceptScheme"}, {"skos:prefLabel", said(framework.title)},
         {"dcterms:hasVersion", framework.version}, {"dcterms:source", framework.source}, {"skos:hasTopConcept", tops}}
      for document in db:query("SELECT * FROM document WHERE framework_id = ? ORDER BY adopted, id", framework.id) do
         add {{"@id", name("document", document.id)["@id"]}, {"@type", "dcterms:BibliographicResource"},
            {"dcterms:identifier", document.id}, {"dcterms:title", said(document.title)},
            {"dcterms:issued", document.adopted}}
      end
      for _, area in ipairs(areas) do
         add {{"@id", name("area", area.id)["@id"]}, {"@type", "skos:Concept"}, {"skos:notation", area.id},
            {"skos:prefLabel", said(area.title)}, {"skos:topConceptOf", scheme}, {"skos:inScheme", scheme}}
         for topic in db:query("SELECT * FROM topic WHERE area_id = ? ORDER BY position, id", area.id) do
            add {{"@id", name("topic", topic.id)["@id"]}, {"@type", "skos:Concept"}, {"skos:notation", topic.id},
               {"skos:prefLabel", said(topic.title)}, {"skos:note", topic.note and said(topic.note)},
               {"skos:broader", name("area", area.id)}, {"skos:inScheme", scheme}}
            for action in db:query([[SELECT action.* FROM action JOIN document ON document.id = document_id
               WHERE topic_id = ? ORDER BY document.adopted, document_id, action.position]], topic.id) do
               local of = links[action.id] or {}
               add {{"@id", name("action", action.id)["@id"]}, {"@type", "skos:Concept"}, {"skos:notation", action.id},
                  {"skos:prefLabel", said(action.text)}, {"skos:note", action.note and said(action.note)},
                  {"skos:broader", name("topic", topic.id)}, {"skos:inScheme", scheme},
                  {"dcterms:isPartOf", name("document", action.document_id)},
                  {"dcterms:source", action.line and ("line %d of the source"):format(action.line)},
                  {"skos:exactMatch", of["skos:exactMatch"]}, {"skos:broadMatch", of["skos:broadMatch"]},
                  {"skos:narrowMatch", of["skos:narrowMatch"]}, {"skos:relatedMatch", of["skos:relatedMatch"]}}
            end
         end
      end
   end
   return nodes
end

--- The text, or the file.
function skos.write(path, db, options)
   local document = json.object {{"@context", context}, {"@graph", graph(db, options)}}
   local text = json.encode(document, {indent = 1}) .. "\n"
   if not path then return text end
   return core.write_file(path, text)
end

return skos
