--- `difkit workbench`: difkit as one page.
local core = require "difkit.core"
local check = require("difkit.script.run").check

---`given`: the file as `output`.
return function(given)
   if not given.output then
      core.raise("usage", "workbench: into which file?", "usage: difkit workbench -o difkit.html")
   end
   local engine, message = require("difkit.installed").engine()
   if not engine then core.raise("io", "workbench: " .. message) end
   local workbench = require "difkit.workbench"
   local text = workbench.page(engine, require("difkit").open())
   if given.output:lower():find "%.zip$" then text = workbench.archive(text) end
   check(core.write_file(given.output, text, true))
   print(("wrote %s: %.1f MB"):format(given.output, #text / 1e6))
end
