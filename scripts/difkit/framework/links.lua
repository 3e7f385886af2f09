--- The links between actions as a body of work: which of them are out of date, which contradict one another, what is
--- still to be judged, and which documents share actions.
---
--- A link says how two actions relate as sets of what they ask for (equal, subset, superset, intersects, none). A link
--- whose relation is none was looked at and kept, so that a pair nobody has looked at can be told from it.
local errors = require "difkit.error"
local sorted = require "difkit.sorted"
local recall = require "difkit.framework.recall"
local stale_links = require "difkit.framework.stale"
local tables = require "difkit.table"

---Links between actions: what is stale, contradictory, missing, and which documents they join.
---@class difkit.links
local links = {}

local inverse = {subset = "superset", superset = "subset"}

--- The relation of the target to the source.
local function turned(relation) return inverse[relation] or relation end

---The links that were judged on other words than the actions have now, by the digests they carry: each has to be
---judged again. `changed` says which end: source, target or both; a link without digests cannot be checked and does not
---appear.
---
---```lua
---print(#difkit.links.stale(db)) --> 0
---```
---@param db difkit.Database
---@return difkit.Table stale columns source, target, relation, changed, source_text, target_text
function links.stale(db)
   errors.check("links.stale", "db", db, "userdata")
   local rows = {}
   for i, link in ipairs(stale_links(db)) do
      rows[i] = {link.source, link.target, link.relation, link.changed, link.source_text, link.target_text}
   end
   return tables({"source", "target", "relation", "changed", "source_text", "target_text"}, rows)
end

--- What follows for A and C from A-B and B-C: a relation, "some" (they share something), or nil (nothing follows).
--- Rows: A to B; columns: B to C. The sets are taken to be not empty.
local composed = {
   equal = {equal = "equal", subset = "subset", superset = "superset", intersects = "intersects", none = "none"},
   subset = {equal = "subset", subset = "subset", none = "none"},
   superset = {equal = "superset", subset = "some", superset = "superset", intersects = "some"},
   intersects = {equal = "intersects", subset = "some"},
   none = {equal = "none", superset = "none"},
}

--- The stated relations that agree with what follows. A part of a part may turn out to be all of it.
local agrees = {
   equal = {equal = true},
   subset = {subset = true, equal = true},
   superset = {superset = true, equal = true},
   intersects = {intersects = true},
   none = {none = true},
   some = {equal = true, subset = true, superset = true, intersects = true},
}

---What follows for the first and the third of three actions from how the first relates to the second and the second to
---the third: a relation, "some" when they share something but it cannot be said how, nil when nothing follows.
---
---```lua
---print(difkit.links.compose("subset", "equal"))        --> subset
---print(difkit.links.compose("superset", "intersects")) --> some
---print(difkit.links.compose("intersects", "intersects")) --> nil
---```
---@param first string equal, subset, superset, intersects or none
---@param second string the same
---@return string|nil relation
function links.compose(first, second)
   for _, relation in ipairs {first, second} do
      if not composed[relation] then
         errors.unknown("relation", relation, {"equal", "subset", "superset", "intersects", "none"}, "links.compose")
      end
   end
   return composed[first][second]
end

