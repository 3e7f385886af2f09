--- The house keeps its floors: what the sources say of each other, read from the sources (core/README.md has the plan).

local function lines_of(command)
   local pipe = assert(io.popen(command))
   local list = {}
   for line in pipe:lines() do list[#list + 1] = line end
   pipe:close()
   return list
end

local read = require("tests.support.spec").read

--- All files of a folder whose names end so.
local function files(folder, ending)
   return lines_of(("find %s -name '*%s' | LC_ALL=C sort"):format(folder, ending))
end

--- The circles of a graph {name = {name = true}}: sets of nodes that all reach one another, as sorted lists.
local function circles(graph)
   local index, low, on, stack, found, count = {}, {}, {}, {}, {}, 0
   local function visit(node)
      count = count + 1
      index[node], low[node], on[node] = count, count, true
      stack[#stack + 1] = node
      for next_node in pairs(graph[node] or {}) do
         if not index[next_node] then
            visit(next_node)
            low[node] = math.min(low[node], low[next_node])
         elseif on[next_node] then
            low[node] = math.min(low[node], index[next_node])
         end
      end
      if low[node] ~= index[node] then return end
      local circle = {}
      repeat
         local member = table.remove(stack)
         on[member] = nil
         circle[#circle + 1] = member
      until member == node
      table.sort(circle)
      if #circle > 1 then found[#found + 1] = table.concat(circle, " ") end
   end
   local nodes = {}
   for node in pairs(graph) do nodes[#nodes + 1] = node end
   table.sort(nodes)
   for _, node in ipairs(nodes) do
      if not index[node] then visit(node) end
   end
   table.sort(found)
   return found
end

describe("the floors of the core", function()
   --- Rooms by floor, from the ground. A file includes files of its own room and of rooms on floors below.
   local floors = {
      base = 0, engine = 0, model = 1, embed = 1, yaml = 1, words = 1, index = 1, isolate = 1, names = 2, read = 2,
      db = 2, terminal = 2,
      load = 3, lua = 4, cli = 5,
   }
   --- The wings of core/lua in the same way.
   local wings = {[""] = 0, host = 1, data = 2, terminal = 2, format = 3, index = 3, words = 3}

   --- room and wing of a path below core
   local function place(path)
      local room, rest = path:match "^([^/]+)/(.*)$"
      return room, rest:match "^([^/]+)/" or ""
   end

   --- Whether a file may take something of another, both named as below core.
   local function goes_down(from, to)
      local room, wing = place(from)
      local to_room, to_wing = place(to)
      assert.is_number(floors[room], from .. " stands in a room that has no floor")
      if room == "lua" and to_room == "lua" and wing ~= to_wing then
         return assert(wings[to_wing], to) < assert(wings[wing], from)
      end
      return room == to_room or (floors[to_room] or 99) < floors[room]
   end

   it("are climbed by no include", function()
      local up, seen = {}, 0
      for _, path in ipairs(lines_of "find core -name '*.[ch]' | LC_ALL=C sort") do
         -- bundle.c is a program of its own, run when difkit is built.
         local from = path == "core/bundle.c" and "cli/bundle.c" or path:gsub("^core/", "")
         for included in read(path):gmatch '#include "([^"]+)"' do
            seen = seen + 1
            if not goes_down(from, included) then up[#up + 1] = path .. " includes " .. included end
         end
      end
      assert.truthy(seen > 300)
      assert.same({}, up)
   end)

   --- What the linker sees of the object files of the core: the file that defines each name, and the names that each
   --- file wants.
   local function symbols()
      local build = (os.getenv "DIFKIT" or "build/release/difkit"):gsub("/?difkit$", "")
      local objects = lines_of("find " .. build .. "/core/CMakeFiles/difkit_core.dir " .. build
         .. "/core/CMakeFiles/difkit.dir " .. build .. "/core/CMakeFiles/bundle.dir -name '*.o' 2>/dev/null")
      if #objects == 0 or os.execute "nm --version >/dev/null 2>&1" == nil then
         pending "the objects of the core, or nm, are not there"
      end
      local defined, wanted = {}, {}
      for _, object in ipairs(objects) do
         local file = object:match "%.dir/(.*)%.o$"
         local source = io.open("core/" .. file) -- an object may be older than its source's removal
         if source then
            source:close()
            wanted[file] = {}
         end
      end
      for _, line in ipairs(lines_of("nm -A " .. table.concat(objects, " "))) do
         local file, kind, name = line:match "%.dir/(.-)%.o:%x* +(%a) (%S+)$"
         if kind == "U" and wanted[file] then wanted[file][name] = true
         elseif kind and kind:find "[TDBRV]" and wanted[file] and not name:find "^__odr_asan" then
            defined[name] = file
         end
      end
      return defined, wanted
   end

   it("are climbed by no call either, and have no circles of files", function()
      local defined, wanted = symbols()
      local graph, arrows, up = {}, 0, {}
      for file, names in pairs(wanted) do
         graph[file] = {}
         for name in pairs(names) do
            local from = defined[name]
            if from and from ~= file then
               graph[file][from] = true
               arrows = arrows + 1
               -- core.c lists the parts of all wings: that is what it is for.
               if file ~= "lua/core.c" and file ~= "bundle.c" and not goes_down(file, from) then
                  up[#up + 1] = ("%s takes %s of %s"):format(file, name, from)
               end
            end
         end
      end
      assert.truthy(arrows > 500)
      assert.same({}, up)
      assert.same({}, circles(graph))
   end)

   it("give out nothing that nobody takes", function()
      local defined, wanted = symbols()
      local tests = {}
      for _, path in ipairs(lines_of "find tests -name '*.[ch]'") do tests[#tests + 1] = read(path) end
      tests = table.concat(tests, "\n")
      local idle = {}
      for name, file in pairs(defined) do
         local taken = name == "main" or name == "luaopen_difkit_core" or tests:find("%f[%w_]" .. name .. "%f[^%w_]")
         for _, names in pairs(wanted) do taken = taken or names[name] end
         if not taken then idle[#idle + 1] = file .. ": " .. name end
      end
      table.sort(idle)
      assert.same({}, idle)
   end)
end)

describe("the modules of the library", function()
   --- Rooms by floor, from the ground; single modules that stand on another floor than their room. A module takes from
   --- modules of its own room and of those on floors below. The facade is `difkit` itself.
   local floors = {
      ground = 0, format = 1, table = 2, query = 3, framework = 4, survey = 4, chart = 4, report = 5, site = 6,
      export = 6, script = 6, facade = 7, audit = 7, workbench = 7, index = 8, import = 8, monitoring = 9, diff = 9,
      check = 9, provenance = 9, repl = 10, command = 11,
   }
   local apart = {
      proof = 2, today = 3, open = 3, ["script.help"] = 8, -- which looks into the facade
   }

   --- name -> text, name without "difkit." and "/init"; the facade is "".
   local modules = {}
   for _, path in ipairs(files("scripts/difkit", ".lua")) do
      local name = path:gsub("^scripts/difkit/", ""):gsub("%.lua$", ""):gsub("/?init$", ""):gsub("/", ".")
      modules[name] = read(path)
   end

   --- What `require "difkit.NAME"` gives, by the map of public names.
   local public = {}
   for name, place in modules[""]:gmatch '(%w+) = "difkit%.([%w_.]+)"' do public[name] = place end

   local function floor_of(name)
      if name == "" then return floors.facade, "facade" end
      if apart[name] then return apart[name], name end
      if name:find "^format%.export" then return floors.export, "export" end
      local room = name:match "^(%w+)%."
      if not room then
         local there = io.open("scripts/difkit/" .. name .. "/init.lua")
         if there then there:close() end
         room = there and name or "ground"
      end
      return floors[room], room
   end

   --- name -> {name = true}: what a module requires; `lazy`: also within functions, so later.
   local function graph(lazy)
      local arrows, count = {}, 0
      for name, text in pairs(modules) do
         arrows[name] = {}
         for line in text:gmatch "[^\n]+" do
            local code = line:gsub("%-%-.*$", ""):gsub("'[^']*'", "''")
            for wanted in code:gmatch 'require *%(?"difkit([%w_.]*)"' do
               wanted = wanted:gsub("^%.", "")
               wanted = public[wanted] or wanted
               -- What is required at the beginning of a line is required when the module is loaded.
               if modules[wanted] and wanted ~= name and (lazy or line:find "^%S") then
                  arrows[name][wanted] = true
                  count = count + 1
               end
            end
         end
      end
      return arrows, count
   end

   it("form no circle when they are loaded", function()
      local arrows, count = graph(false)
      assert.truthy(count > 200)
      assert.same({}, circles(arrows))
   end)

   it("form no circle later either, that moving one line up would close", function()
      local arrows, count = graph(true)
      assert.truthy(count > 300)
      assert.same({}, circles(arrows))
   end)

   it("climb no floor", function()
      local up, seen = {}, 0
      for name, wanted in pairs((graph(true))) do
         local from, room = floor_of(name)
         assert.is_number(from, name .. " stands in a room that has no floor")
         for other in pairs(wanted) do
            local to, other_room = floor_of(other)
            seen = seen + 1
            if room ~= other_room and to >= from then
               up[#up + 1] = ("difkit.%s (%s, %d) requires difkit.%s (%s, %d)"):format(name, room, from, other,
                  other_room, to)
            end
         end
      end
      table.sort(up)
      assert.truthy(seen > 300)
      assert.same({}, up)
   end)

   it("hold a subject each, in at most 500 lines", function()
      local long = {}
      for name, text in pairs(modules) do
         local _, lines = text:gsub("\n", "")
         if lines > 500 then long[#long + 1] = ("difkit.%s: %d lines"):format(name, lines) end
      end
      assert.same({}, long)
   end)

   it("are mirrored by the folders of the specs", function()
      for _, path in ipairs(files("tests/spec", "_spec.lua")) do
         local folder = path:match "^tests/spec/(.+)/[^/]+$"
         if folder and folder ~= "data" then -- which tests the bundled data
            local there = os.execute("test -d scripts/difkit/" .. folder)
            assert.is_true(there, path .. " tests no room of the library")
         end
      end
   end)
end)

describe("the promises of the README", function()
   --- The code of a file, without its comments.
   local function code_of(path)
      local text = read(path)
      if path:find "%.lua$" then return (text:gsub("%-%-[^\n]*", "")) end
      return (text:gsub("/%*.-%*/", ""))
   end

   --- The files whose code has one of the patterns.
   local function having(paths, patterns)
      local found = {}
      for _, path in ipairs(paths) do
         local code = code_of(path):lower()
         for _, pattern in ipairs(patterns) do
            if code:find(pattern) then found[#found + 1] = path .. " has " .. code:match(pattern) end
         end
      end
      return found
   end

   it("only core/lua knows Lua", function()
      local found = having(lines_of "find core -name '*.[ch]' -not -path 'core/lua/*' | LC_ALL=C sort",
         {"#include <lua%w*%.h>", "#include <lauxlib%.h>", "lua_state"})
      assert.same({}, found)
   end)

   it("only core/db knows SQLite", function()
      local paths = lines_of("find core scripts \\( -name '*.[ch]' -o -name '*.lua' \\) -not -path 'core/db/*' "
         .. "| LC_ALL=C sort")
      assert.truthy(#paths > 200)
      assert.same({}, having(paths,
         {"sqlite3", "sqlite_", "pragma", "rowid", "no such table", "no such column", "fts5"}))
   end)

   it("the data model is written once", function()
      -- Outside the model a list of three entities or more in a row is a copy of it.
      local names = {}
      for name in read "core/model/model.c":gmatch '%.name = "([%w_]+)", %.key' do names[name] = true end
      assert.truthy(names.action and names.observation)
      local copies = {}
      for _, path in ipairs(files("core", ".c")) do
         if path ~= "core/model/model.c" then
            for list in code_of(path):gmatch "{([^{}]*)}" do
               local count = 0
               for name in list:gmatch '"([%w_]+)"' do count = count + (names[name] and 1 or 0) end
               if count >= 3 then copies[#copies + 1] = path .. ": " .. list end
            end
         end
      end
      assert.same({}, copies)
   end)
end)

describe("the top of the repository", function()
   it("holds what CONTRIBUTING.md names, and nothing that a run left there", function()
      local listing = assert(io.popen "git ls-files 2>/dev/null | cut -d/ -f1 | LC_ALL=C sort -u | grep -v '^[.]'")
      local found = listing:read "a"
      listing:close()
      if found == "" then return pending "the sources are no checkout of git" end
      assert.equal("CHANGELOG.md\nCMakeLists.txt\nCMakePresets.json\nCONTRIBUTING.md\nLICENSE\nREADME.md\nSECURITY.md\n"
         .. "core\ndata\nexamples\nscripts\ntests\n", found)
   end)
end)

describe("the options of the command line", function()
   it("are described in one place", function()
      local names, text = {}, read "core/cli/options.h"
      for name in text:gmatch 'static const struct cli_option [%w_]+ = {%s*"([%w-]+)"' do
         names[name] = (names[name] or 0) + 1
      end
      assert.equal(1, names.db)
      -- --output names a database for one command, the folder of a site for another and the page of the workbench for a
      -- third, --json a schema for one, --format that of findings for one; --unit names a column for one, a member for
      -- others.
      local several = {output = 4, json = 2, format = 2, unit = 2}
      for name, count in pairs(names) do assert.equal(several[name] or 1, count, name) end
      for _, path in ipairs(files("core/cli", ".c")) do assert.falsy(read(path):find '"DATA", "', 1, true) end
   end)
end)
