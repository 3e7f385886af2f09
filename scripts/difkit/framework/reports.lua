--- What has been reported by a date, whose reports count, and what they come to.
---
--- What counts is the last record of an action and a unit not later than the date. A record that is withdrawn, or that
--- says that no answer was given, leaves nothing reported; one that says that the action does not concern a unit leaves
--- the unit among the members, and is told apart. A record later than the date is left out and counted.
---
--- Status of a report. It is `reported` as soon as it is there; `validated` when the reply of its unit in its round is
--- validated or endorsed, `endorsed` when it is endorsed. A report that belongs to no round is only reported.
---
--- Members. Those of the group asked for on the date; without one, of the group that all units of the framework have
--- belonged to (of several the first by id); where there is none, all units. Reports of others do not count.
---
--- What the reports of members come to. A missing report is no agreement: an action is `completed` only where as many
--- report completion as are needed (all members, where no target says how many), `dropped` only where all report so.
--- Else it has the status that those who report share, else `delayed` when any is delayed, else `in_progress`.
local errors = require "difkit.error"

local reports = {}

--- What the status of a report may be asked to be, and the SQL that holds it to it.
local levels = {
   reported = "1 = 1",
   validated = "(r.validated_by IS NOT NULL OR r.endorsed_by IS NOT NULL)",
   endorsed = "r.endorsed_by IS NOT NULL",
}

--- Records that say nothing of how far an action is.
local silent = {withdrawn = true, no_answer = true, not_applicable = true}
reports.silent = silent

--- The names of the options that `reports.asked` reads.
reports.options = {"as_of", "group", "status", "round"}

---@class difkit.ReportOptions
---@field as_of? string the date that counts; default: the round's date of reference, else `difkit.today()`
---@field group? string whose members are asked
---@field status? "reported"|"validated"|"endorsed" which reports count; default: reported
---@field round? string only what was known in this round: its date of reference counts, and no reply after its cut-off

--- The condition, in SQL over progress as p and reply as r, that a report has the status asked for.
function reports.counted(asked) return levels[asked.status] end

--- The date, the group, the status and the round that options ask for.
function reports.asked(db, call, options)
   local status = options.status or "reported"
   if not levels[status] then errors.unknown("status", status, {"reported", "validated", "endorsed"}, call) end
   local round
   if options.round ~= nil then
      local ids = require "difkit.framework.ids"
      local id = ids.resolve(db, call, "round", options.round)[1]
      round = db:query("SELECT id, title, reference, cut_off FROM round WHERE id = ?", id):one()
   end
   return {
      date = require("difkit.today")(options.as_of or round and round.reference), group = options.group,
      status = status, round = round,
   }
end

--- The SQL of the records that count but for their date, and its values.
local function counting(asked)
   local condition, values = levels[asked.status], {}
   if asked.round and asked.round.cut_off then
      condition = condition .. " AND (p.round_id IS NULL OR p.round_id <> ? OR r.received IS NULL OR r.received <= ?)"
      values = {asked.round.id, asked.round.cut_off}
   end
   return [[FROM progress AS p LEFT JOIN reply AS r ON r.round_id = p.round_id AND r.unit_id = p.unit_id
      WHERE ]] .. condition, values
end

