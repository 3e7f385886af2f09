--- How many related pairs the links lack, estimated from pairs that were drawn at random and read by people who did not
--- see the links: the declared table pair_reading (data/asean-dif/pairs.yaml).
local registers = require "difkit.framework.registers"
local tables = require "difkit.table"

---@class difkit.links
local links = {}

local READ = "pair_reading"

--- The strata: topic -> {pairs = how many there are, drawn = list of {left, right, said = reader -> relation, linked}},
--- and the readers.
local function strata_of(db)
   local strata, readers, known = {}, {}, {}
   for row in db:query[[SELECT a.topic_id, count(*) FROM action AS a JOIN action AS b ON b.topic_id = a.topic_id
      AND b.document_id > a.document_id GROUP BY a.topic_id]]:rows() do
      strata[row[1]] = {pairs = row[2], drawn = {}}
   end
   local by_pair = {}
   for row in db:query[[SELECT r.left_id, r.right_id, r.reader, r.relation, a.topic_id, EXISTS (SELECT 1 FROM link AS l
      WHERE l.relation <> 'none' AND (l.source_id = r.left_id AND l.target_id = r.right_id
         OR l.source_id = r.right_id AND l.target_id = r.left_id)) AS linked
      FROM pair_reading AS r JOIN action AS a ON a.id = r.left_id ORDER BY r.left_id, r.right_id, r.reader]]:rows() do
      local name = row[1] .. "\0" .. row[2]
      local pair = by_pair[name]
      if not pair then
         pair = {left = row[1], right = row[2], linked = row[6] == 1 or row[6] == true, said = {}}
         by_pair[name] = pair
         table.insert(strata[row[5]].drawn, pair)
      end
      pair.said[row[3]] = row[4]
      if not known[row[3]] then
         known[row[3]] = true
         readers[#readers + 1] = row[3]
      end
   end
   table.sort(readers)
   return strata, readers
end

--- Sum over all pairs of a value of the drawn ones, and the variance of that sum: strata, without replacement.
local function total(strata, value)
   local sum, variance = 0, 0
   for _, stratum in require("difkit.sorted")(strata) do
      local n, of = #stratum.drawn, 0
      for _, pair in ipairs(stratum.drawn) do of = of + value(pair) end
      if n > 0 then sum = sum + stratum.pairs * of / n end
      if n > 1 then
         local squares = 0
         for _, pair in ipairs(stratum.drawn) do squares = squares + (value(pair) - of / n) ^ 2 end
         variance = variance + stratum.pairs ^ 2 * (1 - n / stratum.pairs) * squares / (n - 1) / n
      end
   end
   return sum, variance
end

--- The row of one way to say which pairs are related.
local function estimate(strata, who, related)
   local function x(pair) return related(pair) and 1 or 0 end
   local function y(pair) return related(pair) and pair.linked and 1 or 0 end
   local all, all_variance = total(strata, x)
   local linked = total(strata, y)
   local read, found = 0, 0
   for _, stratum in pairs(strata) do
      for _, pair in ipairs(stratum.drawn) do read, found = read + x(pair), found + y(pair) end
   end
   if all == 0 then return {who, read, found, all} end
   local recall = linked / all
   local _, variance = total(strata, function(pair) return y(pair) - recall * x(pair) end)
   local error = math.sqrt(variance) / all
   local low, high
   if recall > 0 and recall < 1 then -- on the scale of the logit, so that it stays between 0 and 1
      local middle = math.log(recall / (1 - recall))
      local half = 1.959963984540054 * error / (recall * (1 - recall))
      low, high = 1 / (1 + math.exp(half - middle)), 1 / (1 + math.exp(-half - middle))
   end
   return {who, read, found, all, math.sqrt(all_variance), recall, error, low, high}
end

---How many of the related pairs the links have, estimated from pairs that were drawn at random by topic and read apart
---from the links: for each reader, and for what all of them call related. `related` pairs of the sample, `linked` of
---them; `pairs`, the related pairs there are by estimate, with its standard error; `recall` with its standard error
---and the interval of 95 per cent. nil where nobody has read any (the declared table pair_reading).
---
---```lua
---local all = difkit.links.recall(db):where{reader = "all"}[1]
---print(all.related, all.linked, ("%.2f %.2f-%.2f"):format(all.recall, all.low, all.high)) --> 22	8	0.34 0.18-0.53
---```
---@param db difkit.Database
---@return difkit.Table|nil recall columns reader, related, linked, pairs, pairs_error, recall, error, low, high
function links.recall(db)
   if not registers.has(db, READ) then return nil end
   local strata, readers = strata_of(db)
   if #readers == 0 then return nil end
   local function says(reader)
      return function(pair) return pair.said[reader] ~= nil and pair.said[reader] ~= "none" end
   end
   local rows = {}
   for i, reader in ipairs(readers) do rows[i] = estimate(strata, reader, says(reader)) end
   rows[#rows + 1] = estimate(strata, "all", function(pair)
      for _, reader in ipairs(readers) do
         if not says(reader)(pair) then return false end
      end
      return true
   end)
   return tables({"reader", "related", "linked", "pairs", "pairs_error", "recall", "error", "low", "high"}, rows)
end

---Pairs that all readers of the sample call related and that no link does: what each said.
---
---```lua
---print(#difkit.links.missed(db)) --> 14
---```
---@param db difkit.Database
---@return difkit.Table missed columns left, right and one for each reader
function links.missed(db)
   local strata, readers = {}, {}
   if registers.has(db, READ) then strata, readers = strata_of(db) end
   local rows = {}
   for _, stratum in require("difkit.sorted")(strata) do
      for _, pair in ipairs(stratum.drawn) do
         local row, related = {pair.left, pair.right}, not pair.linked
         for i, reader in ipairs(readers) do
            row[2 + i] = pair.said[reader]
            related = related and pair.said[reader] ~= nil and pair.said[reader] ~= "none"
         end
         if related then rows[#rows + 1] = row end
      end
   end
   table.sort(rows, function(a, b) return a[1] < b[1] or a[1] == b[1] and a[2] < b[2] end)
   return tables({"left", "right", table.unpack(readers)}, rows)
end

--- Of the pairs of actions of different documents on one topic: how many there are, how many no link speaks of and no
--- reader of a sample has read, and how many such a reader has.
function links.unread(db)
   local sampled = registers.has(db, READ) and [[EXISTS (SELECT 1 FROM pair_reading AS r
      WHERE r.left_id = a.id AND r.right_id = b.id OR r.left_id = b.id AND r.right_id = a.id)]] or "false"
   local row = db:query(([[SELECT count(*) AS pairs, sum(CASE WHEN linked OR sampled THEN 0 ELSE 1 END) AS unread,
      sum(CASE WHEN sampled AND NOT linked THEN 1 ELSE 0 END) AS sampled FROM (
      SELECT EXISTS (SELECT 1 FROM link AS l WHERE l.source_id = a.id AND l.target_id = b.id
         OR l.source_id = b.id AND l.target_id = a.id) AS linked, %s AS sampled
      FROM action AS a JOIN action AS b ON b.topic_id = a.topic_id AND b.document_id > a.document_id) AS known]])
      :format(sampled)):one()
   return row.pairs, row.unread or 0, row.sampled or 0
end

return links
