--- `difkit claims`: checks the figures tagged in texts.
local core = require "difkit.core"
local check = require("difkit.script.run").check

---`given`: the files as `arguments`, `json`. Prints the figures that do not hold, as JSON all; gives whether all do.
return function(given)
   local claims = require "difkit.provenance.claims"
   local texts = {}
   for i, name in ipairs(given.arguments) do
      core.allow_read(name)
      texts[i] = check(core.read_file(name))
      if not core.valid_utf8(texts[i]) then core.raise("data", name .. ": not valid UTF-8") end
   end
   local db <close> = check(require("difkit").open())
   local all, held, list = 0, 0, {}
   for i, name in ipairs(given.arguments) do
      for _, claim in ipairs(claims.check(texts[i], name, db)) do
         all = all + 1
         if claim.holds then held = held + 1 end
         if not claim.holds and not given.json then core.write_output(claims.message(claim, name) .. "\n") end
         list[all] = {name, claim.line, claim.column, claim.said, claim.value, claim.holds, claim.problem,
            claim.expression}
      end
   end
   if given.json then
      io.stdout:write(require("difkit.table")({"file", "line", "column", "said", "value", "holds", "problem",
         "expression"}, list):encode "json")
   else
      print(all == 0 and "no figure is tagged" or ("%d of %d tagged figure%s hold%s"):format(held, all,
         all == 1 and "" or "s", all == 1 and held == 1 and "s" or ""))
   end
   return held == all
end
