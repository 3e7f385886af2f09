--- The observations of imported files against those that are there, in the database that holds both: what is new, the
--- same
--- and changed, and taking in what is wanted. Memory does not grow with the observations.
local core = require "difkit.core"
local flags = require "difkit.format.flags"
local numbers = require "difkit.format.numbers"

local merge = {}

local function fail(message, hint) core.raise("data", message, hint) end

--- An id of an indicator: the name in the file, spaces replaced.
function merge.id_of(name) return (name:gsub("[%s%c]+", "-")) end

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
   if not flag or flag == "" then return nil end
   local first
   for code in flag:gmatch "%a" do
      if flags.missing[code] then return code, #flag > 1 and flag end
      first = first or code
   end
   return first, #flag > 1 and flag or nil
end

---How the data model keeps an observation: period, flag and note where they are others than those of the file. What it
---cannot keep goes to `refused`, to be raised when something is written.
---@param fiscal? string
---@param refused table
---@return fun(o: table): string|nil, string|nil, string|nil
function merge.keeper(fiscal, refused)
   return function(o)
      local period, message, hint = period_of(o, fiscal)
      if not period then
         refused.count = (refused.count or 0) + 1
         refused.first = refused.first or {place = o.place, message = message, hint = hint}
      end
      local flag, all = status_of(o.flag)
      local note = o.note ~= "" and o.note or nil
      if all then note = "status " .. all .. (note and "; " .. note or "") end
      if note then note = note:gsub("%s+", " ") end
      return period ~= o.period and period or nil, all and flag or nil, note
   end
end

---The short name of a file that its observations bear. It never looks like a number.
function merge.file_id(found) return "f" .. found.digest:sub(1, 7) end

---SQL in which tables of the session are written temp.NAME, as the database has it.
---@param db difkit.Database
---@param sql string
---@return string
function merge.temporary(db, sql)
   return (sql:gsub("temp%.", core.sql(db, "temporary") .. "."))
end

local KEY <const> = "o.indicator_id = i.indicator_id AND o.unit_id = i.unit_id AND o.period = i.period"
local DIFFERS <const> = "(o.value IS DISTINCT FROM i.value OR o.flag IS DISTINCT FROM i.flag)"

--- Raises when a file says something else of an observation than was taken before, of this file or another.
local function check_other(db, found, id)
   local sql = ([[SELECT s.unit AS unit, n.id AS indicator, coalesce(s.kept_period, s.period) AS period,
      s.place AS place,
      i.place AS there, f.name AS file FROM temp.%s AS s JOIN temp.import_name AS n ON n.name = s.indicator
      JOIN temp.incoming AS i ON i.indicator_id = n.id AND i.unit_id = s.unit
         AND i.period = coalesce(s.kept_period, s.period)
      JOIN temp.import_file AS f ON f.id = i.source_file_id
      WHERE i.value IS DISTINCT FROM s.value OR i.flag IS DISTINCT FROM coalesce(s.kept_flag, s.flag) LIMIT 1]]):format(
         found.observations.name)
   local one = db:query(sql):one()
   if one then
      fail(("%s, %s: %s %s %s is another at %s, %s"):format(id, one.place, one.unit, one.indicator, one.period,
         one.file,
         one.there), "leave out one of the two")
   end
end

--- The observations of a spool as the data have them.
local AS_KEPT <const> = [[SELECT n.id AS indicator_id, s.unit AS unit_id, coalesce(s.kept_period, s.period) AS period,
   s.value AS value, coalesce(s.kept_flag, s.flag) AS flag, '%s' AS source_file_id, s.place AS place,
      s.kept_note AS note
   FROM temp.%s AS s JOIN temp.import_name AS n ON n.name = s.indicator]]

--- Whether no two observations of the only file can be one in the data: ids and periods are those of the file.
local function is_one_to_one(db, files)
   if #files > 1 then return false end
   local ids, names = 0, 0
   for values in db:query "SELECT count(DISTINCT id), count(*) FROM temp.import_name":rows() do
      ids, names = values[1], values[2]
   end
   return ids == names and not db:query(("SELECT 1 AS n FROM temp.%s WHERE kept_period IS NOT NULL LIMIT 1"):format(
      files[1].observations.name)):one()
end

