--- The audit of a computed index along the steps of a JRC audit: sections with findings and tables, a verdict,
--- and ways to write
--- them. `result:audit{…}` and `difkit audit` make one. Methods and rules are in scripts/guide/AUDIT.md.
local class = require "difkit.class"
local errors = require "difkit.error"
local sample = require "difkit.audit.sample"

local audits = {}

---What an audit computes with; the defaults are in brackets.
---@class difkit.AuditOptions
---@field runs? integer Monte Carlo runs [2000]
---@field sobol? integer rows of the Sobol indices [512]
---@field draws? integer random tables of parallel analysis [1000]
---@field bootstrap? integer resamples of units [1000]
---@field spline_bootstrap? integer resamples of units for the interval of S by a spline; takes long [0]
---@field seed? integer [1]
---@field coverage? number least share of values [0.65]
---@field near_constant? number share of one value [0.9]
---@field skewness? number [2]
---@field kurtosis? number [3.5]
---@field space? table what varies in robustness, as `result:robustness` takes it

---An audit: its sections, each with findings and tables, and the verdict.
---@class difkit.Audit
---@field id string
---@field title string
---@field n integer units
---@field sections table[]
---@field verdict table
local Audit, events = class "difkit.Audit"

function events.__tostring(self) return ("%s (%d units)"):format(self.title, self.n) end

local defaults = {runs = 2000, sobol = 512, draws = 1000, bootstrap = 1000, spline_bootstrap = 0, seed = 1,
   coverage = 0.65, near_constant = 0.9, skewness = 2, kurtosis = 3.5}

