--- Which document covers the framework most broadly and most evenly?
--- An index of the framework itself: its units are the documents, its indicators the share of topics that a document
--- covers in each area, and how evenly its actions spread over the topics that it covers.
--- difkit run examples/index-of-the-framework.lua
---@script index-of-the-framework
---@reads action, topic, area, document
---@writes nothing
local difkit = require "difkit"
local db = assert(difkit.open())

--- Topics of each area, and actions of each document on each topic.
local topics, areas = {}, {}
for topic in db:topics() do
   if not topics[topic.area_id] then
      topics[topic.area_id] = 0
      areas[#areas + 1] = topic.area_id
   end
   topics[topic.area_id] = topics[topic.area_id] + 1
end

local rows = {}
for document in db:documents() do
   local row, counts, total = {unit = document.id, title = document.title}, {}, 0
   for _, area in ipairs(areas) do row[area] = 0 end
   local found = db:from "action_full":where{document = document.id}:group("area", "topic"):count "n"
   for group in found do
      row[group.area] = row[group.area] + 1 / topics[group.area]
      counts[#counts + 1], total = group.n, total + group.n
   end
   --- Evenness after Pielou: the entropy of the shares over its greatest value.
   local entropy = 0
   for _, n in ipairs(counts) do entropy = entropy - n / total * math.log(n / total) end
   row.evenness = #counts > 1 and entropy / math.log(#counts) or nil
   rows[#rows + 1] = row
end

local breadth = {id = "breadth", weight = 2, children = areas}
local index = difkit.index{
   id = "coverage", title = "Coverage of the framework", normalise = "none",
   children = {breadth, {id = "evenness", title = "how evenly the actions spread"}},
}
local result = assert(index:compute(rows))
return result:scores{level = "all"}
