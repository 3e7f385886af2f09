--- Heat map: a matrix with the number in each cell, darker for more; cells without a value are hatched, not pale.
--- Rows can stand in groups with a heading. The input is long (row, column, value; without value, rows are counted) or
--- wide (a pivot: the first column names the rows, the columns of numbers are the columns).
local errors = require "difkit.error"
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local text = require "difkit.chart.text"
local vega = require "difkit.chart.vega"

local heatmap = {
   options = {"row", "column", "value", "group", "rows", "columns", "low", "high", "missing", "numbers"},
   name = "heat map",
}

--- Long data as cells; `value` nil counts rows.
local function read_long(model, data, options)
   local row, column = input.column(data, "row", options.row), input.column(data, "column", options.column)
   local value = options.value and input.column(data, "value", options.value)
   model.rows = input.distinct(data, row, options.rows, column)
   model.columns = input.distinct(data, column, options.columns, row)
   model.value_name = value or "number"
   for i, given in ipairs(data.rows) do
      local r, c = rawget(given, row), rawget(given, column)
      if r ~= nil and c ~= nil then
         model.cells[r] = model.cells[r] or {}
         if value then
            if model.cells[r][c] ~= nil then
               errors.raise(('%s: several rows for "%s" and "%s"'):format(data.call, tostring(r), tostring(c)),
                  "group first, or leave out value to count the rows")
            end
            model.cells[r][c] = input.number(data, i, value)
         else
            model.cells[r][c] = (model.cells[r][c] or 0) + 1
         end
      end
   end
   model.row_name, model.column_name = row, column
end

--- A pivot.
local function read_wide(model, data, options)
   local row = options.row and input.column(data, "row", options.row) or data.columns[1]
   local columns = options.columns or input.numeric(data, {row, options.group})
   if #columns == 0 then
      errors.raise(data.call .. ": no column of numbers", "name the columns: {row = …, column = …, value = …}")
   end
   model.rows, model.columns = input.distinct(data, row, options.rows), columns
   for i, given in ipairs(data.rows) do
      local r = rawget(given, row)
      if r ~= nil then
         if model.cells[r] then
            errors.raise(('%s: two rows are called "%s"'):format(data.call, tostring(r)))
         end
         model.cells[r] = {}
         for _, name in ipairs(columns) do
            input.column(data, "columns", name)
            model.cells[r][name] = input.number(data, i, name)
         end
      end
   end
   model.row_name, model.column_name, model.value_name = row, "column", options.value or "value"
end

