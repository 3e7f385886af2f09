--- The page of a sheet that puts the questions of a survey to a unit, which answers as one respondent, called by the
--- unit and the round. What a page has: actions.lua.
local actions = require "difkit.monitoring.page.actions"
local core = require "difkit.core"
local numbers = require "difkit.format.numbers"

local questions = {kind = "questions", name = "Questions", key = "answer"}

--- Kinds of nothing, in words and as the data have them.
local nothing = {
   {"would rather not say", "refused"}, {"not known", "unknown"}, {"does not concern us", "not_applicable"},
   {"no answer", "none"},
}

questions.columns = {"id", "what is asked", "last answer", "of", "answer", "why none", "remark"}
questions.lists = {["why none"] = {}}
for i, one in ipairs(nothing) do questions.lists["why none"][i] = one[1] end

--- What can be chosen: words and what they are in the data, or nil where it is to be written.
local function answers_of(db, question)
   local list = {}
   for row in db:query([[SELECT title, id FROM choice WHERE survey_id = ? AND question_id = ? ORDER BY position]],
      question.survey_id, question.id):rows() do
      list[#list + 1] = {row[1], tonumber(row[2]) or row[2]}
   end
   if #list == 0 and question.kind == "yesno" then list = {{"yes", 1}, {"no", 0}} end
   if #list == 0 and question.kind == "scale" and question.lower and question.upper then
      for level = math.ceil(question.lower), math.floor(question.upper) do
         list[#list + 1] = {tostring(level), level}
      end
   end
   return #list > 0 and list or nil
end

--- Questions by the id that they have on a sheet: SURVEY:QUESTION.
local function all(db, survey)
   local list = {}
   for row in db:query "SELECT * FROM question ORDER BY survey_id, position" do
      if not survey or row.survey_id == survey then
         list[#list + 1] = {survey_id = row.survey_id, id = row.id, kind = row.kind, text = row.text,
            measure = row.measure, lower = row.lower, upper = row.upper, answers = answers_of(db, row),
            sheet_id = row.survey_id .. ":" .. row.id}
      end
   end
   return list
end

local function respondent(unit, round) return unit .. "-" .. round end

--- The last answer of the unit in an earlier round: in words, and the round.
local function last_answer(db, question, given)
   local rounds = db:query("SELECT id FROM round WHERE reference < ? ORDER BY reference DESC, id", given.reference)
   for _, round in ipairs(rounds:all()) do
      local known = db:query([[SELECT value, answer, missing FROM response WHERE survey_id = ? AND question_id = ?
         AND respondent_id = ?]], question.survey_id, question.id, respondent(given.unit, round.id)):one()
      if known then
         local said = known.value or known.answer or known.missing
         for _, one in ipairs(question.answers or {}) do
            if one[2] == said then return one[1], round.id end
         end
         return said, round.id
      end
   end
end

function questions.open(db, given)
   local open = {}
   for _, row in ipairs(all(db, given.survey)) do
      local last, of = last_answer(db, row, given)
      local words = row.measure and ("%s (%s)"):format(row.text, row.measure) or row.text
      local choices
      for i, one in ipairs(row.answers or {}) do
         choices = choices or {}
         choices[i] = one[1]
      end
      open[#open + 1] = {id = row.sheet_id, cells = {["what is asked"] = words, ["last answer"] = last, of = of},
         choices = choices and {answer = choices}}
   end
   return open
end

function questions.known(db)
   local known = {}
   for _, row in ipairs(all(db)) do known[row.sheet_id] = row end
   return known
end

questions.unknown = "is no question of these data"

function questions.words(db, id)
   local survey, question = id:match "^(.-):(.*)$"
   return db:query("SELECT text FROM question WHERE survey_id = ? AND id = ?", survey, question):value()
end

--- The answer in the data, or nil and what is wrong.
local function answer_of(question, said)
   if question.answers then
      local names = {}
      for i, one in ipairs(question.answers) do
         if core.lower(one[1]) == core.lower(said) or tostring(one[2]) == said then return one[2] end
         names[i] = one[1]
      end
      return nil, ('"%s" cannot be chosen; have %s'):format(said, table.concat(names, ", "))
   end
   if question.kind == "text" then return said end
   local number = numbers.read(said, ".")
   local value = number and number.value
   if not value then return nil, ('"%s" is no number such as 12.5'):format(said) end
   if question.lower and value < question.lower or question.upper and value > question.upper then
      return nil, actions.outside(said, question)
   end
   return value
end

function questions.read(cell, context)
   local said, why = cell "answer", cell "why none"
   local answer = {remark = cell "remark"}
   if said then
      local problem
      answer.answer, problem = answer_of(context.known, said)
      if problem then return nil, "answer", problem end
   end
   for _, one in ipairs(nothing) do
      if why and why:lower() == one[1] then answer.missing = one[2] end
   end
   if why and not answer.missing then
      return nil, "why none", ('"%s" is none of the reasons; have %s'):format(why,
         table.concat(questions.lists["why none"], ", "))
   elseif why and said then
      return nil, "why none", "an answer, and a reason why there is none"
   end
   if not said and not why then answer.missing = "none" end
   answer.survey, answer.question = context.known.survey_id, context.known.id
   return answer
end

function questions.said(answer)
   return answer.missing or type(answer.answer) == "number" and actions.number(answer.answer) or answer.answer
end

function questions.line(answer)
   return table.concat({answer.id, questions.said(answer), answer.remark or ""}, "\t")
end

function questions.before(db, found)
   local before = {}
   for row in db:query([[SELECT survey_id || ':' || question_id AS id, value, answer, missing FROM response
      WHERE respondent_id = ? ORDER BY 1]], respondent(found.unit, found.round.id)) do
      before[row.id] = questions.said{missing = row.missing, answer = row.value or row.answer}
   end
   return before
end

--- Who answered, by which sheet, and what was remarked on single questions, which the data keep with the respondent.
local function note_of(found, answers, survey)
   local parts = {found.source, found.by and "answered by " .. found.by}
   if not found.by then parts[2] = nil end
   for _, one in ipairs(answers) do
      if one.survey == survey and one.remark then parts[#parts + 1] = ("%s: %s"):format(one.question, one.remark) end
   end
   return table.concat(parts, "; ")
end

--- Each survey's respondent, who stands for itself alone, and answers, as records of the data.
local function records_of(found, answers)
   local who, responses, seen = {}, {}, {}
   local id = respondent(found.unit, found.round.id)
   for i, one in ipairs(answers) do
      if not seen[one.survey] then
         seen[one.survey] = true
         who[#who + 1] = {{"survey", one.survey}, {"id", id}, {"unit", found.unit},
            {"period", found.round.reference:sub(1, 4)}, {"weight", 1}, {"note", note_of(found, answers, one.survey)}}
      end
      local number = type(one.answer) == "number"
      responses[i] = {{"survey", one.survey}, {"question", one.question}, {"respondent", id},
         {"value", number and one.answer or nil}, {"answer", not number and one.answer or nil},
         {"missing", one.missing}}
   end
   return who, responses
end

function questions.yaml(found, answers, add)
   local who, responses = records_of(found, answers)
   add("respondents", who)
   add("responses", responses)
end

function questions.add(db, found, answers)
   local who, responses = records_of(found, answers)
   for _, one in ipairs(who) do
      db:exec("INSERT INTO respondent (survey_id, id, unit_id, period, weight, note) VALUES (?, ?, ?, ?, ?, ?)",
         one[1][2], one[2][2], one[3][2], one[4][2], one[5][2], one[6][2])
   end
   for _, one in ipairs(responses) do
      db:exec([[INSERT INTO response (survey_id, question_id, respondent_id, value, answer, missing)
         VALUES (?, ?, ?, ?, ?, ?)]], one[1][2], one[2][2], one[3][2], one[4][2], one[5][2], one[6][2])
   end
end

return questions
