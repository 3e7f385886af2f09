--- The methods of an index by name, with the parameters each takes: what a spec may say.
--- A method is written as its name, as a table {method = NAME, parameter = …}, or as a function.
local errors = require "difkit.error"

local methods = {}

--- By kind, by name: the parameters and what they may be.
methods.known = {
   normalise = {
      none = {},
      minmax = {low = "number", high = "number"},
      zscore = {mean = "number", deviation = "number"},
      rank = {},
      borda = {},
      percentile_rank = {},
      percentile = {},
      target = {target = "number", cap = "boolean"},
      ratio = {reference = "any", reference_period = "any"},
      difference = {reference = "any", reference_period = "any"},
      goalposts = {lower = "number", upper = "number", high = "number", truncate = "boolean"},
      categorical = {},
      mean_band = {band = "number"},
      fraction = {},
      ampi = {reference = "any", reference_period = "any"},
   },
   treat = {
      none = {},
      outliers = {skewness = "number", kurtosis = "number", most = "number", ["then"] = "string"},
      winsorise = {skewness = "number", kurtosis = "number", most = "number"},
      percentile = {lower = "number", upper = "number"},
      log = {}, log10 = {}, log_one = {}, log1p = {},
      log_shifted = {shift = "number"},
      log_signed = {shift = "number"},
      box_cox = {lambda = "number"},
   },
   impute = {
      none = {}, mean = {}, median = {},
      group_mean = {groups = "any"},
      group_median = {groups = "any"},
      last = {limit = "number"},
      linear = {nearest = "boolean"},
      constant = {value = "number"},
      expectation = {}, multiple = {},
      nearest = {neighbours = "number"},
   },
   aggregate = {
      arithmetic = {}, geometric = {}, harmonic = {},
      generalised = {power = "number"},
      median = {}, minimum = {}, borda = {}, copeland = {}, kemeny = {},
      benefit_of_doubt = {lower = "number", upper = "number"},
      mpi = {penalty = "string", divisor = "string"},
      mean_min = {alpha = "number", beta = "number"},
      ampi = {penalty = "string"},
      ordered = {best = "number", worst = "number", weights = "table"},
      topsis = {scale = "string"},
   },
   weights = {
      equal = {}, equal_indicators = {}, absolute = {},
      pca = {share = "number", total = "number"},
      pca_first = {},
      ahp = {comparisons = "table"},
      budget = {points = "table"},
      critic = {}, entropy = {},
      optimal = {target = "table"},
   },
}

--- What must be given with a method.
local required = {
   aggregate = {generalised = {"power"}},
   impute = {constant = {"value"}},
   weights = {ahp = {"comparisons"}, budget = {"points"}},
}

methods.default = {
   normalise = "minmax", treat = "none", impute = "none", aggregate = "arithmetic", weights = "equal",
}

local functions = {
   ln = math.log, log = math.log, sqrt = math.sqrt, exp = math.exp,
   log10 = function(x) return math.log(x, 10) end, log1p = function(x) return math.log(1 + x) end,
}

--- A number of a spec: as it is, or written as a function of one, such as "ln(100)". Nil for anything else.
function methods.number(value)
   if type(value) == "number" then return value end
   if type(value) ~= "string" then return nil end
   local name, argument = value:match "^%s*(%w+)%s*%(%s*([%d%.eE+-]+)%s*%)%s*$"
   local given = functions[name] and tonumber(argument)
   return given and functions[name](given) or nil
end

--- Whether all of a table are numbers, none negative and not all zero.
local function is_shares(list)
   local sum = 0
   for _, value in pairs(list) do
      if type(value) ~= "number" or not (value >= 0 and value < math.huge) then return false end
      sum = sum + value
   end
   return sum > 0
end