--- The rows in runs of one group each.
local function read_groups(model, data, options)
   if not options.group then
      model.groups = {{rows = model.rows}}
      return
   end
   local name = input.column(data, "group", options.group)
   local group_of, place = {}, {}
   for _, given in ipairs(data.rows) do
      local r = rawget(given, model.row_name)
      if r ~= nil and group_of[r] == nil then group_of[r] = rawget(given, name) end
   end
   model.groups = {}
   for _, group in ipairs(input.distinct(data, name)) do
      place[group] = {title = input.label(group), rows = {}}
      model.groups[#model.groups + 1] = place[group]
   end
   local others = {title = "Other", rows = {}}
   for _, row in ipairs(model.rows) do
      table.insert((place[group_of[row]] or others).rows, row)
   end
   if #others.rows > 0 then model.groups[#model.groups + 1] = others end
   local ordered = {}
   for _, group in ipairs(model.groups) do
      for _, row in ipairs(group.rows) do ordered[#ordered + 1] = row end
   end
   model.rows = ordered
end

function heatmap.read(data, options)
   local model = {cells = {}, counts = options.column ~= nil and options.value == nil}
   if options.column then
      if not options.row then errors.raise(data.call .. ": column is given without row") end
      read_long(model, data, options)
   else
      read_wide(model, data, options)
   end
   read_groups(model, data, options)
   local values = {}
   model.missing = 0
   for _, row in ipairs(model.rows) do
      for _, column in ipairs(model.columns) do
         local value = model.cells[row] and model.cells[row][column]
         if value then values[#values + 1] = value else model.missing = model.missing + 1 end
      end
   end
   model.values = values
   model.show = number.shower(values, options.digits)
   local low, high = math.huge, -math.huge
   for _, value in ipairs(values) do low, high = math.min(low, value), math.max(high, value) end
   if #values == 0 then low, high = 0, 1 end
   model.signed = low < 0 and high > 0 and not (options.low or options.high)
   if model.signed then
      high = math.max(-low, high)
      low = -high
   elseif model.counts then
      low = 0
   end
   model.low, model.high = options.low or low, options.high or high
   model.missing_label = options.missing or (model.counts and "none" or "no value")
   model.numbers = options.numbers ~= false
   return model
end

function heatmap.colour(model, value)
   if model.signed then return palette.signed(value / math.max(model.high, 1e-12)) end
   local span = model.high - model.low
   return palette.amount(span == 0 and 0.5 or (value - model.low) / span)
end

--- Lays out the headings of some columns: in lines, or turned upwards where words do not fit.
local function lay_headings(columns, cell)
   local size, labels, flat = math.min(11, cell / 1.3), {}, true
   for i, column in ipairs(columns) do
      labels[i] = text.clean(input.label(column))
      flat = flat and text.words_fit(labels[i], cell - 6, size) and #text.wrap(labels[i], cell - 6, size) <= 3
   end
   local laid, height
   if flat then laid = text.wrap_all(labels, cell - 6, size)
   else
      laid = text.wrap_all(labels, 170, size, false, math.max(1, math.floor((cell - 4) / (size * text.leading))))
   end
   height = 0
   for _, lines in ipairs(laid) do
      height = math.max(height, flat and #lines * size * text.leading or text.widest(lines, size))
   end
   return {laid = laid, labels = labels, flat = flat, height = height + 6, size = size}
end

local function draw_headings(scene, headings, left, cell, y)
   for i, lines in ipairs(headings.laid) do
      local centre = left + (i - 0.5) * cell
      local tip = table.concat(lines, " ") ~= headings.labels[i] and headings.labels[i] or nil
      if headings.flat then
         local above = (#lines - 1) * headings.size * text.leading + headings.size * text.below
         local first = y + headings.height - 6 - above
         scene:lines(lines, centre, first, {size = headings.size, anchor = "middle", tip = tip})
      else
         local step = headings.size * text.leading
         for j, line in ipairs(lines) do
            local x = centre + (j - (#lines + 1) / 2) * step + text.middle(headings.size)
            scene:text(line, x, y + headings.height - 4, {size = headings.size, turned = true, tip = tip})
         end
      end
   end
   return y + headings.height
end

local function draw_row(scene, model, columns, row, left, y, cell, height)
   for i, column in ipairs(columns) do
      local value = model.cells[row] and model.cells[row][column]
      local x = left + (i - 1) * cell
      local tip = ("%s, %s: %s"):format(input.label(row), input.label(column),
         value and model.show(value) or model.missing_label)
      if value then
         local colour = heatmap.colour(model, value)
         scene:rect(x + 1, y + 1, cell - 2, height - 2, {fill = colour, rx = 2}, tip)
         local shown = model.show(value)
         for _, size in ipairs(model.numbers and {11.5, 9.5, 8} or {}) do
            if text.width(shown, size) <= cell - 4 then
               scene:text(shown, x + cell / 2, y + height / 2 + text.middle(size),
                  {size = size, anchor = "middle", fill = palette.ink_on(colour), class = "dk-on"})
               break
            end
         end
      else
         scene:rect(x + 1, y + 1, cell - 2, height - 2, {fill = scene:fill("#f6f8fa", "nothing"), rx = 2}, tip)
      end
   end
end

local function draw_legend(scene, model, y)
   local entries = {}
   if model.missing > 0 then
      entries[1] = {label = model.missing_label, draw = function(on, x, at)
         on:rect(x, at, 22, 12, {fill = on:fill("#f6f8fa", "nothing")})
      end}
   end
   if #model.values == 0 then return frame.legend(scene, y, entries) end
   return frame.ramp(scene, y, model.show(model.low), model.show(model.high), function(share)
      return heatmap.colour(model, model.low + share * (model.high - model.low))
   end, model.value_name, entries)
end

local narrowest = 22 -- pixels of a cell; what needs more columns than fit so goes on in a block below

--- How the picture is divided: where cells begin and how wide they are, and how many columns stand side by side.
local function lay_out(model, width)
   local size = frame.size.label - 0.5
   local room, labels = width - 2 * frame.margin, {}
   for i, row in ipairs(model.rows) do labels[i] = input.label(row) end
   local layout = {labels = labels, size = size, indent = (model.grouped or #model.groups > 1) and 10 or 0}
   local least = math.max(26, math.min(60, (room - 170) / #model.columns))
   local limit = math.max(90, math.min(room * 0.5, room - least * #model.columns - 12 - layout.indent))
   if least * #model.columns + 102 < room then limit = room - least * #model.columns - 12 - layout.indent end
   local label_width
   layout.laid, label_width = frame.label_column(labels, limit, size, 3)
   layout.left = frame.margin + layout.indent + label_width + 10
   local free = width - frame.margin - layout.left
   layout.side = math.max(1, math.min(#model.columns, math.floor(free / narrowest)))
   local blocks = math.ceil(#model.columns / layout.side)
   layout.side = math.ceil(#model.columns / blocks) -- blocks of one size
   layout.cell = math.min(120, free / layout.side)
   return layout
end

--- Some columns of all rows, with their headings. Returns the y below.
local function draw_block(scene, model, columns, layout, y)
   local size, left, cell, index = layout.size, layout.left, layout.cell, 0
   local room = scene.width - 2 * frame.margin
   y = draw_headings(scene, lay_headings(columns, cell), left, cell, y)
   for _, group in ipairs(model.groups) do
      if group.title then
         local lines = text.wrap(text.clean(group.title), room, size, true, 2)
         y = scene:lines(lines, frame.margin, y + 8 + size * text.above, {size = size, bold = true})
         y = y - size * text.above + 4
      end
      for _, row in ipairs(group.rows) do
         index = index + 1
         local lines = layout.laid[index]
         local height = math.max(24, #lines * size * text.leading + 6)
         local full = table.concat(lines, " ")
         local tip = full:find("…", 1, true) and layout.labels[index] or nil
         if layout.indent > 0 then
            -- Under headings labels begin at the left; a line leads the eye to the cells.
            scene:line(frame.margin + layout.indent, y + height - 0.5, left, y + height - 0.5,
               {class = "dk-grid", stroke = palette.grid, ["stroke-width"] = 0.7})
            frame.centred(scene, lines, frame.margin + layout.indent, y + height / 2, {size = size, tip = tip})
         else
            frame.centred(scene, lines, left - 10, y + height / 2, {size = size, anchor = "end", tip = tip})
         end
         draw_row(scene, model, columns, row, left, y, cell, height)
         y = y + height
      end
   end
   return y
end

function heatmap.draw(model, texts, width, fixed)
   local layout = lay_out(model, width)
   if not fixed then width = math.max(480, layout.left + layout.cell * layout.side + frame.margin) end
   local scene, y = frame.open(texts, width)
   y = draw_legend(scene, model, y)
   for first = 1, math.max(1, #model.columns), layout.side do
      local last = math.min(#model.columns, first + layout.side - 1)
      if first > 1 then y = y + 14 end
      y = draw_block(scene, model, table.move(model.columns, first, last, 1, {}), layout, y)
   end
   return frame.close(scene, y + 4, texts)
end

local most_said = 60 -- cells that are told one by one

function heatmap.describe(model)
   local largest
   for _, row in ipairs(model.rows) do
      for _, column in ipairs(model.columns) do
         local value = model.cells[row] and model.cells[row][column]
         if value and (not largest or value > largest.value) then
            largest = {value = value, row = row, column = column}
         end
      end
   end
   local parts = {("Heat map of %s and %s, %s without a value"):format(number.counted(#model.rows, "row"),
      number.counted(#model.columns, "column"), number.counted(model.missing, "cell"))}
   if largest then
      parts[2] = ("largest value %s at %s, %s"):format(model.show(largest.value), input.label(largest.row),
         input.label(largest.column))
   end
   local out, all = {table.concat(parts, "; ") .. "."}, #model.rows * #model.columns <= most_said
   if all then out[2] = input.words(heatmap.values(model)) end
   return table.concat(out, " "), all
end

function heatmap.values(model)
   local columns, rows = {model.row_name}, {}
   for i, column in ipairs(model.columns) do columns[i + 1] = input.label(column) end
   for i, row in ipairs(model.rows) do
      rows[i] = {input.label(row)}
      for j, column in ipairs(model.columns) do
         local value = model.cells[row] and model.cells[row][column]
         rows[i][j + 1] = value and model.show(value) or model.missing_label
      end
   end
   return columns, rows
end

--- The rows from one to another, in their groups, with the colours of all.
function heatmap.slice(model, first, last)
   local groups, place = {}, 0
   for _, group in ipairs(model.groups) do
      local part = {title = group.title, rows = {}}
      for _, row in ipairs(group.rows) do
         place = place + 1
         if place >= first and place <= last then table.insert(part.rows, row) end
      end
      if #part.rows > 0 then groups[#groups + 1] = part end
   end
   return setmetatable({rows = table.move(model.rows, first, last, 1, {}), groups = groups,
      grouped = model.grouped or #model.groups > 1}, {__index = model})
end

function heatmap.vega(model)
   local values, rows, columns = {}, {}, {}
   for i, row in ipairs(model.rows) do rows[i] = input.label(row) end
   for i, column in ipairs(model.columns) do columns[i] = input.label(column) end
   for i, row in ipairs(model.rows) do
      for j, column in ipairs(model.columns) do
         local value = model.cells[row] and model.cells[row][column]
         values[#values + 1] = {row = rows[i], column = columns[j], value = value,
            shown = value and model.show(value) or model.missing_label,
            ink = value and palette.ink_on(heatmap.colour(model, value)) or nil}
      end
   end
   local x = {field = "column", type = "nominal", sort = columns, title = model.column_name, axis = {orient = "top"},
      scale = {domain = columns}}
   local y = {field = "row", type = "nominal", sort = rows, title = model.row_name, scale = {domain = rows}}
   local spec = vega.matrix(values, x, y, {field = "value", type = "quantitative", title = model.value_name,
      scale = vega.ramp(model.low, model.high, model.signed and palette.signed_stops or palette.amount_stops)},
      model.numbers)
   spec.width, spec.height = {step = 52}, {step = 24}
   return spec
end

return heatmap
