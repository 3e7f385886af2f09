--- Usual slips that Lua lets pass: a result that is dropped, a nil that nothing looks at, a dot for a colon, `pairs`
--- over a query, SQL put together with values in it, options that a function does not know, a list whose last item is
--- overwritten instead of added to.
local condition = require "difkit.condition"
local errors = require "difkit.error"
local kinds = require "difkit.check.kinds"

local slips = {}

--- The words of a node such as `t` or `self.rows`, or nil when it is longer.
local function words_of(node)
   if node.tag == "Id" then return node[1] end
   if node.tag == "Index" and node[2].tag == "String" then
      local owner = words_of(node[1])
      return owner and owner .. "." .. node[2][1]
   end
end

-- Results that are dropped --------------------------------------------------------------------------------------------

--- Functions whose failure is nil and a message: by the last name, that of the class or module.
local may_fail = {
   write = true, snapshot = true, lock = true, workbook = true, data_package = true, sdmx_csv = true, skos = true,
}

--- The annotation of what a call calls, or nil.
local function entry_of(values, call)
   if call.tag == "Invoke" then
      local receiver = values:of(call[1])
      return receiver and receiver.kind == "object" and kinds.entry(receiver.class .. ":" .. call[2][1]) or nil
   end
   local value = values:of(call[1])
   return value and value.name and not value.standard and kinds.entry(value.name) or nil
end

local function check_dropped(values, call)
   local entry = entry_of(values, call)
   local gives = entry and entry.returns[1] and entry.returns[1].type or ""
   local name = call.tag == "Invoke" and ("%s:%s"):format(words_of(call[1]) or "…", call[2][1])
   local place = call.tag == "Invoke" and call[2] or call
   if name and (gives:find "^difkit%.Table" or gives:find "^difkit%.Query") then
      local owner = words_of(call[1])
      values.script:report(place, ("what %s gives is dropped: it leaves what it is called on as it was"):format(name),
         owner and entry.class ~= "difkit.Database" and ("write %s = %s(…)"):format(owner, name)
            or "keep it in a variable")
   elseif entry and may_fail[entry.member] and gives:find "nil" then
      values.script:report(place, ("nothing looks at whether %s succeeds"):format(name or entry.name),
         "write assert(…) around it")
   end
end

--- Places where a variable is looked at for being nil: conditions, `and`, `or`, `not`, `==`, and assert.
local function looks_at(script, var)
   local looked = false
   local function within(node)
      script:walk(function(inner)
         if inner.tag == "Id" and inner.var == var then looked = true end
      end, node)
   end
   script:walk(function(node)
      local callee = node[1]
      if node.tag == "If" then
         for i = 1, #node - 1, 2 do within(node[i]) end
      elseif node.tag == "While" or node.tag == "Op" and node[1] ~= "concat" and node[1] ~= "len" then
         for i = node.tag == "Op" and 2 or 1, node.tag == "Op" and #node or 1 do
            if node[i].tag == "Id" then within(node[i]) elseif node.tag == "While" then within(node[1]) end
         end
      elseif node.tag == "Repeat" then
         within(node[2])
      elseif node.tag == "Call" and callee.tag == "Id" and not callee.var and callee[1] ~= "print" then
         for i = 2, #node do
            if node[i].tag == "Id" then within(node[i]) end
         end
      elseif node.tag == "Return" then
         for _, value in ipairs(node) do
            if value.tag == "Id" then within(value) end
         end
      end
   end)
   return looked
end

--- `local db = difkit.open "x.db"` whose nil nothing looks at. The bundled data, which `difkit.open()` opens, are
--- always there.
local function check_opened(values, node)
   local name, call = node[1][1], node[2] and node[2][1]
   if #node[1] > 1 or not call or call.tag ~= "Call" or #call < 2 or not name.var then return end
   local entry = entry_of(values, call)
   local first, second = entry and entry.returns[1], entry and entry.returns[2]
   local reads = second and (entry.parameters[1].name == "path" or entry.name == "difkit.open")
   if not reads or not first.type:find "nil" or may_fail[entry.member] or looks_at(values.script, name.var) then
      return
   end
   values.script:report(call, ("%s gives nil where it fails, and nothing looks at %s"):format(entry.name, name[1]),
      "write assert(…) around it")
