--- An audit of an index of the size of ASEM's (51 units, 49 indicators, 8 pillars) on made-up data, all sections:
--- 10,000 runs, Sobol indices of 4,096 rows, 1,000 resamples, frontier, report, JSON. Marks: 2 seconds, 1 MB of HTML,
--- 200 MB of memory. Run in the folder of the repository, with the module built: cmake --build --preset release
--- --target run_audit
local difkit = require "difkit"

--- Uniform numbers from a seed, the same on every machine.
local state = 1
local function uniform()
   state = (state * 1664525 + 1013904223) % 4294967296
   return state / 4294967296
end

local sizes, children = {8, 5, 3, 6, 8, 5, 9, 5}, {}
for g, size in ipairs(sizes) do
   local indicators = {}
   for i = 1, size do indicators[i] = {id = ("g%d_%d"):format(g, i), direction = 1} end
   children[g] = {id = "g" .. g, children = indicators}
end
local root = {id = "bench", normalise = "minmax", impute = "mean", children = {{id = "left", children = table.move(
   children, 1, 5, 1, {})}, {id = "right", children = table.move(children, 6, 8, 1, {})}}}
local rows = {}
for u = 1, 51 do
   local row, common = {unit = ("U%02d"):format(u)}, uniform()
   for g, size in ipairs(sizes) do
      local factor = common + uniform()
      for i = 1, size do
         if uniform() > 0.05 then row[("g%d_%d"):format(g, i)] = factor + uniform() end
      end
   end
   rows[u] = row
end

local best, size = math.huge, nil
for _ = 1, 3 do
   local begun = os.clock()
   local audit = difkit.index(root):compute(rows):audit{runs = 10000, sobol = 4096, bootstrap = 1000, draws = 1000}
   size = #audit:report():html()
   assert(#difkit.json.encode(audit:value()) > 0)
   best = math.min(best, os.clock() - begun)
end
--- What R takes for the tables that it can make of the same index: base R, psych and COINr where they are there.
local function r_seconds()
   if not os.execute "command -v Rscript >/dev/null 2>&1" then return nil end
   local path = os.tmpname()
   local file = assert(io.open(path, "wb"))
   file:write(require("difkit.audit.rscript").text(difkit.index(root):compute(rows):audit{runs = 10, sobol = 4,
      bootstrap = 0}))
   file:close()
   local pipe = assert(io.popen("bash -c 'time -p Rscript " .. path .. "' 2>&1"))
   local said = pipe:read "a"
   pipe:close()
   os.remove(path)
   local what = {"base R"}
   for _, name in ipairs {"psych", "COINr"} do
      what[#what + 1] = said:find(name .. ": not run", 1, true) and "without " .. name or said:match(name .. " [%d.]+")
   end
   return tonumber(said:match "user (%d[%d.]*)"), table.concat(what, ", ")
end

local memory = 0
for line in io.lines "/proc/self/status" do memory = tonumber(line:match "^VmHWM:%s*(%d+)") or memory end
print(("audit of 51 units, 49 indicators: %.2f s of processor time (mark: 2), page %.2f MB (1), memory %.0f MB (200)")
   :format(best, size / 1e6, memory / 1e3))
local seconds, what = r_seconds()
if seconds then
   -- The tables that both make: without runs, Sobol indices, resamples and random tables.
   local begun = os.clock()
   for _ = 1, 3 do
      difkit.index(root):compute(rows):audit{runs = 1, sobol = 2, bootstrap = 0, draws = 1}:value()
   end
   local own = (os.clock() - begun) / 3
   print(("%s: %.2f s of processor time for the tables that it makes as well (with its start); difkit %.2f s, splines "
      .. "and frontier included: %.1f times"):format(what, seconds, own, seconds / own))
else
   print "R is not here: its packages were not timed"
end
if best > 2 or size > 1e6 or memory > 200e3 then os.exit(1) end
