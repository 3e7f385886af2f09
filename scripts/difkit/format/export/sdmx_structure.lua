--- What the SDMX-CSV of the observations names, as a structure message of SDMX-ML 2.1 (sdmx-twg/sdmx-ml-v2_1): the
--- dataflow, the structure of its data, its concepts and its code lists.
local core = require "difkit.core"
local errors = require "difkit.error"
local text = require "difkit.chart.text"

local structure = {}

local head = [[
<?xml version="1.0" encoding="UTF-8"?>
<mes:Structure xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:str="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"
 xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common">
<mes:Header>
<mes:ID>%s</mes:ID>
<mes:Test>false</mes:Test>
<mes:Prepared>%sT00:00:00Z</mes:Prepared>
<mes:Sender id="%s"/>
</mes:Header>
<mes:Structures>
]]

local function escape(value) return text.escape(text.clean(value)) end

local function name(words) return ('<com:Name xml:lang="en">%s</com:Name>'):format(escape(words)) end

--- The observation status of SDMX (CL_OBS_STATUS of the cross-domain code lists), of which data have the letters.
local statuses = {{"A", "Normal value"}, {"B", "Time series break"}, {"D", "Definition differs"},
   {"E", "Estimated value"}, {"F", "Forecast value"}, {"G", "Experimental value"}, {"I", "Imputed value"},
   {"K", "Data included in another category"}, {"L", "Missing value; data exist but were not collected"},
   {"M", "Missing value; data cannot exist"}, {"N", "Not significant"}, {"O", "Missing value"},
   {"P", "Provisional value"}, {"Q", "Missing value; suppressed"}, {"S", "Strike and other special events"},
   {"U", "Low reliability"}, {"V", "Unvalidated value"}, {"W", "Includes data from another category"}}

