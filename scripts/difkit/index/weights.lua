--- Weights as they are felt: those that benefit of the doubt chooses, and those that correlation makes effective.
local core = require "difkit.core"
local errors = require "difkit.error"
local result = require "difkit.index.result"
local tables = require "difkit.table"

local kernel = core.index

---@class difkit.IndexResult
local Result = result.methods

local finished, key_columns, key_row = result.finished, result.key_columns, result.key_row

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

return result
