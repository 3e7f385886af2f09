--- Sheets for ministries: what goes out to a unit in a round of reporting, and what a sheet that came back says.
---
--- A sheet has a cover, with the round, the unit and the framework by name and the instructions, and a page for each
--- kind of thing that is asked (monitoring/page): how far actions are, questions of a survey, values of indicators. A
--- page has a row for each, its id, its words, the last answer, and cells to fill in; what can be chosen is listed at
--- its foot. What came back is read by its headings and ids, wherever its rows and columns stand.
local core = require "difkit.core"
local dates = require "difkit.date"
local transaction = require "difkit.transaction"

local sheet = {cover = "Read me first"}

local pages = {require "difkit.monitoring.page.actions", require "difkit.monitoring.page.questions",
   (require "difkit.monitoring.page.indicators")}

local instructions = {
   "Please go to the next pages.", "Each row is one thing that is asked. Please leave its id as it is.",
   "Choose from the lists. They stand at the foot of each page.", "An empty status means: no answer was given.",
   "Without a value or an answer, please choose why there is none.",
   "Give the day on which it was so, as 2026-03-31.", "Without a date the day above counts.",
   "Say in a few words what shows it, such as a law or a web address.",
   "You may sort the rows, and leave rows out.", "Say above who answered, and on which day. Then send the sheet back.",
}

--- The digest of what is asked: of ids and words, whatever their order.
local function digest_of(db, asked)
   local parts = {}
   for i, one in ipairs(asked) do parts[i] = one.id .. "\n" .. (one.page.words(db, one.id) or "") end
   table.sort(parts)
   return core.digest(table.concat(parts, "\n")):sub(1, 16)
end

--- The round and the unit, or raises with a near miss.
local function round_and_unit(db, call, round, unit)
   local ids = require "difkit.framework.ids"
   local known = db:query("SELECT id, title, reference, cut_off FROM round WHERE id = ?",
      ids.resolve(db, call, "round", round)[1]):one()
   local title = db:query("SELECT title FROM unit WHERE id = ?", ids.resolve(db, call, "unit", unit)[1]):value()
   return known, title
end

-- Going out --------------------------------------------------------------------------------------------------------

