--- `difkit profile`: a first look at a file, a table of the data, or the rows of a query, in one pass.
local core = require "difkit.core"
local errors = require "difkit.error"
local check = require("difkit.script.run").check

local profile = require "difkit.table.profile"

--- A value as a reader needs it at a first look: six digits, short texts.
local function short(value)
   if type(value) == "number" then
      return math.type(value) == "integer" and ("%d"):format(value) or ("%.6g"):format(value)
   end
   return value
end

local function cut(text)
   if text and utf8.len(text) and utf8.len(text) > 24 then return text:sub(1, utf8.offset(text, 24) - 1) .. "…" end
   return text
end

--- The figures, and below them in words what is frequent, what stands for nothing, and what is remarkable.
local function print_short(rows, note)
   local tables = require "difkit.table"
   local figures, words = {}, {}
   for i, row in ipairs(rows) do
      figures[i] = {
         column = row.column, type = row.type, n = row.n, missing = row.missing, distinct = row.distinct or "many",
         min = cut(short(row.min)), median = short(row.median), max = cut(short(row.max)), histogram = row.histogram,
      }
      if row.top or row.nothing or row.remarks then
         words[#words + 1] = {column = row.column, frequent = row.top, nothing = row.nothing, remarks = row.remarks}
      end
   end
   tables({"column", "type", "n", "missing", "distinct", "min", "median", "max", "histogram"}, figures):print()
   if #words > 0 then
      print()
      tables({"column", "frequent", "nothing", "remarks"}, words):print()
   end
   print("\n" .. note)
end

--- Takes the rows of a file in; what was detected.
local function of_file(path, options)
   local file = check(require("difkit.format.read").open(path, options))
   local done, seen, said = pcall(function()
      local names, rows = require("difkit.table.cells").stream(file, options)
      if not names then core.raise("data", path .. ": " .. rows) end
      local seen = profile.new(names, options)
      local meter <close> = require "difkit.meter" "row"
      for row, reasons in rows do
         seen:row(row, reasons)
         meter:tick(seen.rows)
      end
      return seen, #file.said > 0 and table.concat(file.said, "; ") or nil
   end)
   file:close()
   if not done then error(seen, 0) end
   return seen, said
end

local function of_query(db, text, options)
   local result = db:query(text)
   local names = result:names()
   local seen = profile.new(names, options)
   for values in result:rows() do seen:row(values) end
   return seen
end

--- The table or view of that name, as a question to the data.
local function of_table(name, options)
   local names = {"action_full"}
   local db <close> = check(require("difkit").open())
   for _, entity in ipairs(core.schema(db)) do names[#names + 1] = entity.name end
   for _, known in ipairs(names) do
      if known == name then return of_query(db, "SELECT * FROM " .. name, options) end
   end
   core.raise("usage", ('profile: "%s" is no file, no table of the data and no query'):format(name),
      errors.hint(name, names))
end

---`given`: the file, table or query as first of `arguments`; `decimal`, `encoding`, `separator`, `sheet`, `format`,
---`output`.
return function(given)
   local what = given.arguments[1]
   local options = {decimal = given.decimal, encoding = given.encoding, separator = given.separator,
      sheet = given.sheet}
   local seen, said
   if what:find "^%s*[Ss][Ee][Ll][Ee][Cc][Tt]%f[%A]" or what:find "^%s*[Ww][Ii][Tt][Hh]%f[%A]" then
      local db <close> = check(require("difkit").open())
      seen = of_query(db, what, options)
   elseif core.read_file(what) or what:find "[./]" then
      seen, said = of_file(what, options)
   else
      seen = of_table(what, options)
   end
   local rows, note = seen:result()
   note = said and note .. "; " .. said or note
   if not given.output and (given.format or "table") == "table" then return print_short(rows, note) end
   local t = require "difkit.table"(profile.columns, rows)
   rawset(t, "note", note)
   require("difkit.command.show").table(t, given)
end
