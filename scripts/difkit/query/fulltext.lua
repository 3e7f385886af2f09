--- Words that people search for, as the database's full-text index takes them.
---
---   cyber security     both words occur
---   "cross-border"     these words one after another
---   digital*           words that begin so
---   payment OR wallet  either
---   -survey            does not occur
---
--- Each word is quoted, so that no sign in it is taken for a command of the index.
---
--- Words in scripts that are written without spaces (Thai, Lao, Burmese, Khmer, …) are found within the text, wherever
--- they stand: by the index action_trigram, below three characters by reading the texts.
local core = require "difkit.core"
local errors = require "difkit.error"
local sql = require "difkit.sql"
local writer = require "difkit.query.sql"

local fulltext = {}

local function quoted(word)
   return '"' .. word:gsub('"', '""') .. '"'
end

--- A word or phrase as a term: `match` for the index of words, or `within` for text in a script that writes words
--- without spaces, which is found wherever it stands. nil when nothing in it can be found (signs only).
local function term_of(word, exact)
   local beginning = not exact and word:match "^(.-)%*+$"
   local text = beginning or word
   if not text:find "[%w\128-\255]" then return nil end
   if core.unspaced(text) then return {within = text} end
   return {match = quoted(text) .. (beginning and " *" or ""), text = text, begins = beginning ~= nil}
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

