--- The observations of a file, outside of Lua and in the order of indicator, unit and period: imports of any size need
--- no more memory than their names do.
local class = require "difkit.class"
local core = require "difkit.core"
local sorted = require "difkit.sorted"

local Gathered, events = class "difkit.import.Gathered"

local gathered = {}

function gathered.new() return setmetatable({core = core.gather()}, events) end

--- Keeps an observation. Of two with one key that of the higher `rank` counts.
function Gathered:put(o)
   self.core:put(o.unit, o.indicator, o.period, o.value, o.flag or "", o.note or "", o.place, o.rank)
end

--- A reader of kept rows that needs Lua only for what is new in them (core/read/stream.h).
function Gathered:stream(kept, plan) return self.core:stream(kept, plan) end

--- Puts them in order; `collect` is told of those that stand twice.
function Gathered:finish(collect)
   self.core:finish()
   local twins, same, outranked = self.core:twins()
   for _, one in ipairs(twins) do
      collect:twice{indicator = one[1], unit = one[2], period = one[3], place = one[4], there_place = one[5],
         value = one[6], there = one[7]}
   end
   if same > 0 then collect:warn("an observation stands twice with the same value", same) end
   if outranked > 0 then
      collect:warn("where an observation stands with reporting types G and N, G was kept", outranked)
   end
   self.units, self.indicators, self.periods, self.flags = self.core:used()
end

--- Takes all away.
function Gathered:clear()
   self.core:clear()
   self.units, self.indicators, self.periods, self.flags = {}, {}, {}, {}
end

--- The observations, in order: `for row in gathered:rows() do`; those of a unit alone where one is named.
function Gathered:rows(unit)
   local walk = self.core:walk(unit)
   return function()
      local one, indicator, period, value, flag, note, place = walk:next()
      return one and {
         unit = one, indicator = indicator, period = period, value = value, flag = flag ~= "" and flag or nil,
         note = note ~= "" and note or nil, place = place,
      }
   end
end

--- The names of a sort ("units", "indicators", "periods", "flags") that observations have, in order.
function Gathered:names(sort)
   local list = {}
   for name in sorted(self[sort]) do list[#list + 1] = name end
   return list
end

--- The least and the greatest value of an indicator; nil without any.
function Gathered:range(indicator) return self.core:range(indicator) end

local columns = {"unit", "indicator", "period", "value", "flag", "note"}

--- The first of them as a table, in the order of units, indicators and periods; and their places.
function Gathered:head(n)
   local rows, places = {}, {}
   for _, unit in ipairs(self:names "units") do
      if #rows >= n then break end
      for row in self:rows(unit) do
         if #rows >= n then break end
         rows[#rows + 1], places[#places + 1] = row, row.place
         row.place = nil
      end
   end
   return require("difkit.table")(columns, rows), places
end

--- All of them as a table, in the order of units, indicators and periods; and their places.
function Gathered:table()
   local rows, places = {}, {}
   for row in self:rows() do rows[#rows + 1] = row end
   table.sort(rows, function(a, b)
      if a.unit ~= b.unit then return a.unit < b.unit end
      if a.indicator ~= b.indicator then return a.indicator < b.indicator end
      return a.period < b.period
   end)
   for i, row in ipairs(rows) do
      places[i] = row.place
      row.place = nil
   end
   return require("difkit.table")(columns, rows), places
end

--- Runs a statement for each observation, with its indicator, unit, period, value, flag, the file, its place and its
--- note as ?1 to ?8. `maps`: what becomes of indicators, units, periods and flags, and words about a flag for the note.
--- Gives how many rows it changed.
function Gathered:into(db, sql, maps, file) return self.core:into(db, sql, maps, file) end

function events.__len(self) return self.core:size() end

return gathered
