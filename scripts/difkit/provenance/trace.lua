--- Watches a script while it runs: which line of it asked which question, and which table came from which. The library
--- tells (see observe.lua); a run that is not watched pays nothing. `difkit why` runs a script under it.
---
--- A step is {call, line, arguments, parents, way, n}: `call` names the function that the script called, where that is
--- known, `line` is where, `way` leads from the rows of a table to those behind them, and `n` counts the steps. A step
--- that begins with data has besides
---   sql, values, query   a question to the database, and the query of the builder that wrote it
---   counted              how many rows the query had, where they were counted alone
---   subject              what the method was called on, such as the result of an index
---   by_hand              the script gave the rows itself
local class = require "difkit.class"
local core = require "difkit.core"
local observe = require "difkit.observe"

local trace = {}

local function stands_in(info, ...)
   for _, place in ipairs {...} do
      if info.source:find(place, 1, true) then return true end
   end
   return false
end

--- The call of the script that is running, as the stack shows it: {line, call, subject, direct, tail}. `call` and
--- `subject` are the name and the first argument of the function of the library that the script called; `direct`: it
--- called what makes tables itself; `tail`: a call was the last thing that its function did, so that no line is left.
local function caller()
   local found = {direct = true}
   for level = 3, 60 do
      local info = debug.getinfo(level, "Snlt")
      if not info then return found end
      if info.what ~= "C" and not core.is_library(info.source) then
         found.line = info.currentline
         return found
      end
      if stands_in(info, "difkit/script/", "difkit/command/") then return found end
      found.tail = found.tail or info.istailcall
      if info.what ~= "C" and not stands_in(info, "difkit/observe.lua") then
         found.call = info.name or found.call
         found.subject = select(2, debug.getlocal(level, 1))
         found.direct = found.direct and stands_in(info, "difkit/table/init.lua")
      end
   end
   return found
end

--- The line of the last `return` of a script: a call there has left no line behind when it is looked for.
local function return_line(text)
   local number, found = 0, nil
   for line in (text .. "\n"):gmatch "([^\n]*)\n" do
      number = number + 1
      if line:find "^%s*return%f[^%w_]" then found = number end
   end
   return found
end

--- Arguments as a list with their number, without what was left out at the end.
local function arguments_of(...)
   local arguments = table.pack(...)
   while arguments.n > 0 and arguments[arguments.n] == nil do arguments.n = arguments.n - 1 end
   return arguments
end

local Watcher, watcher_events = class "difkit.Watcher"

--- Notes a step that gave an object.
function Watcher:note(object, step)
   local seen = self.seen
   step.n = #seen.steps + 1
   step.line = step.line or self.last
   step.made = object
   seen.steps[step.n] = step
   seen.step[object] = step
end

function Watcher:made(t, call, from, way, ...)
   self:note(t, {call = call, line = caller().line, arguments = arguments_of(...), parents = {from}, way = way})
end

--- A script that ends with `return difkit.table(…)` has left no line behind.
function Watcher:rows(t)
   local by = caller()
   local by_hand = by.direct and (by.line or by.tail)
   if by.line or by_hand then
      self:note(t, {call = by_hand and "difkit.table" or by.call, line = by.line, subject = by.subject, parents = {},
         by_hand = by_hand and true or nil})
   end
end

function Watcher:begun(query)
   local by = caller()
   self.seen.begun[query] = by.line or by.tail and self.last or nil
end

function Watcher:asked(result, db, sql, ...)
   local by = caller()
   if by.line or by.tail then
      self:note(result, {call = by.call or "query", line = by.line, sql = sql, values = table.pack(...), db = db,
         parents = {}})
   end
end

function Watcher:ran(result, query)
   local step, line = self.seen.step[result], self.seen.begun[query]
   if not step and line then
      local text, values = query:sql()
      step = {call = "query", line = line, sql = text, values = values, db = query.db, parents = {}}
      self:note(result, step)
   end
   if step then step.query = query end
end

--- The question that counted was the last step, and says no more than this one.
function Watcher:counted(query, n)
   local step = self.seen.steps[#self.seen.steps]
   if step then step.inner = true end
   self:note({}, {call = "count", line = caller().line, counted = n, query = query, parents = {}})
end

function Watcher:read(result, t)
   local step = self.seen.step[result]
   if step then self.seen.step[t], step.made = step, t end
end

function Watcher:page(path)
   local pages = self.seen.pages
   pages[path] = pages[path] or {}
   return pages[path]
end

function Watcher:encoded(t, text) self.tables[text] = t end
function Watcher:reported(path, report) self:page(path).report = report end
function Watcher:tabled(path, tables) self:page(path).tables = tables end

function Watcher:written(path, text)
   local page = self:page(path)
   page.text, page.tables = text, page.tables or {self.tables[text]}
end

--- Begins to watch the script of that text. Gives what is seen: `step` by table and result, `steps` in order, the line
--- in which each query was `begun` (one that the script returns is run after its end), and `pages` written
--- (path -> {text, report, tables}).
function trace.begin(script)
   local seen = {steps = {}, pages = {}}
   seen.step, seen.begun = setmetatable({}, {__mode = "k"}), setmetatable({}, {__mode = "k"})
   -- `tables`: by the text that they became
   observe.begin(setmetatable({seen = seen, last = return_line(script), tables = {}}, watcher_events))
   return seen
end

return trace
