--- Where a published figure comes from: the lines of the script, the question to the database, the rows and
--- observations it was made of, and the words of the source behind them.
local audited = require "difkit.provenance.audited"
local core = require "difkit.core"
local lineage = require "difkit.provenance.lineage"
local published = require "difkit.provenance.published"
local tables = require "difkit.table"
local writer = require "difkit.query.sql"

local why = {}

local function blocks_of(report, kind)
   local list = {}
   for _, block in ipairs(report.blocks) do
      if block.kind == kind then list[#list + 1] = block end
   end
   return list
end

--- The nth key figure of a report.
local function figure_of(report, number)
   for _, block in ipairs(blocks_of(report, "figures")) do
      if number <= #block.figures then return block.figures[number] end
      number = number - #block.figures
   end
end

--- A short form of an argument.
local function shown(value)
   if type(value) == "string" then return ('"%s"'):format(#value > 40 and value:sub(1, 37) .. "…" or value) end
   if type(value) == "number" then return core.number_text(value) end
   if type(value) == "function" then
      local info = debug.getinfo(value, "S")
      return ("function of line %d"):format(info.linedefined)
   end
   if tables.is_table(value) then return "a table" end
   if type(value) ~= "table" then return tostring(value) end
   local parts = {}
   for key, held in require("difkit.sorted")(value) do
      parts[#parts + 1] = math.type(key) == "integer" and shown(held) or ("%s = %s"):format(tostring(key), shown(held))
      if #parts == 6 then
         parts[#parts + 1] = "…"
         break
      end
   end
   return "{" .. table.concat(parts, ", ") .. "}"
end

local function call_text(step)
   if not step.call then return nil end
   local parts = {}
   for i = 1, step.arguments and step.arguments.n or 0 do parts[i] = shown(step.arguments[i]) end
   return ("%s(%s)"):format(step.call, table.concat(parts, ", "))
end

--- The record of the data that an id names: where it stands, and the words of the source.
local function record_of(db, id)
   if type(id) ~= "string" then return nil end
   local action = db:query("SELECT id, text, line, origin, attribution, note FROM action WHERE id = ?", id):one()
   if action then
      return {id = id, kind = "action", place = action.origin, line = action.line, words = action.text,
         note = action.note}
   end
   for _, kind in ipairs {"document", "topic", "area", "indicator", "unit"} do
      local found = db:query(("SELECT title, origin FROM %s WHERE id = ?"):format(kind), id):one()
      if found then return {id = id, kind = kind, place = found.origin, words = found.title} end
   end
end

--- The records behind rows, each once.
local function records_of(db, rows)
   local list, known = {}, {}
   local function add(id)
      if id == nil or known[id] then return end
      known[id] = true
      list[#list + 1] = record_of(db, id)
   end
   for _, row in ipairs(rows) do
      local id = rawget(row, "id") or rawget(row, "action_id") or rawget(row, "action")
      if id ~= nil then add(id)
      else
         for _, name in ipairs {"source_id", "target_id", "unit", "indicator", "document", "topic", "document_id",
            "topic_id"} do
            add(rawget(row, name))
         end
      end
   end
   return list
end

--- An observation with the file that it was imported from, or nil.
local function observation_at(db, indicator, unit, period)
   return db:query([[SELECT o.indicator_id, o.unit_id, o.period, o.value, o.flag, o.source, o.origin, o.place, o.note,
      f.name AS file, f.sha256, f.released, f.licence, f.title AS file_title
      FROM observation AS o LEFT JOIN source_file AS f ON f.id = o.source_file_id
      WHERE o.indicator_id = ? AND o.unit_id = ? AND (? IS NULL OR o.period = ?)]], indicator, unit, period,
         period):one()
end

--- The observations that rows are: those that name an indicator, a unit and a period.
local function observations_in(db, rows)
   local list = {}
   for i = 1, math.min(#rows, 1000) do
      local row = rows[i]
      local indicator = rawget(row, "indicator_id") or rawget(row, "indicator")
      local unit, period = rawget(row, "unit_id") or rawget(row, "unit"), rawget(row, "period")
      if type(indicator) == "string" and type(unit) == "string" and period ~= nil then
         list[#list + 1] = observation_at(db, indicator, unit, period)
      end
   end
   return list
end

--- The observations behind the score of a unit: those of the indicators of the index, for the unit and the period.
local function observations_of(db, result, row)
   local unit, list = rawget(row, "unit"), {}
   if not unit then return list end
   local period = rawget(row, "period") or result.set.periods[#result.set.periods]
   for _, node in ipairs(result.spec.indicators) do
      local found = observation_at(db, node.id, unit, period)
      if found then list[#list + 1] = found end
   end
   return list
end

--- A question to the data, for people.
local function question_of(step)
   local values = {}
   for i = 1, step.values.n do values[i] = shown(step.values[i]) end
   -- The order of the rows says nothing of a figure.
   local sql = step.query and not step.query.row_limit
      and writer.render(writer.step(step.query, {orders = {}})) or step.sql
   return {line = step.line, sql = sql, values = values}
end

--- What the rows at the beginning of a cell are: adds queries, rows, records and observations to the answer.
local function end_of(answer, again, ends)
   local all, questions = {}, {}
   for _, ending in ipairs(ends) do
      local step = ending.step
      table.move(ending.rows, 1, #ending.rows, #all + 1, all)
      if step and step.sql and (#ending.rows > 0 or #ends == 1) then questions[#questions + 1] = question_of(step) end
      local subject = step and step.subject
      if type(subject) == "table" and getmetatable(subject) == "difkit.IndexResult" then
         answer.index = subject.spec.root.shown
         local row = ending.rows[1]
         if row and rawget(row, "unit") then
            answer.parts = subject:explain(row.unit, rawget(row, "period"))
               :select("node", "title", "score", "rank", "weight", "contribution", "raw", "state")
            answer.observations = observations_of(again.db, subject, row)
         end
      end
      answer.asked = answer.asked or ending.asked
   end
   answer.query, answer.queries = questions[1], questions
   answer.rows = #all
   answer.records = records_of(again.db, all)
   answer.observations = answer.observations or observations_in(again.db, all)
end

--- A figure that the script put down itself, in `row` of a table or alone: the table it may have counted.
local function by_hand(answer, again, before, value, names, row)
   local counted = math.type(value) == "integer" and lineage.counted(again.seen, before, value, names)
   if not counted then
      answer.by_hand, answer.records = true, records_of(again.db, {row})
      return
   end
   if counted.value then return end_of(answer, again, {{step = counted, rows = {}}}) end
   local t = counted.query and lineage.table_of(again.seen, counted.query) or counted.made
   local rows = table.move(t, 1, #t, 1, {})
   local passed, ends = lineage.follow(again.seen, t, rows)
   answer.counted = {line = counted.line, rows = #t}
   for _, step in ipairs(passed) do answer.steps[#answer.steps + 1] = step end
   end_of(answer, again, ends)
end

--- The ids of the records that go by this title: a script that writes titles asks by ids.
local function ids_of(db, title)
   local ids = {}
   for row in db:query([[SELECT id FROM document WHERE title = ?1 OR short_title = ?1 UNION ALL
      SELECT id FROM topic WHERE title = ?1 UNION ALL SELECT id FROM area WHERE title = ?1 UNION ALL
      SELECT id FROM unit WHERE title = ?1]], title) do
      ids[#ids + 1] = row.id
   end
   return ids
end

--- Adds to the answer where a cell (or a row, or the whole table) comes from.
local function trace_table(answer, again, t, row, column)
   local rows = row and {t[row]} or table.move(t, 1, #t, 1, {})
   local name = column and t.columns[column]
   local passed, ends = lineage.follow(again.seen, t, rows, name)
   answer.steps = passed
   local last = passed[#passed]
   if #ends == 1 and last and last.by_hand and row and name then
      local names = {name}
      for _, other in ipairs(t.columns) do
         local value = rawget(rows[1], other)
         if type(value) == "string" then
            names[#names + 1] = value
            for _, id in ipairs(ids_of(again.db, value)) do names[#names + 1] = id end
         end
      end
      local value = rawget(t[row], name)
      return by_hand(answer, again, last.n, value, names, rows[1])
   end
   end_of(answer, again, ends)
end

--- The answer for a word that names a part or a cell, or the id of a record of the data:
--- {place, title, said, now, steps, query, rows, records, observations, …}.
function why.answer(again, word)
   local file = again.file
   local found, message, hint = published.find(file.parts, word)
   if not found then
      local record = record_of(again.db, (word:gsub("^#", "")))
      if record then return {place = word, steps = {}, records = {record}, rows = 1} end
      core.raise("usage", file.path .. ": " .. message, hint)
   end
   local now = published.find(again.parts, word)
   local part = found.part
   local answer = {place = word, title = part.title, steps = {}, records = {},
      said = found.cell and found.cell.shown, now = now and now.cell and now.cell.shown}
   if found.row then answer.row = published.row_name(part.rows[found.row], found.row) end
   if found.column then answer.column = part.columns[found.column] end
   if not now then
      answer.gone = true
      return answer
   end
   local report = again.page.report
   if part.kind == "table" then
      local t
      if report then t = blocks_of(report, "table")[found.number].table
      else t = (again.page.tables or {})[found.number] or (again.page.tables or {})[1] end
      if t then
         trace_table(answer, again, t, now.row, now.column)
         audited.add(answer, t, now.row, function(...) return observation_at(again.db, ...) end)
      end
   elseif part.kind == "figure" and report then
      local figure = figure_of(report, found.number)
      by_hand(answer, again, #again.seen.steps + 1, figure.value, {figure.label})
   elseif part.kind == "chart" and report then
      local data = blocks_of(report, "chart")[found.number].chart.data
      if getmetatable(data) == "difkit.Query" then data = lineage.table_of(again.seen, data) end
      if tables.is_table(data) then trace_table(answer, again, data) end
   elseif part.kind == "note" and part.row_id then
      answer.records = {record_of(again.db, part.row_id)}
   end
   return answer
end

local RECORDS <const>, OBSERVATIONS <const> = 12, 40

--- What the cell is, and whether it still says so.
local function say_place(say, again, answer)
   local place = again.file.path .. ", " .. answer.place
   if answer.title and answer.title ~= "" then place = place .. (" “%s”"):format(answer.title) end
   if answer.row then place = place .. (", row “%s”"):format(answer.row) end
   if answer.column then place = place .. (", column “%s”"):format(answer.column) end
   say("%s%s", place, answer.said and ": " .. answer.said or "")
   if answer.gone then
      say "made again, it is no longer there"
   elseif answer.said and answer.now ~= answer.said then
      say("made again it is %s: the file no longer holds", answer.now)
   end
   for _, one in ipairs(again.files) do
      say("the script read %s, SHA-256 %s%s", one.name, one.sha256:sub(1, 16), one.now ~= one.sha256
         and ", which is another file now" or "")
   end
end

--- The lines of the script that made it.
local function say_steps(say, again, answer)
   if #answer.steps == 0 then return end
   local source = {}
   for line in (again.script.text .. "\n"):gmatch "(.-)\n" do source[#source + 1] = line end
   local function line_text(number)
      local text = number and source[number]
      return text and text:gsub("^%s+", "") or ""
   end
   say("\nmade by the script %s, last step first", again.script.name)
   for _, step in ipairs(answer.steps) do
      if not step.sql then
         say("   line %-4d %s", step.line or 0, step.call and call_text(step) or line_text(step.line))
      end
   end
   local begins = answer.steps[#answer.steps].line
   local first = line_text(begins)
   local several = answer.queries and #answer.queries > 1 -- whose lines are said below
   if first ~= "" and not several then say("   it begins in line %d: %s", begins, first) end
end

--- What was asked of the data, and by which figure of the script it was put down.
local function say_questions(say, answer)
   if answer.counted then
      say("\nthe figure is the number of rows of the table made in line %d", answer.counted.line)
   elseif answer.by_hand then
      say "\nthe script put this figure down itself; what it did with the data before, its lines show"
   end
   for _, query in ipairs(answer.queries or {}) do
      say("\nquestion to the data (line %d)", query.line)
      say("   %s", (query.sql:gsub("%s+", " ")))
      if #query.values > 0 then say("   with %s", table.concat(query.values, ", ")) end
   end
end

--- The parts of a score, and the observations behind it.
local function say_score(say, answer)
   if answer.parts then say("\n%s", (answer.parts:text():gsub("\n$", ""))) end
   if not answer.observations or #answer.observations == 0 then return end
   say "\nobservations"
   local files = {}
   for i, one in ipairs(answer.observations) do
      if i > OBSERVATIONS then
         say("   … and %d more; --json lists all", #answer.observations - OBSERVATIONS)
         break
      end
      local place = one.file and ("%s, %s"):format(one.file, one.place or "place unknown") or one.origin or "no place"
      if one.file and not files[one.file] then
         files[one.file] = true
         files[#files + 1] = one
      end
      say("   %s %s %s: %s%s  (%s%s)", one.indicator_id, one.unit_id, tostring(one.period),
         one.value and core.number_text(one.value) or "no value", one.flag and " [" .. one.flag .. "]" or "",
         place, (one.source and "; " .. one.source or "") .. (one.note and "; " .. one.note or ""))
   end
   for _, one in ipairs(files) do
      say("   %s: %s%s%sSHA-256 %s", one.file, one.file_title and one.file_title .. "; " or "",
         one.released and "released " .. one.released .. "; " or "", one.licence and one.licence .. "; " or "",
            one.sha256)
   end
end

--- The records of the data, with their words.
local function say_records(say, answer)
   if #answer.records == 0 then
      if answer.rows == 0 and not answer.query then say "\nno row of the data fits: there is nothing behind it" end
      return
   end
   say("\n%s", answer.rows and answer.rows > 1 and ("from %d rows of the data"):format(answer.rows) or "from")
   for i, record in ipairs(answer.records) do
      if i > RECORDS then
         say("   … and %d more; --json lists all", #answer.records - RECORDS)
         break
      end
      local line = record.line and (", source line %d"):format(record.line) or ""
      say("   %s  %s%s", record.id, record.place or "", line)
      for _, words in ipairs(core.wrap("“" .. record.words .. "”", 92)) do say("      %s", words) end
   end
end

--- The answer for people.
function why.text(again, answer)
   local lines = {}
   local function say(...) lines[#lines + 1] = (...):format(select(2, ...)) end
   say_place(say, again, answer)
   if not answer.gone then
      say_steps(say, again, answer)
      say_questions(say, answer)
      audited.say(say, answer)
      say_score(say, answer)
      say_records(say, answer)
   end
   return table.concat(lines, "\n")
end

--- The answer for programs.
function why.json(again, answer)
   local json, steps = require "difkit.format.json", {}
   for i, step in ipairs(answer.steps) do
      steps[i] = {line = step.line, call = not step.sql and call_text(step) or nil, sql = step.sql}
   end
   return json.encode({
      file = again.file.path, place = answer.place, title = answer.title, row = answer.row, column = answer.column,
      said = answer.said, now = answer.now, script = again.script.name, steps = json.array(steps), query = answer.query,
      rows = answer.rows, observations = answer.observations, records = json.array(answer.records),
      files = #again.files > 0 and json.array(again.files) or nil,
      queries = answer.queries and #answer.queries > 1 and answer.queries or nil,
   }, {indent = 2})
end

return why
