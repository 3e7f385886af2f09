--- Bump chart: how ranks change from one period to the next. Ranks are given, or come from values (largest first, equal
--- values share the best rank). Units are named at both ends.
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local lines = require "difkit.chart.lines"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local scale = require "difkit.chart.scale"
local text = require "difkit.chart.text"
local vega = require "difkit.chart.vega"

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

local most_chosen = 2 -- climbs, and falls

--- Of many units those that are coloured: the largest climbs and falls, and the first at the end.
local function choose(model)
   if not model.many or model.highlight then return end
   local moves = {}
   for i, one in ipairs(model.series) do
      local first, last = one.points[1], one.points[#one.points]
      if first then moves[#moves + 1] = {one = one, place = i, change = first.rank - last.rank, last = last.rank} end
   end
   model.chosen, model.chosen_count = {}, 0
   local function take(before, wanted)
      table.sort(moves, function(a, b)
         if before(a) ~= before(b) then return before(a) < before(b) end
         return a.place < b.place
      end)
      for i = 1, math.min(wanted, #moves) do
         local one = moves[i].one
         if not model.chosen[one] and (before(moves[i]) < 0 or wanted == 1) then
            model.chosen_count = model.chosen_count + 1
            model.chosen[one] = model.chosen_count
         end
      end
   end
   take(function(move) return -move.change end, most_chosen)
   take(function(move) return move.change end, most_chosen)
   take(function(move) return move.last end, 1)
end

function bump.read(data, options)
   local label = options.label and input.column(data, "label", options.label)
   local model = lines.read(data, {x = options.x, y = options.rank or options.value, series = label,
      highlight = options.highlight})
   if options.rank then
      for _, one in ipairs(model.series) do
         for _, point in ipairs(one.points) do point.rank = point.value end
      end
   else
      rank_values(model)
   end
   model.given, model.most = options.rank ~= nil, 1
   choose(model)
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

--- The room that a rank takes beside a name.
local function rank_width(model)
   local widest = 0
   for _, one in ipairs(model.series) do
      for _, point in ipairs(one.points) do
         widest = math.max(widest, text.width("  " .. number.show(point.rank, 0), 11.5, true))
      end
   end
   return widest
end

--- Names beside the first and the last points, at the height of their places.
local function name_side(scene, model, which, x, anchor, place_y, step, width)
   local names, at = {}, which == "first" and 1 or #model.places
   for i, one in ipairs(model.series) do names[i] = one.label end
   local laid = text.wrap_all(names, width - rank_width(model), 11.5, false,
      math.max(1, math.floor(step / (11.5 * text.leading))))
   for i, one in ipairs(model.series) do
      local point = which == "first" and one.points[1] or one.points[#one.points]
      if point and point.index == at then
         local lines_of, rank = laid[i], number.show(point.rank, 0)
         if which == "first" then lines_of[#lines_of] = ("%s  %s"):format(lines_of[#lines_of] or "", rank)
         else lines_of[1] = ("%s  %s"):format(rank, lines_of[1] or "") end
         local back = model.many and not model.chosen[one]
         frame.centred(scene, lines_of, x, place_y(point.place), {size = 11.5, anchor = anchor,
            bold = one.label == model.highlight, fill = back and palette.muted or nil,
            class = back and "dk-muted" or nil})
      end
   end
end

function bump.draw(model, texts, width)
   if model.many and not model.highlight then
      table.insert(texts.notes, ("%d units; in colour the largest climbs and falls, and the first at the end. "
         .. "`highlight` picks another."):format(#model.series))
   end
   local scene, y = frame.open(texts, width)
   local widest = 0
   for _, one in ipairs(model.series) do
      widest = math.max(widest, text.width(one.label, 11.5, one.label == model.highlight))
   end
   widest = widest + rank_width(model)
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
   for _, i in ipairs(lines.drawing_order(model)) do
      local one = model.series[i]
      local style, back = lines.style(model, i)
      if not model.many then style = {colour = style.colour, dash = style.dash, marker = palette.serie(i).marker} end
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
         scene:marker(style.marker, place_x(point.index), place_y(point.place), back and model.many and 2.4 or 5,
            {fill = colour, stroke = palette.paper, ["stroke-width"] = 1.2}, tip)
      end
   end
   name_side(scene, model, "first", left - 12, "end", place_y, step, names)
   name_side(scene, model, "last", right + 12, "start", place_y, step, names)
   return frame.close(scene, bottom + 14, texts)
end

local most_said = 40 -- ranks that are told one by one

function bump.describe(model)
   local moved, count = nil, 0
   for _, one in ipairs(model.series) do
      local first, last = one.points[1], one.points[#one.points]
      count = count + #one.points
      if first and last and first ~= last then
         local change = first.rank - last.rank
         if change ~= 0 and (not moved or math.abs(change) > math.abs(moved.change)) then
            moved = {label = one.label, change = change, from = first.rank, to = last.rank}
         end
      end
   end
   local said = ("Bump chart of the ranks of %s over %s"):format(number.counted(#model.series, "unit"),
      number.counted(#model.places, "period"))
   if moved then
      said = said .. ("; the largest move is that of %s, from rank %s to rank %s"):format(moved.label,
         number.show(moved.from, 0), number.show(moved.to, 0))
   elseif #model.places > 1 then
      said = said .. "; no unit has moved between its first and its last"
   end
   if count > most_said then return said .. ".", false end
   local columns, rows = bump.values(model)
   return said .. ". " .. input.words(columns, rows), true
end

--- Units by periods.
function bump.values(model)
   local columns, rows = {model.series_name or "unit"}, {}
   for i, place in ipairs(model.places) do columns[i + 1] = input.label(place) end
   for i, one in ipairs(model.series) do
      rows[i] = {one.label}
      for index = 1, #model.places do rows[i][index + 1] = "no rank" end
      for _, point in ipairs(one.points) do rows[i][point.index + 1] = number.show(point.rank, 0) end
   end
   return columns, rows
end

local function named(a, b) return a .. "  " .. b end

function bump.vega(model)
   local values, names, colours = {}, {}, {}
   for i, one in ipairs(model.series) do
      names[i], colours[i] = one.label, lines.style(model, i).colour
      local by_index = {}
      for _, point in ipairs(one.points) do by_index[point.index] = point end
      for index = one.points[1] and one.points[1].index or 1, one.points[1] and one.points[#one.points].index or 0 do
         local point = by_index[index]
         -- A null breaks the line.
         values[#values + 1] = {label = one.label, x = input.label(model.places[index]),
            rank = point and point.rank or vega.none, place = point and point.place or vega.none,
            first = index == 1 and point and named(one.label, number.show(point.rank, 0)) or nil,
            last = index == #model.places and point and named(number.show(point.rank, 0), one.label) or nil}
      end
   end
   local order = {}
   for i, place in ipairs(model.places) do order[i] = input.label(place) end
   local x = {field = "x", type = "ordinal", title = model.x_name, scale = {domain = order},
      axis = {orient = "top"}}
   local y = {field = "place", type = "quantitative", axis = false,
      scale = {domain = {0.5, model.most + 0.5}, reverse = true, zero = false, nice = false}}
   local function names_at(field, align, dx)
      return {mark = {type = "text", align = align, dx = dx},
         transform = {{filter = ("isValid(datum.%s)"):format(field)}},
         encoding = {x = x, y = y, text = {field = field, type = "nominal"}}}
   end
   return {data = {values = values}, height = 26 * model.most, layer = {
      {mark = {type = "line", point = true, interpolate = "monotone"}, encoding = {x = x, y = y,
         color = {field = "label", type = "nominal", scale = {domain = names, range = colours}, legend = false}}},
      names_at("first", "right", -10), names_at("last", "left", 10),
   }}
end

return bump
