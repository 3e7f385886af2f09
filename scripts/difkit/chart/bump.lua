--- Bump chart: how ranks change from one period to the next. Ranks are given, or come from values (largest first, equal
--- values share the best rank). Units are named at both ends.
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local lines = require "difkit.chart.lines"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local scale = require "difkit.chart.scale"
local text = require "difkit.chart.text"

local bump = {options = {"x", "rank", "value", "label", "highlight"}, name = "bump chart"}

--- Ranks of the points of each period: 1 is the largest value.
local function rank_values(model)
   for at = 1, #model.places do
      local points = {}
      for _, one in ipairs(model.series) do
         for _, point in ipairs(one.points) do
            if point.index == at then points[#points + 1] = point end
         end
      end
      for _, point in ipairs(points) do
         local rank = 1
         for _, other in ipairs(points) do if other.value > point.value then rank = rank + 1 end end
         point.rank = rank
      end
   end
end

function bump.read(data, options)
   local label = options.label and input.column(data, "label", options.label)
   local model = lines.read(data, {x = options.x, y = options.rank or options.value, series = label})
   model.highlight = options.highlight
   if options.rank then
      for _, one in ipairs(model.series) do
         for _, point in ipairs(one.points) do point.rank = point.value end
      end
   else
      rank_values(model)
   end
   model.given, model.most = options.rank ~= nil, 1
   -- Equal ranks of a period stand side by side, so that no line hides another.
   for at = 1, #model.places do
      local points = {}
      for i, one in ipairs(model.series) do
         for _, point in ipairs(one.points) do
            if point.index == at then points[#points + 1] = {point = point, index = i} end
         end
      end
      table.sort(points, function(a, b)
         if a.point.rank ~= b.point.rank then return a.point.rank < b.point.rank end
         return a.index < b.index
      end)
      for place, one in ipairs(points) do one.point.place = place end
      model.most = math.max(model.most, #points)
   end
   return model
end

local function named(one, point) return ("%s  %s"):format(one.label, number.show(point.rank, 0)) end

--- Names beside the first and the last points, at the height of their places.
local function name_side(scene, model, which, x, anchor, place_y, step, width)
   for _, one in ipairs(model.series) do
      local point = which == "first" and one.points[1] or one.points[#one.points]
      local at = which == "first" and 1 or #model.places
      if point and point.index == at then
         local shown = which == "first" and named(one, point)
            or ("%s  %s"):format(number.show(point.rank, 0), one.label)
         local lines_of = text.wrap(shown, width, 11.5, one.label == model.highlight,
            math.max(1, math.floor(step / (11.5 * text.leading))))
         frame.centred(scene, lines_of, x, place_y(point.place),
            {size = 11.5, anchor = anchor, bold = one.label == model.highlight})
      end
   end
end

function bump.draw(model, texts, width)
   local scene, y = frame.open(texts, width)
   local widest = 0
   for _, one in ipairs(model.series) do
      widest = math.max(widest, text.width(one.label .. "  00", 11.5, one.label == model.highlight))
   end
   local names = math.min(widest, width * 0.27) + 1
   local step = widest > names and 32 or 26
   local left, right = frame.margin + names + 16, width - frame.margin - names - 16
   local top = y + 34
   local bottom = top + (model.most - 1) * step
   local function place_y(place) return top + (place - 1) * step end
   local place_x = scale.linear(1, math.max(2, #model.places), left, right)
   local size, free = frame.size.small + 0.5, -math.huge
   for i, value in ipairs(model.places) do
      local label = text.fit(text.clean(input.label(value)), 120, size, true)
      local x = place_x(i)
      scene:rule(x, top - 10, x, bottom + 10)
      local half = text.width(label, size, true) / 2
      if x - half > free + 4 then
         scene:text(label, x, y + 12, {size = size, bold = true, anchor = "middle"})
         free = x + half
      end
   end
   local drawn = {}
   for i, one in ipairs(model.series) do if one.label ~= model.highlight then drawn[#drawn + 1] = i end end
   for i, one in ipairs(model.series) do if one.label == model.highlight then drawn[#drawn + 1] = i end end
   for _, i in ipairs(drawn) do
      local one, style = model.series[i], palette.serie(i)
      local back = model.highlight and model.highlight ~= one.label
      if model.highlight then style = {colour = palette.accent, marker = style.marker} end
      local colour = back and "#b3bac2" or style.colour
      local path, before = {}, nil
      for _, point in ipairs(one.points) do
         local x, at = place_x(point.index), place_y(point.place)
         if before and point.index == before.index + 1 then
            local middle = (before.x + x) / 2
            path[#path + 1] = ("C%.1f %.1f %.1f %.1f %.1f %.1f"):format(middle, before.y, middle, at, x, at)
         else
            path[#path + 1] = ("M%.1f %.1f"):format(x, at)
         end
         before = {index = point.index, x = x, y = at}
      end
      if #path > 0 then
         scene:add("path", {d = table.concat(path), fill = "none", stroke = colour,
            ["stroke-width"] = back and 1.6 or 2.6, ["stroke-dasharray"] = not back and style.dash or nil})
      end
      for _, point in ipairs(one.points) do
         local tip = ("%s, %s: rank %s%s"):format(one.label, input.label(model.places[point.index]),
            number.show(point.rank, 0), model.given and "" or (" (%s)"):format(model.show(point.value)))
         scene:marker(style.marker, place_x(point.index), place_y(point.place), 5,
            {fill = colour, stroke = palette.paper, ["stroke-width"] = 1.2}, tip)
      end
   end
   name_side(scene, model, "first", left - 12, "end", place_y, step, names)
   name_side(scene, model, "last", right + 12, "start", place_y, step, names)
   return frame.close(scene, bottom + 14, texts)
end

function bump.describe(model)
   local moved
   for _, one in ipairs(model.series) do
      local first, last = one.points[1], one.points[#one.points]
      if first and last and first ~= last then
         local change = first.rank - last.rank
         if not moved or math.abs(change) > math.abs(moved.change) then moved = {label = one.label, change = change,
            from = first.rank, to = last.rank} end
      end
   end
   local said = ("Bump chart of the ranks of %s over %s"):format(number.counted(#model.series, "unit"),
      number.counted(#model.places, "period"))
   if moved then
      said = said .. ("; the largest move is that of %s, from rank %s to rank %s"):format(moved.label,
         number.show(moved.from, 0), number.show(moved.to, 0))
   end
   return said .. "."
end

function bump.vega(model)
   local values = {}
   for _, one in ipairs(model.series) do
      for _, point in ipairs(one.points) do
         values[#values + 1] = {label = one.label, x = input.label(model.places[point.index]), rank = point.rank}
      end
   end
   return {data = {values = values}, mark = {type = "line", point = true, interpolate = "monotone"}, encoding = {
      x = {field = "x", type = "ordinal", title = model.x_name},
      y = {field = "rank", type = "quantitative", title = "rank", scale = {reverse = true, zero = false}},
      color = {field = "label", type = "nominal", title = model.series_name},
   }}
end

return bump
