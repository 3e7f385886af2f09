--- How the scores and ranks of an index moved between two states of the data, and what moved them.
local define = require "difkit.index.define"
local tables = require "difkit.table"

---@class difkit.index
local movement = {}

--- What can have moved a score: the columns of `why`, and what is left when the period that is computed is another.
local causes = {"new_data", "revised_data", "roster", "method", "period"}
movement.causes = causes

local egdi = {
   id = "egdi", title = "E-Government Development Index", units = "ASEAN",
   source = "computed from the components published by UN DESA, United Nations E-Government Survey",
   children = {"osi", "tii", "hci"}, normalise = "none", aggregate = "arithmetic",
}

---The index that is followed where none is named: a copy of the spec of the E-Government Development Index. With a
---database: nil when it has no observations of each of the components.
---
---```lua
---print(difkit.index.carried(db).id) --> egdi
---```
---@param data? difkit.Database
---@return table|nil spec
function movement.carried(data)
   local needed = #egdi.children
   if data and data:query([[SELECT count(DISTINCT indicator_id) FROM observation
      WHERE indicator_id IN ('osi', 'tii', 'hci')]]):value() ~= needed then
      return nil
   end
   local copy = {}
   for key, value in pairs(egdi) do copy[key] = type(value) == "table" and {table.unpack(value)} or value end
   return copy
end

