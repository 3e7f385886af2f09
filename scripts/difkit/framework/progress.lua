--- How far the actions are, and by when they were to be done: the years that their texts name, what was reported by a
--- date, and what is overdue.
---
--- Deadlines. Where the data have codings of a scheme `deadline`, they decide: a code whose id holds a year is one.
--- Without them the text decides, by this rule: a year counts when "by", "in", "at", "before", "until", "during" or
--- "later than" stands before it, with at most words such as "the end of", "the year", a month or a quarter in between;
--- so does one that only a comma, "and", "or" or "&" parts from one that counts, "in 2021, 2022 and 2023"; not when
--- it is part of a span (2021–2025, the years of a plan), and not when it lies before the year of the
--- document's adoption. The last such year of an action is its deadline, the others are steps on the way.
---
--- Status. What counts is the last record not later than the date asked for. An action has the status reported for the
--- region; where there is none, that of the members that report. A missing report is no agreement: it is `completed` or
--- `dropped` only where every member on that date reports so. Else it has the status that those who report share, else
--- `delayed` when any is delayed, else `in_progress`. An action without any record is `not_reported`. How many members
--- report completion, of how many there are, stands beside a report for the region and is never replaced by it.
---
--- Members. Those of the group asked for on the date; without one, of the group that all units of the framework have
--- belonged to (of several the first by id); where there is none, all units. Reports of others do not count.
---
--- Overdue. The year of the deadline is over, and the action is not reported as completed or dropped.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit.Database
local Database = core.database

local set_a_time = {by = true, ["in"] = true, at = true, before = true, ["until"] = true, during = true}

--- Words that may stand between such a word and the year.
local between = {}
for word in ([[the of year end beginning middle early late mid first second third fourth half quarter q h
   january february march april may june july august september october november december]]):gmatch "%a+" do
   between[word] = true
end

--- Whether a year at text[first..last] is one end of a span, "2021–2025".
local function in_span(text, first, last)
   local before, after = text:sub(1, first - 1), text:sub(last + 1)
   for _, dash in ipairs {"%-", "/", "\u{2013}"} do
      if after:find("^%s*" .. dash .. "%s*%d") or before:find("%d%s*" .. dash .. "%s*$") then return true end
   end
   return false
end

--- Where the words begin that make the year at `first` a deadline, or nil.
local function beginning(text, first)
   local rest = text:sub(1, first - 1)
   while true do
      local left, word = rest:match "^(.-)(%a+)[%s%d-]*$"
      if not word then return nil end
      word = core.lower(word)
      if set_a_time[word] then return #left + 1 end
      if word == "than" and left:find "[Ll]ater%s+$" then return #left + 1 end
      if not between[word] then return nil end
      rest = left
   end
end

local joins = {[","] = true, ["and"] = true, ["or"] = true, ["&"] = true, [",and"] = true, [",or"] = true}

