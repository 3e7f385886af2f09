--- Text as people see it: UTF-8 aware measures and changes, for labels and tables.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit.text
local text = {}

---How many columns of a terminal the text takes: accents that combine take none, Chinese or Korean characters two.
---
---```lua
---print(difkit.text.width "Việt Nam") --> 8
---print(#"Việt Nam")                  --> 10
---```
---@param s string
---@return integer
function text.width(s)
   errors.check("text.width", "s", s, "string")
   return core.width(s)
end

---Cuts the text to at most `width` columns; what was cut is marked by "…".
---
---```lua
---print(difkit.text.truncate("Data Protection", 8)) --> Data Pr…
---```
---@param s string
---@param width integer
---@return string
function text.truncate(s, width)
   errors.check("text.truncate", "s", s, "string")
   errors.check("text.truncate", "width", width, "integer")
   return core.truncate(s, width)
end

---Breaks the text into lines of at most `width` columns, between words where possible.
---
---```lua
---for _, line in ipairs(difkit.text.wrap("Ratify the ATIGA.", 10)) do print(line) end
-----> Ratify the
-----> ATIGA.
---```
---@param s string
---@param width integer
---@return string[] lines
function text.wrap(s, width)
   errors.check("text.wrap", "s", s, "string")
   errors.check("text.wrap", "width", width, "integer")
   return core.wrap(s, width)
end

---Upper case, accents included (`string.upper` leaves them as they are).
---
---```lua
---print(difkit.text.upper "città") --> CITTÀ
---```
---@param s string
---@return string
function text.upper(s)
   errors.check("text.upper", "s", s, "string")
   return core.upper(s)
end

---Lower case, accents included.
---
---```lua
---print(difkit.text.lower "VIỆT NAM") --> việt nam
---```
---@param s string
---@return string
function text.lower(s)
   errors.check("text.lower", "s", s, "string")
   return core.lower(s)
end

---Pads with spaces to `width` columns; longer text stays as it is.
---
---```lua
---print("[" .. difkit.text.pad("Lào", 5) .. "]")          --> [Lào  ]
---print("[" .. difkit.text.pad("7", 3, "right") .. "]")   --> [  7]
---```
---@param s string
---@param width integer
---@param align? "left"|"right"|"centre" where the text stands, default left
---@return string
function text.pad(s, width, align)
   errors.check("text.pad", "s", s, "string")
   errors.check("text.pad", "width", width, "integer")
   local gap = math.max(0, width - core.width(s))
   if align == "right" then return (" "):rep(gap) .. s end
   if align == "centre" then return (" "):rep(gap // 2) .. s .. (" "):rep(gap - gap // 2) end
   if align and align ~= "left" then
      errors.raise(('text.pad: unknown alignment "%s"'):format(tostring(align)),
         errors.hint(align, {"left", "right", "centre"}))
   end
   return s .. (" "):rep(gap)
end

---Removes white space at both ends.
---
---```lua
---print("[" .. difkit.text.trim "  a b " .. "]") --> [a b]
---```
---@param s string
---@return string
function text.trim(s)
   errors.check("text.trim", "s", s, "string")
   return (s:match("^%s*(.-)%s*$"))
end

---Splits at a separator, which is taken literally.
---
---```lua
---print(table.concat(difkit.text.split("a, b,c", ","), "|")) --> a| b|c
---```
---@param s string
---@param separator string
---@return string[] parts
function text.split(s, separator)
   errors.check("text.split", "s", s, "string")
   errors.check("text.split", "separator", separator, "string")
   if separator == "" then errors.raise("text.split: the separator is empty") end
   local parts, from = {}, 1
   while true do
      local first, last = s:find(separator, from, true)
      if not first then break end
      parts[#parts + 1] = s:sub(from, first - 1)
      from = last + 1
   end
   parts[#parts + 1] = s:sub(from)
   return parts
end

---A number as text: the shortest form that reads back equal, without ".0" for integers; with `digits`, rounded.
---
---```lua
---print(difkit.text.number(0.1), difkit.text.number(2/3, 2), difkit.text.number(5)) --> 0.1	0.67	5
---```
---@param x number
---@param digits? integer digits after the point
---@return string
function text.number(x, digits)
   errors.check("text.number", "x", x, "number")
   if digits == nil then return core.number_text(x) end
   errors.check("text.number", "digits", digits, "integer")
   return (("%%.%df"):format(digits)):format(x)
end

---Whether the bytes are valid UTF-8.
---
---```lua
---print(difkit.text.valid "Lào", difkit.text.valid "\xff") --> true	false
---```
---@param s string
---@return boolean
function text.valid(s)
   errors.check("text.valid", "s", s, "string")
   return (core.valid_utf8(s))
end

---Reads a file whole: of the script's own folder, below `--out`, or one that the command line names in an option of
---type path. What cannot be read gives nil, a message and a code.
---
---```lua
---print((difkit.text.read "no-such-file.txt")) --> nil
---```
---@param path string
---@return string|nil
---@return string|nil message
---@return string|nil code
function text.read(path)
   errors.check("text.read", "path", path, "string")
   local content, message, code = core.read_file(path)
   if content then return content end
   require("difkit.condition").note("difkit.text.read", message)
   return nil, message, code
end

---Writes a file, below `--out`; it appears whole or not at all, and one that was there is replaced then.
---
---```lua
---assert(difkit.text.write("note.txt", "All is well.\n"))
---```
---@param path string
---@param content string
---@return boolean|nil done
---@return string|nil message
---@return string|nil code
function text.write(path, content)
   errors.check("text.write", "path", path, "string")
   errors.check("text.write", "content", content, "string")
   local done, message, code = core.write_file(path, content)
   if done then return done end
   require("difkit.condition").dropped("write", message)
   return nil, message, code
end

return text
