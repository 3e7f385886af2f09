--- Where two documents name a different year, number or body for what looks like the same matter. What is found are
--- candidates to be read: that two actions speak of the same matter is what a reader or the likeness of their words
--- says, and what they name is read off their words (difkit.named).
local errors = require "difkit.error"
local named = require "difkit.framework.named"
local overlap = require "difkit.framework.overlap"
local tables = require "difkit.table"

---Candidates for contradictions between documents.
---@class difkit.contradictions
local contradictions = {}

--- The likeness from which two actions that nobody has judged are taken for one matter.
local alike = 0.3

--- Pairs of actions of different documents about the same matter: {first, second, relation, likeness}, in an order that
--- is always the same. A pair that was judged counts by its relation alone.
local function pairs_of(db, options)
   local list, judged = {}, {}
   local sql = [[SELECT CASE WHEN l.source_id < l.target_id THEN l.source_id ELSE l.target_id END,
         CASE WHEN l.source_id < l.target_id THEN l.target_id ELSE l.source_id END, l.relation
      FROM link AS l JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id
      WHERE s.document_id <> t.document_id]]
   for row in db:query(sql):rows() do
      judged[row[1] .. " " .. row[2]] = true
      if row[3] ~= "none" then
         list[#list + 1] = {first = row[1], second = row[2], relation = row[3],
            likeness = overlap.score(db, row[1], row[2])}
      end
   end
   for pair in overlap.pairs(db, {least = options.least or alike}):rows() do
      if not judged[pair.first .. " " .. pair.second] then
         list[#list + 1] = {first = pair.first, second = pair.second, likeness = pair.score}
      end
   end
   table.sort(list, function(a, b)
      if a.first ~= b.first then return a.first < b.first end
      return a.second < b.second
   end)
   return list
end

--- What an action names, by kind and, within it, by what is compared: numbers only with numbers of the same thing.
local function facts_of(action, reader, deadlines)
   local text = action.text
   local years, from = {}, 1
   for _, deadline in ipairs(deadlines[action.id] or {}) do
      local first, last = text:find(deadline.words or tostring(deadline.year), from, true)
      if not first then first, last = text:find(tostring(deadline.year), 1, true) end
      years[#years + 1] = {first = first or 1, last = last or 0, value = tostring(deadline.year)}
      from = last and last + 1 or from
   end
   return {
      {what = "year", facts = years}, {what = "years", facts = named.spans(text)},
      {what = "number", facts = named.quantities(text)}, {what = "body", facts = reader:bodies(text)},
   }
end

--- Those of `facts` that count the same things as one of `others`; all, where nothing is counted.
local function comparable(facts, others)
   local kept = {}
   for _, fact in ipairs(facts) do
      local shared = fact.things == nil
      for _, other in ipairs(others) do
         for thing in pairs(fact.things or {}) do shared = shared or other.things and other.things[thing] end
      end
      if shared then kept[#kept + 1] = fact end
   end
   return kept
end

local function in_common(facts, others)
   for _, fact in ipairs(facts) do
      for _, other in ipairs(others) do
         if (fact.number or fact.value) == (other.number or other.value) then return true end
      end
   end
   return false
end

--- The values, "2021; 2022", and the words around them; for none the beginning of the text.
local function told(facts, text)
   if #facts == 0 then return nil, named.quote(text, 1, 1, 80) end
   local values, seen = {}, {}
   for _, fact in ipairs(facts) do
      local value = fact.words or fact.value
      if not seen[value] then values[#values + 1] = value end
      seen[value] = true
   end
   return table.concat(values, "; "), named.quote(text, facts[1].first, math.max(facts[1].last, facts[#facts].last))
end

---Pairs of actions of different documents that speak of the same matter, on one topic, and name something different: a
---`year` as the deadline, `years` of a plan (2021–2025), a `number` of the same thing, or a `body`. Where one side
---names several, they differ when the two sides have none in common. The same matter: a reader linked the two (a
---relation other than none), or nobody has judged them and their words are alike.
---
---With `silent`, also where one side names a deadline, number or body and the other none: who says more.
---
---These are candidates to read: an action may name a body as the author of a text, and two steps of one plan may have
---years of their own.
---
---```lua
---print(#difkit.contradictions.find(db)) --> 0
---local silent = difkit.contradictions.find(db, {silent = true}):where{what = "year"}
---for row in silent:rows() do print(row.first, row.first_value, row.second, row.second_value) end
-----> ACRF.EP.1	nil	BSBR.EP.2	2021; 2022; 2023; 2024
-----> ACRF.TF.5	2021	DIFAP.TF.2	nil
---```
---@param db difkit.Database
---@param options? {least?: number, silent?: boolean, topics?: "same"|"any"} `least`: likeness (0.3) from which an
---unjudged pair is one matter; `topics = "any"`: pairs on different topics too
---@return difkit.Table candidates columns topic, what, first, first_value, first_quote, first_line, second,
---second_value, second_quote, second_line, likeness, relation
function contradictions.find(db, options)
   errors.check("contradictions.find", "db", db, "userdata")
   options = errors.options("contradictions.find", options, {"least", "silent", "topics"})
   errors.check("contradictions.find", "least", options.least, "number", "optional")
   local topics = options.topics or "same"
   if topics ~= "same" and topics ~= "any" then
      errors.unknown("topics", topics, {"same", "any"}, "contradictions.find")
   end
   local reader, actions, deadlines, rows = named.reader(db), {}, {}, {}
   for action in db:actions() do actions[action.id] = action end
   for row in db:deadlines():rows() do
      deadlines[row.action] = deadlines[row.action] or {}
      table.insert(deadlines[row.action], row)
   end
   for _, pair in ipairs(pairs_of(db, options)) do
      local first, second = actions[pair.first], actions[pair.second]
      if first.topic == second.topic or topics == "any" then
         local ours, theirs = facts_of(first, reader, deadlines), facts_of(second, reader, deadlines)
         for i, kind in ipairs(ours) do
            local a, b = kind.facts, theirs[i].facts
            local differ
            if #a > 0 and #b > 0 then
               a, b = comparable(a, b), comparable(b, a)
               differ = #a > 0 and not in_common(a, b)
            else
               differ = options.silent and #a + #b > 0 and kind.what ~= "years"
            end
            if differ then
               local first_value, first_quote = told(a, first.text)
               local second_value, second_quote = told(b, second.text)
               rows[#rows + 1] = {first.topic, kind.what, first.id, first_value, first_quote, first.line, second.id,
                  second_value, second_quote, second.line, pair.likeness, pair.relation}
            end
         end
      end
   end
   return tables({"topic", "what", "first", "first_value", "first_quote", "first_line", "second", "second_value",
      "second_quote", "second_line", "likeness", "relation"}, rows)
end

return contradictions
