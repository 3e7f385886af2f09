--- Section "Robustness" of an audit: how far the ranks hang on the choices that were made.
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"

local robustness = {}

--- The method of a step that most of the index follows, by name.
local function method_of(self, step)
   local root = self.result.spec.root[step]
   return root and root.method or "none"
end

local function has_gaps(self)
   for _, node in ipairs(self.indicators) do
      for u = 1, self.n do
         if self.raw[node.id][u] == nil then return true end
      end
   end
   return false
end

--- How many indicators the largest group has.
local function widest_group(self)
   local widest = 0
   for _, group in ipairs(self.groups) do widest = math.max(widest, #group.children) end
   return widest
end

--- Alternatives that stay above zero, so that a geometric mean is defined for them.
local positive = {method = "minmax", low = 1, high = 100}

--- The declared space: what varies, unless the caller says it.
local function space(self, settings)
   local given = settings.space or self.result.spec.root.given.robustness
   if given then return given end
   local declared = {weights = 0.25}
   local own = method_of(self, "normalise")
   if own == "none" then
      declared.aggregate = {"arithmetic", "geometric"}
      for u = 1, self.n do
         for _, node in ipairs(self.indicators) do
            local value = self.scores[node.id][u]
            if value and value <= 0 then declared.aggregate = nil end
         end
      end
   else
      declared.normalise = {positive, "percentile"}
      declared.aggregate = {"arithmetic", "geometric"}
   end
   if has_gaps(self) then
      declared.impute = {"none", "median"}
      if method_of(self, "impute") ~= "none" then
         declared.impute = {self.result.spec.root.given.impute or "mean", "median", "none"}
      end
      -- Gaps drawn at random, where groups have units enough to be estimated.
      if self.n >= 5 * widest_group(self) then table.insert(declared.impute, "multiple") end
   end
   return declared
end

--- Spearman, shifts and the largest mover of another computation.
local function compare(self, step, name, other, rows)
   local scores = sample.root_scores(other)
   local before, after = sample.ranks(self.groups[1].score), (sample.ranks(scores))
   local row = {step = step, alternative = name, spearman = (sample.spearman(self.groups[1].score, scores)), moved = 0,
      most = 0, kendall = (sample.kendall(self.groups[1].score, scores)), top_ten = 0, far = 0}
   local sum, n, tenth = 0, 0, math.max(2, self.n / 10)
   for u = 1, self.n do
      if before[u] and after[u] then
         local places = before[u] - after[u]
         sum, n = sum + math.abs(places), n + 1
         if places ~= 0 then row.moved = row.moved + 1 end
         if math.abs(places) >= tenth then row.far = row.far + 1 end
         if before[u] <= 10 and after[u] <= 10 then row.top_ten = row.top_ten + 1 end
         if math.abs(places) > row.most then
            row.most, row.mover, row.places = math.abs(places), self.units[u], places
         end
      end
   end
   row.mean = n > 0 and sum / n or nil
   rows[#rows + 1] = row
end

local function alternatives(self)
   local list = {}
   local function add(step, name, changes) list[#list + 1] = {step = step, name = name, changes = changes} end
   local normalise, aggregate = method_of(self, "normalise"), method_of(self, "aggregate")
   if has_gaps(self) then
      local methods = {"none", "mean", "median", "nearest"}
      if self.n >= 5 * widest_group(self) then methods[5] = "expectation" end -- with fewer units it cannot be estimated
      for _, method in ipairs(methods) do
         if method ~= method_of(self, "impute") then add("imputation", method, {impute = method}) end
      end
   end
   if method_of(self, "treat") ~= "none" then add("treatment", "none", {treat = "none"}) end
   if normalise ~= "none" then
      for _, method in ipairs {"minmax", "zscore", "percentile_rank"} do
         if method ~= normalise then add("normalisation", method, {normalise = method}) end
      end
   end
   if aggregate ~= "geometric" then
      add("aggregation", normalise == "none" and "geometric" or "geometric, min-max 1 to 100",
         {aggregate = "geometric", normalise = normalise ~= "none" and positive or nil})
   end
   if aggregate ~= "harmonic" then
      add("aggregation", normalise == "none" and "harmonic" or "harmonic, min-max 1 to 100",
         {aggregate = "harmonic", normalise = normalise ~= "none" and positive or nil})
   end
   if aggregate ~= "arithmetic" then add("aggregation", "arithmetic", {aggregate = "arithmetic"}) end
   local above = self.result.spec.root.weighting.method
   if above ~= "equal_indicators" then add("weights", "every indicator alike", {weights = "equal_indicators"}) end
   -- Each group that holds indicators, and each part of the index, left out.
   for _, node in ipairs(self.result.spec.nodes) do
      local pillar = node.children and node.children[1].leaf
      local top = node.parent and not node.parent.parent
      if node.parent and #node.parent.children > 1 and (pillar or top and #node.parent.children > 2) then
         list[#list + 1] = {step = "left out", name = node.id, without = node.id}
      end
   end
   return list
end

local function one_at_a_time(self, variant, without, out)
   local rows = {}
   for _, one in ipairs(alternatives(self)) do
      local other
      if one.without then other = without(one.without) else other = variant(one.changes) end
      if other then compare(self, one.step, one.name, other, rows) end
   end
   table.sort(rows, function(a, b)
      if (a.spearman or 2) ~= (b.spearman or 2) then return (a.spearman or 2) < (b.spearman or 2) end
      return a.step .. a.alternative < b.step .. b.alternative
   end)
   local first = rows[1]
   if first and first.spearman then
      finding.add(out, {code = "choice", subject = first.alternative, grade = first.spearman < 0.9 and "look" or "note",
         figures = {first.spearman, first.moved, first.most},
         text = "Of the choices tried one at a time, %s (%s) moves most: Spearman's correlation %s, %d units "
            .. "change their "
            .. "rank, the largest move is %d places (%s).",
         values = {first.step, first.alternative, finding.number(first.spearman), first.moved, first.most,
            first.mover or "none"}})
   end
   finding.table(out, "choices", "One choice at a time", finding.rows({"step", "alternative", "spearman", "moved",
      "mean", "most", "mover", "places", "kendall", "far", "top_ten"}, rows))
end

local function intervals(self, settings, declared, out)
   local given = {runs = settings.runs, seed = settings.seed}
   for key, value in pairs(declared) do given[key] = value end
   local done, robust = pcall(self.result.robustness, self.result, given)
   if not done then
      finding.add(out, {code = "ranks", subject = self.groups[1].id, grade = "unknown", figures = {0},
         text = "Rank intervals cannot be computed: %s.", values = {tostring(robust.message or robust)}})
      return
   end
   local wide, width, rows, tiers = nil, -1, 0, 0
   for row in robust:rows() do
      if row.low then
         rows = rows + 1
         tiers = math.max(tiers, row.tier or 0)
         if row.high - row.low > width then wide, width = row, row.high - row.low end
      end
   end
   if wide then
      finding.add(out, {code = "ranks", subject = wide.unit, grade = width > self.n / 4 and "look" or "note",
         figures = {rows, tiers, wide.low, wide.high, settings.runs},
         text = "Over %d runs the %d ranks fall into %d %s; the widest interval is that of %s, %s to %s.",
         values = {settings.runs, rows, tiers, tiers == 1 and "tier" or "tiers", wide.unit, finding.number(wide.low),
            finding.number(wide.high)}})
   end
   out.note = robust.note
   out.robust = robust
   finding.table(out, "intervals", "Ranks with their 5 to 95 % intervals", robust)
end

local function shares(self, settings, declared, out)
   local given = {rows = settings.sobol, seed = settings.seed, bootstrap = 0}
   for key, value in pairs(declared) do given[key] = value end
   given.bootstrap = 100
   local done, effects = pcall(self.result.sensitivity, self.result, given)
   if not done then return end
   local largest, sum = nil, 0
   for row in effects:rows() do
      sum = sum + (row.first or 0)
      if row.total and (not largest or row.total > largest.total) then largest = row end
   end
   sum = math.max(0, math.min(1, sum)) -- estimates may leave these bounds
   if largest then
      finding.add(out, {code = "sobol", subject = largest.factor, grade = "note", figures = {largest.total, sum},
         text = "Most of the movement has a part of %s (total index %s); alone the choices explain %s of it together.",
         values = {largest.factor, finding.number(largest.total), finding.percent(sum)}})
   end
   finding.table(out, "sobol", "What the movement of ranks hangs on", effects)
end

--- What stayed as it is: a sentence, since nothing may be called robust that was not varied.
local function untouched(self, declared, out)
   local kept = {}
   for _, step in ipairs {"impute", "normalise", "aggregate", "weights", "treat"} do
      if not declared[step] and not (step == "weights" and declared.weighting) then kept[#kept + 1] = step end
   end
   if not declared.drop then kept[#kept + 1] = "the choice of indicators" end
   if #kept == 0 then return end
   finding.add(out, {code = "not_varied", subject = self.groups[1].id, grade = "unknown", figures = {#kept},
      text = "Not varied together with the rest, and so not judged: %s.", values = {table.concat(kept, ", ")}})
end

function robustness.run(self, settings, variant, without)
   local out = {id = "robustness", title = "Robustness", findings = {}, tables = {},
      question = "How far can the ranks be trusted?",
      methods = {
         "Monte Carlo over the declared choices, all at once; ranks with their 5 to 95 % intervals. Units whose "
            .. "intervals "
            .. "overlap stand in one tier.",
         "One choice at a time against the index as it is. Geometric means take min-max from 1 to 100, since a zero "
            .. "would decide them.",
         "Sobol indices of the mean shift of ranks (Saltelli 2010; Jansen 1999)."}}
   local declared = space(self, settings)
   intervals(self, settings, declared, out)
   one_at_a_time(self, variant, without, out)
   shares(self, settings, declared, out)
   untouched(self, declared, out)
   return out
end

return robustness
