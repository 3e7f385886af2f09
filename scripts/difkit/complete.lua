--- The columns over the units that have them all, and how many those are: lists of numbers with gaps, and `n` units.
---@param lists table[]
---@return table[] columns
---@return integer units
local function complete(lists)
   local out, count = {}, 0
   for q = 1, #lists do out[q] = {} end
   for u = 1, lists[1] and lists[1].n or 0 do
      local whole = true
      for q = 1, #lists do whole = whole and lists[q][u] ~= nil end
      if whole then
         count = count + 1
         for q, list in ipairs(lists) do out[q][count] = list[u] end
      end
   end
   for q = 1, #lists do out[q].n = count end
   return out, count
end

return complete
