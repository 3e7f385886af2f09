--- Scores of a computed index for SDMX 3.0: the observations as SDMX-CSV 2.0, and the structure that they follow as
--- SDMX-ML 3.0 (code lists of parts, units and states, concepts, data structure, dataflow). Both name the same codes.
local tables = require "difkit.table"
local text = require "difkit.chart.text"

local sdmx = {}

local agency <const>, version <const> = "DIFKIT", "1.0"

--- What an identifier of SDMX may hold.
local function plain(id) return (id:gsub("[^%w_@$-]", "_")) end

--- Codes of ids: themselves where SDMX allows them, else with their number, so that no two are the same.
local function codes_of(ids)
   local codes, taken = {}, {}
   for _, id in ipairs(ids) do taken[id] = true end
   for i, id in ipairs(ids) do
      local code = plain(id)
      if code ~= id or code == "" then
         code = code .. "_" .. i
         while taken[code] do code = code .. "_" end
         taken[code] = true
      end
      codes[id] = code
   end
   return codes
end

--- Codes of the parts and of the units of an index, and the name of its dataflow.
local function names_of(result)
   local ids = {}
   for i, node in ipairs(result.spec.nodes) do ids[i] = node.id end
   local flow = result.spec.root.id:upper():gsub("[^%w_-]", "_")
   return {parts = codes_of(ids), units = codes_of(result.set.units), flow = flow:find "^%a" and flow or "I" .. flow}
end

---The scores of all parts as a table in the form of SDMX-CSV 2.0.
function sdmx.observations(result)
   local names, rows, units, timeless = names_of(result), {}, #result.set.units, result.set.timeless
   local columns = {"STRUCTURE", "STRUCTURE_ID", "ACTION", "INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE",
      "OBS_STATUS"}
   if timeless then table.remove(columns, 6) end
   for _, node in ipairs(result.spec.nodes) do
      for p, at in ipairs(result.set.periods) do
         for u, unit in ipairs(result.set.units) do
            local value = result.aggregated:get((p - 1) * units + u, node.number)
            rows[#rows + 1] = {STRUCTURE = "dataflow", STRUCTURE_ID = ("%s:%s(%s)"):format(agency, names.flow, version),
               ACTION = "I", INDICATOR = names.parts[node.id], REF_AREA = names.units[unit],
               TIME_PERIOD = not timeless and at or nil, OBS_VALUE = value, OBS_STATUS = value and "A" or "O"}
         end
      end
   end
   return tables.new(columns, rows)
end

--- A text in XML.
local function escaped(words) return text.escape(text.clean(tostring(words))) end

local function urn(package, class, id) return ("urn:sdmx:org.sdmx.infomodel.%s.%s=%s"):format(package, class, id) end

--- An item with its name, and the item above it.
local function item(kind, id, name, parent)
   return ('<str:%s id="%s"><com:Name xml:lang="en">%s</com:Name>%s</str:%s>'):format(kind, escaped(id), escaped(name),
      parent and "<str:Parent>" .. escaped(parent) .. "</str:Parent>" or "", kind)
end

--- A scheme of items.
local function scheme(kind, id, name, items)
   return ('<str:%s id="%s" agencyID="%s" version="%s">\n<com:Name xml:lang="en">%s</com:Name>\n%s\n</str:%s>')
      :format(kind, id, agency, version, escaped(name), table.concat(items, "\n"), kind)
end

--- A component of the data structure: its concept, and what represents it.
local function component(flow, kind, id, attributes, representation, behind)
   local concept = urn("conceptscheme", "Concept", ("%s:CS_%s(%s).%s"):format(agency, flow, version, id))
   return ('<str:%s id="%s"%s>\n<str:ConceptIdentity>%s</str:ConceptIdentity>\n'
      .. "<str:LocalRepresentation>%s</str:LocalRepresentation>%s\n</str:%s>"):format(kind, id, attributes, concept,
      representation, behind or "", kind)
end

local function enumeration(name)
   local list = urn("codelist", "Codelist", ("%s:%s(%s)"):format(agency, name, version))
   return "<str:Enumeration>" .. list .. "</str:Enumeration>"
end

