--- Plain values as text, as the session shows them: texts in quotes, tables with their keys in order, both cut to what
--- can be read.
local core = require "difkit.core"
local sorted = require "difkit.sorted"
local views = require "difkit.view"

local most_levels, most_items, most_text = 4, 40, 2000

local escapes = {["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ['"'] = '\\"', ["\\"] = "\\\\"}

local function text_of(text)
   if not core.valid_utf8(text) then
      text = text:gsub('[%c"\\\128-\255]', function(c) return escapes[c] or ("\\x%02X"):format(c:byte()) end)
   else
      text = text:gsub('[%c"\\]', function(c) return escapes[c] or ("\\x%02X"):format(c:byte()) end)
      text = text:gsub("\194[\128-\159]", "\u{FFFD}")
   end
   return '"' .. text .. '"'
end

--- Objects of the library in a few words.
local function object_text(value, kind)
   if kind == "difkit.Table" then
      return ("table of %d row%s: %s"):format(#value, #value == 1 and "" or "s", table.concat(value.columns, ", "))
   end
   if kind == "difkit.Query" then return "query" end
   local metatable = debug.getmetatable(value)
   if metatable and metatable.__tostring then return tostring(value) end
end

local function is_name(key)
   return type(key) == "string" and key:find "^[%a_][%w_]*$"
end

local format

--- The parts of a table: "value" of its list, "key = value" of the rest.
local function items_of(value, level, seen, width)
   local items, length, cut = {}, 0, 0
   while rawget(value, length + 1) ~= nil do length = length + 1 end
   for key, item in sorted(value) do
      if #items == most_items then
         cut = cut + 1
      else
         local text = format(item, level + 1, seen, width)
         if not (math.type(key) == "integer" and key >= 1 and key <= length) then
            local name = is_name(key) and key or "[" .. format(key, level + 1, seen, width) .. "]"
            text = name .. " = " .. text
         end
         items[#items + 1] = text
      end
   end
   if cut > 0 then items[#items + 1] = ("… %d more"):format(cut) end
   return items
end

function format(value, level, seen, width)
   value = views.real(value)
   local kind = type(value)
   if kind == "string" then
      if #value <= most_text then return text_of(value) end
      return text_of(core.valid_utf8(value) and core.truncate(value, most_text) or value:sub(1, most_text) .. "…")
   end
   if kind == "number" then return core.number_text(value) end
   if kind == "function" or kind == "thread" then return kind end
   if kind ~= "table" or getmetatable(value) ~= nil then
      local text = object_text(value, getmetatable(value))
      if text or kind ~= "table" then return text or tostring(value) end
   end
   if seen[value] then return "{…}" end
   if next(value) == nil then return "{}" end
   if level >= most_levels then return "{…}" end
   seen[value] = true
   local items = items_of(value, level, seen, width)
   seen[value] = nil
   local line = "{" .. table.concat(items, ", ") .. "}"
   if core.width(line) + 3 * level <= width and not line:find("\n", 1, true) then return line end
   local indent = ("   "):rep(level + 1)
   return "{\n" .. indent .. table.concat(items, ",\n" .. indent) .. ",\n" .. ("   "):rep(level) .. "}"
end

--- The value as text, on one line where `width` allows.
return function(value, width) return format(value, 0, {}, width) end
