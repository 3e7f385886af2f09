--- `difkit snapshot`: copies the data into a snapshot, or lists those of a folder.
local core = require "difkit.core"
local check = require("difkit.script.run").check

local function list(given)
   if given.arguments[1] then
      core.raise("usage", "snapshot: --list takes no label", "name the folder with --to DIR")
   end
   local snapshots = check(require("difkit").snapshots(given.to or "."))
   if given.json then
      io.stdout:write(snapshots:encode "json")
      return
   end
   local sound = true
   for _, snapshot in ipairs(snapshots) do sound = sound and not snapshot.problem end
   snapshots:drop("digest", sound and "problem" or nil):print()
end

---`given`: the label as first of `arguments`, the folder `to`, `date`, `replace`; or `list`, `json`.
return function(given)
   if given.list then return list(given) end
   local label = given.arguments[1]
   if not label then
      core.raise("usage", "snapshot: the label is missing", "usage: difkit snapshot LABEL [--to DIR]")
   end
   local db <close> = check(require("difkit").open())
   local path, message, code, kept = db:snapshot(label, {folder = given.to, date = given.date, replace = given.replace})
   if code == "exists" then core.raise("usage", message, "--replace does") end
   check(path, message, code or "usage")
   print(("%s %s"):format(kept and "unchanged" or "wrote", path))
end
