--- Columns of codes that no single cell gives away, since it may be a word or a number as well: alpha-2, alpha-3 in
--- small letters, and the numbers of the UN where the heading says that they are.
local core = require "difkit.core"

--- Whether a heading says that numbers below it are codes of countries: "M49", "Area Code (M49)", "ISO numeric".
local function says_numbers(heading)
   heading = heading and heading:lower() or ""
   return heading:find "m49" ~= nil or heading:find "numeric" ~= nil or heading:find "^un[%s_]code$" ~= nil
end

local TITLES <const> = 40 -- rows above a table, at most

--- A code as it is matched, and its system; nil for another text. FAO writes an apostrophe before its numbers.
local function code_of(text, numbers)
   if text:find "^%u%u$" then return text, "iso2" end
   if text:find "^%l%l%l$" then return text:upper(), "iso3" end
   if numbers and text:find "^'?%d%d?%d?$" then return text:match "%d+", "m49" end
end

---The column as one of codes: {column, first, last, rows, code, system}; nil when it is none.
---@param grid table
---@param j integer
---@return table|nil
return function(grid, j)
   local first, last, rows, known, system, heading = nil, nil, 0, 0, nil, nil
   for i = 1, #grid.rows do
      local text = grid:text(i, j)
      if text and (i == 1 or first == nil and i <= TITLES and not code_of(text, says_numbers(heading))) then
         heading = text
      elseif text then
         local code, is = code_of(text, says_numbers(heading))
         if not code or system and is ~= system then return nil end
         system, first, last, rows = is, first or i, i, rows + 1
         if core.match_unit(code, is) == "unit" then known = known + 1 end
      end
   end
   if rows >= 3 and known >= 0.9 * rows or rows == 2 and known == 2 and system ~= "iso2" then
      return {column = j, first = first, last = last, rows = rows, countries = known, code = true, system = system,
         small = system == "iso3"}
   end
end
