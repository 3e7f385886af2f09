--- Intervals: with Student's t at the degrees of freedom of the design; of shares also those that stay within 0 and 1.
local distribution = require "difkit.survey.distribution"

local interval = {}

--- Korn & Graubard (1998) is the default: it alone is honest at 0 and 1. Its effective size is never more than the
--- number of answers; `beta` is the same without that bound, as R's svyciprop has it.
interval.kinds = {"korn-graubard", "beta", "wald", "logit", "arcsine", "wilson"}

--- The quantile of Student's t for a two-sided interval; nil without degrees of freedom.
function interval.t(confidence, df)
   if df < 1 then return nil end
   return distribution.t_quantile(1 - (1 - confidence) / 2, df)
end

function interval.around(value, variance, confidence, df)
   local t = interval.t(confidence, df)
   if not t or not variance then return nil end
   local half = t * math.sqrt(variance)
   return value - half, value + half
end

local shares = {}

function shares.wald(p, variance, _, t) return p - t * math.sqrt(variance), p + t * math.sqrt(variance) end

function shares.logit(p, variance, _, t)
   local middle, half = math.log(p / (1 - p)), t * math.sqrt(variance) / (p * (1 - p))
   return 1 / (1 + math.exp(half - middle)), 1 / (1 + math.exp(-half - middle))
end

function shares.arcsine(p, variance, _, t)
   local middle, half = math.asin(math.sqrt(p)), t * math.sqrt(variance) / (2 * math.sqrt(p * (1 - p)))
   return math.sin(middle - half) ^ 2, math.sin(middle + half) ^ 2
end

function shares.wilson(p, variance, _, t)
   local n = p * (1 - p) / variance
   local middle = (p + t * t / (2 * n)) / (1 + t * t / n)
   local half = t / (1 + t * t / n) * math.sqrt(p * (1 - p) / n + t * t / (4 * n * n))
   return middle - half, middle + half
end

--- The bounds of Clopper and Pearson at a size; all the answers where the variance says nothing.
local function exact(p, size, confidence)
   local tail = (1 - confidence) / 2
   local low = p > 0 and distribution.beta_quantile(tail, size * p, size * (1 - p) + 1) or 0
   local high = p < 1 and distribution.beta_quantile(1 - tail, size * p + 1, size * (1 - p)) or 1
   return low, high
end

--- The effective size, with what the few degrees of freedom of the design cost.
local function effective(p, variance, n, t, confidence)
   if variance <= 0 or p <= 0 or p >= 1 or n < 2 then return n end
   return p * (1 - p) / variance * (interval.t(confidence, n - 1) / t) ^ 2
end

function shares.beta(p, variance, n, t, _, confidence)
   return exact(p, effective(p, variance, n, t, confidence), confidence)
end

shares["korn-graubard"] = function(p, variance, n, t, _, confidence)
   return exact(p, math.min(n, effective(p, variance, n, t, confidence)), confidence)
end

--- The interval of a share p with the variance `variance` from n answers. Nil where the kind has none: all but
--- korn-graubard collapse to a point at 0 and 1 or where the variance is 0.
function interval.share(kind, p, variance, n, df, confidence)
   local t = interval.t(confidence, df)
   if not t then return nil end
   local inside = variance > 0 and p > 0 and p < 1
   if not inside and kind ~= "korn-graubard" and kind ~= "beta" then return nil end
   return shares[kind](p, variance, n, t, df, confidence)
end

return interval
