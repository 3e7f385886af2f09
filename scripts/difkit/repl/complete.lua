--- Completion by Tab: names, members, columns, tables, and within a text the ids of the data. Nothing that was typed is
--- run for it; what it would give, infer.lua finds out.
local core = require "difkit.core"
local help = require "difkit.script.help"
local infer = require "difkit.repl.infer"
local schema = require "difkit.schema"
local tokens_of = require "difkit.repl.lexer"

local most_choices = 120

--- Filters and columns that name records, and functions that take an id first.
local entities = {
   framework = "framework", document = "document", topic = "topic", area = "area", action = "action", unit = "unit",
   group = "unit_group", indicator = "indicator", scheme = "scheme", similar = "action",
   documents = "document", topics = "topic", areas = "area", actions = "action", units = "unit", groups = "unit_group",
   indicators = "indicator",
}
local takes_id = {document = true, topic = true, action = true, similar = true}
local takes_table = {from = true, join = true, left_join = true}
local takes_columns = {
   where = true, where_any = true, select = true, group = true, order = true, sort = true, sum = true, mean = true,
   min = true, max = true, distinct = true, count_distinct = true, list = true, column = true, pivot = true,
   derive = true, drop = true, rename = true, having = true, framework_order = true,
}
local takes_sql = {query = true, exec = true, sql = true}

local sql_words = {
   "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "COUNT", "DESC", "DISTINCT", "ELSE", "END", "FROM", "GROUP", "HAVING",
   "IN", "IS", "JOIN", "LEFT", "LIKE", "LIMIT", "NOT", "NULL", "ON", "OR", "ORDER", "SELECT", "SUM", "THEN", "UNION",
   "WHEN", "WHERE", "WITH",
}
local lua_words = {
   "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
   "not", "or", "repeat", "return", "then", "true", "until", "while",
}

