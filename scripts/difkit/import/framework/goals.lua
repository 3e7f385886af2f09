--- Goals, targets and indicators, as the UN numbers them: goals are areas with one topic each, targets their actions,
--- indicators what they are measured by.

---@param made table of framework/tree.lua
---@param list {id: string, text: string, depth: integer}[]
---@param collect table
return function(made, list, collect)
   local topics, actions = {}, {}
   for _, row in ipairs(list) do
      local goal = row.id:match "^[^.]+"
      if row.depth == 1 then
         local area = made:area(row.id, row.text, tonumber(row.id))
         topics[row.id] = made:topic(area, "goal-" .. row.id, row.text)
      elseif not topics[goal] then
         collect:skip(row.id, "its goal is not in the list")
      elseif row.depth == 2 then
         made:action(topics[goal], {id = row.id, number = row.id, text = row.text})
         actions[row.id] = true
      else
         if not actions[row.id:match "^(.*)%.[^.]+$"] then collect:warn(row.id .. " has no target in the list") end
         made:indicator(row.id, row.text:gsub("%s*%(repeat of [^)]*%)", ""), topics[goal])
      end
   end
end
