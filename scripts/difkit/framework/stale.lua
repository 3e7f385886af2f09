--- Links judged on other words than the actions have now, by the digests that they carry.
local core = require "difkit.core"

--- Whether a digest (a beginning of it, in either case of letters) is another text's. Without one nobody can tell.
local function differs(digest, text)
   return digest ~= nil and core.digest(text):sub(1, #digest) ~= core.lower(digest)
end

--- A list of {source, target, relation, changed, source_text, target_text, place}; `changed` is source, target or both.
return function(db)
   local found = {}
   for row in db:query([[SELECT l.source_id, l.target_id, l.relation, s.text, t.text, l.origin,
         l.source_digest, l.target_digest
      FROM link AS l JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id
      ORDER BY l.source_id, l.target_id]]):rows() do
      local source, target = differs(row[7], row[4]), differs(row[8], row[5])
      if source or target then
         found[#found + 1] = {
            source = row[1], target = row[2], relation = row[3], source_text = row[4], target_text = row[5],
            place = row[6], changed = source and target and "both" or source and "source" or "target",
         }
      end
   end
   return found
end
