--- Levels of maturity: an index whose indicators are the questions of a self-assessment, each answered by a level.
local errors = require "difkit.error"
local result = require "difkit.index.result"
local tables = require "difkit.table"

---@class difkit.IndexResult
local Result = result.methods

--- The question of a dimension that stands lowest, and how far the questions are from what they aim at.
local function questions_of(self, node, row, wanted)
   local lowest, short, count = nil, 0, 0
   for _, child in ipairs(node.children or {node}) do
      local value = self.aggregated:get(row, child.number)
      if value then
         count = count + 1
         local aim = wanted or child.described and child.described.target
         if aim and value < aim then short = short + 1 end
         if not lowest or value < lowest.value then lowest = {value = value, title = child.shown} end
      end
   end
   return lowest, short, count
end

---Levels of maturity by unit and dimension (the groups below the index) in a period: `level`, its whole `step`, what
---it was in the period `before`, the `change`, the `gap` to the level aimed at (`target`, else the largest of the
---questions' own), how many questions fall `short` of it of how many `answered`, and the question that stands
---`lowest`.
---
---```lua
---local data = assert(difkit.open{"@bundled", "examples/data/illustrative"})
---local toolkit = difkit.index "examples/data/personal-data-toolkit.yaml"
---local row = toolkit:compute(data):maturity{unit = "VNM"}[1]
---print(row.dimension, row.period, row.level >= row.step) --> Law	2025	true
---```
---@param options? {unit?: string, period?: integer|string, before?: integer|string, target?: number}
---@return difkit.Table columns unit, dimension, period, level, step, before, change, gap, short, answered, lowest
function Result:maturity(options)
   options = errors.options("maturity", options, {"unit", "period", "before", "target"})
   local units, periods = self.set.units, self.set.periods
   local function place(period)
      for p, at in ipairs(periods) do
         if at == period then return p end
      end
      errors.unknown("period", period, periods, "maturity")
   end
   local now = options.period and place(options.period) or #periods
   local then_at = options.before and place(options.before) or now > 1 and now - 1 or nil
   local rows = {}
   for u, unit in ipairs(units) do
      for _, node in ipairs((not options.unit or options.unit == unit) and self.spec.root.children or {}) do
         local row = (now - 1) * #units + u
         local level = self.aggregated:get(row, node.number)
         local old = then_at and self.aggregated:get((then_at - 1) * #units + u, node.number) or nil
         local lowest, short, answered = questions_of(self, node, row, options.target)
         local aim = options.target
         for _, child in ipairs(not aim and (node.children or {node}) or {}) do
            local own = child.described and child.described.target
            if own then aim = math.max(aim or own, own) end
         end
         rows[#rows + 1] = {
            unit = unit, dimension = node.shown, period = not self.set.timeless and periods[now] or nil, level = level,
            step = level and math.floor(level + 1e-9), before = old, change = level and old and level - old,
            gap = level and aim and math.max(0, aim - level), short = short, answered = answered,
            lowest = lowest and lowest.title,
         }
      end
   end
   if options.unit and #rows == 0 then errors.unknown("unit", options.unit, units, "maturity") end
   local t = tables.new({
      "unit", "dimension", "period", "level", "step", "before", "change", "gap", "short", "answered", "lowest",
   }, rows)
   t.title = self.spec.root.shown
   t.note = result.note(self)
   return t
end

return Result
