--- What one document asks for and another does not, action by action: by the links that readers made and reviewed, and
--- where nobody judged, by how alike the words are.
local errors = require "difkit.error"
local judged = require "difkit.framework.judged"
local tables = require "difkit.table"

---Gaps between documents.
---@class difkit.gaps
local gaps = {}

--- How much of what an action asks for the other does, by the relation as seen from the action. A subset asks for
--- nothing that the other does not.
local covered = {equal = "yes", subset = "yes", superset = "in part", intersects = "in part", none = "no"}
local strength = {yes = 3, ["in part"] = 2, no = 1}

--- The best that reviewed links say of each action of a document with regard to another document: {answer, relation,
--- id}, and `apart`, the actions with which a reader found nothing in common.
local function judgements(db, have, lack)
   local best = {}
   local function take(action, relation, other)
      local answer = covered[relation]
      local known = best[action] or {answer = answer, relation = relation, id = other, apart = {}}
      best[action] = known
      if relation == "none" then known.apart[other] = true end
      if strength[answer] > strength[known.answer] then
         known.answer, known.relation, known.id = answer, relation, other
      end
   end
   judged.each(db, have, lack, take)
   return best
end

---The actions of a document, and whether another document asks for the same: `yes`, `in part`, `no`, or `perhaps` when
---no reviewed link says so and the words are alike. Each answer with its ground. A `no` without a link means that no
---action of the other document has words like it, which is less than that a reader looked.
---
---```lua
---local rows = difkit.gaps.actions(db, "DIFAP", "ACRF")
---print(rows:where{id = "DIFAP.LF.1"}[1].ground) --> reviewed link: equal to ACRF.LF.1
---```
---@param db difkit.Database
---@param have string id of the document whose actions are looked at
---@param lack string id of the other document
---@param options? {least?: number} `least`: from which likeness on an action may be the same (0.35)
---@return difkit.Table gaps columns id, topic, text, covered, ground
function gaps.actions(db, have, lack, options)
   errors.check("gaps.actions", "have", have, "string")
   errors.check("gaps.actions", "lack", lack, "string")
   options = errors.options("gaps.actions", options, {"least"})
   local least = options.least or 0.35
   local actions = db:actions{document = have}:table()
   db:actions{document = lack}:count() -- an unknown document is a mistake
   local known_pairs = judgements(db, have, lack)
   local rows = {}
   for i, action in ipairs(actions) do
      local known = known_pairs[action.id]
      local row = {id = action.id, topic = action.topic_title, text = action.text}
      if known and known.answer ~= "no" then
         row.covered = known.answer
         row.ground = ("reviewed link: %s %s"):format(
            known.relation == "equal" and "equal to" or known.relation == "intersects" and "intersects with"
               or known.relation .. " of", known.id)
      else
         local id, score = judged.nearest(db, action.id, lack)
         local unjudged = id and not (known and known.apart[id])
         row.covered = unjudged and score >= least and "perhaps" or "no"
         local likest = id and ("the words most like it are those of %s (%.2f)"):format(id, score)
            or "no action has a word in common"
         row.ground = known and ("reviewed link: nothing in common with %s; %s"):format(known.id, likest)
            or "no reviewed link; " .. likest
      end
      rows[i] = row
   end
   return tables({"id", "topic", "text", "covered", "ground"}, rows)
end

return gaps
