--- Recipes: what was decided for a file, kept for next year's; what has drifted since is told, and nothing is asked.
local core = require "difkit.core"

local recipe = {}

local VERSION = 1
local kept = {"as", "indicator", "unit", "period", "decimal", "dates", "periods", "encoding", "separator",
   "sheet", "weight", "fiscal", "calendar"}

local function quoted(text) return require("difkit.format.json").encode(text) end

--- The office's own words for a status, each with the status of the model that it means.
local function statuses_of(path, given)
   if given == nil then return nil end
   local known = {}
   for _, entity in ipairs(core.schema()) do
      for _, field in ipairs(entity.name == "progress" and entity.fields or {}) do
         if field.name == "status" then known = field.values end
      end
   end
   if type(given) ~= "table" then
      core.raise("data", path .. ": statuses: has to hold words and what they mean, such as {Launched: completed}")
   end
   for word, status in require "difkit.sorted"(given) do
      local found = false
      for _, one in ipairs(known) do found = found or one == status end
      if not found then
         local near = type(status) == "string" and core.nearest(status, known)
         core.raise("data", ('%s: statuses: "%s" cannot mean "%s"%s'):format(path, tostring(word), tostring(status),
            near and ('; did you mean "%s"?'):format(near) or "; have " .. table.concat(known, ", ")))
      end
   end
   return given
end

