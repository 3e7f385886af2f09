local support = dofile "tests/cli/support.lua"
local run, lines = support.run, support.lines

--- The commands that the overview lists.
local function commands()
   local names = {}
   local section = run("--help").out:match "\nCommands:\n(.-)\n\n"
   for name in ("\n" .. section):gmatch "\n  (%l[%w%-]*)" do names[#names + 1] = name end
   return names
end

--- The options that the help of a command lists, as "--name".
local function options(command)
   local names = {}
   for option in run(command, "--help").out:match("\nOptions:\n(.-)\n\n"):gmatch "(%-%-[%w%-]+)[^\n]*" do
      names[#names + 1] = option
   end
   return names
end

describe("the help", function()
   it("lists the commands, and each has help of its own", function()
      local names = commands()
      assert.truthy(#names >= 4)
      for _, name in ipairs(names) do
         local result = run(name, "--help")
         assert.equal(0, result.status)
         assert.equal("", result.err)
         assert.truthy(result.out:find("Usage: difkit " .. name, 1, true))
         assert.truthy(result.out:find "\nExamples:\n  difkit ")
         assert.truthy(result.out:find "\nExit status:\n  0  done what was asked\n")
         assert.same(result.out, run("help", name).out)
         assert.same(result.out, run(name, "-h", "--no-such-option").out)
      end
   end)

   it("fits 80 columns", function()
      local texts = {run("--help").out}
      for _, name in ipairs(commands()) do texts[#texts + 1] = run(name, "--help").out end
      for _, script in ipairs(lines(run("scripts").out)) do
         texts[#texts + 1] = run("run", script:match "%S+", "--help").out
      end
      assert.truthy(#texts > 40)
      for _, text in ipairs(texts) do
         for _, line in ipairs(lines(text)) do
            -- An example is a command to copy: it stays on its line.
            if not line:find "^  difkit " then assert.truthy(utf8.len(line) <= 80, line) end
         end
      end
   end)

   it("tells what the exit statuses mean", function()
      local text = run("help", "exit-status").out
      for _, status in ipairs {0, 1, 2, 3, 4, 5, 6, 130, 143} do
         assert.truthy(text:find(("\n%%s+%d   %%l"):format(status)), status)
      end
   end)

   it("prints the version", function()
      local result = run "--version"
      assert.equal(0, result.status)
      assert.truthy(result.out:find "^difkit %d+%.%d+%.%d+\n$")
   end)

   it("without arguments goes to standard error, with status 2", function()
      local result = run()
      assert.equal(2, result.status)
      assert.equal("", result.out)
      assert.equal(run("--help").out, result.err)
   end)
end)

describe("the man page", function()
   -- The page as plain text: what roff needs for a hyphen, a quote or a sign beyond ASCII is undone.
   local function manual()
      local text = run("__man").out
      text = text:gsub("\\%[u(%x+)%]", function(code) return utf8.char(tonumber(code, 16)) end)
      text = text:gsub("\\f[BRI]", ""):gsub("\\%(dq", '"'):gsub("\\%(aq", "'"):gsub("\\%-", "-"):gsub("\\&", "")
      return text
   end

   it("has every command, every option and every exit status", function()
      local text = manual()
      for _, name in ipairs(commands()) do
         assert.truthy(text:find("\n.SS " .. name .. "\n", 1, true), name)
         for _, option in ipairs(options(name)) do assert.truthy(text:find(option, 1, true), option) end
      end
      for status in run("help", "exit-status").out:gmatch "\n%s+(%d+) " do
         assert.truthy(text:find("\n.TP\n.B " .. status .. "\n", 1, true), status)
      end
   end)

   it("is the same each time, and names no date", function()
      assert.equal(run("__man").out, run("__man").out)
      assert.truthy(run("__man").out:find('^.TH DIFKIT 1 "" "difkit %d+%.%d+%.%d+" "User Commands"\n'))
   end)

   it("is what the build wrote", function()
      local page = support.difkit:gsub("difkit$", "difkit.1")
      assert.equal(support.read(page), run("__man").out)
   end)
end)

describe("a mistake on the command line", function()
   local function refused(message, ...)
      local result = run(...)
      assert.equal(2, result.status)
      assert.equal("", result.out)
      assert.equal("difkit: " .. message .. "\n", result.err)
   end

   it("in a command has a near miss", function()
      refused('unknown command "laod"; did you mean "load"?', "laod", "x")
      refused('unknown command "frobnicate"; `difkit --help` lists the commands', "frobnicate")
      refused('unknown option "--hlep"; did you mean "--help"?', "--hlep")
      refused('no help on "schem"; did you mean "schema"?', "help", "schem")
      -- A name of the library goes before that of a command it is like.
      assert.matches("^difkit%.snapshots%(", run("help", "snapshots").out)
   end)

   it("in an option has a near miss", function()
      refused('schema: unknown option "--jsno"; did you mean "--json"?', "schema", "--jsno")
      refused('schema: unknown option "--frobnicate"; see `difkit schema --help`', "schema", "--frobnicate")
      refused('schema: unknown option "-x"; see `difkit schema --help`', "schema", "-x")
   end)

   it("in a value says what would be right", function()
      refused("--json takes no value", "schema", "--json=3")
      refused("--output needs a value: FILE; see `difkit load --help`", "load", "x", "--output")
      refused('--output is given twice: "a" and "b"', "load", "x", "-o", "a", "-o", "b")
      refused('schema: unexpected argument "now"; usage: difkit schema [--sql | --json] [--db DATA]', "schema", "now")
   end)
end)

describe("standard output", function()
   it("that cannot be written ends with status 5", function()
      local result = support.shell(support.difkit .. " schema > /dev/full")
      assert.equal(5, result.status)
      assert.equal("difkit: cannot write to standard output: No space left on device\n", result.err)
   end)

   it("that is closed ends the program quietly", function()
      local result = support.shell(support.difkit .. " schema --sql | head -n 1")
      assert.equal(0, result.status)
      assert.equal("", result.err)
      assert.equal(1, #lines(result.out))
   end)

   it("has no colour but on a terminal", function()
      assert.falsy(run("--help").out:find "\27")
      assert.falsy(run("laod", {environment = "TERM=xterm NO_COLOR="}).err:find "\27")
   end)
end)

describe("what difkit is not for", function()
   it("is said to who asks after another tool, with the way there and back", function()
      local guide = support.read "scripts/guide/OTHERS.md"
      for _, word in ipairs{"excel", "spreadsheet", "pandas"} do
         local result = run("help", word)
         assert.equal(0, result.status)
         assert.truthy(result.out:find "\n   there   difkit ", word)
         assert.truthy(result.out:find "\n   back    ", word)
         assert.truthy(result.out:find("scripts/guide/OTHERS.md", 1, true), word)
      end
      assert.truthy(run("help", "import").out:gsub("%s+", " "):find("scripts/guide/OTHERS.md", 1, true))
      for name in guide:gmatch "`:(%l+)`" do
         assert.equal(0, run("help", name).status, name)
      end
      for command in guide:gmatch "difkit (%l+)" do
         if guide:find("`difkit " .. command, 1, true) then
            assert.equal(0, run(command, "--help").status, command)
         end
      end
   end)
end)

describe("the guide to editors", function()
   it("has a problem matcher that reads what check prints", function()
      local guide, folder, remove = support.read "scripts/guide/EDITORS.md", support.folder()
      local pattern = assert(guide:match '"regexp": "([^"]+)"'):gsub("\\\\", "\\")
      support.write(folder .. "/a.lua", "print(y)\n")
      local printed = run("check", "--format=gcc", folder .. "/a.lua").out
      support.write(folder .. "/printed", printed)
      -- The expression, in the words of grep.
      local matched = support.shell("grep -P " .. support.quote(pattern) .. " " .. support.quote(folder .. "/printed"))
      remove()
      assert.equal(printed, matched.out)
      assert.truthy(guide:find("difkit check --format=gcc ${file}", 1, true))
   end)
end)
