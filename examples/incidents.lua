--- How soon do states tell each other of incidents, and who takes part in exercises? (BSBR.CS.1, BSBR.CS.2; invented.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers"})

return db:query[[
   SELECT u.id AS unit, count(i.id) AS incidents, count(i.shared) AS shared,
      round(avg(julianday(i.shared) - julianday(i.date)), 1) AS days,
      (SELECT count(*) FROM participation AS p WHERE p.unit_id = u.id AND p.result <> 'observed') AS exercises
   FROM unit AS u LEFT JOIN incident AS i ON i.unit_id = u.id GROUP BY u.id ORDER BY u.id]]:table()
