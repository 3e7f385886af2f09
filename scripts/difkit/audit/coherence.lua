--- Section "Coherence" of an audit: does every group measure one thing, and does every indicator sit where it
--- belongs?
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"
local structure = require "difkit.audit.structure"

local coherence = {}

--- Groups of the level of a group, other than itself: where an indicator could stand instead.
local function others_of(self, group)
   local list = {}
   for _, other in ipairs(self.groups) do
      if other.id ~= group.id and other.level == group.level then list[#list + 1] = other end
   end
   return list
end

--- Correlations of one child: with its group, what is left of it, the index, and the nearest other group.
local function place_of(self, group, child, settings)
   local rest = sample.rest(group, child.id)
   local row = {item = child.id, group = group.id, n = 0}
   row.r_own, row.n = sample.correlation(child.x, group.score)
   row.r_rest = #group.children > 1 and sample.correlation(child.x, rest) or nil
   row.r_index = sample.correlation(child.x, self.groups[1].score)
   if row.r_rest then
      row.low, row.high = kernel.interval(row.r_rest, row.n)
      row.p_rest = kernel.correlation_p(row.r_rest, row.n)
      local pair, n = sample.complete{child.x, rest}
      if n >= 6 and settings.bootstrap > 0 then
         row.bootstrap_low, row.bootstrap_high, row.bootstrap_left_out = kernel.resample(pair[1], pair[2],
            settings.bootstrap, settings.seed)
      end
   end
   local others = others_of(self, group)
   row.others = #others
   for _, other in ipairs(others) do
      local r = sample.correlation(child.x, other.score)
      if r and (not row.r_best or r > row.r_best) then row.r_best, row.best = r, other.id end
   end
   if row.best and row.r_rest then
      local three, n = sample.complete{child.x, rest, self.by_group[row.best].score}
      local r = kernel.correlation_matrix(three)
      if n >= 4 and r[2] and r[3] and r[6] then row.t, row.p = kernel.williams(r[2], r[3], r[6], n) end
   end
   return row
end

--- What a row says, as flags: the rules without regard to how many are looked at.
local function flags_of(row)
   row.reversed = row.high ~= nil and row.high < 0
   row.negative_rest = row.r_rest ~= nil and row.r_rest < 0
   row.weak = row.r_own ~= nil and row.r_own < 0.3
   row.closer = row.r_best ~= nil and row.r_own ~= nil and row.r_best > row.r_own
   row.misplaced = row.p ~= nil and row.r_best > row.r_rest and row.p < 0.05
   row.silent = row.r_index ~= nil and row.r_index < 0.3
end

local function judge_direction(out, row, m)
   if not row.reversed then return false end
   local adjusted = math.min(1, row.p_rest / 2 * m)
   row.p_direction = adjusted
   local grade = adjusted < 0.01 and "finding" or "look"
   finding.add(out, {code = "reversed", subject = row.item, within = row.group, grade = grade,
      figures = {row.r_rest, row.low, row.high, adjusted},
      text = "%s runs against the rest of %s: r = %s (95 %%: %s). Ask first whether its direction is right; two halves "
         .. "of a group that pull against each other look the same.",
      values = {row.item, row.group, finding.number(row.r_rest), finding.interval(row.low, row.high)}})
   return true
end

local function judge_place(self, out, row, m)
   if not row.misplaced then return end
   local adjusted = math.min(1, row.p * row.others * m)
   row.p_place = adjusted
   local grade = adjusted < 0.01 and "finding" or "look"
   if self.n < 10 then grade = "look" end
   finding.add(out, {code = "misplaced", subject = row.item, within = row.group, grade = grade,
      figures = {row.r_best, row.r_rest, row.p, adjusted}, place = row.best,
      text = "%s goes with %s (r = %s) more than with the rest of its own group %s (r = %s); Williams' test p %s, "
         .. "p %s once all comparisons count. Nearness is no proof that the concept is wrong.",
      values = {row.item, row.best, finding.number(row.r_best), row.group, finding.number(row.r_rest),
         finding.p(row.p), finding.p(adjusted)}})
end

local function judge_silent(self, out, row)
   if not row.silent or self.n < 20 then return end
   finding.add(out, {code = "silent", subject = row.item, within = row.group, grade = "look", figures = {row.r_index},
      text = row.r_index < -0.3 and "%s goes against the index: r = %s." or "%s hardly speaks in the index: r = %s.",
      values = {row.item, finding.number(row.r_index)}})
end

--- Whether r lies above a mark by 3.5 standard errors of Fisher's z: one chance in 4,000, so that many pairs may be
--- tried.
local function surely_above(r, n, mark)
   if r >= 1 then return true end
   if n < 4 then return false end
   local function z(x) return math.log((1 + x) / (1 - x)) / 2 end
   return z(r) - 3.5 / math.sqrt(n - 3) > z(mark)
end

local function pairs_of(group, out)
   local rows, varying = {}, sample.varying(group)
   for i, left in ipairs(varying) do
      for j = i + 1, #varying do
         local right = varying[j]
         local r, n = sample.correlation(left.x, right.x)
         if r then
            local low, high = kernel.interval(r, n)
            rows[#rows + 1] = {group = group.id, left = left.id, right = right.id, r = r, n = n, low = low,
               high = high, collinear = r > 0.92, negative = r < -0.4}
         end
      end
   end
   for _, row in ipairs(rows) do
      if row.collinear then
         finding.add(out, {code = "collinear", subject = row.left .. "+" .. row.right, within = group.id,
            grade = surely_above(row.r, row.n, 0.7) and "finding" or "look", figures = {row.r, row.low, row.high},
            text = "%s and %s in %s say nearly the same: r = %s (95 %%: %s).",
            values = {row.left, row.right, group.id, finding.number(row.r), finding.interval(row.low, row.high)}})
      elseif row.negative and row.high and row.high < 0 then
         finding.add(out, {code = "negative", subject = row.left .. "+" .. row.right, within = group.id, grade = "look",
            figures = {row.r, row.low, row.high},
            text = "%s and %s in %s pull against each other: r = %s (95 %%: %s).",
            values = {row.left, row.right, group.id, finding.number(row.r), finding.interval(row.low, row.high)}})
      end
   end
   return rows
end

--- First causes first: what a group's earlier cause explains stands below it.
local order = {constant = 1, duplicate = 1, reversed = 2, misplaced = 3, negative = 4, collinear = 4, silent = 5}

local function order_causes(out)
   local first = {}
   for _, one in ipairs(out.findings) do
      local rank = order[one.code]
      if rank and one.within and one.grade == "finding" then
         local known = first[one.within]
         if not known or rank < order[known.code] then first[one.within] = one end
      end
   end
   for _, one in ipairs(out.findings) do
      local cause = one.within and first[one.within]
      if cause and cause ~= one and (order[one.code] or 9) > order[cause.code] then
         one.follows = cause.subject
         if one.grade == "finding" then one.grade = "look" end
      end
   end
end

function coherence.run(self, settings)
   local out = {id = "coherence", title = "Coherence", findings = {}, tables = {},
      question = "Does each group measure one thing, and does each indicator sit where it belongs?",
      methods = {
         "Correlations are Pearson's of normalised scores; with the own group without the item itself "
            .. "(item-rest), with "
            .. "95 % intervals by Fisher's z and by resampling of units.",
         "Direction: the interval of the item-rest correlation lies below zero. Place: another group correlates higher "
            .. "than the rest of the own one, and Williams' test (Williams 1959; Steiger 1980) tells them apart. A "
            .. "finding needs p < 0.01 after Bonferroni's correction for all items (and all other groups).",
         "Collinear: r > 0.92 within a group (convention of the JRC). Negative: r < −0.4 within a group, the interval "
            .. "below zero (COINr). Silent: r with the index below 0.3 (COINr).",
         "Components, Kaiser–Meyer–Olkin (Kaiser 1974), Bartlett, parallel analysis (Horn 1965; 95th percentile), "
            .. "Cronbach's alpha: see the table of groups. Alpha of 0.7 is Nunnally's convention."}}
   structure.run(self, settings, out)
   local places, all_pairs = {}, {}
   for _, group in ipairs(self.groups) do
      for _, child in ipairs(sample.varying(group)) do
         if group.level > 0 or #self.groups == 1 then places[#places + 1] = place_of(self, group, child, settings) end
      end
   end
   local m = math.max(1, #places)
   for _, row in ipairs(places) do
      flags_of(row)
      if not judge_direction(out, row, m) then judge_place(self, out, row, m) end
      judge_silent(self, out, row)
   end
   for _, group in ipairs(self.groups) do
      for _, row in ipairs(pairs_of(group, out)) do all_pairs[#all_pairs + 1] = row end
   end
   order_causes(out)
   finding.table(out, "places", "Where each item sits", finding.rows({"item", "group", "n", "r_own", "r_rest", "low",
      "high", "bootstrap_low", "bootstrap_high", "bootstrap_left_out", "r_index", "best", "r_best", "t", "p",
      "reversed", "misplaced", "closer", "negative_rest", "weak", "silent"}, places))
   finding.table(out, "pairs", "Pairs within groups", finding.rows({"group", "left", "right", "r", "n", "low", "high",
      "collinear", "negative"}, all_pairs))
   require("difkit.audit.levels").run(self, out)
   return out
end

return coherence
