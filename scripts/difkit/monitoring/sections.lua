--- Sections of the periodic report about those who report: each member by itself, what is asked of laws and of
--- businesses, how complete reporting is. Each function gives a table, or nil and what there is to say instead.
local reports = require "difkit.framework.reports"
local tables = require "difkit.table"

local sections = {}

--- Titles of units by id.
function sections.titles(db)
   local titles = {}
   for unit in db:units() do titles[unit.id] = unit.title end
   return titles
end

--- Titles of units and indicators by id, for what is said of them in problems.
function sections.titled(db)
   local titles = sections.titles(db)
   for row in db:query "SELECT id, title FROM indicator" do titles[row.id] = row.title end
   return titles
end

---A row for each member that may be named: on how many actions it reports, how far these are, and its last report.
---@param db difkit.Database
---@param which table options of `db:unit_status`
---@param members string[] who may be named
---@return difkit.Table|nil
---@return string|nil said
function sections.states(db, which, members)
   local by_unit, any = {}, false
   for row in db:unit_status(which):rows() do
      local known = by_unit[row.unit] or {n = 0, overdue = 0, last = ""}
      by_unit[row.unit], any = known, true
      known.n = known.n + 1
      known[row.status] = (known[row.status] or 0) + 1
      if row.overdue then known.overdue = known.overdue + 1 end
      if row.reported > known.last then known.last = row.reported end
   end
   if not any then return nil, "No member state has reported." end
   local titles, rows = sections.titles(db), {}
   for i, unit in ipairs(members) do
      local known = by_unit[unit] or {n = 0, overdue = 0}
      rows[i] = {titles[unit], known.n, known.completed or 0, known.in_progress or 0, known.delayed or 0,
         known.not_started or 0, known.overdue, known.last}
   end
   return tables({"member state", "reports on", "completed", "in progress", "delayed", "not started", "overdue",
      "last report"}, rows)
end

local kinds = {
   {"law-reporting", "plan on laws"}, {"progress-reporting", "progress report"}, {"business-survey", "annual survey"},
}

--- Of how many members there are answers to the survey that an action asks for, and of which year the last are.
local function survey_status(db, action, members, date)
   local member, n, year = {}, 0, nil
   for _, unit in ipairs(members) do member[unit] = true end
   for row in db:query([[SELECT DISTINCT unit_id, period FROM (
         SELECT unit_id, period FROM observation WHERE indicator_id = 'survey.' || ? AND value IS NOT NULL
         UNION SELECT r.unit_id, r.period FROM respondent AS r JOIN response AS s ON s.survey_id = r.survey_id
            AND s.respondent_id = r.id JOIN question AS q ON q.survey_id = s.survey_id AND q.id = s.question_id
         WHERE q.action_id = ? AND s.missing IS NULL)
      WHERE unit_id IS NOT NULL AND period IS NOT NULL AND substr(period, 1, 4) <= ? ORDER BY period DESC]], action,
      action, date:sub(1, 4)):rows() do
      year = year or tostring(row[2]):sub(1, 4)
      if tostring(row[2]):sub(1, 4) == year and member[row[1]] then
         member[row[1]] = false
         n = n + 1
      end
   end
   return year and ("answers of %d of %d for %s"):format(n, #members, year) or "no answers"
end

---What the actions ask of laws, reports and businesses, and of how many members it is there.
---@param db difkit.Database
---@param status difkit.Table of `db:action_status`
---@param members string[]
---@param date string
---@return difkit.Table|nil
---@return string|nil said
function sections.laws(db, status, members, date)
   local by_id, rows = {}, {}
   for row in status:rows() do by_id[row.id] = row end
   for _, kind in ipairs(kinds) do
      for row in db:query([[SELECT action_id FROM coding WHERE scheme_id = 'monitoring' AND code_id = ?
         ORDER BY action_id]], kind[1]):rows() do
         local action = by_id[row[1]]
         if action then
            rows[#rows + 1] = {kind[2], action.text, kind[1] == "business-survey"
               and survey_status(db, row[1], members, date) or action.roll_up or "no report"}
         end
      end
   end
   if #rows == 0 then return nil, "No action asks for a plan on laws, a progress report or a survey." end
   return tables({"kind", "what is asked", "how far"}, rows)
end

---How complete reporting is: in the last round that has begun by the date, else over all reports. A sentence, and who
---has not answered, as titles.
---@param db difkit.Database
---@param which table options of `db:unit_status`
---@param members string[]
---@return string said
---@return string[] silent ids
function sections.completeness(db, which, members)
   local round = db:query([[SELECT id, title, reference FROM round WHERE reference <= ?
      ORDER BY reference DESC, id LIMIT 1]], which.as_of):one()
   local there, silent, n, validated, endorsed = {}, {}, 0, 0, 0
   if round then
      for row in db:query([[SELECT unit_id, validated_by, endorsed_by FROM reply WHERE round_id = ?
         AND received IS NOT NULL]], round.id) do
         there[row.unit_id] = true
         if row.endorsed_by then endorsed = endorsed + 1
         elseif row.validated_by then validated = validated + 1 end
      end
   else
      for row in db:unit_status(which):rows() do there[row.unit] = true end
   end
   for _, unit in ipairs(members) do
      if there[unit] then n = n + 1 else silent[#silent + 1] = unit end
   end
   if not round then return ("%d of %d member states have reported on anything."):format(n, #members), silent end
   return ("In the round “%s”, as of %s, %d of %d member states have answered; %d replies are validated, %d endorsed.")
      :format(round.title, round.reference, n, #members, validated, endorsed), silent
end

--- The ranks of an index before and now, of the units that have both: a table for difkit.chart.bump.
function sections.moved(moves, titles)
   local rows = {}
   for _, when in ipairs {"before", "now"} do
      for row in moves:rows() do
         if row.rank and row.rank_before then
            rows[#rows + 1] = {titles[row.unit] or row.unit, when, when == "now" and row.rank or row.rank_before}
         end
      end
   end
   return tables({"unit", "when", "rank"}, rows)
end

--- The members of the framework on a date.
function sections.members(db, date) return reports.members(db, nil, date) end

return sections
