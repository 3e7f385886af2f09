--- Targets: what actions ask for by a date, every year, or of so many members, and how far that is met.
---
--- A step is a target with a last day. It is `met` when as many members as are needed have completed the action by the
--- date asked about; where no target says how many, when the action is reported as completed. It is `behind`, by how
--- many members, when its last day is over; `due` when the year, month or day that it names is the present one; else
--- `on_course` or `slow`: whether at least as many have completed it as the time gone by would ask for, were they to do
--- so evenly from the adoption of the document to the last day. Where it is not known how many are needed, a report of
--- delay makes it `slow`, one of work under way `on_course`, and without either it is `open`.
---
--- What recurs every year has a step a year, from the year after the adoption of its document (in the course of that
--- year it was asked for) to its end, or to the year of the date asked about; a year's is met when completion is
--- reported for a day of that year. What recurs without an interval, or at meetings, has no steps and is `recurring`.
---
--- A value of an indicator to be reached is met by a member whose last value of a period that is not over later than
--- the date reaches it.
local core = require "difkit.core"
local dates = require "difkit.date"
local errors = require "difkit.error"
local reports = require "difkit.framework.reports"
local sorted = require "difkit.sorted"
local tables = require "difkit.table"

---@class difkit.Database
local Database = core.database

--- The days from 0000-03-01 to a day (proleptic Gregorian), to say how much of a time has gone.
local function days(text)
   local year, month, day = dates.parse(text)
   month = month - 3
   if month < 0 then year, month = year - 1, month + 12 end
   return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day
end

