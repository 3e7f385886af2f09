--- Where a number of an audit comes from: the method of its section, the parts of the index that its row names, and the
--- values these were made of.
local audited = {}

--- The indicators below the parts that a row names, in the order of the spec.
local function leaves_of(result, row)
   local named, list = {}, {}
   for _, column in ipairs {"item", "indicator", "group", "within", "left", "right", "give", "take", "component",
      "id"} do
      local id = rawget(row, column)
      for part in type(id) == "string" and id:gmatch "[^+]+" or function() end do named[part] = true end
   end
   for _, node in ipairs(result.spec.indicators) do
      local above = node
      while above and not named[above.id] do above = above.parent end
      if above then list[#list + 1] = node end
   end
   return list
end

--- Adds to an answer what stands behind a row of an audit's table; `observation_at(indicator, unit, period)` reads one.
function audited.add(answer, t, row, observation_at)
   local made = rawget(t, "audited")
   if not made then return end
   answer.section, answer.methods = made.section, made.methods
   if not row then return end
   local result = made.result
   local units, period = result.set.units, result.set.periods[#result.set.periods]
   local unit = rawget(row, "unit")
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
   say("\ncomputed in the section %s of the audit", answer.section)
   for _, method in ipairs(answer.methods) do say("   %s", method) end
end

return audited
