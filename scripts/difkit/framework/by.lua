--- Filters of actions by what is coded of them: by codes of a scheme, by their targets, by when they are due.
local dates = require "difkit.date"
local errors = require "difkit.error"
local records = require "difkit.framework.ids"
local sql = require "difkit.sql"

local by = {}

--- Actions that a scheme codes so.
function by.code(scheme)
   return function(query, value, db)
      local codes = {}
      for row in db:query("SELECT id FROM code WHERE scheme_id = ? ORDER BY id", scheme):rows() do
         codes[#codes + 1] = row[1]
         codes[row[1]] = true
      end
      for _, one in ipairs(type(value) == "table" and value or {value}) do
         if not codes[one] then errors.unknown(scheme, one, codes, "actions") end
      end
      local condition, values = sql.comparison("actions", scheme, "code_id", "=", value)
      return query:where(sql(("id IN (SELECT action_id FROM coding WHERE scheme_id = '%s' AND %s)"):format(scheme,
         condition), table.unpack(values, 1, values.n)))
   end
end

--- Actions with a target whose column is so.
function by.target(column, entity)
   return function(query, value, db)
      if entity then value = records.resolve(db, "actions", entity, value) end
      local condition, values = sql.comparison("actions", column, column, "=", value)
      return query:where(sql("id IN (SELECT action_id FROM target WHERE " .. condition .. ")",
         table.unpack(values, 1, values.n)))
   end
end

--- Actions that are due in a year, a month or on a day.
function by.due(query, value, db)
   local ids = {}
   for _, one in ipairs(type(value) == "table" and value or {value}) do
      local first, last = dates.first_day("actions", one), dates.last_day("actions", one)
      for row in db:deadlines():rows() do
         if first <= row.due and row.due <= last then ids[#ids + 1] = row.action end
      end
   end
   return query:where{id = ids}
end

return by
