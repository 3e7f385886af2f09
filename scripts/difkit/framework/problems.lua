--- What does not fit together in data that load: values outside their bounds, the region and its members that do not
--- report alike, links whose words have changed. What the loader refuses never comes so far. A report dated after the
--- date is no problem: it is left out, and counted where reports are.
local core = require "difkit.core"
local stale_links = require "difkit.framework.stale"

---@class difkit.Database
local Database = core.database

--- What is out of bounds, from the value and the bounds.
local function beyond(value, lower, upper)
   local function text(bound) return bound and core.number_text(bound) or "…" end
   return ("%s is not within %s to %s"):format(core.number_text(value), text(lower), text(upper))
end

--- Each: severity, what is wrong, and SQL that gives id, text and place; `?` is the date. Then what
--- makes the text of the columns from the second on.
local checks = {
   {"error", "observation outside the bounds of its indicator", [[
      SELECT o.indicator_id || '/' || o.unit_id || '/' || o.period,
         o.value, o.origin, i.lower, i.upper
      FROM observation AS o JOIN indicator AS i ON i.id = o.indicator_id
      WHERE o.value < i.lower OR o.value > i.upper ORDER BY 1]], beyond},
   {"warning", "completed before, and later not", [[
      SELECT p.action_id || coalesce('/' || p.unit_id, ''), p.status || ' as of ' || p.as_of, p.origin
      FROM progress AS p
      WHERE p.status NOT IN ('completed', 'dropped', 'withdrawn', 'no_answer') AND p.as_of <= ?
         AND EXISTS (SELECT 1 FROM progress AS q
         WHERE q.action_id = p.action_id AND (q.unit_id = p.unit_id OR q.unit_id IS NULL AND p.unit_id IS NULL)
         AND q.as_of < p.as_of AND q.status = 'completed')
      ORDER BY p.action_id, p.unit_id NULLS FIRST, p.as_of]]},
   {"warning", "report without a source", [[
      SELECT action_id || coalesce('/' || unit_id, ''), status || ' as of ' || as_of, origin FROM progress
      WHERE source IS NULL AND as_of <= ? ORDER BY action_id, unit_id NULLS FIRST, as_of]]},
   {"warning", "indicator without any observation", [[
      SELECT id, title, origin FROM indicator WHERE id NOT IN
         (SELECT DISTINCT indicator_id FROM observation) ORDER BY id]]},
}

---What does not fit together in the data: columns `severity` (`error` or `warning`), `problem`, `id`, `what`, `place`
---(file and line). Errors: observations outside the bounds of their indicator. Warnings: what was completed and is not
---later, reports without a source, indicators without observations, a report for the region that the count of members
---does not bear out, links whose words have changed since they were judged.
---
---```lua
---print(#db:problems "2026-03-31":where{severity = "error"}) --> 0
---```
---@param date? string default `difkit.today()`
---@return difkit.Table
function Database:problems(date)
   date = require("difkit.today")(date)
   local rows = {}
   local function add(...) rows[#rows + 1] = {...} end
   for _, check in ipairs(checks) do
      local dates = check[3]:find("?", 1, true) and {date} or {}
      for row in self:query(check[3], table.unpack(dates)):rows() do
         add(check[1], check[2], row[1], check[4] and check[4](row[2], row[4], row[5]) or row[2], row[3])
      end
   end
   for row in self:action_status{as_of = date}:where{conflict = true}:rows() do
      local region = self:query([[SELECT status, origin FROM progress WHERE action_id = ? AND unit_id IS NULL
         AND as_of <= ? ORDER BY as_of DESC LIMIT 1]], row.id, date):one()
      add("warning", "the region and the members do not report alike", row.id, ("the region: %s; %s"):format(
         (region.status:gsub("_", " ")), row.roll_up or ("completed by 0 of %d"):format(row.members)), region.origin)
   end
   for _, link in ipairs(stale_links(self)) do
      local changed = link.changed == "both" and link.source .. ", " .. link.target or link[link.changed]
      add("warning", "words changed since the link was judged", link.source .. "/" .. link.target, changed, link.place)
   end
   return require("difkit.table")({"severity", "problem", "id", "what", "place"}, rows)
end

return checks
