--- Choices that vary: what `robustness` and `sensitivity` are told to vary, as the core takes it.
local core = require "difkit.core"
local errors = require "difkit.error"
local methods = require "difkit.index.methods"
local result = require "difkit.index.result"
local run = require "difkit.index.run"
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
      read[i] = methods.read(kind, one, function(message, hint) errors.raise(("%s: %s"):format(call, message),
         hint) end)
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

--- The experiment for the kernel, and the names of its inputs in order.
function experiments.of(self, call, options)
   local units = #self.set.units
   local _, _, p = result.row_of(self, call, self.set.units[1], options.period)
   local variants, warnings = {}, {}
   local impute = reaching(self, "impute", alternatives(call, "impute", options.impute), warnings)
   local normalise = reaching(self, "normalise", alternatives(call, "normalise", options.normalise), warnings)
   local aggregate = alternatives(call, "aggregate", options.aggregate)
   for i = 1, math.max(#impute, 1) do
      for n = 1, math.max(#normalise, 1) do
         local matrix, said = self.normalised, nil
         if impute[i] or normalise[n] then matrix, said = run.variant(self, impute[i], normalise[n]) end
         variants[#variants + 1] = matrix
         for _, warning in ipairs(said or {}) do warnings[#warnings + 1] = warning end
      end
   end
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
      variants = variants, imputations = math.max(#impute, 1), normalisations = math.max(#normalise, 1), rules = rules,
      noise = noise_of(self, call, options.weights), drops = drop, from = (p - 1) * units + 1, count = units,
      tolerance = self.spec.root.tolerance, nominal = nominal, functions = functions,
   }
   local inputs = {}
   if #impute > 1 then inputs[#inputs + 1] = {kind = "impute", choices = impute} end
   if #normalise > 1 then inputs[#inputs + 1] = {kind = "normalise", choices = normalise} end
   if #aggregate > 1 then inputs[#inputs + 1] = {kind = "aggregate", choices = aggregate} end
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
