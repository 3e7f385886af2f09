--- What is owed to the links between actions before others can rely on them.
--- How many of the judged pairs are related and how; how many no second reader has reviewed; which are stale, since
--- the words of an action have changed; which contradict one another; which pairs are alike and unjudged. The level (1
--- to 5) sums it up; `difkit help debt` tells what each level asks. Where pairs were drawn at random and read apart,
--- it also says which share of the related pairs the links have, by estimate; --list missed shows what they lack.
---
--- A large share of `intersects` is a debt too: it is what a reader in a hurry says of any two actions.
---@script debt
---@option list choice(stale|contradicting|unjudged|proposed|missed)  List the links or pairs themselves.
---@option least number=0.3  The score from which two actions are alike.
---@option fail-on choice(stale|contradicting|unjudged|proposed)...  Fail when there are any of these; can be repeated.
---@reads link, action, abbreviation, pair_reading
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local function listed(what)
   if what == "stale" then return difkit.links.stale(db):drop("source_text", "target_text") end
   if what == "contradicting" then return difkit.links.inconsistent(db) end
   if what == "missed" then return difkit.links.missed(db) end
   if what == "proposed" then
      return db:links{status = "proposed"}:select("source_id", "target_id", "relation", "rationale"):table()
   end
   return difkit.overlap.pairs(db, {least = options.least})
      :where(function(pair) return pair.relation == nil end):select("score", "first", "second", "words")
end

for _, what in ipairs(options.fail_on or {}) do
   local found = #listed(what)
   if found > 0 then return nil, ("%d %s; --list %s shows them"):format(found, what, what), "data" end
end

if options.list then
   local list = listed(options.list)
   list.title = ({
      stale = "Links judged on words that have changed since",
      contradicting = "Links that contradict one another: what two of three make certain, the third denies",
      proposed = "Links that no second reader has reviewed",
      missed = "Pairs of the sample that all its readers call related and no link does",
      unjudged = ("Alike pairs (%g or more) that nobody has judged"):format(options.least),
   })[options.list]
   return list
end

local debt, level, lacks = difkit.links.debt(db, {least = options.least})
debt.title = "Debt of the links between actions"
local unread = debt[#debt].count
debt.note = not lacks and unread > 0
      and ("level %d, of the pairs that were read; %d pairs of actions on one topic were not"):format(level, unread)
   or lacks and ("level %d of 5; what keeps it from the next: %s"):format(level, lacks) or "level 5 of 5"
local recall = difkit.links.recall(db)
recall = recall and recall:where{reader = "all"}[1]
if recall and recall.low then
   debt.note = debt.note .. (". Of the related pairs on one topic the links have %.0f %% by estimate (95 %% interval "
      .. "%.0f to %.0f %%): the sample has %d that all its readers call related, %d of them linked"):format(
      100 * recall.recall, 100 * recall.low, 100 * recall.high, recall.related, recall.linked)
end
return debt
