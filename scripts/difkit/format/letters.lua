--- Letters that office programs set by a font of their own: those of right-to-left scripts, and of South and Southeast
--- Asia. Named in documents and workbooks, so that they do not depend on what the reader's program happens to choose.
local letters = {}

--- A script: a font for it that Windows and Office bring, and a language as documents name it.
local function script(name, font, language, right_to_left)
   return {name = name, font = font, language = language, right_to_left = right_to_left}
end

local hebrew, arabic = script("Hebrew", "Arial", "he-IL", true), script("Arabic", "Arial", "ar-SA", true)
local thai, lao = script("Thai", "Leelawadee UI", "th-TH"), script("Lao", "Leelawadee UI", "lo-LA")
local khmer, burmese = script("Khmer", "Leelawadee UI", "km-KH"), script("Burmese", "Myanmar Text", "my-MM")
local indic = script("Indic", "Nirmala UI", "hi-IN")

--- Ranges of Unicode 15 (Blocks.txt), in order.
local ranges = {
   {0x0590, 0x05FF, hebrew}, {0x0600, 0x06FF, arabic}, {0x0750, 0x077F, arabic}, {0x08A0, 0x08FF, arabic},
   {0x0900, 0x0DFF, indic}, {0x0E00, 0x0E7F, thai}, {0x0E80, 0x0EFF, lao}, {0x1000, 0x109F, burmese},
   {0x1780, 0x17FF, khmer}, {0x19E0, 0x19FF, khmer}, {0xA9E0, 0xA9FF, burmese}, {0xAA60, 0xAA7F, burmese},
   {0xFB1D, 0xFB4F, hebrew}, {0xFB50, 0xFDFF, arabic}, {0xFE70, 0xFEFE, arabic},
}

local function script_of(code)
   for _, range in ipairs(ranges) do
      if code < range[1] then return nil end
      if code <= range[2] then return range[3] end
   end
end

--- Runs of a text (UTF-8) that share a script: a list of {text, script or nil}. Spaces and signs go with what stands
--- before them.
function letters.runs(value)
   if not value:find "[\214-\239]" then return {{value}} end
   local runs, from, current = {}, 1, nil
   for position, code in utf8.codes(value) do
      local found = script_of(code)
      local neutral = not found and (code < 0x41 or code > 0x2000 and code < 0x2070)
      if not neutral and found ~= current then
         if position > from then runs[#runs + 1] = {value:sub(from, position - 1), current} end
         from, current = position, found
      end
   end
   runs[#runs + 1] = {value:sub(from), current}
   return runs
end

--- The first such script of a text.
function letters.first(value)
   for _, run in ipairs(letters.runs(value)) do
      if run[2] then return run[2] end
   end
end

--- Whether a language (as HTML names it) is written from right to left.
function letters.right_to_left(language)
   local base = (language or ""):lower():match "^(%a+)"
   for _, name in ipairs {"ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb", "sd", "ug"} do
      if base == name then return true end
   end
   return false
end

return letters
