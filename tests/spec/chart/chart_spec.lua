-- Charts: texts neither overlap nor leave the picture, whatever the data; same data, same bytes; readers and printers.
local difkit = require "difkit"
local core = require "difkit.core"
local palette = require "difkit.chart.palette"
local number = require "difkit.number"
local scale = require "difkit.chart.scale"
local text = require "difkit.chart.text"

local db = assert(difkit.open())
local chart = difkit.chart

local problem = require("tests.support.spec").problem

local function table_of(sql) return db:query(sql):table() end

local function egdi() return table_of [[SELECT unit.title AS unit, period, value FROM observation
   JOIN unit ON unit.id = unit_id WHERE indicator_id = 'egdi_published' ORDER BY unit.id, period]] end

local function components() return table_of [[SELECT unit.title AS unit,
   max(CASE WHEN indicator_id = 'osi' THEN value END) AS osi,
   max(CASE WHEN indicator_id = 'tii' THEN value END) AS tii,
   max(CASE WHEN indicator_id = 'hci' THEN value END) AS hci,
   max(CASE WHEN indicator_id = 'egdi_world_rank' THEN value END) AS egdi_world_rank
   FROM observation JOIN unit ON unit.id = unit_id WHERE period = 2022 GROUP BY unit.title]] end

local function coverage() return table_of [[
   SELECT topic_title, document, document_title, area_title, count(*) AS actions
   FROM action_full GROUP BY topic, document ORDER BY area_number, topic_position]] end

