--- From a spec and a source to numbers: units, periods, the raw matrix, denominators, groups of units.
local core = require "difkit.core"
local errors = require "difkit.error"
local period = require "difkit.period"
local roster = require "difkit.index.roster"
local source = require "difkit.index.source"

local data = {}

--- Names of the columns that a spec needs, indicators first (by leaf), then denominators; functions have none.
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
   return names, at, indicators
end

--- Raises for a column that the source does not have.
local function check_columns(spec, from, known)
   for _, node in ipairs(spec.indicators) do
      for _, key in ipairs {"source", "denominator"} do
         local name = node[key]
         if type(name) == "string" and not known[name] then
            local what = from.observations and "indicator" or "column"
            node.fail(('the data have no %s "%s"'):format(what, name), errors.hint(name, from:columns()),
               key == "source" and node.given.source == nil and "id" or key)
         end
      end
   end
end

--- The periods that are computed, in order. Data without periods have one, "".
local function choose_periods(spec, from, names)
   local root = spec.root
   local given = root.periods
   local have
   if given == nil or given == "latest" or given == "all" then
      have = from:periods(names)
      if #have == 0 then return {""} end
      return given == "all" and have or {have[#have]}
   end
   local list = {}
   for i, at in ipairs(type(given) == "table" and given or {given}) do list[i] = period.read(at) end
   local known = {}
   if not from.observations then
      have = from:periods()
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

--- Fills a column with what a function of a unit gives.
local function fill_by_function(set, matrix, column, call, fail, key, views)
   for p = 1, #set.periods do
      for u = 1, #set.units do
         local value, why = call(unit_view(set, u, p, views), not set.timeless and set.periods[p] or nil)
         if value ~= nil and type(value) ~= "number" then
            fail(("%s gave %s for %s; a number or nil is wanted"):format(key, errors.show(value), set.units[u]), nil,
               key)
         end
         if value ~= nil and (value ~= value or value == math.huge or value == -math.huge) then value = nil end
         matrix:set((p - 1) * #set.units + u, column, value, source.origin(value, why))
      end
   end
end

--- What all that comes from sources is: filled once, units without any value left out when nobody named them.
local function read_columns(spec, set, names, indicators)
   local rows = #set.units * #set.periods
   --- Reading the units of a large set leaves something behind, before the largest thing is made.
   if rows * #names >= 200000 then collectgarbage() end
   local matrix = core.index.matrix(rows, #names)
   set.infinite = set.from:fill(matrix, names, set.units, set.periods)
   if spec.root.units ~= nil or indicators == 0 then return matrix end
   local kept, keep_rows = {}, {}
   local first = core.index.present(matrix, #set.periods, indicators)
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

--- Reads everything that the stages need. Conditions of the world (a file that is not there) give nil, message, code.
function data.read(spec, given)
   local root = spec.root
   if root.data ~= nil then given = root.data end
   if given == nil then
      local message, code
      given, message, code = require("difkit").open()
      if not given then return nil, message, code end
   end
   local from, message, code = source.open(given, {unit = root.unit_column, period = root.period_column})
   if not from then return nil, message, code end
   local names, at, indicators = needed(spec)
   local known = from:describe(names)
   check_columns(spec, from, known)
   local set = {from = from, known = known, spec = spec}
   set.periods = choose_periods(spec, from, names)
   set.timeless = set.periods[1] == ""
   set.times = {}
   for i, p in ipairs(set.periods) do set.times[i] = period.time(p) or i end
   set.units, set.titles, set.member, set.roster = roster.read(spec, from, set.periods)
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
            fill_by_function(set, set.raw, leaf, node.source, node.fail, "source", views)
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
   for leaf, node in ipairs(spec.indicators) do
      if core.index.available(set.raw, leaf, 1, rows) == 0 then
         local have = type(node.source) == "string" and from:periods({node.source}) or {}
         local shown = {}
         for i, p in ipairs(have) do shown[i] = tostring(p) end
         local wanted = {}
         for i, p in ipairs(set.periods) do wanted[i] = tostring(p) end
         local when = set.timeless and "" or " for " .. table.concat(wanted, ", ")
         local others = #shown > 0 and (" (have %s)"):format(table.concat(shown, ", ")) or ""
         errors.raise(('index "%s": indicator "%s" has no observation%s%s'):format(root.id, node.id, when, others),
            nil,
            "data")
      end
   end
   set.denominators, set.denominator_at = matrix, at
   set.by_function = {}
   for _, node in ipairs(spec.indicators) do
      if type(node.denominator) == "function" then
         local column = core.index.matrix(rows, 1)
         fill_by_function(set, column, 1, node.denominator, node.fail, "denominator", views)
         set.by_function[node.id] = column
      end
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
