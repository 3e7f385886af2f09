--- An index whose large part is computed where its data are: the database denominates, normalises and aggregates the
--- indicators of each group that has no groups below it, and gives one value a unit and period; what is above is an
--- index of these groups, computed here as any other. SQL of the common subset: extremes by GROUP BY and join, sums by
--- unit and period, no window, so that a database of several nodes does the first in its shards and adds up partial
--- sums. Values agree with those computed here but for the rounding of sums, whose order is the database's.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"
local source = require "difkit.index.source"
local tree = require "difkit.index.tree"

local pushed = {}

--- What can be written as SQL; `low`, `high` and the like have the defaults of the kernel (core/index/normalise.h).
local scales = {none = 0, minmax = 1, goalposts = 2}
local means = {arithmetic = true, geometric = true}

--- Whether all children are indicators.
local function is_lowest(node)
   for _, child in ipairs(node.children or {}) do
      if child.children then return false end
   end
   return node.children ~= nil
end

--- Eligibility ----------------------------------------------------------------------------------------------------

--- Why an indicator cannot be computed in the database: stage and reason, or nil.
local function obstacle_of(node)
   if type(node.source) == "function" then return "read", "its source is a function of a script" end
   if type(node.denominator) == "function" then return "denominate", "its denominator is a function of a script" end
   if node.impute.method ~= "none" then return "impute", "values are imputed by " .. node.impute.method end
   if node.transform then return "treat", "values are transformed by " .. node.transform.method end
   if node.treat.method ~= "none" then return "treat", "values are treated by " .. node.treat.method end
   if not scales[node.normalise.method] then
      return "normalise", ("the scale %s needs more than the extremes"):format(node.normalise.method)
   end
end

--- The first obstacle of a spec: stage, reason, the node. `member`: units that change with the period.
local function first_obstacle(spec, from, member)
   if not from.observations then return "read", "the data are no observations of a database", spec.root end
   local root = spec.root
   if root.periods == "latest_each" then return "read", "each indicator has a period of its own", root end
   if member then return "read", "the units change with the period", root end
   if root.reference ~= "all" and root.reference ~= "period" then
      return "normalise", "the scale is learned from one period", root
   end
   for _, node in ipairs(spec.indicators) do
      local stage, why = obstacle_of(node)
      if stage then return stage, why, node end
   end
   for _, node in ipairs(spec.nodes) do
      if node.children and not tree.fixed_weights(node, {}, {}) then
         return "aggregate", "weights are made from the data by " .. node.weighting.method, node
      end
      if is_lowest(node) and not means[node.aggregate.method] then
         return "aggregate", ("%s is no mean of single values"):format(node.aggregate.method), node
      end
   end
end

--- SQL ------------------------------------------------------------------------------------------------------------

--- Text with its values beside it.
local Writer, writer_events = class "difkit.IndexSql"

local function new_writer() return setmetatable({parts = {}, values = {}}, writer_events) end

