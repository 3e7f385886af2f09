--- The rows of a plain table that need no thought, read without Lua: what is new in one goes the long way (layout.lua),
--- which says what its cells mean, and from then on all that are like it are taken by themselves (core/read/stream.h).

local function columns_of(list)
   local columns = {}
   for _, one in ipairs(list) do columns[#columns + 1] = one.column end
   return columns
end

--- A stream over the rows of a grid by what `context` says of its columns, or nil where each row has to be thought
--- about: cells that are merged, several columns of notes, missing values of the file's own.
---@param grid difkit.import.Grid
---@param context table of layout.lua
---@param given {name?: table, code?: table} the columns of units
return function(grid, context, given)
   local collect = context.collect
   if not grid.kept or grid.merged or collect.options.missing or #context.notes > 1 then return nil end
   local names = columns_of(context.dimensions)
   -- An indicator and its measure are said once, where the two are first met together.
   if context.measure then names[#names + 1] = context.measure.column end
   if context.named then names[#names + 1] = context.named.column end
   local plan = {
      unit = {}, period = {}, values = {}, note = context.notes[1] and context.notes[1].column or 0,
      point = context.decimal == ".", numbers = grid.sheet ~= nil,
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
         place = grid.sheet and grid:place(1, column.column):gsub("1$", "\0") or "\0:" .. column.column,
      }
   end
   return collect.gathered:stream(grid.kept, plan)
end
