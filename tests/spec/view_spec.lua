--- What scripts are given of the library: they can read it, call it, and change nothing that the library itself calls.
local difkit = require "difkit"
local help = require "difkit.script.help"
local views = require "difkit.view"
local spec = require "tests.support.spec"

--- Everything of the library is loaded.
local modules = {}
do
   local listing = assert(io.popen "cd scripts && find difkit -name '*.lua' | LC_ALL=C sort")
   for path in listing:lines() do
      local name = path:gsub("/init%.lua$", ""):gsub("%.lua$", ""):gsub("/", ".")
      -- Those are read from the text that is built in, or are no modules.
      if path ~= "difkit/meta.lua" then modules[name] = require(name) end
   end
   listing:close()
end

--- The tables that belong to the library, each with a way to it: what its modules hold, their upvalues, and metatables.
--- What hangs in weak tables belongs to others.
local function own_tables()
   local own, waiting = {}, {}
   for name, module in pairs(modules) do waiting[#waiting + 1] = {module, name} end
   local outside = {[_G] = true, [package.loaded] = true}
   for name, library in pairs(package.loaded) do
      if not name:find "^difkit" then outside[library] = true end
   end
   while #waiting > 0 do
      local value, way = table.unpack(table.remove(waiting))
      if type(value) == "table" and not own[value] and not outside[value] then
         own[value] = way
         local metatable = debug.getmetatable(value)
         local weak = metatable and rawget(metatable, "__mode")
         if metatable then waiting[#waiting + 1] = {metatable, way .. ":metatable"} end
         for key, part in next, weak and {} or value do
            waiting[#waiting + 1] = {part, ("%s.%s"):format(way, tostring(key))}
         end
      elseif type(value) == "function" and not own[value] then
         own[value] = way
         for i = 1, 250 do
            local name, part = debug.getupvalue(value, i)
            if not name then break end
            waiting[#waiting + 1] = {part, ("%s^%s"):format(way, name)}
         end
      end
   end
   return own
end

local own = own_tables()

--- The first table of the library that a script which has `value` can get at by reading, and the way there.
local function reached(value, way, seen)
   seen = seen or {}
   if type(value) ~= "table" or seen[value] or value == difkit.null then return nil end
   seen[value] = true
   if own[value] then return ("%s is %s"):format(way, own[value]) end
   for key, part in next, value do
      local found = reached(part, ("%s.%s"):format(way, tostring(key)), seen)
      if found then return found end
   end
end

describe("a view of the library", function()
   local view = views.of(difkit, "difkit")

   it("gives its functions, and views of its tables", function()
      assert.equal(difkit.open, view.open)
      assert.equal(difkit.text.width, view.text.width)
      assert.equal(difkit.null, view.null)
      assert.equal("difkit", getmetatable(view))
      assert.equal(tostring(difkit), tostring(view))
      assert.equal(2, #view.table({"a"}, {{1}, {2}}))
      assert.equal(view.text, view.text)
      assert.not_equal(difkit.text, view.text)
      assert.equal(difkit.text, views.real(view.text))
      local names, listed = {}, {}
      for name in pairs(view.json) do names[name] = true end
      for name in difkit.sorted(view.json) do listed[#listed + 1] = name end
      assert.same({array = true, decode = true, encode = true, object = true, read = true, rows = true}, names)
      assert.same({"array", "decode", "encode", "object", "read", "rows"}, listed)
      assert.matches('has no field "nope"', (spec.problem(function() return view.nope end)))
      assert.matches('^difkit%.text%.width', help.text(view.text.width))
      assert.matches("^difkit.text\n", help.text(view.text))
   end)

   it("refuses to change whatever the library has", function()
      local tried, seen = 0, {}
      local function try(real, shown, way)
         if seen[real] then return end
         seen[real] = true
         for key, value in next, real do
            local before = rawget(real, key)
            local message = spec.problem(function() shown[key] = print end)
            assert.equal(("%s.%s belongs to difkit, which uses it itself"):format(way, tostring(key)), message)
            assert.equal(before, rawget(real, key))
            assert.is_true(pcall(rawset, shown, key, nil)) -- only what the script itself sees
            assert.equal(before, rawget(real, key))
            tried = tried + 1
            if type(value) == "table" and value ~= difkit.null then
               assert.is_nil(own[shown[key]], way .. "." .. tostring(key))
               try(value, shown[key], way .. "." .. tostring(key))
            end
         end
      end
      for _, name in ipairs {"agreement", "calendar", "chart", "contradictions", "csv", "diff", "error", "export",
         "gaps", "help", "import", "index", "json", "links", "lock", "material", "measures", "meter", "overlap",
         "report", "script", "snapshots", "sorted", "sql", "sssom", "table", "text", "today", "writable", "yaml"} do
         assert(difkit[name] ~= nil)
      end
      try(difkit, view, "difkit")
      assert.is_true(tried > 200)
   end)

   it("counts what is not loaded yet as there", function()
      local loaded = rawget(difkit, "sssom")
      rawset(difkit, "sssom", nil)
      assert.matches("difkit.sssom belongs to difkit", (spec.problem(function() view.sssom = print end)), 1, true)
      rawset(difkit, "sssom", loaded)
   end)

   it("keeps a new name for its script, and adds methods and writers that were not there", function()
      view.own = 5
      assert.equal(5, view.own)
      assert.is_nil(rawget(difkit, "own"))
      function view.table.methods.twice(t) return 2 * #t end
      assert.equal(2, difkit.table({"a"}, {{1}}):twice())
      view.table.methods.twice = nil
      assert.is_nil(rawget(difkit.table.methods, "twice"))
      assert.matches("cannot have __gc", (spec.problem(function() view.report.methods.__gc = print end)))
      view.table.writers[".own"] = function() return true end
      assert.is_true(difkit.table({"a"}, {{1}}):write "x.own")
      view.table.writers[".own"] = nil
      assert.is_nil(difkit.table.writers[".own"])
   end)
end)

describe("what functions of the library give", function()
   local db = assert(difkit.open())
   assert(require("difkit.script").start("spec", "", {}))

   --- Runs the code and gives the first table of the library that a function gave it.
   local function given_away(code, name)
      local found
      local environment = setmetatable({difkit = views.of(difkit, "difkit"), db = db, print = function() end},
         {__index = _G})
      local chunk = assert(load(code, "=example", "t", environment))
      local function look()
         local caller = debug.getinfo(3, "S")
         if not caller or caller.source ~= "=example" or found then return end
         local called = debug.getinfo(2, "Sr")
         if called.source == "=example" then return end
         for i = called.ftransfer, called.ftransfer + called.ntransfer - 1 do
            local _, value = debug.getlocal(2, i)
            found = found or reached(value, name)
         end
      end
      -- What it writes goes nowhere.
      local core, kept = require "difkit.core", {}
      for _, called in ipairs {"write_file", "write_csv", "snapshot"} do
         kept[called], core[called] = core[called], function() return true end
      end
      debug.sethook(look, "r")
      pcall(chunk)
      debug.sethook()
      for called, value in pairs(kept) do core[called] = value end
      return found
   end

   it("is no table of its own, in any example of the reference", function()
      local count = 0
      for _, entry in ipairs(help.entries()) do
         for _, example in ipairs(entry.examples) do
            local writes = false
            for _, word in ipairs {"write", "snapshot", "data_package", "publish", "export", "keep", "save"} do
               writes = writes or example:find(word, 1, true) ~= nil
            end
            if not writes then
               count = count + 1
               assert.is_nil(given_away(example, entry.name))
            end
         end
      end
      assert.is_true(count > 200)
   end)

   it("would be noticed if it were", function()
      local kept = {}
      modules["difkit.text"].leak = function() return {kept} end
      own[kept] = "kept"
      assert.equal("x.1 is kept", given_away("local t = difkit.text.leak() return t", "x"))
      modules["difkit.text"].leak = nil
   end)
end)
