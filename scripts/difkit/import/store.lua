--- Where imported observations go: a folder of YAML and CSV, or a database, whole or not at all. What is there
--- already is
--- compared; what differs is a conflict, which is only kept or replaced when that is said.
local core = require "difkit.core"
local numbers = require "difkit.format.numbers"
local flags = require "difkit.format.flags"

local store = {}

local function fail(message, hint) core.raise("data", message, hint) end

--- An id of an indicator: the name in the file, spaces replaced.
local function id_of(name) return (name:gsub("[%s%c]+", "-")) end

--- A period as the data model has it, or nil and why not.
local function period_of(o, fiscal)
   local first, last = o.period:match "^(%d%d%d%d)/(%d%d)$"
   if first and fiscal == "first" then return first end
   if first and fiscal == "last" then return first:sub(1, 2) .. last end
   if first then return nil, ("the fiscal year %s is no period of the data"):format(o.period),
      "say --fiscal first or --fiscal last" end
   if o.period:find "/" then return nil, ("%s, several years together, is no period of the data"):format(o.period) end
   return o.period
end

--- The one status that the data model keeps, and all of them where there are more.
local function status_of(flag)
   if not flag then return nil end
   local first
   for code in flag:gmatch "%a" do
      if flags.missing[code] then return code, #flag > 1 and flag end
      first = first or code
   end
   return first, #flag > 1 and flag or nil
end

--- A place as short as it can be, since every observation bears one: "7:2" for line 7, cell 2.
local function short_place(place)
   return (place:gsub("^line (%d+), column (%d+)$", "%1:%2"):gsub("^line (%d+)$", "%1"))
end

---The file as a record of source_file. The id is short, and never looks like a number.
---@param found difkit.Import
---@param today string
---@return table
function store.source_file(found, today)
   local source = found.source
   return {
      id = "f" .. found.digest:sub(1, 7), name = found.file:match "[^/]+$", sha256 = found.digest, retrieved = today,
      released = source.updated, licence = source.licence, title = source.title,
   }
end

