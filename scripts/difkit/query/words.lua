--- Search for words where the database has functions for it (action_words, action_plain) and no tables: PostgreSQL.
--- What difkit.query.fulltext has read from the words becomes an expression of tsquery; the database makes small
--- letters without marks of words and texts alike.
local words = {}

--- The expression for a word or phrase, and its value in `values`.
local function tsquery(term, values)
   values[#values + 1] = term.text
   local phrase = "phraseto_tsquery('pg_catalog.simple', action_plain(CAST(? AS TEXT)))"
   return term.begins and ("CAST(CAST(%s AS TEXT) || ':*' AS tsquery)"):format(phrase) or phrase
end

--- The condition that a term occurs in the action of that id.
local function occurs(term, id, values)
   if term.match then
      return ("%s IN (SELECT id FROM action WHERE action_words(text) @@ %s)"):format(id, tsquery(term, values))
   end
   values[#values + 1] = "%" .. term.within:gsub("[\\%%_]", "\\%0") .. "%"
   return ("%s IN (SELECT id FROM action WHERE text LIKE ?)"):format(id)
end

local function conditions(asked, id, values)
   local all = {}
   for i, alternatives in ipairs(asked.all) do
      local any = {}
      for j, term in ipairs(alternatives) do any[j] = occurs(term, id, values) end
      all[i] = #any > 1 and "(" .. table.concat(any, " OR ") .. ")" or any[1]
   end
   for _, term in ipairs(asked.without) do all[#all + 1] = "NOT " .. occurs(term, id, values) end
   return table.concat(all, " AND ")
end

--- The condition that what was asked for occurs, and its values.
function words.condition(asked, id)
   local values = {}
   local text = conditions(asked, id, values)
   return text, table.unpack(values)
end

--- A pattern for what a term finds in a text: its words, with anything that is no letter between them.
local function pattern(term)
   local parts = {}
   for word in (term.text or term.within):gmatch "[%w\128-\255]+" do parts[#parts + 1] = word end
   local text = table.concat(parts, "[^[:alnum:]]+")
   return term.within and text or "\\m" .. text .. (term.begins and "\\w*" or "") .. "\\M"
end

--- SQL for the matches with marks around what was found: the text, its values, and whether `rank` orders them. Words in
--- scripts without spaces have no rank: then the actions come in the order of the data.
function words.query(asked, shown, mark, ranked)
   local values, patterns, ranks, alone = {}, {}, {}, true
   local rank_values = {}
   for _, alternatives in ipairs(asked.all) do
      for _, term in ipairs(alternatives) do
         patterns[#patterns + 1] = pattern(term)
         if term.match then ranks[#ranks + 1] = tsquery(term, rank_values) else alone = false end
      end
   end
   if ranked and not alone then
      require("difkit.error").raise("search: words in scripts without spaces cannot be ranked",
         "leave `ranked` out: the actions then come in the order of the data")
   end
   local orders = alone and ranked ~= false
   values[1] = "(" .. table.concat(patterns, "|") .. ")"
   values[2] = mark[1]:gsub("\\", "\\\\") .. "\\1" .. mark[2]:gsub("\\", "\\\\")
   local rank = "CAST(NULL AS DOUBLE PRECISION)"
   if orders then
      rank = ("CAST(-ts_rank_cd(action_words(action_full.text), %s) AS DOUBLE PRECISION)"):format(
         table.concat(ranks, " || "))
      table.move(rank_values, 1, #rank_values, #values + 1, values)
   end
   local condition = conditions(asked, "action_full.id", values)
   values.n = #values
   return ([[(SELECT %s, regexp_replace(action_full.text COLLATE "und-x-icu", ?, ?, 'gi') AS text, %s AS rank,
      action.ctid AS place FROM action_full JOIN action ON action.id = action_full.id WHERE %s)]]):format(
      table.concat(shown, ", "), rank, condition), values, orders
end

return words
