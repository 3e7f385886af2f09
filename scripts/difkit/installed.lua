--- What stands beside the program: the guides and examples, and the engine for pages, in the source tree or where an
--- installation puts them.
local core = require "difkit.core"

local installed = {}

--- The text of a file below the first of these folders around the program that has it, and that folder; or nil.
local function first(name, ...)
   local program = core.system().program
   local here = program and program:match "^(.*)/[^/]*$"
   for _, around in ipairs(here and {...} or {}) do
      local file = io.open(("%s/%s/%s"):format(here, around, name), "rb")
      if file then
         local text = file:read "a"
         file:close()
         return text, ("%s/%s"):format(here, around)
      end
   end
   return nil
end

--- The folder that holds README.md, scripts/guide and examples; nil where they are not installed.
function installed.guides()
   local text, folder = first("scripts/guide/GUIDE.md", "../..", "../share/doc/difkit")
   return text and folder
end

--- The script that holds the engine (core/engine/README.md), or nil and a message that says how it is made.
function installed.engine()
   local text = first("difkit-engine.js", "../wasm", "../share/difkit/engine")
   if text then return text end
   return nil, "the engine for pages is not installed with this difkit; .ci/wasm in its sources builds it"
end

return installed
