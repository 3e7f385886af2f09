--- What faults of the system leave behind: nothing half-written, nothing lost, and a message that says what and where.
local support = dofile "tests/cli/support.lua"
local run, read, write = support.run, support.read, support.write

local folder, remove
before_each(function() folder, remove = support.folder() end)
after_each(function() remove() end)

--- Runs difkit in the folder with files of at most so many blocks of 512 bytes, as a full disk would stop them.
local function within(blocks, command)
   return support.shell(("cd '%s' && ulimit -f %d && %s %s"):format(folder, blocks, support.absolute, command))
end

local function listed()
   return support.shell(("cd '%s' && find . -mindepth 1 | sort"):format(folder)).out
end

local rows = [[
local difkit = require "difkit"
local t = {}
for i = 1, 20000 do t[i] = {i, "text number " .. i} end
local done, message, code = difkit.table({"a", "b"}, t):write("big.%s")
print(done, message, code)
]]

describe("a file that cannot be written to its end", function()
   for _, isolation in ipairs {"auto", "off"} do
      for _, ending in ipairs {"csv", "json", "html", "md", "xlsx"} do
         it(("%s is not there, and that is said (isolation %s)"):format(ending, isolation), function()
            write(folder .. "/w.lua", rows:format(ending))
            for _, blocks in ipairs {8, 200, 400} do
               local result = within(blocks, "run w.lua --out out --isolation=" .. isolation)
               assert.matches("^nil\tcannot write out/big%." .. ending .. ": .+\tio\n$", result.out)
               local reason = ending ~= "xlsx" and "File too large" or blocks > 8 and "came out damaged"
                  or "Zip generic error"
               assert.is_truthy(result.out:find(reason, 1, true), result.out)
               -- Without isolation the folder stays, empty.
               os.execute("rmdir '" .. folder .. "/out' 2>/dev/null")
               assert.equal("./w.lua\n", listed())
            end
         end)
      end
   end

   it("is no database either, under its own name and with the reason", function()
      local data = support.shell("realpath data/asean-dif").out:gsub("\n", "")
      local result = within(64, ("load '%s' -o x.db"):format(data))
      assert.equal(5, result.status)
      assert.matches("^difkit: cannot write x%.db: disk I/O error", result.err)
      result = within(64, "snapshot s.db")
      assert.equal(5, result.status)
      assert.matches("^difkit: cannot write s%.db: disk I/O error: File too large", result.err)
      assert.equal("", listed())
   end)

   it("takes all files with it that are written together", function()
      for _, blocks in ipairs {1, 8, 32} do
         local result = within(blocks, "new framework mine")
         assert.equal(5, result.status)
         assert.equal("", result.out)
         assert.matches("^difkit: cannot write mine/[%w.]+: File too large\n$", result.err)
         assert.equal("", listed())
      end
      assert.equal(0, within(100000, "new framework mine").status)
      assert.matches("mine/framework%.yaml\n.*mine/schema%.json\n", listed())
   end)
end)

describe("a run that is killed", function()
   for _, isolation in ipairs {"auto", "off"} do
      it("leaves a file that the next one removes (isolation " .. isolation .. ")", function()
         write(folder .. "/w.lua", (rows:format "xlsx":gsub("20000", "300000")))
         write(folder .. "/small.lua", (rows:format "xlsx":gsub("20000", "2")))
         support.signalled(("-C '%s' %s run w.lua --out . --isolation=%s"):format(folder, support.absolute, isolation),
            "KILL", ("ls '%s' | grep -q difkit-"):format(folder))
         assert.matches("big%.xlsx%.difkit%-%w+%.tmp", listed())
         local result = within(1000000, "run small.lua --out . --isolation=" .. isolation)
         assert.matches("^true", result.out)
         assert.equal("./big.xlsx\n./small.lua\n./w.lua\n", listed())
      end)
   end

   it("is not taken for dead while it lives", function()
      write(folder .. "/hold.lua", [[
local difkit = require "difkit"
difkit.open():query("SELECT 1")
assert(difkit.table({"a"}, {{1}}):write "held.xlsx")
]])
      -- A file of that form which somebody holds stays.
      write(folder .. "/held.xlsx.difkit-aaaaaaaaaaaa.tmp", "alive")
      write(folder .. "/held.xlsx.difkit-bbbbbbbbbbbb.tmp", "dead")
      local result = support.shell(("cd '%s' && flock held.xlsx.difkit-aaaaaaaaaaaa.tmp %s run hold.lua --out .")
         :format(folder, support.absolute))
      assert.equal("", result.err)
      assert.equal("./held.xlsx\n./held.xlsx.difkit-aaaaaaaaaaaa.tmp\n./hold.lua\n", listed())
   end)
end)

