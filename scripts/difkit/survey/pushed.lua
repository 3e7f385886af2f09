-- luacheck: no max line length (SQL stands whole)
--- Estimates of a survey that the database computes: for answers that are too many to read. What comes back is a row a
--- cell and stratum; the variance of the design is made of these here.
---
--- The way of the SQL: answers and respondents, which stand beside each other on every node, are added up by cell,
--- stratum and cluster; windows over these sums give the totals of a cell and the linearised values of its clusters,
--- whose squares are added up by stratum. No table is joined to itself: a planner that takes such a table for small
--- would go through it for every row.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"
local interval = require "difkit.survey.interval"
local suppress = require "difkit.survey.suppress"
local tables = require "difkit.table"
local variance = require "difkit.survey.variance"

local pushed = {}

---A survey whose answers stay in the database. Its tables have the columns of `by`, then `estimate`, `standard_error`,
---`low`, `high`, `n`, `effective_n`, `design_effect`, `suppressed`, `flag`, `reason`, `df`, as those of `difkit.Survey`;
---a cell in which nobody has answered has no row.
---@class difkit.SurveyThere
---@field id string
---@field title string|nil
local There, events = class "difkit.SurveyThere"

function events.__tostring(self) return ('survey "%s", in the database'):format(self.id) end

local columns = {
   "estimate", "standard_error", "low", "high", "n", "effective_n", "design_effect", "suppressed", "flag", "reason", "df",
}

--- Columns of respondents that a breakdown may name; all else is a question.
local own = {unit = "p.unit_id", period = "p.period", stratum = "p.stratum", cluster = "p.cluster"}

---What the database can estimate of a survey; raises what it cannot.
---@param db difkit.Database
---@param record table of the survey
function pushed.new(db, record)
   if record.replication then
      errors.raise(('survey "%s": replicate weights are applied here'):format(record.id),
         'leave where = "database" out', "usage")
   end
   local second = db:query("SELECT count(*) FROM respondent WHERE survey_id = ? AND subpopulation IS NOT NULL",
      record.id):value()
   if second > 0 then
      errors.raise(('survey "%s": populations of the second stage are reckoned here'):format(record.id),
         'leave where = "database" out', "usage")
   end
   return setmetatable({db = db, id = record.id, title = record.title, record = record,
      lonely = record.lonely or "fail", smallest = record.smallest_cell or 5}, events)
end

