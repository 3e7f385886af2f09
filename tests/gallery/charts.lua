--- Charts of hard data: what the gallery shows, what is measured in a browser, and what is compiled with Vega-Lite.
--- Each is {name, kind, data, draw(options)}; the same numbers every time.
local difkit = require "difkit"
local chart, T = difkit.chart, difkit.table

local seed = 12345
local function random()
   seed = (seed * 1103515245 + 12345) % 2147483648
   return seed / 2147483648
end

local list = {}

--- Adds a chart of a kind; `options` besides width.
local function add(name, kind, data, options)
   list[#list + 1] = {name = name, kind = kind, data = data, draw = function(given)
      local all = {title = name:sub(1, 1):upper() .. name:sub(2)}
      for key, value in pairs(options or {}) do all[key] = value end
      for key, value in pairs(given or {}) do all[key] = value end
      return chart[kind](data, all)
   end}
end

local function rows(n, make)
   local out = {}
   for i = 1, n do out[i] = make(i) end
   return out
end

--- Rows for every pair, those left out for which `make` gives nil.
local function pairs_of(first, second, make)
   local out = {}
   for i = 1, first do
      for j = 1, second do out[#out + 1] = make(i, j) end
   end
   return out
end

-- Many.
local sixty = T({"unit", "score", "low", "high"}, rows(60, function(i)
   local value = random() * 100
   return {("Unit %02d"):format(i), value, value - random() * 4, value + random() * 4}
end))
add("sixty units with intervals", "dots", sixty, {source = "Generated", note = "A note about it"})
add("sixty bars", "bars", sixty:select("unit", "score"))
add("strips of sixty", "strip", sixty, {values = {"score", "low", "high"}, label = "unit"})
add("sixty by fifteen, with gaps", "heatmap", T({"u", "i", "v"}, pairs_of(60, 15, function(i, j)
   return random() > 0.2 and {("Unit %02d"):format(i), ("Indicator number %d"):format(j), random() * 1000} or nil
end)), {row = "u", column = "i", value = "v"})
add("coverage of 17 goals and 169 targets", "heatmap", T({"goal", "target", "n"}, pairs_of(169, 17, function(i, j)
   return (i * 7 + j * 13) % 11 == 0 and {("Goal %d"):format(j), ("Target %d.%d"):format(i // 10 + 1, i % 10 + 1),
      i * j % 9 + 1} or nil
end)), {row = "goal", column = "target", value = "n"})
local function walk(series, first, last, label)
   local out = {}
   for s = 1, series do
      local value = 50
      for year = first, last do
         value = value + random() * 10 - 5
         out[#out + 1] = {label(s), year, value}
      end
   end
   return T({"unit", "period", "score"}, out)
end
local thirty = walk(30, 2000, 2024, function(s) return ("Series %02d"):format(s) end)
add("thirty lines", "lines", thirty)
add("thirty lines, one pointed out", "lines", thirty, {highlight = "Series 07"})
add("thirty panels", "lines", thirty, {panels = true})
add("ranks of thirty over 25 years", "bump", thirty, {value = "score", label = "unit"})
add("ranks of thirty, one pointed out", "bump", thirty, {value = "score", label = "unit", highlight = "Series 11"})
local points = rows(200, function(i)
   local x = random()
   return {"Country name " .. i, x, x * 0.7 + random() * 0.3, ("Group %d"):format(i % 5 + 1)}
end)
add("200 points in five groups", "scatter", T({"u", "x", "y", "g"}, points),
   {x = "x", y = "y", label = "u", group = "g", fit = true})
add("twenty points in a clump", "scatter", T({"u", "x", "y"}, rows(20, function(i)
   return {"Country name " .. i, 0.5 + random() * 0.02, 0.5 + random() * 0.02}
end)), {x = "x", y = "y", label = "u"})
local twelve, names = {}, {}
for j = 1, 12 do names[j] = "Series " .. j end
for i = 1, 6 do
   twelve[i] = {"Row " .. i}
   for j = 1, 12 do twelve[i][j + 1] = random() * 10 end
end
local of_twelve = T({"k", table.unpack(names)}, twelve)
add("twelve series side by side", "bars", of_twelve, {values = names})
add("twelve series stacked", "bars", of_twelve, {values = names, stacked = true})
add("twelve series as shares", "bars", of_twelve, {values = names, share = true})
add("twelve columns compared", "correlation", of_twelve, {columns = names})
local function tree(depth, n)
   if depth == 0 then return "leaf_" .. n end
   local children = {}
   for i = 1, 3 do children[i] = tree(depth - 1, n * 3 + i) end
   return {id = ("node_%d_%d"):format(depth, n),
      title = ("A rather long title of node %d at depth %d"):format(n, depth),
      weight = n % 4 + 1, children = children}
end
add("an index of 27 indicators", "icicle", tree(3, 0))
add("an index of 81 indicators", "icicle", tree(4, 0))

-- Long names that differ at their end.
local long = "Harmonisation of the regulatory frameworks for cross-border electronic commerce, data protection and "
   .. "consumer confidence in the region (phase "
local columns = {"done_and_reported_in_full_by_the_secretariat", "open", "not_started_because_of_missing_funds"}
local of_long = T({"topic", table.unpack(columns)}, rows(8, function(i)
   return {long .. i .. ")", random() * 100, random() * 50, random() * 30}
end))
add("bars of long names", "bars", of_long, {values = columns, title = long:rep(2)})
add("stacked bars of long names", "bars", of_long, {values = columns, stacked = true})
add("a heat map of long names", "heatmap", of_long)
add("dots of long names", "dots", of_long, {label = "topic", value = "open"})
add("strips of long names", "strip", of_long, {values = columns, label = "topic"})
add("points with long names", "scatter", of_long, {x = columns[1], y = columns[3], label = "topic", fit = true})
local long_lines = walk(6, 2018, 2022, function(s) return long .. s .. ")" end)
add("lines with long names", "lines", long_lines)
add("panels with long names", "lines", long_lines, {panels = true})
add("ranks with long names", "bump", long_lines, {value = "score", label = "unit"})
add("columns with long names compared", "correlation", of_long)

-- Numbers.
local wide = T({"k", "v"}, {{"a", -1e12}, {"b", 3.5e12}, {"c", 1e-9}, {"d", 0}, {"e", 2.2e11}, {"f", -5}})
for _, kind in ipairs {"bars", "dots", "strip"} do
   add("negative, tiny and huge: " .. kind, kind, wide, kind == "strip" and {value = "v", label = "k"} or nil)
   add("billionths: " .. kind, kind, T({"k", "v"}, {{"a", 1e-9}, {"b", 3e-9}, {"c", 2.5e-9}}),
      kind == "strip" and {value = "v", label = "k"} or nil)
   add("small shares: " .. kind, kind, T({"unit", "share"}, {{"SGP", 0.0004}, {"MYS", 0.0002}, {"THA", 0.00041}}),
      kind == "strip" and {value = "share", label = "unit"} or nil)
   add("trillions: " .. kind, kind, T({"unit", "gdp"}, {{"IDN", 1371171152331}, {"SGP", 501427500277},
      {"LAO", 15843155731}}), kind == "strip" and {value = "gdp", label = "unit"} or nil)
end
add("points of a millionth and of a million", "scatter", T({"k", "x", "y"}, {{"a", 1e6, 1e-6}, {"b", 3e6, 2e-6},
   {"c", 123456789, -3e-6}}), {x = "x", y = "y", label = "k", fit = true})
local signed = T({"k", "a", "b", "c"}, {{"one", -5, 3, 1}, {"two", 4, -2, -3}, {"three", 0, 7, 2}})
add("signed, side by side", "bars", signed, {values = {"a", "b"}})
add("signed, stacked", "bars", signed, {values = {"a", "b", "c"}, stacked = true})
add("a signed heat map", "heatmap", signed)
add("nothing but zeros", "bars", T({"k", "v"}, {{"a", 0}, {"b", 0}, {"c", 0}}))
add("shares of nothing", "bars", T({"k", "a", "b"}, {{"x", 0, 0}, {"y", 1, 3}}), {values = {"a", "b"}, share = true})

-- Time.
local function series(values) return T({"k", "p", "v"}, values) end
local xy = {x = "p", y = "v", series = "k"}
add("days, uneven", "lines", series {{"a", "2020-01-01", 1}, {"a", "2020-02-01", 2}, {"a", "2024-02-01", 3}}, xy)
add("months", "lines", series(pairs_of(4, 12, function(y, m)
   return {"a", ("%d-%02d"):format(2019 + y, m), random()}
end)), xy)
add("quarters", "lines", series(pairs_of(3, 4, function(y, q)
   return {"a", ("%d-Q%d"):format(2019 + y, q), random()}
end)), xy)
add("years far apart", "lines", series {{"a", 1990, 1}, {"a", 2000, 3}, {"a", 2001, 2}, {"a", 2022, 4}}, xy)
local gaps = series {{"a", 2014, 1}, {"a", 2016, 2}, {"a", 2018, nil}, {"a", 2020, nil}, {"a", 2022, 6},
   {"ends early", 2014, 3}, {"ends early", 2016, 4}, {"alone", 2018, 5}, {"never", 2016, nil}}
add("gaps, and a line that ends early", "lines", gaps, xy)
add("gaps joined", "lines", gaps, {x = "p", y = "v", series = "k", join = true})
add("panels with gaps", "lines", gaps, {x = "p", y = "v", series = "k", panels = true})
add("ranks with gaps", "bump", series {{"a", 2000, 1}, {"a", 2001, nil}, {"a", 2002, 3}, {"b", 2000, 2}, {"b", 2001, 4},
   {"b", 2002, 2}, {"c", 2002, 9}}, {x = "p", value = "v", label = "k"})
add("lines between a thousand and 10 to the 15th", "lines", series {{"a", 2000, 1e15}, {"a", 2001, 3.3e15},
   {"a", 2002, 2.5e15}, {"b", 2000, 1e3}, {"b", 2002, 1e6}}, xy)

-- What is missing.
add("no number and infinity: bars", "bars", T({"k", "v"}, {{"a", 0 / 0}, {"b", 1 / 0}, {"c", 3}, {"d", -1 / 0}}))
add("no number and infinity: lines", "lines", series {{"a", 2000, 0 / 0}, {"a", 2001, 1 / 0}, {"a", 2002, 3}}, xy)
add("missing bars", "bars", T({"k", "v"}, {{"a", 1}, {"b", nil}, {"c", 3}}))
add("missing intervals", "dots", T({"k", "v", "low", "high"}, {{"a", 1, 0.5, nil}, {"b", nil, 1, 2}, {"c", 3, 2.5, 3.5},
   {"d", 2, nil, nil}}))
local ragged = T({"k", "s", "v"}, {{"A", "x", 1}, {"A", "y", 2}, {"B", "x", 3}, {"C", "y", 1}})
for _, kind in ipairs {"stacked", "share", "side by side"} do
   add("bars with missing cells, " .. kind, "bars", ragged, {label = "k", series = "s", value = "v", [kind] = true,
      ["side by side"] = nil})
end
add("series in the order of the data", "bars", T({"k", "s", "v"}, {{"A", "2020", 1}, {"A", "2022", 2}, {"B", "2018", 3},
   {"B", "2020", 1}, {"B", "2021", 2}, {"B", "2022", 1}}), {label = "k", series = "s", value = "v", stacked = true})
add("columns in the order of the data", "heatmap", T({"k", "s", "v"}, {{"A", "2020", 1}, {"A", "2022", 2},
   {"B", "2018", 3}, {"B", "2020", 1}, {"B", "2021", 2}, {"B", "2022", 1}}), {row = "k", column = "s", value = "v"})
add("a map with gaps", "tilemap", T({"unit", "v"}, {{"SGP", 1}, {"VNM", nil}, {"LAO", 3}}),
   {unit = "unit", value = "v"})
add("a map of words", "tilemap", T({"unit", "v"}, {{"SGP", "in force"}, {"VNM", "drafted"}, {"LAO", "none"},
   {"THA", "in force"}, {"MYS", "adopted but not yet in force anywhere"}}), {unit = "unit", value = "v"})
add("points of no group", "scatter", T({"u", "x", "y", "g"}, {{"a", 1, 2, "one"}, {"b", 2, 1, "two"}, {"c", 3, 3, nil},
   {"d", 4, nil, "one"}}), {x = "x", y = "y", label = "u", group = "g"})
add("a pair that cannot be compared", "correlation", T({"unit", "a", "b", "c"}, {{"u", 1, 2, 5}, {"v", 2, 4, 5},
   {"w", 3, 5, 5}}))

-- One, and all alike.
local one = T({"unit", "period", "v", "w"}, {{"SGP", 2022, 0.9, 0.4}})
local alike = T({"unit", "period", "v", "w"}, pairs_of(5, 3, function(i, y) return {"U" .. i, 2018 + y, 5, 5} end))
for name, data in pairs {["one "] = one, ["all alike: "] = alike:where{period = 2020}} do
   for _, kind in ipairs {"bars", "dots", "strip"} do add(name .. kind, kind, data, {value = "v", label = "unit"}) end
   add(name .. "scatter", "scatter", data, {x = "v", y = "w", label = "unit", fit = true})
   add(name .. "correlation", "correlation", data, {columns = {"v", "w"}})
end
for name, data in pairs {["one in "] = one, ["all alike in "] = alike} do
   add(name .. "lines", "lines", data, {x = "period", y = "v", series = "unit"})
   add(name .. "panels", "lines", data, {x = "period", y = "v", series = "unit", panels = true})
   add(name .. "ranks", "bump", data, {x = "period", value = "v", label = "unit"})
   add(name .. "a heat map", "heatmap", data, {row = "unit", column = "period", value = "v"})
end
for _, kind in ipairs {"dots", "bars", "strip", "heatmap", "lines", "bump", "scatter", "correlation", "tilemap"} do
   add("nothing: " .. kind, kind, T({"k", "p", "v", "w"}, {}))
end

-- Scripts.
local words = {"ประเทศไทย กำลังพัฒนา", "ព្រះរាជាណាចក្រកម្ពុជា", "ສາທາລະນະລັດ ປະຊາທິປະໄຕ ປະຊາຊົນລາວ",
   "ပြည်ထောင်စု မြန်မာ",
   "Cộng hòa Xã hội chủ nghĩa Việt Nam", "المملكة العربية السعودية", "中华人民共和国", "Ελλάδα", "👩‍👩‍👧 family 🇸🇬",
   'Zażółć <gęślą> & "jaźń"'}
local of_words = T({"ชื่อ", "ค่าแรก", "قيمة", "số liệu"}, rows(#words, function(i)
   return {words[i], random() * 100, random() * 100, 20 + random() * 10}
end))
add("bars in many scripts", "bars", of_words, {values = {"ค่าแรก", "قيمة", "số liệu"},
   title = "ประเทศสมาชิก – المملكة – ព្រះរាជា"})
add("dots in many scripts", "dots", of_words, {label = "ชื่อ", value = "ค่าแรก"})
add("a heat map in many scripts", "heatmap", of_words)
add("points in many scripts", "scatter", of_words, {x = "ค่าแรก", y = "قيمة", label = "ชื่อ"})
local script_lines = walk(#words, 2018, 2022, function(s) return words[s] end)
add("lines in many scripts", "lines", script_lines)
add("ranks in many scripts", "bump", script_lines, {value = "score", label = "unit"})

-- By name, since a few were added in no order.
table.sort(list, function(a, b) return a.name < b.name end)
return list
