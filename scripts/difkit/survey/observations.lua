--- Figures of a survey as observations of indicators, with standard error, flag and how they were made.
local errors = require "difkit.error"
local figures = require "difkit.survey.figures"
local tables = require "difkit.table"

---@class difkit.Survey
local Survey = figures.Survey

--- Why a row has no value, or what is to be known of it, as an SDMX observation status.
local function flag_of(row)
   if row.suppressed then return "Q" end
   if row.estimate == nil then return "O" end
   return row.flag
end

---Figures as the rows of `observation`: indicator, unit, period, value, flag, standard_error, source. A question of
---choices gives an indicator for each answer. What may not be shown has the flag Q and no value. Written as a CSV
---file they are read by
---`observations: {csv: …}`; an index then draws its values by their standard errors (`robustness`).
---
---```lua
---local with = assert(difkit.open{"@bundled", "examples/data/illustrative"})
---local rows = with:survey("firms"):observations{question = "tools"}
---print(rows[1].indicator, rows[1].unit, rows[1].period, rows[1].flag) --> firms.tools	BRN	2024	U
---```
---@param options {question: string, statistic?: string, indicator?: string, where?: table<string, any>, answer?: any,
---of?: string, p?: number, lonely?: string, smallest?: integer} `statistic`: share (the default of questions of yes
---and no and of choices), mean, total, ratio, quantile; `indicator`: its id, SURVEY.QUESTION
---@return difkit.Table
function Survey:observations(options)
   options = errors.options("survey:observations", options, {
      "question", "statistic", "indicator", "where", "answer", "of", "p", "lonely", "smallest",
   })
   errors.check("survey:observations", "question", options.question, "string")
   local question = self.question(options.question)
   local counts = question.kind == "number" or question.kind == "scale"
   local statistic = options.statistic or counts and "mean" or "share"
   local known = {"share", "mean", "total", "ratio", "quantile"}
   if not table.concat(known, " "):find(statistic, 1, true) then
      errors.unknown("statistic", statistic, known, "survey:observations")
   end
   local asked = {by = {"unit", "period"}}
   for name, value in pairs(options) do
      if name ~= "statistic" and name ~= "indicator" then asked[name] = value end
   end
   local found = self[statistic](self, asked)
   local several, first = false, found[1] and found[1].answer
   local rows = {}
   for row in found:rows() do several = several or statistic == "share" and row.answer ~= first end
   for row in found:rows() do
      local id = options.indicator or self.id .. "." .. options.question
      rows[#rows + 1] = {
         indicator = several and id .. "." .. tostring(row.answer) or id, unit = row.unit, period = row.period,
         value = row.estimate, flag = flag_of(row), standard_error = row.standard_error,
         source = ("%s: %s"):format(self.title or self.id, found.note),
      }
   end
   local t = tables({"indicator", "unit", "period", "value", "flag", "standard_error", "source"}, rows)
   t.title = found.title
   return t
end

return figures
