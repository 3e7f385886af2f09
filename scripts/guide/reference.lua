--- Writes scripts/guide/REFERENCE.md from the annotations in scripts/difkit.
--- Run in the folder of the repository: lua5.4 scripts/guide/reference.lua
local help = require "difkit.script.help"

local files = {}
local listing = assert(io.popen "find scripts/difkit -name '*.lua' | LC_ALL=C sort")
for path in listing:lines() do
   local file = assert(io.open(path, "rb"))
   files[#files + 1] = {name = path:match "scripts/(.*)", text = file:read "a"}
   file:close()
end
listing:close()

local file = assert(io.open("scripts/guide/REFERENCE.md", "wb"))
assert(file:write(help.reference(files)))
assert(file:close())
