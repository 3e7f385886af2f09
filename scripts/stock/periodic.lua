--- The report that a scheduled job writes: state, coverage, progress, what changed, index movement, data problems.
--- Without --out it is printed as Markdown. With --out it is written to --file there, in one piece, and a snapshot of
--- the data is kept below snapshots/, with which the next report compares. The same data and date give the same bytes.
---
--- --if-changed: when nothing material changed since the last report, nothing is written, said or failed. Material is
--- any difference unless --material says otherwise, over these figures: records, added, removed, changed, renamed,
--- progress (reports that are new or differ), overdue (actions newly so), problems (newly so), rank (units whose rank
--- moved), score (the largest movement of a score). Example: --material 'rank or score > 1 or overdue'.
---
--- --keep 24 keeps the reports of the last 24 dates, with their snapshots, and removes older ones: only files that runs
--- with this --file have written, which .periodic.json lists, and only where they are as they were written. --dry-run
--- lists what would go.
---
--- --fail-on: after the report is written, the run ends with status 1 when there is anything overdue, an error in the
--- data, or a change. Faulty data that cannot be loaded end it with 1 before, a second run at the same time with 6; the
--- last report then stays as it is. scripts/guide/PERIODIC.md shows how to have it run every month.
---@script periodic
---@option as-of date  The date of the report. Default: SOURCE_DATE_EPOCH, else today.
---@option since path  Data to compare with. Default: the newest snapshot below --out from before the date.
---@option file text=periodic.html  Name of the report: .html, .md, or a folder; %Y, %m, %d stand for its date.
---@option replace boolean  Let a report of an earlier date replace a newer one of the same name.
---@option keep integer  Keep the reports of so many dates: older files that this job wrote are removed.
---@option print boolean  Print the report as Markdown and write nothing.
---@option index path  The index to follow, as a YAML file. Default: the E-Government Development Index.
---@option share number=0.5  The index is shown for the last period that this share of the units has in full.
---@option framework framework  Only this framework, where several are loaded; without it each has a section.
---@option status choice(reported|validated|endorsed)=reported  Which reports count.
---@option unit unit  Of single member states only this one is shown.
---@option disclosure choice(regional|own|full)=full  Of whom it speaks: of no single state, of --unit alone, of all.
---@option without choice(changes|progress|due|states|laws|completeness|coverage|index|problems)...  Sections left out.
---@option if-changed boolean  Write and say nothing when nothing material changed.
---@option material text  What is material. Default: records or overdue or problems.
---@option fail-on choice(overdue|data-error|changed)...  What the run fails on, separated by commas.
---@reads everything
---@writes FILE, snapshots/DATE.db, .periodic.json, .periodic.lock
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())
local date = difkit.today(options.as_of)
local monitoring = require "difkit.monitoring"
local disclosure, sections = monitoring.disclosure, monitoring.sections
local allowed, refused, refusal = disclosure.of(options, "full")
if not allowed then return nil, refused, refusal end
--- Whether all may be named.
local whole = allowed.level == "full" and not allowed.unit

--- The name of the report of a date.
local function name_of(day)
   local year, month, day_of_month = day:match "^(%d+)-(%d+)-(%d+)$"
   return (options.file:gsub("%%([Ymd])", {Y = year, m = month, d = day_of_month}))
end
local file = name_of(date)

--- What is wrong with an option, before any work is done.
local ending = options.file:match "%.([^./]+)$"
if ending and not ({html = true, htm = true, md = true, markdown = true})[ending:lower()] then
   return nil, ('--file must end in .html or .md, or name a folder, not "%s"'):format(options.file), "usage"
end
local names = {"records", "added", "removed", "changed", "renamed", "progress", "overdue", "problems", "rank", "score"}
local figures = {}
for _, name in ipairs(names) do figures[name] = 0 end
local condition = options.material or "records or overdue or problems"
local understood, problem = pcall(difkit.material, condition, figures)
if not understood then
   return nil, "--material: " .. problem.message .. (problem.hint and "; " .. problem.hint or ""), "usage"
end

