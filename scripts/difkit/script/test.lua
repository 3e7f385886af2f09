--- What `difkit test` does in Lua: reads a test file, runs a case, and compares. Each is called in a state of its own.
local core = require "difkit.core"
local errors = require "difkit.error"

local testing = {}

local MOST = 20 -- lines of difference that are shown

--- The cases of a test file: a list of {name, script, golden, options, key}; empty when the file asserts by itself and
--- has done so without an error.
function testing.plan(given)
   local plan = core.run_chunk(given.text, given.chunk)
   if type(plan) ~= "table" then return {} end
   local cases = {}
   for i, case in ipairs(plan) do
      local name = ("case %d"):format(i)
      errors.check("a test", name, case, "table")
      case = errors.options(name, case, {"name", "script", "golden", "options", "key"})
      local script = case.script or plan.script
      errors.check(name, "script", script, "string")
      errors.check(name, "golden", case.golden, "string")
      errors.check(name, "name", case.name, "string", "optional")
      errors.check(name, "options", case.options, "table", "optional")
      if not case.golden:find "%.csv$" then
         errors.raise(('%s: golden must be the name of a .csv file, not "%s"'):format(name, case.golden))
      end
      if case.golden:find("..", 1, true) or case.golden:find "^/" then
         errors.raise(("%s: golden must lie beside the test file, or below"):format(name), "such as NAME.csv")
      end
      local key = case.key or plan.key
      local words = {}
      for j, word in ipairs(case.options or {}) do words[j] = tostring(word) end
      cases[i] = {name = case.name or case.golden, script = script, golden = case.golden, options = words,
         key = type(key) == "string" and {key} or key or {}}
   end
   if #cases == 0 then
      errors.raise("the list of cases is empty", 'such as {name = "as it is", golden = "NAME.csv"}')
   end
   return cases
end

--- The table that the script returns.
local function returned(given)
   core.silence(true)
   local values = table.pack(pcall(function()
      local run = require "difkit.script.run"
      local results = run.values{
         text = given.text, name = given.name, chunk = given.chunk, arguments = given.arguments, options = {},
         silent = true,
      }
      if results.n > 1 and results[1] == nil then run.check(results[1], tostring(results[2]), results[3]) end
      return run.table_of(results[1])
   end))
   core.silence(false)
   if not values[1] then error(values[2], 0) end
   if not values[2] then
      core.raise("script", "the script returned no table", "it has to end with: return query_or_table")
   end
   return values[2]
end

--- What differs between the golden text and that of now, line by line; "" when they hold the same.
local function differences(given, text)
   local parse = require("difkit.table").parse_csv
   local old, problem = parse(given.golden)
   if not old then core.raise("data", given.golden_path .. ": " .. problem) end
   local key = #given.key > 0 and given.key or nil
   local lines = require("difkit.script.difference").lines(old, assert(parse(text)), key)
   local shown = table.move(lines, 1, math.min(#lines, MOST), 1, {})
   if #lines > MOST then shown[#shown + 1] = ("… and %d more"):format(#lines - MOST) end
   return table.concat(shown, "\n")
end

--- Runs a case: the script `text`, `name`, `chunk`, `arguments`, and `golden`, the text of the CSV file, where there is
--- one, with the columns of its `key`. Gives one record: status ("ok", "differs" or "missing"), what differs, and the
--- CSV of now.
function testing.case(given)
   local text = require("difkit.format.csv").encode(returned(given), ",", {})
   local found = given.golden and text ~= given.golden and differences(given, text) or ""
   local status = not given.golden and "missing" or found == "" and "ok" or "differs"
   return {{status = status, differences = found, text = text}}
end

return testing
