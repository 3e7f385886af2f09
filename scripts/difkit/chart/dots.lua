--- Ranked dots with intervals of uncertainty. Units whose intervals overlap, directly or through others, form one tier:
--- with a handful of units a rank says more than the data know, a tier does not.
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local scale = require "difkit.chart.scale"
local text = require "difkit.chart.text"
local vega = require "difkit.chart.vega"

local dots = {
   options = {"label", "value", "low", "high", "order", "tiers", "zero", "highlight"},
   name = "ranked dots",
}

--- Tiers of rows sorted by value: a new one begins where the interval lies beyond all those of the tier so far.
local function tiers_of(rows, ascending)
   local tiers, edge = {}, nil
   for _, row in ipairs(rows) do
      local low, high = row.low or row.value, row.high or row.value
      local near, far = high, low
      if ascending then near, far = -low, -high end
      if not edge or near < edge then
         tiers[#tiers + 1] = {}
         edge = far
      end
      edge = math.min(edge, far)
      table.insert(tiers[#tiers], row)
   end
   return tiers
end

--- Names of the columns that hold the interval: those given, else a pair with a common name.
local function interval(data, options, value)
   if options.low or options.high then
      return options.low and input.column(data, "low", options.low),
         options.high and input.column(data, "high", options.high)
   end
   for _, pair in ipairs {{"low", "high"}, {"lower", "upper"}, {value .. "_low", value .. "_high"}, {"p5", "p95"},
      {"q05", "q95"}} do
      if pair[1] ~= value and data.has[pair[1]] and data.has[pair[2]] then return pair[1], pair[2] end
   end
end

function dots.read(data, options)
   local label = options.label and input.column(data, "label", options.label) or input.label_column(data)
   local value = options.value and input.column(data, "value", options.value) or input.numeric(data, {label})[1]
   value = input.column(data, "value", value)
   local low, high = interval(data, options, value)
   local model = {rows = {}, left_out = {}, value_name = value, label_name = label}
   model.intervals = low ~= nil or high ~= nil
   local values = {}
   for i, given in ipairs(data.rows) do
      local name = rawget(given, label)
      local row = {label = text.clean(input.label(name)), value = input.number(data, i, value), place = i}
      if row.value then
         row.low = low and input.number(data, i, low)
         row.high = high and input.number(data, i, high)
         for _, one in ipairs {row.value, row.low or row.value, row.high or row.value} do
            values[#values + 1] = one
         end
         model.rows[#model.rows + 1] = row
      else
         model.left_out[#model.left_out + 1] = row.label
      end
   end
   -- Of ranks the smallest is the best.
   local ascending = options.order == "ascending" or options.order == nil and value == "rank"
   if options.order ~= "given" then
      table.sort(model.rows, function(a, b)
         if a.value ~= b.value then return (a.value > b.value) ~= ascending end
         return a.place < b.place
      end)
   end
   local in_tiers = model.intervals and options.tiers ~= false and options.order ~= "given"
   model.tiers = in_tiers and tiers_of(model.rows, ascending)
      or {model.rows}
   model.values, model.zero, model.highlight = values, options.zero, options.highlight
   model.ranks = value == "rank" and #values > 0
   for _, one in ipairs(values) do
      model.ranks = model.ranks and one == math.floor(one) and one >= 1
   end
   model.show = number.shower(values, options.digits)
   return model
end

--- The value of a row, with its interval where there is one.
local function shown_of(model, row)
   if row.low and row.high and row.low < row.high then
      return ("%s [%s to %s]"):format(model.show(row.value), model.show(row.low), model.show(row.high))
   end
   return model.show(row.value)
end

--- The axis: its ends, and its ticks.
local function span(model)
   local low, high = math.huge, -math.huge
   for _, value in ipairs(model.values) do low, high = math.min(low, value), math.max(high, value) end
   if #model.values == 0 then low, high = 0, 1 end
   if model.zero then low, high = math.min(low, 0), math.max(high, 0) end
   local ticks, first, last = scale.ticks(low, high, 5)
   if model.ranks then
      -- Ranks begin at 1, and every one has its line.
      ticks, first, last = {}, 1, math.max(2, high)
      for rank = 1, last, math.max(1, math.ceil(last / 12)) do ticks[#ticks + 1] = rank end
   end
   return first, last, ticks
end

function dots.draw(model, texts, width)
   if #model.left_out > 0 then
      table.insert(texts.notes, "No value: " .. table.concat(model.left_out, ", ") .. ".")
   end
   if #model.tiers > 1 then
      table.insert(texts.notes, "Bands are tiers: within a band the intervals overlap, so the order is not certain.")
   elseif model.intervals and #model.rows > 1 and (model.in_one or model.tiers[1] == model.rows) then
      table.insert(texts.notes, "Lines show the interval of each value.")
   elseif model.intervals and #model.rows > 1 then
      table.insert(texts.notes, "All intervals overlap: the order is not certain.")
   end
   local scene, y = frame.open(texts, width)
   local size = frame.size.label
   local labels = {}
   for i, row in ipairs(model.rows) do labels[i] = row.label end
   local laid, label_width = frame.label_column(labels, width * 0.36, size, 3)
   local shown, shown_width = {}, 0
   for i, row in ipairs(model.rows) do
      shown[i] = shown_of(model, row)
      shown_width = math.max(shown_width, text.width(shown[i], 11))
   end
   local left, right = frame.margin + label_width + 18, width - frame.margin - shown_width - 14
   local first, last, ticks = span(model)
   local overhang = frame.overhang(ticks)
   local place = scale.linear(first, last, left + overhang, right - overhang)
   local top, index = y, 0
   local heights = {}
   for i, lines in ipairs(laid) do heights[i] = math.max(24, #lines * size * text.leading + 7) end
   local total = 0
   for _, height in ipairs(heights) do total = total + height end
   for t, tier in ipairs(model.tiers) do
      local height = 0
      for _ = 1, #tier do
         index = index + 1
         height = height + heights[index]
      end
      if #model.tiers > 1 then
         if t % 2 == 1 then
            scene:rect(frame.margin - 6, y, width - 2 * frame.margin + 12, height,
               {class = "dk-band", fill = "#f3f5f8"})
         end
      end
      y = y + height
   end
   local below = frame.axis_below(scene, ticks, place, top, top + total, model.value_name, left, right)
   y = top
   for i, row in ipairs(model.rows) do
      local middle = y + heights[i] / 2
      local strong = model.highlight == row.label
      local colour = strong and palette.accent or palette.series[1].colour
      frame.centred(scene, laid[i], left - 14, middle, {size = size, anchor = "end", bold = strong})
      scene:line(left - 6, middle, place(row.low or row.value), middle,
         {class = "dk-grid", stroke = palette.grid, ["stroke-width"] = 1, ["stroke-dasharray"] = "1 3"})
      if row.low or row.high then
         local from, to = place(row.low or row.value), place(row.high or row.value)
         scene:line(from, middle, to, middle, {stroke = colour, ["stroke-width"] = 2.2, ["stroke-linecap"] = "round"})
         scene:line(from, middle - 4, from, middle + 4, {stroke = colour, ["stroke-width"] = 1.6})
         scene:line(to, middle - 4, to, middle + 4, {stroke = colour, ["stroke-width"] = 1.6})
      end
      scene:circle(place(row.value), middle, 5, {fill = colour, stroke = palette.paper, ["stroke-width"] = 1.2},
         ("%s: %s"):format(row.label, shown[i]))
      scene:text(shown[i], right + 14, middle + text.middle(11), {size = 11, bold = strong})
      y = y + heights[i]
   end
   return frame.close(scene, below, texts)
end

local most_said = 40 -- units whose values are told one by one

function dots.describe(model)
   local first, last = model.rows[1], model.rows[#model.rows]
   if not first then return "Ranked dots without values.", true end
   local said = ("Ranked dots of %s by %s"):format(number.counted(#model.rows, "unit"), model.value_name)
   if first ~= last then
      said = said .. (", from %s (%s) to %s (%s)"):format(first.label, model.show(first.value), last.label,
         model.show(last.value))
   end
   if #model.tiers > 1 then said = said .. (", in %d tiers"):format(#model.tiers) end
   local out, all = {said .. "."}, #model.rows <= most_said
   if all then
      for _, row in ipairs(model.rows) do out[#out + 1] = ("%s %s."):format(row.label, shown_of(model, row)) end
   end
   if #model.left_out > 0 then out[#out + 1] = "No value: " .. table.concat(model.left_out, ", ") .. "." end
   return table.concat(out, " "), all
end

function dots.values(model)
   local columns, rows = {model.label_name, model.value_name}, {}
   if model.intervals then columns[3], columns[4] = "low", "high" end
   for i, row in ipairs(model.rows) do
      rows[i] = {row.label, model.show(row.value)}
      if model.intervals then
         rows[i][3], rows[i][4] = row.low and model.show(row.low) or "no value",
            row.high and model.show(row.high) or "no value"
      end
   end
   for _, name in ipairs(model.left_out) do
      rows[#rows + 1] = {name, "no value", model.intervals and "no value" or nil, model.intervals and "no value" or nil}
   end
   return columns, rows
end

--- The rows from one to another, with their tiers, on the axis of all.
function dots.slice(model, first, last)
   local tiers, place = {}, 0
   for _, tier in ipairs(model.tiers) do
      local part = {}
      for _, row in ipairs(tier) do
         place = place + 1
         if place >= first and place <= last then part[#part + 1] = row end
      end
      tiers[#tiers + 1] = part
   end
   return setmetatable({rows = table.move(model.rows, first, last, 1, {}), tiers = tiers,
      in_one = model.in_one or model.tiers[1] == model.rows}, {__index = model})
end

function dots.vega(model)
   local values, sort = {}, {}
   for i, row in ipairs(model.rows) do
      values[i] = {label = row.label, value = row.value, low = row.low or row.high and row.value,
         high = row.high or row.low and row.value, shown = shown_of(model, row)}
      sort[i] = row.label
   end
   local low, high, ticks = span(model)
   local y = {field = "label", type = "nominal", sort = sort, title = model.label_name, scale = {domain = sort}}
   local x = {field = "value", type = "quantitative", title = model.value_name,
      scale = {domain = {low, high}, zero = false, nice = false}, axis = model.ranks and {values = ticks} or nil}
   local layers = {}
   if model.intervals then
      local from = vega.copy(x)
      from.field = "low"
      layers[1] = {mark = {type = "rule", strokeWidth = 2, color = palette.series[1].colour},
         transform = {{filter = "isValid(datum.low)"}}, encoding = {y = y, x = from, x2 = {field = "high"}}}
   end
   local colour = {value = palette.series[1].colour}
   if model.highlight then
      colour.condition = {test = {field = "label", equal = model.highlight}, value = palette.accent}
   end
   layers[#layers + 1] = {mark = {type = "point", filled = true, size = 80, opacity = 1},
      encoding = {y = y, x = x, color = colour}}
   layers[#layers + 1] = {mark = {type = "text", align = "left", dx = 8}, encoding = {y = y,
      x = {value = "width"}, text = {field = "shown", type = "nominal"}}}
   return {data = {values = values}, height = {step = 24}, layer = layers}
end

return dots
