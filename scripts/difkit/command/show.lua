--- How commands show what they give: tables printed, or written in a format, and what a script returns.
local core = require "difkit.core"
local errors = require "difkit.error"
local check = require("difkit.script.run").check

local show = {}

--- What --excel and --separator make of CSV.
function show.separated(given)
   local sign = given.separator == "tab" and "\t" or given.separator
   if sign and not sign:find "^[,;|\t]$" then
      core.raise("usage", ('--separator must be ",", ";", "|" or tab, not "%s"'):format(sign))
   end
   return {excel = given.excel, separator = sign}
end

--- The whole text of a table in a format.
local function text_of(t, format, given)
   local options = show.separated(given)
   if format ~= "markdown" and format ~= "md" then t = require("difkit.illustrative").marked(t) end
   if format == "csv" then return require("difkit.format.csv").encode(t, options.separator or ",", options) end
   if format == "tsv" then return require("difkit.format.csv").encode(t, "\t", options) end
   return require("difkit.format.write")[format .. "_text"](t)
end

--- The table without the marks that point out words to a reader.
local function unmarked(t)
   for _, name in ipairs(t.columns) do
      t = t:derive(name, function(row)
         local value = row[name]
         if type(value) ~= "string" then return value end
         for _, mark in ipairs(t.marks) do value = value:gsub(mark:gsub("%p", "%%%0"), "") end
         return value
      end)
   end
   return t
end

--- Prints a table, or writes it where --output says.
function show.table(t, given)
   if t.marks and (given.output or given.format and given.format ~= "table") then t = unmarked(t) end
   if given.output then
      if given.format == "table" then
         check(core.write_file(given.output, t:text()))
      elseif given.format then
         check(core.write_file(given.output, text_of(t, given.format, given)))
      else
         check(t:write(given.output, show.separated(given)))
      end
   elseif given.format and given.format ~= "table" then
      core.write_output(text_of(t, given.format, given))
   else
      t:print()
   end
end

--- Shows what a script returned: tables, queries and results as tables, anything else on a line, plain tables as JSON.
--- A report is printed as Markdown, or written where --output says. nil with a message is a condition
--- of the world and ends the command. What follows a query or a result is what a loop needs to close it, and not for
--- people.
function show.values(values, given)
   local shown = 0
   if values.n > 1 and values[1] == nil and type(values[2]) == "string" then check(values[1], values[2], values[3]) end
   for i = 1, values.n do
      local value = values[i]
      local t = require("difkit.script.run").table_of(value)
      if t then
         shown = shown + 1
         if shown > 1 and (given.output or given.format and given.format ~= "table") then
            errors.raise "the script returned several tables; --format and --output take one"
         end
         if shown > 1 then print() end
         show.table(t, given)
         if t ~= value then break end
      elseif getmetatable(value) == "difkit.Report" then
         shown = shown + 1
         if given.output then check(value:write(given.output)) else core.write_output(value:markdown()) end
      elseif type(value) == "table" then
         print(require("difkit.format.json").encode(value, {indent = 2}))
      elseif value ~= nil then
         print(type(value) == "number" and core.number_text(value) or tostring(value))
      end
   end
   if shown == 0 and (given.output or given.format) and not given.maybe then
      errors.raise(("the script returned no table for --%s"):format(given.output and "output" or "format"),
         "it has to end with: return query_or_table")
   end
end

return show
