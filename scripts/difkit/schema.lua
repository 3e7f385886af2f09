--- What the query builder knows of the data: tables, columns, which column names a record of which table, and the order
--- in which a reader expects documents, topics and areas.
local core = require "difkit.core"
local errors = require "difkit.error"
local period = require "difkit.period"
local sql = require "difkit.sql"

local schema = {}

--- Columns of views that name records; those of tables come from the data model.
local view_entities = {
   action_full = {id = "action", document = "document", topic = "topic", area = "area"},
}

--- A number as printed, as text that stands in the order of the numbers.
local function ranked_number(column) return ("substr('0000000' || %s, 1 + length(%s))"):format(column, column) end

--- How the records of a table are put in order: SQL for the id in `%s`; framework by framework where there are several,
--- which the first term says together with the number (of as many digits) or the date. A document adopted in a year of
--- which no more is known stands at the end of that year.
local natural_order = {
   document = {
      [[(SELECT ranked.framework_id || ' ' || substr(ranked.adopted || '-99', 1, 7)
         FROM document ranked WHERE ranked.id = %s)]],
   },
   area = {
      "(SELECT ranked.framework_id || ' ' || " .. ranked_number "ranked.number"
         .. " FROM area ranked WHERE ranked.id = %s)",
   },
   topic = {
      "(SELECT parent.framework_id || ' ' || " .. ranked_number "parent.number" .. [[
         FROM topic ranked JOIN area parent ON parent.id = ranked.area_id WHERE ranked.id = %s)]],
      "(SELECT ranked.position FROM topic ranked WHERE ranked.id = %s)",
   },
   unit = {"(SELECT ranked.title FROM unit ranked WHERE ranked.id = %s)"},
   period = {period.sql "%s"},
}

local models = setmetatable({}, {__mode = "k"})

--- The data model by table name: {name, fields = {{name, reference}, ...}}, and the list of names: that of a database,
--- which may declare tables of its own, or of difkit alone.
local function load_model(db)
   local model = models[db or models]
   if model then return model end
   local by_name, names, identified = {}, {}, {}
   for _, entity in ipairs(core.schema(db)) do
      by_name[entity.name] = entity
      names[#names + 1] = entity.name
      if entity.title then identified[#identified + 1] = entity end
   end
   names[#names + 1] = "action_full"
   table.sort(names)
   model = {by_name = by_name, names = names, identified = identified}
   models[db or models] = model
   return model
end

--- The entities whose records have ids of their own, in the order of the model: {name, one = "group", title = the
--- column by which people know them}; with those that `db` declares.
function schema.identified(db) return load_model(db).identified end

--- Names of the tables and views of the data model, and of those that `db` declares.
function schema.tables(db) return load_model(db).names end

--- The entity that a column of a table names, or nil: "topic" for action.topic_id and for topic.id; "period" for a
--- column of periods, which have an order of their own as well. The table may be one that `db` declares.
function schema.entity(table_name, column, db)
   local view = view_entities[table_name]
   if view then return view[column] end
   local entity = load_model(db).by_name[table_name]
   if column == "id" and entity and entity.title then return table_name end
   for _, field in ipairs(entity and entity.fields or {}) do
      if field.name == column then return field.type == "period" and "period" or field.reference end
   end
end

--- Columns of a table of `db`, from the database itself, so that tables of the user's own count too.
--- nil when there is no such table.
local known = setmetatable({}, {__mode = "k"})

function schema.columns(db, name)
   local tables = known[db]
   if not tables then
      tables = {}
      known[db] = tables
   end
   if not tables[name] then
      local found, result = pcall(db.query, db, "SELECT * FROM " .. sql.quote(name) .. " LIMIT 0")
      if not found then
         for row in db:query(core.sql(db, "tables")):rows() do
            if core.lower(row[1]) == core.lower(name) then error(result, 0) end
         end
         return nil
      end
      tables[name] = result:names()
      result:close()
   end
   return tables[name]
end

--- Raises for a table that is not there.
function schema.unknown_table(call, name, db)
   errors.raise(('%s: unknown table "%s"'):format(call, tostring(name)), errors.hint(name, schema.tables(db)))
end

--- SQL terms that put the ids in `reference` into the order of the framework; the ids themselves break ties.
function schema.order_terms(entity, reference, descending)
   local terms, direction = {}, descending and " DESC" or ""
   for _, term in ipairs(natural_order[entity] or {}) do
      terms[#terms + 1] = (term:gsub("%%s", function() return reference end)) .. direction .. " NULLS LAST"
   end
   terms[#terms + 1] = reference .. direction .. " NULLS LAST"
   return terms
end

function schema.has_natural_order(entity) return natural_order[entity] ~= nil end

--- All periods of the data in the order of time.
local function all_periods(db)
   local parts, found = {}, {}
   for _, name in ipairs(load_model(db).names) do
      for _, field in ipairs((load_model(db).by_name[name] or {fields = {}}).fields) do
         if field.type == "period" then
            parts[#parts + 1] = ("SELECT %s AS period FROM %s"):format(sql.quote(field.name), sql.quote(name))
         end
      end
   end
   local all = "SELECT DISTINCT period FROM (%s) AS known WHERE period IS NOT NULL"
   for row in db:query(all:format(table.concat(parts, " UNION ALL "))):rows() do found[#found + 1] = row[1] end
   table.sort(found, period.before)
   return found
end

--- All ids of an entity in the order of the framework.
function schema.ids(db, entity)
   if entity == "period" then return all_periods(db) end
   local quoted = sql.quote(entity)
   local terms = table.concat(schema.order_terms(entity, quoted .. '."id"'), ", ")
   local ids = {}
   for row in db:query(('SELECT %s."id" FROM %s ORDER BY %s'):format(quoted, quoted, terms)):rows() do
      ids[#ids + 1] = row[1]
   end
   return ids
end

--- Whether the data model has an entity of this name whose records have ids.
function schema.is_entity(name)
   local entity = load_model().by_name[name]
   return entity ~= nil and entity.title ~= nil
end

return schema