if options.keep and options.keep < 1 then
   return nil, ("--keep must be at least 1, not %d: the report that is written stays"):format(options.keep), "usage"
end
local writes = not options.print and difkit.writable()
if options.if_changed and not writes then
   return nil, "--if-changed needs --out DIR: where else would the last report be?", "usage"
end
if writes then
   local locked, message, code = difkit.lock ".periodic.lock"
   if not locked then return nil, message, code end
end
local index_of_files
if writes then
   local message, code
   index_of_files, message, code = monitoring.kept.open ".periodic.json"
   if not index_of_files then return nil, message, code end
end

-- What it is compared with -----------------------------------------------------------------------------------------

local source, since, old = options.since, nil, nil
local unread
for snapshot in writes and assert(difkit.snapshots(difkit.writable "snapshots")):rows() or function() end do
   if snapshot.problem then
      if not snapshot.date or snapshot.date < date then unread = snapshot end
   elseif not options.since and snapshot.date < date then
      source, unread = snapshot.path, nil
   end
   if not snapshot.problem and snapshot.date > date and not options.replace and name_of(snapshot.date) == file then
      return nil, ("%s is the report of %s, newer than that of %s; --replace lets it be replaced, --file names another")
         :format(file, snapshot.date, date), "usage"
   end
end
if unread and not options.since then
   return nil, ("what the last report left cannot be compared with: %s; restore it, or name other data with --since, "
      .. "or remove it for a report without changes"):format(unread.problem:match "^[^;]*"), "io"
end
if source then
   local message, code
   old, message, code = difkit.open(source)
   if not old then return nil, message, code end
   since = old:query("SELECT value FROM meta WHERE key = 'snapshot_date'"):value()
end

