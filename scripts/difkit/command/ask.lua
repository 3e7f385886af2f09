--- `difkit ask`: writes the sheet in which a unit answers in a round of reporting.
local check = require("difkit.script.run").check
local core = require "difkit.core"

--- Words separated by commas, or nil.
local function list_of(text)
   local list
   for word in (text or ""):gmatch "[^,%s]+" do
      list = list or {}
      list[#list + 1] = word
   end
   return list
end

---`given`: `unit`, `round`, `document`, `survey`, `indicators`, and the file as `output` or `out`.
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
   local indicators = list_of(given.indicators)
   if indicators and #indicators == 1 and indicators[1] == "all" then indicators = true end
   local db <close> = check(require("difkit").open())
   local made = check(require("difkit.monitoring.sheet").write(db, path,
      {unit = given.unit, round = given.round, document = list_of(given.document), survey = given.survey,
         indicators = indicators}))
   print(("%s: %s for %s, sheet %s"):format(path, made.counts, made.title, made.issue))
end
