-- Snapshots: the copy is what the data were, labelled and dated; and the one date that results may hold.
local difkit = require "difkit"

local folder

setup(function()
   local pipe = assert(io.popen "mktemp -d")
   folder = pipe:read "l"
   pipe:close()
end)
teardown(function() os.execute("rm -rf " .. folder) end)

local read = require("tests.support.spec").read

describe("db:snapshot", function()
   it("copies what the database holds now, changes and all", function()
      local db <close> = assert(difkit.open(nil, {write = true}))
      db:exec "UPDATE topic SET title = 'Changed' WHERE id = 'cybersecurity'"
      local path = assert(db:snapshot("changed", {folder = folder, date = "2026-03"}))
      assert.are.equal(folder .. "/changed.db", path)
      local copy <close> = assert(difkit.open(path))
      assert.is_true(difkit.diff(db, copy):same())
      assert.are.equal("Changed", copy:topic "cybersecurity".title)
      local meta = {}
      for row in copy:query "SELECT key, value FROM meta" do meta[row.key] = row.value end
      assert.are.equal("changed", meta.snapshot_label)
      assert.are.equal("2026-03-31", meta.snapshot_date)
      local loaded = db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
      assert.are_not.equal(loaded, meta.content_digest)
   end)

   it("gives the same bytes for the same data", function()
      for _, name in ipairs {"a", "b"} do
         local db <close> = assert(difkit.open())
         assert(db:snapshot(name .. ".db", {folder = folder, date = "2026-03-31", label = "x"}))
      end
      assert.are.equal(read(folder .. "/a.db"), read(folder .. "/b.db"))
   end)

   it("keeps one that holds the same records, and does not replace others unasked", function()
      local db <close> = assert(difkit.open(nil, {write = true}))
      assert(db:snapshot("kept", {folder = folder, date = "2026-01-31"}))
      local before = read(folder .. "/kept.db")
      assert.is_true(select(4, db:snapshot("kept", {folder = folder, date = "2026-02-28"})))
      db:exec "DELETE FROM abbreviation"
      local path, message, code = db:snapshot("kept", {folder = folder})
      assert.is_nil(path)
      assert.are.equal("exists", code)
      assert.is_truthy(message:find("exists and holds other records", 1, true))
      assert.are.equal(before, read(folder .. "/kept.db"))
      assert(db:snapshot("kept", {folder = folder, replace = true, date = "2026-01-31"}))
      assert.are_not.equal(before, read(folder .. "/kept.db"))
   end)

   it("leaves nothing behind where it cannot write", function()
      local db <close> = assert(difkit.open())
      os.execute("mkdir " .. folder .. "/taken.db")
      local path, message, code = db:snapshot("taken", {folder = folder})
      assert.is_nil(path)
      assert.are.equal("io", code)
      assert.is_truthy(message:find("it is a folder", 1, true))
      local pipe = assert(io.popen("ls " .. folder))
      assert.is_falsy(pipe:read "a":find ".tmp")
      pipe:close()
      os.execute("rmdir " .. folder .. "/taken.db")
   end)

   it("refuses a label that would be a path", function()
      local db <close> = assert(difkit.open())
      for _, label in ipairs {"../x", "", "a/b", ".hidden"} do
         local done, problem = pcall(db.snapshot, db, label, {folder = folder})
         assert.is_false(done)
         assert.are.equal("usage", problem.code)
      end
   end)
end)

describe("difkit.snapshots", function()
   it("lists them by date, and says of a file that cannot be read why", function()
      local db <close> = assert(difkit.open())
      local own = folder .. "/list"
      for label, date in pairs {late = "2026-03-31", early = "2025-12-31", middle = "2026-02-28"} do
         assert(db:snapshot(label, {folder = own, date = date}))
      end
      os.execute("echo nonsense > " .. own .. "/other.db")
      local list = difkit.snapshots(own)
      assert.are.equal("early middle late other", table.concat(list:column "label", " "))
      assert.is_nil(list[1].problem)
      assert.are.equal(own .. "/other.db: file is not a database", list[4].problem:match "^[^;]*")
      assert.are.equal(244, list[1].actions)
      assert.are.equal(own .. "/late.db", list[3].path)
   end)

   it("finds none where there is no folder", function()
      assert.are.equal(0, #difkit.snapshots(folder .. "/nowhere"))
   end)

   it("appears together with what is done before it, or not at all", function()
      local db = assert(difkit.open())
      local seen
      local path = assert(db:snapshot("both", {folder = folder, before = function()
         seen = #assert(difkit.snapshots(folder)):where{label = "both"}
         return true
      end}))
      assert.are.equal(0, seen)
      assert.are.equal(folder .. "/both.db", path)
      assert.are.same({nil, "no room", "io"}, {db:snapshot("neither", {folder = folder,
         before = function() return nil, "no room", "io" end})})
      local done, problem = pcall(db.snapshot, db, "neither", {folder = folder, before = function() error "broken" end})
      assert.is_false(done)
      assert.truthy(tostring(problem):find("broken", 1, true))
      assert.are.equal(0, #assert(difkit.snapshots(folder)):where{label = "neither"})
      -- One that is kept, too.
      assert.are.same({nil, "no room", "io"}, {db:snapshot("both", {folder = folder,
         before = function() return nil, "no room", "io" end})})
   end)
end)

describe("difkit.today", function()
   it("takes a day, a month or a year", function()
      assert.are.equal("2024-02-29", difkit.today "2024-02")
      assert.are.equal("2026-12-31", difkit.today "2026-12")
      assert.are.equal("2026-12-31", difkit.today "2026")
      assert.are.equal("2026-03-05", difkit.today "2026-03-05")
   end)

   it("refuses what is no date", function()
      for _, text in ipairs {"2026-13", "2026-02-30", "2026-3", "26", "yesterday", "2026-00-01", "2026-1-01", ""} do
         assert.is_false(pcall(difkit.today, text), text)
      end
   end)

   it("is a date without being asked for one", function()
      assert.is_truthy(difkit.today():find "^%d%d%d%d%-%d%d%-%d%d$")
   end)
end)
