--- The annotations of the library in one file, for lua-language-server: every public function with its comment and
--- without its body, so that an editor completes and checks scripts where there is only the program.
local core = require "difkit.core"

local definitions = {}

--- The public comments of a file, each with the declaration behind it.
local function declarations(text)
   local out, comment = {}, {}
   for line in (text .. "\n"):gmatch "([^\n]*)\n" do
      local said = line:match "^%s*(%-%-%-.*)$"
      if said and not said:find "^%-%-%-%s" then
         comment[#comment + 1] = said
      else
         local name, parameters = line:match "^%s*function ([%w_.:]+)(%b())"
         local class = line:match "^%s*local ([%a_][%w_]*) = "
         local about = table.concat(comment, "\n")
         if name and #comment > 0 then
            out[#out + 1] = ("%s\nfunction %s%s end"):format(about, name, parameters)
         elseif class and about:find "%-%-%-@class" then
            out[#out + 1] = ("%s\nlocal %s = {}"):format(about, class)
         elseif about:find "%-%-%-@class" or about:find "%-%-%-@alias" then
            out[#out + 1] = about
         end
         comment = {}
      end
   end
   return out
end

--- The file.
function definitions.text()
   local out = {
      "---@meta difkit",
      ("-- Annotations of difkit %s, made by `difkit new`. Not read by difkit."):format(core.version),
   }
   for _, name in ipairs(core.library_names()) do
      if name:find "^difkit/" then
         local found = declarations(core.library_text(name))
         if #found > 0 then
            out[#out + 1] = ("\ndo -- %s\n%s\nend"):format(name, table.concat(found, "\n\n"))
         end
      end
   end
   out[#out + 1] = "\n---@type difkit\nlocal difkit\n\nreturn difkit"
   return table.concat(out, "\n") .. "\n"
end

return definitions
