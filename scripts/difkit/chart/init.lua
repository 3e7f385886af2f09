--- Charts: from a table and the names of its columns to a picture that can go into a paper. Each kind is drawn by a
--- file of chart/; this one is how scripts call them, and how pictures are written.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"
local input = require "difkit.chart.input"

---Charts. Each function takes data (a `difkit.table`, a query, a result, or an index result) and the names of its
---columns, and gives a chart to look at (`chart:write "name.svg"`), to put into a report, or to restyle
---(`chart:write "name.vl.json"`). Columns that are not named are guessed: the first that holds text, the first of
---numbers.
---@class difkit.chart
local chart = {}

---A chart. Its picture is drawn when it is made; the same data give the same bytes.
---@class difkit.Chart
---@field kind string name of the function that made it
---@field title string|nil
local Chart, chart_events = class "difkit.Chart"
chart.methods = Chart

---What every chart takes besides its own options: texts around the picture, its width in pixels (720 or less where it
---is not given), and the digits after the point. Title, source and note come from the table when they are not given.
---@class difkit.ChartOptions
---@field title? string
---@field subtitle? string
---@field source? string
---@field note? string
---@field description? string for readers who cannot see the picture, instead of the one made from the data
---@field width? number
---@field digits? integer
---@field labels? any words for ids: `{VNM = "Viet Nam"}`, or rows with id and title, such as `db:units()`

--- What draws each chart, and what it makes of the data: no fields of it, which a script could change.
local drawers, models = setmetatable({}, {__mode = "k"}), setmetatable({}, {__mode = "k"})

local function draw_nothing(texts, width)
   local frame = require "difkit.chart.frame"
   local scene, y = frame.open(texts, width)
   scene:text("No data.", frame.margin, y + 14, {italic = true})
   return frame.close(scene, y + 20, texts)
end

--- The data as input.read gives them; an index or another tree of tables stays a tree.
local function read_data(drawer, call, data)
   if drawer.takes_tree and type(data) == "table" then
      local tree = rawget(data, "children") and data or input.tree(data)
      if tree then return {call = call, tree = tree, columns = {}, has = {}, rows = {}, n = 1} end
   end
   return input.read(call, data)
end

--- Texts around the picture, of which the drawer may add notes of its own.
local function texts_of(texts)
   local copy = {}
   for name, value in next, texts do copy[name] = value end
   copy.notes = {}
   return copy
end

