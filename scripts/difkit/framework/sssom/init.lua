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
local read = require "difkit.framework.sssom.read"
local write = require "difkit.framework.sssom.write"

---Links between actions as SSSOM mappings, out and in.
---@class difkit.sssom
local sssom = {write = write.write, parse = read.parse, read = read.read}

return sssom