--- action -> action -> relation, both ways round; and the actions in order.
local function network(db)
   local to, actions = {}, {}
   local function add(from, target, relation)
      if not to[from] then
         to[from] = {}
         actions[#actions + 1] = from
      end
      to[from][target] = relation
   end
   for row in db:query "SELECT source_id, target_id, relation FROM link ORDER BY source_id, target_id":rows() do
      if row[1] ~= row[2] then
         add(row[1], row[2], row[3])
         add(row[2], row[1], turned(row[3]))
      end
   end
   table.sort(actions)
   return to, actions
end

---Triples of actions whose links cannot all be right: what two links make certain, the third denies. One of the three
---has to be judged again.
---
---```lua
---print(difkit.links.inconsistent(db).columns[4]) --> follows
---```
---@param db difkit.Database
---@return difkit.Table triples columns first, middle, last, follows, stated
function links.inconsistent(db)
   errors.check("links.inconsistent", "db", db, "userdata")
   local to, actions = network(db)
   local rows = {}
   for _, first in ipairs(actions) do
      for middle, relation in sorted(to[first]) do
         for last, next_relation in sorted(to[middle]) do
            local stated = to[first][last]
            local follows = composed[relation][next_relation]
            if first < last and stated and follows and not agrees[follows][stated] then
               rows[#rows + 1] = {first, middle, last, follows, stated}
            end
         end
      end
   end
   return tables({"first", "middle", "last", "follows", "stated"}, rows)
end

--- Pairs of actions of different documents that are alike and that no link speaks of.
local function unjudged(db, least)
   local overlap = require "difkit.framework.overlap"
   return overlap.pairs(db, {least = least}):where(function(row) return row.relation == nil end)
end

--- The figures a debt report is made of.
local function figures(db, least)
   local n = {
      links = 0, none = 0, equal = 0, subset = 0, superset = 0, intersects = 0, proposed = 0, without_digest = 0,
   }
   local linked = {}
   local sql = "SELECT source_id, target_id, relation, status, source_digest, target_digest FROM link"
   for row in db:query(sql):rows() do
      n.links = n.links + 1
      n[row[3]] = n[row[3]] + 1
      if row[4] ~= "reviewed" then n.proposed = n.proposed + 1 end
      if row[5] == nil or row[6] == nil then n.without_digest = n.without_digest + 1 end
      if row[3] ~= "none" then linked[row[1]], linked[row[2]] = true, true end
   end
   n.related = n.links - n.none
   n.stale = #links.stale(db)
   n.inconsistent = #links.inconsistent(db)
   n.unjudged = #unjudged(db, least)
   n.actions = db:query("SELECT count(*) FROM action"):value()
   n.pairs, n.unread, n.sampled = recall.unread(db)
   n.linked = 0
   for _ in sorted(linked) do n.linked = n.linked + 1 end
   return n
end

--- The level of a set of links and what keeps it from the next.
local function level_of(n)
   if n.links == 0 then return 0, "there are no links" end
   if n.without_digest > 0 then return 1, "links without digests" end
   if n.stale > 0 then return 2, "stale links" end
   if n.inconsistent > 0 then return 2, "links that contradict one another" end
   if n.unjudged > 0 then return 3, "alike pairs that nobody has judged" end
   if n.proposed > 0 then return 4, "links that no second reader has reviewed" end
   return 5
end

---What is owed to the links before others can rely on them, as counts and shares.
---
---The level sums it up: 1 links with a relation and a rationale (the data model demands both); 2 all carry digests, so
---that a later change of a text shows; 3 none is stale and no three contradict one another; 4 every pair of actions of
---different documents that is alike (score of at least `least`) has been judged; 5 a second reader has reviewed all.
---It speaks of the pairs that were read: how many on one topic nobody has read stands in the last row.
---
---```lua
---local debt, level = difkit.links.debt(db)
---print(debt[1].what, debt[1].count > 80, level >= 3) --> judged pairs	true	true
---```
---@param db difkit.Database
---@param options? {least?: number} `least`: score from which pairs are alike, default 0.3
---@return difkit.Table debt columns what, count, share, of
---@return integer level 0 to 5
---@return string|nil lacks what keeps it from the next level
function links.debt(db, options)
   errors.check("links.debt", "db", db, "userdata")
   options = errors.options("links.debt", options, {"least"})
   local least = options.least or 0.3
   local n = figures(db, least)
   local rows = {}
   local function add(what, count, whole, of)
      rows[#rows + 1] = {what, count, whole and whole > 0 and count / whole or nil, of}
   end
   add("judged pairs", n.links)
   add("looked at, nothing shared (none)", n.none, n.links, "judged pairs")
   add("related", n.related, n.links, "judged pairs")
   for _, relation in ipairs {"equal", "subset", "superset", "intersects"} do
      add(relation, n[relation], n.related, "related")
   end
   add("not reviewed by a second reader", n.proposed, n.links, "judged pairs")
   add("without digests", n.without_digest, n.links, "judged pairs")
   add("stale: words changed since", n.stale, n.links, "judged pairs")
   add("triples that contradict", n.inconsistent)
   add(("alike (%g or more), not judged"):format(least), n.unjudged)
   add("actions related to another", n.linked, n.actions, "actions")
   add("on one topic, read in a sample alone", n.sampled, n.pairs, "pairs on one topic")
   add("on one topic, read by nobody", n.unread, n.pairs, "pairs on one topic")
   return tables({"what", "count", "share", "of"}, rows), level_of(n)
end

---How many actions each document shares with each other one: `actions` of the document are related (by a link other
---than none) to one of the other document, `share` is their share of its actions, `contained` of them ask for nothing
---that the other does not (equal, or subset of it). One row for each ordered pair that shares any.
---
---```lua
---local shared = difkit.links.documents(db):where{document = "BSBR", other = "DIFAP"}
---print(shared[1].actions <= shared[1].of, shared[1].of) --> true	22
---```
---@param db difkit.Database
---@return difkit.Table shared columns document, other, actions, of, share, contained
function links.documents(db)
   errors.check("links.documents", "db", db, "userdata")
   local document, of, order = {}, {}, {}
   for row in db:query "SELECT id, document_id FROM action":rows() do
      document[row[1]] = row[2]
      of[row[2]] = (of[row[2]] or 0) + 1
   end
   for row in db:documents() do order[#order + 1] = row.id end
   local to, actions = network(db)
   local shared = {}
   for _, action in ipairs(actions) do
      local own, seen = document[action], {}
      for other, relation in sorted(to[action]) do
         local place = document[other]
         if relation ~= "none" and place ~= own then
            seen[place] = seen[place] or {contained = false}
            seen[place].contained = seen[place].contained or relation == "equal" or relation == "subset"
         end
      end
      for place, found in sorted(seen) do
         shared[own] = shared[own] or {}
         local count = shared[own][place] or {actions = 0, contained = 0}
         shared[own][place] = count
         count.actions = count.actions + 1
         if found.contained then count.contained = count.contained + 1 end
      end
   end
   local rows = {}
   for _, own in ipairs(order) do
      for _, other in ipairs(order) do
         local count = shared[own] and shared[own][other]
         if count then
            rows[#rows + 1] = {own, other, count.actions, of[own], count.actions / of[own], count.contained}
         end
      end
   end
   return tables({"document", "other", "actions", "of", "share", "contained"}, rows)
end

--- A text for DOT, where it stands in quotes.
local function escaped(text) return (text:gsub('[\\"]', "\\%0")) end

---The documents as a graph in Graphviz's language DOT: a node for each document, its size by the number of its actions;
---an edge for each pair that shares actions, labelled with the number of links between them, other than none, and as
---thick.
---
---```lua
---print(difkit.links.dot(db):match "^[^\n]+") --> graph documents {
---```
---@param db difkit.Database
---@return string
function links.dot(db)
   errors.check("links.dot", "db", db, "userdata")
   local out = {"graph documents {", "  node [shape=circle, fixedsize=true];"}
   local number = {}
   local size = {}
   for row in db:query("SELECT document_id, count(*) FROM action GROUP BY document_id"):rows() do
      size[row[1]] = row[2]
   end
   for document in db:documents() do
      local n = size[document.id] or 0
      number[#number + 1] = document.id
      out[#out + 1] = ('  "%s" [label="%s\\n%d", width=%.2f];'):format(escaped(document.id), escaped(document.id), n,
         0.6 + math.sqrt(n) / 8)
   end
   local between = {}
   local sql = [[SELECT s.document_id, t.document_id, count(*)
      FROM link AS l JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id
      WHERE l.relation <> 'none' GROUP BY s.document_id, t.document_id]]
   for row in db:query(sql):rows() do between[row[1] .. "\0" .. row[2]] = row[3] end
   for i, first in ipairs(number) do
      for j = i + 1, #number do
         local n = (between[first .. "\0" .. number[j]] or 0) + (between[number[j] .. "\0" .. first] or 0)
         if n > 0 then
            out[#out + 1] = ('  "%s" -- "%s" [label=%d, penwidth=%.1f];'):format(escaped(first), escaped(number[j]), n,
               1 + n / 3)
         end
      end
   end
   out[#out + 1] = "}\n"
   return table.concat(out, "\n")
end

--- A text in quotes for YAML, broken into lines of a readable length where a reader puts them together again as they
--- were.
local function folded(text)
   local safe = text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"):gsub("\t", "\\t"):gsub("\r", "\\r")
   local lines = require("difkit.text").wrap(safe, 104)
   if table.concat(lines, " ") ~= safe then lines = {safe} end
   return '"' .. table.concat(lines, "\n      ") .. '"'
end

---Links as a YAML file of the data, to be put into the folder of a framework or laid over it with `--with`.
---
---```lua
---local text = difkit.links.yaml(db:links{source = "ACRF.TF.1", target = "DIFAP.TF.1"}:table())
---print(text:match "relation: (%a+)") --> superset
---```
---@param given difkit.Table links: columns source (or source_id), target, relation, rationale, and what else there is
---@return string
function links.yaml(given)
   if not tables.is_table(given) then
      errors.raise(("links.yaml: links must be a table, not %s"):format(errors.show(given)), "query:table() makes one")
   end
   local out, has = {"links:"}, {}
   for _, name in ipairs(given.columns) do has[name] = true end
   for row in given:rows() do
      local function value(name)
         if has[name] then return row[name] end
         return has[name .. "_id"] and row[name .. "_id"] or nil
      end
      local function add(key, text) out[#out + 1] = (key == "source" and "  - " or "    ") .. key .. ": " .. text end
      for _, key in ipairs {"source", "target", "relation", "kind", "rationale", "status"} do
         local text = value(key)
         if text ~= nil then add(key, (key == "rationale" or not text:find "^%a[%w_.-]*$") and folded(text) or text) end
      end
      for _, key in ipairs {"source_digest", "target_digest"} do
         if value(key) then add(key, '"' .. value(key) .. '"') end
      end
      out[#out + 1] = ""
   end
   return table.concat(out, "\n", 1, math.max(#out - 1, 1)) .. "\n"
end

links.recall, links.missed = recall.recall, recall.missed

return links
