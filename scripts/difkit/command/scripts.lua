--- `difkit scripts`: lists the stock scripts.
local core = require "difkit.core"

--- Whether the header says something of every word.
local function speaks_of(header, words)
   local text = {header.name, header.description, header.details}
   for _, list in ipairs {header.options, header.arguments} do
      for _, option in ipairs(list) do
         text[#text + 1] = option.name
         text[#text + 1] = option.help
      end
   end
   local all = core.lower(table.concat(text, "\n"))
   for _, word in ipairs(words) do
      if not all:find(core.lower(word), 1, true) then return false end
   end
   return true
end

---`given`: words that their headers have to contain as `arguments`, `verbose` for their options too.
return function(given)
   local script = require "difkit.script"
   local found, width = {}, 0
   for _, header in ipairs(script.stock()) do
      if speaks_of(header, given.arguments) then
         found[#found + 1] = header
         width = math.max(width, core.width(header.name))
      end
   end
   for i, header in ipairs(found) do
      if given.verbose then
         print((i > 1 and "\n" or "") .. header.name .. "\n" .. ("-"):rep(core.width(header.name)))
         print(script.usage(header))
      else
         print(header.name .. (" "):rep(width - core.width(header.name) + 2) .. header.description)
      end
   end
   if #found == 0 then
      core.raise("usage", ('no stock script speaks of "%s"'):format(given.arguments[1]), "`difkit scripts` lists all")
   end
end
