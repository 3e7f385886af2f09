--- Statistics of a step on demand: distributions, outliers, correlations, Cronbach's alpha, principal components.
local core = require "difkit.core"
local errors = require "difkit.error"
local result = require "difkit.index.result"
local tables = require "difkit.table"

local kernel = core.index
---@class difkit.IndexResult
local Result = result.methods

local function rows_of(self) return #self.set.units * #self.set.periods end

---Statistics of every indicator at a stage: how many values there are, zeros, distinct values, extremes, mean,
---median, standard deviation (n - 1), skewness and excess kurtosis (type 2). `outliers` is true where |skewness|
---reaches 2 and kurtosis 3.5, the rule of the JRC.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(("%.4f"):format(egdi:compute(db):statistics("raw")[1].mean)) --> 0.6157
---```
---@param stage? string default "raw"
---@return difkit.Table
function Result:statistics(stage)
   local matrix, nodes = result.stage_of(self, "statistics", stage or "raw")
   local columns = {
      "indicator", "available", "non_zero", "unique", "same", "minimum", "maximum", "mean", "median", "deviation",
         "skewness",
      "kurtosis", "outliers",
   }
   local rows = {}
   for c, node in ipairs(nodes) do
      local row = kernel.summary(matrix, c, 1, rows_of(self))
      row.indicator, row.rows = node.id, nil
      if row.skewness and row.kurtosis then
         row.outliers = math.abs(row.skewness) >= 2 and row.kurtosis >= 3.5
      end
      rows[c] = row
   end
   local t = tables.new(columns, rows)
   t.title = ("%s: %s"):format(self.spec.root.shown, stage or "raw")
   t.note = result.note(self)
   return t
end

---Correlations of every pair of indicators, or of the children of a group, over the units that have both, with
---two-sided p-values. `kind`: "pearson", "spearman" or "kendall" (tau-b).
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local pair = egdi:compute(db):correlations{stage = "raw", kind = "spearman"}[1]
---print(pair.left, pair.right, ("%.3f"):format(pair.r), pair.units) --> osi	tii	0.709	10
---```
---@param options? {stage?: string, kind?: string, group?: string}
---@return difkit.Table columns left, right, r, p, units
function Result:correlations(options)
   options = errors.options("correlations", options, {"stage", "kind", "group"})
   local kind = options.kind or "pearson"
   if kind ~= "pearson" and kind ~= "spearman" and kind ~= "kendall" then
      errors.unknown("kind", kind, {"pearson", "spearman", "kendall"}, "correlations")
   end
   local matrix, nodes = result.stage_of(self, "correlations", options.stage or "normalised")
   local at = {}
   if options.group then
      local group = result.node_of(self, "correlations", options.group)
      if not group.children then errors.raise(('correlations: "%s" is no group'):format(group.id)) end
      if not options.stage then matrix, nodes = self.aggregated, self.spec.nodes end
      for _, child in ipairs(group.children) do
         at[#at + 1] = matrix == self.aggregated and child.number or child.leaf
      end
   else
      for c = 1, #nodes do at[c] = c end
   end
   local rows = {}
   for i = 1, #at do
      for j = i + 1, #at do
         local r, p, units = kernel.correlate(matrix, at[i], matrix, at[j], 1, rows_of(self), kind)
         rows[#rows + 1] = {left = nodes[at[i]].id, right = nodes[at[j]].id, r = r, p = p, units = units}
      end
   end
   local t = tables.new({"left", "right", "r", "p", "units"}, rows)
   t.title = ("%s: correlations (%s, %s)"):format(self.spec.root.shown, kind, options.stage or "normalised")
   t.note = result.note(self)
   return t
end

--- The matrix and columns of the children of a group at a stage; without a stage their scores.
local function children_of(self, call, id, stage)
   local group = result.node_of(self, call, id)
   if not group.children then errors.raise(('%s: "%s" is no group'):format(call, group.id)) end
   local columns, matrix = {}, self.aggregated
   if stage then matrix = result.stage_of(self, call, stage) end
   for i, child in ipairs(group.children) do
      if stage and stage ~= "aggregated" and not child.leaf then
         errors.raise(('%s: "%s" is a group and has no values at the stage "%s"'):format(call, child.id, stage))
      end
      columns[i] = matrix == self.aggregated and child.number or child.leaf
   end
   return group, matrix, columns
end

---Cronbach's alpha of the children of a group (Handbook, page 72): the first row; then, for each child, alpha without
---it and its correlation with the sum of the others.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---print(("%.3f"):format(egdi:compute(db):cronbach()[1].alpha)) --> 0.898
---```
---@param group? string default the index
---@param stage? string default the scores of the children
---@return difkit.Table columns without, alpha, item_rest
function Result:cronbach(group, stage)
   local node, matrix, columns = children_of(self, "cronbach", group, stage)
   local alpha, without, rest = kernel.cronbach(matrix, columns, 1, rows_of(self))
   local rows = {{alpha = alpha == alpha and alpha or nil}}
   for i, child in ipairs(node.children) do
      rows[i + 1] = {without = child.id, alpha = without[i], item_rest = rest[i]}
   end
   local t = tables.new({"without", "alpha", "item_rest"}, rows)
   t.title = ("%s: Cronbach's alpha"):format(node.shown)
   return t
end

---Principal components of the children of a group, from their correlations over the units that have all: eigenvalue,
---share of the variance, cumulated share, and the loading of each child.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(#egdi:compute(db):components()) --> 3
---```
---@param group? string default the index
---@param stage? string default the scores of the children
---@return difkit.Table
function Result:components(group, stage)
   local node, matrix, columns = children_of(self, "components", group, stage)
   local found, flaw = kernel.components(matrix, columns, 1, rows_of(self))
   if not found then errors.raise(('components of "%s": %s'):format(node.id, flaw)) end
   local names, rows, total = {"component", "eigenvalue", "share", "cumulated"}, {}, 0
   for i, child in ipairs(node.children) do names[4 + i] = child.id end
   for _, value in ipairs(found.values) do total = total + value end
   local so_far = 0
   for c, value in ipairs(found.values) do
      so_far = so_far + value
      local row = {component = c, eigenvalue = value, share = value / total, cumulated = so_far / total}
      for i, child in ipairs(node.children) do row[child.id] = found.vectors[c][i] * math.sqrt(math.max(value, 0)) end
      rows[c] = row
   end
   local t = tables.new(names, rows)
   t.title = ("%s: principal components"):format(node.shown)
   return t
end

return Result
