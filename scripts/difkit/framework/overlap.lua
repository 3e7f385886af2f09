--- What documents say twice: actions whose words are alike, and how well that finds the links that readers made.
--- The measure is the cosine of the words' weights (core/index/similarity.h tells the formula): words are stemmed, rare
--- ones weigh more, abbreviations of the framework count as the words they stand for.
local core = require "difkit.core"
local errors = require "difkit.error"
local tables = require "difkit.table"

---Actions that say the same, or nearly so.
---@class difkit.overlap
local overlap = {}

--- The corpus of a database: the actions, their numbers by id, and the kernel over their texts.
local corpora = setmetatable({}, {__mode = "k"})

local function corpus_of(db)
   local corpus = corpora[db]
   if corpus then return corpus end
   corpus = {actions = {}, number = {}}
   local texts, abbreviations = {}, {}
   for action in db:actions{}:each() do
      local i = #texts + 1
      texts[i] = action.text
      corpus.actions[i] = action
      corpus.number[action.id] = i
   end
   for row in db:query "SELECT term, expansion FROM abbreviation ORDER BY term":rows() do
      -- A plural that the source prints as one (SMEs) also stands for the singular.
      abbreviations[row[1]] = row[2]
      if row[1]:find "%us$" then abbreviations[row[1]:sub(1, -2)] = row[2] end
   end
   corpus.kernel = core.similarity(texts, abbreviations)
   corpora[db] = corpus
   return corpus
end

