--- Law-reporting schemes and national plans: which action asks for one, how far each member state is, and its laws.
--- The actions are those coded law-reporting in the scheme `monitoring`, and those that a law of the register names. A
--- cell is the last report of the state that is not later than --as-of, then how many of its laws the register has;
--- empty, there is neither. `plans` counts the states that report completion, `laws` all laws that are not repealed.
--- The bundled framework holds no reports and no laws; examples/data/illustrative and registers have invented ones.
---@script laws
---@option as-of date  The date that counts. Default: SOURCE_DATE_EPOCH, else today.
---@option scheme-code text=law-reporting  Another code of the scheme, such as progress-reporting.
---@option round round  What was known in this round of reporting: its date of reference counts.
---@option status choice(reported|validated|endorsed)=reported  Which reports count.
---@option group group  Only the members of this group on the date, such as ASEAN. Default: all units.
---@option unit unit  Only this member state.
---@option disclosure choice(regional|own|full)=full  Of whom it speaks: of no single state, of --unit alone, of all.
---@option list boolean  One row an action and state instead, with evidence and source.
---@reads action, coding, progress, unit, law
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local monitoring = require "difkit.monitoring"
local disclosure = monitoring.disclosure
local allowed, refusal, reason = disclosure.of(options, "full")
if not allowed then return nil, refusal, reason end
local which = {as_of = options.as_of, status = options.status, round = options.round}
local asked = monitoring.reports.asked(db, "laws", which)
local date = asked.date
local ids = {}
local coded = "SELECT action_id FROM coding WHERE scheme_id = 'monitoring' AND code_id = ?"
for row in db:query(coded, options.scheme_code) do
   ids[#ids + 1] = row.action_id
end
local laws = {} -- of the register: action -> unit -> list of laws
if difkit.registers.has(db, "law") then
   local coded_ids = {}
   for _, id in ipairs(ids) do coded_ids[id] = true end
   for law in db:from "law":where("status", "!=", "repealed"):order("action_id", "unit_id", "id") do
      local action = law.action_id
      if action and not (law.date and law.date > date) then
         if not coded_ids[action] and options.scheme_code == "law-reporting" then
            ids[#ids + 1], coded_ids[action] = action, true
         end
         laws[action] = laws[action] or {}
         laws[action][law.unit_id] = laws[action][law.unit_id] or {}
         table.insert(laws[action][law.unit_id], law)
      end
   end
end
if #ids == 0 then
   return nil, ('no action is coded "%s" in the scheme monitoring'):format(options.scheme_code), "usage"
end

if options.list then
   local counted = monitoring.reports.counted(asked)
   local list = db:query([[SELECT p.action_id AS id, u.title AS unit, p.status, p.as_of, p.evidence, p.source
      FROM progress AS p JOIN coding AS c ON c.action_id = p.action_id AND c.scheme_id = 'monitoring' AND c.code_id = ?
      JOIN unit AS u ON u.id = p.unit_id LEFT JOIN reply AS r ON r.round_id = p.round_id AND r.unit_id = p.unit_id
      WHERE p.as_of <= ? AND ]] .. counted .. [[ ORDER BY p.action_id, u.title, p.as_of]], options.scheme_code,
      date):table()
   local named = {}
   for _, unit in ipairs(disclosure.units(allowed, db:units():list "id")) do
      named[db:query("SELECT title FROM unit WHERE id = ?", unit):value()] = not allowed.counts_only
   end
   local rows = {}
   for row in list:rows() do rows[#rows + 1] = {row.id, row.unit, row.status, row.as_of, row.evidence, row.source} end
   for _, id in ipairs(ids) do
      for unit, found in difkit.sorted(laws[id] or {}) do
         local title = db:query("SELECT title FROM unit WHERE id = ?", unit):value()
         for _, law in ipairs(found) do
            local text = law.article and ("%s, %s"):format(law.title, law.article) or law.title
            rows[#rows + 1] = {id, title, law.status, law.date, text, law.address}
         end
      end
   end
   list = difkit.table({"id", "unit", "status", "as_of", "evidence", "source"}, rows)
      :where(function(row) return named[row.unit] end):sort("id", "unit")
   list.title = ("Reports of member states by %s"):format(date)
   list.note = allowed.counts_only and disclosure.left_out or monitoring.reports.note(db, asked)
   return list
end

local units = (options.group and db:units{group = options.group, on = date} or db:units()):list "id"
local reported = {}
which.id = ids
for row in db:unit_status(which):rows() do
   reported[row.id] = reported[row.id] or {}
   reported[row.id][row.unit] = row.status
end

--- What there is of a state for an action: its report, and how many laws.
local function there(action, unit)
   local status, count = (reported[action] or {})[unit], #((laws[action] or {})[unit] or {})
   local said = count > 0 and ("%d law%s"):format(count, count == 1 and "" or "s") or nil
   if status and said then return status:gsub("_", " ") .. "; " .. said end
   return status and status:gsub("_", " ") or said
end

local register = next(laws) ~= nil
local columns, rows = {"id", "topic", "plans", register and "laws" or nil}, {}
local first = #columns
local shown = allowed.counts_only and {} or disclosure.units(allowed, units)
for i, unit in ipairs(shown) do columns[first + i] = unit end
for action in db:actions{id = ids} do
   local row, plans, count = {action.id, action.topic_title}, 0, 0
   for _, unit in ipairs(units) do
      if (reported[action.id] or {})[unit] == "completed" then plans = plans + 1 end
      count = count + #((laws[action.id] or {})[unit] or {})
   end
   for i, unit in ipairs(shown) do row[first + i] = there(action.id, unit) end
   row[3] = plans
   if register then row[4] = count end
   rows[#rows + 1] = row
end
local result = difkit.table(columns, rows)
result.title = ("Plans that member states hand in, by %s"):format(date)
result.note = ("%d actions ask for them, of %d states%s"):format(#rows, #units,
   allowed.counts_only and ". " .. disclosure.left_out or "")
local left_out = monitoring.reports.note(db, asked)
if left_out then result.note = result.note .. "; " .. left_out end
return result
