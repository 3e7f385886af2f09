--- Which pictures can a paper use? One of each kind, from the bundled data, as SVG.
--- Run it with --out: difkit run examples/charts.lua --out pictures
local difkit = require "difkit"
local chart = difkit.chart
local db = assert(difkit.open())

local source = "UN DESA, E-Government Survey; five documents of ASEAN digital integration"
local function observations(indicator)
   local t = db:query([[SELECT unit.title AS unit, period, value FROM observation JOIN unit ON unit.id = unit_id
      WHERE indicator_id = ? ORDER BY unit.id, period]], indicator):table()
   t.source = source
   return t
end

-- Who covers what: rows are counted, since no value is named.
local actions = db:actions():table()
assert(chart.heatmap(actions, {row = "topic_title", column = "document", group = "area_title",
   title = "Actions by topic and document"}):write "coverage.svg")

-- Change over time: lines, small panels, ranks.
local egdi = observations "egdi_published"
assert(chart.lines(egdi, {title = "E-Government Development Index"}):write "lines.svg")
assert(chart.lines(egdi, {title = "E-Government Development Index", panels = true}):write "panels.svg")
assert(chart.bump(egdi, {value = "value", label = "unit", title = "Ranks among the member states"}):write "ranks.svg")
assert(chart.tilemap(egdi:where{period = 2022}, {value = "value", title = "2022"}):write "map.svg")

-- An index: its tree, its scores, and how far the ranks depend on its weights.
local index = difkit.index{id = "egdi", title = "E-Government Development Index", units = "ASEAN", period = 2022,
   normalise = "minmax", children = {"osi", "tii", "hci"}}
local result = index:compute(db)
local titles = {osi = "Online services", tii = "Infrastructure", hci = "Human capital"}
for unit in db:units() do titles[unit.id] = unit.title end
assert(chart.icicle(index, {labels = titles, title = "What it is made of"}):write "tree.svg")
assert(chart.heatmap(result, {labels = titles}):write "scores.svg")
assert(chart.strip(result, {values = {"osi", "tii", "hci"}, labels = titles, title = "Spread"}):write "spread.svg")
assert(chart.scatter(result, {x = "tii", y = "hci", fit = true, labels = titles, title = "Infrastructure and people"})
   :write "scatter.svg")
assert(chart.correlation(result:correlations(), {labels = titles}):write "correlation.svg")
local robust = result:robustness{runs = 2000, seed = 7, weights = 0.25, normalise = {"minmax", "zscore"}}
assert(chart.dots(robust, {labels = titles, title = "Ranks, and what they depend on"}):write "robustness.svg")

-- Shares of each document by area; and the same chart as a Vega-Lite specification to restyle.
local areas = db:actions():group("document", "area"):count("actions"):table()
local shares = chart.bars(areas, {label = "document", series = "area", value = "actions", share = true,
   labels = db:areas(), title = "What each document is about"})
assert(shares:write "shares.svg")
assert(shares:write "shares.vl.json")
print "13 files"
