--- `difkit take`: reads sheets that came back, shows what they say, and takes it in where it is told to.
local check = require("difkit.script.run").check
local core = require "difkit.core"

local function say(...) print((...):format(select(2, ...))) end

--- One sheet; gives whether it can be taken as it is.
local function take(db, path, given, target)
   local sheet = require "difkit.monitoring.sheet"
   local found = check(sheet.read(db, path, {unit = given.unit, round = given.round}))
   say("%s: %s, round %s, %d answers: %s", path, found.unit, found.round.id, #found.answers,
      sheet.summary(found))
   for _, fault in ipairs(found.faults) do say("  %s: %s", fault[1], fault[2]) end
   for _, text in ipairs(found.warnings) do say("  warning: %s", text) end
   local conflicts, same = sheet.conflicts(target or db, found)
   if conflicts then
      say("  another reply of %s is there in this round, with other answers; nothing was taken:", found.unit)
      for row in conflicts:rows() do say("  %s: %s was %s, now %s", row.place, row.id, row.was or "–", row.now) end
      return false
   end
   if #found.faults > 0 then
      if given.into or given.out then say "  nothing was taken: mend these cells first" end
      return false
   end
   local received = require("difkit.today")()
   if same then
      say "  unchanged: the same answers are there"
   elseif given.into then
      sheet.add(target, found, received)
      say("  taken into %s", given.into)
   elseif given.out then
      local name = ("reply-%s-%s.yaml"):format(found.round.id, found.unit):gsub("[^%w%.-]", "_")
      local folder = require("difkit").writable()
      local before = folder and core.read_file(folder .. "/" .. name)
      if before and not before:find(found.digest, 1, true) then
         say("  %s/%s holds another reply; nothing was taken", given.out, name)
         return false
      elseif before then
         say "  unchanged: the same answers are there"
      else
         check(core.write_file(name, sheet.yaml(found, received), true))
         say("  taken into %s/%s", given.out, name)
      end
   end
   return true
end

---`given`: the files as `arguments`, `unit`, `round`, `out` or `into`. Gives whether all could be taken.
return function(given)
   if given.out and given.into then
      core.raise("usage", "take: --out and --into cannot be given together")
   end
   local db <close> = check(require("difkit").open())
   local target <close> = given.into and check(core.open_file(given.into, true)) or nil
   local fine = true
   for _, path in ipairs(given.arguments) do fine = take(target or db, path, given, target) and fine end
   return fine
end
