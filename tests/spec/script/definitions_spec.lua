--- The annotations that editors read (LuaCATS) against the library as it is: every public name is there, and is
--- annotated; its parameters have the names and the order of the function; every type that is named is defined.
local difkit = require "difkit"

local db = assert(difkit.open())
local rows = db:actions():table()
local index = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
local result = index:compute(db)

--- An object of each class.
local samples = {
   ["difkit.Database"] = db, ["difkit.Query"] = db:actions(), ["difkit.Table"] = rows,
   ["difkit.Result"] = db:query "SELECT 1 AS one", ["difkit.Report"] = difkit.report "Sample",
   ["difkit.Index"] = index, ["difkit.IndexResult"] = result, ["difkit.Diff"] = difkit.diff(db, db),
   ["difkit.Audit"] = result:audit{}, ["difkit.Expression"] = difkit.sql "1",
   ["difkit.Chart"] = difkit.chart.bars(difkit.table({"topic", "n"}, {{"Skills", 26}})),
}

local entries = difkit.help.entries()

--- What a class or a module is in the library; nil for a class of which the spec has no object.
local function object_of(class)
   if class == "difkit" then return difkit end
   return samples[class] or rawget(difkit, class:match "^difkit%.(%l[%w_]*)$" or "") or
      (class:find "^difkit%.%l" and difkit[class:match "^difkit%.(.*)$"]) or nil
end

--- Names of the parameters of a Lua function, `self` left out, "..." at the end where it takes more; nil for one in C.
local function parameters_of(f, method)
   local info = debug.getinfo(f, "uS")
   if info.what == "C" then return nil end
   local names = {}
   for i = method and 2 or 1, info.nparams do names[#names + 1] = debug.getlocal(f, i) end
   if info.isvararg then names[#names + 1] = "..." end
   return names
end

local words = {}
for word in ("string number integer boolean table any nil function fun unknown self true false"):gmatch "%a+" do
   words[word] = true
end
for _, entry in ipairs(entries) do if entry.kind == "class" then words[entry.name] = true end end
do
   local listing = assert(io.popen "cat scripts/difkit/*.lua scripts/difkit/*/*.lua scripts/difkit/*/*/*.lua")
   for line in listing:lines() do
      local name = line:match "^%s*%-%-%-@class ([%w_.]+)" or line:match "^%s*%-%-%-@alias ([%w_.]+)"
      if name then words[name] = true end
   end
   listing:close()
end

--- The names in a type that nobody defines: fields, parameters of functions and words in quotes apart.
local function undefined(type_text)
   local missing = {}
   local text = type_text:gsub('"[^"]*"', ""):gsub("'[^']*'", ""):gsub("[%w_]+%??%s*:", "")
   for name in text:gmatch "[%a_][%w_.]*" do
      if not words[name] and not words[name:gsub("%.+$", "")] then missing[#missing + 1] = name end
   end
   return missing
end

describe("the annotations of", function()
   local seen = 0
   for _, entry in ipairs(entries) do
      local object = entry.kind == "function" and object_of(entry.class)
      if object then
         it(entry.name, function()
            local f = object[entry.member]
            local callable = type(f) == "table" and getmetatable(f) and true
            assert.is_true(type(f) == "function" or callable or false, "it is not in the library")
            local names = type(f) == "function" and parameters_of(f, entry.name:find ":" ~= nil)
            if not names then return end
            local annotated = {}
            for i, parameter in ipairs(entry.parameters) do annotated[i] = parameter.name:gsub("%?$", "") end
            assert.same(names, annotated)
            seen = seen + 1
         end)
      end
      it(entry.name .. " name types that are defined", function()
         for _, list in ipairs{entry.parameters or {}, entry.returns or {}, entry.fields or {}} do
            for _, part in ipairs(list) do assert.same({}, undefined(part.type), part.type) end
         end
      end)
   end

   it("hold enough to mean something", function() assert.is_true(seen > 150, seen) end)
end)

describe("every public function", function()
   -- What the library itself, or a test, asks of an object.
   local annotated = {["difkit.Chart boxes"] = true}
   for _, entry in ipairs(entries) do annotated[entry.class .. " " .. tostring(entry.member)] = true end
   for class, object in pairs(samples) do
      it("of " .. class .. " is annotated", function()
         local missing = {}
         local meta = debug.getmetatable(object)
         local methods = type(meta.__index) == "table" and meta.__index or {}
         for name, value in pairs(methods) do
            if type(value) == "function" and not name:find "^_" and not annotated[class .. " " .. name] then
               missing[#missing + 1] = name
            end
         end
         table.sort(missing)
         assert.same({}, missing)
      end)
   end
end)
