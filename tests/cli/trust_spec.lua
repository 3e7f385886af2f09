--- What a stranger's database, or what stands beside one, cannot do: lose data, reach other files, leave files behind.
local support = dofile "tests/cli/support.lua"
local read, write = support.read, support.write

describe("a folder of YAML", function()
   it("is not left by its links", function()
      local folder, remove = support.folder()
      os.execute("mkdir " .. folder .. "/data")
      write(folder .. "/outside.yaml", "password: hunter2\n")
      write(folder .. "/data/real.yaml", "framework: {id: s, title: S}\n")
      os.execute(("cd %s/data && ln -s ../outside.yaml a.yaml && ln -s nowhere.yaml b.yaml"):format(folder))
      for _, option in ipairs {"auto", "off"} do
         local result = support.run("load", folder .. "/data", "-o", folder .. "/a.db", "--isolation=" .. option)
         assert.equal(1, result.status)
         assert.matches("a.yaml is a link that leads out of its folder; copy the file, or name it by itself",
            result.err)
         assert.is_nil((result.out .. result.err):find("password", 1, true))
         assert.is_false(support.exists(folder .. "/a.db"))
      end
      os.execute("cd " .. folder .. "/data && rm a.yaml b.yaml && mkdir sub && mv real.yaml sub "
         .. "&& ln -s sub/real.yaml c.yaml")
      assert.equal(0, support.run("load", folder .. "/data", "-o", folder .. "/a.db").status)
      remove()
   end)
end)

describe("a workbook", function()
   it("shows what reads like the escape of a character as it is", function()
      local folder, remove = support.folder()
      write(folder .. "/x.lua", [[
         local t = require "difkit".table({"_x0041_"}, {{"_x0042_ a_x000d_b _x12_ _xyzab_"}})
         assert(t:write "a.xlsx")
      ]])
      assert.equal(0, support.run("run", folder .. "/x.lua", "--out", folder .. "/out").status)
      local xml = support.shell("unzip -p " .. folder .. "/out/a.xlsx xl/worksheets/sheet1.xml").out
      assert.matches("<t>_x005F_x0041_</t>", xml, 1, true)
      assert.matches("<t>_x005F_x0042_ a_x005F_x000d_b _x12_ _xyzab_</t>", xml, 1, true)
      remove()
   end)
end)

