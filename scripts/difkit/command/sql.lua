--- `difkit sql`: runs one query and prints its rows.
local core = require "difkit.core"
local errors = require "difkit.error"
local show = require "difkit.command.show"
local check = require("difkit.script.run").check

local MOST = 1024 * 1024 -- bytes of a query

--- Prints the rows of a result as they come, as one JSON list, or with `lines` an object a line.
local function print_json(result, lines)
   -- The list is begun with its first rows, so that a query that fails leaves nothing half-written behind.
   local names, taken, pending, first = result:names(), {}, {lines and "" or "["}, true
   for _, name in ipairs(names) do
      if taken[name] then errors.raise(('two columns are called "%s"'):format(name), "rename one: column AS name") end
      taken[name] = true
   end
   local object = require("difkit.format.json").rows(names)
   for values in result:rows() do
      if not first then pending[#pending + 1] = lines and "\n" or ",\n " end
      first = false
      object(values, pending)
      if #pending > 1000 then
         core.write_output(table.concat(pending))
         pending = {}
      end
   end
   if not lines then pending[#pending + 1] = "]\n" elseif not first then pending[#pending + 1] = "\n" end
   core.write_output(table.concat(pending))
end

--- Prints the rows of a result as they come; false for a format that needs them all before it can print one.
local function print_rows(result, format, given)
   if format == "csv" or format == "tsv" then
      local options = show.separated(given)
      check(core.write_csv(result, nil, {excel = options.excel,
         separator = format == "tsv" and "\t" or options.separator or ","}))
   elseif format == "json" or format == "ndjson" then
      print_json(result, format == "ndjson")
   else
      return false
   end
   return true
end

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
local function run_query(db, text, parameters)
   local first = (text:match "^%s*(%a+)" or ""):upper()
   if writing[first] then errors.raise(("sql: %s would change the data; this command only reads"):format(first)) end
   local done, result = pcall(db.query, db, text, parameters_of(parameters))
   if done then return result end
   if type(result) ~= "table" or not result.code then error(result, 0) end
   local message, hint = result.message:gsub("^db:query: ", ""), result.hint
   if message:find "^the SQL has %d+ parameter" then hint = "give each with --param NAME=VALUE" end
   core.raise(result.code, message, hint)
end

--- The query: the argument, or standard input for "-".
local function text_of(word)
   if word ~= "-" then return word end
   if core.terminal().input then
      core.raise("usage", "sql: a query is expected on standard input", "see `difkit sql --help`")
   end
   local text, message = io.stdin:read(MOST + 1)
   if not text and message then core.raise("io", "cannot read standard input: " .. message) end
   if text and #text > MOST then core.raise("usage", ("sql: the query is larger than %d bytes"):format(MOST)) end
   return text or ""
end

---`given`: the query as first of `arguments`, `param`, `format`, `output`.
return function(given)
   local text = text_of(given.arguments[1])
   local db <close> = check(require("difkit").open())
   local result = run_query(db, text, given.param or {})
   require("difkit.illustrative").asked(db, text)
   if given.output and not given.format then
      check(result:write(given.output))
   elseif given.output or not print_rows(result, given.format, given) then
      show.table(result:table(), given)
   end
end
