--- A workbook, an OpenDocument spreadsheet or another archive.
local difkit = require "difkit"

return {ending = ".xlsx", read = function(path) difkit.import(path) end}