local function add(list, more)
   return table.move(more, 1, #more, #list + 1, list)
end

local function table_names(session)
   local tables = ("SELECT name FROM (%s) AS known WHERE kind <> 'index'"):format(core.sql(session.db, "tables"))
   return session.db:query(tables):table():column "name"
end

local function columns_of(session, names)
   local list = {}
   for _, name in ipairs(names) do add(list, schema.columns(session.db, name) or {}) end
   return list
end

local function all_ids(session)
   local list = {}
   for _, entity in ipairs(schema.identified(session.db)) do
      add(list, schema.ids(session.db, entity.name))
   end
   return list
end

--- The bracket within which the token behind position `i` stands.
local function enclosing(tokens, i)
   while i >= 1 do
      local text = tokens[i].kind == "symbol" and tokens[i].text
      if text == ")" or text == "]" or text == "}" then
         i = infer.opener(tokens, i) or 1
      elseif text == "(" or text == "[" or text == "{" then
         return i
      end
      i = i - 1
   end
end

--- The call within whose arguments the token behind position `last` stands: `name`, the position `at` of that name,
--- `argument` (which one), `key` when it is the value of a field, `braces` when it stands in a table.
local function call_around(tokens, last)
   local at, call = last, {argument = 1}
   if tokens[last] and tokens[last].text == "=" and tokens[last - 1] then call.key = tokens[last - 1].text end
   if tokens[last] and tokens[last].kind == "name" then
      call.name, call.at = tokens[last].text, last
      return call
   end
   while true do
      local opener = enclosing(tokens, at)
      if not opener then return call end
      local before = tokens[opener - 1]
      if tokens[opener].text == "{" then
         call.braces = true
         if before and before.text == "=" and tokens[opener - 2] then
            call.key, call.braces = call.key or tokens[opener - 2].text, false
         end
      else
         for k = opener + 1, at do
            if tokens[k].text == "," and enclosing(tokens, k) == opener then call.argument = call.argument + 1 end
         end
      end
      if before and before.kind == "name" then
         call.name, call.at = before.text, opener - 1
         return call
      end
      at = opener - 1
   end
end

local function entity_of(key)
   return key and (entities[key] or entities[key:gsub("_id$", "")])
end

--- What the function of a call is a member of.
local function receiver(session, tokens, call)
   local separator = call.at and tokens[call.at - 1]
   if not separator or separator.text ~= ":" and separator.text ~= "." then return nil end
   return infer.expression(session, tokens, call.at - 2)
end

--- The text before the cursor that is to be completed, and what it can become, within a text in quotes.
local function in_text(session, tokens, content)
   local call = call_around(tokens, #tokens)
   local name, word = call.name, content:match "[%w_]*$"
   if entity_of(call.key) then return content, schema.ids(session.db, entity_of(call.key)) end
   if call.key == "id" and entities[name] then return content, schema.ids(session.db, entities[name]) end
   if takes_table[name] and call.argument == 1 then return content, table_names(session) end
   if takes_id[name] then return content, schema.ids(session.db, entities[name]) end
   if name == "help" or name == "text" then return content, help.words() end
   if takes_sql[name] then
      local names = table_names(session)
      return word, add(add(add({}, sql_words), names), columns_of(session, names))
   end
   if takes_columns[name] and not (call.key or name == "where" and call.argument == 3) then
      local object = receiver(session, tokens, call)
      return word, object and object.columns or columns_of(session, {"action_full"})
   end
   return content, add(all_ids(session), table_names(session))
end

--- The same outside of texts.
local function in_code(session, tokens, text)
   local word = text:match "[%a_][%w_]*$" or ""
   local last = #tokens - (word ~= "" and 1 or 0)
   if text:find "%d[%w_]*$" and word == "" then return "", {} end
   local separator = tokens[last]
   if separator and (separator.text == "." or separator.text == ":") then
      local object = infer.expression(session, tokens, last - 1)
      return word, object and infer.members(object, separator.text) or {}
   end
   local list = add({}, lua_words)
   for name in next, session.environment do
      if type(name) == "string" then list[#list + 1] = name end
   end
   local call = call_around(tokens, last)
   if call.braces and call.name and separator and (separator.text == "{" or separator.text == ",") then
      local object = receiver(session, tokens, call)
      local whole = infer.expression(session, tokens, call.at)
      local fields = infer.fields(whole and whole.entry, call.argument)
      if takes_columns[call.name] then add(fields, object and object.columns or {}) end
      if #fields > 0 then list = fields end
   end
   return word, list
end

--- The same in a line that is a command.
local function in_command(session, line)
   local name, argument = line:match "^%.(%a+)%s+(.*)$"
   if not name then
      return line, {".edit", ".help", ".history", ".quit", ".save", ".schema", ".source", ".sql"}
   end
   if name == "schema" then return argument, table_names(session) end
   if name == "sql" then
      local names = table_names(session)
      return argument:match "[%w_]*$", add(add(add({}, sql_words), names), columns_of(session, names))
   end
   return argument, {}
end

--- Those of `list` that begin with `word`, each once and in order.
local function beginning_with(list, word, fold)
   local found, seen = {}, {}
   for _, name in ipairs(list) do
      if not seen[name] and fold(name:sub(1, #word)) == fold(word) and name:sub(1, 2) ~= "__" then
         seen[name] = true
         found[#found + 1] = name
      end
   end
   table.sort(found)
   return found
end

local function common_beginning(list)
   local common = list[1]
   for _, name in ipairs(list) do
      while name:sub(1, #common) ~= common do common = common:sub(1, -2) end
   end
   return common:match "^[^\128-\255]*" or common
end

--- Names in columns, down and across.
local function in_columns(list)
   local terminal, widest = core.terminal(), 0
   local shown = math.min(#list, most_choices)
   for i = 1, shown do widest = math.max(widest, core.width(list[i])) end
   local across = math.max(1, ((terminal.width or 80) + 2) // (widest + 2))
   local down = (shown + across - 1) // across
   local lines = {}
   for row = 1, down do
      local cells = {}
      for i = row, shown, down do cells[#cells + 1] = list[i] .. (" "):rep(widest - core.width(list[i])) end
      lines[row] = table.concat(cells, "  "):gsub(" +$", "")
   end
   if shown < #list then lines[#lines + 1] = ("… %d more"):format(#list - shown) end
   return table.concat(lines, "\n")
end

local function unchanged(text) return text end

--- The function that Tab calls with the line up to the cursor: how many characters before the cursor give way, the text
--- for them, and the choices to show when there are several.
return function(session)
   return function(line)
      if not line:find "%S" then return 0, "   " end
      local word, list
      if #session.pending == 0 and line:find "^%.%a*" then
         word, list = in_command(session, line)
      else
         local text = table.concat(session.pending, "\n") .. (#session.pending > 0 and "\n" or "") .. line
         local tokens = tokens_of(text)
         if session.continue or tokens.open and tokens.open.kind == "comment" then return 0, "" end
         if tokens.open then word, list = in_text(session, tokens, text:sub(tokens.open.content))
         else word, list = in_code(session, tokens, text) end
      end
      local found = beginning_with(list, word, unchanged)
      if #found == 0 and word ~= "" then found = beginning_with(list, word, core.lower) end
      if #found == 0 then return 0, "" end
      local common = #found == 1 and found[1] or common_beginning(found)
      if common == word or #common < #word then return 0, "", #found > 1 and in_columns(found) or nil end
      return utf8.len(word) or #word, common
   end
end
