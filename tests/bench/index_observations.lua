--- From the database to ranked scores: an index of 20 (50) indicators for 1e6 (1e7) observations, against the same
--- min-max and mean in SQLite window functions, and its memory against that of the dense array of the observations.
--- Marks: 4 times as fast, 3 times the array.
---
--- Run in the folder of the repository, with the module built:
---   LUA_PATH='scripts/?.lua;scripts/?/init.lua;;' LUA_CPATH='build/release/lua/?.so;;' \
---      lua5.4 tests/bench/index_observations.lua [1e6] [1e7]
--- The database is made in the folder that TMPDIR names and taken away again. Each figure is the best of three.
local core = require "difkit.core"
local difkit = require "difkit"

local folder = os.getenv "TMPDIR" or "/tmp"
local path = ("%s/difkit-bench-%d.db"):format(folder, os.time())

local function peak_memory()
   for line in io.lines "/proc/self/status" do
      local kilobytes = line:match "^VmHWM:%s*(%d+)"
      if kilobytes then return tonumber(kilobytes) * 1024 end
   end
end

local function reset_peak()
   local file = io.open("/proc/self/clear_refs", "w")
   if file then
      file:write "5"
      file:close()
   end
end

local function resident()
   for line in io.lines "/proc/self/status" do
      local kilobytes = line:match "^VmRSS:%s*(%d+)"
      if kilobytes then return tonumber(kilobytes) * 1024 end
   end
end

--- Wall-clock seconds: this program waits for nothing, so processor time is as good.
local function seconds(call, prepare)
   local best, value = math.huge
   for _ = 1, 3 do
      value = nil -- luacheck: ignore 311
      if prepare then prepare() end
      collectgarbage()
      collectgarbage()
      local begin = os.clock()
      value = call()
      best = math.min(best, os.clock() - begin)
   end
   return best, value
end

local function make(indicators, units, periods)
   assert(core.load_file({"data/asean-dif"}, path))
   local db = assert(difkit.open(path, {write = true}))
   db:exec "BEGIN"
   db:exec "DELETE FROM observation"
   db:exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
      .. "INSERT INTO unit (id, title, origin) SELECT printf('U%06d', i), 'unit', 'bench:1' FROM n", units)
   db:exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
      .. "INSERT INTO indicator (id, title, direction, origin) "
      .. "SELECT printf('I%03d', i), 'indicator', 1, 'bench:1' FROM n",
      indicators)
   for i = 1, indicators do
      db:exec("WITH RECURSIVE u(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM u WHERE n < ?1), "
         .. "p(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM p WHERE n < ?2) "
         .. "INSERT INTO observation (indicator_id, unit_id, period, value, origin) "
         .. "SELECT printf('I%03d', ?3), printf('U%06d', u.n), 2000 + p.n, "
         .. "((u.n * 7919 + p.n * 104729 + ?3 * 1299709) * 2654435761 % 1000003) / 1000003.0, 'bench:1' FROM u, p",
         {units, periods, i})
   end
   db:exec "COMMIT"
   db:close()
end

local windows = [[
WITH scaled AS (
   SELECT unit_id, period, (value - min(value) OVER w) / (max(value) OVER w - min(value) OVER w) AS score
   FROM observation WHERE value IS NOT NULL WINDOW w AS (PARTITION BY indicator_id, period)),
means AS (SELECT unit_id, period, avg(score) AS score FROM scaled GROUP BY unit_id, period)
SELECT unit_id, period, score, rank() OVER (PARTITION BY period ORDER BY score DESC) AS rank FROM means]]

local function run(observations)
   local indicators = observations >= 1e7 and 50 or 20
   local periods = 10
   local units = math.tointeger(observations / indicators / periods)
   make(indicators, units, periods)
   local db = assert(difkit.open(path))
   local children, years = {}, {}
   for i = 1, indicators do children[i] = ("I%03d"):format(i) end
   for p = 1, periods do years[p] = 2000 + p end
   local index = difkit.index{
      id = "bench", children = children, periods = years, reference = "period",
      normalise = {method = "minmax", low = 0, high = 1},
   }
   local dense = observations * 8
   collectgarbage()
   collectgarbage()
   reset_peak()
   local before = resident()
   local own, result = seconds(function() return index:compute(db) end, function() index.last = nil end)
   local memory = peak_memory() - before
   local table_time = seconds(function() return result:ranks() end)
   local best, rank = result.aggregated:get(1, 1), result.rank[1]
   index.last, result = nil, nil
   local sql, columns = seconds(function() return db:query(windows):columns() end)
   local same = 0
   for i = 1, #columns.unit_id do
      if columns.unit_id[i] == "U000001" and columns.period[i] == 2001 then
         same = math.abs(columns.score[i] - best) < 1e-12 and columns.rank[i] == rank and 1 or 0
         break
      end
   end
   print(("%.0e observations: %d indicators, %d units, %d periods"):format(observations, indicators, units, periods))
   print(("  difkit, database to ranked scores   %8.3f s"):format(own))
   print(("  the ranks as a table of rows        %8.3f s more"):format(table_time))
   print(("  SQLite window functions             %8.3f s"):format(sql))
   print(("  ratio                               %8.2f     (mark: 4)"):format(sql / own))
   print(("  memory                              %8.1f MB, %.2f times the dense array (mark: 3)"):format(memory / 1e6,
      memory / dense))
   print(("  both give the same score and rank   %8s"):format(same == 1 and "yes" or "NO"))
   db:close()
   os.remove(path)
   return sql / own >= 4 and memory / dense <= 3 and same == 1
end

local done = true
local sizes = #arg > 0 and arg or {"1e6", "1e7"}
for _, size in ipairs(sizes) do done = run(tonumber(size)) and done end
os.exit(done)