describe("a folder that cannot be read to its end", function()
   it("is no folder with fewer files", function()
      if support.shell("command -v strace").status ~= 0 then
         return pending "strace, which fails a call of the system"
      end
      for i = 1, 1500 do write(("%s/u%d.yaml"):format(folder, i), "units: []\n") end
      write(folder .. "/a.yaml", "framework: {id: a, title: A}\n")
      assert.equal(0, within(1000000, "check .").status)
      local result = support.shell(("strace -f -o /dev/null -e inject=getdents64:error=EIO:when=2+ %s check '%s' "
         .. "--isolation=off"):format(support.absolute, folder))
      assert.equal(5, result.status)
      assert.equal(("difkit: cannot read the folder %s: Input/output error\n"):format(folder), result.err)
   end)
end)

describe("programs that write one database", function()
   local data = "tests/data/garden-framework"

   local function write_notes(path)
      write(path, [[
local db = assert(require "difkit".open(nil, {write = true}))
for i = 1, 20 do db:exec("INSERT OR REPLACE INTO meta (key, value) VALUES ('note" .. i .. "', random())") end
]])
   end

   --- Runs a command ten times at once; how many ended with 0.
   local function at_once(command)
      local ended = support.shell(("cd '%s'; for i in $(seq 10); do (%s %s >/dev/null; echo $?) & done; wait")
         :format(folder, support.absolute, command))
      return select(2, ended.out:gsub("0\n", "")), ended.err
   end

   for _, isolation in ipairs {"auto", "off"} do
      it("wait for one another: all of ten succeed (isolation " .. isolation .. ")", function()
         assert.equal(0, run("load", data, "-o", folder .. "/x.db").status)
         write_notes(folder .. "/w.lua")
         assert.equal(10, (at_once("run w.lua --db x.db --write --isolation=" .. isolation)))
         assert.matches("\n20\n", run("sql", "SELECT count(*) AS n FROM meta WHERE key LIKE 'note%'", "--format", "csv",
            "--db", folder .. "/x.db").out)
         assert.equal("./w.lua\n./x.db\n", listed())
      end)
   end

   it("that load it at once leave one whole database", function()
      local path = support.shell("realpath " .. data).out:gsub("\n", "")
      local done, err = at_once(("load '%s' -o new.db"):format(path))
      assert.equal(10, done, err)
      assert.matches("\n8\n", run("sql", "SELECT count(*) AS n FROM action", "--format", "csv", "--db",
         folder .. "/new.db").out)
      assert.equal("./new.db\n", listed())
   end)

   it("are waited for as long as DIFKIT_WAIT says, which is said after a second", function()
      assert.equal(0, run("load", data, "-o", folder .. "/x.db").status)
      -- The other program holds the database until ours has said something.
      local command = [[cd '%s'; rm -f held said
         sqlite3 x.db 'BEGIN EXCLUSIVE' '.shell touch held; until [ -s said ]; do sleep 0.02; done' & holder=$!
         until [ -e held ]; do sleep 0.02; done
         %s %s sql 'SELECT count(*) AS n FROM action' --format csv --db x.db 2>said; echo $?; cat said; wait $holder]]
      local result = support.shell(command:format(folder, "", support.absolute))
      assert.equal("n\n8\n0\ndifkit: waiting for another program, which is writing x.db\n", result.out)
      result = support.shell(command:format(folder, "DIFKIT_WAIT=0.2", support.absolute))
      assert.equal("6\ndifkit: x.db: database is locked; another program is writing to the database; try again when "
         .. "it is done\n", result.out)
   end)

   describe("and are killed", function()
      before_each(function()
         assert.equal(0, run("load", data, "-o", folder .. "/x.db").status)
         write(folder .. "/hold.lua", [[
local db = assert(require "difkit".open(nil, {write = true}))
db:exec "PRAGMA cache_size = 1"
db:exec "BEGIN"
for i = 1, 20000 do db:exec("INSERT INTO meta (key, value) VALUES ('k" .. i .. "', hex(randomblob(100)))") end
print "ready"
io.stdout:flush()
while true do end
]])
         local holds = "-C '%s' %s run hold.lua --db x.db --write --trust --isolation=off >'%s/said'"
         support.signalled(holds:format(folder, support.absolute, folder), "KILL",
            ("grep -q ready '%s/said'"):format(folder))
         assert.truthy(#read(folder .. "/x.db-journal") > 512)
      end)

      local function count()
         return run("sql", "SELECT count(*) AS n FROM meta WHERE key LIKE 'k%'", "--format", "csv", "--db",
            folder .. "/x.db")
      end

      it("are named by who only reads, with the command that takes back what they began", function()
         local result = count()
         assert.equal(6, result.status)
         assert.equal(("difkit: %s/x.db: a program began to change this database and was interrupted; take back what "
            .. "it began with: difkit migrate '%s/x.db'\n"):format(folder, folder), result.err)
         assert.matches("take back what it began with: difkit migrate", run("load", data, "-o", folder .. "/x.db").err)
         assert.equal(0, run("migrate", folder .. "/x.db").status)
         assert.equal("n\n0\n", count().out)
      end)

      it("lose only what they had not finished when the next one writes", function()
         write_notes(folder .. "/w.lua")
         local result = support.shell(("cd '%s'; %s run w.lua --db x.db --write"):format(folder, support.absolute))
         assert.equal("", result.err)
         assert.equal("n\n0\n", count().out)
         assert.equal("./hold.lua\n./said\n./w.lua\n./x.db\n", listed())
      end)
   end)
end)

describe("a damaged input", function()
   it("is one finding when it is in UTF-16, with or without its mark", function()
      for _, text in ipairs {"\xFF\xFEf\0r\0", "\xFE\xFF\0f\0r", "f\0r\0a\0", "\0f\0r\0a"} do
         write(folder .. "/a.yaml", text)
         local result = run("check", folder .. "/a.yaml")
         assert.equal(1, result.status)
         assert.equal(folder .. "/a.yaml:1:1: the file is in UTF-16; save it as UTF-8\n", result.out)
      end
   end)

   it("does not end why in an error of its own when a row has no cells", function()
      write(folder .. "/page.lua", 'return require "difkit".open():actions{document = "BSBR"}:select("id", "text")\n')
      assert.equal("", run("run", folder .. "/page.lua", "-o", folder .. "/page.html").err)
      local page = read(folder .. "/page.html")
      local holed = page:gsub("<tr data%-id=\"BSBR%.DR%.1\">.-</tr>", "<tr></tr>", 1)
      assert.not_equal(page, holed)
      write(folder .. "/page.html", holed)
      local number = 0
      for row in holed:match "<tbody>(.*)</tbody>":gmatch "<tr.->" do
         number = number + 1
         if row == "<tr>" then break end
      end
      local result = run("why", folder .. "/page.html", ("table-1/%d/1"):format(number))
      assert.equal("", result.err)
      assert.matches(("row “%d”"):format(number), result.out, 1, true)
   end)
end)
