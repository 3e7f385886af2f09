--- What the command line does in Lua: runs a script or a query, and prints or writes what it gives.
--- The files in core/cli read the command line and call these functions with a table of what was given.
local core = require "difkit.core"
local errors = require "difkit.error"

local cli = {}

local check = require("difkit.script.run").check

local function open()
   return check(require("difkit").open())
end

-- Tables ---------------------------------------------------------------------------------------------------------

--- The whole text of a table in a format.
local function text_of(t, format)
   if format == "csv" then return require("difkit.format.csv").encode(t, ",", {}) end
   if format == "tsv" then return require("difkit.format.csv").encode(t, "\t", {}) end
   return require("difkit.format.write")[format .. "_text"](t)
end

--- A value as JSON; the plain cases by the short way.
local function json_cell(value)
   if value == nil then return "null" end
   if type(value) == "number" and value - value == 0 then return core.number_text(value) end
   if type(value) == "string" and not value:find '[%c"\\\128-\255]' then return '"' .. value .. '"' end
   return require("difkit.format.json").encode(value)
end

--- Prints the rows of a result as they come, as one JSON list, or with `lines` an object a line.
local function print_json(result, lines)
   local out, pending, names, keys, first = io.stdout, {}, result:names(), {}, true
   for i, name in ipairs(names) do
      if keys[name] then errors.raise(('two columns are called "%s"'):format(name), "rename one: column AS name") end
      keys[i], keys[name] = (i > 1 and "," or "") .. json_cell(name) .. ":", true
   end
   out:write(lines and "" or "[")
   for values in result:rows() do
      pending[#pending + 1] = lines and "{" or first and "{" or ",\n {"
      first = false
      for i = 1, #names do
         pending[#pending + 1] = keys[i]
         pending[#pending + 1] = json_cell(values[i])
      end
      pending[#pending + 1] = lines and "}\n" or "}"
      if #pending > 1000 then
         out:write(table.concat(pending))
         pending = {}
      end
   end
   out:write(table.concat(pending), lines and "" or "]\n")
end

--- Prints the rows of a result as they come; false for a format that needs them all before it can print one.
local function print_rows(result, format)
   if format == "csv" or format == "tsv" then
      check(core.write_csv(result, nil, {separator = format == "tsv" and "\t" or ","}))
   elseif format == "json" or format == "ndjson" then
      print_json(result, format == "ndjson")
   else
      return false
   end
   return true
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
local function show_table(t, given)
   if t.marks and (given.output or given.format and given.format ~= "table") then t = unmarked(t) end
   if given.output then
      if given.format == "table" then
         check(core.write_file(given.output, t:text()))
      elseif given.format then
         check(core.write_file(given.output, text_of(t, given.format)))
      else
         check(t:write(given.output))
      end
   elseif given.format and given.format ~= "table" then
      io.stdout:write(text_of(t, given.format))
   else
      t:print()
   end
end

--- Shows what a script returned: tables, queries and results as tables, anything else on a line, plain tables as JSON.
--- nil with a message is a condition of the world and ends the command. What follows a query or a result is what a loop
--- needs to close it, and not for people.
local function show(values, given)
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
         show_table(t, given)
         if t ~= value then break end
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

-- difkit run -----------------------------------------------------------------------------------------------------

--- Runs a script and shows what it returns: `format` and `output` say how, if that is `maybe` a table.
function cli.run(given) show(require("difkit.script.run").values(given), given) end

-- difkit sql -----------------------------------------------------------------------------------------------------

--- The parameters of a query from "name=value": a number where the value is written as difkit would write it.
local function parameters_of(list)
   if #list == 0 then return end
   local values = setmetatable({}, {__index = function(_, name)
      errors.raise(("the SQL has a parameter :%s, which is not given"):format(name),
         ("add --param %s=VALUE"):format(name))
   end})
   for _, word in ipairs(list) do
      local name, value = word:match "^[:@$]?([%a_][%w_]*)=(.*)$"
      if not name then errors.raise(('--param must be NAME=VALUE, not "%s"'):format(word)) end
      if rawget(values, name) ~= nil then errors.raise(('--param %s is given twice'):format(name)) end
      local number = tonumber(value)
      values[name] = number and core.number_text(number) == value and number or value
   end
   return values
end

--- Statements that would change something, by their first word.
local writing = {
   ALTER = true, ATTACH = true, CREATE = true, DELETE = true, DROP = true, INSERT = true, REINDEX = true,
   REPLACE = true, UPDATE = true, VACUUM = true,
}

--- The result of the query; mistakes in it are said in terms of the command line.
local function run_query(db, given)
   local first = (given.text:match "^%s*(%a+)" or ""):upper()
   if writing[first] then errors.raise(("sql: %s would change the data; this command only reads"):format(first)) end
   local done, result = pcall(db.query, db, given.text, parameters_of(given.parameters))
   if done then return result end
   if type(result) ~= "table" or not result.code then error(result, 0) end
   local message, hint = result.message:gsub("^db:query: ", ""), result.hint
   if message:find "^the SQL has %d+ parameter" then hint = "give each with --param NAME=VALUE" end
   core.raise(result.code, message, hint)
end

--- Runs one query and prints its rows: `text`, `parameters`, `format`, `output`.
function cli.sql(given)
   local db <close> = open()
   local result = run_query(db, given)
   if given.output and not given.format then
      check(result:write(given.output))
   elseif given.output or not print_rows(result, given.format) then
      show_table(result:table(), given)
   end
end

-- difkit diff ----------------------------------------------------------------------------------------------------

--- Compares `old` and `new`, following `index`, and prints the differences, as JSON when `json`; gives whether there
--- are none.
function cli.diff(given)
   local diff = check(require("difkit").diff(given.old, given.new, {index = given.index}))
   if given.json then print(diff:json())
   elseif not (given.quiet) then print(diff:text{limit = given.all and 0 or nil}) end
   return diff:same()
end

-- difkit snapshot ------------------------------------------------------------------------------------------------

--- Copies the data into a snapshot: `label`, the folder `to`, `date`, `replace`; or lists those of the folder.
function cli.snapshot(given)
   local difkit = require "difkit"
   if given.list then
      local snapshots = check(difkit.snapshots(given.to))
      if given.json then io.stdout:write(snapshots:encode "json") else snapshots:drop("digest"):print() end
      return
   end
   local db <close> = open()
   local path, message, code, kept = db:snapshot(given.label, {
      folder = given.to, date = given.date, replace = given.replace,
   })
   if code == "exists" then core.raise("usage", message, "--replace does") end
   check(path, message, code or "usage")
   print(("%s %s"):format(kept and "unchanged" or "wrote", path))
end

-- difkit claims --------------------------------------------------------------------------------------------------

--- Checks the figures tagged in `files`; prints those that do not hold, as JSON all when `json`, and gives whether all
--- do.
function cli.claims(given)
   local claims = require "difkit.provenance.claims"
   local texts = {}
   for i, name in ipairs(given.files) do
      core.allow_read(name)
      texts[i] = check(core.read_file(name))
      if not core.valid_utf8(texts[i]) then core.raise("data", name .. ": not valid UTF-8") end
   end
   local db <close> = open()
   local all, held, list = 0, 0, {}
   for i, name in ipairs(given.files) do
      for _, claim in ipairs(claims.check(texts[i], name, db)) do
         all = all + 1
         if claim.holds then held = held + 1 end
         if not claim.holds and not given.json then print(claims.message(claim, name)) end
         list[all] = {name, claim.line, claim.column, claim.said, claim.value, claim.holds, claim.problem,
            claim.expression}
      end
   end
   if given.json then
      io.stdout:write(require("difkit.table")({"file", "line", "column", "said", "value", "holds", "problem",
         "expression"}, list):encode "json")
   else
      print(all == 0 and "no figure is tagged" or ("%d of %d tagged figure%s hold%s"):format(held, all,
         all == 1 and "" or "s", all == 1 and held == 1 and "s" or ""))
   end
   return held == all
end

-- difkit why, difkit verify -----------------------------------------------------------------------------------------

--- Prints where the cell `word` of `file` comes from; `script`, `name`, `chunk` and `arguments` when it does not say
--- itself.
function cli.why(given)
   local again = require("difkit.provenance.rerun").run(given)
   local why = require "difkit.provenance.why"
   local answer = why.answer(again, given.word)
   print(given.json and why.json(again, answer) or why.text(again, answer))
   return true
end

--- Makes `file` again and prints what differs; gives whether it holds.
function cli.verify(given)
   local again = require("difkit.provenance.rerun").run(given)
   local verify = require "difkit.provenance.verify"
   local judgement = verify.judge(again)
   if given.json then print(require("difkit.format.json").encode(judgement, {indent = 2}))
   else print(verify.text(again, judgement, not given.all and 20 or nil)) end
   return judgement.holds
end

-- difkit check ---------------------------------------------------------------------------------------------------

--- Checks scripts, given as `name1`, `text1`, `name2` …; prints what is found and gives whether it is nothing.
function cli.check(given)
   local scripts = require "difkit.check"
   local db <close> = open()
   local count, found = 0, 0
   while given["name" .. count + 1] do
      count = count + 1
      for _, finding in ipairs(scripts.script(given["text" .. count], db)) do
         found = found + 1
         print(scripts.message(finding, given["name" .. count]))
      end
   end
   io.stdout:flush()
   core.log(("difkit: %d script%s, %s"):format(count, count == 1 and "" or "s",
      found == 0 and "no findings" or ("%d finding%s"):format(found, found == 1 and "" or "s")))
   return found == 0
end

-- difkit repl ----------------------------------------------------------------------------------------------------

--- An interactive session, which begins with the files; gives the exit status.
function cli.repl(given)
   return require("difkit.repl")(open(), given)
end

-- difkit new -----------------------------------------------------------------------------------------------------

function cli.new(given) require("difkit.script.new").write(given) end

-- difkit scripts, difkit help --------------------------------------------------------------------------------------

--- Whether the header says something of every word.
local function speaks_of(header, words)
   local text = {header.name, header.description, header.details}
   for _, list in ipairs {header.options, header.arguments} do
      for _, option in ipairs(list) do
         text[#text + 1] = option.name
         text[#text + 1] = option.help
      end
   end
   local all = core.lower(table.concat(text, "\n"))
   for _, word in ipairs(words) do
      if not all:find(core.lower(word), 1, true) then return false end
   end
   return true
end

--- Lists the stock scripts: `words` that their headers have to contain, `verbose` for their options too.
--- Gives false when none fits.
function cli.scripts(given)
   local script = require "difkit.script"
   local found, width = {}, 0
   for _, header in ipairs(script.stock()) do
      if speaks_of(header, given.words) then
         found[#found + 1] = header
         width = math.max(width, core.width(header.name))
      end
   end
   for i, header in ipairs(found) do
      if given.verbose then
         print((i > 1 and "\n" or "") .. header.name .. "\n" .. ("-"):rep(core.width(header.name)))
         print(script.usage(header))
      else
         print(header.name .. (" "):rep(width - core.width(header.name) + 2) .. header.description)
      end
   end
   return #found > 0
end

--- Prints the help of a script: `text`, its `name`, and the `command` that runs it.
function cli.script_help(given)
   local script = require "difkit.script"
   local header = check(script.header(given.text, given.name))
   print(script.usage(header, given.command))
   print "\nOptions of every script, such as --db, --format and --output: `difkit run --help`."
end

--- Prints what can follow `before` in the command line of a script and begins with `begin`: options, or values of one.
function cli.complete(given)
   local script = require "difkit.script"
   local header = script.header(given.text, given.name)
   if not header then return end
   local function put(word, help)
      if word:sub(1, #given.begin) == given.begin then print(word .. "\t" .. help) end
   end
   local option = given.before:match "^%-%-(.+)$" and script.option(header, given.before:sub(3))
   if not option or option.type == "boolean" then
      for _, known in ipairs(given.begin:find "^%-" and header.options or {}) do put("--" .. known.name, known.help) end
      return
   end
   for _, choice in ipairs(option.choices or {}) do put(choice, "") end
   local entity = script.entity(option.type)
   if not entity then return end
   local db <close> = open()
   local named = entity == "action" and "text" or "title"
   for row in db:query(("SELECT id, %s FROM %s ORDER BY id"):format(named, entity)):rows() do put(row[1], row[2]) end
end

--- Prints what the annotations of the library say on `word`; gives false when they say nothing.
function cli.help(given)
   local help = require "difkit.script.help"
   if #help.find(given.word) == 0 then return false end
   print(help.text(given.word))
   return true
end

return cli
