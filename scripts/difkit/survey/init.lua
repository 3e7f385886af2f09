--- Surveys from a table with a row a respondent, or from the tables of a database.
local answers = require "difkit.survey.answers"
local core = require "difkit.core"
local design = require "difkit.survey.design"
local errors = require "difkit.error"
local figures = require "difkit.survey.figures"
local replicate = require "difkit.survey.replicate"
local variance = require "difkit.survey.variance"

---@class difkit.Database
local Database = core.database

---How the rows of a table were drawn: names of its columns.
---@class difkit.SurveyDesign
---@field weight string the column of weights: how many of the population a respondent stands for
---@field id? string the column that names the respondents
---@field strata? string|string[] what makes a stratum
---@field cluster? string first-stage clusters; left out, each respondent is one
---@field subcluster? string second-stage clusters
---@field population? string clusters in the population of the stratum: a number, not a share
---@field subpopulation? string second-stage clusters in the population of the cluster
---@field replicates? table replicate weights: `columns` (their names), `weights` ("whole" or "factors" of the full
---weight),
---`method`, `scale`, `scales`, `centre` ("estimate", or "mean" of the replicates), `fay`; or only `method` ("jk1",
---"jkn", "brr", "fay", "bootstrap" with `count` and `seed`): made from strata and clusters
---@field missing? table<string, string> kinds of nothing by the value that stands for them: `["-97"] = "refused"`
---@field lonely? string what to do with a stratum of one cluster: "fail" (the default), "adjust", "average",
---"certainty", "remove"
---@field smallest? integer the fewest respondents of a cell that is shown (5)
---@field title? string

local design_names = {
   "weight", "id", "strata", "cluster", "subcluster", "population", "subpopulation", "replicates", "missing", "lonely",
   "smallest", "title",
}

local kinds = {refused = true, unknown = true, not_applicable = true, not_asked = true, none = true, invalid = true}

local function column_of(rows, name)
   if name == nil then return {} end
   for _, known in ipairs(rows.columns) do
      if known == name then return rows:column(name) end
   end
   errors.unknown("column", name, rows.columns, "difkit.survey")
end

local function joined(lists, index)
   local parts = {}
   for i, list in ipairs(lists) do parts[i] = tostring(list[index] == nil and "" or list[index]) end
   return table.concat(parts, " ")
end

local function people_of(rows, options)
   local strata = {}
   for i, name in ipairs(type(options.strata) == "string" and {options.strata} or options.strata or {}) do
      strata[i] = column_of(rows, name)
   end
   local given = {}
   for _, name in ipairs {"id", "weight", "cluster", "subcluster", "population", "subpopulation"} do
      given[name] = column_of(rows, options[name])
   end
   local people = {}
   for index = 1, #rows do
      people[index] = {
         id = given.id[index] ~= nil and tostring(given.id[index]) or "in row " .. index,
         weight = given.weight[index], stratum = joined(strata, index),
         cluster = given.cluster[index] ~= nil and tostring(given.cluster[index]) or nil,
         subcluster = given.subcluster[index] ~= nil and tostring(given.subcluster[index]) or nil,
         population = given.population[index], subpopulation = given.subpopulation[index],
      }
   end
   return people
end

--- Replicate weights as a table has them; "factors" are multiplied with the full weight.
local function replicates_of(rows, options, weight)
   local given = options.replicates
   if given.weights ~= "whole" and given.weights ~= "factors" then
      errors.raise("difkit.survey: whether replicate weights are whole or factors of the full weight has to be said",
         'replicates = {weights = "whole", …} or {weights = "factors", …}')
   end
   local list = {}
   for r, name in ipairs(given.columns) do
      list[r] = {}
      for index, value in ipairs(column_of(rows, name)) do
         list[r][index] = given.weights == "factors" and value * weight[index] or value
      end
   end
   return {
      weights = list, method = given.method, scale = given.scale, scales = given.scales, centre = given.centre,
      fay = given.fay, df = given.df,
   }
end

local function check_options(rows, options)
   errors.check("difkit.survey", "table", rows, "table")
   options = errors.options("difkit.survey", options, design_names)
   errors.check("difkit.survey", "weight", options.weight, "string")
   for code, kind in require "difkit.sorted"(options.missing or {}) do
      if not kinds[kind] then errors.unknown("kind of nothing", kind, {"refused", "unknown", "not_applicable",
         "not_asked",
         "none", "invalid"}, ("difkit.survey (%s)"):format(code)) end
   end
   local rules = {}
   for _, rule in ipairs(variance.lonely) do rules[rule] = true end
   if options.lonely and not rules[options.lonely] then
      errors.unknown("rule", options.lonely, variance.lonely, "difkit.survey")
   end
   return options
end

---@class difkit.survey
local survey = {}

---A survey from a table with a row a respondent; `difkit.survey(table, options)` is the same. Every column is a
---question.
---
---```lua
---local t = difkit.table({"w", "size", "y"}, {{10, "S", 2}, {10, "S", 4}, {2, "L", 10}, {2, "L", 30}})
---local s = difkit.survey(t, {weight = "w", strata = "size", smallest = 1})
---print(s:mean{question = "y"}[1].estimate) --> 5.8333333333333
---```
---@param rows difkit.Table
---@param options difkit.SurveyDesign
---@return difkit.Survey
function survey.new(rows, options)
   options = check_options(rows, options)
   local whole = design.new(people_of(rows, options))
   if options.replicates then
      if options.replicates.columns then
         whole.replicates = replicate.complete("difkit.survey", replicates_of(rows, options, whole.weight), whole.size)
      else
         whole.replicates = replicate.make("difkit.survey", whole, options.replicates)
      end
   end
   local question = answers.of_table(rows, options.missing or {})
   return setmetatable({
      id = options.title or rows.title or "survey", title = options.title or rows.title, source = rows.source,
      questions = rows.columns, design = whole, question = question,
      domain = function(name) return question(name).value end,
      lonely = options.lonely or "fail", smallest = options.smallest or 5,
   }, figures.events)
