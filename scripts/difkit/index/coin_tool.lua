--- The workbook of the COIN Tool (JRC, EUR 29899 EN, 2019): the sheet "Database" with the data below six rows that
--- place each indicator, and the sheet "Framework" with names and weights of the groups. Rows and columns are those
--- that COINr's import_coin_tool reads.
local errors = require "difkit.error"
local tables = require "difkit.table"

local coin_tool = {}

--- Rows of "Database", from above; units begin at row 17 (names in B, codes in C), indicators at column E.
local rows_at = {weight = 7, direction = 8, lower = 9, upper = 10, code = 16, name = 15, first = 17, column = 5}
--- The rows of the groups that an indicator stands in, from the index down, and how their codes begin.
local levels = {{row = 11, prefix = "Index"}, {row = 12, prefix = "si."}, {row = 13, prefix = "p."},
   {row = 14, prefix = "sp."}}
--- Columns of "Framework" from row 5 on: code, weight, name.
local framework = {first = 5, code = 3, weight = 5, name = 8}
local most = {indicators = 99, units = 299, groups = 48}

local function grid_of(file, sheet)
   local grid = {}
   for row in file:rows(sheet) do
      grid[row.line] = {}
      for c = 1, row.n do
         local text = row[c]
         if text and text ~= "" and text ~= "n/a" and text ~= "--" then grid[row.line][c] = text end
      end
   end
   return grid
end

local function at(grid, row, column) return grid[row] and grid[row][column] end

