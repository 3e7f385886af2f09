--- Of whom a paper may speak. `regional`: counts alone, nothing of a single unit. `own`: besides the counts, what the
--- unit that --unit names has reported. `full`: everything. The level stands in the proof of what was made.
local core = require "difkit.core"

local disclosure = {}

--- What a section that is left out says in its place.
disclosure.left_out = "Left out: this paper says nothing of a single state."

---@class difkit.Disclosure
---@field level "regional"|"own"|"full"
---@field unit string|nil
---@field counts_only boolean nothing of any unit is shown

---The level that a script's options `disclosure` and `unit` ask for, noted for the proof; or nil, message, code.
---@param options table<string, any>
---@param default "regional"|"full"
---@return difkit.Disclosure|nil
---@return string|nil message
---@return string|nil code
function disclosure.of(options, default)
   local level = options.disclosure or options.unit and default == "regional" and "own" or default
   if level == "own" and not options.unit then return nil, "--disclosure own needs --unit: whose own?", "usage" end
   if level == "regional" and options.unit then
      return nil, "--disclosure regional says nothing of a unit, and --unit names one; --disclosure own shows its own",
         "usage"
   end
   if core.running then core.running.disclosure = level end
   return {level = level, unit = options.unit, counts_only = level == "regional"}
end

---Whether values of the indicators are what members have answered in sheets of a round (page/indicators.lua).
---@param db difkit.Database
---@param indicators {source: string}[] nodes of an index
---@return boolean
function disclosure.answered(db, indicators)
   for _, one in ipairs(indicators) do
      if db:query([[SELECT 1 FROM observation AS o WHERE o.indicator_id = ? AND EXISTS (SELECT 1 FROM reply AS r
         WHERE r.unit_id = o.unit_id AND o.source LIKE '%sheet ' || r.round_id || '-' || r.unit_id || '-%') LIMIT 1]],
         one.source):value() then
         return true
      end
   end
   return false
end

---The units that may be named, of a list of ids.
---@param allowed difkit.Disclosure
---@param units string[]
---@return string[]
function disclosure.units(allowed, units)
   if allowed.level == "full" and not allowed.unit then return units end
   local kept = {}
   for _, unit in ipairs(units) do
      if unit == allowed.unit then kept[#kept + 1] = unit end
   end
   return kept
end

return disclosure
