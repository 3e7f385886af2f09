--- A table as a page or a document of its own: what `table:write "name.html"` and `table:write "name.docx"` write. It
--- is called after what the script says that it is about, and carries the digest of the data.
local proof = require "difkit.proof"
local refused = require "difkit.format.refused"
local reports = require "difkit.report"

return function(t, path, options)
   refused(t)
   local report = reports.new {title = options.title or t.title or proof.title() or "Table"}
   report:table(t, {title = false})
   return report:write(path)
end
