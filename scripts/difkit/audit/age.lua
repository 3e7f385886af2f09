--- Age of the data, for the section "Data" of an audit: the period asked for less the year a value is of. A value that
--- was carried forward keeps its own year; an imputed one has none.
local finding = require "difkit.audit.finding"

local age = {}

--- The year of a value that imputation carried forward: of the last one before it.
local function carried_from(self, leaf, u)
   local set = self.result.set
   local state = self.result.imputed:origin((#set.periods - 1) * self.n + u, leaf)
   if state ~= "imputed: last value" then return nil end
   for p = #set.periods - 1, 1, -1 do
      if self.result.raw:get((p - 1) * self.n + u, leaf) then return tonumber(set.periods[p]) end
   end
end

--- How old the value of a cell is; nil where there is none or its year is not known.
local function age_of(self, leaf, u, latest)
   local row = (#self.result.set.periods - 1) * self.n + u
   if self.result.raw:get(row, leaf) then
      local used = self.result.used[leaf] and self.result.used[leaf][row]
      return latest - (tonumber(used) or latest)
   end
   local year = carried_from(self, leaf, u)
   return year and latest - year
end

local function median(sorted)
   local half = #sorted // 2
   return #sorted % 2 == 1 and sorted[half + 1] or (sorted[half] + sorted[half + 1]) / 2
end

--- Mean, median, oldest and so on of a list of ages; nil of an empty one.
local function summary(ages)
   if #ages == 0 then return nil end
   table.sort(ages)
   local sum, old = 0, 0
   for _, years in ipairs(ages) do sum, old = sum + years, old + (years > 5 and 1 or 0) end
   return {n = #ages, mean = sum / #ages, median = median(ages), oldest = ages[#ages], older_than_5 = old / #ages,
      spread = ages[#ages] - ages[1], old = old}
end

local function by_indicator(self, latest, out)
   local rows = {}
   for leaf, node in ipairs(self.indicators) do
      local ages = {}
      for u = 1, self.n do ages[#ages + 1] = age_of(self, leaf, u, latest) end
      local row = summary(ages)
      if row then
         row.indicator = node.id
         rows[#rows + 1] = row
         if row.old > 0 then
            finding.add(out, {code = "age", subject = node.id, grade = "look", figures = {row.oldest, row.old},
               text = "%d values of %s are older than 5 years; the oldest is %s years old.",
               values = {row.old, node.id, finding.number(row.oldest)}})
         end
      end
   end
   return rows
end

--- By unit, each value by the effective weight of its indicator.
local function by_unit(self, latest)
   local rows, effective = {}, self.result.tree:effective(self.result.weights)
   for u, unit in ipairs(self.units) do
      local sum, weight, oldest = 0, 0, nil
      for leaf, node in ipairs(self.indicators) do
         local years = age_of(self, leaf, u, latest)
         if years then
            sum, weight = sum + effective[node.number] * years, weight + effective[node.number]
            oldest = math.max(oldest or years, years)
         end
      end
      rows[u] = {unit = unit, mean = weight > 0 and sum / weight or nil, oldest = oldest}
   end
   return rows
end

--- Adds the findings and tables; where no value is older than the period asked for, a sentence that says so.
function age.run(self, out)
   local set = self.result.set
   local latest = not set.timeless and tonumber(set.periods[#set.periods])
   if not latest then return end
   local rows = by_indicator(self, latest, out)
   local oldest = 0
   for _, row in ipairs(rows) do oldest = math.max(oldest, row.oldest) end
   if #rows > 0 and oldest == 0 then
      finding.add(out, {code = "age", subject = self.groups[1].id, grade = "note", figures = {latest},
         text = "All values are of %s.", values = {("%d"):format(latest)}})
      return
   end
   finding.table(out, "age", "Age of the values in years", finding.rows({"indicator", "n", "mean", "median", "oldest",
      "older_than_5", "spread"}, rows))
   finding.table(out, "age_units", "Mean age by unit, by effective weight", finding.rows({"unit", "mean", "oldest"},
      by_unit(self, latest)))
end

return age
