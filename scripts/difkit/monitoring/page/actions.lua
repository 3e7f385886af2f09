--- The page of a sheet that asks how far actions are. A page of a sheet, of which there are three kinds, has
---   name, columns, key         of the workbook's page, its headings, and the heading that it is known by beside id
---   open(db, given)            what is asked: rows {id, words, cells, choices}
---   lists                      column -> what can be chosen in all of its cells, listed at the foot
---   known(db, given)           what may be asked, by id
---   words(db, id)              what an id stands for, for the digest
---   read(cell, context)        what a row says: an answer; or nil, the column that is wrong, and what
---   line(answer)               the answer in a line, for the digest
---   before(db, found)          what was answered before in this round: id -> the answer in words
---   said(answer)               the answer in words
---   yaml(found, answers, add)  the answers as YAML; add(heading, {{key, value}, …})
---   add(db, found, answers)    the answers into a database
local core = require "difkit.core"
local dates = require "difkit.date"

local actions = {kind = "actions", name = "Answers", key = "status"}

--- What a status is called on a sheet, in the order of the list.
local statuses = {
   {"not_started", "not started"}, {"in_progress", "in progress"}, {"completed", "completed"}, {"delayed", "delayed"},
   {"dropped", "dropped"}, {"not_applicable", "does not concern us"}, {"withdrawn", "earlier report withdrawn"},
   {"no_answer", "no answer"},
}

actions.columns = {"id", "what is asked", "last answer", "of", "status", "date", "evidence", "remark"}
actions.lists = {status = {}}
for i, one in ipairs(statuses) do actions.lists.status[i] = one[2] end

local function called(status)
   for _, one in ipairs(statuses) do
      if one[1] == status then return one[2] end
   end
end

--- The open actions that a unit is asked about: those that it has not reported as completed or dropped, and that are
--- not coded as a matter of the region alone.
function actions.open(db, given)
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
         open[#open + 1] = {id = action.id, cells = {["what is asked"] = action.text, of = known and known.reported,
            ["last answer"] = known and called(known.status)}}
      end
   end
   return open
end

function actions.known(db)
   local known = {}
   for row in db:query("SELECT id FROM action"):rows() do known[row[1]] = true end
   return known
end

actions.unknown = "is no action of this framework"

function actions.words(db, id) return db:query("SELECT text FROM action WHERE id = ?", id):value() end

--- What a word on a sheet means: the words of the list, those of the data, and what offices write.
local function status_of(text)
   local word = core.lower(text):gsub("%s+", " ")
   for _, one in ipairs(statuses) do
      if word == one[2] or word == one[1] then return one[1] end
   end
   if word == "n/a" or word == "not applicable" then return "not_applicable" end
   return require("difkit.import.kind.progress").status(word)
end

--- What shows it, and what was remarked besides.
local function joined(evidence, remark)
   return evidence and remark and evidence .. "; " .. remark or evidence or remark
end

--- A number as it is said on a sheet: whole numbers without a point.
function actions.number(value) return core.number_text(math.tointeger(value) or value) end

--- That a number is out of bounds, for the other pages.
function actions.outside(said, bounds)
   local function shown(value) return value and actions.number(value) or "–" end
   return ("%s is not between %s and %s"):format(said, shown(bounds.lower), shown(bounds.upper))
end

function actions.read(cell, context)
   local said, day = cell "status", cell "date"
   local answer = {evidence = joined(cell "evidence", cell "remark")}
   answer.status = said and status_of(said) or not said and "no_answer" or nil
   answer.date = day and select(3, dates.parse(day)) and day or not day and context.reference or nil
   if not answer.status then
      return nil, "status", ('"%s" is no status; have not started, in progress, completed, delayed, dropped, does not '
         .. "concern us"):format(said)
   elseif not answer.date then
      return nil, "date", ('"%s" is no day such as 2026-03-31'):format(day)
   elseif not said and answer.evidence then
      return nil, "status", "evidence without a status"
   end
   if answer.date > context.reference then
      context.warn("id", ("dated after %s, which is left out where reports are counted"):format(context.reference))
   end
   return answer
end

function actions.line(answer)
   return table.concat({answer.id, answer.status, answer.date, answer.evidence or ""}, "\t")
end

function actions.said(answer) return answer.status end

function actions.before(db, found)
   local before = {}
   for row in db:query([[SELECT action_id, status FROM progress WHERE unit_id = ? AND round_id = ?
      ORDER BY action_id, as_of]], found.unit, found.round.id):rows() do before[row[1]] = row[2] end
   return before
end

function actions.yaml(found, answers, add)
   local records = {}
   for i, one in ipairs(answers) do
      records[i] = {{"action", one.id}, {"unit", found.unit}, {"as_of", one.date}, {"status", one.status},
         {"evidence", one.evidence}, {"source", found.source}, {"round", found.round.id}, {"answered_by", found.by},
         {"answered_on", found.on}}
   end
   add("progress", records)
end

function actions.add(db, found, answers)
   for _, one in ipairs(answers) do
      db:exec([[INSERT INTO progress (action_id, unit_id, as_of, status, evidence, source, round_id, answered_by,
         answered_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)]], one.id, found.unit, one.date, one.status, one.evidence,
         found.source, found.round.id, found.by, found.on)
   end
end

return actions
