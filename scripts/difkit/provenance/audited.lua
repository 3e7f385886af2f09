--- Where a number of an audit comes from: the method of its section, the parts of the index that its row names, and the
--- values these were made of.
local finding = require "difkit.audit.finding"

local audited = {}

--- The tables of an audit's JSON as parts, each under its name, and `findings` before them; `pointers`: places as JSON
--- Pointer (RFC 6901) names them, such as /sections/2/tables/0/rows/4/kmo, as parts name them.
function audited.parts(value, part_of)
   local parts, pointers, rows = {}, {}, {}
   for s, section in ipairs(value.sections) do
      local at = "/sections/" .. s - 1
      for i, one in ipairs(section.findings or {}) do
         rows[#rows + 1] = {section = section.id, code = one.code, subject = one.subject, within = one.within,
            grade = one.grade, follows = one.follows, sentence = one.sentence}
         pointers[at .. "/findings/" .. i - 1] = "findings/" .. #rows
      end
   end
   local columns = {"section", "code", "subject", "within", "grade", "follows", "sentence"}
   parts[1] = part_of(finding.rows(columns, rows), "findings")
   for s, section in ipairs(value.sections) do
      for i, one in ipairs(section.tables or {}) do
         local t = finding.rows(one.columns, one.rows)
         rawset(t, "title", one.title)
         parts[#parts + 1] = part_of(t, one.id)
         pointers["/sections/" .. s - 1 .. "/tables/" .. i - 1] = one.id
      end
   end
   parts.pointers = pointers
   return parts
end

--- A place as a pointer, in the words of parts; what is no pointer as it is.
function audited.place(parts, word)
   if not parts.pointers or word:sub(1, 1) ~= "/" then return word end
   local at, number, column = word:match "^(/sections/%d+/tables/%d+)/rows/(%d+)/([^/]+)$"
   if at and parts.pointers[at] then return ("%s/%d/%s"):format(parts.pointers[at], number + 1, column) end
   at = word:match "^(/sections/%d+/findings/%d+)"
   return at and parts.pointers[at] or word
end

--- The indicators below the parts that a row names, in the order of the spec.
local function leaves_of(result, row)
   local named, list = {}, {}
   for _, column in ipairs {"item", "indicator", "group", "subject", "left", "right", "give", "take", "component",
      "part", "id"} do
      local id = rawget(row, column)
      for part in type(id) == "string" and id:gsub("^ +", ""):gmatch "[^+]+" or function() end do named[part] = true end
   end
   for _, node in ipairs(result.spec.indicators) do
      local above = node
      while above and not named[above.id] do above = above.parent end
      if above then list[#list + 1] = node end
   end
   return list
end

--- The finding that a row of a table of findings is: of one section, or of all in their order.
local function finding_of(made, number)
   if made.findings then return made.findings[number], made.section, made.methods end
   for _, section in ipairs(made.sections or {}) do
      if number <= #section.findings then return section.findings[number], section.title, section.methods end
      number = number - #section.findings
   end
end

--- Adds to an answer what stands behind a row of an audit's table, by its number;
--- `observation_at(indicator, unit, period)` reads one.
function audited.add(answer, t, number, observation_at)
   local made = rawget(t, "audited")
   if not made then return end
   answer.section, answer.methods = made.section, made.methods
   local row = number and t[number]
   if not row then return end
   if made.findings or made.sections then
      row, answer.section, answer.methods = finding_of(made, number)
      answer.finding = row
   end
   local result = made.result
   answer.units = result.set.units
   local units, period = result.set.units, result.set.periods[#result.set.periods]
   local unit = rawget(row, "unit") or result.set.titles[rawget(row, "subject")] and row.subject
   if unit and result.set.titles[unit] then
      answer.parts = result:explain(unit):select("node", "title", "score", "rank", "weight", "contribution", "raw",
         "state")
      units = {unit}
   end
   local list = {}
   local leaves = unit and result.spec.indicators or leaves_of(result, row)
   local from = (#result.set.periods - 1) * #result.set.units
   for _, node in ipairs(leaves) do
      for u, id in ipairs(result.set.units) do
         local wanted = #units > 1 or id == unit
         local found = wanted and not result.set.timeless and observation_at(node.id, id, period)
         if wanted and not found then
            found = {indicator_id = node.id, unit_id = id, period = period, value = result.raw:get(from + u, node.leaf),
               origin = type(result.spec.root.data) == "string" and result.spec.root.data or "the data of the index"}
         end
         if found then list[#list + 1] = found end
      end
   end
   answer.observations = list
end

--- The lines that say it.
function audited.say(say, answer)
   if not answer.methods then return end
   local one = answer.finding
   if one then
      local figures = {}
      for i = 1, #one.figures do figures[i] = finding.number(one.figures[i]) end
      say("\n%s", one.sentence)
      say("   its figures: %s", table.concat(figures, "; "))
      if one.effect then say("   %s", require("difkit.audit.effect").text(one.effect, #answer.units)) end
   end
   say("\ncomputed in the section %s of the audit", answer.section)
   for _, method in ipairs(answer.methods) do say("   %s", method) end
end

return audited
