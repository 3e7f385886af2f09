--- Tables as aligned text. Widths are those of the terminal (wide and combining characters counted as shown), long
--- texts are wrapped, numbers of a column have their points below one another, control characters cannot reach the
--- terminal. Where the columns are too many for the width, each row is a block of lines instead.
local core = require "difkit.core"
local errors = require "difkit.error"
local illustrative = require "difkit.illustrative"
local number = require "difkit.number"

local printer = {}

local gap = "  "
local stable_width = 100 -- where the output is no terminal: the same text everywhere
local least_width = 8    -- no column of text is made narrower
local sliver_width = 12  -- several texts cut below this are hard to read

local styles = {bold = "\27[1m", dim = "\27[2m", none = "\27[0m"}

--- Text without what would move the cursor; line breaks stay.
local function harmless(text)
   if not core.valid_utf8(text) then
      text = text:gsub("[\128-\255]", "?")
   end
   if not text:find "[%c\194]" then return text end
   text = text:gsub("\r\n", "\n"):gsub("\t", " ")
   text = text:gsub("[%z\1-\9\11-\31\127]", "\u{FFFD}")
   return (text:gsub("\194[\128-\159]", "\u{FFFD}"))
end

--- The texts of a column, whether it stands at the right, its width, and whether it may be wrapped.
local function lay_column(t, name, options)
   local n = #t
   local values = t:column(name)
   local show = number.plain(values, options.digits, n)
   local cells, right, some, width, words = {}, true, false, 0, 1
   for i = 1, n do
      local value = values[i]
      local cell
      if type(value) == "number" then
         cell, some = show(value), true
      elseif value == nil then
         cell = options.null
      else
         right = false
         cell = harmless(tostring(value))
      end
      cells[i] = cell
      words = words + #cell
      if cell:find("\n", 1, true) then
         for line in cell:gmatch "[^\n]*" do width = math.max(width, core.width(line)) end
      else
         width = math.max(width, core.width(cell))
      end
   end
   local header = harmless(name):gsub("\n", " ")
   right = right and some
   local natural = math.max(width, core.width(header))
   return {header = header, cells = cells, right = right, content = width, natural = natural, words = words}
end

