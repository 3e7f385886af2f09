--- For Open SDG: the folder that sdg-build reads. Layout as documented at open-sdg.readthedocs.io (data format,
--- metadata format, configuration of the data repository), version 2: data/indicator_ID.csv with Year first and Value
--- last, columns between them that divide the values; indicator-config/ID.yml with what the site needs of an indicator;
--- meta/ID.yml with what it says of it; config_data.yml and metadata_schema.yml.
local core = require "difkit.core"
local csv = require "difkit.format.csv"
local period = require "difkit.period"
local tables = require "difkit.table"
local yaml = require "difkit.format.export.yaml"

local open_sdg = {}

--- Goal, target and number of each indicator, as Open SDG names them: those of an id such as 1.1.1 or 1-1-1, else the
--- number of the area, the place of the topic in it (both 0 without a topic), and a running number.
local function number_of(row, counts)
   local goal, target, last = row.id:match "^(%d+)[.-](%w+)[.-](%w+)$"
   if not goal then
      goal, target = tostring(row.area or 0), tostring(row.topic or 0)
      local place = goal .. "." .. target
      counts[place] = (counts[place] or 0) + 1
      last = tostring(counts[place])
   end
   return goal, target, last
end

local function indicators(db)
   local list, counts = {}, {}
   for row in db:query [[SELECT indicator.*, area.number AS area, topic.position AS topic, area.title AS goal_name,
         topic.title AS target_name FROM indicator LEFT JOIN topic ON topic.id = indicator.topic_id
         LEFT JOIN area ON area.id = topic.area_id ORDER BY indicator.id]] do
      local goal, target, last = number_of(row, counts)
      list[#list + 1] = {row = row, goal = goal, target = target, last = last,
         id = table.concat({goal, target, last}, "-")}
   end
   return list
end

--- The values of an indicator. Whole years stand as years; what is finer stands beside its year in TimeDetail.
local function data_of(db, indicator)
   local rows, finer, units = {}, false, false
   for row in db:query([[SELECT period, unit.title AS unit, value FROM observation JOIN unit ON unit.id = unit_id
         WHERE indicator_id = ? AND value IS NOT NULL ORDER BY unit.id, CAST(period AS TEXT)]], indicator.row.id) do
      local year = math.type(row.period) == "integer" and row.period or math.tointeger(tonumber(
         tostring(row.period):match "^%d%d%d%d"))
      if year and period.order(row.period) then
         finer = finer or year ~= row.period
         units = true
         rows[#rows + 1] = {Year = year, TimeDetail = year ~= row.period and row.period or nil,
            Units = indicator.row.measure, Country = row.unit, Value = row.value}
      end
   end
   if not units then return nil end
   local columns = {"Year"}
   if finer then columns[#columns + 1] = "TimeDetail" end
   if indicator.row.measure then columns[#columns + 1] = "Units" end
   columns[#columns + 1] = "Country"
   columns[#columns + 1] = "Value"
   return csv.encode(tables.new(columns, rows), ",", {formulas = true})
end

local function sort_order(indicator)
   local out = {}
   for i, part in ipairs {indicator.goal, indicator.target, indicator.last} do
      out[i] = part:find "^%d$" and "0" .. part or part
   end
   return table.concat(out, "-")
end

local function config_of(indicator, some)
   local row = indicator.row
   return yaml.encode(yaml.map {
      {"indicator_number", indicator.id:gsub("-", ".")}, {"indicator_name", row.title},
      {"indicator_sort_order", sort_order(indicator)}, {"sdg_goal", indicator.goal},
      {"target_id", indicator.goal .. "." .. indicator.target}, {"target_name", row.target_name},
      {"graph_title", row.title}, {"graph_type", "line"}, {"data_non_statistical", false},
      {"reporting_status", some and "complete" or "notstarted"}, {"published", true},
   })
end

local function meta_of(indicator)
   local row = indicator.row
   return yaml.encode(yaml.map {
      {"indicator_id", row.id}, {"computation_units", row.measure}, {"goal_name", row.goal_name},
      {"source_active_1", row.source and true or nil}, {"source_organisation_1", row.source},
      {"page_content", row.note or ""},
   })
end

local fields = {"indicator_number", "indicator_name", "indicator_sort_order", "sdg_goal", "target_id", "target_name",
   "graph_title", "graph_type", "data_non_statistical", "reporting_status", "published", "indicator_id",
   "computation_units", "goal_name", "source_active_1", "source_organisation_1", "page_content"}

--- The fields, as sdg-build's schemas in the form of prose.io have them.
local function schema()
   local out = {"prose:", "  metadata:", "    meta:"}
   for _, name in ipairs(fields) do
      out[#out + 1] = ("      - name: %s\n        field:\n          element: text\n          label: %s\n"
         .. "          scope: %s")
         :format(name, name, name:find "^source_" and "national" or "global")
   end
   return table.concat(out, "\n") .. "\n"
end

local config = [=[
# Read by sdg-build; written by difkit. Language and paths are those of this folder.
languages:
  - en
site_dir: _site
schema_file: metadata_schema.yml
src_dir: ""
inputs:
  - class: InputCsvData
    path_pattern: data/*.csv
  - class: InputYamlMeta
    path_pattern: indicator-config/*.yml
    git: false
  - class: InputYamlMeta
    path_pattern: meta/*.yml
    git: false
translations: []
]=]

--- Writes the folder, all of it or nothing.
function open_sdg.write(folder, db)
   local files = {{folder .. "/config_data.yml", config}, {folder .. "/metadata_schema.yml", schema()}}
   for _, indicator in ipairs(indicators(db)) do
      local text = data_of(db, indicator)
      if text then files[#files + 1] = {("%s/data/indicator_%s.csv"):format(folder, indicator.id), text} end
      local name = indicator.id .. ".yml"
      files[#files + 1] = {folder .. "/indicator-config/" .. name, config_of(indicator, text ~= nil)}
      files[#files + 1] = {folder .. "/meta/" .. name, meta_of(indicator)}
   end
   return core.write_files(files)
end

return open_sdg
