--- What the checks know of the library: its classes, their members, and what a call gives. All of it comes from the
--- library itself, its method tables and its annotations; nothing is listed here a second time.
local core = require "difkit.core"
local help = require "difkit.script.help"

local kinds = {}

--- Classes whose methods are all in one table: a name that is not there does not exist.
local function methods_of(class)
   if class == "difkit.Database" then return core.database end
   if class == "difkit.Result" then return core.result end
   if class == "difkit.Query" then return require "difkit.query" end
   if class == "difkit.Table" then return require("difkit.table").methods end
end

local entries, members, has

local function read()
   if entries then return end
   entries, members, has = {}, {}, {}
   local function add(class, name)
      if not has[class][name] then table.insert(members[class], name) end
      has[class][name] = true
   end
   for _, entry in ipairs(help.entries()) do
      local class = entry.class
      members[class], has[class] = members[class] or {}, has[class] or {}
      if entry.kind == "function" then
         entries[entry.name] = entry
         add(class, entry.member)
      end
      for _, field in ipairs(entry.fields) do add(class, field.name) end
   end
   for class, list in pairs(members) do
      for name in next, methods_of(class) or {} do
         if type(name) == "string" and name:sub(1, 2) ~= "__" then add(class, name) end
      end
      table.sort(list)
   end
end

--- The annotation of a function: "difkit.open", "difkit.Query:where"; of a module that is called, that of its `new`.
function kinds.entry(name)
   read()
   return entries[name] or entries[name .. ".new"]
end

--- The names of the members of a class or module, in order.
function kinds.members(class)
   read()
   return members[class] or {}
end

--- The names of the parts of the library, in order.
function kinds.modules()
   read()
   local names = {}
   for class in pairs(members) do names[#names + 1] = class:match "^difkit%.(%l[%w_]*)$" end
   table.sort(names)
   return names
end

--- Whether all members of an object are known, so that another name is a mistake.
function kinds.complete(value)
   return methods_of(value.class) ~= nil and not value.more
end

function kinds.has(class, name)
   read()
   return has[class] ~= nil and has[class][name] == true
end

--- The parts of a type such as "difkit.Query|nil", without nil.
local function alternatives(text)
   local parts = {}
   for part in text:gmatch "[^|]+" do
      if part ~= "nil" then parts[#parts + 1] = part end
   end
   return parts
end

--- The value of that type, as far as it says anything: an object of a class; `columns` are those of the rows it may be
--- or give. `arguments` is how many the call has: without a name for its column a figure of groups is a plain number.
local function value_of(text, columns, arguments)
   local parts = alternatives(text)
   local first = parts[1]
   if not first then return nil end
   if #parts > 1 then
      if not (first:find "^difkit%." and arguments and arguments > 0) then return nil end
      if parts[2] == "number" and arguments < 2 then return nil end
      if parts[2] ~= "integer" and parts[2] ~= "number" then return nil end
   end
   if first:find "^difkit%.[%w_.]+$" and members[first] then return {kind = "object", class = first} end
   if first == "string" then return {kind = "text"} end
   if not columns then return nil end
   if first == "table<string, any>" then return {kind = "row", columns = columns} end
   if first == "table<string, any>[]" then return {kind = "rows", columns = columns} end
   if first == "fun(): table<string, any>" then return {kind = "iterator", columns = columns} end
end

--- Classes whose tables are tables and nothing more. Others add functions to some, as the robustness of an index does.
local plain = {["difkit.Database"] = true, ["difkit.Query"] = true, ["difkit.Result"] = true, ["difkit.Table"] = true}

--- What a call of the function gives first.
function kinds.result(entry, columns, arguments)
   local returns = entry.returns[1]
   local value = returns and value_of(returns.type, columns, arguments)
   if value and not plain[entry.class] then value.more = true end
   return value
end

--- What a function given as argument `index` is given: a list of "row", "rows" or false; nil when the annotation tells
--- nothing.
function kinds.callback(entry, index)
   local parameter = entry.parameters[math.min(index, #entry.parameters)]
   local list = parameter and parameter.type:match "fun(%b())"
   if not list or parameter.name ~= "..." and index > #entry.parameters then return nil end
   local given = {}
   for kind in list:sub(2, -2):gmatch ":%s*([^,]+)" do
      given[#given + 1] = kind:find "^table$" and "row" or false
   end
   return given
end

return kinds
