--- Which columns of flags and notes go with which columns of values.
local beside = {}

--- Whether a column holds values.
function beside.holds_values(column)
   return column.role == "across" or column.role == "values" or column.role == "value"
end

--- Whether columns of a role ("flag", "note") that name no period stand between columns of values: then each belongs to
--- the value before it, else all belong to all.
local function stand_between(columns, role)
   local there = false
   for _, column in ipairs(columns) do
      if column.role == role and not column.upper_period then there = true end
      if there and beside.holds_values(column) then return true end
   end
   return false
end

--- The column of a role that goes with a column of values: that of its period, or of those that stand between values
--- the one behind it; and whether that is all there is to say, so that others do not count.
function beside.of(columns, column, role)
   local own = column.upper_period or type(column.period) == "table" and column.period
   for _, other in ipairs(columns) do
      if other.role == role and other.upper_period and own and own.period == other.upper_period.period then
         return other, true
      end
   end
   if not stand_between(columns, role) then return nil, false end
   local value
   for _, other in ipairs(columns) do
      if beside.holds_values(other) then value = other end
      if other.role == role and not other.upper_period and value == column then return other, true end
   end
   return nil, true
end

--- The columns of a role that go with every value.
function beside.all(columns, role)
   local list = {}
   for _, column in ipairs(stand_between(columns, role) and {} or columns) do
      if column.role == role and not column.upper_period then list[#list + 1] = column end
   end
   return list
end

return beside
