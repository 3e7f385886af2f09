--- `difkit unpack`: what a project of the workbench (.difkit) holds, as files, and how it is asked on a command line.
local core = require "difkit.core"
local json = require "difkit.format.json"

local check = require("difkit.script.run").check

local description = "project.json"

--- A file of the project stands below one of two folders, by a name that leads nowhere else.
local function safe(name)
   return name == description or (name:find "^files/." or name:find "^kept/.") and not name:find "[%c\\]"
      and not ("/" .. name .. "/"):find "/%.%.?/" and not name:find "//"
end

--- The words of a command line that name the project's data, as the workbench shows them.
local function words(about)
   local list = {}
   local function name(option, one)
      local path = type(one) == "table" and rawget(one, "path")
      if type(path) ~= "string" then return end
      local plain = not path:find "[^%w_@%%+=:,./-]"
      list[#list + 1] = (" --%s %s"):format(option, plain and path or "'" .. path:gsub("'", [['\'']]) .. "'")
   end
   name("db", about.base)
   for _, one in ipairs(type(about.over) == "table" and about.over or {}) do name("with", one) end
   return table.concat(list)
end

---`given`: the project as its argument, and the folder as `output`. All files are written, or none.
return function(given)
   local path, folder = given.arguments[1], given.output
   if not folder then
      core.raise("usage", "unpack: into which folder?", "usage: difkit unpack PROJECT.difkit -o DIR")
   end
   local parts = check(core.read_package(path))
   local files, about = {}, nil
   for _, part in ipairs(parts) do
      local name, bytes = part[1], part[2]
      if not name:find "/$" then -- which names a folder
         if not safe(name) then core.raise("data", ('%s: "%s" is no file of a project'):format(path, name)) end
         if name == description then about = check(json.decode(bytes)) end
         local file = folder:gsub("/*$", "/") .. name
         if core.read_file(file) then
            core.raise("usage", file .. " is there already; nothing was written", "choose another folder")
         end
         files[#files + 1] = {file, bytes}
      end
   end
   if type(about) ~= "table" or about.difkit ~= 1 then
      core.raise("data", path .. ": it is a zip, but no project of the workbench (difkit 1)")
   end
   check(core.write_files(files))
   for _, file in ipairs(files) do print("wrote " .. file[1]) end
   print(("\nIts questions, in %s:\n  difkit run coverage%s"):format(folder, words(about)))
end