---Gathers the observations of the files as the data have them, in temp.incoming; what cannot be kept, and what two
---files say
---differently, is refused.
---@param db difkit.Database
---@param files difkit.Import[] whose observations are spools
function merge.gather(db, files)
   db:exec "CREATE TEMP TABLE import_name (name TEXT PRIMARY KEY, id TEXT)"
   db:exec "CREATE TEMP TABLE import_file (id TEXT, name TEXT)"
   for _, found in ipairs(files) do
      local refused = found.refused
      if refused and refused.first then
         local count = refused.count - 1
         fail(("%s, %s: %s%s"):format(found.file:match "[^/]+$", refused.first.place, refused.first.message,
            count > 0 and (" (and %d more)"):format(count) or ""), refused.first.hint)
      end
      for _, one in ipairs(found.indicators) do
         db:exec("INSERT INTO temp.import_name VALUES (?, ?) ON CONFLICT DO NOTHING", one.id, merge.id_of(one.id))
      end
      db:exec("INSERT INTO temp.import_file VALUES (?, ?)", merge.file_id(found), found.file:match "[^/]+$")
   end
   if is_one_to_one(db, files) then
      db:exec("CREATE TEMP VIEW incoming AS " .. AS_KEPT:format(merge.file_id(files[1]), files[1].observations.name))
      return
   end
   db:exec [[CREATE TEMP TABLE incoming (indicator_id TEXT, unit_id TEXT, period TEXT, value REAL, flag TEXT,
      source_file_id TEXT, place TEXT, note TEXT, PRIMARY KEY (indicator_id, unit_id, period))]]
   for _, found in ipairs(files) do
      db:exec(("INSERT INTO temp.incoming %s WHERE true ON CONFLICT DO NOTHING"):format(
         AS_KEPT:format(merge.file_id(found), found.observations.name)))
      check_other(db, found, found.file:match "[^/]+$")
   end
end

--- How many rows a question has.
local function count(db, sql)
   return db:query(merge.temporary(db, "SELECT count(*) AS n FROM " .. sql)):one().n
end

---Compares temp.incoming with a table of observations: how many are new, the same and changed.
---@param db difkit.Database
---@param target string
---@return {new: integer, same: integer, changed: integer}
function merge.compare(db, target)
   local all = count(db, "temp.incoming")
   local joined = ("temp.incoming AS i JOIN %s AS o ON %s"):format(target, KEY)
   local there = count(db, joined)
   local changed = there > 0 and count(db, joined .. " WHERE " .. DIFFERS) or 0
   return {new = all - there, same = there - changed, changed = changed}
end

---What has changed, at most `most` of it, as texts with the places in the files.
---@param db difkit.Database
---@param target string
---@param most integer
---@return string[]
function merge.changes(db, target, most)
   local list = {}
   local function shown(value) return value and numbers.text(value) or "missing" end
   for row in db:query(merge.temporary(db, ([[SELECT f.name AS file, i.place, i.unit_id, i.indicator_id,
      CAST(i.period AS TEXT) AS at, i.value AS value, o.value AS old FROM temp.incoming AS i JOIN %s AS o ON %s
      JOIN (SELECT DISTINCT id, name FROM temp.import_file) AS f ON f.id = i.source_file_id
      WHERE %s ORDER BY 4, 3, 5 LIMIT ?]]):format(target, KEY, DIFFERS)), most) do
      list[#list + 1] = ("%s, %s: %s %s %s: %s there, %s in the file"):format(row.file, row.place, row.unit_id,
         row.indicator_id, tostring(row.at), shown(row.old), shown(row.value))
   end
   return list
end

--- Raises for conflicts, listing them, unless it was said what to do with them.
local function check_conflicts(db, target, compared, policy)
   if compared.changed == 0 or policy == "keep" or policy == "replace" then return end
   local list = merge.changes(db, target, 20)
   for i = 2, #list do io.stderr:write(list[i] .. "\n") end
   fail(("%d observations are there with other values, the first %s"):format(compared.changed,
      list[1]:match "^.-, [^:]*:?%d*: (.*)$" or list[1]), "say --on-conflict keep or --on-conflict replace")
end

---Takes temp.incoming into a table of observations. Conflicts are raised unless `policy` says what to do with them.
---@param db difkit.Database
---@param target string
---@param compared table of merge.compare
---@param policy? string
---@return boolean changed
function merge.apply(db, target, compared, policy)
   check_conflicts(db, target, compared, policy)
   local replaced = policy == "replace" and compared.changed or 0
   if compared.new + replaced == 0 then return false end
   local columns = "indicator_id, unit_id, period, value, flag, source_file_id, place, note"
   if replaced > 0 then
      db:exec(merge.temporary(db, ([[INSERT INTO %s (%s) SELECT %s FROM temp.incoming AS i
         WHERE EXISTS (SELECT 1 FROM %s AS o WHERE %s AND %s)
         ON CONFLICT (indicator_id, unit_id, period) DO UPDATE SET value = excluded.value, flag = excluded.flag,
         source = NULL, origin = NULL, source_file_id = excluded.source_file_id, place = excluded.place,
         note = excluded.note]]):format(target, columns, columns, target, KEY, DIFFERS)))
   end
   if compared.new > 0 then
      local sql = [[INSERT INTO %s (%s) SELECT %s FROM temp.incoming AS i
         WHERE NOT EXISTS (SELECT 1 FROM %s AS o WHERE %s)]]
      db:exec(merge.temporary(db, sql:format(target, columns, columns, target, KEY)))
   end
   return true
end

--- The distinct values of a column of temp.incoming, in order.
function merge.distinct(db, column)
   local list = {}
   for values in db:query(merge.temporary(db, ("SELECT DISTINCT %s FROM temp.incoming ORDER BY 1"):format(column)))
      :rows() do
      list[#list + 1] = values[1]
   end
   return list
end

return merge
