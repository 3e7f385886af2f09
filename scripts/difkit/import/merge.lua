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
local function period_of(period, fiscal)
   local first, last = period:match "^(%d%d%d%d)/(%d%d)$"
   if first and fiscal == "first" then return first end
   if first and fiscal == "last" then return first:sub(1, 2) .. last end
   if first then return nil, ("the fiscal year %s is no period of the data"):format(period),
      "say --fiscal first or --fiscal last" end
   if period:find "/" then return nil, ("%s, several years together, is no period of the data"):format(period) end
   return period
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

---How the data model keeps the names of a file: indicators by ids, periods, and of a flag of several codes one, with
---all in words for the note. Raises for a period that it cannot keep. `same`: whether no two observations of the file
---can become one by that.
---@param found difkit.Import whose observations are gathered
---@param fiscal? string
---@return {indicator: table, period: table, flag: table, words: table} maps
---@return boolean same
function merge.maps(found, fiscal)
   local maps, gathered, same = {indicator = {}, period = {}, flag = {}, words = {}}, found.observations, true
   local ids, kept, refused = {}, {}, {}
   for _, name in ipairs(gathered:names "indicators") do
      local id = merge.id_of(name)
      maps.indicator[name], same, ids[id] = id, same and not ids[id], true
   end
   for _, name in ipairs(gathered:names "periods") do
      local period, message, hint = period_of(name, fiscal)
      if period then
         maps.period[name], same, kept[period] = period, same and not kept[period], true
      else
         refused.count = (refused.count or 0) + gathered.periods[name]
         refused.period, refused.message, refused.hint = refused.period or name, refused.message or message,
            refused.hint or hint
      end
   end
   if refused.count then
      local place
      for row in gathered:rows() do
         if row.period == refused.period then
            place = row.place
            break
         end
      end
      fail(("%s, %s: %s%s"):format(found.file:match "[^/]+$", place, refused.message,
         refused.count > 1 and (" (and %d more)"):format(refused.count - 1) or ""), refused.hint)
   end
   for flag in pairs(gathered.flags) do
      local one, all = status_of(flag)
      maps.flag[flag], maps.words[flag] = one or "", all and "status " .. all or ""
   end
   return maps, same
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
--- What was gathered, as a question of its own: a database of several nodes joins no table of the session to theirs.
local GATHERED <const> = "(SELECT * FROM temp.incoming) AS i"
local DIFFERS <const> = "(o.value IS DISTINCT FROM i.value OR o.flag IS DISTINCT FROM i.flag)"

local INCOMING <const> = [[(indicator_id TEXT, unit_id TEXT, period TEXT, value REAL, flag TEXT, source_file_id TEXT,
   place TEXT, note TEXT, PRIMARY KEY (indicator_id, unit_id, period))]]

merge.COLUMNS = "indicator_id, unit_id, period, value, flag, source_file_id, place, note"

--- The statement that takes an observation into a table.
local function taking(target)
   return ("INSERT INTO %s (%s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING"):format(target,
      merge.COLUMNS)
end

--- Raises when a file says something else of an observation than was taken before, of this file or another.
local function check_other(db, found, maps)
   db:exec("CREATE TEMP TABLE again " .. INCOMING:gsub(", PRIMARY KEY .*$", ")"))
   found.observations:into(db, taking "temp.again", maps, merge.file_id(found))
   local one = db:query [[SELECT s.unit_id AS unit, s.indicator_id AS id, s.period AS period, s.place AS place,
      i.place AS there, f.name AS file FROM temp.again AS s
      JOIN temp.incoming AS i USING (indicator_id, unit_id, period)
      JOIN temp.import_file AS f ON f.id = i.source_file_id
      WHERE i.value IS DISTINCT FROM s.value OR i.flag IS DISTINCT FROM s.flag LIMIT 1]]:one()
   db:exec "DROP TABLE temp.again"
   if one then
      fail(("%s, %s: %s %s %s is another at %s, %s"):format(found.file:match "[^/]+$", one.place, one.unit, one.id,
         tostring(one.period), one.file, one.there), "leave out one of the two")
   end
end

---Gathers the observations of the files as the data have them, in temp.incoming; what cannot be kept, and what two
---files say
---differently, is refused.
---@param db difkit.Database
---@param files difkit.Import[] whose observations are gathered
---@param fiscal? string
function merge.gather(db, files, fiscal)
   db:exec "CREATE TEMP TABLE import_file (id TEXT, name TEXT)"
   db:exec("CREATE TEMP TABLE incoming " .. INCOMING)
   for _, found in ipairs(files) do
      local maps = merge.maps(found, fiscal)
      db:exec("INSERT INTO temp.import_file VALUES (?, ?)", merge.file_id(found), found.file:match "[^/]+$")
      local taken = found.observations:into(db, taking "temp.incoming", maps, merge.file_id(found))
      if taken < #found.observations then check_other(db, found, maps) end
   end
end

---Takes the observations of one file into a table that has none of its indicators, and so none of them.
---@param db difkit.Database
---@param target string
---@param found difkit.Import whose observations are gathered
---@param maps table of merge.maps
---@return {new: integer, same: integer, changed: integer}
function merge.direct(db, target, found, maps)
   return {new = found.observations:into(db, taking(target), maps, merge.file_id(found)), same = 0, changed = 0}
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
   local joined = ("%s JOIN %s AS o ON %s"):format(GATHERED, target, KEY)
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
      CAST(i.period AS TEXT) AS at, i.value AS value, o.value AS old FROM %s JOIN %s AS o ON %s
      JOIN (SELECT DISTINCT id, name FROM temp.import_file) AS f ON f.id = i.source_file_id
      WHERE %s ORDER BY 4, 3, 5 LIMIT ?]]):format(GATHERED, target, KEY, DIFFERS)), most) do
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
   local columns = merge.COLUMNS
   local values = "i." .. columns:gsub(", ", ", i.")
   if replaced > 0 then
      db:exec(merge.temporary(db, ([[INSERT INTO %s (%s) SELECT %s FROM %s JOIN %s AS o ON %s WHERE %s
         ON CONFLICT (indicator_id, unit_id, period) DO UPDATE SET value = excluded.value, flag = excluded.flag,
         source = NULL, origin = NULL, source_file_id = excluded.source_file_id, place = excluded.place,
         note = excluded.note]]):format(target, columns, values, GATHERED, target, KEY, DIFFERS)))
   end
   if compared.new > 0 then
      db:exec(merge.temporary(db, ("INSERT INTO %s (%s) SELECT %s FROM %s WHERE true ON CONFLICT DO NOTHING"):format(
         target, columns, values, GATHERED)))
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
