--- Surveys: figures with standard errors from the answers of a sample. A survey comes from the tables of a database
--- (`db:survey`) or from a table with a row a respondent (`difkit.survey`).
--- Formulas: Lumley, Complex Surveys (2010); Korn & Graubard (1998) for shares; Woodruff (1952) for quantiles.
local answers = require "difkit.survey.answers"
local class = require "difkit.class"
local design = require "difkit.survey.design"
local errors = require "difkit.error"
local estimate = require "difkit.survey.estimate"
local interval = require "difkit.survey.interval"
local suppress = require "difkit.survey.suppress"
local tables = require "difkit.table"
local variance = require "difkit.survey.variance"

---A survey with its design. Its methods give tables with a row a cell: the columns of `by`, then `estimate`,
---`standard_error`, `low`, `high`, `n` (answers), `effective_n`, `design_effect`, `suppressed`, `flag` (SDMX: Q
---suppressed, U of low reliability), `reason`, `df`, `asked`, `response_rate` (weighted, of the question).
---@class difkit.Survey
---@field id string
---@field title string|nil
---@field questions string[] ids of the questions, in order
local Survey, events = class "difkit.Survey"

local survey = {Survey = Survey, events = events}

---How figures of a survey are asked for.
---@class difkit.SurveyOptions
---@field question string id of the question; of a table the column
---@field by? string|string[] what to break down by: unit, period, stratum, cluster, or a question
---@field where? table<string, any> who is meant, by the same names: a value, or a list of values
---@field answer? any share: of this answer alone
---@field of? string share: "answered" (the default), or "asked": refusals and the like count into the base; ratio: the
---question below the line
---@field p? number|number[] quantile: the order, 0.5
---@field rule? string quantile: "math" (the smallest answer at which the weights reach p) or "school" (the middle of
---two)
---@field interval? string of shares: korn-graubard (the default), wald, logit, arcsine, wilson; of quantiles wald
---@field confidence? number 0.95
---@field lonely? string a stratum of one cluster: "fail" (the default), "adjust", "average", "certainty", "remove"
---@field smallest? integer the fewest respondents of a cell that is shown (5)
---@field suppress? boolean false: cells are shown however small they are
---@field margins? boolean a row for all together; a second cell is left out where one is

local option_names = {"question", "by", "where", "interval", "confidence", "lonely", "smallest", "suppress", "margins"}
local columns = {
   "estimate", "standard_error", "low", "high", "n", "effective_n", "design_effect", "suppressed", "flag", "reason",
      "df",
   "asked", "response_rate",
}

