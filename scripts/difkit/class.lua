--- The one way to make a class.
---
---   local Report, events = class "difkit.Report"
---   function Report:heading(…) … end
---   function events.__tostring(report) … end
---   … setmetatable({title = title}, events)
---
--- Methods and metatable are two tables, and `getmetatable` gives the name of the class: scripts may add methods, but
--- never reach the metatable, in which a finalizer could run outside their limits. `unknown(object, name)` is what a
--- name gives that is neither a field nor a method: it may raise an error with a near miss. Without it such a name
--- gives nil.
local errors = require "difkit.error"

---@param name string
---@param unknown? fun(object: table, name: any): any
---@return table methods
---@return table events the metatable
return function(name, unknown)
   local methods = setmetatable({}, {
      __metatable = false,
      __newindex = function(methods, key, method)
         if key == "__gc" then errors.raise(("the class %s cannot have __gc"):format(name)) end
         rawset(methods, key, method)
      end,
   })
   local events = {__name = name, __metatable = name, __index = methods}
   if unknown then
      function events.__index(object, key)
         local method = methods[key]
         if method ~= nil then return method end
         return unknown(object, key)
      end
   end
   return methods, events
end
