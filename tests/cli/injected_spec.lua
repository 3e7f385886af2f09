--- Faults put into the program one at a time: an allocation that is refused, a call of the system that fails. Whatever
--- is hit, the run ends as if nothing had happened, or with a message, a status that says what it was, what was there
--- before whole, and nothing left behind. DIFKIT_FAULTS says how many places of each kind are tried (all: every one).
local support = dofile "tests/cli/support.lua"

local shim, strace = os.getenv "DIFKIT_FAULT", support.shell("command -v strace").status == 0
local most = os.getenv "DIFKIT_FAULTS" or "3"
local folder, remove

setup(function()
   folder, remove = support.folder()
   assert.equal(0, support.run("load", "tests/data/garden-framework", "-o", folder .. "/old.db").status)
end)
teardown(function() remove() end)

local files = {
   ["w.lua"] = [[
local difkit = require "difkit"
local rows = {}
for i = 1, 500 do rows[i] = {i, "text number " .. i} end
local written = difkit.table({"a", "b"}, rows)
for _, ending in ipairs {"csv", "json", "html", "md"} do assert(written:write("rows." .. ending)) end
]],
   ["book.lua"] = 'assert(require "difkit".table({"a"}, {{1}, {2}}):write "book.xlsx")\n',
   ["in.csv"] = "country,year,indicator,value\nSingapore,2020,a,1\nMalaysia,2020,a,2.5\n",
}

--- What is done in a folder with those files and with what was there before; `memory`: what it calls survives without.
local jobs = {
   {name = "a script that prints", command = "run coverage", memory = true},
   {name = "files of a script", command = "run w.lua --out .", memory = true},
   {name = "a workbook", command = "run book.lua --out ."},
   {name = "a database", command = "load garden-framework -o x.db", memory = true},
   {name = "a snapshot", command = "snapshot s.db", memory = true},
   {name = "an import", command = "import in.csv --into old.db", memory = true},
   {name = "a report", command = "run periodic --out . --as-of 2025-12-31", memory = true},
}

