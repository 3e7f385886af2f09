--- `result:audit`: the way from a computed index to its audit, with variants of the index for the audit to compare.
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local spec = require "difkit.index.spec"
local tree = require "difkit.index.tree"

---@class difkit.IndexResult
local Result = result.methods

--- A copy of what a spec was made from with `change(child)` in place of the child of this id; without it where that
--- gives nil.
local function edited(given, id, change)
   local copy = spec.variant(given, {})
   if type(given.children) ~= "table" then return copy end
   copy.children = {}
   for _, child in ipairs(given.children) do
      if (type(child) == "table" and child.id or child) == id then child = change(child)
      elseif type(child) == "table" then child = edited(child, id, change) end
      copy.children[#copy.children + 1] = child
   end
   return copy
end

--- A child as a table, with other keys.
local function child_with(child, changes)
   return spec.variant(type(child) == "table" and child or {id = child}, changes)
end

--- Ways to compute an index again, from the data that it has: {variant, without, turned, moved}.
local function again_of(self)
   local again = {}

   --- With keys of its spec replaced.
   function again.variant(changes)
      local own = spec.read(spec.variant(self.spec.given, changes))
      own.file = self.spec.file
      return run.from_set(own, self.set)
   end

   --- Its scores without a part.
   function again.without(id)
      local weights = table.move(self.weights, 1, #self.spec.nodes, 1, {n = #self.spec.nodes})
      weights[self.spec.by_id[id].number] = 0
      return {set = self.set, spec = self.spec, weights = weights, aggregated = (tree.evaluate(self.spec, self.tree,
         self.set, self.normalised, weights, self.rules, self.functions))}
   end

   --- With an indicator in the other direction.
   function again.turned(id)
      local own = spec.read(edited(self.spec.given, id, function(child)
         return child_with(child, {direction = -self.spec.by_id[id].sign})
      end))
      own.file = self.spec.file
      return run.from_set(own, self.set)
   end

   --- With an indicator in another group, its normalised values as they are.
   function again.moved(id, group)
      local taken
      local given = edited(self.spec.given, id, function(child)
         taken = child
         return nil
      end)
      given = edited(given, group, function(child)
         local children = table.move(child.children, 1, #child.children, 1, {})
         children[#children + 1] = child_with(taken, {weight = type(taken) == "table" and taken.weight or nil})
         return child_with(child, {children = children})
      end)
      local own = spec.read(given)
      own.file = self.spec.file
      for _, node in ipairs(own.indicators) do node.leaf = self.spec.by_id[node.id].leaf end
      return run.finish{spec = own, set = self.set, normalised = self.normalised, warnings = {}, notes = {}}
   end

   return again
end

---Audits the index along the steps of a JRC audit: concept, data, coherence, importance, added value, robustness,
---frontier,
---and a verdict. What the sections compute, and by which rules sentences are made, is in scripts/guide/AUDIT.md.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local audit = egdi:compute(db):audit{runs = 100, sobol = 16}
---print(audit.verdict.sentences[1]:match "^With 10 units") --> With 10 units
---```
---@param options? difkit.AuditOptions
---@return difkit.Audit
function Result:audit(options) return require("difkit.audit").run(self, options, again_of(self)) end

return Result
