--- Quantiles of Student's t and of the beta distribution, by which intervals of surveys are made.
--- The incomplete beta function is a continued fraction (Abramowitz & Stegun 1964, 26.5.8) evaluated by the modified
--- method of Lentz; the logarithm of the gamma function is Stirling's series (6.1.41) from 10 on.
local distribution = {}

local TINY <const> = 1e-300
local series = {1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156}

local function log_gamma(x)
   local shift = 0
   while x < 10 do
      shift = shift - math.log(x)
      x = x + 1
   end
   local sum, power = 0, 1 / x
   for _, coefficient in ipairs(series) do
      sum = sum + coefficient * power
      power = power / (x * x)
   end
   return shift + (x - 0.5) * math.log(x) - x + 0.5 * math.log(2 * math.pi) + sum
end

local function away_from_zero(value) return math.abs(value) > TINY and value or TINY end

local function fraction(a, b, x)
   local c, d = 1, 1 / away_from_zero(1 - (a + b) * x / (a + 1))
   local value = d
   for m = 1, 100000 do
      local even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      local odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      for _, step in ipairs {even, odd} do
         d = 1 / away_from_zero(1 + step * d)
         c = away_from_zero(1 + step / c)
         value = value * d * c
      end
      if math.abs(d * c - 1) < 1e-16 then break end
   end
   return value
end

--- The regularised incomplete beta function I_x(a, b): the probability that a beta variable is at most x.
function distribution.beta(x, a, b)
   if x <= 0 then return 0 end
   if x >= 1 then return 1 end
   local logarithm = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * math.log(x) + b * math.log(1 - x)
   local factor = math.exp(logarithm)
   if x < (a + 1) / (a + b + 2) then return factor * fraction(a, b, x) / a end
   return 1 - factor * fraction(b, a, 1 - x) / b
end

--- The x at which I_x(a, b) is p, by halving: as many steps as a double has digits, and some for small values.
function distribution.beta_quantile(p, a, b)
   local low, high = 0, 1
   for _ = 1, 200 do
      local middle = (low + high) / 2
      if middle == low or middle == high then break end
      if distribution.beta(middle, a, b) < p then low = middle else high = middle end
   end
   return (low + high) / 2
end

local known = {}

--- The quantile of Student's t for p > 1/2; with x from the beta distribution, t² = df (1 - x) / x.
function distribution.t_quantile(p, df)
   local key = p .. " " .. df
   if not known[key] then
      local x = distribution.beta_quantile(2 * (1 - p), df / 2, 0.5)
      known[key] = math.sqrt(df * (1 - x) / x)
   end
   return known[key]
end

return distribution