local function check(call, options, more)
   local names = table.move(more, 1, #more, #option_names + 1, table.move(option_names, 1, #option_names, 1, {}))
   options = errors.options(call, options, names)
   errors.check(call, "question", options.question, "string")
   if options.lonely then
      local known = {}
      for _, rule in ipairs(variance.lonely) do known[rule] = true end
      if not known[options.lonely] then errors.unknown("rule", options.lonely, variance.lonely, call) end
   end
   local kinds = {}
   for _, kind in ipairs(interval.kinds) do kinds[kind] = true end
   if options.interval and not kinds[options.interval] then
      errors.unknown("interval", options.interval, interval.kinds, call)
   end
   local confidence = options.confidence or 0.95
   if type(confidence) ~= "number" or confidence <= 0 or confidence >= 1 then
      errors.raise(("%s: confidence must lie between 0 and 1, not %s"):format(call, errors.show(options.confidence)))
   end
   return options
end

--- Whether a value is the wanted one, or one of a list.
local function is(value, wanted)
   if type(wanted) ~= "table" then return value == wanted end
   for _, each in ipairs(wanted) do
      if each == value then return true end
   end
   return false
end

--- The respondents that are meant.
local function members_of(self, where)
   local members, lists = {}, {}
   for name, wanted in require "difkit.sorted"(where or {}) do lists[#lists + 1] = {self.domain(name), wanted} end
   for index = 1, self.design.size do
      local meant = true
      for _, pair in ipairs(lists) do meant = meant and pair[1][index] ~= nil and is(pair[1][index], pair[2]) end
      if meant then members[#members + 1] = index end
   end
   return members
end

local function before(a, b)
   for i = 1, #a.key do
      local left, right = a.key[i], b.key[i]
      if left ~= right then
         if type(left) == type(right) then return left < right end
         return type(left) == "number"
      end
   end
   return false
end

--- The cells of a breakdown: {key = values of `by`, members}. Who lacks one of the values is in none.
local function cells_of(self, by, members)
   if #by == 0 then return {{key = {}, members = members}} end
   local lists, cells, known = {}, {}, {}
   for i, name in ipairs(by) do lists[i] = self.domain(name) end
   for _, index in ipairs(members) do
      local key = {}
      for i, list in ipairs(lists) do key[i] = list[index] end
      local text = #key == #by and table.concat(key, "\0")
      if text then
         if not known[text] then
            known[text] = {key = key, members = {}}
            cells[#cells + 1] = known[text]
         end
         table.insert(known[text].members, index)
      end
   end
   table.sort(cells, before)
   return cells
end

local function values_at(list, members)
   local values = {}
   for position, index in ipairs(members) do values[position] = list[index] end
   return values
end

local function weight_of(self, members)
   local sum = 0
   for _, index in ipairs(members) do sum = sum + self.design.weight[index] end
   return sum
end

--- What every figure has: bounds, effective size, what is not to be shown.
local function put_figures(self, row, cell, options)
   local result, rules = cell.result, {
      smallest = options.smallest or self.smallest, largest = suppress.defaults.largest,
         share = suppress.defaults.share,
   }
   row.n, row.df, row.design_effect = result.n, cell.df, result.design_effect or result.design_effect_replace
   row.estimate, row.standard_error = result.estimate, result.variance and math.sqrt(result.variance)
   row.low, row.high = cell.low, cell.high
   if row.design_effect and row.design_effect > 0 then row.effective_n = result.n / row.design_effect end
   if cell.share and result.variance > 0 then
      row.effective_n = result.estimate * (1 - result.estimate) / result.variance
   end
   cell.reason = options.suppress ~= false and suppress.reason(self.design, cell, rules) or nil
   cell.weak = suppress.weak(result, row.effective_n)
end

local function hide(row, cell)
   row.suppressed = cell.reason ~= nil
   row.reason, row.flag = cell.reason or cell.weak, cell.reason and "Q" or cell.weak and "U" or nil
   if not cell.reason then return end
   for _, name in ipairs {"estimate", "standard_error", "low", "high", "n", "effective_n", "design_effect", "df",
      "asked",
      "response_rate"} do row[name] = nil end
end

--- A cell of a breakdown with its row. `figure(cell, options)` fills cell.result, and low and high where it has its
--- own.
local function make_row(self, names, cell, options, figure)
   local row = {}
   for i, name in ipairs(names) do row[name] = cell.key[i] end
   row.asked, row.response_rate = cell.asked, cell.response_rate
   cell.df = design.degrees(self.design, cell.members)
   cell.clusters = design.clusters_of(self.design, cell.members)
   if self.design.replicates then cell.df = self.design.replicates.df end
   cell.result = #cell.members > 0 and figure(cell, options) or nil
   if not cell.result then
      row.n, row.suppressed, row.reason = 0, false, "nobody in it has answered"
      cell.result = {n = 0}
      return row
   end
   if not cell.bounded then
      cell.low, cell.high = interval.around(cell.result.estimate, cell.result.variance, options.confidence or 0.95,
         cell.df)
   end
   put_figures(self, row, cell, options)
   return row
end

--- The rows of one breakdown; with `margins` that of all as well.
local function break_down(self, options, question, more, figures)
   local by = type(options.by) == "string" and {options.by} or options.by or {}
   local names = table.move(more, 1, #more, #by + 1, table.move(by, 1, #by, 1, {}))
   local everybody, rows = members_of(self, options.where), {}
   local breakdown = cells_of(self, by, everybody)
   if options.margins and #by > 0 then breakdown[#breakdown + 1] = {key = {}, members = everybody, margin = true} end
   for _, figure in ipairs(figures) do
      local made = {}
      for _, cell in ipairs(breakdown) do
         local one = {key = table.move(cell.key, 1, #cell.key, 1, {}), margin = cell.margin}
         one.answered, one.silent = answers.split(question, cell.members)
         local said, silent = weight_of(self, one.answered), weight_of(self, one.silent)
         one.asked = #one.answered + #one.silent
         one.response_rate = one.asked > 0 and said / (said + silent) or nil
         one.members = figure.keep and figure.keep(one) or one.answered
         local row = make_row(self, by, one, options, figure.compute)
         for name, value in pairs(figure.columns or {}) do row[name] = value end
         made[#made + 1] = {row = row, cell = one}
      end
      if options.margins then
         local inner = {}
         for _, each in ipairs(made) do
            if not each.cell.margin then inner[#inner + 1] = each.cell end
         end
         suppress.second(inner)
      end
      for _, each in ipairs(made) do
         if each.cell.result.n > 0 then hide(each.row, each.cell) end
         rows[#rows + 1] = each.row
      end
   end
   local all = table.move(columns, 1, #columns, #names + 1, names)
   return tables(all, rows)
end

--- What is said below a table, so that the figure can be made again.
local function method_note(self, options, what)
   local by = self.design.replicates and ("%d replicates (%s)"):format(#self.design.replicates.weights,
      self.design.replicates.method) or "linearisation"
   local text = "%s; standard errors by %s; %d strata, %d clusters, a lonely one: %s; intervals %s, %g %%, "
      .. "Student's t; difkit %s"
   return text:format(what, by, #self.design.strata, #self.design.clusters, options.lonely or self.lonely,
         options.interval or (what:find "^share" and "korn-graubard" or "wald"), 100 * (options.confidence or 0.95),
         require("difkit.core").version)
end

local function finish(self, t, options, what)
   t.title = ("%s: %s"):format(self.title or self.id, what)
   t.note = method_note(self, options, what)
   t.source = self.source
   return t
end

local function numbers_only(call, question, size)
   for index = 1, size do
      local value = question.value[index]
      if value ~= nil and type(value) ~= "number" then
         errors.raise(('%s: answers to "%s" are words such as "%s"'):format(call, question.id, value),
            "ask for the share of each answer: survey:share{question = …}")
      end
   end
end

---Shares of the answers to a question: of yes where it is a question of yes and no (1 and 0), else of each answer,
---which add up to 1. The base are those who answered; with `of = "asked"` also those who refused, did not know or
---left it blank, never those whom the question does not concern or who were not asked.
---
---```lua
---local t = difkit.table({"w", "yes"}, {{10, 0}, {10, 1}, {10, 1}, {2, 1}, {2, 1}, {2, 0}})
---local row = difkit.survey(t, {weight = "w"}):share{question = "yes"}[1]
---print(("%.3f"):format(row.estimate)) --> 0.667
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function Survey:share(options)
   options = check("survey:share", options, {"answer", "of"})
   if options.of and options.of ~= "asked" and options.of ~= "answered" then
      errors.unknown("base", options.of, {"answered", "asked"}, "survey:share")
   end
   local question = self.question(options.question)
   local codes = answers.codes(question, self.design.size)
   local yes_no = question.kind == "yesno" or not question.codes and #codes <= 2
   for _, code in ipairs(codes) do yes_no = yes_no and (code == 0 or code == 1) end
   if options.answer ~= nil then codes = {options.answer} elseif yes_no then codes = {1} end
   local figures = {}
   for i, code in ipairs(codes) do
      figures[i] = {
         columns = {answer = code},
         keep = options.of == "asked" and function(cell)
            local all = table.move(cell.answered, 1, #cell.answered, 1, {})
            table.move(cell.silent, 1, #cell.silent, #all + 1, all)
            table.sort(all)
            return all
         end,
         compute = function(cell)
            local hits = {}
            for position, index in ipairs(cell.members) do hits[position] = question.value[index] == code and 1 or 0 end
            local result = estimate.mean(self.design, cell.members, hits, options.lonely or self.lonely)
            if not result then return nil end
            cell.share, cell.bounded = true, true
            cell.low, cell.high = interval.share(options.interval or "korn-graubard", result.estimate, result.variance,
               result.n, cell.df, options.confidence or 0.95)
            return result
         end,
      }
   end
   local t = break_down(self, options, question, {"answer"}, figures)
   return finish(self, t, options, ('share of answers to "%s"%s'):format(options.question,
      options.of == "asked" and ", of those asked" or ""))
end

local function magnitudes(self, call, options, compute, magnitude)
   local question = self.question(options.question)
   numbers_only(call, question, self.design.size)
   return break_down(self, options, question, {}, {{
      compute = function(cell)
         local values = values_at(question.value, cell.members)
         cell.magnitude, cell.values = magnitude, values
         return compute(self.design, cell.members, values, options.lonely or self.lonely)
      end,
   }})
end

---Means of the answers to a question of numbers, by those who answered.
---
---```lua
---local t = difkit.table({"h", "w", "y"}, {
---   {"S", 10, 2}, {"S", 10, 4}, {"S", 10, 9}, {"L", 2, 10}, {"L", 2, 20}, {"L", 2, 30},
---})
---local row = difkit.survey(t, {weight = "w", strata = "h"}):mean{question = "y"}[1]
---print(row.estimate, ("%.6f"):format(row.standard_error)) --> 7.5	1.983730
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function Survey:mean(options)
   options = check("survey:mean", options, {})
   return finish(self, magnitudes(self, "survey:mean", options, estimate.mean), options,
      ('mean of "%s"'):format(options.question))
end

---Totals of the answers to a question of numbers. Who did not answer counts as nothing, so a total is too small by
---about the share of those who did not: see `response_rate`.
---
---```lua
---local t = difkit.table({"w", "y"}, {{10, 2}, {10, 4}, {2, 9}})
---print(difkit.survey(t, {weight = "w"}):total{question = "y", suppress = false}[1].estimate) --> 78
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function Survey:total(options)
   options = check("survey:total", options, {})
   return finish(self, magnitudes(self, "survey:total", options, estimate.total, true), options,
      ('total of "%s"'):format(options.question))
end

---Ratios of two totals, over those who answered both questions: `of` is the question below the line.
---
---```lua
---local t = difkit.table({"w", "sales", "staff"}, {{10, 20, 2}, {10, 40, 4}, {2, 90, 6}})
---local row = difkit.survey(t, {weight = "w"}):ratio{question = "sales", of = "staff", suppress = false}[1]
---print(row.estimate) --> 10.833333333333
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function Survey:ratio(options)
   options = check("survey:ratio", options, {"of"})
   errors.check("survey:ratio", "of", options.of, "string")
   local top, below = self.question(options.question), self.question(options.of)
   numbers_only("survey:ratio", top, self.design.size)
   numbers_only("survey:ratio", below, self.design.size)
   local t = break_down(self, options, top, {}, {{
      keep = function(cell)
         local both = {}
         for _, index in ipairs(cell.answered) do
            if below.value[index] ~= nil then both[#both + 1] = index end
         end
         return both
      end,
      compute = function(cell)
         cell.magnitude, cell.values = true, values_at(top.value, cell.members)
         return estimate.ratio(self.design, cell.members, cell.values, values_at(below.value, cell.members),
            options.lonely or self.lonely)
      end,
   }})
   return finish(self, t, options, ('ratio of "%s" to "%s"'):format(options.question, options.of))
end

---Quantiles of the answers to a question of numbers, `p = 0.5` (the median) or several: the smallest answer at which
---the weights reach p of all. Intervals are Woodruff's; a bound outside the answers is left out.
---
---```lua
---local t = difkit.table({"w", "y"}, {{8, 10}, {1, 20}, {1, 30}})
---print(difkit.survey(t, {weight = "w", smallest = 1}):quantile{question = "y"}[1].estimate) --> 10
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function Survey:quantile(options)
   options = check("survey:quantile", options, {"p", "rule"})
   local rule = options.rule or "math"
   if rule ~= "math" and rule ~= "school" then errors.unknown("rule", rule, {"math", "school"}, "survey:quantile") end
   if self.design.replicates and self.design.replicates.method:find "^jk" then
      errors.raise("survey:quantile: the jackknife is wrong for quantiles", "use BRR, Fay or bootstrap weights")
   end
   local question = self.question(options.question)
   numbers_only("survey:quantile", question, self.design.size)
   local figures = {}
   for i, p in ipairs(type(options.p) == "table" and options.p or {options.p or 0.5}) do
      if type(p) ~= "number" or p <= 0 or p >= 1 then
         errors.raise(("survey:quantile: p must lie between 0 and 1, not %s"):format(errors.show(p)))
      end
      figures[i] = {
         columns = {p = p},
         compute = function(cell)
            local result = estimate.quantile(self.design, cell.members, values_at(question.value, cell.members), p,
               options.lonely or self.lonely, {
                  rule = rule, interval = options.interval or "wald", confidence = options.confidence or 0.95,
                     df = cell.df,
               })
            if not result or self.design.replicates then return result end
            cell.bounded, cell.low, cell.high = true, result.low, result.high
            return result
         end,
      }
   end
   local t = break_down(self, options, question, {"p"}, figures)
   return finish(self, t, options, ('quantiles of "%s", rule %s'):format(options.question, rule))
end

---How the question was answered: a row a kind, answers first, then each kind of nothing, with counts and weights.
---
---```lua
---local t = difkit.table({"w", "y"}, {{1, 5}, {1, -97}, {1, -97}})
---local survey = difkit.survey(t, {weight = "w", missing = {["-97"] = "refused"}})
---for row in survey:nothing{question = "y"}:rows() do print(row.kind, row.n) end
-----> answer	1
-----> refused	2
---```
---@param options {question: string, where?: table<string, any>}
---@return difkit.Table columns kind, n, weight
function Survey:nothing(options)
   options = errors.options("survey:nothing", options, {"question", "where"})
   local question, count, weight = self.question(options.question), {}, {}
   for _, index in ipairs(members_of(self, options.where)) do
      local kind = question.value[index] ~= nil and "answer" or question.missing[index]
      count[kind] = (count[kind] or 0) + 1
      weight[kind] = (weight[kind] or 0) + self.design.weight[index]
   end
   local rows = {}
   for _, kind in ipairs {"answer", "refused", "unknown", "not_applicable", "not_asked", "none", "invalid"} do
      if count[kind] then rows[#rows + 1] = {kind, count[kind], weight[kind]} end
   end
   return tables({"kind", "n", "weight"}, rows)
end

---Kish's effective sample size, of the weights alone: (Σ w)² / Σ w².
---
---```lua
---local t = difkit.table({"w"}, {{10}, {10}, {10}, {2}, {2}, {2}})
---print(("%.3f"):format(difkit.survey(t, {weight = "w"}):effective_size())) --> 4.154
---```
---@param where? table<string, any>
---@return number|nil
function Survey:effective_size(where) return estimate.kish(self.design, members_of(self, where)) end

function events.__tostring(self)
   return ('survey "%s": %d respondents, %d strata, %d clusters'):format(self.id, self.design.size, #self.design.strata,
      #self.design.clusters)
end

return survey
