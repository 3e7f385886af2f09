--- The answers to the questions of a survey, by respondent: values, and the kinds of nothing. Two sources give them:
--- the tables of a database, and a table with a row a respondent.
local errors = require "difkit.error"

local answers = {}

--- Kinds of nothing that were asked: they count into the base of a share `of = "asked"` and into the response rate.
local asked = {refused = true, unknown = true, none = true, invalid = true}

--- Who answered, and who was asked and did not, among `members`.
function answers.split(question, members)
   local answered, silent = {}, {}
   for _, index in ipairs(members) do
      if question.value[index] ~= nil then
         answered[#answered + 1] = index
      elseif asked[question.missing[index]] then
         silent[#silent + 1] = index
      end
   end
   return answered, silent
end

--- The different answers in their order: numbers before texts; the codes of a question in theirs.
function answers.codes(question, size)
   if question.codes then return question.codes end
   local seen, list = {}, {}
   for index = 1, size do
      local value = question.value[index]
      if value ~= nil and not seen[value] then
         seen[value] = true
         list[#list + 1] = value
      end
   end
   table.sort(list, function(a, b)
      if type(a) == type(b) then return a < b end
      return type(a) == "number"
   end)
   return list
end

--- Of a table: a column a question; `codes` gives the kind of nothing of values such as -97.
function answers.of_table(rows, codes)
   local known, cache = {}, {}
   for _, name in ipairs(rows.columns) do known[name] = true end
   return function(name)
      if not known[name] then errors.unknown("question", name, rows.columns, "the survey") end
      if not cache[name] then
         local question = {id = name, value = {}, missing = {}}
         for index = 1, #rows do
            local value = rows[index][name]
            local kind = value == nil and "none" or codes[tostring(value)]
            if kind then question.missing[index] = kind else question.value[index] = value end
         end
         cache[name] = question
      end
      return cache[name]
   end
end

local function question_of(db, survey, name)
   local row = db:query("SELECT * FROM question WHERE survey_id = ? AND id = ?", survey, name):one()
   if row then return row end
   local names = {}
   for known in db:query("SELECT id FROM question WHERE survey_id = ? ORDER BY position", survey):rows() do
      names[#names + 1] = known[1]
   end
   errors.unknown("question", name, names, ('the survey "%s"'):format(survey))
end

local function codes_of(db, survey, name)
   local list, titles = {}, {}
   for row in db:query([[SELECT id, title FROM choice WHERE survey_id = ? AND question_id = ? ORDER BY position]],
      survey,
      name) do
      local code = tonumber(row.id) or row.id
      list[#list + 1] = code
      titles[code] = row.title
   end
   if #list > 0 then return list, titles end
end

--- Of a database: the respondents' numbers are `place[id]`.
function answers.of_database(db, survey, place)
   local cache = {}
   return function(name)
      if not cache[name] then
         local row = question_of(db, survey, name)
         local question = {id = name, kind = row.kind, text = row.text, value = {}, missing = {}}
         question.codes, question.titles = codes_of(db, survey, name)
         for index = 1, place.count do question.missing[index] = "not_asked" end
         for answer in db:query([[SELECT respondent_id, value, answer, missing FROM response
            WHERE survey_id = ? AND question_id = ?]], survey, name):rows() do
            local index = place.of[answer[1]]
            question.value[index], question.missing[index] = answer[2] or answer[3], answer[4]
         end
         cache[name] = question
      end
      return cache[name]
   end
end

return answers