end

-- Dots and loops ------------------------------------------------------------------------------------------------------

local function check_dot(values, call)
   local callee = call[1]
   if callee.tag ~= "Index" or callee[2].tag ~= "String" then return end
   local object, name = values:of(callee[1]), callee[2][1]
   if not object or object.kind ~= "object" or not kinds.entry(object.class .. ":" .. name) then return end
   local first, owner = call[2], words_of(callee[1])
   if first and owner and words_of(first) == owner then return end -- db.query(db, …) is right
   local given = first and values:of(first)
   if given and given.kind == "object" and given.class == object.class then return end
   values.script:report(callee[2], ("%s.%s is called with a dot"):format(owner or "…", name),
      ("a method is called with a colon: %s:%s"):format(owner or "…", name))
end

--- How the rows of a thing are read.
local rows = {
   ["difkit.Query"] = "write `for row in query do`", ["difkit.Result"] = "write `for row in result do`",
   ["difkit.Table"] = "write ipairs(…)",
}

--- Whether a call such as `pairs(query)` is over rows of the library rather than a table of the script's own.
function slips.over_rows(values, call)
   local value = call[2] and values:of(call[2])
   return value ~= nil and value.kind == "object" and rows[value.class] ~= nil
end

local function check_pairs(values, call)
   local callee = call[1]
   local name = callee.tag == "Id" and not callee.var and callee[1]
   if name ~= "pairs" and name ~= "ipairs" or not slips.over_rows(values, call) then return end
   local class = values:of(call[2]).class
   if class == "difkit.Table" and name == "ipairs" then return end
   local problem = class == "difkit.Table" and "pairs over a table of the library is ipairs in disguise"
      or ("%s over a %s does not give its rows"):format(name, class:match "%w+$":lower())
   values.script:report(callee, problem, rows[class])
end

-- SQL -----------------------------------------------------------------------------------------------------------------