local function shared_words(corpus, i, j, most)
   local words = corpus.kernel:words(i, j)
   return table.concat(words, ", ", 1, math.min(#words, most))
end

--- Raises for an id that no action has.
local function unknown_action(corpus, id)
   local ids = {}
   for n, known in ipairs(corpus.actions) do ids[n] = known.id end
   errors.unknown("action", id, ids)
end

---@class difkit.Database
local Database = core.database

---The actions most like one action, best first, with the words that make them so.
---
---```lua
---local like = db:similar("DIFAP.LF.1", {limit = 1})
---print(like[1].id, like[1].words) --> ACRF.LF.1	voluntary, peer, national, review, regulations
---```
---@param action string|table id of an action, or a row that has one
---@param options? {limit?: integer, least?: number, across?: boolean} `limit` actions (10); `least` score (0.2);
---`across = true`: those of other documents alone
---@return difkit.Table similar columns score, id, text, words
function Database:similar(action, options)
   errors.check("db:similar", "action", action, "string", "table")
   options = errors.options("db:similar", options, {"limit", "least", "across"})
   local id = type(action) == "table" and action.id or action
   local corpus = corpus_of(self)
   local i = corpus.number[id]
   if not i then unknown_action(corpus, id) end
   local texts, scores = corpus.kernel:top(i, options.least or 0.2, math.min(#corpus.actions, 1000))
   local rows = {}
   for n, j in ipairs(texts) do
      local other = corpus.actions[j]
      if not options.across or other.document ~= corpus.actions[i].document then
         rows[#rows + 1] = {score = scores[n], id = other.id, text = other.text, words = shared_words(corpus, i, j, 5)}
      end
      if #rows == (options.limit or 10) then break end
   end
   return tables({"score", "id", "text", "words"}, rows)
end

---How alike two actions are, from 0 (no word in common) to 1.
---
---```lua
---print(("%.2f"):format(difkit.overlap.score(db, "DIFAP.LF.1", "ACRF.LF.1"))) --> 0.97
---```
---@param db difkit.Database
---@param first string id of an action
---@param second string
---@return number
function overlap.score(db, first, second)
   errors.check("overlap.score", "first", first, "string")
   errors.check("overlap.score", "second", second, "string")
   local corpus = corpus_of(db)
   for _, id in ipairs {first, second} do
      if not corpus.number[id] then unknown_action(corpus, id) end
   end
   return corpus.kernel:score(corpus.number[first], corpus.number[second])
end

---Pairs of actions of different documents that are alike, most alike first, with what a reader made of them.
---
---```lua
---local alike = difkit.overlap.pairs(db, {least = 0.9})
---print(alike[1].first, alike[1].second) --> ACRF.LF.1	DIFAP.LF.1
---```
---@param db difkit.Database
---@param options? {least?: number, within?: boolean} `least` score (0.35); `within = true`: pairs of one document too
---@return difkit.Table pairs columns score, first, second, relation, kind, words; no relation where nobody looked
function overlap.pairs(db, options)
   options = errors.options("overlap.pairs", options, {"least", "within"})
   local corpus = corpus_of(db)
   local links = {}
   for row in db:query "SELECT source_id, target_id, relation, kind FROM link":rows() do
      links[row[1] .. " " .. row[2]] = row
      links[row[2] .. " " .. row[1]] = row
   end
   local rows = {}
   local meter <close> = core.meter("comparing action", #corpus.actions)
   for i, action in ipairs(corpus.actions) do
      meter:tick(i)
      local texts, scores = corpus.kernel:top(i, options.least or 0.35, math.min(#corpus.actions, 1000))
      for n, j in ipairs(texts) do
         local other = corpus.actions[j]
         if i < j and (options.within or other.document ~= action.document) then
            local link = links[action.id .. " " .. other.id]
            local first, second = action.id, other.id
            if second < first then first, second = second, first end
            rows[#rows + 1] = {score = scores[n], first = first, second = second, relation = link and link[3],
               kind = link and link[4], words = shared_words(corpus, i, j, 5)}
         end
      end
   end
   table.sort(rows, function(a, b)
      if a.score ~= b.score then return a.score > b.score end
      if a.first ~= b.first then return a.first < b.first end
      return a.second < b.second
   end)
   return tables({"score", "first", "second", "relation", "kind", "words"}, rows)
end

---How well the measure finds what readers linked, at several thresholds. Only pairs that a reader judged count:
---precision is the share of found pairs that are linked (relation other than none), recall the share of linked pairs
---that are found. With `kinds` a pair counts as linked too when it has a kind alone: one action helps the other, yet no
---work counts for both. Recall is too high by the linked pairs that neither the measure nor a reader noticed.
---
---```lua
---print(difkit.overlap.quality(db).columns[2]) --> found
---```
---@param db difkit.Database
---@param thresholds? number[] least scores, default 0.2 to 0.6
---@param options? {kinds?: boolean}
---@return difkit.Table quality columns least, found, linked, precision, recall
function overlap.quality(db, thresholds, options)
   thresholds = thresholds or {0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6}
   options = errors.options("overlap.quality", options, {"kinds"})
   local corpus = corpus_of(db)
   local judged, linked = {}, 0
   local sql = [[SELECT l.source_id, l.target_id, l.relation, l.kind FROM link AS l
      JOIN action AS s ON s.id = l.source_id JOIN action AS t ON t.id = l.target_id
      WHERE s.document_id <> t.document_id ORDER BY l.source_id, l.target_id]]
   for row in db:query(sql):rows() do
      local score = corpus.kernel:score(corpus.number[row[1]], corpus.number[row[2]])
      local right = row[3] ~= "none" or options.kinds and row[4] ~= nil
      judged[#judged + 1] = {score = score, linked = right}
      if right then linked = linked + 1 end
   end
   local rows = {}
   for i, least in ipairs(thresholds) do
      local found, right = 0, 0
      for _, pair in ipairs(judged) do
         if pair.score >= least then
            found = found + 1
            if pair.linked then right = right + 1 end
         end
      end
      rows[i] = {least = least, found = found, linked = right, precision = found > 0 and right / found or nil,
         recall = linked > 0 and right / linked or nil}
   end
   return tables({"least", "found", "linked", "precision", "recall"}, rows)
end

return overlap
