--- Results side by side: with another index, and without one indicator after the other.
local core = require "difkit.core"
local errors = require "difkit.error"
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local tables = require "difkit.table"

local kernel = core.index

---@class difkit.IndexResult
local Result = result.methods

local finished, key_columns, key_row, with = result.finished, result.key_columns, result.key_row, result.with

local function mean_shift(shifts)
   local sum = 0
   for _, shift in ipairs(shifts) do sum = sum + math.abs(shift) end
   return #shifts > 0 and sum / #shifts or nil
end

---Compares with another result: ranks and scores of both for the units (and periods) that both have. `shift` is
---positive where the unit stands better in the other. The note gives the mean absolute shift and Spearman's rank
---correlation.
---
---```lua
---local spec = {id = "egdi", units = "ASEAN", period = 2022, normalise = "none", children = {"osi", "tii", "hci"}}
---local arithmetic = difkit.index(spec):compute(db)
---local geometric = difkit.index(spec):variant{aggregate = "geometric"}:compute(db)
---print(#arithmetic:compare(geometric), arithmetic:compare(geometric)[1].shift) --> 10	0
---```
---@param other difkit.IndexResult
---@return difkit.Table columns unit, period (of several), rank, other_rank, shift, score, other_score, change
function Result:compare(other)
   if getmetatable(other) ~= "difkit.IndexResult" then
      errors.raise(("compare: the other must be a computed index, not %s"):format(errors.show(other)),
         "compute it first: index:compute()")
   end
   local at = {}
   local single = #self.set.periods == 1 and #other.set.periods == 1
   for row = 1, #other.rank do
      local u = other.set.units[(row - 1) % #other.set.units + 1]
      local p = other.set.periods[(row - 1) // #other.set.units + 1]
      at[single and u or u .. "\0" .. tostring(p)] = row
   end
   local rows, shifts = {}, {}
   local both = kernel.matrix(#self.rank, 2)
   for _, row in ipairs(result.in_rank_order(self, self.rank)) do
      local u = self.set.units[(row - 1) % #self.set.units + 1]
      local p = self.set.periods[(row - 1) // #self.set.units + 1]
      local there = at[single and u or u .. "\0" .. tostring(p)]
      local rank, other_rank = self.rank[row] or nil, there and other.rank[there] or nil
      if there then
         local out = key_row(self, row)
         out.rank, out.other_rank = rank, other_rank
         out.score, out.other_score = self.aggregated:get(row, 1), other.aggregated:get(there, 1)
         if rank and other_rank then
            out.shift = rank - other_rank
            shifts[#shifts + 1] = out.shift
            both:set(row, 1, rank)
            both:set(row, 2, other_rank)
         end
         if out.score and out.other_score then out.change = out.other_score - out.score end
         rows[#rows + 1] = out
      end
   end
   local rho = kernel.correlate(both, 1, both, 2, 1, #self.rank, "spearman")
   local note = ("mean absolute shift of ranks %.3g over %d units; Spearman's correlation %s"):format(
      mean_shift(shifts) or 0, #shifts, rho and ("%.3f"):format(rho) or "not defined")
   local t = tables.new(with(key_columns(self), "rank", "other_rank", "shift", "score", "other_score", "change"), rows)
   return finished(self, t, ("%s compared with %s"):format(self.spec.root.shown, other.spec.root.shown), note)
end

---How the ranks change when one indicator, or one group, is left out: mean and largest shift of ranks, the unit that
---moves most, Spearman's correlation with the ranks as they are.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022, normalise = "none",
---   children = {"osi", "tii", "hci"},
---}
---print(#egdi:compute(db):leave_one_out()) --> 3
---```
---@return difkit.Table columns without, title, mean_shift, largest_shift, unit, spearman
function Result:leave_one_out()
   local tree = require "difkit.index.tree"
   local rows = {}
   for i = 2, #self.spec.nodes do
      local node = self.spec.nodes[i]
      if not (node.parent.number == 1 and #node.parent.children == 1) then
         local weights = table.move(self.weights, 1, #self.weights, 1, {})
         weights[i] = 0
         local scores = tree.evaluate(self.spec, self.tree, self.set, self.normalised, weights, self.rules,
            self.functions)
         local ranks = run.ranks(self, scores, 1)
         local both, shifts, largest, who = kernel.matrix(#ranks, 2), {}, 0, nil
         for row, rank in ipairs(ranks) do
            if rank and self.rank[row] then
               local shift = self.rank[row] - rank
               shifts[#shifts + 1] = shift
               both:set(row, 1, rank)
               both:set(row, 2, self.rank[row])
               if math.abs(shift) > math.abs(largest) then
                  largest, who = shift, self.set.units[(row - 1) % #self.set.units + 1]
               end
            end
         end
         rows[#rows + 1] = {
            without = node.id, title = node.shown, mean_shift = mean_shift(shifts), largest_shift = largest,
               unit = who,
            spearman = (kernel.correlate(both, 1, both, 2, 1, #ranks, "spearman")),
         }
      end
   end
   return finished(self, tables.new({"without", "title", "mean_shift", "largest_shift", "unit", "spearman"}, rows),
      ("%s: leaving one out"):format(self.spec.root.shown))
end

return result
