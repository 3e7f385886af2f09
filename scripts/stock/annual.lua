--- The paper on a round of reporting that a secretariat delivers: summary, status by priority area and sectoral body,
--- how many have completed what is asked of so many, what is due next, who has not answered, and annexes. Its words are
--- those of the framework (words: in YAML); no ids stand in it. By default it gives counts and names no state;
--- --disclosure own adds the answers of --unit, full those of all. With -o it is written as .docx, .html or .md.
---@script annual
---@option round round  The round. Default: the last by its day of reference.
---@option group group  Whose members are asked. Default: the group that holds all units.
---@option document document...  Only these documents, separated by commas.
---@option status choice(reported|validated|endorsed)=reported  Which reports count.
---@option unit unit  Whose answers are shown under --disclosure own.
---@option disclosure choice(regional|own|full)  Of whom it speaks: of no single state (the default), of --unit, of all.
---@reads everything
---@writes nothing
local difkit = require "difkit"
local monitoring = require "difkit.monitoring"
local options = difkit.options()
local db = assert(difkit.open())

local allowed, refusal, code = monitoring.disclosure.of(options, "regional")
if not allowed then return nil, refusal, code end
local round = db:query("SELECT id, title, reference, cut_off FROM round WHERE id = ?", options.round or
   db:query("SELECT id FROM round ORDER BY reference DESC, id LIMIT 1"):value()):one()
if not round then
   return nil, "the data have no round of reporting; rounds are defined under rounds: in YAML", "usage"
end

local said, begin = monitoring.words.of(db), monitoring.words.begin
local which = {round = round.id, group = options.group, document = options.document, status = options.status}
local actions = db:action_status(which)
local steps = db:target_status(which)
local members = monitoring.reports.members(db, options.group, round.reference)
local titles, topics, text_of = {}, {}, {}
for unit in db:units() do titles[unit.id] = unit.title end
for topic in db:topics() do topics[topic.id] = topic.title end
for row in actions:rows() do text_of[row.id] = row.text end

local function share(n, of) return of > 0 and ("%d of %d"):format(n, of) or "none" end
local function number(status) return #actions:where{status = status} end

