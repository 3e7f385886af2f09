--- What `difkit new` writes: a commented start that runs. The texts are the files of scripts/new; NAME in them stands
--- for the name.
local core = require "difkit.core"
local errors = require "difkit.error"

local new = {}

local function template(file, name)
   local text = core.library_text("new/" .. file)
   if not text then core.raise("io", ("the library has no new/%s"):format(file)) end
   return (text:gsub("NAME", function() return name end))
end

--- What the script gives with these options, as CSV.
local function golden(name, text, arguments)
   local values = require("difkit.script.run").values{
      text = text, name = name, chunk = "@" .. name .. ".lua", arguments = arguments, options = {}, silent = true,
   }
   return require("difkit.format.csv").encode(require("difkit.script.run").table_of(values[1]), ",", {})
end

--- Each kind gives the files, {path, text, refreshed}, and the commands to try.
local kinds = {}

function kinds.script(name)
   local script = template("script.lua", name)
   return {
      {name .. ".lua", script},
      {"tests/" .. name .. ".test.lua", template("script.test.lua", name)},
      {"tests/" .. name .. ".csv", golden(name, script, {})},
      {"tests/" .. name .. "-PA3.csv", golden(name, script, {"--area", "PA3"})},
      {".luarc.json", require("difkit.format.json").encode({
         ["runtime.version"] = "Lua 5.4", ["workspace.library"] = {".difkit"},
      }, {indent = 2}) .. "\n", "kept"},
      {".difkit/difkit.lua", require("difkit.script.definitions").text(), "refreshed"},
   }, {("difkit run %s.lua --area PA3"):format(name), ("difkit check %s.lua"):format(name), "difkit test"}
end

function kinds.framework(name)
   local files = {{name .. "/schema.json", core.json_schema()}}
   for _, file in ipairs {"framework.yaml", "plan.yaml", "progress.yaml"} do
      files[#files + 1] = {name .. "/" .. file, template("framework/" .. file, name)}
   end
   return files, {("difkit check %s"):format(name), ("difkit run coverage --db %s"):format(name),
      ("difkit run coverage --with %s"):format(name)}
end

function kinds.index(name)
   return {{name .. ".yaml", template("index.yaml", name)}},
      {("difkit run index --spec %s.yaml"):format(name), ("difkit run try --spec %s.yaml"):format(name)}
end

function kinds.words(name)
   return {{("words-%s.yaml"):format(name), require("difkit.report.words").template(name)}},
      {("difkit.report{title = …, language = \"%s\", words = \"words-%s.yaml\"}"):format(name, name)}
end

local function check_name(name)
   if name:find "^%a[%w-]*$" and #name <= 64 then return end
   core.raise("usage", ('"%s" cannot be a name here'):format(name), "letters, digits and -, beginning with a letter")
end

--- Whether there is a file of that name.
local function exists(path)
   local text, _, code = core.read_file(path)
   return text ~= nil or code ~= "io"
end

--- Writes the files of `kind` for `name` below the folder `folder`; all of them or, when one is in the way, none.
function new.write(given)
   local make = rawget(kinds, given.kind)
   if not make then
      core.raise("usage", ('new: unknown kind "%s"'):format(given.kind),
         errors.hint(given.kind, {"script", "framework", "index"}))
   end
   check_name(given.name)
   local files, commands = make(given.name)
   local folder = given.folder and given.folder:gsub("/*$", "/") or ""
   local written = {}
   for _, file in ipairs(files) do
      local path, text, manner = folder .. file[1], file[2], file[3]
      local there = exists(path)
      if there and not manner then
         core.raise("usage", ("%s is there already; nothing was written"):format(path), "choose another name")
      end
      if not (there and (manner == "kept" or core.read_file(path) == text)) then
         written[#written + 1] = {path, text}
      end
   end
   if not given.dry_run then
      local done, message, code = core.write_files(written)
      if not done then core.raise(code or "io", message) end
   end
   for _, file in ipairs(written) do
      print((given.dry_run and "would write " or "wrote ") .. file[1])
   end
   print("\nNext" .. (folder ~= "" and (", in %s:"):format(given.folder) or ":"))
   for _, command in ipairs(commands) do print("  " .. command) end
end

return new
