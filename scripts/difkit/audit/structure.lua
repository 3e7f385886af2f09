--- The structure of each group, for the section "Coherence": components, adequacy, parallel analysis, alpha.
local kernel = require("difkit.core").index
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"

local structure = {}

--- Cronbach's alpha from covariances, also without one child.
function structure.alpha(covariances, k, skip)
   local all, own, count = 0, 0, 0
   for i = 1, k do
      if i ~= skip then
         count = count + 1
         for j = 1, k do
            if j ~= skip then all = all + covariances[(i - 1) * k + j] end
         end
         own = own + covariances[(i - 1) * k + i]
      end
   end
   if count < 2 or all == 0 then return nil end
   return count / (count - 1) * (1 - own / all)
end

--- Alpha as if all items had one variance: k r / (1 + (k - 1) r), r the mean correlation; also without one item.
local function standardised(correlations, k, skip)
   local sum, count = 0, 0
   for i = 1, k do
      for j = 1, k do
         if i ~= j and i ~= skip and j ~= skip then sum, count = sum + correlations[(i - 1) * k + j], count + 1 end
      end
   end
   local left = skip and k - 1 or k
   if left < 2 then return nil end
   local mean = sum / count
   return left * mean / (1 + (left - 1) * mean)
end

--- Correlations of an item with the sum of all, and with that of the others, from covariances.
local function with_sum(covariances, k, i)
   local own, all, total = covariances[(i - 1) * k + i], 0, 0
   for j = 1, k do
      all = all + covariances[(i - 1) * k + j]
      for l = 1, k do total = total + covariances[(j - 1) * k + l] end
   end
   local rest = total - 2 * all + own
   return total > 0 and all / math.sqrt(own * total) or nil, rest > 0 and (all - own) / math.sqrt(own * rest) or nil
end

--- Thresholds of parallel analysis by number of items and units: they depend on nothing else.
local function parallel(cache, k, n, settings)
   local key = k .. "," .. n
   if cache[key] == nil then
      local mean, threshold = kernel.parallel(k, n, settings.draws, settings.seed)
      cache[key] = mean and {mean = mean, threshold = threshold} or false
   end
   return cache[key]
end

--- Components before the first that random data would reach.
local function kept(values, thresholds)
   local count = 0
   while count < #values and values[count + 1] > thresholds[count + 1] do count = count + 1 end
   return count
end

local function components(group, children, correlations, out)
   local values, vectors = kernel.eigen(correlations)
   if not values then return nil end
   local row = {first = values[1] / #children, above_one = 0, against = 0}
   for _, value in ipairs(values) do if value > 1 + 1e-12 then row.above_one = row.above_one + 1 end end
   for c = 1, math.min(3, #values) do
      for i, child in ipairs(children) do
         local loading = vectors[c][i] * math.sqrt(math.max(0, values[c]))
         if c == 1 and loading < 0 then row.against = row.against + 1 end
         out.loadings[#out.loadings + 1] = {group = group.id, component = c, item = child.id, loading = loading}
      end
   end
   for c, value in ipairs(values) do
      out.eigenvalues[#out.eigenvalues + 1] = {group = group.id, component = c, eigenvalue = value,
         share = value / #values}
   end
   return row, values
end

local function judge(out, group, row)
   local k = row.k
   if row.singular then
      finding.add(out, {code = "singular", subject = group.id, within = group.id, grade = "unknown",
         figures = {k, row.n},
         text = "Kaiser–Meyer–Olkin and Bartlett cannot be computed for %s: its %d items over %d units "
            .. "determine one "
            .. "another.", values = {group.id, k, row.n}})
   end
   if row.n < 20 or row.n < 5 * k then
      finding.add(out, {code = "dimension", subject = group.id, within = group.id, grade = "unknown",
         figures = {row.n, k}, text = "Whether %s measures one thing cannot be judged from %d units and %d items.",
         values = {group.id, row.n, k}})
      return
   end
   if row.kept == 0 then
      finding.add(out, {code = "dimension", subject = group.id, within = group.id, grade = "look",
         figures = {row.first, row.kept},
         text = "%s has no common dimension that unrelated items would not show as well: its first component "
            .. "explains %s.",
         values = {group.id, finding.percent(row.first)}})
   elseif row.kept and row.kept > 1 then
      finding.add(out, {code = "dimension", subject = group.id, within = group.id, grade = "look",
         figures = {row.kept}, text = "%s has %d dimensions beyond chance.", values = {group.id, row.kept}})
   end
   if row.n >= 30 and row.alpha and row.alpha < 0.7 and k >= 3 then
      finding.add(out, {code = "alpha", subject = group.id, within = group.id, grade = "look", figures = {row.alpha},
         text = "Cronbach's alpha of %s is %s, below 0.7; a group of different causes of one thing need not reach it.",
         values = {group.id, finding.number(row.alpha)}})
   end
   if row.n >= 50 and row.kmo and row.kmo < 0.6 then
      finding.add(out, {code = "kmo", subject = group.id, within = group.id, grade = "look", figures = {row.kmo},
         text = "The measure of sampling adequacy of %s is %s, below 0.6.",
         values = {group.id, finding.number(row.kmo)}})
   end
end

function structure.run(self, settings, out)
   local rows, items, cache = {}, {}, {}
   local parts = {loadings = {}, eigenvalues = {}}
   for _, group in ipairs(self.groups) do
      local children = sample.varying(group)
      local lists = {}
      for i, child in ipairs(children) do lists[i] = child.x end
      local complete, n = sample.complete(lists)
      local k = #children
      if k >= 2 and n >= 3 then
         local correlations = kernel.correlation_matrix(complete)
         local row, values = components(group, children, correlations, parts)
         if row then
            row.group, row.n, row.k = group.id, n, k
            if n > k then
               row.chi_square, row.degrees, row.p = kernel.bartlett(correlations, n)
               row.singular = row.chi_square == nil
               if row.singular then row.degrees = nil end
               if k > 2 and not row.singular then row.kmo = kernel.kmo(correlations) end
               local random = parallel(cache, k, n, settings)
               if random then row.kept, row.random_first = kept(values, random.threshold), random.threshold[1] end
            else
               row.singular = true
            end
            local covariances = kernel.covariances(complete)
            row.alpha, row.alpha_standardised = structure.alpha(covariances, k), standardised(correlations, k)
            for i, child in ipairs(children) do
               local total, rest = with_sum(covariances, k, i)
               items[#items + 1] = {group = group.id, item = child.id, alpha = row.alpha, r_total = total,
                  r_rest_sum = rest, alpha_without = k > 2 and structure.alpha(covariances, k, i) or nil,
                  alpha_standardised_without = k > 2 and standardised(correlations, k, i) or nil}
            end
            rows[#rows + 1] = row
            judge(out, group, row)
         end
      end
   end
   finding.table(out, "groups", "Structure of the groups", finding.rows({"group", "n", "k", "first", "above_one",
      "against", "kept", "random_first", "kmo", "chi_square", "degrees", "p", "alpha", "singular",
         "alpha_standardised"}, rows))
   finding.table(out, "loadings", "Loadings on the first components", finding.rows({"group", "component", "item",
      "loading"},
      parts.loadings))
   finding.table(out, "eigenvalues", "Eigenvalues", finding.rows({"group", "component", "eigenvalue", "share"},
      parts.eigenvalues))
   finding.table(out, "alpha", "Alpha without each item", finding.rows({"group", "item", "alpha", "alpha_without",
      "alpha_standardised_without", "r_total", "r_rest_sum"},
      items))
end

return structure