--- The last period for which enough units have every indicator, and later ones that have arrived in part: {period,
--- units, of}. Enough is a share of the units of the fullest period. Nil where the index says which periods it
--- computes.
local function settled(followed, data, share)
   if followed.spec.root.periods then return nil, {} end
   local names, marks = {}, {}
   for i, node in ipairs(followed.spec.indicators) do names[i], marks[i] = node.source, "?" end
   local periods, found = {}, {}
   for row in data:query(([[SELECT period, unit_id, count(DISTINCT indicator_id) FROM observation
      WHERE value IS NOT NULL AND indicator_id IN (%s) GROUP BY period, unit_id]]):format(table.concat(marks, ", ")),
      table.unpack(names)):rows() do
      local known = found[row[1]]
      if not known then
         known = {any = 0, all = 0}
         found[row[1]], periods[#periods + 1] = known, row[1]
      end
      known.any = known.any + 1
      if row[3] == #names then known.all = known.all + 1 end
   end
   table.sort(periods, require("difkit.period").before)
   local fullest, last, partly = 0, nil, {}
   for _, one in ipairs(periods) do fullest = math.max(fullest, found[one].all) end
   for i = #periods, 1, -1 do
      local one = periods[i]
      if fullest > 0 and found[one].all >= share * fullest then
         last = one
         break
      end
      table.insert(partly, 1, {period = one, units = found[one].any, of = fullest})
   end
   return last, last and partly or {}
end

--- The result, or nil and what the data lack. Anything else that goes wrong is raised.
local function computed(followed, data)
   local done, made, message = pcall(followed.compute, followed, data)
   if done then return made, message end
   if type(made) ~= "table" or made.code ~= "usage" and made.code ~= "data" then error(made, 0) end
   return nil, made.message
end

--- Rank and score of each unit in the last period, and the units in the order of their ranks.
local function standings(made)
   local by_unit, order = {}, {}
   for _, row in ipairs(made and made:ranks() or {}) do
      if #made.set.periods == 1 or row.period == made.set.periods[#made.set.periods] then
         by_unit[row.unit] = row
         order[#order + 1] = row.unit
      end
   end
   return by_unit, order
end

local function last_period(made)
   return made and not made.set.timeless and made.set.periods[#made.set.periods] or nil
end

--- unit -> what moved its score, for the period that the earlier data end with.
local function causes_of(followed, before, after, data)
   local period, by_unit = last_period(before), {}
   local same = period == last_period(after) and after
   if not same then
      for _, other in ipairs(after.set.periods) do
         if other == period then same = after end
      end
   end
   same = same or computed(followed:variant{periods = {period}}, data)
   if same then
      for row in same:why(before, period):rows() do by_unit[row.unit] = row end
   end
   return by_unit
end

--- `why(unit)` gives what moved a score; it is asked only where one did.
local function one_row(unit, old, new, why, tolerance)
   local row = {
      unit = unit, rank = new and new.rank, score = new and new.score,
      rank_before = old and old.rank, score_before = old and old.score,
   }
   if not (row.score or row.score_before) then return row, "same" end
   if not row.score_before then return row, "new" end
   if not row.score then return row, "gone" end
   row.rank_change, row.change = row.rank_before - row.rank, row.score - row.score_before
   if math.abs(row.change) <= tolerance then row.change = 0 end
   if row.rank_change == 0 and row.change == 0 then return row, "same" end
   if row.change ~= 0 then
      local left, parts = row.change, why(unit)
      for _, cause in ipairs(causes) do
         local part = cause == "period" and left or parts[cause] or 0
         row[cause] = math.abs(part) > tolerance and part or 0
         left = left - part
      end
   end
   return row, "moved"
end

---How scores and ranks moved from one state of the data to another: a row for each unit, best first, those that are
---gone last. `state` is `moved`, `new` (it had no score), `gone` (it has none any more) or `same`; `rank_change` counts
---the ranks gained; the last five columns split the `change` of the score by what moved it, as `IndexResult:why` does:
---new data, revised data, roster, method, and the rest, `period`, when a later period is computed. Earlier data without
---the indicators have no scores: every unit is new, and the note says so; without earlier data it is new, too. What
---cannot be computed from the new data gives nil, a message and a code.
---
---```lua
---local old, new = difkit.open(), difkit.open(nil, {write = true})
---new:exec "UPDATE observation SET value = 0.8 WHERE indicator_id = 'osi' AND unit_id = 'VNM' AND period = 2022"
---local row = difkit.index.movement(old, new):where{unit = "VNM"}[1]
---print(row.state, row.rank_before, row.rank, ("%.4f %.4f"):format(row.change, row.revised_data))
-----> moved	6	4	0.0505 0.0505
---```
---@param old difkit.Database|nil
---@param new difkit.Database
---@param given? difkit.Index|table|string an index, a spec, or the path of one; default: what `carried` gives
---@param options? {share?: number} share: computes the last period for which this share of the units of the fullest one
---has every indicator, instead of the last of all; what has arrived of later ones stands in `note`
---@return difkit.Table|nil
---@return string|nil message
---@return string|nil code
function movement.movement(old, new, given, options)
   local share = require("difkit.error").options("index.movement", options, {"share"}).share
   given = given or movement.carried(new) or movement.carried()
   local followed = given
   if getmetatable(given) ~= "difkit.Index" then
      local message, code
      followed, message, code = define.new(given)
      if not followed then return nil, message, code end
   end
   local function of_period(data)
      local period = share and settled(followed, data, share)
      return period and followed:variant{periods = {period}} or followed
   end
   local after, problem = computed(of_period(new), new)
   if not after then return nil, problem, "data" end
   local before, lack
   if old then before, lack = computed(of_period(old), old) end
   local was, was_order = standings(before)
   local is, order = standings(after)
   for _, unit in ipairs(was_order) do
      if not is[unit] then order[#order + 1] = unit end
   end
   local found
   local function why(unit)
      found = found or causes_of(followed, before, after, new)
      return found[unit] or {}
   end
   local rows = {}
   for i, unit in ipairs(order) do
      local row, state = one_row(unit, was[unit], is[unit], why, after.spec.root.tolerance)
      row.state = state
      rows[i] = row
   end
   local t = tables.new({"unit", "state", "rank_before", "rank", "rank_change", "score_before", "score", "change",
      table.unpack(causes)}, rows)
   t.title, t.note, t.source = after.spec.root.shown, after:ranks().note, after.spec.root.source
   local from, to = last_period(before), last_period(after)
   if from and from ~= to then t.note = ("%s. before: period %s"):format(t.note, from) end
   for _, one in ipairs(share and select(2, settled(followed, new, share)) or {}) do
      t.note = ("%s. of %s, values of %d of %d units have arrived"):format(t.note, one.period, one.units, one.of)
   end
   if lack then t.note = ("%s. the earlier data have no scores: %s"):format(t.note, lack) end
   return t
end

--- The ranks of the period that `share` settles on, with what they lie between when the weights are drawn a quarter
--- higher or lower (300 times, the same each time): a table for difkit.chart.dots. Nil where there are no scores.
function movement.intervals(given, data, share)
   local followed = getmetatable(given) == "difkit.Index" and given or define.new(given)
   if not followed then return nil end
   local period = settled(followed, data, share)
   local result = computed(period and followed:variant{periods = {period}} or followed, data)
   if not result then return nil end
   local done, robust = pcall(result.robustness, result, {runs = 300, seed = 1, weights = 0.25})
   return done and robust or nil
end

--- What has arrived in part of periods later than the one that `share` settles on: rows {period, units, of}.
function movement.partly(given, data, share)
   local followed = given
   if getmetatable(given) ~= "difkit.Index" then followed = define.new(given) end
   return followed and select(2, settled(followed, data, share)) or {}
end

--- What moved a unit, in a few words: "revised data", or "new data +0.0120, period -0.0031" when there are several.
function movement.because(row)
   if row.state == "same" then return "" end
   if row.state ~= "moved" then return row.state end
   if row.change == 0 then return "other units" end
   local names, parts = {}, {}
   for _, cause in ipairs(causes) do
      if row[cause] ~= 0 then
         names[#names + 1] = (cause == "period" and "another period" or cause:gsub("_", " "))
         parts[#parts + 1] = ("%s %+.4f"):format(names[#names], row[cause])
      end
   end
   return #parts == 1 and names[1] or table.concat(parts, ", ")
end

--- "old -> new", or one of them where they are the same to a reader or the unit is new.
local function pair(format, row, before, now)
   local from, to = before and format:format(before) or "–", now and format:format(now) or "–"
   if row.state == "new" or from == to then return to end
   return from .. " -> " .. to
end

local function signed(format, change)
   return change and change ~= 0 and format:format(change) or nil
end

--- The units that moved, are new or are gone, for people: a table of texts, with the title and note of the movement.
function movement.shown(moves)
   local rows = {}
   for _, row in ipairs(moves) do
      if row.state ~= "same" then
         rows[#rows + 1] = {
            row.unit, pair("%.4f", row, row.score_before, row.score), signed("%+.4f", row.change),
            pair("%d", row, row.rank_before, row.rank), signed("%+d", row.rank_change), movement.because(row),
         }
      end
   end
   local t = tables.new({"unit", "score", "change", "rank", "gained", "because of"}, rows)
   t.title, t.note = moves.title, moves.note
   return t
end

return movement