local function code_lists(result, names)
   local parts, units = {}, {}
   for i, node in ipairs(result.spec.nodes) do
      parts[i] = item("Code", names.parts[node.id], node.shown, node.parent and names.parts[node.parent.id])
   end
   for i, unit in ipairs(result.set.units) do
      units[i] = item("Code", names.units[unit], result.set.titles[unit] or unit)
   end
   return table.concat({scheme("Codelist", "CL_PART_" .. names.flow, "Index and its parts", parts),
      scheme("Codelist", "CL_UNIT_" .. names.flow, "Units", units),
      scheme("Codelist", "CL_OBS_STATUS", "Observation status",
         {item("Code", "A", "Normal value"), item("Code", "O", "Missing value")})}, "\n")
end

local function concepts(flow, timeless)
   local list = {item("Concept", "INDICATOR", "Part of the index"), item("Concept", "REF_AREA", "Unit"),
      item("Concept", "OBS_VALUE", "Score"), item("Concept", "OBS_STATUS", "Observation status")}
   if not timeless then table.insert(list, 3, item("Concept", "TIME_PERIOD", "Period")) end
   return scheme("ConceptScheme", "CS_" .. flow, "Concepts of the index", list)
end

local function data_structure(flow, title, timeless)
   local dimensions = {
      component(flow, "Dimension", "INDICATOR", ' position="1"', enumeration("CL_PART_" .. flow)),
      component(flow, "Dimension", "REF_AREA", ' position="2"', enumeration("CL_UNIT_" .. flow))}
   if not timeless then
      dimensions[3] = component(flow, "TimeDimension", "TIME_PERIOD", "",
         '<str:TextFormat textType="ObservationalTimePeriod"/>')
   end
   local status = component(flow, "Attribute", "OBS_STATUS", ' usage="mandatory"', enumeration "CL_OBS_STATUS",
      "\n<str:AttributeRelationship><str:Observation/></str:AttributeRelationship>")
   local value = component(flow, "Measure", "OBS_VALUE", ' usage="optional"', '<str:TextFormat textType="Double"/>')
   return scheme("DataStructure", "DSD_" .. flow, title, {"<str:DataStructureComponents>",
      '<str:DimensionList id="DimensionDescriptor">\n' .. table.concat(dimensions, "\n") .. "\n</str:DimensionList>",
      '<str:AttributeList id="AttributeDescriptor">\n' .. status .. "\n</str:AttributeList>",
      '<str:MeasureList id="MeasureDescriptor">\n' .. value .. "\n</str:MeasureList>",
      "</str:DataStructureComponents>"})
end

local schemas <const> = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"

---The structure of what `observations` gives, as SDMX-ML 3.0. It is "prepared" at the end of the last period, so that
---the same data give the same bytes.
function sdmx.structure(result)
   local names, set, title = names_of(result), result.set, result.spec.root.shown
   local year = not set.timeless and tostring(set.periods[#set.periods]):match "^%d%d%d%d" or "1970"
   local structure = urn("datastructure", "DataStructure", ("%s:DSD_%s(%s)"):format(agency, names.flow, version))
   return table.concat({
      '<?xml version="1.0" encoding="UTF-8"?>',
      ('<mes:Structure xmlns:mes="%smessage" xmlns:str="%sstructure" xmlns:com="%scommon">'):format(schemas, schemas,
         schemas),
      ('<mes:Header>\n<mes:ID>%s</mes:ID>\n<mes:Test>false</mes:Test>\n'
         .. '<mes:Prepared>%s-12-31T00:00:00Z</mes:Prepared>\n<mes:Sender id="%s"/>\n</mes:Header>'):format(names.flow,
         year, agency),
      "<mes:Structures>",
      "<str:Codelists>\n" .. code_lists(result, names) .. "\n</str:Codelists>",
      "<str:ConceptSchemes>\n" .. concepts(names.flow, set.timeless) .. "\n</str:ConceptSchemes>",
      "<str:DataStructures>\n" .. data_structure(names.flow, title, set.timeless) .. "\n</str:DataStructures>",
      "<str:Dataflows>\n" .. scheme("Dataflow", names.flow, title, {"<str:Structure>" .. structure
         .. "</str:Structure>"}) .. "\n</str:Dataflows>",
      "</mes:Structures>\n</mes:Structure>\n"}, "\n")
end

return sdmx