--- What `words` ask for: a list of alternatives of which one term each must occur, and the terms that must not. Raises
--- when nothing is left to search.
local function parse(call, words)
   errors.check(call, "words", words, "string")
   local all, without = {}, {}
   local either = false
   for _, part in ipairs(split(words)) do
      if part.either then
         either = #all > 0
      else
         local term = term_of(part.text, part.exact)
         if term and part.without then
            without[#without + 1] = term
         elseif term then
            if either then table.insert(all[#all], term) else all[#all + 1] = {term} end
         end
         either = false
      end
   end
   if #all == 0 then
      if #without > 0 then
         errors.raise(call .. ": only words to leave out: " .. errors.show(words), "add a word that does occur")
      end
      errors.raise(call .. ": no words to search for in " .. errors.show(words))
   end
   return {all = all, without = without}
end

--- Calls for each term that must or may occur.
local function each_term(asked, visit)
   for _, alternatives in ipairs(asked.all) do
      for _, term in ipairs(alternatives) do visit(term) end
   end
end

--- Whether the index of words alone can answer.
local function has_words_alone(asked)
   local alone = true
   local function look(term) if term.within then alone = false end end
   each_term(asked, look)
   for _, term in ipairs(asked.without) do look(term) end
   return alone
end

--- The expression that asks the index of words, for what `has_words_alone`.
local function match_of(asked)
   local all = {}
   for i, alternatives in ipairs(asked.all) do
      local matches = {}
      for j, term in ipairs(alternatives) do matches[j] = term.match end
      all[i] = #matches > 1 and "(" .. table.concat(matches, " OR ") .. ")" or matches[1]
   end
   local expression = table.concat(all, " AND ")
   for _, term in ipairs(asked.without) do expression = ("(%s) NOT %s"):format(expression, term.match) end
   return expression
end

--- The condition that a term occurs in the action of that id; its value goes to `values`.
local function term_condition(term, id, values)
   local form
   if term.match then
      values[#values + 1] = term.match
      form = "%s IN (SELECT id FROM action_fts WHERE action_fts MATCH ?)"
   elseif (utf8.len(term.within) or 0) >= 3 then -- the index holds runs of three characters
      values[#values + 1] = quoted(term.within)
      form = "%s IN (SELECT id FROM action_trigram WHERE action_trigram MATCH ?)"
   else
      values[#values + 1] = "%" .. term.within:gsub("[\\%%_]", "\\%0") .. "%"
      form = "%s IN (SELECT id FROM action WHERE text LIKE ? ESCAPE '\\')"
   end
   return form:format(id)
end

--- The condition for all terms, and its values.
local function condition_of(asked, id)
   local values, all = {}, {}
   for i, alternatives in ipairs(asked.all) do
      local any = {}
      for j, term in ipairs(alternatives) do any[j] = term_condition(term, id, values) end
      all[i] = #any > 1 and "(" .. table.concat(any, " OR ") .. ")" or any[1]
   end
   for _, term in ipairs(asked.without) do all[#all + 1] = "NOT " .. term_condition(term, id, values) end
   return table.concat(all, " AND "), values
end

--- The expression for `words`: alternatives between OR, within them all words. Raises when nothing is left to search.
function fulltext.expression(call, words) return match_of(parse(call, words)) end

--- The condition that the words occur in an action.
function fulltext.condition(db, call, words)
   local asked = parse(call, words)
   if core.sql(db, "search") == "words" then return sql(require("difkit.query.words").condition(asked, "id")) end
   if has_words_alone(asked) then
      return sql("id IN (SELECT id FROM action_fts WHERE action_fts MATCH ?)", match_of(asked))
   end
   local condition, values = condition_of(asked, "id")
   return sql(condition, table.unpack(values))
end

--- The columns of action_full that a search gives beside the marked text.
local columns = {
   "id", "document", "document_title", "document_short_title", "topic", "topic_title", "area", "area_title",
   "area_number", "topic_position", "position", "number", "line", "attribution", "note", "origin",
}
--- What a search gives: a list of its own for each query.
local function given()
   local names = table.move(columns, 1, #columns, 1, {})
   names[#names + 1], names[#names + 2] = "text", "rank"
   return names
end

local from = (" FROM action_fts JOIN action_full ON action_full.id = action_fts.id WHERE action_fts MATCH ?")
local shown = {}
for i, column in ipairs(columns) do shown[i] = "action_full." .. column end
local head = ("SELECT %s, highlight(action_fts, 0, ?, ?) AS text, "):format(table.concat(shown, ", "))

--- More matches than this are not ranked: it takes the index some microseconds for each, and words that stand
--- everywhere tell no action from another.
fulltext.ranked_most = 1000

local function are_many(db, expression)
   local limit = fulltext.ranked_most + 1
   return db:query([[SELECT count(*) FROM (SELECT 1 FROM action_fts WHERE action_fts MATCH ? LIMIT ?) AS found]],
      expression, limit):value() == limit
end

--- The query for words of which some stand within text without spaces. No index ranks them: the actions come in the
--- order of the data.
local function query_within(db, asked, mark)
   local marked, matches, values = "action_full.text", {}, {}
   each_term(asked, function(term)
      if term.match then matches[#matches + 1] = term.match end
   end)
   if #matches > 0 then marked = "coalesce(marked.text, action_full.text)" end
   each_term(asked, function(term)
      if term.within then
         marked = ("replace(%s, ?, ?)"):format(marked)
         table.move({term.within, mark[1] .. term.within .. mark[2]}, 1, 2, #values + 1, values)
      end
   end)
   local source = " FROM action_full JOIN action ON action.id = action_full.id"
   if #matches > 0 then
      source = source .. " LEFT JOIN (SELECT id, highlight(action_fts, 0, ?, ?) AS text FROM action_fts"
         .. " WHERE action_fts MATCH ?) AS marked ON marked.id = action_full.id"
      table.move({mark[1], mark[2], table.concat(matches, " OR ")}, 1, 3, #values + 1, values)
   end
   local condition, asked_values = condition_of(asked, "action_full.id")
   table.move(asked_values, 1, #asked_values, #values + 1, values)
   values.n = #values
   local text = ("(SELECT %s, %s AS text, NULL AS rank, action.%s AS place%s WHERE %s)"):format(
      table.concat(shown, ", "), marked, core.sql(db, "row number"), source, condition)
   local query = writer.new(db, {{text = text, values = values, alias = "part", columns = given()}})
   return writer.step(query:select(given()), {orders = {{text = '"part"."place"', values = {n = 0}}}})
end

--- The actions in which the words occur as a query, the found words between two marks: best match first, or when there
--- are too many to rank, in the order of the data, and `rank` is nil. `ranked` says which of the two.
function fulltext.query(db, words, mark, ranked)
   local asked = parse("search", words)
   if core.sql(db, "search") == "words" then
      local text, values, ordered = require("difkit.query.words").query(asked, shown, mark, ranked)
      local query = writer.new(db, {{text = text, values = values, alias = "part", columns = given()}})
      return ordered and query:order("rank", "id")
         or writer.step(query:select(given()), {orders = {{text = '"part"."place"', values = {n = 0}}}})
   end
   if not has_words_alone(asked) then
      if ranked then
         errors.raise(("search: words in scripts without spaces cannot be ranked, and %s has one"):format(
            errors.show(words)), "leave `ranked` out: the actions then come in the order of the data")
      end
      return query_within(db, asked, mark)
   end
   local expression = match_of(asked)
   if ranked == nil then ranked = not are_many(db, expression) end
   local text = head .. (ranked and "action_fts.rank AS rank"
      or ("NULL AS rank, action_fts.%s AS place"):format(core.sql(db, "row number"))) .. from
   local values = {n = 3, mark[1], mark[2], expression}
   local query = writer.new(db, {{text = "(" .. text .. ")", values = values, alias = "part", columns = given()}})
   if ranked then return query:order("rank", "id") end
   return writer.step(query:select(given()), {orders = {{text = '"part"."place"', values = {n = 0}}}})
end

return fulltext
