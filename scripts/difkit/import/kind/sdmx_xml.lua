--- SDMX-ML 2.1, generic and structure-specific. A structure-specific file does not tell dimensions from attributes:
--- attributes
--- are known by a list.
local document = require "difkit.import.document"
local tree = require "difkit.import.tree"

local kind = {name = "sdmx-ml", title = "SDMX-ML"}
local children, child = tree.children, tree.child

local roots = {
   GenericData = true, StructureSpecificData = true, GenericTimeSeriesData = true,
      StructureSpecificTimeSeriesData = true,
   CompactData = true,
}

function kind.recognise(found)
   if found.kind == "xml" and roots[found.tree[0]] then return 1, {"it is a message of " .. found.tree[0]} end
end

--- Adds <Value id value> of an element: as {id, code}.
local function add_values(out, element)
   for value in children(element, "Value") do
      out[#out + 1] = {id = value.attributes.id or "", code = value.attributes.value or ""}
   end
end

--- Adds the XML attributes of an element of a structure-specific file, by their ids: dimensions and attributes.
local function add_specific(dimensions, attributes, element)
   for _, name in ipairs(element.attributes) do
      local one = {id = name, code = element.attributes[name]}
      if document.is_attribute(name) then
         attributes[#attributes + 1] = one
      else
         dimensions[#dimensions + 1] = one
      end
   end
end

local function copy(list) return table.move(list, 1, #list, 1, {}) end

--- One observation of a generic file.
local function generic(series, observation, time)
   local dimensions, attributes = copy(series.dimensions), copy(series.attributes)
   add_values(dimensions, child(observation, "ObsKey"))
   local at = child(observation, "ObsDimension")
   if at then dimensions[#dimensions + 1] = {id = at.attributes.id or time, code = at.attributes.value or ""} end
   add_values(attributes, child(observation, "Attributes"))
   local value = child(observation, "ObsValue")
   return dimensions, attributes, value and value.attributes.value
end

--- One observation of a structure-specific file.
local function specific(series, observation)
   local dimensions, attributes = copy(series.dimensions), copy(series.attributes)
   add_specific(dimensions, attributes, observation)
   return dimensions, attributes, observation.attributes.OBS_VALUE
end

--- Every observation of a dataset: `use(dimensions, attributes, value, place)`.
local function each(set, time, use)
   local number = 0
   local function one(series, observation)
      number = number + 1
      local flat = child(observation, "ObsValue") or child(observation, "ObsDimension") or child(observation, "ObsKey")
      local dimensions, attributes, value
      if flat then
         dimensions, attributes, value = generic(series, observation, time)
      else
         dimensions, attributes, value = specific(series, observation)
      end
      use(dimensions, attributes, value, "observation " .. number)
   end
   local none = {dimensions = {}, attributes = {}}
   for element in children(set) do
      if element[0] == "Obs" then
         one(none, element)
      elseif element[0] == "Series" then
         local series = {dimensions = {}, attributes = {}}
         add_values(series.dimensions, child(element, "SeriesKey"))
         add_values(series.attributes, child(element, "Attributes"))
         add_specific(series.dimensions, series.attributes, element)
         for observation in children(element, "Obs") do one(series, observation) end
      end
   end
end

--- The codes of the areas in a dataset.
local function areas_of(set, time)
   local codes, seen = {}, {}
   each(set, time, function(dimensions)
      for _, one in ipairs(dimensions) do
         if document.role_of(one.id) == "area" and not seen[one.code] then
            seen[one.code] = true
            codes[#codes + 1] = one.code
         end
      end
   end)
   return codes
end

--- The id of the dataflow that a message names, or of its structure; nil where it names none.
local function flow_of(structure)
   local function ref_of(name)
      local usage = structure and child(structure, name)
      local ref = usage and child(usage, "Ref")
      local urn = usage and child(usage, "URN")
      return ref and ref.attributes.id or urn and tree.text_of(urn):match ":([%w_@-]+)%(" or nil
   end
   return ref_of "StructureUsage" or ref_of "ProvisionAgreement" or ref_of "Structure"
end

function kind.read(_, collect, found)
   local header = child(found.tree, "Header")
   local structure = child(header or {}, "Structure")
   local base = flow_of(structure) or collect.file
   local time = structure and structure.attributes.dimensionAtObservation or "TIME_PERIOD"
   local any = false
   for set in children(found.tree, "DataSet") do
      any = true
      if set.attributes.action == "Delete" then
         collect:refuse("data set", "it deletes observations (action Delete)", "ask for the data themselves")
         return
      end
      local system = document.system(areas_of(set, time))
      each(set, time, function(dimensions, attributes, value, place)
         if value == "NaN" or value == "" then value = nil end
         document.observe(collect, {
            dimensions = dimensions, attributes = attributes, value = value, flag = value == nil and "O" or nil,
               system = system,
            base = base, place = place,
         })
      end)
   end
   if not any then collect:refuse("the message", "it holds no data set", "ask again, for less at a time") end
end

return kind
