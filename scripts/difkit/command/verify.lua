--- `difkit verify`: makes a published file again and prints what differs.
local core = require "difkit.core"

---`given`: as for `difkit why`, and `all`. Gives whether the file holds.
return function(given)
   local again = require("difkit.provenance.rerun").run(given, require "difkit.command.run")
   local verify = require "difkit.provenance.verify"
   local judgement = verify.judge(again)
   if given.json then print(require("difkit.format.json").encode(judgement, {indent = 2}))
   else core.write_output(verify.text(again, judgement, not given.all and 20 or nil) .. "\n") end
   return judgement.holds
end
