--- The README's script prints what the README says, and its first command what it begins to show.
local support = require "tests.cli.support"

local readme = support.read "README.md"

--- The text of the fenced block that follows `mark`.
local function block(mark)
   local _, last = assert(readme:find(mark, 1, true))
   return assert(readme:match("```%a*\n(.-)```", last + 1))
end

describe("the README", function()
   it("shows what its script prints", function()
      local folder, remove = support.folder()
      support.write(folder .. "/dated.lua", block "in a file `dated.lua`")
      local result = support.run("run", folder .. "/dated.lua")
      remove()
      local shown = block "\nreturn dated\n```":gsub("^[^\n]*\n", "")
      assert.equal(shown, result.out)
   end)

   it("shows pictures that the code makes, byte for byte", function()
      local folder, remove = support.folder()
      local result = support.run("run", "scripts/guide/pictures.lua", "--trust", "--out", folder)
      assert.equal(0, result.status, result.err)
      for _, name in ipairs{"chart.svg", "terminal.svg"} do
         assert.truthy(readme:find("scripts/guide/pictures/" .. name, 1, true))
         assert.is_true(support.read("scripts/guide/pictures/" .. name) == support.read(folder .. "/" .. name),
            name .. " is not what .ci/pictures makes")
      end
      remove()
   end)

   it("has on its first screen one picture, the ways in, and when not to use difkit", function()
      local screen = readme:match "^(.-)At a terminal"
      local _, pictures = screen:gsub("!%[", "")
      assert.equal(1, pictures)
      for way in ("#in-a-page #install #start scripts/guide/OTHERS.md"):gmatch "%S+" do
         assert.truthy(screen:find("](" .. way .. ")", 1, true), way)
      end
      for heading in ("In a page,Install,Start"):gmatch "[^,]+" do
         assert.truthy(readme:find("\n## " .. heading .. "\n", 1, true), heading)
      end
   end)

   it("shows what its first command prints", function()
      local printed = {}
      for _, line in ipairs(support.lines(support.run("run", "coverage").out)) do printed[line] = true end
      for _, line in ipairs(support.lines(block "difkit run coverage\n```")) do
         assert.is_true(line == "…" or printed[line], line)
      end
   end)

   it("names only files and commands that there are", function()
      for path in readme:gmatch "%]%(([%w%./_-]+)%)" do
         assert.is_true(support.exists(path), path)
      end
      for command in readme:gmatch "`difkit (%l+)" do
         assert.equal(0, support.run(command, "--help").status, command)
      end
   end)
end)
