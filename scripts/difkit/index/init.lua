--- Composite indices, as scripts call them: defined (define.lua), read from files, judged, followed over time.
local core = require "difkit.core"
local errors = require "difkit.error"
local index = require "difkit.index.define"
local views = require "difkit.view"

---The report card of an idea: coverage, missing values by unit, outliers, correlation with the other indicators of
---the data, redundancy, rank shifts when one is left out, sensitivity, ranks. `difkit run try --spec FILE` prints it.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local card = difkit.index.report_card(egdi:compute(db), {runs = 100})
---print(card:match "^[^\n]+") --> egdi: 3 indicators, 10 units, 1 period
---```
---@param computed difkit.IndexResult
---@param options? {runs?: integer, seed?: integer}
---@return string
function index.report_card(computed, options)
   if getmetatable(computed) ~= "difkit.IndexResult" then
      errors.raise(("report_card: a computed index is wanted, not %s"):format(errors.show(computed)),
         "index:compute()")
   end
   return require("difkit.index.card").text(computed, options)
end

--- The index that a file holds; what `index.open` gives.
local function read_index(path)
   local ending = path:lower():match "%.(%w+)$"
   if ending == "csv" then
      local t, message, code = require("difkit.table").read_csv(path)
      if not t then return nil, message, code end
      local coinr = require "difkit.index.coinr"
      if not coinr.is_meta(t) then
         errors.raise(path .. " is no spec: a table of this ending must be the iMeta of COINr",
            "its columns are Level, iCode, Parent, Type and more; data are given with --data")
      end
      return index.new(coinr.spec(t, path))
   elseif ending == "xlsx" or ending == "xlsm" then
      local given, message, code = require("difkit.index.coin_tool").spec(path)
      if not given then return nil, message, code end
      return index.new(given)
   elseif ending ~= "lua" then
      return index.new(path)
   end
   local text, message, code = core.read_file(path)
   if not text then return nil, message, code end
   -- Copies: the file is a stranger's, and the tables themselves serve the whole program.
   local environment = {difkit = views.of(require "difkit", "difkit"), ipairs = ipairs, pairs = pairs,
      tonumber = tonumber, tostring = tostring, type = type}
   for name, library in pairs {math = math, string = string, table = table} do
      environment[name] = {}
      for key, value in pairs(library) do environment[name][key] = value end
   end
   local chunk, problem = load(text, "@" .. path, "t", environment)
   if not chunk then return nil, problem, "script" end
   local given = chunk()
   if getmetatable(given) == "difkit.Index" then return given end
   if type(given) ~= "table" then
      return nil, ("%s returns %s, not a spec"):format(path, errors.show(given)), "script"
   end
   return index.new(given)
end

---Reads an index from a file: YAML, a Lua file that returns a spec (it sees `difkit` and nothing else of the
---library), the iMeta of COINr (.csv; the data are its iData), or a workbook of the COIN Tool (.xlsx, with its data).
---What cannot be read gives nil, a message and a code.
---
---```lua
---print(difkit.index.open "no-such-spec.yaml") --> nil	cannot read no-such-spec.yaml: No such file or directory	io
---```
---@param path string
---@return difkit.Index|nil
---@return string|nil message
---@return string|nil code
function index.open(path)
   errors.check("difkit.index.open", "path", path, "string")
   local opened, message, code = read_index(path)
   if opened then return opened end
   require("difkit.condition").note("difkit.index.open", message)
   return nil, message, code
end

---Rubin's rules (1987): one estimate from those of several imputations, each with its variance. With `n` units and `k`
---parameters the degrees of freedom are those of Barnard and Rubin (1999).
---
---```lua
---local pooled = difkit.index.pool({3, 4, 5, 4, 4}, {1, 1.2, 0.9, 1.1, 1})
---print(pooled.estimate, ("%.3f %.3f"):format(pooled.total, pooled.degrees)) --> 4.0	1.640 29.884
---```
---@param estimates number[]
---@param variances number[]
---@param options? {n?: integer, k?: integer}
---@return {estimate: number, within: number, between: number, total: number, increase: number, degrees: number,
---missing_information: number}
function index.pool(estimates, variances, options)
   return require("difkit.index.multiple").pool(estimates, variances, options)
end

---The data in use without the files that `--with` lays over them, to compare with; nil when there are none.
---
---```lua
---print(difkit.index.without_overlay()) --> nil
---```
---@return difkit.Database|nil
function index.without_overlay()
   if not core.overlay or #core.overlay == 0 then return nil end
   local base = core.default_database
   if not base then return core.open_bundled(false) end
   return require "difkit.open"(base)
end

return setmetatable(index, {
   __call = function(_, given)
      if type(given) == "string" then return read_index(given) end
      return index.new(given)
   end,
   __index = function(_, name)
      if name == "carried" or name == "movement" then return require("difkit.index.movement")[name] end
      local names = {"new", "open", "pool", "report_card", "without_overlay", "carried", "movement"}
      errors.raise(('difkit.index has no field "%s"'):format(tostring(name)), errors.hint(name, names))
   end,
})
