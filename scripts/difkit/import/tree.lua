--- Trees of XML, as core.parse_xml gives them: their children by name, and their texts.
local tree = {}

--- The children of an element that have a name.
local function children(element, name)
   local i = 0
   return function()
      while element do
         i = i + 1
         local child = element[i]
         if child == nil then return nil end
         if type(child) == "table" and (not name or child[0] == name) then return child end
      end
   end
end

local function child(element, name) return children(element, name)() end
tree.children, tree.child = children, child

--- The texts within an element, one after another; those of `without` left out.
local function text_of(element, without)
   local parts = {}
   local function visit(node)
      for i = 1, #node do
         local item = node[i]
         if type(item) == "string" then parts[#parts + 1] = item elseif item[0] ~= without then visit(item) end
      end
   end
   if element then visit(element) end
   return table.concat(parts)
end
tree.text_of = text_of

return tree