end

local respondent_columns = {"unit", "period", "stratum", "cluster"}

--- The respondents of a survey with the columns that a breakdown may name.
local function respondents_of(db, record)
   local people, columns, place = {}, {unit = {}, period = {}, stratum = {}, cluster = {}}, {of = {}}
   for row in db:query("SELECT * FROM respondent WHERE survey_id = ? ORDER BY id", record.id) do
      local index = #people + 1
      local stratum = row.stratum or ""
      if record.strata ~= "across" then
         stratum = ("%s %s %s"):format(row.unit_id or "", row.period or "", stratum)
      end
      people[index] = {
         id = row.id, weight = row.weight, stratum = stratum, cluster = row.cluster, subcluster = row.subcluster,
         population = row.population, subpopulation = row.subpopulation,
      }
      columns.unit[index], columns.period[index] = row.unit_id, row.period
      columns.stratum[index], columns.cluster[index] = row.stratum, row.cluster
      place.of[row.id] = index
   end
   place.count = #people
   return people, columns, place
end

--- The replicate weights of a survey, where it has any.
local function delivered(db, record, place, weight)
   if not record.replication then return nil end
   local list, scales = {}, nil
   for row in db:query([[SELECT number, respondent_id, weight FROM replicate_weight WHERE survey_id = ?
      ORDER BY number, respondent_id]], record.id):rows() do
      local index = place.of[row[2]]
      list[row[1]] = list[row[1]] or {}
      list[row[1]][index] = record.replicate_form == "factors" and row[3] * weight[index] or row[3]
   end
   for row in db:query("SELECT number, scale FROM replicate WHERE survey_id = ? ORDER BY number", record.id):rows() do
      scales = scales or {}
      scales[row[1]] = row[2]
   end
   for number, weights in ipairs(list) do
      for index = 1, place.count do
         if not weights[index] then
            errors.raise(('survey "%s": replicate %d has no weight for one of the respondents'):format(record.id,
               number), nil,
               "data")
         end
      end
   end
   return replicate.complete(('survey "%s"'):format(record.id), {
      weights = list, scales = scales, method = record.replication, scale = record.scale,
      centre = record.centre, fay = record.fay,
   }, place.count)
end

local function of_record(db, record)
   local people, columns, place = respondents_of(db, record)
   local whole = design.new(people)
   whole.replicates = delivered(db, record, place, whole.weight)
   local question, questions = answers.of_database(db, record.id, place), {}
   for row in db:query("SELECT id FROM question WHERE survey_id = ? ORDER BY position", record.id):rows() do
      questions[#questions + 1] = row[1]
   end
   return setmetatable({
      id = record.id, title = record.title, source = record.source, record = record, questions = questions,
         design = whole,
      question = question, columns = columns, lonely = record.lonely or "fail", smallest = record.smallest_cell or 5,
      domain = function(name)
         if columns[name] then return columns[name] end
         local known = {table.unpack(respondent_columns)}
         table.move(questions, 1, #questions, #known + 1, known)
         for _, id in ipairs(questions) do
            if id == name then return question(name).value end
         end
         errors.unknown("column or question", name, known, ('the survey "%s"'):format(record.id))
      end,
   }, figures.events)
end

---A survey of the data, by its id: an object that gives shares, means, totals, ratios and quantiles with standard
---errors.
---
---```lua
---local with = assert(difkit.open{"@bundled", "examples/data/illustrative"})
---local survey = with:survey "firms"
---print(survey) --> survey "firms": 420 respondents, 60 strata, 420 clusters
---local row = survey:share{question = "tools", where = {period = 2025}}[1]
---print(("%.3f ± %.3f"):format(row.estimate, row.standard_error)) --> 0.563 ± 0.044
---```
---
---`where = "database"`: the database computes the estimates, and no answer travels, for surveys that are too large to
---read. Shares (of those who answered), means and totals by the columns of respondents and by questions, with standard
---errors by Taylor's linearisation, can be had so.
---@param id string
---@param options? {where?: "here"|"database"}
---@return difkit.Survey|difkit.SurveyThere
function Database:survey(id, options)
   errors.check("db:survey", "id", id, "string")
   options = errors.options("db:survey", options, {"where"})
   if options.where ~= nil and options.where ~= "here" and options.where ~= "database" then
      errors.raise(('db:survey: where must be "here" or "database", not %s'):format(errors.show(options.where)))
   end
   local record = self:query("SELECT * FROM survey WHERE id = ?", id):one()
   if record and options.where == "database" then return require("difkit.survey.pushed").new(self, record) end
   if record then return of_record(self, record) end
   local names = {}
   for row in self:query("SELECT id FROM survey ORDER BY id"):rows() do names[#names + 1] = row[1] end
   errors.unknown("survey", id, names)
end

require "difkit.survey.observations"

return setmetatable(survey, {
   __call = function(_, ...) return survey.new(...) end, __name = "difkit.survey", __metatable = "difkit.survey",
})
