-- --open: what a run wrote is shown by the desktop's program, here one of the test's own, and only for who types.
local support = dofile "tests/cli/support.lua"
local quote = support.quote

local function absolute(path)
   local pipe = assert(io.popen("realpath " .. quote(path)))
   local found = pipe:read "l"
   pipe:close()
   return found
end

local difkit = absolute(support.difkit)
local terminal = absolute(os.getenv "DIFKIT_TERMINAL" or "build/release/tests/terminal")

describe("--open", function()
   local folder, remove

   before_each(function()
      folder, remove = support.folder()
      support.write(folder .. "/opener", "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" >>" .. folder .. "/opened\n")
      assert(os.execute("chmod +x " .. folder .. "/opener"))
   end)
   after_each(function() remove() end)

   --- What was opened, when difkit is called with these words on a terminal.
   local function opened(words)
      local result = support.shell(("cd %s; DIFKIT_OPENER=%s/opener %s %s %s </dev/null"):format(folder, folder,
         quote(terminal), quote(difkit), words))
      local path = folder .. "/opened"
      return support.exists(path) and support.read(path) or nil, result
   end

   it("shows the file of --output, by its whole path", function()
      local shown, result = opened "run --open coverage -o ./-c.html"
      assert.equal(0, result.status, result.out)
      assert.equal("1\n" .. absolute(folder) .. "/-c.html\n", shown)
   end)

   it("shows the page among the files in --out", function()
      support.write(folder .. "/t.lua", 'local r = require "difkit".report "Hello"\n'
         .. 'assert(r:write "site.html")\nassert(r:write "site.md")\n')
      assert.equal("1\n" .. absolute(folder) .. "/out/site.html\n", (opened "run --open t.lua --out out"))
   end)

   it("shows nothing that the run did not write, and nothing of a run that failed", function()
      os.execute("mkdir " .. folder .. "/out")
      support.write(folder .. "/out/old.html", "old")
      support.write(folder .. "/s.lua", "print 'nothing'\n")
      local shown, result = opened "run --open s.lua --out out"
      assert.is_nil(shown)
      assert.truthy(result.out:find("--open: nothing was written", 1, true), result.out)
      support.write(folder .. "/f.lua",
         'assert(require "difkit".report "x":write "x.html")\nerror "no"\n')
      shown, result = opened "run --open f.lua --out out"
      assert.is_nil(shown)
      assert.equal(4, result.status)
   end)

   it("is refused where nobody types, before anything runs", function()
      local result = support.shell(("cd %s; DIFKIT_OPENER=%s/opener %s run --open coverage -o c.html </dev/null")
         :format(folder, folder, quote(difkit)))
      assert.equal(2, result.status)
      assert.truthy(result.err:find("--open is for who types on a terminal", 1, true), result.err)
      assert.is_false(support.exists(folder .. "/c.html"))
      assert.is_false(support.exists(folder .. "/opened"))
   end)

   it("asks where to", function()
      local shown, result = opened "run --open coverage"
      assert.is_nil(shown)
      assert.equal(2, result.status)
      assert.truthy(result.out:find("add --output FILE or --out DIR", 1, true), result.out)
   end)

   it("stays an option of scripts that declare it", function()
      local shown, result = opened "run calendar --open -o c.csv"
      assert.is_nil(shown)
      assert.equal(0, result.status)
   end)
end)
