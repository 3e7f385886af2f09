--- An OSCAL catalog (JSON, YAML or XML): groups are areas, groups within them topics, controls and their enhancements
--- actions.
local tree = require "difkit.import.framework.tree"

local kind = {name = "oscal", title = "an OSCAL catalog"}

--- The catalog of a file, whatever form it has.
local function catalog_of(found)
   if found.kind == "xml" then return require "difkit.import.framework.oscal_xml"(found.tree) end
   return (found.kind == "json" or found.kind == "yaml") and type(found.tree) == "table" and found.tree.catalog
end

function kind.recognise(found)
   local catalog = catalog_of(found)
   if type(catalog) == "table" and type(catalog.metadata) == "table" and (catalog.groups or catalog.controls) then
      return 1, {"it has a catalog with metadata and controls"}
   end
end

local function list_of(value) return type(value) == "table" and value or {} end

local function property(record, name)
   for _, one in ipairs(list_of(record.props)) do
      if one.name == name and (one.class == nil or name ~= "label" or one.class ~= "zero-padded") then
         return one.value
      end
   end
end

--- Parameters by id, as people read them: "[organization-defined frequency]".
local function parameters_of(control, known)
   for _, one in ipairs(list_of(control.params)) do
      local label = one.label
      local choice = list_of(one.select).choice
      if not label and type(choice) == "table" then label = "selection: " .. table.concat(choice, "; ") end
      known[one.id] = "[" .. (label or one.id) .. "]"
   end
end

local function with_parameters(text, known)
   for _ = 1, 3 do -- a selection may name parameters in its turn
      local replaced
      text, replaced = text:gsub("{{%s*insert:%s*param,%s*([%w_.-]+)%s*}}", function(id) return known[id] end)
      if replaced == 0 then break end
   end
   return text
end

--- The words of a part and of those within it, with their labels.
local function prose_of(part, known, out)
   local label = property(part, "label")
   local prose = tree.line_of(part.prose)
   if prose then out[#out + 1] = (label and label .. " " or "") .. with_parameters(prose, known) end
   for _, inner in ipairs(list_of(part.parts)) do prose_of(inner, known, out) end
end

--- Statement and guidance of a control; other parts are counted as left out.
local function words_of(control, known, collect)
   local statement, guidance = {}, {}
   for _, part in ipairs(list_of(control.parts)) do
      if part.name == "statement" then
         prose_of(part, known, statement)
      elseif part.name == "guidance" then
         prose_of(part, known, guidance)
      else
         collect:skip(("part '%s'"):format(tostring(part.name)), "controls have statement and guidance alone")
      end
   end
   return table.concat(statement, " "), table.concat(guidance, " ")
end

local function add_control(made, topic, control, known, collect)
   parameters_of(control, known)
   if property(control, "status") == "withdrawn" then
      collect:skip(tostring(control.id), "a withdrawn control")
   else
      local statement, guidance = words_of(control, known, collect)
      made:action(topic, {
         id = control.id, number = property(control, "label"),
         text = (control.title or "") .. (statement ~= "" and ": " .. statement or ""), note = guidance,
      })
      for _, name in ipairs {"params", "props", "links"} do
         for _ = 1, #list_of(control[name]) do collect:skip(name, "no place in a framework") end
      end
   end
   for _, inner in ipairs(list_of(control.controls)) do add_control(made, topic, inner, known, collect) end
end

--- All parameters, before any text names them.
local function know(group, known)
   parameters_of(group, known)
   for _, control in ipairs(list_of(group.controls)) do know(control, known) end
   for _, inner in ipairs(list_of(group.groups)) do know(inner, known) end
end

--- The topics of a group: those within it, and one of its own for controls that stand in it.
local function add_group(made, area, group, known, collect)
   if #list_of(group.controls) > 0 or #list_of(group.groups) == 0 then
      local topic = made:topic(area, group.id or group.title, group.title)
      for _, control in ipairs(list_of(group.controls)) do add_control(made, topic, control, known, collect) end
   end
   for _, inner in ipairs(list_of(group.groups)) do add_group(made, area, inner, known, collect) end
end

function kind.read(_, collect, found)
   local catalog = catalog_of(found)
   local metadata = catalog.metadata
   local published = type(metadata.published) == "string" and metadata.published:match "^%d%d%d%d%-%d%d%-%d%d"
   local made = tree.new{title = metadata.title, version = metadata.version, source = found.path:match "[^/]+$",
      adopted = published or nil}
   local known = {}
   know(catalog, known)
   for _, group in ipairs(list_of(catalog.groups)) do
      local area = made:area(group.id or group.title, group.title)
      add_group(made, area, group, known, collect)
   end
   if #list_of(catalog.controls) > 0 then
      local area = made:area("controls", metadata.title)
      add_group(made, area, {id = "controls", title = metadata.title, controls = catalog.controls}, known, collect)
   end
   local resources = list_of(list_of(catalog["back-matter"]).resources)
   for _ = 1, #resources do collect:skip("back-matter", "references have no place in a framework") end
   collect.framework = made
end

return kind
