--- What a stranger's text or page cannot send to a terminal.
local support = dofile "tests/cli/support.lua"

describe("a command that reads a stranger's file", function()
   local folder, remove

   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   --- What the terminal is sent by a command in the folder.
   local function shown(command)
      local line = ("cd %s && %s %s 2>&1"):format(folder, support.absolute, command)
      return support.shell(("%s sh -c %s"):format(support.quote(os.getenv "DIFKIT_TERMINAL"), support.quote(line))).out
   end

   it("shows the styles that a page would set, and takes no entity for a character that is none", function()
      support.write(folder .. "/r.lua", [[
         local difkit = require "difkit"
         local report = difkit.report "A page"
         report:table(difkit.table({"id", "title"}, {{"a", "Words"}}))
         assert(report:write "r.html")
      ]])
      local made = support.shell(("cd %s && %s run r.lua --out ."):format(folder, support.absolute))
      assert.equal(0, made.status, made.err)
      local page = support.read(folder .. "/r.html")
      assert.matches(">Words<", page)
      local hostile = ">W\27[8m\27[2Jords &#27;[31m &#99999999999999999999; &#1114112;<"
      support.write(folder .. "/r.html", (page:gsub(">Words<", hostile)))
      local out = shown "verify r.html"
      assert.matches("^[[8m^[[2Jords ^[[31m &#99999999999999999999; &#1114112;", out, 1, true)
      assert.is_nil(out:find("\27[8m", 1, true))
      assert.is_nil(out:find("\27[31m", 1, true))
   end)
end)
