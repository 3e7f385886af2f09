--- Strips: how values are spread, one row a group, every value a dot, behind them a box from the first to the third
--- quartile with a line at the median. The smallest and the largest are named.
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local palette = require "difkit.chart.palette"
local place = require "difkit.chart.place"
local number = require "difkit.number"
local scale = require "difkit.chart.scale"
local text = require "difkit.chart.text"

local strip = {options = {"value", "values", "group", "label", "box", "zero"}, name = "strip chart"}

--- Quantile of sorted values, linear between them (type 7 of Hyndman and Fan, 1996).
local function quantile(sorted, share)
   local at = 1 + (#sorted - 1) * share
   local below = math.floor(at)
   if below >= #sorted then return sorted[#sorted].value end
   return sorted[below].value + (at - below) * (sorted[below + 1].value - sorted[below].value)
end

function strip.read(data, options)
   local label = options.label and input.column(data, "label", options.label)
   local groups, by_name = {}, {}
   local model = {groups = groups, values = {}, box = options.box ~= false, zero = options.zero}
   local function add(group, i, column, name)
      local value = input.number(data, i, column)
      if not by_name[group] then
         by_name[group] = {label = text.clean(input.label(group)), points = {}}
         groups[#groups + 1] = by_name[group]
      end
      if value then
         local shown = name and text.clean(input.label(name))
         table.insert(by_name[group].points, {value = value, label = shown, place = i})
         model.values[#model.values + 1] = value
      end
   end
   if options.values then
      if not label then label = input.label_column(data) end
      for _, column in ipairs(options.values) do
         input.column(data, "values", column)
         for i, row in ipairs(data.rows) do add(column, i, column, rawget(row, label)) end
      end
      model.value_name = "value"
   else
      local group = options.group and input.column(data, "group", options.group)
      local value = input.column(data, "value", options.value or input.values_column(data, {group, label}))
      for i, row in ipairs(data.rows) do
         local in_group = group and rawget(row, group) or value
         if in_group ~= nil then add(in_group, i, value, label and rawget(row, label)) end
      end
      model.value_name = value
   end
   for _, group in ipairs(groups) do
      table.sort(group.points, function(a, b)
         if a.value ~= b.value then return a.value < b.value end
         return a.place < b.place
      end)
      if #group.points > 0 then
         group.q1, group.median, group.q3 = quantile(group.points, 0.25), quantile(group.points, 0.5),
            quantile(group.points, 0.75)
      end
   end
   model.show, model.label_name = number.shower(model.values, options.digits), label
   return model
end

--- Moves dots up and down so that none hides another; the same dots always go the same way.
local function swarm(group, place_x, radius)
   local placed, tallest = {}, 0
   for _, point in ipairs(group.points) do
      point.x = place_x(point.value)
      local step = 0
      while true do
         local offset = (step % 2 == 1 and -1 or 1) * math.ceil(step / 2) * radius
         local clear = true
         for i = #placed, 1, -1 do
            local dx, dy = point.x - placed[i].x, offset - placed[i].offset
            if dx > 2 * radius then break end
            if dx * dx + dy * dy < 4 * radius * radius - 0.01 then clear = false break end
         end
         if clear then
            point.offset = offset
            break
         end
         step = step + 1
      end
      placed[#placed + 1] = point
      tallest = math.max(tallest, math.abs(point.offset))
   end
   return tallest + radius
end

--- The dots that get a name: the first and the last of the group.
local function name_extremes(scene, group, middle, bounds)
   local first, last = group.points[1], group.points[#group.points]
   if not first or not first.label then return end
   local names, obstacles, size = {}, {}, 10.5
   for _, point in ipairs(group.points) do
      local x, y = point.x, middle + point.offset
      obstacles[#obstacles + 1] = {left = x - 5, right = x + 5, top = y - 5, bottom = y + 5}
   end
   local ends = first == last and {first} or {first, last}
   local labels = {}
   for i, point in ipairs(ends) do labels[i] = point.label or "" end
   local laid = text.wrap_all(labels, 150, size, false, 1)
   for i, point in ipairs(ends) do
      local shown = laid[i][1] or ""
      names[#names + 1] = {x = point.x, y = middle + point.offset, shown = shown,
         width = text.width(shown, size) + 2, height = size * 1.1}
   end
   place.labels(names, obstacles, bounds, 3)
   for _, name in ipairs(names) do
      if name.box then
         scene:text(name.shown, (name.box.left + name.box.right) / 2, (name.box.top + name.box.bottom) / 2
            + text.middle(size), {size = size, anchor = "middle", fill = palette.muted,
            class = "dk-muted", halo = palette.paper})
      end
   end
end

--- What the axis spans, and in how many steps.
local function range(model)
   local low, high = math.huge, -math.huge
   for _, value in ipairs(model.values) do low, high = math.min(low, value), math.max(high, value) end
   if #model.values == 0 then low, high = 0, 1 end
   if model.zero then low, high = math.min(0, low), math.max(0, high) end
   return low, high, 6
end

function strip.draw(model, texts, width)
   if model.box then
      table.insert(texts.notes,
         "Boxes: first to third quartile, line at the median; the number at the right is the median.")
   end
   local scene, y = frame.open(texts, width)
   local size, labels, medians, median_width = frame.size.label, {}, {}, 0
   for i, group in ipairs(model.groups) do
      labels[i] = group.label
      medians[i] = group.median and model.show(group.median) or "no value"
      median_width = math.max(median_width, text.width(medians[i], 11))
   end
   local laid, label_width = frame.label_column(labels, width * 0.3, size, 3)
   local left, right = frame.margin + label_width + 14, width - frame.margin - median_width - 12
   local ticks, first, last = scale.ticks(range(model))
   local overhang = frame.overhang(ticks) + 4
   local place_x = scale.linear(first, last, left + overhang, right - overhang)
   local heights, total = {}, 0
   for i, group in ipairs(model.groups) do
      local half = #group.points > 0 and swarm(group, place_x, 4.2) or 6
      local named = group.points[1] and group.points[1].label
      heights[i] = math.max(2 * half + (named and 32 or 16), 36, #laid[i] * size * text.leading + 8)
      total = total + heights[i]
   end
   local below = frame.axis_below(scene, ticks, place_x, y, y + total, model.value_name, left, right)
   for i, group in ipairs(model.groups) do
      local middle = y + heights[i] / 2
      if i > 1 then
         scene:rule(frame.margin, y, width - frame.margin, y)
      end
      frame.centred(scene, laid[i], left - 12, middle, {size = size, anchor = "end"})
      scene:text(medians[i], right + 12, middle + text.middle(11), {size = 11})
      if model.box and group.median then
         local x1, x2, at = place_x(group.q1), place_x(group.q3), place_x(group.median)
         scene:rect(x1, middle - 9, math.max(1, x2 - x1), 18, {class = "dk-box", fill = "#dfe6ee", rx = 2})
         scene:line(at, middle - 12, at, middle + 12, {class = "dk-line", stroke = palette.ink, ["stroke-width"] = 2})
      end
      for _, point in ipairs(group.points) do
         scene:circle(point.x, middle + point.offset, 4, {fill = palette.series[1].colour, ["fill-opacity"] = 0.85,
            stroke = palette.paper, ["stroke-width"] = 0.8},
            ("%s%s: %s"):format(point.label and point.label .. ", " or "", group.label, model.show(point.value)))
      end
      name_extremes(scene, group, middle, {left = left, right = right + 4, top = y + 1, bottom = y + heights[i] - 1})
      y = y + heights[i]
   end
   return frame.close(scene, below, texts)
end

local most_said = 60 -- values that are told one by one

function strip.describe(model)
   local parts, out = {}, {}
   for i, group in ipairs(model.groups) do
      parts[i] = ("%s: %s%s"):format(group.label, number.counted(#group.points, "value"),
         group.median and ", median " .. model.show(group.median) or "")
   end
   out[1] = "Strip chart of " .. model.value_name .. ". " .. table.concat(parts, "; ") .. "."
   local all = #model.values <= most_said
   for _, group in ipairs(all and model.groups or {}) do
      local said = {}
      for i, point in ipairs(group.points) do
         said[i] = (point.label and point.label .. " " or "") .. model.show(point.value)
      end
      if #said > 0 then out[#out + 1] = ("%s: %s."):format(group.label, table.concat(said, ", ")) end
   end
   return table.concat(out, " "), all
end

function strip.values(model)
   local columns, rows, named = {"group"}, {}, false
   for _, group in ipairs(model.groups) do
      for _, point in ipairs(group.points) do named = named or point.label ~= nil end
   end
   if named then columns[2] = model.label_name or "unit" end
   columns[#columns + 1] = model.value_name
   for _, group in ipairs(model.groups) do
      for _, point in ipairs(group.points) do
         local row = {group.label}
         if named then row[2] = point.label or "–" end
         row[#row + 1] = model.show(point.value)
         rows[#rows + 1] = row
      end
      if #group.points == 0 then
         rows[#rows + 1] = {group.label, named and "–" or "no value", named and "no value" or nil}
      end
   end
   return columns, rows
end

--- The groups from one to another, on the axis of all.
function strip.slice(model, first, last)
   return setmetatable({groups = table.move(model.groups, first, last, 1, {})}, {__index = model})
end

function strip.vega(model)
   local values, sort, boxes = {}, {}, {}
   for i, group in ipairs(model.groups) do
      sort[i] = group.label
      for _, point in ipairs(group.points) do
         values[#values + 1] = {group = group.label, value = point.value, label = point.label}
      end
      boxes[i] = {group = group.label, q1 = group.q1, median = group.median, q3 = group.q3,
         shown = group.median and model.show(group.median) or "no value"}
   end
   local _, first, last = scale.ticks(range(model))
   local y = {field = "group", type = "nominal", sort = sort, title = false, scale = {domain = sort}}
   local function x(field)
      return {field = field, type = "quantitative", title = model.value_name,
         scale = {domain = {first, last}, zero = false, nice = false}}
   end
   local layers = {}
   if model.box then
      local some = {{filter = "isValid(datum.median)"}}
      layers[1] = {data = {values = boxes}, transform = some, mark = {type = "bar", color = "#dfe6ee", height = 18},
         encoding = {y = y, x = x "q1", x2 = {field = "q3"}}}
      layers[2] = {data = {values = boxes}, transform = some,
         mark = {type = "tick", color = palette.ink, thickness = 2, height = 24}, encoding = {y = y, x = x "median"}}
   end
   layers[#layers + 1] = {mark = {type = "point", filled = true, opacity = 0.85},
      encoding = {x = x "value", y = y, color = {value = palette.series[1].colour}}}
   layers[#layers + 1] = {data = {values = boxes}, mark = {type = "text", align = "left", dx = 8},
      encoding = {y = y, x = {value = "width"}, text = {field = "shown", type = "nominal"}}}
   return {data = {values = values}, height = {step = 40}, layer = layers}
end

return strip
