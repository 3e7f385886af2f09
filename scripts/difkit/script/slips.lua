--- What Lua says of a slip, and what was probably meant: for the message that ends a run. Called while the stack of
--- what failed is still there.
local condition = require "difkit.condition"
local core = require "difkit.core"

local slips = {}

--- The nearest line of the user's script on the stack, and what it called: {info, called, level of called}; nil when
--- there is none. Levels are those of a function that slips.explain calls, as this one is.
local function user_line()
   local called, level = nil, 2
   while true do
      local info = debug.getinfo(level, "Slnt")
      if not info then return nil end
      if info.currentline > 0 and not core.is_library(info.source) then
         return {info = info, called = called, level = level - 1}
      end
      called, level = info, level + 1
   end
end

--- Whether a value is one that has methods: what the library makes, or what the core does.
local function has_methods(value)
   if type(value) ~= "table" then return type(value) == "userdata" end
   local metatable = getmetatable(value)
   return type(metatable) == "string" or type(metatable) == "table" and metatable.__name ~= nil
end

--- "db" of `db.actions{…}` in a line, if the name stands there so.
local function owner_in(line, name)
   local before = line:match("([%w_.%]]+)%." .. name .. "%s*[%({\"'%[]")
   return before and before:match "[%w_]+$"
end

local function with_colon(line, name)
   local owner = owner_in(line, name)
   local call = (owner or "…") .. ":" .. name
   return ("a method is called with a colon: %s"):format(call), ("%s is called with a dot"):format(name)
end

--- What stands before a dot in a call that is right: libraries.
local libraries = {
   difkit = true, table = true, string = true, math = true, os = true, io = true, utf8 = true, coroutine = true,
}

local function is_method(name)
   return rawget(core.database, name) or rawget(core.result, name) or rawget(require "difkit.query", name)
      or rawget(require("difkit.table").methods, name)
end

--- A method called with a dot, which is given no object: `db.actions{…}`.
local function dot_for_colon(message, line, user)
   local name = message:match "^bad argument #1 to '([%w_]+)' %(difkit%.%u"
   if name then return with_colon(line, name) end
   local called = user and user.called
   if not called or called.what == "C" or called.namewhat == "method" then return nil end
   if called.istailcall then -- which leaves no name: the line tells it
      for owner, field in line:gmatch "%f[%w_]([%a_][%w_]*)%.([%a_][%w_]*)%s*[%({\"'%[]" do
         if not libraries[owner] and is_method(field) then return with_colon(line, field) end
      end
   end
   local parameter, self = debug.getlocal(user.level, 1)
   if called.name and parameter == "self" and not has_methods(self) then return with_colon(line, called.name) end
end

--- Lua's words for what the text of a script has wrong, a pattern for the line, and what is right.
local syntax = {
   {"near '!'", "!=", "Lua writes ~= for “not equal”"},
   {"near '!'", "!", "Lua writes `not` for “!”"},
   {"near '&'", "&&", "Lua writes `and` for “&&”"},
   {"near '|'", "||", "Lua writes `or` for “||”"},
   {"near '[%+%-]", "++", "Lua has no ++: write n = n + 1"},
   {"near '[%+%-%*/%%%.=]", "[%+%-%*/%.]=", "Lua has no += and its like: write n = n + 1", true},
   {"'then' expected near '='", "", "= gives a value to a name; == compares"},
   {"'do' expected near '='", "", "= gives a value to a name; == compares"},
   {"'%)' expected near '='", "", "= gives a value to a name; == compares"},
   {"near '%?'", "?", "Lua has no `a ? b : c`: write `a and b or c`"},
   {"near '//'", "//", "a comment begins with --"},
   {"near '#'", "#", "a comment begins with --"},
   {"near '/'", "/*", "a comment begins with --, one of several lines stands in --[[ and ]]"},
}

local function of_syntax(message, line)
   for _, slip in ipairs(syntax) do
      if message:find(slip[1]) and line:find(slip[2], 1, not slip[4]) then return slip[3] end
   end
   if message:find "^'end' expected" and message:find "<eof>" then
      return "each function, if, for, while and do needs an `end` of its own; `elseif` is one word"
   end
   if line:find "%f[%w_]continue%f[^%w_]" and message:find " near " then
      return "Lua has no continue: put what follows into an if"
   end
end

--- What running a script finds.
local function of_values(message)
   if message:find "^attempt to %l+ a 'string' with a '" or message:find "^attempt to %l+ a '%l+' with a 'string'"
      or message:find "^attempt to perform arithmetic on a string value" then
      return "texts are joined by `..`; tonumber(text) makes a number of one"
   end
   local name = message:match "^attempt to %l+ a nil value %(global '([%w_]+)'%)"
   if name == "difkit" then return 'the script begins with: local difkit = require "difkit"' end
   if name then
      local names = {"difkit"}
      for global in require("difkit.sorted")(_G) do names[#names + 1] = global end
      local near = core.nearest(name, names)
      return near and ('did you mean "%s"?'):format(near) or ("nothing was given to %s before"):format(name)
   end
   if message:find "^attempt to compare %l+ with nil" or message:find "^attempt to compare nil with" then
      return "one of the two is missing"
   end
   if message:find "^attempt to compare number with string"
      or message:find "^attempt to compare string with number" then
      return "tonumber(text) makes a number of a text"
   end
end

---What an error of a script comes from, as far as that can be told: a hint, and another message where that of Lua leads
---away from it.
---@param where string file and line, "" when there are none
---@param message string
---@return string|nil hint
---@return string|nil message
function slips.explain(where, message)
   local user = user_line()
   local chunk = user and user.info.source or next(core.chunk_text or {})
   local line = condition.line_of(chunk or "", tonumber(where:match ":(%d+)$") or 0)
   local hint, instead = dot_for_colon(message, line, user)
   if hint then return hint, instead end
   return condition.explain(where, message) or of_values(message) or of_syntax(message, line)
end

return slips
