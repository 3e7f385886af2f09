--- How two tables differ, row by row, told apart by a key: for the golden tests of scripts.
local core = require "difkit.core"
local errors = require "difkit.error"

local difference = {}

--- Values as people read them: text in quotes, so that "3" is not 3.
local function shown(value)
   if value == nil then return "nothing" end
   if type(value) == "number" then return core.number_text(value) end
   if type(value) == "string" then return '"' .. core.truncate(value:gsub("%s+", " "), 60) .. '"' end
   return tostring(value)
end

local function set_of(list)
   local set = {}
   for i, name in ipairs(list) do set[name] = i end
   return set
end

--- Keys of the rows by the columns; nil when two rows have the same.
local function keys_by(t, columns)
   local keys, seen = {}, {}
   for i = 1, #t do
      local parts = {}
      for j, name in ipairs(columns) do
         local value = t[i][name]
         parts[j] = value == nil and "–" or tostring(value)
      end
      local key = table.concat(parts, "/")
      if seen[key] then return nil end
      keys[i], seen[key] = key, i
   end
   return keys, seen
end

--- What tells the rows of both apart: the columns given, `id`, the first column, else their place.
local function keys_of(old, new, wanted)
   local has_old, has_new = set_of(old.columns), set_of(new.columns)
   local candidates = {wanted or false, {"id"}, {old.columns[1]}}
   for i, columns in ipairs(candidates) do
      local there = columns and true
      for _, name in ipairs(columns or {}) do
         if i == 1 and not has_old[name] then
            errors.raise(('the key "%s" is no column of the table'):format(name), errors.hint(name, old.columns))
         end
         there = there and has_old[name] and has_new[name]
      end
      if there then
         local a, b = keys_by(old, columns), keys_by(new, columns)
         if a and b then return a, b end
      end
   end
   local function places(t)
      local keys = {}
      for i = 1, #t do keys[i] = "row " .. i end
      return keys
   end
   return places(old), places(new)
end

local function row_text(t, row)
   local parts = {}
   for _, name in ipairs(t.columns) do
      if row[name] ~= nil then parts[#parts + 1] = name .. " " .. shown(row[name]) end
      if #parts == 4 then break end
   end
   return table.concat(parts, ", ")
end

local function column_lines(old, new, add)
   local has_old, has_new, common_old, common_new = set_of(old.columns), set_of(new.columns), {}, {}
   for _, name in ipairs(old.columns) do
      if has_new[name] then common_old[#common_old + 1] = name else add(("- column %s"):format(name)) end
   end
   for _, name in ipairs(new.columns) do
      if has_old[name] then common_new[#common_new + 1] = name else add(("+ column %s"):format(name)) end
   end
   if table.concat(common_old, "\0") ~= table.concat(common_new, "\0") then
      add("~ columns stand in another order: " .. table.concat(new.columns, ", "))
   end
   return common_old
end

--- The differences between two tables, a line each; none when they are the same. `key` is a list of columns.
function difference.lines(old, new, key)
   local lines = {}
   local function add(line) lines[#lines + 1] = line end
   local common = column_lines(old, new, add)
   local old_keys, new_keys = keys_of(old, new, key)
   local old_place, new_place = set_of(old_keys), set_of(new_keys)
   local order = true
   local last = 0
   for i, id in ipairs(old_keys) do
      local j = new_place[id]
      if not j then
         add(("- %s: %s"):format(id, row_text(old, old[i])))
      else
         order = order and j > last
         last = j
         for _, name in ipairs(common) do
            local was, is = old[i][name], new[j][name]
            if was ~= is or math.type(was) ~= math.type(is) then
               add(("~ %s: %s: %s -> %s"):format(id, name, shown(was), shown(is)))
            end
         end
      end
   end
   for j, id in ipairs(new_keys) do
      if not old_place[id] then add(("+ %s: %s"):format(id, row_text(new, new[j]))) end
   end
   if not order then add("~ rows stand in another order") end
   return lines
end

return difference
