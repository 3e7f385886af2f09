--- YAML in.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit.yaml
local yaml = {}

---Reads a YAML file: mappings and lists as tables, plain scalars as numbers, true, false and nil where they look so.
---One document; anchors and tags are refused, as in the data of a framework. What cannot be read gives nil, a message
---with the place, and a code.
---
---```lua
---local value, message = difkit.yaml.read "no-such-file.yaml"
---print(value) --> nil
---```
---@param path string
---@return any value
---@return string|nil message
---@return string|nil code
function yaml.read(path)
   errors.check("yaml.read", "path", path, "string")
   local value, message, code = core.read_yaml(path)
   if code then
      require("difkit.condition").note("yaml.read", message)
      return nil, message, code
   end
   return value
end

return yaml
