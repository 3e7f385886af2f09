--- An OSCAL catalog as XML, in the form that it has as JSON: what both hold is the same (pages.nist.gov/OSCAL, "XML to
--- JSON"), texts with markup become Markdown.
local tree = require "difkit.import.tree"

local lines -- of a list or paragraph, declared ahead: texts are nested

--- A text with markup within a line.
local function inline(element)
   local parts = {}
   for i = 1, #element do
      local item = element[i]
      if type(item) == "string" then
         parts[#parts + 1] = item:gsub("%s+", " ")
      elseif item[0] == "insert" then
         parts[#parts + 1] = ("{{ insert: %s, %s }}"):format(item.attributes.type or "param",
            item.attributes["id-ref"] or "")
      elseif item[0] == "em" or item[0] == "i" then
         parts[#parts + 1] = "*" .. inline(item) .. "*"
      elseif item[0] == "strong" or item[0] == "b" then
         parts[#parts + 1] = "**" .. inline(item) .. "**"
      elseif item[0] == "code" then
         parts[#parts + 1] = "`" .. inline(item) .. "`"
      elseif item[0] == "a" then
         parts[#parts + 1] = ("[%s](%s)"):format(inline(item), item.attributes.href or "")
      elseif item[0] == "ol" or item[0] == "ul" then
         parts[#parts + 1] = "\n" .. lines(item)
      else
         parts[#parts + 1] = inline(item)
      end
   end
   return (table.concat(parts):match "^%s*(.-)%s*$")
end

local blocks = {p = true, ol = true, ul = true, table = true, pre = true, blockquote = true}
for level = 1, 6 do blocks["h" .. level] = true end

--- A paragraph or list as lines.
function lines(block)
   if block[0] ~= "ol" and block[0] ~= "ul" then return inline(block) end
   local list = {}
   for item in tree.children(block, "li") do
      list[#list + 1] = (block[0] == "ol" and "1. " or "- ") .. inline(item)
   end
   return table.concat(list, "\n")
end

--- The paragraphs and lists that stand right within an element; nil without any.
local function prose_of(element)
   local list = {}
   for child in tree.children(element) do
      if blocks[child[0]] then list[#list + 1] = lines(child) end
   end
   return #list > 0 and table.concat(list, "\n\n") or nil
end

local function text_of(element, name)
   local child = tree.child(element, name)
   return child and inline(child) or nil
end

--- The children of that name, each made into a record.
local function list_of(element, name, make)
   local list = {}
   for child in tree.children(element, name) do list[#list + 1] = make(child) end
   return #list > 0 and list or nil
end

local function attributes_of(element)
   local record = {}
   for name, value in pairs(element.attributes) do
      if type(name) == "string" then record[name] = value end
   end
   return record
end

local function parameter_of(element)
   local select = tree.child(element, "select")
   return {
      id = element.attributes.id, label = text_of(element, "label"),
      select = select and {choice = list_of(select, "choice", inline)},
   }
end

local function part_of(element)
   return {
      id = element.attributes.id, name = element.attributes.name, title = text_of(element, "title"),
      prose = prose_of(element), props = list_of(element, "prop", attributes_of),
      parts = list_of(element, "part", part_of),
   }
end

--- A group, a control or the catalog.
local function group_of(element)
   return {
      id = element.attributes.id, title = text_of(element, "title"), params = list_of(element, "param", parameter_of),
      props = list_of(element, "prop", attributes_of), links = list_of(element, "link", attributes_of),
      parts = list_of(element, "part", part_of), groups = list_of(element, "group", group_of),
      controls = list_of(element, "control", group_of),
   }
end

---The catalog in a tree of XML as it would stand in JSON; nil when the tree is of something else.
---@param element table
---@return table|nil catalog
return function(element)
   local metadata = element[0] == "catalog" and tree.child(element, "metadata")
   if not metadata or not (tree.child(element, "group") or tree.child(element, "control")) then return nil end
   local catalog, behind = group_of(element), tree.child(element, "back-matter")
   catalog.metadata = {
      title = text_of(metadata, "title"), version = text_of(metadata, "version"),
      published = text_of(metadata, "published"),
   }
   if behind then catalog["back-matter"] = {resources = list_of(behind, "resource", attributes_of)} end
   return catalog
end
