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

local WORDS_MOST = 1000 -- longer texts count as replaced whole, the time being their product

local function words_of(s)
   local words = {}
   for word in s:gmatch "%S+" do words[#words + 1] = word end
   return words
end

--- Pairs {kind, word} that lead from one list of words to the other with the fewest changes.
local function edits(old, new)
   local length = {}
   for i = #old + 1, 1, -1 do
      length[i] = {}
      for j = #new + 1, 1, -1 do
         if i > #old or j > #new then length[i][j] = 0
         elseif old[i] == new[j] then length[i][j] = length[i + 1][j + 1] + 1
         else length[i][j] = math.max(length[i + 1][j], length[i][j + 1]) end
      end
   end
   local out, i, j = {}, 1, 1
   while i <= #old or j <= #new do
      if i <= #old and j <= #new and old[i] == new[j] then
         out[#out + 1] = {"same", old[i]}
         i, j = i + 1, j + 1
      elseif j > #new or i <= #old and length[i + 1][j] >= length[i][j + 1] then
         out[#out + 1] = {"removed", old[i]}
         i = i + 1
      else
         out[#out + 1] = {"added", new[j]}
         j = j + 1
      end
   end
   return out
end

---What makes one text of another, word by word, with the fewest changes: runs of words in order, each with its `kind`
---(`same`, `removed`, `added`) and its `text`. Spaces count as one; a text of more than 1000 words counts as replaced
---whole.
---
---```lua
---for _, run in ipairs(difkit.text.differences("develop a guideline by 2022", "develop guidelines by 2022")) do
---   print(run.kind, run.text)
---end
-----> same	develop
-----> removed	a guideline
-----> added	guidelines
-----> same	by 2022
---```
---@param old string
---@param new string
---@return {kind: string, text: string}[]
function text.differences(old, new)
   errors.check("text.differences", "old", old, "string")
   errors.check("text.differences", "new", new, "string")
   local from, to = words_of(old), words_of(new)
   if #from > WORDS_MOST or #to > WORDS_MOST then
      return {{kind = "removed", text = old}, {kind = "added", text = new}}
   end
   local runs = {}
   for _, edit in ipairs(edits(from, to)) do
      local last = runs[#runs]
      if last and last.kind == edit[1] then
         last.text = last.text .. " " .. edit[2]
      else
         runs[#runs + 1] = {kind = edit[1], text = edit[2]}
      end
   end
   return runs
end

return text