--- A group's id from its code: ours are written behind the prefix, the tool's own ("p.01") stay as they are.
local function id_of(code, prefix)
   local rest = code:sub(#prefix + 1)
   return rest:find "^[%a_]" and rest or code
end

--- The levels that are used: those whose codes differ among indicators, and the index.
local function used_levels(grid, columns)
   local used = {levels[1]}
   for i = 2, #levels do
      local seen, count = {}, 0
      for _, c in ipairs(columns) do
         local code = at(grid, levels[i].row, c)
         if code and not seen[code] then seen[code], count = true, count + 1 end
      end
      if count > 1 then used[#used + 1] = levels[i] end
   end
   return used
end

--- Names and weights of the groups by code.
local function groups_of(grid)
   local found = {}
   for row, cells in pairs(grid) do
      if row >= framework.first and cells[framework.code] then
         found[cells[framework.code]] = {title = cells[framework.name], weight = tonumber(cells[framework.weight])}
      end
   end
   return found
end

local function indicator_at(grid, c)
   local direction = tonumber(at(grid, rows_at.direction, c))
   return {id = at(grid, rows_at.code, c), title = at(grid, rows_at.name, c),
      weight = tonumber(at(grid, rows_at.weight, c)), direction = direction and (direction < 0 and -1 or 1),
      lower = tonumber(at(grid, rows_at.lower, c)), upper = tonumber(at(grid, rows_at.upper, c))}
end

local function data_of(grid, columns, path)
   local rows, last = {}, rows_at.first
   for line in pairs(grid) do last = math.max(last, line) end
   for line = rows_at.first, last do
      local code = at(grid, line, 3)
      if code then
         local row = {unit = code, title = at(grid, line, 2)}
         for _, c in ipairs(columns) do
            local text = at(grid, line, c)
            local value = tonumber(text)
            if text and not value then
               errors.raise(("%s, Database, row %d, column %d: %s is no number"):format(path, line, c,
                  errors.show(text)),
                  'a gap is empty or "n/a"')
            end
            row[at(grid, rows_at.code, c)] = value
         end
         rows[#rows + 1] = row
      end
   end
   if #rows == 0 then errors.raise(path .. ": the sheet Database holds no unit from row 17 on") end
   return rows
end

--- The spec that a workbook holds, with its data; nil, a message and a code where it cannot be read.
function coin_tool.spec(path)
   local opened, message, code = require("difkit.format.read").open(path)
   if not opened then return nil, message, code end
   local file <close> = opened
   local has = {}
   for _, sheet in ipairs(file.sheets or {}) do has[sheet.name] = true end
   for _, name in ipairs {"Database", "Framework"} do
      if not has[name] then
         errors.raise(('%s has no sheet "%s"'):format(path, name), "a workbook of the COIN Tool is expected")
      end
   end
   local grid, groups, columns = grid_of(file, "Database"), groups_of(grid_of(file, "Framework")), {}
   for c = rows_at.column, rows_at.column + most.indicators - 1 do
      if at(grid, rows_at.code, c) and at(grid, levels[1].row, c) then columns[#columns + 1] = c end
   end
   if #columns == 0 then errors.raise(path .. ": the sheet Database has no indicator in row 16 from column E on") end
   local used, nodes, root = used_levels(grid, columns), {}, nil
   for _, c in ipairs(columns) do
      local above
      for i, level in ipairs(used) do
         local group = at(grid, level.row, c)
         if not group then
            errors.raise(("%s, Database, row %d: no group for %s"):format(path, level.row, at(grid, rows_at.code, c)))
         end
         if not nodes[group] then
            local known = groups[group] or {}
            nodes[group] = {id = id_of(group, level.prefix), title = known.title, weight = i > 1 and known.weight
               or nil,
               children = {}}
            if above then table.insert(above.children, nodes[group]) else root = nodes[group] end
         end
         above = nodes[group]
      end
      table.insert(above.children, indicator_at(grid, c))
   end
   root.id = (at(grid, 1, 1) or ""):match "^index: (.+)$" or root.id
   root.data = data_of(grid, columns, path)
   return root
end

--- A sheet as a table: the columns are called by their letters in row 1, which the tool leaves free.
local function sheet_of(width)
   local letters, names, rows = require("difkit.format.read").letters, {}, {}
   for c = 1, width do names[c] = letters(c) end
   local function put(row, column, value)
      for r = #rows + 1, row - 1 do rows[r] = {} end
      if value ~= nil then rows[row - 1][column] = value end
   end
   return put, function() return tables.new(names, rows) end, names
end

local function refuse(spec, count, allowed, what)
   if count <= allowed then return end
   errors.raise(("index %s has %d %s: the COIN Tool holds at most %d"):format(spec.root.id, count, what, allowed))
end

--- The sheets of a workbook for a computed index (its last period): Database and Framework.
function coin_tool.sheets(result)
   local spec, set, deepest = result.spec, result.set, 0
   local groups = 0
   for _, node in ipairs(spec.nodes) do
      if node.children then
         groups, deepest = groups + 1, math.max(deepest, node.level)
      end
   end
   refuse(spec, #spec.indicators, most.indicators, "indicators")
   refuse(spec, #set.units, most.units, "units")
   refuse(spec, groups, most.groups, "groups")
   refuse(spec, deepest + 1, #levels, "levels of groups")
   local put, database, names = sheet_of(rows_at.column + #spec.indicators)
   names[1] = "index: " .. spec.root.id
   local place, place_framework, list = {}, sheet_of(framework.name)
   for i, title in ipairs {"Code", "Level", "Weight", "", "", "Dimension/indicator"} do
      place_framework(4, 2 + i, title ~= "" and title or nil)
   end
   --- Codes of the groups: the level below the index is sub-index, pillar, sub-pillar in turn.
   local line = framework.first
   for _, node in ipairs(spec.nodes) do
      if node.children then
         local level = levels[node.level + 1]
         place[node] = node.parent and level.prefix .. node.id or level.prefix
         place_framework(line, framework.code, place[node])
         place_framework(line, framework.weight, node.parent and result.weights[node.number] or 1)
         place_framework(line, framework.name, node.given.title or node.id)
         line = line + 1
      end
   end
   local from = (#set.periods - 1) * #set.units
   for u, unit in ipairs(set.units) do
      put(rows_at.first + u - 1, 2, set.titles[unit] or unit)
      put(rows_at.first + u - 1, 3, unit)
   end
   for leaf, node in ipairs(spec.indicators) do
      local c = rows_at.column + leaf - 1
      local chain, above = {}, node.parent
      while above do
         table.insert(chain, 1, above)
         above = above.parent
      end
      if #chain ~= deepest + 1 then
         errors.raise(("index %s: %s does not stand on the lowest level: the COIN Tool has all indicators "
            .. "there"):format(
            spec.root.id, node.id), "put a group of one child between")
      end
      for i, level in ipairs(levels) do
         -- Levels that are not used have one and the same code.
         put(level.row, c, chain[i] and place[chain[i]] or level.prefix .. "01")
      end
      put(rows_at.weight, c, result.weights[node.number])
      put(rows_at.direction, c, node.sign)
      put(rows_at.lower, c, node.lower)
      put(rows_at.upper, c, node.upper)
      put(rows_at.name, c, node.shown)
      put(rows_at.code, c, node.id)
      for u in ipairs(set.units) do
         put(rows_at.first + u - 1, c, result.denominated:get(from + u, leaf) or "n/a")
      end
   end
   return {{"Database", database()}, {"Framework", list()}}
end

return coin_tool
