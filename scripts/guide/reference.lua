--- Writes scripts/guide/REFERENCE.md and the pages of scripts/guide/reference from the annotations in scripts/difkit.
--- Run in the folder of the repository: lua5.4 scripts/guide/reference.lua
local annotations = require "difkit.script.annotations"
local reference = require "difkit.script.reference"

local files = {}
local listing = assert(io.popen "find scripts/difkit -name '*.lua' | LC_ALL=C sort")
for path in listing:lines() do
   local file = assert(io.open(path, "rb"))
   files[#files + 1] = {name = path:match "scripts/(.*)", text = file:read "a"}
   file:close()
end
listing:close()

assert(os.execute "rm -rf scripts/guide/reference && mkdir scripts/guide/reference")
for _, page in ipairs(reference.pages(annotations.read(files))) do
   local file = assert(io.open("scripts/guide/" .. page.path, "wb"))
   assert(file:write(page.text))
   assert(file:close())
end
