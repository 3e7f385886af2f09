--- From a spec and a source to numbers: units, periods, the raw matrix, denominators, groups of units.
local core = require "difkit.core"
local errors = require "difkit.error"
local period = require "difkit.period"
local roster = require "difkit.index.roster"
local source = require "difkit.index.source"

local data = {}

--- Names of the columns that a spec needs, indicators first (by leaf), then denominators and standard errors; functions
--- have none.
local function needed(spec)
   local names, at = {}, {}
   for _, node in ipairs(spec.indicators) do
      if type(node.source) == "string" and not at[node.source] then
         names[#names + 1] = node.source
         at[node.source] = #names
      end
   end
   local indicators = #names
   for _, node in ipairs(spec.indicators) do
      if type(node.denominator) == "string" and not at[node.denominator] then
         names[#names + 1] = node.denominator
         at[node.denominator] = #names
      end
   end
   for _, node in ipairs(spec.indicators) do
      if type(node.standard_error) == "string" and not at[node.standard_error] then
         names[#names + 1] = node.standard_error
         at[node.standard_error] = #names
      end
   end
   return names, at, indicators
end

--- Raises for a column that the source does not have.
local function check_columns(spec, from, known)
   for _, node in ipairs(spec.indicators) do
      for _, key in ipairs {"source", "denominator", "standard_error"} do
         local name = node[key]
         if type(name) == "string" and not known[name] then
            local what = from.observations and "indicator" or "column"
            node.fail(('the data have no %s "%s"'):format(what, name), errors.hint(name, from:columns()),
               key == "source" and node.given.source == nil and "id" or key)
         end
      end
   end
end

--- What a source knows of the indicators (its `describe`) goes to the nodes of a run: direction, bounds, target, title.
function data.put_known(spec, known)
   for _, node in ipairs(spec.indicators) do
      node.described = type(node.source) == "string" and known[node.source] or {}
      node.sign = node.direction or node.described.direction or 1
      node.shown = node.title or node.described.title or node.id
   end
   for _, node in ipairs(spec.nodes) do node.shown = node.shown or node.title or node.id end
end

--- Names of the columns that a spec needs, their places, how many are of indicators, and what the source knows of them.
function data.describe(spec, from)
   local names, at, indicators = needed(spec)
   local known = from:describe(names)
   check_columns(spec, from, known)
   data.put_known(spec, known)
   return names, at, indicators, known
end

local whole = {latest = true, latest_each = true, all = true}

--- The periods that are computed, in order. Data without periods have one, "".
function data.choose_periods(spec, from, names)
   local root = spec.root
   local given = root.periods
   if given == nil or whole[given] then
      local have = from:periods(names)
      if #have == 0 and from.all_periods then have = from:all_periods() end
      if #have == 0 then return {""} end
      return given == "all" and have or {have[#have]}
   end
   local list = {}
   for i, at in ipairs(type(given) == "table" and given or {given}) do list[i] = period.read(at) end
   local known = {}
   if not from.observations then
      local have = from:all_periods()
      if #have == 0 then root.fail("the data have no periods", "leave period out", "period") end
      for _, at in ipairs(have) do known[at] = true end
   end
   for _, at in ipairs(list) do
      -- A table of one's own may call its periods what it likes.
      if not known[at] and not period.order(at) then
         root.fail(("%s is no period"):format(errors.show(at)), "write " .. period.examples,
            root.given.period ~= nil and "period" or "periods")
      end
   end
   table.sort(list, period.before)
   for i = 2, #list do
      if list[i] == list[i - 1] then root.fail(("the period %s is named twice"):format(list[i]), nil, "periods") end
   end
   return list
end

--- A unit as functions of a spec see it: id, title, period, and every column of the data by name.
local function unit_view(set, u, p, columns)
   local view = {id = set.units[u], title = set.titles[set.units[u]], period = set.timeless and nil or set.periods[p]}
   return setmetatable(view, {
      __index = function(_, name)
         if name == "period" or type(name) ~= "string" then return nil end
         local column = columns[name]
         if column == nil then
            if not set.from:describe({name})[name] then
               errors.raise(('a unit has no column "%s"'):format(name), errors.hint(name, set.from:columns()))
            end
            if set.from.value then
               column = function(unit, at) return (set.from:value(name, unit, at)) end
            else
               local matrix = core.index.matrix(#set.units * #set.periods, 1)
               set.from:fill(matrix, {name}, set.units, set.periods)
               local place = {}
               for i, id in ipairs(set.units) do place[id] = i end
               local times = {}
               for i, at in ipairs(set.periods) do times[at] = i end
               column = function(unit, at) return matrix:get((times[at or ""] - 1) * #set.units + place[unit], 1) end
            end
            columns[name] = column
         end
         return column(set.units[u], set.periods[p])
      end,
   })
end

--- A few names: "A, B and 3 more".
local function some(names)
   if #names <= 8 then return table.concat(names, ", ") end
   return ("%s and %d more"):format(table.concat(names, ", ", 1, 8), #names - 8)
end

--- Fills a column with what a function of a unit gives: the source or denominator (`key`) of a node.
local function fill_by_function(set, matrix, column, node, key, views)
   local call, fail, none = node[key], node.fail, {}
   local what = ('indicator "%s", %s'):format(node.id, key)
   for p = 1, #set.periods do
      for u = 1, #set.units do
         local value, why = call(unit_view(set, u, p, views), not set.timeless and set.periods[p] or nil)
         if value ~= nil and type(value) ~= "number" then
            fail(("%s gave %s for %s; a number or nil is wanted"):format(key, errors.show(value), set.units[u]), nil,
               key)
         end
         if value ~= nil and (value ~= value or value == math.huge or value == -math.huge) then
            none[#none + 1] = set.units[u]
            value = nil
         end
         matrix:set((p - 1) * #set.units + u, column, value, source.origin(value, why))
      end
   end
   if #none > 0 and set.warnings then
      set.warnings[#set.warnings + 1] = ("%s: the function gives no number for %s"):format(what, some(none))
   end
end

--- The periods before, between and after those that are computed, in which a node has values: its column over all of
--- them, denominated, for imputation in time and the newest values. Nil where the data hold no other period.
local function history_of(set, node)
   if set.timeless then return nil end
   local names, has, list = {}, {}, {}
   if type(node.source) == "string" then names[1] = node.source end
   local found = names[1] and set.from:periods(names)
      or set.from.all_periods and set.from:all_periods() or set.from:periods(set.names)
   for _, periods in ipairs {set.periods, found} do
      for _, at in ipairs(periods) do
         if not has[at] then has[at], list[#list + 1] = true, at end
      end
   end
   if #list == #set.periods then return nil end
   table.sort(list, period.before)
   local wide = setmetatable({periods = list, warnings = false}, {__index = set})
   local rows, history = #set.units * #list, {periods = list, times = {}, at = {}}
   for i, at in ipairs(list) do history.times[i], history.at[at] = period.time(at) or i, i end
   local function column(key)
      local matrix = core.index.matrix(rows, 1)
      if type(node[key]) == "string" then
         set.from:fill(matrix, {node[key]}, set.units, list)
      else
         fill_by_function(wide, matrix, 1, node, key, {})
      end
      return matrix
   end
   history.raw = column "source"
   history.divisor = node.denominator and column "denominator" or nil
   return history
end

--- Units without a value in the periods that are computed, but with one in another that imputation in time or
--- `latest_each` may take.
local function find_in_time(set, first)
   local each = set.spec.root.periods == "latest_each"
   for _, node in ipairs(set.spec.indicators) do
      local in_time = each or node.impute.method == "last" or node.impute.method == "linear"
      local history = in_time and set.history(node)
      local there = history and core.index.present(history.raw, #history.periods, 1) or {}
      for u, is_there in ipairs(there) do first[u] = first[u] or is_there end
   end
   set.histories = {} -- of other units than those that are kept
end

--- What all that comes from sources is: filled once, units without any value left out when nobody named them.
local function read_columns(spec, set, names, indicators)
   local rows = #set.units * #set.periods
   --- Reading the units of a large set leaves something behind, before the largest thing is made.
   if rows * #names >= 200000 then collectgarbage() end
   local matrix = core.index.matrix(rows, #names)
   set.from:fill(matrix, names, set.units, set.periods)
   if spec.root.units ~= nil or indicators == 0 then return matrix end
   local kept, keep_rows = {}, {}
   local first = core.index.present(matrix, #set.periods, indicators)
   find_in_time(set, first)
   for u, id in ipairs(set.units) do
      if first[u] then kept[#kept + 1] = id end
   end
   if #kept == #set.units or #kept == 0 then return matrix end
   for p = 1, #set.periods do
      for u = 1, #set.units do
         if first[u] then keep_rows[#keep_rows + 1] = (p - 1) * #set.units + u end
      end
   end
   set.units = kept
   matrix:keep(keep_rows)
   return matrix
end

--- Numbers groups of units for imputation: a column of the data, a table unit -> group, or a function of a unit.
local function number_groups(set, given, node, views)
   local groups, numbers, count = {}, {}, 0
   local call = given
   if type(given) == "table" then
      call = function(unit) return given[unit.id] end
   elseif type(given) == "string" then
      call = function(unit) return unit[given] end
   elseif type(given) ~= "function" then
      node.fail("group imputation needs groups",
         'such as groups = {BRN = "high", …}, a column, or a function of a unit',
         "impute")
   end
   for p = 1, #set.periods do
      for u = 1, #set.units do
         local name = call(unit_view(set, u, p, views))
         if name ~= nil then
            if not numbers[name] then
               count = count + 1
               numbers[name] = count
            end
            groups[(p - 1) * #set.units + u] = numbers[name]
         else
            groups[(p - 1) * #set.units + u] = false
         end
      end
   end
   return {numbers = groups, count = count}
end

--- What a spec says of its data; a path in a file begins at the folder of the file.
local function own_data(spec)
   local given = spec.root.data
   if type(given) == "string" and spec.file and not given:find "^/" then
      return (spec.file:match "^(.*/)" or "") .. given
   end
   return given
end

--- The newest value of each unit, at most `limit` years before the last period of the data: into the only period that
--- is computed. set.used has the periods of cells that are of another one, by leaf and row.
local function take_newest(set, node, limit)
   local history, units = set.history(node), #set.units
   if not history then return end
   local used, too_old, last = {}, {}, #history.periods
   for u = 1, units do
      local p = last
      while p > 0 and not history.raw:get((p - 1) * units + u, 1) do p = p - 1 end
      if p > 0 and history.times[last] - history.times[p] > limit + 1e-9 then
         too_old[#too_old + 1] = ("%s (%s)"):format(set.units[u], history.periods[p])
      elseif p > 0 and p < last then
         local row = (p - 1) * units + u
         core.index.copy_rows(set.raw, node.leaf, u, history.raw, 1, row, 1)
         local divisor = set.divisors[node.leaf]
         if history.divisor then core.index.copy_rows(divisor, 1, u, history.divisor, 1, row, 1) end
         used[u] = history.periods[p]
      end
   end
   set.used[node.leaf] = used
   if #too_old > 0 then
      local text = 'indicator "%s": the newest value is more than %.10g years older than %s for %s'
      set.warnings[#set.warnings + 1] = text:format(node.id, limit, history.periods[last], some(too_old))
   end
end

--- The denominators of an indicator, a column of their own each.
local function read_divisors(set, matrix, at, views)
   set.divisors = {}
   for leaf, node in ipairs(set.spec.indicators) do
      if node.denominator then
         set.divisors[leaf] = core.index.matrix(#set.units * #set.periods, 1)
         if type(node.denominator) == "string" then
            core.index.copy_column(set.divisors[leaf], 1, matrix, at[node.denominator])
         else
            fill_by_function(set, set.divisors[leaf], 1, node, "denominator", views)
         end
      end
   end
end

--- The standard errors of an indicator: a column of the data, one number for all, or those of the observations.
--- Those of observations are looked up when somebody asks for them.
local function read_errors(set, matrix, at)
   local observed = {}
   set.errors = setmetatable({}, {__index = function(_, leaf)
      local node = set.spec.indicators[leaf]
      if not set.from.observations or type(node.source) ~= "string" then return nil end
      if observed[leaf] == nil then
         observed[leaf] = set.from:errors(node.source, set.units, set.periods) or false
      end
      return observed[leaf] or nil
   end})
   for leaf, node in ipairs(set.spec.indicators) do
      if type(node.standard_error) == "string" then
         set.errors[leaf] = matrix:numbers(at[node.standard_error])
      elseif node.standard_error then
         local number = node.standard_error
         set.errors[leaf] = setmetatable({}, {__index = function() return number end})
      end
   end
end

--- Raises for an indicator without any value, unless a threshold says how much may be missing: then it is said.
function data.check_empty(set, node)
   local have = type(node.source) == "string" and set.from:periods({node.source}) or {}
   local when = set.timeless and "" or " for " .. period.ranges(set.periods)
   local others = #have > 0 and (" (have %s)"):format(period.ranges(have)) or ""
   local message = ('indicator "%s" has no observation%s%s'):format(node.id, when, others)
   if node.parent.copes then return message end
   errors.raise(('index "%s": %s'):format(set.spec.root.id, message),
      #have > 0 and 'impute = "last" takes earlier values, period = "latest_each" the newest of each indicator' or nil,
      "data")
end

--- Reads everything that the stages need. Conditions of the world (a file that is not there) give nil, message, code.
function data.read(spec, given)
   local root = spec.root
   if given == nil then given = own_data(spec) end
   if given == nil then
      local message, code
      given, message, code = require "difkit.open"()
      if not given then return nil, message, code end
   end
   local from, message, code = source.open(given, {unit = root.unit_column, period = root.period_column})
   if not from then return nil, message, code end
   local names, at, indicators, known = data.describe(spec, from)
   local set = {from = from, known = known, spec = spec, names = names, warnings = {}, used = {}, histories = {}}
   set.periods = data.choose_periods(spec, from, indicators > 0 and table.move(names, 1, indicators, 1, {}) or names)
   set.timeless = set.periods[1] == ""
   set.times = {}
   for i, p in ipairs(set.periods) do set.times[i] = period.time(p) or i end
   set.units, set.titles, set.member, set.roster = roster.read(spec, from, set.periods)
   --- The periods of a node that are not computed: read when somebody asks, and kept.
   function set.history(node)
      if set.histories[node.leaf] == nil then set.histories[node.leaf] = history_of(set, node) or false end
      return set.histories[node.leaf] or nil
   end
   local matrix = read_columns(spec, set, names, indicators)
   local rows, views = #set.units * #set.periods, {}
   local plain = indicators == #spec.indicators and #names == indicators
   for leaf, node in ipairs(spec.indicators) do plain = plain and at[node.source] == leaf end
   if plain then
      set.raw = matrix
   else
      set.raw = core.index.matrix(rows, #spec.indicators)
      for leaf, node in ipairs(spec.indicators) do
         if type(node.source) == "string" then
            core.index.copy_column(set.raw, leaf, matrix, at[node.source])
         else
            fill_by_function(set, set.raw, leaf, node, "source", views)
         end
      end
   end
   if set.member then
      for p = 1, #set.periods do
         for u, id in ipairs(set.units) do
            if not set.member[p][id] then core.index.blank_row(set.raw, (p - 1) * #set.units + u) end
         end
      end
   end
   read_divisors(set, matrix, at, views)
   read_errors(set, matrix, at)
   if root.periods == "latest_each" then
      for _, node in ipairs(spec.indicators) do take_newest(set, node, root.limit) end
   end
   set.empty = {}
   for leaf in ipairs(spec.indicators) do
      set.empty[leaf] = core.index.available(set.raw, leaf, 1, rows) == 0 or nil
   end
   function set.groups_of(given_groups, node)
      local key = given_groups == nil and root.groups or given_groups
      set.grouped = set.grouped or {}
      set.grouped[key or false] = set.grouped[key or false] or number_groups(set, key, node, views)
      return set.grouped[key or false]
   end
   return set
end

return data
