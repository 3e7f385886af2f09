--- An outline of two columns: ids such as 1, 1.2, 1.2.3 or A, A.1, and what stands under them. Also the UN's list of
--- goals,
--- targets and indicators, in which the indicators stand in a column of their own.
local add_goals = require "difkit.import.framework.goals"
local tree = require "difkit.import.framework.tree"

local kind = {name = "outline", title = "an outline"}

--- The parts of an id: "A.1.2" is {"A", "1", "2"}; nil for what is none.
local function parts_of(text)
   if not text or #text > 40 or not text:find "^%w[%w._%-]*$" then return nil end
   local parts = {}
   for part in text:gmatch "[^.]+" do parts[#parts + 1] = part end
   return parts
end

--- "Goal 1. End poverty" and "1.1 By 2030, eradicate": id and words.
local function numbered(text)
   local goal, words = text:match "^Goal%s+(%d+)%s*[.:]%s*(.+)$"
   if goal then return goal, words end
   return text:match "^(%d+%.[%w]+%.?%d*)%.?%s+(.+)$"
end

--- The rows of a list of goals, targets and indicators: {id, words}, and how many there are of each depth.
local function goals_of(grid)
   local list, goals, targets, indicators = {}, 0, 0, 0
   for i = 1, #grid.rows do
      for j = 1, math.min(grid.rows[i].n, 6) do
         local text = grid:cell(i, j)
         local id, words
         if type(text) == "string" then id, words = numbered(text:gsub("%s+", " ")) end
         if id then
            local depth = #parts_of(id)
            list[#list + 1] = {id = id, text = words, depth = depth, place = grid:place(i, j)}
            if depth == 1 then goals = goals + 1 elseif depth == 2 then targets = targets + 1
            else indicators = indicators + 1 end
         end
      end
   end
   return list, goals, targets, indicators
end

--- The columns of a table of targets and indicators, one row each: goal, target, indicator with their titles.
local headings = {
   goal = {"goal", "goal_code", "goalcode"}, goal_title = {"goal_title", "goaltitle", "goal description", "goal name"},
   target = {"target", "target_code", "targetcode"},
   target_title = {"target_title", "target description", "targetdescription", "target name"},
   indicator = {"indicator", "indicator_code", "indicatorcode"},
   indicator_title = {"indicator_title", "indicator description", "indicatordescription", "indicator name"},
}

local function table_columns(grid)
   for i = 1, math.min(#grid.rows, 10) do
      local columns, named = {}, {}
      for j = 1, grid.rows[i].n do
         local text = grid:text(i, j)
         if text then named[text:lower()] = named[text:lower()] or j end
      end
      for role, names in pairs(headings) do
         for _, name in ipairs(names) do columns[role] = columns[role] or named[name] end
      end
      if columns.goal and columns.target and columns.indicator and columns.indicator_title then return i, columns end
   end
end

local function goals_of_table(grid)
   local i, columns = table_columns(grid)
   local list, seen = {}, {}
   local function add(id, text, place)
      if id and not seen[id] and parts_of(id) then
         seen[id] = true
         list[#list + 1] = {id = id, text = text or id, depth = #parts_of(id), place = place}
      end
   end
   for r = i + 1, #grid.rows do
      local function text(role) return columns[role] and grid:text(r, columns[role]) end
      add(text "goal", text "goal_title", grid:place(r))
      add(text "target", text "target_title", grid:place(r))
      add(text "indicator", text "indicator_title", grid:place(r))
   end
   return list
end

--- The two columns of an outline: {ids, texts, first row}, when the ids make a tree.
local function outline_of(grid)
   local filled = {}
   for j = 1, math.min(grid.width, 6) do
      for i = 1, #grid.rows do
         if grid:cell(i, j) ~= nil then
            filled[#filled + 1] = j
            break
         end
      end
   end
   if #filled ~= 2 or #grid.rows < 4 then return nil end
   local rows, known, deep, orphans = {}, {}, 0, 0
   for i = 1, #grid.rows do
      local id, words = grid:text(i, filled[1]), grid:cell(i, filled[2])
      local parts = parts_of(id)
      if parts and type(words) == "string" and not tonumber(words) and not known[id] and (i > 1 or id:find "%d") then
         known[id] = true
         rows[#rows + 1] = {id = id, text = words, depth = #parts, place = grid:place(i),
            parent = id:match "^(.*)%.[^.]+$"}
      elseif i > 1 and (id or words) and #rows > 0 then
         return nil
      end
   end
   for _, row in ipairs(rows) do
      if row.depth > 1 then
         deep = deep + 1
         if not known[row.parent] then orphans = orphans + 1 end
      end
   end
   if #rows < 3 or deep < 0.4 * #rows or orphans > 0.2 * deep then return nil end
   return rows
end

local MOST <const> = 20000 -- rows of a list that people read

function kind.recognise(grid)
   if #grid.rows > MOST then return end
   if table_columns(grid) then return 0.95, {"the heading has goal, target and indicator"} end
   local _, goals, targets, indicators = goals_of(grid)
   if goals > 0 and targets > 0 and indicators > 0 then
      return 0.95, {("%d goals, %d targets and %d indicators stand by their numbers"):format(goals, targets,
         indicators)}
   end
   local rows = outline_of(grid)
   if rows then return 0.7, {("two columns, %d ids that make a tree"):format(#rows)} end
end

--- The first level is areas; the second topics, where there is a third, else actions; what is deeper is actions.
local function read_outline(rows, made)
   local deepest, areas, topics = 0, {}, {}
   for _, row in ipairs(rows) do deepest = math.max(deepest, row.depth) end
   local function area_of(id)
      areas[id] = areas[id] or made:area(id, id, id)
      return areas[id]
   end
   for _, row in ipairs(rows) do
      local first = row.id:match "^[^.]+"
      if row.depth == 1 then
         areas[row.id] = made:area(row.id, row.text, row.id)
      elseif row.depth == 2 and deepest > 2 then
         topics[row.id] = made:topic(area_of(first), row.id, row.text)
      else
         local key = deepest > 2 and row.id:match "^[^.]+%.[^.]+" or first
         topics[key] = topics[key] or made:topic(area_of(first), key, key == first and areas[first].title or key)
         made:action(topics[key], {id = row.id, number = row.id, text = row.text})
      end
   end
end

function kind.read(grid, collect)
   local made = tree.new{title = collect.file, source = grid.file}
   local list, goals, targets, indicators = goals_of(grid)
   if table_columns(grid) then
      add_goals(made, goals_of_table(grid), collect)
   elseif goals > 0 and targets > 0 and indicators > 0 then
      add_goals(made, list, collect)
   else
      read_outline(outline_of(grid), made)
   end
   collect.framework = made
end

return kind
