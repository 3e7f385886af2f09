--- The questionnaire of a survey as a page to print: each question with its choices to tick, or a line to write on.
---@script questionnaire
---@option survey survey  The survey by its id.
---@option file path=questionnaire.html  The file below --out; .md gives Markdown.
---@reads survey, question, choice, missing_code
---@writes the file of --file
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if not options.survey then return nil, "which survey? --survey ID", "usage" end
local survey = db:query("SELECT * FROM survey WHERE id = ?", options.survey):one()
local report = difkit.report{title = survey.title, subtitle = "Questionnaire", source = survey.source}
report:text("Please tick one box, or write the answer on the line. "
   .. "A question that you would rather not answer may stay empty.")

--- The answers that a question takes, in words.
local function answers_of(question)
   local list = {}
   for row in db:query([[SELECT title FROM choice WHERE survey_id = ? AND question_id = ? ORDER BY position]],
      survey.id,
      question.id):rows() do list[#list + 1] = row[1] end
   if #list == 0 and question.kind == "yesno" then list = {"yes", "no"} end
   if #list == 0 and question.kind == "scale" and question.lower and question.upper then
      for level = math.ceil(question.lower), math.floor(question.upper) do list[#list + 1] = tostring(level) end
   end
   return list
end

local number = 0
for question in db:query("SELECT * FROM question WHERE survey_id = ? ORDER BY position", survey.id) do
   number = number + 1
   report:heading(("%d. %s"):format(number, question.text), 3)
   if question.filter then report:text("*" .. question.filter .. "*") end
   local answers = answers_of(question)
   for i, answer in ipairs(answers) do answers[i] = "☐ " .. answer end
   report:text(#answers > 0 and table.concat(answers, "    ")
      or ("______________________ %s"):format(question.measure or ""))
end
local done, message, code = report:write(options.file)
if not done then return nil, message, code end
print(("%s: %d questions"):format(options.file, number))