local function settings_of(options)
   local names = {"space"}
   for name in pairs(defaults) do names[#names + 1] = name end
   table.sort(names)
   options = errors.options("audit", options, names)
   local settings = {space = options.space}
   for name, value in pairs(defaults) do
      settings[name] = options[name] == nil and value or options[name]
      errors.check("audit", name, settings[name], "number")
   end
   for _, name in ipairs {"runs", "sobol", "draws", "bootstrap", "spline_bootstrap", "seed"} do
      local whole = math.tointeger(settings[name])
      local least = name == "sobol" and 2 or (name == "runs" or name == "draws") and 1 or 0
      if not whole or whole < least then
         errors.raise(("audit: %s must be a whole number from %d on, not %s"):format(name, least,
            errors.show(settings[name])))
      end
      settings[name] = whole
   end
   return settings
end

--- A way to compute the index again that gives nil and a message where it raises.
local function checked(way)
   return function(...)
      local done, other, message = pcall(way, ...)
      if not done then return nil, type(other) == "table" and other.message or tostring(other) end
      return other, message
   end
end

--- Audits a computed index. `again` has the ways to compute it otherwise, from the same data: `variant(changes)` with
--- keys of its spec replaced, `without(id)`, `turned(id)`, `moved(id, group)`.
function audits.run(result, options, again)
   local settings = settings_of(options)
   local self = sample.of(result)
   local ways = {}
   for name, way in pairs(again) do ways[name] = checked(way) end
   local value = require "difkit.audit.value"
   local sections = {
      require("difkit.audit.concept").run(self),
      require("difkit.audit.data").run(self, settings),
      require("difkit.audit.coherence").run(self, settings),
      require("difkit.audit.importance").run(self, settings),
      value.run(self),
      require("difkit.audit.robustness").run(self, settings, ways.variant, ways.without),
      value.frontier(self),
   }
   for _, section in ipairs(sections) do
      for _, one in ipairs(section.tables) do
         rawset(one.table, "audited", {result = result, section = section.title, methods = section.methods})
      end
   end
   local periods = result.set.timeless and {} or result.set.periods
   return setmetatable({id = result.spec.root.id, title = result.spec.root.shown, n = self.n, settings = settings,
      period = periods[#periods], result = result, sections = sections, k = #self.indicators,
      verdict = require("difkit.audit.verdict").run(self, sections, ways, settings)}, events)
end

---All findings in order of the sections, as a table.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local audit = egdi:compute(db):audit{runs = 100, sobol = 16}
---print(audit:findings():where(function(row) return row.grade == "finding" end):count()) --> 0
---```
---@return difkit.Table columns section, code, subject, within, grade, follows, sentence
function Audit:findings()
   local rows = {}
   for _, section in ipairs(self.sections) do
      for _, one in ipairs(section.findings) do
         rows[#rows + 1] = {section = section.id, code = one.code, subject = one.subject, within = one.within,
            grade = one.grade, follows = one.follows, sentence = one.sentence}
      end
   end
   return require("difkit.table").new({"section", "code", "subject", "within", "grade", "follows", "sentence"}, rows)
end

---A table of a section by its name, such as `audit:table "groups"`; nil when the data have none.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(#egdi:compute(db):audit{runs = 100, sobol = 16}:table "places") --> 3
---```
---@param id string
---@return difkit.Table|nil
function Audit:table(id)
   errors.check("audit:table", "id", id, "string")
   for _, section in ipairs(self.sections) do
      for _, one in ipairs(section.tables) do
         if one.id == id then return one.table end
      end
   end
end

---The audit as a report: HTML or Markdown by `report:write`.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local report = egdi:compute(db):audit{runs = 100, sobol = 16}:report()
---print(report.title) --> Self-assessment along the steps of a JRC audit
---```
---@return difkit.Report
function Audit:report() return require("difkit.audit.report").make(self) end

---Puts the authors' answers beside the findings: the path of a YAML file, or of the JSON of an earlier audit, whose
---answers are carried on; or a list of `{code, subject, reply, reason, by, date, figure}` with the reply accepted,
---disputed or deferred. An answer whose `figure` is no longer the first of the finding is marked stale. Gives what is
---answered and no finding any more; a file that cannot be read gives nil, a message and a code.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---local audit = egdi:compute(db):audit{runs = 100, sobol = 16}
---local idle = audit:answer{{code = "undescribed", subject = "egdi", reply = "accepted", by = "the authors"}}
---print(#idle) --> 0
---```
---@param given string|table[]
---@return string[]|nil idle
---@return string|nil message
---@return string|nil code
function Audit:answer(given)
   errors.check("audit:answer", "given", given, "string", "table")
   local answers = require "difkit.audit.answers"
   local list, message, code = answers.read(given)
   if not list then return nil, message, code end
   return answers.apply(self, list)
end

---Every table of the audit with its name, for a workbook: `difkit.export.workbook(path, audit:sheets())`.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(egdi:compute(db):audit{runs = 100, sobol = 16}:sheets()[1][1]) --> findings
---```
---@return table[] pairs of a name and a table
function Audit:sheets()
   local found, rounded = self:findings(), require("difkit.audit.json").rounded
   local sheets = {{"findings", found}}
   rawset(found, "audited", {result = self.result, sections = self.sections})
   for _, section in ipairs(self.sections) do
      for _, one in ipairs(section.tables) do
         -- Ten significant digits, as in the JSON: what differs between the libraries of machines is left out.
         local rows = {}
         for i, row in ipairs(one.table) do
            rows[i] = {}
            for _, column in ipairs(one.table.columns) do rows[i][column] = rounded(rawget(row, column)) end
         end
         local t = require("difkit.table").new(one.table.columns, rows)
         t.title = one.table.title
         rawset(t, "audited", rawget(one.table, "audited"))
         sheets[#sheets + 1] = {one.id, t}
      end
   end
   return sheets
end

--- Notes for `difkit why` which tables the JSON holds.
local function tell_watcher(self)
   local observe = require "difkit.observe"
   if not observe.watcher then return end
   local shown = {}
   for i, sheet in ipairs(self:sheets()) do shown[i] = sheet[2] end
   observe.watcher:tabled("audit.json", shown)
end

---Writes the audit below --out: audit.html, audit.md with its charts, audit.xlsx (every table, a sheet each) and
---audit.json; the documents named besides ("docx", "pdf") as audit.docx and audit.pdf, a PDF where there is a program
---that prints one. Gives their names.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(#egdi:compute(db):audit{runs = 100, sobol = 16}:write()) --> 4
---```
---@param also? string[]
---@return string[]|nil files
---@return string|nil message
---@return string|nil code
function Audit:write(also)
   errors.check("audit:write", "also", also, "table", "optional")
   -- The JSON first: a report has the day at its foot, which its record then names.
   local text = require("difkit.audit.json").text(self)
   local report, files = self:report(), {"audit.html", "audit.md", "audit.xlsx", "audit.json"}
   local steps = {
      function()
         tell_watcher(self)
         return require("difkit.core").write_file("audit.json", text, true)
      end,
      function() return report:write "audit.md" end,
      function() return require("difkit.format.export.xlsx").workbook("audit.xlsx", self:sheets(), {}) end,
      function() return report:write "audit.html" end,
   }
   for _, ending in ipairs(also or {}) do
      if ending ~= "docx" and ending ~= "pdf" then
         errors.raise(("audit:write: unknown document %s"):format(errors.show(ending)), "docx or pdf")
      end
      files[#files + 1] = "audit." .. ending
      steps[#steps + 1] = function() return report:write("audit." .. ending) end
   end
   for _, step in ipairs(steps) do
      local done, message, code = step()
      if not done then return nil, message, code end
   end
   return files
end

---The audit as a value for JSON: `schema` names the version of its shape. Figures have ten significant digits.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(egdi:compute(db):audit{runs = 100, sobol = 16}:value().schema) --> difkit-audit-1
---```
---@return table
function Audit:value() return require("difkit.audit.json").of(self) end

return audits
