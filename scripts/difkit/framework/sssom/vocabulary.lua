--- What SSSOM calls things, and which relation of a link is which predicate.

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

return {
   builtin = builtin, own = vocabulary, predicates = predicates, relations = relations, denied = denied, slots = slots,
   extensions = extensions, is_standard = is_standard,
}
