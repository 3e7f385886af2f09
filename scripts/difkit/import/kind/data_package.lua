--- A Data Package: the table that its description names, read as the description says.
local Grid = require "difkit.import.grid"
local read = require "difkit.format.read"
local source = require "difkit.import.source"

local kind = {name = "data-package", title = "Data Package"}

--- The first resource that is a table of text, or nil and why not.
local function resource_of(tree)
   for _, resource in ipairs(type(tree.resources) == "table" and tree.resources or {}) do
      if type(resource.path) == "string" and type(resource.schema) == "table" then return resource end
   end
   return nil
end

function kind.recognise(found)
   if found.kind == "json" and type(found.tree) == "table" and resource_of(found.tree) then
      return 1, {"it describes resources with a schema"}
   end
end

--- The rows of a resource, or nil and why not: a path within the folder of the description, never one out of it.
local function read_resource(resource, found)
   local path = resource.path
   if path:find "^%a[%w+.-]*://" or path:find "^/" or ("/" .. path .. "/"):find("/../", 1, true) then
      return nil, ('the resource "%s" does not stand in the folder of the package'):format(path)
   end
   local dialect = type(resource.dialect) == "table" and resource.dialect or {}
   local file, message = read.open((found.path:match "^(.*/)" or "") .. path, {
      separator = dialect.delimiter or ",", encoding = type(resource.encoding) == "string" and resource.encoding or nil,
   })
   if not file then return nil, message end
   local done, rows = pcall(source.text_rows, file, dialect.commentChar)
   file:close()
   if done then return rows end
   return nil, tostring(rows)
end

function kind.read(_, collect, found)
   local resource = resource_of(found.tree)
   local rows, message = read_resource(resource, found)
   if not rows then
      collect:refuse("resources", message, "lay the file beside datapackage.json")
      return
   end
   local missing = {}
   for _, mark in ipairs(resource.schema.missingValues or {}) do
      if mark ~= "" then missing[mark] = true end
   end
   local options = collect.options
   options.missing, options.decimal = missing, options.decimal or "."
   for _, field in ipairs(resource.schema.fields or {}) do
      if field.decimalChar then options.decimal = field.decimalChar end
      if field.type == "number" or field.type == "integer" then collect:indicator(field.name, field.title,
         field.unit) end
   end
   collect.source.title = type(found.tree.title) == "string" and found.tree.title or nil
   collect.file = resource.name or collect.file
   require("difkit.import.kind.plain").read(Grid.new(resource.path, rows), collect)
end

return kind
