--- Observations as SDMX-CSV 2.0 (github.com/sdmx-twg/sdmx-csv): one row an observation, with the structure it belongs
--- to and what the reader is to do with it. A missing number is NaN; in a merge an empty cell changes nothing, and #N/A
--- takes a text away.
local core = require "difkit.core"
local errors = require "difkit.error"

local sdmx = {}

local header = "STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,SOURCE\n"

--- A cell as RFC 4180 has it. Nothing is defused: identifiers have to arrive as they are.
local function cell(value)
   if value == nil then return "" end
   if type(value) == "number" then return core.number_text(value) end
   if value:find '[",\r\n]' then return '"' .. value:gsub('"', '""') .. '"' end
   return value
end

local function observations(db, indicators)
   local query = [[SELECT indicator_id, unit_id, period, value, flag, source FROM observation
      ORDER BY indicator_id, unit_id, CAST(period AS TEXT)]]
   local wanted
   if indicators then
      wanted = {}
      for _, id in ipairs(indicators) do
         if db:query("SELECT 1 FROM indicator WHERE id = ?", id):value() == nil then
            local ids = {}
            for row in db:query("SELECT id FROM indicator ORDER BY id") do ids[#ids + 1] = row.id end
            errors.unknown("indicator", id, ids)
         end
         wanted[id] = true
      end
   end
   local rows = {}
   for row in db:query(query) do
      if not wanted or wanted[row.indicator_id] then rows[#rows + 1] = row end
   end
   return rows
end

local function key_of(row) return ("%s\0%s\0%s"):format(row.indicator_id, row.unit_id, tostring(row.period)) end

--- The line of an observation. `before` is what the reader has; without it everything is new.
local function line(structure, action, row, before)
   local function attribute(name)
      local value = row[name]
      if value == nil and before and before[name] ~= nil then return "#N/A" end
      return cell(value)
   end
   local value = row.value == nil and "NaN" or cell(row.value)
   return table.concat({"dataflow", cell(structure), action, cell(row.indicator_id), cell(row.unit_id),
      cell(row.period), value, attribute "flag", attribute "source"}, ",") .. "\n"
end

local function deleted(structure, row)
   return table.concat({"dataflow", cell(structure), "D", cell(row.indicator_id), cell(row.unit_id), cell(row.period),
      "", "", ""}, ",") .. "\n"
end

local function same(a, b) return a.value == b.value and a.flag == b.flag and a.source == b.source end

--- The text, or the file.
function sdmx.write(path, db, options)
   local structure = options.structure or "DIFKIT:OBSERVATIONS(1.0)"
   if type(structure) ~= "string" or not structure:find "^[%w_.-]+:[%w_.@-]+%([%d.]+%)$" then
      errors.raise("export.sdmx_csv: structure is " .. errors.show(structure), "as in AGENCY:NAME(1.0)")
   end
   local action = options.action or "M"
   if not ({I = true, A = true, M = true, R = true})[action] then
      errors.raise("export.sdmx_csv: action is " .. errors.show(action), "I, A, M or R")
   end
   local out, rows = {header}, observations(db, options.indicators)
   if options.since then
      local before, kept = {}, {}
      local old = observations(options.since, options.indicators)
      for _, row in ipairs(old) do before[key_of(row)] = row end
      for _, row in ipairs(rows) do
         local key = key_of(row)
         kept[key] = true
         if not before[key] or not same(row, before[key]) then
            out[#out + 1] = line(structure, "M", row, before[key])
         end
      end
      for _, row in ipairs(old) do
         if not kept[key_of(row)] then out[#out + 1] = deleted(structure, row) end
      end
   else
      for _, row in ipairs(rows) do out[#out + 1] = line(structure, action, row) end
   end
   local text = table.concat(out)
   if not path then return text end
   return core.write_file(path, text)
end

return sdmx
