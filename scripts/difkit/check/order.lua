--- Loops over `pairs` or `next` whose body prints, writes, or makes a list or a text: their order is another in every
--- run. A list that is sorted afterwards is none of them.
local order = {}

--- Methods that put something out, and functions of the library that do.
local puts_out = {write = true, print = true, text = true, heading = true, chart = true, footnote = true}

local function is_global(node, name) return node.tag == "Id" and not node.var and node[1] == name end

--- The Id at the beginning of `rows`, `rows.names`, `rows[key]`, or nil.
local function root(node)
   while node.tag == "Index" or node.tag == "Paren" do node = node[1] end
   return node.tag == "Id" and node or nil
end

--- Whether the loop goes through a table by `pairs` or `next`. Rows of the library have their order.
local function unordered(loop, values)
   local first = loop[2][1]
   if is_global(first, "next") then return #loop[2] > 1 end
   return first.tag == "Call" and is_global(first[1], "pairs")
      and not require("difkit.check.slips").over_rows(values, first)
end

--- Whether a variable is declared within a node.
local function within(var, node)
   local declared = var.node.offset
   return declared >= node.offset and declared <= node.end_offset
end

--- Whether `list[#list + 1] = value` or `list[n] = value` with a counter.
local function appends(target)
   local key = target.tag == "Index" and target[2]
   if not key or key.tag ~= "Op" or key[1] ~= "add" then return false end
   return key[2].tag == "Op" and key[2][1] == "len" or key[3].tag == "Number"
end

--- The variables that the script sorts, each with the places where it does.
local function sorted_variables(script)
   local sorted = {}
   local function note(node, at)
      script:walk(function(inner)
         if inner.tag == "Id" and inner.var then
            sorted[inner.var] = sorted[inner.var] or {}
            table.insert(sorted[inner.var], at.offset)
         end
      end, node)
   end
   script:walk(function(node)
      if node.tag == "Call" and node[1].tag == "Index" and node[1][2].tag == "String" and node[2]
         and node[1][2][1]:find "sort" then
         note(node[2], node)
      elseif node.tag == "Invoke" and (node[2][1] == "sort" or node[2][1] == "order") then
         note(node[1], node)
      end
   end)
   return sorted
end

--- What the body of a loop puts out, in words, or nil.
local function output(script, loop, sorted)
   local found
   local function outer(node)
      local id = root(node)
      if not id or id.var and within(id.var, loop) then return false end
      for _, at in ipairs(id.var and sorted[id.var] or {}) do
         if at > loop.offset then return false end
      end
      return true
   end
   script:walk(function(node)
      if found or node.tag == "Function" then return false end
      if node.tag == "Call" then
         local callee = node[1]
         if is_global(callee, "print") then found = "what it prints"
         elseif callee.tag == "Index" and is_global(callee[1], "io") and callee[2][1] == "write" then
            found = "what it writes"
         elseif callee.tag == "Index" and is_global(callee[1], "table") and callee[2][1] == "insert" and #node == 3
            and outer(node[2]) then
            found = "the list it makes"
         end
      elseif node.tag == "Invoke" and puts_out[node[2][1]] and outer(node[1]) then
         found = "what it writes"
      elseif node.tag == "Set" then
         for i, target in ipairs(node[1]) do
            local value = node[2][i]
            if appends(target) and outer(target) then
               found = "the list it makes"
            elseif target.tag == "Id" and value and value.tag == "Op" and value[1] == "concat" and outer(target) then
               found = "the text it makes"
            end
         end
      end
   end, loop[3])
   return found
end

--- Notes each such loop at its beginning.
function order.check(script, values)
   local sorted = sorted_variables(script)
   script:walk(function(node)
      if node.tag == "Forin" and unordered(node, values) then
         local what = output(script, node, sorted)
         if what then
            script:report(node[2][1], ("the order of pairs is not defined, and with it that of %s"):format(what),
               "use difkit.sorted")
         end
      end
   end)
end

return order
