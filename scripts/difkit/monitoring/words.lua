--- What a paper calls things: the framework's own words (words: in YAML), or plain ones. A paper made with them holds
--- neither ids nor the words of the program.
local words = {}

local plain = {
   area = {"priority area"}, topic = {"topic"}, action = {"action"}, body = {"responsible body", "responsible bodies"},
   unit = {"member state"}, document = {"document"}, compliance = {"compliance"}, outcomes = {"outcomes"},
   impact = {"impact"},
   completed = {"completed"}, in_progress = {"under way"}, delayed = {"delayed"}, not_started = {"not begun"},
   dropped = {"discontinued"}, not_reported = {"no report"}, not_completed = {"not completed at the end of the plan"},
   not_applicable = {"not concerned"},
}

---A function that gives the word for something, of one or of many: `said("action", 2)` is "key action lines".
---@param db difkit.Database
---@return fun(term: string, count?: integer): string
function words.of(db)
   local own = {}
   for row in db:query("SELECT term, said, plural FROM wording ORDER BY framework_id DESC"):rows() do
      own[row[1]] = {row[2], row[3]}
   end
   return function(term, count)
      local known = own[term] or plain[term] or {(term:gsub("_", " "))}
      if count == nil or count == 1 then return known[1] end
      return known[2] or known[1] .. "s"
   end
end

--- With a capital letter at its beginning.
function words.begin(text) return (text:gsub("^%l", string.upper)) end

return words
