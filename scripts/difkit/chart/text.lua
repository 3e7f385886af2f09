--- Text in charts: how wide it is, where it breaks, how it is cut and escaped. Widths come from a table of character
--- widths (widths.lua), so that a layout needs no font and is the same on every machine.
local core = require "difkit.core"
local widths = require "difkit.chart.widths"

local text = {}

--- Share of the font size above and below the baseline that letters take up, and from one line to the next.
text.above, text.below, text.leading = 0.78, 0.24, 1.25

--- How far below the middle of a line of capitals its baseline is.
function text.middle(size) return size * (text.above - text.below) / 2 end

local tables = {}
for _, weight in ipairs {"regular", "bold"} do
   local by_code = {}
   for _, range in ipairs(widths[weight]) do
      for i, width in ipairs(range.widths) do by_code[range.first + i - 1] = width end
   end
   tables[weight] = by_code
end

--- What stands for a character without a known width: by the columns it takes on a terminal.
local function unknown(code)
   local columns = core.width(utf8.char(code))
   return columns == 0 and 0 or columns > 1 and 1000 or 760
end

--- Text that is safe to lay out: valid UTF-8 in one line, without control characters.
function text.clean(value)
   local cleaned = tostring(value)
   if not cleaned:find "[^\32-\126]" then return cleaned end
   if not core.valid_utf8(cleaned) then cleaned = cleaned:gsub("[\128-\255]", "?") end
   cleaned = cleaned:gsub("[%z\1-\31\127]+", " ")
   if cleaned:find("\194", 1, true) then cleaned = cleaned:gsub("\194[\128-\159]", " ") end
   return cleaned
end

--- Width of a text at a font size, in the units of the size.
function text.width(value, size, bold)
   local known, sum = tables[bold and "bold" or "regular"], 0
   for _, code in utf8.codes(value) do
      local width = known[code]
      if not width then
         width = unknown(code)
         known[code] = width
      end
      sum = sum + width
   end
   return sum * size / 1000
end

--- The longest beginning of `value` that fits, with "…" when something had to go.
function text.fit(value, width, size, bold)
   if text.width(value, size, bold) <= width then return value end
   local room = width - text.width("…", size, bold)
   local sum, stop = 0, 1
   for _, cluster in ipairs(text.clusters(value)) do
      sum = sum + text.width(cluster, size, bold)
      if sum > room then break end
      stop = stop + #cluster
   end
   return (value:sub(1, stop - 1):gsub("[%s,;:–-]+$", "")) .. "…"
end

