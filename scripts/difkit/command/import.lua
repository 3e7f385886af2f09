--- `difkit import`: says what a file holds; with --out or --into, takes it in.
local core = require "difkit.core"
local check = require("difkit.script.run").check

local import = require "difkit.import"

local passed = {
   "as", "indicator", "unit", "period", "decimal", "dates", "periods", "encoding", "separator", "sheet", "whole",
   "weight", "calendar",
}

--- The options of the command line for the library, over those of a recipe.
local function options_of(given, recipe)
   local options = {}
   for name, value in pairs(recipe or {}) do options[name] = value end
   options.fiscal = nil
   for _, name in ipairs(passed) do
      if given[name] ~= nil then options[name] = given[name] end
   end
   return options
end

local function say(...) print(string.format(...)) end

local function list(title, entries, show, most)
   if #entries == 0 then return end
   say("%s (%d):", title, #entries)
   for i = 1, math.min(#entries, most or 20) do say("  %s", show(entries[i])) end
   if #entries > (most or 20) then say("  … and %d more", #entries - (most or 20)) end
end

--- What kind a file is and why, what was left out, what is wrong.
local function describe(found)
   say("%s: %s (%s)", found.file, found.title, table.concat(found.reasons, "; "))
   local parts = {}
   if found.encoding then parts[#parts + 1] = found.encoding end
   if found.separator then
      parts[#parts + 1] = "separated by " .. (found.separator == "\t" and "tabs" or '"' .. found.separator .. '"')
   end
   if found.sheet then parts[#parts + 1] = ('sheet "%s"'):format(found.sheet) end
   if found.source.updated then parts[#parts + 1] = "updated " .. found.source.updated end
   parts[#parts + 1] = "SHA-256 " .. found.digest:sub(1, 16)
   say("  %s", table.concat(parts, ", "))
   if found.columns and #found.columns > 0 then
      local shown = table.concat(found.columns, ", ", 1, math.min(#found.columns, 12))
      say("  %d rows, %d columns: %s%s", found.rows, #found.columns, shown, #found.columns > 12 and ", …" or "")
   end
   list("left out", found.skipped, function(one) return ("%s: %s (%d rows)"):format(one.label, one.why, one.count) end)
   list("not matched", found.unknown, function(one) return ("%s at %s: %s"):format(one.label, one.place,
      one.reason) end)
   list("numbers written as", found.shapes, function(one)
      return ("%s ×%d%s"):format(one.example, one.count, one.example == one.shape and "" or " and alike")
   end, 12)
   list("wrong cells, left out", found.errors, function(one) return ("%s: %s"):format(one.place, one.message) end)
   list("noticed", found.warnings, function(one) return one end)
end

--- How many units, indicators and periods there are.
local function count(found)
   local gathered = found.observations
   local units, periods, flags = gathered:names "units", gathered:names "periods", {}
   if #units > 0 then
      say("units: %s%s", table.concat(units, " ", 1, math.min(#units, 20)), #units > 20 and " …" or "")
   end
   for _, flag in ipairs(gathered:names "flags") do
      if flag ~= "" then flags[#flags + 1] = ("%s %d"):format(flag, gathered.flags[flag]) end
   end
   say("%d observations: %d indicators, %d units, %s to %s%s", #gathered, #gathered:names "indicators", #units,
      periods[1] or "–", periods[#periods] or "–", #flags > 0 and "; flags " .. table.concat(flags, ", ") or "")
end

--- The reasons for which a file is refused, as one error.
local function refuse(found)
   for i = 2, math.min(#found.refusals, 20) do
      local one = found.refusals[i]
      io.stderr:write(("%s: %s: %s\n"):format(found.file, one.place, one.message))
   end
   local one = found.refusals[1]
   core.raise("data", ("%s: %s: %s"):format(found.file, one.place, one.message), one.hint)
end

--- The ids of a table of the open data, as a list and a set.
local function ids_of(db, name)
   local ids, set = {}, {}
   for values in db:query(("SELECT id FROM %s ORDER BY id"):format(name)):rows() do
      ids[#ids + 1] = values[1]
      set[values[1]] = true
   end
   return ids, set
end

--- What the data have already: all actions, the aliases of units, and, where --db names the data, units and indicators;
--- their units are then found by id and title, too.
local function known_of()
   local db <close> = check(require("difkit").open())
   local known = {actions = (ids_of(db, "action")), aliases = {}}
   for values in db:query "SELECT alias, unit_id FROM unit_alias":rows() do known.aliases[values[1]] = values[2] end
   if core.default_database then
      for values in db:query "SELECT id, title FROM unit":rows() do
         known.aliases[values[1]], known.aliases[values[2]] = values[1], values[1]
      end
      known.units = select(2, ids_of(db, "unit"))
      known.indicators = select(2, ids_of(db, "indicator"))
   end
   return known
end

--- The files, their observations gathered outside of Lua.
local function read_all(given, recipe, known)
   local files = {}
   for i, path in ipairs(given.arguments) do
      local options = options_of(given, recipe)
      options.actions, options.aliases = known.actions, known.aliases
      options.units = given.out and {require("difkit").writable() .. "/units.yaml"} or nil
      options.gathered = true
      files[i] = check(import.read(path, options))
      if #files[i].refusals > 0 then refuse(files[i]) end
   end
   return files
end

--- What would be new, the same and changed in the data that --db names.
local function compare(files, db, fiscal)
   if not core.default_database then return end
   local merge = require "difkit.import.merge"
   merge.gather(db, files, fiscal)
   db:exec [[CREATE TEMP TABLE there (indicator_id TEXT, unit_id TEXT, period TEXT, value REAL, flag TEXT,
      PRIMARY KEY (indicator_id, unit_id, period))]]
   local data <close> = check(require("difkit").open())
   for _, id in ipairs(merge.distinct(db, "indicator_id")) do
      for values in data:query("SELECT indicator_id, unit_id, CAST(period AS TEXT), value, flag FROM observation "
         .. "WHERE indicator_id = ?", id):rows() do
         db:exec("INSERT INTO temp.there VALUES (?, ?, ?, ?, ?)", values[1], values[2], tostring(values[3]), values[4],
            values[5])
      end
   end
   local compared = merge.compare(db, "temp.there")
   say("against the data: %d new, %d the same, %d changed", compared.new, compared.same, compared.changed)
   list("changed", merge.changes(db, "temp.there", 20), function(text) return text end)
end

local function framework_text(made)
   return ("the framework %s: %d areas, %d topics, %d actions%s"):format(made.framework.id, #made.areas, made:topics(),
      made.actions, #made.indicators > 0 and (", %d indicators"):format(#made.indicators) or "")
end

--- The first ten actions of a framework.
local function show_framework(made)
   local rows = {}
   for _, area in ipairs(made.areas) do
      for _, topic in ipairs(area.topics) do
         for _, action in ipairs(topic.actions) do
            if #rows < 10 then rows[#rows + 1] = {area.id, topic.id, action.id, action.text} end
         end
      end
   end
   require("difkit.table")({"area", "topic", "id", "text"}, rows):print()
end

--- Writes the records of progress sheets.
local function take_progress(files, given, target)
   if given.into then
      core.raise("usage", "import: a progress sheet is not added to a database",
         "write it with --out DIR, and load DIR with the framework")
   end
   local changed, records = require("difkit.import.store").progress(files, target, {on_conflict = given.on_conflict})
   say("%s %s: %d progress records", changed and "wrote" or "unchanged", given.out, records)
end

--- Writes a framework from elsewhere.
local function take_framework(files, given, target)
   if given.into or #files > 1 then
      core.raise("usage", "import: a framework is written alone, as YAML", "name a folder with --out DIR")
   end
   local made = files[1].framework
   local path = target .. "/" .. made.framework.id .. ".yaml"
   local text = made:yaml()
   local there = core.read_file(path)
   if there and there ~= text and given.on_conflict ~= "replace" then
      core.raise("data", path .. " is there with other contents", "say --on-conflict replace, or name another folder")
   end
   if there ~= text then check(core.write_file(path, text, true)) end
   say("%s %s: %s", there == text and "unchanged" or "wrote", given.out, framework_text(made))
end

local function take(files, given, known, db, into, fiscal)
   local store = require "difkit.import.store"
   for _, found in ipairs(files) do
      if found.unasked then
         core.raise("usage", ("%s: the rows of a survey are no observations"):format(found.file),
            "name the question whose shares are wanted: --indicator NAME")
      end
      if #found.unknown > 0 then
         local one = found.unknown[1]
         core.raise("data", ("%s: %s: \"%s\" is no unit: %s%s"):format(found.file, one.place, one.label, one.reason,
            #found.unknown > 1 and (" (and %d names more)"):format(#found.unknown - 1) or ""),
            "decide it in units.yaml beside the file: matches: {NAME: CODE}, includes: [NAME] or excludes: [NAME]")
      end
   end
   local today = core.today or os.date "%Y-%m-%d"
   local options = {today = today, on_conflict = given.on_conflict, known = known, fiscal = fiscal}
   -- Below --out paths are those of the host.
   local target = given.into or require("difkit").writable()
   if files[1].framework then return take_framework(files, given, target) end
   if files[1].progress then return take_progress(files, given, target) end
   local compared, changed
   if given.out then
      compared, changed = store.folder(db, files, target, options)
   else
      compared, changed = store.database(db, into, files, options)
   end
   local what = given.on_conflict == "replace" and "replaced" or "kept as they were"
   say("%s %s: %d new, %d the same, %d changed%s", changed and "wrote" or "unchanged", given.out or into:path(),
      compared.new,
      compared.same, compared.changed, compared.changed > 0 and " (" .. what .. ")" or "")
end

--- What units.yaml lists and none of the files has.
local function tell_unused(files)
   local units = require "difkit.units"
   local times, all = {}, {}
   for _, found in ipairs(files) do
      for _, one in ipairs(units.unused(found.decisions)) do
         local key = one.path .. "\0" .. one.key
         times[key] = (times[key] or 0) + 1
         if times[key] == #files then all[#all + 1] = one end
      end
   end
   list("listed and no longer there", all, function(one)
      return ("%s: %s (%s)"):format(one.path, one.name, one.kind)
   end)
end

---`given`: the files as `arguments`; `out` or `into`; `recipe`, `on_conflict`, `fiscal`, and what decides how they
---are read.
---Ends with 1 when cells were left out because they are wrong, or the file has drifted from its recipe.
return function(given)
   if given.out and given.into then
      core.raise("usage", "import: --out and --into cannot be given together",
         "write to one, then import into the other")
   end
   local recipes = require "difkit.import.recipe"
   local recipe, expected
   if given.recipe then recipe, expected = recipes.read(given.recipe) end
   local known = known_of()
   -- What is compared stands in temporary tables: of the file that it is for, or of a database that is thrown away.
   local into <close> = given.into and check(require("difkit").open(given.into, {write = true}))
   local on_server = given.into and given.into:find "^postgres%a*://"
   local own <close> = (not into or on_server) and check(require("difkit").open("@bundled", {write = true})) or nil
   local db = own or into
   local fiscal = given.fiscal or recipe and recipe.fiscal
   local files = read_all(given, recipe, known)
   local fine = true
   for _, found in ipairs(files) do
      describe(found)
      if found.framework then
         say("%s", framework_text(found.framework))
      elseif found.progress then
         say("%d records of progress", #found.progress)
      else
         count(found)
      end
      if found.variables then found.variables:print() end
      if #found.errors > 0 then fine = false end
      local drift = expected and recipes.drift(expected, found) or {}
      list("drift from the recipe", drift, function(text) return text end)
      if #drift > 0 then fine = false end
      if found.framework and not given.out then
         show_framework(found.framework)
      elseif not (given.out or given.into) then (found.progress or found.observations):head(10):print()
      end
   end
   if not files[1].framework then tell_unused(files) end
   if given.out or given.into then
      take(files, given, known, db, into, fiscal)
   elseif not files[1].framework then
      compare(files, db, fiscal)
   end
   if given.recipe and not expected then
      recipes.write(given.recipe, files[1], options_of(given))
      say("wrote %s", given.recipe)
   end
   return fine
end
