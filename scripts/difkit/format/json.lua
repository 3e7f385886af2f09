--- JSON in and out. What is written is the same in every run: keys in a fixed order, numbers in their shortest form.
local core = require "difkit.core"
local errors = require "difkit.error"
local sql = require "difkit.sql"

---@class difkit.json
local json = {}

local is_array = setmetatable({}, {__mode = "k"})     -- tables marked as lists
local object_keys = setmetatable({}, {__mode = "k"})  -- the keys of objects, in order

---Marks a table as a list, so that it is written as `[]` even when it is empty.
---
---```lua
---print(difkit.json.encode(difkit.json.array{})) --> []
---```
---@param list? any[]
---@return any[]
function json.array(list)
   list = list or {}
   is_array[list] = true
   return list
end

---An object whose keys are written in the order given; without it keys are sorted.
---
---```lua
---print(difkit.json.encode(difkit.json.object{{"type", "bar"}, {"data", 3}})) --> {"type":"bar","data":3}
---```
---@param pairs_in_order any[][] pairs of a key and a value
---@return table
function json.object(pairs_in_order)
   local object, keys = {}, {}
   for i, pair in ipairs(pairs_in_order) do
      keys[i] = pair[1]
      object[pair[1]] = pair[2]
   end
   object_keys[object] = keys
   return object
end

local escapes = {
   ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}

local function encode_text(text)
   if not text:find '[%c"\\\128-\255]' then return '"' .. text .. '"' end
   if not core.valid_utf8(text) then
      errors.raise("json.encode: not valid UTF-8: " .. errors.show((text:gsub("[\128-\255]", "?"))))
   end
   if text:find '[%c"\\]' then
      text = text:gsub('[%c"\\]', function(c)
         return escapes[c] or c == "\127" and c or ("\\u%04x"):format(c:byte())
      end)
   end
   return '"' .. text .. '"'
end

local function encode_number(x)
   if x ~= x or x == math.huge or x == -math.huge then
      errors.raise(("json.encode: JSON has no %s"):format(core.number_text(x)), "write difkit.null, or leave it out")
   end
   return core.number_text(x)
end

local function is_list(value)
   return is_array[value] or #value > 0
end

