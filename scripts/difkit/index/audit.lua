--- `result:audit`: the way from a computed index to its audit, with variants of the index for the audit to compare.
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local spec = require "difkit.index.spec"
local tree = require "difkit.index.tree"

---@class difkit.IndexResult
local Result = result.methods

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
function Result:audit(options)
   return require("difkit.audit").run(self, options, function(changes)
      local own = spec.read(spec.variant(self.spec.given, changes))
      own.file = self.spec.file
      return run.from_set(own, self.set)
   end, function(id)
      local weights = table.move(self.weights, 1, #self.spec.nodes, 1, {n = #self.spec.nodes})
      weights[self.spec.by_id[id].number] = 0
      return {set = self.set, spec = self.spec, aggregated = (tree.evaluate(self.spec, self.tree, self.set,
         self.normalised, weights, self.rules, self.functions))}
   end)
end

return Result
