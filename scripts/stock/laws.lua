--- Law-reporting schemes and national plans: which action asks for one, and how far each member state is.
--- The actions are those coded law-reporting in the scheme `monitoring`. A cell is the last report of the state that is
--- not later than --as-of; empty, it has reported nothing. `plans` counts the states that report completion.
--- The bundled framework holds no reports; examples/data/illustrative has invented ones.
---@script laws
---@option as-of date  The date that counts. Default: SOURCE_DATE_EPOCH, else today.
---@option scheme-code text=law-reporting  Another code of the scheme, such as progress-reporting.
---@option group group  Only the members of this group on the date, such as ASEAN. Default: all units.
---@option unit unit  Only this member state.
---@option disclosure choice(regional|own|full)=full  Of whom it speaks: of no single state, of --unit alone, of all.
---@option list boolean  One row an action and state instead, with evidence and source.
---@reads action, coding, progress, unit
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local monitoring = require "difkit.monitoring"
local disclosure = monitoring.disclosure
local allowed, refusal, reason = disclosure.of(options, "full")
if not allowed then return nil, refusal, reason end
local date = difkit.today(options.as_of)
local ids = {}
local coded = "SELECT action_id FROM coding WHERE scheme_id = 'monitoring' AND code_id = ?"
for row in db:query(coded, options.scheme_code) do
   ids[#ids + 1] = row.action_id
end
if #ids == 0 then
   return nil, ('no action is coded "%s" in the scheme monitoring'):format(options.scheme_code), "usage"
end

if options.list then
   local list = db:query([[SELECT p.action_id AS id, u.title AS unit, p.status, p.as_of, p.evidence, p.source
      FROM progress AS p JOIN coding AS c ON c.action_id = p.action_id AND c.scheme_id = 'monitoring' AND c.code_id = ?
      JOIN unit AS u ON u.id = p.unit_id WHERE p.as_of <= ? ORDER BY p.action_id, u.title, p.as_of]],
      options.scheme_code, date):table()
   local named = {}
   for _, unit in ipairs(disclosure.units(allowed, db:units():list "id")) do
      named[db:query("SELECT title FROM unit WHERE id = ?", unit):value()] = not allowed.counts_only
   end
   list = list:where(function(row) return named[row.unit] end)
   list.title = ("Reports of member states by %s"):format(date)
   list.note = allowed.counts_only and disclosure.left_out or nil
   return list
end

local units = (options.group and db:units{group = options.group, on = date} or db:units()):list "id"
local reported = {}
for row in db:unit_status{id = ids, as_of = date}:rows() do
   reported[row.id] = reported[row.id] or {}
   reported[row.id][row.unit] = row.status
end

local columns, rows = {"id", "topic", "plans"}, {}
local shown = allowed.counts_only and {} or disclosure.units(allowed, units)
for i, unit in ipairs(shown) do columns[3 + i] = unit end
for action in db:actions{id = ids} do
   local row, plans = {action.id, action.topic_title, 0}, 0
   for _, unit in ipairs(units) do
      if (reported[action.id] or {})[unit] == "completed" then plans = plans + 1 end
   end
   for i, unit in ipairs(shown) do
      local status = (reported[action.id] or {})[unit]
      row[3 + i] = status and status:gsub("_", " ") or nil
   end
   row[3] = plans
   rows[#rows + 1] = row
end
local result = difkit.table(columns, rows)
result.title = ("Plans that member states hand in, by %s"):format(date)
result.note = ("%d actions ask for them, of %d states%s"):format(#rows, #units,
   allowed.counts_only and ". " .. disclosure.left_out or "")
return result