--- What is asked for, in words: "at least 2", "all", "each", "every year".
local function asked_for(target)
   local parts = {}
   if target.quorum == "at_least" then parts[1] = "at least " .. target.count
   elseif target.quorum then parts[1] = target.quorum end
   if target.indicator_id then
      parts[#parts + 1] = ("%s %s"):format(target.indicator_id, core.number_text(target.value))
   end
   local often = {annual = "every year", meeting = "every meeting", regular = "regularly"}
   if target.recurs then parts[#parts + 1] = often[target.recurs] end
   return #parts > 0 and table.concat(parts, ", ") or nil
end

--- The members that have reached the value of an indicator.
local function reached(db, target, roster, date)
   local way = db:query("SELECT direction FROM indicator WHERE id = ?", target.indicator_id):value()
   local last = {}
   local period = require "difkit.period"
   for row in db:query([[SELECT unit_id, period, value FROM observation WHERE indicator_id = ? AND value IS NOT NULL]],
      target.indicator_id):rows() do
      local known = last[row[1]]
      if tostring(row[2]):sub(1, 4) <= date:sub(1, 4) and (not known or period.before(known[1], row[2])) then
         last[row[1]] = {row[2], row[3]}
      end
   end
   local n = 0
   for _, unit in ipairs(roster) do
      if last[unit] and (last[unit][2] - target.value) * way >= 0 then n = n + 1 end
   end
   return n
end

--- How a step stands that is not met.
local function unmet(step, date, start)
   if step.due < date then return "behind" end
   local first = dates.first_day("targets", step.named)
   if first <= date then return "due" end
   if step.need and step.completed then
      local gone = (days(date) - days(start)) / math.max(1, days(step.due) - days(start))
      return step.completed >= math.floor(step.need * math.max(0, gone)) and "on_course" or "slow"
   end
   if step.status == "delayed" then return "slow" end
   return step.status == "in_progress" and "on_course" or "open"
end

--- The years in which a target recurs, as far as the date asked about.
local function years_of(document, date)
   local first = (dates.parse(document.adopted or document.start_year) or dates.parse(date)) + 1
   local last = math.min(document.end_year or math.huge, (dates.parse(date)))
   local years = {}
   for year = first, last do years[#years + 1] = ("%04d"):format(year) end
   return years
end

--- What is known while the steps are found.
local function context(db, options)
   local asked = reports.asked(db, "target_status", options)
   local documents = {}
   for row in db:query("SELECT id, adopted, start_year, end_year FROM document") do documents[row.id] = row end
   local function under(date) return reports.last(db, setmetatable({date = date}, {__index = asked})) end
   local state = {db = db, asked = asked, documents = documents, last = under(asked.date), members = {}, under = {}}
   ---Reports of a span of days only: those of a year, for what recurs in it.
   function state.within(year)
      if not state.under[year] then
         local found = {}
         for action, records in sorted(under(year .. "-12-31" < asked.date and year .. "-12-31" or asked.date)) do
            found[action] = {}
            for unit, record in sorted(records) do
               if record[2] >= year .. "-01-01" then found[action][unit] = record end
            end
         end
         state.under[year] = found
      end
      return state.under[year]
   end
   return state
end

--- One step: a target on a day.
local function step_of(state, target, named, records, recurring)
   local roster_date = state.asked.date
   local document = state.documents[target.document_id]
   if document.end_year and ("%04d-12-31"):format(document.end_year) < roster_date then
      roster_date = ("%04d-12-31"):format(document.end_year)
   end
   local group = state.asked.group or target.group_id
   local key = (group or "") .. roster_date
   state.members[key] = state.members[key] or reports.members(state.db, group, roster_date)
   local roster = state.members[key]
   local need = target.quorum and (target.count or #roster) or target.indicator_id and #roster or nil
   local joint = reports.joint(records, roster, need)
   local status = reports.beside(joint, records[false], need)
   local step = {named = named, due = named and dates.last_day("targets", named), need = need, status = status,
      completed = joint.completed or need and 0 or nil, members = #roster}
   if target.indicator_id then step.completed = reached(state.db, target, roster, state.asked.date) end
   local met = status == "completed"
   if need then met = step.completed >= need end
   if met then step.state = "met"
   elseif status == "dropped" then step.state = "dropped"
   elseif not named then step.state = recurring and "recurring" or "open"
   else
      local start = document.adopted or document.start_year or named
      step.state = unmet(step, state.asked.date, dates.first_day("targets", start))
      if step.state == "behind" then step.behind = need and need - step.completed or nil end
   end
   return step
end

--- The targets of actions that ask for something of a time or of members, each once, whoever is responsible.
local function targets_of(db, filters)
   local wanted, order = {}, {}
   for action in db:actions(filters) do
      wanted[action.id] = action
      order[#order + 1] = action.id
   end
   local by_action, key_of_last = {}, nil
   for row in db:query([[SELECT action_id, due, recurs, quorum, count, group_id, indicator_id, value, body_id, words
      FROM target WHERE due IS NOT NULL OR recurs IS NOT NULL OR quorum IS NOT NULL OR indicator_id IS NOT NULL
      ORDER BY action_id, due NULLS LAST, count NULLS FIRST, recurs NULLS FIRST, indicator_id NULLS FIRST,
      body_id NULLS FIRST]]) do
      local key = table.concat({row.action_id, row.due or "", row.recurs or "", row.quorum or "", row.count or "",
         row.group_id or "", row.indicator_id or ""}, "\0")
      local list = by_action[row.action_id] or {}
      by_action[row.action_id] = list
      if key == key_of_last then
         local target = list[#list]
         target.body = target.body and row.body_id and target.body .. ", " .. row.body_id or target.body or row.body_id
      else
         key_of_last = key
         list[#list + 1] = {action_id = row.action_id, due = row.due, recurs = row.recurs, quorum = row.quorum,
            count = row.count, group_id = row.group_id, indicator_id = row.indicator_id, value = row.value,
            words = row.words, body = row.body_id}
      end
   end
   local list = {}
   for _, id in ipairs(order) do
      for _, target in ipairs(by_action[id] or {}) do
         target.document_id = wanted[id].document
         list[#list + 1] = target
      end
   end
   return list
end

---@class difkit.TargetOptions: difkit.StatusOptions
---@field body? any only targets of actions for which this body, or one of these, is responsible

---How far the targets are met: columns `id` (of the action), `due` (last day, empty where there is none), `asks` (what
---for: "at least 2", "all", "every year"), `state` (`met`, `behind`, `due`, `on_course`, `slow`, `open`, `recurring`,
---`dropped`), `completed` (how many members have), `need` (how many have to), `members` (how many there are), `behind`
---(how many are wanting where the day is over), `region` (status reported for the region, which replaces no count),
---`body` (who is responsible) and `words` (of the text). What each state means: `scripts/difkit/framework/targets.lua`.
---
---```lua
---for step in db:target_status{id = "BSBR.EP.2", as_of = "2022-06-30"}:rows() do
---   print(step.due, step.asks, step.state, step.completed, step.need)
---end
-----> 2021-12-31	at least 2	behind	0	2
-----> 2022-12-31	at least 3	due	0	3
-----> 2023-12-31	at least 4	slow	0	4
-----> 2024-12-31	at least 5	slow	0	5
---```
---@param options? difkit.TargetOptions
---@return difkit.Table
function Database:target_status(options)
   options = errors.options("target_status", options, {"as_of", "document", "topic", "area", "id", "group", "status",
      "round", "body"})
   local state, rows = context(self, options), {}
   local filters = {document = options.document, topic = options.topic, area = options.area, id = options.id,
      body = options.body}
   local function add(target, named, records)
      local step = step_of(state, target, named, records[target.action_id] or {}, target.recurs)
      local region = (records[target.action_id] or {})[false]
      rows[#rows + 1] = {target.action_id, step.due, asked_for(target), step.state, step.completed, step.need,
         step.members, step.behind, region and region[1] or nil, target.body, target.words}
   end
   for _, target in ipairs(targets_of(self, filters)) do
      if target.recurs == "annual" and not target.due then
         for _, year in ipairs(years_of(state.documents[target.document_id], state.asked.date)) do
            add(target, year, state.within(year))
         end
      else
         add(target, target.due, state.last)
      end
   end
   return tables({"id", "due", "asks", "state", "completed", "need", "members", "behind", "region", "body", "words"},
      rows)
end

---The register of bodies: columns `id`, `title`, `kind`, `actions` (for how many actions it is responsible).
---
---```lua
---for body in db:bodies():rows() do if body.id == "ACCEC" then print(body.title, body.actions) end end
-----> ASEAN Coordinating Committee on Electronic Commerce	2
---```
---@return difkit.Table
function Database:bodies()
   local rows = {}
   for row in self:query([[SELECT b.id, b.title, b.kind, count(DISTINCT t.action_id) AS actions FROM body AS b
      LEFT JOIN target AS t ON t.body_id = b.id GROUP BY b.id, b.title, b.kind ORDER BY b.id]]) do
      rows[#rows + 1] = {row.id, row.title, row.kind, row.actions}
   end
   return tables({"id", "title", "kind", "actions"}, rows)
end

return {asked_for = asked_for}
