--- Sheets for ministries: what goes out to a unit in a round of reporting, and what a sheet that came back says.
---
--- A sheet has a cover, with the round, the unit and the framework by name and the instructions, and a page of answers:
--- a row for each action that is open, its id, its words, the last answer, and cells to fill in. Statuses are chosen
--- from a list at the foot of the same page. What came back is read by its headings and ids, wherever its rows and
--- columns stand.
local core = require "difkit.core"
local dates = require "difkit.date"

local sheet = {cover = "Read me first", page = "Answers"}

--- What a status is called on a sheet, in the order of the list.
local statuses = {
   {"not_started", "not started"}, {"in_progress", "in progress"}, {"completed", "completed"}, {"delayed", "delayed"},
   {"dropped", "dropped"}, {"not_applicable", "does not concern us"}, {"withdrawn", "earlier report withdrawn"},
   {"no_answer", "no answer"},
}

local columns = {"id", "what is asked", "last answer", "of", "status", "date", "evidence", "remark"}

local instructions = {
   "Please go to the page “" .. sheet.page .. "”.", "Each row is one action. Please leave its id as it is.",
   "Choose a status for each row. The list is at the foot of the page.",
   "An empty status means: no answer was given.", "Give the day on which it was so, as 2026-03-31.",
   "Without a date the day above counts.", "Say in a few words what shows it, such as a law or a web address.",
   "You may sort the rows, and leave rows out.", "Say above who answered, and on which day. Then send the sheet back.",
}

