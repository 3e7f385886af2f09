--- The columns of a table as reports show them: label, whether it holds numbers, how these are shown, and how wide it
--- wants to be; and how the columns of a wide table go on paper.
local numbers = require "difkit.number"
local words = require "difkit.chart.text"

local columns = {}

local long_text = 60 -- bytes; a column with a longer one gets room

--- What is known of each column, in order. `options`: labels, digits.
function columns.of(t, options)
   local list = {}
   for i, name in ipairs(t.columns) do
      local label = options.labels and options.labels[name] or name
      local column = {name = name, label = label, numeric = false, long = false}
      local some, all, values = false, true, {}
      for j = 1, #t do
         local value = rawget(t[j], name)
         values[j] = value
         if type(value) == "number" then some = true
         elseif value ~= nil then
            all = false
            if type(value) == "string" and #value > long_text then column.long = true end
         end
      end
      column.numeric = some and all
      column.show = numbers.column(values, options.digits, #t)
      list[i] = column
   end
   return list
end

--- A cell as text; nil for a missing one.
function columns.text(value, column)
   if value == nil then return nil end
   if type(value) == "number" then return column.show(value) end
   return tostring(value)
end


--- The widest piece of a text that no line break may cut.
local function widest_word(text, size)
   local widest = 0
   for word in text:gsub("–", "- "):gmatch "[^%s/_-]+[/_-]?" do widest = math.max(widest, words.width(word, size)) end
   return widest
end

--- Enough of a long text to know how wide it wants to be.
local function beginning(text) return text:sub(1, (utf8.offset(text, 300) or #text + 1) - 1) end

--- Least and wanted width of each column at a font size, in its units, with `padding` added.
local function measure(t, list, size, padding, most)
   for _, column in ipairs(list) do
      local least, wanted = widest_word(words.clean(column.label), size) * 1.06,
         words.width(words.clean(column.label), size, true)
      for i = 1, #t do
         local shown = columns.text(rawget(t[i], column.name), column) or "–"
         if #shown > 1200 then shown = beginning(words.clean(shown)) end
         for line in (shown .. "\n"):gmatch "([^\n]*)\n" do
            line = words.clean(line)
            local width = words.width(line, size)
            wanted = math.max(wanted, width)
            if column.numeric then least = math.max(least, width)
            elseif width > least then least = math.max(least, widest_word(line, size)) end
         end
      end
      column.least = math.min(least, most) + padding
      column.wanted = math.max(math.min(wanted, 4 * most), math.min(least, most)) + padding
   end
end

--- Widths of the columns of one part, within `room`: what each wants, from the narrowest on, and the others an equal
--- share of what is left, but never less than their least.
local function share(part, room)
   local order, widths, left = {}, {}, room
   for i, column in ipairs(part) do order[i], left = i, left - column.least end
   if left <= 0 then
      for i, column in ipairs(part) do widths[i] = column.least * room / (room - left) end
      return widths
   end
   table.sort(order, function(a, b)
      local more, fewer = part[a].wanted - part[a].least, part[b].wanted - part[b].least
      if more ~= fewer then return more < fewer end
      return a < b
   end)
   for place, i in ipairs(order) do
      local more = math.min(part[i].wanted - part[i].least, left / (#order - place + 1))
      widths[i], left = part[i].least + more, left - more
   end
   return widths
end

--- The parts in which a table goes on paper that is `room` wide: each a list of columns, with their `widths`. A table
--- that does not fit is split, and its first column, by which rows are known, stands in every part.
function columns.parts(t, list, room, size, padding)
   measure(t, list, size, padding, room * 0.3)
   if list[1] then list[1].least = math.max(list[1].least, math.min(list[1].wanted, room * 0.2)) end
   local parts, part, sum = {}, {}, 0
   for i, column in ipairs(list) do
      if #part > (#parts > 0 and 1 or 0) and sum + column.least > room then
         parts[#parts + 1] = part
         part, sum = {list[1]}, list[1].least
      end
      part[#part + 1] = column
      sum = sum + column.least
      if i == #list then parts[#parts + 1] = part end
   end
   for _, one in ipairs(parts) do one.widths = share(one, room) end
   return parts
end

return columns
