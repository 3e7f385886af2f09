--- Names that are not local: those a script finds in the sandbox, and those that nobody has defined.
--- What the sandbox gives is asked of the sandbox itself.
local core = require "difkit.core"
local errors = require "difkit.error"

local globals = {}

local function names_of(t)
   local names = {}
   for name in next, t do
      if type(name) == "string" then names[#names + 1] = name end
   end
   table.sort(names)
   return names
end

globals.names_of = names_of

--- The globals of a script in the sandbox, as a table.
function globals.environment()
   return (core.run_chunk("return _G", "=environment"))
end

local function near(name, names)
   local found = core.nearest(name, names)
   return found and ('did you mean "%s"?'):format(found)
end

--- Notes what of the standard libraries a script may not use, or what is no part of them at all.
--- `library` is the name of the library, nil for a global; `known` are the names that would be right.
function globals.unknown(script, node, name, library, known)
   local standard = library and (type(_G[library]) == "table" and _G[library] or {}) or _G
   local full = library and library .. "." .. name or name
   if rawget(standard, name) ~= nil then
      script:report(node, full .. " is not available in the sandbox",
         "the script would have to be run with --trust")
   elseif library then
      script:report(node, ('%s has no field "%s"'):format(library, name), errors.hint(name, known))
   else
      script:report(node, ('undefined global "%s"'):format(name), near(name, known))
   end
end

--- Notes globals that are set, and those that are read but neither set nor given.
function globals.check(script, environment)
   local set, known = {}, {_ENV = true}
   for name in next, environment do known[name] = true end
   local function each(list, node)
      for _, target in ipairs(list) do
         if target.tag == "Id" and not target.var then
            local name = target[1]
            if not set[name] and not known[name] then
               local called = node[2][1] and node[2][1].tag == "Function" and "local function " .. name
               script:report(target, ('"%s" becomes a global'):format(name), ("write %s"):format(called
                  or "local " .. name))
            elseif known[name] and name ~= "_ENV" then
               script:report(target, ('the global "%s" is replaced'):format(name), "write local " .. name)
            end
            set[name] = true
            target.set = true
         end
      end
   end
   local names = names_of(environment)
   script:walk(function(node)
      if node.tag == "Set" then each(node[1], node) end
      if node.tag == "Id" and node.var and #node[1] > 1 then names[#names + 1] = node[1] end
   end)
   script:walk(function(node)
      if node.tag == "Id" and not node.var and not node.set and not known[node[1]] and not set[node[1]] then
         globals.unknown(script, node, node[1], nil, names)
      end
   end)
end

return globals