--- Pieces between which a line may break: after a space, a dash, or a hyphen, slash or underscore that stands after at
--- least three letters ("E-Commerce" stays whole).
local function pieces(value)
   local list = {}
   for word in value:gmatch "%S+%s*" do
      local from = 1
      while from <= #word do
         local hyphen = word:match("^.-[%w][%w][%w][-/_]()%w", from)
         local dash = word:match("^.-–()[^%s]", from)
         local stop = hyphen and dash and math.min(hyphen, dash) or hyphen or dash or #word + 1
         list[#list + 1] = word:sub(from, stop - 1)
         from = stop
      end
   end
   return list
end

--- Signs of Thai, Lao, Burmese and Khmer that belong to the letter before them though they take room of their own
--- (vowels behind and below, tone marks; Unicode 15, Blocks.txt and General_Category).
local clinging = {{0x0E30, 0x0E3A}, {0x0E45, 0x0E4E}, {0x0EB0, 0x0EBC}, {0x0EC8, 0x0ECE}, {0x102B, 0x103E},
   {0x1056, 0x1059}, {0x105E, 0x1060}, {0x1062, 0x1064}, {0x1067, 0x106D}, {0x1071, 0x1074}, {0x1082, 0x108D},
   {0x17B4, 0x17D3}, {0x17DD, 0x17DD}}

local function clings(code)
   for _, range in ipairs(clinging) do
      if code >= range[1] and code <= range[2] then return true end
   end
   return core.width(utf8.char(code)) == 0
end

--- Whether the letter after this sign belongs to it: vowels that are written before their letter, and what stacks two.
local function leads(code)
   return code >= 0x0E40 and code <= 0x0E44 or code >= 0x0EC0 and code <= 0x0EC4 or code == 0x17D2 or code == 0x1039
      or code == 0x200D
end

--- A text as the pieces that no line break may cut: letters with the signs above, below and around them.
function text.clusters(value)
   local list, before = {}, nil
   for _, code in utf8.codes(value) do
      if before and (leads(before) or clings(code)) then list[#list] = list[#list] .. utf8.char(code)
      else list[#list + 1] = utf8.char(code) end
      before = code
   end
   return list
end

--- Cuts a word that is wider than a line into runs of letters that fit.
local function chop(word, width, size, bold)
   local list, run, sum = {}, {}, 0
   for _, character in ipairs(text.clusters(word)) do
      local wide = text.width(character, size, bold)
      if sum + wide > width and #run > 0 then
         list[#list + 1] = table.concat(run)
         run, sum = {}, 0
      end
      run[#run + 1] = character
      sum = sum + wide
   end
   list[#list + 1] = table.concat(run)
   return list
end

--- Lines no wider than `width`, at most `most` of them; the last one is cut when there is more.
function text.wrap(value, width, size, bold, most)
   local lines, line = {}, ""
   local function put(piece)
      local joined = line .. piece
      if text.width((joined:gsub("%s+$", "")), size, bold) <= width then
         line = joined
         return
      end
      if line ~= "" then lines[#lines + 1] = (line:gsub("%s+$", "")) end
      line = piece
   end
   for _, piece in ipairs(pieces(value)) do
      if text.width((piece:gsub("%s+$", "")), size, bold) <= width then
         put(piece)
      else
         for _, part in ipairs(chop(piece, width, size, bold)) do put(part) end
      end
   end
   if line ~= "" then lines[#lines + 1] = (line:gsub("%s+$", "")) end
   if most and #lines > most then
      local rest = table.concat(lines, " ", most)
      for i = #lines, most, -1 do lines[i] = nil end
      lines[most] = text.fit(rest, width, size, bold)
   end
   return lines
end

--- How many bytes two texts have in common at their beginning, never cut within a character.
local function common(a, b)
   local i = 1
   while i <= #a and a:byte(i) == b:byte(i) do i = i + 1 end
   while i > 1 and (a:byte(i) or 0) & 0xC0 == 0x80 do i = i - 1 end
   return i - 1
end

local short_end = 12 -- bytes; an end that is shorter takes the word before it along

--- Where the words begin in which `value` differs from others that begin with the same `prefix` bytes.
local function end_of(value, prefix)
   local start = value:sub(1, prefix):match ".*%s()" or 1
   if #value - start < short_end then start = value:sub(1, start - 1):gsub("%s+$", ""):match ".*%s()" or start end
   return value:sub(start)
end

--- A text whose middle is left out, so that its end stays: as much of its beginning as fits into `most` lines.
local function without_middle(value, tail, width, size, bold, most)
   local head = value:sub(1, #value - #tail)
   while head ~= "" do
      head = head:gsub("%s+$", ""):gsub("%S+$", ""):gsub("[%s,;:–(-]+$", "")
      local lines = text.wrap((head == "" and "" or head .. " ") .. "… " .. tail, width, size, bold)
      if #lines <= most then return lines end
   end
   return text.wrap("… " .. tail, width, size, bold, most)
end

--- Each text in lines as `wrap` gives them; those that a cut has made the same lose their middle instead of their end,
--- by which they differ.
function text.wrap_all(values, width, size, bold, most)
   local laid, same = {}, {}
   for i, value in ipairs(values) do
      laid[i] = text.wrap(value, width, size, bold, most)
      local shown = table.concat(laid[i], " ")
      same[shown] = same[shown] or {}
      table.insert(same[shown], i)
   end
   local tails = {}
   for i, value in ipairs(values) do
      local prefix
      for _, j in ipairs(same[table.concat(laid[i], " ")]) do
         if values[j] ~= value then prefix = math.max(prefix or 0, common(value, values[j])) end
      end
      tails[i] = prefix and end_of(value, prefix)
   end
   for i, value in ipairs(values) do
      if tails[i] then laid[i] = without_middle(value, tails[i], width, size, bold, most or 1) end
   end
   return laid
end

--- The widest of some texts.
function text.widest(values, size, bold)
   local widest = 0
   for _, value in ipairs(values) do widest = math.max(widest, text.width(value, size, bold)) end
   return widest
end

--- Whether each word of a text fits into a width, so that wrapping cuts none.
function text.words_fit(value, width, size, bold)
   for _, piece in ipairs(pieces(value)) do
      if text.width((piece:gsub("%s+$", "")), size, bold) > width then return false end
   end
   return true
end

local entities = {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}

--- Text as XML and HTML show it.
function text.escape(value)
   if not value:find '[&<>"]' then return value end
   return (value:gsub('[&<>"]', entities))
end

return text
