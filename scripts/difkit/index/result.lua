--- What a computed index says: scores, ranks, stages, explanations, comparisons. Every answer is a difkit table.
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
local Result = {}
Result.__index = Result
Result.__name = "difkit.IndexResult"
Result.__metatable = "difkit.IndexResult"

local stage_names = {"raw", "denominated", "imputed", "treated", "normalised", "aggregated"}

local result = {methods = Result, stage_names = stage_names}

function result.new(computed, index)
   computed.index = index
   return setmetatable(computed, Result)
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
result.row_of, result.node_of = row_of, node_of

--- Share of the indicators that a unit has a value for (observed or imputed).
local function availability(self, row)
   local there = 0
   for leaf = 1, #self.spec.indicators do
      if self.imputed:get(row, leaf) then there = there + 1 end
   end
   return there / #self.spec.indicators
end

--- Rows of the periods in order, within a period best rank first, units without a score last.
local function in_rank_order(self, ranks)
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
   for i, row in ipairs(in_rank_order(self, self.rank)) do
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
   for i, row in ipairs(in_rank_order(self, ranks)) do
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

local function stage_of(self, call, name)
   if name == "aggregated" then return self.aggregated, self.spec.nodes end
   for _, known in ipairs(stage_names) do
      if known == name then return self[name], self.spec.indicators end
   end
   errors.unknown("stage", name, stage_names, call)
end
result.stage_of = stage_of

