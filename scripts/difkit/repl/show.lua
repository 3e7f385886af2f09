--- Shows what an entry gave: tables, queries and results as tables with their first rows, anything else as a value.
local core = require "difkit.core"
local errors = require "difkit.error"
local help = require "difkit.script.help"
local glance = require "difkit.repl.glance"
local value_text = require "difkit.repl.value"

local most_rows = 20

local function width()
   local terminal = core.terminal()
   return terminal.output and terminal.width or 100
end

--- Shows the first rows of `t`, of `all` rows, and says what is left out and what shows it.
local function show_rows(t, all, whole)
   local first, hidden = glance(t, most_rows, width())
   first:print()
   local rest = {}
   if all > #first then rest[1] = ("%d more row%s"):format(all - #first, all - #first == 1 and "" or "s") end
   if #hidden > 0 then
      rest[#rest + 1] = ("%d column%s: %s"):format(#hidden, #hidden == 1 and "" or "s", table.concat(hidden, ", "))
   end
   if #rest == 0 then return end
   local text = "… " .. table.concat(rest, ", and ") .. (whole and "; " .. whole or "")
   for i, line in ipairs(core.wrap(text, width() - 2)) do print((i > 1 and "  " or "") .. line) end
end

--- Reads no more of the rows than are shown, and counts the others.
local function show_query(query)
   local first = query:limit(most_rows + 1):table()
   show_rows(first, #first <= most_rows and #first or query.db:from(query):count(), "_:print() shows all")
end

local function is_row(value)
   local metatable = type(value) == "table" and debug.getmetatable(value)
   return metatable and metatable.__name == "difkit.Row"
end

--- A list of rows as a table, or nil: their columns by name, an id first.
local function table_of_rows(list)
   local seen, columns = {}, {}
   for i = 1, #list do
      if not is_row(list[i]) then return nil end
      for name in next, list[i] do
         if not seen[name] then
            seen[name] = true
            columns[#columns + 1] = name
         end
      end
   end
   if #columns == 0 then return nil end
   table.sort(columns, function(a, b)
      if (a == "id") ~= (b == "id") then return a == "id" end
      return a < b
   end)
   return require "difkit.table"(columns, list)
end

--- How a function is called, when the library knows it.
local function function_text(f)
   local text = help.text(f):match "^[^\n]+"
   if text:find "^no help" then return "function" end
   return text .. ("  (help(…) tells more)"):gsub("…", (text:match "^[^(]+":gsub(":", ".")))
end

--- Shows one value; gives what `_` is then, and how a script would print it.
local function show_one(value)
   local kind = getmetatable(value)
   if kind == "difkit.Table" then
      show_rows(value, #value, "_:print() shows all")
      return value, "value"
   elseif kind == "difkit.Query" then
      show_query(value)
      return value, "query"
   elseif kind == "difkit.Result" then
      local t = value:table() -- a result can be read once: what is kept is the table
      show_rows(t, #t, "_:print() shows all")
      return t, "query"
   elseif type(value) == "function" then
      print(function_text(value))
      return value, "other"
   elseif is_row(value) or type(value) == "table" and kind == nil then
      local t = kind == nil and table_of_rows(value)
      if t then
         show_rows(t, #t)
         return value, "plain"
      end
      print(value_text(value, width()))
      return value, pcall(require("difkit.format.json").encode, value) and "plain" or "other"
   end
   print(value_text(value, width()))
   return value, "value"
end

--- Shows the values of an entry (a packed list). Gives what `_` is then and how a script would print it; nothing when
--- there was nothing to show. A condition of the world, nil and a message, is raised.
return function(values, entry)
   local first = values[1]
   -- What follows a query or a result is what a loop needs to close it.
   local kind = getmetatable(first)
   if first == nil and type(values[2]) == "string" then
      errors.raise(values[2], nil, values[3] == "io" and "io" or nil)
   end
   if values.n <= 1 and first == nil then
      if values.n == 1 and entry.kind == "expression" and not entry.call then print "nil" end
      return nil
   end
   if values.n == 1 or kind == "difkit.Query" or kind == "difkit.Result" then return show_one(first) end
   local texts = {}
   for i = 1, values.n do
      kind = getmetatable(values[i])
      if type(kind) == "string" and kind:find "^difkit%." and not is_row(values[i]) then
         -- Tables stand one below the other.
         for k = 1, values.n do show_one(values[k]) end
         return first, "value"
      end
      texts[i] = value_text(values[i], width())
   end
   print(table.concat(texts, "\t"))
   return first, "value"
end
