--- What specs of the library share.
local spec = {}

function spec.read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read "a"
   file:close()
   return text
end

--- A path at which nothing is.
function spec.temporary(ending)
   local name = os.tmpname()
   os.remove(name)
   return name .. (ending or "")
end

--- What the error says that a call has to raise: message, hint, code.
function spec.problem(f, ...)
   local done, value = pcall(f, ...)
   assert(not done, "no error was raised")
   assert(type(value) == "table", tostring(value))
   return value.message, value.hint, value.code
end

return spec
