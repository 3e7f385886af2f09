--- An index as a small site of files: scores and ranks with tiers, a page for each unit, data with their metadata, a
--- method note, the audit. The same spec and data give the same bytes.
local chart = require "difkit.chart"
local core = require "difkit.core"
local errors = require "difkit.error"
local reports = require "difkit.report"
local result = require "difkit.index.result"
local sdmx = require "difkit.index.sdmx"
local tables = require "difkit.table"

---@class difkit.IndexResult
local Result = result.methods

local function plain(text) return (tostring(text):gsub("[\\`*_%[%]<>|#]", "\\%0")) end

--- File names of units: their codes where these are plain, else their numbers.
local function files_of(self)
   local names = {}
   for u, unit in ipairs(self.set.units) do
      names[unit] = "units/" .. (unit:find "^[%w_-]+$" and #unit <= 60 and unit or "unit-" .. u) .. ".html"
   end
   return names
end

local function columns_of(t, columns, keep)
   local rows = {}
   for row in t:rows() do
      if not keep or keep(row, #rows) then
         local out = {}
         for _, column in ipairs(columns) do out[column] = row[column] end
         rows[#rows + 1] = out
      end
   end
   return tables.new(columns, rows)
end

--- What would move a unit: each part with what it would have to gain for the next rank.
local function steps_of(self, unit)
   return columns_of(self:explain(unit), {"node", "title", "score", "rank", "effective", "to_next"}, function(row)
      return row.level > 0 and row.to_next ~= nil
   end)
end

---The profile of a unit: score and rank with its interval, strengths and weaknesses, what would move it, and the
---units that are most alike. A report.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(egdi:compute(db):profile("VNM").title) --> Viet Nam
---```
---@param unit string
---@param options? {robust?: difkit.Table, peers?: difkit.Table} what is known already of all units
---@return difkit.Report
function Result:profile(unit, options)
   options = errors.options("profile", options, {"robust", "peers"})
   local row = result.row_of(self, "profile", unit)
   local made = reports.new{title = self.set.titles[unit] or unit, subtitle = self.spec.root.shown}
   local score, rank = self.aggregated:get(row, 1), self.rank[row] or nil
   local robust
   for one in (options.robust or self:robustness{runs = 1000, weights = 0.25}):rows() do
      if one.unit == unit then robust = one end
   end
   if not rank then
      local reason = select(3, self.aggregated:origin(row, 1))
      made:text(("%s has no score: %s."):format(plain(self.set.titles[unit] or unit), reason or "not reported"))
   else
      made:figures{{"Score", score, digits = 2}, {"Rank", rank, robust and robust.range and "range " .. robust.range
         or nil},
         {"Tier", robust and robust.tier or "–"}}
   end
   local strengths = self:strengths(unit)
   local columns, all = {"indicator", "title", "raw", "score", "rank", "of", "distance"}, #self.spec.indicators
   local half = math.min(5, math.ceil(all / 2))
   local best = columns_of(strengths, columns, function(one, n) return n < half and one.distance ~= nil
      and one.distance > 0 end)
   local turned = {}
   for one in strengths:rows() do table.insert(turned, 1, one) end
   local worst = columns_of(tables.new(strengths.columns, turned), columns, function(one, n)
      return n < half and one.distance ~= nil and one.distance < 0
   end)
   local labels = {raw = "value", distance = "distance from the mean"}
   if #best > 0 then made:heading("Strengths"):table(best, {title = false, labels = labels, digits = 2}) end
   if #worst > 0 then made:heading("Weaknesses"):table(worst, {title = false, labels = labels, digits = 2}) end
   local missing = {}
   for leaf, node in ipairs(self.spec.indicators) do
      if not self.denominated:get(row, leaf) then
         missing[#missing + 1] = ("%s (%s)"):format(node.id, select(3, self.raw:origin(row, leaf)) or "no value")
      end
   end
   if #missing > 0 then made:text("No value: " .. plain(table.concat(missing, ", ")) .. ".") end
   local steps = rank and steps_of(self, unit)
   if steps and #steps > 0 then
      made:heading "What would move it"
      made:text("How much each part alone would have to gain, in its own score, to reach the next rank; all else "
         .. "the same.")
      made:table(steps, {title = false, labels = {to_next = "to the next rank", effective = "weight in the index"},
         digits = 2})
   end
   for one in (options.peers or self:peers{}):rows() do
      if one.unit == unit and one.peers then
         made:heading "Peers"
         made:text("Most alike in its indicators: " .. plain(one.peers) .. ".")
      end
   end
   return made
end

local function data_tables(self, robust)
   local described = {}
   local effective = self.tree:effective(self.weights)
   for i, node in ipairs(self.spec.nodes) do
      described[i] = {id = node.id, parent = node.parent and node.parent.id, title = node.shown, weight = effective[i],
         direction = node.leaf and node.sign or nil, measure = node.leaf and (node.measure or rawget(node.described,
            "measure")),
         source = node.leaf and (node.given.publisher or rawget(node.described, "source")) or nil,
            licence = node.given.licence or node.leaf and rawget(node.described, "licence") or nil}
   end
   return {
      ranks = columns_of(robust, {"unit", "rank", "score", "median", "low", "high", "tier"}),
      scores = self:scores{level = "all"}, values = self:stage "raw", normalised = self:stage "normalised",
      parts = tables.new({"id", "parent", "title", "weight", "direction", "measure", "source", "licence"}, described),
   }
end

local function front_page(self, robust, files, audit)
   local made = reports.new{title = self.spec.root.shown, source = self.spec.root.source,
      subtitle = not self.set.timeless and tostring(self.set.periods[#self.set.periods]) or nil}
   local ranked, tiers = 0, 0
   for row in robust:rows() do
      ranked, tiers = ranked + (row.rank and 1 or 0), math.max(tiers, row.tier or 0)
   end
   made:figures{{"Units", #self.set.units}, {"With a rank", ranked}, {"Indicators", #self.spec.indicators}, {"Tiers",
      tiers}}
   if self.spec.root.note then made:text(plain(self.spec.root.note)) end
   made:heading "Ranks"
   made:table(columns_of(robust, {"unit", "range", "score", "tier"}), {title = false, digits = 2,
      labels = {range = "rank, with its 5 to 95 % range"}, note = robust.note})
   if ranked >= 2 then
      made:chart(chart.dots(robust, {label = "unit", value = "median", order = "ascending", digits = 0,
         title = "Median ranks and their 5 to 95 % intervals"}))
   end
   made:heading "Units"
   local links = {}
   for row in robust:rows() do
      links[#links + 1] = ("- [%s](%s)"):format(plain(self.set.titles[row.unit] or row.unit), files[row.unit])
   end
   made:text(table.concat(links, "\n"))
   made:heading "How it is made, and whether it holds"
   made:text(("- [Method](method.html), with formulas\n- [%s](audit.html): %s\n- Data: "
      .. "[package](data/datapackage.json) with "
      .. "[scores](data/scores.csv), [ranks](data/ranks.csv), [values](data/values.csv), [parts](data/parts.csv); "
      .. "[SDMX-CSV](data/sdmx.csv) with its [structure](data/sdmx-structure.xml)"):format(
      require("difkit.audit.report").title, plain(audit.verdict.sentences[1])))
   return made
end

--- The front page where no single unit may be named, but perhaps one: how many have what.
local function counts_page(self, unit, files, left_out)
   local made = reports.new{title = self.spec.root.shown, source = self.spec.root.source,
      subtitle = not self.set.timeless and tostring(self.set.periods[#self.set.periods]) or nil}
   local units, ranked, rows = #self.set.units, 0, {}
   local first = (#self.set.periods - 1) * units
   for u = 1, units do ranked = ranked + (self.rank[first + u] and 1 or 0) end
   made:figures{{"Units", units}, {"With a rank", ranked}, {"Indicators", #self.spec.indicators}}
   if self.spec.root.note then made:text(plain(self.spec.root.note)) end
   for leaf, node in ipairs(self.spec.indicators) do
      local there = 0
      for u = 1, units do there = there + (self.raw:get(first + u, leaf) and 1 or 0) end
      rows[leaf] = {node.shown, there, units}
   end
   made:heading "Values that are there"
   made:table(tables.new({"indicator", "units with a value", "of"}, rows), {title = false})
   made:heading "Ranks and scores"
   made:text(left_out)
   if unit then made:text(("- [%s](%s)"):format(plain(self.set.titles[unit] or unit), files[unit])) end
   made:heading "How it is made"
   made:text("- [Method](method.html), with formulas\n"
      .. "- Data: [parts](data/parts.csv) in a [package](data/datapackage.json)")
   return made
end

--- Of whom a site may speak that is not of all: what is written of it.
local function reduced_steps(self, given, robust, files, made, page)
   local left_out = "Left out: this site says nothing of a single unit" .. (given.unit and " but one." or ".")
   local steps = {
      function() return page("index.html", counts_page(self, given.unit, files, left_out)) end,
      function() return page("method.html", self:method_note()) end,
      function() return made("method.md", core.write_file("method.md", self:method_note():markdown(), true)) end,
      function()
         local done, message, code = require("difkit.format.export.package").write("data",
            {parts = data_tables(self, robust).parts}, {name = self.spec.root.id:lower():gsub("[^%w._-]", "-"),
               title = self.spec.root.shown})
         if not done then return nil, message, code end
         made("data/datapackage.json", true)
         return made("data/parts.csv", true)
      end,
   }
   if given.unit then
      steps[5] = function()
         return page(files[given.unit], self:profile(given.unit, {robust = robust, peers = tables.new({"unit"}, {})}))
      end
   end
   return steps
end

---Writes the index below --out as a small site: index.html with ranks and tiers, a page for each unit, the method note,
---the data as a package and as SDMX-CSV with its structure (SDMX-ML 3.0), and the audit (HTML, Markdown, workbook,
---JSON). Gives the names of the files. The same spec, data and version give the same bytes. `disclosure = "regional"`
---names no unit: counts, method and parts alone; "own" adds the page of `unit`.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(#egdi:compute(db):publish{runs = 100}) --> 25
---print(#egdi:compute(db):publish{runs = 100, disclosure = "regional"}) --> 5
---```
---@param options? {runs?: integer, seed?: integer, disclosure?: "regional"|"own"|"full", unit?: string}
---@return string[]|nil files
---@return string|nil message
---@return string|nil code
function Result:publish(options)
   options = errors.options("publish", options, {"runs", "seed", "disclosure", "unit"})
   local given = {runs = options.runs or 2000, seed = options.seed or 1, weights = 0.25}
   local robust, files, written = self:robustness(given), files_of(self), {}
   local whole = (options.disclosure or "full") == "full"
   if options.unit then result.row_of(self, "publish", options.unit) end
   local peers = whole and #self.set.units > 2 and self:peers{} or nil
   local audit = whole and self:audit{runs = given.runs, seed = given.seed}
   local function made(name, done, message, code)
      if not done then return nil, message, code end
      written[#written + 1] = name
      return true
   end
   local function page(name, report) return made(name, report:write(name)) end
   local steps = {
      function() return page("index.html", front_page(self, robust, files, audit)) end,
      function() return page("method.html", self:method_note()) end,
      function() return made("method.md", core.write_file("method.md", self:method_note():markdown(), true)) end,
      function()
         local parts = data_tables(self, robust)
         local done, message, code = require("difkit.format.export.package").write("data", parts,
            {name = self.spec.root.id:lower():gsub("[^%w._-]", "-"), title = self.spec.root.shown})
         if not done then return nil, message, code end
         for _, name in ipairs {"datapackage.json", "normalised.csv", "parts.csv", "ranks.csv", "scores.csv",
            "values.csv"} do
            written[#written + 1] = "data/" .. name
         end
         return true
      end,
      function() return made("data/sdmx.csv", sdmx.observations(self):write "data/sdmx.csv") end,
      function()
         return made("data/sdmx-structure.xml", core.write_file("data/sdmx-structure.xml", sdmx.structure(self), true))
      end,
      function()
         local list, message, code = audit:write()
         if not list then return nil, message, code end
         for _, name in ipairs(list) do written[#written + 1] = name end
         return true
      end,
   }
   if not whole then steps = reduced_steps(self, options, robust, files, made, page) end
   for _, unit in ipairs(whole and self.set.units or {}) do
      steps[#steps + 1] = function()
         return page(files[unit], self:profile(unit, {robust = robust, peers = peers}))
      end
   end
   for _, step in ipairs(steps) do
      local done, message, code = step()
      if not done then return nil, message, code end
   end
   return written
end

return result
