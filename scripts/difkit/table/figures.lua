--- Figures that a list of values can be boiled down to: sum, mean, least, most, median.
local compare = require "difkit.table.compare"
local errors = require "difkit.error"

local figures = {}

--- Adds two numbers. Integers that would overflow become an error instead of another number.
local function plus(call, a, b)
   local sum = a + b
   if math.type(sum) == "integer" and ((a >= 0) == (b >= 0)) and ((sum >= 0) ~= (a >= 0)) then
      errors.raise(call .. ": the sum is too large for an integer", "turn the values into reals: value + 0.0")
   end
   return sum
end

--- Sum of a list of numbers: exact for integers, compensated (Neumaier 1974) for reals, so that the order of the rows
--- hardly matters.
function figures.sum(call, values)
   local integers, reals, lost, has_reals = 0, 0.0, 0.0, false
   for i = 1, #values do
      local value = values[i]
      if math.type(value) == "integer" then
         integers = plus(call, integers, value)
      else
         has_reals = true
         local next_sum = reals + value
         if math.abs(reals) >= math.abs(value) then lost = lost + ((reals - next_sum) + value)
         else lost = lost + ((value - next_sum) + reals) end
         reals = next_sum
      end
   end
   if not has_reals then return integers end
   if lost ~= lost then lost = 0.0 end
   return integers + (reals + lost)
end

--- The figures that a list of present values can be boiled down to.
figures.of = {
   sum = function(call, values) return #values > 0 and figures.sum(call, values) or nil end,
   mean = function(call, values) return #values > 0 and figures.sum(call, values) / #values or nil end,
   min = function(_, values)
      local least
      for _, value in ipairs(values) do
         if least == nil or compare.less(value, least) then least = value end
      end
      return least
   end,
   max = function(_, values)
      local most
      for _, value in ipairs(values) do
         if most == nil or compare.less(most, value) then most = value end
      end
      return most
   end,
   median = function(_, values)
      local sorted = compare.sort(table.move(values, 1, #values, 1, {}), compare.less)
      local n = #sorted
      if n == 0 then return nil end
      if n % 2 == 1 then return sorted[n // 2 + 1] end
      return (sorted[n // 2] + sorted[n // 2 + 1]) / 2
   end,
}
figures.of_numbers = {sum = true, mean = true, median = true}

return figures
