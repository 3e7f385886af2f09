--- `difkit check`: prints what is found in scripts, and in the format of an editor also what was found in data.
local core = require "difkit.core"
local check = require("difkit.script.run").check

--- Findings in data as the program hands them over: file, line, column, message and hint, one after the other.
local function of_data(fields, format)
   local scripts = require "difkit.check"
   for i = 1, #fields, 5 do
      local hint = fields[i + 4] ~= "" and fields[i + 4] or nil
      print(scripts.message({line = tonumber(fields[i + 1]), column = tonumber(fields[i + 2]), message = fields[i + 3],
         hint = hint}, fields[i], format))
   end
   io.stdout:flush()
   return false
end

---`given`: the scripts as `name1`, `text1`, `name2` …, or `findings` in data, and the `format`. Gives whether nothing
---is found.
return function(given)
   if given.findings then return of_data(given.findings, given.format) end
   local scripts = require "difkit.check"
   local db <close> = check(require("difkit").open())
   local count, found = 0, 0
   while given["name" .. count + 1] do
      count = count + 1
      for _, finding in ipairs(scripts.script(given["text" .. count], db)) do
         found = found + 1
         print(scripts.message(finding, given["name" .. count], given.format))
      end
   end
   io.stdout:flush()
   core.log(("difkit: %d script%s, %s"):format(count, count == 1 and "" or "s",
      found == 0 and "no findings" or ("%d finding%s"):format(found, found == 1 and "" or "s")))
   return found == 0
end
