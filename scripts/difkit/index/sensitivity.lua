--- Which choice matters for the ranking: Sobol indices.
local core = require "difkit.core"
local errors = require "difkit.error"
local result = require "difkit.index.result"
local tables = require "difkit.table"
local experiments = require "difkit.index.experiment"

---What varies in `sensitivity`, and how it is estimated.
---@class difkit.SensitivityOptions
---@field rows? integer default 1024
---@field seed? integer default 1
---@field weights? number|number[]
---@field normalise? table
---@field aggregate? table
---@field impute? table
---@field treat? table
---@field weighting? table
---@field draws? integer
---@field measurement? boolean
---@field drop? integer
---@field period? integer|string
---@field sampling? "quasi"|"random" default "quasi"
---@field first? "saltelli"|"jansen" default "saltelli"
---@field total? "saltelli"|"jansen" default "jansen"
---@field bootstrap? integer default 200
---@field factors? "groups"|"each" default "groups": all weights are one factor
---@field threads? integer

---@class difkit.IndexResult
local Result = result.methods

local known = {
   "rows", "seed", "weights", "normalise", "aggregate", "impute", "drop", "period", "threads", "sampling", "first",
      "total",
   "bootstrap", "factors", "weighting", "draws", "measurement", "treat",
}

--- Groups of inputs: by kind, or each input by itself.
local function factors_of(inputs, each)
   local groups, names, at = {}, {}, {}
   for i, input in ipairs(inputs) do
      local name = input.kind
      if each and input.node then name = "weight of " .. input.node.id end
      if not at[name] then
         names[#names + 1] = name
         at[name] = #names
      end
      groups[i] = at[name]
   end
   return groups, names
end

local function effect_row(name, effect)
   return {
      factor = name, first = effect.first, first_low = effect.first_low, first_high = effect.first_high,
         total = effect.total,
      total_low = effect.total_low, total_high = effect.total_high,
   }
end

---Which choice matters: Sobol indices of the mean absolute shift of ranks, and of each unit's rank. `first` is the
---share of the variance that a factor explains alone, `total` that in which it has a part; with the 5 and 95 % bounds
---of a bootstrap over the rows. The choices are those of `robustness`; all weights together are one factor, unless
---`factors = "each"`. Points are Sobol's sequence (`sampling = "quasi"`, up to 128 inputs) or random. `first` and
---`total` name the estimator: "saltelli" (2010) or "jansen" (1999). `t:units()` gives the indices of each unit's
---rank. The cost is rows × (factors + 2) computations of the index.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "minmax",
---   children = {"osi", "tii", "hci"},
---}
---local found = egdi:compute(db):sensitivity{rows = 512, seed = 3, weights = 0.25, normalise = {"minmax", "zscore"}}
---print(#found, found[1].factor, found[2].factor) --> 2	normalise	weights
---```
---@param options? difkit.SensitivityOptions
---@return difkit.Table columns factor, first, first_low, first_high, total, total_low, total_high
function Result:sensitivity(options)
   options = errors.options("sensitivity", options, known)
   local rows_count, seed = options.rows or 1024, options.seed or 1
   errors.check("sensitivity", "rows", rows_count, "integer")
   errors.check("sensitivity", "seed", seed, "integer")
   if rows_count < 2 then errors.raise("sensitivity: rows must be at least 2") end
   local sampling = options.sampling or "quasi"
   if sampling ~= "quasi" and sampling ~= "random" then
      errors.unknown("sampling", sampling, {"quasi", "random"}, "sensitivity")
   end
   for _, name in ipairs {"first", "total"} do
      if options[name] and options[name] ~= "saltelli" and options[name] ~= "jansen" then
         errors.unknown("estimator", options[name], {"saltelli", "jansen"}, "sensitivity")
      end
   end
   local experiment, inputs, warnings = experiments.of(self, "sensitivity", options)
   if #inputs == 0 then
      errors.raise("sensitivity: nothing varies" .. (warnings[1] and ": " .. warnings[1] or ""),
         'such as weights = 0.25, normalise = {"minmax", "zscore"}')
   end
   local groups, names = factors_of(inputs, options.factors == "each")
   local found, quasi = self.tree:sensitivity(experiment, groups, #names, {
      rows = rows_count, seed = seed, quasi = sampling == "quasi", first = options.first, total = options.total,
      bootstrap = options.bootstrap or 200,
   }, options.threads or core.threads or 0)
   local rows = {}
   for g, name in ipairs(names) do rows[g] = effect_row(name, found[1][g]) end
   local columns = {"factor", "first", "first_low", "first_high", "total", "total_low", "total_high"}
   local t = tables.new(columns, rows)
   t.title = ("%s: what the shift of ranks depends on"):format(self.spec.root.shown)
   local notes = {("%d rows × %d computations, seed %d, %s: %s"):format(rows_count, #names + 2, seed,
      quasi and "quasi-random" or "random", experiments.text(inputs, options))}
   for i, warning in ipairs(warnings) do
      if i <= 5 then notes[#notes + 1] = "warning: " .. warning end
   end
   t.note = table.concat(notes, ". ")
   return experiments.add_methods(t, {
      units = function()
         local all = {}
         for u, unit in ipairs(self.set.units) do
            for g, name in ipairs(names) do
               local row = effect_row(name, found[u + 1][g])
               row.unit = unit
               all[#all + 1] = row
            end
         end
         local units = tables.new({"unit", table.unpack(columns)}, all)
         units.title, units.note = ("%s: what each unit's rank depends on"):format(self.spec.root.shown), t.note
         return units
      end,
   })
end


return result