--- The keys of an object in the order in which they are written.
local function keys_of(value)
   if object_keys[value] then return object_keys[value] end
   local keys = {}
   for key in require("difkit.sorted")(value) do
      if type(key) ~= "string" then
         errors.raise("json.encode: the key of an object must be text, not " .. errors.show(key))
      end
      keys[#keys + 1] = key
   end
   return keys
end

local encode

local function encode_table(value, out, indent, depth)
   if depth > 100 then errors.raise("json.encode: nested more than 100 deep", "does the table contain itself?") end
   local inner = indent and "\n" .. indent:rep(depth + 1) or ""
   local outer = indent and "\n" .. indent:rep(depth) or ""
   if is_list(value) then
      out[#out + 1] = "["
      for i = 1, value.n or #value do
         out[#out + 1] = (i > 1 and "," or "") .. inner
         encode(value[i], out, indent, depth + 1)
      end
      out[#out + 1] = (#value > 0 and outer or "") .. "]"
      return
   end
   local first = true
   out[#out + 1] = "{"
   for _, key in ipairs(keys_of(value)) do
      if value[key] ~= nil then
         out[#out + 1] = (first and "" or ",") .. inner .. encode_text(key) .. (indent and ": " or ":")
         encode(value[key], out, indent, depth + 1)
         first = false
      end
   end
   out[#out + 1] = (first and "" or outer) .. "}"
end

function encode(value, out, indent, depth)
   local kind = type(value)
   if value == nil or value == sql.null then out[#out + 1] = "null"
   elseif kind == "string" then out[#out + 1] = encode_text(value)
   elseif kind == "number" then out[#out + 1] = encode_number(value)
   elseif kind == "boolean" then out[#out + 1] = tostring(value)
   elseif kind == "table" then encode_table(value, out, indent, depth)
   else errors.raise("json.encode: cannot write " .. errors.show(value)) end
end

---A value as JSON. Tables with a first element are lists, others objects with their keys sorted; `difkit.null` is null.
---
---```lua
---print(difkit.json.encode{id = "VNM", scores = {0.5, 1, difkit.null}}) --> {"id":"VNM","scores":[0.5,1,null]}
---```
---@param value any
---@param options? {indent?: integer} `indent`: on several lines, with so many spaces a level
---@return string
function json.encode(value, options)
   options = errors.options("json.encode", options, {"indent"})
   local out = {}
   encode(value, out, options.indent and (" "):rep(options.indent) or nil, 0)
   return table.concat(out)
end

--- Objects with the same keys, one after the other: a function that adds the pieces of one to a list. Its values come
--- in the order of the names; what is missing is null.
function json.rows(names)
   local keys, count = {}, #names
   for i, name in ipairs(names) do keys[i] = (i > 1 and "," or "") .. encode_text(name) .. ":" end
   return function(values, out)
      local n = #out + 1
      out[n] = "{"
      for i = 1, count do
         local value = values[i]
         out[n + 1], n = keys[i], n + 2
         if value == nil then out[n] = "null"
         elseif type(value) == "string" then out[n] = encode_text(value)
         elseif type(value) == "number" then out[n] = encode_number(value)
         else
            encode(value, out, nil, 0)
            n = #out
         end
      end
      out[n + 1] = "}"
   end
end

local function place_of(text, position)
   local line, last = 1, 0
   for at in text:sub(1, position - 1):gmatch "()\n" do line, last = line + 1, at end
   return ("line %d, column %d"):format(line, position - last)
end

local function fail(state, position, message)
   error({json = ("%s: %s"):format(place_of(state.text, position), message)}, 0)
end

local unescapes = {b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/"}

local function decode_text(state, position)
   local text, parts, i = state.text, {}, position + 1
   while true do
      local stop = text:find('["\\%c]', i)
      if not stop then fail(state, position, "text without an end") end
      parts[#parts + 1] = text:sub(i, stop - 1)
      local character = text:sub(stop, stop)
      if character == '"' then return table.concat(parts), stop + 1 end
      if character == "\127" then
         parts[#parts + 1] = character
         i = stop + 1
      elseif character ~= "\\" then
         fail(state, stop, "control character in a text")
      else
         local escape = text:sub(stop + 1, stop + 1)
         if escape == "u" then
            local high = tonumber(text:match("^%x%x%x%x", stop + 2) or "", 16)
            if not high then fail(state, stop, "\\u needs four hexadecimal digits") end
            i = stop + 6
            if high >= 0xD800 and high < 0xDC00 then
               local low = tonumber(text:match("^\\u(%x%x%x%x)", i) or "", 16)
               if not low or low < 0xDC00 or low > 0xDFFF then fail(state, stop, "half of a surrogate pair") end
               high = 0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00)
               i = i + 6
            elseif high >= 0xDC00 and high < 0xE000 then
               fail(state, stop, "half of a surrogate pair")
            end
            parts[#parts + 1] = utf8.char(high)
         else
            if not unescapes[escape] then fail(state, stop, "unknown escape \\" .. escape) end
            parts[#parts + 1] = unescapes[escape]
            i = stop + 2
         end
      end
   end
end

local decode

local function skip(state, position) return state.text:find("[^ \t\r\n]", position) or #state.text + 1 end

local function decode_list(state, position, depth)
   local list, n = json.array{}, 0
   position = skip(state, position + 1)
   if state.text:sub(position, position) == "]" then return list, position + 1 end
   while true do
      n = n + 1
      list[n], position = decode(state, position, depth)
      position = skip(state, position)
      local character = state.text:sub(position, position)
      if character == "]" then return list, position + 1 end
      if character ~= "," then fail(state, position, 'expected "," or "]"') end
      position = skip(state, position + 1)
   end
end

local function decode_object(state, position, depth)
   local object = {}
   position = skip(state, position + 1)
   if state.text:sub(position, position) == "}" then return object, position + 1 end
   while true do
      if state.text:sub(position, position) ~= '"' then fail(state, position, "expected a key in double quotes") end
      local key
      key, position = decode_text(state, position)
      position = skip(state, position)
      if state.text:sub(position, position) ~= ":" then fail(state, position, 'expected ":"') end
      if object[key] ~= nil then fail(state, position, ('the key "%s" occurs twice'):format(key)) end
      object[key], position = decode(state, skip(state, position + 1), depth)
      position = skip(state, position)
      local character = state.text:sub(position, position)
      if character == "}" then return object, position + 1 end
      if character ~= "," then fail(state, position, 'expected "," or "}"') end
      position = skip(state, position + 1)
   end
end

local words = {{"true", true}, {"false", false}, {"null", sql.null}}

--- One number as JSON writes it, and where it ends.
local function decode_number(state, position)
   local text = state.text
   local stop = select(2, text:find("^-?%d+", position))
   if not stop or text:find("^-?0%d", position) then return nil end
   local real = false
   for _, pattern in ipairs {"^%.%d+", "^[eE][+-]?%d+"} do
      local more = select(2, text:find(pattern, stop + 1))
      if more then stop, real = more, true end
   end
   local value = tonumber(text:sub(position, stop))
   if real then value = value + 0.0 end
   return value, stop + 1
end

function decode(state, position, depth)
   if depth > 100 then fail(state, position, "nested more than 100 deep") end
   local text = state.text
   local character = text:sub(position, position)
   if character == "{" then return decode_object(state, position, depth + 1) end
   if character == "[" then return decode_list(state, position, depth + 1) end
   if character == '"' then return decode_text(state, position) end
   for _, word in ipairs(words) do
      if text:sub(position, position + #word[1] - 1) == word[1] then return word[2], position + #word[1] end
   end
   local number, stop = decode_number(state, position)
   if number == nil then fail(state, position, "expected a value") end
   return number, stop
end

---Reads JSON. Lists and objects become tables, null becomes `difkit.null`, integers stay integers.
---Text that is no JSON gives nil, a message with line and column, and the code "data".
---
---```lua
---local value = difkit.json.decode '{"n": 3, "list": [1, null]}'
---print(value.n, value.list[1], value.list[2])   --> 3	1	null
---local nothing, message = difkit.json.decode "[1, 2"
---print(nothing, message)                        --> nil	line 1, column 6: expected "," or "]"
---```
---@param text string
---@return any value
---@return string|nil message
---@return string|nil code
function json.decode(text)
   errors.check("json.decode", "text", text, "string")
   if not core.valid_utf8(text) then return nil, "not valid UTF-8", "data" end
   local state = {text = text}
   local done, value = pcall(function()
      local value, position = decode(state, skip(state, 1), 0)
      position = skip(state, position)
      if position <= #text then fail(state, position, "expected nothing more") end
      return value
   end)
   if done then return value end
   if type(value) ~= "table" or not value.json then error(value, 0) end
   require("difkit.condition").note("json.decode", value.json)
   return nil, value.json, "data"
end

---Reads a JSON file, in UTF-8 or UTF-16, also within .gz. What cannot be read gives nil, a message with the place, and
---a code.
---
---```lua
---local value, message = difkit.json.read "no-such-file.json"
---print(value) --> nil
---```
---@param path string
---@return any value
---@return string|nil message
---@return string|nil code
function json.read(path)
   errors.check("json.read", "path", path, "string")
   local file, message, code = require("difkit.format.read").open(path)
   local text, value, problem
   if file then
      text, message, code = file:text()
      file:close()
   end
   if text then
      value, problem = json.decode(text)
      message, code = problem and path .. ": " .. problem, problem and "data"
   end
   if message then require("difkit.condition").note("json.read", message) end
   return value, message, code
end

return json