describe("a database file", function()
   local folder, remove

   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   --- Runs a command in the folder; $DIFKIT is difkit, which waits for nobody here.
   local function shell(command)
      return support.shell(("cd %s; export DIFKIT_WAIT=0; DIFKIT=%s; %s"):format(folder, support.absolute, command))
   end

   local function load_small()
      write(folder .. "/small.yaml", "framework: {id: small, title: Small}\n")
      assert.equal(0, shell("$DIFKIT load small.yaml -o a.db").status)
      return read(folder .. "/a.db")
   end

   --- Runs Python with sqlite3 as another program.
   local function python(code)
      write(folder .. "/p.py", "import sqlite3, subprocess, os\n" .. code)
   end

   for _, isolation in ipairs {"auto", "off"} do
      local option = " --isolation=" .. isolation

      it("is not replaced while another program writes it, isolation " .. isolation, function()
         local before = load_small()
         python(([[
c = sqlite3.connect("a.db", isolation_level=None)
c.execute("BEGIN IMMEDIATE")
r = subprocess.run([os.environ["DIFKIT"], "load", "small.yaml", "-o", "a.db", "%s"], capture_output=True, text=True)
print(r.returncode, r.stderr)
c.execute("ROLLBACK")
]]):format(option:sub(2)))
         local result = shell("export DIFKIT && python3 p.py")
         assert.matches("^6 difkit: cannot replace a.db: another program is writing it; try again",
            result.out, result.err)
         assert.is_true(before == read(folder .. "/a.db"))
         assert.equal("a.db\np.py\nsmall.yaml\n", shell("ls -A").out)
      end)

      it("that is new takes nothing over from a journal that was left, isolation " .. isolation, function()
         write(folder .. "/small.yaml", "framework: {id: small, title: Small}\n")
         for _, ending in ipairs {"-journal", "-wal"} do
            write(folder .. "/b.db" .. ending, "left")
            local result = shell("$DIFKIT load small.yaml -o b.db" .. option)
            assert.equal(6, result.status)
            assert.matches("cannot replace b.db: b.db" .. ending:gsub("%-", "%%-") .. " shows .*; remove that file",
               result.err)
            assert.equal("left", read(folder .. "/b.db" .. ending))
            assert.is_false(support.exists(folder .. "/b.db"))
            os.remove(folder .. "/b.db" .. ending)
         end
      end)

      it("does not reach other files by its journal, isolation " .. isolation, function()
         os.execute("mkdir " .. folder .. "/out")
         write(folder .. "/victim", "precious")
         write(folder .. "/x.lua", ([[
            local difkit = require "difkit"
            assert(difkit.open():snapshot("x.db", {label = "a"}))
            local f = assert(io.open(difkit.writable() .. "/x.db", "rb"))
            local page = string.unpack(">I2", f:read(100), 17)
            local size = f:seek "end"
            f:close()
            local victim = "%s/victim"
            local magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
            local header = magic .. string.pack(">I4I4I4I4I4", 0, 0x12345678, size // page, 512, page)
            local sum = 0
            for i = 1, #victim do sum = sum + victim:byte(i) end
            local journal = assert(io.open("x.db-journal", "wb"))
            journal:write(header, ("\0"):rep(512 - #header), string.pack(">I4", 0x40000000 // page + 1), victim,
               string.pack(">I4I4", #victim, sum), magic)
            journal:close()
            print(difkit.open("x.db", {write = true}))
            print(difkit.open "out/x.db")
         ]]):format(folder))
         local result = shell("$DIFKIT run x.lua --out out" .. option)
         assert.matches("^nil\tout/x.db: the journal beside this database names another file, which is not followed"
            .. ".*\nnil\t", result.out, result.err)
         assert.equal("precious", read(folder .. "/victim"))
      end)

      it("is changed through no link beside it, isolation " .. isolation, function()
         os.execute("mkdir " .. folder .. "/out")
         write(folder .. "/victim", "precious")
         write(folder .. "/x.lua", [[
            local difkit = require "difkit"
            assert(difkit.open():snapshot("x.db", {label = "a"}))
         ]])
         assert.equal(0, shell("$DIFKIT run x.lua --out out" .. option).status)
         write(folder .. "/y.lua", [[
            local db = assert(require "difkit".open("x.db", {write = true}))
            print(pcall(db.exec, db, "DELETE FROM link"))
         ]])
         local result = shell("ln -s ../victim out/x.db-journal && $DIFKIT run y.lua --out out" .. option)
         assert.matches("x.db: unable to open database file", result.err)
         assert.equal("precious", read(folder .. "/victim"))
      end)

      it("with a write-ahead log is read without files beside it, isolation " .. isolation, function()
         load_small()
         python [[c = sqlite3.connect("a.db"); c.execute("PRAGMA journal_mode = wal"); c.close()]]
         shell "python3 p.py"
         assert.equal("n\n1\n", shell("$DIFKIT sql 'SELECT count(*) AS n FROM framework' --format csv --db a.db"
            .. option).out)
         assert.equal("a.db\np.py\nsmall.yaml\n", shell("ls -A").out)
      end)

      it("is not read without the changes in a log that was left, isolation " .. isolation, function()
         load_small()
         python [[
c = sqlite3.connect("a.db"); c.execute("PRAGMA journal_mode = wal")
c.execute("UPDATE framework SET title = 'Changed'"); c.commit()
os._exit(0)]]
         shell "python3 p.py; rm -f a.db-shm"
         local result = shell("$DIFKIT sql 'SELECT title FROM framework' --db a.db" .. option)
         assert.equal(6, result.status)
         assert.matches("holds changes that are not in the database yet.*wal_checkpoint", result.err)
         assert.is_true(support.exists(folder .. "/a.db-wal"))
         assert.is_false(support.exists(folder .. "/a.db-shm"))
      end)

      it("is the only thing that a snapshot replaces, isolation " .. isolation, function()
         write(folder .. "/2026.db", "a letter")
         local result = shell("$DIFKIT snapshot 2026 --to ." .. option)
         assert.not_equal(0, result.status)
         assert.equal("a letter", read(folder .. "/2026.db"))
      end)

      it("or other result goes into devices, pipes and what links lead to, isolation " .. isolation, function()
         local function run(to) return shell("$DIFKIT run list --format csv -o " .. to .. option) end
         local csv = shell("$DIFKIT run list --format csv" .. option).out
         assert.is_true(#csv > 1000)
         shell "mkfifo pipe; echo old > real.csv; chmod 600 real.csv; ln -s real.csv link.csv"
         assert.equal(csv, shell("(timeout 10 $DIFKIT run list --format csv -o pipe" .. option
            .. " &) && cat pipe").out)
         assert.equal("fifo\n", shell("stat -c %F pipe").out)
         assert.equal(0, run("link.csv").status)
         assert.equal(csv, read(folder .. "/real.csv"))
         assert.equal("symbolic link 600\n", shell("echo $(stat -c %F link.csv) $(stat -c %a real.csv)").out)
         if shell("mknod null c 1 3").status == 0 then
            assert.equal(0, run("null").status)
            write(folder .. "/s.yaml", "framework: {id: s, title: S}")
            assert.equal(0, shell("$DIFKIT load s.yaml -o null" .. option).status)
            assert.equal("character special file\n", shell("stat -c %F null").out)
         end
      end)
   end
end)
