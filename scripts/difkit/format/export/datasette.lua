--- For Datasette: a database that it serves as it is, and metadata.yaml, which says what tables and columns hold. Keys
--- of the metadata as in docs.datasette.io/en/stable/metadata.html: title, description, source; by database and table
--- title, description, label_column, sort, columns, hidden.
local core = require "difkit.core"
local yaml = require "difkit.format.export.yaml"

local datasette = {}

--- What is known of a table of the model.
local function of_table(entity)
   local columns, has = {}, {}
   for i, field in ipairs(entity.fields) do
      has[field.name] = true
      columns[i] = {field.name, field.help}
   end
   return yaml.map {
      {"description", entity.help}, {"label_column", has.title and "title" or has.text and "text" or nil},
      {"columns", yaml.map(columns)},
   }
end

--- The name of the database: that of the framework, as Datasette has it in addresses.
local function name_of(framework)
   local name = framework and framework.id:lower():gsub("[^%w_-]+", "-") or "difkit"
   return name
end

--- Writes NAME.db and metadata.yaml below the folder.
function datasette.write(folder, db)
   local framework = db:query("SELECT * FROM framework ORDER BY id LIMIT 1"):one()
   local digest = db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
   local name = name_of(framework)
   local tables = {{"action_full", yaml.map {
      {"description", "an action with the titles of its document, topic and area: where most questions start"}}}}
   for _, entity in ipairs(core.schema()) do
      if entity.name ~= "meta" then tables[#tables + 1] = {entity.name, of_table(entity)} end
   end
   tables[#tables + 1] = {"meta", yaml.map {{"hidden", true}}}
   local text = yaml.encode(yaml.map {
      {"title", framework and framework.title}, {"description", digest and "Content digest " .. digest or nil},
      {"source", framework and framework.source},
      {"databases", yaml.map {
         {name, yaml.map {{"title", framework and framework.title}, {"tables", yaml.map(tables)}}},
      }},
   })
   local done, message, code = core.copy_portable(db, ("%s/%s.db"):format(folder, name))
   if not done then return nil, message, code end
   return core.write_file(folder .. "/metadata.yaml", text)
end

return datasette
