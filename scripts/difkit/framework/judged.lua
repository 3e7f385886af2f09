--- What reviewed links say of two documents, seen from the actions of the one, and whose words are most alike.
local judged = {}

local inverse = {subset = "superset", superset = "subset"}

--- The relation as seen from the other end.
function judged.inverse(relation) return inverse[relation] or relation end

--- Calls `take(action, relation, other)` for every reviewed link between actions of two documents, seen from the first.
function judged.each(db, first, second, take)
   local sql = [[SELECT l.source_id, l.target_id, l.relation, s.document_id FROM link AS l
      JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id
      WHERE l.status = 'reviewed'
      AND (s.document_id = ? AND t.document_id = ? OR t.document_id = ? AND s.document_id = ?)
      ORDER BY l.source_id, l.target_id]]
   for row in db:query(sql, first, second, first, second):rows() do
      if row[4] == first then
         take(row[1], row[3], row[2])
      else
         take(row[2], judged.inverse(row[3]), row[1])
      end
   end
end

--- The action of a document whose words are most like those of an action, and how much: nil when none has a word in
--- common.
function judged.nearest(db, id, document)
   local first = db:similar(id, {document = document, limit = 1, least = 1e-6})[1]
   if first then return first.id, first.score end
end

return judged
