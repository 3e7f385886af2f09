--- The pair of tables that COINr (Becker et al. 2022) keeps an index in: iMeta, the tree and what is known of its
--- parts, and iData, a row a unit. Both ways; what a spec has no key for stays with it under `coinr` and goes out
--- again.
local errors = require "difkit.error"
local methods = require "difkit.index.methods"
local tables = require "difkit.table"

local coinr = {}

local wanted = {"Level", "iCode", "Parent", "Type"}

--- A cell; nil where nothing stands in it.
local function cell(row, name)
   local value = rawget(row, name)
   if value == nil or value == "" or value == "NA" then return nil end
   return value
end

local function number(row, name) return tonumber(cell(row, name)) end

--- Whether a table is an iMeta.
function coinr.is_meta(t)
   local has = {}
   for _, name in ipairs(t.columns) do has[name] = true end
   for _, name in ipairs(wanted) do if not has[name] then return false end end
   return true
end

local function node_of(row)
   local id = tostring(cell(row, "iCode"))
   local node = {id = id, title = cell(row, "iName") and tostring(cell(row, "iName"))}
   if cell(row, "Parent") then node.weight = number(row, "Weight") end
   if cell(row, "Type") == "Aggregate" then
      node.children = {}
   else
      local direction = number(row, "Direction")
      node.direction = direction and math.tointeger(direction)
      node.measure = cell(row, "Unit") and tostring(cell(row, "Unit"))
      node.target = number(row, "Target")
      node.denominator = cell(row, "Denominator") and tostring(cell(row, "Denominator"))
   end
   return node
end