---Reads a recipe: the options it holds, decisions about units, and what the file looked like; nil when there is none
---yet.
---@param path string
---@return table|nil options
---@return table|nil expected
function recipe.read(path)
   local value, message, code = core.read_yaml(path)
   if not value then
      if not core.read_file(path) then return nil end
      core.raise(code == "io" and "io" or "data", message)
   end
   local given = type(value) == "table" and value.recipe
   if type(given) == "table" and math.type(given.version) == "integer" and given.version > VERSION then
      core.raise("data", ("%s: a recipe of version %d, which is newer than this difkit knows (%d)"):format(path,
         given.version, VERSION), "install the difkit that wrote it")
   end
   if type(given) ~= "table" or given.version ~= VERSION then
      core.raise("data", path .. ": this is no recipe of version 1", "let difkit import write it: --recipe FILE.yaml")
   end
   local options, exclude = {}, {}
   for _, name in ipairs(kept) do options[name] = given[name] and tostring(given[name]) or nil end
   local units = type(given.units) == "table" and given.units or {}
   for _, text in ipairs(units.exclude or {}) do exclude[tostring(text)] = true end
   if given.rename ~= nil and (type(given.rename) ~= "table" or #given.rename > 0) then
      core.raise("data", path .. ": rename must be a mapping", 'rename: {"name in the file": name in the data}')
   end
   options.rename = {}
   for old, new in pairs(given.rename or {}) do options.rename[tostring(old)] = tostring(new) end
   options.decisions = {match = units.match or {}, exclude = exclude}
   options.statuses = statuses_of(path, given.statuses)
   return options, given
end

--- The least and the greatest value of each indicator.
local function ranges_of(found)
   local ranges, order = {}, found.observations:names "indicators"
   for _, name in ipairs(order) do
      local low, high = found.observations:range(name)
      ranges[name] = {low = low, high = high}
   end
   return ranges, order
end

--- The headings of a file that are no periods: those change from year to year.
local function columns_of(found)
   local list = {}
   for _, name in ipairs(found.columns or {}) do
      if not require("difkit.format.periods").read(name) then list[#list + 1] = name end
   end
   return list
end

---Writes what was decided for a file, and what it looked like.
---@param path string
---@param found difkit.Import
---@param given table the options of the call
function recipe.write(path, found, given)
   local lines = {"# What difkit import decided; run it again on the next file: difkit import FILE --recipe THIS",
      "recipe:",
      "  version: " .. VERSION, "  as: " .. found.kind}
   for _, name in ipairs(kept) do
      if name ~= "as" and given[name] then lines[#lines + 1] = ("  %s: %s"):format(name,
         quoted(tostring(given[name]))) end
   end
   if found.progress then
      local words = {}
      for word, status in require "difkit.sorted"(given.statuses or {}) do
         words[#words + 1] = quoted(tostring(word)) .. ": " .. status
      end
      lines[#lines + 1] = "  statuses: {" .. table.concat(words, ", ") .. "}  # this office's words: what they mean"
   end
   local match, exclude = {}, {}
   for _, one in ipairs(found.decisions.listed) do
      if one.kind == "excludes" then
         exclude[#exclude + 1] = quoted(one.name)
      else
         match[#match + 1] = quoted(one.name) .. ": " .. quoted(one.id)
      end
   end
   lines[#lines + 1] = "  units:\n    match: {" .. table.concat(match, ", ") .. "}  # name in the file: code"
   lines[#lines + 1] = "    exclude: [" .. table.concat(exclude, ", ") .. "]  # names to leave out"
   local renamed = {}
   for old in require("difkit.sorted")(found.renamed) do
      renamed[#renamed + 1] = quoted(old) .. ": " .. quoted(given.rename[old])
   end
   lines[#lines + 1] = "  rename: {" .. table.concat(renamed, ", ") .. "}  # indicator in the file: in the data"
   local units = found.observations:names "units"
   for i, unit in ipairs(units) do units[i] = quoted(unit) end
   local columns = columns_of(found)
   for i, name in ipairs(columns) do columns[i] = quoted(name) end
   lines[#lines + 1] = "  expected:\n    columns: [" .. table.concat(columns, ", ") .. "]"
   lines[#lines + 1] = "    observations: " .. #found.observations
   lines[#lines + 1] = "    units: [" .. table.concat(units, ", ") .. "]\n    indicators:"
   local ranges, order = ranges_of(found)
   for _, name in ipairs(order) do
      local range = ranges[name]
      lines[#lines + 1] = range.low and ("      - {name: %s, low: %s, high: %s}"):format(quoted(name),
         core.number_text(range.low), core.number_text(range.high)) or ("      - {name: %s}"):format(quoted(name))
   end
   require("difkit.script.run").check(core.write_file(path, table.concat(lines, "\n") .. "\n"))
end

---What has changed since the recipe was written: columns, indicators and units that went or came, fewer observations,
---values far off.
---@param expected table
---@param found difkit.Import
---@return string[] findings
function recipe.drift(expected, found)
   local findings = {}
   local function add(...) findings[#findings + 1] = string.format(...) end
   for old, new in require("difkit.sorted")(type(expected.rename) == "table" and expected.rename or {}) do
      if not found.renamed[tostring(old)] then
         add("the indicator %s, which is called %s, is gone", tostring(old), tostring(new))
      end
   end
   expected = type(expected.expected) == "table" and expected.expected or {}
   local there = {}
   for _, name in ipairs(found.columns or {}) do there[name] = true end
   for _, name in ipairs(expected.columns or {}) do
      if not there[tostring(name)] then add("the column %s is gone", name) end
   end
   local wanted = {}
   for _, name in ipairs(expected.columns or {}) do wanted[tostring(name)] = true end
   for _, name in ipairs(expected.columns and columns_of(found) or {}) do
      if not wanted[name] then add("the column %s is new", name) end
   end
   if math.type(expected.observations) == "integer" and #found.observations < expected.observations then
      add("%d observations, and there were %d", #found.observations, expected.observations)
   end
   local ranges, order = ranges_of(found)
   local known = {}
   for _, one in ipairs(expected.indicators or {}) do
      local name = tostring(one.name)
      known[name] = true
      local range = ranges[name]
      if not range then
         add("the indicator %s is gone", name)
      elseif range.low and one.low and one.high then
         local span = math.max(one.high - one.low, math.abs(one.high), math.abs(one.low))
         if range.high > one.high + span or range.low < one.low - span then
            add("%s runs from %s to %s, and ran from %s to %s", name, core.number_text(range.low),
               core.number_text(range.high), core.number_text(one.low), core.number_text(one.high))
         end
      end
   end
   for _, name in ipairs(order) do
      if not known[name] then add("the indicator %s is new", name) end
   end
   local units, seen = found.observations:names "units", found.observations.units
   local before = {}
   for _, unit in ipairs(expected.units or {}) do
      before[unit] = true
      if not seen[unit] then add("the unit %s is gone", unit) end
   end
   for _, unit in ipairs(units) do
      if not before[unit] then add("the unit %s is new", unit) end
   end
   return findings
end

return recipe
