--- Vega-Lite specifications as JSON: lists stay lists, even empty ones; values that are missing are null.
local json = require "difkit.format.json"
local sql = require "difkit.sql"

local vega = {}

local absent = {axis = true, title = true, legend = true}

--- A copy in which lists are marked as lists, so that an empty one is written as [], and parts that are switched off
--- (false) are null, as Vega-Lite wants them.
local function marked(value, name)
   if value == false and absent[name] then return sql.null end
   if type(value) ~= "table" or value == sql.null then return value end
   local copy = {}
   for key, part in next, value do copy[key] = marked(part, key) end
   if name == "values" or name == "layer" or name == "sort" then return json.array(copy) end
   return copy
end

--- The specification as JSON text.
function vega.encode(spec, options) return json.encode(marked(spec), options) end

return vega
