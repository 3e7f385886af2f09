--- SDMX-JSON, JSON-stat, OSCAL, Data Packages and other JSON.
local difkit = require "difkit"

return {ending = ".json", read = function(path, text)
   pcall(difkit.json.decode, text)
   difkit.import(path)
end}
