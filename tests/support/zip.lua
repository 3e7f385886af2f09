--- A zip archive of files that are stored as they are: workbooks for tests, made by hand.
--- zip({[name] = text, …}, order)
local function crc(text)
   local value = 0xFFFFFFFF
   for i = 1, #text do
      value = value ~ text:byte(i)
      for _ = 1, 8 do value = (value >> 1) ~ (value & 1 ~= 0 and 0xEDB88320 or 0) end
   end
   return value ~ 0xFFFFFFFF
end

return function(files, order)
   local out, directory, at, count = {}, {}, 0, 0
   local names = order or {}
   if not order then
      for name in pairs(files) do names[#names + 1] = name end
      table.sort(names)
   end
   for _, name in ipairs(names) do
      local text = files[name]
      local common = ("<I2I2I2I2I2I4I4I4I2I2"):pack(20, 0, 0, 0, 33, crc(text), #text, #text, #name, 0)
      local part = "PK\3\4" .. common .. name .. text
      out[#out + 1] = part
      directory[#directory + 1] = "PK\1\2" .. ("<I2"):pack(20) .. common .. ("<I2I2I2I4I4"):pack(0, 0, 0, 0, at) .. name
      at, count = at + #part, count + 1
   end
   local list = table.concat(directory)
   return table.concat(out) .. list .. "PK\5\6" .. ("<I2I2I2I2I4I4I2"):pack(0, 0, count, count, #list, at, 0)
end