--- SQL with its values.
local function writer()
   local made = {parts = {}, values = {}}
   function made:add(text, ...)
      self.parts[#self.parts + 1] = text
      for _, value in ipairs {...} do self.values[#self.values + 1] = value end
   end
   return made
end

local function stratum_of(record)
   return record.strata == "across" and "coalesce(p.stratum, '')"
      or "coalesce(p.unit_id, '') || ' ' || coalesce(CAST(p.period AS TEXT), '') || ' ' || coalesce(p.stratum, '')"
end

--- The answers of a question beside the respondents, as `alias`.
local function add_answers(sql, alias, question)
   sql:add((" JOIN response AS %s ON %s.survey_id = p.survey_id AND %s.respondent_id = p.id AND %s.question_id = ?"):format(
      alias, alias, alias, alias), question)
end

local function check_question(self, name)
   local row = self.db:query("SELECT id, kind FROM question WHERE survey_id = ? AND id = ?", self.id, name):one()
   if row then return row end
   local names = {}
   for known in self.db:query("SELECT id FROM question WHERE survey_id = ? ORDER BY position", self.id):rows() do
      names[#names + 1] = known[1]
   end
   errors.unknown("question", name, names, ('the survey "%s"'):format(self.id))
end

--- Expressions by which cells are told apart: of a question two, its number and its word.
local function keys_of(self, names)
   local keys, questions = {}, {}
   for i, name in ipairs(names) do
      if own[name] then
         keys[i] = {own[name]}
      else
         check_question(self, name)
         local alias = ("b%d"):format(#questions + 1)
         questions[#questions + 1] = {alias = alias, name = name}
         keys[i] = {alias .. ".value", alias .. ".answer"}
      end
   end
   return keys, questions
end

--- Conditions of `where`: a value or a list of values by name.
local function add_where(sql, where, keys, names)
   for i, name in ipairs(names) do
      local wanted = type(where[name]) == "table" and where[name] or {where[name]}
      local tests = {}
      for _, value in ipairs(wanted) do
         local key = keys[i][2] and (type(value) == "number" and keys[i][1] or keys[i][2]) or keys[i][1]
         tests[#tests + 1] = key .. " = ?"
         sql.values[#sql.values + 1] = keys[i][2] and value or tostring(value)
      end
      sql:add(" AND (" .. table.concat(tests, " OR ") .. ")")
   end
end

---The question for the cells of a breakdown: SQL and values. `hit`: an expression for what is estimated, by `a`.
function pushed.sql(self, question, by, where, hit, hit_values)
   local sql, names = writer(), {}
   for name in require("difkit.sorted")(where) do names[#names + 1] = name end
   local keys, questions = keys_of(self, by)
   local where_keys, more = keys_of(self, names)
   for i, one in ipairs(more) do
      local alias = "w" .. i
      for _, key in ipairs(where_keys) do
         if key[1] == one.alias .. ".value" then key[1], key[2] = alias .. ".value", alias .. ".answer" end
      end
      questions[#questions + 1] = {alias = alias, name = one.name}
   end
   local cells, selected = {}, {}
   for _, key in ipairs(keys) do
      for _, part in ipairs(key) do
         selected[#selected + 1] = ("%s AS k%d"):format(part, #cells + 1)
         cells[#cells + 1] = ("k%d"):format(#cells + 1)
      end
   end
   local cell = #cells > 0 and table.concat(cells, ", ") .. ", " or ""
   local over = #cells > 0 and "PARTITION BY " .. table.concat(cells, ", ") or ""
   -- Sums of clusters: weights, weighted values, their squares, answers, answers of some weight.
   sql:add("SELECT " .. cell .. [[h.stratum, max(h.clusters) AS clusters, max(h.population) AS population,
      max(total) AS total, max(size) AS size, max(squares) AS squares, sum(n) AS n, sum(weighty) AS weighty,
      count(*) AS present, sum(z) AS z, sum((z - m) * (z - m)) AS apart, max(m) AS m FROM
      (SELECT q.*, sum(z) OVER (PARTITION BY ]] .. cell .. [[q.stratum) / q.clusters AS m FROM
      (SELECT s.*, d.clusters, d.population, %s AS z FROM
      (SELECT c.*, sum(a) OVER (]] .. over .. [[) AS total, sum(b) OVER (]] .. over .. [[) AS size,
         sum(c.c) OVER (]] .. over .. [[) AS squares FROM
      (SELECT ]] .. cell .. [[stratum, cluster, sum(weight) AS b, sum(weight * y) AS a, sum(weight * y * y) AS c,
         count(*) AS n, sum(CASE WHEN weight > 0 THEN 1 ELSE 0 END) AS weighty FROM
      (SELECT ]] .. (#selected > 0 and table.concat(selected, ", ") .. ", " or "") .. stratum_of(self.record)
      .. " AS stratum, coalesce(p.cluster, p.id) AS cluster, p.weight AS weight, " .. hit .. " AS y FROM respondent AS p",
      table.unpack(hit_values))
   add_answers(sql, "a", question)
   for _, one in ipairs(questions) do add_answers(sql, one.alias, one.name) end
   sql:add(" WHERE p.survey_id = ? AND (a.value IS NOT NULL OR a.answer IS NOT NULL)", self.id)
   for _, key in ipairs(keys) do sql:add((" AND (%s IS NOT NULL)"):format(table.concat(key, " IS NOT NULL OR "))) end
   add_where(sql, where, where_keys, names)
   sql:add(") AS r GROUP BY " .. cell .. [[stratum, cluster) AS c) AS s
      JOIN (SELECT stratum, count(*) AS clusters, max(population) AS population FROM
         (SELECT ]] .. stratum_of(self.record) .. [[ AS stratum, coalesce(p.cluster, p.id) AS cluster,
            max(p.population) AS population FROM respondent AS p WHERE p.survey_id = ? GROUP BY 1, 2) AS g
         GROUP BY stratum) AS d ON d.stratum = s.stratum) AS q) AS h GROUP BY ]] .. cell .. "h.stratum ORDER BY "
      .. cell .. "h.stratum", self.id)
   return table.concat(sql.parts), sql.values
end

--- The variance that the strata of a cell add up to, as variance.linear has it.
local function variance_of(self, rows, rule)
   local total = 0
   for _, row in ipairs(rows) do
      local drawn = row.population and row.clusters / row.population or 0
      if row.clusters > 1 then
         local squares = row.apart + (row.clusters - row.present) * row.m * row.m
         total = total + (1 - drawn) * squares * row.clusters / (row.clusters - 1)
      elseif drawn < 1 then
         if rule == "adjust" then
            total = total + row.z * row.z
         elseif rule == "fail" then
            variance.fail_lonely(row.stratum)
         end
      end
   end
   if rule ~= "average" then return total end
   local sql = [[SELECT count(*) AS strata, sum(CASE WHEN n = 1 AND (population IS NULL OR population <> 1) THEN 1 ELSE 0
      END) AS lonely FROM (SELECT stratum, count(*) AS n, max(population) AS population FROM (SELECT DISTINCT ]]
      .. stratum_of(self.record) .. [[ AS stratum, coalesce(p.cluster, p.id) AS cluster, p.population
         FROM respondent AS p WHERE p.survey_id = ?) AS c GROUP BY stratum) AS s]]
   local all = self.db:query(sql, self.id):one()
   if all.lonely == all.strata then errors.raise("survey: every stratum has one cluster alone", nil, "data") end
   return total * all.strata / (all.strata - all.lonely)
end

--- Rows of the database as cells: {key, rows}, in order.
local function cells_of(result, by)
   local cells, at = {}, {}
   for row in result do
      local key, text = {}, {}
      local k = 0
      for i, name in ipairs(by) do
         k = k + 1
         local value = rawget(row, "k" .. k)
         if not own[name] then
            k = k + 1
            if value == nil then value = rawget(row, "k" .. k) end
         end
         if name == "period" then value = require("difkit.period").read(value) or value end
         if math.type(value) == "float" then value = math.tointeger(value) or value end
         key[i], text[i] = value, tostring(value)
      end
      local name = table.concat(text, "\0")
      if not at[name] then
         at[name] = {key = key, rows = {}}
         cells[#cells + 1] = at[name]
      end
      local kept = {population = rawget(row, "population"), stratum = row.stratum, z = row.z, m = row.m, apart = row.apart}
      for _, field in ipairs {"clusters", "total", "size", "squares", "n", "weighty", "present"} do
         kept[field] = row[field]
      end
      table.insert(at[name].rows, kept)
   end
   return cells
end

--- The figures of a cell, `scale` being what one answer counts in the estimate.
local function figure(self, cell, options, kind)
   local first, n, clusters = cell.rows[1], 0, 0
   for _, row in ipairs(cell.rows) do n, clusters = n + row.weighty, clusters + row.present end
   local size, total = first.size, first.total
   if size == 0 then return {n = 0} end
   local mean = total / size
   local result = {n = n, size = size, estimate = kind == "total" and total or mean}
   result.variance = variance_of(self, cell.rows, options.lonely or self.lonely)
   local squares = first.squares - 2 * mean * total + mean * mean * size
   local dispersion = n > 1 and math.max(squares, 0) / size * n / (n - 1) or nil
   if dispersion and dispersion > 0 then
      local scale = kind == "total" and size or 1
      local simple = dispersion / n
      local without = size > n and simple * (1 - n / size) or simple
      result.design_effect = result.variance / (without * scale * scale)
   end
   cell.df, cell.clusters = clusters - #cell.rows, clusters
   return result
end

local function row_of(self, cell, by, options, kind)
   local result, row = figure(self, cell, options, kind), {}
   for i, name in ipairs(by) do row[name] = cell.key[i] end
   row.suppressed = false
   if result.n == 0 then
      row.n, row.reason = 0, "nobody in it has answered"
      return row
   end
   local confidence = options.confidence or 0.95
   row.estimate, row.standard_error, row.n, row.df = result.estimate, math.sqrt(result.variance), result.n, cell.df
   row.design_effect = result.design_effect
   if row.design_effect and row.design_effect > 0 then row.effective_n = result.n / row.design_effect end
   if kind == "share" then
      if result.variance > 0 then row.effective_n = result.estimate * (1 - result.estimate) / result.variance end
      row.low, row.high = interval.share(options.interval or "korn-graubard", result.estimate, result.variance, result.n,
         cell.df, confidence)
   else
      row.low, row.high = interval.around(result.estimate, result.variance, confidence, cell.df)
   end
   local reason = options.suppress ~= false and suppress.reason(nil, {result = result, clusters = cell.clusters},
      {smallest = options.smallest or self.smallest}) or nil
   local weak = suppress.weak(result, row.effective_n)
   row.reason, row.flag = reason or weak, reason and "Q" or weak and "U" or nil
   if reason then
      for _, name in ipairs(columns) do
         if name ~= "reason" and name ~= "flag" then row[name] = nil end
      end
      row.suppressed = true
   end
   return row
end

local known = {"question", "by", "where", "interval", "confidence", "lonely", "smallest", "suppress", "answer"}

local function estimate(self, call, options, kind, hit, hit_values, extra)
   local by = type(options.by) == "string" and {options.by} or options.by or {}
   local sql, values = pushed.sql(self, options.question, by, options.where or {}, hit, hit_values)
   sql = sql:format(kind == "total" and "s.a" or "(s.a - s.total / NULLIF(s.size, 0) * s.b) / NULLIF(s.size, 0)")
   local names = table.move(by, 1, #by, 1, {})
   if extra then names[#names + 1] = "answer" end
   local rows = {}
   for _, cell in ipairs(cells_of(self.db:query(sql, table.unpack(values)), by)) do
      local row = row_of(self, cell, by, options, kind)
      row.answer = extra
      rows[#rows + 1] = row
   end
   return rows, table.move(columns, 1, #columns, #names + 1, names), call
end

local function read_options(self, call, options)
   options = errors.options(call, options, known)
   errors.check(call, "question", options.question, "string")
   return options, check_question(self, options.question)
end

local function finish(self, rows, names, what, options)
   local t = tables.new(names, rows)
   t.title = ("%s: %s"):format(self.title or self.id, what)
   t.note = ("%s; standard errors by Taylor's linearisation, computed in the database; a lonely stratum: %s; difkit %s")
      :format(what, options.lonely or self.lonely, core.version)
   t.source = self.record.source
   return t
end

---Means of the answers to a question of numbers, as `Survey:mean`.
---
---```lua
---local with = assert(difkit.open{"@bundled", "examples/data/illustrative"})
---local row = with:survey("firms", {where = "database"}):mean{question = "ease", where = {period = 2025}}[1]
---print(("%.3f ± %.3f"):format(row.estimate, row.standard_error)) --> 3.166 ± 0.100
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function There:mean(options)
   options = read_options(self, "survey:mean", options)
   local rows, names = estimate(self, "survey:mean", options, "mean", "a.value", {})
   return finish(self, rows, names, ('mean of "%s"'):format(options.question), options)
end

---Totals of the answers to a question of numbers, as `Survey:total`. Whether a few make up most of one is not looked at
---in the database, so `suppress = false` has to be said.
---
---```lua
---local with = assert(difkit.open{"@bundled", "examples/data/illustrative"})
---local firms = with:survey("firms", {where = "database"})
---local row = firms:total{question = "turnover", where = {period = 2025}, suppress = false}[1]
---print(("%.0f"):format(row.estimate), row.n) --> 19039947	180
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function There:total(options)
   options = read_options(self, "survey:total", options)
   if options.suppress ~= false then
      errors.raise("survey:total: whether a few make up most of a total is not looked at in the database",
         'say suppress = false where the table stays within the office, or leave where = "database" out')
   end
   local rows, names = estimate(self, "survey:total", options, "total", "a.value", {})
   return finish(self, rows, names, ('total of "%s"'):format(options.question), options)
end

--- Answers that a share is asked of: of yes where there are but yes and no.
local function answers_of(self, question)
   local codes, yes_no = {}, question.kind == "yesno"
   if yes_no then return {1} end
   for row in self.db:query([[SELECT id FROM choice WHERE survey_id = ? AND question_id = ? ORDER BY position]], self.id,
      question.id):rows() do codes[#codes + 1] = tonumber(row[1]) or row[1] end
   if #codes > 0 then return codes end
   for row in self.db:query([[SELECT DISTINCT value, answer FROM response WHERE survey_id = ? AND question_id = ?
      AND (value IS NOT NULL OR answer IS NOT NULL) ORDER BY value, answer]], self.id, question.id):rows() do
      codes[#codes + 1] = row[1] and (math.tointeger(row[1]) or row[1]) or row[2]
   end
   if #codes <= 2 then
      yes_no = true
      for _, code in ipairs(codes) do yes_no = yes_no and (code == 0 or code == 1) end
   end
   return yes_no and {1} or codes
end

---Shares of the answers to a question, of those who answered, as `Survey:share`.
---
---```lua
---local with = assert(difkit.open{"@bundled", "examples/data/illustrative"})
---local row = with:survey("firms", {where = "database"}):share{question = "tools", where = {period = 2025}}[1]
---print(("%.3f ± %.3f"):format(row.estimate, row.standard_error)) --> 0.563 ± 0.044
---```
---@param options difkit.SurveyOptions
---@return difkit.Table
function There:share(options)
   local question
   options, question = read_options(self, "survey:share", options)
   local all, names = {}, nil
   for _, code in ipairs(options.answer ~= nil and {options.answer} or answers_of(self, question)) do
      local hit = type(code) == "number" and "CASE WHEN a.value = ? THEN 1.0 ELSE 0.0 END"
         or "CASE WHEN a.answer = ? THEN 1.0 ELSE 0.0 END"
      local rows
      rows, names = estimate(self, "survey:share", options, "share", hit, {code}, code)
      table.move(rows, 1, #rows, #all + 1, all)
   end
   return finish(self, all, names, ('share of answers to "%s"'):format(options.question), options)
end

return pushed
