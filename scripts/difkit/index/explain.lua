--- Why a unit stands where it stands: the score taken apart down the tree, and what the next rank would take.
local result = require "difkit.index.result"
local tables = require "difkit.table"

---@class difkit.IndexResult
local Result = result.methods

--- The group means of one unit in Lua, for asking "what if this score were x". Methods that compare all units have
--- none.
local function mean(rule, values, weights)
   local sum, total, least, count, zero = 0, 0, math.huge, 0, false
   local method, power = rule.method, rule.power
   if method == "geometric" or method == "generalised" and power == 0 then method, power = "geometric", 0 end
   if method == "harmonic" then method, power = "generalised", -1 end
   for i, value in pairs(values) do
      local weight = weights[i]
      if weight > 0 then
         count = count + 1
         total, least = total + weight, math.min(least, value)
         if method == "arithmetic" then
            sum = sum + weight * value
         elseif method == "geometric" or method == "generalised" then
            if value < 0 then return nil end
            if value == 0 and power <= 0 then zero = true end
            sum = sum + weight * (power == 0 and math.log(value) or value ^ power)
         elseif method ~= "minimum" then
            return nil
         end
      end
   end
   if count == 0 then return nil end
   if zero then return 0 end
   if method == "minimum" then return least end
   if method == "geometric" then return math.exp(sum / total) end
   if method == "generalised" then return (sum / total) ^ (1 / power) end
   return sum / total
end

--- The score of the index when the node has the value x instead; nil where that cannot be told.
local function index_with(self, row, node, x)
   while node.parent do
      local group, values, weights = node.parent, {}, {}
      for i, child in ipairs(group.children) do
         values[i] = self.aggregated:get(row, child.number)
         if child == node then values[i] = x end
         weights[i] = self.weights[child.number]
      end
      x = mean(self.rules[group.number], values, weights)
      if x == nil then return nil end
      node = group
   end
   return x
end

--- How much the node's score must rise for the index to reach `goal`; nil when no rise does it.
local function rise_to(self, row, node, goal)
   local score = self.aggregated:get(row, node.number)
   if not score then return nil end
   local now = index_with(self, row, node, score)
   if not now then return nil end
   local step = math.max(math.abs(score), 1e-6)
   local low, high = 0, step
   for _ = 1, 60 do
      local there = index_with(self, row, node, score + high)
      if there and there >= goal then break end
      low, high = high, high * 2
      if high > 1e9 * step then return nil end
   end
   for _ = 1, 200 do
      local middle = (low + high) / 2
      if middle <= low or middle >= high then break end
      local there = index_with(self, row, node, score + middle)
      if there and there >= goal then high = middle else low = middle end
   end
   return high
end

--- The score that the unit needs for the next rank: that of the nearest unit above it in the same period.
local function next_score(self, row, p)
   local units, own, goal = #self.set.units, self.aggregated:get(row, 1), nil
   if not own then return nil end
   for other = (p - 1) * units + 1, p * units do
      local score = self.aggregated:get(other, 1)
      if score and self.rank[other] and self.rank[other] < self.rank[row] and (not goal or score < goal) then
         goal = score
      end
   end
   return goal
end

--- Shares of weight of the children of a group for one unit, over those that have a score: under benefit of the doubt
--- those that the unit has chosen.
local function shares(self, row, group)
   local list, total = {}, 0
   if self.rules[group.number].method == "benefit_of_doubt" then return result.chosen(self, group)[row] end
   for i, child in ipairs(group.children) do
      if self.aggregated:get(row, child.number) then
         list[i] = self.weights[child.number]
         total = total + list[i]
      end
   end
   for i in pairs(list) do list[i] = total > 0 and list[i] / total or nil end
   return list
end

--- What a child adds to the score of its group: points under an arithmetic mean and benefit of the doubt, a factor
--- under a geometric one.
local function contribution(self, row, group, share, score)
   local rule = self.rules[group.number]
   if not share or not score then return nil end
   if rule.method == "benefit_of_doubt" then
      local sum, list, of = 0, shares(self, row, group), self.aggregated:get(row, group.number)
      for i, child in ipairs(group.children) do
         if list[i] then sum = sum + list[i] * self.aggregated:get(row, child.number) end
      end
      return of and (sum > 0 and of * share * score / sum or 0)
   end
   if rule.method == "arithmetic" then return share * score end
   if rule.method == "geometric" and score >= 0 then return score ^ share end
   return nil
