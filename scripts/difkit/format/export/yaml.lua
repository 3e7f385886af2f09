--- YAML out, for the files of other programs: mappings in the order given, lists, and scalars. Texts stand in double
--- quotes, which mean the same in YAML as in JSON.
local json = require "difkit.format.json"

local yaml_out = {}

--- A mapping in the order of its pairs; what is nil is left out.
function yaml_out.map(pairs_of) return {map = pairs_of} end

function yaml_out.list(values) return {list = values} end

local function scalar(value)
   return type(value) == "string" and not value:find "^%a[%w_-]*$" and json.encode(value)
      or type(value) == "string" and ('"%s"'):format(value) or json.encode(value)
end

local function key(name) return name:find "^%a[%w_-]*$" and name or json.encode(name) end

local function add(out, value, indent)
   local space = (" "):rep(indent)
   if value.list then
      for _, item in ipairs(value.list) do out[#out + 1] = ("%s- %s"):format(space, scalar(item)) end
      return
   end
   for _, pair in ipairs(value.map) do
      local name, part = pair[1], pair[2]
      if type(part) == "table" and (part.map or part.list) then
         if #(part.map or part.list) > 0 then
            out[#out + 1] = ("%s%s:"):format(space, key(name))
            add(out, part, indent + 2)
         end
      elseif part ~= nil then
         out[#out + 1] = ("%s%s: %s"):format(space, key(name), scalar(part))
      end
   end
end

--- The text of a mapping.
function yaml_out.encode(value)
   local out = {}
   add(out, value, 0)
   return table.concat(out, "\n") .. "\n"
end

return yaml_out
