--- How far the actions are by a date, and which are overdue: by document, topic, area, member state, or one by one.
--- Counted is the last report of each action and unit that is not later than --as-of. An action has the status reported
--- for the region; where there is none, it is completed (or dropped) only when all members on the date report so, and
--- else has the status that those who report share, or delayed when any is delayed, or in progress. How many members
--- report completion, of how many, is told for each action; `completed by some` counts the actions that some report so,
--- and not all, whatever is reported for the region.
---
--- Overdue is an action whose deadline is over and that is not reported as completed or dropped. Its deadline is the
--- last year that its codings in the scheme `deadline` name; where the data have no such codings, the last year in its
--- text that stands after "by", "in", "at", "before", "until", "during" or "later than", is no part of a span such as
--- 2021–2025, and is not before the document's adoption.
---
--- The bundled framework holds no reports: lay yours over it with --with. examples/data/illustrative has invented ones.
---@script progress
---@option as-of date  The date that counts, such as 2026-03-31 or 2026. Default: SOURCE_DATE_EPOCH, else today.
---@option by choice(document|topic|area|unit|action|overdue)=document  What the rows are.
---@option document document...  Only actions of these documents.
---@option topic topic...  Only actions on these topics.
---@option area area...  Only actions of these areas.
---@option group group  Whose members are asked. Default: the group that holds all units.
---@reads action, progress, coding, unit
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local date = difkit.today(options.as_of)
local which = {as_of = date, document = options.document, topic = options.topic, area = options.area,
   group = options.group}
local actions = db:action_status(which)
local overdue = actions:where{overdue = true}

local states = {"completed", "in_progress", "delayed", "not_started", "dropped", "not_reported"}
local headings = {}
for i, state in ipairs(states) do headings[i] = state:gsub("_", " ") end

--- One row a group, in the order given, with how many of its records have each status.
local function counted(records, column, groups, heading)
   local rows, by_id = {}, {}
   for i, group in ipairs(groups) do
      rows[i] = {[heading] = group.title, total = 0, overdue = 0, ["completed by some"] = 0}
      for _, name in ipairs(headings) do rows[i][name] = 0 end
      by_id[group.id] = rows[i]
   end
   for record in records:rows() do
      local row = by_id[record[column]]
      local status = record.status:gsub("_", " ")
      row[status] = row[status] + 1
      row.total = row.total + 1
      if record.overdue then row.overdue = row.overdue + 1 end
      if column ~= "unit" and record.completed and record.completed > 0 and record.completed < record.members then
         row["completed by some"] = row["completed by some"] + 1
      end
   end
   local kept = {}
   for _, row in ipairs(rows) do
      if row.total > 0 then kept[#kept + 1] = row end
   end
   local columns = table.move(headings, 1, #headings, 3, {heading, "total"})
   columns[#columns + 1] = "overdue"
   columns[#columns + 1] = "completed by some"
   return difkit.table(columns, kept)
end

local result
if options.by == "action" or options.by == "overdue" then
   result = (options.by == "action" and actions or overdue)
      :derive("status", function(row) return (row.status:gsub("_", " ")) end)
   result = result:rename{roll_up = "roll-up"}:select("id", "status", "reported", "deadline", "text", "roll-up")
elseif options.by == "unit" then
   local units = db:unit_status(which)
   result = counted(units, "unit", db:units():all(), "unit"):drop("not reported", "completed by some")
else
   local groups = {document = db:documents(), topic = db:topics(), area = db:areas()}
   result = counted(actions, options.by, groups[options.by]:all(), options.by)
end

local n = #overdue
result.title = ("Progress by %s"):format(date)
result.note = options.by == "overdue" and ("%d overdue by %s"):format(n, date)
   or n == 0 and "none overdue"
   or ("%d action%s overdue%s"):format(n, n == 1 and "" or "s",
      options.by == "action" and "" or "; --by overdue lists them")
return result
