--- The paper on which reports are printed.
local errors = require "difkit.error"

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

function paper.size(name) return table.unpack(sizes[name]) end

return paper
