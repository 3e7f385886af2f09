--- Commands that are killed (SIGKILL) at any moment: what they were writing is what it was or what it was to be, the
--- next command finds nothing in its way, and after it nothing is left. DIFKIT_KILLS says how many are killed of all.
local support = dofile "tests/cli/support.lua"

local kills = math.tointeger(tonumber(os.getenv "DIFKIT_KILLS" or "30"))
local folder, remove, garden

setup(function()
   folder, remove = support.folder()
   garden = support.shell "realpath tests/data/garden-framework".out:gsub("\n", "")
   support.write(folder .. "/in.csv", "country,year,indicator,value\nSingapore,2020,a,1\nMalaysia,2020,a,2.5\n")
   support.write(folder .. "/w.lua", [[
local difkit = require "difkit"
local rows = {}
for i = 1, 3000 do rows[i] = {i, "text number " .. i} end
local written = difkit.table({"a", "b"}, rows)
for _, ending in ipairs {"csv", "html", "xlsx", "docx"} do assert(written:write("rows." .. ending)) end
]])
end)
teardown(function() remove() end)

local commands = {
   {"load '%s' -o x.db", "x.db"},
   {"import in.csv --into y.db", "y.db"},
   {"run w.lua --out .", "rows.csv", "rows.html", "rows.xlsx", "rows.docx"},
   {"snapshot --db y.db s.db", "s.db"},
   {"run periodic --out . --as-of 2025-12-31", "periodic.html", "snapshots/2025-12-31.db"},
   {"backup y.db b.db", "b.db"},
}

--- What a file is, or "" where there is none; of a database what it says, asked of a copy that nobody writes.
local function state(path, name)
   local file = ("'%s/%s'"):format(path, name)
   if not support.exists(path .. "/" .. name) then return "" end
   if name:find "%.db$" then return support.shell(("sqlite3 %s .dump | sha256sum"):format(file)).out end
   return support.shell("sha256sum <" .. file).out
end

local function states(path, command)
   local list = {}
   for i = 2, #command do list[i] = state(path, command[i]) end
   return list
end

local function begin()
   local path = folder .. "/work"
   support.shell(("rm -rf '%s'; mkdir '%s'; cd '%s'; cp ../in.csv ../w.lua .; %s load '%s' -o y.db"):format(path,
      path, path, support.absolute, garden))
   return path
end

for _, command in ipairs(commands) do
   describe("difkit " .. command[1]:match "^%a+ ?%a*", function()
      it(("can be killed %d times"):format(kills // #commands), function()
         local line = support.absolute .. " " .. command[1]:format(garden)
         local path = begin()
         local started = support.shell("date +%s%N").out
         local whole = support.shell(("cd '%s' && %s"):format(path, line))
         assert.equal(0, whole.status, whole.err)
         local took = (tonumber(support.shell("date +%s%N").out) - tonumber(started)) / 1e9
         local after = states(path, command)
         for k = 2, #command do assert.not_equal("", after[k], command[k]) end
         path = begin()
         local before = states(path, command)
         for i = 1, kills // #commands do
            local delay = took * (i - 0.5) / (kills // #commands)
            support.shell(("cd '%s'; %s & sleep %.4f; kill -KILL $!; wait $!"):format(path, line, delay))
            -- A journal that was left is taken back by whoever writes next.
            local now = states(path, command)
            for k = 2, #command do
               local is_whole = now[k] == before[k] or now[k] == after[k]
               assert.is_true(is_whole, ("%s, killed after %.4f s"):format(command[k], delay))
            end
            if i % 2 == 0 then -- and the next one has its way
               local again = support.shell(("cd '%s' && %s"):format(path, line))
               assert.equal(0, again.status, again.err)
               assert.same(after, states(path, command))
               local left = ("find '%s' -name '*.tmp' -o -name '*-journal'"):format(path)
               assert.equal("", support.shell(left).out)
               path = begin()
            end
         end
      end)
   end)
end
