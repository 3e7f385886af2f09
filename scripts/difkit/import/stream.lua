--- The rows of a table that need no thought, read without Lua: what is new in one goes the long way, which says what
--- its cells mean, and from then on all that are like it are taken by themselves (core/read/stream.h).
local stream = {}

local function columns_of(list)
   local columns = {}
   for _, one in ipairs(list) do columns[#columns + 1] = one.column end
   return columns
end

--- A stream over the rows of a grid, or nil where each row has to be thought about: cells that are merged, missing
--- values of the file's own. `plan`: unit, period, silent: lists of columns; note: a column; values: a list of {at,
--- flag_at, when, names}; decimal.
function stream.new(grid, collect, plan)
   if not grid.kept or grid.merged or collect.options.missing then return nil end
   plan.point, plan.numbers = plan.decimal == ".", grid.sheet ~= nil
   for _, value in ipairs(plan.values) do
      value.place = grid.sheet and grid:place(1, value.at):gsub("1$", "\0") or "\0:" .. value.at
   end
   return collect.gathered:stream(grid.kept, plan)
end

--- The rows from `first` to `last`: those that the stream leaves, and all where there is none, are read by `read(r)`.
function stream.rows(self, first, last, collect, read)
   local r = first
   while r and r <= last do
      if self then r = self:run(r, last, collect.meter) end
      if r then
         read(r)
         r = r + 1
      end
   end
end

--- The stream of a plain table, by what `context` says of its columns (layout.lua), `given` of those of units.
function stream.plain(grid, context, given)
   if #context.notes > 1 or context.noted then return nil end
   local names = columns_of(context.dimensions)
   -- An indicator and its measure are said once, where the two are first met together.
   if context.measure then names[#names + 1] = context.measure.column end
   if context.named then names[#names + 1] = context.named.column end
   local plan = {
      unit = {}, period = {}, values = {}, note = context.notes[1] and context.notes[1].column or 0,
      decimal = context.decimal,
   }
   for _, name in ipairs {"name", "code"} do
      if given[name] then plan.unit[#plan.unit + 1] = given[name].column end
   end
   if context.period then plan.period[1] = context.period.column end
   for i, column in ipairs(context.values) do
      local period = column.period or column.upper_period
      if period and period.flag then return nil end
      column.number = i
      plan.values[i] = {
         at = column.column, flag_at = column.flagged and column.flagged.column or 0, names = names,
         when = period and period.period or nil,
      }
   end
   return stream.new(grid, context.collect, plan)
end

return stream
