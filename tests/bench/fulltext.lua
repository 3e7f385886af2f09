--- Full-text search as people call it, `db:search(words):limit(20):table()`, on the bundled data and on 1e6 actions
--- made of their texts, beside the least SQL that answers: ids from the index by rank, the same words and limit.
--- Marks: under 1 ms on the bundled data, under 20 ms on 1e6 actions.
---
--- Run in the folder of the repository, with the module built:
---   LUA_PATH='scripts/?.lua;scripts/?/init.lua;;' LUA_CPATH='build/release/lua/?.so;;' \
---      lua5.4 tests/bench/fulltext.lua [1e6]
--- The database is made in the folder that TMPDIR names and taken away again. Each figure is the median of nine rounds.
local difkit = require "difkit"

local actions = math.tointeger(tonumber(arg and arg[1] or "1e6"))
local path = ("%s/difkit-bench-%d.db"):format(os.getenv "TMPDIR" or "/tmp", os.time())

local function milliseconds(call)
   local times, value = {}, nil
   for round = 1, 9 do
      local begin = os.clock()
      value = call()
      times[round] = (os.clock() - begin) * 1000
   end
   table.sort(times)
   return times[5], value
end

local function compare(db, title, cases)
   print(title)
   for _, words in ipairs(cases) do
      local expression = require("difkit.query.fulltext").expression("search", words)
      local function plain()
         local sql = "SELECT id FROM action_fts WHERE action_fts MATCH ? ORDER BY rank LIMIT 20"
         return #db:query(sql, expression):all()
      end
      local matches = db:query("SELECT count(*) FROM action_fts WHERE action_fts MATCH ?", expression):value()
      local least = milliseconds(plain)
      local time, found = milliseconds(function() return #db:search(words):limit(20):table() end)
      assert(found == math.min(20, matches), words)
      local line = "  %-26s %8d matches   %8.3f ms   %5.2f x the least SQL"
      print(line:format(words, matches, time, time / least))
   end
end

compare(assert(difkit.open()), "the bundled data, first 20", {"cybersecurity", "ASEAN", "digital*", '"data protection"',
   "payment OR wallet -survey"})

local db = assert(difkit.open())
assert(db:snapshot("bench", {folder = path}))
local big = assert(difkit.open(path .. "/bench.db", {write = true}))
big:exec "BEGIN"
big:exec "DROP TRIGGER action_fts_insert"
big:exec(([[
   INSERT INTO action (id, document_id, topic_id, position, text, line, attribution, origin)
   WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < %d),
      texts AS MATERIALIZED (SELECT row_number() OVER () - 1 AS n, document_id, topic_id, text, line FROM action)
   SELECT 'BENCH.' || i, first.document_id, first.topic_id, 1000 + i,
      first.text || ' ' || second.text || ' rare' || (i / 10) || ' seldom' || (i %% 1000), first.line, 'stated', 'bench'
   FROM numbers JOIN texts AS first ON first.n = i %% 244 JOIN texts AS second ON second.n = (i * 7 + i / 244) %% 244
]]):format(actions - 1))
big:exec "INSERT INTO action_fts (action_fts) VALUES ('rebuild')"
big:exec "COMMIT"
compare(big, ("%d actions, first 20"):format(actions), {"rare5", "seldom7", "cybersecurity seldom7",
   '"data protection"', "cybersecurity", "digital*", "ASEAN"})
big:close()
os.remove(path .. "/bench.db")
os.remove(path)
