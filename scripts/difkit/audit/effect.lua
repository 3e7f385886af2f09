--- What a recommendation of an audit's verdict would do, computed again: how many ranks would move, alpha of the group
--- in question, and its balance, the largest difference between the importance (share of r²) and the weight of a part.
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"
local structure = require "difkit.audit.structure"

local effect = {}

--- Alpha and balance of a group in a computation of the index, over its children that weigh something and vary.
local function figures_of(result, id, n)
   local group = result.spec.by_id[id]
   local score, children, all, squares = sample.column(result, result.aggregated, group.number), {}, 0, 0
   for _, node in ipairs(group.children) do
      local x, weight = sample.column(result, result.aggregated, node.number), result.weights[node.number]
      local r = weight > 0 and sample.correlation(x, score)
      if r then
         children[#children + 1] = {x = x, weight = weight, square = r * r}
         all, squares = all + weight, squares + r * r
      end
   end
   if #children < 2 or squares == 0 then return {} end
   local lists, balance = {}, 0
   for i, child in ipairs(children) do
      lists[i] = child.x
      balance = math.max(balance, math.abs(child.square / squares - child.weight / all))
   end
   local complete, units = sample.complete(lists)
   return {balance = balance, n = n, alpha = #children > 1 and units >= 3
      and structure.alpha(kernel.covariances(complete), #children) or nil}
end

--- How many ranks differ, and by how many places at most.
local function moves(self, other)
   local before, after = sample.ranks(self.groups[1].score), (sample.ranks(sample.root_scores(other)))
   local moved, most = 0, 0
   for u = 1, self.n do
      if before[u] and after[u] then
         local places = math.abs(before[u] - after[u])
         moved, most = moved + (places > 0 and 1 or 0), math.max(most, places)
      end
   end
   return moved, most
end

--- Ranks, and from 20 units on alpha and balance of the group before and after.
local function compared(self, other, group, how)
   if not other then return nil end
   how.moved, how.most = moves(self, other)
   if group and self.n >= 20 then
      local before, after = figures_of(self.result, group, self.n), figures_of(other, group, self.n)
      how.group = group
      if before.alpha and after.alpha then how.alpha, how.alpha_after = before.alpha, after.alpha end
      if before.balance and after.balance then how.balance, how.balance_after = before.balance, after.balance end
   end
   return how
end

--- The gaps filled by medians, or left where the index fills them: once for all findings about coverage.
local function filled(self, ways, cache)
   if cache.filled == nil then
      local root = self.result.spec.root.impute
      local method = root and root.method ~= "none" and "none" or "median"
      cache.filled = compared(self, ways.variant{impute = method}, nil, {imputed = method}) or false
   end
   return cache.filled or nil
end

---What following a finding's advice would do: {left_out or turned or put or imputed, moved, most, group, alpha,
---alpha_after, balance, balance_after}; nil where nothing can be computed.
function effect.of(self, one, ways, cache)
   if one.code == "coverage" then return filled(self, ways, cache) end
   local id = one.pair and one.pair[2] or one.subject:match "%+(.*)$" or one.subject
   local node = self.result.spec.by_id[id]
   if not node or not node.parent then return nil end
   if one.code == "reversed" and node.leaf then
      return compared(self, ways.turned(id), node.parent.id, {turned = id})
   elseif one.code == "misplaced" and node.leaf and one.place then
      return compared(self, ways.moved(id, one.place), one.place, {put = id})
   end
   if #node.parent.children < 2 then return nil end
   return compared(self, ways.without(id), node.parent.id, {left_out = id})
end

--- What is said first of an effect, by what was done.
local function said(how)
   if how.turned then return ("With %s turned"):format(how.turned) end
   if how.put then return ("With %s in %s"):format(how.put, how.group or "that group") end
   if how.imputed then
      return how.imputed == "none" and "With the gaps left open"
         or ("With the gaps filled by the %s"):format(how.imputed)
   end
   return ("Without %s"):format(how.left_out)
end

--- An effect in sentences.
function effect.text(how, n)
   local text = ("%s %d of %d ranks would move, by %d places at most."):format(said(how), how.moved, n, how.most)
   if how.alpha then
      text = ("%s Alpha of %s would be %s instead of %s."):format(text, how.group, finding.number(how.alpha_after),
         finding.number(how.alpha))
   end
   if how.balance then
      text = ("%s Importance and weight in %s would lie at most %s apart instead of %s."):format(text, how.group,
         finding.points(how.balance_after), finding.points(how.balance))
   end
   return text
end

return effect
