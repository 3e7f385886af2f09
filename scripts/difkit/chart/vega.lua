--- Vega-Lite specifications as JSON: lists stay lists, even empty ones; values that are missing are null.
local json = require "difkit.format.json"
local sql = require "difkit.sql"

local vega = {}

--- What stands for "none" in a specification: no stack, no scale.
vega.none = sql.null

--- A copy of the parts of a table.
function vega.copy(spec)
   local copy = {}
   for key, part in next, spec do copy[key] = part end
   return copy
end

--- The scale of colours from `low` to `high`, with a value for each stop, so that colours between are mixed as in the
--- picture; a single value has the middle colour.
function vega.ramp(low, high, stops)
   if low == high then low, high = low - 1, high + 1 end
   local domain = {}
   for i = 1, #stops do domain[i] = low + (high - low) * (i - 1) / (#stops - 1) end
   return {domain = domain, range = stops, interpolate = "rgb", clamp = true, zero = false}
end

--- A matrix of `values`: its cells in their colours, those without a value in an outline, what is written in them.
function vega.matrix(values, x, y, colour, numbers)
   local layers = {
      {mark = "rect", transform = {{filter = "isValid(datum.value)"}}, encoding = {x = x, y = y, color = colour}},
      {mark = {type = "rect", fill = "#f6f8fa", stroke = "#8c959f", strokeDash = {2, 2}},
         transform = {{filter = "!isValid(datum.value)"}}, encoding = {x = x, y = y}},
   }
   if numbers ~= false then
      layers[3] = {mark = "text", transform = {{filter = "isValid(datum.value)"}}, encoding = {x = x, y = y,
         color = {field = "ink", type = "nominal", scale = vega.none}, text = {field = "shown", type = "nominal"}}}
   end
   -- The colours of what is written are no scale of the cells'.
   return {data = {values = values}, layer = layers, resolve = {scale = {color = "independent"}}}
end

local absent = {axis = true, title = true, legend = true}
local lists = {values = true, layer = true, sort = true, domain = true, range = true}

--- A copy in which lists are marked as lists, so that an empty one is written as [], and parts that are switched off
--- (false) are null, as Vega-Lite wants them.
local function marked(value, name)
   if value == false and absent[name] then return sql.null end
   if type(value) ~= "table" or value == sql.null then return value end
   local copy = {}
   for key, part in next, value do copy[key] = marked(part, key) end
   if lists[name] and (#copy > 0 or next(copy) == nil) then return json.array(copy) end
   return copy
end

--- The specification as JSON text.
function vega.encode(spec, options) return json.encode(marked(spec), options) end

return vega
