--- Where imported observations go: a folder of YAML and CSV, or a database, whole or not at all. What is there already
--- is
--- compared; what differs is a conflict, which is only kept or replaced when that is said (merge.lua).
local core = require "difkit.core"
local merge = require "difkit.import.merge"
local numbers = require "difkit.format.numbers"

local store = {}

local function fail(message, hint) core.raise("data", message, hint) end

---The file as a record of source_file.
---@param found difkit.Import
---@param today string
---@return table
function store.source_file(found, today)
   local source = found.source
   return {
      id = merge.file_id(found), name = found.file:match "[^/]+$", sha256 = found.digest, retrieved = today,
      released = source.updated, licence = source.licence, title = source.title,
   }
end

--- Indicators of the files: id -> {title, measure}.
local function indicators_of(files)
   local all, order = {}, {}
   for _, found in ipairs(files) do
      for _, indicator in ipairs(found.indicators) do
         local id = merge.id_of(indicator.id)
         if not all[id] then
            all[id] = {id = id, title = indicator.title or indicator.id, measure = indicator.measure,
               source = found.source.title}
            order[#order + 1] = all[id]
         end
      end
   end
   table.sort(order, function(a, b) return a.id < b.id end)
   return order
end

local function quoted(text) return require("difkit.format.json").encode(text) end

--- The YAML that declares units, indicators and source files.
local function yaml_text(units, indicators, files)
   local lines = {
      "# Made by difkit import. The direction of an indicator (1: more is better, -1: less is better) stands in no",
      "# file: it is 1 here until somebody corrects it.", #units > 0 and "units:" or nil,
   }
   for _, unit in ipairs(units) do
      lines[#lines + 1] = ("  - {id: %s, title: %s}"):format(quoted(unit.id), quoted(unit.title))
   end
   if #indicators > 0 then lines[#lines + 1] = "indicators:" end
   for _, one in ipairs(indicators) do
      lines[#lines + 1] = "  - id: " .. quoted(one.id)
      lines[#lines + 1] = "    title: " .. quoted(one.title)
      if one.measure then lines[#lines + 1] = "    measure: " .. quoted(one.measure) end
      lines[#lines + 1] = "    direction: " .. (one.direction or 1)
      if one.source then lines[#lines + 1] = "    source: " .. quoted(one.source) end
   end
   if #files > 0 then lines[#lines + 1] = "source_files:" end
   for _, one in ipairs(files) do
      lines[#lines + 1] = "  - id: " .. quoted(one.id)
      for _, key in ipairs {"name", "sha256", "retrieved", "released", "licence", "title"} do
         if one[key] then lines[#lines + 1] = ("    %s: %s"):format(key, quoted(tostring(one[key]))) end
      end
   end
   lines[#lines + 1] = "observations:\n  csv: import.csv"
   return table.concat(lines, "\n") .. "\n"
end

--- What an import left in the folder before: its rows into temp.kept, and what its YAML declares.
local function read_folder(db, folder)
   db:exec [[CREATE TEMP TABLE kept (indicator_id TEXT, unit_id TEXT, period TEXT, value REAL, flag TEXT, source TEXT,
      origin TEXT, source_file_id TEXT, place TEXT, note TEXT, PRIMARY KEY (indicator_id, unit_id,
         period))]]
   local csv_path, yaml_path = folder .. "/import.csv", folder .. "/import.yaml"
   if not core.read_digest(csv_path) and not core.read_file(yaml_path) then return {} end
   local check = require("difkit.script.run").check
   local file <close> = check(require("difkit.format.read").open(csv_path))
   local names, rows = require("difkit.table.cells").stream(file, {})
   if not names then fail(csv_path .. ": " .. rows) end
   local place = {}
   for j, name in ipairs(names) do place[name] = j end
   local wanted = {"indicator", "unit", "period", "value", "flag", "source", "file", "place", "note"}
   for cells in rows do
      local values = {}
      for k, name in ipairs(wanted) do
         local text = place[name] and cells[place[name]]
         values[k] = text ~= "" and text or nil
      end
      values[4] = tonumber(values[4])
      db:exec([[INSERT INTO temp.kept (indicator_id, unit_id, period, value, flag, source, source_file_id,
         place,
         note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING]], table.unpack(values, 1, 9))
   end
   return check(core.read_yaml(yaml_path))
end

--- Two lists of records by id as one, in order of the ids; the first wins, since people may have corrected it.
local function union(one, other)
   local all, seen = {}, {}
   for _, list in ipairs {one, other} do
      for _, record in ipairs(list) do
         if not seen[record.id] then
            seen[record.id] = true
            all[#all + 1] = record
         end
      end
   end
   table.sort(all, function(a, b) return a.id < b.id end)
   return all
end

--- Records of the units of these ids.
local function units_of(ids)
   local units = {}
   for i, id in ipairs(ids) do units[i] = {id = id, title = core.unit_title(id) or id} end
   return units
end

local function write(path, text)
   if core.read_file(path) == text then return false end
   require("difkit.script.run").check(core.write_file(path, text, true))
   return true
end

--- Records without those whose ids are known elsewhere.
local function without(records, known)
   local kept = {}
   for _, record in ipairs(records) do
      if not (known and known[record.id]) then kept[#kept + 1] = record end
   end
   return kept
end

---Writes the records of progress sheets into a folder, as progress.yaml and progress.csv, to be laid over their
---framework.
---@param files difkit.Import[]
---@param folder string
---@param options {on_conflict?: string}
---@return boolean changed
---@return integer count
function store.progress(files, folder, options)
   local rows = {}
   for _, found in ipairs(files) do
      for row in (found.progress or {rows = function() return function() end end}):rows() do
         local day = row.date or found.as_of
         if row.status and not day then
            fail(("%s, %s: no date, and none in the title"):format(found.file, row.place),
               'have a column "Date", or "Status as of 30 June 2024" above the table')
         end
         local evidence = {row.percent and numbers.text(row.percent) .. " %" or nil}
         evidence[#evidence + 1] = row.note and (row.note:gsub("%s+", " ")) or nil
         if row.status then
            rows[#rows + 1] = {row.action, row.unit, day, row.status, table.concat(evidence, "; "),
               ("%s, %s"):format(found.file:match "[^/]+$", row.place)}
         end
      end
   end
   table.sort(rows, function(a, b)
      if a[1] ~= b[1] then return a[1] < b[1] end
      if a[2] ~= b[2] then return a[2] < b[2] end
      return a[3] < b[3]
   end)
   for _, row in ipairs(rows) do if row[5] == "" then row[5] = require("difkit.sql").null end end
   local t = require("difkit.table")({"action", "unit", "as_of", "status", "evidence", "source"}, rows)
   local text, path = t:encode "csv", folder .. "/progress.csv"
   local there = core.read_file(path)
   if there and there ~= text and options.on_conflict ~= "replace" then
      fail(path .. " is there with other records", "say --on-conflict replace, or name another folder")
   end
   local changed = write(path, text)
   return write(folder .. "/progress.yaml", "# Made by difkit import.\nprogress:\n  csv: progress.csv\n") or changed,
      #rows
end

--- The records of the files of which observations are in a table.
local function files_of(db, files, target, today)
   local used, list = {}, {}
   for values in db:query(("SELECT DISTINCT source_file_id FROM %s"):format(target)):rows() do
      if values[1] then used[values[1]] = true end
   end
   for _, found in ipairs(files) do
      local one = store.source_file(found, today)
      if used[one.id] then list[#list + 1] = one end
   end
   return list
end

--- Writes temp.kept as CSV.
local function write_rows(db, path)
   local sourced = db:query "SELECT 1 AS n FROM temp.kept WHERE source IS NOT NULL LIMIT 1":one()
   local result = db:query(([[SELECT indicator_id AS indicator, unit_id AS unit, period, value, flag, %s
      source_file_id AS file, place, note FROM temp.kept ORDER BY 1, 2, 3]]):format(sourced and "source," or ""))
   require("difkit.script.run").check(core.write_csv(result, path, {}))
end

---Writes the observations of files into a folder, as import.yaml and import.csv; what an
---earlier
---import left there stays.
---@param db difkit.Database
---@param files difkit.Import[]
---@param folder string
---@param options {on_conflict?: string, today: string, fiscal?: string, known?: table} `known`: ids
---that the data it is for declare
---already
---@return table compared
---@return boolean changed
function store.folder(db, files, folder, options)
   merge.gather(db, files, options.fiscal)
   local declared = read_folder(db, folder)
   local compared = merge.compare(db, "temp.kept")
   local changed = merge.apply(db, "temp.kept", compared, options.on_conflict)
   -- The rows before the file that names them: a folder is never left with a name that leads nowhere.
   if changed or not core.read_digest(folder .. "/import.csv") then write_rows(db, folder .. "/import.csv") end
   local known = options.known or {}
   local units = union(declared.units or {}, without(units_of(merge.distinct(db, "unit_id")), known.units))
   local text = yaml_text(units, union(declared.indicators or {}, without(indicators_of(files), known.indicators)),
      union(declared.source_files or {}, files_of(db, files, "temp.kept", options.today)))
   return compared, write(folder .. "/import.yaml", text) or changed
end

--- Inserts what observations name and is not there yet: source files, and units and indicators by their ids.
local function declare(db, files, sources, units, indicators)
   for _, one in ipairs(sources) do
      db:exec([[INSERT INTO source_file (id, name, sha256, retrieved, released, licence, title)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING]], one.id, one.name, one.sha256, one.retrieved,
            one.released,
         one.licence, one.title)
   end
   for _, unit in ipairs(units_of(units)) do
      db:exec("INSERT INTO unit (id, title) VALUES (?, ?) ON CONFLICT DO NOTHING", unit.id, unit.title)
   end
   local used = {}
   for _, id in ipairs(indicators) do used[id] = true end
   for _, one in ipairs(indicators_of(files)) do
      if used[one.id] then
         db:exec([[INSERT INTO indicator (id, title, measure, direction, source, note) VALUES (?, ?, ?, 1, ?, ?)
            ON CONFLICT DO NOTHING]], one.id, one.title, one.measure, one.source,
            "imported; the direction is to be checked")
      end
   end
end

--- Brings what was gathered in one database into temporary tables of another.
local function transfer(from, db)
   db:exec(merge.temporary(db, [[CREATE TEMP TABLE incoming AS SELECT indicator_id, unit_id, period, value, flag,
      source_file_id, place, note FROM observation WHERE 1 = 0]]))
   core.transfer(from:query [[SELECT indicator_id, unit_id, period, value, flag, source_file_id, place, note
      FROM temp.incoming]], db, merge.temporary(db, "temp.incoming"))
   db:exec "CREATE TEMP TABLE import_file (id TEXT, name TEXT)"
   core.transfer(from:query "SELECT id, name FROM temp.import_file", db, merge.temporary(db, "temp.import_file"))
end

--- Whether the data have an observation of any of these indicators.
local function are_there(db, indicators)
   for _, id in ipairs(indicators) do
      if db:query("SELECT 1 AS n FROM observation WHERE indicator_id = ? LIMIT 1", id):one() then return true end
   end
   return false
end

--- The one file of indicators that the data do not have: nothing is to be compared, and its observations go where they
--- belong at once. nil for others.
local function take_new(db, files, options)
   if #files ~= 1 or #files[1].observations == 0 then return nil end
   local found = files[1]
   local maps, same = merge.maps(found, options.fiscal)
   local indicators = found.observations:names "indicators"
   for i, name in ipairs(indicators) do indicators[i] = maps.indicator[name] end
   if not same or are_there(db, indicators) then return nil end
   declare(db, files, {store.source_file(found, options.today)}, found.observations:names "units", indicators)
   return merge.direct(db, "observation", found, maps), true
end

--- Those that may be there already: compared, and taken as far as they are wanted. They are gathered in `from`.
local function take_compared(from, db, files, options)
   merge.gather(from, files, options.fiscal)
   if from ~= db then transfer(from, db) end
   local compared = merge.compare(db, "observation")
   if compared.new + compared.changed == 0 then return compared, false end
   declare(db, files, files_of(db, files, merge.temporary(db, "temp.incoming"), options.today),
      merge.distinct(db, "unit_id"), merge.distinct(db, "indicator_id"))
   return compared, merge.apply(db, "observation", compared, options.on_conflict)
end

---Adds the observations of files to a database, in one transaction.
---@param from difkit.Database where they are compared from; `db` itself, or another
---@param db difkit.Database
---@param files difkit.Import[] whose observations are gathered
---@param options {on_conflict?: string, today: string, fiscal?: string}
---@return table compared
---@return boolean changed
function store.database(from, db, files, options)
   -- What the observations name is declared before them: looking each up again would only take time.
   core.add_begin(db)
   local done, result, changed = pcall(function()
      -- Who adds at the same time waits here, and then compares with what has come meanwhile.
      db:exec "UPDATE meta SET value = value WHERE key = 'content_digest'"
      local compared, applied
      if from == db then compared, applied = take_new(db, files, options) end
      if not compared then compared, applied = take_compared(from, db, files, options) end
      if applied then
         db:exec("UPDATE meta SET value = ? WHERE key = 'content_digest'", (core.content_digest(db)))
      end
      return compared, applied
   end)
   core.add_end(db, done and changed)
   if not done then error(result, 0) end
   return result, changed
end

return store
