--- Gives databases and results their methods written in Lua, when one is first used: a script that needs none of them
--- does not pay for loading them. A method that does not exist is an error with a near miss.
local core = require "difkit.core"
local errors = require "difkit.error"

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
         errors.no_member(("a %s has no method or field"):format(kind), name, methods)
      end,
      __metatable = "difkit." .. kind,
   })
end

complete(core.database, "database", "difkit.query", "difkit.framework.domain", "difkit.framework.progress",
   "difkit.framework.deadlines", "difkit.framework.targets", "difkit.framework.problems", "difkit.framework.snapshots",
   "difkit.framework.overlap", "difkit.survey", "difkit.framework.derived")
complete(core.result, "result", "difkit.query.result")

return true
