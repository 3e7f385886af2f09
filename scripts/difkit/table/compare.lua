--- Comparisons of values that may be missing, as tables sort and filter them: the same rules as the query builder's.
local errors = require "difkit.error"
local period = require "difkit.period"
local sql = require "difkit.sql"

local compare = {}

local rank = {number = 1, string = 2, boolean = 3, table = 4, userdata = 4, ["function"] = 4, thread = 4}

--- Whether `a` stands before `b`: numbers before texts before truth values. Missing values are the caller's matter.
function compare.less(a, b)
   local kind_a, kind_b = type(a), type(b)
   if kind_a ~= kind_b then return rank[kind_a] < rank[kind_b] end
   if kind_a == "number" then return a < b or (b ~= b and a == a) end
   if kind_a == "string" then return a < b end
   if kind_a == "boolean" then return not a and b end
   return false
end

--- The place in time of what is a period beyond doubt: a year of four digits as an integer, or text.
local function place(value)
   if math.type(value) == "integer" and value < 1000 then return nil end
   return period.order(value)
end

--- How the values of a column are ordered: as time where they are periods and not years alone, else by `compare.less`.
function compare.order_of(rows, column)
   local parts = false
   for _, row in ipairs(rows) do
      local value = row[column]
      if value ~= nil then
         if not place(value) then return compare.less end
         parts = parts or type(value) == "string"
      end
   end
   return parts and period.before or compare.less
end

--- Stable sort of `list` by `less`, in place: equal items keep their order.
function compare.sort(list, less)
   local n = #list
   local from, into = list, {}
   local width = 1
   while width < n do
      for first = 1, n, 2 * width do
         local middle, last = math.min(first + width, n + 1), math.min(first + 2 * width, n + 1)
         local i, j = first, middle
         for k = first, last - 1 do
            if i < middle and (j >= last or not less(from[j], from[i])) then
               into[k] = from[i]
               i = i + 1
            else
               into[k] = from[j]
               j = j + 1
            end
         end
      end
      from, into = into, from
      width = 2 * width
   end
   if from ~= list then
      for i = 1, n do list[i] = from[i] end
   end
   return list
end

--- A text as a Lua pattern for LIKE: % any text, _ any character, ASCII letters without regard to case.
local function like_pattern(pattern)
   local out = pattern:gsub(".", function(character)
      if character == "%" then return ".*" end
      if character == "_" then return "[^\128-\191][\128-\191]*" end
      if character:find "%a" then return ("[%s%s]"):format(character:lower(), character:upper()) end
      if character:find "[%w\128-\255]" then return character end
      return "%" .. character
   end)
   return "^" .. out .. "$"
end

local function is_among(value, list)
   if type(list) ~= "table" or list == sql.null then list = {list} end
   for i = 1, #list do
      if list[i] == sql.null then
         if value == nil then return true end
      elseif value ~= nil and list[i] == value then
         return true
      end
   end
   return false
end

local function ordered(test)
   return function(call, column, wanted)
      errors.check(call, ('value for "%s"'):format(column), wanted, "string", "number")
      local at = place(wanted)
      return function(value)
         -- a year and a part of a year, or two parts, compare in time
         local there = at and (type(value) == "string" or type(wanted) == "string") and place(value)
         if there then return test(there, at) end
         return value ~= nil and type(value) == type(wanted) and test(value, wanted)
      end
   end
end

local function like(call, column, wanted)
   errors.check(call, ('pattern for "%s"'):format(column), wanted, "string")
   local pattern = like_pattern(wanted)
   return function(value) return value ~= nil and tostring(value):find(pattern) ~= nil end
end

local function negated(build)
   return function(...)
      local test = build(...)
      return function(value) return value == nil or not test(value) end
   end
end

local function among(_, _, wanted)
   return function(value) return is_among(value, wanted) end
end

local function not_among(_, _, wanted)
   return function(value) return not is_among(value, wanted) end
end

local tests = {
   ["="] = among, ["in"] = among, ["!="] = not_among, ["not in"] = not_among,
   ["<"] = ordered(function(a, b) return a < b end), ["<="] = ordered(function(a, b) return a <= b end),
   [">"] = ordered(function(a, b) return a > b end), [">="] = ordered(function(a, b) return a >= b end),
   ["like"] = like, ["not like"] = negated(like),
   ["between"] = function(call, column, wanted)
      if type(wanted) ~= "table" or #wanted ~= 2 then
         errors.raise(('%s: "between" needs a list of two values for "%s"'):format(call, column))
      end
      local low, high = wanted[1], wanted[2]
      local first, last = place(low), place(high)
      return function(value)
         local there = first and last and place(value)
         if there then return first <= there and there <= last end
         return value ~= nil and type(value) == type(low) and low <= value and value <= high
      end
   end,
}

--- A function that tells of a value whether the comparison holds.
function compare.test(call, column, operator, wanted)
   local build = tests[type(operator) == "string" and operator:lower() or operator]
   if not build then
      errors.raise(('%s: unknown comparison "%s"'):format(call, tostring(operator)),
         errors.hint(operator, sql.operators))
   end
   if wanted == nil then
      errors.raise(('%s: "%s" is compared with nil'):format(call, column), "for a missing value write difkit.null")
   end
   return build(call, column, wanted)
end

return compare