--- What a method may say, with its defaults: the rule, and what is wrong otherwise.
local sensible = {
   minmax = {function(s) return (s.low or 0) < (s.high or 100) end, "low must be below high"},
   zscore = {function(s) return (s.deviation or 1) > 0 end, "deviation must be above 0"},
   goalposts = {function(s) return s.high ~= 0 and not (s.lower and s.upper and s.lower >= s.upper) end,
      "lower must be below upper, and high must not be 0"},
   mean_band = {function(s) return (s.band or 0) >= 0 end, "band must not be negative"},
   ratio = {function(s) return s.reference ~= 0 end, "a reference of 0 divides nothing"},
   difference = {function(s) return s.reference ~= 0 end, "a reference of 0 divides nothing"},
   nearest = {function(s) return s.neighbours == nil or s.neighbours >= 1 and math.tointeger(s.neighbours) ~= nil end,
      "neighbours is a whole number from 1 on"},
   topsis = {function(s) return s.scale == nil or s.scale == "vector" or s.scale == "range" end,
      'scale is "vector" or "range"'},
   optimal = {function(s) return s.target == nil or is_shares(s.target) end,
      "target has a share of importance for each child, none negative"},
   percentile = {function(s)
      local lower, upper = s.lower or 0.025, s.upper or 0.975
      return s.method ~= "percentile" or lower >= 0 and lower < upper and upper <= 1
   end, "lower and upper must be shares, the lower first, such as 0.025 and 0.975"},
   outliers = {function(s) return (s.most or 1) >= 0 and (s.kurtosis or 1) >= 0 and (s.skewness or 1) >= 0 end,
      "skewness, kurtosis and most must not be negative"},
   log_shifted = {function(s) return (s.shift or 1) > 0 end, "shift must be above 0"},
   last = {function(s) return (s.limit or 0) >= 0 end, "limit must not be negative"},
   benefit_of_doubt = {function(s)
      local lower, upper = s.lower or 0, s.upper or 1
      return lower >= 0 and lower <= upper and upper > 0 and upper <= 1
   end, "lower and upper must be shares between 0 and 1, the lower first"},
   mpi = {function(s)
      return (s.penalty == nil or s.penalty == "minus" or s.penalty == "plus")
         and (s.divisor == nil or s.divisor == "n" or s.divisor == "n-1")
   end, 'penalty is "minus" or "plus", divisor "n" or "n-1"'},
   mean_min = {function(s)
      local alpha, beta = s.alpha or 1, s.beta or 0
      return alpha >= 0 and alpha <= 1 and beta >= 0
   end, "alpha must be between 0 and 1, beta not negative"},
   ordered = {function(s)
      local count = s.best or s.worst
      if s.weights then return not count and is_shares(s.weights) and #s.weights >= 1 and #s.weights <= 32 end
      return (s.best == nil) ~= (s.worst == nil) and count >= 1 and math.tointeger(count) ~= nil
   end, "give best or worst, the number of values to take the mean of, or weights from the best place to the worst"},
   pca = {function(s)
      local share, total = s.share or 0.1, s.total or 0.6
      return share >= 0 and share <= 1 and total > 0 and total <= 1
   end, "share and total must be between 0 and 1"},
}
sensible.winsorise, sensible.log_signed, sensible.ampi = sensible.outliers, sensible.log_shifted, sensible.mpi

--- Parameters that may be without limit.
local unlimited = {limit = true, most = true}

--- Names in a fixed order, for messages.
function methods.names(kind)
   local names = {}
   for name in pairs(methods.known[kind]) do names[#names + 1] = name end
   table.sort(names)
   return names
end

local function check_parameters(kind, spec, fail)
   local known = methods.known[kind][spec.method]
   local names = {"method"}
   for name in pairs(known) do names[#names + 1] = name end
   table.sort(names)
   for name, value in require("difkit.sorted")(spec) do
      local wanted = known[name]
      if name ~= "method" and not wanted then
         local text = #names > 1 and errors.hint(name, names) or ('"%s" takes no parameters'):format(spec.method)
         fail(('%s "%s" has no parameter "%s"'):format(kind, spec.method, tostring(name)), text, name)
      end
      local number = wanted == "number" and methods.number(value)
      if number then
         spec[name] = number
      elseif name ~= "method" and wanted ~= "any" and type(value) ~= wanted then
         fail(('%s "%s": %s must be a %s, not %s'):format(kind, spec.method, name, wanted, errors.show(value)), nil,
            name)
      end
      if number and (number ~= number or math.abs(number) == math.huge and not unlimited[name]) then
         fail(('%s "%s": %s must be a finite number, not %s'):format(kind, spec.method, name, errors.show(number)), nil,
            name)
      end
   end
   local rule = sensible[spec.method]
   if rule and not rule[1](spec) then
      fail(('%s "%s" makes no sense like this: %s'):format(kind, spec.method, rule[2]), nil, "method")
   end
   for _, name in ipairs((required[kind] or {})[spec.method] or {}) do
      if spec[name] == nil then
         fail(('%s "%s" needs "%s"'):format(kind, spec.method, name),
            ('such as {method = "%s", %s = …}'):format(spec.method, name), "method")
      end
   end
end

--- Reads what a spec says of one kind of method into {method = …, parameters}. `fail(message, hint, key)` raises with
--- the place. A number means the constant of an imputation.
function methods.read(kind, given, fail)
   local spec
   if type(given) == "function" then return {method = "function", call = given} end
   if type(given) == "string" then
      spec = {method = given}
   elseif type(given) == "number" and kind == "impute" then
      spec = {method = "constant", value = given}
   elseif type(given) == "table" then
      spec = {}
      for key, value in next, given do spec[key] = value end
      if type(spec.method) == "function" then return {method = "function", call = spec.method} end
      if spec.method == nil then
         fail(("%s is a table without a method"):format(kind),
            ('such as {method = "%s"}'):format(methods.default[kind]))
      end
   else
      fail(("%s must be a name, a table with a method, or a function, not %s"):format(kind, errors.show(given)))
   end
   if not methods.known[kind][spec.method] then
      fail(('unknown %s "%s"'):format(kind, tostring(spec.method)), errors.hint(spec.method, methods.names(kind)))
   end
   check_parameters(kind, spec, fail)
   return spec
end

--- A method for people: "minmax", "generalised (power = 2)".
function methods.show(spec)
   if spec.method == "function" then return "a function" end
   local parts = {}
   for name, value in require("difkit.sorted")(spec) do
      if name ~= "method" and type(value) ~= "table" then
         parts[#parts + 1] = ("%s = %s"):format(name, tostring(value))
      end
   end
   if #parts == 0 then return spec.method end
   return ("%s (%s)"):format(spec.method, table.concat(parts, ", "))
end

return methods
