--- Pieces of SQL for the query builder: quoted names, expressions with bound values, conditions.
--- What is written here stays in the subset that SQLite and PostgreSQL share.
local class = require "difkit.class"
local errors = require "difkit.error"
local period = require "difkit.period"

local sql = {}

--- SQL NULL for where nil cannot stand. See difkit.null.
sql.null = setmetatable({}, {
   __tostring = function() return "null" end,
   __name = "difkit.null",
   __newindex = function() errors.raise "difkit.null has no fields" end,
   __metatable = "difkit.null",
})

---A piece of SQL written by hand, with its values bound to `?`: for what the query builder has no word for.
---@class difkit.Expression
---@field text string the SQL
---@field values any[] one value for each `?`
---@field name string|nil name of the column
local Expression, expression_events = class "difkit.Expression"

function expression_events.__tostring(self) return self.text end

---Names the column that the expression gives.
---
---```lua
---local query = db:from "action":select("id", difkit.sql("length(text)"):as "length")
---print(query:one().length) --> 42
---```
---@param name string
---@return difkit.Expression
function Expression:as(name)
   errors.check("expression:as", "name", name, "string")
   return setmetatable({text = self.text, values = self.values, name = name}, expression_events)
end

--- How many `?` stand outside quotes.
local function placeholders(text)
   local bare = text:gsub("'[^']*'", ""):gsub('"[^"]*"', ""):gsub("%-%-[^\n]*", "")
   return select(2, bare:gsub("%?", ""))
end

---@class difkit
local difkit = {}

---SQL written by hand for a place where the query builder takes a column or a condition, or as a whole source.
---Each `?` stands for one of the values that follow; values are bound, never mixed into the text.
---
---```lua
---print(db:from "action":where(difkit.sql("length(text) > ?", 400)):count())
-----> 4
---```
---@param text string
---@param ... any one value for each `?`
---@return difkit.Expression
function difkit.sql(text, ...)
   errors.check("difkit.sql", "text", text, "string")
   local given, wanted = select("#", ...), placeholders(text)
   if given ~= wanted then
      errors.raise(("difkit.sql: %d value%s for %d placeholder%s in %s"):format(given, given == 1 and "" or "s", wanted,
         wanted == 1 and "" or "s", errors.show(text)))
   end
   local values = {n = given, ...}
   for i = 1, given do
      if values[i] == sql.null then values[i] = nil end
   end
   return setmetatable({text = text, values = values}, expression_events)
end

function sql.is_expression(x) return getmetatable(x) == "difkit.Expression" end

--- A name as SQL takes it: quoted, quotes in it doubled.
function sql.quote(name)
   return '"' .. name:gsub('"', '""') .. '"'
end

--- A list of values that knows its length, so that NULL can be among them.
function sql.values(...) return {n = select("#", ...), ...} end

function sql.extend(values, more)
   for i = 1, more.n do values[values.n + i] = more[i] end
   values.n = values.n + more.n
end

--- Checks a value that is compared or bound, and gives it as the database takes it.
local function bindable(call, column, value)
   local kind = type(value)
   if kind == "string" or kind == "number" then return value end
   if kind == "boolean" then return value and 1 or 0 end
   errors.raise(('%s: cannot compare "%s" with %s'):format(call, column, errors.show(value)),
      "give a text, a number, a list of these, or difkit.null")
end

local function split_list(call, column, list)
   local plain, has_null = {n = 0}, false
   for i = 1, #list do
      if list[i] == sql.null then
         has_null = true
      else
         plain.n = plain.n + 1
         plain[plain.n] = bindable(call, column, list[i])
      end
   end
   if next(list) ~= nil and #list == 0 then
      errors.raise(('%s: "%s" is compared with a table that is not a list'):format(call, column),
         ('for other comparisons write where("%s", ">", value)'):format(column))
   end
   return plain, has_null
end

local function marks(count) return ("?, "):rep(count - 1) .. "?" end

