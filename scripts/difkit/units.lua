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

--- A matcher that remembers: text -> kind, code, suggestion.
--- `decisions`: {match = {[text] = code}, exclude = {[text] = true}}.
function units.matcher(system, decisions)
   local kinds, codes, nears = {}, {}, {}
   local match, exclude = decisions and decisions.match or {}, decisions and decisions.exclude or {}
   return function(text)
      local kind = kinds[text]
      if not kind then
         local code, near
         if match[text] then
            kind, code = "unit", match[text]
         elseif exclude[text] then
            kind = "excluded"
         else
            kind, code, near = core.match_unit(text, system, true)
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
