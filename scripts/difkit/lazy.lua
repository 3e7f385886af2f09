--- Gives databases and results their methods written in Lua, when one is first used: a script that needs none of them
--- does not pay for loading them. A method that does not exist is an error with a near miss.
local core = require "difkit.core"
local errors = require "difkit.error"

local function names_of(methods)
   local names = {}
   for name in next, methods do
      if name:sub(1, 2) ~= "__" then names[#names + 1] = name end
   end
   table.sort(names)
   return names
end

local function complete(methods, kind, ...)
   local files = {...}
   setmetatable(methods, {
      __index = function(_, name)
         if #files > 0 then
            local wanted = files
            files = {}
            for _, file in ipairs(wanted) do require(file) end
            local method = rawget(methods, name)
            if method ~= nil then return method end
         end
         errors.raise(('a %s has no method or field "%s"'):format(kind, tostring(name)),
            errors.hint(name, names_of(methods)))
      end,
      __metatable = "difkit." .. kind,
   })
end

complete(core.database, "database", "difkit.query", "difkit.framework.domain", "difkit.framework.progress",
   "difkit.framework.problems", "difkit.framework.snapshots", "difkit.framework.overlap")
complete(core.result, "result", "difkit.query.result")

return true