--- action -> unit or false (the region) -> {status, as_of}: the last record of each, not later than the date.
function reports.last(db, asked)
   local from, values = counting(asked)
   values[#values + 1] = asked.date
   local records = {}
   for row in db:query("SELECT p.action_id, p.unit_id, p.status, p.as_of " .. from
      .. " AND p.as_of <= ? ORDER BY p.action_id, p.unit_id NULLS FIRST, p.as_of", table.unpack(values)):rows() do
      records[row[1]] = records[row[1]] or {}
      records[row[1]][row[2] or false] = {row[3], row[4]}
   end
   return records
end

---How many records are left out: `later`, dated after the date; `uncounted`, not of the status asked for, or received
---after the cut-off.
function reports.left_out(db, asked)
   local from, values = counting(asked)
   local all = db:query("SELECT count(*) FROM progress WHERE as_of <= ?", asked.date):value()
   values[#values + 1] = asked.date
   local counted = db:query("SELECT count(*) " .. from .. " AND p.as_of <= ?", table.unpack(values)):value()
   return {
      later = db:query("SELECT count(*) FROM progress WHERE as_of > ?", asked.date):value(),
      uncounted = all - counted,
   }
end

--- Which reports count where that is not all, and what was left out, in words, or nil.
function reports.note(db, asked)
   local out, parts = reports.left_out(db, asked), {}
   if asked.status ~= "reported" then parts[1] = "counted are reports that are " .. asked.status end
   local function add(n, what)
      if n > 0 then parts[#parts + 1] = ("%d report%s %s left out"):format(n, n == 1 and "" or "s", what) end
   end
   add(out.later, "dated after " .. asked.date)
   local why = {}
   if asked.status ~= "reported" then why[1] = "not " .. asked.status end
   if asked.round and asked.round.cut_off then why[#why + 1] = "after the cut-off" end
   add(out.uncounted, table.concat(why, " or "))
   local invented = require("difkit.illustrative").note(db)
   local out_of_it = #parts > 0 and table.concat(parts, ", ") or nil
   return invented and out_of_it and invented .. " " .. out_of_it or invented or out_of_it
end

--- The group that all units have belonged to, or nil.
function reports.whole(db)
   return db:query([[SELECT group_id FROM group_member GROUP BY group_id
      HAVING count(DISTINCT unit_id) = (SELECT count(*) FROM unit) ORDER BY group_id LIMIT 1]]):value()
end

--- The members on a date, as a list of ids: of a group, else of the one that holds all units, else all units.
function reports.members(db, group, date)
   group = group or reports.whole(db)
   return (group and db:units{group = group, on = date} or db:units()):list "id"
end

--- What the reports of members come to: status (nil where none says how far it is), date of the last, how many report
--- completion, how many report at all, to how many it does not apply. `need`: how many have to complete, nil for all.
function reports.joint(records, members, need)
   local shared, latest, delayed, completed, n, apart = nil, "", false, 0, 0, 0
   for _, unit in ipairs(members) do
      local record = records[unit]
      if record and record[1] == "not_applicable" then apart = apart + 1 end
      if record and not silent[record[1]] then
         n = n + 1
         if shared == nil then shared = record[1] elseif shared ~= record[1] then shared = false end
         delayed = delayed or record[1] == "delayed"
         if record[1] == "completed" then completed = completed + 1 end
         if record[2] > latest then latest = record[2] end
      end
   end
   local out = {completed = n > 0 and completed or nil, reporting = n > 0 and n or nil, apart = apart}
   if n == 0 then return out end
   if completed >= (need or #members) then shared = "completed"
   elseif shared == "completed" or shared == "dropped" and n < #members then shared = false end
   out.status = shared or (delayed and "delayed" or "in_progress")
   out.latest = latest
   return out
end

--- The report for the region beside those of members: status, date, by (`region` or `units`), and whether they
--- disagree. Where a target says how many members are needed, their count decides on completion, and the region's
--- report only where none of them reports. Where none does, the report for the region decides.
function reports.beside(joint, region, need)
   if region and silent[region[1]] then region = nil end
   if not region then return joint.status, joint.latest, joint.status and "units" or nil, false end
   local disagree = region[1] == "completed"
      and (need ~= nil and (joint.completed or 0) < need or joint.status ~= nil and joint.reporting > joint.completed)
      or region[1] ~= "completed" and joint.status == "completed"
   if not need or region[1] == "dropped" then return region[1], region[2], "region", disagree end
   if joint.status then return joint.status, joint.latest, "units", disagree end
   return region[1] == "completed" and "in_progress" or region[1], region[2], "region", disagree
end

return reports
