--- How far the actions are: what was reported by a date, and what is overdue.
---
--- Status. An action has the status reported for the region; where there is none, that which the reports of the members
--- come to (reports.lua). Where a target says how many members have to have done it, their count decides, and a report
--- for the region stands beside it. An action without any record is `not_reported`. How many members report completion,
--- of how many there are, stands beside a report for the region and is never replaced by it; where they do not agree,
--- `conflict` says so.
---
--- The end of a plan. After the last year of its document an action that was not reported as completed or dropped by
--- then is `not_completed`, and the members are those of that last day.
---
--- Overdue. The last day of the last deadline (deadlines.lua) is over, and the action is not reported as completed or
--- dropped.
local core = require "difkit.core"
local errors = require "difkit.error"
local reports = require "difkit.framework.reports"

---@class difkit.Database
local Database = core.database

local done = {completed = true, dropped = true}

--- action -> the last deadline: {year, due}.
local function last_deadlines(db)
   local last = {}
   for row in db:deadlines():rows() do
      local known = last[row.action]
      if not known or row.due > known.due then last[row.action] = {year = row.year, due = row.due} end
   end
   return last
end

--- document -> its last day, for those that have an end.
local function last_days(db)
   local last = {}
   for row in db:query("SELECT id, end_year FROM document WHERE end_year IS NOT NULL"):rows() do
      last[row[1]] = ("%04d-12-31"):format(row[2])
   end
   return last
end

--- action -> {quorum, count, group}: the target that asks for most members.
local function quorums(db)
   local found = {}
   for row in db:query([[SELECT action_id, quorum, count, group_id FROM target WHERE quorum IS NOT NULL
      ORDER BY action_id, quorum = 'at_least', count]]):rows() do
      found[row[1]] = {quorum = row[2], count = row[3], group = row[4]}
   end
   return found
end

local filters = {"as_of", "document", "topic", "area", "id", "group", "status", "round"}

---@class difkit.StatusOptions: difkit.ReportOptions
---@field document? any only actions of this document, or of these
---@field topic? any
---@field area? any
---@field id? any

--- The actions asked for, and what is asked of the reports.
local function chosen(db, call, options)
   options = errors.options(call, options, filters)
   local which = {document = options.document, topic = options.topic, area = options.area, id = options.id}
   return db:actions(which), reports.asked(db, call, options)
end

--- Makes a function that keeps what another gives for an argument (nil stands for the empty text).
local function kept(compute)
   local known = {}
   return function(a, b)
      local key = (a or "") .. "\0" .. (b or "")
      if known[key] == nil then known[key] = compute(a, b) end
      return known[key]
   end
end

--- "completed by 1 of 10", and to how many it does not apply.
local function roll_up(joint, members)
   if not joint.reporting and joint.apart == 0 then return nil end
   return ("completed by %d of %d"):format(joint.completed or 0, members)
      .. (joint.apart > 0 and (", does not concern %d"):format(joint.apart) or "")
end

---How far each action is: columns `id`, `document`, `topic`, `area`, `text`, `status` (as in the data, `not_reported`,
---or `not_completed` after the end of its document), `reported` (date of the report, empty without one), `by` (`region`
---or `units`), `completed` and `units` (how many members report it as completed, and report at all), `deadline` (the
---last year by which it is due), `overdue` (true or false), `members` (how many there are on the date), `roll_up`
---("completed by 1 of 10", empty where no member reports), `need` (how many have to complete it, where a target says
---so) and `conflict` (true where the report for the region and the members do not agree). `group` says whose members
---count, `status` and `round` which reports. What the rules are: `scripts/difkit/framework/reports.lua` and
---`progress.lua`.
---
---```lua
---local late = db:action_status{as_of = "2025-12-31"}:where{overdue = true}
---print(table.concat(late:column "id", " ")) --> ACRF.TF.5 BSBR.EP.1 BSBR.EP.2 DIFAP.DM.2
---```
---@param options? difkit.StatusOptions
---@return difkit.Table
function Database:action_status(options)
   local actions, asked = chosen(self, "action_status", options)
   local deadlines, ends, needed, rows = last_deadlines(self), last_days(self), quorums(self), {}
   local members = kept(function(group, date) return reports.members(self, group ~= "" and group or nil, date) end)
   local records = kept(function(date)
      return reports.last(self, setmetatable({date = date}, {__index = asked}))
   end)
   for action in actions do
      local over = ends[action.document] and ends[action.document] < asked.date
      local date = over and ends[action.document] or asked.date
      local quorum = needed[action.id]
      local roster = members(asked.group or quorum and quorum.group or "", date)
      local need = quorum and (quorum.count or #roster)
      local own = records(date)[action.id] or {}
      local joint = reports.joint(own, roster, need)
      local status, reported, by, conflict = reports.beside(joint, own[false], need)
      if over and not done[status] then status = "not_completed" end
      local deadline = deadlines[action.id]
      rows[#rows + 1] = {
         action.id, action.document, action.topic, action.area, action.text, status or "not_reported", reported, by,
         joint.completed, joint.reporting, deadline and deadline.year,
         deadline ~= nil and deadline.due < asked.date and not done[status], #roster, roll_up(joint, #roster), need,
         conflict,
      }
   end
   local result = require("difkit.table")({"id", "document", "topic", "area", "text", "status", "reported", "by",
      "completed", "units", "deadline", "overdue", "members", "roll_up", "need", "conflict"}, rows)
   result.note = reports.note(self, asked)
   return result
end

---How far each action is for each unit that reports on it: columns `id`, `unit`, `status`, `reported`, `deadline`,
---`overdue`. A unit that reports nothing on an action has no row, nor has one whose report is withdrawn or says that no
---answer was given; with `group`, neither has one that is no member of it on the date.
---
---```lua
---print(#db:unit_status()) --> 0
---```
---@param options? difkit.StatusOptions
---@return difkit.Table
function Database:unit_status(options)
   local actions, asked = chosen(self, "unit_status", options)
   local member = {}
   for _, unit in ipairs(asked.group and reports.members(self, asked.group, asked.date) or {}) do
      member[unit] = true
   end
   local records, deadlines, rows = reports.last(self, asked), last_deadlines(self), {}
   for action in actions:select "id" do
      for unit, record in require("difkit.sorted")(records[action.id] or {}) do
         local said = record[1] == "not_applicable" or not reports.silent[record[1]]
         if unit and said and (not asked.group or member[unit]) then
            local deadline = deadlines[action.id]
            rows[#rows + 1] = {action.id, unit, record[1], record[2], deadline and deadline.year,
               deadline ~= nil and deadline.due < asked.date and not done[record[1]] and record[1] ~= "not_applicable"}
         end
      end
   end
   return require("difkit.table")({"id", "unit", "status", "reported", "deadline", "overdue"}, rows)
end

return {years_named = require("difkit.framework.deadlines").years_named, last_days = last_days, done = done}
