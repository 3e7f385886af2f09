--- The variance of an estimate by its linearised values (Taylor; Binder 1983, ultimate clusters), with populations of
--- strata where they are known, also at the second stage; or by replicate weights.
local errors = require "difkit.error"

local variance = {}

--- What to do with a stratum of one cluster.
variance.lonely = {"fail", "remove", "certainty", "adjust", "average"}

--- Sums of the linearised values a cluster: {cluster → sum}, and the clusters in the order of the members.
local function sums(design, members, values)
   local sum, order = {}, {}
   for position, index in ipairs(members) do
      local cluster = design.cluster[index]
      if not sum[cluster] then
         sum[cluster] = 0
         order[#order + 1] = cluster
      end
      sum[cluster] = sum[cluster] + values[position]
   end
   return sum, order
end

--- n/(n - 1) times the squares about the mean of n sums, of which those not listed are 0.
local function spread(list, n)
   local mean = 0
   for _, value in ipairs(list) do mean = mean + value end
   mean = mean / n
   local squares = (n - #list) * mean * mean
   for _, value in ipairs(list) do squares = squares + (value - mean) ^ 2 end
   return squares * n / (n - 1)
end

--- Raises for a stratum of one cluster, whose name is given.
function variance.fail_lonely(name)
   errors.raise(('survey: the stratum "%s" has one cluster alone, so its variance is not known'):format(name),
      'merge it with another, or say what to do: lonely = "adjust" (about the mean of all), "average", "certainty", '
         .. '"remove"', "data")
end

local function lonely_stratum(stratum, list, rule)
   if rule == "adjust" then return list[1] ^ 2 end
   if rule == "fail" then variance.fail_lonely(stratum.name) end
   return 0
end

--- What the drawing within clusters adds, by the populations of the second stage.
local function second_stage(design, members, values, share)
   local within, total = {}, 0
   for position, index in ipairs(members) do
      local cluster = design.cluster[index]
      within[cluster] = within[cluster] or {list = {}, place = {}}
      local here, name = within[cluster], design.subcluster[index]
      if not here.place[name] then
         here.list[#here.list + 1] = 0
         here.place[name] = #here.list
      end
      here.list[here.place[name]] = here.list[here.place[name]] + values[position]
   end
   for _, cluster in ipairs(design.clusters) do
      local here = within[cluster]
      if here and cluster.population and cluster.drawn > 1 and share[cluster.stratum] then
         local drawn = cluster.drawn / cluster.population
         total = total + share[cluster.stratum] * (1 - drawn) * spread(here.list, cluster.drawn)
      end
   end
   return total
end

--- The variance of a sum of linearised values: `values[i]` belongs to `members[i]`; everybody else has 0.
function variance.linear(design, members, values, rule)
   local sum, order = sums(design, members, values)
   local lists, share, strata, lonely, total = {}, {}, {}, 0, 0
   for _, cluster in ipairs(order) do
      local stratum = cluster.stratum
      if not lists[stratum] then
         lists[stratum] = {}
         strata[#strata + 1] = stratum
      end
      table.insert(lists[stratum], sum[cluster])
   end
   for _, stratum in ipairs(strata) do
      local drawn = stratum.population and stratum.clusters / stratum.population or 0
      share[stratum] = stratum.population and drawn or nil
      if stratum.clusters > 1 then
         total = total + (1 - drawn) * spread(lists[stratum], stratum.clusters)
      elseif drawn < 1 then
         total = total + lonely_stratum(stratum, lists[stratum], rule)
      end
   end
   if design.second_stage then total = total + second_stage(design, members, values, share) end
   if rule ~= "average" then return total end
   for _, stratum in ipairs(design.strata) do
      if stratum.clusters == 1 and stratum.population ~= 1 then lonely = lonely + 1 end
   end
   if lonely == #design.strata then errors.raise("survey: every stratum has one cluster alone", nil, "data") end
   return total * #design.strata / (#design.strata - lonely)
end

--- The variance over replicates: `estimate(weights)` computes the figure with other weights, `full` is that with the
--- full ones. A replicate that gives nothing is an error, never a smaller sum.
function variance.replicated(design, full, estimate)
   local replicates = design.replicates
   local results, sum, missing = {}, 0, 0
   for r, weights in ipairs(replicates.weights) do
      results[r] = estimate(weights)
      if results[r] == nil or results[r] ~= results[r] then missing = missing + 1 else sum = sum + results[r] end
   end
   if missing > 0 then
      errors.raise(("survey: %d of %d replicates give no estimate, since nobody in the domain has a weight there")
         :format(missing, #results), nil, "data")
   end
   local centre = replicates.centre == "mean" and sum / #results or full
   local total = 0
   for r, result in ipairs(results) do
      total = total + (replicates.scales and replicates.scales[r] or 1) * (result - centre) ^ 2
   end
   return total * replicates.scale
end

return variance
