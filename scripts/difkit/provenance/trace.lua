--- Watches a script while it runs: which line of it asked which question, and which table came from which.
--- `trace.begin()` puts a listener around the functions that make tables, run queries and write files; a run that is
--- not watched pays nothing. `difkit why` runs a script under it.
---
--- A step is {call, line, arguments, parents, n}: `call` names the function that the script called, where that is
--- known, `line` is where, and `n` counts the steps. A step that begins with data has besides
---   sql, values, query   a question to the database, and the query of the builder that wrote it
---   counted, value       how many rows the query had; its only value
---   subject              what the method was called on, such as the result of an index
---   by_hand              the script gave the rows itself
local core = require "difkit.core"

local trace = {}

local function is_library(info) return info.source:find("^=difkit/") or info.source:find("/difkit/", 1, true) end

--- The line of the script that is running, and the name and first argument of the function of the library that it
--- called.
local function caller()
   local call, subject
   for level = 3, 60 do
      local info = debug.getinfo(level, "Snl")
      if not info then return nil, call, subject end
      if info.what ~= "C" and not is_library(info) then return info.currentline, call, subject end
      if info.what ~= "C" then
         call = info.name or call
         local _, value = debug.getlocal(level, 1)
         subject = value
      end
   end
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

--- Begins to watch the script of that text. Gives what is seen: `step` by table, result and query, `steps` in order,
--- `pages` written (path -> {text, report, tables}).
function trace.begin(script)
   local seen = {step = setmetatable({}, {__mode = "k"}), steps = {}, pages = {}}
   local tables = require "difkit.table"
   local makers = {
      "difkit.query", "difkit.framework.domain", "difkit.query.result", "difkit.format.write", "difkit.report",
   }
   for _, part in ipairs(makers) do
      require(part)
   end

   local last = return_line(script)
   local function note(object, step)
      step.n = #seen.steps + 1
      step.line = step.line or last
      step.made = object
      seen.steps[step.n] = step
      seen.step[object] = step
   end

   --- Tables made of others.
   local methods = {"where", "select", "sort", "derive", "rename", "drop", "distinct", "head", "append", "group",
      "count", "sum", "mean", "min", "max", "median", "aggregate", "pivot", "unpivot", "total_row", "total_column",
      "join", "left_join"}
   for _, name in ipairs(methods) do
      local method = tables.methods[name]
      tables.methods[name] = function(self, ...)
         local made = method(self, ...)
         if made ~= self and tables.is_table(made) then
            note(made, {call = name, line = caller(), arguments = table.pack(...), parents = {self}})
         end
         return made
      end
   end

   --- Tables made of rows: by the script itself, or by a function of the library that it called.
   --- `direct`: called as difkit.table(…). A script that ends with `return difkit.table(…)` has left no line
   --- behind.
   local function watched(make, direct)
      return function(...)
         local made = make(...)
         local line, call, subject = caller()
         local above = debug.getinfo(2, "S")
         local tail = debug.getinfo(1, "t").istailcall
         local by_hand = not tail and above.what ~= "C" and not is_library(above) or tail and direct and not line
         if line or by_hand then
            note(made, {call = by_hand and "difkit.table" or call, line = line, subject = subject, parents = {},
               by_hand = by_hand})
         end
         return made
      end
   end
   local new = tables.new
   tables.new, tables.from_columns = watched(new), watched(tables.from_columns)
   debug.getmetatable(tables).__call = watched(function(_, ...) return new(...) end, true)

   --- Questions to the database.
   local query = core.database.query
   core.database.query = function(db, sql, ...)
      local result, a, b, c = query(db, sql, ...)
      local line, call = caller()
      if result and (line or debug.getinfo(1, "t").istailcall) then
         note(result, {call = call or "query", line = line, sql = sql, values = table.pack(...), db = db, parents = {}})
      end
      return result, a, b, c
   end
   local writer = require "difkit.query.sql"
   local begun = setmetatable({}, {__mode = "k"}) -- lines by query: one that the script returns is run after its end
   for _, class in ipairs {writer.methods, core.database} do
      for name, method in require("difkit.sorted")(class) do
         if type(method) == "function" and not name:find "^__" and name ~= "query" then
            class[name] = function(...)
               local results = table.pack(method(...))
               if getmetatable(results[1]) == "difkit.Query" then
                  begun[results[1]] = caller() or debug.getinfo(1, "t").istailcall and last or nil
               end
               return table.unpack(results, 1, results.n)
            end
         end
      end
   end
   local count = writer.methods.count
   writer.methods.count = function(self, name, column)
      if name ~= nil then return count(self, name, column) end
      local before = #seen.steps
      local counted = count(self)
      for n = before + 1, #seen.steps do seen.steps[n].value = nil end
      note({}, {call = "count", line = caller(), counted = counted, query = self, parents = {}})
      return counted
   end
   local value = core.result.value
   core.result.value = function(result)
      local found = value(result)
      if seen.step[result] then seen.step[result].value = found end
      return found
   end
   local run = writer.methods.run
   writer.methods.run = function(self)
      local text, values = writer.render(self)
      local result = run(self)
      if not seen.step[result] and begun[self] then
         note(result, {call = "query", line = begun[self], sql = text, values = values, db = self.db, parents = {}})
      end
      local step = seen.step[result]
      if step then step.query = self end
      return result
   end
   local from_result = tables.from_result
   tables.from_result = function(result)
      local made = from_result(result)
      local step = seen.step[result]
      if step then
         seen.step[made] = step
         step.made = made
      end
      return made
   end

   --- Pages. A result becomes a table first, so that its rows can be followed.
   local function page(path)
      seen.pages[path] = seen.pages[path] or {}
      return seen.pages[path]
   end
   local csv, encoded = require "difkit.format.csv", {}
   local encode = csv.encode
   csv.encode = function(t, ...)
      local text = encode(t, ...)
      encoded[text] = t
      return text
   end
   local write_file = core.write_file
   core.write_file = function(path, text, ...)
      page(path).text = text
      page(path).tables = page(path).tables or {encoded[text]}
      return write_file(path, text, ...)
   end
   local report = require("difkit.report").methods
   local write_report = report.write
   report.write = function(self, path)
      local ending = path:match "%.([%w]+)$"
      local whole = (not ending or path:find "/$") and path:gsub("/*$", "/") .. "index.html" or path
      page(whole).report = self
      return write_report(self, path)
   end
   local files = require "difkit.format.write"
   local write_table = files.table
   files.table = function(t, path, options)
      page(path).tables = {t}
      return write_table(t, path, options)
   end
   files.result = function(result, path, options) return files.table(result:table(), path, options) end
   local books = require "difkit.format.export.xlsx"
   local workbook = books.workbook
   books.workbook = function(path, sheets, options)
      local list, whole = {}, {}
      for i, sheet in ipairs(sheets) do
         local pair = type(sheet) == "table" and not rawget(sheet, "columns") and type(rawget(sheet, 1)) == "string"
         local data = sheet
         if pair then data = sheet[2] end
         list[i] = tables.is_table(data) and data or data:table()
         whole[i] = pair and {sheet[1], list[i]} or list[i]
      end
      page(path).tables = list
      return workbook(path, whole, options)
   end
   return seen
end

return trace
