--- `difkit check` of scripts: prints what is found in them.
local core = require "difkit.core"
local check = require("difkit.script.run").check

---`given`: the scripts as `name1`, `text1`, `name2` … Gives whether nothing is found.
return function(given)
   local scripts = require "difkit.check"
   local db <close> = check(require("difkit").open())
   local count, found = 0, 0
   while given["name" .. count + 1] do
      count = count + 1
      for _, finding in ipairs(scripts.script(given["text" .. count], db)) do
         found = found + 1
         print(scripts.message(finding, given["name" .. count]))
      end
   end
   io.stdout:flush()
   core.log(("difkit: %d script%s, %s"):format(count, count == 1 and "" or "s",
      found == 0 and "no findings" or ("%d finding%s"):format(found, found == 1 and "" or "s")))
   return found == 0
end
