--- Who has answered in a round of reporting, and what: a row for each member on the day of reference. `answers` counts
--- the actions answered for in the round, `no answer` those whose status was left empty, `figures` and `questions`
--- (where any came) the values and the answers to surveys. `stands` is how far the reply
--- is: nothing asked, asked, received, validated, endorsed. Replies come in by `difkit take`.
---@script completeness
---@option round round  The round. Default: the last by its day of reference.
---@option group group  Whose members are asked. Default: the group that holds all units.
---@option missing boolean  Only those that have not answered.
---@reads round, reply, progress, observation, respondent, response, unit
---@writes nothing
local difkit = require "difkit"
local reports = require("difkit.monitoring").reports
local options = difkit.options()
local db = assert(difkit.open())

local round = db:query("SELECT id, title, reference, cut_off FROM round WHERE id = ?", options.round or
   db:query("SELECT id FROM round ORDER BY reference DESC, id LIMIT 1"):value()):one()
if not round then
   return nil, "the data have no round of reporting; rounds are defined under rounds: in YAML", "usage"
end

local titles, replies, counts = {}, {}, {}
for unit in db:units() do titles[unit.id] = unit.title end
for row in db:query([[SELECT unit_id, asked, received, answered_by, validated_by, endorsed_by FROM reply
   WHERE round_id = ?]], round.id) do replies[row.unit_id] = row end
for row in db:query([[SELECT unit_id, status, count(*) AS n FROM progress WHERE round_id = ? AND unit_id IS NOT NULL
   GROUP BY unit_id, status]], round.id) do
   local known = counts[row.unit_id] or {answers = 0, none = 0}
   counts[row.unit_id] = known
   if row.status == "no_answer" then known.none = known.none + row.n else known.answers = known.answers + row.n end
end

--- Figures and answers to surveys that came by the sheets of the round: unit -> how many.
local function came(sql)
   local found = {}
   for row in db:query(sql, round.id):rows() do found[row[1]] = row[2] end
   return next(found) and found
end
local figures = came [[SELECT unit_id, count(*) FROM observation WHERE value IS NOT NULL
   AND source LIKE '%sheet ' || ? || '-' || unit_id || '-%' GROUP BY unit_id]]
local surveys = came [[SELECT r.unit_id, count(*) FROM respondent AS r JOIN response AS s ON s.survey_id = r.survey_id
   AND s.respondent_id = r.id WHERE s.missing IS NULL AND r.id = r.unit_id || '-' || ? GROUP BY r.unit_id]]

local rows, answered = {}, 0
local members = reports.members(db, options.group, round.reference)
for _, unit in ipairs(members) do
   local reply, n = replies[unit] or {}, counts[unit] or {answers = 0, none = 0}
   local stands = reply.endorsed_by and "endorsed" or reply.validated_by and "validated"
      or reply.received and "received" or reply.asked and "asked" or "not asked"
   local late = reply.received and round.cut_off and reply.received > round.cut_off and "after the cut-off" or nil
   if reply.received then answered = answered + 1 end
   if not (options.missing and reply.received) then
      rows[#rows + 1] = {titles[unit], stands, reply.asked, reply.received, reply.answered_by, n.answers, n.none, late,
         figures and figures[unit] or 0, surveys and surveys[unit] or 0}
   end
end
local result = difkit.table({"unit", "stands", "asked", "received", "answered by", "answers", "no answer", "late",
   "figures", "questions"}, rows)
if not figures then result = result:drop "figures" end
if not surveys then result = result:drop "questions" end
result.title = ("%s, as of %s"):format(round.title, round.reference)
result.note = ("%d of %d have answered"):format(answered, #members)
return result
