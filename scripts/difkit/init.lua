--- difkit: a data toolkit for policy frameworks. This file opens databases and loads the rest of the library on first
--- use.
local core = require "difkit.core"
local errors = require "difkit.error"

---The library, as `require "difkit"` returns it. Its parts load when they are first used.
---@class difkit
---@field _VERSION string version of the toolkit, such as "0.1.0"
---@field null difkit.null stands for a missing value (SQL NULL) where nil cannot stand: in filters and lists
---@field table difkit.table tables: `difkit.table(columns, rows)`
---@field text difkit.text text as people see it
---@field error difkit.error how the library raises mistakes
---@field json difkit.json JSON in and out
---@field help fun(subject: any): string help on a function, a class or a word
local difkit = {_VERSION = core.version}

--- The public parts of the library and where each stands: difkit.NAME is what `require "difkit.NAME"` returns.
local parts = {
   agreement = "difkit.framework.agreement", calendar = "difkit.framework.calendar", chart = "difkit.chart",
   contradictions = "difkit.framework.contradictions", csv = "difkit.format.csv", diff = "difkit.diff",
   error = "difkit.error", export = "difkit.format.export", gaps = "difkit.framework.gaps",
   help = "difkit.script.help", index = "difkit.index",
   json = "difkit.format.json", links = "difkit.framework.links", lock = "difkit.lock",
   material = "difkit.diff.material", measures = "difkit.framework.measures", meter = "difkit.meter",
   overlap = "difkit.framework.overlap", report = "difkit.report", script = "difkit.script",
   snapshots = "difkit.framework.snapshots", sorted = "difkit.sorted", sql = "difkit.sql",
   sssom = "difkit.framework.sssom", table = "difkit.table", text = "difkit.text", today = "difkit.today",
   writable = "difkit.writable",
}
for name, place in pairs(parts) do
   local public = "difkit." .. name
   if place ~= public then package.preload[public] = function() return require(place) end end
end

---A missing value, for where nil cannot stand: `where{note = difkit.null}`, or a list that has gaps.
---
---```lua
---print(db:from "action":where("note", "!=", difkit.null):count() > 0) --> true
---```
---@class difkit.null
difkit.null = require("difkit.sql").null

local function open(source, write)
   local paths = {}
   if source == nil then
      local prepared = core.prepared
      if prepared and not write then
         core.prepared = nil
         return prepared
      end
      if core.default_database then paths[1] = core.default_database end
      if core.overlay and #core.overlay > 0 then
         if not paths[1] then paths[1] = "@bundled" end
         paths[#paths + 1] = "@over"
         for _, path in ipairs(core.overlay) do paths[#paths + 1] = path end
      end
      if #paths == 0 then return core.open_bundled(write) end
   elseif type(source) == "string" then
      paths[1] = source
   else
      for i, path in ipairs(source) do
         errors.check("difkit.open", ("source[%d]"):format(i), path, "string")
         paths[i] = path
      end
      if #paths == 0 then errors.raise("difkit.open: the list of sources is empty") end
   end
   if #paths == 1 and paths[1] == "@bundled" then return core.open_bundled(write) end
   if #paths == 1 and core.is_database(paths[1]) then return core.open_file(paths[1], write) end
   for _, path in ipairs(paths) do
      if core.is_database(path) then
         local message = "%s: a database cannot be laid together with other data; give the YAML it was loaded from"
         return nil, message:format(path), "usage"
      end
   end
   return core.load(paths, write)
end

---Opens data. Without a source: what `--db` and `--with` name, else the bundled framework of ASEAN digital integration.
---A name that ends in .db, .sqlite or .sqlite3 is a database made by `difkit load`; a folder, a YAML file, or a list of
---them is loaded into memory ("@bundled" in a list stands for the bundled data).
---What cannot be opened is no error: the result is then nil, a message, a code and, for faulty data, the findings.
---
---```lua
---local asean = difkit.open()
---print(asean:from "document":count())             --> 5
---local db, message = difkit.open "no-such-folder"
---print(db)                                         --> nil
---```
---@param source? string|string[] a database, a folder, a YAML file, or several
---@param options? {write?: boolean} `write = true`: the script may change the data
---@return difkit.Database|nil db
---@return string|nil message
---@return string|nil code
---@return table|nil findings
function difkit.open(source, options)
   errors.check("difkit.open", "source", source, "string", "table", "optional")
   options = errors.options("difkit.open", options, {"write"})
   local db, message, code, findings = open(source, options.write and true or false)
   if not db then
      require("difkit.condition").note("difkit.open", message)
      return nil, message, code, findings
   end
   return source == nil and require("difkit.provenance.proof").data(db) or db
end

---The options of the running script, typed and with defaults, as the script's header declares them.
---Under `difkit run` they come from the command line, in plain Lua from `arg`. The same table is passed to the script
---as `...`.
---
---```lua
---local options = difkit.options()
---print(type(options)) --> table
---```
---@return table<string, any> options
function difkit.options()
   return require("difkit.script").running()
end

--- What a misspelt name could have been meant for.
local function names()
   local all = {"options", "open", "null", "_VERSION"}
   for name in pairs(parts) do all[#all + 1] = name end
   table.sort(all)
   return all
end

setmetatable(difkit, {
   __index = function(self, name)
      local place = parts[name]
      if place then
         local found, part = pcall(require, place)
         if found then
            rawset(self, name, part)
            return part
         end
         if not tostring(part):find("module '" .. place .. "' not found", 1, true) then error(part, 0) end
         errors.raise(("difkit.%s is not installed"):format(name))
      end
      errors.raise(('difkit has no field "%s"'):format(tostring(name)), errors.hint(name, names()))
   end,
   __tostring = function() return "difkit " .. difkit._VERSION end,
   __name = "difkit",
   __metatable = "difkit",
})

require "difkit.lazy"

return difkit
