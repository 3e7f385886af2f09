--- Lines over time with their names at the ends, no legend to look up; or small panels, one a series, each with the
--- others in grey behind it. Numbers, dates, months and quarters stand where they belong in time; a line breaks where a
--- value is missing between two others.
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local period = require "difkit.period"
local scale = require "difkit.chart.scale"
local sql = require "difkit.sql"
local text = require "difkit.chart.text"

local lines = {options = {"x", "y", "series", "panels", "height", "zero", "highlight", "join"}, name = "lines"}

--- Where a value of x stands: numbers and times where they belong, other words one after the other.
function lines.place(model, index)
   if model.numeric then return model.places[index] end
   return model.time and period.time(model.places[index]) or index
end

--- Notes the places between the first and the last value of a series at which it has none.
local function find_gaps(model, one)
   one.gaps = {}
   for i = 2, #one.points do
      local before, point = one.points[i - 1], one.points[i]
      point.broken = point.index > before.index + 1
      for index = before.index + 1, point.index - 1 do
         one.gaps[#one.gaps + 1] = input.label(model.places[index])
         model.broken = true
      end
   end
end

function lines.read(data, options)
   local y = options.y and input.column(data, "y", options.y)
   local x = options.x and input.column(data, "x", options.x)
   local series = options.series and input.column(data, "series", options.series)
   local model = {}
   for _, name in ipairs {"panels", "highlight", "zero", "height", "join"} do model[name] = options[name] end
   if not x then
      for _, name in ipairs {"period", "year", "date", "as_of", "x"} do
         if data.has[name] and name ~= y then x = name break end
      end
      x = x or data.columns[1]
   end
   if not series then
      for _, name in ipairs(data.columns) do
         if name ~= x and name ~= y and not input.is_numeric(data, name) then series = name break end
      end
   end
   if not y then
      y = input.column(data, "y", input.values_column(data, {x, series}))
   end
   model.x_name, model.y_name, model.series_name = x, y, series
   model.numeric = input.is_numeric(data, x)
   model.places = input.distinct(data, x)
   model.time = not model.numeric and #model.places > 0
   for _, value in ipairs(model.places) do model.time = model.time and period.time(value) ~= nil end
   if model.numeric then table.sort(model.places)
   elseif model.time then table.sort(model.places, period.before) end
   local order = {}
   for i, value in ipairs(model.places) do order[value] = i end
   model.series, model.values = {}, {}
   local by_name = {}
   for i, given in ipairs(data.rows) do
      local name = series and rawget(given, series) or y
      local at, value = rawget(given, x), input.number(data, i, y)
      if at ~= nil and name ~= nil then
         if not by_name[name] then
            by_name[name] = {label = text.clean(input.label(name)), points = {}}
            model.series[#model.series + 1] = by_name[name]
         end
         if value then
            table.insert(by_name[name].points, {value = value, index = order[at], at = lines.place(model, order[at])})
            model.values[#model.values + 1] = value
         end
      end
   end
   if series then
      local ordered = {}
      for _, name in ipairs(input.distinct(data, series, nil, x)) do ordered[#ordered + 1] = by_name[name] end
      model.series = ordered
   end
   for _, one in ipairs(model.series) do
      table.sort(one.points, function(a, b) return a.index < b.index end)
      find_gaps(model, one)
   end
   lines.choose(model)
   model.show = number.shower(model.values, options.digits)
   return model
end

local most_coloured = 12 -- more lines than these are a thicket

--- Of many lines those that are coloured and named: what the script points out, else the highest and the lowest at the
--- end, and the largest rise and fall. Of few all are.
function lines.choose(model)
   model.many = #model.series > most_coloured
   model.chosen, model.chosen_count = {}, 0
   local function choose(one)
      if one and not model.chosen[one] then
         model.chosen_count = model.chosen_count + 1
         model.chosen[one] = model.chosen_count
      end
   end
   for _, one in ipairs(model.series) do
      if not model.many and not model.highlight or one.label == model.highlight then choose(one) end
   end
   if not model.many or model.highlight then return end
   local function best(measure)
      local found, most
      for _, one in ipairs(model.series) do
         local value = #one.points > 0 and measure(one.points[1].value, one.points[#one.points].value)
         if value and (not most or value > most) then found, most = one, value end
      end
      choose(found)
   end
   best(function(_, last) return last end)
   best(function(_, last) return -last end)
   best(function(first, last) return last - first end)
   best(function(first, last) return first - last end)
end

--- How a series is drawn: its style, and whether it stands back in grey.
function lines.style(model, i)
   local one = model.series[i]
   local place = model.chosen[one]
   if not place then return {colour = "#a8b0b9", marker = "circle"}, true end
   if model.highlight then return {colour = palette.accent, marker = "circle"}, false end
   return palette.serie(model.many and place or i), false
end

--- The places of the series in the order of drawing: what stands out last, over the others.
function lines.drawing_order(model)
   local order = {}
   for i, one in ipairs(model.series) do if not model.chosen[one] then order[#order + 1] = i end end
   for i, one in ipairs(model.series) do if model.chosen[one] then order[#order + 1] = i end end
   return order
end

--- The range of both axes: {x low, x high, ticks and range of y}.
local function axes(model, count)
   local low, high = math.huge, -math.huge
   for _, value in ipairs(model.values) do low, high = math.min(low, value), math.max(high, value) end
   if #model.values == 0 then low, high = 0, 1 end
   if model.zero then low, high = math.min(0, low), math.max(0, high) end
   local ticks, first, last = scale.ticks(low, high, count)
   local some = #model.places > 0
   return {ticks = ticks, low = first, high = last, from = some and lines.place(model, 1) or 0,
      to = some and lines.place(model, #model.places) or 1}
end

local function draw_series(scene, one, place_x, place_y, style, attributes)
   local points, piece = {}, {}
   local function stroke(list, dash)
      if #list > 1 then
         scene:polyline(list, {stroke = style.colour, ["stroke-width"] = attributes.width or 2,
            ["stroke-dasharray"] = dash, ["stroke-linejoin"] = "round", class = attributes.class},
            not attributes.markers and attributes.tip and one.label or nil)
      end
   end
   for i, point in ipairs(one.points) do
      points[i] = {place_x(point.at), place_y(point.value)}
      if point.broken then
         stroke(piece, attributes.dash)
         if attributes.join then stroke({points[i - 1], points[i]}, "1.5 4") end
         piece = {}
      end
      piece[#piece + 1] = points[i]
   end
   stroke(piece, attributes.dash)
   for i, point in ipairs(points) do
      -- A point that no line leads to is marked in any case.
      local next_one = one.points[i + 1]
      local alone = attributes.alone and (i == 1 or one.points[i].broken) and (not next_one or next_one.broken)
      if attributes.markers or alone then
         scene:marker(style.marker, point[1], point[2], 3.4, {fill = style.colour, stroke = palette.paper,
            ["stroke-width"] = 0.8}, attributes.tip(one.points[i]))
      end
   end
end

--- Horizontal grid with numbers at the left.
local function grid(scene, axis, place_y, left, right, show)
   for _, tick in ipairs(axis.ticks) do
      local y = place_y(tick)
      scene:rule(left, y, right, y)
      scene:text(show(tick), left - 6, y + text.middle(frame.size.small),
         {size = frame.size.small, anchor = "end", fill = palette.muted, class = "dk-muted"})
   end
end

--- The values of x under the plot, thinned out until they do not touch; the first and the last stay.
local function foot(scene, model, place_x, y, most_right)
   local size = frame.size.small
   local function mark(value, x)
      local label = text.clean(input.label(value))
      local width = text.width(label, size)
      return {label = label, x = x, left = x - width / 2, right = x + width / 2}
   end
   local marks = {}
   for i, value in ipairs(model.places) do marks[i] = mark(value, place_x(lines.place(model, i))) end
   local free, last = -math.huge, marks[#marks]
   for i, one in ipairs(marks) do
      local fits = one.left > free + 6 and (one == last or one.right + 6 < last.left) and one.right <= most_right
      if i == 1 or one == last and one.left > free or fits then
         scene:text(one.label, one.x, y + size * text.above, {size = size, anchor = "middle", fill = palette.muted,
            class = "dk-muted"})
         scene:line(one.x, y - 5, one.x, y - 2, {class = "dk-line", stroke = palette.muted, ["stroke-width"] = 1})
         free = one.right
      end
   end
   return y + size * 1.3
end

local function tip_of(model, one)
   return function(point)
      return ("%s, %s: %s"):format(one.label, input.label(model.places[point.index]), model.show(point.value))
   end
end

--- The names of lines in lines of text, each with its last value behind; how wide they are and how high in all.
local function lay_ends(model, ends, size, limit)
   local labels, values, widest = {}, {}, 0
   for i, one in ipairs(ends) do
      labels[i], values[i] = one.label, "  " .. one.shown
      widest = math.max(widest, text.width(values[i], size))
   end
   local laid = text.wrap_all(labels, math.max(40, limit - widest), size, false, 2)
   local width, height = 0, 0
   for i, one in ipairs(ends) do
      one.lines = laid[i]
      if #one.lines == 0 then one.lines[1] = "" end
      one.lines[#one.lines] = one.lines[#one.lines] .. values[i]
      width = math.max(width, text.widest(one.lines, size, one.label == model.highlight))
      height = height + #one.lines * size * text.leading + 1
   end
   return width, height
end

--- Names at the right ends of the lines, moved apart where they would touch, with a thin line to where they belong.
local function name_ends(scene, model, ends, x, top, bottom)
   table.sort(ends, function(a, b)
      if a.y ~= b.y then return a.y < b.y end
      return a.index < b.index
   end)
   local size, wanted, sizes = 11, {}, {}
   for i, one in ipairs(ends) do
      wanted[i], sizes[i] = one.y, #one.lines * size * text.leading + 1
   end
   local placed = scale.spread(wanted, sizes, top, bottom)
   for i, one in ipairs(ends) do
      if one.x < x - 1 or math.abs(placed[i] - one.y) > 1.5 then
         scene:polyline({{one.x + 5, one.y}, {math.max(one.x + 5, x), one.y}, {x + 12, placed[i]}},
            {stroke = one.x < x - 12 and palette.muted or one.style.colour, ["stroke-width"] = 0.7,
               ["stroke-dasharray"] = one.x < x - 12 and "1 3" or nil})
      end
      frame.centred(scene, one.lines, x + 15, placed[i], {size = size, bold = one.label == model.highlight})
   end
end

local function draw_one(model, texts, width)
   local scene, y = frame.open(texts, width)
   local axis = axes(model, 6)
   local show, tick_width = number.shower(axis.ticks), frame.tick_width(axis.ticks)
   local ends = {}
   for i, one in ipairs(model.series) do
      local last = one.points[#one.points]
      if last and (model.chosen[one] or not model.many) then
         ends[#ends + 1] = {label = one.label, shown = model.show(last.value), last = last, index = i,
            style = lines.style(model, i)}
      end
   end
   local names_width, needed = lay_ends(model, ends, 11, width * 0.3)
   local left, right = frame.margin + tick_width + 8, width - frame.margin - names_width - 16
   if model.y_name then
      local title = text.fit(text.clean(model.y_name), width / 2, frame.size.small)
      scene:text(title, frame.margin, y + frame.size.small, {size = frame.size.small, fill = palette.muted,
         class = "dk-muted"})
      y = y + 20
   end
   local top = y + 6
   local bottom = math.max(top + (model.height or 320), top + needed)
   local place_x = scale.linear(axis.from, axis.to, left + 10, right - 4)
   local place_y = scale.linear(axis.low, axis.high, bottom, top)
   grid(scene, axis, place_y, left, right, show)
   for _, i in ipairs(lines.drawing_order(model)) do
      local one = model.series[i]
      local style, back = lines.style(model, i)
      draw_series(scene, one, place_x, place_y, style, {dash = style.dash, width = back and 1.3 or 2.4,
         markers = not (back and model.many), alone = true, join = model.join, tip = tip_of(model, one)})
   end
   for _, one in ipairs(ends) do one.x, one.y = place_x(one.last.at), place_y(one.last.value) end
   name_ends(scene, model, ends, right - 4, top - 6, bottom + 6)
   return frame.close(scene, foot(scene, model, place_x, bottom + 9, width), texts)
end

local function draw_panels(model, texts, width)
   local scene, y = frame.open(texts, width)
   local axis = axes(model, 3)
   local show, tick_width = number.shower(axis.ticks), frame.tick_width(axis.ticks)
   local most = math.floor((width - 2 * frame.margin) / 165)
   local across = math.max(1, math.min(#(model.all_series or model.series), most))
   local gap = 14
   local cell = (width - 2 * frame.margin - (across - 1) * gap) / across
   local height = model.height or 96
   local names = {}
   for i, one in ipairs(model.series) do names[i] = one.label end
   local laid = text.wrap_all(names, cell - 4, 11.5, true, 2)
   for first = 1, #model.series, across do
      local tallest = 1
      for i = first, math.min(first + across - 1, #model.series) do
         tallest = math.max(tallest, #laid[i])
      end
      local top = y + tallest * 11.5 * text.leading + 8
      local bottom = top + height
      for i = first, math.min(first + across - 1, #model.series) do
         local one = model.series[i]
         local left = frame.margin + (i - first) * (cell + gap)
         local last = one.points[#one.points]
         local shown = last and model.show(last.value) or ""
         scene:lines(laid[i], left, y + 11.5 * text.above, {size = 11.5, bold = true})
         local plot_left, plot_right = left + tick_width + 8, left + cell - 6 - text.width(shown, 10.5)
         local place_x = scale.linear(axis.from, axis.to, plot_left + 4, plot_right - 6)
         local place_y = scale.linear(axis.low, axis.high, bottom, top)
         grid(scene, axis, place_y, plot_left, plot_right, show)
         for _, other in ipairs(model.all_series or model.series) do
            if other ~= one then
               draw_series(scene, other, place_x, place_y, {colour = "#c4cad1"}, {width = 0.9, class = "dk-grid"})
            end
         end
         draw_series(scene, one, place_x, place_y, palette.series[1],
            {width = 2.2, markers = true, join = model.join, tip = tip_of(model, one)})
         if last then
            scene:text(shown, place_x(last.at) + 7, place_y(last.value) + text.middle(10.5), {size = 10.5})
         end
         foot(scene, model, place_x, bottom + 8, left + cell)
      end
      y = bottom + 32
   end
   return frame.close(scene, y - 8, texts)
end

function lines.draw(model, texts, width)
   if model.broken then
      table.insert(texts.notes, model.join and "Dashes join what has no value between."
         or "Lines break where there is no value.")
   end
   if model.many and not model.panels and not model.highlight then
      table.insert(texts.notes, ("%d lines; in colour the highest, the lowest, the largest rise and the largest fall. "
         .. "`highlight` picks another, `panels` shows each."):format(#model.series))
   end
   if model.panels then return draw_panels(model, texts, width) end
   return draw_one(model, texts, width)
end

local most_said = 12 -- series, and values of each, that are told one by one

--- A series in words: each of its values where there are few, else the first and the last.
local function said_of(model, one)
   local function at(point)
      return ("%s (%s)"):format(model.show(point.value), input.label(model.places[point.index]))
   end
   local points, said = one.points, {}
   if #points == 0 then return "no value" end
   if #points > 2 and #points <= most_said then
      for i, point in ipairs(points) do said[i] = at(point) end
      return table.concat(said, ", ")
   end
   return points[2] and at(points[1]) .. " to " .. at(points[#points]) or at(points[1])
end

function lines.describe(model)
   local first, last = model.places[1], model.places[#model.places]
   local when = first == last and "in " .. input.label(first or "?")
      or ("%s to %s"):format(input.label(first), input.label(last))
   local out = {("Lines of %s for %d series, %s."):format(model.y_name, #model.series, when)}
   local all = #model.series <= most_said
   for i = 1, math.min(#model.series, most_said) do
      local one = model.series[i]
      local said = said_of(model, one)
      if #one.gaps > 0 then said = said .. ", no value in " .. table.concat(one.gaps, ", ") end
      out[#out + 1] = ("%s: %s."):format(one.label, said)
      all = all and #one.points <= most_said
   end
   return table.concat(out, " "), all
end

function lines.values(model)
   local columns, rows = {model.x_name}, {}
   for index, place in ipairs(model.places) do rows[index] = {input.label(place)} end
   for i, one in ipairs(model.series) do
      columns[i + 1] = one.label
      for _, row in ipairs(rows) do row[i + 1] = "no value" end
      for _, point in ipairs(one.points) do rows[point.index][i + 1] = model.show(point.value) end
   end
   return columns, rows
end

--- Panels from one to another, the other lines behind them.
function lines.slice(model, first, last)
   return setmetatable({series = table.move(model.series, first, last, 1, {}),
      all_series = model.all_series or model.series}, {__index = model})
end

--- A time in years as a date.
local function day_of(time)
   local year, months = math.floor(time), (time - math.floor(time)) * 12
   local month = math.min(11, math.floor(months + 1e-6))
   return ("%04d-%02d-%02d"):format(year, month + 1, math.floor((months - month) * 30.4375 + 1.5))
end

function lines.vega(model)
   local values, names, colours = {}, {}, {}
   for i, one in ipairs(model.series) do
      local by_index = {}
      names[i], colours[i] = one.label, model.panels and palette.series[1].colour or lines.style(model, i).colour
      for _, point in ipairs(one.points) do by_index[point.index] = point.value end
      for index = one.points[1] and one.points[1].index or 1, one.points[1] and one.points[#one.points].index or 0 do
         local place = model.places[index]
         local x = model.numeric and place or model.time and day_of(period.time(place)) or input.label(place)
         -- A null breaks the line; joined, the place is left out.
         if by_index[index] or not model.join then
            local last = index == one.points[#one.points].index
            values[#values + 1] = {series = one.label, x = x, y = by_index[index] or sql.null,
               name = last and (model.chosen[one] or not model.many) and not model.panels
                  and one.label .. "  " .. model.show(by_index[index]) or nil}
         end
      end
   end
   local axis = axes(model, model.panels and 3 or 6)
   local encoding = {
      x = {field = "x", type = model.numeric and "quantitative" or "ordinal", title = model.x_name,
         axis = {format = model.numeric and "d" or nil}, scale = {zero = false}},
      y = {field = "y", type = "quantitative", title = model.y_name,
         scale = {domain = {axis.low, axis.high}, zero = false, nice = false}},
      color = {field = "series", type = "nominal", scale = {domain = names, range = colours}, legend = false},
   }
   if not model.numeric then encoding.x.axis, encoding.x.scale = nil, {domain = nil} end
   if not model.numeric and not model.time then
      local order = {}
      for i, place in ipairs(model.places) do order[i] = input.label(place) end
      encoding.x.scale = {domain = order}
   end
   if model.time then encoding.x.type, encoding.x.scale = "temporal", {type = "utc"} end
   if model.panels then
      encoding.facet = {field = "series", type = "nominal", columns = 4, title = false, sort = names}
      return {data = {values = values}, width = 130, height = 90, mark = {type = "line", point = true},
         encoding = encoding}
   end
   return {data = {values = values}, height = 320, encoding = encoding, layer = {
      {mark = {type = "line", point = not model.many}},
      {mark = {type = "text", align = "left", dx = 7}, transform = {{filter = "isValid(datum.name)"}},
         encoding = {color = {value = palette.ink}, text = {field = "name", type = "nominal"}}},
   }}
end

return lines
