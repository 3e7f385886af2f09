--- difkit: a data toolkit for policy frameworks. This file opens databases and loads the rest of the library on first
--- use.
local core = require "difkit.core"
local errors = require "difkit.error"

---The library, as `require "difkit"` returns it. Its parts load when they are first used.
---@class difkit
---@field _VERSION string version of the toolkit, such as "0.2.0"
---@field null difkit.null stands for a missing value (SQL NULL) where nil cannot stand: in filters and lists
---@field table difkit.table tables: `difkit.table(columns, rows)`
---@field text difkit.text text as people see it
---@field error difkit.error how the library raises mistakes
---@field json difkit.json JSON in and out
---@field yaml difkit.yaml YAML in
---@field help fun(subject: any): string help on a function, a class or a word
local difkit = {_VERSION = core.version}

--- The public parts of the library and where each stands: difkit.NAME is what `require "difkit.NAME"` returns.
local parts = {
   agreement = "difkit.framework.agreement", calendar = "difkit.framework.calendar", chart = "difkit.chart",
   contradictions = "difkit.framework.contradictions", csv = "difkit.format.csv", diff = "difkit.diff",
   error = "difkit.error", export = "difkit.format.export", gaps = "difkit.framework.gaps",
   help = "difkit.script.help", import = "difkit.import", index = "difkit.index",
   json = "difkit.format.json", links = "difkit.framework.links", lock = "difkit.lock",
   material = "difkit.diff.material", measures = "difkit.framework.measures", meter = "difkit.meter",
   overlap = "difkit.framework.overlap", registers = "difkit.framework.registers", report = "difkit.report",
   script = "difkit.script",
   snapshots = "difkit.framework.snapshots", sorted = "difkit.sorted", sql = "difkit.sql",
   sssom = "difkit.framework.sssom", strm = "difkit.framework.strm", succession = "difkit.framework.succession",
   survey = "difkit.survey", table = "difkit.table",
   text = "difkit.text", today = "difkit.today",
   writable = "difkit.writable", yaml = "difkit.format.yaml",
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

difkit.open = require "difkit.open"

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
