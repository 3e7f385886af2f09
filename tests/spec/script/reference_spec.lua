-- The annotations of the library: every public function has an example, every example prints what it says, and
-- scripts/guide/REFERENCE.md and its pages are what the annotations give. The code of the guides runs too.
local difkit = require "difkit"
local help = require "difkit.script.help"
local reference = require "difkit.script.reference"

local read = require("tests.support.spec").read

local files = {}
do
   local listing = assert(io.popen "find scripts/difkit -name '*.lua' | LC_ALL=C sort")
   for path in listing:lines() do
      files[#files + 1] = {name = path:match "scripts/(.*)", text = read(path)}
   end
   listing:close()
end

local db = assert(difkit.open())
assert(require("difkit.script").start("spec", "", {}))

--- What a piece of code prints. Files that it writes go nowhere.
local function printed(code, name)
   local lines = {}
   local function catch(...)
      local parts = table.pack(...)
      for i = 1, parts.n do parts[i] = tostring(parts[i]) end
      lines[#lines + 1] = table.concat(parts, "\t")
   end
   local core = require "difkit.core"
   local environment = setmetatable({difkit = difkit, db = db, print = catch}, {__index = _G})
   local chunk = assert(load(code, "=" .. name, "t", environment))
   core.chunk_text = {["=" .. name] = code}
   local own, own_print = {}, print
   for _, called in ipairs {"write_file", "write_files", "write_csv", "snapshot", "xlsx"} do
      own[called] = core[called]
   end
   core.write_file = function(path, ...)
      if path:find("no/such/", 1, true) then return own.write_file(path, ...) end
      return true
   end
   core.write_files = function() return true end
   core.write_csv = function() return true end
   core.snapshot = function() return true end
   local nowhere = {__index = function() return function() return true end end, __close = function() end}
   core.xlsx = function() return setmetatable({}, nowhere) end
   rawset(_G, "print", catch)
   local done, problem = pcall(chunk)
   rawset(_G, "print", own_print)
   for called, value in pairs(own) do core[called] = value end
   if not done then error(name .. ": " .. tostring(problem), 0) end
   return (table.concat(lines, "\n"):gsub("[ \t]+\n", "\n"):gsub("%s+$", ""))
end

describe("the reference", function()
   for _, entry in ipairs(help.read(files)) do
      if entry.kind == "function" then
         it(("has an example of %s"):format(entry.name), function()
            assert.is_true(#entry.examples > 0)
         end)
      end
      for _, example in ipairs(entry.examples) do
         it(("tells the truth about %s"):format(entry.name), function()
            assert.are.equal((help.expected(example):gsub("%s+$", "")), printed(example, entry.name))
         end)
      end
   end

   it("in scripts/guide/REFERENCE.md and scripts/guide/reference is what the annotations give", function()
      local known = {}
      for _, page in ipairs(reference.pages(help.read(files))) do
         known[page.path] = true
         assert(read("scripts/guide/" .. page.path) == page.text, page.path
            .. " is out of date; make the reference anew with: lua5.4 scripts/guide/reference.lua")
      end
      local listing = assert(io.popen "ls scripts/guide/reference")
      for name in listing:lines() do assert.is_true(known["reference/" .. name], name .. " is left over") end
      listing:close()
   end)

   it("lists every function and class on a page, and on one alone", function()
      local pages, titles = {}, {}
      for i, page in ipairs(reference.pages(help.read(files))) do
         if i > 1 then pages[#pages + 1] = page.text end
         titles[page.path:lower()] = (titles[page.path:lower()] or 0) + 1
         if i > 1 then assert.truthy(read("scripts/guide/REFERENCE.md"):find("(" .. page.path .. ")", 1, true)) end
      end
      for path, count in pairs(titles) do assert.are.equal(1, count, path) end
      pages = table.concat(pages, "\n")
      for _, entry in ipairs(help.read(files)) do
         if entry.kind == "function" then
            local _, count = pages:gsub("\n### `" .. entry.signature:gsub("%p", "%%%0"), "")
            assert.is_true(count >= 1, entry.signature)
         elseif entry.description ~= "" then
            local _, count = ("\n" .. pages):gsub("\n## " .. entry.class:gsub("%p", "%%%0") .. "\n", "")
            assert.are.equal(1, count, entry.class)
         end
      end
   end)
end)

for _, guide in ipairs {"GUIDE", "KNOWLEDGE", "REPORTS"} do
   describe("the guide " .. guide, function()
      local number = 0
      for code in read(("scripts/guide/%s.md"):format(guide)):gmatch "```lua\n(.-)```" do
         number = number + 1
         it(("runs in its block of code %d"):format(number), function()
            assert.are.equal((help.expected(code):gsub("%s+$", "")), printed(code, "block " .. number))
         end)
      end

      it("has blocks of code", function() assert.is_true(number > 0) end)
   end)
end

describe("the guide to indices", function()
   -- its blocks go on from one another: each runs after all before it
   local before, wanted, number = "", "", 0
   for code in read "scripts/guide/INDEX.md":gmatch "```lua\n(.-)```" do
      number = number + 1
      before, wanted = before .. code, wanted .. help.expected(code):gsub("%s+$", "") .. "\n"
      local so_far, expected = before, wanted
      it(("runs in its block of code %d"):format(number), function()
         assert.are.equal((expected:gsub("%s+$", "")), printed(so_far, "block " .. number))
      end)
   end

   it("has blocks of code", function() assert.is_true(number > 5) end)
end)
