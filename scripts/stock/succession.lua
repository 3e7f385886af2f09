--- From plan to plan: what became of each action of an older document in a newer one.
--- Carried: a reviewed link says that both ask for the same, or the words are the same. Changed: a link says that one
--- asks for a part of the other, or the words are alike; the words that went [-so-] and came {+so+}. Dropped:
--- neither. New: nothing of the older document leads to it.
---@script succession
---@option from document  The older document.
---@option to document  The newer document.
---@option became choice(carried|changed|dropped|new)...  Only these.
---@option least number=0.35  From which likeness on words count as changed.
---@reads action, link, document, topic
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if not options.from or not options.to then
   return nil, "two documents are needed, such as --from DIFAP --to ACRF", "usage"
end
local found = difkit.succession.actions(db, options.from, options.to, {least = options.least})
local counts, parts = {}, {}
for row in found:rows() do counts[row.became] = (counts[row.became] or 0) + 1 end
for _, kind in ipairs {"carried", "changed", "dropped", "new"} do
   parts[#parts + 1] = ("%s %d"):format(kind, counts[kind] or 0)
end
if options.became then
   local wanted = {}
   for _, kind in ipairs(options.became) do wanted[kind] = true end
   found = found:where(function(row) return wanted[row.became] end)
end
found.note = table.concat(parts, ", ")
return found
