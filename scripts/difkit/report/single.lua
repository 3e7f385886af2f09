--- A table as a page of its own: what `table:write "name.html"` writes.
local core = require "difkit.core"
local reports = require "difkit.report"

return function(t, path, options)
   local report = reports.new {title = options.title or t.title or "Table"}
   report:table(t, {title = false})
   return core.write_file(path, report:html())
end
