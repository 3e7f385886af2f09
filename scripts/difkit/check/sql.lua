--- SQL that a script holds as text: prepared against the data, never run.
local core = require "difkit.core"

local sql = {}

--- Notes which tables and functions the script makes itself: they are not in the data yet.
function sql.prepare_names(values)
   values.made, values.makes = {}, false
   values.script:walk(function(node)
      if node.tag == "Invoke" and node[2][1] == "define" and node[3] and node[3].tag == "String" then
         values.made[core.lower(node[3][1])] = true
      end
      if node.tag == "Invoke" and node[2][1] == "exec" then
         if not (node[3] and node[3].tag == "String") then values.makes = true end
      end
      if node.tag == "String" then
         local text = node[1]:upper()
         if text:find "CREATE%s" or text:find "ALTER%s+TABLE" or text:find "ATTACH%s" then values.makes = true end
      end
   end)
end

--- Whether an error is about something that the script makes itself.
local function excused(values, message)
   local kind, name = core.sql_problem(message)
   if kind == "function" then return values.made[core.lower(name)] end
   return values.makes and kind == "name"
end

sql.excused = excused

--- Line and column in the script of a place in the SQL that is written down in a node; nil where a text with escapes
--- does not tell.
local function exact(script, node, line, column)
   local first, at = script:place(node)
   local text = script.lines[first] or ""
   local start = utf8.offset(text, at)
   local open = start and (text:match("^%[=*%[", start) or text:match("^[\"']", start))
   if not open or #open == 1 and (line > 1 or text:find("\\", start, true)) then return nil end
   if #open > 1 and start + #open > #text then first, at, open = first + 1, 1, "" end
   if line > 1 then return first + line - 1, column end
   return first, at + #open + column - 1
end

--- Notes at the text what the database says of it; `whole`: the SQL is the text as it stands in the script.
function sql.report(values, node, problem, whole)
   local message = problem.message:gsub("^db:%w+: ", "")
   if excused(values, message) then return end
   local place = " %(line (%d+), column (%d+) of the SQL%)"
   local line, column = message:match(place)
   message = message:gsub(place, "")
   if line and whole then line, column = exact(values.script, node, tonumber(line), tonumber(column)) end
   if not (line and whole) then
      local _, word = core.sql_problem(message)
      line, column = values.script:word_place(node, word)
   end
   values.script:report_at(line, column, "SQL: " .. message, problem.hint)
end

--- Prepares SQL with so many values as it takes: the names of its columns, or nil and what is wrong.
function sql.columns(db, text, given)
   local done, result = pcall(db.query, db, text, table.unpack(given or {}, 1, given and given.n or 0))
   if done then
      local names = result:names()
      result:close()
      return names
   end
   if type(result) ~= "table" or not result.code then error(result, 0) end
   return nil, result
end

local function count_error(problem) return problem.message:match "the SQL has (%d+) parameters?, (%d+) value" end

--- The statements of a text, as far as they can be told apart by semicolons outside quotes and comments.
local function statements(text)
   local bare = text:gsub("%-%-[^\n]*", ""):gsub("'[^']*'", function(quoted) return ("x"):rep(#quoted) end)
   if not bare:find ";%s*%S" then return {text} end
   if bare:find "BEGIN" or text:find "%-%-" then return {} end
   local list, from = {}, 1
   for stop in bare:gmatch "();" do
      list[#list + 1] = text:sub(from, stop - 1)
      from = stop + 1
   end
   list[#list + 1] = text:sub(from)
   local kept = {}
   for _, statement in ipairs(list) do
      if statement:find "%S" then kept[#kept + 1] = statement end
   end
   return kept
end

local plain = {String = true, Number = true, True = true, False = true, Nil = true}

--- Looks at `db:query(text, …)` and `db:exec(text, …)`: the columns of the result, or nil.
function sql.call(values, node, name)
   local text = node[3] and values:of(node[3])
   if not (text and text.kind == "constant" and type(text.value) == "string") then return nil end
   local place = text.node or node[3]
   if place.tag ~= "String" then place = {tag = "String", "", line = place.line, offset = place.offset} end
   -- A call in the last place may give any number of values, a single one may be a table of them.
   local given, last = {n = #node - 3}, node[#node].tag
   local uncertain = given.n > 0 and (last == "Call" or last == "Invoke" or last == "Dots")
      or given.n == 1 and not plain[last]
   local list = name == "exec" and given.n == 0 and statements(text.value) or {text.value}
   local columns
   for _, statement in ipairs(list) do
      local problem
      columns, problem = sql.columns(values.db, statement, given)
      local wanted = problem and count_error(problem)
      if wanted then
         if not uncertain then values.script:report(node[2], problem.message, problem.hint) end
         columns = sql.columns(values.db, statement, {n = tonumber(wanted)})
      elseif problem then
         sql.report(values, place, problem, statement == text.value)
      end
   end
   return columns
end

return sql
