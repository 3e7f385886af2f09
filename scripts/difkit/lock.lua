--- Keeping a second run out while one writes.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit
local difkit = {}

---Takes a lock on a file below `--out`, until the run ends, however it ends: a file that is left behind locks nobody
---out. When another run holds it: nil, a message and the code "locked", which ends `difkit run` with status 6 when a
---script returns it.
---
---```lua
---local locked, message, code = difkit.lock "no/such\0folder/.lock"
---print(locked) --> nil
---```
---@param path string
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function difkit.lock(path)
   errors.check("difkit.lock", "path", path, "string")
   local done, message, code
   if path:find "%z" then
      done, message, code = nil, "cannot lock a file whose name holds a zero byte", "usage"
   else
      done, message, code = core.lock(path)
   end
   if done then return done end
   require("difkit.condition").dropped("lock", message, code)
   return nil, message, code
end

return difkit.lock
