--- Computes an index: reads the data, runs the stages, ranks.
local core = require "difkit.core"
local data = require "difkit.index.data"
local stages = require "difkit.index.stages"
local tree = require "difkit.index.tree"

local kernel = core.index
local run = {}

--- What the source knows of the indicators goes to the nodes of this run: direction, bounds, target, title.
local function describe(spec, set)
   for _, node in ipairs(spec.indicators) do
      node.described = type(node.source) == "string" and set.known[node.source] or {}
      node.sign = node.direction or node.described.direction or 1
      node.shown = node.title or node.described.title or node.id
   end
   for _, node in ipairs(spec.nodes) do node.shown = node.shown or node.title or node.id end
end

--- Names the units whose score a group could not compute since a child is zero or negative.
local function name_unusable(self)
   local set, units = self.set, #self.set.units
   for _, node in ipairs(self.spec.nodes) do
      if node.children and (self.aggregated:counts(node.number).unusable or 0) > 0 then
         local named = {}
         for p, period in ipairs(set.periods) do
            for u, unit in ipairs(set.units) do
               local row = (p - 1) * units + u
               local _, done = self.aggregated:origin(row, node.number)
               if done == "unusable" then
                  local at = {}
                  for _, child in ipairs(node.children) do
                     local value = self.aggregated:get(row, child.number)
                     if value and value <= 0 then at[#at + 1] = child.id end
                  end
                  named[#named + 1] = ("%s%s (%s)"):format(unit, set.timeless and "" or " " .. period,
                     table.concat(at, ", "))
               end
            end
         end
         local shown = table.concat(named, "; ", 1, math.min(#named, 8))
         if #named > 8 then shown = ("%s; and %d more"):format(shown, #named - 8) end
         self.warnings[#self.warnings + 1] = ('"%s" (%s) has no value for %s: zero or negative'):format(node.id,
            node.aggregate.method, shown)
      end
   end
end

--- Gives back what a step used, where that is much: the collector would let it grow to the size of the data again.
local function tidy(set)
   if #set.units * #set.periods * #set.spec.indicators >= 200000 then collectgarbage() end
end

--- The scores and ranks from normalised data: also used for variants.
function run.finish(self)
   local spec, set = self.spec, self.set
   self.weights = tree.weights(spec, set, self.normalised, self.notes)
   self.tree = tree.build(spec, self.weights)
   self.rules, self.functions = tree.rules(spec)
   local flaws
   self.aggregated, flaws = tree.evaluate(spec, self.tree, set, self.normalised, self.weights, self.rules,
      self.functions)
   for _, flaw in ipairs(flaws) do
      self.warnings[#self.warnings + 1] = ('"%s"%s has no scores: %s %s'):format(flaw.node.id,
         set.timeless and "" or " in " .. flaw.period, flaw.node.aggregate.method, flaw.flaw)
   end
   name_unusable(self)
   self.rank = run.ranks(self, self.aggregated, 1)
   return self
end

--- Ranks of one column of a matrix, period by period: a list over all rows, false without a score.
function run.ranks(self, matrix, column)
   local units, ranks = #self.set.units, {}
   self.ranked = self.ranked or {}
   for p = 1, #self.set.periods do
      local _, ranked = kernel.rank(matrix, column, (p - 1) * units + 1, units, self.spec.root.tolerance, ranks)
      if column == 1 and matrix == self.aggregated then self.ranked[p] = ranked end
   end
   return ranks
end

--- From raw data on: everything that does not read a source. `raw` replaces the data of the set.
function run.from_set(spec, set, raw)
   local self = {spec = spec, set = set, warnings = {}, notes = {}, treatment = {}}
   describe(spec, set)
   if raw then
      self.set = setmetatable({raw = raw}, {__index = set})
      set = self.set
   end
   self.raw = set.raw
   tidy(set)
   self.denominated = stages.denominate(self)
   self.imputed = stages.impute(self, self.denominated)
   self.treated = stages.treat(self, self.imputed)
   tidy(set)
   self.normalised = stages.normalise(self, self.treated)
   tidy(set)
   return run.finish(self)
end

--- The normalised data of a variant: other imputation and normalisation where the spec leaves them to the index.
function run.variant(self, impute, normalise)
   local quiet = {spec = self.spec, set = self.set, warnings = {}, notes = {}, treatment = {}}
   local imputed = impute and stages.impute(quiet, self.denominated, impute) or self.imputed
   local treated = impute and stages.treat(quiet, imputed) or self.treated
   return stages.normalise(quiet, treated, normalise), quiet.warnings
end

--- Computes from a source; conditions of the world give nil, message, code.
function run.compute(spec, given)
   local set, message, code = data.read(spec, given)
   if not set then return nil, message, code end
   if (set.infinite or 0) > 0 then core.log(("warning: %d infinite values were left out"):format(set.infinite)) end
   return run.from_set(spec, set)
end

return run
