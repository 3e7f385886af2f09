--- SDMX-ML, OSCAL and other XML.
local difkit = require "difkit"

return {ending = ".xml", read = function(path) difkit.import(path) end}
