--- Files of given bytes, for the specs of imports.
local bytes = {}

--- The text of a file, or nil where there is none.
function bytes.read(path)
   local file = io.open(path, "rb")
   if not file then return nil end
   local text = file:read "a"
   file:close()
   return text
end

--- A file of these bytes, given to `use`, and gone after. Unless a path is given its name says nothing of what it is.
function bytes.with(text, use, path)
   path = path or os.tmpname()
   local file = assert(io.open(path, "wb"))
   file:write(text)
   file:close()
   local results = table.pack(pcall(use, path))
   os.remove(path)
   assert(results[1], tostring(results[2] and results[2].message or results[2]))
   return table.unpack(results, 2, results.n)
end

return bytes
