--- The annual business survey that the actions ask for: its questions, and figures from its answers with standard
--- errors. Without --survey: the actions coded business-survey in the scheme `monitoring`, what each asks about, and
--- the answers that member states handed in as observations of indicators called `survey.ACTION` (several questions
--- an action:
--- `survey.ACTION.NAME`), such as survey.WPAAEC.TF.7.
--- With --survey: figures from the answers of firms. Without --question the questions of the survey; else shares (the
--- default of questions of yes and no and of choices), means, totals, ratios or quantiles, by --by and for --where,
--- with standard errors, intervals and effective sizes; what is too small to be shown is left out. The bundled
--- framework holds no answers; examples/data/illustrative has invented ones.
---@script survey
---@option period integer  The year of the answers. Default: the latest of each question; of a survey all.
---@option answers boolean  One row a question and member state instead.
---@option survey survey  The survey by its id: figures from answers of single firms.
---@option question text  The question.
---@option statistic choice(share|mean|total|ratio|quantile)  What is estimated.
---@option by text  What to break down by, such as unit,size: unit, period, stratum, cluster, or questions.
---@option where text...  Who is meant, such as size=large; several values: size=small,micro.
---@option of text  The question below the line of a ratio; asked: shares of all who were asked.
---@option p number=0.5  The order of a quantile.
---@option interval text  Of shares: korn-graubard (the default), beta, wald, logit, arcsine, wilson.
---@option confidence number=0.95  Of the intervals.
---@option lonely text  A stratum of one cluster: fail, adjust, average, certainty, remove. Default: as the survey says.
---@option smallest integer  The fewest respondents of a figure that is shown. Default: as the survey says, else 5.
---@option margins boolean  Also a row for all together.
---@option observations boolean  As rows of observations, with flag, standard error and source.
---@reads action, coding, indicator, observation, survey, question, choice, respondent, response
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

--- "size=large" → size, large; numbers are numbers.
local function condition(text)
   local name, value = text:match "^%s*([^=]-)%s*=%s*(.-)%s*$"
   if not name or value == "" then
      difkit.error.raise(('--where must look like size=large, not "%s"'):format(text))
   end
   local list = {}
   for _, one in ipairs(difkit.text.split(value, ",")) do list[#list + 1] = tonumber(one) or one end
   return name, #list > 1 and list or list[1]
end

local function asked_for()
   local where = {}
   for _, text in ipairs(options.where or {}) do
      local name, value = condition(text)
      where[name] = value
   end
   if options.period then where.period = options.period end
   return {
      question = options.question, by = options.by and difkit.text.split(options.by, ","), where = where,
      interval = options.interval, confidence = options.confidence, lonely = options.lonely,
         smallest = options.smallest,
      margins = options.margins,
   }
end

--- The questions of a survey, with how many answered.
local function questions(survey)
   local rows = {}
   for row in db:query("SELECT * FROM question WHERE survey_id = ? ORDER BY position", survey.id) do
      local kinds = survey:nothing{question = row.id, where = options.period and {period = options.period}}
      local asked, answered = 0, 0
      for kind in kinds:rows() do
         if kind.kind == "answer" then answered = kind.n end
         if kind.kind ~= "not_asked" and kind.kind ~= "not_applicable" then asked = asked + kind.n end
      end
      rows[#rows + 1] = {row.id, row.text, row.kind, row.action_id, asked, answered}
   end
   local t = difkit.table({"id", "question", "kind", "action", "asked", "answered"}, rows)
   t.title = survey.title
   t.note = tostring(survey)
   t.source = survey.source
   return t
end

local function figures()
   local survey = db:survey(options.survey)
   if not options.question then return questions(survey) end
   local asked = asked_for()
   local kind = db:query("SELECT kind FROM question WHERE survey_id = ? AND id = ?", survey.id, options.question)
      :value()
   local statistic = options.statistic or (kind == "number" or kind == "scale") and "mean" or "share"
   if statistic == "quantile" then asked.p = options.p else asked.p = nil end
   if statistic == "ratio" or statistic == "share" then asked.of = options.of end
   if options.observations then
      return survey:observations{
         question = asked.question, statistic = statistic, where = asked.where, of = asked.of, p = asked.p,
         lonely = asked.lonely, smallest = asked.smallest,
      }
   end
   return survey[statistic](survey, asked)
end

if options.survey then return figures() end

local asked = {}
for row in db:query [[SELECT action_id, note FROM coding WHERE scheme_id = 'monitoring'
   AND code_id = 'business-survey']] do asked[row.action_id] = row.note or "" end
if not next(asked) then return nil, "no action is coded business-survey in the scheme monitoring", "usage" end

--- The indicators that hold answers to what an action asks: survey.ACTION, and survey.ACTION.NAME for further
--- questions.
local function indicators_of(action)
   local list = {}
   for row in db:query("SELECT id, title FROM indicator WHERE id = ? OR substr(id, 1, ?) = ? ORDER BY id",
      "survey." .. action, #action + 8, "survey." .. action .. ".") do list[#list + 1] = row end
   if #list == 0 then list[1] = {id = "survey." .. action} end
   return list
end

--- The answers to a question: rows of unit, period, value, flag; of one period, the latest unless one is asked for.
local function answers_to(indicator)
   local period = options.period or db:query([[SELECT max(period) FROM observation
      WHERE indicator_id = ? AND value IS NOT NULL]], indicator):value()
   return db:query([[SELECT u.title AS unit, o.period, o.value, o.flag FROM observation AS o
      JOIN unit AS u ON u.id = o.unit_id WHERE o.indicator_id = ? AND o.period = ? ORDER BY u.title]],
      indicator, period):all(), period
end

local rows = {}
local function add(action, what, answers, period)
   if options.answers then
      for _, answer in ipairs(answers) do
         rows[#rows + 1] = {action.id, what, answer.unit, answer.period, answer.value, answer.flag}
      end
      return
   end
   local values = {}
   for _, answer in ipairs(answers) do values[#values + 1] = answer.value end
   table.sort(values)
   local sum = 0
   for _, value in ipairs(values) do sum = sum + value end
   rows[#rows + 1] = {action.id, action.topic_title, what, #values > 0 and period or nil, #values,
      values[1], #values > 0 and sum / #values or nil, values[#values]}
end

for action in db:actions() do
   if asked[action.id] then
      for _, indicator in ipairs(indicators_of(action.id)) do
         local further = indicator.id ~= "survey." .. action.id
         add(action, further and indicator.title or asked[action.id], answers_to(indicator.id))
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