--- An observation as a row of the data, with the file that it is from, its place there, and what the model has no
--- column
--- for in its note.
local function row_of(found, i, fiscal, refused)
   local o = found.observations[i]
   local period, message, hint = period_of(o, fiscal)
   if not period then
      local place = ("%s, %s"):format(found.file:match "[^/]+$", found.places[i])
      refused[#refused + 1] = {place = place, message = message, hint = hint}
      return nil
   end
   local flag, all = status_of(o.flag)
   local parts = {}
   if all then parts[1] = "status " .. all end
   if o.note then parts[#parts + 1] = (o.note:gsub("%s+", " ")) end
   return {
      indicator = id_of(o.indicator), unit = o.unit, period = period, value = o.value, flag = flag,
      file = "f" .. found.digest:sub(1, 7), place = short_place(found.places[i]),
      note = #parts > 0 and table.concat(parts, "; ") or nil, from = found,
   }
end

--- Where a row stands, for people.
local function where(row) return ("%s, %s"):format(row.from.file:match "[^/]+$", row.place) end

local function key_of(row) return row.indicator .. "\0" .. row.unit .. "\0" .. row.period end

local function in_order(a, b)
   if a.indicator ~= b.indicator then return a.indicator < b.indicator end
   if a.unit ~= b.unit then return a.unit < b.unit end
   return a.period < b.period
end

---All rows of the files, in order; what cannot be kept, and what two files say differently, is refused.
---@param files difkit.Import[]
---@param fiscal? string
---@return table[] rows
function store.rows(files, fiscal)
   local rows, by_key, refused = {}, {}, {}
   for _, found in ipairs(files) do
      for i = 1, #found.observations do
         local row = row_of(found, i, fiscal, refused)
         local there = row and by_key[key_of(row)]
         if there and (there.value ~= row.value or there.flag ~= row.flag) then
            refused[#refused + 1] = {place = where(row), message = ("%s %s %s is another at %s"):format(row.unit,
               row.indicator, row.period, where(there))}
         elseif row and not there then
            by_key[key_of(row)] = row
            rows[#rows + 1] = row
         end
      end
   end
   if #refused > 0 then
      local one = refused[1]
      fail(("%s: %s%s"):format(one.place, one.message, #refused > 1 and (" (and %d more)"):format(#refused - 1) or ""),
         one.hint or "leave out one of the two")
   end
   table.sort(rows, in_order)
   return rows
end

---Compares rows with those that are there: new, same, changed; `there`: key -> {value, flag}.
function store.compare(rows, there)
   local result = {new = {}, same = {}, changed = {}}
   for _, row in ipairs(rows) do
      local old = there[key_of(row)]
      local list = not old and result.new or old.value == row.value and old.flag == row.flag and result.same
         or result.changed
      list[#list + 1] = row
      row.old = old
   end
   return result
end

--- Raises for conflicts, listing them, unless it was said what to do with them; those to replace otherwise.
local function decide(compared, policy)
   if #compared.changed == 0 or policy == "keep" then return {} end
   if policy == "replace" then return compared.changed end
   local function shown(row)
      return ("%s %s %s: %s there, %s in the file"):format(row.unit, row.indicator, row.period,
         row.old.value and numbers.text(row.old.value) or "missing", row.value and numbers.text(row.value) or "missing")
   end
   for i = 2, math.min(#compared.changed, 20) do
      io.stderr:write(("%s: %s\n"):format(where(compared.changed[i]), shown(compared.changed[i])))
   end
   fail(("%d observations are there with other values, the first %s"):format(#compared.changed,
      shown(compared.changed[1])), "say --on-conflict keep or --on-conflict replace")
end

--- Indicators of the files: id -> {title, measure}.
local function indicators_of(files)
   local all, order = {}, {}
   for _, found in ipairs(files) do
      for _, indicator in ipairs(found.indicators) do
         local id = id_of(indicator.id)
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

--- What an import left in the folder before: rows by key, units, indicators.
local function read_folder(folder)
   local rows, by_key = {}, {}
   local csv_path, yaml_path = folder .. "/import.csv", folder .. "/import.yaml"
   if not core.read_file(csv_path) and not core.read_file(yaml_path) then return rows, by_key, {} end
   local check = require("difkit.script.run").check
   local types = {indicator = "text", unit = "text", period = "text", file = "text", place = "text", note = "text"}
   local t = check(require("difkit.table").read_csv(csv_path, {types = types}))
   local has = {}
   for _, name in ipairs(t.columns) do has[name] = true end
   for row in t:rows() do
      local one = {
         indicator = tostring(row.indicator), unit = tostring(row.unit), period = tostring(row.period),
            value = row.value,
         flag = row.flag,
      }
      for _, name in ipairs {"source", "file", "place", "note"} do
         one[name] = has[name] and row[name] and tostring(row[name]) or nil
      end
      rows[#rows + 1] = one
      by_key[key_of(one)] = one
   end
   local declared = check(core.read_yaml(yaml_path))
   return rows, by_key, declared
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

local function units_of(rows)
   local units, seen = {}, {}
   for _, row in ipairs(rows) do
      if not seen[row.unit] then
         seen[row.unit] = true
         units[#units + 1] = {id = row.unit, title = core.unit_title(row.unit) or row.unit}
      end
   end
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

--- The records of the files that rows are from.
local function files_of(files, rows, today)
   local used, list = {}, {}
   for _, row in ipairs(rows) do used[row.file or ""] = true end
   for _, found in ipairs(files) do
      local one = store.source_file(found, today)
      if used[one.id] then list[#list + 1] = one end
   end
   return list
end

---Writes rows into a folder, as import.yaml and import.csv; what an earlier import left there stays.
---@param files difkit.Import[]
---@param folder string
---@param options {on_conflict?: string, fiscal?: string, known?: table} `known`: ids that the data it is for declare
---already
---@return table compared
---@return boolean changed
function store.folder(files, folder, options)
   local rows = store.rows(files, options.fiscal)
   local old, by_key, declared_before = read_folder(folder)
   local compared = store.compare(rows, by_key)
   for _, row in ipairs(decide(compared, options.on_conflict)) do
      local there = by_key[key_of(row)]
      there.value, there.flag, there.source = row.value, row.flag, nil
      there.file, there.place, there.note = row.file, row.place, row.note
   end
   for _, row in ipairs(compared.new) do old[#old + 1] = row end
   table.sort(old, in_order)
   local cells, sourced = {}, false
   for i, row in ipairs(old) do
      cells[i] = {
         indicator = row.indicator, unit = row.unit, period = row.period, value = row.value, flag = row.flag,
         source = row.source, file = row.file, place = row.place, note = row.note,
      }
      if row.source then sourced = true end
   end
   local names = {"indicator", "unit", "period", "value", "flag", "file", "place", "note"}
   if sourced then table.insert(names, 6, "source") end
   local t = require("difkit.table")(names, cells)
   -- The rows before the file that names them: a folder is never left with a name that leads nowhere.
   local changed = write(folder .. "/import.csv", t:encode "csv")
   local known = options.known or {}
   local units = union(declared_before.units or {}, without(units_of(rows), known.units))
   local declared = write(folder .. "/import.yaml", yaml_text(units, union(declared_before.indicators or {},
      without(indicators_of(files), known.indicators)), union(declared_before.source_files or {},
      files_of(files, old, options.today))))
   return compared, changed or declared
end

---What a database has of the indicators of the files: key -> {value, flag}.
function store.there(db, rows)
   local wanted, by_key = {}, {}
   for _, row in ipairs(rows) do wanted[row.indicator] = true end
   for indicator in require("difkit.sorted")(wanted) do
      local sql = "SELECT indicator_id, unit_id, CAST(period AS TEXT), value, flag FROM observation "
         .. "WHERE indicator_id = ?"
      for values in db:query(sql, indicator):rows() do
         by_key[table.concat({values[1], values[2], tostring(values[3])}, "\0")] = {value = values[4], flag = values[5]}
      end
   end
   return by_key
end

--- Inserts what is declared and not there yet.
local function declare(db, files, rows, today)
   for _, one in ipairs(files_of(files, rows, today)) do
      db:exec([[INSERT INTO source_file (id, name, sha256, retrieved, released, licence, title)
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING]], one.id, one.name, one.sha256, one.retrieved,
            one.released,
         one.licence, one.title)
   end
   for _, unit in ipairs(units_of(rows)) do
      db:exec("INSERT INTO unit (id, title) VALUES (?, ?) ON CONFLICT DO NOTHING", unit.id, unit.title)
   end
   local used = {}
   for _, row in ipairs(rows) do used[row.indicator] = true end
   for _, one in ipairs(indicators_of(files)) do
      if used[one.id] then
         db:exec([[INSERT INTO indicator (id, title, measure, direction, source, note) VALUES (?, ?, ?, 1, ?, ?)
            ON CONFLICT DO NOTHING]], one.id, one.title, one.measure, one.source,
            "imported; the direction is to be checked")
      end
   end
end

local function insert(db, compared, replaced)
   for _, row in ipairs(compared.new) do
      db:exec([[INSERT INTO observation (indicator_id, unit_id, period, value, flag, source_file_id, place, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)]], row.indicator, row.unit, row.period, row.value, row.flag, row.file,
            row.place,
         row.note)
   end
   for _, row in ipairs(replaced) do
      db:exec([[UPDATE observation SET value = ?, flag = ?, source = NULL, origin = NULL, source_file_id = ?, place = ?,
         note = ? WHERE indicator_id = ? AND unit_id = ? AND period = ?]], row.value, row.flag, row.file, row.place,
         row.note, row.indicator, row.unit, row.period)
   end
   db:exec("UPDATE meta SET value = ? WHERE key = 'content_digest'", (core.content_digest(db)))
end

---Adds rows to a database, in one transaction.
---@param files difkit.Import[]
---@param path string
---@param options {on_conflict?: string, fiscal?: string}
---@return table compared
---@return boolean changed
function store.database(files, path, options)
   local rows = store.rows(files, options.fiscal)
   local db <close> = require("difkit.script.run").check(require("difkit").open(path, {write = true}))
   db:exec "BEGIN"
   local done, result, changed = pcall(function()
      local compared = store.compare(rows, store.there(db, rows))
      local replaced = decide(compared, options.on_conflict)
      if #compared.new + #replaced == 0 then return compared, false end
      declare(db, files, rows, options.today)
      insert(db, compared, replaced)
      return compared, true
   end)
   db:exec(done and changed and "COMMIT" or "ROLLBACK")
   if not done then error(result, 0) end
   return result, changed
end

return store
