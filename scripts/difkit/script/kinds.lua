--- Kinds of values that options of scripts have, and what a text on the command line means as one.
local core = require "difkit.core"

local option_kinds = {}

--- All types, and of those that name records the entity. The data model is asked only for a type that is not plain.
option_kinds.types = {"text", "integer", "number", "boolean", "path", "date", "choice"}
option_kinds.plain = {}
for _, kind in ipairs(option_kinds.types) do option_kinds.plain[kind] = true end
local entities

function option_kinds.entity(kind)
   if option_kinds.plain[kind] then return nil end
   if not entities then
      entities = {}
      for _, entity in ipairs(require("difkit.schema").identified()) do
         entities[entity.one] = entity
         option_kinds.types[#option_kinds.types + 1] = entity.one
      end
   end
   return entities[kind]
end

--- The options of `difkit run` that no script can have, and those that came after 0.1.0, which it may: all are
--- described in core/cli/options.h.
option_kinds.reserved, option_kinds.shared = {}, {}
for _, name in ipairs {"help", "library", "code", "db", "with", "format", "output", "out", "dry-run", "no-proof",
   "trust", "memory", "time", "output-limit"} do
   option_kinds.reserved[name] = true
end
for _, name in ipairs {"write", "isolation", "read", "threads", "template", "excel", "separator",
   "log"} do
   option_kinds.shared[name] = true
end
-- A plain word that scripts (`calendar` is one) rightly have for something else: no finding.
option_kinds.shared.open = "unremarked"

function option_kinds.key(name) return (name:gsub("-", "_")) end

--- A value from its text on the command line, or nil and what would be right.
function option_kinds.convert(option, text)
   local kind = option.type
   if kind == "integer" then
      local value = text:find "^[+-]?%d+$" and math.tointeger(tonumber(text))
      if not value then return nil, "a whole number" end
      return value
   elseif kind == "number" then
      local value = text:find "^[+-]?%.?%d" and not text:find "[xX]" and tonumber(text)
      if not value then return nil, "a number" end
      return value
   elseif kind == "boolean" then
      local value = ({["true"] = true, yes = true, ["1"] = true, ["false"] = false, no = false, ["0"] = false})[text]
      if value == nil then return nil, "true or false" end
      return value
   elseif kind == "date" then
      local dates = require "difkit.date"
      if not dates.parse(text) then return nil, "a date such as " .. dates.examples end
      return dates.last_day(option.name, text)
   elseif kind == "choice" then
      for _, choice in ipairs(option.choices) do
         if choice == text then return text end
      end
      return nil, "one of " .. table.concat(option.choices, ", "), core.nearest(text, option.choices)
   end
   return text
end

return option_kinds
