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

--- Begins to watch the script of that text. Gives what is seen: `step` by table and result, `steps` in order, the line
--- in which each query was `begun` (one that the script returns is run after its end), and `pages` written
--- (path -> {text, report, tables}).
function trace.begin(script)
   local seen = {steps = {}, pages = {}}
   seen.step, seen.begun = setmetatable({}, {__mode = "k"}), setmetatable({}, {__mode = "k"})
   local last = return_line(script)
   local watcher = {}

   local function note(object, step)
      step.n = #seen.steps + 1
      step.line = step.line or last
      step.made = object
      seen.steps[step.n] = step
      seen.step[object] = step
   end

   function watcher.made(t, call, from, way, ...)
      note(t, {call = call, line = caller().line, arguments = arguments_of(...), parents = {from}, way = way})
   end

   --- A script that ends with `return difkit.table(…)` has left no line behind.
   function watcher.rows(t)
      local by = caller()
      local by_hand = by.direct and (by.line or by.tail)
      if by.line or by_hand then
         note(t, {call = by_hand and "difkit.table" or by.call, line = by.line, subject = by.subject, parents = {},
            by_hand = by_hand and true or nil})
      end
   end

   function watcher.begun(query)
      local by = caller()
      seen.begun[query] = by.line or by.tail and last or nil
   end

   function watcher.asked(result, db, sql, ...)
      local by = caller()
      if by.line or by.tail then
         note(result, {call = by.call or "query", line = by.line, sql = sql, values = table.pack(...), db = db,
            parents = {}})
      end
   end

   function watcher.ran(result, query)
      local step = seen.step[result]
      if not step and seen.begun[query] then
         local text, values = query:sql()
         step = {call = "query", line = seen.begun[query], sql = text, values = values, db = query.db, parents = {}}
         note(result, step)
      end
      if step then step.query = query end
   end

   --- The question that counted was the last step, and says no more than this one.
   function watcher.counted(query, n)
      local step = seen.steps[#seen.steps]
      if step then step.inner = true end
      note({}, {call = "count", line = caller().line, counted = n, query = query, parents = {}})
   end

   function watcher.read(result, t)
      local step = seen.step[result]
      if step then seen.step[t], step.made = step, t end
   end

   local function page(path)
      seen.pages[path] = seen.pages[path] or {}
      return seen.pages[path]
   end

   local encoded = {} -- tables by the text that they became
   function watcher.encoded(t, text) encoded[text] = t end
   function watcher.reported(path, report) page(path).report = report end
   function watcher.tabled(path, tables) page(path).tables = tables end
   function watcher.written(path, text)
      page(path).text = text
      page(path).tables = page(path).tables or {encoded[text]}
   end

   observe.begin(watcher)
   return seen
end

return trace