--- The years that a text names as deadlines, in its order: a list of {year, words}.
local function years_named(text, earliest)
   local found, last, counted = {}, 0, nil
   while true do
      local first
      first, last = text:find("%f[%w]20%d%d%f[^%w]", last + 1)
      if not first then return found end
      local listed = counted and joins[core.lower((text:sub(counted + 1, first - 1):gsub("%s", "")))]
      local begin = not in_span(text, first, last) and (beginning(text, first) or listed and first)
      counted = begin and last or nil
      local year = tonumber(text:sub(first, last))
      if year >= earliest and begin then found[#found + 1] = {year, text:sub(begin, last)} end
   end
end

---The years that the actions name as deadlines: columns `action`, `document`, `year`, `rule` (`coded` or `text`),
---`words` (those of the text that name it), in the order of the framework.
---Where the data have codings of a scheme `deadline`, they decide: a code whose id holds a year. Else the texts: a year
---counts after "by", "in", "at", "before", "until", "during" or "later than" (with "the end of", a month, a quarter or
---the like in between), or in a list after one that does ("in 2021, 2022 and 2023"), unless it is part of a span such
---as 2021–2025 or lies before the document's adoption.
---
---```lua
---for deadline in db:deadlines():rows() do print(deadline.action, deadline.year, deadline.words) end
-----> ACRF.TF.5	2021	by the end of 2021
-----> BSBR.EP.1	2022	by 2022
-----> BSBR.EP.2	2021	in 2021
-----> BSBR.EP.2	2022	in 2022
-----> BSBR.EP.2	2023	in 2023
-----> BSBR.EP.2	2024	in 2024
-----> DIFAP.DM.2	2021	by 2021
---```
---@return difkit.Table
function Database:deadlines()
   local rows, codes, coded = {}, {}, false
   for row in self:query([[SELECT action_id, code_id FROM coding WHERE scheme_id = 'deadline'
      ORDER BY action_id, code_id]]):rows() do
      coded = true
      local year = tonumber(row[2]:match "%f[%d]%d%d%d%d%f[%D]")
      if year then
         codes[row[1]] = codes[row[1]] or {}
         table.insert(codes[row[1]], year)
      end
   end
   local adopted = {}
   for row in self:query("SELECT id, adopted FROM document"):rows() do
      adopted[row[1]] = tonumber((row[2] or ""):match "^%d%d%d%d") or 0
   end
   for action in self:actions():select("id", "document", "text") do
      local named, words = years_named(action.text, adopted[action.document]), {}
      for _, one in ipairs(named) do
         words[one[1]] = words[one[1]] or one[2]
         if not coded then rows[#rows + 1] = {action.id, action.document, one[1], "text", one[2]} end
      end
      for _, year in ipairs(codes[action.id] or {}) do
         rows[#rows + 1] = {action.id, action.document, year, "coded", words[year]}
      end
   end
   return require("difkit.table")({"action", "document", "year", "rule", "words"}, rows)
end

local done = {completed = true, dropped = true}

--- action -> the last year it names.
local function last_years(db)
   local last = {}
   for row in db:deadlines():rows() do last[row.action] = math.max(last[row.action] or 0, row.year) end
   return last
end

--- action -> unit or false (the region) -> {status, as_of}: the last record of each, not later than the date.
local function last_records(db, date)
   local records = {}
   for row in db:query([[SELECT action_id, unit_id, status, as_of FROM progress WHERE as_of <= ?
      ORDER BY action_id, unit_id NULLS FIRST, as_of]], date):rows() do
      records[row[1]] = records[row[1]] or {}
      records[row[1]][row[2] or false] = {row[3], row[4]}
   end
   return records
end

--- The members on a date, as a list of ids: of a group, else of the one that holds all units, else all units.
local function roster(db, group, date)
   group = group or db:query([[SELECT group_id FROM group_member GROUP BY group_id
      HAVING count(DISTINCT unit_id) = (SELECT count(*) FROM unit) ORDER BY group_id LIMIT 1]]):value()
   return (group and db:units{group = group, on = date} or db:units()):list "id"
end

--- The status that the reports of members come to, the date of the last, how many report completion, how many report.
local function joint(records, members)
   local shared, latest, delayed, completed, n = nil, "", false, 0, 0
   for _, unit in ipairs(members) do
      local record = records[unit]
      if record then
         n = n + 1
         if shared == nil then shared = record[1] elseif shared ~= record[1] then shared = false end
         delayed = delayed or record[1] == "delayed"
         if record[1] == "completed" then completed = completed + 1 end
         if record[2] > latest then latest = record[2] end
      end
   end
   if n == 0 then return nil, nil, nil, nil end
   if done[shared] and n < #members then shared = false end
   return shared or (delayed and "delayed" or "in_progress"), latest, completed, n
end

local filters = {"as_of", "document", "topic", "area", "id", "group"}

---@class difkit.StatusOptions
---@field as_of? string the date that counts; default: `difkit.today()`
---@field document? any only actions of this document, or of these
---@field topic? any
---@field area? any
---@field id? any
---@field group? string whose members are asked

--- The actions asked for, the date, and the group.
local function chosen(db, call, options)
   options = errors.options(call, options, filters)
   local which = {document = options.document, topic = options.topic, area = options.area, id = options.id}
   return db:actions(which), require("difkit.today")(options.as_of), options.group
end

---How far each action is: columns `id`, `document`, `topic`, `area`, `text`, `status` (as in the data, or
---`not_reported`), `reported` (date of the report, empty without one), `by` (`region` or `units`), `completed` and
---`units` (how many members report it as completed, and report at all), `deadline` (the last year the text names),
---`overdue` (true or false), `members` (how many there are on the date) and `roll_up` ("completed by 1 of 10", empty
---where no member reports). `group` says whose members count. Without a report for the region an action is completed or
---dropped only where all members report so. What the rules are: see `scripts/difkit/framework/progress.lua`.
---
---```lua
---local late = db:action_status{as_of = "2025-12-31"}:where{overdue = true}
---print(table.concat(late:column "id", " ")) --> ACRF.TF.5 BSBR.EP.1 BSBR.EP.2 DIFAP.DM.2
---```
---@param options? difkit.StatusOptions
---@return difkit.Table
function Database:action_status(options)
   local actions, date, group = chosen(self, "action_status", options)
   local members = roster(self, group, date)
   local records, deadlines, rows = last_records(self, date), last_years(self), {}
   local year = tonumber(date:sub(1, 4))
   for action in actions do
      local own = records[action.id] or {}
      local status, reported, completed, units = joint(own, members)
      local by = status and "units" or nil
      if own[false] then
         status, reported, by = own[false][1], own[false][2], "region"
      end
      local deadline = deadlines[action.id]
      rows[#rows + 1] = {
         action.id, action.document, action.topic, action.area, action.text, status or "not_reported", reported, by,
         completed, units, deadline, deadline ~= nil and deadline < year and not done[status],
         #members, units and ("completed by %d of %d"):format(completed, #members) or nil,
      }
   end
   return require("difkit.table")({"id", "document", "topic", "area", "text", "status", "reported", "by", "completed",
      "units", "deadline", "overdue", "members", "roll_up"}, rows)
end

---How far each action is for each unit that reports on it: columns `id`, `unit`, `status`, `reported`, `deadline`,
---`overdue`. A unit that reports nothing on an action has no row; with `group`, neither has one that is no member of it
---on the date.
---
---```lua
---print(#db:unit_status()) --> 0
---```
---@param options? difkit.StatusOptions
---@return difkit.Table
function Database:unit_status(options)
   local actions, date, group = chosen(self, "unit_status", options)
   local member = {}
   for _, unit in ipairs(group and roster(self, group, date) or {}) do member[unit] = true end
   local records, deadlines, rows = last_records(self, date), last_years(self), {}
   local year = tonumber(date:sub(1, 4))
   for action in actions:select "id" do
      for unit, record in require("difkit.sorted")(records[action.id] or {}) do
         if unit and (not group or member[unit]) then
            local deadline = deadlines[action.id]
            rows[#rows + 1] = {action.id, unit, record[1], record[2], deadline,
               deadline ~= nil and deadline < year and not done[record[1]]}
         end
      end
   end
   return require("difkit.table")({"id", "unit", "status", "reported", "deadline", "overdue"}, rows)
end

return {years_named = years_named}
