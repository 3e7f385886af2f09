--- Scatter: two numbers of each unit against one another, the units named beside their points.
local errors = require "difkit.error"
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local palette = require "difkit.chart.palette"
local place = require "difkit.chart.place"
local number = require "difkit.number"
local scale = require "difkit.chart.scale"
local text = require "difkit.chart.text"

local scatter = {options = {"x", "y", "label", "group", "height", "fit", "highlight"}, name = "scatter"}

--- Least squares line and Pearson's correlation.
local function fit_line(points)
   local n, sx, sy = #points, 0, 0
   for _, point in ipairs(points) do sx, sy = sx + point.x, sy + point.y end
   local mx, my, sxx, syy, sxy = sx / n, sy / n, 0, 0, 0
   for _, point in ipairs(points) do
      local dx, dy = point.x - mx, point.y - my
      sxx, syy, sxy = sxx + dx * dx, syy + dy * dy, sxy + dx * dy
   end
   if n < 3 or sxx == 0 or syy == 0 then return nil end
   return {slope = sxy / sxx, intercept = my - sxy / sxx * mx, correlation = sxy / math.sqrt(sxx * syy)}
end

--- A point that belongs to none of the groups.
local no_group = {colour = palette.muted, marker = "circle"}
local no_group_name = "no group"

local most_named = 30     -- more points than these are not all named
local named_of_many = 16

