--- Follows a cell back: from the table it stands in, through the steps that made the table, to the rows they began
--- with. Works on what trace.lua has seen. What cannot be followed further is said to be so.
local writer = require "difkit.query.sql"
local tables = require "difkit.table"

local lineage = {}

--- The methods of tables and queries that have no way back, and why: all others have one.
lineage.none = {
   table = {
      print = "shows the table that it is called on", text = "gives that table as text",
      encode = "gives that table as text", write = "writes that table: the page is followed to it",
      rows = "gives the rows themselves", column = "gives values without their rows",
   },
   query = {
      sql = "gives the question, not its answer", names = "gives names, not values",
   },
}

--- Goes one step back: for each table that rows of `t` were made of, the rows behind, each once, and the column they
--- stand in: a list of {table, rows, column}.
local function back(t, step, rows, column)
   local place, branches, of = {}, {}, {}
   for i = #t, 1, -1 do place[t[i]] = i end
   local function add(behind, named, source)
      local branch = of[source]
      if not branch then
         branch = {table = source, rows = {}, column = named, known = {}}
         of[source], branches[#branches + 1] = branch, branch
      end
      if branch.column ~= named then branch.column = nil end
      for _, one in ipairs(behind) do
         if not branch.known[one] then
            branch.known[one] = true
            branch.rows[#branch.rows + 1] = one
         end
      end
   end
   for _, row in ipairs(rows) do
      local ways = place[row] and table.pack(step.way(place[row], column, t)) or {n = 0}
      for n = 1, ways.n, 3 do add(ways[n], ways[n + 1], ways[n + 2] or step.parents[1]) end
   end
   if #branches == 0 then add({}, nil, step.parents[1]) end
   return branches
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
         wheres[#wheres + 1] = {text = "(" .. group.text .. ") IS NOT DISTINCT FROM ?", values = values}
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

--- The only value that a question gave: asked again, since the script has read it. nil for other questions.
function lineage.value(step)
   if not (step.sql and step.sql:find "^%s*[SsWw]") or step.counted or tables.is_table(step.made) then return nil end
   if step.value == nil then
      local rows = {}
      for row in step.db:query(step.sql, table.unpack(step.values, 1, step.values.n)):rows() do
         rows[#rows + 1] = row
         if #rows > 1 then break end
      end
      step.value = #rows == 1 and rows[1][1] or false
   end
   return step.value
end

--- The rows of a query that the script did not ask for itself, as a table that can be followed.
function lineage.table_of(seen, query)
   local text, values = query:sql()
   local t = query:table()
   seen.step[t] = {call = "query", line = seen.begun[query], sql = text, values = values, query = query, parents = {}}
   return t
end

--- For a figure that the script put down itself: the first step before it that gave as many rows, or that value, and
--- whose conditions name most of what the figure is called by (`names`). Where none names any, the only one that gave
--- it. nil when there is none.
function lineage.counted(seen, before, value, names)
   local best, score, origins, alone = nil, 0, {}, nil
   for n = 1, before - 1 do
      local step = seen.steps[n]
      local gave = tables.is_table(step.made) and #step.made == value or step.counted == value
         or lineage.value(step) == value
      if gave and not step.inner then
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

--- Follows rows of a table back. Gives the steps passed, last first, and the ends, one for each table that the rows
--- began in: a list of {step, rows, column, asked}. `asked`: the rows are those of the database that a question took
--- together.
function lineage.follow(seen, t, rows, column)
   local passed, ends, known = {}, {}, {}
   local function go(from, some, name)
      local step = seen.step[from]
      if step and not known[step] then
         known[step] = true
         passed[#passed + 1] = step
      end
      if step and step.way then
         for _, branch in ipairs(back(from, step, some, name)) do go(branch.table, branch.rows, branch.column) end
         return
      end
      local asked = step and step.query and behind(step.query, some)
      ends[#ends + 1] = {step = step, rows = asked or some, column = name, asked = asked and true or false}
   end
   go(t, rows, column)
   return passed, ends
end

return lineage
