--- SDMX-CSV 1.0 and 2.0, as the OECD, UNICEF and .Stat write it, and Eurostat's own dialect of it.
--- The structure is not in the file: well-known attributes are left out, all other columns before the time are
--- dimensions.
local flags = require "difkit.format.flags"
local streams = require "difkit.import.stream"

local kind = {name = "sdmx-csv", title = "SDMX-CSV"}

--- The columns by id, headings as "id" or "id: label"; with where the name of the dataflow stands.
local function columns_of(grid)
   for i = 1, math.min(#grid.rows, 20) do
      local columns, order = {}, {}
      for j = 1, grid.rows[i].n do
         local id = grid:text(i, j)
         id = id and (id:match "^([%w_@$%[%];]+):%s*%S" or id)
         if id then
            columns[id] = columns[id] or j
            order[#order + 1] = {name = id, column = j}
         end
      end
      local flow = columns.STRUCTURE_ID or columns.DATAFLOW
      if columns.LOCATION and columns.TIME and columns.Value and (columns["Flag Codes"]
         or columns["PowerCode Code"]) then
         -- As the OECD wrote it before SDMX-CSV.
         columns.TIME_PERIOD, columns.OBS_VALUE = columns.TIME, columns.Value
         columns.OBS_STATUS, columns.UNIT_MULT = columns["Flag Codes"], columns["PowerCode Code"]
         return i, columns, order, nil
      end
      columns.UNIT_MULT = columns.UNIT_MULT or columns.UNIT_MULTIPLIER
      if flow and columns.OBS_VALUE and columns.TIME_PERIOD then return i, columns, order, flow end
   end
end

function kind.recognise(grid)
   local i, columns = columns_of(grid)
   if i and columns.LOCATION and columns.Value then return 1, {"the heading has LOCATION, TIME and codes of flags"} end
   if i then return 1, {("the heading has %s and OBS_VALUE"):format(columns.STRUCTURE_ID and "STRUCTURE_ID"
      or "DATAFLOW")} end
end

local known = {}
for name in ([[STRUCTURE STRUCTURE[;] STRUCTURE_ID STRUCTURE_NAME ACTION DATAFLOW DATAFLOW_NAME TIME_PERIOD OBS_VALUE
   OBS_STATUS OBS_FLAG CONF_STATUS OBS_CONF OBS_COMMENT COMMENT UNIT_MULT DECIMALS FREQ freq REF_AREA geo COUNTRY
   TIME_FORMAT PRICE_BASE BASE_PER REF_PERIOD SOURCE SOURCE_LINK CUSTODIAN DATA_SOURCE COMMENT_OBS COMMENT_TS
   COMMENT_DSET
   DATABASE_ID AGENCY_ID LAST_UPDATE TITLE TITLE_COMPL COLLECTION CURRENCY TIME
   UNIT_MULTIPLIER LOCATION FREQUENCY Value]]):gmatch "%S+" do
   known[name] = true
end
known["LAST UPDATE"] = true

local areas = {"REF_AREA", "geo", "GEO", "COUNTRY", "LOCATION", "REPORTING_COUNTRY"}

--- Cells of a column without their labels: "LAO: Lao PDR", "A:Annual". All of them have one, or none has.
local function labelled(grid, i, column)
   local any = false
   for r = i + 1, #grid.rows do
      local text = grid:text(r, column)
      if text then
         if not text:find "^[%w_%-.@]+:%s*%S" then return false end
         any = true
      end
   end
   return any
end

--- The id of a dataflow: "ESTAT:UNE_RT_A(1.0)" is UNE_RT_A.
local function flow_of(text)
   return text:match ":([%w_@]+)%(" or text:match "([%w_@]+)%(" or text
end

local function confidential(letters) return letters == "C" or letters == "c" end

local numberings = {no = true, nr = true, row = true, id = true, rank = true, n = true}

--- Whether a heading is not written as the ids of the others are: OECD and UNICEF in capitals, Eurostat in small
--- letters.
local function is_foreign(name, columns)
   if numberings[name:lower()] then return true end
   if columns.OBS_FLAG then return name:find "%u" ~= nil end
   return name:find "%l" ~= nil
end

--- What tells observations apart, and the column of the indicator. In the order of the standard that is what stands
--- before the time; what stands behind the values, and a column that somebody added, counts only where it tells two
--- rows
--- apart that are else the same.
local function dimensions_of(columns, order, area)
   local measure = columns.INDICATOR or columns.indicator or columns.SUBJECT or columns.MEASURE
   local dimensions, doubtful = {}, {}
   local canonical = columns.OBS_VALUE > columns.TIME_PERIOD
   -- With names beside the codes each column has a second one, headed in words.
   local names = columns.STRUCTURE_NAME or columns.DATAFLOW_NAME
   for _, column in ipairs(order) do
      local base = column.name:match "^(.+)_LABEL$"
      local in_words = names and (column.name:find "%u%l" or column.name:find " ") or base and columns[base]
      if not known[column.name] and column.column ~= area and column.column ~= measure and not in_words then
         if (not canonical or column.column < columns.TIME_PERIOD) and not is_foreign(column.name, columns) then
            dimensions[#dimensions + 1] = column
         else
            doubtful[#doubtful + 1] = column
         end
      end
   end
   return dimensions, measure, doubtful
end

--- The columns of a file by what they are for.
local function plan_of(grid, collect)
   local i, columns, order, flow = columns_of(grid)
   local area
   for _, name in ipairs(areas) do area = area or columns[name] end
   if not area then
      collect:refuse(grid:place(i), "no column of areas: have REF_AREA, geo, COUNTRY or LOCATION",
         "name it with --unit")
      return nil
   end
   local dimensions, measure, doubtful = dimensions_of(columns, order, area)
   local keys, candidates = {area, columns.TIME_PERIOD, measure}, {}
   if flow then keys[#keys + 1] = flow end
   for _, column in ipairs(dimensions) do keys[#keys + 1] = column.column end
   for k, column in ipairs(doubtful) do candidates[k] = column.column end
   local telling = grid:telling_apart(i + 1, #grid.rows, keys, candidates)
   for _, column in ipairs(doubtful) do
      if telling[column.column] then
         dimensions[#dimensions + 1] = column
      else
         collect:warn(('the column "%s" was left out: it is no dimension'):format(column.name))
      end
   end
   local plan = {heading = i, columns = columns, area = area, flow = flow, measure = measure, dimensions = dimensions,
      labels = {}, system = columns.OBS_FLAG and "eurostat" or "oecd"}
   -- Data360 has the groups of the World Bank.
   if flow and (grid:text(i + 1, flow) or ""):find "^WB" then plan.system = "wb" end
   for _, column in ipairs(order) do
      if column.column ~= flow and column.name ~= "LAST UPDATE" then
         plan.labels[column.column] = labelled(grid, i, column.column)
      end
   end
   return plan
end

--- Status and note of a row.
local function status_of(text, columns, grid, r, collect)
   local flag, note = "", nil
   if columns.OBS_FLAG then
      flag, note = flags.eurostat(text "OBS_FLAG" or "")
      if not flag then
         collect:wrong(grid:place(r), ('the flag "%s" is none of Eurostat'):format(note))
         flag, note = "", nil
      end
   elseif columns.OBS_STATUS then
      flag, note = flags.sdmx(text "OBS_STATUS" or "")
   end
   if confidential(text "CONF_STATUS") then flag, note = flags.join{flag, "Q"}, collect.join(note, "confidential") end
   return flag, note
end

--- Rows with a comment, a confidential status, another power of ten or another action are thought about.
local function stream_of(grid, plan, collect)
   local columns, names = plan.columns, {}
   for _, dimension in ipairs(plan.dimensions) do names[#names + 1] = dimension.column end
   for _, column in ipairs {plan.measure or 0, plan.flow or 0, columns.UNIT_MULT or 0, columns.ACTION or 0} do
      if column > 0 then names[#names + 1] = column end
   end
   local silent = {}
   for _, name in ipairs {"CONF_STATUS", "COMMENT", "OBS_COMMENT"} do silent[#silent + 1] = columns[name] end
   return streams.new(grid, collect, {
      unit = {plan.area}, period = {columns.TIME_PERIOD}, silent = silent, decimal = plan.decimal,
      values = {{at = columns.OBS_VALUE, flag_at = columns.OBS_FLAG or columns.OBS_STATUS or 0, names = names}},
   })
end

local function read_row(grid, r, plan, collect)
   local columns = plan.columns
   local function code(column)
      local text = column and grid:text(r, column)
      return text and plan.labels[column] and text:match "^(.-):" or text
   end
   local function text(name) return code(columns[name]) end
   local unit = collect:unit({code = code(plan.area), system = plan.system},
      grid:place(r, plan.area))
   if not unit then return end
   local indicator = {plan.measure and code(plan.measure) or plan.flow and flow_of(grid:text(r, plan.flow)
      or collect.file)
      or collect.file}
   for _, dimension in ipairs(plan.dimensions) do
      local value = code(dimension.column)
      if value then indicator[#indicator + 1] = dimension.name .. "=" .. value end
   end
   local flag, note = status_of(text, columns, grid, r, collect)
   collect.source.updated = collect.source.updated or text "LAST UPDATE"
   indicator, note = table.concat(indicator, ";"), collect.join(note, columns.COMMENT and grid:text(r, columns.COMMENT),
      columns.OBS_COMMENT and grid:text(r, columns.OBS_COMMENT))
   local power = math.tointeger(tonumber(text "UNIT_MULT" or "0")) or 0
   local period, said = collect:observe{
      keep_flags = true, unit = unit, indicator = indicator, period = text "TIME_PERIOD",
      value = grid:cell(r, columns.OBS_VALUE), flag = flag, multiply = power, note = note,
      decimal = plan.decimal, place = grid:place(r, columns.OBS_VALUE),
   }
   local stream = plan.stream
   if not stream or not period or note ~= "" or power ~= 0 then return end
   stream:learn(r, "unit", unit)
   stream:learn(r, "when", period)
   stream:learn(r, "series", collect:named(indicator))
   stream:learn(r, "flag", said)
end

function kind.read(grid, collect)
   local plan = plan_of(grid, collect)
   if not plan then return end
   local action, last = plan.columns.ACTION, collect:last(grid, plan.heading + 1)
   plan.decimal = collect:point(grid, plan.heading + 1, {plan.columns.OBS_VALUE})
   if not plan.decimal then return end
   grid:check_widths(plan.heading, plan.heading + 1, last, collect)
   plan.stream = stream_of(grid, plan, collect)
   streams.rows(plan.stream, plan.heading + 1, last, collect, function(r)
      local what = action and grid:text(r, action)
      if what == "D" or what == "Delete" then
         collect:refuse(grid:place(r), "the row deletes observations (ACTION D)",
            "take the rows that delete out of the file")
      elseif not grid:is_empty(r) then
         read_row(grid, r, plan, collect)
      end
   end)
end

return kind
