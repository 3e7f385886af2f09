--- Measures of a document (coverage, concentration, balance, novelty, redundancy) and of an action (specificity).
--- scripts/guide/KNOWLEDGE.md gives their formulas and sources.
---
--- Novelty and redundancy ask what other documents ask for. A pair of actions that was judged counts as judged,
--- whatever its words are like: a link with the relation none says that the two differ. By default only links
--- that a second reader has reviewed count. A pair that nobody has judged counts as the same when its words are nearly
--- the same.
local errors = require "difkit.error"
local named = require "difkit.framework.named"
local tables = require "difkit.table"

---Measures of documents and actions.
---@class difkit.measures
local measures = {}

--- The likeness from which two actions that nobody has judged count as the same.
local alike = 0.6

--- Documents ------------------------------------------------------------------------------------------------------

local function check_document(db, call, id)
   errors.check(call, "db", db, "userdata")
   errors.check(call, "document", id, "string")
   local found, message = db:document(id)
   if not found then errors.raise(("%s: %s"):format(call, message)) end
end

local columns = {topic = "t.id", area = "t.area_id"}

--- How many actions a document has on each topic or area that it covers, their sum, and how many there are to cover:
--- those of its framework, and others that it covers.
local function counts_of(db, call, document, options)
   check_document(db, call, document)
   local by = options.by or "topic"
   local column = columns[by]
   if not column then errors.unknown("by", by, {"topic", "area"}, call) end
   local counts, sum = {}, 0
   for row in db:query(([[SELECT %s, count(*) FROM action AS a JOIN topic AS t ON t.id = a.topic_id
      WHERE a.document_id = ? GROUP BY 1 ORDER BY 1]]):format(column), document):rows() do
      counts[#counts + 1] = row[2]
      sum = sum + row[2]
   end
   local n = db:query(([[SELECT count(DISTINCT %s) FROM topic AS t JOIN area AS r ON r.id = t.area_id
      WHERE r.framework_id = (SELECT framework_id FROM document WHERE id = ?1)
      OR t.id IN (SELECT topic_id FROM action WHERE document_id = ?1)]]):format(column), document):value()
   return counts, sum, n
end

---The share of the topics of the framework on which a document has an action.
---
---```lua
---print(difkit.measures.coverage(db, "DIFAP") * 21)             --> 20.0
---print(difkit.measures.coverage(db, "DIFAP", {by = "area"}))   --> 1.0
---```
---@param db difkit.Database
---@param document string
---@param options? {by?: "topic"|"area"}
---@return number
function measures.coverage(db, document, options)
   options = errors.options("measures.coverage", options, {"by"})
   local counts, _, n = counts_of(db, "measures.coverage", document, options)
   return n > 0 and #counts / n or 0.0
end

---How far the actions of a document stand on few topics: the Herfindahl-Hirschman index, the sum of the squared shares
---of its actions, from 1/n (evenly on all n topics) to 1 (all on one). Normalised, (H - 1/n) / (1 - 1/n), from 0 to 1.
---nil for a document without actions.
---
---```lua
---print(("%.4f"):format(difkit.measures.concentration(db, "BSBR")))                      --> 0.0950
---print(("%.4f"):format(difkit.measures.concentration(db, "BSBR", {normalised = true}))) --> 0.0498
---```
---@param db difkit.Database
---@param document string
---@param options? {by?: "topic"|"area", normalised?: boolean}
---@return number|nil
function measures.concentration(db, document, options)
   options = errors.options("measures.concentration", options, {"by", "normalised"})
   local counts, sum, n = counts_of(db, "measures.concentration", document, options)
   if sum == 0 then return nil end
   local squares = 0
   for _, count in ipairs(counts) do squares = squares + count * count end
   local index = squares / (sum * sum)
   if not options.normalised then return index end
   if n < 2 then return nil end
   return (index - 1 / n) / (1 - 1 / n)
end

---How evenly the actions of a document spread over the topics that it covers: Pielou's evenness, the Shannon entropy
---of the shares over its greatest value, the logarithm of the number of topics covered. 1: the same number on each. nil
---for a document that covers fewer than two topics.
---
---```lua
---print(("%.4f"):format(difkit.measures.balance(db, "BSBR"))) --> 0.9562
---```
---@param db difkit.Database
---@param document string
---@param options? {by?: "topic"|"area"}
---@return number|nil
function measures.balance(db, document, options)
   options = errors.options("measures.balance", options, {"by"})
   local counts, sum = counts_of(db, "measures.balance", document, options)
   if #counts < 2 then return nil end
   local entropy = 0
   for _, count in ipairs(counts) do entropy = entropy - count / sum * math.log(count / sum) end
   return entropy / math.log(#counts)
end

--- What other documents ask for ---------------------------------------------------------------------------------

--- The first and the last day that a date can mean: "2021" is any day of that year. nil without a date.
local function days_of(date)
   if date == nil then return nil end
   return (date .. "-01-01"):sub(1, 10), (date .. (#date == 4 and "-12-31" or "-31")):sub(1, 10)
end

--- document -> {document that was certainly adopted earlier = true}; false where its own date is not known or no
--- document is certain to be earlier.
local function earlier_documents(db)
   local first, last, earlier = {}, {}, {}
   for document in db:documents() do first[document.id], last[document.id] = days_of(document.adopted) end
   for document in db:documents() do
      earlier[document.id] = false
      for other in db:documents() do
         if first[document.id] and last[other.id] and last[other.id] < first[document.id] then
            earlier[document.id] = earlier[document.id] or {}
            earlier[document.id][other.id] = true
         end
      end
   end
   return earlier
end

local inverse = {subset = "superset", superset = "subset"}

--- action -> list of {document, relation} of the actions of other documents to which it is related, from its own side.
local function related(db, options)
   local document, to, judged = {}, {}, {}
   for row in db:query("SELECT id, document_id FROM action"):rows() do
      document[row[1]], to[row[1]] = row[2], {}
   end
   local function add(action, other, relation)
      if document[action] ~= document[other] then
         to[action][#to[action] + 1] = {document = document[other], relation = relation}
      end
   end
   for row in db:query("SELECT source_id, target_id, relation, status FROM link"):rows() do
      if row[4] == "reviewed" or options.proposed then
         judged[row[1] .. " " .. row[2]], judged[row[2] .. " " .. row[1]] = true, true
         if row[3] ~= "none" then
            add(row[1], row[2], row[3])
            add(row[2], row[1], inverse[row[3]] or row[3])
         end
      end
   end
   for pair in require("difkit.framework.overlap").pairs(db, {least = options.least or alike}):rows() do
      if not judged[pair.first .. " " .. pair.second] then
         add(pair.first, pair.second, "equal")
         add(pair.second, pair.first, "equal")
      end
   end
   return to
end

--- The share of the actions of a document of which `holds(others)` is true; nil for a document without actions.
local function share_of(db, document, to, holds)
   local n, of = 0, 0
   for row in db:query("SELECT id FROM action WHERE document_id = ?", document):rows() do
      of = of + 1
      for _, other in ipairs(to[row[1]]) do
         if holds(other) then
            n = n + 1
            break
         end
      end
   end
   return of > 0 and n / of or nil
end

local function novelty(db, document, to, earlier)
   if not earlier[document] then return nil end
   local known = share_of(db, document, to, function(other) return earlier[document][other.document] end)
   return known and 1 - known
end

local function redundancy(db, document, to)
   return share_of(db, document, to,
      function(other) return other.relation == "equal" or other.relation == "subset" end)
end

local function link_options(call, options)
   options = errors.options(call, options, {"least", "proposed"})
   errors.check(call, "least", options.least, "number", "optional")
   return options
end

---The share of the actions of a document that have nothing in common with an action of a document adopted earlier: no
---link other than `none`, and no words nearly the same where nobody has judged. A document is earlier when its date
---says so for certain: "2021" is neither before nor after "2021-10". nil where no document is earlier, or the
---document's own date is not known.
---
---```lua
---print(difkit.measures.novelty(db, "DIFAP"))                       --> nil
---print(difkit.measures.novelty(db, "BSBR") < difkit.measures.novelty(db, "WPAAEC")) --> true
---```
---@param db difkit.Database
---@param document string
---@param options? {least?: number, proposed?: boolean} `least`: likeness (0.6) from which an unjudged pair counts;
---`proposed = true`: links that one reader alone has judged count too
---@return number|nil
function measures.novelty(db, document, options)
   options = link_options("measures.novelty", options)
   check_document(db, "measures.novelty", document)
   return novelty(db, document, related(db, options), earlier_documents(db))
end

---The share of the actions of a document that some other document, earlier or later, asks for in full: a link says
---that the action is equal to one of the other or a subset of it, or the words are nearly the same where nobody has
---judged.
---nil for a document without actions.
---
---```lua
---print(difkit.measures.redundancy(db, "DIFAP") > difkit.measures.redundancy(db, "ADM2025")) --> true
---```
---@param db difkit.Database
---@param document string
---@param options? {least?: number, proposed?: boolean} as for `measures.novelty`
---@return number|nil
function measures.redundancy(db, document, options)
   options = link_options("measures.redundancy", options)
   check_document(db, "measures.redundancy", document)
   return redundancy(db, document, related(db, options))
end

--- Actions --------------------------------------------------------------------------------------------------------

--- The words of a list of things found, "annual; two AMS", or nil for an empty list.
local function listed(...)
   local words = {}
   for _, list in ipairs {...} do
      for _, one in ipairs(list) do words[#words + 1] = one.words end
   end
   return #words > 0 and table.concat(words, "; ") or nil
end

---How specific actions are: whether the text names a deadline, a body and a measurable output, with the words that do,
---and the share of the three that it names. A deadline is one of `db:deadlines()`. A body is an organisation with a
---name of its own. A measurable output is a number of something, how often something is done, or a thing that is to be
---made, such as guidelines; `scripts/difkit/framework/named.lua` has the lists of words. Filters: those of
---`db:actions`.
---
---```lua
---local row = difkit.measures.actions(db, {id = "WPAAEC.LF.4"})[1]
---print(row.body, row.output, ("%.2f"):format(row.specificity)) --> UNCITRAL	Create law-reporting schemes	0.67
---```
---@param db difkit.Database
---@param filters? difkit.ActionFilters
---@return difkit.Table actions columns id, document, topic, deadline, body, output, specificity
function measures.actions(db, filters)
   errors.check("measures.actions", "db", db, "userdata")
   local reader, deadlines, rows = named.reader(db), {}, {}
   for row in db:deadlines():rows() do
      local said = row.words or tostring(row.year)
      deadlines[row.action] = deadlines[row.action] and deadlines[row.action] .. "; " .. said or said
   end
   for action in db:actions(filters) do
      local deadline, body = deadlines[action.id], listed(reader:bodies(action.text))
      local output = listed(named.quantities(action.text), reader:outputs(action.text))
      local said = (deadline and 1 or 0) + (body and 1 or 0) + (output and 1 or 0)
      rows[#rows + 1] = {action.id, action.document, action.topic, deadline, body, output, said / 3}
   end
   return tables({"id", "document", "topic", "deadline", "body", "output", "specificity"}, rows)
end

---How specific an action is: the share of deadline, body and measurable output that its text names, and the row of
---`measures.actions` that says by which words.
---
---```lua
---local score, by = difkit.measures.specificity(db, "BSBR.EP.1")
---print(("%.2f"):format(score), by.deadline, by.body) --> 0.33	by 2022	nil
---```
---@param db difkit.Database
---@param action string
---@return number score 0, 1/3, 2/3 or 1
---@return table<string, any> row
function measures.specificity(db, action)
   errors.check("measures.specificity", "action", action, "string")
   local row = measures.actions(db, {id = action})[1]
   return row.specificity, row
end

--- All together --------------------------------------------------------------------------------------------------

---All measures of all documents, one row a document: the table that the stock script `measures` prints. It is the data
---of an index as it stands, since its rows are units and its columns indicators: `difkit.index{…}:compute(table)`.
---Concentration is the normalised one; specificity the mean of the document's actions.
---
---```lua
---local index = difkit.index{id = "breadth", normalise = "none", children = {"coverage", "balance"}}
---local scores = index:compute(difkit.measures.documents(db)):scores()
---print(scores[1].unit, ("%.3f"):format(scores[1].score)) --> DIFAP	0.943
---```
---@param db difkit.Database
---@param options? {by?: "topic"|"area", least?: number, proposed?: boolean}
---@return difkit.Table documents columns id, title, actions, coverage, concentration, balance, novelty, redundancy,
---specificity
function measures.documents(db, options)
   errors.check("measures.documents", "db", db, "userdata")
   options = errors.options("measures.documents", options, {"by", "least", "proposed"})
   local to, earlier = related(db, options), earlier_documents(db)
   local sums = {}
   for action in measures.actions(db):rows() do
      local sum = sums[action.document] or {0, 0}
      sums[action.document] = sum
      sum[1], sum[2] = sum[1] + action.specificity, sum[2] + 1
   end
   local by, rows = {by = options.by}, {}
   for document in db:documents() do
      local id = document.id
      local sum = sums[id] or {0, 0}
      rows[#rows + 1] = {
         id, document.title, sum[2], measures.coverage(db, id, by),
         measures.concentration(db, id, {by = options.by, normalised = true}), measures.balance(db, id, by),
         novelty(db, id, to, earlier), redundancy(db, id, to), sum[2] > 0 and sum[1] / sum[2] or nil,
      }
   end
   return tables({"id", "title", "actions", "coverage", "concentration", "balance", "novelty", "redundancy",
      "specificity"}, rows)
end

return measures
