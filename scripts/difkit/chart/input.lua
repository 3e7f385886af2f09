--- What charts read: a difkit.table, a result or query (anything that gives a table), a plain object
--- `{columns = {…}, {name = value}, …}`, or a list of rows. Columns are checked here, with near misses.
local core = require "difkit.core"
local errors = require "difkit.error"
local illustrative = require "difkit.illustrative"
local merged = require "difkit.merged"

local input = {}

--- The columns of a list of plain rows, sorted by name, since a Lua table has no order.
local function columns_of(rows)
   local seen, names = {}, {}
   for _, row in ipairs(rows) do
      for name in next, row do
         if type(name) == "string" and not seen[name] then
            seen[name] = true
            names[#names + 1] = name
         end
      end
   end
   table.sort(names)
   return names
end

local function method(data, name)
   local ok, found = pcall(function() return data[name] end)
   return ok and type(found) == "function" and found or nil
end

--- The table without a column.
local function without(t, name)
   local kept = {}
   for _, column in ipairs(t.columns) do
      if column ~= name then kept[#kept + 1] = column end
   end
   return t:select(table.unpack(kept))
end

--- The tree of an index or of its result, when the value has one.
function input.tree(data)
   local spec = rawget(data, "spec")
   return type(spec) == "table" and rawget(spec, "root") or nil
end

--- The data as {columns =, has =, n =, rows =, title =, source =, note =, orders =}.
function input.read(call, data)
   if data == nil then errors.raise(call .. ": no data given", "give a difkit.table or the result of a query") end
   if type(data) == "userdata" or type(data) == "table" and rawget(data, "columns") == nil then
      local convert, scores = method(data, "table"), method(data, "scores")
      if convert then
         data = convert(data)
      elseif scores then
         data = without(scores(data), "available") -- the share of indicators that have a value is no score
      end
   end
   if type(data) ~= "table" then
      errors.raise(("%s: data must be a table, not %s"):format(call, errors.show(data)),
         "give a difkit.table or the result of a query")
   end
   local columns = rawget(data, "columns")
   local rows = {}
   for i, row in ipairs(data) do
      if type(row) ~= "table" then
         errors.raise(("%s: row %d is %s"):format(call, i, errors.show(row)), "rows are tables by column name")
      end
      rows[i] = row
   end
   columns = columns or columns_of(rows)
   local has = {}
   for _, name in ipairs(columns) do has[name] = true end
   return {
      call = call, columns = columns, has = has, rows = rows, n = #rows,
      title = rawget(data, "title"), source = rawget(data, "source"), note = rawget(data, "note"),
      orders = rawget(data, "orders"),
   }
end

--- Words for what the data hold in short: a plain table, or rows with id and title, as {short = words}.
function input.labels(call, given)
   local labels = {}
   if type(given) == "table" and rawget(given, "columns") == nil and rawget(given, 1) == nil
      and not method(given, "table") then
      for short, words in next, given do
         if type(words) ~= "string" then
            errors.raise(("%s: labels: %s is given for %s"):format(call, errors.show(words), errors.show(short)))
         end
         labels[short] = words
      end
      return labels
   end
   local data = input.read(call, given)
   for _, name in ipairs {"id", "title"} do input.column(data, "labels", name) end
   for _, row in ipairs(data.rows) do
      local short, words = rawget(row, "id"), rawget(row, "title")
      if short ~= nil and words ~= nil then labels[short] = tostring(words) end
   end
   return labels
end

--- Options that are not about the data.
local fixed = {title = true, subtitle = true, source = true, note = true, description = true, labels = true,
   method = true, order = true, layout = true, missing = true}

--- Puts the words in place of what is short, in cells, names of columns and options alike. Gives the options anew.
function input.relabel(data, options, labels)
   local function words(value)
      local found = labels[value]
      if found == nil then return value end
      return found
   end
   local columns, has = {}, {}
   for i, name in ipairs(data.columns) do
      columns[i] = words(name)
      if has[columns[i]] then
         errors.raise(('%s: labels: two columns would be called "%s"'):format(data.call, columns[i]))
      end
      has[columns[i]] = true
   end
   for i, row in ipairs(data.rows) do
      local copy = {}
      for j, name in ipairs(data.columns) do copy[columns[j]] = words(rawget(row, name)) end
      data.rows[i] = copy
   end
   data.columns, data.has = columns, has
   local orders = {}
   for name, list in next, data.orders or {} do
      local copy = {}
      for i, value in ipairs(list) do copy[i] = words(value) end
      orders[words(name)] = copy
   end
   data.orders = orders
   local changed = {}
   for name, value in next, options do
      if fixed[name] then
         changed[name] = value
      elseif type(value) == "table" then
         changed[name] = {}
         for i, part in ipairs(value) do changed[name][i] = words(part) end
      else
         changed[name] = words(value)
      end
   end
   return changed
end

--- A value of a row, by name, whatever metatable the row has.
function input.value(row, name)
   local value = rawget(row, name)
   return value
end

--- Raises unless the data have the column.
function input.column(data, option, name)
   if type(name) ~= "string" then
      errors.raise(("%s: %s must name a column, not %s"):format(data.call, option, errors.show(name)),
         "have " .. table.concat(data.columns, ", "))
   end
   if not data.has[name] then
      errors.raise(('%s: %s: unknown column "%s"'):format(data.call, option, name), errors.hint(name, data.columns))
   end
   return name
end

--- A number or nil; anything else in the column is a mistake.
function input.number(data, i, name)
   local value = rawget(data.rows[i], name)
   if value == nil or type(value) == "number" and value == value and math.abs(value) ~= math.huge then return value end
   if type(value) == "number" then return nil end
   errors.raise(('%s: row %d, column "%s" holds %s'):format(data.call, i, name, errors.show(value)),
      "a chart needs numbers there")
end

--- Whether a column holds numbers and missing values alone, and at least one number.
function input.is_numeric(data, name)
   local some = false
   for _, row in ipairs(data.rows) do
      local value = rawget(row, name)
      if type(value) == "number" then some = true elseif value ~= nil then return false end
   end
   return some
end

--- Columns that hold numbers, in order, but for those named in `except`.
function input.numeric(data, except)
   local left_out, names = {}, {}
   for _, name in ipairs(except or {}) do left_out[name] = true end
   for _, name in ipairs(data.columns) do
      if not left_out[name] and input.is_numeric(data, name) then names[#names + 1] = name end
   end
   return names
end

--- The column that is probably meant by "the values": one called so, else the first of numbers.
function input.values_column(data, except)
   local numeric = input.numeric(data, except)
   for _, name in ipairs(numeric) do
      if name == "score" or name == "value" then return name end
   end
   return numeric[1]
end

--- The first column that holds text; the first of all when none does.
function input.label_column(data)
   for _, name in ipairs(data.columns) do
      if not input.is_numeric(data, name) then return name end
   end
   return data.columns[1]
end

--- A label: text as it is, numbers in their shortest form.
function input.label(value)
   if type(value) == "number" then
      if math.type(value) == "float" and value == math.floor(value) and math.abs(value) < 1e15 then
         return ("%d"):format(value)
      end
      return core.number_text(value)
   end
   return tostring(value)
end

--- The distinct values of a column in the wanted order: a list that was given, the order of the framework that the
--- table knows, or that of the data: as they stand within each value of the column `by`, or appear. Missing values are
--- left out.
function input.distinct(data, name, wanted, by)
   local seen, found, lists, list_of = {}, {}, {}, {}
   for _, row in ipairs(data.rows) do
      local value = rawget(row, name)
      local group = by and rawget(row, by)
      if group == nil then group = false end
      if value ~= nil then
         if not seen[value] then found[#found + 1] = value end
         seen[value] = true
         if not list_of[group] then
            list_of[group] = {}
            lists[#lists + 1] = list_of[group]
         end
         table.insert(list_of[group], value)
      end
   end
   if by then found = merged(found, lists) end
   wanted = wanted or data.orders and data.orders[name]
   if not wanted then return found end
   local out, done = {}, {}
   for _, value in ipairs(wanted) do
      if seen[value] and not done[value] then
         out[#out + 1] = value
         done[value] = true
      end
   end
   for _, value in ipairs(found) do
      if not done[value] then out[#out + 1] = value end
   end
   return out
end

--- Rows of shown values in words: "Skills: done 4, open 22." each, or "Skills 26." where there is but one value.
function input.words(columns, rows)
   local out = {}
   for i, row in ipairs(rows) do
      local said = {}
      for j = 2, #columns do
         if row[j] ~= nil then said[#said + 1] = (#columns > 2 and columns[j] .. " " or "") .. row[j] end
      end
      out[i] = ("%s%s %s."):format(row[1], #columns > 2 and ":" or "", table.concat(said, ", "))
   end
   return table.concat(out, " ")
end

--- Title, subtitle, source and note: those of the options, else those of the table.
function input.texts(data, options)
   return {
      title = options.title or data.title, subtitle = illustrative.noted(options.subtitle),
      source = options.source or data.source, note = options.note or data.note, notes = {},
   }
end

return input
