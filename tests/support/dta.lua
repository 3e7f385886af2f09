-- Small files of Stata, format 115 (Stata 12): variables as doubles or texts of 12 bytes, with labels of values.
-- The layout is that of `help dta_115` of Stata.

local function padded(text, size) return text .. ("\0"):rep(size - #text) end

--- `variables`: {name, label?, format?, labels? = {[code] = text}, cells = {number | text | ".a"…}}; cells of the first
--- variable say whether it holds texts. Texts are bytes as given: the format knows no encoding.
return function(variables)
   local rows, parts = #variables[1].cells, {}
   local function add(...) parts[#parts + 1] = string.pack(...) end
   local function each(use) for _, variable in ipairs(variables) do parts[#parts + 1] = use(variable) end end
   local function is_text(variable) return type(variable.cells[1]) == "string" and variable.cells[1]:sub(1,
      1) ~= "." end
   add("<BBBBI2I4", 115, 2, 1, 0, #variables, rows)
   parts[#parts + 1] = padded("", 81) .. padded("", 18)
   each(function(one) return is_text(one) and string.char(12) or "\xFF" end)
   each(function(one) return padded(one.name, 33) end)
   parts[#parts + 1] = ("\0\0"):rep(#variables + 1)
   each(function(one) return padded(one.format or (is_text(one) and "%12s" or "%9.0g"), 49) end)
   each(function(one) return padded(one.labels and one.name or "", 33) end)
   each(function(one) return padded(one.label or "", 81) end)
   parts[#parts + 1] = ("\0"):rep(5)
   for row = 1, rows do
      each(function(one)
         local cell = one.cells[row]
         if is_text(one) then return padded(cell, 12) end
         -- Missing values are doubles from 2^1023 on: ".", ".a", … in steps of 2^1011.
         if type(cell) == "string" then cell = 2.0 ^ 1023 * (1 + (cell == "." and 0 or cell:byte(2) - 96) / 4096) end
         return string.pack("<d", cell)
      end)
   end
   each(function(one)
      if not one.labels then return "" end
      local codes, texts, offsets, values = {}, {}, {}, {}
      for code in pairs(one.labels) do codes[#codes + 1] = code end
      table.sort(codes, function(a, b)
         if type(a) ~= type(b) then return type(a) == "number" end
         return a < b
      end)
      local size = 0
      for i, code in ipairs(codes) do
         texts[i] = one.labels[code] .. "\0"
         offsets[i] = string.pack("<i4", size)
         values[i] = string.pack("<i4", type(code) == "number" and code or 2147483621 + code:byte(2) - 96)
         size = size + #texts[i]
      end
      local labels = string.pack("<i4i4", #codes, size) .. table.concat(offsets) .. table.concat(values)
         .. table.concat(texts)
      return string.pack("<i4", #labels) .. padded(one.name, 33) .. "\0\0\0" .. labels
   end)
   return table.concat(parts)
end
