---@meta difkit.core
-- luacheck: ignore
--- What the core gives to databases and results, for editors and for help: the functions themselves are written in C.
--- This file is read, never run.

---A database opened by `difkit.open`. It closes by itself when it is no longer used, or at the end of its block when it
---is declared `local db <close>`.
---@class difkit.Database
local Database = {}

---Runs one SQL statement that gives rows. Values are bound to `?` in order, or to `:name` by a table of names; nil
---binds NULL. In a loop each row is a new table by column name.
---
---```lua
---for row in db:query("SELECT id, title FROM area WHERE number < ?", 3) do print(row.id, row.title) end
-----> PA1	Facilitating Seamless Trade
-----> PA2	Protecting Data While Supporting Digital Trade and Innovation
---local count = db:query("SELECT count(*) FROM action WHERE document_id = :id", {id = "BSBR"})
---print(count:value()) --> 22
---```
---@param sql string
---@param ... any values, or one table of names and values
---@return difkit.Result
function Database:query(sql, ...) end

---Runs one SQL statement that changes data, and gives the number of rows changed. The database must have been opened
---with `write = true`.
---
---```lua
---local copy = assert(difkit.open(nil, {write = true}))
---print(copy:exec("UPDATE document SET note = ? WHERE id = ?", "checked", "BSBR")) --> 1
---```
---@param sql string
---@param ... any
---@return integer changed
function Database:exec(sql, ...) end

---Closes the database. Results that are still open are closed with it; using them afterwards is an error.
---
---```lua
---local own = difkit.open()
---own:close()
---```
function Database:close() end

---The path that the database was opened with, or ":memory:".
---
---```lua
---print(difkit.open():path()) --> :memory:
---```
---@return string
function Database:path() end

---Whether the script may change the data.
---
---```lua
---print(db:writable()) --> false
---```
---@return boolean
function Database:writable() end

---How a function of SQL is defined: how many arguments it takes (any number when this is not said), and whether the same
---arguments always give the same result, so that SQL may call it less often.
---@class difkit.DefineOptions
---@field arguments? integer 0 to 100
---@field deterministic? boolean

---A function over the rows of a group: `start` gives the first state (a new table without it), `step` is given the state
---and the arguments of a row, and may return the next state, `finish` gives the result (the state without it).
---@class difkit.Aggregate
---@field start? fun(): any
---@field step fun(state: any, ...: any): any
---@field finish? fun(state: any): any

---Makes a Lua function a function of SQL, for the queries of this database while it is open. It is given the values as a
---query gives them (NULL is nil), and returns text, a number, true, false (1 and 0) or nil. An error in it ends the query
---and is raised again with the line of the function. It cannot close the query that calls it, or be called by views and
---triggers of the database. Defining the name again replaces the function; names that SQL uses itself are refused.
---
---```lua
---db:define("words", function(text) return select(2, text:gsub("%S+", "")) end)
---print(db:query("SELECT max(words(text)) FROM action"):value()) --> 123
---
---db:define("median", {
---   step = function(list, x) list[#list + 1] = x end,
---   finish = function(list)
---      table.sort(list)
---      return (list[(#list + 1) // 2] + list[#list // 2 + 1]) / 2
---   end,
---})
---print(db:query("SELECT median(words(text)) FROM action WHERE document_id = 'BSBR'"):value()) --> 24.0
---```
---@param name string letters, digits and _
---@param fn fun(...: any): any|difkit.Aggregate
---@param options? difkit.DefineOptions
function Database:define(name, fn, options) end

---The rows of one statement, read once from front to back. In a loop it gives rows by name and closes when the loop is
---left.
---@class difkit.Result
local Result = {}

---Rows by position, in a loop: `row[1]`, `row[2]`, … A missing value is nil.
---
---```lua
---local result = db:query("SELECT id, number FROM area WHERE number > ? ORDER BY number", 4)
---for row in result:rows() do print(row[1], row[2]) end
-----> PA5	5
-----> PA6	6
---```
---@return fun(): any[]
function Result:rows() end

---All remaining rows, by name.
---
---```lua
---print(#db:query("SELECT id FROM topic"):all()) --> 21
---```
---@return table<string, any>[]
function Result:all() end

---The first row by name, or nil.
---
---```lua
---print(db:query("SELECT title FROM topic WHERE id = ?", "cybersecurity"):one().title) --> Cybersecurity
---```
---@return table<string, any>|nil
function Result:one() end

---The first column of the first row, or nil.
---
---```lua
---print(db:query "SELECT count(*) FROM action":value()) --> 244
---```
---@return any
function Result:value() end

---The remaining rows as columns, by name. Columns of numbers are kept in the core's memory: `#column`, `column[i]`,
---`column:table()`.
---
---```lua
---local columns = db:query("SELECT position FROM topic WHERE area_id = 'PA2' ORDER BY position"):columns()
---print(#columns.position, columns.position[4]) --> 4	4
---```
---@return table<string, difkit.Column|any[]>
function Result:columns() end

---Names of the columns, in order.
---
---```lua
---print(table.concat(db:query("SELECT id, title FROM area"):names(), " ")) --> id title
---```
---@return string[]
function Result:names() end

---Closes the result before its end.
---
---```lua
---local result = db:query "SELECT id FROM action"
---result:close()
---```
function Result:close() end

---Numbers in the core's memory.
---@class difkit.Column
local Column = {}

---The numbers as a list; a missing value is nil, `n` the length.
---
---```lua
---local columns = db:query("SELECT position FROM topic WHERE area_id = 'PA2' ORDER BY position"):columns()
---print(table.concat(columns.position:table(), " ")) --> 1 2 3 4
---```
---@return number[]
function Column:table() end
