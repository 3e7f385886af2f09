--- Correlation matrix: how closely columns move together, the number in each cell. The columns of a wide table are
--- compared pairwise over the rows that have both; a table that is a matrix already is drawn as it is.
local errors = require "difkit.error"
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local text = require "difkit.chart.text"
local vega = require "difkit.chart.vega"

local correlation = {options = {"columns", "method", "label"}, name = "correlation matrix"}

--- Ranks with ties sharing the mean rank.
local function ranks_of(values)
   local order = {}
   for i = 1, #values do order[i] = i end
   table.sort(order, function(a, b)
      if values[a] ~= values[b] then return values[a] < values[b] end
      return a < b
   end)
   local ranks, i = {}, 1
   while i <= #order do
      local j = i
      while j < #order and values[order[j + 1]] == values[order[i]] do j = j + 1 end
      for k = i, j do ranks[order[k]] = (i + j) / 2 end
      i = j + 1
   end
   return ranks
end

local function pearson(xs, ys)
   local n, sx, sy = #xs, 0, 0
   for i = 1, n do sx, sy = sx + xs[i], sy + ys[i] end
   local mx, my, sxx, syy, sxy = sx / n, sy / n, 0, 0, 0
   for i = 1, n do
      local dx, dy = xs[i] - mx, ys[i] - my
      sxx, syy, sxy = sxx + dx * dx, syy + dy * dy, sxy + dx * dy
   end
   if n < 3 or sxx == 0 or syy == 0 then return nil end
   return sxy / math.sqrt(sxx * syy)
end

