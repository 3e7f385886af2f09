--- CSV on the Web: the table that its metadata describe, read as they say (dialect, decimal sign, missing values).
local Grid = require "difkit.import.grid"
local read = require "difkit.format.read"
local source = require "difkit.import.source"

local kind = {name = "csvw", title = "CSV on the Web"}

local function is_context(context)
   if type(context) == "string" then return context:find("ns/csvw", 1, true) ~= nil end
   return type(context) == "table" and is_context(context[1])
end

--- The tables of the metadata.
local function tables_of(tree)
   if type(tree) ~= "table" or not is_context(tree["@context"]) then return nil end
   return type(tree.tables) == "table" and tree.tables or {tree}
end

function kind.recognise(found)
   if found.kind == "json" and tables_of(found.tree) then return 1, {"its @context is that of CSV on the Web"} end
end

--- The rows of a table, or nil and why not: a file beside the metadata, never one elsewhere.
local function read_table(described, found)
   local path = described.url
   if type(path) ~= "string" or path:find "^%a[%w+.-]*:" or path:find "^/" or ("/" .. path .. "/"):find("/../", 1, true)
   then
      return nil, ('the table "%s" does not stand beside its metadata'):format(tostring(path))
   end
   local dialect = type(described.dialect) == "table" and described.dialect or found.tree.dialect
   dialect = type(dialect) == "table" and dialect or {}
   local file, message = read.open((found.path:match "^(.*/)" or "") .. path, {
      separator = dialect.delimiter or ",", encoding = type(dialect.encoding) == "string" and dialect.encoding or nil,
   })
   if not file then return nil, message end
   local done, rows = pcall(source.text_rows, file, dialect.commentPrefix)
   file:close()
   if not done then return nil, tostring(rows) end
   for _ = 1, math.tointeger(tonumber(dialect.skipRows)) or 0 do table.remove(rows, 1) end
   return rows, nil, dialect
end

--- A heading: the first title of a column, or its name.
local function title_of(column)
   local titles = column.titles
   if type(titles) == "table" then titles = titles[1] or titles.en or select(2, next(titles)) end
   if type(titles) == "table" then titles = titles[1] end
   return titles or column.name
end

--- What the columns say: missing values, the decimal sign, titles of indicators.
local function obey(columns, described, collect)
   local options, missing = collect.options, {}
   local function add(null)
      for _, mark in ipairs(type(null) == "table" and null or {null}) do
         if mark ~= "" then missing[mark] = true end
      end
   end
   add(described.null)
   for _, column in ipairs(columns) do
      add(column.null)
      local datatype = type(column.datatype) == "table" and column.datatype or {}
      local format = type(datatype.format) == "table" and datatype.format or {}
      if format.decimalChar then options.decimal = format.decimalChar end
      local description = column["dc:description"]
      collect:indicator(title_of(column), type(description) == "string" and description or title_of(column))
   end
   options.missing, options.decimal = missing, options.decimal or "."
end

function kind.read(_, collect, found)
   local tables = tables_of(found.tree)
   if #tables ~= 1 then
      collect:refuse("tables", ("it describes %d tables"):format(#tables), "import one of them by its own name")
      return
   end
   local rows, message, dialect = read_table(tables[1], found)
   if not rows then
      collect:refuse("url", message, "lay the table beside its metadata")
      return
   end
   local schema = type(tables[1].tableSchema) == "table" and tables[1].tableSchema or {}
   local columns = type(schema.columns) == "table" and schema.columns or {}
   if dialect.header == false or dialect.headerRowCount == 0 then
      local heading = {n = #columns, line = 0}
      for j, column in ipairs(columns) do heading[j] = title_of(column) end
      table.insert(rows, 1, heading)
   end
   obey(columns, tables[1], collect)
   local title = tables[1]["dc:title"] or found.tree["dc:title"]
   collect.source.title = type(title) == "string" and title or nil
   collect.file = tables[1].url:match "[^/]+$":gsub("%.%w+$", "")
   collect.indicator_name = collect.file
   require("difkit.import.kind.plain").read(Grid.new(tables[1].url, rows), collect)
   -- Indicators are columns with values, not every column that is described.
   local kept = {}
   for _, one in ipairs(collect.indicators) do
      if one.used then kept[#kept + 1] = one end
   end
   collect.indicators = kept
end

return kind
