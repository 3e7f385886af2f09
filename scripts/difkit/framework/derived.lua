--- Progress along links: what the reports on one action say of another, by reviewed links. It is always shown as
--- derived, with its path, beside the reports and never among them.
local core = require "difkit.core"
local errors = require "difkit.error"
local judged = require "difkit.framework.judged"
local tables = require "difkit.table"

---@class difkit.Database
local Database = core.database

--- What a status of an action says of another, by the relation of the first to the second. What is not there says
--- nothing: an action dropped in one document may stand in another, and half of a whole may be any half.
local carried = {
   equal = {
      completed = "completed", partial = "partial", in_progress = "in_progress", delayed = "delayed",
      not_started = "not_started",
   },
   superset = {completed = "completed", not_started = "not_started"},
   subset = {completed = "partial", partial = "partial", in_progress = "in_progress"},
   intersects = {completed = "partial"},
   none = {},
}

local strength = {completed = 5, partial = 4, in_progress = 3, delayed = 2, not_started = 1}

--- Reviewed links from each action, seen from it: {id → {{relation, other}}}.
local function links_of(db)
   local out = {}
   local function add(from, relation, to)
      out[from] = out[from] or {}
      table.insert(out[from], {relation, to})
   end
   for row in db:query([[SELECT source_id, relation, target_id FROM link WHERE status = 'reviewed'
      ORDER BY source_id, target_id]]):rows() do
      add(row[1], row[2], row[3])
      add(row[3], judged.inverse(row[2]), row[1])
   end
   return out
end

--- The last report of each action and unit not later than the date; "" stands for the region.
local function reports_of(db, date)
   local list, own = {}, {}
   for row in db:query([[SELECT action_id, coalesce(unit_id, '') AS unit, status, as_of FROM progress WHERE as_of <= ?
      ORDER BY action_id, unit, as_of]], date) do
      local last = list[#list]
      if last and last.action_id == row.action_id and last.unit == row.unit then
         list[#list] = row
      else
         list[#list + 1] = row
      end
      own[row.unit .. "\0" .. row.action_id] = true
   end
   return list, own
end

--- Follows the links from a report as long as they say something; an action is passed again only when more is known of
--- it than before, so that circles end.
local function follow(links, report, take)
   local known = {[report.action_id] = math.huge}
   local queue = {{id = report.action_id, status = report.status, path = report.action_id}}
   local at = 1
   while queue[at] do
      local here = queue[at]
      at = at + 1
      for _, link in ipairs(links[here.id] or {}) do
         local status = (carried[link[1]] or {})[here.status]
         if status and strength[status] > (known[link[2]] or 0) then
            known[link[2]] = strength[status]
            local step = {id = link[2], status = status, path = ("%s %s %s"):format(here.path, link[1], link[2])}
            queue[#queue + 1] = step
            take(step)
         end
      end
   end
end

---What reports say of other actions, along reviewed links: completed of an action completes those that are equal or
---that it contains, and is partial for those that contain it or share a part; each step of a path weakens, none
---strengthens. Rows are of the unit that reported, and of the region only where the region did; actions on which the
---unit has reported itself are left out. `path` says how the status came about.
---
---```lua
---local with = assert(difkit.open{"@bundled", "examples/data/illustrative"})
---local row = with:derived_progress{as_of = "2025-12-31"}[1]
---print(row.derived, (row.path:find(row.from, 1, true))) --> true	1
---```
---@param options {as_of: string, document?: string, from?: string} `document`: of the actions derived; `from`: of those
---reported on
---@return difkit.Table columns id, unit, status, derived, from, reported, as_of, path
function Database:derived_progress(options)
   options = errors.options("db:derived_progress", options, {"as_of", "document", "from"})
   errors.check("db:derived_progress", "as_of", options.as_of, "string")
   local links, documents = links_of(self), {}
   for row in self:query("SELECT id, document_id FROM action"):rows() do documents[row[1]] = row[2] end
   local reports, own = reports_of(self, options.as_of)
   local best, order = {}, {}
   for _, report in ipairs(reports) do
      if not options.from or documents[report.action_id] == options.from then
         follow(links, report, function(step)
            local key = report.unit .. "\0" .. step.id
            if own[key] or options.document and documents[step.id] ~= options.document then return end
            if not best[key] then order[#order + 1] = key end
            if not best[key] or strength[step.status] > strength[best[key].status] then
               best[key] = {
                  id = step.id, unit = report.unit ~= "" and report.unit or nil, status = step.status, derived = true,
                  from = report.action_id, reported = report.status, as_of = report.as_of, path = step.path,
               }
            end
         end)
      end
   end
   table.sort(order, function(a, b)
      local x, y = best[a], best[b]
      if x.id ~= y.id then return x.id < y.id end
      return (x.unit or "") < (y.unit or "")
   end)
   local rows = {}
   for i, key in ipairs(order) do rows[i] = best[key] end
   local t = tables({"id", "unit", "status", "derived", "from", "reported", "as_of", "path"}, rows)
   t.title = "Derived along reviewed links, by " .. options.as_of
   t.note = "derived, not reported: no state has said this of these actions"
   return t
end

return carried
