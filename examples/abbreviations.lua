--- How often do the actions use each abbreviation of the list, and which do they never use?
local difkit = require "difkit"
local db = assert(difkit.open())

local texts = {}
for action in db:actions() do texts[#texts + 1] = action.text end

local rows = {}
for entry in db:abbreviations() do
   local actions, times = 0, 0
   for _, text in ipairs(texts) do
      local _, n = text:gsub("%f[%w]" .. entry.term:gsub("%p", "%%%0") .. "%f[%W]", "")
      times = times + n
      if n > 0 then actions = actions + 1 end
   end
   rows[#rows + 1] = {entry.term, entry.expansion, actions, times}
end

return difkit.table({"term", "stands for", "actions", "times"}, rows):sort("times desc", "term")
