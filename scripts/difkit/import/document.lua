--- Observations of files that say their dimensions: SDMX-JSON, SDMX-ML, JSON-stat. Which dimension is the area, the
--- time and the
--- indicator is told by its role, else by its id.
local flags = require "difkit.format.flags"

local document = {}

local ids = {
   area = {REF_AREA = true, GEO = true, geo = true, COUNTRY = true, LOCATION = true, COU = true, REF_AREA_ID = true},
   time = {TIME_PERIOD = true, TIME = true, time = true},
   indicator = {INDICATOR = true, indicator = true, MEASURE = true, SERIES = true, IND = true},
   frequency = {FREQ = true, freq = true, FREQUENCY = true},
}

--- What an id stands for: "area", "time", "indicator", "frequency" or nil.
function document.role_of(id)
   for role, list in pairs(ids) do
      if list[id] then return role end
   end
end

--- Attributes that are no dimension, where the file does not tell the two apart.
local attributes = {}
for name in ([[
   OBS_VALUE OBS_STATUS OBS_FLAG CONF_STATUS OBS_CONF UNIT_MULT DECIMALS DECIMALS_DISPLAYED SCALE TITLE
   TITLE_COMPL COMMENT OBS_COMMENT TIME_FORMAT OVERLAP COUNTRY_UPDATE_DATE SERIES_NAME COLLECTION SOURCE
   SOURCE_AGENCY BASE_PER REF_PERIOD PRICE_BASE LAST_UPDATE UPDATE_DATE type dataScope structureRef action
   METHODOLOGY AVAILABILITY PUBL_ECB COMPILATION COVERAGE DISS_ORG]]):gmatch "%S+" do
   attributes[name] = true
end

function document.is_attribute(id) return attributes[id] == true end

--- The system that the codes of the areas are of.
function document.system(codes)
   local two, digits = true, true
   for _, code in ipairs(codes) do
      two = two and code:find "^%u%u$" ~= nil
      digits = digits and code:find "^%d+$" ~= nil
   end
   if #codes == 0 then return "oecd" end
   return two and "iso2" or digits and "m49" or "oecd"
end

--- What the attributes of an observation say: status, note, power of ten.
local function said(list)
   local flag, notes, power = "", {}, 0
   for _, one in ipairs(list) do
      if one.id == "OBS_STATUS" or one.id == "OBS_FLAG" then
         local code, note = flags.sdmx(one.code or "")
         flag = flags.join{flag, code}
         if code == "" and note then notes[#notes + 1] = one.name or note end
      elseif one.id == "UNIT_MULT" then
         power = math.tointeger(tonumber(one.code)) or 0
      elseif one.id == "COMMENT" or one.id == "OBS_COMMENT" then
         notes[#notes + 1] = one.name or one.code
      end
   end
   return flag, notes, power
end

---Adds an observation. `dimensions`: {id, code, role} in the order of the file; `attributes`: {id, code, name}.
---@param collect table
---@param o {dimensions: table[], attributes: table[], value: any, system: string, base: string, place: string}
function document.observe(collect, o)
   local area, time, base, parts = nil, collect.options.period, o.base, {}
   for _, dimension in ipairs(o.dimensions) do
      local role = dimension.role or document.role_of(dimension.id)
      if role == "area" and not area then
         area = dimension.code
      elseif role == "time" then
         time = dimension.code
      elseif role == "indicator" and (not o.indicator_id or o.indicator_id == dimension.id) then
         base = dimension.code
         o.indicator_id = dimension.id
      elseif role ~= "frequency" and dimension.code ~= "" then
         parts[#parts + 1] = dimension.id .. "=" .. dimension.code
      end
   end
   if not area then
      collect:refuse(o.place, "no dimension of areas", "a dimension REF_AREA, geo, COUNTRY or LOCATION is needed")
      return
   end
   if not time then
      collect:refuse(o.place, "no dimension of time", "say --period 2023")
      return
   end
   local unit = collect:unit({code = area, system = o.system}, o.place)
   if not unit then return end
   local flag, notes, power = said(o.attributes)
   table.insert(parts, 1, base)
   local indicator = table.concat(parts, ";")
   collect:indicator(indicator, o.title)
   collect:observe{
      unit = unit, indicator = indicator, period = time, value = o.value, flag = flags.join{flag, o.flag or ""},
         keep_flags = true,
      note = collect.join(table.unpack(notes)), multiply = power, decimal = ".", place = o.place,
   }
end

--- Whether a decoded value is JSON's null.
function document.is_null(value) return value == nil or value == require("difkit.sql").null end

return document