--- The spec that an iMeta describes. Columns and rows that a spec has no key for (groups, denominators, parameters of
--- methods) stay in its key `coinr`.
function coinr.spec(t, path)
   local nodes, root, kept = {}, nil, {}
   for i, row in ipairs(t) do
      local id = cell(row, "iCode")
      if not id then errors.raise(("%s: row %d has no iCode"):format(path, i)) end
      if nodes[tostring(id)] then errors.raise(('%s: the iCode "%s" stands twice'):format(path, tostring(id))) end
      kept[i] = {}
      for c, name in ipairs(t.columns) do kept[i][c] = cell(row, name) == nil and "NA" or tostring(row[name]) end
      local kind = cell(row, "Type")
      if kind == "Indicator" or kind == "Aggregate" then nodes[tostring(id)] = node_of(row) end
   end
   for i, row in ipairs(t) do
      local node, parent = nodes[tostring(cell(row, "iCode"))], cell(row, "Parent")
      if node and parent then
         local above = nodes[tostring(parent)]
         if not above or not above.children then
            errors.raise(('%s: row %d: the parent "%s" of %s is no aggregate'):format(path, i, tostring(parent),
               node.id),
               errors.hint(tostring(parent), coinr.ids(nodes)))
         end
         table.insert(above.children, node)
      elseif node then
         if root then errors.raise(("%s: %s and %s both have no parent"):format(path, root.id, node.id)) end
         root = node
      end
   end
   if not root then errors.raise(path .. ": no aggregate stands at the top, without a Parent") end
   root.unit_column = "uCode"
   root.coinr = {columns = table.move(t.columns, 1, #t.columns, 1, {}), rows = kept}
   return root
end

function coinr.ids(nodes)
   local ids = {}
   for id in pairs(nodes) do ids[#ids + 1] = id end
   table.sort(ids)
   return ids
end

--- The row of a node: what the spec says, in COINr's names.
local function fields(node, deepest)
   local given = node.given
   return {Level = node.leaf and 1 or deepest - node.level, iCode = node.id, iName = given.title or node.id,
      Direction = node.leaf and (given.direction or 1) or 1, Weight = node.weight, Unit = given.measure,
      Target = methods.number(given.target), Denominator = type(given.denominator) == "string" and given.denominator,
      Parent = node.parent and node.parent.id, Type = node.leaf and "Indicator" or "Aggregate"}
end

--- The level of the deepest indicator, where all stand on one: COINr has no other trees.
local function depth_of(spec)
   local level
   for _, node in ipairs(spec.indicators) do
      if level and node.level ~= level then
         errors.raise(("index %s: %s stands on level %d and others on level %d: COINr has all indicators on "
            .. "one"):format(
            spec.root.id, node.id, node.level, level), "put a group of one child between")
      end
      level = node.level
   end
   return level + 1
end

--- The iMeta of an index: rows as they came, with what the spec says now; further rows for what is new.
function coinr.meta(spec)
   local kept = spec.root.given.coinr
   local columns = kept and table.move(kept.columns, 1, #kept.columns, 1, {})
      or {"Level", "iCode", "iName", "Direction", "Weight", "Unit", "Target", "Denominator", "Parent", "Type"}
   local deepest, rows, done = depth_of(spec), {}, {}
   local at = {}
   for c, name in ipairs(columns) do at[name] = c end
   local function put(row, node)
      for name, value in pairs(fields(node, deepest)) do
         local same = row[at[name]] ~= nil and (row[at[name]] == tostring(value) or tonumber(row[at[name]]) == value
            and value ~= nil)
         -- Aggregates keep direction and unit, which a spec does not have of them; nothing stays what it was.
         local foreign = not node.leaf and (name == "Direction" or name == "Unit" or name == "Target")
         local top = not node.parent and name == "Weight"
         if at[name] and not same and not (kept and (foreign or top) and row[at[name]]) then
            row[at[name]] = value or "NA"
         end
      end
      done[node.id] = true
      return row
   end
   for _, old in ipairs(kept and kept.rows or {}) do
      local row = table.move(old, 1, #columns, 1, {})
      local node, kind = spec.by_id[row[at.iCode]], row[at.Type]
      if node then rows[#rows + 1] = put(row, node)
      elseif kind ~= "Indicator" and kind ~= "Aggregate" then rows[#rows + 1] = row end
   end
   for _, list in ipairs {spec.indicators, spec.nodes} do
      for _, node in ipairs(list) do
         if not done[node.id] then rows[#rows + 1] = put({}, node) end
      end
   end
   for _, denominator in ipairs(kept and {} or coinr.divisors(spec)) do
      rows[#rows + 1] = {[at.iCode] = denominator, [at.iName] = denominator, [at.Type] = "Denominator"}
   end
   for _, row in ipairs(rows) do
      for c = 1, #columns do
         if row[c] == nil then row[c] = "NA" end
         row[c] = columns[c] ~= "iCode" and tonumber(row[c]) or row[c] -- numbers as such, so that -1 is no formula
      end
   end
   return tables.new(columns, rows)
end

--- Columns that divide, each once.
function coinr.divisors(spec)
   local list, seen = {}, {}
   for _, node in ipairs(spec.indicators) do
      local name = node.given.denominator
      if type(name) == "string" and not seen[name] then seen[name], list[#list + 1] = true, name end
   end
   return list
end

--- The iData of a computed index: a row a unit (and period), raw values, denominators; NA where there is none. With
--- `data`, the table that the values came from, its columns as they are.
function coinr.data(result, data)
   if data then
      local rows = {}
      for i, row in ipairs(data) do
         rows[i] = {}
         for c, name in ipairs(data.columns) do
            -- A column with gaps written NA is one of texts: its numbers go out as such.
            local value, code = row[name], name == "uCode" or name == "unit" or name == "uName"
            if value == nil or value == "" then value = "NA" end
            rows[i][c] = not code and tonumber(value) or value
         end
      end
      return tables.new(data.columns, rows)
   end
   local set, divisors = result.set, coinr.divisors(result.spec)
   local columns = set.timeless and {"uCode", "uName"} or {"uCode", "uName", "Time"}
   local first = #columns
   for _, node in ipairs(result.spec.indicators) do columns[#columns + 1] = node.id end
   for _, name in ipairs(divisors) do columns[#columns + 1] = name end
   local rows, units = {}, #set.units
   for p, at in ipairs(set.periods) do
      for u, unit in ipairs(set.units) do
         local row = {unit, set.titles[unit] or unit, not set.timeless and at or nil}
         local n = (p - 1) * units + u
         for leaf, node in ipairs(result.spec.indicators) do
            row[first + leaf] = result.raw:get(n, leaf) or "NA"
            for d, name in ipairs(divisors) do
               if node.given.denominator == name then
                  row[first + #result.spec.indicators + d] = set.divisors[leaf]:get(n, 1) or "NA"
               end
            end
         end
         rows[#rows + 1] = row
      end
   end
   return tables.new(columns, rows)
end

return coinr
