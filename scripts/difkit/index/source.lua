--- Where the numbers of an index come from: the observations of a database, a query, a table, a CSV file. A source
--- answers: which columns there are, what is known of an indicator, which units and periods; and fills a matrix.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"
local period = require "difkit.period"

local source = {}

--- Why there is no value, by SDMX observation status or in words.
local kinds = {
   M = "not applicable", H = "not due", Q = "confidential", O = "not reported", L = "not reported",
   ["not applicable"] = "not applicable", ["not due"] = "not due", ["not yet due"] = "not due",
   confidential = "confidential", ["not reported"] = "not reported",
}

--- The origin of a cell for the matrix, from its value and flag.
function source.origin(value, flag)
   if value ~= nil then return flag == "I" and "imputed at source" or "observed" end
   return kinds[flag] or "not reported"
end

local function placeholders(count) return ("?, "):rep(count - 1) .. "?" end

--- Observations ---------------------------------------------------------------------------------------------------

--- From so many cells on several readers are worth their connections.
local PARALLEL <const> = 200000

local Observations, observation_events = class "difkit.Observations"

function Observations:columns() return self.db:query("SELECT id FROM indicator ORDER BY id"):columns().id:table() end

--- What the data say of indicators, by id: title, direction, bounds, target, measure and so on.
function Observations:describe(names)
   local known = {}
   for _, name in ipairs(names) do
      local row = self.db:query([[SELECT title, direction, lower, upper, target, measure, source, rationale, licence
         FROM indicator WHERE id = ?]], name):one()
      known[name] = row
   end
   return known
end

