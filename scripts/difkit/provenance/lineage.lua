--- Follows a cell back: from the table it stands in, through the steps that made the table, to the rows they began
--- with. Works on what trace.lua has seen. What cannot be followed further is said to be so.
local writer = require "difkit.query.sql"
local tables = require "difkit.table"

local lineage = {}

--- The rows of `t` that hold the same values in the columns that both have.
local function matching(t, row, columns, has)
   local found = {}
   for candidate in t:rows() do
      local same = true
      for _, name in ipairs(columns) do
         if has[name] and rawget(candidate, name) ~= rawget(row, name) then
            same = false
            break
         end
      end
      if same then found[#found + 1] = candidate end
   end
   return found
end

local function set_of(list)
   local set = {}
   for _, name in ipairs(list) do set[name] = true end
   return set
end

local function place_of(t, row)
   for i = 1, #t do
      if rawequal(t[i], row) then return i end
   end
end

--- Each row of `rows` by its place in `t`, in `parent`.
local function same_places(t, rows, parent)
   local found = {}
   for _, row in ipairs(rows) do
      local i = place_of(t, row)
      found[#found + 1] = i and parent[i] or nil
   end
   return found
end

--- The rows themselves where they are shared with the parent, else those that are equal.
local function shared(_, rows, parent, column)
   local found, columns, has = {}, parent.columns, set_of(parent.columns)
   for _, row in ipairs(rows) do
      if place_of(parent, row) then
         found[#found + 1] = row
      else
         for _, equal in ipairs(matching(parent, row, columns, has)) do found[#found + 1] = equal end
      end
   end
   return found, column
end

local function first_list(arguments)
   local first = arguments[1]
   return type(first) == "table" and not tables.is_table(first) and first or arguments
end

--- The rows that a row of a grouped table stands for.
local function members(t, rows)
   local found, lists = {}, rawget(t, "members")
   for _, row in ipairs(rows) do
      local i = place_of(t, row)
      for _, member in ipairs(i and lists and lists[i] or {}) do found[#found + 1] = member end
   end
   return found
end

local function pivoted(_, rows, parent, column, step)
   local names = type(step.arguments[1]) == "table" and step.arguments[1] or {step.arguments[1]}
   local keys, across = set_of(names), step.arguments[2]
   local found = {}
   for _, row in ipairs(rows) do
      for _, candidate in ipairs(matching(parent, row, names, keys)) do
         if not column or keys[column] or tostring(rawget(candidate, across)) == column then
            found[#found + 1] = candidate
         end
      end
   end
   return found, column and not keys[column] and step.arguments[3] or column
end

local function joined(_, rows, parent, column, step)
   local left = set_of(parent.columns)
   local source = parent
   if column and not left[column] and tables.is_table(step.arguments[1]) then source = step.arguments[1] end
   local found, has = {}, set_of(source.columns)
   for _, row in ipairs(rows) do
      local common = {}
      for _, name in ipairs(source.columns) do
         if rawget(row, name) ~= nil then common[#common + 1] = name end
      end
      for _, equal in ipairs(matching(source, row, common, has)) do found[#found + 1] = equal end
   end
   return found, has[column] and column or nil, source
end

--- For each step: the rows of the parent behind `rows` of `t`, the column there, and the parent when it is not the
--- first.
local back = {
   where = shared, sort = shared, distinct = shared, head = shared,
   drop = function(t, rows, parent, column) return same_places(t, rows, parent), column end,
   select = function(t, rows, parent, column, step)
      local from = column
      for _, wanted in ipairs(first_list(step.arguments)) do
         local old, new = wanted:match "^(.-)%s+[aA][sS]%s+(.+)$"
         if new == column then from = old end
      end
      return same_places(t, rows, parent), from
   end,
   rename = function(t, rows, parent, column, step)
      local from = column
      for old, new in next, step.arguments[1] do
         if new == column then from = old end
      end
      return same_places(t, rows, parent), from
   end,
   derive = function(t, rows, parent, column, step)
      return same_places(t, rows, parent), column ~= step.arguments[1] and column or nil
   end,
   append = function(t, rows, parent, column, step)
      local i = place_of(t, rows[1])
      local other = step.arguments[1]
      if i and i > #parent and tables.is_table(other) then return {other[i - #parent]}, column, other end
      return same_places(t, rows, parent), column
   end,
   total_row = function(t, rows, parent, column)
      if place_of(t, rows[1]) == #t then return table.move(parent, 1, #parent, 1, {}), column end
      return same_places(t, rows, parent), column
   end,
   total_column = function(t, rows, parent, column)
      local has = set_of(parent.columns)
      return same_places(t, rows, parent), has[column] and column or nil
   end,
   pivot = pivoted, join = joined, left_join = joined,
}
for _, name in ipairs {"group", "count", "sum", "mean", "min", "max", "median", "aggregate"} do
   back[name] = function(t, rows, parent, column)
      local grouped = rawget(t, "grouped") or parent
      return members(t, rows), set_of(grouped.columns)[column] and column or nil, grouped
   end
end

--- The rows that a question of the builder counted or added up for these rows: the same question without its groups.
local function behind(query, rows)
   if not (query.groups or query.aggregates) then return nil end
   local found = {}
   for _, row in ipairs(rows) do
      local wheres = {}
      for _, group in ipairs(query.groups or {}) do
         local values = table.move(group.values, 1, group.values.n, 1, {})
         values.n = group.values.n + 1
         values[values.n] = rawget(row, group.name)
         wheres[#wheres + 1] = {text = "(" .. group.text .. ") IS ?", values = values}
      end
      local plain = writer.step(query, {
         groups = writer.none, aggregates = writer.none, orders = writer.none, havings = writer.none,
         row_limit = writer.none, row_offset = writer.none, wheres = writer.appended(query.wheres, wheres),
      })
      local text, values = writer.render(plain)
      for found_row in query.db:query(text, table.unpack(values, 1, values.n)) do found[#found + 1] = found_row end
   end
   return found
end

--- Words of a value as they can stand in a script or in an id: lower case, blanks as underscores.
local function plain(value) return type(value) == "string" and value:lower():gsub("[%s%-]+", "_") or value end

--- Whether the arguments of a step, or of those before it, name the value.
local function names_value(seen, step, value)
   while step do
      for i = 1, step.arguments and step.arguments.n or 0 do
         local argument = step.arguments[i]
         if plain(argument) == value then return true end
         if type(argument) == "table" and not tables.is_table(argument) then
            for key, held in next, argument do
               if plain(key) == value or plain(held) == value then return true end
            end
         end
      end
      for i = 1, step.values and step.values.n or 0 do
         if plain(step.values[i]) == value then return true end
      end
      local entity = step.query and step.query.sources[1].table
      if entity and (value == entity or value == entity .. "s") then return true end
      step = step.parents[1] and seen.step[step.parents[1]]
   end
   return false
end

--- Where the chain of a table begins.
local function origin_of(seen, step)
   while step.parents[1] and seen.step[step.parents[1]] do step = seen.step[step.parents[1]] end
   return step
end

--- For a figure that the script put down itself: the first step before it that gave as many rows, or that value, and
--- whose conditions name most of what the figure is called by (`names`). Where none names any, the only one that gave
--- it. nil when there is none.
function lineage.counted(seen, before, value, names)
   local best, score, origins, alone = nil, 0, {}, nil
   for n = 1, before - 1 do
      local step = seen.steps[n]
      if tables.is_table(step.made) and #step.made == value or step.counted == value or step.value == value then
         local points = 0
         for _, name in ipairs(names) do
            if names_value(seen, step, plain(name)) then points = points + 1 end
         end
         if points > score then best, score = step, points end
         local origin = origin_of(seen, step)
         if not origins[origin] then
            origins[origin], origins.n = true, (origins.n or 0) + 1
            alone = step
         end
      end
   end
   return best or value > 1 and origins.n == 1 and alone or nil
end

--- Follows rows of a table back. Gives the steps passed, last first, and the end: {step, rows, column, asked}. `asked`:
--- the rows are those of the database that a question took together.
function lineage.follow(seen, t, rows, column)
   local passed = {}
   while true do
      local step = seen.step[t]
      if not step then return passed, {rows = rows, column = column} end
      passed[#passed + 1] = step
      local parent, way = step.parents[1], back[step.call]
      if not parent or not way then
         local asked = step.query and behind(step.query, rows)
         return passed, {step = step, rows = asked or rows, column = column, asked = asked ~= nil}
      end
      local other
      rows, column, other = way(t, rows, parent, column, step)
      t = other or parent
   end
end

return lineage
