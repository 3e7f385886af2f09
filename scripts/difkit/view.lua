--- What scripts see of the library's own tables: they read them, and cannot change what the library itself calls.
---
--- A view stands for a table of the library. It gives what that has; tables in it as views again. Setting a name that
--- is there is an error. A new name stays in the view, for its script alone, but in the two kinds of tables that are
--- there to be added to, the methods of a class and the writers by ending: there it is added, and may be set again and
--- taken out by who added it. What the library has not loaded yet counts as there.
local core = require "difkit.core"

local views = {}

local view_of, real_of = setmetatable({}, {__mode = "k"}), setmetatable({}, {__mode = "k"})
local open = {methods = true, writers = true}

--- A value that is a table and no part, and is told apart by being itself: difkit.null.
local function is_value(value)
   local metatable = debug.getmetatable(value)
   return metatable ~= nil and metatable.__name == "difkit.null"
end

--- Whether the table has the name, loaded or not. What it would raise for others does not count.
local function has(real, name)
   local found, value = pcall(function() return real[name] end)
   return found and value ~= nil
end

local make

local function seen(value, name, shown)
   if type(value) ~= "table" or is_value(value) then return value end
   return make(value, ("%s.%s"):format(shown, tostring(name)), open[name])
end

--- The metatable of a view of `real`, which messages call `shown`.
local function events_of(real, shown, added)
   local hidden = debug.getmetatable(real)
   local own = {} -- names that a script added
   -- What was asked for once is found without asking the library again. The view itself stays empty: setting any
   -- name comes here.
   local function ask(known, name)
      local value = seen(real[name], name, shown)
      if value ~= nil and not added then known[name] = value end
      return value
   end
   local events = {
      __metatable = hidden and hidden.__metatable or false,
      __name = hidden and hidden.__name,
      __index = setmetatable({}, {__index = ask}),
      __newindex = function(view, name, value)
         if not own[name] and has(real, name) then
            core.raise("usage", ("%s.%s belongs to difkit, which uses it itself"):format(shown, tostring(name)),
               "a script cannot change it; give your own function another name")
         end
         if not added then
            rawset(view, name, value)
         else
            real[name], own[name] = value, true
         end
      end,
      __pairs = function(view)
         return function(_, name)
            local value
            name, value = next(real, name)
            return name, seen(value, name, shown)
         end, view, nil
      end,
      __len = function() return rawlen(real) end,
   }
   if hidden and hidden.__call then events.__call = function(_, ...) return real(...) end end
   if hidden and hidden.__tostring then events.__tostring = function() return tostring(real) end end
   return events
end

function make(real, shown, added)
   local view = view_of[real]
   if not view then
      if real_of[real] then return real end
      view = setmetatable({}, events_of(real, shown, added))
      view_of[real], real_of[view] = view, real
   end
   return view
end

--- The view of a table of the library: of itself "difkit", of a part "difkit.text" …
function views.of(real, shown) return make(real, shown, false) end

--- The table behind a view; any other value is given back.
function views.real(value)
   local real = real_of[value]
   if real == nil then return value end
   return real
end

return views
