--- A table at a glance: its first rows, a line each. Where the columns are too many for that, those that tell most are
--- shown, their texts cut, and the others named.
local core = require "difkit.core"
local number = require "difkit.number"

local gap, widest_other, most_columns = 2, 30, 7
local remarks = {note = true, origin = true} -- of the data model: these come last
local least_text = 0.45 -- of the width, for the column with the longest texts

local function flat(value)
   return (tostring(value):gsub("%s+", " "))
end

--- What a column would take on lines of its own, and whether it says the same in all rows.
local function measure(t, name)
   local width, total, same, show = core.width(name), 0, true, number.plain(t:column(name), nil, #t)
   for i = 1, #t do
      local value = t[i][name]
      local text = value == nil and "–" or type(value) == "number" and show(value) or flat(value)
      width, total = math.max(width, core.width(text)), total + core.width(text)
      same = same and value == t[1][name]
   end
   return {name = name, width = width, mean = total / #t, same = same, text = type(t[1][name]) == "string"}
end

--- The columns to show and what each may take, by name.
local function choose(columns, width)
   local longest
   for i, column in ipairs(columns) do
      local fits = i > 1 and column.text and not remarks[column.name]
      if fits and (not longest or column.mean > longest.mean) then longest = column end
   end
   local left, taken, count = width - columns[1].width, {[columns[1].name] = columns[1].width}, 1
   local reserved = longest and math.min(longest.width, math.floor(width * least_text)) + gap or 0
   for i, column in ipairs(columns) do
      local wanted = math.min(column.width, widest_other) + gap
      local tells = column ~= longest and not column.same and not remarks[column.name]
      if i > 1 and tells and count < most_columns - 1 and wanted <= left - reserved then
         taken[column.name], left, count = wanted - gap, left - wanted, count + 1
      end
   end
   if longest then taken[longest.name] = math.max(8, math.min(longest.width, left - gap)) end
   return taken
end

--- The first rows of `t`, at most `count`, as a table of one line a row, and the names of the columns left out. A table
--- of one or two rows is given as it is.
return function(t, count, width)
   local first = #t > count and t:head(count) or t
   if #t < 3 then return first, {} end
   local columns, total = {}, -gap
   for i, name in ipairs(t.columns) do
      columns[i] = measure(first, name)
      total = total + columns[i].width + gap
   end
   if total <= width then return first, {} end
   local taken, kept, hidden = choose(columns, width), {}, {}
   for _, name in ipairs(t.columns) do
      local list = taken[name] and kept or hidden
      list[#list + 1] = name
   end
   local cut = first:select(kept)
   for _, name in ipairs(kept) do
      cut = cut:derive(name, function(row)
         local value = row[name]
         return type(value) == "string" and core.truncate(flat(value), taken[name]) or value
      end)
   end
   return cut, hidden
end
