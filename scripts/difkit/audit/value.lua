--- Sections "Added value" and "Frontier" of an audit: what the index says that its parts do not, and how it
--- stands beside
--- weights that favour each unit.
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"

local value = {}

--- Units that rank elsewhere in a component than in the index.
local function shifts(self, index, ranks)
   local tenth, row = math.max(2, self.n / 10), {n = 0, by_ten = 0, by_tenth = 0, sum = 0, most = 0}
   for u = 1, self.n do
      if index[u] and ranks[u] then
         local shift = math.abs(index[u] - ranks[u])
         row.n, row.sum = row.n + 1, row.sum + shift
         if shift >= 10 then row.by_ten = row.by_ten + 1 end
         if shift >= tenth then row.by_tenth = row.by_tenth + 1 end
         if shift > row.most then row.most, row.unit = shift, self.units[u] end
      end
   end
   return row
end

function value.run(self)
   local out = {id = "added_value", title = "Added value", findings = {}, tables = {},
      question = "Does the index say more than its parts?",
      methods = {
         "Places between the rank in the index and the rank in each part. Ten places are the JRC's convention for some "
            .. "130 units; a tenth of the units (at least two places) is difkit's for fewer."}}
   local index, rows = sample.ranks(self.groups[1].score), {}
   for i, group in ipairs(self.groups) do
      if i > 1 then
         local row = shifts(self, index, (sample.ranks(group.score)))
         if row.n >= 3 then
            rows[#rows + 1] = {component = group.id, n = row.n, ten = row.by_ten, share_ten = row.by_ten / row.n,
               tenth = row.by_tenth, share_tenth = row.by_tenth / row.n, mean = row.sum / row.n, most = row.most,
               unit = row.unit, spearman = (sample.spearman(self.groups[1].score, group.score)),
               kendall = (sample.kendall(self.groups[1].score, group.score)),
               pearson = (sample.correlation(self.groups[1].score, group.score))}
            if self.n >= 20 and row.by_tenth / row.n < 0.1 then
               finding.add(out, {code = "redundant", subject = group.id, grade = "look",
                  figures = {row.by_tenth, row.n},
                  text = "%d of %d units rank elsewhere in the index than in %s: beside it the index says little.",
                  values = {row.by_tenth, row.n, group.id}})
            end
         end
      end
   end
   if self.n < 20 and #rows > 0 then
      finding.add(out, {code = "added_value", subject = self.groups[1].id, grade = "unknown", figures = {self.n},
         text = "What the index adds to its parts cannot be judged from %d units.", values = {self.n}})
   end
   finding.table(out, "shifts", "Ranks in the index and in each "
      .. "part", finding.rows({"component", "n", "ten", "share_ten",
      "tenth", "share_tenth", "mean", "most", "unit", "spearman", "kendall", "pearson"}, rows))
   return out
end

--- Scores of the frontier over the units that have every part, by unit; nil and a reason where there is none.
local function frontier_scores(self, children, lower, upper)
   local columns, at, count = {}, {}, 0
   for q = 1, #children do columns[q] = {} end
   for u = 1, self.n do
      local whole = true
      for _, child in ipairs(children) do whole = whole and child.x[u] ~= nil end
      if whole then
         count = count + 1
         at[count] = u
         for q, child in ipairs(children) do columns[q][count] = child.x[u] end
      end
   end
   for q = 1, #children do columns[q].n = count end
   if count < 2 then return nil, "fewer than two units have every part" end
   local found, flaw = kernel.frontier(columns, lower, upper)
   if not found then return nil, "a part " .. flaw end
   local scores = {n = self.n}
   for i, u in ipairs(at) do scores[u] = found[i] end
   return scores
end

function value.frontier(self)
   local out = {id = "frontier", title = "Frontier", findings = {}, tables = {},
      question = "How does each unit stand under the weights that favour it most?",
      methods = {
         "Benefit of the doubt over the parts of the index (Cherchye et al. 2007), each with half to one and a half of "
            .. "an equal share of the unit's own score (difkit's convention). Scores are unique, weights are not. "
            .. "Below three units a part it is an illustration."}}
   local k = #self.groups[1].children
   local lower, upper = 0.5 / k, 1.5 / k
   if k < 2 then return out end
   local scores, problem = frontier_scores(self, self.groups[1].children, lower, upper)
   if not scores then
      finding.add(out, {code = "frontier", subject = self.groups[1].id, grade = "unknown", figures = {k},
         text = "The frontier cannot be computed: %s.", values = {problem}})
      return out
   end
   local index, ranks, rows, on = sample.ranks(self.groups[1].score), (sample.ranks(scores)), {}, 0
   for u, unit in ipairs(self.units) do
      if scores[u] then
         if scores[u] > 1 - 1e-9 then on = on + 1 end
         rows[#rows + 1] = {unit = unit, frontier = scores[u], rank = ranks[u], index_rank = index[u],
            places = index[u] and index[u] - ranks[u]}
      end
   end
   table.sort(rows, function(a, b)
      if a.rank ~= b.rank then return a.rank < b.rank end
      return a.unit < b.unit
   end)
   for _, child in ipairs(self.groups[1].children) do
      for u, unit in ipairs(self.units) do
         if scores[u] and child.x[u] == 0 then
            finding.add(out, {code = "frontier_zero", subject = unit, within = child.id, grade = "note",
               figures = {0}, text = "%s has %d in %s, of which a share is asked for: its score on the frontier is 0.",
               values = {unit, 0, child.id}})
         end
      end
   end
   local spearman = sample.spearman(self.groups[1].score, scores)
   if self.n < 3 * k then
      finding.add(out, {code = "frontier", subject = self.groups[1].id, grade = "unknown", figures = {self.n, k},
         text = "The frontier of %d units over %d parts illustrates; it judges nothing.", values = {self.n, k}})
   elseif spearman and spearman < 0.8 then
      finding.add(out, {code = "frontier", subject = self.groups[1].id, grade = "look", figures = {spearman, on},
         text = "Under weights that favour each unit the order changes: Spearman's correlation with the index is %s, "
            .. "and %d units stand on the frontier.", values = {finding.number(spearman), on}})
   end
   out.spearman = spearman
   finding.table(out, "frontier", ("Benefit of the doubt, shares %s to %s"):format(finding.percent(lower),
      finding.percent(upper)), finding.rows({"unit", "frontier", "rank", "index_rank", "places"}, rows))
   return out
end

return value
