--- `difkit export`: the data as another tool of the field reads them.
local core = require "difkit.core"
local check = require("difkit.script.run").check

--- Each kind writes its files below a folder, and says what comes next.
local kinds = {}

function kinds.datasette(export, db, folder)
   check(export.datasette(folder, db))
   return "a database and metadata.yaml for Datasette (not opened by it here)"
end

kinds["open-sdg"] = function(export, db, folder)
   check(export.open_sdg(folder, db))
   return "the data folder of sdg-build, with its config_data.yml (not opened by sdg-build here)"
end

function kinds.sdmx(export, db, folder)
   check(export.sdmx_structure(folder .. "/structure.xml", db))
   check(export.sdmx_csv(folder .. "/observations.csv", db))
   return "observations.csv (SDMX-CSV 2.0) and structure.xml (SDMX-ML 2.1)"
end

function kinds.skos(export, db, folder)
   check(export.skos(folder .. "/framework.jsonld", db))
   return "framework.jsonld (SKOS)"
end

kinds["data-package"] = function(export, db, folder)
   check(export.data_package(folder, db))
   return "datapackage.json and a CSV file for each table"
end

---`given`: the kind as first of `arguments`, the folder `out`.
return function(given)
   local names = {}
   for name in require "difkit.sorted"(kinds) do names[#names + 1] = name end
   local kind = given.arguments[1]
   if not kinds[kind] then
      core.raise("usage", ("export: unknown kind \"%s\""):format(tostring(kind)),
         require("difkit.error").hint(kind, names))
   end
   if not given.out then core.raise("usage", "export: into which folder?", "add --out DIR") end
   local difkit = require "difkit"
   local db <close> = check(difkit.open())
   print(("%s: %s"):format(given.out, kinds[kind](difkit.export, db, ".")))
end
