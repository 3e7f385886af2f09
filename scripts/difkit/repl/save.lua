--- A script of the entries of a session that worked, in the form that `difkit run` runs.
local core = require "difkit.core"

local most_variables = 150 -- a function of Lua can have 200

--- The names that the session has made, in order.
local function variables(session, entries)
   local names, seen = {}, {}
   local function add(name)
      if type(name) == "string" and name:find "^[%a_][%w_]*$" and not session.predefined[name] and name ~= "_"
         and not seen[name] then
         seen[name] = true
         names[#names + 1] = name
      end
   end
   for name in next, session.environment do add(name) end
   for _, entry in ipairs(entries) do
      for _, name in ipairs(entry.names or {}) do add(name) end
   end
   table.sort(names)
   return names
end

local function uses(entries, wanted)
   for _, entry in ipairs(entries) do
      for _, token in ipairs(entry.tokens or {}) do
         if token.kind == "name" and token.text == wanted then return true end
      end
   end
   return false
end

--- Text of a query as a text of Lua.
local function quoted(text)
   local level = ""
   while text:find("]" .. level .. "]", 1, true) or text:sub(-#level - 1) == "]" .. level do level = level .. "=" end
   return "[" .. level .. "[" .. text .. "]" .. level .. "]"
end

--- The statement that shows an expression as the session did.
local function showing(expression, shown, last)
   if last and shown ~= "other" then return "return " .. expression end
   if shown == "query" then return ("print((%s):table())"):format(expression) end
   if shown == "plain" then return ("print(difkit.json.encode(%s, {indent = 2}))"):format(expression) end
   return ("print(%s)"):format(expression)
end

local function lines_of(entry, last, keeps)
   if entry.path then
      local text = entry.text:gsub("^%s*\n", ""):gsub("%s+$", "")
      return ("-- %s\n"):format((entry.path:gsub("%c", " ")))
         .. (entry.returns and ";(function(...)\n" .. text .. "\nend)()" or text)
   end
   if entry.kind == "statements" then
      if entry.returns and not last then return ";(function()\n" .. entry.text .. "\nend)()" end
      return (entry.text:gsub("^%s+", ""):gsub("%s+$", ""))
   end
   local expression = entry.kind == "sql" and "db:query" .. quoted(entry.text) or entry.text
   if not entry.shown then return expression end -- a call that gave nothing
   if keeps then return "_ = " .. expression .. "\n" .. showing("_", entry.shown, last) end
   return showing(expression, entry.shown, last)
end

--- Whether an entry belongs into a script: not help, nor a look at something that was not there.
local function belongs(entry)
   if entry.kind ~= "expression" then return true end
   return entry.tokens[1].text ~= "help" and (entry.call or entry.shown ~= nil)
end

--- The text of the script that is to be called `path`, and how many entries it has.
return function(session, path)
   local entries = {}
   for _, entry in ipairs(session.worked) do
      if belongs(entry) then entries[#entries + 1] = entry end
   end
   local keeps = uses(entries, "_")
   local out = {
      "--- Lines of a session of `difkit repl`.",
      "---@script " .. (path:match "([^/]+)$" or path):gsub("%.lua$", ""):gsub("[^%w_-]", "-"),
      'local difkit = require "difkit"', "local db = assert(difkit.open())",
   }
   if uses(entries, "help") then out[#out + 1] = "local help = difkit.help" end
   local names = variables(session, entries)
   if keeps then table.insert(names, 1, "_") end
   if #names > 0 and #names <= most_variables then
      for i, line in ipairs(core.wrap("local " .. table.concat(names, ", "), 110)) do
         out[#out + 1] = (i > 1 and "   " or "") .. line
      end
   end
   out[#out + 1] = ""
   for i, entry in ipairs(entries) do out[#out + 1] = lines_of(entry, i == #entries, keeps) end
   return table.concat(out, "\n") .. "\n", #entries
end
