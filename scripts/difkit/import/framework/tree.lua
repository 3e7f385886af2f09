--- A framework from elsewhere as difkit has one: areas, topics, and the actions of one document, ids kept; and its
--- YAML.
local class = require "difkit.class"

local Tree, events = class "difkit.import.Framework"

local tree = {}

--- A short name of a title: "NIST Special Publication 800-53" is nist-special-publication-800-53.
local function slug(title)
   local text = title:lower():gsub("[^%w]+", "-"):gsub("^%-+", ""):gsub("%-+$", ""):sub(1, 48):gsub("%-+$", "")
   return text ~= "" and text or "framework"
end

--- One line without spaces at its ends; nil for nothing.
local function line_of(text)
   if text == nil then return nil end
   text = tostring(text):gsub("%s+", " "):match "^%s*(.-)%s*$"
   return text ~= "" and text or nil
end
tree.line_of = line_of

--- `given`: title, and what is known of id, version, source, adopted.
function tree.new(given)
   local title = line_of(given.title) or "Framework"
   local id = slug(given.id or title)
   return setmetatable({
      framework = {id = id, title = title, version = line_of(given.version), source = line_of(given.source)},
      document = {id = id:upper(), title = title, adopted = given.adopted}, areas = {}, indicators = {}, actions = 0,
      taken = {area = {}, topic = {}, action = {}, indicator = {}},
   }, events)
end

--- An id as it stands, without spaces; where it is taken already, with a number behind it.
function Tree:id(kind, wanted)
   local id = tostring(wanted):gsub("[%s%c]+", "-")
   local taken, number = self.taken[kind], 1
   local made = id
   while taken[made] do
      number = number + 1
      made = id .. "-" .. number
   end
   taken[made] = true
   return made
end

--- Adds an area, and gives it: topics are added to it by tree:topic.
function Tree:area(id, title, number)
   local area = {id = self:id("area", id), title = line_of(title) or tostring(id), number = number, topics = {}}
   self.areas[#self.areas + 1] = area
   return area
end

--- Adds a topic to an area, and gives it.
function Tree:topic(area, id, title, note)
   local topic = {id = self:id("topic", id), title = line_of(title) or tostring(id), note = line_of(note), actions = {}}
   area.topics[#area.topics + 1] = topic
   return topic
end

--- Adds an action to a topic. `given`: id, number, text, note.
function Tree:action(topic, given)
   topic.actions[#topic.actions + 1] = {
      id = self:id("action", given.id), number = given.number, text = line_of(given.text) or tostring(given.id),
      note = line_of(given.note),
   }
   self.actions = self.actions + 1
end

function Tree:indicator(id, title, topic)
   self.indicators[#self.indicators + 1] = {id = self:id("indicator", id), title = line_of(title), topic = topic.id}
end

--- Topics without an action, and areas without a topic, are kept: they are part of what the framework says.
function Tree:topics()
   local count = 0
   for _, area in ipairs(self.areas) do count = count + #area.topics end
   return count
end

local function quoted(text) return require("difkit.format.json").encode(text) end

--- Keys and texts as a mapping in one line, those without a value left out.
local function mapping(record, keys)
   local parts = {}
   for _, key in ipairs(keys) do
      if record[key] ~= nil then parts[#parts + 1] = ("%s: %s"):format(key, quoted(tostring(record[key]))) end
   end
   return "{" .. table.concat(parts, ", ") .. "}"
end

---The YAML of the framework, as difkit reads it.
---@return string
function Tree:yaml()
   local lines = {"# Made by difkit import.", "framework: " .. mapping(self.framework, {"id", "title", "version",
      "source"}), "areas:"}
   local function add(text) lines[#lines + 1] = text end
   for _, area in ipairs(self.areas) do
      add("  - id: " .. quoted(area.id))
      if area.number then add("    number: " .. quoted(tostring(area.number))) end
      add("    title: " .. quoted(area.title))
      if #area.topics > 0 then add "    topics:" end
      for _, topic in ipairs(area.topics) do add("      - " .. mapping(topic, {"id", "title", "note"})) end
   end
   add("document: " .. mapping(self.document, {"id", "title", "adopted"}))
   if self.actions > 0 then add "actions:" end
   for _, area in ipairs(self.areas) do
      for _, topic in ipairs(area.topics) do
         if #topic.actions > 0 then add("  " .. quoted(topic.id) .. ":") end
         for _, action in ipairs(topic.actions) do
            add("    - " .. mapping(action, {"id", "number", "text", "note"}))
         end
      end
   end
   if #self.indicators > 0 then add "indicators:" end
   for _, one in ipairs(self.indicators) do
      add("  - {" .. mapping(one, {"id", "title", "topic"}):sub(2, -2) .. ", direction: 1}")
   end
   return table.concat(lines, "\n") .. "\n"
end

return tree
