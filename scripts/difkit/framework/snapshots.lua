--- Snapshots: what the data were at some time, kept as a database beside others, to compare with later.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit.Database
local Database = core.database

--- The file and the label that `name` means: a path that ends in .db, or a label.
local function place_of(name, folder)
   if name:find "%.db$" then
      local path = folder and folder .. "/" .. name or name
      return path, name:match "([^/]+)%.db$"
   end
   if not name:find "^[%w_][%w_. +-]*$" then return nil end
   return (folder and folder .. "/" or "") .. name .. ".db", name
end

---@class difkit.SnapshotOptions
---@field folder? string where, default the current folder, or below `--out`
---@field date? string default `difkit.today()`
---@field label? string default the name
---@field replace? boolean replaces a snapshot that holds other records
---@field before? fun(): any, string?, string? what is to be done before the snapshot takes its place

--- Takes a snapshot; what `db:snapshot` gives.
local function take(db, name, options)
   errors.check("snapshot", "name", name, "string")
   options = errors.options("snapshot", options, {"folder", "date", "label", "replace", "before"})
   errors.check("snapshot", "before", options.before, "function", "optional")
   local path, label = place_of(name, options.folder)
   if not path then
      errors.raise(('snapshot: "%s" cannot be a label'):format(name),
         "letters, digits, spaces and . _ - +, or a path that ends in .db")
   end
   local date = require("difkit.today")(options.date)
   local target, refusal, code = core.output_path(path)
   if not target then return nil, refusal, code end
   if not options.replace then
      local old = core.open_file(target, false)
      if old then
         local digest = old:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
         old:close()
         if digest == core.content_digest(db) then
            if options.before then
               local done, problem, kind = options.before()
               if not done then return nil, problem, kind end
            end
            return target, nil, nil, true
         end
         local message = "the snapshot %s exists and holds other records; choose another label, or replace it"
         return nil, message:format(path), "exists"
      end
   end
   local done, message, kind = core.snapshot(db, path, options.label or label, date, options.before)
   if not done then return nil, message, kind end
   return target
end

---A consistent copy of the database as it is now, in a file that appears whole or not at all. The copy carries the
---label and a date in `meta`. A snapshot of that name that holds the same records is left as it is; one that holds
---others gives nil, a message and the code "exists", unless `replace`. `before` is a function that is called when the
---copy is complete and has not yet taken its place: where it fails, or gives nil, a message and a code, there is no
---snapshot, and what it gave is the result. So two files appear both or not at all.
---
---```lua
---local path = assert(db:snapshot("2026-03", {date = "2026-03-31"}))
---print(path) --> 2026-03.db
---```
---@param name string a label such as 2026-03, or a path that ends in .db
---@param options? difkit.SnapshotOptions
---@return string|nil path
---@return string|nil message
---@return string|nil code
---@return boolean|nil kept true when it was there already
function Database:snapshot(name, options)
   local path, message, code, same = take(self, name, options)
   if same then return path, nil, nil, same end
   if path then return path end
   require("difkit.condition").dropped("snapshot", message)
   return nil, message, code
end

---@class difkit
local difkit = {}

--- The row of a snapshot; nil for a database that is none.
local function described(db, path)
   local meta = {}
   for row in db:query("SELECT key, value FROM meta"):rows() do meta[row[1]] = row[2] end
   local actions = db:query("SELECT count(*) FROM action"):value()
   return meta.snapshot_label and {label = meta.snapshot_label, date = meta.snapshot_date,
      digest = meta.content_digest, actions = actions, path = path}
end

---The snapshots in a folder, oldest first: columns `label`, `date`, `digest` (of the records), `actions`, `path`,
---`problem` (why a file named as one cannot be read; its label and date are then those of its name).
---Without a folder: those below `--out`. A folder that is not there has none.
---
---```lua
---for snapshot in difkit.snapshots("no-such-folder"):rows() do print(snapshot.label, snapshot.date) end
---```
---@param folder? string
---@return difkit.Table|nil
---@return string|nil message
---@return string|nil code
function difkit.snapshots(folder)
   errors.check("difkit.snapshots", "folder", folder, "string", "optional")
   if not folder then
      local out, refusal, kind = core.output_path "."
      if not out then return nil, refusal, kind end
      folder = out:gsub("/%.$", "")
   end
   local names, message, code = core.list_folder(folder, ".db")
   local rows = {}
   if not names and code ~= "io" then return nil, message, code end
   for _, name in ipairs(names or {}) do
      local path = folder .. "/" .. name
      local db, problem = core.open_file(path, false)
      if db then
         local read, row = pcall(described, db, path)
         db:close()
         if read then rows[#rows + 1] = row or nil else problem = row.message or tostring(row) end
      end
      if problem then
         rows[#rows + 1] = {label = name:match "^(.*)%.db$", date = name:match "^(%d%d%d%d%-%d%d%-%d%d)%.db$",
            path = path, problem = problem}
      end
   end
   return require("difkit.table")({"label", "date", "digest", "actions", "path", "problem"}, rows):sort("date", "label")
end

return difkit.snapshots
