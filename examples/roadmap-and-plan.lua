--- What does the Bandar Seri Begawan Roadmap speak of that the Action Plan does not?
--- `difkit run gaps --have BSBR --lack DIFAP` says: no topic. So this goes by the words: those of the Roadmap, topic by
--- topic, that no action of the Action Plan uses.
local difkit = require "difkit"
local db = assert(difkit.open())

local function words_of(text) return difkit.text.lower(text):gmatch "%a+" end

local known = {}
for action in db:actions{document = "DIFAP"} do
   for word in words_of(action.text) do known[word] = true end
end

local beyond = db:actions{document = "BSBR"}:table()
   :group "topic_title"
   :aggregate("words", function(actions)
      local new, seen = {}, {}
      for _, action in ipairs(actions) do
         for word in words_of(action.text) do
            if #word > 6 and not known[word] and not seen[word] then new[#new + 1] = word end
            seen[word] = true
         end
      end
      return table.concat(new, ", ")
   end)
   :rename{topic_title = "topic"}

beyond.title = "Words of the Roadmap that the Action Plan does not use"
return beyond
