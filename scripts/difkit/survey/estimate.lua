--- Estimates of a domain with their variances: total, mean (a share is a mean of 0 and 1), ratio, quantile.
--- The domain is the list `members` of those who are in it and answered; the variance is always that of the whole
--- design, so that clusters with nobody in the domain count as zeros (Lumley 2010, section 2.4).
local interval = require "difkit.survey.interval"
local variance = require "difkit.survey.variance"

local estimate = {}

local function weighted(design, members, values, weights)
   weights = weights or design.weight
   local total, size = 0, 0
   for position, index in ipairs(members) do
      total = total + weights[index] * values[position]
      size = size + weights[index]
   end
   return total, size
end

--- The variance by replicates where there are any, else by the linearised values that `linear` gives.
local function variance_of(design, members, rule, full, again, linear)
   if design.replicates then return variance.replicated(design, full, again) end
   local values = {}
   for position, index in ipairs(members) do values[position] = design.weight[index] * linear(position) end
   return variance.linear(design, members, values, rule)
end

--- How many have a weight, and the variance of one draw of them: s² = n/(n - 1) · Σ w (y - m)² / W.
local function dispersion(design, members, values, mean, size)
   local squares, n = 0, 0
   for position, index in ipairs(members) do
      if design.weight[index] > 0 then n = n + 1 end
      squares = squares + design.weight[index] * (values[position] - mean) ^ 2
   end
   return n, n > 1 and squares / size * n / (n - 1) or nil
end

--- The design effect against a simple sample of as many: drawn without replacement from a population of the size that
--- the weights add up to; with replacement where they do not add up to more than there are answers.
local function design_effect(result, scale, replace)
   if not result.dispersion or result.dispersion == 0 then return nil end
   local simple = result.dispersion / result.n
   if not replace and result.size > result.n then simple = simple * (1 - result.n / result.size) end
   return result.variance / (simple * scale * scale)
end

local function finish(design, members, values, result, mean, scale)
   result.n, result.dispersion = dispersion(design, members, values, mean, result.size)
   result.design_effect = design_effect(result, scale)
   result.design_effect_replace = design_effect(result, scale, true)
   return result
end

function estimate.total(design, members, values, rule)
   local total, size = weighted(design, members, values)
   local result = {estimate = total, size = size}
   result.variance = variance_of(design, members, rule, total,
      function(weights) return (weighted(design, members, values, weights)) end,
      function(position) return values[position] end)
   return finish(design, members, values, result, total / size, size)
end

function estimate.mean(design, members, values, rule)
   local total, size = weighted(design, members, values)
   if size == 0 then return nil end
   local mean = total / size
   local result = {estimate = mean, size = size}
   result.variance = variance_of(design, members, rule, mean,
      function(weights)
         local again, all = weighted(design, members, values, weights)
         return again / all
      end,
      function(position) return (values[position] - mean) / size end)
   return finish(design, members, values, result, mean, 1)
end

--- Σ w y / Σ w x over those whose both values are known.
function estimate.ratio(design, members, values, below, rule)
   local top, size = weighted(design, members, values)
   local bottom = weighted(design, members, below)
   if bottom == 0 then return nil end
   local ratio = top / bottom
   local n = 0
   for _, index in ipairs(members) do n = n + (design.weight[index] > 0 and 1 or 0) end
   return {
      estimate = ratio, size = size, n = n,
      variance = variance_of(design, members, rule, ratio,
         function(weights)
            return (weighted(design, members, values, weights)) / (weighted(design, members, below, weights))
         end,
         function(position) return (values[position] - ratio * below[position]) / bottom end),
   }
end

--- The answers of those with a weight in their order, and the sum of the weights.
local function sorted(design, members, values, weights)
   weights = weights or design.weight
   local order, size = {}, 0
   for position, index in ipairs(members) do
      if weights[index] > 0 then
         order[#order + 1] = {values[position], weights[index]}
         size = size + weights[index]
      end
   end
   table.sort(order, function(a, b) return a[1] < b[1] end)
   return order, size
end

--- The smallest answer at which the weights reach p of all. `school` takes the middle of this and the next where they
--- reach it exactly. Sums are compared within 1e-12 of the whole, or the answer would hang on the order of addition.
local function quantile_of(order, size, p, rule)
   local sum = 0
   for place, pair in ipairs(order) do
      sum = sum + pair[2]
      if sum >= (p - 1e-12) * size then
         local next_one = order[place + 1]
         if rule == "school" and next_one and math.abs(sum - p * size) <= 1e-12 * size then
            return (pair[1] + next_one[1]) / 2
         end
         return pair[1]
      end
   end
   return order[#order] and order[#order][1]
end

--- A quantile with Woodruff's interval (1952): that of the share of answers up to the quantile, taken back to answers.
--- `options`: rule of the quantile, kind of the interval, confidence, df.
function estimate.quantile(design, members, values, p, rule, options)
   local order, size = sorted(design, members, values)
   if #order == 0 then return nil end
   local found = quantile_of(order, size, p, options.rule)
   local result = {estimate = found, size = size, n = #order}
   if design.replicates then
      result.variance = variance.replicated(design, found, function(weights)
         local again, all = sorted(design, members, values, weights)
         return quantile_of(again, all, p, options.rule)
      end)
      return result
   end
   local at_most = {}
   for position, value in ipairs(values) do at_most[position] = value <= found and 1 or 0 end
   local share = estimate.mean(design, members, at_most, rule)
   local t = interval.t(options.confidence, options.df)
   if not t then return result end
   local low, high = interval.share(options.interval, share.estimate, share.variance, share.n, options.df,
      options.confidence)
   result.low = low and low >= 0 and quantile_of(order, size, low, options.rule) or nil
   result.high = high and high <= 1 and quantile_of(order, size, high, options.rule) or nil
   if result.low and result.high then result.variance = ((result.high - result.low) / (2 * t)) ^ 2 end
   return result
end

--- Kish's effective size, of the weights alone: (Σ w)² / Σ w².
function estimate.kish(design, members)
   local sum, squares = 0, 0
   for _, index in ipairs(members) do
      sum = sum + design.weight[index]
      squares = squares + design.weight[index] ^ 2
   end
   return squares > 0 and sum * sum / squares or nil
end

return estimate
