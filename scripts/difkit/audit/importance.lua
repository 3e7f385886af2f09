--- Section "Importance" of an audit: does each part weigh what it is said to weigh?
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"

local importance = {}

--- The correlation ratio of a child and its group: by a spline, or exactly by means where there are few distinct
--- values; whether it is by a spline.
function importance.ratio(x, y, n)
   local count, distinct, sums = {}, 0, {}
   for u = 1, n do
      if not count[x[u]] then count[x[u]], sums[x[u]], distinct = 0, 0, distinct + 1 end
      count[x[u]], sums[x[u]] = count[x[u]] + 1, sums[x[u]] + y[u]
   end
   if distinct > 5 then return (kernel.spline(x, y)), true end
   local mean, between, all = 0, 0, 0
   for u = 1, n do mean = mean + y[u] / n end
   for u = 1, n do
      between = between + (sums[x[u]] / count[x[u]] - mean) ^ 2
      all = all + (y[u] - mean) ^ 2
   end
   return all > 0 and between / all or nil
end

local function rows_of(self, group, settings)
   local rows, total_r2, total_s, weights = {}, 0, 0, 0
   local children = sample.varying(group)
   for i, child in ipairs(children) do
      local pair, n = sample.complete{child.x, group.score}
      local row = {group = group.id, item = child.id, n = n, weight = child.weight}
      weights = weights + child.weight
      row.r = n >= 3 and kernel.correlation_matrix(pair)[2] or nil
      if row.r then
         row.r2 = row.r ^ 2
         local low, high = kernel.interval(row.r, n)
         row.low, row.high = low, high
         total_r2 = total_r2 + row.r2
      end
      if n >= 20 and self.n >= 20 then
         local smooth
         row.ratio, smooth = importance.ratio(pair[1], pair[2], n)
         if smooth then
            row.ratio_local = kernel.local_linear(pair[1], pair[2])
            if settings.spline_bootstrap > 0 then
               row.ratio_low, row.ratio_high = kernel.resample(pair[1], pair[2], settings.spline_bootstrap,
                  settings.seed, "spline")
            end
         end
         total_s = total_s + (row.ratio or 0)
      end
      rows[i] = row
   end
   for _, row in ipairs(rows) do
      row.weight = weights > 0 and row.weight / weights or nil
      row.share_r2 = row.r2 and total_r2 > 0 and row.r2 / total_r2 or nil
      row.share = row.ratio and total_s > 0 and row.ratio / total_s or nil
   end
   return rows, children
end

--- Importance against weight: a half or the double is looked at.
local function judge(self, out, rows)
   for _, row in ipairs(rows) do
      if row.share and row.weight and row.weight > 0 and #rows > 1 then
         local times = row.share / row.weight
         row.times = times
         if (times < 0.5 or times > 2) and self.n >= 30 then
            finding.add(out, {code = "importance", subject = row.item, within = row.group, grade = "look",
               figures = {row.share, row.weight, times},
               text = "%s has %s of the weight of %s and %s of its importance.",
               values = {row.item, finding.percent(row.weight), row.group, finding.percent(row.share)}})
         end
      end
   end
end

--- Signed shares of importance that weights give: r|r| over the sum of r², from covariances.
local function signed_shares(covariances, weights)
   local k, shares, sum = #weights, {}, 0
   for i = 1, k do
      local with = 0
      for j = 1, k do with = with + covariances[(i - 1) * k + j] * weights[j] end
      local r = with / math.sqrt(covariances[(i - 1) * k + i])
      shares[i], sum = r * math.abs(r), sum + r * r
   end
   for i = 1, k do shares[i] = shares[i] / sum end
   return shares
end

--- The largest difference of shares and targets.
local function gap_of(shares, targets)
   local most = 0
   for i, share in ipairs(shares) do most = math.max(most, math.abs(share - targets[i])) end
   return most
end

--- Weights that would give every child the importance that its weight claims: the closed form; where that is negative,
--- non-negative least squares, and the least sum of squares of the shares themselves.
local function target_of(self, group, rows, children, out, found)
   if self.n < 20 or #children < 2 or group.node.aggregate.method ~= "arithmetic" then return end
   local lists, targets = {}, {}
   for i, child in ipairs(children) do lists[i], targets[i] = child.x, rows[i].weight end
   local complete, n = sample.complete(lists)
   if n <= #children then return end
   local covariances = kernel.covariances(complete)
   local closed, best, shares, reachable = kernel.target_weights(covariances, targets)
   if not closed then return end
   local direct, direct_shares, gap = kernel.target_direct(covariances, targets, best)
   local smallest, at, none = math.huge, 1, 0
   for i, child in ipairs(children) do
      if closed[i] < smallest then smallest, at = closed[i], i end
      if direct and direct[i] <= 1e-12 then none = none + 1 end
      found[#found + 1] = {group = group.id, item = child.id, target = targets[i], before = rows[i].share_r2,
         weight = best[i], after = shares[i], closed = closed[i], reachable = reachable, direct = direct and direct[i],
         direct_after = direct_shares and direct_shares[i], gap = direct_shares and direct_shares[i] - targets[i],
         squares = gap}
   end
   if reachable then return end
   local left = direct_shares and gap_of(direct_shares, targets) or 0
   local now = gap_of(signed_shares(covariances, targets), targets)
   finding.add(out, {code = "unreachable", subject = group.id, within = group.id, grade = "look",
      figures = {smallest, left, now, none},
      text = "No weights that are not negative give the parts of %s the importance that their weights claim: "
         .. "%s would need %s. The nearest miss it by up to %s, the weights as they are by up to %s; %d of the nearest "
         .. (none == 1 and "is zero." or "are zero."),
      values = {group.id, children[at].id, finding.number(smallest), finding.points(left), finding.points(now), none}})
