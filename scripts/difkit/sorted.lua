--- Iteration over a plain table in one order, the same in every run.
local views = require "difkit.view"

--- Numbers before texts before everything else, each in ascending order; kinds that have no order of their own
--- (tables, functions) come last as they are.
local rank = {number = 1, string = 2, boolean = 3}

local function before(a, b)
   local kind_a, kind_b = type(a), type(b)
   if kind_a ~= kind_b then return (rank[kind_a] or 4) < (rank[kind_b] or 4) end
   if kind_a == "number" or kind_a == "string" then return a < b end
   if kind_a == "boolean" then return not a and b end
   return false
end

---@class difkit
local difkit = {}

---Like `pairs`, but in ascending order of the keys: numbers first, then texts. `pairs` itself gives another order in
---every run, so that whatever is printed or written from it differs from run to run.
---
---```lua
---for name, weight in difkit.sorted{skills = 0.3, access = 0.7} do print(name, weight) end
-----> access	0.7
-----> skills	0.3
---```
---@param t table
---@param less? fun(a: any, b: any): boolean another order of the keys
---@return fun(): any, any iterator
function difkit.sorted(t, less)
   local keys = {}
   for key in next, views.real(t) do keys[#keys + 1] = key end
   table.sort(keys, less or before)
   local i = 0
   return function()
      i = i + 1
      local key = keys[i]
      if key ~= nil then return key, t[key] end
   end
end

return difkit.sorted