local function compare(data, a, b, method)
   local xs, ys = {}, {}
   for i = 1, data.n do
      local x, y = input.number(data, i, a), input.number(data, i, b)
      if x and y then xs[#xs + 1], ys[#ys + 1] = x, y end
   end
   if method == "spearman" then xs, ys = ranks_of(xs), ranks_of(ys) end
   return pearson(xs, ys), #xs
end

--- Whether the table is a matrix: as many rows as columns of numbers, called by the same names.
local function as_matrix(data, columns, label)
   if data.n ~= #columns or not label then return nil end
   local cells, is = {}, {}
   for _, name in ipairs(columns) do is[name] = true end
   for i, row in ipairs(data.rows) do
      local name = rawget(row, label)
      if type(name) ~= "string" or not is[name] then return nil end
      cells[name] = {}
      for _, other in ipairs(columns) do
         local value = input.number(data, i, other)
         if value and math.abs(value) > 1 + 1e-9 then return nil end
         cells[name][other] = value
      end
   end
   return cells
end

--- A list of pairs, as statistics give them (left, right, r), as the matrix it stands for.
local function from_pairs(data)
   local model = {columns = {}, method = "given", cells = {}, given = true}
   local function add(name)
      if not model.cells[name] then
         model.cells[name] = {}
         model.columns[#model.columns + 1] = name
      end
   end
   for _, row in ipairs(data.rows) do add(rawget(row, "left")) end
   for _, row in ipairs(data.rows) do add(rawget(row, "right")) end
   for i, row in ipairs(data.rows) do
      local left, right, value = rawget(row, "left"), rawget(row, "right"), input.number(data, i, "r")
      model.cells[left][right], model.cells[right][left] = value, value
   end
   return model
end

function correlation.read(data, options)
   if data.has.left and data.has.right and data.has.r and not options.columns then return from_pairs(data) end
   local label = options.label and input.column(data, "label", options.label)
   if not label then
      for _, name in ipairs(data.columns) do
         if not input.is_numeric(data, name) then label = name break end
      end
   end
   local columns = options.columns or input.numeric(data, {label})
   for _, name in ipairs(columns) do input.column(data, "columns", name) end
   if #columns < 2 then
      errors.raise(data.call .. ": at least two columns of numbers are needed",
         "have " .. table.concat(data.columns, ", "))
   end
   local method = options.method or "pearson"
   if method ~= "pearson" and method ~= "spearman" then
      errors.raise(('%s: unknown method "%s"'):format(data.call, tostring(method)),
         errors.hint(method, {"pearson", "spearman"}))
   end
   local model = {columns = columns, method = method, least = nil}
   model.cells = not options.method and as_matrix(data, columns, label)
   model.given = model.cells ~= nil and model.cells ~= false
   if not model.given then
      model.cells = {}
      for _, a in ipairs(columns) do
         model.cells[a] = {}
         for _, b in ipairs(columns) do
            local value, n = compare(data, a, b, method)
            model.cells[a][b] = value
            model.least = math.min(model.least or n, n)
            model.most = math.max(model.most or n, n)
         end
      end
   end
   return model
end

function correlation.draw(model, texts, width, fixed)
   if not model.given then
      table.insert(texts.notes, ("%s correlation, n = %s."):format(
         model.method == "pearson" and "Pearson's" or "Spearman's rank",
         model.least == model.most and tostring(model.least) or ("%d to %d"):format(model.least, model.most)))
   end
   local count, size = #model.columns, 11
   local room = width - 2 * frame.margin
   local laid, label_width = frame.label_column(model.columns, room * 0.34, size, 2)
   local left = frame.margin + label_width + 10
   local cell = math.min(72, (width - frame.margin - left) / count)
   local height = math.max(26, math.min(cell, 40))
   if not fixed then width = math.max(460, left + cell * count + frame.margin) end
   local scene, y = frame.open(texts, width)
   y = frame.ramp(scene, y, "−1", "+1", function(share) return palette.signed(share * 2 - 1) end, "correlation")
   -- The lower half alone: each pair once; a column's name stands at its own end of the stairs.
   for i, name in ipairs(model.columns) do
      local top = y + (i - 1) * height
      frame.centred(scene, laid[i], left - 8, top + height / 2, {size = size, anchor = "end"})
      for j = 1, i do
         local other = model.columns[j]
         local value = i == j and 1.0 or model.cells[name][other] or model.cells[other][name]
         local x = left + (j - 1) * cell
         local tip = ("%s, %s: %s"):format(name, other, value and number.show(value, 2) or "no value")
         if i == j then
            scene:rect(x + 1, top + 1, cell - 2, height - 2, {class = "dk-band", fill = "#f3f5f8", rx = 2})
         elseif value then
            local colour = palette.signed(value)
            scene:rect(x + 1, top + 1, cell - 2, height - 2, {fill = colour, rx = 2}, tip)
            local shown = number.show(value, 2)
            for _, at in ipairs {11, 9, 7.5} do
               if text.width(shown, at) <= cell - 4 then
                  scene:text(shown, x + cell / 2, top + height / 2 + text.middle(at),
                     {size = at, anchor = "middle", fill = palette.ink_on(colour), class = "dk-on"})
                  break
               end
            end
         else
            scene:rect(x + 1, top + 1, cell - 2, height - 2, {fill = scene:fill("#f6f8fa", "nothing"), rx = 2}, tip)
         end
      end
   end
   y = y + count * height + 4
   -- Names below, upright where they fit, else turned.
   local names = {}
   for j, name in ipairs(model.columns) do names[j] = text.clean(name) end
   local flat = true
   for _, name in ipairs(model.columns) do
      flat = flat and text.words_fit(text.clean(name), cell - 6, 10) and #text.wrap(text.clean(name), cell - 6, 10) <= 3
   end
   local depth = 0
   names = flat and text.wrap_all(names, cell - 6, 10)
      or text.wrap_all(names, 150, 10, false, math.max(1, math.floor((cell - 2) / 12.5)))
   for j, lines in ipairs(names) do
      local centre = left + (j - 0.5) * cell
      if flat then
         scene:lines(lines, centre, y + 10 * text.above, {size = 10, anchor = "middle"})
         depth = math.max(depth, #lines * 10 * text.leading)
      else
         for k, line in ipairs(lines) do
            scene:text(line, centre + (k - (#lines + 1) / 2) * 12.5 + text.middle(10), y,
               {size = 10, turned = true, anchor = "end"})
         end
         depth = math.max(depth, text.widest(lines, 10))
      end
   end
   return frame.close(scene, y + depth + 2, texts)
end

local most_said = 8 -- columns whose pairs are told one by one

function correlation.describe(model)
   local strongest
   for i, name in ipairs(model.columns) do
      for j = 1, i - 1 do
         local value = model.cells[name][model.columns[j]]
         if value and (not strongest or math.abs(value) > math.abs(strongest.value)) then
            strongest = {value = value, a = name, b = model.columns[j]}
         end
      end
   end
   local said = ("Correlation matrix of %d columns"):format(#model.columns)
   if strongest then
      said = said .. ("; strongest between %s and %s: %s"):format(strongest.a, strongest.b,
         number.show(strongest.value, 2))
   end
   local all, out = #model.columns <= most_said, {said .. "."}
   for i = 2, all and #model.columns > 2 and #model.columns or 0 do -- one pair is said already
      local name, parts = model.columns[i], {}
      for j = 1, i - 1 do
         local value = model.cells[name][model.columns[j]] or model.cells[model.columns[j]][name]
         parts[j] = model.columns[j] .. " " .. (value and number.show(value, 2) or "no value")
      end
      out[#out + 1] = ("%s: %s."):format(name, table.concat(parts, ", "))
   end
   return table.concat(out, " "), all
end

function correlation.values(model)
   local columns, rows = {""}, {}
   for i, name in ipairs(model.columns) do
      columns[i + 1] = name
      rows[i] = {name}
      for j, other in ipairs(model.columns) do
         local value = i == j and 1.0 or model.cells[name][other] or model.cells[other][name]
         rows[i][j + 1] = value and number.show(value, 2) or "no value"
      end
   end
   return columns, rows
end

function correlation.vega(model)
   local values = {}
   for i, name in ipairs(model.columns) do
      for j = 1, i - 1 do
         local other = model.columns[j]
         local value = model.cells[name][other] or model.cells[other][name]
         values[#values + 1] = {a = name, b = other, value = value,
            shown = value and number.show(value, 2) or "no value",
            ink = value and palette.ink_on(palette.signed(value)) or nil}
      end
   end
   local x = {field = "b", type = "nominal", sort = model.columns, title = false, scale = {domain = model.columns}}
   local y = {field = "a", type = "nominal", sort = model.columns, title = false, scale = {domain = model.columns}}
   local spec = vega.matrix(values, x, y, {field = "value", type = "quantitative", title = "correlation",
      scale = vega.ramp(-1, 1, palette.signed_stops)})
   spec.width, spec.height = {step = 60}, {step = 32}
   return spec
end

return correlation
