--- Places for the names of points: beside the point where there is room, further out with a line to it where there is
--- none. A name covers no point, no other name, and stays on the picture.
local place = {}

local function overlaps(a, b)
   return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
end

local function free(box, taken, bounds)
   if box.left < bounds.left or box.right > bounds.right or box.top < bounds.top or box.bottom > bounds.bottom then
      return false
   end
   for _, other in ipairs(taken) do
      if overlaps(box, other) then return false end
   end
   return true
end

--- Directions to try, the usual ones first: right, left, above, below, then the corners.
local directions = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {-1, -1}, {1, 1}, {-1, 1}}

local function box_at(label, direction, distance)
   local x = label.x + direction[1] * (distance + label.width / 2)
   local y = label.y + direction[2] * (distance + label.height / 2)
   return {left = x - label.width / 2, right = x + label.width / 2, top = y - label.height / 2,
      bottom = y + label.height / 2}
end

--- Gives each label {x, y (of its point), width, height} a field `box`, or none when the picture is too full, and `far`
--- when a line should lead from the point to the name. `obstacles` are boxes that names must not cover.
function place.labels(labels, obstacles, bounds, reach)
   local taken = {}
   for i, box in ipairs(obstacles) do taken[i] = box end
   -- Points with many neighbours choose first.
   local order = {}
   for i, label in ipairs(labels) do
      local crowd = 0
      for _, other in ipairs(labels) do
         local dx, dy = (other.x - label.x) / 80, (other.y - label.y) / 30
         crowd = crowd + 1 / (1 + dx * dx + dy * dy)
      end
      order[i] = {label = label, crowd = crowd, index = i}
   end
   table.sort(order, function(a, b)
      if math.abs(a.crowd - b.crowd) > 1e-9 then return a.crowd > b.crowd end
      return a.index < b.index
   end)
   for _, one in ipairs(order) do
      local label = one.label
      for ring = 0, reach or 14 do
         local distance = 7 + ring * 7
         for _, direction in ipairs(directions) do
            local box = box_at(label, direction, distance)
            if free(box, taken, bounds) then
               label.box, label.far = box, ring > 1
               break
            end
         end
         if label.box then break end
      end
      if label.box then taken[#taken + 1] = label.box end
   end
end

--- Where a line from a point should meet a box: the nearest place on its edge.
function place.edge(box, x, y)
   return math.max(box.left, math.min(box.right, x)), math.max(box.top, math.min(box.bottom, y))
end

return place
