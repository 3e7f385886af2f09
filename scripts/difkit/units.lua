--- Units from what a column prints: the system of codes that all its cells speak for, and the unit of each cell.
--- The names and codes stand in the core (core/names); decisions of people go before them.
local core = require "difkit.core"

local units = {}

--- Systems tried for a column that does not say which, in this order.
local systems = {"any", "iso2", "wb", "eurostat", "m49"}

--- What `match` found is known: one unit, a group, or a part of one.
local known = {unit = true, aggregate = true, part = true}

--- Share of the distinct texts that must be known for a column to be one of units.
units.SHARE = 0.8

--- The distinct texts of a list with gaps, in the order of their first appearance.
local function distinct(values, n)
   local list, seen = {}, {}
   for i = 1, n do
      local value = values[i]
      if value ~= nil and value ~= "" and not seen[value] then
         seen[value] = true
         list[#list + 1] = tostring(value)
      end
   end
   return list
end

--- The share of `list` that a system knows, and how many are units.
local function share(list, system)
   local found, countries = 0, 0
   for _, text in ipairs(list) do
      local kind = core.match_unit(text, system)
      if known[kind] or kind == "ambiguous" then found = found + 1 end
      if kind == "unit" then countries = countries + 1 end
   end
   return #list > 0 and found / #list or 0, countries
end

---The system that fits a column best, the share of its distinct texts that are known in it, and how many are countries.
---Of two that fit alike the first of `any`, `iso2`, `wb`, `eurostat`, `m49` is taken; bare numbers are M49 only where
---`numbers` says so.
---@param values any[]
---@param n integer length of the list, which may have gaps
---@param numbers? boolean
---@return string system
---@return number share
---@return integer countries
function units.system(values, n, numbers)
   local list = distinct(values, n)
   local best, most, countries = "any", -1, 0
   for _, system in ipairs(systems) do
      if system ~= "m49" or numbers then
         local part, count = share(list, system)
         if part > most then best, most, countries = system, part, count end
      end
   end
   return best, most, countries
end

--- Decisions about names, empty: `match` (name -> id of a unit), `exclude` (name -> true), both as names are compared;
--- `listed`: those that a file lists, {name, kind, path}, and `used` which of their keys were met.
local function none() return {match = {}, exclude = {}, listed = {}, used = {}} end

local function key_of(text)
   local key = core.fold_name(text)
   return key ~= "" and key or text
end

---Adds what people decided to `into`: {match = {[name] = id}, exclude = {[name] = true}}; what is there already stays.
---@param into table|nil
---@param given table|nil
---@return table decisions
function units.decide(into, given)
   into = into or none()
   for text, id in pairs(given and given.match or {}) do
      local key = key_of(text)
      if into.match[key] == nil and not into.exclude[key] then into.match[key] = id end
   end
   for text in pairs(given and given.exclude or {}) do
      local key = key_of(text)
      if into.match[key] == nil then into.exclude[key] = true end
   end
   return into
end

--- The entries of a list or a mapping in units.yaml as name -> id; raises for anything else.
local function entries(path, value, what, list_too)
   local found = {}
   if value == nil then return found end
   if type(value) ~= "table" then
      core.raise("data", ("%s: %s must be a %s"):format(path, what, list_too and "list or a mapping" or "mapping"),
         "matches: {Lao: LAO}, includes: [World], excludes: [Other Asia]")
   end
   for name, id in require("difkit.sorted")(value) do
      if math.type(name) == "integer" and list_too then
         found[tostring(id)] = (tostring(id):gsub("%s+", "-"))
      elseif type(name) == "string" and type(id) ~= "table" then
         found[name] = tostring(id)
      else
         core.raise("data", ("%s: %s holds %s"):format(path, what, tostring(name)), "expected name: id of a unit")
      end
   end
   return found
end

---Adds the decisions of a file units.yaml: `matches` (name: id), `includes` (names that are no countries and yet
---units) and
---`excludes` (names to leave out). A file of that name without these keys declares units, and decides nothing.
---@param into table|nil
---@param path string
---@return table|nil decisions
function units.read(into, path)
   if not core.read_file(path) then return into end
   local value, message, code = core.read_yaml(path)
   if type(value) ~= "table" then core.raise(code == "io" and "io" or "data", message or path .. ": no mapping") end
   if not (value.matches or value.includes or value.excludes) then return into end
   into = into or none()
   local parts = {
      {"matches", entries(path, value.matches, "matches")}, {"includes", entries(path, value.includes, "includes",
         true)},
      {"excludes", entries(path, value.excludes, "excludes", true)},
   }
   for _, part in ipairs(parts) do
      local kind, list = part[1], part[2]
      for name in require("difkit.sorted")(list) do
         into.listed[#into.listed + 1] = {name = name, kind = kind, path = path, key = key_of(name), id = list[name]}
      end
      if kind == "excludes" then
         local exclude = {}
         for name in pairs(list) do exclude[name] = true end
         units.decide(into, {exclude = exclude})
      else
         units.decide(into, {match = list})
      end
   end
   return into
end

--- What a file lists and no data had: {name, kind, path}.
function units.unused(decisions)
   local list = {}
   for _, one in ipairs(decisions and decisions.listed or {}) do
      if not decisions.used[one.key] then list[#list + 1] = one end
   end
   return list
end

--- What was decided about a text: the id of a unit, false when it is to be left out, nil when nothing was.
function units.decided(decisions, text)
   if not decisions or not text or next(decisions.match) == nil and next(decisions.exclude) == nil then return nil end
   local key = key_of(text)
   local id = decisions.match[key]
   if id == nil and decisions.exclude[key] then id = false end
   if id ~= nil then decisions.used[key] = true end
   return id
end

--- A matcher that remembers: text -> kind, code, suggestion. `decisions`: of units.decide and units.read; `bare`:
--- without
--- suggestions, which take their time, for columns that may be none of units.
function units.matcher(system, decisions, bare)
   local kinds, codes, nears = {}, {}, {}
   decisions = decisions or none()
   return function(text)
      local kind = kinds[text]
      if not kind then
         local code, near
         local id = units.decided(decisions, text)
         if id then
            kind, code = "unit", id
         elseif id == false then
            kind = "excluded"
         else
            kind, code, near = core.match_unit(text, system, not bare)
         end
         kinds[text], codes[text], nears[text] = kind, code, near
      end
      return kind, codes[text], nears[text]
   end
end

--- Why a text is no unit, for people.
function units.reason(kind, code, near)
   if kind == "aggregate" then return "a group of units" end
   if kind == "part" then return "a part of a country, or a former state with several successors" end
   if kind == "ambiguous" then return "may be " .. code:gsub(" ", " or ") end
   if kind == "excluded" then return "left out as units.yaml says" end
   return near and "unknown; the nearest is " .. near or "unknown"
end

return units
