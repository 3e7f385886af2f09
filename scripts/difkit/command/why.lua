--- `difkit why`: prints where a cell of a published file comes from.
local core = require "difkit.core"

---`given`: `file`, `cell`, `json`; `script` (text, name, chunk) and `arguments` when the file does not say itself.
return function(given)
   local again = require("difkit.provenance.rerun").run(given, require "difkit.command.run")
   local why = require "difkit.provenance.why"
   local answer = why.answer(again, given.cell)
   core.write_output((given.json and why.json(again, answer) or why.text(again, answer)) .. "\n")
   return true
end
