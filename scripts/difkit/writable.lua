--- Where a run may write.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit
local difkit = {}

---Where a file of that name would be written, or nil when the run writes none (`difkit run` without `--out`). Without a
---name: the folder itself.
---
---```lua
---print(difkit.writable "report.html":match "[^/]+$") --> report.html
---```
---@param name? string
---@return string|nil path
function difkit.writable(name)
   errors.check("difkit.writable", "name", name, "string", "optional")
   local path = core.output_path(name or ".")
   return path and (path:gsub("/%.$", "")) or nil
end

return difkit.writable
