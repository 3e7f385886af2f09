--- Periods: their order, their place in time, their last day.
local period = {}

--- A period as a number of years, for interpolation and trends; nil for what is no period.
function period.time(value)
   if type(value) == "number" then return value + 0.0 end
   local year, rest = value:match "^(%d%d%d%d)%-?(.*)$"
   if not year then return nil end
   year = tonumber(year) + 0.0
   local kind, number = rest:match "^([QSW])(%d+)$"
   if kind then return year + (tonumber(number) - 1) / ({Q = 4, S = 2, W = 52})[kind] end
   local month, day = rest:match "^(%d%d)%-?(%d*)$"
   if month then return year + (tonumber(month) - 1) / 12 + ((tonumber(day) or 1) - 1) / 365.25 end
   return rest == "" and year or nil
end

--- The last month or day that a period means, as `db:units{on = …}` takes it.
function period.last_day(value)
   if type(value) == "number" then return ("%04d"):format(value) end
   local year, kind, number = value:match "^(%d%d%d%d)%-([QS])(%d)$"
   if kind then return ("%s-%02d"):format(year, tonumber(number) * (kind == "Q" and 3 or 6)) end
   return value:match "^%d%d%d%d%-W" and value:sub(1, 4) or value
end

--- Whether one period is earlier than another.
function period.before(a, b)
   local left, right = period.time(a), period.time(b)
   if left and right and left ~= right then return left < right end
   return tostring(a) < tostring(b)
end

--- A value of a column as a period: a whole number, or text.
function period.read(value)
   if type(value) == "number" then return math.tointeger(value) end
   if type(value) == "string" then return math.tointeger(tonumber(value)) or value end
end

return period
