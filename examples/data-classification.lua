--- Which data would a common classification let leave a state, and where do states disagree? (BSBR.DP.2; invented.)
--- The sets of data are a declared table, each with its class in the state's scheme and in the common one.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers"})

return db:query[[
   SELECT title, level, count(*) AS states, sum(leaves = 'freely') AS freely,
      sum(leaves = 'with_safeguards') AS with_safeguards, sum(leaves = 'never') AS never,
      CASE WHEN count(DISTINCT leaves) > 1 THEN 'states disagree' ELSE '' END AS remark
   FROM dataset GROUP BY title, level ORDER BY title]]:table() -- difkit: ignore
