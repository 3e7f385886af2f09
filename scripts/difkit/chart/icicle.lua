--- Icicle: the tree of an index from its root at the left to its indicators at the right; the height of a part is its
--- share of the weight. The input is a tree {id, title, weight, children = {…}}, an index, or a table with id and
--- parent.
local errors = require "difkit.error"
local frame = require "difkit.chart.frame"
local input = require "difkit.chart.input"
local json = require "difkit.format.json"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local text = require "difkit.chart.text"

local icicle = {options = {"id", "parent", "label", "weight", "value", "height"}, name = "icicle", takes_tree = true}

--- A tree from nested tables; a text is an indicator by its id. `weights` of a group go to its children in order.
local function from_tree(call, given, depth)
   if depth > 30 then errors.raise(call .. ": the tree is deeper than 30 levels") end
   if type(given) == "string" then return {id = given, label = given} end
   if type(given) ~= "table" then
      errors.raise(("%s: a part of the tree is %s"):format(call, errors.show(given)),
         "give a table or the id of an indicator")
   end
   local function field(name)
      local value = rawget(given, name)
      return value
   end
   local node = {id = field "id" or field "indicator", weight = field "weight", value = field "value"}
   node.label = text.clean(field "title" or node.id or "?")
   if type(node.value) == "table" then node.value = nil end
   local children, weights = field "children", field "weights"
   for i, child in ipairs(children or {}) do
      node.children = node.children or {}
      node.children[i] = from_tree(call, child, depth + 1)
      if type(weights) == "table" then
         node.children[i].weight = node.children[i].weight or weights[node.children[i].id] or weights[i]
      end
   end
   return node
end

