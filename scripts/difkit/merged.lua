--- One order out of several: what comes before what in any of them does so in all, also where the first has gaps.

--- The smallest of a heap of numbers is taken out; `push` puts one in.
local function push(heap, value)
   local i = #heap + 1
   while i > 1 and heap[i // 2] > value do
      heap[i] = heap[i // 2]
      i = i // 2
   end
   heap[i] = value
end

local function pop(heap)
   local smallest, last = heap[1], table.remove(heap)
   local i, n = 1, #heap
   while 2 * i <= n do
      local child = 2 * i
      if child < n and heap[child + 1] < heap[child] then child = child + 1 end
      if heap[child] >= last then break end
      heap[i] = heap[child]
      i = child
   end
   if n > 0 then heap[i] = last end
   return smallest
end

--- `keys`, each once, in the order of the `lists`. Where these leave it open, and where they contradict one another, a
--- key stays where it is.
---@param keys any[]
---@param lists any[][]
---@return any[]
return function(keys, lists)
   local place, following, before = {}, {}, {}
   for i, key in ipairs(keys) do place[key], following[key], before[key] = i, {}, 0 end
   for _, list in ipairs(lists) do
      for i, key in ipairs(list) do
         local last = list[i - 1]
         if i > 1 and last ~= key and not following[last][key] then
            following[last][key] = true
            before[key] = before[key] + 1
         end
      end
   end
   local ready, out = {}, {}
   for i, key in ipairs(keys) do
      if before[key] == 0 then push(ready, i) end
   end
   while #ready > 0 do
      local key = keys[pop(ready)]
      out[#out + 1] = key
      for next_key in next, following[key] do
         before[next_key] = before[next_key] - 1
         if before[next_key] == 0 then push(ready, place[next_key]) end
      end
   end
   return #out == #keys and out or keys
end
