--- Tile-grid map: one tile of equal size for each unit, roughly where it lies, so that Singapore is as visible as
--- Indonesia. Values are numbers (darker is more) or words (each with a colour and pattern of its own).
local errors = require "difkit.error"
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local layouts = require "difkit.chart.layouts"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local text = require "difkit.chart.text"
local vega = require "difkit.chart.vega"

local tilemap = {options = {"unit", "value", "layout", "missing", "low", "high"}, name = "tile-grid map"}

--- The tiles of a layout: a name of those that come with the library, or a table with unit, column and row.
local function read_layout(call, given)
   if given == nil then given = "asean" end
   if type(given) == "string" then
      if not layouts[given] then
         local names = {}
         for name in next, layouts do names[#names + 1] = name end
         table.sort(names)
         errors.raise(('%s: unknown layout "%s"'):format(call, given), errors.hint(given, names))
      end
      given = layouts[given]
   end
   local data, tiles = input.read(call, given), {}
   for i = 1, data.n do
      local row = data.rows[i]
      local unit = rawget(row, "unit") or rawget(row, "id")
      local column, line = rawget(row, "column"), rawget(row, "row")
      if not unit or type(column) ~= "number" or type(line) ~= "number" then
         errors.raise(("%s: row %d of the layout needs unit, column and row"):format(call, i))
      end
      tiles[i] = {unit = unit, title = text.clean(rawget(row, "title") or unit), column = column, row = line}
   end
   return tiles
end

function tilemap.read(data, options)
   local tiles = read_layout(data.call, options.layout)
   local by_name, names = {}, {}
   for _, tile in ipairs(tiles) do
      by_name[tile.unit], by_name[tile.title] = tile, tile
      names[#names + 1] = tile.unit
      names[#names + 1] = tile.title
   end
   local unit = options.unit and input.column(data, "unit", options.unit)
   if not unit then
      for _, name in ipairs {"unit", "unit_id", "id"} do
         if data.has[name] then unit = name break end
      end
      unit = unit or input.label_column(data)
   end
   local value = options.value and input.column(data, "value", options.value) or input.numeric(data, {unit})[1]
   if not value then
      errors.raise(data.call .. ": no column of numbers", "name the column: {value = …}")
   end
   local model = {tiles = tiles, values = {}, value_name = value, numeric = input.is_numeric(data, value),
      missing_label = options.missing or "no value"}
   for i, row in ipairs(data.rows) do
      local name = rawget(row, unit)
      if name ~= nil then
         local tile = by_name[name]
         if not tile then
            errors.raise(('%s: row %d: the layout has no tile for "%s"'):format(data.call, i, tostring(name)),
               errors.hint(name, names))
         end
         if tile.seen then
            errors.raise(('%s: several rows for "%s"'):format(data.call, tostring(name)),
               "filter to one period, or group first")
         end
         tile.seen, tile.value = true, rawget(row, value)
         if model.numeric then tile.value = input.number(data, i, value) end
         if tile.value ~= nil then model.values[#model.values + 1] = tile.value end
      end
   end
   if model.numeric then
      local low, high = math.huge, -math.huge
      for _, one in ipairs(model.values) do low, high = math.min(low, one), math.max(high, one) end
      if #model.values == 0 then low, high = 0, 1 end
      model.low, model.high = options.low or low, options.high or high
      model.show = number.shower(model.values, options.digits)
   else
      model.classes, model.place_of = input.distinct(data, value), {}
      for i, class in ipairs(model.classes) do model.place_of[class] = i end
      model.show = input.label
   end
   return model
end

local function share(model, value)
   local span = model.high - model.low
   return span == 0 and 0.5 or (value - model.low) / span
end

--- The first and last column and row of the tiles.
local function extent(tiles)
   local extents = {left = math.huge, right = -math.huge, top = math.huge, bottom = -math.huge}
   for _, tile in ipairs(tiles) do
      extents.left, extents.right = math.min(extents.left, tile.column), math.max(extents.right, tile.column)
      extents.top, extents.bottom = math.min(extents.top, tile.row), math.max(extents.bottom, tile.row)
   end
   return extents
end

function tilemap.draw(model, texts, width, fixed)
   local extents = extent(model.tiles)
   local across = extents.right - extents.left + 1
   local side = math.min(112, (width - 2 * frame.margin) / math.max(1, across))
   if not fixed then width = math.max(460, across * side + 2 * frame.margin) end
   local left = (width - across * side) / 2 + 3
   local scene, y = frame.open(texts, width)
   local missing = {label = model.missing_label, draw = function(on, x, at)
      on:rect(x, at, 22, 12, {fill = on:fill("#f6f8fa", "nothing")})
   end}
   local some_missing = false
   for _, tile in ipairs(model.tiles) do some_missing = some_missing or tile.value == nil end
   if model.numeric then
      y = frame.ramp(scene, y, model.show(model.low), model.show(model.high), palette.amount, model.value_name,
         some_missing and {missing} or {})
   else
      local entries = {}
      for i, class in ipairs(model.classes) do
         local style = palette.serie(i)
         entries[i] = {label = input.label(class), draw = function(on, x, at)
            on:rect(x, at, 22, 12, {fill = on:fill(style.colour, palette.pattern(i))})
         end}
      end
      if some_missing then entries[#entries + 1] = missing end
      y = frame.legend(scene, y, entries)
   end
   local small, large = 11 * math.min(1, side / 100), (model.numeric and 16 or 11) * math.min(1, side / 100)
   for _, tile in ipairs(model.tiles) do
      local size = small
      while size > 4 and not text.words_fit(tile.title, side - 12, size) do size = size - 0.5 end
      local x, top = left + (tile.column - extents.left) * side, y + (tile.row - extents.top) * side * 0.8
      local box_width, box_height = side - 6, side * 0.8 - 6
      local fill, ink, shown = scene:fill("#f6f8fa", "nothing"), palette.ink, nil
      local plate
      if tile.value ~= nil then
         shown = text.fit(text.clean(model.show(tile.value)), box_width - 10, large, true)
         if model.numeric then
            fill = palette.amount(share(model, tile.value))
            ink = palette.ink_on(fill)
         else
            local style = palette.serie(model.place_of[tile.value])
            local pattern = palette.pattern(model.place_of[tile.value])
            fill, ink = scene:fill(style.colour, pattern), palette.ink_on(style.colour)
            plate = pattern and style.colour or nil
         end
      else
         plate = "#f6f8fa"
      end
      scene:rect(x, top, box_width, box_height, {fill = fill, stroke = palette.muted, ["stroke-width"] = 0.5, rx = 4},
         ("%s: %s"):format(tile.title, tile.value ~= nil and model.show(tile.value) or model.missing_label))
      local lines = text.wrap(tile.title, box_width - 6, size, false, 2)
      local block = #lines * size * text.leading + (shown and large * text.leading or 0)
      local at = top + (box_height - block) / 2
      if plate then
         local widest = math.max(text.widest(lines, size), shown and text.width(shown, large, true) or 0)
         scene:rect(x + box_width / 2 - widest / 2 - 4, at - 1, widest + 8, block + 2,
            {fill = plate, rx = 2, class = tile.value == nil and "dk-band" or nil})
      end
      at = scene:lines(lines, x + box_width / 2, at + size * text.above + 1, {size = size, anchor = "middle",
         fill = ink, class = tile.value == nil and "dk-ink" or "dk-on"})
      if shown then
         scene:text(shown, x + box_width / 2, at + large * 0.3 + (model.numeric and 1 or 0), {size = large,
            bold = true, anchor = "middle", fill = ink, class = "dk-on"})
      end
   end
   return frame.close(scene, y + (extents.bottom - extents.top + 1) * side * 0.8, texts)
end

function tilemap.describe(model)
   local _, rows = tilemap.values(model)
   local parts = {}
   for i, row in ipairs(rows) do parts[i] = ("%s %s"):format(row[1], row[2]) end
   return ("Tile-grid map of %s: %s."):format(model.value_name, table.concat(parts, ", ")), true
end

function tilemap.values(model)
   local rows = {}
   for i, tile in ipairs(model.tiles) do
      rows[i] = {tile.title, tile.value ~= nil and model.show(tile.value) or model.missing_label}
   end
   return {"unit", model.value_name}, rows
end

function tilemap.vega(model)
   local values, names, colours = {}, {}, {}
   for i, tile in ipairs(model.tiles) do
      local value, colour = tile.value, nil
      if value ~= nil then
         colour = model.numeric and palette.amount(share(model, value)) or palette.serie(model.place_of[value]).colour
         if not model.numeric then value = input.label(value) end
      end
      values[i] = {unit = tile.unit, title = tile.title, column = tile.column, row = tile.row, value = value,
         shown = value ~= nil and text.clean(model.show(tile.value)) or model.missing_label,
         ink = palette.ink_on(colour or "#f6f8fa")}
   end
   local function steps(low, high)
      local list = {}
      for step = low, high do list[#list + 1] = step end
      return list
   end
   local extents = extent(model.tiles)
   local x = {field = "column", type = "ordinal", axis = false, scale = {domain = steps(extents.left, extents.right)}}
   local y = {field = "row", type = "ordinal", axis = false, scale = {domain = steps(extents.top, extents.bottom)}}
   local colour = {field = "value", type = "quantitative", title = model.value_name,
      scale = model.numeric and vega.ramp(model.low, model.high, palette.amount_stops) or nil}
   if not model.numeric then
      for i, class in ipairs(model.classes) do names[i], colours[i] = input.label(class), palette.serie(i).colour end
      colour = {field = "value", type = "nominal", title = model.value_name, scale = {domain = names, range = colours}}
   end
   local spec = vega.matrix(values, x, y, colour, false)
   local layers = spec.layer
   layers[1].mark = {type = "rect", stroke = "white", strokeWidth = 4}
   local ink = {field = "ink", type = "nominal", scale = vega.none}
   layers[3] = {mark = {type = "text", dy = -8}, encoding = {x = x, y = y, color = ink,
      text = {field = "title", type = "nominal"}}}
   layers[4] = {mark = {type = "text", dy = 8, fontWeight = "bold"}, transform = {{filter = "isValid(datum.value)"}},
      encoding = {x = x, y = y, color = ink, text = {field = "shown", type = "nominal"}}}
   spec.width, spec.height = {step = 104}, {step = 76}
   return spec
end

return tilemap