--- A tree from rows that name their parents.
local function from_rows(data, options)
   local id = input.column(data, "id", options.id or "id")
   local parent = input.column(data, "parent", options.parent or "parent")
   local label = options.label and input.column(data, "label", options.label) or data.has.title and "title" or id
   local weight = options.weight and input.column(data, "weight", options.weight) or data.has.weight and "weight" or nil
   local value = options.value and input.column(data, "value", options.value) or data.has.value and "value" or nil
   local nodes, roots = {}, {}
   for i, row in ipairs(data.rows) do
      local name = rawget(row, id)
      if name == nil then errors.raise(("%s: row %d has no id"):format(data.call, i)) end
      if nodes[name] then errors.raise(('%s: two rows are called "%s"'):format(data.call, tostring(name))) end
      nodes[name] = {id = name, label = text.clean(input.label(rawget(row, label) or name)),
         weight = weight and input.number(data, i, weight), value = value and input.number(data, i, value)}
   end
   for _, row in ipairs(data.rows) do
      local node, above = nodes[rawget(row, id)], rawget(row, parent)
      if above == nil then
         roots[#roots + 1] = node
      else
         local into = nodes[above]
         if not into then errors.raise(('%s: "%s" has the parent "%s", which is no row'):format(data.call,
            tostring(node.id), tostring(above))) end
         into.children = into.children or {}
         table.insert(into.children, node)
      end
   end
   if #roots ~= 1 then
      errors.raise(("%s: %d rows have no parent"):format(data.call, #roots), "exactly one is the root")
   end
   return roots[1]
end

--- Shares of the whole, depth of the tree, number and smallest share of its leaves.
local function measure(model, node, share, depth)
   node.share, node.depth = share, depth
   model.depth = math.max(model.depth, depth)
   if not node.children then
      model.leaves = model.leaves + 1
      model.smallest = math.min(model.smallest, share)
      return
   end
   local total = 0
   for _, child in ipairs(node.children) do
      local weight = child.weight or 1
      if type(weight) ~= "number" or weight < 0 then
         errors.raise(('icicle: the weight of "%s" must be a number of 0 or more'):format(tostring(child.id)))
      end
      total = total + weight
   end
   for _, child in ipairs(node.children) do
      local part = total > 0 and (child.weight or 1) / total or 1 / #node.children
      child.part = part
      measure(model, child, share * part, depth + 1)
   end
end

function icicle.read(data, options)
   local root = data.tree and from_tree(data.call, data.tree, 0) or from_rows(data, options)
   local function relabel(node)
      node.label = data.labels[node.id] and text.clean(data.labels[node.id]) or node.label
      for _, child in ipairs(node.children or {}) do relabel(child) end
   end
   if data.labels then relabel(root) end
   local model = {root = root, depth = 0, leaves = 0, smallest = 1, height = options.height}
   measure(model, root, 1, 0)
   return model
end

local function per_cent(share) return number.show(share * 100, share < 0.0995 and 1 or 0) .. " %" end

local function draw_node(scene, model, node, x, y, height, cell, place)
   local wide = node.depth == 0 and model.root_width or cell
   local colour
   if node.depth == 0 then colour = "#e4e9ef" else
      local style = palette.serie(place)
      colour = style.colour
   end
   -- Deeper levels are paler, so that a branch is one family.
   local opacity = node.depth == 0 and 1 or math.max(0.16, 0.34 - 0.07 * (node.depth - 1))
   local span = node.children and wide or scene.width - frame.margin - x
   scene:rect(x, y, span - 2, math.max(0.5, height - 2), {
      class = node.depth == 0 and "dk-band" or nil, fill = colour, ["fill-opacity"] = opacity, stroke = colour,
      ["stroke-width"] = 0.8, rx = 2}, ("%s: %s of the whole%s"):format(node.label, per_cent(node.share),
      node.value and ", value " .. number.show(node.value) or ""))
   local room, size = span - 14, 11
   local extra = node.depth > 0 and per_cent(node.share) or nil
   if node.value then extra = (extra and extra .. ", " or "") .. number.show(node.value) end
   local step = size * text.leading
   local most = math.floor((height - 3) / step)
   if most >= 1 then
      local lines
      local tail = extra and "  " .. extra or ""
      if most == 1 then
         lines = {text.fit(node.label, room - text.width(tail, size), size) .. tail}
      else
         lines = text.wrap(node.label, room, size, node.depth == 0, math.max(1, extra and most - 1 or most))
         if extra then lines[#lines + 1] = text.fit(extra, room, size) end
      end
      frame.centred(scene, lines, x + 6, y + (height - 2) / 2, {size = size, bold = node.depth == 0})
   end
   local at = y
   for i, child in ipairs(node.children or {}) do
      local part = height * child.part
      draw_node(scene, model, child, x + wide, at, part, cell, node.depth == 0 and i or place)
      at = at + part
   end
end

local least_leaf = 17 -- pixels: a line of text

function icicle.draw(model, texts, width)
   local scene, y = frame.open(texts, width)
   local wanted = model.smallest > 0 and 18 / model.smallest or model.leaves * 24
   local most = math.min(math.max(360, model.leaves * 34), math.max(1000, model.leaves * least_leaf))
   local height = model.height or math.max(220, math.min(wanted, most))
   -- The root needs no more room than its name.
   local room = width - 2 * frame.margin
   model.root_width = math.min(room / (model.depth + 1), math.max(70, text.width(model.root.label, 11, true) + 18), 170)
   local cell = (room - model.root_width) / math.max(1, model.depth)
   draw_node(scene, model, model.root, frame.margin, y, height, cell, 1)
   return frame.close(scene, y + height, texts)
end

local most_said = 40 -- parts whose share is told one by one

function icicle.describe(model)
   local said = ("Icicle of %s: %s on %s; heights are shares of the weight."):format(model.root.label,
      number.counted(model.leaves, "indicator"), number.counted(model.depth, "level"))
   local columns, rows = icicle.values(model)
   if #rows - 1 > most_said then return said, false end
   local parts = {}
   for i = 2, #rows do
      local value = columns[3] and rows[i][3] ~= "–" and ", value " .. rows[i][3] or ""
      parts[i - 1] = rows[i][1] .. " " .. rows[i][2] .. value
   end
   return #parts > 0 and said .. " " .. table.concat(parts, "; ") .. "." or said, true
end

--- Every part with its share of the whole and, where there are any, its value; a part stands before those within it.
function icicle.values(model)
   local rows, some = {}, false
   local function add(node)
      rows[#rows + 1] = {node.label, per_cent(node.share), node.value and number.show(node.value) or "–"}
      some = some or node.value ~= nil
      for _, child in ipairs(node.children or {}) do add(child) end
   end
   add(model.root)
   if not some then for _, row in ipairs(rows) do row[3] = nil end end
   return {"part", "share", some and "value" or nil}, rows
end

function icicle.vega(model)
   local values = {}
   local function add(node, from)
      values[#values + 1] = {id = tostring(node.id), label = node.label, depth = node.depth, next = node.depth + 1,
         from = from, to = from + node.share, share = node.share}
      local at = from
      for _, child in ipairs(node.children or {}) do
         add(child, at)
         at = at + child.share
      end
   end
   add(model.root, 0)
   local shades = {}
   for i = 0, model.depth do shades[i + 1] = palette.amount(0.1 + 0.3 * i / math.max(1, model.depth)) end
   local y = {field = "from", type = "quantitative", scale = {reverse = true}, axis = false}
   local width = 680
   return {data = {values = values}, width = width, height = math.max(200, 26 * model.leaves), layer = {
      {mark = {type = "rect", stroke = "white"}, encoding = {
         x = {field = "depth", type = "quantitative", axis = false}, x2 = {field = "next"}, y = y, y2 = {field = "to"},
         color = {field = "depth", type = "ordinal", legend = false,
            scale = {range = json.array(shades)}}}},
      {mark = {type = "text", align = "left", dx = 4, dy = 10, limit = width / (model.depth + 1) - 8}, encoding = {
         x = {field = "depth", type = "quantitative"}, y = y, text = {field = "label", type = "nominal"}}},
   }}
end

return icicle
