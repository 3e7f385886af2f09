--- From plan to plan: what became of each action of an older document in a newer one.
local errors = require "difkit.error"
local judged = require "difkit.framework.judged"
local tables = require "difkit.table"
local text = require "difkit.text"

---From plan to plan.
---@class difkit.succession
local succession = {}

local strength = {equal = 4, superset = 3, subset = 2, intersects = 1}

--- The strongest reviewed link of each action of the older document: {id, relation}.
local function links_of(db, older, newer)
   local best = {}
   judged.each(db, older, newer, function(action, relation, other)
      local known = best[action]
      if strength[relation] and (not known or strength[relation] > strength[known.relation]) then
         best[action] = {id = other, relation = relation}
      end
   end)
   return best
end

local function same_words(a, b) return a:gsub("%s+", " "):lower() == b:gsub("%s+", " "):lower() end

--- Words that went and came, in one line.
local function marked(old, new)
   local parts = {}
   for _, run in ipairs(text.differences(old, new)) do
      local form = run.kind == "removed" and "[-%s-]" or run.kind == "added" and "{+%s+}" or "%s"
      parts[#parts + 1] = form:format(run.text)
   end
   return table.concat(parts, " ")
end

--- What became of an action: the row without its own words.
local function fate(db, action, newer, link, least, words)
   if link then
      local other = words[link.id]
      local carried = link.relation == "equal" or same_words(action.text, other)
      return {
         became = carried and "carried" or "changed", to = link.id,
         ground = ("reviewed link: %s %s"):format(link.relation, link.id),
      }
   end
   local id, score = judged.nearest(db, action.id, newer)
   if id and same_words(action.text, words[id]) then return {became = "carried", to = id, ground = "the same words"} end
   if id and score >= least then
      return {became = "changed", to = id, ground = ("no reviewed link; words alike by %.2f"):format(score)}
   end
   return {
      became = "dropped",
      ground = id and ("no reviewed link; the words most like it are those of %s (%.2f)"):format(id, score)
         or "no reviewed link, and no action has a word in common",
   }
end

---What became of each action of an older document in a newer one: `carried` (a reviewed link says equal, or the words
---are the same), `changed` (a link says that it asks for a part, for more, or for some of the same; or the words are
---alike),
---`dropped` (neither); and the actions of the newer one that are `new`. Each row quotes both texts, and the words that
---went [-so-] and came {+so+}; `ground` says why. A `dropped` without a link means that no action has words like it,
---which is less than that a reader looked.
---
---```lua
---local rows = difkit.succession.actions(db, "DIFAP", "ACRF")
---print(rows:where{id = "DIFAP.LF.1"}[1].became, rows:where{id = "DIFAP.LF.1"}[1].to) --> carried	ACRF.LF.1
---```
---@param db difkit.Database
---@param older string id of the document
---@param newer string id of the document that follows it
---@param options? {least?: number} from which likeness on words count as changed (0.35)
---@return difkit.Table columns id, topic, became, to, text, new_text, differences, ground
function succession.actions(db, older, newer, options)
   errors.check("succession.actions", "older", older, "string")
   errors.check("succession.actions", "newer", newer, "string")
   options = errors.options("succession.actions", options, {"least"})
   local links, taken, words, rows = links_of(db, older, newer), {}, {}, {}
   for action in db:actions{document = newer} do words[action.id] = action.text end
   for action in db:actions{document = older} do
      local row = fate(db, action, newer, links[action.id], options.least or 0.35, words)
      row.id, row.topic, row.text = action.id, action.topic_title, action.text
      if row.to then
         taken[row.to] = true
         row.new_text, row.differences = words[row.to], marked(action.text, words[row.to])
      end
      rows[#rows + 1] = row
   end
   judged.each(db, older, newer, function(_, relation, other) if relation ~= "none" then taken[other] = true end end)
   for action in db:actions{document = newer} do
      if not taken[action.id] then
         rows[#rows + 1] = {
            id = action.id, topic = action.topic_title, became = "new", new_text = action.text,
            ground = "no action of " .. older .. " leads to it",
         }
      end
   end
   local t = tables({"id", "topic", "became", "to", "text", "new_text", "differences", "ground"}, rows)
   t.title = ("From %s to %s"):format(older, newer)
   return t
end

return succession
