--- Coverage, for the section "Data" of an audit: values over applicable cells by indicator, unit, unit within a group,
--- group and period, what stands where no value stands, and the effective weight that rests on values.
local finding = require "difkit.audit.finding"

local available = {}

--- Values (after denomination) over applicable cells of these indicators and units in a period.
local function count(self, leaves, units, period)
   local there, applicable = 0, 0
   local from = ((period or #self.result.set.periods) - 1) * self.n
   for _, leaf in ipairs(leaves) do
      for _, u in ipairs(units) do
         local value = self.result.denominated:get(from + u, leaf)
         local _, _, why = self.result.raw:origin(from + u, leaf)
         if value then there = there + 1 end
         if value or why ~= "not applicable" then applicable = applicable + 1 end
      end
   end
   return there, applicable, applicable > 0 and there / applicable or nil
end

local function leaves_below(node, into)
   if node.leaf then into[#into + 1] = node.leaf end
   for _, child in ipairs(node.children or {}) do leaves_below(child, into) end
   return into
end

--- Groups below the index that hold indicators.
local function pillars_of(self)
   local list = {}
   for _, group in ipairs(self.groups) do
      if group.level > 0 and group.children[1].node.leaf then
         list[#list + 1] = {id = group.id, leaves = leaves_below(group.node, {})}
      end
   end
   return list
end

local function upto(n)
   local list = {}
   for i = 1, n do list[i] = i end
   return list
end

--- The share of the index' weight that rests on values of a unit.
local function weight_on_values(self, effective, u)
   local there, all, from = 0, 0, (#self.result.set.periods - 1) * self.n
   for leaf, node in ipairs(self.indicators) do
      all = all + effective[node.number]
      if self.result.denominated:get(from + u, leaf) then there = there + effective[node.number] end
   end
   return all > 0 and there / all or nil
end

local function judge(settings, out, row)
   if not row.share or row.share >= settings.coverage - 1e-12 then return end
   finding.add(out, {code = "coverage", subject = row.id, within = row.group, grade = "finding",
      figures = {row.share, row.available, row.of},
      text = row.group and "%s has %d of %d values in %s (%s)." or "%s has %d of %d values (%s).",
      values = row.group and {row.id, row.available, row.of, row.group, finding.percent(row.share)}
         or {row.id, row.available, row.of, finding.percent(row.share)}})
end

--- By unit: all of it, the group that lacks most, and the weight that rests on values.
local function by_unit(self, pillars, within)
   local rows, all, effective = {}, upto(#self.indicators), self.result.tree:effective(self.result.weights)
   for u, unit in ipairs(self.units) do
      local row = {unit = unit, weight_on_values = weight_on_values(self, effective, u)}
      row.available, row.of, row.share = count(self, all, {u})
      for _, pillar in ipairs(pillars) do
         local share = within[pillar.id .. "/" .. unit]
         if share and share < (row.least or 1) then row.least, row.least_in = share, pillar.id end
      end
      rows[u] = row
   end
   return finding.rows({"unit", "of", "available", "share", "least_in", "least", "weight_on_values"}, rows)
end

--- By period, the whole and each group, where there are several periods.
local function by_period(self, pillars)
   local set, rows = self.result.set, {}
   if set.timeless or #set.periods < 2 then return nil end
   local units, all = upto(self.n), upto(#self.indicators)
   for p, period in ipairs(set.periods) do
      for _, part in ipairs {{leaves = all}, table.unpack(pillars)} do
         local row = {period = period, group = part.id}
         row.available, row.of, row.share = count(self, part.leaves, units, p)
         rows[#rows + 1] = row
      end
   end
   return finding.rows({"period", "group", "of", "available", "share"}, rows)
end

--- What stands where no value stands, by indicator and kind.
local function kinds_of_nothing(self)
   local rows, from = {}, (#self.result.set.periods - 1) * self.n
   for leaf, node in ipairs(self.indicators) do
      local counts, order = {}, {}
      for u = 1, self.n do
         if not self.result.denominated:get(from + u, leaf) then
            local why = select(3, self.result.denominated:origin(from + u, leaf)) or "not reported"
            if not counts[why] then counts[why], order[#order + 1] = 0, why end
            counts[why] = counts[why] + 1
         end
      end
      table.sort(order)
      for _, why in ipairs(order) do rows[#rows + 1] = {indicator = node.id, kind = why, count = counts[why]} end
   end
   return finding.rows({"indicator", "kind", "count"}, rows)
end

--- Adds the findings and tables to the section.
function available.run(self, settings, out)
   local rows, groups, within, pillars = {}, {}, {}, pillars_of(self)
   local units, all = upto(self.n), upto(#self.indicators)
   --- Indicators stand there all, the others when they lack values.
   local function add(level, id, group, leaves, of_units)
      local row = {level = level, id = id, group = group}
      row.available, row.of, row.share = count(self, leaves, of_units)
      judge(settings, out, row)
      if level == "indicator" or row.share and row.share < settings.coverage - 1e-12 then rows[#rows + 1] = row end
      return row
   end
   for leaf, node in ipairs(self.indicators) do add("indicator", node.id, nil, {leaf}, units) end
   for u, unit in ipairs(self.units) do add("unit", unit, nil, all, {u}) end
   for _, pillar in ipairs(pillars) do
      for u, unit in ipairs(self.units) do
         local row = add("unit in group", unit, pillar.id, pillar.leaves, {u})
         within[pillar.id .. "/" .. unit] = row.share
      end
      local row = {group = pillar.id}
      row.available, row.of, row.share = count(self, pillar.leaves, units)
      groups[#groups + 1] = row
   end
   finding.table(out, "coverage", "Coverage: every indicator, and units below the mark",
      finding.rows({"level", "id", "group", "of", "available", "share"}, rows))
   finding.table(out, "coverage_groups", "Coverage by group",
      finding.rows({"group", "of", "available", "share"}, groups))
   finding.table(out, "coverage_units", "Coverage by unit", by_unit(self, pillars, within))
   finding.table(out, "coverage_periods", "Coverage by period", by_period(self, pillars))
   finding.table(out, "nothing", "Kinds of nothing", kinds_of_nothing(self))
end

return available
