--- Replicate weights: those that a producer delivers, with their scale, or made from the design (jackknife, balanced
--- half-samples, Fay, bootstrap). Scales follow Wolter, Introduction to Variance Estimation (2007); producers publish
--- their own, so a scale can always be given.
local errors = require "difkit.error"

local replicate = {}

replicate.methods = {"jk1", "jkn", "brr", "fay", "bootstrap", "successive-difference", "other"}

--- The scale that goes with a method when none is given; nil: it has to be.
local function scale_of(method, count, fay)
   if method == "jk1" then return (count - 1) / count end
   if method == "jkn" then return 1 end
   if method == "brr" then return 1 / count end
   if method == "fay" then return 1 / (count * (1 - fay) ^ 2) end
   if method == "bootstrap" then return 1 / (count - 1) end
   if method == "successive-difference" then return 4 / count end
end

--- The rank of the matrix of weights, by elimination with pivots; nil where that would take too long.
local function rank_of(weights, size)
   local count = #weights
   if size * count * count > 1e8 then return nil end
   local rows, rank = {}, 0
   for r = 1, count do rows[r] = table.move(weights[r], 1, size, 1, {}) end
   for column = 1, size do
      local best, most = nil, 1e-9
      for r = rank + 1, count do
         if math.abs(rows[r][column]) > most then best, most = r, math.abs(rows[r][column]) end
      end
      if best then
         rank = rank + 1
         rows[rank], rows[best] = rows[best], rows[rank]
         for r = rank + 1, count do
            local factor = rows[r][column] / rows[rank][column]
            if factor ~= 0 then
               for c = column, size do rows[r][c] = rows[r][c] - factor * rows[rank][c] end
            end
         end
         if rank == count then break end
      end
   end
   return rank
end

--- Completes what is known of replicates: {weights, method, scale, scales, centre, fay, df} for a sample of `size`.
function replicate.complete(call, given, size)
   local known = {}
   for _, method in ipairs(replicate.methods) do known[method] = true end
   if not known[given.method] then errors.unknown("method", given.method, replicate.methods, call) end
   local count = #given.weights
   if count < 2 then errors.raise(("%s: %d replicate weights; at least two are needed"):format(call, count)) end
   if given.method == "fay" and not given.fay then
      errors.raise(call .. ": the method fay needs its factor, such as fay = 0.3")
   end
   if given.method == "jkn" and not given.scales then
      errors.raise(call .. ": the method jkn needs a scale for each replicate: scales = {…}, (n - 1)/n of its stratum")
   end
   given.scale = given.scale or scale_of(given.method, count, given.fay)
   if not given.scale then errors.raise(call .. ": replicate weights of another kind need their scale") end
   if given.scales and #given.scales ~= count then
      errors.raise(("%s: %d scales for %d replicates"):format(call, #given.scales, count))
   end
   given.centre = given.centre or "estimate"
   if given.centre ~= "estimate" and given.centre ~= "mean" then
      errors.unknown("centre", given.centre, {"estimate", "mean"}, call)
   end
   if not given.df then
      local rank = given.method ~= "bootstrap" and rank_of(given.weights, size)
      given.df = (rank or count) - 1
   end
   return given
end

--- Weights in which the clusters of one stratum are drawn anew: `factor(cluster)` for those of the stratum, 1
--- elsewhere.
local function with_factors(design, factor)
   local weights = {}
   for index = 1, design.size do weights[index] = design.weight[index] * factor(design.cluster[index]) end
   return weights
end

local makers = {}

--- One cluster left out at a time, the others of its stratum in its place.
function makers.jkn(design)
   local made, scales = {}, {}
   for _, out in ipairs(design.clusters) do
      local stratum = out.stratum
      local n = stratum.clusters
      if n > 1 then
         made[#made + 1] = with_factors(design, function(cluster)
            if cluster.stratum ~= stratum then return 1 end
            return cluster == out and 0 or n / (n - 1)
         end)
         scales[#scales + 1] = (n - 1) / n * (1 - (stratum.population and n / stratum.population or 0))
      end
   end
   return {weights = made, scales = scales, method = "jkn"}
end

function makers.jk1(design)
   if #design.strata > 1 then errors.raise("survey: jk1 is for a sample without strata", 'use "jkn"') end
   local made = makers.jkn(design)
   local drawn = design.strata[1].population and #made.weights / design.strata[1].population or 0
   return {weights = made.weights, method = "jk1", scale = (#made.weights - 1) / #made.weights * (1 - drawn)}
end

--- Half-samples balanced by a Hadamard matrix of Sylvester's kind; its first column, all ones, is not used.
local function half_samples(design, fay)
   local place, order = {}, 1
   for number, stratum in ipairs(design.strata) do
      if stratum.clusters ~= 2 then
         errors.raise(('survey: balanced half-samples need two clusters in each stratum; "%s" has %d')
            :format(stratum.name,
            stratum.clusters), 'use "jkn" or "bootstrap"', "data")
      end
      place[stratum] = number
   end
   local first = {}
   for _, cluster in ipairs(design.clusters) do first[cluster.stratum] = first[cluster.stratum] or cluster end
   while order <= #design.strata do order = order * 2 end
   local made = {}
   for row = 0, order - 1 do
      made[row + 1] = with_factors(design, function(cluster)
         local bits, ones = row & place[cluster.stratum], 0
         while bits > 0 do
            ones = ones + (bits & 1)
            bits = bits >> 1
         end
         local taken = (ones % 2 == 0) == (first[cluster.stratum] == cluster)
         return taken and 2 - fay or fay
      end)
   end
   return made
end

function makers.brr(design) return {weights = half_samples(design, 0), method = "brr"} end

function makers.fay(design, options)
   return {weights = half_samples(design, options.fay or 0.5), method = "fay", fay = options.fay or 0.5}
end

--- A generator of random numbers (splitmix64) of its own, so that a seed gives the same weights everywhere.
local function random(seed)
   local state = seed
   return function(below)
      state = state + 0x9E3779B97F4A7C15
      local z = state
      z = (z ~ (z >> 30)) * 0xBF58476D1CE4E5B9
      z = (z ~ (z >> 27)) * 0x94D049BB133111EB
      return math.floor(((z ~ (z >> 31)) >> 11) * 2.0 ^ -53 * below) + 1
   end
end

--- Rao and Wu (1988): n - 1 of the n clusters of a stratum drawn with replacement.
function makers.bootstrap(design, options)
   local by_stratum, draw = {}, random(options.seed or 1)
   for _, cluster in ipairs(design.clusters) do
      by_stratum[cluster.stratum] = by_stratum[cluster.stratum] or {}
      table.insert(by_stratum[cluster.stratum], cluster)
   end
   local made = {}
   for r = 1, options.count or 200 do
      local times = {}
      for _, stratum in ipairs(design.strata) do
         local clusters = by_stratum[stratum]
         for _ = 1, #clusters - 1 do
            local drawn = clusters[draw(#clusters)]
            times[drawn] = (times[drawn] or 0) + 1
         end
      end
      made[r] = with_factors(design, function(cluster)
         local n = cluster.stratum.clusters
         return n > 1 and n / (n - 1) * (times[cluster] or 0) or 1
      end)
   end
   return {weights = made, method = "bootstrap"}
end

--- Replicate weights made from strata and clusters.
function replicate.make(call, design, options)
   local maker = makers[options.method]
   if not maker then errors.unknown("method", options.method, {"jk1", "jkn", "brr", "fay", "bootstrap"}, call) end
   local made = maker(design, options)
   made.centre = options.centre
   return replicate.complete(call, made, design.size)
end

return replicate
