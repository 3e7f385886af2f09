--- The UN's lists of goals, targets and indicators as its API of the SDG database gives them (JSON): alone, or one
--- within the other. Series, tiers and addresses have no place in a framework.
local add_goals = require "difkit.import.framework.goals"
local tree = require "difkit.import.framework.tree"

local kind = {name = "un-goals", title = "a list of goals, targets or indicators of the UN"}

--- The parts of a code: "1.a.1" has 3; nil for what is none.
local function depth_of(code)
   if type(code) == "number" then code = math.type(code) == "integer" and tostring(code) or nil end
   if type(code) ~= "string" or not code:find "^%d%d?%f[%D]" or not code:find "^%w+%.?%w*%.?%w*$" then return nil end
   return 1 + select(2, code:gsub("%.", "")), code
end

--- The records of a file: a list, or what stands in one by a name.
local function records_of(found)
   local value = found.kind == "json" and found.tree
   if type(value) ~= "table" then return nil end
   for _, name in ipairs {"goals", "targets", "indicators", "data"} do
      if #value == 0 and type(value[name]) == "table" then value = value[name] end
   end
   return value
end

function kind.recognise(found)
   local records = records_of(found)
   if not records or #records == 0 then return end
   for _, record in ipairs(records) do
      local depth = type(record) == "table" and depth_of(record.code)
      local words = depth and (record.title or record.description)
      if type(words) ~= "string" or depth > 1 and record.goal == nil then return end
   end
   return 0.95, {("%d records have codes of goals, targets or indicators"):format(#records)}
end

--- The records and those within them, in the order of the file, each code once.
local function gather(records, list, seen, collect)
   for _, record in ipairs(records) do
      local depth, code = depth_of(type(record) == "table" and record.code or nil)
      if depth and not seen[code] then
         seen[code] = true
         -- Of a goal and a target the description says what is to be reached, the title repeats it or is shorter.
         local words = record.description or record.title
         list[#list + 1] = {id = code, text = tree.line_of(words) or code, depth = depth, place = code}
      end
      for _, name in ipairs {"targets", "indicators"} do
         if depth and type(record[name]) == "table" then gather(record[name], list, seen, collect) end
      end
      for _ = 1, depth and type(record.series) == "table" and #record.series or 0 do
         collect:skip("series", "no place in a framework")
      end
   end
   return list
end

--- Goals and targets that are named by what belongs to them and are not in the file themselves, by their codes.
local function complete(list, seen, collect)
   local all = {}
   local function need(code, depth)
      if seen[code] then return end
      seen[code] = true
      all[#all + 1] = {id = code, text = (depth == 1 and "Goal " or "Target ") .. code, depth = depth, place = code}
      collect:warn "goals and targets that are not in the list are there by their numbers alone"
   end
   for _, one in ipairs(list) do
      if one.depth > 1 then need(one.id:match "^[^.]+", 1) end
      if one.depth > 2 then need(one.id:match "^(.*)%.", 2) end
      all[#all + 1] = one
   end
   return all
end

function kind.read(_, collect, found)
   local made, seen = tree.new{title = collect.file, source = found.path:match "[^/]+$"}, {}
   local list = gather(records_of(found), {}, seen, collect)
   add_goals(made, complete(list, seen, collect), collect)
   collect.framework = made
end

return kind
