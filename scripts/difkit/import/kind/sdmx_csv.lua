--- SDMX-CSV 1.0 and 2.0, as the OECD, UNICEF and .Stat write it, and Eurostat's own dialect of it.
--- The structure is not in the file: well-known attributes are left out, all other columns before the time are
--- dimensions.
local flags = require "difkit.format.flags"

local kind = {name = "sdmx-csv", title = "SDMX-CSV"}

--- The columns by id, headings as "id" or "id: label"; with where the name of the dataflow stands.
local function columns_of(grid)
   for i = 1, math.min(#grid.rows, 5) do
      local columns, order = {}, {}
      for j = 1, grid.rows[i].n do
         local id = grid:text(i, j)
         id = id and (id:match "^([%w_@$%[%];]+): " or id)
         if id then
            columns[id] = columns[id] or j
            order[#order + 1] = {name = id, column = j}
         end
      end
      local flow = columns.STRUCTURE_ID or columns.DATAFLOW
      if flow and columns.OBS_VALUE and columns.TIME_PERIOD then return i, columns, order, flow end
   end
end

function kind.recognise(grid)
   local i, columns = columns_of(grid)
   if i then return 1, {("the heading has %s and OBS_VALUE"):format(columns.STRUCTURE_ID and "STRUCTURE_ID"
      or "DATAFLOW")} end
end

local known = {}
for name in ([[STRUCTURE STRUCTURE[;] STRUCTURE_ID STRUCTURE_NAME ACTION DATAFLOW DATAFLOW_NAME TIME_PERIOD OBS_VALUE
   OBS_STATUS OBS_FLAG CONF_STATUS OBS_CONF OBS_COMMENT COMMENT UNIT_MULT DECIMALS FREQ freq REF_AREA geo COUNTRY
   TIME_FORMAT PRICE_BASE BASE_PER REF_PERIOD SOURCE SOURCE_LINK CUSTODIAN DATA_SOURCE COMMENT_OBS COMMENT_TS
   COMMENT_DSET
   DATABASE_ID AGENCY_ID LAST_UPDATE TITLE TITLE_COMPL COLLECTION CURRENCY TIME]]):gmatch "%S+" do
   known[name] = true
end
known["LAST UPDATE"] = true

local areas = {"REF_AREA", "geo", "GEO", "COUNTRY", "LOCATION", "REPORTING_COUNTRY"}

--- A cell without its label: "LAO: Lao PDR" where headings have labels, too.
local function code_of(text, labelled)
   if text and labelled then return text:match "^(.-): " or text end
   return text
end

--- The id of a dataflow: "ESTAT:UNE_RT_A(1.0)" is UNE_RT_A.
local function flow_of(text)
   return text:match ":([%w_@]+)%(" or text:match "([%w_@]+)%(" or text
end

local function confidential(letters) return letters == "C" or letters == "c" end

function kind.read(grid, collect)
   local i, columns, order, flow = columns_of(grid)
   local area
   for _, name in ipairs(areas) do area = area or columns[name] end
   if not area then
      collect:refuse(grid:place(i), "no column of areas: have REF_AREA, geo, COUNTRY or LOCATION",
         "name it with --unit")
      return
   end
   local labelled = grid:text(i, columns.OBS_VALUE) ~= "OBS_VALUE" or grid:text(i, area):find ": "
   -- In the order of the standard, what stands behind the time is no dimension.
   local canonical = columns.OBS_VALUE > columns.TIME_PERIOD
   local measure, dimensions = columns.MEASURE or columns.INDICATOR or columns.indicator, {}
   for _, column in ipairs(order) do
      if not known[column.name] and column.column ~= area and column.column ~= measure
         and (not canonical or column.column < columns.TIME_PERIOD) then
         dimensions[#dimensions + 1] = column
      end
   end
   if canonical then
      for _, column in ipairs(order) do
         if not known[column.name] and column.column ~= measure and column.column > columns.OBS_VALUE then
            collect:warn(('the column "%s", behind the values, was taken for an attribute'):format(column.name))
         end
      end
   end
   local eurostat = columns.OBS_FLAG ~= nil
   grid:check_widths(i, i + 1, #grid.rows, collect)
   for r = i + 1, #grid.rows do
      local function text(name) return columns[name] and code_of(grid:text(r, columns[name]), labelled) end
      local action = text "ACTION"
      if action == "D" or action == "Delete" then
         collect:refuse(grid:place(r), "the row deletes observations (ACTION D)",
            "take the rows that delete out of the file")
         return
      end
      local unit = not grid:is_empty(r) and collect:unit({
         code = code_of(grid:text(r, area), labelled), system = eurostat and "eurostat" or "oecd",
      }, grid:place(r, area))
      if unit then
         local indicator = {measure and code_of(grid:text(r, measure), labelled) or flow_of(grid:text(r, flow)
            or collect.file)}
         for _, dimension in ipairs(dimensions) do
            local value = code_of(grid:text(r, dimension.column), labelled)
            if value then indicator[#indicator + 1] = dimension.name .. "=" .. value end
         end
         local flag, note = "", nil
         if eurostat then
            flag, note = flags.eurostat(text "OBS_FLAG" or "")
            if not flag then
               collect:wrong(grid:place(r), ('the flag "%s" is none of Eurostat'):format(note))
               flag, note = "", nil
            end
         elseif columns.OBS_STATUS then
            flag, note = flags.sdmx(text "OBS_STATUS" or "")
         end
         if confidential(text "CONF_STATUS") then flag, note = flags.join{flag, "Q"}, collect.join(note,
            "confidential") end
         collect.source.updated = collect.source.updated or text "LAST UPDATE"
         collect:observe{
            keep_flags = true,
            unit = unit, indicator = table.concat(indicator, ";"), period = text "TIME_PERIOD",
            value = grid:cell(r, columns.OBS_VALUE), flag = flag,
               multiply = math.tointeger(tonumber(text "UNIT_MULT" or "0")) or 0,
            note = collect.join(note, columns.COMMENT and grid:text(r, columns.COMMENT),
               columns.OBS_COMMENT and grid:text(r, columns.OBS_COMMENT)),
            decimal = ".", place = grid:place(r, columns.OBS_VALUE),
         }
      end
   end
end

return kind
