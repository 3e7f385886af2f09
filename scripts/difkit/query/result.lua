--- What a result of SQL can do beyond giving rows: become a table, be printed, be written to a file.
local core = require "difkit.core"
local tables = require "difkit.table"

---The rows of one statement, read once from front to back.
---@class difkit.Result
local Result = core.result

---The remaining rows as a table in memory.
---
---```lua
---local t = db:query("SELECT id, title FROM area ORDER BY number"):table()
---print(#t, t[6].title) --> 6	Coordinating Actions and Review
---```
---@return difkit.Table
function Result:table()
   return tables.from_result(self)
end

---Prints the remaining rows as a table. Options as for `table:print`.
---
---```lua
---db:query("SELECT id, number FROM area WHERE number < 3 ORDER BY number"):print()
-----> id   number
-----> ───────────
-----> PA1       1
-----> PA2       2
---```
---@param options? table
function Result:print(options)
   self:table():print(options)
end

---Writes the remaining rows to a file; the ending of its name decides the format. CSV and TSV are written row by row.
---Options as for `table:write`.
---
---```lua
---assert(db:query("SELECT * FROM area ORDER BY number"):write "areas.csv")
---```
---@param path string
---@param options? table
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function Result:write(path, options)
   local done, message, code = require("difkit.format.write").result(self, path, options)
   if done then return done end
   require("difkit.condition").dropped("write", message)
   return nil, message, code
end

return Result
