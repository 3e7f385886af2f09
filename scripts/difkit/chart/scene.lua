--- A picture being drawn: shapes and texts in the order in which they lie over one another, and the box of each text,
--- so that layouts can avoid collisions and tests can measure them. It is written as SVG: same calls, same bytes.
local class = require "difkit.class"
local core = require "difkit.core"
local palette = require "difkit.chart.palette"
local text = require "difkit.chart.text"

local Scene, scene_events = class "difkit.Scene"

--- What the picture asks for. Text is laid out with the widths of the widest of them.
local fonts = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', Verdana, sans-serif"

local order = {
   "class", "x", "y", "width", "height", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "d", "points", "fill",
   "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "paint-order",
   "opacity", "font-size", "font-weight", "font-style", "text-anchor", "transform",
}

local function number(value)
   local shown = ("%.2f"):format(value):gsub("0+$", ""):gsub("%.$", "")
   return shown == "-0" and "0" or shown
end

--- A picture of a width; its height is known when it is finished.
function Scene.new(width)
   return setmetatable({width = width, height = 0, elements = {}, boxes = {}, used = {}}, scene_events)
end

--- Adds an element. `tip` is shown by browsers when the pointer rests on it.
function Scene:add(name, attributes, tip, content)
   -- Outlines in the colour of the paper follow it when a page turns dark.
   if attributes.stroke == palette.paper and not attributes.class then attributes.class = "dk-halo" end
   local parts = {"<", name}
   for _, key in ipairs(order) do
      local value = attributes[key]
      if value ~= nil then
         parts[#parts + 1] = (' %s="%s"'):format(key, type(value) == "number" and number(value) or text.escape(value))
      end
   end
   local inner = (tip and "<title>" .. text.escape(text.clean(tip)) .. "</title>" or "") .. (content or "")
   parts[#parts + 1] = inner == "" and "/>" or ">" .. inner .. "</" .. name .. ">"
   self.elements[#self.elements + 1] = table.concat(parts)
end

function Scene:rect(x, y, width, height, attributes, tip)
   attributes.x, attributes.y, attributes.width, attributes.height = x, y, width, height
   self:add("rect", attributes, tip)
end

function Scene:line(x1, y1, x2, y2, attributes)
   attributes.x1, attributes.y1, attributes.x2, attributes.y2 = x1, y1, x2, y2
   self:add("line", attributes)
end

function Scene:circle(x, y, radius, attributes, tip)
   attributes.cx, attributes.cy, attributes.r = x, y, radius
   self:add("circle", attributes, tip)
end

--- A line of the grid.
function Scene:rule(x1, y1, x2, y2)
   self:line(x1, y1, x2, y2, {class = "dk-grid", stroke = palette.grid, ["stroke-width"] = 1})
end

--- A line through points {x, y}.
function Scene:polyline(points, attributes, tip)
   local shown = {}
   for i, point in ipairs(points) do shown[i] = number(point[1]) .. "," .. number(point[2]) end
   attributes.points, attributes.fill = table.concat(shown, " "), "none"
   self:add("polyline", attributes, tip)
end

--- A marker, told apart by its shape.
function Scene:marker(shape, x, y, size, attributes, tip)
   if shape == "square" then
      return self:rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8, attributes, tip)
   end
   local corners = {
      triangle = {{0, -1.2}, {1.1, 0.8}, {-1.1, 0.8}},
      down = {{0, 1.2}, {1.1, -0.8}, {-1.1, -0.8}},
      diamond = {{0, -1.3}, {1.3, 0}, {0, 1.3}, {-1.3, 0}},
   }
   if not corners[shape] then return self:circle(x, y, size, attributes, tip) end
   local shown = {}
   for i, corner in ipairs(corners[shape]) do
      shown[i] = (i == 1 and "M" or "L") .. number(x + corner[1] * size) .. " " .. number(y + corner[2] * size)
   end
   attributes.d = table.concat(shown) .. "Z"
   self:add("path", attributes, tip)
end

--- The fill of an area: the colour, or a pattern over it. Patterns are defined once, in the order of their use.
function Scene:fill(colour, pattern)
   if not pattern or pattern == "solid" then return colour end
   local key = pattern .. colour
   if not self.used[key] then
      self.used[#self.used + 1] = {pattern = pattern, colour = colour}
      self.used[key] = #self.used
   end
   return ("url(#@-p%d)"):format(self.used[key])
end

--- The box of a text with its baseline at `y`.
function Scene.box_of(value, x, y, options)
   local size = options.size or 12
   local width = text.width(value, size, options.bold)
   local left = options.anchor == "end" and x - width or options.anchor == "middle" and x - width / 2 or x
   if options.turned then
      -- Read from below: the baseline is the line x, the text runs upwards from y.
      local foot = options.anchor == "end" and y + width or options.anchor == "middle" and y + width / 2 or y
      return {left = x - size * text.above, right = x + size * text.below, top = foot - width, bottom = foot}
   end
   return {left = left, right = left + width, top = y - size * text.above, bottom = y + size * text.below}
end

--- One line of text. `options`: size, bold, italic, anchor ("start", "middle", "end"), fill, class, turned (upwards),
--- halo (the colour of an outline that keeps it readable over lines), tip.
function Scene:text(value, x, y, options)
   options = options or {}
   value = text.clean(value)
   if value == "" then return end
   local size = options.size or 12
   local box = Scene.box_of(value, x, y, options)
   box.text = value
   self.boxes[#self.boxes + 1] = box
   local attributes = {
      class = options.class or options.fill == nil and "dk-ink" or nil,
      x = x, y = y, fill = options.fill or palette.ink, ["font-size"] = size,
      ["font-weight"] = options.bold and "bold" or nil,
      ["font-style"] = options.italic and "italic" or nil,
      ["text-anchor"] = options.anchor ~= "start" and options.anchor or nil,
   }
   if options.turned then attributes.transform = ("rotate(-90 %s %s)"):format(number(x), number(y)) end
   if options.halo then
      attributes.stroke, attributes["stroke-width"], attributes["paint-order"] = options.halo, 3, "stroke"
      attributes["stroke-linejoin"] = "round"
      attributes.class = (attributes.class and attributes.class .. " " or "") .. "dk-halo"
   end
   local tip = options.tip and "<title>" .. text.escape(text.clean(options.tip)) .. "</title>" or ""
   self:add("text", attributes, nil, tip .. text.escape(value))
   return box
end

--- Several lines, the first with its baseline at `y`. Returns the baseline after the last.
function Scene:lines(lines, x, y, options)
   local step = (options and options.size or 12) * text.leading
   for i, line in ipairs(lines) do self:text(line, x, y + (i - 1) * step, options) end
   return y + #lines * step
end

local function definitions(scene)
   local parts = {}
   for i, used in ipairs(scene.used) do
      local line = used.pattern == "nothing" and "#8c959f" or "#ffffff"
      local ground = used.pattern == "nothing" and ' class="dk-band"' or ""
      parts[i] = ('<pattern id="@-p%d" width="8" height="8" patternUnits="userSpaceOnUse">' ..
         '<rect%s width="8" height="8" fill="%s"/>%s</pattern>'):format(i, ground, used.colour,
         (palette.strokes[used.pattern]:gsub("%%s", line)))
   end
   return #parts > 0 and "<defs>" .. table.concat(parts) .. "</defs>\n" or ""
end

--- The picture as SVG text. Names inside it are derived from its content, so that several fit on one page.
function Scene:svg(title, description)
   local body = definitions(self) .. table.concat(self.elements, "\n")
   local name = "c" .. core.digest(title .. "\n" .. description .. "\n" .. body):sub(1, 8)
   local width, height = number(self.width), number(self.height)
   local head = ('<svg xmlns="http://www.w3.org/2000/svg" class="dk-chart" width="%s" height="%s" viewBox="0 0 %s %s" '
      ):format(width, height, width, height) ..
      ('role="img" aria-labelledby="%s-title %s-desc" font-family="%s">\n'):format(name, name, fonts)
   return table.concat {
      head,
      ('<title id="%s-title">%s</title>\n'):format(name, text.escape(text.clean(title))),
      ('<desc id="%s-desc">%s</desc>\n'):format(name, text.escape(text.clean(description))),
      ('<rect class="dk-paper" width="%s" height="%s" fill="%s"/>\n'):format(width, height, palette.paper),
      (body:gsub('(["#(])@%-p(%d+)', "%1" .. name .. "-p%2")),
      "\n</svg>\n",
   }
end

return Scene
