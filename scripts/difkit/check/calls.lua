--- Calls of the library that can be made without running anything: a step of a query or of a table only says what the
--- next one is. They are made with what the script has written down, on the data themselves for queries and on tables
--- without rows, and what the library raises is the finding. What is not known is tried with values that stand for it.
local kinds = require "difkit.check.kinds"
local sql = require "difkit.check.sql"

local calls = {}

local unknown = {} -- stands for a value that is not known

local function nothing() end

--- An argument as a value, as far as it is known; `state` notes what is not, and the texts that stand in it.
local function argument(values, node, state)
   if node.tag == "Function" then return nothing end
   if node.tag == "Nil" then return nil end
   if node.tag == "Table" then
      local made, n = {}, 0
      for _, item in ipairs(node) do
         if item.tag == "Pair" then
            local key = argument(values, item[1], state)
            local value = argument(values, item[2], state)
            if key ~= nil and key ~= unknown then made[key] = value else state.open, state.partial = true, true end
         else
            local value = argument(values, item, state)
            -- Of a list with items that are not known, the known ones are looked at.
            if value == unknown then
               state.open, state.partial = true, true
            else
               n = n + 1
               made[n] = value
            end
         end
      end
      return made
   end
   local value = values:of(node)
   if value and value.kind == "constant" then
      if type(value.value) == "string" then
         state.texts[#state.texts + 1] = {text = value.value, node = value.node or node}
      end
      return value.value
   end
   if value and value.kind == "object" and value.live then
      if value.foreign then state.foreign = true end
      if value.class == "difkit.Expression" then state.expression = value end
      return value.live
   end
   state.open = true
   return unknown
end

--- The value with `stand_in` for each that is not known.
local function filled(value, stand_in)
   if value == unknown then return stand_in end
   if type(value) ~= "table" or getmetatable(value) then return value end
   local copy = {}
   for key, item in next, value do copy[key] = filled(item, stand_in) end
   return copy
end

--- The node of the text that a message names, and its place in the list of texts.
local function named(state, message)
   for name in message:gmatch '"([^"]*)"' do
      for i, known in ipairs(state.texts) do
         local text = known.text
         if name ~= "" and (text == name or text:sub(1, #name + 1) == name .. " ") then return known.node, i end
      end
   end
end

--- Whether what was raised follows from what the script says, not from a value that stands for another.
local function certain(state, problem)
   if type(problem) ~= "table" or type(problem.message) ~= "string" or problem.code == "limit" then return false end
   if not state.open and not state.foreign then return true end
   local kind = problem.message:match "unknown (%w+) "
   return (kind == "column" or kind == "filter" or kind == "table" or kind == "option")
      and named(state, problem.message) ~= nil
end

--- The arguments with `right` in place of the text that is wrong, or without that text, so that the next mistake shows.
local function mended(value, wrong, right)
   if value == wrong then return right end
   if type(value) ~= "table" or value == unknown or getmetatable(value) then return value end
   local copy, n = {}, 0
   for i = 1, value.n or #value do
      local item = mended(value[i], wrong, right)
      if item ~= nil or value.n then
         n = n + 1
         copy[n] = item
      end
   end
   for key, item in next, value do
      if type(key) == "string" and (key ~= wrong or right) then
         copy[key == wrong and right or key] = mended(item, wrong, right)
      end
   end
   copy.n = value.n and n
   return copy
end

--- Steps whose arguments that are not known can only be values.
local filters = {where = true, where_any = true, having = true}

--- Calls the method with each value in turn for what is not known, until one passes or a mistake shows that is the
--- script's own. Gives what pcall gives, and the value used.
local function attempt(method, receiver, arguments, state, stand_ins)
   local done, result
   for i, stand_in in ipairs(stand_ins) do
      local given = {}
      for k = 1, arguments.n do given[k] = filled(arguments[k], stand_in) end
      if receiver == nil then
         done, result = pcall(method, table.unpack(given, 1, arguments.n))
      else
         done, result = pcall(method, receiver, table.unpack(given, 1, arguments.n))
      end
      if done or certain(state, result) or not state.open or i == #stand_ins then return done, result, stand_in end
   end
end

--- The arguments with what was meant in place of a wrong text, or without it; nil when neither can be. The second
--- result says that something is gone.
local function next_arguments(arguments, text, problem, fixed)
   local right = problem.hint and problem.hint:match '^did you mean "(.-)"%?$'
   if right then
      -- "txet as words": the message names the first word.
      if not problem.message:find('"' .. text .. '"', 1, true) then right = right .. text:match "^%S+(.*)$" end
      return mended(arguments, text, right), false
   end
   local kept = {n = 0}
   for i = 1, arguments.n do
      if arguments[i] ~= text then
         kept.n = kept.n + 1
         kept[kept.n] = arguments[i]
      elseif fixed then
         return nil
      end
   end
   return mended(kept, text), true
end

--- Notes what the library says of a call. Gives the place in the script when it names one.
local function note(values, node, state, problem)
   local place, source = named(state, problem.message), state.expression and state.expression.text_node
   if not place and source and problem.message:find "no such" then
      sql.report(values, source, problem)
   else
      values.script:report(place or node.tag == "Invoke" and node[2] or node, problem.message, problem.hint)
   end
   return place
end

--- Calls `method` on `receiver` with the arguments of a call, from the node `first` on, and notes each mistake. Gives
--- what the call returns when the mistakes have been put right; nothing when that hangs on what is not known.
--- `foreign`: the script opens other data than those the check has, and only names count.
local function try(values, node, first, method, receiver, entry, foreign)
   local state, arguments = {texts = {}, foreign = foreign}, {n = #node - first + 1}
   for i = first, #node do arguments[i - first + 1] = argument(values, node[i], state) end
   for key, literal in require "difkit.sorted"(calls.keys(node, first)) do
      state.texts[#state.texts + 1] = {text = key, node = literal}
   end
   -- In a list of names one can go without another taking its meaning.
   local last = entry.parameters[#entry.parameters]
   local fixed = not (last and last.name == "...")
   local null = values.difkit.null
   local values_only = receiver == values.db or node.tag == "Invoke" and filters[node[2][1]]
   for round = 1, 8 do
      local done, result, used = attempt(method, receiver, arguments, state, {0, null, "\1", {"\1"}})
      if done then
         -- Where a text stands for what is not known, it may be the name of a column.
         local sure = values_only or not state.partial and (used == 0 or used == null)
         return sure and result or nil, state
      end
      if not certain(state, result) or sql.excused(values, result.message) then return nil, state end
      if round > 1 and not named(state, result.message) then return nil, state end
      local place = note(values, node, state, result)
      if not place then return nil, state end
      local gone
      arguments, gone = next_arguments(arguments, place[1], result, fixed)
      if not arguments then return nil, state end
      state.partial = state.partial or gone
   end
   return nil, state
end

--- The keys written down in the tables among the arguments, each with its node.
function calls.keys(node, first)
   local found = {}
   local function look(item)
      if item.tag ~= "Table" then return end
      for _, part in ipairs(item) do
         if part.tag == "Pair" then
            if part[1].tag == "String" then found[part[1][1]] = part[1] end
            look(part[2])
         else
            look(part)
         end
      end
   end
   for i = first, #node do look(node[i]) end
   return found
end

--- A query as a value; SQL written by hand in this step is prepared with all of it.
local function query_of(values, query, state, foreign)
   if state.expression and state.expression.text_node then
      local text, given = query:sql()
      local columns, problem = sql.columns(values.db, text, given)
      if not columns then
         sql.report(values, state.expression.text_node, problem)
         return {kind = "object", class = "difkit.Query"}
      end
   end
   return {kind = "object", class = "difkit.Query", live = query, foreign = foreign}
end

--- The value of what a call gave, as an object that has the thing itself.
local function live_of(values, result, state, foreign, node)
   local class = getmetatable(result)
   if class == "difkit.Query" then return query_of(values, result, state, foreign) end
   if class == "difkit.Table" then return {kind = "object", class = class, live = result} end
   if class == "difkit.Expression" then
      local text = node.tag == "Call" and node[2] and values:of(node[2])
      return {kind = "object", class = class, live = result, text_node = text and text.node}
   end
end

--- A table with the columns of a query and no rows.
local function empty(values, query)
   return values.difkit.table(query:names(), {})
end

--- Steps of tables after which the columns hang on the rows.
local by_rows = {pivot = true, unpivot = true, wide = true, long = true, total_column = true}

--- Words for one record by its id, and what its columns are those of.
local records = {action = "action_full", topic = "topic", document = "document"}

local function database(values, node, receiver, name, entry)
   if name == "query" or name == "exec" then
      local columns = sql.call(values, node, name)
      return name == "query" and {kind = "object", class = "difkit.Result", columns = columns} or nil
   end
   if records[name] then
      local id = node[3] and values:of(node[3])
      if id and id.kind == "constant" and type(id.value) == "string" and not receiver.foreign then
         local row, message = values.db[name](values.db, id.value)
         if not row then
            local what, hint = message:match "^(.-); (.*)$"
            values.script:report(id.node or node[3], what or message, hint)
         end
      end
      return {kind = "row", columns = values.db:from(records[name]):names()}
   end
   if entry.returns[1] and entry.returns[1].type == "difkit.Query" then
      local result, state = try(values, node, 3, values.db[name], values.db, entry, receiver.foreign)
      if result then return live_of(values, result, state, receiver.foreign, node) end
   end
   return kinds.result(entry, nil, #node - 2)
end

local function query(values, node, receiver, name, entry)
   local gives, live = entry.returns[1] and entry.returns[1].type or "", receiver.live
   local method = require "difkit.query"[name]
   if gives == "difkit.Query" or gives:find "^difkit%.Query|" and #node > 2 then
      local result, state = try(values, node, 3, method, live, entry, receiver.foreign)
      if result then return live_of(values, result, state, receiver.foreign, node) end
   elseif name == "table" then
      return {kind = "object", class = "difkit.Table", live = empty(values, live)}
   elseif name == "pivot" then
      try(values, node, 3, values.difkit.table.methods.pivot, empty(values, live), entry)
   elseif name == "list" and node[3] then
      try(values, node, 3, require "difkit.query".select, live, kinds.entry "difkit.Query:select")
   end
   return kinds.result(entry, live:names(), #node - 2)
end

local function on_table(values, node, receiver, name, entry)
   local gives = entry.returns[1] and entry.returns[1].type or ""
   if gives:find "^difkit%.Table" or gives:find "^any" then
      local result, state = try(values, node, 3, values.difkit.table.methods[name], receiver.live, entry)
      if result and not by_rows[name] then
         local value = live_of(values, result, state, nil, node)
         if value then return value end
      end
   end
   return kinds.result(entry, receiver.live.columns, #node - 2)
end

--- The value of `receiver:name(…)`.
function calls.method(values, node, receiver, name)
   local entry = kinds.entry(receiver.class .. ":" .. name)
   if not entry then return nil end
   if receiver.class == "difkit.Database" then return database(values, node, receiver, name, entry) end
   if receiver.live and receiver.class == "difkit.Query" then return query(values, node, receiver, name, entry) end
   if receiver.live and receiver.class == "difkit.Table" then return on_table(values, node, receiver, name, entry) end
   if receiver.live and receiver.class == "difkit.Expression" then
      local result, state = try(values, node, 3, receiver.live[name], receiver.live, entry)
      local value = result and live_of(values, result, state, nil, node)
      if value then
         value.text_node = receiver.text_node
         return value
      end
   end
   if receiver.class == "difkit.Result" and name == "table" and receiver.columns then
      local done, made = pcall(values.difkit.table, receiver.columns, {})
      if done then return {kind = "object", class = "difkit.Table", live = made} end
   end
   return kinds.result(entry, receiver.columns, #node - 2)
end

--- The columns of a table that is made by hand, when they are written down.
local function made(values, node)
   local state = {texts = {}}
   local columns = node[2] and node[2].tag == "Table" and argument(values, node[2], state)
   if not columns or state.open then return nil end
   local done, result = pcall(values.difkit.table, columns, {})
   if done then return {kind = "object", class = "difkit.Table", live = result} end
   if type(result) ~= "table" then error(result, 0) end
   values.script:report(named(state, result.message) or node[2], result.message, result.hint)
end

--- The value of `difkit.name(…)`.
function calls.plain(values, node, name)
   local entry = kinds.entry(name)
   if name == "difkit.open" then
      return {kind = "object", class = "difkit.Database", foreign = #node > 1}
   elseif name == "difkit.sql" then
      local text = node[2] and values:of(node[2])
      if not (text and text.kind == "constant") then return {kind = "object", class = "difkit.Expression"} end
      local result, state = try(values, node, 2, values.difkit.sql, nil, entry)
      return result and live_of(values, result, state, nil, node) or {kind = "object", class = "difkit.Expression"}
   elseif name == "difkit.table" or name == "difkit.table.new" then
      return made(values, node) or {kind = "object", class = "difkit.Table"}
   end
   return entry and kinds.result(entry, nil, #node - 1)
end

return calls
