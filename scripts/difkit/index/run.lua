--- Computes an index: reads the data, runs the stages, ranks.
local core = require "difkit.core"
local data = require "difkit.index.data"
local stages = require "difkit.index.stages"
local tree = require "difkit.index.tree"

local kernel = core.index
local run = {}

--- "W 2020 (people)": a row and what is said of it.
local function row_name(set, row, said)
   local units = #set.units
   local unit, period = set.units[(row - 1) % units + 1], set.periods[(row - 1) // units + 1]
   return ("%s%s%s"):format(unit, set.timeless and "" or " " .. period, said and (" (%s)"):format(said) or "")
end

local function some(named)
   if #named <= 8 then return table.concat(named, "; ") end
   return ("%s; and %d more"):format(table.concat(named, "; ", 1, 8), #named - 8)
end

--- Children of a group that count and fulfil a condition in a row: their ids, or nil when there is none.
local function children_where(self, node, row, condition)
   local ids = {}
   for _, child in ipairs(node.children) do
      if self.weights[child.number] > 0 and condition(child, self.aggregated:get(row, child.number)) then
         ids[#ids + 1] = child.id
      end
   end
   return #ids > 0 and table.concat(ids, ", ") or nil
end

--- Why a node has no score in a row.
local function reason(self, row, node) return (select(3, self.aggregated:origin(row, node.number))) end

--- Names the units that a group leaves without a score since its mean is not defined, and those that a zero brings to
--- zero.
local function name_group(self, node, findings)
   local set, lost, zero = self.set, {}, {}
   local can_be_zero = ({geometric = true, harmonic = true})[node.aggregate.method]
      or node.aggregate.method == "generalised" and node.aggregate.power <= 0
   if not can_be_zero and not self.aggregated:counts(node.number)["not defined"] then return end
   for row = 1, #set.units * #set.periods do
      local value = self.aggregated:get(row, node.number)
      local failed = findings[(row - 1) // #set.units + 1].flaws[node.number]
      if not value and not failed and reason(self, row, node) == "not defined" then
         local above = children_where(self, node, row, function(child, score)
            return not score and reason(self, row, child) == "not defined"
         end)
         if not above then
            lost[#lost + 1] = row_name(set, row, children_where(self, node, row, function(_, score)
               return score and score < 0
            end))
         end
      elseif value == 0 and can_be_zero then
         zero[#zero + 1] = row_name(set, row, children_where(self, node, row, function(_, score) return score == 0 end))
      end
   end
   local method = node.aggregate.method
   if #lost > 0 then
      local why = method == "function" and "it gives no number"
         or (method == "mpi" or method == "ampi") and "its mean is not above zero"
         or method == "topsis" and "what it has does not vary"
         or method == "benefit_of_doubt" and "negative values have no share of weight"
         or "its mean of negative values is none"
      self.warnings[#self.warnings + 1] = ('"%s" (%s) is not defined for %s: %s'):format(node.id, method, some(lost),
         why)
   end
   if #zero > 0 then
      self.notes[#self.notes + 1] = ('"%s" (%s) is zero for %s'):format(node.id, method, some(zero))
   end
end

--- Names the units whose value of an indicator a transformation, treatment or normalisation is not defined for: they
--- have no score of the groups above it.
local function name_indicator(self, node)
   local set, lost = self.set, {}
   if (self.normalised:counts(node.leaf)["not defined"] or 0) == 0 then return end
   local there = kernel.available(self.normalised, node.leaf, 1, #set.units * #set.periods)
   if there == 0 then return end
   for row = 1, #set.units * #set.periods do
      local _, _, why = self.normalised:origin(row, node.leaf)
      if why == "not defined" then lost[#lost + 1] = row_name(set, row) end
   end
   self.warnings[#self.warnings + 1] = ('indicator "%s" is not defined for %s: without a score'):format(node.id,
      some(lost))
end

--- Says what the kernel found out about a group: without scores in a period, or with several best orders.
local function name_findings(self, node, findings)
   for p, period in ipairs(self.set.periods) do
      local at = self.set.timeless and "" or " in " .. period
      local method, flaw = node.aggregate.method, findings[p].flaws[node.number]
      if flaw and method == "kemeny" then
         flaw = flaw .. ": the majorities of more than 24 units run in a circle"
      end
      if flaw then
         self.warnings[#self.warnings + 1] = ('"%s"%s has no scores: %s %s'):format(node.id, at, method, flaw)
      end
      if findings[p].several[node.number] then
         self.warnings[#self.warnings + 1] =
            ('"%s"%s: several orders have the greatest support (kemeny); units that they do not agree about are tied')
            :format(node.id, at)
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
   self.weights = tree.weights(spec, set, self.normalised, self.notes, self.warnings)
   self.tree = tree.build(spec, self.weights)
   self.rules, self.functions = tree.rules(spec, nil, self.weights)
   local findings
   self.aggregated, findings = tree.evaluate(spec, self.tree, set, self.normalised, self.weights, self.rules,
      self.functions)
   for _, node in ipairs(spec.indicators) do name_indicator(self, node) end
   for i = #spec.nodes, 1, -1 do
      if spec.nodes[i].children then
         name_findings(self, spec.nodes[i], findings)
         name_group(self, spec.nodes[i], findings)
      end
   end
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
   local self = {spec = spec, set = set, warnings = {}, notes = {}, treatment = {}, used = {}}
   for _, warning in ipairs(set.warnings or {}) do self.warnings[#self.warnings + 1] = warning end
   for leaf, used in pairs(set.used or {}) do self.used[leaf] = table.move(used, 1, #set.units, 1, {}) end
   data.put_known(spec, set.known)
   if raw then
      self.set = setmetatable({raw = raw}, {__index = set})
      set = self.set
   end
   self.raw = set.raw
   tidy(set)
   self.denominated = stages.denominate(self)
   self.imputed = stages.impute(self, self.denominated)
   for leaf, node in ipairs(spec.indicators) do
      if set.empty and set.empty[leaf] and kernel.available(self.imputed, leaf, 1, #set.units * #set.periods) == 0 then
         self.warnings[#self.warnings + 1] = data.check_empty(set, node)
      end
   end
   self.treated = stages.treat(self, self.imputed)
   tidy(set)
   self.normalised = stages.normalise(self, self.treated)
   tidy(set)
   return run.finish(self)
end

--- Raw values with errors of measurement added: for each draw the same ones.
local function disturbed(self, chance)
   local raw, rows = self.raw:copy(), #self.set.units * #self.set.periods
   for leaf, node in ipairs(self.spec.indicators) do
      local errors_of = self.set.errors and self.set.errors[leaf]
      if errors_of then
         local values, z = raw:numbers(leaf, 1, rows), kernel.normals(rows, chance.seed, chance.draw * 100003 + leaf)
         for row = 1, rows do
            if values[row] then values[row] = values[row] + (errors_of[row] or 0) * z[row] end
         end
         raw:put(node.leaf, 1, rows, values, "observed")
      end
   end
   return raw
end

--- A run that keeps to itself what it has to say: for variants.
local function quiet_run(self, chance)
   return {spec = self.spec, set = self.set, warnings = {}, notes = {}, treatment = {}, used = {}, chance = chance}
end

--- The imputed data of a variant: another imputation where the spec leaves it to the index. `chance` ({draw, draws,
--- seed, measurement, cache}) draws what chance leaves open. Also what had to be said.
function run.imputed(self, impute, chance)
   local quiet, denominated = quiet_run(self, chance), self.denominated
   if not impute and not chance then return self.imputed, quiet.warnings end
   if chance and chance.measurement then
      quiet.set = setmetatable({raw = disturbed(self, chance)}, {__index = self.set})
      denominated = stages.denominate(quiet)
   end
   return stages.impute(quiet, denominated, impute), quiet.warnings
end

--- The treated data of a variant: imputed data under another treatment where the spec leaves it to the index.
function run.treated(self, imputed, treat)
   local quiet = quiet_run(self)
   if imputed == self.imputed and not treat then return self.treated, quiet.warnings end
   return stages.treat(quiet, imputed, treat), quiet.warnings
end

--- The normalised data of a variant: treated data on another scale where the spec leaves it to the index.
function run.normalised(self, treated, normalise)
   local quiet = quiet_run(self)
   if treated == self.treated and not normalise then return self.normalised, quiet.warnings end
   return stages.normalise(quiet, treated, normalise), quiet.warnings
end

--- Computes from a source; conditions of the world give nil, message, code.
function run.compute(spec, given)
   local set, message, code = data.read(spec, given)
   if not set then return nil, message, code end
   return run.from_set(spec, set)
end

return run