--- column IN list, NULL allowed in the list.
local function is_in(call, column, reference, list)
   local plain, has_null = split_list(call, column, list)
   local parts = {}
   if plain.n == 1 then parts[1] = reference .. " = ?"
   elseif plain.n > 1 then parts[1] = ("%s IN (%s)"):format(reference, marks(plain.n)) end
   if has_null then parts[#parts + 1] = reference .. " IS NULL" end
   if #parts == 0 then return "1 = 0", plain end
   if #parts == 2 then return "(" .. table.concat(parts, " OR ") .. ")", plain end
   return parts[1], plain
end

--- column not IN list. A row without a value differs from every value, so it stays, unless the list names null.
local function is_not_in(call, column, reference, list)
   local plain, has_null = split_list(call, column, list)
   if plain.n == 0 then return has_null and reference .. " IS NOT NULL" or "1 = 1", plain end
   local text = plain.n == 1 and reference .. " <> ?" or ("%s NOT IN (%s)"):format(reference, marks(plain.n))
   if has_null then return text, plain end
   return ("(%s OR %s IS NULL)"):format(text, reference), plain
end

local function as_list(value)
   if type(value) == "table" and value ~= sql.null then return value end
   return {value}
end

local function compared(operator)
   return function(call, column, reference, value)
      return ("%s %s ?"):format(reference, operator), sql.values(bindable(call, column, value))
   end
end

local function like(call, column, reference, value)
   errors.check(call, ('pattern for "%s"'):format(column), value, "string")
   return ("lower(%s) LIKE lower(?)"):format(reference), sql.values(value)
end

local function not_like(call, column, reference, value)
   errors.check(call, ('pattern for "%s"'):format(column), value, "string")
   return ("(lower(%s) NOT LIKE lower(?) OR %s IS NULL)"):format(reference, reference), sql.values(value)
end

local function between(call, column, reference, value)
   if type(value) ~= "table" or #value ~= 2 then
      errors.raise(('%s: "between" needs a list of two values for "%s"'):format(call, column),
         ('write where("%s", "between", {1, 10})'):format(column))
   end
   return reference .. " BETWEEN ? AND ?",
      sql.values(bindable(call, column, value[1]), bindable(call, column, value[2]))
end

--- The comparisons that where() knows.
local comparisons = {
   ["="] = function(call, column, reference, value) return is_in(call, column, reference, as_list(value)) end,
   ["!="] = function(call, column, reference, value) return is_not_in(call, column, reference, as_list(value)) end,
   ["<"] = compared "<", ["<="] = compared "<=", [">"] = compared ">", [">="] = compared ">=",
   ["like"] = like, ["not like"] = not_like, ["between"] = between,
   ["in"] = function(call, column, reference, value) return is_in(call, column, reference, as_list(value)) end,
   ["not in"] = function(call, column, reference, value) return is_not_in(call, column, reference, as_list(value)) end,
}

--- Those of a column of periods, which follow time.
local function compared_in_time(operator)
   return function(call, _, reference, value)
      return ("%s %s ?"):format(period.sql(reference), operator), sql.values(period.place(call, value))
   end
end

--- Those that ask whether a period is one of some: each has to be one, so that a slip does not find nothing in silence.
local function among_periods(name)
   return function(call, column, reference, value)
      for _, one in ipairs(as_list(value)) do
         if one ~= sql.null then period.place(call, one) end
      end
      return comparisons[name](call, column, reference, value)
   end
end

local in_time = {
   ["="] = among_periods "=", ["!="] = among_periods "!=", ["in"] = among_periods "in",
   ["not in"] = among_periods "not in",
   ["<"] = compared_in_time "<", ["<="] = compared_in_time "<=", [">"] = compared_in_time ">",
   [">="] = compared_in_time ">=",
   between = function(call, column, reference, value)
      local _, ends = between(call, column, reference, value)
      return period.sql(reference) .. " BETWEEN ? AND ?",
         sql.values(period.place(call, ends[1]), period.place(call, ends[2]))
   end,
}
sql.operators = {"=", "!=", "<", "<=", ">", ">=", "like", "not like", "in", "not in", "between"}

--- One comparison as SQL and its values. `found` is what is known of the column (see query/sql.lua), or nil.
function sql.comparison(call, column, reference, operator, value, found)
   local name = type(operator) == "string" and operator:lower() or operator
   local build = found and found.entity == "period" and in_time[name] or comparisons[name]
   if not build then
      errors.raise(('%s: unknown comparison "%s"'):format(call, tostring(operator)),
         errors.hint(operator, sql.operators))
   end
   if value == nil then
      errors.raise(('%s: "%s" is compared with nil'):format(call, column), "for a missing value write difkit.null")
   end
   return build(call, column, reference, value)
end

--- Arguments of where() as a list of SQL pieces, all of which have to hold:
--- a table of column = value, or column, operator, value, or an expression. `resolve` gives the SQL of a column, and
--- what is known of it.
function sql.conditions(call, resolve, first, operator, value)
   if sql.is_expression(first) then return {{text = "(" .. first.text .. ")", values = first.values}} end
   local out = {}
   if type(first) == "string" then
      if operator == nil then
         errors.raise(('%s: "%s" is compared with nothing'):format(call, first),
            ('write where{%s = value}, where("%s", ">", value) or where(difkit.sql("..."))'):format(
               first:find("^[%a_][%w_]*$") and first or "column", first))
      end
      local reference, found = resolve(first)
      local text, values = sql.comparison(call, first, reference, operator, value, found)
      out[1] = {text = text, values = values}
   elseif type(first) == "table" then
      for column, wanted in require("difkit.sorted")(first) do
         if type(column) ~= "string" then
            errors.raise(("%s: the filter has %s without a column"):format(call, errors.show(wanted)),
               "write where{column = value}")
         end
         local reference, found = resolve(column)
         local text, values = sql.comparison(call, column, reference, "=", wanted, found)
         out[#out + 1] = {text = text, values = values}
      end
   else
      errors.check(call, "condition", first, "table", "string")
   end
   return out
end

setmetatable(sql, {
   __call = function(_, ...) return difkit.sql(...) end,
   __metatable = "difkit.sql",
})

return sql
