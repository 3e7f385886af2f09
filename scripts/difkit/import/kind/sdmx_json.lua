--- SDMX-JSON 1.0 and 2.0: keys of indices into the values of the dimensions, in the order of their list.
local document = require "difkit.import.document"

local kind = {name = "sdmx-json", title = "SDMX-JSON"}

--- The datasets and the structure of each.
local function parts_of(tree)
   if type(tree) ~= "table" then return nil end
   local data = type(tree.data) == "table" and tree.data or tree
   if type(data.dataSets) ~= "table" then return nil end
   local structures = data.structures or data.structure and {data.structure} or tree.structure and {tree.structure}
   return data.dataSets, structures
end

function kind.recognise(found)
   local sets, structures = nil, nil
   if found.kind == "json" then sets, structures = parts_of(found.tree) end
   if sets and structures then return 1, {"it has dataSets and their structure"} end
end

local function text_of(value)
   if type(value) ~= "table" then return value and tostring(value) end
   local name = value.name
   return value.id or type(name) == "string" and name or value.value and tostring(value.value)
end

local function name_of(value)
   local name = type(value) == "table" and value.name
   if type(name) == "table" then name = name.en or select(2, next(name)) end
   return name
end

--- Attributes of a level that have values: an index of one without belongs to the next.
local function with_values(list)
   local kept = {}
   for _, one in ipairs(list or {}) do
      if type(one.values) == "table" and #one.values > 0 then kept[#kept + 1] = one end
   end
   return kept
end

--- Adds the attributes that indices name.
local function add_attributes(out, list, indices, from)
   for k, one in ipairs(list) do
      local index = indices and indices[from + k - 1]
      if math.type(index) == "integer" and one.values[index + 1] then
         local value = one.values[index + 1]
         out[#out + 1] = {id = one.id, code = text_of(value), name = name_of(value)}
      end
   end
end

--- The dimensions that a key of indices names.
local function add_key(out, list, key)
   local k = 0
   for index in (key or ""):gmatch "%d+" do
      k = k + 1
      local dimension = list[k]
      local value = dimension and dimension.values[tonumber(index) + 1]
      if value then
         local role = dimension.role or type(dimension.roles) == "table" and dimension.roles[1]
         out[#out + 1] = {
            id = dimension.id, code = text_of(value),
            role = role == "REF_AREA" and "area" or role == "GEO" and "area" or role == "TIME_PERIOD" and "time" or nil,
         }
      end
   end
   return k == #list
end

local function copy(list) return table.move(list, 1, #list, 1, {}) end

--- The areas of a structure.
local function areas_of(dimensions)
   local codes = {}
   for _, level in ipairs {"dataSet", "series", "observation"} do
      for _, dimension in ipairs(dimensions[level] or {}) do
         if document.role_of(dimension.id) == "area" or dimension.role == "REF_AREA" then
            for _, value in ipairs(dimension.values) do codes[#codes + 1] = text_of(value) end
         end
      end
   end
   return codes
end

--- The constants of a dataset: dimensions of one value.
local function constants(dimensions)
   local list = {}
   for _, dimension in ipairs(dimensions.dataSet or {}) do
      if dimension.values[1] then
         list[#list + 1] = {id = dimension.id, code = text_of(dimension.values[1])}
      end
   end
   return list
end

local function observe(collect, context, key, series, observation)
   local dimensions, attributes = copy(series.dimensions), copy(series.attributes)
   local whole = add_key(dimensions, context.dimensions.observation or {}, key)
   if not whole or type(observation) ~= "table" then
      collect:wrong(series.place .. " " .. key, "the key does not fit the dimensions")
      return
   end
   add_attributes(attributes, context.at_observation, observation, context.measures + 1)
   local value = observation[1]
   if document.is_null(value) or value == "NaN" then value = nil end
   document.observe(collect, {
      dimensions = dimensions, attributes = attributes, value = value, system = context.system, base = collect.file,
      flag = value == nil and "O" or nil, place = series.place .. " " .. key,
   })
end

local function sorted_keys(t)
   local keys = {}
   for key in pairs(t) do keys[#keys + 1] = tostring(key) end
   table.sort(keys)
   return keys
end

--- Observations of a table that JSON may have made a list: keys "0", "1" stay texts.
local function each(collect, context, observations, series)
   for _, key in ipairs(sorted_keys(observations)) do
      observe(collect, context, key, series, observations[key])
   end
end

function kind.read(_, collect, found)
   local sets, structures = parts_of(found.tree)
   for number, set in ipairs(sets) do
      local structure = structures[(math.tointeger(set.structure) or 0) + 1] or structures[1]
      local attributes = structure.attributes or {}
      local measures = structure.measures and structure.measures.observation
      local context = {
         dimensions = structure.dimensions or {}, at_observation = with_values(attributes.observation),
         measures = measures and #measures > 0 and #measures or 1,
      }
      context.system = document.system(areas_of(context.dimensions))
      if set.action == "Delete" then
         collect:refuse("data set " .. number, "it deletes observations", "ask for the data themselves")
         return
      end
      local base = {dimensions = constants(context.dimensions), attributes = {}, place = "observation"}
      add_attributes(base.attributes, with_values(attributes.dataSet), set.attributes, 1)
      each(collect, context, set.observations or {}, base)
      local at_series = with_values(attributes.series)
      for _, key in ipairs(sorted_keys(set.series or {})) do
         local one = set.series[key]
         local series = {
            dimensions = copy(base.dimensions), attributes = copy(base.attributes), place = "series " .. key
               .. " observation",
         }
         add_key(series.dimensions, context.dimensions.series or {}, key)
         add_attributes(series.attributes, at_series, one.attributes, 1)
         each(collect, context, one.observations or {}, series)
      end
   end
end

return kind
