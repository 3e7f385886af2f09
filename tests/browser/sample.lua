--- A report with every kind of part, for the tests of pages.
local difkit = require "difkit"
local chart = difkit.chart
local db = assert(difkit.open())

local function table_of(sql) return db:query(sql):table() end

local report = difkit.report {
   title = "A report for the tests", subtitle = "Every kind of part", db = db, as_of = "2026-01-31",
}
local action = db:query("SELECT * FROM action_full WHERE id = 'DIFAP.TF.1'"):one()
report:heading "Figures"
report:figures {{"Actions", db:actions():count()}, {"Documents", db:documents():count(), "2019 to 2021"}}
report:text("Goods come first." .. report:footnote(action))
report:text "<script>document.title = 'run'</script> [x](javascript:x)"

report:heading "Charts"
local egdi = table_of [[SELECT unit.title AS unit, period, value FROM observation JOIN unit ON unit.id = unit_id
   WHERE indicator_id = 'egdi_published' ORDER BY unit.id, period]]
local coverage = table_of [[SELECT topic_title, document, area_title, count(*) AS actions FROM action_full
   GROUP BY topic, document ORDER BY area_number, topic_position]]
local components = table_of [[SELECT unit.title AS unit,
   max(CASE WHEN indicator_id = 'osi' THEN value END) AS osi,
   max(CASE WHEN indicator_id = 'tii' THEN value END) AS tii,
   max(CASE WHEN indicator_id = 'hci' THEN value END) AS hci
   FROM observation JOIN unit ON unit.id = unit_id WHERE period = 2022 GROUP BY unit.title]]
local latest = egdi:where{period = 2022}
local intervals = latest:derive("low", function(row) return row.value - 0.04 end)
   :derive("high", function(row) return row.value + 0.03 end)
local cells = {row = "topic_title", column = "document", value = "actions", group = "area_title"}
report:chart(chart.heatmap(coverage, cells))
report:chart(chart.heatmap(coverage, {row = "document", column = "topic_title", value = "actions"}))
report:chart(chart.bars(coverage, {label = "topic_title", series = "document", value = "actions", stacked = true}))
report:chart(chart.bars(components, {values = {"osi", "tii"}}))
report:chart(chart.dots(intervals, {label = "unit", value = "value"}))
report:chart(chart.lines(egdi))
report:chart(chart.lines(egdi, {panels = true}))
report:chart(chart.bump(egdi, {value = "value", label = "unit"}))
report:chart(chart.scatter(components, {x = "tii", y = "hci", fit = true}))
report:chart(chart.correlation(components))
report:chart(chart.strip(components, {values = {"osi", "tii", "hci"}}))
report:chart(chart.tilemap(latest, {value = "value"}))
report:chart(chart.icicle{id = "egdi", title = "E-Government Development Index", children = {"osi", "tii", "hci"}})

report:heading "Tables"
report:table(table_of "SELECT id, topic_id, text, line FROM action WHERE document_id = 'BSBR'", {title = "The roadmap"})
report:table(latest, {title = "Index"})
assert(report:write "sample.html")
