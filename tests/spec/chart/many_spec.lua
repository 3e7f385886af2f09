-- Charts of much data, and of long names: what can be read of them, in which order, and on how many pages.
local difkit = require "difkit"
local merged = require "difkit.merged"
local palette = require "difkit.chart.palette"
local text = require "difkit.chart.text"

local chart, T = difkit.chart, difkit.table

local function rows(n, make)
   local out = {}
   for i = 1, n do out[i] = make(i) end
   return out
end

--- The texts of a picture, those that hold `part`.
local function texts(picture, part)
   local list = {}
   for _, box in ipairs(picture:boxes()) do
      if box.text:find(part, 1, true) then list[#list + 1] = box.text end
   end
   return list
end

local function walk(count)
   local out = {}
   for s = 1, count do
      for year = 2000, 2010 do out[#out + 1] = {("Series %02d"):format(s), year, (s * 7 + year * s) % 101} end
   end
   return T({"unit", "period", "score"}, out)
end

describe("names that differ only at their end", function()
   local long = "Harmonisation of the regulatory frameworks for cross-border electronic commerce and consumer "
      .. "confidence "
   local names = rows(8, function(i) return long .. "(phase " .. i .. ")" end)

   it("stay distinct in every line that they are given", function()
      for _, most in ipairs {1, 2, 3} do
         local seen = {}
         for i, lines in ipairs(text.wrap_all(names, 170, 11, false, most)) do
            local shown = table.concat(lines, " ")
            assert.is_nil(seen[shown])
            seen[shown] = true
            assert.is_true(#lines <= most)
            assert.is_truthy(shown:find("… ", 1, true), shown)
            assert.are.equal(("%d)"):format(i), shown:sub(-2))
            for _, line in ipairs(lines) do assert.is_true(text.width(line, 11) <= 170) end
         end
      end
   end)

   it("are left as they are where they differ at their beginning", function()
      local laid = text.wrap_all({"One " .. long, "Two " .. long}, 170, 11, false, 1)
      assert.are.equal("One", laid[1][1]:sub(1, 3))
      assert.are.equal("…", laid[1][1]:sub(-3))
   end)

   it("are never cut within a character", function()
      local alike = {"ភាសាខ្មែរ " .. long .. "ក", "ភាសាខ្មែរ " .. long .. "ខ"}
      for _, lines in ipairs(text.wrap_all(alike, 60, 11, false, 1)) do
         assert.is_true(difkit.text.valid(lines[1]))
      end
   end)

   it("are told apart in bars, dots, heat maps, lines, ranks and panels", function()
      local data = T({"k", "v"}, rows(8, function(i) return {names[i], i} end))
      for _, kind in ipairs {"bars", "dots"} do
         assert.are.equal(8, #texts(chart[kind](data, {width = 420}), "(phase"))
      end
      local lines = T({"u", "p", "v"}, rows(16, function(i) return {names[(i + 1) // 2], 2020 + i % 2, i} end))
      assert.are.equal(8, #texts(chart.lines(lines, {x = "p", y = "v", series = "u"}), "(phase"))
      assert.are.equal(16, #texts(chart.bump(lines, {x = "p", value = "v", label = "u"}), "phase"))
   end)
end)

describe("texts in scripts without spaces", function()
   -- Letters with their signs, as Unicode Standard Annex 29 and the orthographies have them.
   local words = {
      {"ประเทศไทย", {"ป", "ระ", "เท", "ศ", "ไท", "ย"}}, {"ລາວ", {"ລາ", "ວ"}},
      {"ເສດຖະກິດ", {"ເສ", "ດ", "ຖະ", "ກິ", "ດ"}},
      {"ខ្មែរ", {"ខ្មែ", "រ"}}, {"ပြည်", {"ပြ", "ည်"}}, {"မြန်မာ", {"မြ", "န်", "မာ"}},
   }

   it("are cut between letters with their signs, never within", function()
      for _, pair in ipairs(words) do
         local clusters = text.clusters(pair[1])
         assert.are.equal(pair[1], table.concat(clusters))
         assert.are.same(pair[2], clusters)
         for width = 12, 60, 4 do
            local lines, whole = text.wrap(pair[1], width, 11), {}
            local place = 1
            for _, line in ipairs(lines) do
               local joined = ""
               while joined ~= line and clusters[place] do
                  joined, place = joined .. clusters[place], place + 1
               end
               whole[#whole + 1] = joined
            end
            assert.are.same(lines, whole)
         end
      end
   end)
end)

describe("one order out of several", function()
   it("is that of the data, also where the first list has gaps", function()
      assert.are.same({1, 2, 3, 4}, merged({2, 4, 1, 3}, {{2, 4}, {1, 2, 3}, {3, 4}}))
      assert.are.same({"a", "b", "c"}, merged({"a", "b", "c"}, {}))
   end)

   it("leaves what contradicts itself, and what is open, as it was met", function()
      assert.are.same({"a", "b"}, merged({"a", "b"}, {{"a", "b"}, {"b", "a"}}))
      assert.are.same({1, 3, 2}, merged({1, 3, 2}, {{1, 3}, {1, 2}}))
   end)

   it("puts columns of pivots and heat maps, and series, into the order of the data", function()
      local data = T({"k", "s", "v"}, {{"A", "2020", 1}, {"A", "2022", 2}, {"B", "2018", 3}, {"B", "2020", 1},
         {"B", "2021", 2}, {"B", "2022", 1}})
      assert.are.same({"k", "2018", "2020", "2021", "2022"}, data:pivot("k", "s", "v").columns)
      local names = chart.heatmap(data, {row = "k", column = "s", value = "v"}):values()
      assert.are.same({"k", "2018", "2020", "2021", "2022"}, names)
      names = chart.bars(data, {label = "k", series = "s", value = "v"}):values()
      assert.are.same({"k", "2018", "2020", "2021", "2022"}, names)
   end)
end)

describe("thirty lines", function()
   it("are grey but for the highest, the lowest, and the largest changes, which alone are named", function()
      local picture = chart.lines(walk(30))
      local named = #texts(picture, "Series")
      assert.is_true(named >= 2 and named <= 4, named)
      assert.is_truthy(picture:svg():find("30 lines; in colour the highest", 1, true))
      assert.are.equal(30 - named, select(2, picture:svg():gsub("#a8b0b9", "")))
   end)

   it("are grey but for the one that is pointed out", function()
      local picture = chart.lines(walk(30), {highlight = "Series 07"})
      assert.are.equal(1, #texts(picture, "Series"))
      assert.are.equal(29, select(2, picture:svg():gsub("#a8b0b9", "")))
   end)

   it("have colours of their own when they are twelve", function()
      assert.is_nil(chart.lines(walk(12)):svg():find("#a8b0b9", 1, true))
   end)
end)

describe("ranks of thirty", function()
   it("colour the largest climbs and falls", function()
      local picture = chart.bump(walk(30), {value = "score", label = "unit"})
      assert.is_truthy(picture:svg():find("30 units; in colour the largest climbs and falls", 1, true))
      local coloured = 0
      for stroke in picture:svg():gmatch '<path d="M[^"]+" fill="none" stroke="(#%x+)"' do
         if stroke ~= "#b3bac2" and stroke ~= "#a8b0b9" then coloured = coloured + 1 end
      end
      assert.is_true(coloured >= 3 and coloured <= 5, coloured)
   end)
end)

describe("200 points", function()
   it("are named only where they lie far out", function()
      local data = T({"u", "x", "y"}, rows(200, function(i)
         return {"Country " .. i, i % 20 + 0.0, (i * 37) % 23 + 0.0}
      end))
      local named = #texts(chart.scatter(data, {x = "x", y = "y", label = "u"}), "Country")
      assert.is_true(named >= 1 and named <= 17, named)
      data[1].y = 400.0
      assert.are.equal("Country 1", texts(chart.scatter(data, {x = "x", y = "y", label = "u"}), "Country 1")[1])
   end)

   it("of no group are no part of the first", function()
      local data = T({"u", "x", "y", "g"}, {{"a", 1, 2, "one"}, {"b", 2, 1, "two"}, {"c", 3, 3, nil}})
      local picture = chart.scatter(data, {x = "x", y = "y", label = "u", group = "g"})
      assert.are.same({"no group"}, texts(picture, "no group"))
      assert.is_truthy(picture:svg():find('fill="' .. palette.muted .. '" stroke=', 1, true))
   end)
end)

describe("17 goals by 169 targets", function()
   it("stand in blocks whose cells can be read, every target once", function()
      local cells = {}
      for i = 1, 169 do
         for j = 1, 17 do cells[#cells + 1] = {"Goal " .. j, ("Target %03d"):format(i), i * j % 9} end
      end
      local picture = chart.heatmap(T({"g", "t", "n"}, cells), {row = "g", column = "t", value = "n"})
      assert.are.equal(169, #texts(picture, "Target"))
      local blocks = #texts(picture, "Goal 17")
      assert.is_true(blocks > 5, blocks)
      for width in picture:svg():gmatch '<rect x="[%d.]+" y="[%d.]+" width="([%d.]+)" height="22"' do
         assert.is_true(tonumber(width) >= 20)
      end
   end)
end)

describe("pages of a chart", function()
   it("hold each row once, on the same axis, and are no longer than a page", function()
      local data = T({"unit", "n"}, rows(100, function(i) return {("Unit %03d"):format(i), i} end))
      for _, kind in ipairs {"bars", "dots"} do
         local pages = chart[kind](data, {title = "Long"}):pages()
         assert.is_true(#pages >= 3)
         local seen, ticks = {}, nil
         for i, page in ipairs(pages) do
            local width, height = page:match 'width="(%d+)" height="(%d+)"'
            assert.is_true(tonumber(height) <= 1.3 * tonumber(width))
            assert.is_truthy(page:find((">Long (%d of %d)<"):format(i, #pages), 1, true))
            for name in page:gmatch ">(Unit %d+)</text>" do
               assert.is_nil(seen[name])
               seen[name] = true
            end
            local found = page:match 'class="dk%-muted"[^>]*>100<'
            ticks = ticks or found
            assert.is_truthy(found)
         end
         for i = 1, 100 do assert.is_true(seen[("Unit %03d"):format(i)]) end
      end
   end)

   it("are one where the picture is short", function()
      local drawn = chart.bars(T({"unit", "n"}, {{"a", 1}}))
      assert.are.same({drawn:svg()}, drawn:pages())
   end)
end)

describe("texture", function()
   it("lies only on areas that grey cannot tell apart, and never under a number", function()
      assert.is_nil(palette.pattern(1))
      for i = 2, 8 do
         local lightest = math.huge
         for j = 1, i - 1 do
            if not palette.pattern(j) then
               lightest = math.min(lightest, palette.contrast(palette.serie(i).colour, palette.serie(j).colour))
            end
         end
         assert.are.equal(lightest < 1.3, palette.pattern(i) ~= nil, i)
      end
      local three = T({"k", "a", "b", "c"}, {{"x", 3, 4, 5}})
      assert.is_nil(chart.bars(three, {values = {"a", "b", "c"}, stacked = true}):svg():find("<pattern", 1, true))
   end)

   it("leaves texts on every shade a contrast of 4.5", function()
      for step = 0, 100 do
         for _, colour in ipairs {palette.amount(step / 100), palette.signed(step / 50 - 1)} do
            assert.is_true(palette.contrast(colour, palette.ink_on(colour)) >= 4.5)
         end
      end
      for i = 1, 8 do
         local colour = palette.serie(i).colour
         assert.is_true(palette.contrast(colour, palette.ink_on(colour)) >= 4.5)
      end
   end)
end)

describe("a chart in words", function()
   it("says every value where there are few, and in its description of the picture where there are many", function()
      local few = T({"k", "a", "b"}, {{"x", 1.5, 2.5}, {"y", 3.5, nil}})
      assert.is_truthy(chart.heatmap(few):description():find("x: a 1.5, b 2.5. y: a 3.5, b no value.", 1, true))
      assert.is_truthy(chart.scatter(few, {x = "a", y = "b"}):description():find("x: a 1.5, b 2.5.", 1, true))
      assert.is_truthy(chart.strip(few, {values = {"a"}}):description():find("a: x 1.5, y 3.5.", 1, true))
      local many = chart.bars(T({"k", "v"}, rows(200, function(i) return {"Row " .. i, i} end)))
      assert.is_nil(many:description():find("Row 150", 1, true))
      assert.is_truthy(many:svg():match "<desc.-</desc>":find("Row 150 150.", 1, true))
   end)

   it("knows one and many", function()
      local one = T({"unit", "period", "v", "w"}, {{"SGP", 2022, 0.9, 0.4}})
      assert.are.equal("Ranked dots of 1 unit by v. SGP 0.9.", chart.dots(one, {value = "v"}):description())
      assert.are.equal("Lines of v for 1 series, in 2022. SGP: 0.9 (2022).",
         chart.lines(one, {x = "period", y = "v", series = "unit"}):description())
      assert.are.equal("Bump chart of the ranks of 1 unit over 1 period. SGP 1.",
         chart.bump(one, {x = "period", value = "v", label = "unit"}):description())
   end)

   it("names no move where nobody moved", function()
      local still = T({"u", "p", "v"}, {{"a", 1, 5}, {"a", 2, 5}, {"b", 1, 5}, {"b", 2, 5}})
      assert.is_truthy(chart.bump(still, {x = "p", value = "v", label = "u"}):description()
         :find("no unit has moved", 1, true))
   end)
end)
