--- Which actions name a year by which, or in which, something is to be done?
--- A year in the title of a plan ("2021–2025", "beyond 2025") is no deadline: only "by", "in" and "end of" count.
local difkit = require "difkit"
local db = assert(difkit.open())

local before = {by = true, ["in"] = true, of = true}

local found = {}
for action in db:actions() do
   local years = {}
   for word, year in action.text:gmatch "(%a+) (20%d%d)%f[%D]" do
      if before[word] then years[#years + 1] = tonumber(year) end
   end
   if #years > 0 then found[#found + 1] = {years[1], years[#years], action.id, action.text} end
end

return difkit.table({"first", "last", "id", "text"}, found):sort("first", "last")