--- A table of counts: a row a group, with how many are completed, under way, delayed, discontinued, without report.
local states = {"completed", "in_progress", "delayed", "not_started", "dropped", "not_completed", "not_reported"}
local function counts(heading, groups)
   local columns, rows, seen = {heading, begin(said("action", 2))}, {}, {}
   for _, state in ipairs(states) do
      if number(state) > 0 then
         columns[#columns + 1] = said(state)
         seen[#seen + 1] = state
      end
   end
   for _, group in ipairs(groups) do
      if #group[2] > 0 then
         local row = {group[1], #group[2]}
         for i, state in ipairs(seen) do row[i + 2] = #group[2]:where{status = state} end
         rows[#rows + 1] = row
      end
   end
   return difkit.table(columns, rows)
end

local framework = db:query("SELECT title FROM framework ORDER BY id"):value() or "Framework"
local report = difkit.report{title = framework, subtitle = ("%s: as of %s"):format(round.title, round.reference),
   as_of = round.reference}

-- Summary ----------------------------------------------------------------------------------------------------------

local answered, silent = 0, {}
local replied = {}
for row in db:query("SELECT unit_id FROM reply WHERE round_id = ? AND received IS NOT NULL", round.id):rows() do
   replied[row[1]] = true
end
for _, unit in ipairs(members) do
   if replied[unit] then answered = answered + 1 else silent[#silent + 1] = titles[unit] end
end
local met, behind = steps:where{state = "met"}, steps:where{state = "behind"}
report:heading "Summary"
local answers = ("%s %s have answered in this round."):format(share(answered, #members), said("unit", 2))
local far = "Of %d %s, %d are completed, %d under way and %d delayed; %d were not completed at the end of their plan, "
   .. "and on %d there is no report."
report:text(answers .. " " .. far:format(#actions, said("action", #actions), number "completed", number "in_progress",
   number "delayed", number "not_completed", number "not_reported"))
report:text(("Of the commitments with a date or a number, %d have been met; for %d the day is over."):format(#met,
   #behind))
--- Indicators whose mean over the members that have both values went the right way since the value before: how many, of
--- how many.
local function moved()
   local better, all, member = 0, 0, {}
   for _, unit in ipairs(members) do member[unit] = true end
   for indicator in db:query "SELECT id, direction FROM indicator ORDER BY id" do
      local sum, n = 0, 0
      for unit in db:units() do
         local values = {}
         for row in db:query([[SELECT value FROM observation WHERE indicator_id = ? AND unit_id = ?
            AND value IS NOT NULL AND substr(period, 1, 4) <= ? ORDER BY period DESC LIMIT 2]], indicator.id, unit.id,
            round.reference:sub(1, 4)):rows() do values[#values + 1] = row[1] end
         if member[unit.id] and #values == 2 then sum, n = sum + values[1] - values[2], n + 1 end
      end
      if n > 0 then
         all = all + 1
         if sum * indicator.direction > 0 then better = better + 1 end
      end
   end
   return better, all
end
local better, indicators = moved()
report:text(table.concat({
   ("- **%s**: %s %s are completed."):format(begin(said "compliance"), share(number "completed", #actions),
      said("action", 2)),
   ("- **%s**: %s commitments with a date or a number have been met."):format(begin(said "outcomes"),
      share(#met, #steps)),
   indicators > 0 and ("- **%s**: %s indicators have improved since the value before."):format(begin(said "impact"),
      share(better, indicators)) or nil,
}, "\n"))
if actions.note then report:text(begin(actions.note) .. ".") end

-- Status -----------------------------------------------------------------------------------------------------------

local groups = {}
for area in db:areas() do groups[#groups + 1] = {area.title, actions:where{area = area.id}} end
report:heading("Status by " .. said "area")
report:table(counts(begin(said "area"), groups), {title = false})

groups = {}
for body in db:bodies():rows() do
   local ids = {}
   for action in db:actions{body = body.id} do ids[action.id] = true end
   groups[#groups + 1] = {body.title, actions:where(function(row) return ids[row.id] end)}
end
report:heading("Status by " .. said "body")
report:text(("Shown are the %s whose words name who is responsible."):format(said("action", 2)))
report:table(counts(begin(said "body"), groups), {title = false})

-- Targets ----------------------------------------------------------------------------------------------------------

local state_words = {met = "met", behind = "the day is over", due = "due now", on_course = "on course", slow = "slow",
   open = "no date", recurring = "no date", dropped = said "dropped"}
local asked, due = {}, {}
local next_day = ("%04d%s"):format(tonumber(round.reference:sub(1, 4)) + 1, round.reference:sub(5))
for step in steps:rows() do
   if step.need then
      asked[#asked + 1] = {text_of[step.id], step.due, ("completed by %d of %d"):format(step.completed, step.members),
         step.need, state_words[step.state]}
   end
   if step.due and step.due >= round.reference and step.due <= next_day and step.state ~= "met" then
      due[#due + 1] = {step.due, text_of[step.id], step.asks, state_words[step.state]}
   end
end
report:heading "Completed by how many"
report:text(("What is asked of a number of %s, and how many of the %d report it as completed."):format(said("unit", 2),
   #members))
report:table(difkit.table({begin(said "action"), "by", "completed", "asked of", "standing"}, asked), {title = false})
report:heading "Due in the year that follows"
if #due == 0 then
   report:text "No commitment names a day in that year."
else
   report:table(difkit.table({"day", begin(said "action"), "asked", "standing"}, due):sort "day", {title = false})
end

-- Answers ----------------------------------------------------------------------------------------------------------

report:heading "Who has not answered"
if #silent == 0 then
   report:text("All have answered.")
elseif allowed.level == "full" then
   report:text(table.concat(silent, ", ") .. ".")
else
   report:text(("%d of %d %s have not answered. Their names are left out: this paper names no single one."):format(
      #silent, #members, said("unit", 2)))
end
for _, unit in ipairs(monitoring.disclosure.units(allowed, allowed.counts_only and {} or members)) do
   local rows = {}
   for row in db:unit_status(which):where{unit = unit}:rows() do
      rows[#rows + 1] = {text_of[row.id], said(row.status), row.reported}
   end
   report:heading(titles[unit], 3)
   if #rows == 0 then
      report:text "No answers."
   else
      report:table(difkit.table({begin(said "action"), "status", "as of"}, rows), {title = false})
   end
end

-- Annexes ----------------------------------------------------------------------------------------------------------

report:heading(("Annex: all %s"):format(said("action", 2)))
for document in db:documents() do
   local rows = {}
   for row in actions:where{document = document.id}:rows() do
      rows[#rows + 1] = {topics[row.topic], row.text, said(row.status), row.roll_up}
   end
   if #rows > 0 then
      report:heading(document.title, 3)
      report:table(difkit.table({begin(said "topic"), begin(said "action"), "status", "completed"}, rows),
         {title = false})
   end
end
return report
