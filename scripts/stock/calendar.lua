--- The commitments of the framework by the day they are due, as a table or as a calendar for mail programs.
--- Each year that an action names is a step, due on its last day; the last is the deadline of the action. How a
--- text is read for years, and what is overdue: `difkit run progress --help`.
---
--- With --since, a snapshot or other data from before, it says what slipped: commitments that were due earlier then,
--- and those that have fallen due since and are not done. A commitment keeps its uid (ACTION-STEP@FRAMEWORK) when its
--- year changes, so that a calendar that has it already moves it.
---
--- A year that stands in no target and no coding, but in the words of the action, is marked as read from the text.
---@script calendar
---@option as-of date  The date that counts. Default: SOURCE_DATE_EPOCH, else today.
---@option since path  A snapshot (or other data) to compare with.
---@option recurring boolean  Also what recurs every year, with the last day of its next year.
---@option status choice(reported|validated|endorsed)=reported  Which reports count.
---@option unit unit  Beside each commitment how far this member state is.
---@option disclosure choice(regional|own|full)=full  Of whom it speaks: of no single state, of --unit alone, of all.
---@option open boolean  Only what is not reported as completed or dropped.
---@option slipped boolean  Only what slipped.
---@option document document...  Only commitments of these documents.
---@option ics path  Write an iCalendar file of this name below --out instead; - prints it.
---@option alarm integer  Programs that show the calendar remind so many days before each commitment.
---@reads action, progress, coding, meta
---@writes the file of --ics
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local monitoring = require "difkit.monitoring"
local allowed, refusal, reason = monitoring.disclosure.of(options, "full")
if not allowed then return nil, refusal, reason end
local date = difkit.today(options.as_of)

--- "ACTION-STEP" -> year, and the date the data were as of.
local function steps_of(data)
   local steps, count = {}, {}
   for row in data:deadlines():rows() do
      count[row.action] = (count[row.action] or 0) + 1
      steps[row.action .. "-" .. count[row.action]] = row.year
   end
   return steps
end

local before, since
if options.since then
   local old, message, code = difkit.open(options.since)
   if not old then return nil, message, code end
   before = steps_of(old)
   since = old:query("SELECT value FROM meta WHERE key = 'snapshot_date'"):value()
   old:close()
elseif options.slipped then
   return nil, "--slipped needs --since: what is there to compare with?", "usage"
end

local status = {}
local actions = db:action_status{as_of = date, document = options.document, status = options.status}
for row in actions:rows() do status[row.id] = row end

--- What slipped, in words, or nil.
local function slip(step, year, state)
   if not before then return nil end
   local was = before[step]
   local over = year < tonumber(date:sub(1, 4)) and state.status ~= "completed" and state.status ~= "dropped"
   if was and was < year then return ("from %d"):format(was) end
   if over and since and year >= tonumber(since:sub(1, 4)) then return ("fell due since %s"):format(since) end
   return nil
end

local steps = {}
for row in db:deadlines():rows() do steps[row.action] = (steps[row.action] or 0) + 1 end
local framework = db:query("SELECT id FROM framework ORDER BY id"):value() or "framework"
local count, rows = {}, {}
for row in db:deadlines():rows() do
   count[row.action] = (count[row.action] or 0) + 1
   local state = status[row.action]
   if state then
      local step = row.action .. "-" .. count[row.action]
      local done = state.status == "completed" or state.status == "dropped"
      local slipped = slip(step, row.year, state)
      if not (options.open and done) and not (options.slipped and not slipped) then
         rows[#rows + 1] = {
            ("%d-12-31"):format(row.year), row.action, (state.status:gsub("_", " ")), slipped, row.words, state.text,
            step .. "@" .. framework, state.roll_up, ("%d of %d%s"):format(count[row.action], steps[row.action],
               row.rule == "text" and " (read from the text)" or ""),
         }
      end
   end
end
if options.recurring then
   local next_one = {}
   for step in db:target_status{as_of = date, document = options.document, status = options.status}:rows() do
      if step.asks == "every year" and step.due then
         if step.due >= date or not next_one[step.id] then next_one[step.id] = step end
      end
   end
   for id, step in difkit.sorted(next_one) do
      local state = status[id]
      if state and step.due >= date then
         rows[#rows + 1] = {step.due, id, (step.state:gsub("_", " ")), nil, step.words, state.text,
            ("%s-%s@%s"):format(id, step.due:sub(1, 4), framework), state.roll_up, "every year"}
      end
   end
end
local commitments = difkit.table({"due", "id", "status", "slipped", "words", "text", "uid", "roll-up", "step"},
   rows):sort("due", "id")

if options.alarm and not options.ics then
   return nil, "--alarm needs --ics: only a calendar reminds", "usage"
end
if options.ics then
   local days = {}
   for i, row in ipairs(commitments) do
      local topic = db:topic(status[row.id].topic)
      days[i] = {
         uid = row.uid, date = row.due, category = status[row.id].document,
         alarm = options.alarm,
         summary = ("%s due: %s"):format(row.id, topic.title),
         description = ("%s\n\nStatus by %s: %s%s%s"):format(row.text, date,
            row.status, row["roll-up"] and ", " .. row["roll-up"] or "",
            row.slipped and "\nSlipped: " .. row.slipped or ""),
      }
   end
   local text = difkit.calendar(days, {name = "Commitments of " .. framework, stamp = date})
   if options.ics == "-" then
      io.write(text)
      return
   end
   local done, message, code = difkit.text.write(options.ics, text)
   if not done then return nil, message, code end
   print(("%s: %d commitments"):format(options.ics, #commitments))
   return
end

commitments = commitments:drop("uid", "words")
if not before then commitments = commitments:drop "slipped" end
if options.unit then
   local own = {}
   for row in db:unit_status{as_of = date, status = options.status}:where{unit = options.unit}:rows() do
      own[row.id] = (row.status:gsub("_", " "))
   end
   commitments = commitments:derive(options.unit, function(row) return own[row.id] end)
end
commitments.title, commitments.note = ("Commitments, by %s"):format(date), actions.note
return commitments
