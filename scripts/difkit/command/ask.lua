--- `difkit ask`: writes the sheet in which a unit answers in a round of reporting.
local check = require("difkit.script.run").check
local core = require "difkit.core"

---`given`: `unit`, `round`, `document`, and the file as `output` or `out`.
return function(given)
   local path = given.output or given.out
   for _, need in ipairs {{"unit", given.unit}, {"round", given.round}, {"output", path}} do
      if not need[2] then
         core.raise("usage", ("ask: --%s is missing"):format(need[1]),
            "usage: difkit ask --unit LAO --round 2026 -o laos.xlsx")
      end
   end
   if not path:lower():find "%.xlsx$" then
      core.raise("usage", ('ask: a sheet is a workbook: the file must end in .xlsx, not "%s"'):format(path))
   end
   local documents
   for id in (given.document or ""):gmatch "[^,%s]+" do
      documents = documents or {}
      documents[#documents + 1] = id
   end
   local db <close> = check(require("difkit").open())
   local made = check(require("difkit.monitoring.sheet").write(db, path,
      {unit = given.unit, round = given.round, document = documents}))
   print(("%s: %d actions for %s, sheet %s"):format(path, made.rows, made.title, made.issue))
end
