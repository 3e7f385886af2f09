--- Horizontal bars, so that long labels stand on lines of their own: one value a row, several side by side, or stacked;
--- values below zero go to the left. Series differ in pattern as well as in colour.
local errors = require "difkit.error"
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local scale = require "difkit.chart.scale"
local text = require "difkit.chart.text"
local vega = require "difkit.chart.vega"

local bars = {
   options = {"label", "value", "values", "series", "stacked", "order", "low", "high", "share"},
   name = "bars",
}

local function add(model, label, series, value)
   local row = model.by_label[label]
   if not row then
      row = {label = text.clean(input.label(label)), values = {}, place = #model.rows + 1}
      model.by_label[label] = row
      model.rows[#model.rows + 1] = row
   end
   if value == nil then return end
   if row.values[series] ~= nil then
      errors.raise(('bars: several rows for "%s"%s'):format(row.label,
         #model.series > 1 and (' and "%s"'):format(input.label(series)) or ""),
         "group first, so that there is one value for each bar")
   end
   row.values[series] = value
   model.all[#model.all + 1] = value
end

function bars.read(data, options)
   local label = options.label and input.column(data, "label", options.label) or input.label_column(data)
   local model = {rows = {}, by_label = {}, all = {}, label_name = label}
   model.stacked, model.share = options.stacked, options.share
   if options.series then
      local series = input.column(data, "series", options.series)
      local value = input.column(data, "value", options.value or input.numeric(data, {label, series})[1])
      model.series = input.distinct(data, series, nil, label)
      for i, given in ipairs(data.rows) do
         if rawget(given, label) ~= nil and rawget(given, series) ~= nil then
            add(model, rawget(given, label), rawget(given, series), input.number(data, i, value))
         end
      end
      model.value_name = value
   else
      model.series = options.values or options.value and {options.value} or input.numeric(data, {label})
      if #model.series == 0 then errors.raise(data.call .. ": no column of numbers", "name it: {value = …}") end
      for _, name in ipairs(model.series) do input.column(data, options.values and "values" or "value", name) end
      if not options.values and not options.value and not options.stacked then model.series = {model.series[1]} end
      for i, given in ipairs(data.rows) do
         for _, name in ipairs(model.series) do
            add(model, rawget(given, label), name, input.number(data, i, name))
         end
      end
      model.value_name = #model.series == 1 and model.series[1] or "value"
   end
   for _, row in ipairs(model.rows) do
      row.positive, row.negative, row.sum = 0, 0, 0
      for _, series in ipairs(model.series) do
         local value = row.values[series] or 0
         row.sum = row.sum + value
         if value > 0 then row.positive = row.positive + value else row.negative = row.negative + value end
      end
      if options.share and row.positive > 0 then
         for _, series in ipairs(model.series) do
            if row.values[series] then row.values[series] = row.values[series] / row.positive * 100 end
         end
         row.positive = 100
      end
   end
   if options.share then
      model.stacked, model.all, model.value_name = true, {100.0}, "per cent"
      for _, row in ipairs(model.rows) do
         for _, series in ipairs(model.series) do model.all[#model.all + 1] = row.values[series] end
      end
   end
   if options.order == "value" then
      table.sort(model.rows, function(a, b)
         if a.sum ~= b.sum then return a.sum > b.sum end
         return a.place < b.place
      end)
   end
   model.low, model.high = options.low, options.high
   model.show = number.shower(model.all, options.digits or options.share and 0)
   return model
end

--- The range of the axis; it always holds zero, where bars begin.
local function range(model)
   local low, high = 0, 0
   for _, row in ipairs(model.all_rows or model.rows) do
      if model.stacked then
         low, high = math.min(low, row.negative), math.max(high, row.positive)
      else
         for _, series in ipairs(model.series) do
            local value = row.values[series] or 0
            low, high = math.min(low, value), math.max(high, value)
         end
      end
   end
   low, high = math.min(low, model.low or low), math.max(high, model.high or high)
   if low == 0 and high == 0 then high = 1 end
   return low, high
end

local function draw_stack(scene, model, row, place, y, height)
   local right, left = 0, 0
   for i, series in ipairs(model.series) do
      local value = row.values[series]
      if value and value ~= 0 then
         local from = value > 0 and right or left
         local x1, x2 = place(from), place(from + value)
         if x1 > x2 then x1, x2 = x2, x1 end
         if value > 0 then right = right + value else left = left + value end
         local style = palette.serie(i)
         local fill = scene:fill(style.colour, palette.pattern(i))
         scene:rect(x1, y, x2 - x1, height, {fill = fill, stroke = palette.paper, ["stroke-width"] = 0.8},
            ("%s, %s: %s"):format(row.label, input.label(series), model.show(value)))
         local shown, size = model.show(value), 10
         local width = text.width(shown, size, true)
         if width + 4 <= x2 - x1 then
            local middle = (x1 + x2) / 2
            if palette.pattern(i) then -- none of it under the number
               scene:rect(middle - width / 2 - 1.5, y + height / 2 - 6.5, width + 3, 13, {fill = style.colour, rx = 2})
            end
            scene:text(shown, middle, y + height / 2 + text.middle(size),
               {size = size, bold = true, anchor = "middle", fill = palette.ink_on(style.colour), class = "dk-on"})
         end
      end
   end
end

local function draw_groups(scene, model, row, place, y, height)
   for i, series in ipairs(model.series) do
      local value = row.values[series]
      local top = y + (i - 1) * height
      if value then
         local style = palette.serie(i)
         local x1, x2 = place(0), place(value)
         scene:rect(math.min(x1, x2), top + 0.5, math.max(0.75, math.abs(x2 - x1)), height - 1,
            {fill = scene:fill(style.colour, palette.pattern(i))},
            ("%s, %s: %s"):format(row.label, input.label(series), model.show(value)))
         scene:text(model.show(value), x2 + (value < 0 and -4 or 4), top + height / 2 + text.middle(10.5),
            {size = 10.5, anchor = value < 0 and "end" or "start"})
      else
         scene:text("no value", place(0) + 4, top + height / 2 + text.middle(10.5),
            {size = 10.5, italic = true, fill = palette.muted, class = "dk-muted"})
      end
   end
end

function bars.draw(model, texts, width)
   local scene, y = frame.open(texts, width)
   local size = frame.size.label
   if #model.series > 1 then
      local entries = {}
      for i, series in ipairs(model.series) do
         local style = palette.serie(i)
         entries[i] = {label = input.label(series), draw = function(on, x, at)
            on:rect(x, at, 22, 12, {fill = on:fill(style.colour, palette.pattern(i))})
         end}
      end
      y = frame.legend(scene, y, entries)
   end
   local labels = {}
   for i, row in ipairs(model.rows) do labels[i] = row.label end
   local laid, label_width = frame.label_column(labels, width * 0.4, size, 3)
   local left, right = frame.margin + label_width + 12, width - frame.margin
   local low, high = range(model)
   local ticks, first, last = scale.ticks(low, high, 5)
   -- Numbers stand beyond the ends of the bars.
   local before, after = frame.overhang(ticks), frame.overhang(ticks)
   if not model.stacked then
      local widest = 0
      for _, value in ipairs(model.all) do widest = math.max(widest, text.width(model.show(value), 10.5) + 6) end
      for _, row in ipairs(model.rows) do
         for _, series in ipairs(model.series) do
            if row.values[series] == nil then after = math.max(after, text.width("no value", 10.5) + 6) end
         end
      end
      after = math.max(after, widest)
      if low < 0 then before = math.max(before, widest) end
   end
   local place = scale.linear(first, last, left + before, right - after)
   local each = model.stacked and 20 or #model.series == 1 and 18 or 15
   local count = model.stacked and 1 or #model.series
   local top, heights, total = y + 2, {}, 0
   for i, lines in ipairs(laid) do
      heights[i] = math.max(each * count + 8, #lines * size * text.leading + 6)
      total = total + heights[i]
   end
   local below = frame.axis_below(scene, ticks, place, top, top + total, model.value_name, left, right)
   y = top
   for i, row in ipairs(model.rows) do
      local middle = y + heights[i] / 2
      frame.centred(scene, laid[i], left - 8, middle, {size = size, anchor = "end"})
      if model.stacked then draw_stack(scene, model, row, place, middle - each / 2, each)
      else draw_groups(scene, model, row, place, middle - each * count / 2, each) end
      y = y + heights[i]
   end
   scene:line(place(0), top, place(0), top + total, {class = "dk-line", stroke = palette.ink, ["stroke-width"] = 1})
   return frame.close(scene, below, texts)
end

local most_said = 40 -- values that are told one by one

function bars.describe(model)
   local names = {}
   for i, series in ipairs(model.series) do names[i] = input.label(series) end
   local out = {("%s of %s for %s: %s."):format(model.stacked and "Stacked bars" or "Bars", model.value_name,
      number.counted(#model.rows, "row"), table.concat(names, ", "))}
   local all = #model.rows * #names <= most_said
   if all then out[2] = input.words(bars.values(model)) end
   return table.concat(out, " "), all
end

function bars.values(model)
   local columns, rows = {model.label_name}, {}
   for i, series in ipairs(model.series) do columns[i + 1] = input.label(series) end
   for i, row in ipairs(model.rows) do
      rows[i] = {row.label}
      for j, series in ipairs(model.series) do
         rows[i][j + 1] = row.values[series] and model.show(row.values[series]) or "no value"
      end
   end
   return columns, rows
end

--- The rows from one to another, on the axis of all.
function bars.slice(model, first, last)
   return setmetatable({rows = table.move(model.rows, first, last, 1, {}), all_rows = model.all_rows or model.rows},
      {__index = model})
end

--- The rows of the data, one a bar; and whether any is without a value.
local function vega_values(model, names)
   local values, missing = {}, false
   for _, row in ipairs(model.rows) do
      for i in ipairs(model.series) do
         local value = row.values[model.series[i]]
         if value then
            values[#values + 1] = {label = row.label, series = names[i], value = value, place = i,
               shown = model.show(value), ink = model.stacked and palette.ink_on(palette.serie(i).colour) or nil}
         elseif not model.stacked then
            values[#values + 1] = {label = row.label, series = names[i]}
            missing = true
         end
      end
   end
   return values, missing
end

--- The numbers within the parts of stacked bars, where a part is as wide as its number.
local function numbers_within(model, values, span)
   local place = {}
   for _, value in ipairs(values) do
      local key = value.label .. (value.value < 0 and "\0-" or "\0+")
      value.middle = (place[key] or 0) + value.value / 2
      place[key] = (place[key] or 0) + value.value
      value.fits = math.abs(value.value) / span * 480 >= text.width(value.shown, 10, true) + 4
   end
   return {mark = {type = "text", fontSize = 10, fontWeight = "bold"}, transform = {{filter = "datum.fits"}},
      encoding = {x = {field = "middle", type = "quantitative", title = model.value_name, stack = vega.none},
      color = {field = "ink", type = "nominal", scale = vega.none}, text = {field = "shown", type = "nominal"}}}
end

--- What stands beside bars that are not stacked: "no value", as in the picture, and the numbers at their ends.
local function words_beside(encoding, missing, low)
   local layers = {}
   if missing then
      layers[1] = {transform = {{filter = "!isValid(datum.value)"}},
         mark = {type = "text", text = "no value", align = "left", dx = 4, fontStyle = "italic"},
         encoding = {y = encoding.y, x = {datum = 0, type = "quantitative"}, yOffset = encoding.yOffset}}
   end
   local beside = {y = encoding.y, x = encoding.x, yOffset = encoding.yOffset,
      text = {field = "shown", type = "nominal"}}
   local function numbers(filter, align, dx)
      layers[#layers + 1] = {mark = {type = "text", align = align, dx = dx, fontSize = 10.5}, encoding = beside,
         transform = {{filter = filter}}}
   end
   numbers("isValid(datum.value) && datum.value >= 0", "left", 4)
   if low < 0 then numbers("isValid(datum.value) && datum.value < 0", "right", -4) end
   return layers
end

function bars.vega(model)
   local sort, names, colours = {}, {}, {}
   for i, series in ipairs(model.series) do names[i], colours[i] = input.label(series), palette.serie(i).colour end
   for i, row in ipairs(model.rows) do sort[i] = row.label end
   local values, missing = vega_values(model, names)
   local low, high = range(model)
   local _, first, last = scale.ticks(low, high, 5)
   local encoding = {
      y = {field = "label", type = "nominal", sort = sort, title = model.label_name, scale = {domain = sort}},
      x = {field = "value", type = "quantitative", title = model.value_name,
         stack = model.stacked and "zero" or vega.none, scale = {domain = {first, last}, nice = false}},
      color = {value = colours[1]},
   }
   if #model.series > 1 or model.stacked then
      encoding.color = {field = "series", type = "nominal", scale = {domain = names, range = colours}, title = false}
   end
   if model.stacked then
      encoding.order = {field = "place", type = "quantitative"}
      return {data = {values = values}, height = {step = 28}, encoding = encoding,
         layer = {{mark = "bar"}, numbers_within(model, values, last - first)}}
   end
   local side_by_side = #model.series > 1
   if side_by_side then encoding.yOffset = {field = "series", scale = {domain = names}} end
   local layers = words_beside(encoding, missing, low)
   table.insert(layers, 1, {mark = "bar", transform = missing and {{filter = "isValid(datum.value)"}} or nil,
      encoding = encoding})
   return {data = {values = values}, height = {step = side_by_side and 15 or 23,
      ["for"] = side_by_side and "offset" or "position"}, layer = layers}
end

return bars
