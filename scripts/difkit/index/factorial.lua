--- Every combination of declared choices, and from them exact Sobol indices: where the choices are few, nothing need be
--- drawn.
local core = require "difkit.core"
local errors = require "difkit.error"
local experiments = require "difkit.index.experiment"
local methods = require "difkit.index.methods"
local result = require "difkit.index.result"
local shares = require "difkit.index.shares"
local tables = require "difkit.table"

local kernel = core.index

---@class difkit.IndexResult
local Result = result.methods

local known = {"impute", "treat", "normalise", "aggregate", "weighting", "period"}

--- All combinations of one choice for each input, the first input slowest: lists of choices, and as settings.
local function combinations(inputs)
   local chosen, settings = {{}}, {}
   for _, input in ipairs(inputs) do
      local longer = {}
      for _, begun in ipairs(chosen) do
         for c in ipairs(input.choices) do
            longer[#longer + 1] = table.move(begun, 1, #begun, 1, {})
            longer[#longer][#begun + 1] = c
         end
      end
      chosen = longer
   end
   for s, choice in ipairs(chosen) do
      settings[s] = {}
      for i, c in ipairs(choice) do settings[s][i] = (c - 0.5) / #inputs[i].choices end
   end
   return chosen, settings
end

local function ranks_of(self, scores)
   local column = kernel.matrix(#self.set.units, 1)
   for u = 1, #self.set.units do column:set(u, 1, scores[u]) end
   return (kernel.rank(column, 1, 1, #self.set.units, self.spec.root.tolerance))
end

---Every combination of the choices that are named, all equally likely, and what the movement of ranks hangs on,
---exactly: `first` is the share of the variance of the mean shift of ranks that a choice explains alone, `total` that
---in which it has a part. `t:runs()` has each combination with its mean shift, `t:scores()` the scores, `t:units()`
---the shares of each unit's rank.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local exact = egdi:compute(db):factorial{normalise = {"minmax", "zscore"}, aggregate = {"arithmetic", "median"}}
---print(#exact, #exact:runs(), exact[1].factor) --> 2	4	normalise
---```
---@param options {impute?: table, treat?: table, normalise?: table, aggregate?: table, weighting?: table,
---period?: integer|string}
---@return difkit.Table columns factor, first, total
function Result:factorial(options)
   options = errors.options("factorial", options, known)
   local experiment, inputs, warnings = experiments.of(self, "factorial", options)
   local count = 1
   for _, input in ipairs(inputs) do
      if not input.choices then
         errors.raise(("factorial: %s cannot be laid out in combinations"):format(input.kind),
            "robustness draws what is left to chance")
      end
      count = count * #input.choices
   end
   if #inputs == 0 or count > 20000 then
      errors.raise(#inputs == 0 and "factorial: nothing varies" or ("factorial: %d combinations are too many"):format(
         count), #inputs == 0 and 'such as normalise = {"minmax", "zscore"}' or "robustness draws from them")
   end
   local chosen, settings = combinations(inputs)
   local scores = self.tree:settings(experiment, settings)
   local ranks, shifts, units = {}, {}, #self.set.units
   local function shift(rank)
      local sum, n = 0, 0
      for u = 1, units do
         if rank[u] and experiment.nominal[u] then
            sum, n = sum + math.abs(rank[u] - experiment.nominal[u]), n + 1
         end
      end
      return n > 0 and sum / n or 0
   end
   for s = 1, #settings do
      ranks[s] = ranks_of(self, scores[s])
      shifts[s] = shift(ranks[s])
   end
   local rows = {}
   for f, input in ipairs(inputs) do
      local first, total = shares.of(chosen, inputs, f, shifts)
      rows[f] = {factor = input.kind, first = first, total = total}
   end
   local t = tables.new({"factor", "first", "total"}, rows)
   t.title = ("%s: what the shift of ranks depends on"):format(self.spec.root.shown)
   t.note = ("%d combinations: %s"):format(count, experiments.text(inputs, options))
   for i, warning in ipairs(warnings) do
      if i <= 5 then t.note = t.note .. ". warning: " .. warning end
   end
   local function runs_with(columns, fill)
      local names, list = {}, {}
      for i, input in ipairs(inputs) do names[i] = input.kind end
      for _, column in ipairs(columns) do names[#names + 1] = column end
      for s, choice in ipairs(chosen) do
         list[s] = {}
         for i, c in ipairs(choice) do list[s][i] = methods.show(inputs[i].choices[c]) end
         fill(list[s], s)
      end
      return tables.new(names, list)
   end
   return experiments.add_methods(t, {
      runs = function() return runs_with({"shift"}, function(row, s) row[#inputs + 1] = shifts[s] end) end,
      scores = function()
         return runs_with(self.set.units, function(row, s)
            for u = 1, units do row[#inputs + u] = scores[s][u] end
         end)
      end,
      units = function()
         local all = {}
         for u, unit in ipairs(self.set.units) do
            local own, whole = {}, true
            for s = 1, #settings do own[s], whole = ranks[s][u] or 0, whole and ranks[s][u] end
            for f, input in ipairs(inputs) do
               local row = {unit = unit, factor = input.kind}
               if whole then
                  row.first, row.total = shares.of(chosen, inputs, f, own)
                  row.mean, row.variance = shares.moments(own)
                  row.least, row.most = math.huge, 0
                  for _, rank in ipairs(own) do
                     row.least, row.most = math.min(row.least, rank), math.max(row.most, rank)
                  end
               end
               all[#all + 1] = row
            end
         end
         return tables.new({"unit", "factor", "first", "total", "mean", "least", "most", "variance"}, all)
      end,
   })
end

return result
