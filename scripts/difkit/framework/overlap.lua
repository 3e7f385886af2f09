--- What documents say twice: actions whose words are alike, and how well that finds the links that readers made.
--- The measure is the cosine of the words' weights (core/index/similarity.h tells the formula): words are stemmed, rare
--- ones weigh more, abbreviations of the framework count as the words they stand for.
local core = require "difkit.core"
local errors = require "difkit.error"
local tables = require "difkit.table"

---Actions that say the same, or nearly so.
---@class difkit.overlap
local overlap = {}

--- The texts of all actions, the actions, and what abbreviations stand for.
local function material_of(db)
   local actions, texts, abbreviations = {}, {}, {}
   for action in db:actions{}:each() do
      actions[#actions + 1] = action
      texts[#texts + 1] = action.text
   end
   for row in db:query "SELECT term, expansion FROM abbreviation ORDER BY term":rows() do
      -- A plural that the source prints as one (SMEs) also stands for the singular.
      abbreviations[row[1]] = row[2]
      if row[1]:find "%us$" then abbreviations[row[1]:sub(1, -2)] = row[2] end
   end
   return actions, texts, abbreviations
end

--- The corpus of a database: the actions, their numbers by id, and the kernel over their texts.
local corpora = setmetatable({}, {__mode = "k"})

local function corpus_of(db)
   local corpus = corpora[db]
   if corpus then return corpus end
   local actions, texts, abbreviations = material_of(db)
   corpus = {actions = actions, number = {}, kernel = core.similarity(texts, abbreviations)}
   for i, action in ipairs(actions) do corpus.number[action.id] = i end
   corpora[db] = corpus
   return corpus
end

--- A corpus in which a free text stands last, as one more text beside the actions.
local function corpus_with(db, text)
   local actions, texts, abbreviations = material_of(db)
   texts[#texts + 1] = text
   return {actions = actions, kernel = core.similarity(texts, abbreviations)}, #texts
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

--- Which actions pass `document`, `topic` and `area` of the options, as a set of ids; nil: all.
local function among(db, options)
   local filters = {document = options.document, topic = options.topic, area = options.area}
   if next(filters) == nil then return nil end
   local ids = {}
   for action in db:actions(filters):select("id"):each() do ids[action.id] = true end
   return ids
end

---How to look for what is like a text: at most `limit` actions (10) of at least the score `least` (0.2);
---`across = true`: those of other documents alone; `document`, `topic`, `area`: among these alone.
---@class difkit.SimilarOptions
---@field limit? integer
---@field least? number
---@field across? boolean
---@field document? string|string[]
---@field topic? string|string[]
---@field area? string|string[]

---The actions most like one action, or like a text of your own, best first, with the words that make them so.
---
---```lua
---local like = db:similar("DIFAP.LF.1", {limit = 1})
---print(like[1].id, like[1].words) --> ACRF.LF.1	voluntary, peer, national, review, regulations
---like = db:similar("paperless trade across borders", {document = "WPAAEC", limit = 1})
---print(like[1].id) --> WPAAEC.TF.3
---```
---@param action string|table id of an action, or a row that has one, or a text of at least two words
---@param options? difkit.SimilarOptions
---@return difkit.Table similar columns score, id, text, words
function Database:similar(action, options)
   errors.check("db:similar", "action", action, "string", "table")
   options = errors.options("db:similar", options, {"limit", "least", "across", "document", "topic", "area"})
   local id = type(action) == "table" and action.id or action
   local corpus = corpus_of(self)
   local i = corpus.number[id]
   local own = i and corpus.actions[i]
   if not i then
      if type(action) == "table" or not id:find "%S%s+%S" then unknown_action(corpus, id) end
      if options.across then
         errors.raise("db:similar: across: a text of your own belongs to no document", "leave out across")
      end
      corpus, i = corpus_with(self, id)
   end
   local wanted = among(self, options)
   local texts, scores = corpus.kernel:top(i, options.least or 0.2, math.max(1, math.min(#corpus.actions, 1000)))
   local rows = {}
   for n, j in ipairs(texts) do
      local other = corpus.actions[j]
      if not (options.across and other.document == own.document) and (not wanted or wanted[other.id]) then
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
