--- Exports in the formats that other people's tools read: workbooks, data packages, SDMX-CSV, SKOS. Each is written by
--- a file of export/; this one is how scripts call them, and where tables learn to write .xlsx, .html
--- and .docx.
local errors = require "difkit.error"
local files = require "difkit.format.write"

---Exports: a workbook of several tables, a Frictionless data package, SDMX-CSV of the observations, the framework as
---SKOS. A single table is written by `table:write "name.xlsx"`, `.html`, `.csv` and so on.
---@class difkit.export
local export = {}

files.writers[".xlsx"] = function(t, path, options)
   return require("difkit.format.export.xlsx").table(t, path, options)
end
for _, ending in ipairs {".html", ".docx"} do
   files.writers[ending] = function(t, path, options) return require "difkit.report.single"(t, path, options) end
end
files.separated[".xlsx"] = files.writers[".xlsx"]

---A workbook with a sheet for each table. A sheet is called by its key, or by the title of its table. Titles, notes and
---sources stand on a last sheet, "About", so that the sheets hold data alone.
---
---```lua
---local topics = db:from("topic"):select("id", "title"):table()
---local areas = db:from("area"):select("id", "title"):table()
---assert(difkit.export.workbook("framework.xlsx", {{"Areas", areas}, {"Topics", topics}}))
---```
---@param path string
---@param sheets any[] tables, results or queries, or pairs of a name and one of these
---@param options? {formulas?: boolean} `formulas = true`: texts that begin with "=" are formulas
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function export.workbook(path, sheets, options)
   errors.check("export.workbook", "path", path, "string")
   errors.check("export.workbook", "sheets", sheets, "table")
   options = errors.options("export.workbook", options, {"formulas"})
   local done, message, code = require("difkit.format.export.xlsx").workbook(path, sheets, options)
   if done then return done end
   require("difkit.condition").dropped("workbook", message)
   return nil, message, code
end

---A Frictionless data package (version 2): a folder with datapackage.json and a CSV file for each table, with the types
---of the columns, keys and references. Given a database, all its tables that hold rows.
---
---```lua
---assert(difkit.export.data_package("package", db))
---```
---@param folder string
---@param source difkit.Database|table<string, difkit.Table> a database, or tables by name
---@param options? {name?: string, title?: string, license?: string}
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function export.data_package(folder, source, options)
   errors.check("export.data_package", "folder", folder, "string")
   errors.check("export.data_package", "source", source, "userdata", "table")
   options = errors.options("export.data_package", options, {"name", "title", "license"})
   local done, message, code = require("difkit.format.export.package").write(folder, source, options)
   if done then return done end
   require("difkit.condition").dropped("data_package", message)
   return nil, message, code
end

---The observations as SDMX-CSV 2.0. With `since`, an older database, only what has changed since: rows with the action
---M (merge) for what is new or different, and D (delete) for what is gone, so that a warehouse can follow.
---
---```lua
---local text = difkit.export.sdmx_csv(nil, db, {indicators = {"osi"}})
---print(text:match "^[^\n]*")
-----> STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,SOURCE
---print((difkit.export.sdmx_csv(nil, db, {since = db}):gsub("[^\n]+\n", "", 1))) -->
---```
---@param path string|nil nil: the text is given back
---@param db difkit.Database
---@param options? {since?: difkit.Database, indicators?: string[], structure?: string, action?: "I"|"A"|"M"|"R"}
---@return boolean|string|nil done
---@return string|nil message
---@return string|nil code
function export.sdmx_csv(path, db, options)
   errors.check("export.sdmx_csv", "path", path, "string", "optional")
   errors.check("export.sdmx_csv", "db", db, "userdata")
   options = errors.options("export.sdmx_csv", options, {"since", "indicators", "structure", "action"})
   errors.check("export.sdmx_csv", "since", options.since, "userdata", "optional")
   local done, message, code = require("difkit.format.export.sdmx").write(path, db, options)
   if done then return done end
   require("difkit.condition").dropped("sdmx_csv", message)
   return nil, message, code
end

---What the SDMX-CSV of the observations names, as a structure message of SDMX-ML 2.1: dataflow, data structure,
---concepts and code lists.
---
---```lua
---local text = assert(difkit.export.sdmx_structure(nil, db))
---print(text:match '<str:Dataflow id="([%w_]+)"') --> OBSERVATIONS
---```
---@param path string|nil nil: the text is given back
---@param db difkit.Database
---@param options? {structure?: string} as in AGENCY:NAME(1.0)
---@return boolean|string|nil done
---@return string|nil message
---@return string|nil code
function export.sdmx_structure(path, db, options)
   errors.check("export.sdmx_structure", "path", path, "string", "optional")
   errors.check("export.sdmx_structure", "db", db, "userdata")
   options = errors.options("export.sdmx_structure", options, {"structure"})
   local done, message, code = require("difkit.format.export.sdmx_structure").write(path, db, options)
   if done then return done end
   require("difkit.condition").dropped("sdmx_structure", message)
   return nil, message, code
end

--- Writes a folder by the file of export/ that `name` stands for.
local function folder_by(name, folder, db)
   errors.check("export." .. name, "folder", folder, "string")
   errors.check("export." .. name, "db", db, "userdata")
   local done, message, code = require("difkit.format.export." .. name).write(folder:gsub("/+$", ""), db)
   if done then return done end
   require("difkit.condition").dropped(name, message)
   return nil, message, code
end

---A folder for Datasette: the data as a database of plain tables, and metadata.yaml, which describes them.
---`datasette FOLDER/*.db --metadata FOLDER/metadata.yaml` serves them.
---
---```lua
---assert(difkit.export.datasette("site", db))
---```
---@param folder string
---@param db difkit.Database
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function export.datasette(folder, db) return folder_by("datasette", folder, db) end

---The folder that Open SDG's sdg-build reads: data, configuration and metadata of each indicator.
---
---```lua
---assert(difkit.export.open_sdg("sdg", db))
---```
---@param folder string
---@param db difkit.Database
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function export.open_sdg(folder, db) return folder_by("open_sdg", folder, db) end

---The framework as SKOS in JSON-LD: areas, topics and actions as concepts, each below the one before; the links between
---actions as exact, broad, narrow and related matches.
---
---```lua
---local text = difkit.export.skos(nil, db)
---print(#difkit.json.decode(text)["@graph"] > 270) --> true
---```
---@param path string|nil nil: the text is given back
---@param db difkit.Database
---@param options? {base?: string, language?: string} `base`: what the names of the concepts begin with
---@return boolean|string|nil done
---@return string|nil message
---@return string|nil code
function export.skos(path, db, options)
   errors.check("export.skos", "path", path, "string", "optional")
   errors.check("export.skos", "db", db, "userdata")
   options = errors.options("export.skos", options, {"base", "language"})
   local done, message, code = require("difkit.format.export.skos").write(path, db, options)
   if done then return done end
   require("difkit.condition").dropped("skos", message)
   return nil, message, code
end

return export
