--- Figures in prose that say where they come from: `57 %<!--= EXPRESSION -->`. The expression is computed anew, and the
--- figure before it has to be what it gives, as it is printed.
---
--- A number holds when the value, rounded to the digits that are printed, is that number; 1,234 and 1 234 are read as
--- 1234, a sign of per cent or a unit may stand in between, and marks of emphasis. A text holds when the words before
--- the tag end with it. Tags in code (between backticks, or in a fenced block) are no claims.
local core = require "difkit.core"
local views = require "difkit.view"

local claims = {}

--- The text with all code replaced by as many spaces.
local function without_code(text)
   local function blank(part) return (part:gsub("[^\n]", " ")) end
   local out, fence = {}, nil
   for line in (text .. "\n"):gmatch "([^\n]*\n)" do
      local mark = line:match "^%s*(```+)" or line:match "^%s*(~~~+)"
      if fence then
         out[#out + 1] = blank(line)
         if mark and mark:sub(1, 3) == fence then fence = nil end
      elseif mark then
         fence = mark:sub(1, 3)
         out[#out + 1] = blank(line)
      else
         out[#out + 1] = line
      end
   end
   local joined = table.concat(out):sub(1, #text)
   -- Code within a tag is Lua, and may hold a backtick; code outside is closed by as many backticks as open it.
   local parts, at = {}, 1
   while true do
      local tick = joined:find("`", at, true)
      local tag = joined:find("<!--=", at, true)
      if not tick or tag and tag < tick then
         if not tag then break end
         local stop = select(2, joined:find("-->", tag, true)) or #joined
         parts[#parts + 1] = joined:sub(at, stop)
         at = stop + 1
      else
         local ticks = joined:match("`+", tick)
         local first, last = joined:find(("%%f[`]%s%%f[^`]"):format(ticks), tick + #ticks)
         parts[#parts + 1] = joined:sub(at, tick - 1)
         last = first and last or tick + #ticks - 1
         parts[#parts + 1] = blank(joined:sub(tick, last))
         at = last + 1
      end
   end
   parts[#parts + 1] = joined:sub(at)
   return table.concat(parts)
end

--- Line and column (in characters) of a byte of the text.
local function place_of(text, at)
   local line, start = 1, 1
   for stop in text:sub(1, at - 1):gmatch "()\n" do line, start = line + 1, stop + 1 end
   return line, (utf8.len(text, start, at) or at - start + 1)
end

local THIN, NARROW, SPACE = "\u{2009}", "\u{202F}", "\u{A0}"

--- The number that ends `words`, perhaps with a unit behind it: its value, the digits after the point, and where it
--- begins.
local function number_before(words)
   local plain = words:gsub(THIN, "   "):gsub(NARROW, "   "):gsub(SPACE, "  "):gsub("\u{2212}", "  -")
   local first, unit = plain:match "()[%+%-]?%d[%d,]*%.?%d*([^%d\n]*)$"
   if not first or #unit > 24 then return nil end
   local digits = plain:match("^[%+%-]?%d[%d,]*%.?%d*", first)
   -- "12 345": groups of three before the number belong to it.
   while true do
      local group = #(digits:match "^%d*") % 3 == 0 and plain:sub(1, first - 1):match "()%d%d?%d?%s+$"
      if not group or plain:sub(1, group - 1):find "[%d.,]$" then break end
      digits, first = plain:sub(group, first - 1):gsub("%s", "") .. digits, group
   end
   -- A dash between two figures is no sign.
   if first > 1 and digits:find "^%-" and plain:sub(first - 1, first - 1):find "[%w]" then
      first, digits = first + 1, digits:sub(2)
   end
   digits = digits:gsub(",", ""):gsub("%.$", "")
   local value = tonumber(digits)
   return value, #(digits:match "%.(%d*)" or ""), first
end

local function evaluated(expression, name, db)
   local source = "local db, difkit = ... return " .. expression
   local done, value = pcall(core.run_chunk, source, "@" .. name, db, views.of(require "difkit", "difkit"))
   if not done then
      local message = type(value) == "table" and value.message or tostring(value)
      return nil, (message:gsub("^.-:1: ", ""))
   end
   local kind = getmetatable(value)
   if kind == "difkit.Result" or kind == "difkit.Query" then
      done, value = pcall(value.value, value)
      if not done then return nil, type(value) == "table" and value.message or tostring(value) end
   end
   if type(value) ~= "number" and type(value) ~= "string" then
      return nil, ("the expression gives %s, not a number or a text"):format(value == nil and "nothing"
         or "a " .. type(value))
   end
   return value
end

--- Checks a text: a list of {line, column, expression, said, value, holds, problem}.
function claims.check(text, name, db)
   local masked, found, at = without_code(text), {}, 1
   while true do
      local first = masked:find("<!--=", at, true)
      if not first then return found end
      local stop, last = masked:find("-->", first, true)
      local line, column = place_of(text, first)
      local claim = {line = line, column = column, holds = false}
      found[#found + 1] = claim
      if not stop then
         claim.expression, claim.problem = "", "the tag is not closed by -->"
         return found
      end
      claim.expression = text:sub(first + 5, stop - 1):match "^%s*(.-)%s*$"
      -- What stands before, on this line and the one above it, behind the last tag.
      local words = masked:sub(math.max(at, first - 240), first - 1):gsub("[%s*_]+$", "")
      local value, problem = evaluated(claim.expression, ("%s:%d"):format(name, line), db)
      claim.value = value
      if problem then
         claim.problem = problem
      elseif type(value) == "string" then
         local bare = words:gsub('[*_"\u{201C}\u{201D}]+$', "")
         claim.holds = value ~= "" and bare:sub(-#value) == value
         claim.said = bare:match "([^\n]*)$"
         if #claim.said > 40 then claim.said = "…" .. claim.said:match "%s(%S+%s+%S+%s+%S+)$" end
      else
         local said, digits, begin = number_before(words)
         if not said then
            claim.problem = "there is no number before the tag"
         else
            claim.said = said
            claim.holds = math.abs(value - said) <= 0.5 * 10.0 ^ -digits * (1 + 1e-9) + 1e-12 * math.abs(value)
            claim.line, claim.column = place_of(text, math.max(at, first - 240) + begin - 1)
         end
      end
      at = last + 1
   end
end

local function shown(value)
   if type(value) == "number" then return core.number_text(value) end
   return ('"%s"'):format(value)
end

--- A claim that does not hold, in a line.
function claims.message(claim, name)
   local place = ("%s:%d:%d: "):format(name, claim.line, claim.column)
   if claim.problem then return ("%s%s (%s)"):format(place, claim.problem, claim.expression) end
   return ("%sthe text says %s, the data say %s (%s)"):format(place, shown(claim.said), shown(claim.value),
      claim.expression)
end

return claims
