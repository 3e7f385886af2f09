--- Choices that vary: what `robustness` and `sensitivity` are told to vary, as the core takes it.
local core = require "difkit.core"
local errors = require "difkit.error"
local methods = require "difkit.index.methods"
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local spec = require "difkit.index.spec"
local tree = require "difkit.index.tree"

local kernel = core.index
local experiments = {}

--- Alternatives of a step as methods; none given means what the spec says.
local function alternatives(call, kind, given)
   if given == nil then return {} end
   local list = given
   if type(given) ~= "table" or given.method ~= nil then list = {given} end
   local read = {}
   for i, one in ipairs(list) do
      local own = kind == "weights" and one == "given" -- the weights of the spec, whatever they are
      read[i] = own and {method = "given"} or methods.read(kind, one, function(message, hint)
         errors.raise(("%s: %s"):format(call, message), hint)
      end)
      if kind ~= "aggregate" and read[i].method == "function" then
         errors.raise(("%s: an alternative of %s must be a method by name"):format(call, kind))
      end
   end
   return read
end

--- Alternatives that stand for a method which no indicator inherits change nothing: they are left out, which is said.
local function reaching(self, kind, list, warnings)
   local rows = #self.set.units * #self.set.periods
   for leaf, node in ipairs(self.spec.indicators) do
      local inherits = node.given[kind] == nil
      if kind == "impute" then inherits = inherits and kernel.available(self.denominated, leaf, 1, rows) < rows end
      if inherits then return list end
   end
   if #list > 0 then
      warnings[#warnings + 1] = ("the alternatives of %s reach no indicator: %s"):format(kind,
         kind == "impute" and "none that inherits it has a gap" or "each has its own")
   end
   return {}
end

--- Noise of each node's weight: one share for all, or one for each level below the index.
local function noise_of(self, call, given)
   local noise = {}
   if given ~= nil and type(given) ~= "number" and type(given) ~= "table" then
      errors.raise(("%s: weights must be a share such as 0.25, or one for each level, not %s"):format(call,
         errors.show(given)))
   end
   for i, node in ipairs(self.spec.nodes) do
      local share = type(given) == "table" and given[node.level] or type(given) == "number" and given or 0
      if type(share) ~= "number" or share < 0 or share > 1 then
         errors.raise(("%s: the noise of weights must be between 0 and 1, not %s"):format(call, errors.show(share)),
            "0.25 multiplies every weight by 0.75 to 1.25")
      end
      noise[i] = node.parent and #node.parent.children > 1 and self.weights[i] > 0 and share or 0
   end
   noise.n = #self.spec.nodes
   return noise
end

