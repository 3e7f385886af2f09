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
   },
   treat = {
      none = {},
      outliers = {skewness = "number", kurtosis = "number", most = "number", ["then"] = "string"},
      winsorise = {skewness = "number", kurtosis = "number", most = "number"},
      percentile = {lower = "number", upper = "number"},
      log = {}, log10 = {}, log_one = {},
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
   },
   aggregate = {
      arithmetic = {}, geometric = {}, harmonic = {},
      generalised = {power = "number"},
      median = {}, minimum = {}, borda = {}, copeland = {}, kemeny = {},
      benefit_of_doubt = {lower = "number", upper = "number"},
   },
   weights = {
      equal = {}, equal_indicators = {}, absolute = {},
      pca = {share = "number", total = "number"},
      pca_first = {},
      ahp = {comparisons = "table"},
      budget = {points = "table"},
      critic = {}, entropy = {},
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
      if name ~= "method" and wanted ~= "any" and type(value) ~= wanted then
         fail(('%s "%s": %s must be a %s, not %s'):format(kind, spec.method, name, wanted, errors.show(value)), nil,
            name)
      end
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
