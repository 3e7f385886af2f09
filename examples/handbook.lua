--- What would the Handbook on Consumer Protection Laws say of e-commerce, by state? (WPAAEC.CO.2; invented laws.)
--- A chapter a state, from the register: difkit run examples/handbook.lua --out .
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/registers"})

local topics = {["WPAAEC.CO.1"] = true, ["WPAAEC.DR.2"] = true}
local out, laws = {"# E-commerce in the consumer protection laws of ASEAN (illustrative)"}, 0
for unit in db:units{group = "ASEAN", on = "2025-12-31"} do
   out[#out + 1] = ("\n## %s\n"):format(unit.title)
   for law in difkit.registers.records(db, "law", {unit = unit.id}):rows() do
      if topics[law.action_id] then
         laws = laws + 1
         out[#out + 1] = ("- %s (%s, %s): <%s>"):format(law.title, law.status:gsub("_", " "), law.date, law.address)
      end
   end
end
local file <close> = assert(io.open(difkit.writable "handbook.md", "w"))
file:write(table.concat(out, "\n"), "\n")
print(laws .. " laws in the handbook")
