--- Scripts: their headers (header.lua), the options they are run with (options.lua), their help (usage.lua), and the
--- one that runs.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit.script
local script = {}

for _, part in ipairs {"header", "options", "usage"} do
   for name, member in pairs((require("difkit.script." .. part))) do script[name] = member end
end

local running

--- Begins the run of a script: reads its header and its command line. What difkit.options() then gives.
--- nil, message and code for a wrong header or command line.
function script.start(name, text, arguments, open, also)
   local header, message, code = script.header(text, name)
   if not header then return nil, message, code end
   local options
   options, message, code = script.read(header, arguments, open, also)
   if not options then return nil, message, code end
   running = options
   return options, header
end

--- The options of the running script. In plain Lua they are read from `arg` and the script's own file.
function script.running()
   if running then return running end
   local arguments = rawget(_G, "arg")
   local file = type(arguments) == "table" and type(arguments[0]) == "string" and arguments[0]
   local text = file and core.read_file(file)
   if not text then
      running = {}
      return running
   end
   local name = file:match "([^/]+)$":gsub("%.lua$", "")
   local list = table.move(arguments, 1, #arguments, 1, {})
   local options, message, code = script.start(name, text, list)
   if not options then errors.raise(message, nil, code) end
   return options
end

---The headers of the stock scripts, by name.
---
---```lua
---for _, header in ipairs(difkit.script.stock()) do assert(header.description ~= "") end
---```
---@return difkit.Header[]
function script.stock()
   local headers = {}
   for _, file in ipairs(core.library_names()) do
      local name = file:match "^stock/([^/]+)%.lua$"
      if name then headers[#headers + 1] = assert(script.header(core.library_text(file), name)) end
   end
   return headers
end

return script
