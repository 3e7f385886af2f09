-- Time in charts: dates, months and quarters stand where they belong, a line breaks where a value is missing and says
-- so. And what the Vega-Lite specifications say of values that are missing.
local difkit = require "difkit"
local chart, T, json = difkit.chart, difkit.table, difkit.json

--- The points of each line of a picture.
local function pieces(drawn)
   local list = {}
   for points in drawn:svg():gmatch '<polyline[^>]-points="([^"]*)"' do
      local piece = {}
      for x, y in points:gmatch "([%d.-]+)[, ]([%d.-]+)" do piece[#piece + 1] = {tonumber(x), tonumber(y)} end
      list[#list + 1] = piece
   end
   return list
end

local function lines(rows, options)
   options = options or {}
   options.x, options.y, options.series = "p", "v", "k"
   return chart.lines(T({"k", "p", "v"}, rows), options)
end

describe("lines over time", function()
   it("stand where they belong in time", function()
      for _, periods in ipairs {{"2020-01-01", "2020-02-01", "2024-02-01"}, {"2020-01", "2020-02", "2024-02"},
         {"2020-Q1", "2020-Q2", "2024-Q2"}} do
         local line = pieces(lines {{"a", periods[1], 1}, {"a", periods[2], 2}, {"a", periods[3], 3}})[1]
         local first, second = line[2][1] - line[1][1], line[3][1] - line[2][1]
         local months = periods[1]:find "Q" and 3 or 1
         assert.is_near(48 / months, second / first, 0.02 * 48 / months)
      end
   end)

   it("stand in the order of time whatever the order of rows", function()
      local line = pieces(lines {{"a", "2024-02", 3}, {"a", "2020-01", 1}, {"a", "2020-02", 2}})[1]
      assert.is_true(line[1][1] < line[2][1] and line[2][1] < line[3][1])
   end)

   it("break where a value is missing, be it nil, no number or infinite, and say so", function()
      for _, nothing in ipairs {false, 0 / 0, 1 / 0} do
         local drawn = lines {{"a", 2014, 1}, {"a", 2016, 2}, {"a", 2018, nothing or nil}, {"a", 2020, 3},
            {"a", 2022, 4}}
         local drawn_pieces = pieces(drawn)
         assert.are.equal(2, #drawn_pieces)
         assert.are.same({2, 2}, {#drawn_pieces[1], #drawn_pieces[2]})
         assert.is_truthy(drawn:svg():find("Lines break where there is no value.", 1, true))
         assert.are.equal("Lines of v for 1 series, 2014 to 2022. a: 1 (2014), 2 (2016), 3 (2020), 4 (2022), "
            .. "no value in 2018.",
            drawn:description())
      end
   end)

   it("are joined by dashes when that is asked for", function()
      local rows = {{"a", 2014, 1}, {"a", 2016, 2}, {"a", 2018, nil}, {"a", 2020, 3}, {"a", 2022, 4}}
      local drawn = lines(rows, {join = true})
      assert.are.equal(3, #pieces(drawn))
      assert.is_truthy(drawn:svg():find('stroke-dasharray="1.5 4"', 1, true))
      assert.is_truthy(drawn:svg():find("Dashes join what has no value between.", 1, true))
   end)

   it("do not break over years that no series has", function()
      assert.are.equal(1, #pieces(lines {{"a", 1990, 1}, {"a", 2000, 2}, {"a", 2022, 3}}))
   end)
end)

describe("a Vega-Lite specification", function()
   local function spec(drawn) return json.decode(drawn:vega_lite()) end
   local ragged = T({"k", "s", "v"}, {{"A", "x", 1}, {"A", "y", 2}, {"B", "x", 3}, {"C", "y", 1}})

   it("keeps every segment of stacked and share bars when a cell is missing, in the order of the picture", function()
      for _, kind in ipairs {"stacked", "share"} do
         local made = spec(chart.bars(ragged, {label = "k", series = "s", value = "v", [kind] = true}))
         local sums = {}
         for _, value in ipairs(made.data.values) do
            assert.are.equal("number", type(value.value))
            sums[value.label] = (sums[value.label] or 0) + value.value
         end
         for label, sum in pairs(kind == "share" and {A = 100, B = 100, C = 100} or {A = 3, B = 3, C = 1}) do
            assert.is_near(sum, sums[label], 1e-9)
         end
         assert.are.equal("place", made.encoding.order.field)
         assert.are.same({"x", "y"}, made.encoding.color.scale.domain)
      end
   end)

   it("says what has no value, and keeps its place", function()
      local made = spec(chart.bars(T({"k", "v"}, {{"a", 1}, {"b", nil}}), {label = "k", value = "v"}))
      assert.are.equal("!isValid(datum.value)", made.layer[2].transform[1].filter)
      assert.is_nil(made.data.values[2].value)
      assert.are.equal("no value", made.layer[2].mark.text)
      assert.are.same({"a", "b"}, made.layer[1].encoding.y.scale.domain)
   end)

   it("breaks a line by null, and puts time on a scale", function()
      local made = spec(lines {{"a", "2020-01", 1}, {"a", "2020-02", nil}, {"a", "2024-02", 3}, {"b", "2020-02", 3}})
      assert.are.equal("temporal", made.encoding.x.type)
      assert.are.equal("2020-02-01", made.data.values[2].x)
      assert.are.equal(difkit.null, made.data.values[2].y)
   end)
end)
