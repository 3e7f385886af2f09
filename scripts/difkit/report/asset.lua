--- Style sheets and scripts of pages. They stand in report/assets as files that editors and linters know, each below a
--- comment that says what it is for, and which pages do without.
local core = require "difkit.core"

--- The text of a file of report/assets.
return function(name)
   local text = core.library_text("difkit/report/assets/" .. name)
   return (text:gsub("^/%*.-%*/\n", ""))
end
