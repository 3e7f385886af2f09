--- Mistakes in a script: how the library raises them, with a near miss where there is one.
--- A condition of the world (no such file, no such row) is never raised: it is returned as nil, message, code.
local core = require "difkit.core"

---@class difkit.error
local errors = {}

---Raises an error that names what is wrong and what would be right.
---The error is a value with the fields `code`, `message`, `where` (file and line in the script) and `hint`;
---`tostring` gives them as one line.
---
---```lua
---local ok, problem = pcall(difkit.error.raise, "no weights given", "give one weight for each child")
---print(ok, problem.message, problem.hint)
-----> false	no weights given	give one weight for each child
---```
---@param message string lower case: what happened
---@param hint? string what would be right
---@param code? string kind of the error, default "usage"
function errors.raise(message, hint, code)
   core.raise(code or "usage", message, hint)
end

--- Names that a long list can be cut to without hiding the one that is meant.
local SHOWN = 12

--- The three names likeliest meant: those that hold the given one or are held by it first, then those spelt most alike.
local function likeliest(given, names)
   local ranks = {}
   for i, name in ipairs(names) do
      local held = name:find(given, 1, true) or given:find(name, 1, true)
      ranks[i] = {name = name, rank = core.distance(given, name) - (held and 100 or 0), place = i}
   end
   table.sort(ranks, function(a, b)
      if a.rank ~= b.rank then return a.rank < b.rank end
      return a.place < b.place
   end)
   return ranks[1].name, ranks[2].name, ranks[3].name
end

---The hint for a name that is not among `names`: a near miss, or the names there are.
---
---```lua
---print(difkit.error.hint("documnet", {"document", "topic"})) --> did you mean "document"?
---print(difkit.error.hint("zebra", {"document", "topic"}))    --> have document, topic
---```
---@param given any the name that was given
---@param names any[] the names that would be right: texts, or other values such as years
---@return string|nil hint nil when there are no names at all; of more than 12 the likeliest three
function errors.hint(given, names)
   if #names == 0 then return nil end
   local texts = {}
   for i, name in ipairs(names) do texts[i] = tostring(name) end
   names = texts
   local near = core.nearest(tostring(given), names)
   for _, name in ipairs(near and {} or names) do
      -- "topic" for "topic_id" is no slip of the fingers, but clear all the same.
      if name:sub(1, #tostring(given) + 1) == tostring(given) .. "_" then
         near = name
         break
      end
   end
   if near then return ('did you mean "%s"?'):format(near) end
   if #names > SHOWN then
      return ("the likeliest of %d are %s, %s and %s"):format(#names, likeliest(tostring(given), names))
   end
   return "have " .. table.concat(names, ", ")
end

---Raises `unknown KIND "GIVEN" in PLACE`, with a near miss among `names`.
---
---```lua
---local _, problem = pcall(difkit.error.unknown, "column", "txt", {"id", "text"}, "action")
---print(problem.message) --> unknown column "txt" in action
---print(problem.hint)    --> did you mean "text"?
---```
---@param kind string what was looked for, such as "column"
---@param given any the name that was given
---@param names any[] the names that would be right
---@param place? string where it was looked for
function errors.unknown(kind, given, names, place)
   local message = ('unknown %s "%s"'):format(kind, tostring(given))
   if place then message = message .. " in " .. place end
   errors.raise(message, errors.hint(given, names))
end

--- Raises for a name that an object does not have. `said`: "a query has no method"; `names`: fields beside the methods.
function errors.no_member(said, name, methods, fields)
   local names = {table.unpack(fields or {})}
   for key in next, methods do
      if key:sub(1, 2) ~= "__" then names[#names + 1] = key end
   end
   table.sort(names)
   errors.raise(('%s "%s"'):format(said, tostring(name)), errors.hint(name, names))
end

---Raises unless `value` has one of the wanted types (names as `type` and `math.type` give them).
---
---```lua
---local _, problem = pcall(difkit.error.check, "table:head", "count", "three", "integer")
---print(problem.message) --> table:head: count must be an integer, not text "three"
---```
---@param call string the function called, for the message
---@param name string the parameter, for the message
---@param value any
---@param ... string wanted types; "optional" allows nil
function errors.check(call, name, value, ...)
   local wanted = {...}
   local given = type(value)
   for _, kind in ipairs(wanted) do
      if kind == given or kind == "optional" and value == nil or kind == math.type(value) then return end
   end
   local shown = {}
   for _, kind in ipairs(wanted) do
      if kind ~= "optional" then
         local said = kind == "string" and "text" or kind
         local article = kind == "string" and "" or said:find("^[aeiou]") and "an " or "a "
         shown[#shown + 1] = article .. said
      end
   end
   errors.raise(("%s: %s must be %s, not %s"):format(call, name, table.concat(shown, " or "), errors.show(value)))
end

---A value for a message: text in quotes and cut to a readable length, anything else by its kind.
---
---```lua
---print(difkit.error.show("abc"), difkit.error.show(2), difkit.error.show({})) --> text "abc"	2	a table
---```
---@param value any
---@return string
function errors.show(value)
   local kind = type(value)
   if kind == "string" then return ('text "%s"'):format(core.truncate((value:gsub("%c", " ")), 40)) end
   if kind == "number" then return core.number_text(value) end
   if kind == "nil" or kind == "boolean" then return tostring(value) end
   return "a " .. kind
end

---Raises when `options` has a key that is not among `known`.
---
---```lua
---local _, problem = pcall(difkit.error.options, "table:print", {colours = true}, {"width", "colour"})
---print(problem.message, problem.hint)
-----> table:print: unknown option "colours"	did you mean "colour"?
---```
---@param call string the function called, for the message
---@param options table|nil
---@param known string[]
---@return table options an empty table when none were given
function errors.options(call, options, known)
   if options == nil then return {} end
   errors.check(call, "options", options, "table")
   local is = {}
   for _, name in ipairs(known) do is[name] = true end
   for name in require("difkit.sorted")(options) do
      if not is[name] then
         errors.raise(('%s: unknown option "%s"'):format(call, tostring(name)), errors.hint(name, known))
      end
   end
   return options
end

return errors
