--- The annual business survey that the actions ask for: its questions, collected, and the answers where there are any.
--- The actions are those coded business-survey in the scheme `monitoring`; what each asks about is the note of its
--- coding. Answers are observations of an indicator called `survey.ACTION`, such as survey.WPAAEC.TF.7.
--- The bundled framework holds no answers; examples/data/illustrative has invented ones.
---@script survey
---@option period integer  The year of the answers. Default: the latest of each question.
---@option answers boolean  One row a question and member state instead.
---@reads action, coding, indicator, observation
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local asked = {}
for row in db:query [[SELECT action_id, note FROM coding WHERE scheme_id = 'monitoring'
   AND code_id = 'business-survey']] do asked[row.action_id] = row.note or "" end
if not next(asked) then return nil, "no action is coded business-survey in the scheme monitoring", "usage" end

--- The answers to a question: rows of unit, period, value, flag; of one period, the latest unless one is asked for.
local function answers_to(action)
   local indicator = "survey." .. action
   local period = options.period or db:query([[SELECT max(period) FROM observation
      WHERE indicator_id = ? AND value IS NOT NULL]], indicator):value()
   return db:query([[SELECT u.title AS unit, o.period, o.value, o.flag FROM observation AS o
      JOIN unit AS u ON u.id = o.unit_id WHERE o.indicator_id = ? AND o.period = ? ORDER BY u.title]],
      indicator, period):all(), period
end

local rows = {}
for action in db:actions() do
   if asked[action.id] then
      local answers, period = answers_to(action.id)
      if options.answers then
         for _, answer in ipairs(answers) do
            rows[#rows + 1] = {action.id, asked[action.id], answer.unit, answer.period, answer.value, answer.flag}
         end
      else
         local values = {}
         for _, answer in ipairs(answers) do values[#values + 1] = answer.value end
         table.sort(values)
         local sum = 0
         for _, value in ipairs(values) do sum = sum + value end
         rows[#rows + 1] = {action.id, action.topic_title, asked[action.id], #values > 0 and period or nil, #values,
            values[1], #values > 0 and sum / #values or nil, values[#values]}
      end
   end
end

if options.answers then
   return difkit.table({"id", "asks about", "unit", "period", "value", "flag"}, rows)
end
local result = difkit.table({"id", "topic", "asks about", "period", "answers", "lowest", "mean", "highest"}, rows)
result.title = "Questions for the annual business survey"
result.note = "answers: member states with a value; the mean is that of the states, each counted alike"
return result
