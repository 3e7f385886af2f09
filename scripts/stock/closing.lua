--- What became of a plan that has ended: each of its actions completed, carried over, discontinued, or unknown. Counted
--- are the reports of the last day of the document, by the members on that day. An action is carried over when a link
--- says that an action of a later document repeats it, inherits it, supersedes it or asks for the same; both texts
--- stand side by side. It is discontinued when it is reported as dropped; the reason is the evidence of that report.
--- Without a report of completion it is not completed at the end of the plan, and where nothing was reported, unknown.
---@script closing
---@option document document  The document that has ended.
---@option group group  Whose members are asked. Default: the group that holds all units.
---@option status choice(reported|validated|endorsed)=reported  Which reports count.
---@option only choice(completed|carried-over|discontinued|not-completed|unknown)...  Only these, separated by commas.
---@reads document, action, progress, target, link, unit
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if not options.document then return nil, "--document is missing: which plan has ended?", "usage" end
local document = db:document(options.document)
if not document.end_year then
   return nil, ("%s has no last year, so it has not ended"):format(document.id), "usage"
end
local last_day = ("%04d-12-31"):format(document.end_year)

local adopted = {}
for one in db:documents() do adopted[one.id] = one.adopted or tostring(one.start_year or "") end

--- action -> the action of a later document that takes it up.
local successors = {}
local function note(of, by, relation)
   local own, other = db:action(of), db:action(by)
   if own.document == document.id and other.document ~= document.id and adopted[other.document] > adopted[own.document]
      and not successors[of] then
      successors[of] = {other, relation}
   end
end
for link in db:links() do
   local takes_up = link.kind == "repeats" or link.kind == "inherits" or link.kind == "supersedes"
   if takes_up or link.relation == "equal" then
      note(link.target_id, link.source_id, link.kind or link.relation)
      if link.relation == "equal" then note(link.source_id, link.target_id, link.relation) end
   end
end

local reasons = {}
for row in db:query([[SELECT action_id, evidence FROM progress WHERE status = 'dropped' AND as_of <= ?
   ORDER BY action_id, as_of]], last_day) do reasons[row.action_id] = row.evidence end

local wanted = {}
for _, one in ipairs(options.only or {}) do wanted[(one:gsub("%-", " "))] = true end
local rows, count, members = {}, {}, 0
local actions = db:action_status{as_of = last_day, document = document.id, group = options.group,
   status = options.status}
for row in actions:rows() do
   local next_one = successors[row.id]
   local became = row.status == "completed" and "completed" or row.status == "dropped" and "discontinued"
      or next_one and "carried over" or row.status == "not_reported" and "unknown" or "not completed"
   count[became] = (count[became] or 0) + 1
   members = row.members
   if not next(wanted) or wanted[became] then
      rows[#rows + 1] = {row.id, became, ("completed by %d of %d"):format(row.completed or 0, row.members), row.text,
         became == "carried over" and next_one[1].id or nil, became == "carried over" and next_one[1].text or nil,
         became == "discontinued" and reasons[row.id] or nil}
   end
end
local parts = {}
for _, name in ipairs {"completed", "carried over", "discontinued", "not completed", "unknown"} do
   if count[name] then parts[#parts + 1] = ("%d %s"):format(count[name], name) end
end
local result = difkit.table({"id", "became", "completed", "text", "successor", "its text", "reason"}, rows)
result.title = ("%s at its end, %s"):format(document.title, last_day)
result.note = ("%s; %d members on that day"):format(table.concat(parts, ", "), members)
if actions.note then result.note = result.note .. "; " .. actions.note end
return result
