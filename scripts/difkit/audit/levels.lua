--- Correlations across levels, for the section "Coherence" of an audit: every part with every group, its own, those
--- above it, and the others.
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"

local levels = {}

--- How a group stands to a node: the one it is in, one above, the index, one below it, or another.
local function relation(node, group)
   if node.parent == group.node then return "parent" end
   local above = node.parent
   while above do
      if above == group.node then return above.parent and "ancestor" or "index" end
      above = above.parent
   end
   above = group.node.parent
   while above do
      if above == node then return "descendant" end
      above = above.parent
   end
   return "other"
end

function levels.run(self, out)
   local rows = {}
   for _, node in ipairs(self.result.spec.nodes) do
      local x = self.scores[node.id]
      for _, group in ipairs(self.groups) do
         if node.parent and group.id ~= node.id and not self.constant[node.id] then
            local r, n = sample.correlation(x, group.score)
            local low, high = nil, nil
            if r then low, high = kernel.interval(r, n) end
            local row = {item = node.id, group = group.id, relation = relation(node, group), n = n, r = r, low = low,
               high = high, p = r and kernel.correlation_p(r, n)}
            if row.relation == "parent" and #group.children > 1 then
               row.r_rest = sample.correlation(x, sample.rest(group, node.id))
            end
            rows[#rows + 1] = row
         end
      end
   end
   finding.table(out, "levels", "Every part with every group", finding.rows({"item", "group", "relation", "n", "r",
      "low",
      "high", "p", "r_rest"}, rows))
   if #out.tables > 0 and out.tables[#out.tables].id == "levels" then out.tables[#out.tables].data_only = true end
end

return levels
