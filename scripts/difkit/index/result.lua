--- What a computed index says, every answer a difkit table: scores, ranks, strengths. Other methods stand in files of
--- their own: cells.lua, weights.lua, compare.lua, explain.lua, panel.lua, statistics.lua, robustness.lua.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"
local periods = require "difkit.period"
local run = require "difkit.index.run"
local tables = require "difkit.table"

local kernel = core.index

---A computed index, as `index:compute` returns it. Rows are named by unit and, where several periods were computed,
---by period.
---@class difkit.IndexResult
---@field warnings string[] what could not be computed, and why
local Result, result_events = class "difkit.IndexResult"

local stage_names = {"raw", "denominated", "imputed", "treated", "normalised", "aggregated"}

local result = {methods = Result, stage_names = stage_names}

function result.new(computed, index)
   computed.index = index
   return setmetatable(computed, result_events)
end

local function several(self) return #self.set.periods > 1 end

--- Columns that name a row.
local function key_columns(self) return several(self) and {"unit", "period"} or {"unit"} end

local function key_row(self, row)
   local units = #self.set.units
   local out = {unit = self.set.units[(row - 1) % units + 1]}
   if several(self) then out.period = self.set.periods[(row - 1) // units + 1] end
   return out
end

local function with(list, ...)
   local all = table.move(list, 1, #list, 1, {})
   for _, name in ipairs {...} do all[#all + 1] = name end
   return all
end

--- How many cells have the value of another period, by period: "4 values of other periods: 2020 (3), 2019 (1)".
local function used_note(self)
   local counts, order, all = {}, {}, 0
   for _, used in pairs(self.used) do
      for _, at in pairs(used) do
         if not counts[at] then counts[at], order[#order + 1] = 0, at end
         counts[at], all = counts[at] + 1, all + 1
      end
   end
   if all == 0 then return nil end
   table.sort(order, function(a, b) return periods.before(b, a) end)
   for i, at in ipairs(order) do order[i] = ("%s (%d)"):format(at, counts[at]) end
   return ("%d %s: %s"):format(all, all == 1 and "value of another period" or "values of other periods",
      table.concat(order, ", "))
end

--- Which units, which roster, which periods, what is missing: stands under every table of scores.
function result.note(self)
   local set, counts = self.set, self.raw:counts()
   local parts = {}
   local units = ("%d units%s"):format(#set.units, set.roster and ", " .. set.roster or "")
   if set.member then
      local list = {}
      for p, at in ipairs(set.periods) do
         local n = 0
         for _ in pairs(set.member[p]) do n = n + 1 end
         list[p] = ("%s: %d"):format(at, n)
      end
      units = ("%s; members %s"):format(set.roster, table.concat(list, ", "))
   end
   parts[1] = units
   if not set.timeless then
      local shown = {}
      for i, at in ipairs(set.periods) do shown[i] = tostring(at) end
      parts[#parts + 1] = (#shown > 1 and "periods " or "period ") .. table.concat(shown, ", ")
      parts[#parts + 1] = used_note(self)
   end
   local missing, names = {}, {}
   for name in pairs(counts) do names[#names + 1] = name end
   table.sort(names)
   for _, name in ipairs(names) do
      if name ~= "observed" then missing[#missing + 1] = ("%d %s"):format(counts[name], name) end
   end
   if #missing > 0 then parts[#parts + 1] = "cells " .. table.concat(missing, ", ") end
   local imputed = 0
   for name, count in pairs(self.imputed:counts()) do
      if name:find "^imputed:" then imputed = imputed + count end
   end
   if imputed > 0 then parts[#parts + 1] = ("%d cells imputed"):format(imputed) end
   for _, note in ipairs(self.notes) do parts[#parts + 1] = note end
   for _, warning in ipairs(self.warnings) do parts[#parts + 1] = "warning: " .. warning end
   return table.concat(parts, ". ")
end

local function finished(self, t, title, note)
   t.title = title
   t.note = note or result.note(self)
   t.source = self.spec.root.source
   return t
end

local function node_of(self, call, id)
   if id == nil then return self.spec.root end
   local node = self.spec.by_id[id]
   if not node then
      local ids = {}
      for i, one in ipairs(self.spec.nodes) do ids[i] = one.id end
      errors.unknown("node", id, ids, call .. ' of index "' .. self.spec.root.id .. '"')
   end
   return node
end

--- The place of a period among those that are computed, the last by default; raises for one that is not.
function result.place_of(self, call, wanted)
   if wanted == nil then return #self.set.periods end
   local read = periods.read(wanted)
   for i, at in ipairs(self.set.periods) do
      if at == read then return i end
   end
   if self.set.timeless then
      errors.raise(("%s: the data have no periods, and so not %s"):format(call, errors.show(wanted)), "leave it out")
   end
   errors.unknown("period", wanted, self.set.periods, call)
end

--- The row of a unit; the period defaults to the last.
local function row_of(self, call, unit, at)
   local u
   for i, id in ipairs(self.set.units) do
      if id == unit or id == tostring(unit) then u = i end
   end
   if not u then errors.unknown("unit", unit, self.set.units, call) end
   local p = result.place_of(self, call, at)
   return (p - 1) * #self.set.units + u, u, p
end
result.row_of, result.node_of, result.finished = row_of, node_of, finished
result.key_columns, result.key_row, result.with = key_columns, key_row, with

--- Share of the indicators that a unit has a value for (observed or imputed).
local function availability(self, row)
   local there = 0
   for leaf = 1, #self.spec.indicators do
      if self.imputed:get(row, leaf) then there = there + 1 end
   end
   return there / #self.spec.indicators
end

--- Rows of the periods in order, within a period best rank first, units without a score last.
function result.in_rank_order(self, ranks)
   local order = {}
   local units = #self.set.units
   for p = 1, #self.set.periods do
      local part = {}
      for u = 1, units do
         local row = (p - 1) * units + u
         if not self.set.member or self.set.member[p][self.set.units[u]] then part[#part + 1] = row end
      end
      table.sort(part, function(a, b)
         local left, right = ranks[a] or math.huge, ranks[b] or math.huge
         if left ~= right then return left < right end
         return a < b
      end)
      table.move(part, 1, #part, #order + 1, order)
   end
   return order
end

---Scores: one row a unit (and period), best first; the score, the scores of the first level below, and the share of
---indicators that have a value.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---local scores = egdi:compute(db):scores()
---print(scores[1].unit, ("%.4f"):format(scores[1].score), scores[1].available) --> SGP	0.9133	1.0
---```
---@param options? {level?: "first"|"all"} `all`: every group and indicator
---@return difkit.Table
function Result:scores(options)
   options = errors.options("scores", options, {"level"})
   local nodes = options.level == "all" and table.move(self.spec.nodes, 2, #self.spec.nodes, 1, {})
      or self.spec.root.children
   local columns = with(key_columns(self), "score")
   for _, node in ipairs(nodes) do
      local taken = node.id == "unit" or node.id == "period" or node.id == "score" or node.id == "available"
      columns[#columns + 1] = taken and node.id .. "_score" or node.id
   end
   columns[#columns + 1] = "available"
   local rows, first = {}, #key_columns(self) + 1
   for i, row in ipairs(result.in_rank_order(self, self.rank)) do
      local out = key_row(self, row)
      out.score = self.aggregated:get(row, 1)
      for n, node in ipairs(nodes) do out[columns[first + n]] = self.aggregated:get(row, node.number) end
      out.available = availability(self, row)
      rows[i] = out
   end
   return finished(self, tables.new(columns, rows), self.spec.root.shown)
end

---Ranks: competition ranks (1, 2, 2, 4) on unrounded scores, units without a score last and without a rank. Scores
---that differ by rounding alone are tied.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---local ranks = egdi:compute(db):ranks()
---print(ranks[2].unit, ranks[2].rank, ranks[2].of) --> MYS	2	10
---```
---@param id? string the group or indicator to rank by, default the index itself
---@return difkit.Table columns unit, period (of several), rank, score, of; `reason` where a unit has no score: "not
---reported" and what else the data say of a gap, "lost by a denominator", "constant", "not defined", "no weight"
function Result:ranks(id)
   local node = node_of(self, "ranks", id)
   local ranks = node.number == 1 and self.rank or run.ranks(self, self.aggregated, node.number)
   local ranked, rows = {}, {}
   for row, rank in ipairs(ranks) do
      local p = (row - 1) // #self.set.units + 1
      ranked[p] = (ranked[p] or 0) + (rank and 1 or 0)
   end
   local columns = with(key_columns(self), "rank", "score", "of")
   for i, row in ipairs(result.in_rank_order(self, ranks)) do
      local out = key_row(self, row)
      out.rank = ranks[row] or nil
      out.score = self.aggregated:get(row, node.number)
      out.of = ranked[(row - 1) // #self.set.units + 1]
      if not out.rank then
         out.reason = select(3, self.aggregated:origin(row, node.number))
         if columns[#columns] ~= "reason" then columns[#columns + 1] = "reason" end
      end
      rows[i] = out
   end
   return finished(self, tables.new(columns, rows), node.shown)
end

---Strengths and weaknesses of a unit: its indicators, those on which it stands best against the others first.
---`distance` is the normalised value less the mean of all units, in standard deviations.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(egdi:compute(db):strengths("VNM")[1].indicator) --> tii
---```
---@param unit string
---@param period? integer|string default the last
---@return difkit.Table columns indicator, title, raw, score, rank, of, mean, distance
function Result:strengths(unit, period)
   local row, _, p = row_of(self, "strengths", unit, period)
   local units, rows = #self.set.units, {}
   for leaf, node in ipairs(self.spec.indicators) do
      local from = (p - 1) * units + 1
      local summary = kernel.summary(self.normalised, leaf, from, units)
      local ranks, ranked = kernel.rank(self.normalised, leaf, from, units, self.spec.root.tolerance)
      local score = self.normalised:get(row, leaf)
      rows[leaf] = {
         indicator = node.id, title = node.shown, raw = self.raw:get(row, leaf), score = score,
         rank = ranks[row - from + 1] or nil, of = ranked, mean = summary.mean,
         distance = score and summary.deviation and summary.deviation > 0
            and (score - summary.mean) / summary.deviation
            or nil,
      }
   end
   table.sort(rows, function(a, b)
      local left, right = a.distance or -math.huge, b.distance or -math.huge
      if left ~= right then return left > right end
      return a.indicator < b.indicator
   end)
   local t = tables.new({"indicator", "title", "raw", "score", "rank", "of", "mean", "distance"}, rows)
   return finished(self, t, ("%s: strengths and weaknesses of %s"):format(self.spec.root.shown,
      self.set.titles[unit] or unit))
end

function result_events.__tostring(self)
   return ("difkit.IndexResult (%s: %d units, %d periods)"):format(self.spec.root.id, #self.set.units,
      #self.set.periods)
end

return result
