--- Opening data: the database that the command line names, a file, folders of YAML, or the bundled framework.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit
local difkit = {}

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
   require("difkit.illustrative").met(db)
   return source == nil and require("difkit.proof").data(db) or db
end

return difkit.open