--- Weights of all nodes under each alternative: it stands for those of the index and of all groups without weights of
--- their own. "given" are those of the spec. Weights from data are made from the index as it is, once.
local function weightings_of(self, call, list)
   local made = {}
   for i, how in ipairs(list) do
      if how.method == "given" then
         made[i] = self.weights
      else
         local own = spec.for_run(self.spec)
         for _, node in ipairs(own.nodes) do
            if node.children and (not node.parent or node.given.weights == nil) then node.weighting = how end
            node.fail = function(message, hint) errors.raise(("%s: %s: %s"):format(call, node.id, message), hint) end
         end
         made[i] = tree.weights(own, self.set, self.normalised, {}, {})
      end
      made[i] = table.move(made[i], 1, #self.spec.nodes, 1, {n = #self.spec.nodes})
   end
   return #made > 0 and made or nil
end

--- How many draws of what chance leaves open: gaps filled at random and errors of measurement; 1 where nothing is.
local function draws_of(self, call, impute, options)
   local chance = {seed = options.seed or 1, cache = {}, measurement = false, draws = options.draws or 20}
   errors.check(call, "draws", chance.draws, "integer")
   errors.check(call, "measurement", options.measurement, "boolean", "optional")
   if chance.draws < 1 or chance.draws > 10000 then
      errors.raise(("%s: draws must be between 1 and 10000, not %d"):format(call, chance.draws))
   end
   local open = false
   for _, how in ipairs(impute) do open = open or how.method == "multiple" end
   for _, node in ipairs(self.spec.indicators) do
      open = open or (#impute == 0 or node.given.impute ~= nil) and node.impute.method == "multiple"
      chance.measurement = chance.measurement or self.set.errors[node.leaf] ~= nil and options.measurement ~= false
   end
   if options.measurement and not chance.measurement then
      errors.raise(("%s: no indicator has a standard error"):format(call),
         "standard_error = 0.5, or the name of a column")
   end
   if not open and not chance.measurement then chance.draws = 1 end
   return chance
end

--- The experiment for the kernel, and the names of its inputs in order.
function experiments.of(self, call, options)
   local units = #self.set.units
   local _, _, p = result.row_of(self, call, self.set.units[1], options.period)
   local variants, warnings = {}, {}
   local impute = reaching(self, "impute", alternatives(call, "impute", options.impute), warnings)
   local normalise = reaching(self, "normalise", alternatives(call, "normalise", options.normalise), warnings)
   local aggregate = alternatives(call, "aggregate", options.aggregate)
   local chance = draws_of(self, call, impute, options)
   local treat = reaching(self, "treat", alternatives(call, "treat", options.treat), warnings)
   local function first(d, made, said)
      for _, warning in ipairs(d == 1 and said or {}) do warnings[#warnings + 1] = warning end
      return made
   end
   for i = 1, math.max(#impute, 1) do
      for d = 1, chance.draws do
         chance.draw = d
         local imputed = first(d, run.imputed(self, impute[i], chance.draws > 1 and chance or nil))
         for t = 1, math.max(#treat, 1) do
            local treated = first(d, run.treated(self, imputed, treat[t]))
            for n = 1, math.max(#normalise, 1) do
               variants[#variants + 1] = first(d, run.normalised(self, treated, normalise[n]))
            end
         end
      end
   end
   if chance.bounded then
      warnings[#warnings + 1] = ("%d values drawn beyond what an indicator can be are kept at its bounds"):format(
         chance.bounded)
   end
   local weighting = alternatives(call, "weights", options.weighting)
   local rules, functions = {}, nil
   for a = 1, math.max(#aggregate, 1) do
      local list, calls = tree.rules(self.spec, aggregate[a], self.weights)
      rules[a], functions = list, calls or functions
   end
   local drop = options.drop or 0
   errors.check(call, "drop", drop, "integer")
   if drop < 0 or drop >= #self.spec.indicators then
      errors.raise(("%s: drop must be between 0 and %d, not %d"):format(call, #self.spec.indicators - 1, drop))
   end
   local nominal = table.move(self.rank, (p - 1) * units + 1, p * units, 1, {})
   local experiment = {
      variants = variants, imputations = math.max(#impute, 1), draws = chance.draws,
      treatments = math.max(#treat, 1),
      normalisations = math.max(#normalise, 1), rules = rules, weightings = weightings_of(self, call, weighting),
      noise = noise_of(self, call, options.weights), drops = drop, from = (p - 1) * units + 1, count = units,
      tolerance = self.spec.root.tolerance, nominal = nominal, functions = functions,
   }
   local inputs = {}
   if #impute > 1 then inputs[#inputs + 1] = {kind = "impute", choices = impute} end
   if chance.draws > 1 then inputs[#inputs + 1] = {kind = "draw", count = chance.draws,
      measurement = chance.measurement} end
   if #treat > 1 then inputs[#inputs + 1] = {kind = "treat", choices = treat} end
   if #normalise > 1 then inputs[#inputs + 1] = {kind = "normalise", choices = normalise} end
   if #aggregate > 1 then inputs[#inputs + 1] = {kind = "aggregate", choices = aggregate} end
   if #weighting > 1 then inputs[#inputs + 1] = {kind = "weighting", choices = weighting} end
   for i, node in ipairs(self.spec.nodes) do
      if experiment.noise[i] > 0 then
         inputs[#inputs + 1] = {kind = "weights", node = node, noise = experiment.noise[i]}
      end
   end
   for _ = 1, drop do inputs[#inputs + 1] = {kind = "drop"} end
   return experiment, inputs, warnings, p
end

--- What varies, in words.
function experiments.text(inputs, options)
   local parts, weights, drops = {}, 0, 0
   for _, input in ipairs(inputs) do
      if input.choices then
         local names = {}
         for i, one in ipairs(input.choices) do names[i] = methods.show(one) end
         parts[#parts + 1] = ("%s %s"):format(input.kind, table.concat(names, " or "))
      elseif input.kind == "weights" then
         weights = weights + 1
      elseif input.kind == "draw" then
         parts[#parts + 1] = ("%d draws of %s"):format(input.count, input.measurement
            and "gaps and errors of measurement"
            or "gaps")
      else
         drops = drops + 1
      end
   end
   if weights > 0 then
      local share = options.weights
      parts[#parts + 1] = ("%d weights ±%s"):format(weights,
         type(share) == "number" and ("%g %%"):format(100 * share) or "by level")
   end
   if drops > 0 then
      parts[#parts + 1] = drops == 1 and "one indicator or none left out"
         or ("up to %d indicators left out"):format(drops)
   end
   return #parts > 0 and table.concat(parts, "; ") or "nothing varies"
end

--- Adds functions to a table: robustness:shares() and so on.
function experiments.add_methods(t, list)
   for name, call in pairs(list) do rawset(t, name, call) end
   return t
end

return experiments