--- What stands in the folder at `path`: a checksum for each file, of a database one of what it says, and of reports one
--- that their dates and digests are no part of.
local function state(path)
   local found = {}
   for _, name in ipairs(support.lines(support.shell(("cd '%s' && find . -type f | sort"):format(path)).out)) do
      local file = ("'%s/%s'"):format(path, name)
      local sum = name:find "%.db$" and ("sqlite3 -readonly %s .dump | sha256sum"):format(file)
         or ("sha256sum <%s"):format(file)
      found[#found + 1] = name .. " " .. support.shell(sum).out:sub(1, 64)
   end
   return found
end

--- A new folder with those files and an older database.
local function begin()
   local path = folder .. "/work"
   os.execute(("rm -rf '%s' && mkdir '%s'"):format(path, path))
   for name, text in pairs(files) do support.write(path .. "/" .. name, text) end
   os.execute(("cp -r '%s/old.db' tests/data/garden-framework '%s'"):format(folder, path))
   return path
end

--- Runs the job within what `around` makes of its command.
local function run(job, around, isolation)
   local path = begin()
   local command = ("%s %s %s"):format(support.absolute, job.command,
      job.command:find "^run" and "--isolation=" .. isolation or "")
   local result = support.shell(("cd '%s' && %s"):format(path, around(command)))
   result.state = state(path)
   return result
end

--- The numbers that are tried, of 1 to `count`.
local function places(count)
   local chosen = {}
   local every = most == "all" and count or math.min(count, math.tointeger(tonumber(most)))
   for i = 1, every do chosen[i] = 1 + (i - 1) * (count - 1) // math.max(every - 1, 1) end
   return chosen
end

--- Holds what came of a fault against what comes without: the same, or a failure that is told.
local function judge(whole, before, result, allowed, said, where)
   local told = ("%s: status %s\n%s"):format(where, result.status, result.err)
   if result.status == 0 then
      assert.same(whole.state, result.state, told)
      assert.equal(whole.out, result.out, told)
      return
   end
   assert.is_truthy(allowed[result.status], told)
   assert.is_truthy(result.err:find "^difkit: " or result.err:find "\ndifkit: ", told)
   local why = false
   for _, pattern in ipairs(said) do why = why or result.err:find(pattern) ~= nil end
   assert.is_true(why, told)
   local was = {}
   for _, list in ipairs {before, whole.state} do
      for _, file in ipairs(list) do was[file] = true end
   end
   -- A file is as it was or as it was to be: nothing half-written, nothing left, nothing gone.
   for _, file in ipairs(result.state) do assert.is_true(was[file], told .. file) end
   assert.is_true(#result.state >= #before, told)
end

describe("an allocation that is refused", function()
   for _, job in ipairs(jobs) do
      for _, isolation in ipairs(job.command:find "^run" and {"auto", "off"} or {"auto"}) do
         it(("in %s (isolation %s)"):format(job.name, isolation), function()
            if not shim then return pending "the sanitizers have the allocations" end
            if not job.memory then return pending "libxlsxwriter does not survive it" end
            local before = state(begin())
            local counted = folder .. "/counted"
            local function failing(settings)
               return function(command)
                  return ("env %s FAULT_COUNT='%s' LD_PRELOAD='%s' %s"):format(settings, counted, shim, command)
               end
            end
            local function reached()
               local count = string.unpack("<I8", support.read(counted))
               os.remove(counted)
               return count
            end
            local whole = run(job, failing "FAULT_AT=0", isolation)
            assert.equal(0, whole.status, whole.err)
            local count = reached()
            assert.is_true(count > 100)
            for _, at in ipairs(places(count)) do
               for _, sticky in ipairs {"", " FAULT_STICKY=1"} do
                  local settings = "FAULT_AT=" .. at .. sticky
                  local result = run(job, failing(settings), isolation)
                  reached()
                  judge(whole, before, result, {[3] = true, [5] = true}, {"memory"}, settings)
               end
            end
         end)
      end
   end
end)

describe("a call of the system that fails", function()
   --- What is failed, as what, and on which of its calls: those that in the trace of a good run are about our files.
   local calls = {
      {names = "write,pwrite64", error = "ENOSPC", said = {"disk is full", "No space left"}, about = "file"},
      {names = "write,pwrite64", error = "EIO", said = {"disk", "[Ii]nput/output error"}, about = "file"},
      {names = "fsync,fdatasync", error = "EIO", said = {"disk I/O error", "Input/output error"}, about = "file"},
      {names = "rename,renameat,renameat2", error = "EACCES", said = {"Permission denied"}, about = "name"},
      {names = "openat", error = "EMFILE", said = {"Too many open files", "a moment ago"}, about = "name"},
   }
   local abouts = {file = "^%a+%d*%(%d+<[^>]*/work/", name = "AT_FDCWD<[^>]*/work>, \"[^/]"}

   for _, job in ipairs(jobs) do
      for _, call in ipairs(calls) do
         for _, isolation in ipairs(job.command:find "^run" and {"auto", "off"} or {"auto"}) do
            it(("%s with %s in %s (isolation %s)"):format(call.names, call.error, job.name, isolation), function()
               if not strace then return pending "strace, which fails a call of the system" end
               local before = state(begin())
               local trace = folder .. "/trace"
               local whole = run(job, function(command)
                  return ("strace -f -y -qq -e signal=none -e trace=%s -o '%s' %s"):format(call.names, trace,
                     command)
               end, isolation)
               assert.equal(0, whole.status, whole.err)
               -- The calls are counted by each process for itself.
               local counts, reached, seen = {}, {}, {}
               for _, line in ipairs(support.lines(support.read(trace))) do
                  local process, text = line:match "^(%d+) +(.*)$"
                  local name = text and text:match "^(%a+%d*)%("
                  if name then
                     counts[process .. name] = (counts[process .. name] or 0) + 1
                     local key = name .. ":" .. counts[process .. name]
                     if text:find(abouts[call.about]) and not seen[key] then
                        seen[key] = true
                        reached[#reached + 1] = {name, counts[process .. name]}
                     end
                  end
               end
               for _, at in ipairs(#reached > 0 and places(#reached) or {}) do
                  local name, number = table.unpack(reached[at])
                  local inject = ("%s:error=%s:when=%d"):format(name, call.error, number)
                  local result = run(job, function(command)
                     return ("strace -f -qq -o /dev/null -e signal=none -e trace=%s -e inject=%s %s"):format(name,
                        inject, command)
                  end, isolation)
                  judge(whole, before, result, {[5] = true}, call.said, inject)
               end
            end)
         end
      end
   end
end)
