--- Composite indices: difkit.index{…} reads a spec, compute() gives scores, ranks and explanations.
--- What a spec may say, and the methods, are described in scripts/guide/INDEX.md.
local class = require "difkit.class"
local errors = require "difkit.error"
local result = require "difkit.index.result"
local run = require "difkit.index.run"
local spec = require "difkit.index.spec"
require "difkit.index.cells"
require "difkit.index.weights"
require "difkit.index.compare"
require "difkit.index.audit"
require "difkit.index.convergence"
require "difkit.index.maturity"
require "difkit.index.statistics"
require "difkit.index.exchange"
require "difkit.index.explain"
require "difkit.index.factorial"
require "difkit.index.multiple"
require "difkit.index.formulas"
require "difkit.index.panel"
require "difkit.index.publish"
require "difkit.index.robustness"
require "difkit.index.sensitivity"

---@class difkit.index
local index = {}

---An index: its tree and its methods, checked. `difkit.index` makes one from a table or a YAML file.
---@class difkit.Index
---@field id string
---@field title string
local Index, index_events

Index, index_events = class("difkit.Index", function(_, name)
   errors.no_member("an index has no method or field", name, Index, {"id", "title", "spec"})
end)

function index_events.__tostring(self) return ("difkit.Index (%s)"):format(self.id) end

index.methods = Index

---Makes an index; `difkit.index{…}` is the same. A mistake in the spec is raised with its path in the tree; a file
---that cannot be read gives nil, a message and a code.
---
---```lua
---local egdi = difkit.index.new{id = "egdi", children = {"osi", "tii", "hci"}, normalise = "none"}
---print(egdi.id, #egdi.spec.indicators) --> egdi	3
---local _, problem = pcall(difkit.index, {id = "egdi", children = {"osi"}, normalize = "none"})
---print(problem.message, problem.hint)
-----> index egdi: unknown key "normalize" in an index	did you mean "normalise"?
---```
---@param given table|string a spec, or the path of a YAML file that holds one
---@return difkit.Index|nil
---@return string|nil message
---@return string|nil code
function index.new(given)
   local read, message, code = spec.read(given)
   if not read then return nil, message, code end
   return setmetatable({id = read.root.id, title = read.root.title or read.root.id, spec = read}, index_events)
end

---The same index with some keys of the spec replaced.
---
---```lua
---local egdi = difkit.index{id = "egdi", children = {"osi", "tii", "hci"}, normalise = "none"}
---print(egdi:variant{aggregate = "geometric", title = "EGDI, geometric"}.title) --> EGDI, geometric
---```
---@param changes table<string, any>
---@return difkit.Index
function Index:variant(changes)
   errors.check("variant", "changes", changes, "table")
   local made = index.new(spec.variant(self.spec.given, changes))
   if changes.data == nil then made.spec.file = self.spec.file end
   return made
end

---Computes the index. The data are the observations of a database, a query, a table, or the path of a CSV file;
---without them those that the spec names, else those of the data in use (`--db`, `--with`, or the bundled ones). What
---cannot be opened gives nil, a message and a code.
---
---```lua
---local egdi = difkit.index{
---   id = "egdi", units = "ASEAN", period = 2022,
---   children = {"osi", "tii", "hci"}, normalise = "none", aggregate = "arithmetic",
---}
---local scores = egdi:compute(db):scores()
---print(scores[1].unit, ("%.4f"):format(scores[1].score)) --> SGP	0.9133
---```
---
---`where = "database"`: the database computes the groups that have no groups below them, and only their values travel:
---for observations that are too many to read. The result is that of an index of these groups; of single indicators it
---knows nothing. What cannot be computed there is an error that says why; see `plan`.
---@param data? difkit.Database|difkit.Query|difkit.Table|table|string
---@param options? {where?: "here"|"database"}
---@return difkit.IndexResult|nil
---@return string|nil message
---@return string|nil code
function Index:compute(data, options)
   options = errors.options("compute", options, {"where"})
   if options.where ~= nil and options.where ~= "here" and options.where ~= "database" then
      errors.raise(('compute: where must be "here" or "database", not %s'):format(errors.show(options.where)))
   end
   if options.where == "database" then
      local made, from, code = require("difkit.index.plan").reduce(self, data)
      if not made then return nil, from, code end
      return index.new(made):compute(from)
   end
   local computed, message, code = run.compute(spec.for_run(self.spec), data)
   if not computed then return nil, message, code end
   local made = result.new(computed, self)
   rawset(self, "last", made)
   return made
end

---Which stage of the index `compute(data, {where = "database"})` would run where, and the SQL that it would send;
---where something is in the way, what that is. Nothing is computed.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local plan = egdi:plan(db)
---print(plan[5].stage, plan[5].where, plan[8].stage, plan[8].where) --> normalise	database	rank	here
---print(egdi:variant{aggregate = "median"}:plan(db)[6].note)
-----> median is no mean of single values: "egdi" is computed here
---```
---@param data? difkit.Database
---@return difkit.Table|nil columns stage, where, note, sql
---@return string|nil message
---@return string|nil code
function Index:plan(data) return require("difkit.index.plan").plan(self, data) end

--- What was computed last, or a computation of the data in use.
local function last_of(self, call)
   local made = rawget(self, "last")
   if made then return made end
   local computed, message = self:compute()
   if not computed then
      errors.raise(("%s: %s"):format(call, message), "compute the index first: index:compute(data)")
   end
   return computed
end

---Rank intervals by Monte Carlo for what was computed last; see `IndexResult:robustness`.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---egdi:compute(db)
---local robust = egdi:robustness{runs = 1000, seed = 7, weights = 0.25, normalise = {"minmax", "zscore"}}
---print(robust[1].unit, robust[1].range) --> SGP	1
---```
---@param options? table
---@return difkit.Table
function Index:robustness(options) return last_of(self, "robustness"):robustness(options) end

---Sobol indices for what was computed last; see `IndexResult:sensitivity`.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---egdi:compute(db)
---print(egdi:sensitivity{rows = 64, weights = 0.25, drop = 1}[2].factor) --> drop
---```
---@param options? table
---@return difkit.Table
function Index:sensitivity(options) return last_of(self, "sensitivity"):sensitivity(options) end

return index
