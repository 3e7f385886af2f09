--- Exact Sobol indices of a full factorial: what each choice has a part in, where every combination was computed.
local shares = {}

--- Mean of the numbers of a list, and their variance (divisor n).
function shares.moments(list)
   local mean, variance = 0, 0
   for _, value in ipairs(list) do mean = mean + value / #list end
   for _, value in ipairs(list) do variance = variance + (value - mean) ^ 2 / #list end
   return mean, variance
end

--- First-order and total index of input f for the outputs y, one a combination; nil when y does not vary.
function shares.of(chosen, inputs, f, y)
   local _, all = shares.moments(y)
   if all <= 1e-24 then return nil end
   local by_choice, by_others, order = {}, {}, {}
   for c in ipairs(inputs[f].choices) do by_choice[c] = {} end
   for s, choice in ipairs(chosen) do
      local others = {}
      for i, c in ipairs(choice) do others[i] = i == f and 0 or c end
      local key = table.concat(others, ",")
      if not by_others[key] then by_others[key], order[#order + 1] = {}, key end
      table.insert(by_others[key], y[s])
      table.insert(by_choice[choice[f]], y[s])
   end
   local means, within = {}, 0
   for c, list in ipairs(by_choice) do means[c] = shares.moments(list) end
   for _, key in ipairs(order) do within = within + select(2, shares.moments(by_others[key])) / #order end
   return select(2, shares.moments(means)) / all, within / all
end

return shares
