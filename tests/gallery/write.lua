--- Writes the charts of hard data below --out, for the gallery and for the tests: NAME-WIDTH.svg and NAME.vl.json, and
--- charts.json, which says what there is, and gallery.html, which shows each with its data.
---@option widths text...=0  Widths in pixels; 0 is a chart's own.
---@writes NAME-WIDTH.svg, NAME.vl.json, charts.json, gallery.html
local difkit = require "difkit"
local options = difkit.options()
local list = {}
local gallery = difkit.report {title = "Charts of hard data",
   subtitle = "To be looked at in colour, in grey and in the dark, on a phone and on paper"}
for i, one in ipairs(require "charts") do
   local name = ("%03d"):format(i)
   local drawn = one.draw()
   assert(drawn:write(name .. ".vl.json"))
   local entry = {name = one.name, kind = one.kind, spec = name .. ".vl.json", said = drawn:description()}
   entry.pictures = {}
   local columns, rows = drawn:values()
   entry.columns, entry.rows = difkit.json.array(columns), difkit.json.array(rows)
   for _, width in ipairs(options.widths) do
      local picture = tonumber(width) == 0 and drawn or one.draw {width = tonumber(width)}
      local path = ("%s-%s.svg"):format(name, width)
      assert(picture:write(path))
      table.insert(entry.pictures, path)
   end
   list[i] = entry
   gallery:chart(drawn, {caption = one.name})
end
assert(gallery:write "gallery.html")
assert(difkit.text.write("charts.json", difkit.json.encode(list)))
print(("%d charts"):format(#list))