---The data of a stage, one column an indicator (for "aggregated" one a node): "raw", "denominated", "imputed",
---"treated", "normalised", "aggregated".
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = {"SGP", "VNM"}, period = 2022,
---   children = {"osi", "tii", "hci"},
---}
---print(egdi:compute(db):stage("normalised")[1].osi) --> 100.0
---```
---@param name string
---@return difkit.Table
function Result:stage(name)
   local matrix, nodes = stage_of(self, "stage", name)
   local columns, rows, keys = key_columns(self), {}, #key_columns(self)
   for _, node in ipairs(nodes) do
      columns[#columns + 1] = (node.id == "unit" or node.id == "period") and node.id .. "_value" or node.id
   end
   for row = 1, (matrix:size()) do
      local out = key_row(self, row)
      for c = 1, #nodes do out[columns[keys + c]] = matrix:get(row, c) end
      rows[row] = out
   end
   return finished(self, tables.new(columns, rows), ("%s: %s"):format(self.spec.root.shown, name))
end

---Every cell of a stage with its state: where the value comes from or why there is none ("observed", "not reported",
---"not applicable", "not due", "confidential", "imputed: mean" …), and what was done with it ("lowered", "raised",
---"transformed", "unusable", or nil). `reason` tells of a cell without a value why: its state, or how the value was
---lost ("lost by a denominator", "constant", "not defined"); `used` of a value that is of another period (imputed by
---"last", or taken by "latest_each") which.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = {"SGP", "VNM"}, period = 2022,
---   children = {"osi", "tii", "hci"},
---}
---local cell = egdi:compute(db):cells("raw")[1]
---print(cell.unit, cell.indicator, cell.value, cell.state) --> SGP	osi	0.962	observed
---```
---@param name? string the stage, default "treated"
---@return difkit.Table columns unit, period (of several), indicator, value, state, done, reason, used
function Result:cells(name)
   local matrix, nodes = stage_of(self, "cells", name or "treated")
   local rows = {}
   for row = 1, (matrix:size()) do
      for c, node in ipairs(nodes) do
         local out = key_row(self, row)
         local state, done, reason = matrix:origin(row, c)
         out.indicator, out.value, out.state = node.id, matrix:get(row, c), state
         out.done, out.reason = done ~= "" and done or nil, reason
         if out.value and nodes == self.spec.indicators then out.used = self.used[c] and self.used[c][row] end
         rows[#rows + 1] = out
      end
   end
   return finished(self, tables.new(with(key_columns(self), "indicator", "value", "state", "done", "reason", "used"),
      rows),
      ("%s: %s"):format(self.spec.root.shown, name or "treated"))
end

---How many cells there are of every kind, by indicator: observed, imputed and how, and why there is no value (the last
---also of values that a denominator lost).
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(egdi:compute(db):coverage()[1].observed) --> 10
---```
---@param by? "indicator"|"unit" default "indicator"
---@return difkit.Table
function Result:coverage(by)
   if by ~= nil and by ~= "indicator" and by ~= "unit" then
      errors.unknown("grouping", by, {"indicator", "unit"}, "coverage")
   end
   local matrix, kinds, order, rows = self.imputed, {}, {}, {}
   local counted = {}
   for c, node in ipairs(self.spec.indicators) do
      for row = 1, (matrix:size()) do
         local name = by == "unit" and self.set.units[(row - 1) % #self.set.units + 1] or node.id
         local state, _, reason = matrix:origin(row, c)
         local kind = reason or state
         if not counted[name] then
            counted[name] = {}
            order[#order + 1] = name
         end
         counted[name][kind] = (counted[name][kind] or 0) + 1
         kinds[kind] = true
      end
   end
   local names = {}
   for kind in pairs(kinds) do
      if kind ~= "observed" then names[#names + 1] = kind end
   end
   table.sort(names)
   table.insert(names, 1, "observed")
   for i, name in ipairs(order) do
      local out = {[by or "indicator"] = name}
      for _, kind in ipairs(names) do out[kind] = counted[name][kind] or 0 end
      rows[i] = out
   end
   return finished(self, tables.new(with({by or "indicator"}, table.unpack(names)), rows),
      ("%s: what is there"):format(self.spec.root.shown))
end

--- Shares of weight that benefit of the doubt puts on the children of a group: a list a row, in the order of the
--- children, nil where a unit has none.
function result.chosen(self, node)
   self.chosen = self.chosen or {}
   if not self.chosen[node.number] then
      local list, units = {}, #self.set.units
      for p = 1, #self.set.periods do
         local part = self.tree:chosen(self.aggregated, (p - 1) * units + 1, units, node.number, self.weights)
         table.move(part, 1, units, #list + 1, list)
      end
      self.chosen[node.number] = list
   end
   return self.chosen[node.number]
end

--- Weights of all nodes; under benefit of the doubt the means of those that the units choose.
local function weights_felt(self)
   local weights = table.move(self.weights, 1, #self.weights, 1, {})
   local means = false
   for _, node in ipairs(self.spec.nodes) do
      if self.rules[node.number].method == "benefit_of_doubt" then
         means = true
         for i, child in ipairs(node.children) do
            local sum, count = 0, 0
            for _, shares in ipairs(result.chosen(self, node)) do
               if shares[i] then sum, count = sum + shares[i], count + 1 end
            end
            weights[child.number] = count > 0 and sum / count or 0
         end
      end
   end
   return weights, means
end

---The weights that benefit of the doubt chooses for each unit: a column for each child of every group that is
---aggregated so, with its share of the weight of the group; nothing where the unit has no value.
---
---```lua
---local doubt = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none", children = {"osi", "tii", "hci"},
---   aggregate = {method = "benefit_of_doubt", lower = 0.2, upper = 0.5},
---}
---local chosen = doubt:compute(db):chosen_weights():where{unit = "VNM"}[1]
---print(("%.2f %.2f %.2f"):format(chosen.osi, chosen.tii, chosen.hci)) --> 0.20 0.50 0.30
---```
---@return difkit.Table columns unit, period (of several), and the ids of the children
function Result:chosen_weights()
   local columns, groups, rows = key_columns(self), {}, {}
   for _, node in ipairs(self.spec.nodes) do
      if self.rules[node.number].method == "benefit_of_doubt" then
         groups[#groups + 1] = node
         for _, child in ipairs(node.children) do
            local taken = child.id == "unit" or child.id == "period"
            columns[#columns + 1] = taken and child.id .. "_weight" or child.id
         end
      end
   end
   if #groups == 0 then
      errors.raise("chosen_weights: no group is aggregated by benefit of the doubt",
         'aggregate = "benefit_of_doubt"; result:effective_weights() has the weights that all units share')
   end
   for row = 1, #self.set.units * #self.set.periods do
      local out, at = key_row(self, row), #key_columns(self)
      for _, node in ipairs(groups) do
         for i in ipairs(node.children) do
            at = at + 1
            out[columns[at]] = result.chosen(self, node)[row][i]
         end
      end
      rows[row] = out
   end
   return finished(self, tables.new(columns, rows),
      ("%s: the weights chosen for each unit"):format(self.spec.root.shown))
end

---Weights: of each node within its group, and its effective weight in the index (the product up the tree), for
---indicators also the correlation of their normalised values with the index (Pearson), which tells how far
---the weight is felt. Under benefit of the doubt the weight is the mean of those that the units choose
---(`chosen_weights`).
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---local weights = egdi:compute(db):effective_weights()
---print(weights[1].node, ("%.4f"):format(weights[1].effective)) --> osi	0.3333
---```
---@return difkit.Table columns node, title, level, parent, weight, effective, correlation
function Result:effective_weights()
   local weights, means = weights_felt(self)
   local effective, rows = self.tree:effective(weights), {}
   local all = (self.aggregated:size())
   for i = 2, #self.spec.nodes do
      local node, sum = self.spec.nodes[i], 0
      for _, sibling in ipairs(node.parent.children) do sum = sum + weights[sibling.number] end
      rows[#rows + 1] = {
         node = node.id, title = node.shown, level = node.level, parent = node.parent.id,
         weight = sum > 0 and weights[i] / sum or nil, effective = effective[i],
         correlation = (kernel.correlate(self.aggregated, i, self.aggregated, 1, 1, all, "pearson")),
      }
   end
   local t = tables.new({"node", "title", "level", "parent", "weight", "effective", "correlation"}, rows)
   return finished(self, t, ("%s: weights"):format(self.spec.root.shown), means and result.note(self)
      .. ". under benefit of the doubt a weight is the mean of those that the units choose" or nil)
