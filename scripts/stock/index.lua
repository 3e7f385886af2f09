--- A composite index: scores, ranks, and how far the ranks can be trusted.
--- Without --spec it rebuilds the United Nations E-Government Development Index of the member states of ASEAN from its
--- three components. A spec is a YAML file; scripts/guide/INDEX.md describes what it may say.
---
--- With --with FILE the index is computed twice, with and without the file, and the difference is shown; nothing
--- is stored.
---@script index
---@option spec path  The index as a YAML file; default: the E-Government Development Index.
---@option data path  A CSV file to take the data from, instead of the observations.
---@option period text  The period, such as 2022; several with commas, all, or latest_each. Default: the latest.
---@option explain text  Takes the score of this unit apart, such as VNM.
---@option compare choice(arithmetic|geometric|harmonic|median|minimum|borda|copeland)  Ranks with another aggregation.
---@option stage choice(raw|denominated|imputed|treated|normalised|aggregated)  Shows the data of a stage instead.
---@option runs integer=2000  Runs of the robustness test; 0 for none.
---@option seed integer=1  Seed of the robustness test.
---@option weights number=0.25  Noise of the weights in the robustness test.
---@reads observation, indicator, unit, unit_group
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()

local index = assert(difkit.index(options.spec or difkit.index.carried()))

if options.period then
   local periods, whole = {}, {all = true, latest = true, latest_each = true}
   for period in options.period:gmatch "[^,%s]+" do periods[#periods + 1] = period end
   index = index:variant{periods = whole[options.period] and options.period or periods}
end

local result = assert(index:compute(options.data))

if options.stage then return result:stage(options.stage) end
if options.explain then return result:explain(options.explain) end
if options.compare then
   local other = assert(index:variant{aggregate = options.compare, title = options.compare}:compute(options.data))
   return result:compare(other)
end

--- What a file laid over the data changes; nothing when it is the file that brings the indicators.
local plain = not options.data and difkit.index.without_overlay()
if plain then
   local done, before = pcall(index.compute, index, plain)
   if done and before then return before:compare(result) end
end

local scores = result:scores()
if #result.set.periods > 1 then return result:panel() end
if options.runs > 0 then
   local robust = result:robustness{runs = options.runs, seed = options.seed, weights = options.weights}
   local by_unit = {}
   for row in robust:rows() do by_unit[row.unit] = row end
   scores = scores:derive("rank", function(row) return by_unit[row.unit].range end)
      :derive("tier", function(row) return by_unit[row.unit].tier end)
   scores.note = ("%s. ranks with their 5–95 %% range: %s"):format(result:ranks().note, robust.note)
end
return scores
