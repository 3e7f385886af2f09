--- Observations of a file in a temporary table of a database, for imports of any size: memory does not grow with their
--- number. A spool stands in for the table of observations that `difkit.import` gives else.
local class = require "difkit.class"

local Spool, events = class "difkit.import.Spool"

local BATCH <const>, COLUMNS <const> = 60, 10

local COLUMN_LIST <const> = "unit, indicator, period, value, flag, note, place, kept_period, kept_flag, kept_note"

local batch_sql = "INSERT INTO temp.%s (" .. COLUMN_LIST .. ") VALUES " .. ("(" .. ("?, "):rep(COLUMNS - 1)
   .. "?), "):rep(BATCH - 1) .. "(" .. ("?, "):rep(COLUMNS - 1) .. "?) ON CONFLICT DO NOTHING"
local one_sql = "INSERT INTO temp.%s (" .. COLUMN_LIST .. ") VALUES (" .. ("?, "):rep(COLUMNS - 1)
   .. "?) ON CONFLICT DO NOTHING"

local spool = {}

--- `db`: a database that may be written; `number`: tells the spools of one database apart; `keep(o)`: how the model
--- keeps an
--- observation: period, flag and note where they are others than those shown.
function spool.new(db, number, keep)
   local name = ("import_%d"):format(number)
   db:exec(([[CREATE TEMP TABLE %s (unit TEXT, indicator TEXT, period TEXT, value REAL, flag TEXT, note TEXT,
      place TEXT,
      kept_period TEXT, kept_flag TEXT, kept_note TEXT, PRIMARY KEY (indicator, unit, period))]])
      :format(name))
   return setmetatable({db = db, name = name, keep = keep, waiting = {}, count = 0, batch_sql = batch_sql:format(name),
      one_sql = one_sql:format(name)}, events)
end

local function values_of(self, o, into, at)
   local period, flag, note = self.keep(o)
   into[at + 1], into[at + 2], into[at + 3], into[at + 4] = o.unit, o.indicator, o.period, o.value
   into[at + 5], into[at + 6], into[at + 7] = o.flag ~= "" and o.flag or nil, o.note ~= "" and o.note or nil, o.place
   into[at + 8], into[at + 9], into[at + 10] = period, flag, note
end

--- The observation that stands in the place of this one, or nil.
function Spool:find(o)
   local there = self.db:query(("SELECT value, place FROM temp.%s WHERE indicator = ? AND unit = ? AND period = ?")
      :format(self.name), o.indicator, o.unit, o.period):one()
   return there and {value = there.value, place = there.place}
end

--- Writes what waits; `twice(o, there)` is told of an observation that stands there already.
function Spool:flush()
   local waiting, values = self.waiting, {}
   self.waiting = {}
   if #waiting == BATCH then
      for i, o in ipairs(waiting) do values_of(self, o, values, (i - 1) * COLUMNS) end
      local done = self.db:exec(self.batch_sql, table.unpack(values, 1, BATCH * COLUMNS))
      self.count = self.count + done
      if done == BATCH then return end
      -- Some stand there twice, in this batch or before: what is there by its place is the first.
      for _, o in ipairs(waiting) do
         local there = self:find(o)
         if there.place ~= o.place then self.twice(o, there) end
      end
      return
   end
   for _, o in ipairs(waiting) do
      values_of(self, o, values, 0)
      local done = self.db:exec(self.one_sql, table.unpack(values, 1, COLUMNS))
      self.count = self.count + done
      if done == 0 then self.twice(o, self:find(o)) end
   end
end

--- Keeps an observation.
function Spool:put(o)
   self.waiting[#self.waiting + 1] = o
   if #self.waiting == BATCH then self:flush() end
end

--- Takes one away again.
function Spool:drop(unit, indicator, period)
   self:flush()
   self.count = self.count - self.db:exec(
      ("DELETE FROM temp.%s WHERE indicator = ? AND unit = ? AND period = ?"):format(self.name), indicator, unit,
         period)
end

--- Takes all away.
function Spool:clear()
   self.waiting, self.count = {}, 0
   self.db:exec(("DELETE FROM temp.%s"):format(self.name))
end

--- The observations in order: unit, indicator, period, value, flag, note, place.
function Spool:rows()
   local result = self.db:query(("SELECT unit, indicator, period, value, flag, note, place FROM temp.%s "
      .. "ORDER BY indicator, unit, period"):format(self.name))
   return function()
      local row = result()
      if row and row.value then row.value = math.tointeger(row.value) or row.value end
      return row
   end
end

--- The first of them as a table.
function Spool:head(n)
   local columns = {"unit", "indicator", "period", "value", "flag", "note"}
   local rows = {}
   for row in self.db:query(("SELECT unit, indicator, period, value, flag, note FROM temp.%s ORDER BY unit, indicator, "
      .. "period LIMIT ?"):format(self.name), n) do
      local value = row.value
      rows[#rows + 1] = {row.unit, row.indicator, row.period,
         value and (math.tointeger(value) or value) or require("difkit.sql").null, row.flag, row.note}
   end
   return require("difkit.table")(columns, rows)
end

function events.__len(self) return self.count + #self.waiting end

return spool