end

--- How far importance and weight lie apart in a group: the largest difference of shares, and the largest of |w/w1 -
--- S/S1|, 1 the part of the highest weight (of those the highest S): Paruolo, Saisana and Saltelli 2013, eq. 6.
local function divergence_of(group, rows)
   local out = {group = group.id, k = #rows}
   for _, how in ipairs{{"r2", "share_r2"}, {"ratio", "share"}} do
      local value, share, first = how[1], how[2], nil
      local known = #rows > 0
      for _, row in ipairs(rows) do
         known = known and row[value] ~= nil and row[share] ~= nil and row.weight ~= nil and row.weight > 0
         if known and (not first or row.weight > first.weight + 1e-12 or math.abs(row.weight - first.weight) <= 1e-12
            and row[value] > first[value]) then first = row end
      end
      if known and first[value] > 0 then
         local most, worst, furthest = -1, nil, 0
         for _, row in ipairs(rows) do
            local apart = math.abs(row[share] - row.weight)
            if apart > most + 1e-12 then most, worst = apart, row.item end
            furthest = math.max(furthest, math.abs(row.weight / first.weight - row[value] / first[value]))
         end
         out["apart_" .. value], out["worst_" .. value], out["d_" .. value] = most, worst, furthest
      end
   end
   return out.apart_r2 and out
end

function importance.run(self, settings)
   local out = {id = "importance", title = "Importance", findings = {}, tables = {},
      question = "Does each part weigh what it is said to weigh?",
      methods = {
         "Importance is the correlation ratio S = V(E(y|x))/V(y) (Paruolo, Saisana and Saltelli 2013), estimated by a "
            .. "penalised spline under restricted likelihood, of up to five distinct values by their means; "
            .. "hidden below 20 units. Beside it S by local linear regression (the same paper, pages 8 to 10), and r² "
            .. "with the interval of r. S is never negative: r shows the sign.",
         "Half or double of the weight is looked at from 30 units on (difkit's convention). Equal weights do "
            .. "not promise "
            .. "equal importance, and unequal importance that is intended is no error.",
         "Weights for a target: closed form of the same paper (eq. 7); where that is negative, non-negative least "
            .. "squares (Lawson and Hanson 1974) and, as direct, the least sum of squares of the shares themselves, "
            .. "from several beginnings. A weight of zero says that leaving the part out comes closest. They follow "
            .. "the sample; for other than arithmetic means they are not given."}}
   local all, found, apart = {}, {}, {}
   for _, group in ipairs(self.groups) do
      local rows, children = rows_of(self, group, settings)
      judge(self, out, rows)
      target_of(self, group, rows, children, out, found)
      for _, row in ipairs(rows) do all[#all + 1] = row end
      apart[#apart + 1] = #rows > 1 and divergence_of(group, rows) or nil
   end
   if self.n < 20 then
      finding.add(out, {code = "importance", subject = self.groups[1].id, grade = "unknown", figures = {self.n},
         text = "What each part weighs in effect cannot be judged from %d units; r² and its interval stand in "
            .. "the table.",
         values = {self.n}})
   end
   finding.table(out, "importance", "Importance and weight", finding.rows({"group", "item", "n", "weight", "r", "low",
      "high", "r2", "share_r2", "ratio", "share", "times", "ratio_local", "ratio_low", "ratio_high"}, all))
   finding.table(out, "target", "Weights that would give the importance that the weights claim", finding.rows({"group",
      "item", "target", "before", "weight", "after", "closed", "reachable", "direct", "direct_after", "gap", "squares"},
      found))
   finding.table(out, "divergence", "How far importance and weight lie apart", finding.rows({"group", "k", "apart_r2",
      "worst_r2", "d_r2", "apart_ratio", "worst_ratio", "d_ratio"}, apart))
   require("difkit.audit.tradeoffs").run(self, out)
   return out
end

return importance
