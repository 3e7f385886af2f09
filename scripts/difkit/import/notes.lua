--- Notes below a table, known by the words with which they begin.
local words = {
   "^sources?%s*:", "^notes?%s*:", "^footnotes?", "^last updated?", "^%*", "^remarks?%s*:", "^quelle", "^catatan",
}

---Whether a cell begins a note.
---@param text any
---@return boolean
return function(text)
   if type(text) ~= "string" then return false end
   text = text:lower()
   for _, pattern in ipairs(words) do
      if text:find(pattern) then return true end
   end
   return false
end
