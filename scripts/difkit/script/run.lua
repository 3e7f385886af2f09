--- Runs a script with its options, and takes what it returns: for `difkit run`, and for the commands that run scripts
--- to look at what they give.
local core = require "difkit.core"

local run = {}

local codes = {data = "data", usage = "usage", limit = "limit", script = "script", io = "io", locked = "locked"}

--- Raises a condition of the world (nil, message, code) as the error that ends the command.
function run.check(value, message, code)
   if value == nil then core.raise(codes[code] or code and "usage" or "io", message) end
   return value
end

local check = run.check

--- A table made of what a script returned, if it can be: a table, a query, a result.
function run.table_of(value)
   local kind = getmetatable(value)
   if kind == "difkit.Table" then return value end
   if kind == "difkit.Query" or kind == "difkit.Result" then return value:table() end
end

--- The data of an index that the command line names as a YAML file, where it says that they stand beside it: a path
--- below the folder of the file.
local function data_beside(path)
   local index = path:find "%.ya?ml$" and core.read_yaml(path)
   if type(index) == "table" and type(index.index) == "table" then index = index.index end
   local data = type(index) == "table" and index.children ~= nil and index.data
   if type(data) ~= "string" or data:find "^/" or ("/" .. data .. "/"):find("/../", 1, true) then return nil end
   return (path:match "^(.*/)" or "") .. data
end

--- Lets the script read the files that the command line names in its options of type `path`; a default of the script's
--- own does not count. A stock script may also read the data of an index.
local function allow_paths(given, options)
   local header = require("difkit.script").header(given.text, given.name)
   for _, list in ipairs {header.options, header.arguments} do
      for _, option in ipairs(list) do
         local value = option.type == "path" and options[option.name:gsub("-", "_")]
         for _, path in ipairs(type(value) == "table" and value or {value or nil}) do
            if path ~= option.default and type(option.default) ~= "table" then
               core.allow_read(path)
               local data = given.chunk:find "^@stock:" and data_beside(path)
               if data then core.allow_read(data) end
            end
         end
      end
   end
end

--- Runs a script: `text`, its `name` and chunk name, its `arguments`; gives what it returns, as table.pack does. Of
--- `format` and `output` only the record of the run is told.
--- `code`: the text stands on the command line, an expression is taken for what to return.
function run.values(given)
   local text = given.text
   if given.code then
      local expression = "return " .. text
      text = "local difkit = require 'difkit'; " .. (load(expression, "=-e", "t") and expression or text)
   end
   -- Data that the command line names are opened here: that they cannot be is no error of the script. The script's own
   -- difkit.open() is given them.
   local function prepared()
      core.prepared = core.prepared or check(require "difkit.open"())
      return core.prepared
   end
   if core.default_database or #core.overlay > 0 then prepared() end
   require("difkit.proof").begin{
      name = given.name, stock = given.chunk:find "^@stock:" ~= nil, text = given.text, code = given.code,
      arguments = given.arguments, output = given.output and given.output:match "[^/]+$", format = given.format,
      date = given.date, trust = given.trust, silent = given.silent,
   }
   core.chunk_text = {[given.chunk] = text} -- for messages about lines of it
   core.explain = function(...) return require("difkit.script.slips").explain(...) end
   local options = check(require("difkit.script").start(given.name, text, given.arguments, prepared, given.options))
   allow_paths(given, options)
   return table.pack(core.run_chunk(text, given.chunk, options))
end

return run