--- The pieces of a text put together with `..`, from left to right.
local function pieces_of(node, list)
   list = list or {}
   if node.tag == "Op" and node[1] == "concat" then
      pieces_of(node[2], list)
      pieces_of(node[3], list)
   elseif node.tag == "Paren" then
      pieces_of(node[1], list)
   else
      list[#list + 1] = node
   end
   return list
end

--- Whether a value of SQL follows the text: after an opened quote, or a comparison.
local function wants_value(text)
   local plain = text:gsub("'[^']*'", "")
   return plain:find "'%s*%%?$" or plain:find "[=<>]%s*$" or plain:upper():find "%f[%w]LIKE%s*$"
      or plain:upper():find "%f[%w]IN%s*%(%s*$" or plain:upper():find "%f[%w]LIMIT%s*$"
end

local takes_sql = {["difkit.Database:query"] = true, ["difkit.Database:exec"] = true, ["difkit.sql"] = true}

local function check_sql(values, call)
   local entry = entry_of(values, call)
   local value = call.tag == "Call" and values:of(call[1])
   local name = entry and entry.name or value and value.name
   if not takes_sql[name] then return end
   local text = call[call.tag == "Invoke" and 3 or 2]
   local before = ""
   for _, piece in ipairs(text and pieces_of(text) or {}) do
      local known = values:of(piece)
      if piece.tag == "String" then
         before = before .. piece[1]
      elseif known and known.kind == "constant" then
         before = before .. tostring(known.value)
      else
         if wants_value(before) then
            values.script:report(piece, "a value is put into SQL with ..: a quote in it ends the text, the rest is SQL",
               "write ? in its place and give the value after the text")
            return
         end
         before = before .. "x"
      end
   end
end

-- Options -------------------------------------------------------------------------------------------------------------

--- The options that a function takes, as it says itself when `call` gives it one that no function knows; nil when it
--- does not get so far. Nothing is computed or written: the call ends where the function looks at its options.
local asked = {}

local function known_options(name, call)
   if asked[name] == nil then
      local own_options, own_check, seen = errors.options, errors.check, {}
      errors.check = function() end
      errors.options = function(_, _, known)
         seen.known = known
         error(seen, 0)
      end
      pcall(call, {["\1"] = true})
      errors.options, errors.check = own_options, own_check
      asked[name] = seen.known or false
   end
   return asked[name] or nil
end

--- How the function of an annotation is called with options alone; nil where it is out of reach.
local function caller_of(values, entry, index)
   local class, member = entry.class, entry.member
   if not entry.name:find(":", 1, true) then
      local module = class == "difkit" and values.difkit or values.difkit[class:match "^difkit%.(.*)$" or ""]
      local found = type(module) == "table" and rawget(module, member)
      if type(found) ~= "function" then return nil end
      local before = {}
      for i = 1, index - 1 do before[i] = "-" end
      return function(options)
         before[index] = options
         found(table.unpack(before, 1, index))
      end
   end
   if member == "print" then return function(options) require("difkit.table.print").text({}, options) end end
   if member == "write" and class ~= "difkit.Chart" then
      return function(options) require("difkit.format.write").table({}, "x.csv", options) end
   end
   local method = class == "difkit.IndexResult" and require("difkit.index.result").methods[member]
   return method and function(options) method({}, options) end
end

local function check_options(values, call)
   local entry = entry_of(values, call)
   for i, parameter in ipairs(entry and entry.parameters or {}) do
      local given = parameter.name == "options" and call[i + (call.tag == "Invoke" and 2 or 1)]
      local caller = given and given.tag == "Table" and caller_of(values, entry, i)
      local known = caller and known_options(entry.name, caller)
      for _, pair in ipairs(known and given or {}) do
         local key = pair.tag == "Pair" and pair[1].tag == "String" and pair[1][1]
         local right = not key
         for _, option in ipairs(known) do right = right or option == key end
         if not right then
            values.script:report(pair[1], ('%s has no option "%s"'):format(entry.name:gsub("^difkit%.", ""), key),
               errors.hint(key, known))
         end
      end
   end
end

-- Lists and periods ---------------------------------------------------------------------------------------------------

--- `rows[#rows] = value` in a loop, where `rows[#rows + 1]` would add.
local function check_last(values, set)
   for i, target in ipairs(set[1]) do
      local key = target.tag == "Index" and target[2]
      local list = key and key.tag == "Op" and key[1] == "len" and words_of(key[2])
      local value = set[2] and set[2][i]
      if list and list == words_of(target[1]) and value and value.tag ~= "Nil" then
         local of_itself = false
         values.script:walk(function(node)
            if node.tag == "Index" and words_of(node[1]) == list then of_itself = true end
         end, value)
         if not of_itself then
            values.script:report(target, ("%s[#%s] is the last item: this overwrites it"):format(list, list),
               ("write %s[#%s + 1] to add one"):format(list, list))
         end
      end
   end
end

local compares = {eq = true, ne = true, lt = true, gt = true, le = true, ge = true}

--- `row.period == "2022"`: a year is a whole number in Lua.
local function check_period(values, node)
   if not compares[node[1]] then return end
   for i = 2, 3 do
      local field, text = node[i], node[5 - i]
      local row = field.tag == "Index" and field[2].tag == "String" and field[2][1] == "period" and values:of(field[1])
      if row and row.kind == "row" and text.tag == "String" and text[1]:find "^%d%d%d%d$" then
         values.script:report(text, ("a year is a whole number, and never equal to the text \"%s\""):format(text[1]),
            ("write %s without quotes"):format(text[1]))
      end
   end
end

---Notes these slips in the script.
---@param script table as source.lua reads it
---@param values table what check/values.lua knows of its expressions
function slips.check(script, values)
   condition.each_call(script.tree, function(call, alone)
      if alone then check_dropped(values, call) end
      if call.tag == "Call" then
         check_dot(values, call)
         check_pairs(values, call)
      end
      check_sql(values, call)
      check_options(values, call)
   end, true)
   script:walk(function(node)
      if node.tag == "Set" then check_last(values, node) end
      if node.tag == "Local" then check_opened(values, node) end
      if node.tag == "Op" and node[3] then check_period(values, node) end
   end)
end

return slips