function Observations:units()
   local ids, titles = {}, {}
   for row in self.db:units() do
      ids[#ids + 1] = row.id
      titles[row.id] = row.title
   end
   return ids, titles
end

function Observations:periods(names)
   if #names == 0 then return {} end
   local sql = "SELECT DISTINCT period FROM observation WHERE value IS NOT NULL AND indicator_id IN ("
      .. placeholders(#names) .. ")"
   local found = self.db:query(sql, table.unpack(names)):columns().period:table()
   table.sort(found, period.before)
   return found
end

--- The unit and period of a value that no number can be, for a message.
function Observations:infinite(name)
   local row = self.db:query([[SELECT unit_id, period FROM observation WHERE indicator_id = ?
      AND abs(value) > 1.7976931348623157e308]], name):one()
   return row and row.unit_id .. " in " .. row.period
end

--- Fills the columns `names` of the matrix; the rows are the units of the first period, then those of the second …
function Observations:fill(matrix, names, units, periods)
   local sql = "SELECT unit_id, period, value, flag FROM observation WHERE indicator_id = ?"
   local few = #periods <= 3 and periods or {}
   if #few > 0 then sql = sql .. " AND period IN (" .. placeholders(#few) .. ")" end
   local rows = core.index.names(units, periods)
   local infinite = #units * #periods * #names >= PARALLEL
      and core.index.columns(self.db, matrix, rows, names, sql, few, core.threads)
   for column, name in ipairs(names) do
      local lost = infinite and infinite[column]
         or core.index.load(self.db:query(sql, name, table.unpack(few)), matrix, column, rows)
      if lost > 0 then
         errors.raise(('difkit.index: "%s" of %s is beyond what a number can be'):format(name,
            self:infinite(name) or "a unit"), "numbers end at 1.8e308", "data")
      end
   end
end

--- The standard errors of a column by row, as `fill` numbers them; nil where no value has one.
function Observations:errors(name, units, periods)
   local place, found = {}, nil
   for p, at in ipairs(periods) do
      for u, unit in ipairs(units) do place[unit .. "\0" .. tostring(at)] = (p - 1) * #units + u end
   end
   for row in self.db:query([[SELECT unit_id, period, standard_error FROM observation
      WHERE indicator_id = ? AND standard_error > 0]], name):rows() do
      local at = place[row[1] .. "\0" .. tostring(row[2])]
      if at then
         found = found or {}
         found[at] = row[3]
      end
   end
   return found
end

--- Tables ---------------------------------------------------------------------------------------------------------

local Rows, row_events = class "difkit.IndexRows"

local unit_names = {"unit", "unit_id", "id", "uCode", "code"}

--- The column of a role: the one that is wanted, or the first candidate that has no other role.
local function column_of(t, wanted, candidates, what, taken)
   if wanted then
      for _, name in ipairs(t.columns) do
         if name == wanted then return name end
      end
      errors.raise(('difkit.index: the data have no %s column "%s"'):format(what, wanted), errors.hint(wanted,
         t.columns))
   end
   for _, candidate in ipairs(candidates) do
      for _, name in ipairs(t.columns) do
         if name == candidate and not (taken and taken[name]) then return name end
      end
   end
end

--- " in 2022", or nothing for data without periods.
local function in_period(when) return when and when ~= "" and " in " .. when or "" end

local function key_of(unit, at) return at == nil and unit or unit .. "\0" .. tostring(at) end

--- What units.yaml beside a file decides about names; nil where there is none.
local function decisions_of(path)
   return path and require("difkit.units").read(nil, (path:match "^(.*/)" or "") .. "units.yaml") or nil
end

--- In a file, the first column of texts that are countries, by name or code or as was decided.
local function column_of_countries(t, path)
   local units = require "difkit.units"
   local match = units.matcher("any", decisions_of(path), true)
   for _, name in ipairs(t.columns) do
      local seen, all, good = {}, 0, 0
      for row in t:rows() do
         local text = row[name]
         if text ~= nil and not seen[text] then
            seen[text], all = true, all + 1
            if type(text) == "string" and match(text) ~= "unknown" then good = good + 1 end
         end
      end
      if good > 0 and good >= units.SHARE * all then return name end
   end
end

--- Reads the rows once: by unit and period, the units and periods in the order in which they come.
function Rows.new(t, options)
   local unit = column_of(t, options.unit, unit_names, "unit") or options.path and column_of_countries(t, options.path)
   if not unit then
      errors.raise("difkit.index: the data have no column that names the unit",
         'call it "unit", or say which it is: unit_column = "…"')
   end
   local taken = {[unit] = true}
   if options.period == unit then
      errors.raise(('difkit.index: "%s" cannot name both the unit and the period'):format(unit),
         "leave period_column out where the data have no periods")
   end
   local at = column_of(t, options.period, {"period", "year", "Time"}, "period", taken)
   if at then taken[at] = true end
   local indicator = column_of(t, nil, {"indicator", "indicator_id"}, "indicator", taken)
   local self = setmetatable({
      table = t, unit = unit, at = at, ids = {}, titles = {}, found = {}, rows = {}, names = {}, seen = {},
      number_of = {}, path = options.path, called = {},
   }, row_events)
   local has_value = column_of(t, nil, {"value"}, "value", taken)
   local has_flag = column_of(t, nil, {"flag"}, "flag", taken)
   self.long = indicator and has_value and true or false
   local title = column_of(t, nil, {"title", "name", "unit_title", "uName"}, "title", taken)
   -- Codes of units stay as they stand in a file: 1e3, 1.10.
   local written = require("difkit.format.csv").written[t] or {}
   local have_period = {}
   for i, row in ipairs(t) do
      local id = row[unit]
      if id == nil then errors.raise(("difkit.index: row %d of the data has no %s"):format(i, unit)) end
      id = written[i] and written[i][unit] or tostring(id)
      if not self.titles[id] then
         self.ids[#self.ids + 1] = id
         self.titles[id] = title and row[title] and tostring(row[title]) or id
      end
      local when = at and period.read(row[at])
      if at and when == nil then
         errors.raise(("difkit.index: row %d of the data has no usable %s: %s"):format(i, at, errors.show(row[at])))
      end
      if at and not have_period[when] then
         have_period[when] = true
         self.found[#self.found + 1] = when
      end
      local key = key_of(id, when or nil)
      if self.long then
         local name = tostring(row[indicator])
         if not self.seen[name] then
            self.seen[name] = {}
            self.names[#self.names + 1] = name
         end
         if self.seen[name][key] then
            errors.raise(('difkit.index: the data have two values of "%s" for %s%s'):format(name, id,
               in_period(when)))
         end
         self.seen[name][key] = {row.value, has_flag and row.flag or nil, when, i}
      else
         if self.rows[key] then
            errors.raise(("difkit.index: the data have two rows for %s%s"):format(id, when and when ~= ""
               and " in " .. when or ""),
               at == nil and "a column \"period\" or \"year\" tells periods apart" or nil)
         end
         self.rows[key], self.number_of[key] = row, i
      end
   end
   table.sort(self.found, period.before)
   if not self.long then
      for _, name in ipairs(t.columns) do
         if name ~= unit and name ~= at then self.names[#self.names + 1] = name end
      end
   end
   return self
end

function Rows:columns() return self.names end

function Rows:describe(names)
   local known, has = {}, {}
   for _, name in ipairs(self.names) do has[name] = true end
   for _, name in ipairs(names) do known[name] = has[name] and {} or nil end
   return known
end

function Rows:units() return self.ids, self.titles end

--- Units that a spec wants by their codes and the data call by names or other codes get those codes: `wanted` is a set
--- of
--- ids. What units.yaml beside a file decides about names goes before.
function Rows:match(wanted)
   local units = require "difkit.units"
   local there = {}
   for _, id in ipairs(self.ids) do there[id] = true end
   local match = units.matcher(units.system(self.ids, #self.ids), decisions_of(self.path), true)
   for i, id in ipairs(self.ids) do
      if not wanted[id] then
         local kind, code = match(id)
         if kind == "unit" and wanted[code] and not there[code] then
            there[code], self.called[code], self.ids[i], self.titles[code] = true, id, code, self.titles[id]
         end
      end
   end
end

local function is_value(value) return value ~= nil and value ~= "" and value ~= "NA" and not kinds[value] end

--- Those in which one of the columns has a value; all periods when none has, or no column is named.
function Rows:periods(names)
   local has, list = {}, {}
   if not self.at then return {} end
   for _, name in ipairs(names or {}) do
      if self.long then
         for _, cell in pairs(self.seen[name] or {}) do
            if is_value(cell[1]) then has[cell[3]] = true end
         end
      else
         for _, row in ipairs(self.table) do
            if is_value(row[name]) then has[period.read(row[self.at])] = true end
         end
      end
   end
   for _, at in ipairs(self.found) do
      if has[at] then list[#list + 1] = at end
   end
   return list
end

function Rows:all_periods() return self.found end

--- Value and flag of a cell. A text that is no number and not empty is an error.
function Rows:value(name, unit, when)
   local key = key_of(self.called[unit] or unit, self.at and when or nil)
   if self.long then
      local cell = self.seen[name] and self.seen[name][key]
      if cell then return cell[1], cell[2] end
      return nil
   end
   local row = self.rows[key]
   return row and row[name]
end

--- Where a cell stands: 'new.csv, row 3, column "a" (unit A in 2020)'.
function Rows:place(name, unit, when)
   local key = key_of(self.called[unit] or unit, self.at and when or nil)
   local row = self.long and self.seen[name][key][4] or self.number_of[key]
   return ('%s, row %d, column "%s" (unit %s%s)'):format(self.path or "difkit.index: the data", row,
      self.long and "value" or name, unit, in_period(when))
end

function Rows:number(name, unit, when)
   local value, flag = self:value(name, unit, when)
   if type(value) == "string" then
      if kinds[value] then return nil, value end
      local number = not value:find "^%s*[+-]?0[xX]" and tonumber(value) or nil
      if not number and value ~= "" and value ~= "NA" then
         errors.raise(('difkit.index: "%s" of %s%s is %s, not a number'):format(name, unit, in_period(when),
            errors.show(value)), "leave it empty where there is no value")
      end
      value = number
   elseif type(value) == "boolean" then
      value = value and 1 or 0
   end
   if value == math.huge or value == -math.huge then
      errors.raise(("%s: the value is beyond what a number can be"):format(self:place(name, unit, when)),
         "numbers end at 1.8e308", "data")
   end
   if value ~= value then value = nil end
   return value, flag
end

function Rows:fill(matrix, names, units, periods)
   for column, name in ipairs(names) do
      for p, when in ipairs(periods) do
         for u, unit in ipairs(units) do
            local value, flag = self:number(name, unit, when)
            matrix:set((p - 1) * #units + u, column, value, source.origin(value, flag))
         end
      end
   end
end

--- What `data` of a spec, or what compute was given, means. A CSV file that cannot be read gives nil, message, code.
function source.open(given, options)
   if type(given) == "string" then
      local t, message, code = require("difkit.table").read_csv(given)
      if not t then return nil, message, code end
      given, options.path = t, given
   end
   if getmetatable(given) == "difkit.IndexGroups" then return given end
   if type(given) == "function" then given = given() end
   if type(given) == "userdata" or getmetatable(given) == "difkit.Database" then
      local ok, done = pcall(function() return given.path ~= nil and given:path() ~= nil end)
      if ok and done then return setmetatable({db = given, observations = true}, observation_events) end
   end
   if type(given) == "table" or type(given) == "userdata" then
      local tables = require "difkit.table"
      if tables.is_table(given) then return Rows.new(given, options) end
      if getmetatable(given) == nil then
         if #given == 0 then errors.raise("difkit.index: the data have no rows") end
         local columns, has = {}, {}
         for _, row in ipairs(given) do
            for name in require("difkit.sorted")(row) do
               if not has[name] then has[name], columns[#columns + 1] = true, name end
            end
         end
         return Rows.new(tables.new(columns, given), options)
      end
      return Rows.new(given:table(), options)
   end
   errors.raise(("difkit.index: data must be a database, a query, a table or the path of a CSV file, not %s"):format(
      errors.show(given)))
end

return source