--- Widths that let the table fit. A column that is content with an equal share of what is left gets what it wants; the
--- others share the rest by how much they have to say, none with less than half an equal share.
local function fit(columns, width)
   local left, open = width - #gap * (#columns - 1), {}
   local total = 0
   for _, column in ipairs(columns) do
      column.width = column.natural
      total = total + column.natural
      -- A column of numbers gives way only as far as its numbers allow.
      column.least = math.min(column.natural, column.right and math.max(column.content, 3) or least_width)
      open[#open + 1] = column
   end
   if total <= left then return end
   local function settle(fits)
      local kept, changed = {}, false
      for _, column in ipairs(open) do
         local fixed = fits(column)
         if fixed then
            column.width = fixed
            left = left - fixed
            changed = true
         else
            kept[#kept + 1] = column
         end
      end
      open = kept
      return changed
   end
   local changed = true
   while changed and #open > 0 do
      local share = left / #open
      changed = settle(function(column)
         if column.natural <= share then return column.natural end
         if column.least > share then return column.least end
      end)
   end
   changed = true
   while changed and #open > 0 do
      local words, share = 0, left / #open
      for _, column in ipairs(open) do words = words + column.words end
      local room = left
      changed = settle(function(column)
         local wanted = room * column.words / words
         if wanted >= column.natural then return column.natural end
         local least = math.max(column.least, share // 2)
         if wanted < least then return math.tointeger(least) or math.floor(least) end
      end)
   end
   local words, room = 0, math.max(0, left)
   for _, column in ipairs(open) do words = words + column.words end
   for i, column in ipairs(open) do
      column.width = i == #open and left or math.max(column.least, math.floor(room * column.words / words))
      column.width = math.max(column.width, column.least)
      left = left - column.width
   end
end

local function lines_of(text, width)
   if not text:find("\n", 1, true) and core.width(text) <= width then return {text} end
   local lines = {}
   for paragraph in (text .. "\n"):gmatch "(.-)\n" do
      if paragraph == "" then
         lines[#lines + 1] = ""
      else
         for _, line in ipairs(core.wrap(paragraph, width)) do lines[#lines + 1] = line end
      end
   end
   return lines
end

--- A line of a cell with the words between `marks` bold and the marks gone. `open`: the line begins within such words.
--- Gives the line, whether it ends within such words, and how many columns the marks took.
local function embolden(line, marks, open)
   local parts, position, taken = {open and styles.bold or nil}, 1, 0
   while true do
      local first, last = line:find(marks[open and 2 or 1], position, true)
      if not first then break end
      parts[#parts + 1] = line:sub(position, first - 1)
      parts[#parts + 1] = open and styles.none or styles.bold
      taken = taken + core.width(line:sub(first, last))
      position, open = last + 1, not open
   end
   parts[#parts + 1] = line:sub(position)
   if open then parts[#parts + 1] = styles.none end
   return table.concat(parts), open, taken
end

--- Adds the lines of one row to `out`.
local function add_row(out, columns, text_of, style, marks)
   local cells, height, open = {}, 1, {}
   for i, column in ipairs(columns) do
      cells[i] = lines_of(text_of(column), column.width)
      height = math.max(height, #cells[i])
   end
   for line = 1, height do
      local parts = {}
      for i, column in ipairs(columns) do
         local text = cells[i][line] or ""
         local gone = 0
         local width = core.width(text)
         if marks then text, open[i], gone = embolden(text, marks, open[i]) end
         local space = (" "):rep(math.max(0, column.width - width + gone))
         parts[i] = column.right and space .. text or text .. space
      end
      local shown = table.concat(parts, gap):gsub(" +$", "")
      out[#out + 1] = style and style .. shown .. styles.none or shown
   end
end

--- Whether the columns are too many for the width: they stand out, or several texts are cut to slivers.
local function is_too_wide(columns, total, width)
   local slivers = 0
   for _, column in ipairs(columns) do
      if not column.right and column.width < math.min(column.natural, sliver_width) then slivers = slivers + 1 end
   end
   return #columns > 1 and (total > width or slivers > 2)
end

--- Adds a block of lines for each row instead: one line a column, its name before it.
local function add_blocks(out, t, columns, width, colour)
   local label = 0
   for _, column in ipairs(columns) do label = math.max(label, core.width(column.header)) end
   for i = 1, #t do
      local rule = ("── %d "):format(i)
      rule = rule .. ("─"):rep(math.min(width, stable_width) - core.width(rule))
      out[#out + 1] = colour and styles.dim .. rule .. styles.none or rule
      for _, column in ipairs(columns) do
         local name = column.header .. (" "):rep(label - core.width(column.header))
         local open
         for n, line in ipairs(lines_of(column.cells[i], math.max(least_width, width - label - #gap))) do
            if colour and t.marks then line, open = embolden(line, t.marks, open) end
            local head = n > 1 and (" "):rep(label) or colour and styles.bold .. name .. styles.none or name
            out[#out + 1] = head .. gap .. line
         end
      end
   end
end

--- The table as text. `to_terminal`: width and colour are those of the terminal, when there is one.
function printer.text(t, options, to_terminal)
   local call = to_terminal and "table:print" or "table:text"
   options = errors.options(call, options, {"width", "digits", "null", "colour"})
   errors.check(call, "width", options.width, "integer", "optional")
   errors.check(call, "digits", options.digits, "integer", "optional")
   errors.check(call, "null", options.null, "string", "optional")
   local terminal = to_terminal and core.terminal() or {}
   local width = options.width or terminal.output and terminal.width or stable_width
   local colour = options.colour
   if colour == nil then colour = terminal.output and terminal.colour end
   local columns = {}
   for i, name in ipairs(t.columns) do
      columns[i] = lay_column(t, name, {digits = options.digits, null = options.null or "–"})
   end
   fit(columns, width)
   local out, total = {}, #gap * math.max(0, #columns - 1)
   for _, column in ipairs(columns) do total = total + column.width end
   local function add_text(text, style)
      for _, line in ipairs(lines_of(harmless(text), math.max(total, math.min(width, 80)))) do
         out[#out + 1] = colour and style .. line .. styles.none or line
      end
   end
   if t.title then
      add_text(t.title, styles.bold)
      out[#out + 1] = ""
   end
   if #t > 0 and is_too_wide(columns, total, width) then
      add_blocks(out, t, columns, width, colour)
   else
      add_row(out, columns, function(column) return column.header end, colour and styles.bold)
      out[#out + 1] = colour and styles.dim .. ("─"):rep(total) .. styles.none or ("─"):rep(total)
      for i = 1, #t do
         add_row(out, columns, function(column) return column.cells[i] end, nil, colour and t.marks)
      end
   end
   if #t == 0 then out[#out + 1] = "(no rows)" end
   local note = illustrative.noted(t.note)
   if note or t.source then out[#out + 1] = "" end
   if note then add_text(note, styles.dim) end
   if t.source then add_text("Source: " .. t.source, styles.dim) end
   return table.concat(out, "\n") .. "\n"
end

return printer