local function with_intervals()
   local rows = {}
   for row in egdi():rows() do
      if row.period == 2022 then rows[#rows + 1] = {row.unit, row.value, row.value - 0.04, row.value + 0.05} end
   end
   return difkit.table({"unit", "score", "low", "high"}, rows)
end

local function signed()
   return difkit.table({"unit", "2016", "2022"}, {{"Viet Nam", -3.25, 4.5}, {"Lao PDR", 2.0, -1.5},
      {"A unit with a title that is much longer than usual, and that wraps", 0.5}})
end

local function crowd()
   local rows = {}
   for i, row in ipairs(coverage():distinct "topic_title") do
      rows[i] = {row.topic_title, (i * 37 % 11) * 0.1, (i * 53 % 7) * 0.2}
   end
   return difkit.table({"topic", "x", "y"}, rows)
end

local function status()
   return difkit.table({"unit", "status"}, {{"VNM", "completed"}, {"LAO", "in_progress"}, {"Singapore", "completed"}})
end

local tree = {id = "egdi", title = "E-Government Development Index", children = {
   {id = "osi", title = "Online Service Index", children = {"a", "b", "c"}},
   {id = "tii", title = "Telecommunication Infrastructure Index", weights = {2, 1},
      children = {{id = "x", title = "Mobile cellular telephone subscriptions per 100 inhabitants"}, "y"}},
   {id = "hci", title = "Human Capital Index", weight = 0.1},
}}

local long_title = "Coverage of the ASEAN Digital Integration Framework by topic and document, with a title so long "
   .. "that it has to go on a second line and perhaps on a third, since titles in reports are like that & <worse>"

--- Every kind with the real data, as {name, function, data, options}.
local function examples()
   local document_rows = coverage()
   return {
      {"heat map of counts", chart.heatmap, table_of "SELECT topic_title, document FROM action_full",
         {row = "topic_title", column = "document"}},
      {"grouped heat map", chart.heatmap, document_rows,
         {row = "topic_title", column = "document", value = "actions", group = "area_title"}},
      {"heat map with long headings", chart.heatmap, document_rows,
         {row = "topic_title", column = "document_title", value = "actions"}},
      {"wide heat map", chart.heatmap, components(), {}},
      {"heat map of many columns", chart.heatmap, document_rows,
         {row = "document", column = "topic_title", value = "actions"}},
      {"dots", chart.dots, with_intervals(), {}},
      {"dots without intervals", chart.dots, components(), {value = "osi", highlight = "Viet Nam"}},
      {"bars", chart.bars, document_rows:group "topic_title":sum("actions", "n"), {}},
      {"bars of long titles", chart.bars, document_rows:group "document_title":sum("actions", "n"), {}},
      {"stacked bars", chart.bars, document_rows, {label = "topic_title", series = "document", value = "actions",
         stacked = true}},
      {"shares", chart.bars, document_rows,
         {label = "topic_title", series = "document", value = "actions", share = true}},
      {"grouped signed bars", chart.bars, signed(), {values = {"2016", "2022"}}},
      {"stacked signed bars", chart.bars, signed(), {values = {"2016", "2022"}, stacked = true}},
      {"lines", chart.lines, egdi(), {}},
      {"highlighted lines", chart.lines, egdi(), {highlight = "Viet Nam"}},
      {"panels", chart.lines, egdi(), {panels = true}},
      {"bump chart", chart.bump, egdi(), {value = "value", label = "unit"}},
      {"scatter", chart.scatter, components(), {x = "tii", y = "hci", fit = true}},
      {"crowded scatter", chart.scatter, crowd(), {}},
      {"correlation", chart.correlation, components(), {}},
      {"rank correlation", chart.correlation, components(), {method = "spearman"}},
      {"strips", chart.strip, components(), {values = {"osi", "tii", "hci"}}},
      {"strip of groups", chart.strip, egdi(), {value = "value", group = "period", label = "unit"}},
      {"tile map of numbers", chart.tilemap, egdi():where{period = 2022}, {value = "value"}},
      {"tile map of words", chart.tilemap, status(), {value = "status"}},
      {"icicle", chart.icicle, tree, {}},
   }
end

--- Describes the first two texts that overlap, or the first that leaves the picture; nil when all is well.
local function flaw(picture)
   local width, height = picture:size()
   local boxes = picture:boxes()
   for i, a in ipairs(boxes) do
      if a.left < -0.01 or a.right > width + 0.01 or a.top < -0.01 or a.bottom > height + 0.01 then
         return ('"%s" leaves the picture (%.1f to %.1f of %d, %.1f to %.1f of %d)'):format(a.text, a.left, a.right,
            width, a.top, a.bottom, height)
      end
      for j = 1, i - 1 do
         local b = boxes[j]
         if a.left < b.right - 0.5 and b.left < a.right - 0.5 and a.top < b.bottom - 0.5 and b.top < a.bottom - 0.5 then
            return ('"%s" overlaps "%s"'):format(a.text, b.text)
         end
      end
   end
end

describe("a chart", function()
   for _, example in ipairs(examples()) do
      local name, draw, data, options = table.unpack(example)

      it(("keeps the texts of a %s apart and inside, at any width"):format(name), function()
         for _, width in ipairs {false, 300, 420, 720, 1100} do
            for _, title in ipairs {"Short", long_title} do
               local given = {title = title, subtitle = long_title, source = long_title, width = width or nil}
               for key, value in pairs(options) do given[key] = value end
               local picture = draw(data, given)
               local found = flaw(picture)
               assert(not found, ("%s, width %s: %s"):format(name, tostring(width), tostring(found)))
               local drawn = picture:size()
               if width then assert.are.equal(width, drawn) end
            end
         end
      end)

      it(("gives the same bytes twice for a %s"):format(name), function()
         assert.are.equal(draw(data, options):svg(), draw(data, options):svg())
         assert.are.equal(draw(data, options):vega_lite(), draw(data, options):vega_lite())
      end)

      it(("is well-formed, named and described for a %s"):format(name), function()
         local svg = draw(data, options):svg()
         local depth = 0
         for closing, tag, empty in svg:gmatch "<(/?)(%a+)[^>]-(/?)>" do
            assert(tag)
            if closing == "/" then depth = depth - 1 elseif empty == "" then depth = depth + 1 end
         end
         assert.are.equal(0, depth)
         assert.is_nil(svg:gsub("&%a+;", ""):find "&")
         local id = svg:match 'role="img" aria%-labelledby="(%w+)%-title %w+%-desc"'
         assert.is_truthy(svg:find(('<title id="%s-title">'):format(id), 1, true))
         assert.is_truthy(svg:find(('<desc id="%s-desc">'):format(id), 1, true))
         assert.is_nil(svg:find "nan" or svg:find "inf[^o%l]")
         local spec = assert(difkit.json.decode(draw(data, options):vega_lite()))
         assert.is_truthy(spec.mark or spec.layer)
         assert.is_true(#spec.data.values > 0)
      end)
   end

   it("shows markup in the data as text", function()
      local t = difkit.table({"topic", "n"}, {{'<script>alert("x")</script> & more', 1}})
      local svg = chart.bars(t, {title = "</svg><b>"}):svg()
      assert.is_nil(svg:find("<script", 1, true))
      assert.is_nil(svg:find("<b>", 1, true))
      assert.is_truthy(svg:find("&lt;script&gt;", 1, true))
   end)

   it("keeps control characters and broken UTF-8 out of the picture", function()
      local svg = chart.bars(difkit.table({"topic", "n"}, {{"a\0b\27[31m\255", 1}})):svg()
      assert.is_nil(svg:find "[%z\1-\9\11-\31]")
      assert.is_true(core.valid_utf8(svg))
   end)

   it("draws no data as such", function()
      local picture = chart.bars(difkit.table({"topic", "n"}, {}), {title = "Overdue actions"})
      assert.are.equal("No data.", picture:description())
      assert.is_truthy(picture:svg():find("Overdue actions", 1, true))
      assert.is_truthy(picture:vega_lite():find('"values":[]', 1, true))
   end)

   it("takes queries, plain lists and plain objects", function()
      local by_query = chart.bars(db:from "action":group "document_id":count "n")
      assert.is_truthy(by_query:description():find("Bars of n for 5 rows", 1, true))
      local plain = {columns = {"topic", "n"}, {topic = "a", n = 1}}
      assert.are.equal("Bars of n for 1 row: n. a 1.", chart.bars({{topic = "a", n = 1}}):description())
      assert.are.equal("Bars of n for 1 row: n. a 1.", chart.bars(plain):description())
   end)

   it("survives single values, equal values and large numbers", function()
      for _, values in ipairs {{5}, {0, 0, 0}, {-2, -2}, {1e9, 2e9, 3}, {1e-9, 2e-9}, {0.1 + 0.2}} do
         local rows = {}
         for i, value in ipairs(values) do rows[i] = {"unit " .. i, value, i} end
         local t = difkit.table({"unit", "v", "i"}, rows)
         for _, draw in ipairs {chart.bars, chart.dots, chart.scatter, chart.strip, chart.heatmap, chart.lines} do
            local picture = draw(t)
            assert.is_nil(flaw(picture))
            assert.is_nil(picture:svg():find "nan")
         end
      end
   end)

   it("is written as SVG and Vega-Lite, and as PNG and PDF with the same bytes twice", function()
      local picture = chart.bars(components(), {value = "osi"})
      local base = os.tmpname()
      local function written(ending, options)
         assert(picture:write(base .. ending, options))
         local bytes = assert(core.read_file(base .. ending))
         os.remove(base .. ending)
         return bytes
      end
      assert.are.equal("<svg", written(".svg"):sub(1, 4))
      assert.are.equal("{", written(".vl.json"):sub(1, 1))
      if core.render_svg("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>", "png", 1, 1) then
         local png = written(".png", {width = 500})
         assert.are.equal("\137PNG", png:sub(1, 4))
         assert.are.equal(500, (">I4"):unpack(png, 17))
         assert.are.equal(png, written(".png", {width = 500}))
         local pdf = written(".pdf")
         assert.are.equal("%PDF", pdf:sub(1, 4))
         assert.are.equal(pdf, written(".pdf"))
      else
         print "PNG and PDF: skipped, librsvg is not installed"
      end
      os.remove(base)
   end)

   it("says what is wrong and what would be right", function()
      local t = components()
      local message, hint = problem(chart.bars, t, {value = "osl"})
      assert.are.equal('chart.bars: value: unknown column "osl"', message)
      assert.are.equal('did you mean "osi"?', hint)
      assert.are.equal('chart.dots: unknown option "lable"', (problem(chart.dots, t, {lable = "unit"})))
      assert.are.equal("chart.bars: no data given", (problem(chart.bars)))
      message = problem(chart.bars, t, {value = "unit"})
      assert.are.equal('chart.bars: row 1, column "unit" holds text "Brunei Darussalam"', message)
      message, hint = problem(chart.tilemap, difkit.table({"unit", "v"}, {{"VNN", 1}}))
      assert.are.equal('chart.tilemap: row 1: the layout has no tile for "VNN"', message)
      assert.are.equal('did you mean "VNM"?', hint)
      message, hint = problem(chart.bars(t).write, chart.bars(t), "x.svgg")
      assert.are.equal('chart:write: unknown format ".svgg"', message)
      assert.is_truthy(hint:find('did you mean ".svg"', 1, true))
   end)
end)

describe("a chart of an index", function()
   local index = difkit.index {
      id = "egdi", title = "E-Government", units = "ASEAN", period = 2022, normalise = "minmax",
      children = {"osi", "tii", {id = "hci", weight = 2}},
   }
   local result = index:compute(db)

   it("takes the result as it is", function()
      assert.is_truthy(chart.dots(result):description():find("10 units by score, from SGP (100.0) to LAO", 1, true))
      assert.is_truthy(chart.heatmap(result):description():find("10 rows and 4 columns", 1, true))
      assert.is_truthy(chart.tilemap(result):description():find("Singapore 100.0", 1, true))
      assert.is_truthy(chart.correlation(result:correlations()):description():find("hci and osi: 0.94", 1, true))
   end)

   it("puts ranks in rising order, with their intervals and tiers", function()
      local robust = result:robustness {runs = 200, seed = 7, weights = 0.25, normalise = {"minmax", "zscore"}}
      assert.is_truthy(chart.dots(robust):description():find("from SGP %(1%) to LAO %(10%), in %d tiers"))
   end)

   it("draws the tree of its weights", function()
      assert.are.equal("Icicle of E-Government: 3 indicators on 1 level; heights are shares of the weight. "
         .. "osi 25 %; tii 25 %; hci 50 %.",
         chart.icicle(index):description())
      assert.is_truthy(chart.icicle(result):svg():find(">50 %</text>", 1, true))
   end)

   it("shows words for ids, in cells, columns and options alike", function()
      local labels = {osi = "Online services", VNM = "Viet Nam"}
      local picture = chart.dots(result, {value = "osi", highlight = "VNM", labels = labels})
      assert.is_truthy(picture:description():find("by Online services", 1, true))
      assert.is_truthy(picture:svg():find(">Viet Nam<", 1, true))
      assert.is_truthy(chart.dots(result, {labels = db:units()}):description():find("from Singapore", 1, true))
      local titles = db:query "SELECT id, title FROM indicator"
      assert.is_truthy(chart.icicle(index, {labels = titles}):svg():find("Human Capital Index", 1, true))
      assert.are.equal('chart.dots: labels: unknown column "title"',
         (problem(chart.dots, result, {labels = difkit.table({"id"}, {{"a"}})})))
   end)
end)

describe("the tiers of ranked dots", function()
   it("join units whose intervals overlap, directly or through others", function()
      local rows = {{"a", 9, 8, 10}, {"b", 7, 6, 8.5}, {"c", 5.5, 5, 6.1}, {"d", 3, 2, 4}}
      local t = difkit.table({"unit", "score", "low", "high"}, rows)
      assert.is_truthy(chart.dots(t):description():find("in 2 tiers", 1, true))
   end)
end)

describe("text in charts", function()
   it("is cut and wrapped to its width", function()
      for _, value in ipairs {"Alternative Dispute Resolution/Online Dispute Resolution Availability",
         "Đổi mới sáng tạo", "unbreakableunbreakableunbreakable", "กรุงเทพมหานคร", "日本語のテキスト"} do
         for width = 30, 300, 15 do
            for _, line in ipairs(text.wrap(value, width, 12, false, 3)) do
               assert(text.width(line, 12) <= width, ("%s at %d: %s"):format(value, width, line))
            end
            assert(text.width(text.fit(value, width, 12, true), 12, true) <= width)
         end
      end
   end)

   it("is not broken inside E-Commerce", function()
      for width = 70, 200, 5 do
         for _, line in ipairs(text.wrap("E-Commerce Legal Framework", width, 11)) do
            assert.is_nil(line:find "E%-$")
         end
      end
   end)
end)

describe("scales", function()
   it("have round ticks that cover the data", function()
      for _, range in ipairs {{0, 33}, {0.187, 0.913}, {-3.2, 4.5}, {5, 5}, {0, 1e9}, {0.001, 0.0012}} do
         local ticks, low, high = scale.ticks(range[1], range[2], 5)
         assert.is_true(low <= range[1] and high >= range[2])
         assert.is_true(#ticks >= 3 and #ticks <= 12)
      end
      assert.are.same({0.0, 0.2, 0.4, 0.6, 0.8, 1.0}, (scale.ticks(0.187, 0.913, 5)))
   end)

   it("show numbers as people read them", function()
      assert.are.equal("−1.50", number.show(-1.5, 2))
      assert.are.equal("0", number.show(-0.001, 0))
      assert.are.equal("12\u{A0}345", number.show(12345))
      assert.are.equal("1234", number.show(1234))
      assert.are.equal("1\u{A0}234\u{A0}567.5", number.show(1234567.5, 1))
   end)

   it("spread labels without overlap and within the limits", function()
      local placed = scale.spread({10, 11, 12, 50, 99}, {10, 10, 10, 10, 10}, 0, 100)
      for i = 2, #placed do assert.is_true(placed[i] - placed[i - 1] >= 10 - 1e-9) end
      assert.is_true(placed[1] >= 5 and placed[#placed] <= 95)
   end)
end)

describe("colours", function()
   it("grow darker with the amount, by more than an eye or a printer confuses", function()
      local last = math.huge
      for step = 0, 10 do
         local luminance = palette.luminance(palette.amount(step / 10))
         assert.is_true(luminance < last)
         last = luminance
      end
   end)

   it("carry text with a contrast of 4.5 or more", function()
      for step = 0, 50 do
         for _, colour in ipairs {palette.amount(step / 50), palette.signed(step / 25 - 1)} do
            assert.is_true(palette.contrast(colour, palette.ink_on(colour)) >= 4.5)
         end
      end
      for _, serie in ipairs(palette.series) do
         assert.is_true(palette.contrast(serie.colour, palette.ink_on(serie.colour)) >= 4.5)
      end
      assert.is_true(palette.contrast(palette.muted, palette.paper) >= 4.5)
   end)

   it("tell sixteen series apart", function()
      local seen = {}
      for i = 1, 16 do
         local serie = palette.serie(i)
         local key = serie.colour .. serie.pattern .. serie.marker
         assert.is_nil(seen[key])
         seen[key] = true
      end
   end)
end)
