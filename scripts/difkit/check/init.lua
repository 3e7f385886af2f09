--- Checks a script without running it: its syntax, names nobody has defined, fields, methods and columns that do not
--- exist, SQL, options, and loops whose order is not defined. One subject a file in check/; what is noted is one list.
local globals = require "difkit.check.globals"
local json = require "difkit.format.json"
local source = require "difkit.source"

local check = {}

--- What is wrong with the text of a script: a list of `{line, column, message, hint}` in the order of the text. `db` is
--- the database whose tables, columns and ids count.
function check.script(text, db)
   local script = source.read(text)
   if script.tree then
      local environment = globals.environment()
      globals.check(script, environment)
      local values = require "difkit.check.values".check(script, environment, db)
      require "difkit.check.options".check(script, text, values)
      require "difkit.check.order".check(script, values)
      require "difkit.check.unused".check(script)
      require "difkit.check.slips".check(script, values)
   end
   table.sort(script.findings, function(a, b)
      if a.line ~= b.line then return a.line < b.line end
      if a.column ~= b.column then return a.column < b.column end
      return a.number < b.number
   end)
   return script.findings
end

--- A finding as a line: for people, or as `format` says for editors ("gcc") and programs ("json").
function check.message(finding, name, format)
   if format == "json" then
      return json.encode(json.object{{"file", name}, {"line", finding.line}, {"column", finding.column},
         {"message", finding.message}, {"hint", finding.hint}})
   end
   local text = ("%s:%d:%d: %s%s%s"):format(name, finding.line, finding.column, format == "gcc" and "error: " or "",
      finding.message, finding.hint and "; " .. finding.hint or "")
   return format == "gcc" and text:gsub("%c", "?") or text
end

return check