--- A code list of {id, words}. Ids are those of the CSV, and have to be such as SDMX allows.
local function codelist(where, id, title, codes)
   local out = {('<str:Codelist id="%s" agencyID="%s" version="%s">\n%s\n'):format(id, where.agency, where.version,
      name(title))}
   for _, code in ipairs(codes) do
      if not code[1]:find "^[%w_@$-]+$" then
         errors.raise(('export.sdmx_structure: "%s" cannot be the id of a code'):format(code[1]),
            "SDMX allows letters, digits, _, -, @ and $")
      end
      out[#out + 1] = ('<str:Code id="%s">%s</str:Code>\n'):format(code[1], name(code[2]))
   end
   out[#out + 1] = "</str:Codelist>\n"
   return table.concat(out)
end

local concepts = {{"INDICATOR", "Indicator"}, {"REF_AREA", "Reference area"}, {"TIME_PERIOD", "Time period"},
   {"OBS_VALUE", "Observation value"}, {"OBS_STATUS", "Observation status"}, {"SOURCE", "Source"}}

local function concept(where, id)
   return ('<str:ConceptIdentity><Ref id="%s" maintainableParentID="CS_DIFKIT" maintainableParentVersion="%s"'
      .. ' agencyID="%s" package="conceptscheme" class="Concept"/></str:ConceptIdentity>\n')
      :format(id, where.version, where.agency)
end

local function of_list(where, id)
   return ('<str:LocalRepresentation><str:Enumeration><Ref id="%s" version="%s" agencyID="%s" package="codelist"'
      .. ' class="Codelist"/></str:Enumeration></str:LocalRepresentation>\n'):format(id, where.version, where.agency)
end

local function of_type(name_of_type)
   return ('<str:LocalRepresentation><str:TextFormat textType="%s"/></str:LocalRepresentation>\n'):format(name_of_type)
end

local function attribute(where, id, representation)
   return ('<str:Attribute id="%s" assignmentStatus="Conditional">\n%s%s<str:AttributeRelationship>'
      .. '<str:PrimaryMeasure><Ref id="OBS_VALUE"/></str:PrimaryMeasure></str:AttributeRelationship></str:Attribute>\n')
      :format(id, concept(where, id), representation)
end

local function data_structure(where, title)
   return table.concat {
      ('<str:DataStructure id="DSD_%s" agencyID="%s" version="%s">\n%s\n<str:DataStructureComponents>\n')
         :format(where.id, where.agency, where.version, name(title)),
      '<str:DimensionList>\n<str:Dimension id="INDICATOR" position="1">\n', concept(where, "INDICATOR"),
      of_list(where, "CL_INDICATOR"), '</str:Dimension>\n<str:Dimension id="REF_AREA" position="2">\n',
      concept(where, "REF_AREA"), of_list(where, "CL_AREA"),
      '</str:Dimension>\n<str:TimeDimension id="TIME_PERIOD" position="3">\n', concept(where, "TIME_PERIOD"),
      of_type "ObservationalTimePeriod",
      "</str:TimeDimension>\n</str:DimensionList>\n<str:AttributeList>\n",
      attribute(where, "OBS_STATUS", of_list(where, "CL_OBS_STATUS")),
      attribute(where, "SOURCE", of_type "String"),
      '</str:AttributeList>\n<str:MeasureList>\n<str:PrimaryMeasure id="OBS_VALUE">\n', concept(where, "OBS_VALUE"),
      of_type "Double",
      "</str:PrimaryMeasure>\n</str:MeasureList>\n</str:DataStructureComponents>\n</str:DataStructure>\n",
   }
end

local function rows(db, sql)
   local list = {}
   for row in db:query(sql) do list[#list + 1] = {row.id, row.title or row.id} end
   return list
end

--- The text, or the file. `options.structure` as sdmx_csv takes it: AGENCY:ID(VERSION).
function structure.write(path, db, options)
   local given = options.structure or "DIFKIT:OBSERVATIONS(1.0)"
   local where = {}
   where.agency, where.id, where.version = tostring(given):match "^([%a][%w_-]*):([%w_@$-]+)%(([%d.]+)%)$"
   if not where.agency then
      errors.raise("export.sdmx_structure: structure is " .. errors.show(given), "as in AGENCY:NAME(1.0)")
   end
   local framework = db:query("SELECT title FROM framework ORDER BY id LIMIT 1"):value() or "Observations"
   local flags, known = {}, {}
   for i, pair in ipairs(statuses) do flags[i], known[pair[1]] = pair, true end
   for row in db:query "SELECT DISTINCT flag FROM observation WHERE flag IS NOT NULL ORDER BY flag" do
      if not known[row.flag] then flags[#flags + 1] = {row.flag, row.flag} end
   end
   local out = {head:format("STRUCTURE_" .. where.id:gsub("[^%w_-]", "_"), require "difkit.today"(), where.agency)}
   local function add(...)
      for _, part in ipairs {...} do out[#out + 1] = part end
   end
   add("<str:Dataflows>\n", ('<str:Dataflow id="%s" agencyID="%s" version="%s">\n%s\n<str:Structure><Ref '
      .. 'id="DSD_%s" agencyID="%s" version="%s" package="datastructure" class="DataStructure"/></str:Structure>\n'
      .. "</str:Dataflow>\n"):format(where.id, where.agency, where.version, name("Observations of " .. framework),
         where.id, where.agency, where.version), "</str:Dataflows>\n<str:Codelists>\n",
      codelist(where, "CL_INDICATOR", "Indicators", rows(db, "SELECT id, title FROM indicator ORDER BY id")),
      codelist(where, "CL_AREA", "Areas", rows(db, "SELECT id, title FROM unit ORDER BY id")),
      codelist(where, "CL_OBS_STATUS", "Observation status", flags), "</str:Codelists>\n<str:Concepts>\n",
      ('<str:ConceptScheme id="CS_DIFKIT" agencyID="%s" version="%s">\n%s\n'):format(where.agency, where.version,
         name "Concepts"))
   for _, pair in ipairs(concepts) do
      add(('<str:Concept id="%s">%s</str:Concept>\n'):format(pair[1], name(pair[2])))
   end
   add("</str:ConceptScheme>\n</str:Concepts>\n<str:DataStructures>\n",
      data_structure(where, "Structure of the observations of " .. framework),
      "</str:DataStructures>\n</mes:Structures>\n</mes:Structure>\n")
   local whole = table.concat(out)
   if not path then return whole end
   return core.write_file(path, whole)
end

return structure
