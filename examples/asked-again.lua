--- Which actions of a document does another one ask for already, in whole or in part?
--- difkit run examples/asked-again.lua --document BSBR
--- Judged by readers: equal (the same), subset (part of it), superset (more than it), intersects (a part in common).
---@script asked-again
---@option document document=WPAAEC  The document whose actions are looked at.
---@option relation choice(equal|subset|superset|intersects)...  Only these relations; can be repeated.
---@reads link, action
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

-- A link can stand either way round; told from its other end, a subset is a superset.
local turned = {subset = "superset", superset = "subset"}
local wanted = {}
for _, relation in ipairs(options.relation or {"equal", "subset", "superset", "intersects"}) do
   wanted[relation] = true
end

local rows = {}
for action in db:actions{document = options.document} do
   for link in db:links{action = action.id} do
      local ours = link.source_id == action.id
      local other = db:action(ours and link.target_id or link.source_id)
      local relation = ours and link.relation or turned[link.relation] or link.relation
      if wanted[relation] and other.document ~= action.document then
         rows[#rows + 1] = {action.id, action.text, relation, other.id, other.text}
      end
   end
end

local t = difkit.table({"id", "text", "relation", "other", "other_text"}, rows)
t.title = ("Actions of %s that other documents ask for"):format(options.document)
t.note = "relation: of the action to the other one"
return t
