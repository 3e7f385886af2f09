--- Who watches a run: nobody, unless `difkit why` or `difkit verify` run a script again. Where tables are made,
--- questions are asked and pages are written, a watcher is told; without one that costs a look at a field.
---
--- A watcher has these methods, all of which may be called with the script on the stack or after its end:
---   made(t, call, from, way, …)     a table was made of `from` by the call with the arguments …; `way` leads back
---   rows(t)                         a table was made of rows
---   begun(query)                    a step of the query builder gave a query
---   asked(result, db, sql, …)       a question to the database, with the values …
---   ran(result, query)              the question was that of a query of the builder
---   counted(query, n)               the rows of a query were counted
---   read(result, t)                 the rows of a result became a table
---   encoded(t, text)                a table became the text of a file
---   reported(path, report)          a report is written to a path
---   tabled(path, tables)            tables are written to a path
---   written(path, text)             a file is written
---
--- A way back is `function(i, column, t)`: the rows behind row i (and, where it is given, that column) of the table,
--- the column they stand in, nil where the cell was computed, and the table they are rows of, when that is not `from`.
--- Where rows of several tables are behind it, these three for each.
local core = require "difkit.core"

local observe = {}

--- Lets a watcher look on; nil ends it. What the core does by itself (questions, files) it tells through one function.
function observe.begin(watcher)
   observe.watcher = watcher
   core.observe(watcher and function(kind, ...) watcher[kind](watcher, ...) end or nil)
end

--- The way back of a table whose rows are rows of the one it was made of.
function observe.shared(i, column, t) return {t[i]}, column end

return observe
