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

--- The actions in which the words occur as a query, best match first, the found words between two marks.
function fulltext.query(db, words, mark)
   local shown = {}
   for i, column in ipairs(columns) do shown[i] = "action_full." .. column end
   local text = ([[
      SELECT %s, highlight(action_fts, 0, ?, ?) AS text, action_fts.rank AS rank
      FROM action_fts JOIN action_full ON action_full.id = action_fts.id
      WHERE action_fts MATCH ?]]):format(table.concat(shown, ", ")):gsub("%s+", " "):gsub("^ ", "")
   return db:from(sql(text, mark[1], mark[2], fulltext.expression("search", words))):order("rank", "id")
end

return fulltext
