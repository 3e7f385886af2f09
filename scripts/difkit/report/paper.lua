--- The paper on which reports are printed.
local errors = require "difkit.error"
local words = require "difkit.chart.text"

local paper = {}

--- Width and height in points: ISO 216 A4 (210 x 297 mm), and Letter (8.5 x 11 inches).
local sizes = {A4 = {210 / 25.4 * 72, 297 / 25.4 * 72}, Letter = {8.5 * 72, 11 * 72}}

--- The name of a paper as it is spelt here, A4 when none is given.
function paper.check(call, name)
   errors.check(call, "paper", name, "string", "optional")
   for known in next, sizes do
      if known:lower() == (name or "A4"):lower() then return known end
   end
   errors.raise(('%s: unknown paper "%s"'):format(call, name), errors.hint(name, {"A4", "Letter"}))
end

--- A text as a string of CSS: no letter of it can end the string or the element that the style stands in.
local function quoted(text)
   local out = {}
   for _, code in utf8.codes(words.clean(text)) do
      local plain = code == 0x20 or code >= 0x30 and code <= 0x39 or code >= 0x41 and code <= 0x5A
         or code >= 0x61 and code <= 0x7A or code >= 0xA0
      out[#out + 1] = plain and utf8.char(code) or ("\\%x "):format(code)
   end
   return '"' .. table.concat(out) .. '"'
end

--- The style of a report's printed pages: its paper, and at the foot of each its title and number.
function paper.style(report)
   return ("@page{size:%s;margin:18mm 16mm 20mm;font:8pt Arial,'Liberation Sans','DejaVu Sans',sans-serif;"
      .. "@bottom-left{content:%s;width:75%%}"
      .. "@bottom-right{content:counter(page) ' / ' counter(pages);width:25%%}}@page wide{size:%s landscape}\n"):format(
      report.paper, quoted(report.title), report.paper) .. (":root{--sheet:%dmm}\n"):format(
      math.floor(sizes[report.paper][2] * 25.4 / 72 - 54))
end

function paper.size(name) return table.unpack(sizes[name]) end

return paper