local function make(kind, data, options)
   local call = "chart." .. kind
   local frame = require "difkit.chart.frame"
   local drawer = require("difkit.chart." .. kind)
   local known = table.move(drawer.options, 1, #drawer.options, 1, {})
   table.move(frame.options, 1, #frame.options, #known + 1, known)
   options = errors.options(call, options, known)
   for _, name in ipairs {"title", "subtitle", "source", "note", "description"} do
      errors.check(call, name, options[name], "string", "optional")
   end
   for _, name in ipairs {"width", "height", "low", "high"} do
      errors.check(call, name, options[name], "number", "optional")
   end
   errors.check(call, "digits", options.digits, "integer", "optional")
   local width = options.width or 720
   if width < 240 or width > 4000 then
      errors.raise(("%s: width is %s"):format(call, core.number_text(width)), "240 to 4000 pixels")
   end
   local read = read_data(drawer, call, data)
   local texts = input.texts(read, options)
   if options.labels ~= nil then
      local labels = input.labels(call, options.labels)
      if read.tree then read.labels = labels else options = input.relabel(read, options, labels) end
   end
   local self = {kind = kind, title = texts.title, name = drawer.name, texts = texts, data = data}
   drawers[self] = drawer
   setmetatable(self, chart_events)
   if read.n == 0 then
      self.scene, self.said = draw_nothing(texts, width), "No data."
      return self
   end
   local model = drawer.read(read, options)
   models[self] = model
   self.scene = drawer.draw(model, texts_of(texts), width, options.width ~= nil)
   self.width, self.fixed = width, options.width ~= nil
   local said, all = drawer.describe(model)
   self.said, self.all_said = options.description or said, options.description == nil and all
   return self
end

---Options of `difkit.chart.heatmap`, besides those of every chart.
---@class difkit.HeatmapOptions: difkit.ChartOptions
---@field row? string column that names the rows
---@field column? string column that names the columns
---@field value? string column of the numbers
---@field group? string column with a heading for runs of rows
---@field rows? any[] order of the rows
---@field columns? any[] order of the columns
---@field low? number value of the lightest colour
---@field high? number value of the darkest colour
---@field missing? string what a cell without a value means
---@field numbers? boolean false: no numbers in the cells

---A heat map: a matrix with the number in each cell, darker for more, hatched where there is no value. Long data name
---`row`, `column` and `value` (without `value` the rows are counted); wide data, such as a pivot, need no names.
---
---```lua
---local rows = {{"Skills", "ACRF", 15}, {"Skills", "DIFAP", 6}, {"Identity", "DIFAP", 2}}
---local t = difkit.table({"topic", "document", "actions"}, rows)
---local chart = difkit.chart.heatmap(t, {row = "topic", column = "document", value = "actions", title = "Coverage"})
---print((chart:description():gsub("%. .*", ".")))
-----> Heat map of 2 rows and 2 columns, 1 cell without a value; largest value 15 at Skills, ACRF.
---assert(chart:write "coverage.svg")
---```
---@param data any
---@param options? difkit.HeatmapOptions
---@return difkit.Chart
function chart.heatmap(data, options) return make("heatmap", data, options) end

---Options of `difkit.chart.dots`, besides those of every chart.
---@class difkit.DotsOptions: difkit.ChartOptions
---@field label? string column that names the units
---@field value? string column of the values
---@field low? string column of the lower ends of the intervals (found when it is called low, lower or p5)
---@field high? string column of the upper ends
---@field order? "descending"|"ascending"|"given" ranks ascend when it is not given
---@field tiers? boolean false: no bands
---@field zero? boolean true: the axis begins at zero
---@field highlight? string a unit to stand out

---Ranked dots with intervals of uncertainty, the largest value first. With intervals the units are shown in tiers:
---those whose intervals overlap stand in one band, since their order is not certain.
---
---```lua
---local rows = {{"LAO", 38, 33, 43}, {"SGP", 91, 88, 94}, {"VNM", 68, 63, 72}}
---local t = difkit.table({"unit", "score", "low", "high"}, rows)
---print((difkit.chart.dots(t):description():gsub(".*tiers. ", "")))
-----> SGP 91 [88 to 94]. VNM 68 [63 to 72]. LAO 38 [33 to 43].
---```
---@param data any
---@param options? difkit.DotsOptions
---@return difkit.Chart
function chart.dots(data, options) return make("dots", data, options) end

---Options of `difkit.chart.bars`, besides those of every chart.
---@class difkit.BarsOptions: difkit.ChartOptions
---@field label? string column that names the rows
---@field value? string column of the values
---@field values? string[] several columns of values
---@field series? string column that names the series, in long data
---@field stacked? boolean
---@field share? boolean stacked, as per cent of each row
---@field order? "given"|"value"
---@field low? number the axis goes at least down to here
---@field high? number the axis goes at least up to here

---Horizontal bars: one value a row; several side by side (`values`, or `series` in long data); stacked (`stacked`, or
---`share` for per cent of each row). Values below zero go to the left.
---
---```lua
---local t = difkit.table({"topic", "done", "open"}, {{"Skills", 4, 22}, {"Identity", 1, 3}})
---local chart = difkit.chart.bars(t, {values = {"done", "open"}, stacked = true})
---print(chart:description())
-----> Stacked bars of value for 2 rows: done, open. Skills: done 4, open 22. Identity: done 1, open 3.
---```
---@param data any
---@param options? difkit.BarsOptions
---@return difkit.Chart
function chart.bars(data, options) return make("bars", data, options) end

---Options of `difkit.chart.lines`, besides those of every chart.
---@class difkit.LinesOptions: difkit.ChartOptions
---@field x? string column of the times
---@field y? string column of the values
---@field series? string column that names the lines
---@field panels? boolean
---@field height? number of the plot, or of each panel, in pixels
---@field zero? boolean true: the axis begins at zero
---@field highlight? string a line to stand out, the others in grey
---@field join? boolean true: dashes join what has no value between

---Lines over time, each with its name at its end; with `panels = true` a small panel for each, the others in grey.
---
---```lua
---local rows = {{"SGP", 2018, 0.88}, {"SGP", 2022, 0.91}, {"LAO", 2018, 0.31}, {"LAO", 2022, 0.38}}
---local t = difkit.table({"unit", "period", "score"}, rows)
---print(difkit.chart.lines(t):description())
-----> Lines of score for 2 series, 2018 to 2022. SGP: 0.88 (2018) to 0.91 (2022). LAO: 0.31 (2018) to 0.38 (2022).
---```
---@param data any
---@param options? difkit.LinesOptions
---@return difkit.Chart
function chart.lines(data, options) return make("lines", data, options) end

---Options of `difkit.chart.bump`, besides those of every chart.
---@class difkit.BumpOptions: difkit.ChartOptions
---@field x? string column of the times
---@field rank? string column of the ranks
---@field value? string column of the values, instead of ranks
---@field label? string column that names the units
---@field highlight? string a unit to stand out

---A bump chart: how ranks change over time. Give `rank`, or `value` to rank by (the largest first).
---
---```lua
---local rows = {{"SGP", 2018, 1}, {"SGP", 2022, 1}, {"THA", 2018, 3}, {"THA", 2022, 2}, {"MYS", 2018, 2},
---   {"MYS", 2022, 3}}
---local t = difkit.table({"unit", "period", "rank"}, rows)
---print((difkit.chart.bump(t, {rank = "rank"}):description():gsub("%. .*", ".")))
-----> Bump chart of the ranks of 3 units over 2 periods; the largest move is that of THA, from rank 3 to rank 2.
---```
---@param data any
---@param options? difkit.BumpOptions
---@return difkit.Chart
function chart.bump(data, options) return make("bump", data, options) end

---Options of `difkit.chart.scatter`, besides those of every chart.
---@class difkit.ScatterOptions: difkit.ChartOptions
---@field x? string
---@field y? string
---@field label? string column that names the points
---@field group? string column whose values differ in colour and shape
---@field fit? boolean
---@field height? number of the plot, in pixels
---@field highlight? string a unit to stand out

---A scatter: two numbers of each unit against one another, the units named beside their points. `fit = true` adds the
---line of least squares and the correlation.
---
---```lua
---local t = difkit.table({"unit", "tii", "hci"}, {{"SGP", 0.88, 0.9}, {"LAO", 0.28, 0.55}, {"VNM", 0.7, 0.69}})
---print((difkit.chart.scatter(t, {fit = true}):description():gsub("%. .*", ".")))
-----> Scatter of hci against tii for 3 units; correlation 0.94.
---```
---@param data any
---@param options? difkit.ScatterOptions
---@return difkit.Chart
function chart.scatter(data, options) return make("scatter", data, options) end

---Options of `difkit.chart.correlation`, besides those of every chart.
---@class difkit.CorrelationOptions: difkit.ChartOptions
---@field columns? string[]
---@field method? "pearson"|"spearman"
---@field label? string column that names the rows

---A correlation matrix of columns of numbers, over the rows that have both; a table that is such a matrix already is
---drawn as it is.
---
---```lua
---local t = difkit.table({"unit", "a", "b"}, {{"SGP", 1, 2}, {"LAO", 2, 4}, {"VNM", 3, 5}})
---print(difkit.chart.correlation(t):description())
-----> Correlation matrix of 2 columns; strongest between b and a: 0.98.
---```
---@param data any
---@param options? difkit.CorrelationOptions
---@return difkit.Chart
function chart.correlation(data, options) return make("correlation", data, options) end

---Options of `difkit.chart.strip`, besides those of every chart.
---@class difkit.StripOptions: difkit.ChartOptions
---@field value? string column of the values
---@field values? string[] several columns, a strip each
---@field group? string column that names the groups, in long data
---@field label? string column that names the units
---@field box? boolean false: dots alone
---@field zero? boolean true: the axis begins at zero

---Strips: every value a dot, a row for each group, behind them a box of the quartiles; the ends are named.
---
---```lua
---local t = difkit.table({"unit", "osi", "tii"}, {{"SGP", 0.96, 0.88}, {"LAO", 0.3, 0.28}, {"VNM", 0.65, 0.7}})
---print(difkit.chart.strip(t, {values = {"osi"}}):description())
-----> Strip chart of value. osi: 3 values, median 0.65. osi: LAO 0.30, VNM 0.65, SGP 0.96.
---```
---@param data any
---@param options? difkit.StripOptions
---@return difkit.Chart
function chart.strip(data, options) return make("strip", data, options) end

---Options of `difkit.chart.tilemap`, besides those of every chart.
---@class difkit.TilemapOptions: difkit.ChartOptions
---@field unit? string column that names the units
---@field value? string
---@field layout? string|table name of a layout ("asean"), or rows of unit, title, column, row
---@field missing? string what a tile without a value means
---@field low? number value of the lightest colour
---@field high? number value of the darkest colour

---A tile-grid map: a tile of equal size for each member state, by its id or title. Values are numbers or words.
---
---```lua
---local t = difkit.table({"unit", "score"}, {{"SGP", 0.91}, {"VNM", 0.68}})
---local layout = {{unit = "VNM", column = 1, row = 1}, {unit = "SGP", column = 1, row = 2}}
---print(difkit.chart.tilemap(t, {layout = layout}):description()) --> Tile-grid map of score: VNM 0.68, SGP 0.91.
---```
---@param data any
---@param options? difkit.TilemapOptions
---@return difkit.Chart
function chart.tilemap(data, options) return make("tilemap", data, options) end

---Options of `difkit.chart.icicle`, besides those of every chart.
---@class difkit.IcicleOptions: difkit.ChartOptions
---@field id? string
---@field parent? string
---@field label? string
---@field weight? string
---@field value? string
---@field height? number in pixels

---An icicle of an index: from the whole at the left to its indicators at the right, heights by weight. Takes an index,
---a tree `{id, title, weight, children = {...}}`, or a table with the columns id and parent.
---
---```lua
---local tree = {id = "egdi", title = "E-government", children = {"osi", "tii", {id = "hci", weight = 2}}}
---print((difkit.chart.icicle(tree):description():gsub(".*weight. ", "")))
-----> osi 25 %; tii 25 %; hci 50 %.
---```
---@param data any
---@param options? difkit.IcicleOptions
---@return difkit.Chart
function chart.icicle(data, options) return make("icicle", data, options) end

---What the picture shows, in words: what readers hear who cannot see it.
---
---```lua
---local t = difkit.table({"topic", "n"}, {{"Skills", 26}})
---print(difkit.chart.bars(t):description()) --> Bars of n for 1 row: n. Skills 26.
---```
---@return string
function Chart:description() return self.said end

---The picture as SVG text.
---
---```lua
---local t = difkit.table({"topic", "n"}, {{"Skills", 26}})
---print(difkit.chart.bars(t):svg():match "^<svg") --> <svg
---```
---@return string
function Chart:svg()
   local said = self.said
   if models[self] and not self.all_said then said = said .. " " .. input.words(self:values()) end
   return self.scene:svg(self.title or self.name:gsub("^%l", string.upper), said)
end

---The values that the picture shows, as it shows them: the names of the columns, and rows of texts.
---
---```lua
---local columns, rows = difkit.chart.bars(difkit.table({"topic", "n"}, {{"Skills", 26}})):values()
---print(columns[2], rows[1][1], rows[1][2]) --> n	Skills	26
---```
---@return string[] columns
---@return string[][] rows
function Chart:values()
   if not models[self] then return {}, {} end
   return drawers[self].values(models[self])
end

local a_page = 1.3 -- height of a picture that fits on a page, of its width

--- How many rows (or panels) a picture has that can go on in another; nil when it is of one piece.
local function rows_of(self)
   local model = models[self]
   if not model or not drawers[self].slice or self.kind == "lines" and not model.panels then return nil end
   return #(self.kind == "strip" and model.groups or self.kind == "lines" and model.series or model.rows)
end

---The picture as several, each short enough for a page of paper, on the same scale: what `report:chart` shows. One when
---it is short enough, or cannot be cut.
---
---```lua
---local rows = {}
---for i = 1, 100 do rows[i] = {"Unit " .. i, i} end
---print(#difkit.chart.bars(difkit.table({"unit", "n"}, rows)):pages()) --> 4
---```
---@return string[] pictures SVG each
function Chart:pages()
   local rows, limit = rows_of(self), a_page * self.scene.width
   if not rows or rows < 2 or self.scene.height <= limit then return {self:svg()} end
   local drawer, model = drawers[self], models[self]
   for count = math.ceil(self.scene.height / limit), rows do
      local scenes, each = {}, math.ceil(rows / count)
      local fit = true
      for first = 1, rows, each do
         local part = drawer.slice(model, first, math.min(rows, first + each - 1))
         local texts = texts_of(self.texts)
         local place = ("%d of %d"):format(#scenes + 1, math.ceil(rows / each))
         texts.title = texts.title and ("%s (%s)"):format(texts.title, place) or place
         local scene = drawer.draw(part, texts, self.width, self.fixed)
         scenes[#scenes + 1] = {scene = scene, title = texts.title, said = input.words(drawer.values(part))}
         fit = fit and scene.height <= limit
      end
      if fit or each == 1 then
         local pictures = {}
         for i, one in ipairs(scenes) do
            pictures[i] = one.scene:svg(one.title, i == 1 and self.said .. " " .. one.said or one.said)
         end
         return pictures
      end
   end
   return {self:svg()}
end

---The chart as a Vega-Lite specification (version 5), data included, for those who want to restyle it.
---
---```lua
---local t = difkit.table({"topic", "n"}, {{"Skills", 26}})
---print(difkit.chart.bars(t):vega_lite():match '"mark":"%a+"') --> "mark":"bar"
---```
---@param options? {indent?: integer}
---@return string json
function Chart:vega_lite(options)
   local spec = models[self] and drawers[self].vega(models[self]) or {data = {values = {}}, mark = "point"}
   spec["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json"
   local line = require("difkit.illustrative").line()
   spec.title, spec.description = self.texts.title, self.said
   if line then spec.title = {text = self.texts.title or "", subtitle = line} end
   spec.width = spec.width or 480
   spec.config = {font = "Arial", axis = {labelFontSize = 11, labelLimit = 500}}
   return require("difkit.chart.vega").encode(spec, options)
end

---Width and height of the picture in pixels.
---
---```lua
---print((difkit.chart.bars(difkit.table({"topic", "n"}, {{"Skills", 26}}), {width = 500}):size())) --> 500
---```
---@return number width
---@return number height
function Chart:size() return self.scene.width, self.scene.height end

--- Where texts stand: {text, left, right, top, bottom} each.
function Chart:boxes() return self.scene.boxes end

local function write_picture(self, path, format, options)
   local width, height = self:size()
   local factor = options.scale or format == "png" and 2 or 0.75
   if options.width then factor = options.width / width
   elseif options.height then factor = options.height / height end
   local bytes, message, code = core.render_svg(self:svg(), format, math.floor(width * factor + 0.5),
      math.floor(height * factor + 0.5))
   if not bytes then return nil, message, code end
   return core.write_file(path, bytes)
end

local endings = {".svg", ".png", ".pdf", ".vl.json"}

--- Writes the chart in the format that the ending of the path names.
local function write_as(drawn, path, options)
   local name = path:lower()
   if name:find "%.vl%.json$" then return core.write_file(path, drawn:vega_lite {indent = 2} .. "\n") end
   local ending = name:match "(%.[^./\\]+)$" or ""
   if ending == ".svg" then return core.write_file(path, drawn:svg()) end
   if ending == ".png" or ending == ".pdf" then return write_picture(drawn, path, ending:sub(2), options) end
   local near = ending ~= "" and core.nearest(ending, endings)
   errors.raise(('chart:write: unknown format "%s"'):format(ending),
      (near and ('did you mean "%s"? '):format(near) or "") .. "formats: " .. table.concat(endings, " "))
end

---Writes the chart; the ending of the name decides: .svg, .png, .pdf, or .vl.json for Vega-Lite. PNG has two pixels for
---each of the picture's unless `scale`, `width` or `height` say otherwise; PDF is measured in points.
---
---```lua
---local chart = difkit.chart.bars(difkit.table({"topic", "n"}, {{"Skills", 26}}))
---assert(chart:write "skills.svg")
---assert(chart:write("skills.vl.json"))
---```
---@param path string
---@param options? {scale?: number, width?: number, height?: number}
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function Chart:write(path, options)
   errors.check("chart:write", "path", path, "string")
   options = errors.options("chart:write", options, {"scale", "width", "height"})
   for _, name in ipairs {"scale", "width", "height"} do
      errors.check("chart:write", name, options[name], "number", "optional")
      if options[name] and options[name] <= 0 then errors.raise("chart:write: " .. name .. " must be above 0") end
   end
   local done, message, code = write_as(self, path, options)
   if done then return done end
   require("difkit.condition").dropped("write", message)
   return nil, message, code
end

function chart_events.__tostring(self)
   return ("%s%s"):format(self.title and self.title .. ". " or "", self.said)
end

return chart
