--- The options of a script: those it reads, and those its header declares.
local errors = require "difkit.error"
local headers = require "difkit.script"
local option_kinds = require "difkit.script.kinds"

local options = {}

--- The line that declares an option.
local function declaration(script, name)
   for number, line in ipairs(script.lines) do
      local column = line:match("^%-%-%-%s?@%a+%s+()" .. name:gsub("%W", "%%%0") .. "%f[%s\0]")
      if column then return number, column end
   end
   return 1, 1
end

--- Notes header lines that make no sense, options that are read but not declared, and the other way round.
function options.check(script, text, values)
   local header, message = headers.header(text, "script")
   if not header then
      local line, what = message:match "^script:(%d+): (.*)$"
      script:report_at(tonumber(line) or 1, 1, what or message)
      return
   end
   local names, declared, read, whole = {}, {}, {}, false
   for _, list in ipairs {header.options, header.arguments} do
      for _, option in ipairs(list) do
         local key = option.name:gsub("-", "_")
         names[#names + 1], declared[key] = key, option
      end
   end
   local function is_options(node)
      if node.tag ~= "Id" and node.tag ~= "Call" and node.tag ~= "Dots" then return false end
      local value = values:of(node)
      return value ~= nil and value.kind == "options"
   end
   script:walk(function(node, parent, place)
      if node.tag == "Index" and is_options(node[1]) then
         local key = node[2]
         if key.tag ~= "String" then
            whole = true
         else
            read[key[1]] = true
            if not declared[key[1]] and not values.skip[node] then
               script:report(key, ('the option "%s" is not declared in the header'):format(key[1]),
                  #names > 0 and errors.hint(key[1], names) or ("write ---@option %s TYPE  What it is."):format(key[1]))
            end
         end
      elseif is_options(node) and not (parent and (parent.tag == "Local" or parent.tag == "Set"
         or parent.tag == "Index" and place == 1)) then
         whole = true
      end
   end)
   for _, option in ipairs(header.options) do
      if option_kinds.shared[option.name] == true then
         local line, column = declaration(script, option.name)
         script:report_at(line, column, ('the option "%s" is one of `difkit run`, too'):format(option.name),
            ("its own now has to stand before the script's name; call this one otherwise, such as my-%s")
               :format(option.name))
      end
   end
   for _, name in ipairs(whole and {} or names) do
      if not read[name] then
         local line, column = declaration(script, declared[name].name)
         script:report_at(line, column, ('the option "%s" is never read'):format(declared[name].name),
            ("read it as options.%s, or take it out of the header"):format(name))
      end
   end
end

return options