local documents = {}
for document in db:documents() do
   if not options.framework or document.framework_id == options.framework then documents[#documents + 1] = document end
end
local ids = {}
for i, document in ipairs(documents) do ids[i] = document.id end
local status = db:action_status{as_of = date, document = options.framework and ids or nil, status = options.status}
local overdue = status:where{overdue = true}
local problems = db:problems(date)
local errors = problems:where{severity = "error"}
local diff = old and assert(difkit.diff(old, db, {index = false}))

--- Rows of one table whose key is in no row of another.
local function new_rows(rows, before, ...)
   local columns, known = {...}, {}
   local function key(row)
      local parts = {}
      for i, name in ipairs(columns) do parts[i] = tostring(row[name]) end
      return table.concat(parts, "\0")
   end
   for row in before:rows() do known[key(row)] = true end
   return rows:where(function(row) return not known[key(row)] end)
end

local before = {as_of = since or date, status = options.status}
local newly_overdue = old and new_rows(overdue, old:action_status(before):where{overdue = true}, "id")
local new_problems = old and new_rows(problems, old:problems(since or date), "problem", "id", "what")

-- Index movement ---------------------------------------------------------------------------------------------------

local index = difkit.index
local followed = options.index or index.carried(db)
local moves, moves_problem
local moved = {rank = 0, score = 0}
if followed then
   local code
   moves, moves_problem, code = index.movement(old, db, followed, {share = options.share})
   if not moves and options.index then return nil, moves_problem, code end
   local found = {}
   for i, row in ipairs(problems) do
      found[i] = {}
      for j, column in ipairs(problems.columns) do found[i][j] = row[column] end
   end
   for _, one in ipairs(moves and require("difkit.index.movement").partly(followed, db, options.share) or {}) do
      found[#found + 1] = {"warning", "a period has arrived in part", tostring(one.period),
         ("%d of %d units have a value; the index is shown for the period before"):format(one.units, one.of)}
   end
   problems = difkit.table(problems.columns, found)
end
for _, row in ipairs(old and moves or {}) do
   if row.rank ~= row.rank_before then moved.rank = moved.rank + 1 end
   moved.score = math.max(moved.score, math.abs(row.change or 0))
end

-- Is it news? ------------------------------------------------------------------------------------------------------

figures.rank, figures.score = moved.rank, moved.score
if old then
   figures.records, figures.overdue, figures.problems = #diff.changes, #newly_overdue, #new_problems
   for row in diff:counts():rows() do
      for _, kind in ipairs {"added", "removed", "changed", "renamed"} do
         figures[kind] = figures[kind] + row[kind]
      end
      if row.entity == "progress" then figures.progress = row.added + row.changed end
   end
end
local material = difkit.material(condition, figures)
if options.if_changed and old and not material then return end

-- The report -------------------------------------------------------------------------------------------------------

local function count(n, one, many) return ("%d %s"):format(n, n == 1 and one or many) end

local frameworks = db:query("SELECT id, title FROM framework ORDER BY id"):all()
local titles_of = {}
for _, framework in ipairs(frameworks) do
   if not options.framework or framework.id == options.framework then titles_of[#titles_of + 1] = framework.title end
end
local title = #titles_of > 0 and table.concat(titles_of, "; ") or "Framework"
local titles_of_units = sections.titles(db)
local members = sections.members(db, date)
local may_be_named = allowed.counts_only and {} or disclosure.units(allowed, members)
local without = {}
for _, name in ipairs(options.without or {}) do without[name] = true end
local report = difkit.report{title = title, subtitle = "Report of " .. date, as_of = date, db = db}

report:figures{
   {"actions", #status},
   {"reported on", #status - #status:where{status = "not_reported"}},
   {"completed", #status:where{status = "completed"}},
   {"overdue", #overdue},
   {"changes", old and #diff.changes or nil, old and "since " .. (since or source) or "no report before"},
   {"problems in the data", #problems},
}

local page = writes and not options.file:find "%.md$" -- pictures have their place on a page

--- A picture where it says more than the table below it.
local function draw(kind, data, given)
   if page and #data > 1 then report:chart(difkit.chart[kind](data, given)) end
end

--- Records of the data that speak of single units, and the ids in them: none may be told but those of whom the paper
--- may speak.
local of_units = {progress = true, observation = true, reply = true, response = true, respondent = true, unit = true,
   group_member = true, replicate_weight = true, unit_group = true}
local function may_be_told(row)
   if whole or not of_units[row.entity] then return true end
   local told = false
   for word in row.id:gmatch "[^/]+" do
      if titles_of_units[word] and word ~= allowed.unit then return false end
      told = told or word == allowed.unit
   end
   return told
end

if not without.changes then
   report:heading "What changed"
   if not old then
      report:text "There is no earlier state to compare with: this is the first report."
   elseif diff:same() then
      report:text(("Nothing in the data since %s."):format(since or source))
   else
      report:table(diff:counts(), {title = "Records that differ, by kind"})
      local shown = diff:table():where(may_be_told)
      local words = require("difkit.diff.text").words
      local told = shown:derive("what", function(row)
         if row.to then return "now " .. row.to end
         if type(row.old) == "string" and type(row.new) == "string" and (row.old .. row.new):find "%s" then
            return row.field .. ": " .. words(row.old, row.new)
         end
         if row.field then
            return ("%s: %s → %s"):format(row.field, tostring(row.old or "–"), tostring(row.new or "–"))
         end
         return row.label
      end):select("entity", "id", "change", "what")
      if not whole then report:text(disclosure.left_out) end
      if #told > 0 then
         report:table(told:head(200), {
            title = "Each of them", fold = 10,
            note = #told > 200 and ("200 of %d; `difkit diff` shows all"):format(#told) or nil,
         })
      end
   end
   if newly_overdue and #newly_overdue > 0 then
      report:text(("Newly overdue: %s."):format(table.concat(newly_overdue:column "id", ", ")))
   end
end

if not without.progress then
   report:heading "Progress"
   report:text(([[%d of %d actions are reported on by %s. Overdue is an action whose deadline, the last year that its
codings or its text name, is over, and that is not reported as completed or dropped. Without a report for the region an
action is completed only when all members report so.]]):format(
      #status - #status:where{status = "not_reported"}, #status, date))
   if status.note then report:text(monitoring.words.begin(status.note) .. ".") end
   local states = {"completed", "in_progress", "delayed", "not_started", "dropped", "not_reported"}
   --- Actions by document and status, of one framework or of all.
   local function by_document(framework)
      local rows = {}
      for _, document in ipairs(documents) do
         if not framework or document.framework_id == framework then
            local of = status:where{document = document.id}
            local row = {document.short_title or document.title, #of}
            for i, state in ipairs(states) do row[i + 2] = #of:where{status = state} end
            row[#states + 3] = #of:where{overdue = true}
            row[#states + 4] = #of:where(function(one)
               return one.completed and one.completed > 0 and one.completed < one.members
            end)
            row[#states + 5] = #of:where{status = "not_completed"}
            rows[#rows + 1] = row
         end
      end
      return difkit.table({"document", "total", "completed", "in progress", "delayed", "not started", "dropped",
         "not reported", "overdue", "completed by some", "not completed at the end"}, rows)
   end
   local several = #titles_of > 1
   for _, framework in ipairs(several and frameworks or {{}}) do
      if several then report:heading(framework.title, 3) end
      local states_of = by_document(framework.id)
      draw("bars", states_of, {label = "document", stacked = true, title = "Actions by document and status",
         values = {"completed", "in progress", "delayed", "not started", "dropped", "not reported",
            "not completed at the end"}})
      report:table(states_of, {title = "Actions by document and status"})
   end
   if #overdue > 0 then
      local lines = {}
      for row in db:query "SELECT id, line, origin FROM action" do lines[row.id] = row end
      report:table(overdue:derive("status", function(row) return (row.status:gsub("_", " ")) end)
         :derive("source line", function(row) return lines[row.id].line end)
         :rename{roll_up = "roll-up"}
         :select("id", "deadline", "status", "text", "source line", "roll-up"), {title = "Overdue"})
   end
end

if not without.due then
   local wanted, slipped, coming = {}, {}, {}
   for row in status:rows() do wanted[row.id] = row end
   local soon = monitoring.days_after(date, 92)
   for step in db:target_status{as_of = date, status = options.status}:rows() do
      local action = wanted[step.id]
      if action and step.due then
         local row = {step.due, action.text, step.asks, (step.state:gsub("_", " ")), action.roll_up}
         if step.state == "behind" then slipped[#slipped + 1] = row end
         if step.due >= date and step.due <= soon and step.state ~= "met" then coming[#coming + 1] = row end
      end
   end
   local columns = {"due", "what", "asked", "state", "completed"}
   report:heading "Due and behind"
   report:text(("%d commitments fall due by %s; of %d the day is over."):format(#coming, soon, #slipped))
   if #coming > 0 then
      report:table(difkit.table(columns, coming):sort "due", {title = "Due in the next quarter"})
   end
   if #slipped > 0 then
      report:table(difkit.table(columns, slipped):sort "due", {title = "Behind", fold = 10})
   end
end

local of_these = {as_of = date, document = options.framework and ids or nil, status = options.status}
if not without.states then
   report:heading "By member state"
   local shown, said = sections.states(db, of_these, may_be_named)
   if not shown then
      report:text(said)
   else
      if #may_be_named > 0 then
         draw("bars", shown, {label = "member state", stacked = true, title = "Reports of member states by status",
            values = {"completed", "in progress", "delayed", "not started"}})
         report:table(shown, {title = "What each reports"})
      end
      if not whole then report:text(disclosure.left_out) end
   end
end

if not without.laws then
   local shown, said = sections.laws(db, status, members, date)
   report:heading "Laws, reports and surveys"
   if shown then report:table(shown, {title = "What is asked, and of how many it is there"}) else report:text(said) end
end

if not without.completeness then
   local said, silent = sections.completeness(db, of_these, members)
   report:heading "Completeness of reporting"
   report:text(said)
   local named = {}
   for _, unit in ipairs(disclosure.units(allowed, allowed.counts_only and {} or silent)) do
      named[#named + 1] = titles_of_units[unit]
   end
   if #named > 0 then report:text(("Nothing has come from: %s."):format(table.concat(named, ", "))) end
   if not whole and #silent > #named then report:text(disclosure.left_out) end
end

if not without.coverage then
   report:heading "Coverage"
   local titles = {}
   for topic in db:topics() do titles[topic.id] = topic.title end
   report:table(db:from "action_full":group("topic", "document"):count "actions"
      :pivot("topic", "document", "actions", {fill = 0, complete = true})
      :derive("topic", function(row) return titles[row.topic] end):total_column():total_row(),
      {title = "Actions by topic and document"})
end

if not without.index then
   if moves then
      local because = require("difkit.index.movement").because
      local shown = moves:where(function(row) return row.score or old end)
      if old then
         shown = shown:derive("because of", function(row) return because(row) end)
            :rename{rank_before = "was", rank_change = "gained"}
            :select("unit", "rank", "was", "gained", "score", "change", "because of")
      else
         shown = shown:select("unit", "rank", "score")
      end
      local scored = 0
      for row in moves:rows() do scored = scored + (row.score and 1 or 0) end
      report:heading(moves.title)
      if not whole then
         shown = shown:where(function(row) return allowed.level ~= "regional" and row.unit == allowed.unit end)
      end
      shown = shown:derive("unit", function(row) return titles_of_units[row.unit] or row.unit end)
      local ranks = whole and page and require("difkit.index.movement").intervals(followed, db, options.share)
      if ranks then
         draw("dots", ranks, {labels = titles_of_units, title = "Ranks, and what they lie between",
            note = "Weights drawn a quarter higher or lower, 300 times; lines from the 5th to the 95th of 100."})
      end
      if whole and old and moved.rank > 0 then
         draw("bump", sections.moved(moves, titles_of_units), {x = "when", rank = "rank", label = "unit",
            title = "How ranks moved"})
      end
      if #shown > 0 then
         report:table(shown, {
            title = old and "Ranks and scores, how they moved, and what moved them" or "Ranks and scores",
            note = whole and moves.note or nil, digits = 4})
      end
      report:text(("%d of %d units have a score."):format(scored, #moves))
      if not whole then report:text(disclosure.left_out) end
   elseif followed then
      report:heading "Index"
      report:text(("No scores this time: %s."):format(moves_problem))
   end
end

if not without.problems then
   report:heading "Problems in the data"
   if #problems == 0 then
      report:text "None found."
   elseif whole then
      local titles = setmetatable(sections.titled(db), {__index = function(_, id) return id end})
      report:table(problems:derive("id", function(row)
         local parts = {}
         for id in row.id:gmatch "[^/]+" do parts[#parts + 1] = titles[id] end
         return table.concat(parts, ", ")
      end):rename{id = "of"})
   else
      report:table(problems:group("severity", "problem"):count "times")
      report:text(disclosure.left_out)
   end
end

-- Writing it -------------------------------------------------------------------------------------------------------

if not writes then
   io.write(report:markdown())
else
   -- Together: a report without its snapshot would be told again, a snapshot without its report never.
   local done, message, code = db:snapshot(date, {
      folder = "snapshots", date = date, replace = true, before = function() return report:write(file) end,
   })
   if not done then return nil, message, code end
   print(("%s: %s, %d overdue, %s"):format(file,
      old and ("%s since %s"):format(count(#diff.changes, "change", "changes"), since or source) or "first report",
      #overdue, count(#errors, "error in the data", "errors in the data")))
   local removed, stayed, why = monitoring.kept.close(index_of_files, options.file, date, options.keep)
   if not removed then return nil, stayed, why end
   if #removed > 0 then
      print(("of reports before the last %d, no longer kept: %s"):format(options.keep, table.concat(removed, ", ")))
   end
   for _, name in ipairs(stayed) do print("left " .. name .. ": it is no longer as this job wrote it") end
end

local failures = {}
for _, what in ipairs(options.fail_on or {}) do
   if what == "overdue" and #overdue > 0 then
      failures[#failures + 1] = count(#overdue, "action is overdue", "actions are overdue")
   elseif what == "data-error" and #errors > 0 then
      failures[#failures + 1] = count(#errors, "error in the data", "errors in the data")
   elseif what == "changed" and old and material then
      failures[#failures + 1] = "the data changed"
   end
end
if #failures > 0 then return nil, table.concat(failures, ", "), "data" end
