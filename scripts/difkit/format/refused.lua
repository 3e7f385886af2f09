--- What no file of a table can hold, refused in one wording whatever the format: texts with a zero byte, at which other
--- programs end them, and, where numbers are asked about, what is no number.
local core = require "difkit.core"
local errors = require "difkit.error"

--- Looks through the cells of a table; `numbers`: its numbers as well.
return function(t, numbers)
   for i = 1, #t do
      for _, name in ipairs(t.columns) do
         local value = rawget(t[i], name)
         if type(value) == "string" then
            if value:find("\0", 1, true) then
               errors.raise(('row %d, column "%s": text holds a zero byte'):format(i, name))
            end
         elseif numbers and type(value) == "number" and value - value ~= 0 then
            errors.raise(('row %d, column "%s": %s cannot be written'):format(i, name, core.number_text(value)),
               "leave the value out (nil) and say why in another column")
         end
      end
   end
end
