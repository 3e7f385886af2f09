--- The stages of an index, each from the matrix of the one before: denominate, impute, treat, normalise, aggregate.
--- A stage that changes nothing hands on the same matrix. Formulas: core/index and the OECD/JRC Handbook (2008).
local core = require "difkit.core"
local errors = require "difkit.error"
local period = require "difkit.period"

local kernel = core.index
local stages = {}

--- The matrix to work on: a copy, made when it is first changed.
local function changing(from)
   local copy
   return function()
      copy = copy or from:copy()
      return copy
   end, function() return copy or from end
end

local function warn(run, text) run.warnings[#run.warnings + 1] = text end

--- The rows of a column that were lost in a way, by name: "B, C 2020 and 4 more".
local function lost_rows(set, matrix, leaf, wanted)
   local named, units = {}, #set.units
   for row = 1, units * #set.periods do
      local _, _, why = matrix:origin(row, leaf)
      if why == wanted then
         named[#named + 1] = set.units[(row - 1) % units + 1]
            .. (set.timeless and "" or " " .. set.periods[(row - 1) // units + 1])
      end
   end
   if #named <= 8 then return table.concat(named, ", ") end
   return ("%s and %d more"):format(table.concat(named, ", ", 1, 8), #named - 8)
end

--- Runs of rows that a step looks at together: those of each period, or all.
local function blocks(set, reference)
   local units, list = #set.units, {}
   if reference == "period" then
      for p = 1, #set.periods do list[p] = {(p - 1) * units + 1, units} end
      return list
   end
   return {{1, units * #set.periods}}
end

--- What a user's function is told of the column it works on.
local function context_of(set, node, from, count)
   local units, periods = {}, {}
   for i = 1, count do
      local row = from + i - 2
      units[i] = set.units[row % #set.units + 1]
      periods[i] = not set.timeless and set.periods[row // #set.units + 1] or nil
   end
   return {indicator = node.id, units = units, periods = periods, direction = node.sign, title = node.title}
end

--- Calls a user's function on a column and puts back what it gives; gaps are nil, and n counts the places.
local function call_on_column(set, matrix, node, call, from, count, key, origin)
   local values = matrix:numbers(node.leaf, from, count)
   local given = call(values, context_of(set, node, from, count))
   if type(given) ~= "table" then
      node.fail(("the function for %s must give a list of numbers, not %s"):format(key, errors.show(given)), nil, key)
   end
   for i = 1, count do
      local value = given[i]
      if value ~= nil and (type(value) ~= "number" or value ~= value) then
         node.fail(("the function for %s gave %s for %s"):format(key, errors.show(value),
            set.units[(from + i - 2) % #set.units + 1]), "numbers, and nil where there is no value", key)
      end
   end
   matrix:put(node.leaf, from, count, given, origin)
end

--- Denominate -----------------------------------------------------------------------------------------------------

local function divide(run, matrix, node, by, column)
   local rows = #run.set.units * #run.set.periods
   local lost, beyond = kernel.divide(matrix, node.leaf, 1, rows, by, column, node.factor)
   local name = type(node.denominator) == "string" and (' "%s"'):format(node.denominator) or ""
   if lost > 0 then
      warn(run, ('indicator "%s": its denominator%s is zero or missing for %s'):format(node.id, name,
         lost_rows(run.set, matrix, node.leaf, "lost by a denominator")))
   end
   if beyond > 0 then
      warn(run, ('indicator "%s": divided by its denominator%s it is beyond what a number of the machine can be for %s')
         :format(node.id, name, lost_rows(run.set, matrix, node.leaf, "not defined")))
   end
end

function stages.denominate(run)
   local set = run.set
   local touch, result = changing(set.raw)
   for _, node in ipairs(run.spec.indicators) do
      if node.denominator then divide(run, touch(), node, set.divisors[node.leaf], 1) end
   end
   return result()
end

--- Impute ---------------------------------------------------------------------------------------------------------

--- The last observed period before each cell that was filled with its value, in run.used by leaf and row.
local function note_used(run, node, before, after, history)
   local units = #run.set.units
   local used = run.used[node.leaf] or {}
   for p, at in ipairs(run.set.periods) do
      for u = 1, units do
         local from = history.at[at]
         if not before:get((from - 1) * units + u, 1) and after:get((from - 1) * units + u, 1) then
            repeat from = from - 1 until from == 0 or before:get((from - 1) * units + u, 1)
            used[(p - 1) * units + u] = history.periods[from]
         end
      end
   end
   run.used[node.leaf] = used
end

--- Imputation in time sees all periods that the data hold, those that are computed among them.
local function impute_in_time(run, matrix, node, how)
   local set = run.set
   local units, history = #set.units, set.history and set.history(node)
   if not history then
      history = {periods = set.periods, times = set.times, at = {}}
      for i, at in ipairs(set.periods) do history.at[at] = i end
   end
   local column = kernel.matrix(units * #history.periods, 1)
   if history.raw then
      kernel.copy_column(column, 1, history.raw, 1)
      if history.divisor then
         kernel.divide(column, 1, 1, units * #history.periods, history.divisor, 1, node.factor)
      end
   end
   for p, at in ipairs(set.periods) do
      kernel.copy_rows(column, 1, (history.at[at] - 1) * units + 1, matrix, node.leaf, (p - 1) * units + 1, units)
   end
   local before = column:copy()
   local method = how.method == "linear" and how.nearest and "nearest" or how.method
   kernel.impute_time(column, 1, history.times, method, how.limit)
   if method == "last" then note_used(run, node, before, column, history) end
   for p, at in ipairs(set.periods) do
      kernel.copy_rows(matrix, node.leaf, (p - 1) * units + 1, column, 1, (history.at[at] - 1) * units + 1, units)
   end
end

local function impute_column(run, matrix, node, how, known)
   local set = run.set
   local rows = #set.units * #set.periods
   if how.method == "function" then
      call_on_column(set, matrix, node, how.call, 1, rows, "impute", "imputed: function")
   elseif how.method == "last" or how.method == "linear" then
      impute_in_time(run, matrix, node, how)
   elseif how.method == "expectation" or how.method == "multiple" then
      require("difkit.index.expectation").fill(run, matrix, node, how, known, blocks(set, "period"))
   elseif how.method == "nearest" then
      require("difkit.index.nearest").fill(run, matrix, node, how, known, blocks(set, "period"))
   elseif how.method == "constant" then
      kernel.impute(matrix, node.leaf, 1, rows, "constant", how.value)
   else
      --- Means and medians are those of one period: imputing across periods would mix times.
      for _, block in ipairs(blocks(set, "period")) do
         if how.method == "mean" or how.method == "median" then
            kernel.impute(matrix, node.leaf, block[1], block[2], how.method)
         else
            local groups = set.groups_of(how.groups, node)
            local numbers = table.move(groups.numbers, block[1], block[1] + block[2] - 1, 1, {})
            kernel.impute_group(matrix, node.leaf, block[1], block[2], numbers, groups.count,
               how.method == "group_median")
         end
      end
   end
end

--- `alternative` stands for the imputation that indicators inherit.
function stages.impute(run, matrix, alternative)
   local touch, result = changing(matrix)
   local rows = #run.set.units * #run.set.periods
   for leaf, node in ipairs(run.spec.indicators) do
      local how = alternative and node.given.impute == nil and alternative or node.impute
      if how.method ~= "none" and kernel.available(result(), leaf, 1, rows) < rows then
         impute_column(run, touch(), node, how, matrix)
      end
   end
   return result()
end

--- Treat ----------------------------------------------------------------------------------------------------------

local function transform_column(run, matrix, node, block)
   local how, flaw = node.transform, nil
   if how.method == "function" then
      local values = matrix:numbers(node.leaf, block[1], block[2])
      for i = 1, block[2] do
         if values[i] ~= nil then
            local value = how.call(values[i])
            if value ~= nil and type(value) ~= "number" then
               node.fail(("the transform gave %s"):format(errors.show(value)), "a number or nil is wanted",
                  "transform")
            end
            if value ~= nil and (value ~= value or math.abs(value) == math.huge) then value = nil end
            values[i] = value
         end
      end
      matrix:put(node.leaf, block[1], block[2], values, "computed")
   elseif how.method == "sqrt" or how.method == "reciprocal" then
      local values = matrix:numbers(node.leaf, block[1], block[2])
      for i = 1, block[2] do
         local value = values[i]
         if value ~= nil then
            if how.method == "sqrt" then
               values[i] = value >= 0 and math.sqrt(value) or nil
            else
               values[i] = value ~= 0 and math.abs(1 / value) < math.huge and 1 / value or nil
            end
            if values[i] == nil then flaw = "holds a value that is zero or negative, or too small" end
         end
      end
      matrix:put(node.leaf, block[1], block[2], values, "computed")
   else
      flaw = kernel.log(matrix, node.leaf, block[1], block[2], how.method)
   end
   if flaw then warn(run, ('indicator "%s" %s (transform %s)'):format(node.id, flaw, how.method)) end
end

--- Winsorises while the shape fails; when that is not enough, `otherwise` is applied to the column as it was.
local function treat_outliers(run, matrix, node, block, how)
   local from, count = block[1], block[2]
   local _, _, passes = kernel.shape(matrix, node.leaf, from, count, how)
   if passes then return {points = 0, way = "none"} end
   local before = kernel.matrix((matrix:size()), 1)
   kernel.copy_column(before, 1, matrix, node.leaf)
   local flaw, moved, now = kernel.winsorise(matrix, node.leaf, from, count,
      {skewness = how.skewness, kurtosis = how.kurtosis, most = how.most or (how.method == "outliers" and 5) or nil})
   if flaw then
      kernel.copy_column(matrix, node.leaf, before, 1, from, count)
      warn(run, ('indicator "%s" fails the rule of skewness and kurtosis and %s: left untreated'):format(node.id,
         flaw))
      return {points = 0, way = "none"}
   end
   if now or how.method ~= "outliers" then return {points = moved, way = "winsorised"} end
   local after = how["then"] or "log_shifted"
   kernel.copy_column(matrix, node.leaf, before, 1, from, count)
   kernel.log(matrix, node.leaf, from, count, after)
   return {points = 0, way = after}
end

local function treat_column(run, matrix, node, how, block)
   local flaw
   local from, count, leaf = block[1], block[2], node.leaf
   if how.method == "function" then
      call_on_column(run.set, matrix, node, how.call, from, count, "treat", "computed")
   elseif how.method == "outliers" or how.method == "winsorise" then
      run.treatment[node.id] = treat_outliers(run, matrix, node, block, how)
   elseif how.method == "percentile" then
      flaw = kernel.winsorise_share(matrix, leaf, from, count, how.lower or 0.025, how.upper or 0.975)
   elseif how.method == "box_cox" then
      local lambda
      flaw, lambda = kernel.box_cox(matrix, leaf, from, count, how.lambda)
      run.treatment[node.id] = {way = ("box_cox (lambda = %.6g)"):format(lambda or 0), points = 0}
   else
      flaw = kernel.log(matrix, leaf, from, count, how.method, how.shift)
   end
   if flaw then warn(run, ('indicator "%s" %s (treat %s)'):format(node.id, flaw, how.method)) end
end

--- `alternative` stands for the treatment that indicators inherit.
function stages.treat(run, matrix, alternative)
   local touch, result = changing(matrix)
   for _, node in ipairs(run.spec.indicators) do
      if node.transform then
         for _, block in ipairs(blocks(run.set, "all")) do transform_column(run, touch(), node, block) end
      end
      local how = alternative and node.given.treat == nil and alternative or node.treat
      if how.method ~= "none" then
         for _, block in ipairs(blocks(run.set, run.spec.root.reference)) do
            treat_column(run, touch(), node, how, block)
         end
      end
   end
   return result()
end

--- Normalise ------------------------------------------------------------------------------------------------------

local statistics_of_reference = {mean = true, median = true, best = true, worst = true}

local function place_of(list, wanted)
   for i, value in ipairs(list) do
      if value == wanted then return i end
   end
end

local function period_of(list, wanted) return place_of(list, period.read(wanted)) end

--- A statistic of one period for the adjusted index: its goalposts may stand around the mean of a base year.
local function statistic_of(run, matrix, node, how)
   local p = period_of(run.set.periods, how.reference_period)
   if not p then
      node.fail(("unknown reference_period %s"):format(errors.show(how.reference_period)),
         errors.hint(how.reference_period, run.set.periods), "normalise")
   end
   local units = #run.set.units
   local summary = kernel.summary(matrix, node.leaf, (p - 1) * units + 1, units)
   local turned = node.sign < 0
   return ({mean = summary.mean, median = summary.median, best = turned and summary.minimum or summary.maximum,
      worst = turned and summary.maximum or summary.minimum})[how.reference or "mean"]
end

--- The value of a reference: a number, or a unit's value (in a period, or in that of the block).
local function reference_value(run, matrix, node, how, p)
   local set, given = run.set, how.reference
   if type(given) == "number" then return given end
   local u = place_of(set.units, given)
   if not u then
      node.fail(("unknown reference %s"):format(errors.show(given)),
         errors.hint(given, {"mean", "median", "best", "worst", table.unpack(set.units)}), "normalise")
   end
   if how.reference_period ~= nil then
      p = period_of(set.periods, how.reference_period)
      if not p then
         node.fail(("unknown reference_period %s"):format(errors.show(how.reference_period)),
            errors.hint(how.reference_period, set.periods), "normalise")
      end
   end
   return matrix:get((p - 1) * #set.units + u, node.leaf)
end

--- What the kernel is told: the parameters, with bounds and target of the indicator where the spec says none.
local function scale_of(run, node, how)
   local scale = {direction = node.sign, tolerance = run.spec.root.tolerance}
   for key, value in next, how do scale[key] = value end
   if how.method == "goalposts" then
      scale.lower = how.lower or node.lower or node.described.lower
      scale.upper = how.upper or node.upper or node.described.upper
      if not scale.lower or not scale.upper then
         node.fail("goalposts need lower and upper", 'such as lower = 0, upper = 100', "normalise")
      end
      if scale.lower >= scale.upper then
         node.fail(("goalposts: lower must be below upper, not %s and %s"):format(errors.show(scale.lower),
            errors.show(scale.upper)), nil, "normalise")
      end
   elseif how.method == "target" then
      scale.target = how.target or node.target or node.described.target
      if not scale.target then node.fail("normalise target needs a target", "such as target = 100", "normalise") end
   end
   scale.reference = nil
   return scale
end

--- Learns the scale from `learn` and applies it to `block`.
local function normalise_block(run, matrix, source, node, how, block, learn, p)
   local scale = scale_of(run, node, how)
   if how.method == "ratio" or how.method == "difference" or how.method == "ampi" then
      local given = how.reference or "mean"
      if how.method == "ampi" and statistics_of_reference[given] and how.reference_period ~= nil then
         scale.reference, scale.value = "value", statistic_of(run, source, node, how)
      elseif statistics_of_reference[given] then
         scale.reference = given
      else
         scale.reference, scale.value = "value", reference_value(run, source, node, how, p)
      end
   end
   local flaw, lost = kernel.normalise(matrix, node.leaf, block[1], block[2], scale, source, learn[1], learn[2])
   if flaw and flaw ~= "has no value" then
      local units = run.set
      local at = not units.timeless and #units.periods > 1 and block[2] == #units.units
         and " in " .. units.periods[p] or ""
      warn(run, ('indicator "%s"%s %s (%s): no unit gets a value'):format(node.id, at, flaw, how.method))
   elseif lost > 0 then
      warn(run, ('indicator "%s": %d values cannot be used by %s'):format(node.id, lost, how.method))
   end
end

--- `alternative` stands for the normalisation that indicators inherit.
function stages.normalise(run, matrix, alternative)
   local set, reference = run.set, run.spec.root.reference
   local units = #set.units
   local touch, result = changing(matrix)
   local fixed
   if reference ~= "period" and reference ~= "all" then
      fixed = period_of(set.periods, reference)
      if not fixed then
         run.spec.root.fail(("the reference %s is none of the periods computed"):format(tostring(reference)),
            errors.hint(reference, set.periods), "reference")
      end
   end
   for _, node in ipairs(run.spec.indicators) do
      local how = alternative and node.given.normalise == nil and alternative or node.normalise
      if how.method == "function" then
         for _, block in ipairs(blocks(set, fixed and "all" or reference)) do
            call_on_column(set, touch(), node, how.call, block[1], block[2], "normalise", "computed")
         end
      elseif how.method ~= "none" or node.sign < 0 then
         local by_unit = how.reference and not statistics_of_reference[how.reference]
            and type(how.reference) ~= "number"
            and how.reference_period == nil
         for p, block in ipairs(blocks(set, (fixed or by_unit) and "period" or reference)) do
            local learn = fixed and {(fixed - 1) * units + 1, units} or block
            normalise_block(run, touch(), matrix, node, how, block, learn, p)
         end
      end
   end
   return result()
end

return stages
