--- Two states of the data, compared record by record: what was added, removed, changed or renamed.
--- Both sides are read in the order of their keys and merged, so that a million observations need no more memory than
--- their differences. Where a record stands in its file (origin) is no part of it.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"

---What `difkit.diff` gives.
---@class difkit.Diff
---@field changes difkit.Change[] in the order of the data model, then of the keys
---@field old {source: string, digest: string|nil}
---@field new {source: string, digest: string|nil}
---@field movement difkit.Table|nil how scores and ranks moved, as `difkit.index.movement` gives it
---@field problem string|nil why the scores of the index that the data carry cannot be compared
local Diff, diff_events = class "difkit.Diff"

---One record that differs. `kind` is `added`, `removed`, `changed`, `renamed` (the new data redirect its id to
---another), `split` (to several) or `merged` (to one that was there before).
---@class difkit.Change
---@field entity string name of the table, such as "action"
---@field id string the key as text; several columns with "/" between
---@field key table<string, any> the key by column
---@field kind string
---@field to string|nil the new id of one that was renamed, split or merged
---@field fields {field: string, old: any, new: any}[] what changed
---@field record table<string, any> the record, of the new data where it is there


-- Reading ----------------------------------------------------------------------------------------------------------

--- Fields of an entity, and the positions of those that tell its records apart.
local function shape_of(entity)
   local names, key, apart = {}, {}, {}
   for i, field in ipairs(entity.fields) do
      names[i] = field.name
      if field.primary then key[#key + 1] = i end
      if field.apart then apart[#apart + 1] = i end
   end
   if #key == 0 then key = apart end
   return names, key
end

--- The entities of two sides, each of which may declare tables of its own: those of the new side, then what the old one
--- alone has, with `in_old` and `in_new`, the columns that each side has.
local function entities_of(old_db, new_db)
   local list, by_name = {}, {}
   local function add(db, side)
      for _, entity in ipairs(core.schema(db)) do
         local known = by_name[entity.name] or {name = entity.name, fields = {}, in_old = {}, in_new = {}}
         if not by_name[entity.name] then list[#list + 1] = known end
         by_name[entity.name] = known
         for _, field in ipairs(entity.fields) do
            if not known.in_old[field.name] and not known.in_new[field.name] then
               known.fields[#known.fields + 1] = field
            end
            known[side][field.name] = true
         end
      end
   end
   add(new_db, "in_new")
   add(old_db, "in_old")
   return list
end

--- A side without the table has no rows, one without a column no values in it.
local function ordered_rows(db, entity, has, names, key)
   if next(has) == nil then return function() end end
   local sql = require "difkit.sql"
   local quoted, order = {}, {}
   for i, name in ipairs(names) do quoted[i] = has[name] and sql.quote(name) or "NULL" end
   for i, position in ipairs(key) do order[i] = ("%s NULLS FIRST"):format(quoted[position]) end
   return db:query(("SELECT %s FROM %s ORDER BY %s"):format(table.concat(quoted, ", "), sql.quote(entity.name),
      table.concat(order, ", "))):rows()
end

--- The order of the database: missing values, numbers, texts by their bytes.
local rank = {["nil"] = 1, number = 2, string = 3}

local function compare(a, b, key)
   for _, i in ipairs(key) do
      local x, y = a[i], b[i]
      if x ~= y then
         local kind_x, kind_y = type(x), type(y)
         if kind_x ~= kind_y then return rank[kind_x] < rank[kind_y] and -1 or 1 end
         return x < y and -1 or 1
      end
   end
   return 0
end

local function shown(value)
   if value == nil then return "–" end
   return type(value) == "number" and core.number_text(value) or value
end

local function id_of(row, key)
   local parts = {}
   for i, position in ipairs(key) do parts[i] = shown(row[position]) end
   return table.concat(parts, "/")
end

--- Where the new data lead ids that are no longer used: id -> list of ids, chains followed.
local function redirects_of(db)
   local direct, all = {}, {}
   for row in db:query("SELECT from_id, to_id FROM redirect ORDER BY from_id, to_id"):rows() do
      direct[row[1]] = direct[row[1]] or {}
      table.insert(direct[row[1]], row[2])
   end
   local function follow(id, out, seen)
      if seen[id] then return end
      seen[id] = true
      for _, to in ipairs(direct[id] or {}) do
         if direct[to] then follow(to, out, seen) else out[#out + 1] = to end
      end
   end
   for id in require("difkit.sorted")(direct) do
      all[id] = {}
      follow(id, all[id], {})
   end
   return all
end

-- Comparing --------------------------------------------------------------------------------------------------------

--- The old row in terms of the new ids: redirected ids that have one successor are replaced.
local function translated(row, entity, redirects)
   if next(redirects) == nil then return row end
   local out
   for i, field in ipairs(entity.fields) do
      local to = (field.reference or field.name == "id") and redirects[row[i]]
      if to and #to == 1 then
         out = out or table.move(row, 1, #entity.fields, 1, {})
         out[i] = to[1]
      end
   end
   return out or row
end

local function record_of(row, names)
   local record = {}
   for i, name in ipairs(names) do record[name] = row[i] end
   return record
end

local function key_fields(row, names, key)
   local fields = {}
   for _, i in ipairs(key) do fields[names[i]] = row[i] end
   return fields
end

--- The fields in which two rows differ; `was` is the old row in the new ids.
local function differences(old, was, new, names, key)
   local in_key = {}
   for _, i in ipairs(key) do in_key[i] = true end
   local fields = {}
   for i, name in ipairs(names) do
      if not in_key[i] and was[i] ~= new[i] then
         fields[#fields + 1] = {field = name, old = old[i], new = new[i]}
      end
   end
   return fields
end

--- Whether two rows hold the same in all columns.
local function same(a, b, width)
   for i = 1, width do
      if a[i] ~= b[i] then return false end
   end
   return true
end

--- Merges the two sides of one entity: what is only in one, and what differs.
local function merge(entity, old_db, new_db, redirects, names, key)
   local removed, added, changed = {}, {}, {}
   local next_old = ordered_rows(old_db, entity, entity.in_old, names, key)
   local next_new = ordered_rows(new_db, entity, entity.in_new, names, key)
   local old, new = next_old(), next_new()
   while old or new do
      local order = not old and 1 or not new and -1 or compare(old, new, key)
      if order < 0 then
         removed[#removed + 1] = old
         old = next_old()
      elseif order > 0 then
         added[#added + 1] = new
         new = next_new()
      else
         local was = translated(old, entity, redirects)
         local fields = same(was, new, #names) and {} or differences(old, was, new, names, key)
         if #fields > 0 then changed[#changed + 1] = {row = new, fields = fields} end
         old, new = next_old(), next_new()
      end
   end
   return removed, added, changed
end

local function exists(db, entity, id)
   return db:query(("SELECT 1 FROM %s WHERE id = ?"):format(require("difkit.sql").quote(entity)), id):value() ~= nil
end

--- What became of a record that is gone, by the redirects of the new data; nil when it was removed.
local function fate_of(entity, row, names, redirects, new_db)
   local to = names[1] == "id" and redirects[row[1]]
   if not to then return nil end
   for _, id in ipairs(to) do
      if not exists(new_db, entity.name, id) then return nil end
   end
   return #to > 1 and "split" or "merged", table.concat(to, ", ")
end

local function compare_entity(entity, old_db, new_db, redirects, add)
   local names, key = shape_of(entity)
   local removed, added, changed = merge(entity, old_db, new_db, redirects, names, key)
   local added_by_id, taken = {}, {}
   for _, row in ipairs(added) do added_by_id[id_of(row, key)] = row end
   local list = {}
   local function note(kind, row, id, fields, to, old)
      list[#list + 1] = {
         entity = entity.name, id = id, key = key_fields(old or row, names, key), kind = kind, to = to,
         fields = fields or {}, record = record_of(row, names), row = row,
      }
   end
   for _, old in ipairs(removed) do
      local was = translated(old, entity, redirects)
      local id, new_id = id_of(old, key), id_of(was, key)
      local new = new_id ~= id and not taken[new_id] and added_by_id[new_id]
      if new then
         taken[new_id] = true
         local fields = differences(old, was, new, names, key)
         if names[1] == "id" then note("renamed", new, id, fields, new_id, old)
         elseif #fields > 0 then note("changed", new, new_id, fields) end
      else
         local kind, to = fate_of(entity, old, names, redirects, new_db)
         note(kind or "removed", old, id, nil, to)
      end
   end
   for _, row in ipairs(added) do
      local id = id_of(row, key)
      if not taken[id] then note("added", row, id) end
   end
   for _, change in ipairs(changed) do note("changed", change.row, id_of(change.row, key), change.fields) end
   table.sort(list, function(a, b)
      local order = compare(a.row, b.row, key)
      if order ~= 0 then return order < 0 end
      return a.id < b.id
   end)
   for _, change in ipairs(list) do
      change.row = nil
      add(change)
   end
end

-- The result -------------------------------------------------------------------------------------------------------

---Whether nothing differs.
---
---```lua
---print(difkit.diff("@bundled", "@bundled"):same()) --> true
---```
---@return boolean
function Diff:same() return #self.changes == 0 end

local kinds = {"added", "removed", "changed", "renamed", "split", "merged"}

---How many records differ, by table: columns `entity`, `added`, `removed`, `changed`, `renamed` (split and merged
---records count as renamed). Tables in which nothing differs have no row.
---
---```lua
---print(#difkit.diff("@bundled", "@bundled"):counts()) --> 0
---```
---@return difkit.Table
function Diff:counts()
   local rows, by_name = {}, {}
   for _, change in ipairs(self.changes) do
      local row = by_name[change.entity]
      if not row then
         row = {change.entity, 0, 0, 0, 0}
         by_name[change.entity] = row
         rows[#rows + 1] = row
      end
      for i, kind in ipairs(kinds) do
         if kind == change.kind then row[math.min(i, 4) + 1] = row[math.min(i, 4) + 1] + 1 end
      end
   end
   return require("difkit.table")({"entity", "added", "removed", "changed", "renamed"}, rows)
end

---All differences as a table: columns `entity`, `id`, `change`, `to`, `field`, `old`, `new`, and `label`, which tells
---the record by its title, words, status or value; a changed record has a row for each field, any other one row.
---
---```lua
---local old, new = difkit.open(), difkit.open(nil, {write = true})
---new:exec "UPDATE topic SET title = 'Safety online' WHERE id = 'cybersecurity'"
---local row = difkit.diff(old, new):table()[1]
---print(row.entity, row.id, row.field, row.old, row.new) --> topic	cybersecurity	title	Cybersecurity	Safety online
---```
---@return difkit.Table
function Diff:table()
   local rows = {}
   for _, change in ipairs(self.changes) do
      for i = 1, math.max(1, #change.fields) do
         local field = change.fields[i] or {}
         rows[#rows + 1] = {change.entity, change.id, change.kind, change.to, field.field, field.old, field.new,
            require("difkit.diff.text").label(change)}
      end
   end
   return require("difkit.table")({"entity", "id", "change", "to", "field", "old", "new", "label"}, rows)
end

---The differences as text for people: counts, scores and ranks that moved, then the changes, long texts word by word,
---`[-gone-]` and `{+new+}`.
---
---```lua
---print(difkit.diff("@bundled", "@bundled"):text()) --> @bundled and @bundled hold the same records.
---```
---@param options? {limit?: integer} at most so many changes of each kind in a table, default 20; 0 for all
---@return string
function Diff:text(options)
   return require("difkit.diff.text").text(self, errors.options("diff:text", options, {"limit"}))
end

---The differences as JSON text.
---
---```lua
---print((difkit.diff("@bundled", "@bundled"):json():match '"same": %a+')) --> "same": true
---```
---@return string
function Diff:json()
   return require("difkit.diff.text").json(self)
end

function diff_events.__tostring(diff) return Diff.text(diff) end

--- A side of the comparison: an open database, or what difkit.open takes. The third value is what to close.
local function side(name, source)
   if type(source) == "string" or type(source) == "table" then
      local db, message, code, findings = require "difkit.open"(source)
      if not db then return nil, message, code, findings end
      return db, type(source) == "string" and source or table.concat(source, " + "), db
   end
   if getmetatable(source) ~= "difkit.Database" then
      errors.raise(("difkit.diff: %s must be a database or what difkit.open takes, not %s"):format(name,
         errors.show(source)))
   end
   return source, source:path()
end

local function digest_of(db)
   return db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
end

--- How scores moved: the table, or nothing, or nil, a message and a code.
local function follow(old_db, new_db, given)
   local index = require "difkit.index"
   if given == nil then given = index.carried(new_db) end
   if given then return index.movement(old_db, new_db, given) end
end

---@class difkit
local difkit = {}

---Compares two states of the data: open databases, or what `difkit.open` takes ("@bundled" for the bundled data).
---Records are the same when their ids are; one whose id the new data redirect to another is renamed, not removed and
---added. What cannot be opened gives nil, a message and a code.
---Where records differ, the diff also says how scores and ranks moved: those of `index`, else of the index that the
---data carry (`difkit.index.carried`); `index = false` leaves this out.
---
---```lua
---local old, new = difkit.open(), difkit.open(nil, {write = true})
---new:exec "UPDATE action SET text = 'Ratify the ATIGA.' WHERE id = 'DIFAP.TF.1'"
---local change = difkit.diff(old, new).changes[1]
---print(change.kind, change.id, change.fields[1].field) --> changed	DIFAP.TF.1	text
---```
---@param old difkit.Database|string|string[]
---@param new difkit.Database|string|string[]
---@param options? {index?: difkit.Index|table|string|false} the index to follow: a spec or its path
---@return difkit.Diff|nil diff
---@return string|nil message
---@return string|nil code
---@return table|nil findings
function difkit.diff(old, new, options)
   options = errors.options("difkit.diff", options, {"index"})
   local old_db, old_name, close_old, findings = side("old", old)
   if not old_db then return nil, old_name, close_old, findings end
   local new_db, new_name, close_new, new_findings = side("new", new)
   if not new_db then
      if close_old then close_old:close() end
      return nil, new_name, close_new, new_findings
   end
   local diff = {
      changes = {},
      old = {source = old_name, digest = digest_of(old_db)},
      new = {source = new_name, digest = digest_of(new_db)},
   }
   local redirects = redirects_of(new_db)
   for _, entity in ipairs(entities_of(old_db, new_db)) do
      if entity.name ~= "meta" then
         compare_entity(entity, old_db, new_db, redirects, function(change)
            diff.changes[#diff.changes + 1] = change
         end)
      end
   end
   local code
   if #diff.changes > 0 or options.index then
      diff.movement, diff.problem, code = follow(old_db, new_db, options.index)
   end
   if close_old then close_old:close() end
   if close_new then close_new:close() end
   if diff.problem and options.index then return nil, diff.problem, code end
   return setmetatable(diff, diff_events)
end

return difkit.diff
