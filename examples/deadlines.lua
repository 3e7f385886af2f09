--- Which actions name a year by which, or in which, something is to be done?
--- Years within the titles of plans ("2021–2025") and model years are no deadlines: only "by" and "in" count.
local difkit = require "difkit"
local db = assert(difkit.open())

local found = {}
for action in db:actions() do
   local years = {}
   for before, year in action.text:gmatch "(%S+ %S+ %S+) (20%d%d)" do
      if before:find "%f[%a]by$" or before:find "%f[%a]in$" or before:find "by the end of$" then
         years[#years + 1] = year
      end
   end
   if #years > 0 then found[#found + 1] = {years[1], years[#years], action.id, action.text} end
end

return difkit.table({"first", "last", "id", "text"}, found):sort("first", "last")
