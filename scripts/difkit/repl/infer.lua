--- What a piece of Lua would give, found out without running it: from the values that the session has, the annotations
--- of the library, and the data model. For completion.
local core = require "difkit.core"
local help = require "difkit.script.help"
local schema = require "difkit.schema"
local views = require "difkit.view"

local infer = {}

--- The tables or views whose columns the rows of these functions of a database have.
local tables = {
   action = "action_full", actions = "action_full", search = "action_full", topic = "topic", topics = "topic",
   document = "document", documents = "document", areas = "area", units = "unit", groups = "unit_group",
   abbreviations = "abbreviation", indicators = "indicator", observations = "observation", links = "link",
}

local members

--- The annotations of a class: its entries by member, and the entry of the class itself.
local function class_of(name)
   if not members then
      members = {}
      for _, entry in ipairs(help.entries()) do
         members[entry.class] = members[entry.class] or {by_name = {}, list = {}}
         local class = members[entry.class]
         if entry.kind == "class" then
            class.entry = entry
         else
            class.by_name[entry.member] = entry
            class.list[#class.list + 1] = entry
         end
      end
   end
   return members[name]
end

--- What is known of a value: the value, its class, the columns of its rows.
local function known(value)
   value = views.real(value)
   local class = getmetatable(value)
   if type(class) == "table" then class = rawget(class, "__name") end
   local state = {value = value, class = type(class) == "string" and class or nil}
   if type(value) == "string" then state.class = "string" end
   if class == "difkit.Table" then state.columns = value.columns end
   if class == "difkit.Query" then state.columns = value:names() end
   if class == "difkit.Row" then
      state.columns = {}
      for name in next, debug.getmetatable(value).columns do state.columns[#state.columns + 1] = name end
   end
   return state
end

--- `state.name` or `state:name`.
local function member(state, name)
   if type(state.value) == "table" then
      local value = rawget(state.value, name)
      if value ~= nil then
         local found = known(value)
         found.entry = class_of(state.class) and class_of(state.class).by_name[name]
         if state.class == "difkit" and class_of("difkit." .. name) then found.class = "difkit." .. name end
         found.owner, found.called = state, name
         return found
      end
   end
   local class = class_of(state.class)
   local found = {entry = class and class.by_name[name], owner = state, called = name}
   if state.class == "difkit" and class_of("difkit." .. name) then found.class = "difkit." .. name end
   return found
end

--- The result of a call of `state`; `argument` is its first argument when that is a text.
local function called(db, state, argument)
   local owner = state.owner or {}
   local kinds = state.entry and state.entry.returns[1] and state.entry.returns[1].type or ""
   local result = {class = kinds:match "difkit%.%u%w*"}
   if owner.class == "difkit.Database" then
      local name = tables[state.called] or state.called == "from" and argument
      result.columns = name and schema.columns(db, name)
   else
      result.columns = owner.columns
   end
   if state.called == "open" and owner.class == "difkit" then result.class = "difkit.Database" end
   return result
end

local openers = {[")"] = "(", ["]"] = "[", ["}"] = "{"}

--- The bracket that the one at `i` closes.
function infer.opener(tokens, i)
   local depth = 0
   for k = i, 1, -1 do
      local text = tokens[k].kind == "symbol" and tokens[k].text
      if openers[text] then depth = depth + 1
      elseif text == "(" or text == "[" or text == "{" then
         depth = depth - 1
         if depth == 0 then return k end
      end
   end
end

local function is_prefix(token)
   return token and (token.kind == "name" or token.text == ")" or token.text == "]" or token.text == "}"
      or token.kind == "string")
end

--- Where the expression begins that ends with the token at `i`: names, members and calls.
local function beginning(tokens, i)
   while i and i >= 1 do
      local token = tokens[i]
      if token.kind == "name" then
         local before = tokens[i - 1]
         if not before or before.text ~= "." and before.text ~= ":" then return i end
         i = i - 2
      elseif token.kind == "string" or openers[token.text] then
         local first = token.kind == "string" and i or infer.opener(tokens, i)
         if not first or not is_prefix(tokens[first - 1]) then return first end
         i = first - 1
      else
         return nil
      end
   end
end

--- What the expression gives that ends with the token at `last`: {value, class, columns, entry}, all but one of them
--- perhaps nil; nil when it cannot be told.
function infer.expression(session, tokens, last)
   local first = beginning(tokens, last)
   if not first then return nil end
   local state, i = nil, first
   if tokens[first].kind == "name" then
      local value = rawget(session.environment, tokens[first].text)
      if value == nil then return nil end
      state = known(value)
      state.called = tokens[first].text
   elseif tokens[first].text == "(" then
      local inner = {}
      local depth = 0
      for k = first, last do
         depth = depth + ((tokens[k].text == "(") and 1 or tokens[k].text == ")" and -1 or 0)
         if depth == 0 then
            i = k
            break
         end
         if k > first then inner[#inner + 1] = tokens[k] end
      end
      state = #inner > 0 and infer.expression(session, inner, #inner)
   elseif tokens[first].kind == "string" then
      state = {class = "string"}
   end
   i = i + 1
   while state and i <= last do
      local token = tokens[i]
      if token.text == "." or token.text == ":" then
         state = member(state, tokens[i + 1].text)
         i = i + 2
      elseif token.kind == "string" then
         state = called(session.db, state, token.text:match "^[\"'](.*)[\"']$")
         i = i + 1
      else
         local depth, stop = 0, i
         while stop <= last do
            local text = tokens[stop].kind == "symbol" and tokens[stop].text
            if text == "(" or text == "[" or text == "{" then depth = depth + 1
            elseif openers[text] then depth = depth - 1 end
            if depth == 0 then break end
            stop = stop + 1
         end
         local inside = stop == i + 2 and tokens[i + 1]
         if token.text == "[" then
            local key = inside and (math.tointeger(tonumber(inside.text)) or inside.text:match "^[\"'](.*)[\"']$")
            local value = key and type(state.value) == "table" and rawget(state.value, key)
            state = value and known(value) or {columns = state.columns}
         else
            state = called(session.db, state, inside and inside.kind == "string"
               and inside.text:match "^[\"'](.*)[\"']$")
         end
         i = stop + 1
      end
   end
   return state
end

--- The names that can follow `state.` (or `state:` when `separator` is ":").
function infer.members(state, separator)
   local names = {}
   local class = class_of(state.class)
   for _, entry in ipairs(class and class.list or {}) do
      if separator == "." or entry.name:find(":", 1, true) then names[#names + 1] = entry.member end
   end
   if state.class == "string" then
      for name in next, string do names[#names + 1] = name end
   end
   if separator == ":" then
      if type(state.value) == "table" and not class then
         for name, value in next, state.value do
            if type(name) == "string" and type(value) == "function" then names[#names + 1] = name end
         end
      end
      return names
   end
   for _, field in ipairs(class and class.entry and class.entry.fields or {}) do names[#names + 1] = field.name end
   if type(state.value) == "table" and state.class ~= "difkit.Query" then
      for name in next, state.value do
         if type(name) == "string" then names[#names + 1] = name end
      end
   end
   if state.class == "difkit" then
      for _, name in ipairs(core.library_names()) do
         local part = name:match "^difkit/([%l]+)%.lua$"
         if part and class_of("difkit." .. part) then names[#names + 1] = part end
      end
   end
   if not class or state.class == "difkit.Row" then
      for _, name in ipairs(state.columns or {}) do names[#names + 1] = name end
   end
   return names
end

--- The names of the fields that a table given to `entry` can have, as its parameter number `position`.
function infer.fields(entry, position)
   local kind = entry and entry.parameters[position] and entry.parameters[position].type
   if not kind then return {} end
   local names = {}
   for name in (kind:match "%b{}" or ""):gmatch "([%a_][%w_]*)%??:" do names[#names + 1] = name end
   local class = class_of(kind:match "difkit%.%u%w*")
   for _, field in ipairs(class and class.entry and class.entry.fields or {}) do names[#names + 1] = field.name end
   return names
end

return infer