end

local function mean_shift(shifts)
   local sum = 0
   for _, shift in ipairs(shifts) do sum = sum + math.abs(shift) end
   return #shifts > 0 and sum / #shifts or nil
end

---Compares with another result: ranks and scores of both for the units (and periods) that both have. `shift` is
---positive where the unit stands better in the other. The note gives the mean absolute shift and Spearman's rank
---correlation.
---
---```lua
---local spec = {id = "egdi", units = "ASEAN", period = 2022, normalise = "none", children = {"osi", "tii", "hci"}}
---local arithmetic = difkit.index(spec):compute(db)
---local geometric = difkit.index(spec):variant{aggregate = "geometric"}:compute(db)
---print(#arithmetic:compare(geometric), arithmetic:compare(geometric)[1].shift) --> 10	0
---```
---@param other difkit.IndexResult
---@return difkit.Table columns unit, period (of several), rank, other_rank, shift, score, other_score, change
function Result:compare(other)
   if getmetatable(other) ~= "difkit.IndexResult" then
      errors.raise(("compare: the other must be a computed index, not %s"):format(errors.show(other)),
         "compute it first: index:compute()")
   end
   local at = {}
   local single = not several(self) and not several(other)
   for row = 1, #other.rank do
      local u = other.set.units[(row - 1) % #other.set.units + 1]
      local p = other.set.periods[(row - 1) // #other.set.units + 1]
      at[single and u or u .. "\0" .. tostring(p)] = row
   end
   local rows, shifts = {}, {}
   local both = kernel.matrix(#self.rank, 2)
   for _, row in ipairs(in_rank_order(self, self.rank)) do
      local u = self.set.units[(row - 1) % #self.set.units + 1]
      local p = self.set.periods[(row - 1) // #self.set.units + 1]
      local there = at[single and u or u .. "\0" .. tostring(p)]
      local rank, other_rank = self.rank[row] or nil, there and other.rank[there] or nil
      if there then
         local out = key_row(self, row)
         out.rank, out.other_rank = rank, other_rank
         out.score, out.other_score = self.aggregated:get(row, 1), other.aggregated:get(there, 1)
         if rank and other_rank then
            out.shift = rank - other_rank
            shifts[#shifts + 1] = out.shift
            both:set(row, 1, rank)
            both:set(row, 2, other_rank)
         end
         if out.score and out.other_score then out.change = out.other_score - out.score end
         rows[#rows + 1] = out
      end
   end
   local rho = kernel.correlate(both, 1, both, 2, 1, #self.rank, "spearman")
   local note = ("mean absolute shift of ranks %.3g over %d units; Spearman's correlation %s"):format(
      mean_shift(shifts) or 0, #shifts, rho and ("%.3f"):format(rho) or "not defined")
   local t = tables.new(with(key_columns(self), "rank", "other_rank", "shift", "score", "other_score", "change"), rows)
   return finished(self, t, ("%s compared with %s"):format(self.spec.root.shown, other.spec.root.shown), note)
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

---How the ranks change when one indicator, or one group, is left out: mean and largest shift of ranks, the unit that
---moves most, Spearman's correlation with the ranks as they are.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---print(#egdi:compute(db):leave_one_out()) --> 3
---```
---@return difkit.Table columns without, title, mean_shift, largest_shift, unit, spearman
function Result:leave_one_out()
   local tree = require "difkit.index.tree"
   local rows = {}
   for i = 2, #self.spec.nodes do
      local node = self.spec.nodes[i]
      if not (node.parent.number == 1 and #node.parent.children == 1) then
         local weights = table.move(self.weights, 1, #self.weights, 1, {})
         weights[i] = 0
         local scores = tree.evaluate(self.spec, self.tree, self.set, self.normalised, weights, self.rules,
            self.functions)
         local ranks = run.ranks(self, scores, 1)
         local both, shifts, largest, who = kernel.matrix(#ranks, 2), {}, 0, nil
         for row, rank in ipairs(ranks) do
            if rank and self.rank[row] then
               local shift = self.rank[row] - rank
               shifts[#shifts + 1] = shift
               both:set(row, 1, rank)
               both:set(row, 2, self.rank[row])
               if math.abs(shift) > math.abs(largest) then
                  largest, who = shift, self.set.units[(row - 1) % #self.set.units + 1]
               end
            end
         end
         rows[#rows + 1] = {
            without = node.id, title = node.shown, mean_shift = mean_shift(shifts), largest_shift = largest,
               unit = who,
            spearman = (kernel.correlate(both, 1, both, 2, 1, #ranks, "spearman")),
         }
      end
   end
   return finished(self, tables.new({"without", "title", "mean_shift", "largest_shift", "unit", "spearman"}, rows),
      ("%s: leaving one out"):format(self.spec.root.shown))
end

function Result.__tostring(self)
   return ("difkit.IndexResult (%s: %d units, %d periods)"):format(self.spec.root.id, #self.set.units,
      #self.set.periods)
end

return result
