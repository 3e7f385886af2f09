--- What all charts share: title and subtitle above, note and source below, a legend, axes with ticks, and the size.
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local Scene = require "difkit.chart.scene"
local text = require "difkit.chart.text"

local frame = {}

frame.margin = 16
frame.size = {title = 17, subtitle = 12.5, label = 12, small = 10.5}

--- Options that every chart takes.
frame.options = {"title", "subtitle", "source", "note", "description", "width", "digits", "labels"}

--- A scene with the title written, and the y below it. `texts` holds title, subtitle, source, note.
function frame.open(texts, width)
   local scene = Scene.new(width)
   local size, y = frame.size, frame.margin
   local room = width - 2 * frame.margin
   if texts.title then
      local lines = text.wrap(text.clean(texts.title), room, size.title, true, 3)
      y = scene:lines(lines, frame.margin, y + size.title * text.above, {size = size.title, bold = true})
      y = y - size.title * text.above + 1
   end
   if texts.subtitle then
      local lines = text.wrap(text.clean(texts.subtitle), room, size.subtitle, false, 4)
      y = scene:lines(lines, frame.margin, y + size.subtitle * text.above,
         {size = size.subtitle, fill = palette.muted, class = "dk-muted"})
      y = y - size.subtitle * text.above
   end
   if texts.title or texts.subtitle then y = y + 9 end
   return scene, y
end

--- Writes note and source below `y` and fixes the height.
function frame.close(scene, y, texts)
   local size = frame.size.small
   local room = scene.width - 2 * frame.margin
   local written = {}
   for _, note in ipairs(texts.notes or {}) do written[#written + 1] = note end
   if texts.note then written[#written + 1] = texts.note end
   if texts.source then written[#written + 1] = "Source: " .. texts.source end
   if #written > 0 then y = y + 8 end
   for _, value in ipairs(written) do
      local lines = text.wrap(text.clean(value), room, size, false, 6)
      y = scene:lines(lines, frame.margin, y + size * text.above,
         {size = size, fill = palette.muted, class = "dk-muted"})
      y = y - size * text.above + 2
   end
   scene.height = math.ceil(y + frame.margin - 4)
   return scene
end

--- A legend in rows: entries {label, draw = function(scene, x, y)} with a sign of 22 x 12. Returns the y below.
function frame.legend(scene, y, entries)
   local size, x = frame.size.small + 0.5, frame.margin
   local right = scene.width - frame.margin
   local names = {}
   for i, entry in ipairs(entries) do names[i] = text.clean(entry.label) end
   names = text.wrap_all(names, right - frame.margin - 30, size, false, 1)
   for i, entry in ipairs(entries) do
      local shown = names[i][1] or ""
      local width = 28 + text.width(shown, size)
      if x > frame.margin and x + width > right then
         x, y = frame.margin, y + 18
      end
      entry.draw(scene, x, y)
      scene:text(shown, x + 28, y + 10, {size = size, tip = shown ~= entry.label and entry.label or nil})
      x = x + width + 18
   end
   return #entries > 0 and y + 24 or y
end

--- A legend for amounts: a strip of five steps between the smallest and the largest, then other entries.
function frame.ramp(scene, y, low, high, colour, label, entries)
   local size, x = frame.size.small + 0.5, frame.margin
   if label then
      local shown = text.fit(text.clean(label), scene.width * 0.5, size)
      scene:text(shown, x, y + 10, {size = size})
      x = x + text.width(shown, size) + 10
   end
   scene:text(low, x, y + 10, {size = size})
   x = x + text.width(low, size) + 6
   for i = 0, 4 do
      scene:rect(x + i * 22, y, 22, 12, {fill = colour(i / 4), class = "dk-mark"})
   end
   scene:rect(x, y, 110, 12, {fill = "none", stroke = palette.muted, ["stroke-width"] = 0.6})
   scene:text(high, x + 116, y + 10, {size = size})
   x = x + 116 + text.width(high, size) + 20
   for _, entry in ipairs(entries or {}) do
      local width = 28 + text.width(entry.label, size)
      if x + width > scene.width - frame.margin then x, y = frame.margin, y + 18 end
      entry.draw(scene, x, y)
      scene:text(entry.label, x + 28, y + 10, {size = size})
      x = x + width + 18
   end
   return y + 24
end

--- A numeric axis below a plot: grid lines from `top` to `bottom`, numbers under them, a title. Returns the y below.
--- `place` maps values to x; `ticks` are thinned out until their numbers do not touch.
function frame.axis_below(scene, ticks, place, top, bottom, title, left, right, show)
   local size = frame.size.small
   show = show or number.shower(ticks)
   local every, widest = 1, 0
   for _, tick in ipairs(ticks) do widest = math.max(widest, text.width(show(tick), size)) end
   if #ticks > 1 then
      local step = math.abs(place(ticks[2]) - place(ticks[1]))
      while step * every < widest + 8 and every < #ticks do every = every + 1 end
   end
   for i, tick in ipairs(ticks) do
      local x = place(tick)
      scene:rule(x, top, x, bottom)
      if (i - 1) % every == 0 then
         scene:text(show(tick), x, bottom + 5 + size * text.above,
            {size = size, anchor = "middle", fill = palette.muted, class = "dk-muted"})
      end
   end
   local y = bottom + 5 + size * 1.1
   if title then
      local lines = text.wrap(text.clean(title), right - left, size + 0.5, false, 2)
      y = scene:lines(lines, (left + right) / 2, y + 4 + size * text.above,
         {size = size + 0.5, anchor = "middle"}) - size * text.above
   end
   return y + 2
end

--- The widest of the numbers of an axis.
function frame.tick_width(ticks)
   local show, widest = number.shower(ticks), 0
   for _, tick in ipairs(ticks) do widest = math.max(widest, text.width(show(tick), frame.size.small)) end
   return widest
end

--- Half the width of the numbers at the ends of an axis: the room they need beside the plot.
function frame.overhang(ticks, show)
   show = show or number.shower(ticks)
   local size = frame.size.small
   return math.max(text.width(show(ticks[1]), size), text.width(show(ticks[#ticks]), size)) / 2
end

--- Lays out labels in a column: wraps each to at most `most` lines of a common width, which is as small as it can be
--- without wrapping, but no more than `limit`. Returns the lines of each and the width.
function frame.label_column(labels, limit, size, most, bold)
   local cleaned, width = {}, 0
   for i, label in ipairs(labels) do cleaned[i] = text.clean(label) end
   local laid = text.wrap_all(cleaned, limit, size, bold, most)
   for _, lines in ipairs(laid) do width = math.max(width, text.widest(lines, size, bold)) end
   return laid, width
end

--- Writes lines so that their block is centred on `y`.
function frame.centred(scene, lines, x, y, options)
   local size = options.size or 12
   local step = size * text.leading
   local first = y - (#lines - 1) * step / 2 + text.middle(size)
   scene:lines(lines, x, first, options)
end

return frame
