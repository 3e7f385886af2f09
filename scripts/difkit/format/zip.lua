--- Zip packages as office programs read them: the same parts give the same bytes, no clock is asked.
local core = require "difkit.core"

local zip = {}

local day = 33 -- 1980-01-01, the first day that a zip can name

--- The bytes of a package of `parts`: a list of {name, text}, in this order.
function zip.text(parts)
   local out, directory, at = {}, {}, 0
   for _, part in ipairs(parts) do
      local name, text = part[1], part[2]
      local packed, sum, method = core.deflate(text)
      -- Version 2.0, names in UTF-8 (bit 11).
      local common = ("<I2I2I2I2I2I4I4I4I2I2"):pack(20, 0x800, method, 0, day, sum, #packed, #text, #name, 0)
      local head = "PK\3\4" .. common .. name
      out[#out + 1], out[#out + 2] = head, packed
      directory[#directory + 1] = "PK\1\2\20\0" .. common .. ("<I2I2I2I4I4"):pack(0, 0, 0, 0, at) .. name
      at = at + #head + #packed
   end
   local list = table.concat(directory)
   out[#out + 1] = list
   out[#out + 1] = "PK\5\6" .. ("<I2I2I2I2I4I4I2"):pack(0, 0, #parts, #parts, #list, at, 0)
   return table.concat(out)
end

return zip
