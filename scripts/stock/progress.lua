--- How far the actions are by a date, and which are overdue.
--- By document, topic, area, member state, target, or one by one, or as a matrix. Counted is the last report of each
--- action and unit that is not later than --as-of. An action has the status reported for the region; where there is
--- none, it is completed (or dropped) only when all members on the date report so, and else has the status that those
--- who report share, or delayed when any is delayed, or in progress. Where a target says of how many members it is
--- asked, their count decides, and a report for the region stands beside it. How many members report completion, of
--- how many, is told for each action; `completed by some` counts the actions that some report so, and not all,
--- whatever is reported for the region. After the last year of a document, an action that was not reported as
--- completed or dropped by then is not completed.
---
--- Overdue is an action whose last deadline is over and that is not reported as completed or dropped. Deadlines are
--- those of targets; where a framework has none, the years that its codings in the scheme `deadline` name; where the
--- data have no such codings, the years in its text that stand after "by", "in", "at", "before", "until", "during" or
--- "later than", are no part of a span, and are not before the document's adoption.
---
--- --matrix units has a row for each state and a column for each action; --matrix time a row for each action and a
--- column for each day reported for. --by target has a row for each step: met, behind (by how many), due now, on course
--- or slow.
---
--- The bundled framework holds no reports: lay yours over it with --with. examples/data/illustrative has invented ones.
---@script progress
---@option as-of date  The date that counts, such as 2026-03-31 or 2026. Default: the round's, SOURCE_DATE_EPOCH, today.
---@option by choice(document|topic|area|unit|action|overdue|target)=document  What the rows are.
---@option matrix choice(units|time)  States by actions, or actions by days, instead.
---@option document document...  Only actions of these documents.
---@option topic topic...  Only actions on these topics.
---@option area area...  Only actions of these areas.
---@option group group  Whose members are asked. Default: the group that holds all units.
---@option round round  What was known in this round of reporting: its date of reference counts.
---@option status choice(reported|validated|endorsed)=reported  Which reports count.
---@option unit unit  Only this member state, where states are told apart.
---@option disclosure choice(regional|own|full)=full  Of whom it speaks: of no single state, of --unit alone, of all.
---@reads action, progress, target, coding, unit, round, reply
---@writes nothing
local difkit = require "difkit"
local monitoring = require "difkit.monitoring"
local disclosure = monitoring.disclosure
local options = difkit.options()
local db = assert(difkit.open())

local allowed, refusal, code = disclosure.of(options, "full")
if not allowed then return nil, refusal, code end
local which = {as_of = options.as_of, document = options.document, topic = options.topic, area = options.area,
   group = options.group, status = options.status, round = options.round}
local asked = monitoring.reports.asked(db, "progress", which)
local date = asked.date
local actions = db:action_status(which)
local overdue = actions:where{overdue = true}

--- A table of nothing, saying why.
local function nothing()
   local empty = difkit.table({"unit"}, {})
   empty.title, empty.note = ("Progress by %s"):format(date), disclosure.left_out
   return empty
end

--- The notes that there are, as one.
local function notes(...)
   local parts, given = {}, table.pack(...)
   for i = 1, given.n do parts[#parts + 1] = given[i] end
   return table.concat(parts, "; ")
end

local function spaced(word) return (word:gsub("_", " ")) end

--- The members that may be named.
local function members()
   return disclosure.units(allowed, monitoring.reports.members(db, options.group, date))
end

--- A row for each state, a column for each action.
local function by_units()
   local columns, rows = {"unit"}, {}
   for row in actions:rows() do columns[#columns + 1] = row.id end
   local said = {}
   for row in db:unit_status(which):rows() do said[row.unit .. "\0" .. row.id] = spaced(row.status) end
   for i, unit in ipairs(members()) do
      rows[i] = {unit}
      for j = 2, #columns do rows[i][j] = said[unit .. "\0" .. columns[j]] end
   end
   return difkit.table(columns, rows)
end

--- A row for each action, a column for each day that reports are of, with the status on that day.
local function by_time()
   local columns, rows, place = {"id"}, {}, {}
   for i, row in ipairs(actions) do
      rows[i] = {row.id}
      place[row.id] = i
   end
   for day in db:query("SELECT DISTINCT as_of FROM progress WHERE as_of <= ? ORDER BY as_of", date):rows() do
      columns[#columns + 1] = day[1]
      which.as_of = day[1]
      for row in db:action_status(which):rows() do
         rows[place[row.id]][#columns] = row.status ~= "not_reported" and spaced(row.status) or nil
      end
   end
   which.as_of = options.as_of
   return difkit.table(columns, rows)
end

if options.matrix then
   if options.matrix == "units" and allowed.counts_only then return nothing() end
   local matrix = options.matrix == "units" and by_units() or by_time()
   matrix.title = ("Progress by %s"):format(date)
   matrix.note = actions.note
   return matrix
end
if options.by == "target" then
   local steps = db:target_status(which):derive("state", function(row) return spaced(row.state) end)
   steps.title, steps.note = ("Targets by %s"):format(date), actions.note
   return steps
end

local states = {"completed", "in_progress", "delayed", "not_started", "dropped", "not_reported"}
local headings = {}
for i, state in ipairs(states) do headings[i] = spaced(state) end

--- Statuses that have a column only where there are any.
local rare, seen = {}, {}
for _, row in ipairs(options.by == "unit" and db:unit_status(which) or actions) do seen[row.status] = true end
for _, status in ipairs {"not_completed", "not_applicable"} do
   if seen[status] then rare[#rare + 1] = spaced(status) end
end

--- One row a group, in the order given, with how many of its records have each status.
local function counted(records, column, groups, heading)
   local rows, by_id = {}, {}
   for i, group in ipairs(groups) do
      rows[i] = {[heading] = group.title, total = 0, overdue = 0, ["completed by some"] = 0}
      for _, name in ipairs(headings) do rows[i][name] = 0 end
      for _, name in ipairs(rare) do rows[i][name] = 0 end
      by_id[group.id] = rows[i]
   end
   for record in records:rows() do
      local row = by_id[record[column]]
      local status = spaced(record.status)
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
   for _, name in ipairs(rare) do columns[#columns + 1] = name end
   return difkit.table(columns, kept)
end

local result
if options.by == "action" or options.by == "overdue" then
   result = (options.by == "action" and actions or overdue)
      :derive("status", function(row) return spaced(row.status) end)
   result = result:rename{roll_up = "roll-up"}:select("id", "status", "reported", "deadline", "text", "roll-up")
   if options.unit then
      local own = {}
      for row in db:unit_status(which):where{unit = options.unit}:rows() do own[row.id] = spaced(row.status) end
      result = result:derive(options.unit, function(row) return own[row.id] end)
   end
elseif options.by == "unit" then
   if allowed.counts_only then return nothing() end
   local named = {}
   for _, unit in ipairs(disclosure.units(allowed, db:units():list "id")) do named[unit] = true end
   local units = db:unit_status(which):where(function(row) return named[row.unit] end)
   result = counted(units, "unit", db:units():all(), "unit"):drop("not reported", "completed by some")
else
   local groups = {document = db:documents(), topic = db:topics(), area = db:areas()}
   result = counted(actions, options.by, groups[options.by]:all(), options.by)
end

local n = #overdue
result.title = ("Progress by %s"):format(date)
result.note = notes(options.by == "overdue" and ("%d overdue by %s"):format(n, date)
   or n == 0 and "none overdue"
   or ("%d action%s overdue%s"):format(n, n == 1 and "" or "s",
      options.by == "action" and "" or "; --by overdue lists them"), actions.note)
return result