end

---The score of a unit taken apart down the tree. For each node: its score, its weight within the group (over the
---children that have a score), its effective weight in the index, what it contributes to the group's score (points
---under an arithmetic mean and benefit of the doubt, which sum to it; factors under a geometric mean, whose product it
---is), its contribution
---to the index (where all means above are arithmetic), its rank, the raw value and state of an indicator, and
---`to_next`: how much the node's own score would have to rise for the unit to reach the next rank of the index.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---local parts = egdi:compute(db):explain("VNM")
---print(parts[1].node, parts[1].rank, ("%.4f"):format(parts[1].score)) --> egdi	6	0.6787
---print(parts[2].node, ("%.4f %.4f"):format(parts[2].contribution, parts[2].to_next)) --> osi	0.2161 0.1119
---```
---@param unit string
---@param period? integer|string default the last
---@return difkit.Table
function Result:explain(unit, period)
   local run = require "difkit.index.run"
   local row, _, p = result.row_of(self, "explain", unit, period)
   local goal = next_score(self, row, p)
   local rows, effective, linear = {}, {[1] = 1}, {[1] = true}
   for i, node in ipairs(self.spec.nodes) do
      local score = self.aggregated:get(row, i)
      local out = {
         level = node.level, node = node.id, title = node.shown, score = score, rank = run.ranks(self,
            self.aggregated, i)[row] or nil,
         to_next = goal and rise_to(self, row, node, goal) or nil,
      }
      if node.parent then
         local place
         for n, child in ipairs(node.parent.children) do
            if child == node then place = n end
         end
         local rule = self.rules[node.parent.number]
         out.weight = shares(self, row, node.parent)[place]
         effective[i] = out.weight and (effective[node.parent.number] or 0) * out.weight or nil
         linear[i] = linear[node.parent.number] and rule.method == "arithmetic"
         out.effective = effective[i]
         out.contribution = contribution(self, row, node.parent, out.weight, score)
         if linear[i] and effective[i] and score then out.to_index = effective[i] * score end
      end
      if node.leaf then
         out.raw = self.raw:get(row, node.leaf)
         local state, done = self.treated:origin(row, node.leaf)
         out.state = done ~= "" and ("%s, %s"):format(state, done) or state
      end
      rows[i] = out
   end
   local t = tables.new({
      "level", "node", "title", "score", "rank", "weight", "effective", "contribution", "to_index", "raw", "state",
         "to_next",
   }, rows)
   t.title = ("%s: %s"):format(self.spec.root.shown, self.set.titles[unit] or unit)
   t.note = result.note(self)
   if goal then
      t.note = ("%s. the next rank is at %.6g"):format(t.note, goal)
   end
   return t
end

---A shorter explanation in words, for a report: score, rank, what lifts and what holds back, the way to the next
---rank.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---print(egdi:compute(db):explain_words("VNM"):match "^(.-%.) Strongest") --> Viet Nam: 0.6787, rank 6 of 10.
---```
---@param unit string
---@param period? integer|string default the last
---@return string
function Result:explain_words(unit, period)
   local row, _, p = result.row_of(self, "explain_words", unit, period)
   local title = self.set.titles[unit] or unit
   local score = self.aggregated:get(row, 1)
   if not score then return ("%s: no score."):format(title) end
   local strengths = self:strengths(unit, period)
   local there = {}
   for line in strengths:rows() do
      if line.distance then there[#there + 1] = line end
   end
   local parts = {("%s: %.4f, rank %d of %d."):format(title, score, self.rank[row], self.ranked[p])}
   if #there > 1 then
      parts[2] = ("Strongest against the others: %s (rank %d); weakest: %s (rank %d)."):format(there[1].indicator,
         there[1].rank, there[#there].indicator, there[#there].rank)
   end
   local goal = next_score(self, row, p)
   if goal then parts[#parts + 1] = ("The next rank is %.4f away."):format(goal - score) end
   return table.concat(parts, " ")
end

return Result
