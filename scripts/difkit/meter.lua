--- Progress of what takes longer than a second, on a terminal.
local core = require "difkit.core"
local errors = require "difkit.error"

---A line of progress on standard error: `meter:tick(done)` says how far the work is, `meter:stop()` erases the line, as
---leaving the block of a `local meter <close>` does.
---@class difkit.Meter

---@class difkit
local difkit = {}

---Begins a line of progress: "43 %  LABEL 430 of 1000, 8 s left". It appears after a second, under `difkit` alone,
---where standard error is a terminal, and never with NO_COLOR; elsewhere a meter does nothing. Loading, writing rows
---and the runs of an index show one by themselves. A tick costs next to nothing.
---
---```lua
---do
---   local meter <close> = difkit.meter("action", 244)
---   for i = 1, 244 do meter:tick(i) end
---end
---print(select(2, pcall(difkit.meter)).message) --> difkit.meter: label must be text, not nil
---```
---@param label string what is counted, such as "action"
---@param total? integer how many there will be; without it there is no percentage
---@return difkit.Meter
function difkit.meter(label, total)
   errors.check("difkit.meter", "label", label, "string")
   errors.check("difkit.meter", "total", total, "integer", "optional")
   return core.meter(label, total)
end

return difkit.meter