--- The lists at the foot of a page: the rows there by column, and what is to be held to which of them, as
--- {column, first, last, from, to} in rows of the page.
local function foot_of(page, rows)
   local last, below, rules = #rows + 1, {}, {}
   local start = last + 3
   local function list(column, items, first, final)
      local at = below[column] or {}
      below[column] = at
      rules[#rules + 1] = {column, first, final, start + #at, start + #at + #items - 1}
      table.move(items, 1, #items, #at + 1, at)
   end
   for column, items in require "difkit.sorted"(page.lists) do list(column, items, 2, last) end
   local seen = {}
   for i, row in ipairs(rows) do
      for column, items in require "difkit.sorted"(row.choices or {}) do
         local key = column .. "\0" .. table.concat(items, "\0")
         if seen[key] then
            rules[#rules + 1] = {column, i + 1, i + 1, seen[key][1], seen[key][2]}
         else
            list(column, items, i + 1, i + 1)
            seen[key] = {rules[#rules][4], rules[#rules][5]}
         end
      end
   end
   return below, rules
end

local function place_of(columns, name)
   for j, column in ipairs(columns) do
      if column == name then return j end
   end
end

local function write_page(book, page, rows)
   book:sheet(page.name, page.columns)
   for _, row in ipairs(rows) do
      row.cells.id = row.id
      book:row(row.cells)
   end
   local below, rules = foot_of(page, rows)
   local longest = 0
   for _, items in next, below do longest = math.max(longest, #items) end
   book:row{}
   book:row{["what is asked"] = "Possible answers"}
   for i = 1, longest do
      local cells = {}
      for column, items in next, below do cells[column] = items[i] end
      book:row(cells)
   end
   for _, rule in ipairs(rules) do
      book:choices(place_of(page.columns, rule[1]), rule[3], rule[4], rule[5], rule[2])
   end
   book:fixed(1, #rows + 1, "The ids stay as they are: by them the answers are known.")
end

---Writes the sheet of a unit in a round: how many rows it has and its number; or nil, message, code.
---@param db difkit.Database
---@param path string
---@param given {unit: string, round: string, document?: string|string[], survey?: string,
---indicators?: string[]|true, issue?: string} what is asked: actions (of the documents) unless only a survey or
---indicators are named
function sheet.write(db, path, given)
   local round, title = round_and_unit(db, "ask", given.round, given.unit)
   local wanted = {questions = given.survey, indicators = given.indicators}
   wanted.actions = given.document or not given.survey and not given.indicators
   if given.survey then require("difkit.framework.ids").resolve(db, "ask", "survey", given.survey) end
   local asked, counts, open = {}, {}, {}
   for _, page in ipairs(pages) do
      open[page] = wanted[page.kind] and page.open(db, {unit = given.unit, document = given.document,
         survey = given.survey, indicators = given.indicators, reference = round.reference}) or {}
      for _, row in ipairs(open[page]) do asked[#asked + 1] = {id = row.id, page = page} end
      if #open[page] > 0 then counts[#counts + 1] = ("%d %s"):format(#open[page], page.kind) end
   end
   if #asked == 0 then return nil, ("nothing is open for %s"):format(title), "data" end
   local digest = digest_of(db, asked)
   local issue = given.issue or ("%s-%s-%s"):format(round.id, given.unit, digest:sub(1, 6))
   local book, message, code = core.xlsx(path, {})
   if not book then return nil, message, code end
   local guard <close> = book
   guard:sheet(sheet.cover, {"Reporting sheet", "Of this sheet"})
   local framework = db:query("SELECT title FROM framework ORDER BY id"):value()
   for _, line in ipairs {
      {"Country", title}, {"Unit", given.unit}, {"Round", round.id}, {"Round of", round.title}, {"Day of reference",
         round.reference}, {"Please return by", round.cut_off or "–"}, {"Framework", framework}, {"Digest", digest},
      {"Sheet number", issue}, {"Answered by", nil}, {"Answered on", nil}, {"Rows asked", #asked},
   } do
      guard:row{["Reporting sheet"] = line[1], ["Of this sheet"] = line[2]}
   end
   for _, text in ipairs(instructions) do guard:row{["Reporting sheet"] = text} end
   for _, page in ipairs(pages) do
      if #open[page] > 0 then write_page(guard, page, open[page]) end
   end
   local saved, problem, kind = guard:save()
   if not saved then return nil, problem, kind end
   return {rows = #asked, counts = table.concat(counts, ", "), issue = issue, title = title}
end

-- Coming back ------------------------------------------------------------------------------------------------------

--- The lines of the cover, by what stands before them.
local function read_cover(file)
   local cover = {}
   for row in file:rows(sheet.cover) do
      if row[1] and row[2] and row[2] ~= "" then cover[core.lower(row[1])] = row[2] end
   end
   return cover
end

local function trimmed(value)
   if value == nil then return nil end
   value = tostring(value):gsub("\u{A0}", " "):match "^%s*(.-)%s*$"
   return value ~= "" and value or nil
end

--- Reads a page into found.answers, found.faults and found.warnings.
local function read_page(file, page, db, found)
   local place, seen, known = nil, {}, page.known(db)
   local letters = require("difkit.format.read").letters
   for row in file:rows(page.name) do
      local function cell(name) return place[name] and trimmed(row[place[name]]) end
      local function at(name) return ("%s!%s%d"):format(page.name, letters(place[name] or place.id), row.line) end
      if not place then
         local headings = {}
         for j = 1, row.n do headings[core.lower(trimmed(row[j]) or "")] = j end
         if headings.id and headings[page.key] then place = headings end
      elseif cell "id" then
         local id = cell "id"
         local context = {known = known[id], reference = found.round.reference, warn = function(column, text)
            found.warnings[#found.warnings + 1] = at(column) .. ": " .. text
         end}
         local answer, column, problem
         if not known[id] then column, problem = "id", ('"%s" %s'):format(id, page.unknown)
         elseif seen[id] then column, problem = "id", ('"%s" stands twice; first at %s'):format(id, seen[id])
         else answer, column, problem = page.read(cell, context) end
         if answer then
            answer.id, answer.page, answer.place = id, page, at "id"
            found.answers[#found.answers + 1] = answer
         else
            found.faults[#found.faults + 1] = {at(column), problem}
         end
         seen[id] = seen[id] or at "id"
      end
   end
   if not place then
      found.faults[#found.faults + 1] = {page.name, ("no row has the headings id and %s"):format(page.key)}
   end
end

--- The digest of what a sheet answers, whatever the order of its rows.
local function answers_digest(answers)
   local lines = {}
   for i, one in ipairs(answers) do lines[i] = one.page.line(one) end
   table.sort(lines)
   return core.digest(table.concat(lines, "\n")):sub(1, 16)
end

--- The pages that a workbook has, of those that a sheet can have; nil, message, code where it is no sheet.
local function pages_in(file, path)
   local names, there = {}, {}
   for _, one in ipairs(file.sheets or {}) do names[one.name] = true end
   for _, page in ipairs(pages) do
      if names[page.name] then there[#there + 1] = page end
   end
   if names[sheet.cover] and #there > 0 then return there end
   return nil, ("%s: no sheet of difkit ask: it needs the page “%s” and one of “%s”, “%s”, “%s”"):format(path,
      sheet.cover, pages[1].name, pages[2].name, pages[3].name), "data"
end

--- What is wrong with a cover, or nil.
local function wrong_cover(db, path, cover, given)
   for _, need in ipairs {"unit", "round", "digest"} do
      if not cover[need] then return ("%s: the cover does not say its %s"):format(path, need) end
   end
   for _, name in ipairs {"unit", "round"} do
      if given[name] and given[name] ~= cover[name] then
         return ("%s is of the %s %s, not %s"):format(path, name, cover[name], given[name])
      end
      if not db:query(("SELECT 1 FROM %s WHERE id = ?"):format(name), cover[name]):value() then
         return ("%s is of the %s %s, which these data do not have"):format(path, name, cover[name])
      end
   end
end

---What a sheet that came back says: {cover, unit, round, answers, faults, warnings, digest}; or nil, message, code.
---@param db difkit.Database
---@param path string
---@param given {unit?: string, round?: string}
function sheet.read(db, path, given)
   local file, message, code = require("difkit.format.read").open(path)
   if not file then return nil, message, code end
   local guard <close> = file
   local there
   there, message, code = pages_in(guard, path)
   if not there then return nil, message, code end
   local cover = read_cover(guard)
   local wrong = wrong_cover(db, path, cover, given)
   if wrong then return nil, wrong, "data" end
   local found = {cover = cover, unit = cover.unit, answers = {}, faults = {}, warnings = {}, pages = there,
      by = cover["answered by"], on = cover["answered on"], source = "sheet " .. (cover["sheet number"] or "")}
   found.round = round_and_unit(db, "take", cover.round, cover.unit)
   for _, page in ipairs(there) do read_page(guard, page, db, found) end
   local asked = tonumber(cover["rows asked"])
   if #found.faults == 0 and digest_of(db, found.answers) ~= cover.digest then
      found.warnings[#found.warnings + 1] = asked and #found.answers < asked
         and ("rows were left out: %d of %d are there"):format(#found.answers, asked)
         or "the framework has changed since it was made: what is asked is called otherwise now"
   end
   if found.on and not select(3, dates.parse(found.on)) then
      found.faults[#found.faults + 1] = {sheet.cover .. "!B12", ('"%s" is no day such as 2026-03-31'):format(found.on)}
   end
   found.digest = answers_digest(found.answers)
   return found
end

--- What was answered before in this round, and differs, as a table; or nil, and whether it is the same.
function sheet.conflicts(db, found)
   local before = db:query("SELECT digest FROM reply WHERE round_id = ? AND unit_id = ? AND received IS NOT NULL",
      found.round.id, found.unit):value()
   if not before then return nil, false end
   if before == found.digest then return nil, true end
   local rows = {}
   for _, page in ipairs(pages) do
      local known = page.before(db, found)
      for _, one in ipairs(found.answers) do
         if one.page == page then
            local now = page.said(one)
            if known[one.id] ~= now then rows[#rows + 1] = {one.place, one.id, known[one.id], now} end
            known[one.id] = nil
         end
      end
      for id, was in require "difkit.sorted"(known) do rows[#rows + 1] = {page.name, id, was, "left out"} end
   end
   return require("difkit.table")({"place", "id", "was", "now"}, rows), false
end

--- The answers of each page, in turn.
local function by_page(found)
   local i = 0
   return function()
      i = i + 1
      local page, answers = found.pages[i], {}
      for _, one in ipairs(page and found.answers or {}) do
         if one.page == page then answers[#answers + 1] = one end
      end
      return page, answers
   end
end

--- The answers as YAML, to be laid over the framework.
function sheet.yaml(found, received)
   local json, lines = require "difkit.format.json", {}
   local function add(heading, records)
      if #records > 0 then lines[#lines + 1] = heading .. ":" end
      for _, record in ipairs(records) do
         local parts = {}
         for _, one in ipairs(record) do
            if one[2] ~= nil then parts[#parts + 1] = ("%s: %s"):format(one[1], json.encode(one[2])) end
         end
         lines[#lines + 1] = "  - {" .. table.concat(parts, ", ") .. "}"
      end
   end
   add("replies", {{{"round", found.round.id}, {"unit", found.unit}, {"received", received}, {"answered_by", found.by},
      {"issue", found.cover["sheet number"]}, {"digest", found.digest}}})
   for page, answers in by_page(found) do page.yaml(found, answers, add) end
   return table.concat(lines, "\n") .. "\n"
end

--- Adds the answers to a database, in one transaction.
function sheet.add(db, found, received)
   transaction(db, function()
      db:exec([[INSERT INTO reply (round_id, unit_id, received, answered_by, issue, digest) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (round_id, unit_id) DO UPDATE SET received = excluded.received, answered_by = excluded.answered_by,
         issue = excluded.issue, digest = excluded.digest]], found.round.id, found.unit, received, found.by,
         found.cover["sheet number"], found.digest)
      for page, answers in by_page(found) do page.add(db, found, answers) end
      db:exec("UPDATE meta SET value = ? WHERE key = 'content_digest'", (core.content_digest(db)))
      return true
   end)
end

--- How many answers say what, in words: of actions by status, of others how many there are.
function sheet.summary(found)
   local parts = {}
   for page, answers in by_page(found) do
      local counts = {}
      for _, one in ipairs(answers) do
         local said = one.status and one.status:gsub("_", " ")
            or (one.missing or one.flag) and "without a value" or page.kind .. " answered"
         counts[said] = (counts[said] or 0) + 1
      end
      for said, n in require "difkit.sorted"(counts) do parts[#parts + 1] = ("%d %s"):format(n, said) end
   end
   return table.concat(parts, ", ")
end

return sheet
