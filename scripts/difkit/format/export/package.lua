--- Frictionless data packages (datapackage.org, version 2): CSV files and a description of their columns. Texts are
--- written as they are, formulas included: whoever reads a package reads it with its types, not with a spreadsheet.
local core = require "difkit.core"
local csv = require "difkit.format.csv"
local errors = require "difkit.error"
local illustrative = require "difkit.illustrative"
local json = require "difkit.format.json"
local tables = require "difkit.table"

local package = {}

--- The type of a field of the model as a package says it.
local types = {
   integer = "integer", year = "integer", real = "number", boolean = "boolean", date = "date",
}

local function field_of_model(field)
   local constraints
   if field.required or field.values then
      constraints = json.object {{"required", field.required and true or nil}, {"enum", field.values}}
   end
   local kind = types[field.type] or "string"
   if field.values and type(field.values[1]) == "number" then kind = "integer" end
   local parts = {{"name", field.name}, {"type", kind}}
   if field.help then parts[#parts + 1] = {"description", field.help} end
   if constraints then parts[#parts + 1] = {"constraints", constraints} end
   return json.object(parts)
end

--- The type of a column of a table, from its values.
local function field_of_values(t, name)
   local kind
   for i = 1, #t do
      local value = t[i][name]
      if value ~= nil then
         local is = math.type(value) or type(value)
         is = ({integer = "integer", float = "number", boolean = "boolean"})[is] or "string"
         if kind and kind ~= is then
            local numbers = (kind == "integer" or kind == "number") and (is == "integer" or is == "number")
            is = numbers and "number" or "string"
         end
         kind = is
      end
   end
   return json.object {{"name", name}, {"type", kind or "string"}}
end

local function has(fields, name)
   for _, field in ipairs(fields) do
      if field.name == name then return true end
   end
   return false
end

--- The parts of a database, as {name, table, fields, key, references}.
local function of_database(db)
   local parts = {}
   for _, entity in ipairs(core.schema(db)) do
      local t = db:query(('SELECT * FROM "%s" ORDER BY 1, 2'):format(entity.name)):table()
      if #t > 0 then
         local fields, references = json.array {}, json.array {}
         local known = {}
         for _, field in ipairs(entity.fields) do known[field.name] = field end
         for i, name in ipairs(t.columns) do
            local field = known[name]
            fields[i] = field and field_of_model(field) or field_of_values(t, name)
            if field and field.reference then
               references[#references + 1] = json.object {{"fields", json.array {name}},
                  {"reference", json.object {{"resource", field.reference}, {"fields", json.array {"id"}}}}}
            end
         end
         parts[#parts + 1] = {name = entity.name, table = t, fields = fields, references = references,
            key = has(entity.fields, "id") and entity.name ~= "code" and "id" or nil}
      end
   end
   return parts
end

local function of_tables(source)
   local parts = {}
   for name, t in require("difkit.sorted")(source) do
      if type(name) ~= "string" or not name:find "^[a-z0-9._-]+$" then
         errors.raise("export.data_package: a table is called " .. errors.show(name),
            "lower-case letters, digits, point, hyphen and underscore")
      end
      if type(t) ~= "table" or not rawget(t, "columns") then t = t:table() end
      local fields = json.array {}
      for i, column in ipairs(t.columns) do fields[i] = field_of_values(t, column) end
      parts[#parts + 1] = {name = name, table = t, fields = fields, references = json.array {}}
   end
   if #parts == 0 then errors.raise("export.data_package: no tables given", "give a database, or tables by name") end
   return parts
end

local function resource_of(part, text)
   local schema = {{"fields", part.fields}, {"missingValues", json.array {""}}}
   if part.key then schema[#schema + 1] = {"primaryKey", json.array {part.key}} end
   if #part.references > 0 then schema[#schema + 1] = {"foreignKeys", part.references} end
   local described = {{"name", part.name}, {"type", "table"}, {"path", part.name .. ".csv"}, {"format", "csv"},
      {"mediatype", "text/csv"}, {"encoding", "utf-8"}, {"bytes", #text}, {"hash", "sha256:" .. core.digest(text)},
      {"schema", json.object(schema)}}
   if rawget(part.table, "title") then table.insert(described, 2, {"title", part.table.title}) end
   return json.object(described)
end

--- Writes the folder: all of its files, or none; the description last.
function package.write(folder, source, options)
   local database = type(source) == "userdata"
   local parts = database and of_database(source) or of_tables(source)
   local framework = database and source:query("SELECT * FROM framework ORDER BY id LIMIT 1"):one()
   local resources, files = json.array {}, {}
   for i, part in ipairs(parts) do
      local text = csv.encode(tables.new(part.table.columns, part.table), ",", {formulas = true})
      files[i] = {folder .. "/" .. part.name .. ".csv", text}
      resources[i] = resource_of(part, text)
   end
   local described = {{"$schema", "https://datapackage.org/profiles/2.0/datapackage.json"},
      {"name", options.name or framework and framework.id or "difkit"}}
   local title = options.title or framework and framework.title
   if title then described[#described + 1] = {"title", title} end
   local invented = illustrative.line() or database and illustrative.note(source)
   if invented then described[#described + 1] = {"description", invented} end
   if framework and framework.version then described[#described + 1] = {"version", framework.version} end
   if framework and framework.source then
      described[#described + 1] = {"sources", json.array {json.object {{"title", framework.source}}}}
   end
   if options.license then
      described[#described + 1] = {"licenses", json.array {json.object {{"name", options.license}}}}
   end
   described[#described + 1] = {"resources", resources}
   files[#files + 1] = {folder .. "/datapackage.json", json.encode(json.object(described), {indent = 2}) .. "\n"}
   return core.write_files(files)
end

return package
