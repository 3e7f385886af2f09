--- The cells of an index: values by stage, what was done with each, and how many there are.
local errors = require "difkit.error"
local result = require "difkit.index.result"
local tables = require "difkit.table"

---@class difkit.IndexResult
local Result = result.methods

local finished, key_columns, key_row, with = result.finished, result.key_columns, result.key_row, result.with

local function stage_of(self, call, name)
   if name == "aggregated" then return self.aggregated, self.spec.nodes end
   for _, known in ipairs(result.stage_names) do
      if known == name then return self[name], self.spec.indicators end
   end
   errors.unknown("stage", name, result.stage_names, call)
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

return result