--- The open actions that a unit is asked about: those that it has not reported as completed or dropped, and that are
--- not coded as a matter of the region alone.
local function open_actions(db, given)
   local regional, last, closed = {}, {}, {completed = true, dropped = true, not_applicable = true}
   for row in db:query([[SELECT action_id FROM coding WHERE scheme_id = 'level' AND code_id = 'regional'
      AND action_id NOT IN (SELECT action_id FROM target WHERE quorum IS NOT NULL)]]):rows() do
      regional[row[1]] = true
   end
   for row in db:unit_status{as_of = given.reference, document = given.document}:where{unit = given.unit}:rows() do
      last[row.id] = row
   end
   local open = {}
   for action in db:actions{document = given.document} do
      local known = last[action.id]
      if not regional[action.id] and not (known and closed[known.status]) then
         known = known or {}
         open[#open + 1] = {id = action.id, text = action.text, status = known.status, of = known.reported}
      end
   end
   return open
end

--- The digest of what is asked: of ids and words.
function sheet.digest(db, ids)
   local parts = {}
   table.sort(ids)
   for _, id in ipairs(ids) do
      parts[#parts + 1] = id .. "\n" .. (db:query("SELECT text FROM action WHERE id = ?", id):value() or "")
   end
   return core.digest(table.concat(parts, "\n")):sub(1, 16)
end

local function called(status)
   for _, one in ipairs(statuses) do
      if one[1] == status then return one[2] end
   end
end

--- The round and the unit, or raises with a near miss.
function sheet.asked(db, call, round, unit)
   local ids = require "difkit.framework.ids"
   local known = db:query("SELECT id, title, reference, cut_off FROM round WHERE id = ?",
      ids.resolve(db, call, "round", round)[1]):one()
   local title = db:query("SELECT title FROM unit WHERE id = ?", ids.resolve(db, call, "unit", unit)[1]):value()
   return known, title
end

---Writes the sheet of a unit in a round: how many rows it has and its number; or nil, message, code.
---@param db difkit.Database
---@param path string
---@param given {unit: string, round: string, document?: string|string[], issue?: string}
function sheet.write(db, path, given)
   local round, title = sheet.asked(db, "ask", given.round, given.unit)
   local open, ids = open_actions(db, {unit = given.unit, document = given.document, reference = round.reference}), {}
   if #open == 0 then return nil, ("nothing is open for %s"):format(title), "data" end
   for i, action in ipairs(open) do ids[i] = action.id end
   local digest = sheet.digest(db, ids)
   local issue = given.issue or ("%s-%s-%s"):format(round.id, given.unit, digest:sub(1, 6))
   local book, message, code = core.xlsx(path, {})
   if not book then return nil, message, code end
   local guard <close> = book
   guard:sheet(sheet.cover, {"Reporting sheet", "Of this sheet"})
   local framework = db:query("SELECT title FROM framework ORDER BY id"):value()
   for _, line in ipairs {
      {"Country", title}, {"Unit", given.unit}, {"Round", round.id}, {"Round of", round.title}, {"Day of reference",
         round.reference}, {"Please return by", round.cut_off or "–"}, {"Framework", framework}, {"Digest", digest},
      {"Sheet number", issue}, {"Answered by", nil}, {"Answered on", nil},
   } do
      guard:row{["Reporting sheet"] = line[1], ["Of this sheet"] = line[2]}
   end
   for _, text in ipairs(instructions) do guard:row{["Reporting sheet"] = text} end
   guard:sheet(sheet.page, columns)
   for _, action in ipairs(open) do
      guard:row{id = action.id, ["what is asked"] = action.text, of = action.of,
         ["last answer"] = action.status and called(action.status)}
   end
   local last = #open + 1
   guard:row{}
   guard:row{["what is asked"] = "Possible answers"}
   for _, one in ipairs(statuses) do guard:row{status = one[2]} end
   guard:choices(5, last, last + 3, last + 2 + #statuses)
   guard:fixed(1, last, "The ids stay as they are: by them the answers are known.")
   local saved, problem, kind = guard:save()
   if not saved then return nil, problem, kind end
   return {rows = #open, issue = issue, title = title}
end

--- What a word on a sheet means: the words of the list, those of the data, and what offices write.
local function status_of(text)
   local word = core.lower(text):gsub("%s+", " ")
   for _, one in ipairs(statuses) do
      if word == one[2] or word == one[1] then return one[1] end
   end
   local other = require("difkit.import.kind.progress").status_of[(word:gsub(" ", "-"))]
   if other then return other end
   if word == "n/a" or word == "not applicable" then return "not_applicable" end
end

--- The lines of the cover, by what stands before them.
local function read_cover(file)
   local cover = {}
   for row in file:rows(sheet.cover) do
      if row[1] and row[2] and row[2] ~= "" then cover[core.lower(row[1])] = row[2] end
   end
   return cover
end

--- What shows it, and what was remarked besides.
local function joined(evidence, remark)
   return evidence and remark and evidence .. "; " .. remark or evidence or remark
end

local function trimmed(value)
   if value == nil then return nil end
   value = tostring(value):match "^%s*(.-)%s*$"
   return value ~= "" and value or nil
end

--- The page's answers: each {id, status, date, evidence, place}, and what is wrong, cell by cell.
local function read_page(file, known, reference)
   local place, answers, faults, seen = nil, {}, {}, {}
   local letters = require("difkit.format.read").letters
   for row in file:rows(sheet.page) do
      if not place then
         local found = {}
         for j = 1, row.n do found[core.lower(trimmed(row[j]) or "")] = j end
         if found.id and found.status then place = found end
      else
         local function cell(name) return place[name] and trimmed(row[place[name]]) end
         local function at(name) return ("%s!%s%d"):format(sheet.page, letters(place[name]), row.line) end
         local id = cell "id"
         if id then
            local answer = {id = id, place = at "id", evidence = joined(cell "evidence", cell "remark")}
            local said, day = cell "status", cell "date"
            answer.status = said and status_of(said) or not said and "no_answer" or nil
            answer.date = day and select(3, dates.parse(day)) and day or not day and reference or nil
            if not known[id] then
               faults[#faults + 1] = {at "id", ('"%s" is no action of this framework'):format(id)}
            elseif seen[id] then
               faults[#faults + 1] = {at "id", ('"%s" stands twice; first at %s'):format(id, seen[id])}
            elseif not answer.status then
               faults[#faults + 1] = {at "status", ('"%s" is no status; have not started, in progress, completed, '
                  .. "delayed, dropped, does not concern us"):format(said)}
            elseif not answer.date then
               faults[#faults + 1] = {at "date", ('"%s" is no day such as 2026-03-31'):format(day)}
            elseif not said and answer.evidence then
               faults[#faults + 1] = {at "status", "evidence without a status"}
            else
               answers[#answers + 1] = answer
            end
            seen[id] = seen[id] or at "id"
         end
      end
   end
   if not place then faults[1] = {sheet.page, "no row has the headings id and status"} end
   return answers, faults
end

--- The digest of what a sheet answers, whatever the order of its rows.
local function answers_digest(answers)
   local lines = {}
   for i, one in ipairs(answers) do
      lines[i] = table.concat({one.id, one.status, one.date, one.evidence or ""}, "\t")
   end
   table.sort(lines)
   return core.digest(table.concat(lines, "\n")):sub(1, 16)
end

---What a sheet that came back says: {cover, unit, round, answers, faults, warnings, digest}; or nil, message, code.
---@param db difkit.Database
---@param path string
---@param given {unit?: string, round?: string}
function sheet.read(db, path, given)
   local file, message, code = require("difkit.format.read").open(path)
   if not file then return nil, message, code end
   local guard <close> = file
   local names = {}
   for _, one in ipairs(guard.sheets or {}) do names[one.name] = true end
   if not (names[sheet.cover] and names[sheet.page]) then
      return nil, ("%s: no sheet of difkit ask: it needs the pages “%s” and “%s”"):format(path, sheet.cover,
         sheet.page), "data"
   end
   local cover = read_cover(guard)
   for _, need in ipairs {"unit", "round", "digest"} do
      if not cover[need] then return nil, ("%s: the cover does not say its %s"):format(path, need), "data" end
   end
   for _, name in ipairs {"unit", "round"} do
      if given[name] and given[name] ~= cover[name] then
         return nil, ("%s is of the %s %s, not %s"):format(path, name, cover[name], given[name]), "data"
      end
      if not db:query(("SELECT 1 FROM %s WHERE id = ?"):format(name), cover[name]):value() then
         return nil, ("%s is of the %s %s, which these data do not have"):format(path, name, cover[name]), "data"
      end
   end
   local round = sheet.asked(db, "take", cover.round, cover.unit)
   local known = {}
   for row in db:query("SELECT id FROM action"):rows() do known[row[1]] = true end
   local answers, faults = read_page(guard, known, round.reference)
   local ids, warnings = {}, {}
   for i, one in ipairs(answers) do
      ids[i] = one.id
      if one.date > round.reference then
         warnings[#warnings + 1] = ("%s: dated after %s, which is left out where reports are counted"):format(one.place,
            round.reference)
      end
   end
   if #faults == 0 and sheet.digest(db, ids) ~= cover.digest then
      warnings[#warnings + 1] = "rows were left out, or the words of the framework have changed since it was made"
   end
   local on = cover["answered on"]
   if on and not select(3, dates.parse(on)) then
      faults[#faults + 1] = {sheet.cover .. "!B12", ('"%s" is no day such as 2026-03-31'):format(on)}
   end
   return {cover = cover, unit = cover.unit, round = round, answers = answers, faults = faults, warnings = warnings,
      digest = answers_digest(answers), by = cover["answered by"], on = on}
end

--- What was answered before in this round, and differs: nil where there was no reply, or the same.
function sheet.conflicts(db, found)
   local before = db:query("SELECT digest FROM reply WHERE round_id = ? AND unit_id = ? AND received IS NOT NULL",
      found.round.id, found.unit):value()
   if not before then return nil, false end
   if before == found.digest then return nil, true end
   local rows = {}
   for _, one in ipairs(found.answers) do
      local known = db:query([[SELECT status FROM progress WHERE action_id = ? AND unit_id = ? AND round_id = ?
         ORDER BY as_of DESC LIMIT 1]], one.id, found.unit, found.round.id):value()
      if known ~= one.status then rows[#rows + 1] = {one.place, one.id, known, one.status} end
   end
   return require("difkit.table")({"place", "id", "was", "now"}, rows), false
end

--- The answers as YAML, to be laid over the framework.
function sheet.yaml(found, received)
   local json = require "difkit.format.json"
   local function mapping(pairs_of)
      local parts = {}
      for _, one in ipairs(pairs_of) do
         if one[2] then parts[#parts + 1] = ("%s: %s"):format(one[1], json.encode(one[2])) end
      end
      return "  - {" .. table.concat(parts, ", ") .. "}"
   end
   local lines = {"replies:", mapping{{"round", found.round.id}, {"unit", found.unit}, {"received", received},
      {"answered_by", found.by}, {"issue", found.cover["sheet number"]}, {"digest", found.digest}}, "progress:"}
   for _, one in ipairs(found.answers) do
      lines[#lines + 1] = mapping{{"action", one.id}, {"unit", found.unit}, {"as_of", one.date}, {"status", one.status},
         {"evidence", one.evidence}, {"source", "sheet " .. (found.cover["sheet number"] or "")},
         {"round", found.round.id}, {"answered_by", found.by}, {"answered_on", found.on}}
   end
   return table.concat(lines, "\n") .. "\n"
end

--- Adds the answers to a database, in one transaction.
function sheet.add(db, found, received)
   db:exec "BEGIN"
   local done, problem = pcall(function()
      db:exec([[INSERT INTO reply (round_id, unit_id, received, answered_by, issue, digest) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (round_id, unit_id) DO UPDATE SET received = excluded.received, answered_by = excluded.answered_by,
         issue = excluded.issue, digest = excluded.digest]], found.round.id, found.unit, received, found.by,
         found.cover["sheet number"], found.digest)
      for _, one in ipairs(found.answers) do
         db:exec([[INSERT INTO progress (action_id, unit_id, as_of, status, evidence, source, round_id, answered_by,
            answered_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)]], one.id, found.unit, one.date, one.status, one.evidence,
            "sheet " .. (found.cover["sheet number"] or ""), found.round.id, found.by, found.on)
      end
      db:exec("UPDATE meta SET value = ? WHERE key = 'content_digest'", (core.content_digest(db)))
   end)
   db:exec(done and "COMMIT" or "ROLLBACK")
   if not done then error(problem, 0) end
end

return sheet
