--- Conditions such as 'rank or score > 1', which say whether a change is worth telling.
local errors = require "difkit.error"

---@class difkit
local difkit = {}

local compare = {
   [">"] = function(a, b) return a > b end, [">="] = function(a, b) return a >= b end,
   ["<"] = function(a, b) return a < b end, ["<="] = function(a, b) return a <= b end,
   ["="] = function(a, b) return a == b end,
}

local function tokens_of(text)
   local tokens, at = {}, 1
   while true do
      at = text:find("%S", at)
      if not at then return tokens end
      local token = text:match("^[<>]=?", at) or text:match("^[=()]", at) or text:match("^%d+%.?%d*", at)
         or text:match("^[%a][%w_-]*", at)
      if not token then
         errors.raise(('the condition "%s" has "%s", which means nothing there'):format(text, text:sub(at, at)),
            "such as: rank or score > 1")
      end
      tokens[#tokens + 1] = token
      at = at + #token
   end
end

---Whether a condition holds: names of figures joined by `and`, `or` and brackets, each alone (more than 0) or compared
---with a number by `>`, `>=`, `<`, `<=` or `=`. `and` binds more than `or`. A name that is no figure is a mistake.
---
---```lua
---print(difkit.material("rank or score > 1", {rank = 0, score = 1.5}))           --> true
---print(difkit.material("added and (changed or removed)", {added = 1, changed = 0, removed = 0})) --> false
---```
---@param condition string
---@param figures table<string, number>
---@return boolean
function difkit.material(condition, figures)
   errors.check("difkit.material", "condition", condition, "string")
   errors.check("difkit.material", "figures", figures, "table")
   local tokens, at = tokens_of(condition), 1
   local function fail(found)
      errors.raise(('the condition "%s" %s'):format(condition, found), "such as: rank or score > 1")
   end
   local either
   local function single()
      local token = tokens[at]
      at = at + 1
      if token == "(" then
         local value = either()
         if tokens[at] ~= ")" then fail "has a bracket that is not closed" end
         at = at + 1
         return value
      end
      if not token or not token:find "^%a" or token == "and" or token == "or" then
         fail(token and ('has "%s" where a name should stand'):format(token) or "ends too early")
      end
      if figures[token] == nil then
         local names = {}
         for name in require("difkit.sorted")(figures) do names[#names + 1] = name end
         errors.raise(('the condition "%s" speaks of "%s", which is no figure'):format(condition, token),
            errors.hint(token, names))
      end
      local operator = compare[tokens[at]]
      if not operator then return figures[token] > 0 end
      local limit = tonumber(tokens[at + 1] or "")
      if not limit then fail(('needs a number after "%s %s"'):format(token, tokens[at])) end
      at = at + 2
      return operator(figures[token], limit)
   end
   local function both()
      local value = single()
      while tokens[at] == "and" do
         at = at + 1
         local other = single()
         value = value and other
      end
      return value
   end
   function either()
      local value = both()
      while tokens[at] == "or" do
         at = at + 1
         local other = both()
         value = value or other
      end
      return value
   end
   local result = either()
   if tokens[at] then fail(('has "%s" too many'):format(tokens[at])) end
   return result
end

return difkit.material
