--- `difkit run`: runs a script and shows what it returns.
local core = require "difkit.core"
local show = require "difkit.command.show"

---`given`: the script (text, name, chunk) and its arguments, `code` when the text stands on the command line; `format`
---and `output`, if what it returns is `maybe` a table; `template` for documents.
return function(given)
   if given.template then
      core.allow_read(given.template)
      require("difkit.report.docx").template = given.template
   end
   given.code, given.silent = given.code and true, given.silent or given.no_proof
   show.values(require("difkit.script.run").values(given), given)
end
