--- Scales: from numbers to places on the picture, and ticks at round numbers.
local scale = {}

--- A round step of about `rough`: 1, 2 or 5 times a power of ten.
local function round_step(rough)
   local power = 10.0 ^ math.floor(math.log(rough, 10) + 1e-9)
   local times = rough / power
   local step = times <= 1.0001 and 1 or times <= 2.0001 and 2 or times <= 5.0001 and 5 or 10
   return step * power
end

--- Ticks at round numbers that cover [low, high] with about `count` steps, and the range that they span.
--- A range without width is widened, so that there is always something to show.
function scale.ticks(low, high, count, whole)
   if high < low then low, high = high, low end
   if high - low < 1e-12 * math.max(1, math.abs(high)) then
      local pad = high == 0 and 1 or math.abs(high) * 0.1
      low, high = low - pad, high + pad
   end
   local step = round_step((high - low) / math.max(1, count or 5))
   if whole then step = math.max(1, math.floor(step + 0.5)) end
   local first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
   local ticks = {}
   for i = first, last do
      local value = i * step
      -- The product of a step such as 0.1 carries the error of the step: the nearest short number is meant.
      ticks[#ticks + 1] = tonumber(("%.12g"):format(value))
   end
   return ticks, ticks[1], ticks[#ticks], step
end

--- A function from [low, high] to [from, to].
function scale.linear(low, high, from, to)
   local width = high - low
   if width == 0 then return function() return (from + to) / 2 end end
   return function(value) return from + (value - low) / width * (to - from) end
end

--- Places for boxes along a line: as near to where they are wanted as goes without overlap, within [low, high].
--- `wanted` are the centres, in rising order; `sizes` the lengths. Boxes that touch move together, so that the sum of
--- squared shifts is smallest.
function scale.spread(wanted, sizes, low, high)
   local groups = {}
   for i = 1, #wanted do
      local group = {first = i, last = i, size = sizes[i], sum = wanted[i], count = 1}
      group.start = wanted[i] - sizes[i] / 2
      groups[#groups + 1] = group
      while #groups > 1 do
         local before, this = groups[#groups - 1], groups[#groups]
         if before.start + before.size <= this.start + 1e-9 then break end
         -- The mean of what each member would want as the start of the joint group.
         local total, count = 0, 0
         local offset = 0
         for j = before.first, this.last do
            total = total + wanted[j] - sizes[j] / 2 - offset
            count = count + 1
            offset = offset + sizes[j]
         end
         groups[#groups] = nil
         groups[#groups] = {first = before.first, last = this.last, size = offset, start = total / count}
      end
      local last = groups[#groups]
      last.start = math.max(low, last.start)
   end
   -- From the end backwards: nothing beyond `high`, and no overlap with what was pushed back.
   local limit = high
   for i = #groups, 1, -1 do
      local group = groups[i]
      group.start = math.min(group.start, limit - group.size)
      limit = group.start
   end
   -- And forwards again, for the lower limit.
   limit = low
   local centres = {}
   for _, group in ipairs(groups) do
      group.start = math.max(group.start, limit)
      limit = group.start + group.size
      local at = group.start
      for j = group.first, group.last do
         centres[j] = at + sizes[j] / 2
         at = at + sizes[j]
      end
   end
   return centres
end

return scale