--- How important the name of each point is: how far it lies from the middle of the others, or from the line of the fit.
local function rank_points(model)
   local function spread(values)
      local sum, squares = 0, 0
      for _, value in ipairs(values) do sum = sum + value end
      local mean = sum / #values
      for _, value in ipairs(values) do squares = squares + (value - mean) ^ 2 end
      return mean, math.sqrt(squares / #values)
   end
   local order = {}
   if #model.points == 0 then return order end
   local mx, sx = spread(model.xs)
   local my, sy = spread(model.ys)
   for i, point in ipairs(model.points) do
      local dx, dy = sx > 0 and (point.x - mx) / sx or 0, sy > 0 and (point.y - my) / sy or 0
      local far = dx * dx + dy * dy
      if model.fit then
         local off = sy > 0 and (point.y - model.fit.intercept - model.fit.slope * point.x) / sy or 0
         far = far + 4 * off * off
      end
      order[i] = {point = point, far = point.label == model.highlight and math.huge or far, place = i}
   end
   table.sort(order, function(a, b)
      if a.far ~= b.far then return a.far > b.far end
      return a.place < b.place
   end)
   return order
end

--- Of many points those that are named: the ones furthest out.
local function choose_named(model)
   model.many, model.chosen = #model.points > most_named, {}
   for i, one in ipairs(rank_points(model)) do
      if not model.many or i <= named_of_many then model.chosen[one.point] = true end
   end
end

function scatter.read(data, options)
   local label = options.label and input.column(data, "label", options.label) or input.label_column(data)
   local numeric = input.numeric(data, {label})
   local x = options.x and input.column(data, "x", options.x) or numeric[1]
   local y = options.y and input.column(data, "y", options.y) or (numeric[1] == x and numeric[2] or numeric[1])
   if not x or not y then
      errors.raise(data.call .. ": two columns of numbers are needed", "name them: {x = …, y = …}")
   end
   local group = options.group and input.column(data, "group", options.group)
   local model = {points = {}, left_out = {}, x_name = x, y_name = y, group_name = group, height = options.height,
      highlight = options.highlight, groups = group and input.distinct(data, group) or {}}
   local style_of = {}
   for i, value in ipairs(model.groups) do style_of[value] = palette.serie(i) end
   local xs, ys = {}, {}
   for i, given in ipairs(data.rows) do
      local name = text.clean(input.label(rawget(given, label) or i))
      local point = {label = name, x = input.number(data, i, x), y = input.number(data, i, y)}
      if point.x and point.y then
         local in_group = group and rawget(given, group)
         point.group = in_group ~= nil and input.label(in_group) or nil
         point.style = style_of[in_group] or not group and palette.series[1] or no_group
         model.some_groupless = model.some_groupless or point.style == no_group
         model.points[#model.points + 1] = point
         xs[#xs + 1], ys[#ys + 1] = point.x, point.y
      else
         model.left_out[#model.left_out + 1] = name
      end
   end
   model.xs, model.ys, model.named, model.label_name = xs, ys, label ~= x and label ~= y, label
   model.fit = options.fit and fit_line(model.points)
   if model.named then choose_named(model) end
   model.show_x, model.show_y = number.shower(xs), number.shower(ys)
   return model
end

local function range_of(values, count)
   local low, high = math.huge, -math.huge
   for _, value in ipairs(values) do low, high = math.min(low, value), math.max(high, value) end
   if #values == 0 then low, high = 0, 1 end
   return low, high, count
end

--- Names of the points with a box each, and the boxes of the points.
local function lay_names(model, place_x, place_y, bounds, line)
   local names, obstacles, size = {}, {}, 11
   -- The line of the fit, as small boxes along it.
   for step = 0, line and 60 or -1 do
      local x = line[1][1] + (line[2][1] - line[1][1]) * step / 60
      local y = line[1][2] + (line[2][2] - line[1][2]) * step / 60
      obstacles[#obstacles + 1] = {left = x - 3, right = x + 3, top = y - 2, bottom = y + 2}
   end
   local labels, laid = {}, {}
   for i, point in ipairs(model.points) do labels[i] = point.label end
   for i, lines in ipairs(text.wrap_all(labels, 170, size, false, 3)) do laid[model.points[i]] = lines end
   for _, point in ipairs(model.points) do
      local x, y = place_x(point.x), place_y(point.y)
      obstacles[#obstacles + 1] = {left = x - 6, right = x + 6, top = y - 6, bottom = y + 6}
      if model.named and model.chosen[point] then
         local bold = point.label == model.highlight
         local lines = laid[point]
         names[#names + 1] = {x = x, y = y, lines = lines, point = point, bold = bold,
            width = text.widest(lines, size, bold) + 2, height = #lines * size * text.leading}
      end
   end
   place.labels(names, obstacles, bounds, model.many and 6 or nil)
   return names
end

local function draw_names(scene, names)
   local unnamed = {}
   for _, name in ipairs(names) do
      if not name.box then
         unnamed[#unnamed + 1] = name.point.label
      else
         if name.far then
            local x, y = place.edge(name.box, name.x, name.y)
            scene:line(name.x, name.y, x, y, {class = "dk-line", stroke = palette.muted, ["stroke-width"] = 0.6})
         end
      end
   end
   for _, name in ipairs(names) do
      if name.box then
         -- The side that looks to the point is the straight one.
         local x, anchor = (name.box.left + name.box.right) / 2, "middle"
         if name.box.left > name.x then x, anchor = name.box.left + 1, "start"
         elseif name.box.right < name.x then x, anchor = name.box.right - 1, "end" end
         frame.centred(scene, name.lines, x, (name.box.top + name.box.bottom) / 2,
            {size = 11, anchor = anchor, bold = name.bold, halo = palette.paper})
      end
   end
   return unnamed
end

function scatter.draw(model, texts, width)
   if #model.left_out > 0 then
      table.insert(texts.notes, "No value: " .. table.concat(model.left_out, ", ") .. ".")
   end
   if model.fit then
      table.insert(texts.notes, ("Line of least squares; correlation r = %s, n = %d."):format(
         number.show(model.fit.correlation, 2), #model.points))
   end
   local scene, y = frame.open(texts, width)
   if #model.groups > 1 or model.some_groupless then
      local entries = {}
      for i, group in ipairs(model.groups) do
         local style = palette.serie(i)
         entries[i] = {label = input.label(group), draw = function(on, x, at)
            on:marker(style.marker, x + 14, at + 6, 5, {fill = style.colour})
         end}
      end
      if model.some_groupless then
         entries[#entries + 1] = {label = no_group_name, draw = function(on, x, at)
            on:marker(no_group.marker, x + 14, at + 6, 5, {fill = no_group.colour})
         end}
      end
      y = frame.legend(scene, y, entries)
   end
   local size = frame.size.small
   scene:text(text.fit(text.clean(model.y_name), width - 2 * frame.margin, size + 0.5), frame.margin, y + size,
      {size = size + 0.5})
   local top = y + 24
   local bottom = top + (model.height or 400)
   local y_ticks, y_first, y_last = scale.ticks(range_of(model.ys, 5))
   local x_low, x_high = range_of(model.xs)
   local x_ticks, x_first, x_last = scale.ticks(x_low, x_high, 6)
   local show_y, tick_width = number.shower(y_ticks), frame.tick_width(y_ticks)
   local left, right = frame.margin + tick_width + 10, width - frame.margin - frame.overhang(x_ticks)
   local place_x = scale.linear(x_first, x_last, left, right)
   local place_y = scale.linear(y_first, y_last, bottom, top)
   for _, tick in ipairs(y_ticks) do
      local at = place_y(tick)
      scene:rule(left, at, right, at)
      scene:text(show_y(tick), left - 8, at + text.middle(size),
         {size = size, anchor = "end", fill = palette.muted, class = "dk-muted"})
   end
   local below = frame.axis_below(scene, x_ticks, place_x, top, bottom, model.x_name, left, right)
   local points
   if model.fit then
      points = {}
      for _, x in ipairs {x_low, x_high} do
         local value = model.fit.intercept + model.fit.slope * x
         points[#points + 1] = {place_x(x), math.max(top, math.min(bottom, place_y(value)))}
      end
      scene:polyline(points, {class = "dk-line", stroke = palette.muted, ["stroke-width"] = 1.2,
         ["stroke-dasharray"] = "6 4"})
   end
   local names = lay_names(model, place_x, place_y,
      {left = left, right = width - frame.margin, top = top - 6, bottom = bottom - 1}, points)
   for _, point in ipairs(model.points) do
      scene:marker(point.style.marker, place_x(point.x), place_y(point.y), 4.6, {fill = point.style.colour,
         stroke = palette.paper, ["stroke-width"] = 1}, ("%s: %s, %s"):format(point.label, model.show_x(point.x),
         model.show_y(point.y)))
   end
   local unnamed = draw_names(scene, names)
   if model.many and model.named then
      table.insert(texts.notes, ("%d of %d points are named: those furthest out."):format(
         #names - #unnamed, #model.points))
   elseif #unnamed > 0 then
      table.insert(texts.notes, "Without a name, for want of room: " .. table.concat(unnamed, ", ") .. ".")
   end
   return frame.close(scene, below, texts)
end

local most_said = 40 -- points whose values are told one by one

function scatter.describe(model)
   local said = ("Scatter of %s against %s for %s"):format(model.y_name, model.x_name,
      number.counted(#model.points, "unit"))
   if model.fit then said = said .. ("; correlation %s"):format(number.show(model.fit.correlation, 2)) end
   local out, all = {said .. "."}, #model.points <= most_said
   if all and #model.points > 0 then out[2] = input.words(scatter.values(model)) end
   return table.concat(out, " "), all
end

function scatter.values(model)
   local columns, rows = {model.label_name, model.x_name, model.y_name}, {}
   if model.group_name then columns[4] = model.group_name end
   for i, point in ipairs(model.points) do
      rows[i] = {point.label, model.show_x(point.x), model.show_y(point.y),
         model.group_name and (point.group or no_group_name) or nil}
   end
   for _, name in ipairs(model.left_out) do
      rows[#rows + 1] = {name, "no value", "no value", model.group_name and "–" or nil}
   end
   return columns, rows
end

function scatter.vega(model)
   local values, names, colours, shapes = {}, {}, {}, {}
   local shape_of = {circle = "circle", square = "square", triangle = "triangle-up", diamond = "diamond",
      down = "triangle-down"}
   for i, group in ipairs(model.groups) do
      local style = palette.serie(i)
      names[i], colours[i], shapes[i] = input.label(group), style.colour, shape_of[style.marker]
   end
   if model.some_groupless then
      names[#names + 1], colours[#colours + 1], shapes[#shapes + 1] = no_group_name, no_group.colour, "circle"
   end
   for i, point in ipairs(model.points) do
      values[i] = {label = point.label, x = point.x, y = point.y,
         group = model.group_name and (point.group or no_group_name) or nil,
         name = model.named and model.chosen[point] and point.label or nil}
   end
   local _, x_first, x_last = scale.ticks(range_of(model.xs, 6))
   local _, y_first, y_last = scale.ticks(range_of(model.ys, 5))
   local x = {field = "x", type = "quantitative", title = model.x_name,
      scale = {domain = {x_first, x_last}, zero = false, nice = false}}
   local y = {field = "y", type = "quantitative", title = model.y_name,
      scale = {domain = {y_first, y_last}, zero = false, nice = false}}
   local colour, shape = {value = palette.series[1].colour}, nil
   if model.group_name then
      colour = {field = "group", type = "nominal", title = model.group_name,
         scale = {domain = names, range = colours}}
      shape = {field = "group", type = "nominal", title = model.group_name, scale = {domain = names, range = shapes}}
   end
   local layers = {
      {mark = {type = "point", filled = true, size = 70, opacity = 1},
         encoding = {x = x, y = y, color = colour, shape = shape}},
      {mark = {type = "text", align = "left", dx = 7}, transform = {{filter = "isValid(datum.name)"}},
         encoding = {x = x, y = y, text = {field = "name", type = "nominal"}}},
   }
   if model.fit then
      table.insert(layers, 1, {mark = {type = "line", strokeDash = {6, 4}, color = palette.muted},
         transform = {{regression = "y", on = "x"}}, encoding = {x = x, y = y}})
   end
   return {data = {values = values}, height = 320, layer = layers}
end

return scatter
