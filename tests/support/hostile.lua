--- Calls every binding of the core with arguments that no honest caller gives: hostile.lua FOLDER SEED COUNT.
--- It runs in an interpreter of its own, since what it looks for is a crash. FOLDER/call always says which call is
--- being made.
---
--- How: the examples of the reference run, and each call of the core that they make is made COUNT times before with one
--- argument, or one part of one, replaced. So the replaced value meets code that everything before it has passed. Then
--- every function is called with hostile values alone, and every method of every type behind an object that is what it
--- says: one met in the examples, or one made here.
local folder, seed, count = arg[1], tonumber(arg[2]), tonumber(arg[3])

-- A plain interpreter has no sandbox: what a hostile path climbs to must lie within FOLDER.
local here = io.popen "pwd -P":read "l"
assert(here:sub(1, #folder + 1) == folder .. "/" and select(2, here:sub(#folder + 1):gsub("/", "")) >= 4,
   "the current folder must lie four levels below FOLDER")
local core = require "difkit.core"

math.randomseed(seed)
local log = assert(io.open(folder .. "/call", "w"))

local function note(...)
   local text = table.concat({...}, " "):gsub("[^\32-\126]", "?"):sub(1, 200)
   log:seek "set"
   log:write(text, (" "):rep(200 - #text), "\n")
   log:flush()
end

--- What is worth collecting is collected at the worst time.
local function collect() collectgarbage() return nil end

local nan, huge = 0 / 0, math.huge

--- Values that lie. Each is made anew: what a call does to one is no help for the next.
local hostile = {
   function() return nil end,
   function() return false end,
   function() return 0 end,
   function() return -1 end,
   function() return 1 end,
   function() return 3 end,
   function() return nan end,
   function() return huge end,
   function() return -huge end,
   function() return 1e300 end,
   function() return 5e-324 end,
   function() return 0.5 end,
   function() return math.maxinteger end,
   function() return math.mininteger end,
   function() return 2 ^ 31 end,
   function() return 2 ^ 32 + 1 end,
   function() return 2 ^ 53 end,
   function() return "" end,
   function() return "x" end,
   function() return "a\0b" end,
   function() return "\255\254\0" end,
   function() return ("%s%n"):rep(300) end,
   function() return ("x"):rep(100000) end,
   function() return "-9223372036854775808" end,
   function() return "../../../etc/passwd" end,
   function() return "/dev/null" end,
   function() return {} end,
   function() return {nan, huge, -huge} end,
   function() return {{}, {{}}, "x", nil, 5} end,
   function() return {[math.maxinteger] = 1, [1] = 1} end,
   function() return print end,
   function() return error end,
   function() return collect end,
   function() return coroutine.create(print) end,
   function() return io.stdout end,
   function() return setmetatable({}, {__len = function() return (1 << 61) - 1 end}) end,
   function() return setmetatable({}, {__len = function() return -1 end}) end,
   function() return setmetatable({1, 2}, {__len = function() return "3" end}) end,
   function() return setmetatable({1, 2}, {__len = function() return nan end}) end,
   function() return setmetatable({1, 2, 3}, {__len = error}) end,
   function() return setmetatable({}, {__len = function() return 1 << 31 end, __index = function() return 1 end}) end,
   function() return setmetatable({}, {__index = function(_, key) return key end}) end,
   function() return setmetatable({}, {__index = error}) end,
   function() return setmetatable({}, {__index = collect, __len = function() collectgarbage() return 7 end}) end,
   function() return setmetatable({}, {__index = function(t) return t end}) end,
   function() return setmetatable({}, {__tostring = function() return {} end}) end,
   function() return setmetatable({}, {__tostring = error, __name = 5}) end,
   function() return setmetatable({}, {__name = "difkit.Matrix"}) end,
   function() return setmetatable({}, {__name = "difkit.Database", __metatable = "difkit.Database"}) end,
   function() return setmetatable({}, {__pairs = error, __call = collect}) end,
   function() -- holds a list that shrinks when it is looked at
      local list = {"a", "b", "c", "d"}
      return setmetatable(list, {__len = function() for i = 1, 4 do list[i] = nil end return 4 end})
   end,
   function() -- a list whose parts empty it
      local list
      local part = setmetatable({}, {__index = function()
         for i = #list, 1, -1 do list[i] = nil end
         collectgarbage()
         return "x"
      end, __tostring = function()
         for i = #list, 1, -1 do list[i] = nil end
         return "x"
      end})
      list = {part, part, "b", 1}
      return list
   end,
}

--- A copy of a table with its metatable, so that a call finds what it expects but for the part that is replaced.
local function copy(value)
   local made = {}
   for key, part in next, value do made[key] = part end
   return setmetatable(made, debug.getmetatable(value))
end

--- The arguments with one of them, or one part of one, replaced.
local function spoilt(arguments)
   local changed = table.pack(table.unpack(arguments, 1, arguments.n))
   local place = math.random(math.max(arguments.n, 1) + 1)
   local number = math.random(#hostile)
   local value = hostile[number]()
   local old = changed[place]
   changed.n = math.max(changed.n, place)
   if type(old) == "table" and math.random(4) > 1 then
      local keys = {}
      for key in next, old do keys[#keys + 1] = key end
      table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
      local made = copy(old)
      local key = keys[math.random(math.max(#keys, 1))] or 1
      local inner = made[key]
      if type(inner) == "table" and math.random(3) > 1 then
         made[key] = copy(inner)
         made[key][next(inner) or 1] = value
      else
         made[key] = value
      end
      changed[place] = made
      return changed, ("argument %d, part %s := %d"):format(place, tostring(key), number)
   end
   changed[place] = value
   return changed, ("argument %d := %d"):format(place, number)
end

--- What may be called but once for an object, or waits for a person.
local left_alone = {line = true, line_begin = true, typed_edit = true, quiet_begin = true, quiet_end = true}
local ending = {close = true, discard = true, save = true, finish = true, stop = true}

local calls, running = 0, false

local function attempt(name, f, arguments, what)
   note(name, what)
   calls = calls + 1
   running = true
   local thread = coroutine.create(f)
   local done, result = coroutine.resume(thread, table.unpack(arguments, 1, arguments.n))
   if done and type(result) == "userdata" and math.random(3) == 1 then collectgarbage() end
   running = false
end

local seen = {}

--- Objects met, by the name of their type: some of each.
local pool = {}

local function meet(...)
   for i = 1, select("#", ...) do
      local value = select(i, ...)
      local metatable = type(value) == "userdata" and debug.getmetatable(value)
      local name = metatable and rawget(metatable, "__name")
      if name then
         local list = pool[name] or {}
         pool[name] = list
         if #list < 4 then list[#list + 1] = value end
      end
   end
   return ...
end

--- The function, which before each call is called with what is spoilt.
local function wrapped(name, f)
   local short = name:match "[%w_]+$"
   return function(...)
      if running or left_alone[short] or ending[short] or (seen[name] or 0) > 5 then return f(...) end
      seen[name] = (seen[name] or 0) + 1
      local arguments = table.pack(...)
      for _ = 1, count do
         local changed, what = spoilt(arguments)
         attempt(name, f, changed, what)
      end
      return meet(f(...))
   end
end

local functions = {}
local function wrap_all(holder, shown)
   local names = {}
   for name, value in next, holder do
      local kind = type(value)
      if type(name) == "string" and (kind == "function" or kind == "table") then names[#names + 1] = name end
   end
   table.sort(names)
   for _, name in ipairs(names) do
      local value, way = holder[name], shown .. "." .. name
      if type(value) == "function" then
         functions[#functions + 1] = {way, value}
         holder[name] = wrapped(way, value)
      elseif name == "index" then
         wrap_all(value, way)
      end
   end
end
wrap_all(core, "core")
local registered = {}
for name, metatable in next, debug.getregistry() do
   if type(name) == "string" and name:find "^difkit" and type(metatable) == "table" then
      registered[#registered + 1] = name
   end
end
table.sort(registered)
for _, name in ipairs(registered) do
   local methods = rawget(debug.getregistry()[name], "__index")
   if type(methods) == "table" and methods ~= core.database and methods ~= core.result then wrap_all(methods, name) end
end
wrap_all(core.database, "Database")
wrap_all(core.result, "Result")

-- The examples, with everything that they do to files done in FOLDER.
local difkit = require "difkit"
local help = require "difkit.script.help"
local db = assert(difkit.open())
assert(require("difkit.script").start("hostile", "", {}))
rawset(_G, "print", function() end)
for _, entry in ipairs(help.entries()) do
   for _, example in ipairs(entry.examples) do
      local environment = setmetatable({difkit = difkit, db = db, print = function() end}, {__index = _G})
      local chunk = load(example, "=" .. entry.name, "t", environment)
      if chunk then pcall(chunk) end
      if not pcall(db.query, db, "SELECT 1") then db = assert(difkit.open()) end
   end
end

-- Hostile values alone, and among objects that are what they say.
local objects = {
   function() return db end,
   function() return db:query "SELECT id, number FROM action" end,
   function() local closed = difkit.open() closed:close() return closed end,
   function() local closed = db:query "SELECT 1" closed:close() return closed end,
   function() return core.index.matrix and core.index.matrix(2, 3) end,
}
for _, entry in ipairs(functions) do
   local name, f = table.unpack(entry)
   if not left_alone[name:match "[%w_]+$"] then
      for _ = 1, count do
         local arguments = {n = math.random(0, 6)}
         local what = {}
         for i = 1, arguments.n do
            local object = math.random(4) == 1
            local number = math.random(object and #objects or #hostile)
            local done, value = pcall((object and objects or hostile)[number])
            arguments[i] = done and value or nil
            what[i] = (object and "o" or "h") .. number
         end
         attempt(name, f, arguments, table.concat(what, " "))
      end
   end
end

-- Methods behind an object that is what it says.
local function gathered()
   local gather = core.gather(4096)
   gather:put("A", "i", "2020", 1.5, "", "", "A1")
   gather:put("B", "i", "2021", nil, "m", "a note", "A2")
   return gather
end

local function file() return core.read_text("unit,period,x\nA,2020,1\nB,2021,2\n", {}) end

local makers = {
   ["difkit.Column"] = function() return select(2, next(db:query "SELECT id, number FROM action":columns())) end,
   ["difkit.Database"] = function() return difkit.open() end,
   ["difkit.Gather"] = gathered,
   ["difkit.GatherStream"] = function()
      return core.gather():stream(file():rows():keep(), {unit = {1}, period = {2}, values = {{at = 3, names = {1}}}})
   end,
   ["difkit.GatherWalk"] = function()
      local gather = gathered()
      gather:finish()
      return gather:walk()
   end,
   ["difkit.KeptRows"] = function() return file():rows():keep() end,
   ["difkit.Matrix"] = function() return core.index.matrix(2, 3) end,
   ["difkit.Meter"] = function() return core.meter("x", 10) end,
   ["difkit.ReadFile"] = file,
   ["difkit.ReadRows"] = function() return file():rows() end,
   ["difkit.Result"] = function() return db:query "SELECT id, number FROM action" end,
   ["difkit.Similarity"] = function() return core.similarity({"a b c", "b c d"}, {}) end,
   ["difkit.Workbook"] = function()
      local book = core.xlsx(folder .. "/hostile.xlsx", {})
      book:sheet("x", {"a", "b"})
      book:row {a = 1, b = "x"}
      return book
   end,
}

--- An object of the type; nil where none is to be had.
local function object_of(name)
   local done, made
   if makers[name] then done, made = pcall(makers[name]) end
   if done and made then return made end
   local list = pool[name]
   return list and list[math.random(#list)]
end

local types, met = 0, {}
for _, name in ipairs(registered) do
   local methods, names = rawget(debug.getregistry()[name], "__index"), {}
   for method, f in next, type(methods) == "table" and methods or {} do
      if type(f) == "function" then names[#names + 1] = method end
   end
   table.sort(names, function(a, b)
      if (ending[a] or false) ~= (ending[b] or false) then return not ending[a] end
      return a < b
   end)
   if #names > 0 then types = types + 1 end
   for _, method in ipairs(names) do
      for _ = 1, count do
         local self = object_of(name)
         local arguments = {self, n = math.random(1, 6)}
         local what = {}
         for i = 2, arguments.n do
            local number = math.random(#hostile)
            arguments[i] = hostile[number]()
            what[#what + 1] = "h" .. number
         end
         if self ~= nil then
            met[name] = true
            attempt(name .. ":" .. method, methods[method], arguments, table.concat(what, " "))
         end
      end
   end
end
local missing = {}
for _, name in ipairs(registered) do
   local methods = rawget(debug.getregistry()[name], "__index")
   if not met[name] and type(methods) == "table" and next(methods) then missing[#missing + 1] = name end
end

collectgarbage()
collectgarbage()
local reached = 0
for _ in pairs(seen) do reached = reached + 1 end
note "done"
local told = "%d\t%d\t%d\t%d\t%s\n"
io.stderr:write(told:format(#functions, reached, calls, types, table.concat(missing, " ")))
