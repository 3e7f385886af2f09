--- Words that people search for, as the database's full-text index takes them.
---
---   cyber security     both words occur
---   "cross-border"     these words one after another
---   digital*           words that begin so
---   payment OR wallet  either
---   -survey            does not occur
---
--- Each word is quoted, so that no sign in it is taken for a command of the index.
local errors = require "difkit.error"
local sql = require "difkit.sql"
local writer = require "difkit.query.sql"

local fulltext = {}

local function quoted(word)
   return '"' .. word:gsub('"', '""') .. '"'
end

--- A word or phrase as a term; nil when nothing in it can be found (signs only).
local function term_of(word, exact)
   local beginning = not exact and word:match "^(.-)%*+$"
   local text = beginning or word
   if not text:find "[%w\128-\255]" then return nil end
   return quoted(text) .. (beginning and " *" or "")
end

--- Words, phrases and signs in their order.
local function split(text)
   local parts, position = {}, 1
   while true do
      position = text:find("%S", position)
      if not position then return parts end
      local sign, phrase, stop = text:match('^(%-?)"([^"]*)"?()', position)
      if phrase then
         parts[#parts + 1] = {text = phrase, exact = true, without = sign == "-"}
      else
         local word
         word, stop = text:match("^([^%s\"]+)()", position)
         local without = word:match "^%-(.+)$"
         parts[#parts + 1] = {text = without or word, without = without ~= nil, either = word == "OR"}
      end
      position = stop
   end
end

--- The expression for `words`: alternatives between OR, within them all words. Raises when nothing is left to search.
function fulltext.expression(call, words)
   errors.check(call, "words", words, "string")
   local all, without, alternatives = {}, {}, {}
   local either = false
   local function close()
      if #alternatives == 1 then all[#all + 1] = alternatives[1]
      elseif #alternatives > 1 then all[#all + 1] = "(" .. table.concat(alternatives, " OR ") .. ")" end
      alternatives = {}
   end
   for _, part in ipairs(split(words)) do
      if part.either then
         either = #alternatives > 0
      else
         local term = term_of(part.text, part.exact)
         if term and part.without then
            without[#without + 1] = term
         elseif term then
            if not either then close() end
            alternatives[#alternatives + 1] = term
         end
         either = false
      end
   end
   close()
   if #all == 0 then
      if #without > 0 then
         errors.raise(call .. ": only words to leave out: " .. errors.show(words), "add a word that does occur")
      end
      errors.raise(call .. ": no words to search for in " .. errors.show(words))
   end
   local expression = table.concat(all, " AND ")
   for _, term in ipairs(without) do expression = ("(%s) NOT %s"):format(expression, term) end
   return expression
end

--- The condition that the words occur in an action.
function fulltext.condition(call, words)
   return sql("id IN (SELECT id FROM action_fts WHERE action_fts MATCH ?)", fulltext.expression(call, words))
end

--- The columns of action_full that a search gives beside the marked text.
local columns = {
   "id", "document", "document_title", "document_short_title", "topic", "topic_title", "area", "area_title",
   "area_number", "topic_position", "position", "number", "line", "attribution", "note", "origin",
}
local given = table.move(columns, 1, #columns, 1, {})
given[#given + 1], given[#given + 2] = "text", "rank"

local from = (" FROM action_fts JOIN action_full ON action_full.id = action_fts.id WHERE action_fts MATCH ?")
local shown = {}
for i, column in ipairs(columns) do shown[i] = "action_full." .. column end
local head = ("SELECT %s, highlight(action_fts, 0, ?, ?) AS text, "):format(table.concat(shown, ", "))

--- More matches than this are not ranked: it takes the index some microseconds for each, and words that stand
--- everywhere tell no action from another.
fulltext.ranked_most = 1000

local function are_many(db, expression)
   local limit = fulltext.ranked_most + 1
   return db:query([[SELECT count(*) FROM (SELECT 1 FROM action_fts WHERE action_fts MATCH ? LIMIT ?)]], expression,
      limit):value() == limit
end

--- The actions in which the words occur as a query, the found words between two marks: best match first, or when there
--- are too many to rank, in the order of the data, and `rank` is nil. `ranked` says which of the two.
function fulltext.query(db, words, mark, ranked)
   local expression = fulltext.expression("search", words)
   if ranked == nil then ranked = not are_many(db, expression) end
   local text = head .. (ranked and "action_fts.rank AS rank" or "NULL AS rank, action_fts.rowid AS place") .. from
   local values = {n = 3, mark[1], mark[2], expression}
   local query = writer.new(db, {{text = "(" .. text .. ")", values = values, alias = "part", columns = given}})
   if ranked then return query:order("rank", "id") end
   return writer.step(query:select(given), {orders = {{text = '"part"."place"', values = {n = 0}}}})
end

return fulltext
