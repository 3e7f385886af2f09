--- Writes a survey of made-up answers, of any size: a folder of YAML and CSV for `difkit load`, labelled as synthetic.
--- What is true of the population that it is drawn from is known, and stands in the YAML: an estimate can be held
--- against it. The same size gives the same files.
---
--- Run in the folder of the repository, with the module built:
---   LUA_PATH='scripts/?.lua;scripts/?/init.lua;;' LUA_CPATH='build/release/lua/?.so;;' \
---      lua5.4 tests/bench/responses.lua 1e6 FOLDER
---
--- From 1e4 to 1e9 answers (two a respondent); rows are streamed, so that memory does not grow with them. A row
--- takes 50 bytes: 1e9 answers are 25 GB.
local core = require "difkit.core"

local answers, folder = tonumber(arg[1]), arg[2]
if not answers or answers < 1e4 or answers > 1e9 or not folder then
   io.stderr:write("usage: responses.lua ANSWERS FOLDER, with ANSWERS from 1e4 to 1e9\n")
   os.exit(2)
end
local respondents = math.floor(answers / 2)
-- Sampling units of 40 respondents, strata of 20 units.
local UNIT <const>, STRATUM <const> = 40, 800

local yaml = [[
surveys:
  - id: synthetic
    title: "Synthetic responses: invented by tests/bench/responses.lua, of nobody"
    source: "synthetic (illustrative)"
    strata: across
    lonely: adjust
    questions:
      - {id: uses, kind: yesno, text: "True of the population: half of it says yes."}
      - {id: spends, kind: number, lower: 0, text: "True of the population: 75 in the mean."}
respondents:
  - {csv: responses.csv, survey: synthetic}
]]

--- Numbers that look drawn at random, by the generator of Park and Miller from the number of a row: `seed` tells
--- streams apart.
local function uniform(number, seed)
   local first = ("((%s + %d) * 48271 %% 2147483647)"):format(number, seed)
   return ("((%s * 16807 %% 2147483647) * 48271 %% 2147483647) / 2147483647.0"):format(first)
end

--- Every unit has a share of its own around a half, and spends by it: answers within a unit are alike.
local sql = ([[WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1),
   drawn AS (SELECT i, i / %d AS u, i / %d AS h, %s AS c, %s AS a, %s AS b FROM n)
SELECT printf('r%%010d', i) AS id, printf('s%%07d', h) AS stratum, printf('u%%08d', u) AS cluster,
   10 + h %% 7 AS weight, CASE WHEN a < 0.3 + 0.4 * c THEN 1 ELSE 0 END AS uses,
   round(100 * b * (1 + c), 2) AS spends FROM drawn]]):format(UNIT, STRATUM, uniform("i / " .. UNIT, 77),
   uniform("i", 1234567), uniform("i", 987654321))

local db <close> = assert(core.open_bundled(false))
assert(os.execute("mkdir -p '" .. folder:gsub("'", "'\\''") .. "'"))
local file = assert(io.open(folder .. "/synthetic.yaml", "w"))
assert(file:write(yaml))
assert(file:close())
assert(core.write_csv(db:query(sql, respondents), folder .. "/responses.csv", {}))
