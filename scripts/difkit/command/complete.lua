--- `difkit __complete`: prints what can follow in the command line of a script, or `difkit help`.
local check = require("difkit.script.run").check

--- What `difkit help` knows beside commands and scripts: other tools, and the names of the library.
local function put_help_words(begin)
   local words = require("difkit.script.help").words()
   for _, word in ipairs {"excel", "pandas", "spreadsheet"} do words[#words + 1] = word end
   for _, word in ipairs(words) do
      if word:sub(1, #begin) == begin then print(word .. "\t") end
   end
end

---`given`: the script (text, name), the word `before`, what the next does `begin` with: options, or values of one, and
---the `prefix` of an attached value. Without a script: words of help.
return function(given)
   if not given.text then return put_help_words(given.begin) end
   local script = require "difkit.script"
   local header = script.header(given.text, given.name)
   if not header then return end
   local function put(word, help)
      if word:sub(1, #given.begin) == given.begin then print((given.prefix or "") .. word .. "\t" .. help) end
   end
   local option = given.before:match "^%-%-(.+)$" and script.option(header, given.before:sub(3))
   if (not option or option.type == "boolean") and (given.prefix or "") ~= "" then return end
   if not option or option.type == "boolean" then
      for _, known in ipairs(given.begin:find "^%-" and header.options or {}) do put("--" .. known.name, known.help) end
      return
   end
   for _, choice in ipairs(option.choices or {}) do put(choice, "") end
   local entity = script.entity(option.type)
   if not entity then return end
   local db <close> = check(require("difkit").open())
   local sql = ("SELECT id, %s FROM %s ORDER BY id"):format(entity.title, entity.name)
   for row in db:query(sql):rows() do put(row[1], row[2]) end
end