function Writer:add(text, ...)
   self.parts[#self.parts + 1] = text
   for _, value in ipairs {...} do self.values[#self.values + 1] = value end
end

function Writer:list(items)
   self:add("(" .. ("?, "):rep(#items - 1) .. "?)", table.unpack(items))
end

--- A number that reads as the same double everywhere, and is one.
local function double(value) return ("CAST(%.17g AS DOUBLE PRECISION)"):format(value) end

--- What the database has to know of an indicator, a row of a table of values: the columns of `p`.
local P <const> = "p(id, weight, sign, kind, lower, upper, low, high, cut, divisor, factor)"

local function add_indicators(sql, leaves)
   sql:add("WITH " .. P .. " AS (VALUES ")
   for i, leaf in ipairs(leaves) do
      local node, how = leaf.node, leaf.node.normalise
      local lower, upper = how.lower or node.lower or node.described.lower, how.upper or node.upper
         or node.described.upper
      if how.method == "goalposts" and not (lower and upper and lower < upper) then
         node.fail("goalposts need lower and upper", "such as lower = 0, upper = 100", "normalise")
      end
      sql:add(i > 1 and ", (?, " or "(?, ", node.source)
      sql:add(("%s, %d, %d, %s, %s, %s, %s, %d, "):format(double(leaf.weight), node.sign, scales[how.method],
         double(lower or 0), double(upper or 1), double(how.low or 0), double(how.high or 100),
         how.truncate == false and 0 or 1))
      if node.denominator then sql:add("?, ", node.denominator) else sql:add "CAST(NULL AS TEXT), " end
      sql:add(double(node.factor) .. ")")
   end
   sql:add ") "
   local divisors, has = {}, {}
   for _, leaf in ipairs(leaves) do
      local name = leaf.node.denominator
      if name and not has[name] then has[name], divisors[#divisors + 1] = true, name end
   end
   if #divisors == 0 then return end
   -- Read once, and sent to every node: they stand in other shards than what they divide.
   sql:add [[, d AS MATERIALIZED (SELECT indicator_id, unit_id, period, value FROM observation
      WHERE value IS NOT NULL AND indicator_id IN ]]
   sql:list(divisors)
   sql:add ") "
end

--- The observations of the group, `x` being the value over its denominator.
local function add_values(sql, set, leaves, columns)
   local divided = false
   for _, leaf in ipairs(leaves) do divided = divided or leaf.node.denominator ~= nil end
   sql:add("SELECT " .. columns .. (divided and [[, CASE WHEN p.divisor IS NULL THEN o.value
      ELSE o.value / NULLIF(d.value, 0) * p.factor END AS x]] or ", o.value AS x")
      .. " FROM observation AS o JOIN p ON p.id = o.indicator_id ")
   if divided then
      sql:add [[LEFT JOIN d ON d.indicator_id = p.divisor AND d.unit_id = o.unit_id AND d.period = o.period ]]
   end
   sql:add "WHERE o.value IS NOT NULL AND o.indicator_id IN "
   local ids = {}
   for i, leaf in ipairs(leaves) do ids[i] = leaf.node.source end
   sql:list(ids)
   if set.some_periods then
      sql:add " AND o.period IN "
      sql:list(set.some_periods)
   end
   if set.some_units then
      sql:add " AND o.unit_id IN "
      sql:list(set.some_units)
   end
end

local scaled = {
   none = "q.sign * q.x",
   minmax = [[CASE WHEN s.high - s.low > %s * (CASE WHEN abs(s.high) > abs(s.low) THEN abs(s.high) ELSE abs(s.low) END)
      THEN q.low + (q.high - q.low) * ((CASE WHEN q.sign > 0 THEN q.x - s.low ELSE s.high - q.x END)
         / (s.high - s.low)) END]],
   goalposts = [[CASE WHEN q.cut = 1 AND q.share > 1 THEN q.high WHEN q.cut = 1 AND q.share < 0 THEN 0
      ELSE q.high * q.share END]],
}

local SHARE <const> = [[, (CASE WHEN q.sign > 0 THEN q.x - q.lower ELSE q.upper - q.x END)
   / (q.upper - q.lower) AS share]]

--- A value on its scale; where the indicators of a group have several, by the kind of each.
local function scaled_value(has, tolerance)
   local all, one = {}, nil
   for name, kind in require("difkit.sorted")(scales) do
      if has[name] then
         one = scaled[name]:format(double(tolerance))
         all[#all + 1] = ("WHEN %d THEN %s"):format(kind, one)
      end
   end
   return #all == 1 and one or "CASE q.kind " .. table.concat(all, " ") .. " END"
end

---The question for the values of one group: unit, period, value, flag. A value that is infinite says that it is not
---defined: an indicator is constant, or a geometric mean has a value that is not above zero.
---@return string sql
---@return any[] values
function pushed.sql(set, group)
   local sql, has = new_writer(), {}
   local count, sum = 0, 0
   for _, leaf in ipairs(group.leaves) do
      count, sum = count + 1, sum + leaf.weight
      has[leaf.node.normalise.method] = true
   end
   local infinite = core.sql(set.db, "temporary") == "temp" and "9e999" or "CAST('Infinity' AS DOUBLE PRECISION)"
   local by_weight = ("sum(weight) / %s"):format(double(sum))
   local by_count = ("CAST(count(y) AS DOUBLE PRECISION) / %d"):format(count)
   local mean = group.geometric and "exp(sum(weight * ln(CASE WHEN y > 0 THEN y END)) / sum(weight))"
      or "sum(weight * y) / sum(weight)"
   add_indicators(sql, group.leaves)
   sql:add(("SELECT unit_id, period, CASE WHEN count(*) > count(y)%s THEN %s WHEN %s >= %s THEN %s END AS value, "
      .. "NULL AS flag FROM (SELECT q.unit_id, q.period, q.weight, %s AS y FROM (SELECT q.*%s FROM (")
      :format(group.geometric and " OR min(y) <= 0" or "", infinite, group.by_weight and by_weight or by_count,
         double(group.threshold - 1e-12), mean, scaled_value(has, set.tolerance), has.goalposts and SHARE or ""))
   add_values(sql, set, group.leaves, "p.*, o.unit_id, o.period")
   sql:add ") AS q) AS q "
   if has.minmax then
      local by_period = set.by_period and ", period" or ""
      sql:add("JOIN (SELECT id" .. by_period .. ", min(x) AS low, max(x) AS high FROM (")
      add_values(sql, set, group.leaves, "p.id, o.period")
      sql:add(") AS a GROUP BY id" .. by_period .. ") AS s ON s.id = q.id" .. (set.by_period
         and " AND s.period = q.period" or "") .. " ")
   end
   sql:add "WHERE q.x IS NOT NULL) AS y GROUP BY unit_id, period"
   return table.concat(sql.parts), sql.values
end

--- A source of groups ---------------------------------------------------------------------------------------------

--- As observations are (source.lua), but a column is a group, whose values the database computes.
local Groups, groups_events = class "difkit.IndexGroups"

function Groups:columns() return self.names end

function Groups:describe(names)
   local known = {}
   for _, name in ipairs(names) do known[name] = self.group[name] and {} or nil end
   return known
end

function Groups:units() return self.from:units() end
--- Asked once: the database goes through all observations for it.
function Groups:periods()
   self.found = self.found or self.from:periods(self.sources)
   return table.move(self.found, 1, #self.found, 1, {})
end
function Groups.errors() return nil end

function Groups:fill(matrix, names, units, periods)
   local rows = core.index.names(units, periods)
   for column, name in ipairs(names) do
      local sql, values = pushed.sql(self.set, self.group[name])
      if core.index.load(self.db:query(sql, table.unpack(values)), matrix, column, rows) > 0 then
         errors.raise(('index: "%s" is not defined for all: an indicator is constant, or has a value that is not '
            .. "above zero"):format(name), 'leave where = "database" out: computed here, it is said which', "data")
      end
   end
end

--- What is computed here: the spec above the groups, and the groups by the names of its indicators.
local function reduce(spec, names, groups)
   local function lowest(node, leaves, id)
      names[#names + 1] = id
      groups[id] = {
         node = node, leaves = leaves, geometric = node.aggregate and node.aggregate.method == "geometric" or false,
         threshold = node.threshold or 0, by_weight = node.by_weight,
      }
      return {id = id, title = node.title, normalise = "none", direction = 1}
   end
   local function leaves_of(node)
      local weights, leaves = tree.fixed_weights(node, {}, {}), {}
      for i, child in ipairs(node.children) do
         if weights[i] > 0 then leaves[#leaves + 1] = {node = child, weight = weights[i]} end
      end
      return leaves
   end
   local function above(node)
      if not node.children then return lowest(node, {{node = node, weight = 1}}, node.id) end
      if node.parent and is_lowest(node) then return lowest(node, leaves_of(node), node.id) end
      local made = {id = node.id, title = node.title, note = node.note, aggregate = node.given.aggregate,
         threshold = node.given.threshold, threshold_by = node.given.threshold_by, children = {}}
      if is_lowest(node) then
         made.children[1] = lowest(node, leaves_of(node), node.id .. "_mean")
         made.aggregate, made.threshold = "arithmetic", nil
         return made
      end
      made.weights = tree.fixed_weights(node, {}, {})
      for i, child in ipairs(node.children) do made.children[i] = above(child) end
      return made
   end
   local made, given = above(spec.root), spec.given
   for _, key in ipairs {"units", "roster", "period", "periods", "tolerance", "groups"} do made[key] = given[key] end
   return made
end

--- Units, when some have values and yet no score: then they have to be asked for.
local function with_values(self, set)
   local sql = new_writer()
   sql:add "SELECT DISTINCT unit_id FROM observation WHERE value IS NOT NULL AND indicator_id IN "
   sql:list(self.sources)
   if set.some_periods then
      sql:add " AND period IN "
      sql:list(set.some_periods)
   end
   local has, list = {}, {}
   for values in self.db:query(table.concat(sql.parts), table.unpack(sql.values)):rows() do has[values[1]] = true end
   for _, id in ipairs((self.from:units())) do
      if has[id] then list[#list + 1] = id end
   end
   return list
end

---What a spec becomes: the spec above the groups and its source; or nil, the stage, the reason and the node that are
---in the way.
---@param spec table of this run, its nodes described
---@param given any the data
function pushed.read(spec, given)
   local data = require "difkit.index.data"
   local from, message, code = source.open(given, {})
   if not from then return nil, message, code end
   if not from.observations then return nil, first_obstacle(spec, from) end
   local sources, has = {}, {}
   for _, node in ipairs(spec.indicators) do
      if type(node.source) == "string" and not has[node.source] then
         has[node.source], sources[#sources + 1] = true, node.source
      end
   end
   data.describe(spec, from)
   local self = setmetatable({from = from, db = from.db, observations = true, sources = sources}, groups_events)
   local periods = data.choose_periods(spec, self, sources)
   local units, _, member = require("difkit.index.roster").read(spec, from, periods)
   local stage, why, node = first_obstacle(spec, from, member)
   if stage then return nil, stage, why, node end
   local names, groups = {}, {}
   local made = reduce(spec, names, groups)
   local set = {
      db = from.db, by_period = spec.root.reference == "period", tolerance = spec.root.tolerance,
      some_periods = spec.root.periods ~= "all" and periods or nil,
      some_units = spec.root.units ~= nil and units or nil,
   }
   for i, at in ipairs(set.some_periods or {}) do set.some_periods[i] = tostring(at) end
   self.names, self.group, self.set = names, groups, set
   for _, group in pairs(groups) do
      if group.threshold > 0 and not set.some_units then made.units = with_values(self, set) end
   end
   return made, self
end

return pushed
