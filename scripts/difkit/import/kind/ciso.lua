--- A library of CISO Assistant (YAML): its requirement nodes, a tree by parent, as areas, topics and actions.
local tree = require "difkit.import.framework.tree"

local kind = {name = "ciso-assistant", title = "a CISO Assistant library"}

local function framework_of(value)
   local objects = type(value) == "table" and value.objects
   local framework = type(objects) == "table" and objects.framework
   if type(framework) == "table" and type(framework.requirement_nodes) == "table" then return framework end
end

function kind.recognise(found)
   if found.kind == "yaml" and framework_of(found.tree) then return 1,
      {"it has objects.framework.requirement_nodes"} end
end

--- The nodes by their parents, in the order of the file; those whose parent is not there stand at the top.
local function children_of(nodes)
   local known, children, top = {}, {}, {}
   for _, node in ipairs(nodes) do known[node.urn or ""] = true end
   for _, node in ipairs(nodes) do
      local parent = node.parent_urn
      if parent and known[parent] and parent ~= node.urn then
         children[parent] = children[parent] or {}
         table.insert(children[parent], node)
      else
         top[#top + 1] = node
      end
   end
   return children, top
end

local function id_of(node) return node.ref_id or tostring(node.urn or node.name or "node"):match "[^:]+$" end

local function title_of(node) return node.name or node.description or id_of(node) end

--- Adds what is assessable below a node to a topic; headings on the way stand in the note.
local function add_actions(made, topic, node, children, path, collect)
   if node.assessable then
      local notes = {node.annotation, node.typical_evidence and "Evidence: " .. node.typical_evidence,
         #path > 0 and "Under: " .. table.concat(path, " / ") or nil}
      local said = {}
      for i = 1, 3 do said[#said + 1] = notes[i] and tree.line_of(notes[i]) end
      made:action(topic, {
         id = id_of(node), number = node.ref_id, note = table.concat(said, "; "),
         text = node.name and node.description and node.name .. ": " .. node.description or title_of(node),
      })
      for _, key in ipairs {"threats", "reference_controls", "questions", "translations", "implementation_groups"} do
         if node[key] then collect:skip(key .. " of requirements", "no place in a framework") end
      end
   end
   local deeper = table.move(path, 1, #path, 1, {})
   if not node.assessable then deeper[#deeper + 1] = tree.line_of(title_of(node)) end
   for _, child in ipairs(children[node.urn] or {}) do add_actions(made, topic, child, children, deeper, collect) end
end

--- An area: the nodes below it that are headings are topics; what is assessable right below it has one of its own.
local function add_area(made, node, children, collect)
   local area = made:area(id_of(node), title_of(node), node.ref_id)
   local own
   for _, child in ipairs(children[node.urn] or {}) do
      if child.assessable then
         own = own or made:topic(area, id_of(node), title_of(node))
         add_actions(made, own, child, children, {}, collect)
      else
         local topic = made:topic(area, id_of(child), title_of(child), child.name and child.description)
         for _, inner in ipairs(children[child.urn] or {}) do add_actions(made, topic, inner, children, {}, collect) end
      end
   end
   if node.assessable then
      own = own or made:topic(area, id_of(node), title_of(node))
      local alone = setmetatable({}, {__index = function() return nil end})
      add_actions(made, own, node, alone, {}, collect)
   end
end

function kind.read(_, collect, found)
   local library = found.tree
   local framework = framework_of(library)
   local made = tree.new{title = framework.name or library.name, id = framework.ref_id or library.ref_id,
      version = library.version, source = library.provider or library.urn}
   local children, top = children_of(framework.requirement_nodes)
   for _, node in ipairs(top) do add_area(made, node, children, collect) end
   for name, list in require("difkit.sorted")(library.objects) do
      if name ~= "framework" and type(list) == "table" then
         for _ = 1, #list do collect:skip(name, "no place in a framework") end
      end
   end
   collect.source.licence = library.copyright and tree.line_of(library.copyright) or nil
   if collect.source.licence then collect:warn("copyright: " .. collect.source.licence) end
   collect.framework = made
end

return kind
